"""Value: a number, a shape, an array. Bet: a prediction, taken before its reveal."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from tconv_helpers.exercises._comparing import compare, equal
from tconv_helpers.exercises._exercise import Exercise, When, holds, wrong
from tconv_helpers.exercises._reading import Refusal, numeric, shown


@dataclass(frozen=True, kw_only=True)
class Value(Exercise):
    """A number, a shape, an array: equal to one target.

    parts names the entries of a short target; tolerance is absolute; any_order sorts both.
    """

    target: Callable
    parts: Sequence[str] = ()
    tolerance: float | None = None
    any_order: bool = False

    def _judge(self, yours):
        target = self._array(self.target())
        given = self._sorted(numeric(yours, self.wants))
        found = compare(given, target, parts=self.parts, tolerance=self.tolerance)
        if found.equal:
            short = target.ndim < 2 and target.size <= 4
            return self._right(f"{_listed(target)}." if short else f"all {target.size} values.")
        return wrong(found.headline, found.lines, self._diagnosis(given), found.remark)

    def _array(self, value):
        return self._sorted(np.asarray(value))

    def _sorted(self, array):
        return np.sort(array) if self.any_order and array.ndim == 1 else array

    def _diagnosis(self, given):
        for idea in self.ideas:
            if isinstance(idea, When):
                fits = holds(idea.answer, given)
            else:
                fits = equal(given, self._array(idea.answer()), self.tolerance)
            if fits:
                return idea.sentence
        return ""


def _listed(array):
    """A short array as it is said: 4, or 4, 16."""
    return ", ".join(map(shown, array.ravel().tolist()))


@dataclass(frozen=True, kw_only=True)
class Bet(Exercise):
    """A prediction: taken first, judged by its reveal. With choices it is one of these words."""

    target: Callable
    choices: Sequence[str] = ()
    tolerance: float | None = None

    def take(self, yours):
        """Return the bet in the form in which it is kept, or raise Refusal."""
        if self.choices:
            said = yours.strip().casefold() if isinstance(yours, str) else yours
            for choice in self.choices:
                if isinstance(said, str) and said == choice.casefold():
                    return choice
            raise Refusal(f"{shown(yours)} is none of the choices. Bet {self.wants}.")
        given = numeric(yours, self.wants)
        shape = np.shape(self.target())
        if given.shape != shape:
            count = f"{shape[0]} numbers are" if shape else "one number is"
            raise Refusal(f"{count} wanted: {self.wants}.")
        return tuple(given.tolist()) if shape else given.item()

    def reveal(self, kept):
        """Return the Feedback on a kept bet."""
        target = self.target()
        if not self.choices:
            target = np.asarray(target).tolist()
            target = tuple(target) if isinstance(target, list) else target
        said, wanted = (_spoken(value) for value in (kept, target))
        if self._equal(kept, target):
            return self._right(f"you bet {said}.")
        fitting = (idea.sentence for idea in self.ideas if self._fits(idea, kept))
        return wrong(f"you bet {said}; it is {wanted}.", (), next(fitting, self.because))

    def _fits(self, idea, kept):
        if isinstance(idea, When):
            return holds(idea.answer, kept)
        return self._equal(kept, idea.answer())

    def _equal(self, kept, value):
        if self.choices:
            return kept == value
        return equal(np.asarray(kept), np.asarray(value), self.tolerance)

    def _judge(self, yours):
        return self.reveal(self.take(yours))


def _spoken(value):
    return value if isinstance(value, str) else shown(value)
