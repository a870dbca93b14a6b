"""Two arrays beside each other: the first place where they part, and how they are related."""

from typing import NamedTuple

import numpy as np

from tconv_helpers.exercises._reading import first_not_finite, shown

SIDE_BY_SIDE = 10  # cells of an axis shown at most; of a longer one, those around the first parting


class Comparison(NamedTuple):
    """Whether two answers are equal; if not, a headline without its verdict, lines, and a remark.

    related tells whether the remark explains the difference as a whole.
    """

    equal: bool
    headline: str = ""
    lines: tuple[str, ...] = ()
    remark: str = ""


def same(yours, target, tolerance=None):
    """Where two arrays of one shape are equal: integers exactly, other numbers to six digits.

    >>> same(np.array([1, 2]), np.array([1.0, 2.1]))
    array([ True, False])
    """
    exact = "biu"
    if yours.dtype == object or target.dtype == object:  # integers beyond 64 bits
        return np.asarray(yours == target, dtype=bool)
    if tolerance is None and yours.dtype.kind in exact and target.dtype.kind in exact:
        return np.asarray(yours == target)
    near = {"rtol": 1e-6, "atol": 1e-9} if tolerance is None else {"rtol": 0, "atol": tolerance}
    return np.asarray(np.isclose(yours, target, equal_nan=True, **near))


def equal(yours, target, tolerance=None):
    """Whether two arrays have one shape and equal values."""
    return yours.shape == target.shape and bool(same(yours, target, tolerance).all())


def compare(yours, target, *, parts=(), tolerance=None, noun="the target"):
    """Compare two numeric arrays.

    Parameters
    ----------
    yours, target : ndarray
    parts : sequence of str
        Names of the entries of a 1-D target, used in place of their index.
    tolerance : float, optional
    noun : str
        What the target is called.

    Returns
    -------
    Comparison

    Examples
    --------
    >>> compare(np.array([[1, 3], [2, 4]]), np.array([[1, 2], [3, 4]])).headline
    'at [0, 1] yours is 3 and the target is 2; 2 of 4 values differ.'
    """
    if yours.shape != target.shape:
        headline = f"yours has {shape(yours)} and {noun} has {shape(target)}."
        return Comparison(
            False, headline, _beside(yours, target), _relation_of_shapes(yours, target)
        )
    agree = same(yours, target, tolerance)
    if agree.all():
        return Comparison(True)
    first = tuple(int(n) for n in np.argwhere(~agree)[0])
    pair = f"yours is {shown(yours[first])} and {noun} is {shown(target[first])}"
    if yours.ndim == 0:
        return Comparison(False, f"{pair}.", (), _relation_of_numbers(yours, target))
    where = f"the {parts[first[0]]}:" if len(parts) == len(target) else f"at {list(first)}"
    wrong = int((~agree).sum())
    headline = (
        f"{where} {pair}; {wrong} of {agree.size} values {'differs' if wrong == 1 else 'differ'}."
    )
    lines = () if parts else _beside(yours, target, agree, first)
    return Comparison(False, headline, lines, _relation(yours, target, tolerance))


def shape(array):
    """The shape of an array, in words.

    >>> shape(np.zeros((2, 3))), shape(np.array(4))
    ('shape (2, 3)', 'no axes: it is one number')
    """
    return "no axes: it is one number" if array.ndim == 0 else f"shape {array.shape}"


# ------------------------------------------------------------------------------ side by side


def _beside(yours, target, agree=None, first=None):
    """Both arrays, and the places where they differ, as lines of text; () if they are too large."""
    lines = []
    if first is not None:
        cut = _around(first, target.shape)
        yours, target, agree = yours[cut], target[cut], agree[cut]
        if target.shape != tuple(np.shape(agree)) or _is_cut(cut):
            lines.append(f"Around the first of them, at [{_written(cut)}]:")
    elif max(yours.ndim, target.ndim) > 2 or max(*yours.shape, *target.shape, 1) > SIDE_BY_SIDE:
        return ()
    blocks = [["yours", *_rows(yours)], ["target", *_rows(target)]]
    if agree is not None and agree.size > 1:
        marks = np.where(np.atleast_2d(agree), ".", "x")
        blocks.append(["differ", *(" ".join(row) for row in marks)])
    height = max(map(len, blocks))
    widths = [max(map(len, block)) + 3 for block in blocks]
    for n in range(height):
        row = [
            (block[n] if n < len(block) else "").ljust(width)
            for block, width in zip(blocks, widths, strict=True)
        ]
        lines.append("".join(row).rstrip())
    return tuple(lines)


def _rows(array):
    """An array as lines, whatever print options the learner has set."""
    with np.printoptions(
        precision=6, suppress=True, linewidth=200, threshold=1000, sign="-", floatmode="maxprec",
        formatter=None, nanstr="nan", infstr="inf", legacy=False,
    ):  # fmt: skip
        return np.array2string(array).splitlines()


