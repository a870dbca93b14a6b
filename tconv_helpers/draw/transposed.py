"""One operation, the transposed convolution, as stamps, as a gather and as phases.

Everywhere the input x stands left, the kernel k in the middle, the output y right.
"""

import numpy as np

from .. import _arguments as arguments
from .. import ops, sizes, theme
from .cells import Panel, Side, Sign, Stack, fit, mask, show
from .numbers import cell_texts, index, number, products, shape_text
from .operations import bordered, least, pair_of_arrays, position, shape_words
from .sheet import measure

READABLE = 20  # cells smaller than this are too small for a row of stamps
TALLER = 720  # of a picture with all the stamps, in pixels


class _Setting:
    """x, w and the checked settings of one transposed convolution, with its canvas and window."""

    def __init__(self, x, w, stride, padding, output_padding, dilation):
        self.x, self.w = pair_of_arrays(x, w)
        n = self.n = self.x.ndim
        self.s = arguments.per_axis("stride", stride, n, least=1)
        self.d = arguments.per_axis("dilation", dilation, n, least=1)
        self.op = arguments.per_axis("output_padding", output_padding, n, least=0)
        self.pairs = arguments.padding_pairs(padding, n)
        # Refuses what does not fit, and says why.
        self.shape = sizes.conv_transpose_size(
            self.x.shape, self.w.shape, stride=self.s, padding=self.pairs,
            output_padding=self.op, dilation=self.d,
        )  # fmt: skip
        self.canvas = ops.canvas(self.x, self.w, stride=self.s, dilation=self.d)
        self.windows = sizes.window(self.pairs, self.op)
        self.y = sizes.cut(self.canvas, self.windows)
        self.lo = tuple(w.lo for w in self.windows)

    def lands(self, at):
        """The canvas cells on which the stamp of input at lands, by kernel cell."""
        return {
            t: tuple(p * s + n * d for p, s, n, d in zip(at, self.s, t, self.d, strict=True))
            for t in np.ndindex(*self.w.shape)
        }

    def feeds(self, cell):
        """The (input, kernel cell) pairs whose products make a canvas cell."""
        pairs = []
        for t in np.ndindex(*self.w.shape):
            rest = [c - n * d for c, n, d in zip(cell, t, self.d, strict=True)]
            at = tuple(r // s for r, s in zip(rest, self.s, strict=True))
            whole = all(r % s == 0 for r, s in zip(rest, self.s, strict=True))
            if whole and all(0 <= p < i for p, i in zip(at, self.x.shape, strict=True)):
                pairs.append((at, t))
        return sorted(pairs)

    def sum_of(self, cell, total):
        return products([(self.x[at], self.w[t]) for at, t in self.feeds(cell)], total)

    def covers(self):
        """How many stamps cover each canvas cell."""
        ones = np.ones(self.x.shape, int), np.ones(self.w.shape, int)
        return ops.canvas(*ones, stride=self.s, dilation=self.d)

    def fullest(self):
        """The output cell with most products; the first of them."""
        covers = sizes.cut(self.covers(), self.windows)
        return np.unravel_index(covers.argmax(), covers.shape)

    def extended(self):
        """The canvas with the cells that the window uncovers beyond it: array, dropped, beyond."""
        past = [(max(-lo, 0), max(-hi, 0)) for lo, hi in self.windows]
        beyond = np.pad(np.zeros(self.canvas.shape, bool), past, constant_values=True)
        kept = np.ones(beyond.shape, bool)
        for axis, (lo, hi) in enumerate(self.windows):
            inside = np.zeros(beyond.shape[axis], bool)
            inside[max(lo, 0) : len(inside) - max(hi, 0)] = True
            kept &= np.expand_dims(inside, tuple(a for a in range(self.n) if a != axis))
        return np.pad(self.canvas, past), ~kept, beyond & kept, [-p[0] for p in past]


class _Canvas(Panel):
    """The canvas with the window that is kept framed."""

    frame = None  # (row, column, rows, columns) in cells

    def put(self, sheet, x, y, c, size):
        super().put(sheet, x, y, c, size)
        if self.frame:
            x, y, c = self.at
            row, col, rows, cols = self.frame
            edge = theme.role("output").colour
            sheet.box(x + col * c - 1, y + row * c - 1, cols * c + 2, rows * c + 2, edge=edge,
                      width=3)  # fmt: skip


def _canvas_panel(v, lit):
    """The canvas of a setting as a panel: dropped cells faded, cells beyond it dashed."""
    a, dropped, beyond, first = v.extended()
    cover = np.zeros(a.shape, int)
    at = tuple(slice(-f, -f + n) for f, n in zip(first, v.canvas.shape, strict=True))
    cover[at] = v.covers()
    top = max(cover.max(), 2)
    levels = np.where(cover == 0, 0.03, 0.1 + 0.4 * (cover - 1) / (top - 1))
    cropped = bool(dropped.any())
    note = shape_text(v.canvas.shape) + (f", window {shape_text(v.shape)}" if cropped else "")
    if beyond.any():
        note = f"{shape_text(v.canvas.shape)}, window {shape_text(v.shape)}"
    panel = _Canvas(
        a, "output", "y", note=note, faded=dropped, dashed=beyond & ~dropped, levels=levels,
        lit=lit, ticks=True, first=first,
        caption="dashed inside the frame: bias only" if beyond.any() else None,
    )  # fmt: skip
    if cropped or beyond.any():
        start = [max(lo, 0) for lo in v.lo]
        if v.n == 1:
            panel.frame = 0, start[0], 1, v.shape[0]
        else:
            panel.frame = *start, *v.shape
    return panel


def stamps(
    x, w, *, stride=1, padding=0, output_padding=0, dilation=1, at=None, say=None, title=None
):
    """A transposed convolution as stamps: every input value stamps value × kernel; stamps add.

    Parameters
    ----------
    x : ndarray of shape (W,) or (H, W)
    w : ndarray of shape (k,) or (kh, kw)
    stride, padding, output_padding, dilation : as in ops.conv_transpose2d
        The green frame is the window that padding and output_padding cut from the canvas.
    at : index of one input cell, optional
        Show only this cell's stamp and where it lands.

    Returns
    -------
    Picture

    Examples
    --------
    >>> stamps([1, 2], [1, 1, 1], stride=2)
    2 stamps of 3 cells on a canvas of 5 overlap in 1 cell. Canvas cell 2 = 1·1 + 2·1 = 3.
    """
    v = _Setting(x, w, stride, padding, output_padding, dilation)
    every = ops.stamps(v.x, v.w, stride=v.s, dilation=v.d)
    if at is not None:
        return _one_stamp(v, every, position("at", at, v.x.shape), say, title)
    covers = v.covers()
    kept = np.zeros(v.canvas.shape, bool)
    kept[tuple(slice(max(lo, 0), n - max(hi, 0)) for (lo, hi), n in
               zip(v.windows, v.canvas.shape, strict=True))] = True  # fmt: skip
    cell = np.unravel_index(np.where(kept, covers, -1).argmax(), covers.shape)
    cell = tuple(int(c) for c in cell)
    a, _, _, first = v.extended()
    lit = mask(a.shape, [tuple(c - f for c, f in zip(cell, first, strict=True))])

    shared, empty = int((covers > 1).sum()), int((covers == 0).sum())
    cells = f"overlap in {shared} cell{'s' if shared > 1 else ''}" if shared else "do not overlap"
    if empty:
        cells += f" and leave {empty} cell{'s' if empty > 1 else ''} empty"
    sentence = (
        f"{v.x.size} stamps of {shape_words(v.w.shape)} on a canvas of "
        f"{shape_text(covers.shape)} {cells}. "
    )
    name = index(cell)
    sentence += f"Canvas cell {name} = {v.sum_of(cell, v.canvas[cell])}."
    if v.canvas.shape != tuple(v.shape) or any(v.lo):
        sentence += f" {_window_words(v)}"
    return show(_stamps_item(v, every, lit), say or sentence, title, height=TALLER)


def _window_words(v):
    axes = ("",) if v.n == 1 or len(set(v.windows)) == 1 else (" of the rows", " of the columns")
    parts = []
    for (lo, hi), axis in zip(v.windows, axes, strict=False):
        ends = [
            f"{'drops' if end >= 0 else 'adds'} {number(abs(end))} at the {where}{axis}"
            for end, where in ((lo, "start"), (hi, "end"))
        ]
        parts.append(" and ".join(ends))
    added = any(end < 0 for window in v.windows for end in window)
    return (
        f"The window {', '.join(parts)}{', bias only there,' if added else ''} "
        f"and keeps {shape_text(v.shape)}."
    )


def _stamps_item(v, every, lit):
    held = Panel(v.x, "input", "x")
    kernel = Panel(v.w, "kernel", "k", least=least(v.w))
    result = _canvas_panel(v, lit)
    top = Side(held, kernel, Sign("→"), result, gap=26)
    if v.x.size > 16:
        return top
    if v.n == 1:
        return _added_up(v, every, held, kernel, result) if v.x.size <= 9 else top
    singles = []
    for at in np.ndindex(*v.x.shape):
        name = f"{number(v.x[at])} × k"
        singles.append(_stamp(v, every, at, name=name, note=f"x{_bracket(at)}"))
    # Many stamps make small cells: the result keeps larger ones.
    result.least = held.least = 30
    best, best_c = None, 0
    for cols in range(len(singles), 0, -1):
        rows = [singles[n : n + cols] for n in range(0, len(singles), cols)]
        lines = []
        for number_of_row, row in enumerate(rows):
            signs = [Sign("+", 20)] if number_of_row else []
            for n, panel in enumerate(row):
                signs += [Sign("+", 20)] * bool(n) + [panel]
            lines.append(Side(*signs, gap=5))
        item = Stack(top, Stack(*lines, gap=16), gap=30)
        c = fit(item, height=TALLER)
        if c > best_c + 1:
            best, best_c = item, c
        elif c < best_c:
            break  # more lines only make it too high from here on
    if best_c >= READABLE:
        return best
    result.least = held.least = 0
    return top


def _stamp(v, every, at, **named):
    """The stamp of input at as a panel: its values at their place, the other cells empty."""
    landed = mask(v.canvas.shape, v.lands(at).values())
    texts = np.where(landed, cell_texts(every[at]), "")
    return Panel(every[at], "kernel", texts=texts, dashed=~landed, **named)


def _added_up(v, every, held, kernel, result):
    """In one dimension the stamps stand under one another, like numbers to be added."""
    leads = [f"{number(v.x[at])} × k" for at in np.ndindex(*v.x.shape)]
    wide = max(measure(t, 17, True) for t in leads) + 16
    singles = []
    for at, lead in zip(np.ndindex(*v.x.shape), leads, strict=True):
        panel = _stamp(v, every, at, note="", lead=lead, lead_width=wide)
        singles.append(panel)
    result.lead, result.lead_width = "sum", wide
    item = Stack(*singles, result, gap=8)
    return Side(Stack(held, kernel), item, gap=34)


def _bracket(at):
    return "(" + ",".join(map(str, at)) + ")"


def _one_stamp(v, every, at, say, title):
    cells = v.lands(at)
    a, dropped, _, first = v.extended()

    def there(cell):
        return tuple(c - f for c, f in zip(cell, first, strict=True))

    landed = mask(a.shape, map(there, cells.values()))
    name = f"{number(v.x[at])} × k"
    own = _stamp(v, every, at, name=name, note=f"stamp of x{_bracket(at)}")
    held = Panel(v.x, "input", "x", lit=mask(v.x.shape, [at]))
    kernel = Panel(v.w, "kernel", "k", least=least(v.w))
    result = _canvas_panel(v, None)
    result.ring = np.reshape(landed, result.ring.shape)
    kept = landed & ~dropped
    sentence = (
        f"Input {index(at)} = {number(v.x[at])} stamps {number(v.x[at])} × k: "
        f"its {v.w.size} values land on canvas {_run(cells.values(), v.n)}"
    )
    lost = int(landed.sum() - kept.sum())
    sentence += f"; the window drops {lost} of them." if lost else ". All of them are kept."
    item = Side(Stack(held, kernel), own, Sign("→"), result, gap=22)
    return show(item, say or sentence, title)


def _run(cells, n):
    cells = list(cells)
    words = ("rows", "columns") if n == 2 else ("cells",)
    return ", ".join(
        f"{what} {min(c[axis] for c in cells)} to {max(c[axis] for c in cells)}"
        for axis, what in enumerate(words)
    )


# ---------------------------------------------------------------- gather


def gather(
    x, w, *, stride=1, padding=0, output_padding=0, dilation=1, at=None, say=None, title=None
):
    """A transposed convolution as a gather: zeros between inputs, a border, the flipped kernel.

    Parameters
    ----------
    x, w, stride, padding, output_padding, dilation : as in stamps
    at : index of the output cell, optional
        A cell with the most products unless given.

    Returns
    -------
    Picture

    Examples
    --------
    >>> gather([1, 2], [1, 2, 3], stride=2, at=2)
    Output 2 = 1·3 + 2·1 = 5: the flipped kernel meets 2 inputs and 1 inserted or border zero.
    """
    v = _Setting(x, w, stride, padding, output_padding, dilation)
    at = position("at", v.fullest() if at is None else at, v.shape)
    spread = ops.zero_insert(v.x, v.s)
    real = ops.zero_insert(np.ones(v.x.shape, int), v.s)
    reach = [d * (k - 1) for d, k in zip(v.d, v.w.shape, strict=True)]
    border = [
        (r - lo, r - hi) for r, (lo, hi) in zip(reach, v.windows, strict=True)
    ]  # fmt: skip
    held, _ = bordered(spread, border)
    real, _ = bordered(real, border)
    turned = ops.flip(v.w)
    taps = {
        t: tuple(p + n * d for p, n, d in zip(at, t, v.d, strict=True))
        for t in np.ndindex(*v.w.shape)
    }
    wide = " and ".join(
        sorted(
            {f"{number(lo)}" if lo == hi else f"({number(lo)}, {number(hi)})" for lo, hi in border}
        )
    )
    grown = Panel(
        held, "input", "x", note=f"{shape_text(v.x.shape)}, {_zeros_words(v.s)}border {wide}",
        dashed=real == 0, ring=mask(held.shape, taps.values()),
        badges={cell: number(turned[t]) for t, cell in taps.items()} if v.w.size <= 49 else None,
    )  # fmt: skip
    kernel = Panel(v.w, "kernel", "k", least=least(v.w))
    flipped = Panel(turned, "kernel", "k flipped", note="", least=least(v.w))
    result = Panel(v.y, "output", "y", lit=mask(v.y.shape, [at]), ticks=True)
    meets = [t for t, cell in taps.items() if real[cell]]
    pairs = [(held[taps[t]], turned[t]) for t in meets]
    rest = v.w.size - len(meets)
    sentence = (
        f"Output {index(at)} = {products(pairs, v.y[at])}: the flipped kernel meets "
        f"{len(meets)} input{'' if len(meets) == 1 else 's'} and "
        f"{rest} inserted or border zero{'' if rest == 1 else 's'}."
    )
    item = Side(grown, Stack(kernel, flipped), Sign("→"), result, gap=24)
    return show(item, say or sentence, title)


def _zeros_words(strides):
    zeros = {s - 1 for s in strides}
    if zeros == {0}:
        return ""
    between = " and ".join(str(z) for z in sorted(zeros))
    return f"{between} zero{'s' if between != '1' else ''} between, "


# ---------------------------------------------------------------- phases


def phases(x, w, *, stride, padding=0, output_padding=0, say=None, title=None):
    """A transposed convolution as phases: stride² small convolutions, interleaved.

    Output cells whose (index + padding) leaves the same remainder by the stride meet the same
    part of the kernel. Each such phase carries its own letter.

    Parameters
    ----------
    x, w, stride, padding, output_padding : as in stamps

    Returns
    -------
    Picture

    Examples
    --------
    >>> phases([1, 2], [1, 2, 3], stride=2)
    2 phases interleave into 5 outputs: 3 in a, from k[1 3]; 2 in b, from k[2].
    """
    v = _Setting(x, w, stride, padding, output_padding, 1)
    letters, parts, rows = {}, [], []
    tags, levels = {}, np.zeros(v.shape)
    every = list(np.ndindex(*v.s))
    for n, phase in enumerate(every):
        letter = chr(ord("a") + n) if n < 26 else f"a{n - 25}"
        letters[phase] = letter
        level = 0.1 + 0.34 * (n / max(len(every) - 1, 1))
        starts = [(r - lo) % s for r, lo, s in zip(phase, v.lo, v.s, strict=True)]
        mine = tuple(slice(start, None, s) for start, s in zip(starts, v.s, strict=True))
        piece = tuple(slice(r, None, s) for r, s in zip(phase, v.s, strict=True))
        made, small = v.y[mine], v.w[piece]
        for cell in np.ndindex(*v.shape):
            if all((c + lo - r) % s == 0
                   for c, lo, r, s in zip(cell, v.lo, phase, v.s, strict=True)):  # fmt: skip
                tags[cell], levels[cell] = letter, level
        words = " ".join(map(number, small.flat)) if small.size <= 9 else f"{small.size} values"
        parts.append(f"{made.size} in {letter}, from k[{words}]" if small.size else
                     f"{made.size} in {letter}, from no value")  # fmt: skip
        rows.append(_phase_item(letter, small, made, level))
    sentence = (
        f"{len(every)} phase{'s interleave' if len(every) > 1 else ' makes'} into "
        f"{shape_text(v.shape)} outputs: {'; '.join(parts)}."
    ).replace(" makes into", " makes")
    held = Panel(v.x, "input", "x")
    kernel_letters = {t: letters[tuple(n % s for n, s in zip(t, v.s, strict=True))]
                      for t in np.ndindex(*v.w.shape)}  # fmt: skip
    kernel = Panel(v.w, "kernel", "k", tags=kernel_letters)
    result = Panel(v.y, "output", "y", tags=tags, levels=levels)
    across = v.s[-1] if v.n == 2 else 1
    lines = [Side(*rows[n : n + across], gap=26) for n in range(0, len(rows), across)]
    item = Side(Stack(held, kernel), Stack(*lines, gap=14), Sign("→"), result, gap=24)
    return show(item, say or sentence, title)


def _phase_item(letter, small, made, level):
    """One phase: its part of the kernel, or an empty cell, and what it makes."""
    if small.size:
        part = Panel(small, "kernel", letter, note="")
    else:
        part = Panel([0], "kernel", letter, note="no value", dashed=[True], texts=[""])
    if not made.size:
        return part
    levels = np.full(made.shape, level)
    return Side(part, Sign("→", 22), Panel(made, "output", note="", levels=levels), gap=8)
