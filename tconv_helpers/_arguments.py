"""Reading a caller's arguments: every wrong one is named with its value and its rule."""

import operator

import numpy as np

Pairs = tuple[tuple[int, int], ...]


def integer(name, value, *, least):
    """Return ``value`` as an int that is at least ``least``."""
    if isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name}={value!r} must be an integer, not a truth value")
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name}={value!r} must be an integer") from None
    if number < least:
        raise ValueError(f"{name}={number} must be at least {least}")
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
    a negative entry crops.
    """
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
        if "at least 0" in str(error):
            raise ValueError(f"{error}; to crop, give one (lo, hi) pair per axis") from None
        raise


def _signed(name, value):
    return integer(name, value, least=-(2**62))


def numeric(name, value):
    """Return ``value`` as an array of real numbers; the caller's own array is never written to."""
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


def refuse_overflow(x, w, b=0, grad_y=0):
    """Raise if an exact integer sum of products could leave 64 bits (a bound, not the sum)."""

    def reach(a):
        return max(abs(int(np.max(a))), abs(int(np.min(a)))) if np.size(a) else 0

    # A value of any answer is a sum of products of two of the three arrays.
    pairs = [(x, w)] if np.ndim(grad_y) == 0 else [(grad_y, x), (grad_y, w)]
    for first, second in pairs:
        bound = reach(first) * reach(second) * min(np.size(first), np.size(second)) + reach(b)
        if bound > np.iinfo(np.int64).max:
            raise ValueError(
                f"x and w hold integers whose products may sum to {bound:.1e}, which must fit into"
                " a signed 64-bit integer; convert one of them to float64"
            )
