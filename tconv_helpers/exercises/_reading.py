"""From whatever a learner hands in to an array of numbers, or a sentence that says why not."""

import numbers

import numpy as np


class Refusal(Exception):
    """An answer that cannot be judged. Its message completes "Not right: "."""


def places(value, _inside=()):
    """Count the places of an answer that are still `...`, and all of its places.

    >>> places([1, ..., [2, ...]])
    (2, 4)
    """
    if isinstance(value, np.ndarray) and value.dtype == object:
        value = value.ravel().tolist()
    if isinstance(value, dict):
        value = list(value.values())
    if not isinstance(value, (list, tuple)):
        return int(value is ...), 1
    if id(value) in _inside:  # a list that holds itself
        return 0, 1
    counts = [places(part, (*_inside, id(value))) for part in value]
    return sum(count for count, _ in counts), sum(total for _, total in counts)


def kind(value):
    """The kind of a value, as a noun.

    >>> kind([1]), kind(len)
    ('a list', 'a function')
    """
    if value is None:
        return "None"
    nouns = {
        "text": str,
        "a truth value": (bool, np.bool_),
        "a number": numbers.Number,
        "an array": np.ndarray,
        "a list": list,
        "a tuple": tuple,
        "a dictionary": dict,
        "a class": type,
    }
    for noun, types in nouns.items():
        if isinstance(value, types):
            return noun
    return "a function" if callable(value) else f"of type {type(value).__name__}"


def shown(value):
    """A short repr on one line; one that raises is replaced."""
    try:
        if isinstance(value, (np.generic, np.ndarray)):
            if value.size > 50:
                return f"an array of shape {value.shape}"
            value = value.tolist()
        text = " ".join(repr(value).split())
    except Exception:
        return f"<{type(value).__name__}>"
    return text if len(text) <= 60 else text[:59] + "…"


def numeric(value, wanted="a number", *, truth=False):
    """Return the numbers a learner handed in as an array, or refuse with the cause.

    Parameters
    ----------
    value : anything
    wanted : str
        The noun for what was asked.
    truth : bool
        Whether True and False are asked for, not numbers.

    Raises
    ------
    Refusal
    """
    if value is None:
        raise Refusal(f"yours is None, and {wanted} is wanted. A function needs `return`.")
    if isinstance(value, str):
        quoted = ""
        if _is_number(value):
            quoted = " Write it without quotation marks."
        raise Refusal(f"yours is the text {shown(value)}, and {wanted} is wanted.{quoted}")
    if callable(value):
        raise Refusal(f"yours is {kind(value)}, and {wanted} is wanted. Call it.")
    array = _array(value, wanted)
    if (array.dtype.kind == "b") != truth:
        asked = "True or False" if truth else wanted
        raise Refusal(f"yours is {shown(value)}, and {asked} is wanted.")
    return array


def _array(value, wanted):
    try:
        array = np.asarray(value)
    except ValueError:
        lengths = [len(row) if isinstance(row, (list, tuple)) else 1 for row in value]
        raise Refusal(
            f"the rows of yours have different lengths: {', '.join(map(str, lengths))}."
        ) from None
    if np.ma.is_masked(value):
        raise Refusal("yours holds a masked value.")
    if array.dtype.kind in "biufc":
        return array
    if array.dtype.kind in "US":
        raise Refusal(f"yours holds text, and {wanted} is wanted.")
    if array.dtype == object:
        parts = array.ravel().tolist()
        if any(part is None for part in parts):
            raise Refusal(f"yours holds None, and {wanted} is wanted.")
        if parts and all(type(part) is int for part in parts):
            return array  # beyond 64 bits, and exact
        if parts and all(isinstance(part, numbers.Real) for part in parts):
            return array.astype(float)
    noun = kind(value)
    held = f" of {array.dtype}" if noun == "an array" else ""
    raise Refusal(f"yours is {noun}{held}, and {wanted} is wanted.")


def _is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True


def first_not_finite(array):
    """The index of the first NaN or infinity, or None."""
    if array.dtype.kind not in "fc":
        return None
    found = np.argwhere(~np.isfinite(array))
    return tuple(int(n) for n in found[0]) if len(found) else None
