"""What a learner reads: sentences and a comparison, as text and as HTML."""

import html
import re
from dataclasses import dataclass

__all__ = ["Feedback", "Progress"]

# The sign, the first words and the colour say the same. The text itself has the page's own colour,
# so it can be read on a light and on a dark page.
SIGNS = {
    "right": ("✓", "#009E73"),
    "wrong": ("✗", "#D55E00"),
    "open": ("○", "#808080"),
    "taken": ("●", "#0072B2"),
}


def _card(state, inside):
    """Some HTML beside a bar in the colour of the state."""
    return (
        f'<div style="border-left: 6px solid {SIGNS[state][1]}; padding: 4px 12px">{inside}</div>'
    )


def _paragraph(text, tag="span"):
    """A line of text, escaped; what stands in backticks is code."""
    inside = re.sub("`([^`]+)`", r"<code>\1</code>", html.escape(text))
    return f'<p style="margin: 2px 0"><{tag}>{inside}</{tag}></p>'


@dataclass(frozen=True, repr=False)
class Feedback:
    """The answer to an answer.

    state is "right", "wrong", "open" (nothing was handed in yet) or "taken" (a bet that waits for
    its reveal). headline is a sentence, comparison is lines of equal-width text, says is a
    tuple of sentences.
    """

    state: str
    headline: str
    comparison: tuple[str, ...] = ()
    says: tuple[str, ...] = ()

    @property
    def correct(self):
        """Whether the answer is right."""
        return self.state == "right"

    @property
    def text(self):
        """All of it, in lines."""
        return "\n".join([self.headline, *self.comparison, *self.says])

    def __repr__(self):
        return self.text

    def _repr_html_(self):
        inside = _paragraph(f"{SIGNS[self.state][0]} {self.headline}", "strong")
        if self.comparison:
            lines = html.escape("\n".join(self.comparison))
            inside += (
                f'<pre style="margin: 4px 0; white-space: pre; overflow-x: auto">{lines}</pre>'
            )
        return _card(self.state, inside + "".join(map(_paragraph, self.says)))


@dataclass(frozen=True, repr=False)
class Progress:
    """What is done and what is open: rows of (state, word, name, question)."""

    title: str
    rows: tuple[tuple[str, str, str, str], ...]

    def __repr__(self):
        width = max((len(name) for _, _, name, _ in self.rows), default=0)
        words = max((len(word) for _, word, _, _ in self.rows), default=0)
        lines = [
            f"{SIGNS[state][0]} {word:{words}}  {name:{width}}  {question}"
            for state, word, name, question in self.rows
        ]
        return "\n".join([self.title, *lines])

    def _repr_html_(self):
        cell = '<td style="text-align: left; padding: 1px 10px 1px 0">'
        rows = "".join(
            f"<tr>{cell}{SIGNS[state][0]} {html.escape(word)}</td>{cell}<code>{html.escape(name)}"
            f"</code></td>{cell}{html.escape(question)}</td></tr>"
            for state, word, name, question in self.rows
        )
        done = all(state == "right" for state, *_ in self.rows)
        title = _paragraph(self.title, "strong")
        return _card("right" if done else "open", f"{title}<table>{rows}</table>")
