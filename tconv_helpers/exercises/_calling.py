"""Calling a learner's function so that whatever it does becomes a sentence."""

import contextlib
import copy
import inspect
import io
import traceback
from typing import NamedTuple

import numpy as np

from tconv_helpers.exercises._reading import Refusal, kind, shown


class Call(NamedTuple):
    """What a function returned, and whether it printed something on the way."""

    value: object
    printed: bool


def call(function, arguments, names, *, none=False):
    """Call a learner's function on copies of `arguments`.

    Parameters
    ----------
    function : anything
    arguments : tuple
    names : sequence of str
        What the arguments are called in the exercise.
    none : bool
        Whether None can be a right answer.

    Returns
    -------
    Call

    Raises
    ------
    Refusal
        If it is not a function, cannot take these arguments, raises, or changes one of them.

    Examples
    --------
    >>> call(lambda x, s: x * s, (3, 2), ["x", "s"])
    Call(value=6, printed=False)
    """
    if not callable(function):
        raise Refusal(
            f"yours is {kind(function)}, and a function is wanted. Hand in its name alone, without"
            " brackets and arguments."
        )
    _refuse_other_arguments(function, arguments, names)
    given = copy.deepcopy(arguments)
    output = io.StringIO()
    try:
        with contextlib.redirect_stdout(output):
            value = function(*given)
    except (Exception, SystemExit) as error:
        raise Refusal(f"it raises {type(error).__name__}{_message(error)}{_line(error)}.") from None
    if inspect.iscoroutine(value):
        value.close()
        raise Refusal("it is an `async` function. Leave out `async`.")
    for name, before, after in zip(names, arguments, given, strict=True):
        if isinstance(before, np.ndarray) and not np.array_equal(before, after, equal_nan=True):
            raise Refusal(f"it changes its argument {name}. Work on a copy: {name}.copy().")
    if value is None and not none:
        printed = " It prints something; what counts is what it returns." if output.tell() else ""
        raise Refusal(f"it returns None. Is a `return` missing?{printed}")
    return Call(value, bool(output.tell()))


def written(name, arguments, names):
    """A call in writing; a large array is described by its shape.

    >>> written("resize", (np.zeros((9, 9)), 2), ["x", "s"])
    'resize(x of shape (9, 9), s = 2)'
    """

    def one(label, value):
        if isinstance(value, np.ndarray) and value.size > 9:
            return f"{label} of shape {value.shape}"
        return f"{label} = {shown(value)}"

    inside = (one(label, value) for label, value in zip(names, arguments, strict=True))
    return f"{name}({', '.join(inside)})"


def _refuse_other_arguments(function, arguments, names):
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # some built-in functions have none
        return
    try:
        signature.bind(*arguments)
    except TypeError:
        taken = ", ".join(signature.parameters) or "none"
        raise Refusal(
            f"it cannot be called with {len(arguments)} arguments, {', '.join(names)}."
            f" Its own arguments: {taken}."
        ) from None


def _message(error):
    try:
        text = " ".join(str(error).split())
    except Exception:
        return ""
    text = text if len(text) <= 200 else text[:199] + "…"
    return f": {text.rstrip('.')}" if text else ""


def _line(error):
    """The line of the learner's own code in which the error arose, if its source is known."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if "tconv_helpers" not in frame.filename and "site-packages" not in frame.filename:
            return f", in the line `{frame.line}`" if frame.line else ""
    return ""
