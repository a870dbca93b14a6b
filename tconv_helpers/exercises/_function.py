"""Function: a learner's function, run on inputs that the notebook shows and on others."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tconv_helpers.exercises._calling import call, written
from tconv_helpers.exercises._comparing import Comparison, compare
from tconv_helpers.exercises._exercise import Exercise, wrong
from tconv_helpers.exercises._reading import Refusal, numeric, places, shown


@dataclass(frozen=True, kw_only=True)
class Function(Exercise):
    """A function that equals the target on every input.

    inputs returns a list of argument tuples. The first `visible` of them stand in the notebook.
    """

    target: Callable
    inputs: Callable
    visible: int = 1

    def _judge(self, yours):
        names = list(inspect.signature(self.target).parameters)
        inputs = self.inputs()
        targets = [self.target(*arguments) for arguments in inputs]
        none = any(target is None for target in targets)  # then None is an answer
        answers, notes = [], {}
        for number, (arguments, target) in enumerate(zip(inputs, targets, strict=True)):
            place = self._place(number, arguments, names)
            agreed = f"The {number} inputs before this one are right." if number > 1 else ""
            try:
                value, printed = call(yours, arguments, names, none=none)
                empty, total = places(value)
                if empty:
                    return self._not_yet(empty, total)
                found = self._compare(value, target)
            except Refusal as refusal:
                if not callable(yours):
                    raise
                return wrong(f"{place}: {refusal}", (), "", agreed)
            if not found.equal:
                diagnosis = self._diagnosis(yours, inputs, number, names, none)
                says = "It prints something; what counts is what it returns."
                says = says if printed and value is None else ""
                remarks = says, found.remark, _too_narrow(value, target), agreed
                return wrong(f"{place}: {found.headline}", found.lines, diagnosis, *remarks)
            answers.append(value)
            if printed:
                notes["It also prints. What counts is what it returns."] = True
            if isinstance(target, np.ndarray) and isinstance(value, (list, tuple)):
                notes["It returns a list. np.array(…) would make it an array."] = True
        hidden = len(inputs) - self.visible
        return self._right(
            f"equal to the target on {len(inputs)} inputs, {hidden} of them not shown.", *notes
        )

    def _place(self, number, arguments, names):
        unseen = ", an input that is not shown" if number >= self.visible else ""
        return f"{written(self.answer, arguments, names)}{unseen}"

    def _compare(self, value, target):
        if value is None or target is None:
            if value is target:
                return Comparison(True)
            return Comparison(False, f"yours is {shown(value)} and the target is {shown(target)}.")
        return compare(numeric(value, self._noun(target)), np.asarray(target))

    @staticmethod
    def _noun(target):
        return "an array of numbers" if np.ndim(target) else "a number"

    def _diagnosis(self, yours, inputs, first, names, none):
        """The idea that gives what the learner's function gives, wherever both give something."""
        answers = []
        for arguments in inputs[first:]:
            try:
                answers.append(call(yours, arguments, names, none=none).value)
            except Refusal:
                answers.append(...)
        for idea in self.ideas:
            fits = []
            for arguments, answer in zip(inputs[first:], answers, strict=True):
                try:
                    expected = call(idea.answer, arguments, names, none=none).value
                    fits.append(None if answer is ... else self._compare(answer, expected).equal)
                except Refusal:
                    fits.append(None)
            if fits[0] and False not in fits:
                return idea.sentence
        return ""


def _too_narrow(value, target):
    """What an array of too small a type did to the numbers, in a sentence; else ""."""
    value, target = np.asarray(value), np.asarray(target)
    if value.dtype.kind not in "iu" or value.shape != target.shape or not value.ndim:
        return ""
    if target.dtype.kind == "f" and np.array_equal(np.trunc(target), value):
        return (
            f"The fractions are cut off: an array of type {value.dtype} was written to."
            " Work in floating point, as in np.array(w, dtype=float)."
        )
    if target.dtype.kind in "iu" and np.array_equal(target.astype(value.dtype), value):
        return f"The type {value.dtype} is too small for these numbers: they wrapped around."
    return ""