def _around(first, size):
    """A slice of at most SIDE_BY_SIDE cells along the last two axes; the others at `first`."""
    cut = []
    for axis, (place, n) in enumerate(zip(first, size, strict=True)):
        if axis < len(size) - 2:
            cut.append(place)
        elif n <= SIDE_BY_SIDE:
            cut.append(slice(0, n))
        else:
            start = min(max(place - SIDE_BY_SIDE // 2, 0), n - SIDE_BY_SIDE)
            cut.append(slice(start, start + SIDE_BY_SIDE))
    return tuple(cut)


def _is_cut(cut):
    return any(not isinstance(part, slice) or part.start for part in cut) or any(
        isinstance(part, slice) and part.stop - part.start == SIDE_BY_SIDE for part in cut
    )


def _written(cut):
    return ", ".join(
        f"{part.start}:{part.stop}" if isinstance(part, slice) else str(part) for part in cut
    )


# ------------------------------------------------------------------------------ relations


def _relation(yours, target, tolerance):
    """How two arrays of one shape are related, in a sentence; "" if nothing simple relates them."""
    if yours.dtype == object:  # integers beyond 64 bits
        return ""
    if (bad := first_not_finite(yours)) is not None and first_not_finite(target) is None:
        word = "NaN, not a number: 0/0 gives one" if np.isnan(yours[bad]) else "infinite"
        return f"The value at {list(bad)} is {word}."
    if yours.ndim == 2 and equal(yours.T, target, tolerance):
        return "Yours is the target with rows and columns exchanged."
    if yours.size > 1 and equal(np.flip(yours), target, tolerance):
        turned = "back to front" if yours.ndim == 1 else "turned by 180°"
        return f"Yours is the target {turned}."
    for axis in range(yours.ndim if yours.ndim > 1 else 0):
        if equal(np.flip(yours, axis), target, tolerance):
            return f"Yours is the target mirrored along axis {axis}."
    if yours.size > 1:
        return _relation_of_values(yours, target, tolerance)
    return ""


def _relation_of_values(yours, target, tolerance):
    a, b = yours.ravel().astype(complex), target.ravel().astype(complex)
    if b.any() and a.any():
        factor = (a @ b.conj()) / (b @ b.conj())
        if equal(a, factor * b, tolerance):
            return f"Every value of yours is {_short(factor)} times the target's."
    if equal(a - a[0], b - b[0], tolerance):
        return f"Every value of yours differs from the target's by {_short(a[0] - b[0])}."
    for axis in range(yours.ndim):
        n = yours.shape[axis]
        early, late = np.arange(n - 1), np.arange(1, n)
        if n > 2 and target.any():
            for mine, theirs, way in ((late, early, "on"), (early, late, "back")):
                moved = yours.take(mine, axis), target.take(theirs, axis)
                if moved[1].any() and equal(*moved, tolerance):
                    return f"Yours is the target moved one cell {way} along axis {axis}."
    if equal(np.sort(a), np.sort(b), tolerance):
        return "These are the target's numbers in another order."
    return ""


def _relation_of_shapes(yours, target):
    if yours.size == target.size:
        if yours.T.shape == target.shape and equal(yours.T, target):
            return "Yours is the target with rows and columns exchanged."
        if equal(yours.ravel(), target.ravel()):
            if target.ndim == 0:
                return "The number is right; hand it in without brackets."
            return f"The numbers are right; give them the shape {target.shape}."
    if yours.ndim == target.ndim and yours.size and target.size:
        if (start := _inside(target, yours)) is not None:
            return f"The target stands inside yours, from {start} on: yours has cells too many."
        if (start := _inside(yours, target)) is not None:
            return f"Yours stands inside the target, from {start} on: cells are missing."
    return ""


def _inside(small, large):
    """Where `small` stands in `large`, as a list, or None."""
    if any(a > b for a, b in zip(small.shape, large.shape, strict=True)) or large.size > 10_000:
        return None
    windows = np.lib.stride_tricks.sliding_window_view(large, small.shape)
    axes = tuple(range(small.ndim, 2 * small.ndim))
    found = np.argwhere((windows == small).all(axis=axes))
    return found[0].tolist() if len(found) else None


def _relation_of_numbers(yours, target):
    if yours.dtype == object:
        return ""
    a, b = complex(yours), complex(target)
    if not np.isfinite(a):
        return "NaN is not a number: 0/0 gives one." if np.isnan(a) else ""
    if abs(a - b) == 1 and b == int(b.real):
        return f"Yours is one {'more' if a.real > b.real else 'less'} than the target."
    if a == -b:
        return "The sign is wrong."
    for factor in (2, 3, 4):
        if b and a == factor * b:
            return f"Yours is {factor} times the target."
        if a and b == factor * a:
            return f"The target is {factor} times yours."
    return ""


def _short(number):
    return f"{number.real:.6g}" if abs(number.imag) < 1e-12 else f"{number:.6g}"
