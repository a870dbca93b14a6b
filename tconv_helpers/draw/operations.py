"""Pictures of the operation: window, positions, stamps, gather, phases.

Everywhere the input x stands left, the kernel k in the middle, the output y right.
"""

import numpy as np

from .. import _arguments as arguments
from .. import ops, sizes, theme
from .cells import Panel, Side, Sign, Stack, badge, mask, show
from .numbers import array, index, number, products, shape_text, span
from .sheet import PAD, WIDE, Sheet, measure

ROOMY = 34  # a small kernel keeps cells of this size beside a large image


def pair_of_arrays(x, w):
    """x and w as plain arrays with the same number of axes, one or two."""
    x, w = array(x, "x", (1, 2)), array(w, "w", (1, 2))
    if x.ndim != w.ndim:
        raise ValueError(
            f"w of shape {w.shape} must have as many dimensions as x of shape {x.shape}"
        )
    return x, w


def position(name, at, shape):
    """at as a tuple of ints inside shape; an int will do in one dimension."""
    at = (at,) if np.ndim(at) == 0 else tuple(at)
    if len(at) != len(shape):
        raise ValueError(f"{name}={at} must hold {len(shape)} indices, one for each axis")
    at = tuple(arguments.integer(f"{name}[{n}]", p, least=0) for n, p in enumerate(at))
    if any(p >= size for p, size in zip(at, shape, strict=True)):
        raise ValueError(f"{name}={at} must lie inside the shape {shape}")
    return at


def bordered(a, pairs):
    """a with zeros (or, negative, cropped) at each end, and where those zeros are."""
    outward = [(-lo, -hi) for lo, hi in pairs]
    return sizes.cut(a, outward), sizes.cut(np.ones(a.shape, int), outward) == 0


def _taps(at, k, stride, dilation):
    """For each kernel cell, the cell of the padded input that it covers for output at."""
    return {
        t: tuple(p * s + n * d for p, s, n, d in zip(at, stride, t, dilation, strict=True))
        for t in np.ndindex(*k)
    }


def _covered(at, k, stride, dilation, pairs):
    """ "input rows 1 to 3, columns 2 to 4" for a window."""
    words = []
    for axis, what in enumerate(("row", "column")[-len(k) :] if len(k) > 1 else ("cell",)):
        first = at[axis] * stride[axis] - pairs[axis][0]
        words.append(span(first, first + (k[axis] - 1) * dilation[axis], what))
    spread = [f"every {_ordinal(d)} cell" for d in dilation if d > 1][:1]
    return ", ".join(words) + (f" ({spread[0]})" if spread else "")


def _ordinal(n):
    return {2: "2nd", 3: "3rd"}.get(n, f"{n}th")


