"""Grids of numbers: one, an equation of several, counts, a matrix."""

import numpy as np

from .. import theme
from .cells import Panel, Side, Sign, Stack, fit, mask, show
from .numbers import array, index, listing, number, shape_text


def _cells(lit, shape, name="lit"):
    """lit as a list of index tuples inside shape."""
    if lit is None:
        return []
    lit = [lit] if lit and not np.iterable(lit[0]) else list(lit)
    for at in lit:
        if len(at) != len(shape) or not all(0 <= p < n for p, n in zip(at, shape, strict=True)):
            raise ValueError(f"{name}={tuple(at)} is not a cell of an array of shape {shape}")
    return [tuple(int(p) for p in at) for at in lit]


def _default_name(role, name):
    return theme.role(role).letter if name is None else name


def grid(a, role="plain", *, name=None, lit=None, say=None, title=None):
    """One grid of numbers.

    Parameters
    ----------
    a : ndarray of shape (W,), (H, W) or (C, H, W)
        A large array is shown as coloured cells with a scale of values.
    role : "input", "kernel", "output" or "plain"
    name : str, optional
        The letter of the role unless given.
    lit : list of index tuples, optional
        Cells to emphasise.
    say, title : str, optional
        The author's sentence instead of the automatic one; a title above.

    Returns
    -------
    Picture

    Raises
    ------
    TypeError, ValueError
        Values that are not real numbers; a shape, role or cell that does not fit.

    Examples
    --------
    >>> grid([[3, 1], [0, 2]], "input", lit=[(0, 0)])
    x (2 × 2): 3 1 / 0 2. Marked: x(0, 0) = 3.
    """
    a = array(a, "a", (1, 2, 3))
    name = _default_name(role, name)
    cells = _cells(lit, a.shape)
    lit = mask(a.shape, cells)
    ticks = max(a.shape) > 2
    if a.ndim == 3:
        item = Side(
            *(
                Panel(a[n], role, name if n == 0 else None, lit=lit[n], note=f"channel {n}")
                for n in range(len(a))
            )
        )
    else:
        item = Panel(a, role, name, lit=lit, ticks=ticks)
    shown = name or "Grid"
    sentence = f"{shown} ({shape_text(a.shape)}): {listing(a)}."
    if cells:
        marked = "; ".join(f"{shown}{at_text(at)} = {number(a[at])}" for at in cells[:6])
        more = f"; and {len(cells) - 6} more" if len(cells) > 6 else ""
        sentence += f" Marked: {marked}{more}."
    return show(item, say or sentence, title)


def at_text(at):
    """An index in brackets, as it follows a letter: (2), (1, 2)."""
    return index(at) if len(at) > 1 else f"({index(at)})"


def equation(*parts, say=None, title=None):
    """Grids with operators between them, as a formula is read.

    Parameters
    ----------
    *parts : str or tuple
        An operator such as "∗", "=", "+", "→", or (array, role), (array, role, name) or
        (array, role, name, lit). Arrays have 0, 1 or 2 dimensions.
    say, title : str, optional

    Returns
    -------
    Picture

    Examples
    --------
    >>> equation(([[1, 2]], "input"), "∗", ([[3]], "kernel"), "=", ([[3, 6]], "output"))
    x (1 × 2) ∗ k (1 × 1) = y (1 × 2), with y: 3 6.
    """
    if not parts:
        raise ValueError("parts must hold at least one array")
    items, words, last = [], [], None
    for part in parts:
        if isinstance(part, str):
            items.append(Sign(part))
            words.append(part)
            continue
        if not isinstance(part, tuple) or not 2 <= len(part) <= 4:
            raise TypeError(
                "parts must be operator strings or tuples (array, role[, name[, lit]]), "
                f"not {type(part).__name__}"
            )
        a, role, name, lit = (*part, None, None)[:4]
        a = array(a, "parts", (0, 1, 2))
        name = _default_name(role, name)
        items.append(Panel(a, role, name, lit=mask(a.shape, _cells(lit, a.shape)) if lit else None))
        words.append(f"{name} ({shape_text(a.shape)})" if name else shape_text(a.shape))
        last = a, name
    if last is None:
        raise ValueError("parts must hold at least one array")
    a, name = last
    sentence = f"{' '.join(words)}, with {name or 'the result'}: {listing(a)}."
    return show(_lines(items), say or sentence, title)


def _lines(items):
    """The items on one line, or on as few lines as keep the cells readable."""
    one = Side(*items, gap=14)
    best, best_c = one, fit(one)
    for count in range(2, 6):
        if best_c >= 34 or len(items) < 2 * count:
            break
        target = one.width(best_c) / count
        rows, row, used = [], [], 0
        for n, item in enumerate(items):
            # Break before an operator, once the line has its share.
            starts = isinstance(item, Sign) and n + 1 < len(items)
            if row and starts and used + item.width(best_c) > target and len(rows) < count - 1:
                rows.append(row)
                row, used = [], 0
            row.append(item)
            used += item.width(best_c) + 14
        rows.append(row)
        stack = Stack(*(Side(*r, gap=14) for r in rows), gap=26)
        c = fit(stack)
        if c > best_c + 1:
            best, best_c = stack, c
    return best


def counts(c, *, name=None, role="input", say=None, title=None):
    """How often each cell is used or covered: a grid whose tint grows with the count.

    Parameters
    ----------
    c : ndarray of int, shape (W,) or (H, W)
    name : str, optional
    role : role of the counted cells

    Returns
    -------
    Picture

    Examples
    --------
    >>> counts([1, 1, 2, 1, 1], role="output", name="overlap")
    overlap (5): counts from 1 to 2: 4 cells count 1, 1 cell counts 2.
    """
    c = array(c, "c", (1, 2))
    low, high = c.min(), c.max()
    levels = 0.1 + 0.62 * (c - low) / (high - low) if high > low else np.full(c.shape, 0.2)
    if low == 0 and high > 0:
        levels = np.where(c == 0, 0.0, 0.14 + 0.58 * c / high)
    name = _default_name(role, name)
    item = Panel(c, role, name, levels=levels, ticks=True)
    values, often = np.unique(c, return_counts=True)
    parts = [
        f"{n} cell{'s' if n > 1 else ''} count{'' if n > 1 else 's'} {number(v)}"
        for v, n in zip(values[:8], often[:8], strict=True)
    ]
    if len(values) > 8:
        parts.append(f"and {len(values) - 8} more values")
    shown = name or "Counts"
    sentence = (
        f"{shown} ({shape_text(c.shape)}): counts from {number(low)} to {number(high)}: "
        f"{', '.join(parts)}."
    )
    return show(item, say or sentence, title)
