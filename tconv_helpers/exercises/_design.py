"""Design: any answer that meets its conditions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from tconv_helpers.exercises._comparing import compare, equal
from tconv_helpers.exercises._exercise import Exercise, holds, wrong
from tconv_helpers.exercises._reading import Refusal, numeric, shown

LARGEST = 1000  # of a kernel size, a stride, a padding: beyond it a check would take long


@dataclass(frozen=True)
class Integers:
    """The form of a design: named whole numbers, each with its least value."""

    least: dict[str, int]
    largest: int = LARGEST

    def read(self, yours, wants):
        given = numeric(yours, wants)
        names = list(self.least)
        if given.shape != (len(names),) and not (given.ndim == 0 and len(names) == 1):
            count = f"{len(names)} numbers are" if len(names) > 1 else "one number is"
            raise Refusal(f"yours is {shown(yours)}, and {count} wanted: {', '.join(names)}.")
        whole = []
        for (name, least), number in zip(self.least.items(), given.ravel().tolist(), strict=True):
            if isinstance(number, complex) or number != number or number % 1 != 0:
                raise Refusal(f"{name} = {shown(number)} must be a whole number.")
            if number < least:
                raise Refusal(f"{name} = {shown(number)} must be at least {least}.")
            if number > self.largest:
                raise Refusal(f"{name} = {shown(number)} is too large to try.")
            whole.append(int(number))
        return tuple(whole)


@dataclass(frozen=True)
class Grid:
    """The form of a design: one array of this shape, of whole numbers if `whole`."""

    shape: tuple[int, ...]
    whole: bool = True

    def read(self, yours, wants):
        given = numeric(yours, wants)
        if given.dtype.kind == "c" or not np.isfinite(given.astype(float)).all():
            raise Refusal(
                f"yours holds something that is not {'a whole' if self.whole else 'a'} number."
            )
        if given.shape != self.shape:
            raise Refusal(f"yours has shape {given.shape}, and shape {self.shape} is wanted.")
        if self.whole:
            if (given.astype(float) % 1 != 0).any():
                raise Refusal("yours holds fractions. Use whole numbers: then the check is exact.")
            if np.abs(given.astype(float)).max(initial=0) > 10**6:
                raise Refusal("yours holds numbers beyond a million. Use smaller ones.")
            given = given.astype(int)
        return (given,)


@dataclass(frozen=True)
class Such:
    """A condition's wish that many values meet: what it is called, and the test."""

    said: str
    test: Callable


@dataclass(frozen=True)
class Condition:
    """One thing a design must do: measure(*design) equals `wanted`, or is `Such`.

    wanted may be a function without arguments that returns the value.
    """

    label: str
    measure: Callable
    wanted: object

    def met(self, design):
        """Return (whether the condition holds, the measured value, what was wanted)."""
        value = self.measure(*design)
        wanted = self.wanted() if callable(self.wanted) else self.wanted
        if isinstance(wanted, Such):
            return bool(wanted.test(value)), value, wanted.said
        return equal(np.asarray(value), np.asarray(wanted)), value, wanted


@dataclass(frozen=True, kw_only=True)
class Design(Exercise):
    """Any answer that meets all conditions. form reads it: Integers or Grid."""

    form: Integers | Grid
    conditions: Sequence[Condition]

    def _judge(self, yours):
        design = self.form.read(yours, self.wants)
        try:
            results = [(c.label, *c.met(design)) for c in self.conditions]
        except (ValueError, TypeError, OverflowError, MemoryError) as error:
            return wrong(
                f"this is not a legal layer: {str(error).rstrip('.')}.", (), self._diagnosis(design)
            )
        lines = [self._line(*result) for result in results]
        broken = [result for result in results if not result[1]]
        if not broken:
            said = "; ".join(f"{label}: {self._said(value)}" for label, _, value, _ in results)
            return self._right(f"{said}.")
        label, _, value, wanted = broken[0]
        if np.ndim(value) and np.ndim(wanted):
            found = compare(np.asarray(value), np.asarray(wanted))
            return wrong(
                f"{label}: {found.headline}", found.lines, self._diagnosis(design), found.remark
            )
        headline = f"{label}: yours is {shown(value)}, and {self._said(wanted)} is wanted."
        return wrong(headline, lines if len(lines) > 1 else (), self._diagnosis(design))

    @staticmethod
    def _said(value):
        if isinstance(value, str):
            return value
        return shown(value) if np.size(value) <= 9 else f"{np.size(value)} values"

    def _line(self, label, met, value, wanted):
        sign = "✓" if met else "✗"
        return f"{sign} {label}: {self._said(value)}, wanted {self._said(wanted)}"

    def _diagnosis(self, design):
        fitting = (idea.sentence for idea in self.ideas if holds(idea.answer, *design))
        return next(fitting, "")