def window(x, w, y=None, at=None, *, stride=1, padding=0, dilation=1, say=None, title=None):
    """One step of a convolution: the kernel over its window, the products, their sum.

    Parameters
    ----------
    x : ndarray of shape (W,) or (H, W)
    w : ndarray of shape (k,) or (kh, kw)
    y : ndarray, optional
        The output; computed when not given.
    at : index of the output cell, (0, 0) unless given
    stride, padding, dilation : as in ops.conv2d

    Returns
    -------
    Picture

    Raises
    ------
    ValueError, TypeError
        A kernel that does not fit, a y of the wrong shape, an at outside y.

    Examples
    --------
    >>> window([1, 2, 3, 4], [1, 0, -1], at=1)
    Output 1 = 2·1 + 3·0 + 4·(−1) = −2: the kernel covers input cells 1 to 3.
    """
    x, w = pair_of_arrays(x, w)
    n = x.ndim
    conv = ops.conv1d if n == 1 else ops.conv2d
    s = arguments.per_axis("stride", stride, n, least=1)
    d = arguments.per_axis("dilation", dilation, n, least=1)
    pairs = arguments.padding_pairs(padding, n)
    out = sizes.conv_size(x.shape, w.shape, stride=s, padding=pairs, dilation=d)
    y = conv(x, w, stride=s, padding=pairs, dilation=d) if y is None else array(y, "y", (n,))
    if y.shape != tuple(out):
        raise ValueError(f"y of shape {y.shape} must have the output's shape {tuple(out)}")
    at = position("at", (0,) * n if at is None else at, y.shape)

    padded, is_padding = bordered(x, pairs)
    taps = _taps(at, w.shape, s, d)
    met = np.array([padded[cell] for cell in taps.values()]).reshape(w.shape)
    total = (met * w).sum()
    many = w.size > 49
    held = Panel(
        padded, "input", note=_size_note(x, pairs), name="x", dashed=is_padding,
        ring=mask(padded.shape, taps.values()), ticks=True, first=[-lo for lo, _ in pairs],
        badges=None if many else {cell: number(w[t]) for t, cell in taps.items()},
    )  # fmt: skip
    kernel = Panel(w, "kernel", "k", least=least(w))
    each = Panel(met * w, name="x · k", note="", least=least(w), caption=f"sum = {number(total)}")
    result = Panel(y, "output", "y", lit=mask(y.shape, [at]), ticks=True)
    outside = sum(bool(is_padding[cell]) for cell in taps.values())
    sentence = (
        f"Output {index(at)} = {products([(met[t], w[t]) for t in taps], total)}: "
        f"the kernel covers input {_covered(at, w.shape, s, d, pairs)}"
    )
    sentence += f", {outside} of these {w.size} cells padding." if outside else "."
    if not np.isclose(float(y[at]), float(total), rtol=1e-4, atol=1e-6):
        sentence += f" The output given holds {number(y[at])} there."
    return show(_operation(held, Stack(kernel, each), result), say or sentence, title)


def _operation(left, middle, right):
    return Side(left, middle, Sign("→"), right, gap=24)


def shape_words(shape):
    """ "3 × 3" or "3 cells"."""
    return shape_text(shape) if len(shape) > 1 else f"{shape[0]} cells"


def least(w):
    """The smallest cells, in pixels, with which a kernel is drawn."""
    return ROOMY if max(w.shape) <= 5 else 0


def _size_note(x, pairs):
    note = shape_text(x.shape)
    if not any(lo or hi for lo, hi in pairs):
        return note
    flat = {p for pair in pairs for p in pair}
    if len(flat) == 1:
        return f"{note}, padding {number(flat.pop())}"
    return f"{note}, padding " + ", ".join(f"({number(lo)}, {number(hi)})" for lo, hi in pairs)


# ---------------------------------------------------------------- sizes in one dimension


def positions(i, k, *, stride=1, padding=0, dilation=1, say=None, title=None):
    """Where a kernel can stand along one axis: one bar for each output cell.

    Cells at the end that no position reaches are hatched: they are what the floor in the size
    formula throws away.

    Parameters
    ----------
    i, k : int
        Input and kernel size, in cells.
    stride, dilation : int
    padding : int or (lo, hi) pair

    Returns
    -------
    Picture

    Examples
    --------
    >>> positions(6, 3, stride=2)
    ⌊(6 − 3)/2⌋ + 1 = 2 positions; 1 cell at the end stays unused.
    """
    i = arguments.integer("i", i, least=1)
    k = arguments.integer("k", k, least=1)
    s = arguments.integer("stride", stride, least=1)
    d = arguments.integer("dilation", dilation, least=1)
    lo, hi = (padding, padding) if np.ndim(padding) == 0 else padding
    lo = arguments.integer("padding", lo, least=0)
    hi = arguments.integer("padding", hi, least=0)
    o = sizes.conv_size(i, k, stride=s, padding=(lo, hi), dilation=d)
    cells, reach = lo + i + hi, d * (k - 1) + 1
    used = np.zeros(cells, bool)
    for start in range(0, o * s, s):
        used[start : start + reach : d] = True
    end = (o - 1) * s + reach
    left_over = cells - end
    skipped = int((~used[:end]).sum())

    grown = f"{i}"
    if lo or hi:
        grown += f" + 2·{lo}" if lo == hi else f" + {lo} + {hi}"
    width = f"{k}" if d == 1 else f"({d}·{k - 1} + 1)"
    sentence = f"⌊({grown} − {width})/{s}⌋ + 1 = {o} position{'s' if o > 1 else ''}"
    if left_over:
        what = "cell" if left_over == 1 else "cells"
        verb = "stays" if left_over == 1 else "stay"
        sentence += f"; {left_over} {what} at the end {verb} unused."
    else:
        sentence += "; every position fits and no cell is left over at the end."
    if skipped:
        what = "cell" if skipped == 1 else "cells"
        sentence += (
            f" {skipped} {what} in between never meet{'s' if skipped == 1 else ''} the kernel."
        )
    sheet, size = _position_sheet(i, k, s, d, lo, hi, o, used)
    return sheet.picture(say or sentence, *size, title)


