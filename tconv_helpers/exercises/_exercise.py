"""What every exercise has: a question, the wrong ideas it knows, and a judge.

Targets and ideas are functions, so nothing is computed on import, and nothing is typed in that ops
or sizes can compute.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tconv_helpers.exercises._feedback import Feedback
from tconv_helpers.exercises._reading import Refusal, places


@dataclass(frozen=True)
class Idea:
    """A known wrong idea.

    Attributes
    ----------
    answer : callable
        What someone with this idea answers. Value and Bet: a function without arguments that
        returns the answer. Function: the function that such a learner writes. Design: a test,
        True for the designs that this idea leads to.
    says : str
        The diagnosis: it names the idea and puts it right.
    see : str
        Where the course puts it right: chapter and section, as "03.2".
    """

    answer: Callable
    says: str
    see: str

    @property
    def sentence(self):
        """The diagnosis and the place to read."""
        chapter, section = self.see.split(".")
        return f"{self.says} See chapter {chapter}, section {section}."


@dataclass(frozen=True)
class When(Idea):
    """A wrong idea with many answers: `answer` tests the learner's numbers. Value and Bet."""


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """What all kinds share.

    Attributes
    ----------
    name : str
        Unique in the course. The solution stands in notebooks/solutions/NN-name.py.
    question : str
        The task in a line.
    wants : str
        What belongs in place of `...`, as a noun.
    answer : str
        The name of the answer in the notebook and in the solution.
    ideas : sequence of Idea
        The first that fits is told.
    because : str
        Said under a right answer.
    """

    name: str
    question: str
    wants: str
    ideas: Sequence[Idea]
    answer: str = ""
    because: str = ""

    def judge(self, yours):
        """Return the Feedback on an answer."""
        empty, total = places(yours)
        if empty:
            return self._not_yet(empty, total)
        try:
            return self._judge(yours)
        except Refusal as refusal:
            return Feedback("wrong", f"Not right: {refusal}")

    def _not_yet(self, empty=1, total=1):
        verb = "is" if empty == 1 else "are"
        counted = f" {empty} of {total} places {verb} open." if total > 1 else ""
        return Feedback("open", f"Not yet: replace `...` with {self.wants}.{counted}")

    def _right(self, headline, *more):
        return Feedback("right", f"Right: {headline}", (), (*filter(None, [self.because]), *more))


def wrong(headline, lines=(), diagnosis="", *remarks):
    """A known idea says more than remarks on how the numbers are related."""
    says = [diagnosis] if diagnosis else filter(None, remarks)
    return Feedback("wrong", f"Not right: {headline}", tuple(lines), tuple(says))


def holds(test, *answer):
    """Whether a test of an answer is true; an answer of a form it is not made for is not."""
    try:
        return bool(test(*answer))
    except (ValueError, TypeError, IndexError):
        return False
