"""A learner's answer in, Feedback out. Nothing a learner hands in raises here."""

import html
from dataclasses import dataclass

import numpy as np

__all__ = ["Feedback", "check"]

SIDE_BY_SIDE = 12  # the longest axis of two arrays that still stand beside each other


@dataclass(frozen=True, repr=False)
class Feedback:
    """Whether an answer is right, and a few lines that say why."""

    correct: bool
    text: str

    def __repr__(self):
        return self.text

    def _repr_html_(self):
        sign, colour = ("✓", "#009E73") if self.correct else ("→", "#E69F00")
        return (
            f'<div style="border-left: 6px solid {colour}; padding: 6px 12px">'
            f'<pre style="margin: 0">{sign} {html.escape(self.text)}</pre></div>'
        )


def check(yours, target, *, hint=None):
    """Compare an answer with the target, and say where they first part.

    Integers are compared exactly, other numbers to about six digits, text without regard to case.
    A list or tuple is as good as an array of the same values.

    Parameters
    ----------
    yours : anything
        The learner's answer; `...` is one that has not been given yet.
    target : number, bool, str, tuple or ndarray
    hint : str, optional
        Shown under a wrong answer.

    Returns
    -------
    Feedback
        Its `correct` is True or False; as the last line of a cell it shows itself.

    Examples
    --------
    >>> check(..., 31)
    Not yet: write your answer in place of `...`.
    >>> check(31, 31)
    Right: 31.
    >>> check([[1, 2], [3, 5]], [[1, 2], [3, 4]], hint="Add the overlap.")
    Not right: at [1, 1] yours is 5 and the target is 4; 1 of 4 values differs.
    yours      target
    [[1 2]     [[1 2]
     [3 5]]     [3 4]]
    Hint: Add the overlap.
    """
    try:
        correct, text = _compare(yours, target)
    except Exception as error:  # whatever __eq__, __array__ or __repr__ of an answer may do
        reason = type(error).__name__
        correct, text = False, f"Not right: yours cannot be compared with the target ({reason})."
    if not correct and hint is not None and not text.startswith("Not yet"):
        text += f"\nHint: {hint}"
    return Feedback(correct, text)


def _compare(yours, target):
    if yours is ...:
        return False, "Not yet: write your answer in place of `...`."
    if isinstance(yours, (list, tuple)) and any(value is ... for value in yours):
        return False, "Not yet: a part of your answer is still `...`."
    if isinstance(target, str):
        if not isinstance(yours, str):
            return False, f"Not right: yours is {_kind(yours)}, and the target is text."
        if yours.strip().casefold() == target.strip().casefold():
            return True, f"Right: {target.strip()}."
        return False, f"Not right: yours is {_shown(yours)} and the target is {_shown(target)}."
    if type(yours) is int and type(target) is int:  # however long
        if yours == target:
            return True, f"Right: {target}."
        return False, f"Not right: yours is {_shown(yours)} and the target is {_shown(target)}."
    theirs, ours = np.asarray(yours), np.asarray(target)
    if theirs.dtype.kind not in "biufc":
        wanted = "a number" if ours.ndim == 0 else "an array of numbers"
        return False, f"Not right: yours is {_kind(yours)}, and the target is {wanted}."
    if (theirs.dtype.kind == "b") != (ours.dtype.kind == "b"):
        wanted = "True or False" if ours.dtype.kind == "b" else "a number"
        return False, f"Not right: yours is {_shown(yours)}, and the target is {wanted}."
    if theirs.shape != ours.shape:
        return False, f"Not right: yours has {_shape(theirs)} and the target has {_shape(ours)}."
    same = _same(theirs, ours)
    if same.all():
        small = ours.ndim == 0 or isinstance(target, tuple)
        return (
            True,
            f"Right: {_shown(target)}." if small else f"Right: {_shape(ours)}, every value.",
        )
    if ours.ndim == 0:
        return False, f"Not right: yours is {theirs[()]} and the target is {ours[()]}."
    return False, _parting(theirs, ours, same)


def _same(theirs, ours):
    if theirs.dtype.kind in "biu" and ours.dtype.kind in "biu":
        return np.asarray(theirs == ours)
    return np.isclose(theirs, ours, rtol=1e-6, atol=1e-9, equal_nan=True)


def _parting(theirs, ours, same):
    """Where two arrays of one shape first differ, and both of them when they are small."""
    first = tuple(int(n) for n in np.argwhere(~same)[0])
    wrong = int((~same).sum())
    verb = "differs" if wrong == 1 else "differ"
    lines = [
        f"Not right: at {list(first)} yours is {theirs[first]} and the target is {ours[first]}; "
        f"{wrong} of {same.size} values {verb}."
    ]
    if ours.ndim <= 2 and max(ours.shape) <= SIDE_BY_SIDE:
        left = ["yours", *np.array2string(theirs, precision=6).splitlines()]
        right = ["target", *np.array2string(ours, precision=6).splitlines()]
        width = max(map(len, left)) + 4
        lines += [a.ljust(width) + b for a, b in zip(left, right, strict=False)]
    return "\n".join(lines)


def _shape(array):
    return "no axes: it is one number" if array.ndim == 0 else f"shape {array.shape}"


def _kind(value):
    """The type of `value`, as a noun."""
    if value is None:
        return "None"
    if isinstance(value, str):
        return "text"
    return f"of type {type(value).__name__}"


def _shown(value):
    """A short repr on one line."""
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else text[:59] + "…"