def _position_sheet(i, k, s, d, lo, hi, o, used):
    sheet, colours = Sheet(), theme.palette()
    cells = lo + i + hi
    c = min(52.0, (WIDE - 2 * PAD - 100) / cells)
    c = float(np.floor(c)) if c > 6 else c
    text = min(20, 0.45 * c)
    gap = 2 if c > 20 else 0
    kernel = theme.role("kernel")
    end = (o - 1) * s + d * (k - 1) + 1
    left, top = 36, 34 if lo or hi or cells > end else 4  # room for the words above
    badge(sheet, 0, top + (c - 23) / 2, 23, "input")

    def words(first, last, word):
        middle = left + (first + last) / 2 * c
        room = (last - first) * c + (0 if 0 < first and last < cells else c)
        size = min(15, 15 * room / measure(word, 15))
        if size >= 10.5:
            sheet.text(middle, top - 14, word, size, colours.muted)

    if cells > end:
        words(end, cells, "unused")
    if lo and c * lo >= 20:
        words(0, lo, "padding")
    if hi and end >= cells - hi / 2 and min(hi, end - cells + hi) > 0:
        words(cells - hi, min(cells, end), "padding")
    for n in range(cells):
        x, pad = left + n * c, not lo <= n < lo + i
        face = colours.paper if pad else theme.tint("input", 0.15)
        edge = colours.muted if pad else theme.tint("input", 0.6)
        sheet.box(x + gap / 2, top, c - gap, c, face=face, edge=edge, width=1.3,
                  dash=(3, 3) if pad else ())  # fmt: skip
        if not used[n]:
            sheet.hatch(x + gap / 2, top, c - gap, c, colours.muted, gap=8)
        elif text >= 10.5 and not pad:  # numbers are positions here, so a padding cell has none
            sheet.text(x + c / 2, top + c / 2, str(n - lo), text, colours.ink)
    # The output's column, a row for each position; the middle of a long list is left out.
    row = max(26.0, min(c, 40.0))
    shown = list(range(o)) if o <= 12 else [*range(7), None, *range(o - 3, o)]
    right = left + cells * c + 26
    y = top + c + 14
    bar = min(0.8 * row, c - gap if c > 12 else 0.8 * row)
    for n in shown:
        middle = y + row / 2
        if n is None:
            sheet.text(left + cells * c / 2, middle, "⋮", 22, colours.muted)
            y += row
            continue
        start = left + n * s * c
        reach = (d * (k - 1) + 1) * c
        sheet.line([(start + c / 2, middle), (start + reach - c / 2, middle)], kernel.colour, 3)
        for t in range(k):
            x = start + t * d * c
            sheet.box(x + gap / 2 + 1, middle - bar / 2, c - gap - 2, bar, face=kernel.colour,
                      shape="round", corner=0.3 * bar)  # fmt: skip
            if text >= 10.5:
                sheet.text(x + c / 2, middle, f"{t}", min(0.85 * text, 0.5 * bar + 4),
                           theme.on(kernel.colour))  # fmt: skip
        sheet.line([(start + reach + 4, middle), (right - 6, middle)], colours.line, 1.2, (2, 4))
        out = theme.role("output")
        box = min(row - 3, 32)
        sheet.box(right, middle - box / 2, box, box, face=theme.tint("output", 0.18),
                  edge=out.colour, width=1.6, shape="cut", corner=0.2 * box)  # fmt: skip
        sheet.text(right + box / 2, middle, str(n), min(16, 0.5 * box), colours.ink)
        y += row
    badge(sheet, right + 4, top + (c - 23) / 2, 23, "output")
    return sheet, (right + 40, y)
