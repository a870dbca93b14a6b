"""Reading a caller's arguments: every wrong one is named with its value and its rule."""

import math
import operator
from typing import NamedTuple

import numpy as np

LARGEST = 2**31  # of any size or step: beyond it NumPy's own messages would name no argument


class Pair(NamedTuple):
    """A (lo, hi) pair that may stand alone: then it holds for every axis."""

    lo: int
    hi: int

    def __repr__(self):
        return f"({self.lo}, {self.hi})"


Pairs = tuple[tuple[int, int], ...]


def whole(name, value):
    """Return ``value`` as an int; a truth value or a fraction is none."""
    if isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name}={value!r} must be an integer, not a truth value")
    try:
        return operator.index(value)
    except TypeError:
        raise TypeError(f"{name}={value!r} must be an integer") from None


def integer(name, value, *, least):
    """Return ``value`` as an int that is at least ``least``."""
    number = whole(name, value)
    if number < least:
        raise ValueError(f"{name}={number} must be at least {least}")
    if number > LARGEST:
        raise ValueError(f"{name}={number} must be at most {LARGEST}")
    return number


def per_axis(name, value, n, *, least):
    """Return one int per spatial axis from an int, or from a sequence of ``n`` ints."""
    if not isinstance(value, (tuple, list, np.ndarray)) or np.ndim(value) == 0:
        return (integer(name, value, least=least),) * n
    if len(value) != n:
        raise ValueError(f"{name}={value!r} must be one integer, or {n}: one per spatial axis")
    return tuple(integer(f"{name}[{axis}]", v, least=least) for axis, v in enumerate(value))


def padding_pairs(value, n) -> Pairs:
    """Return one (lo, hi) pair per spatial axis.

    An int or one int per axis pads both ends alike and may not be negative. A (lo, hi) pair may be:
    a negative entry crops. A Pair by itself, as sizes gives for one axis, holds for every axis.
    """
    if isinstance(value, Pair):
        value = (value,) * n
    if isinstance(value, str):
        raise ValueError(
            f"padding={value!r} must be an integer, one per axis, or one (lo, hi) pair per axis"
        )
    if isinstance(value, (tuple, list, np.ndarray)) and any(np.ndim(v) == 1 for v in value):
        if len(value) != n or any(np.shape(v) != (2,) for v in value):
            raise ValueError(f"padding={value!r} must hold one (lo, hi) pair per spatial axis: {n}")
        return tuple(
            (_signed(f"padding[{axis}][0]", lo), _signed(f"padding[{axis}][1]", hi))
            for axis, (lo, hi) in enumerate(value)
        )
    try:
        return tuple((p, p) for p in per_axis("padding", value, n, least=0))
    except ValueError as error:
        form = "[(lo, hi)]" if n == 1 else "one (lo, hi) pair per axis"
        if "at least 0" in str(error):
            raise ValueError(f"{error}; to crop, give {form}") from None
        if "per spatial axis" in str(error):
            raise ValueError(f"{error}, or {form}") from None
        raise


def _signed(name, value):
    return integer(name, value, least=-LARGEST)


def numeric(name, value):
    """Return ``value`` as an array of real numbers; the caller's own array is never written to."""
    if type(value) is np.ndarray and value.dtype.kind in "buif":
        return value
    if np.ma.is_masked(value):
        raise TypeError(f"{name} has masked entries, but a sum has no place for them: fill them")
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(f"{name} must be a rectangular array: its rows differ in length") from None
    if array.dtype.kind not in "buif":
        raise TypeError(f"{name} must hold real numbers, not values of type {array.dtype}")
    return array


def common_dtype(**arrays):
    """Return the dtype of a result: the floating type if any operand has one, else int64.

    An integer operand takes the floating type of the other (a uint8 photograph with a float32
    kernel gives float32), as in PyTorch and unlike ``np.result_type``.
    """
    floats = [a.dtype for a in arrays.values() if a.dtype.kind == "f"]
    if floats:
        return np.result_type(*floats)
    for name, a in arrays.items():
        if a.dtype == np.uint64 and a.size and a.max() > np.iinfo(np.int64).max:
            raise ValueError(
                f"{name} holds {a.max()}, which must fit into a signed 64-bit integer;"
                f" convert {name} to float64"
            )
    return np.dtype(np.int64)


def refuse_overflow(terms, plus=0, **operands):
    """Raise if an exact integer sum of ``terms`` products could leave 64 bits.

    It compares a bound, not the sum: every product as large as the operands allow. The bound is
    returned.
    """
    bound = terms * math.prod(map(_reach, operands.values())) + _reach(plus)
    if bound > np.iinfo(np.int64).max:
        raise ValueError(
            f"{' and '.join(operands)} hold integers that may sum to {bound:.1e}, which must fit"
            " into a signed 64-bit integer; convert them to float64"
        )
    return bound


def _reach(a):
    return max(abs(int(np.max(a))), abs(int(np.min(a)))) if np.size(a) else 0
