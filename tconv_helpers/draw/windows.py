"""Windows of a canvas, along one axis, one below the other."""

import numpy as np

from .. import _arguments as arguments
from .. import sizes, theme
from .cells import badge
from .numbers import array, cell_texts, index, number
from .sheet import PAD, WIDE, Sheet, measure

LABEL = 16  # text size of a window's name
LARGEST, SMALLEST = 46.0, 7.0  # of a cell, in pixels
ROW = 1.5  # the distance of two rows, in cells


def windows(canvas, windows, *, say=None, title=None):
    """Which cells of the canvas a window keeps, along one axis; one row for each window.

    Kept cells are filled and framed, dropped ones empty, and cells past the canvas, where only the
    bias stands, are dashed inside the frame.

    Parameters
    ----------
    canvas : int, ndarray of shape (W,), or dict of name to either
        The canvas's size, or its values. One for all windows, or one for each.
    windows : dict of name to (lo, hi)
        Cells dropped at the start and at the end; negative adds cells past the canvas.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError, TypeError
        A window that keeps nothing; a window without a canvas.

    Examples
    --------
    >>> windows(5, {"padding 0": (0, 0), "padding 1": (1, 1), "op 1": (0, -1)})
    Of the canvas, padding 0 keeps all 5 cells; padding 1 keeps 3 of 5, cells 1 to 3; op 1 keeps all
    5 cells and adds 1 at the end.
    """
    if not isinstance(windows, dict) or not windows:
        raise TypeError("windows must be a dict of names and (lo, hi) with at least one entry")
    rows = [_Row(str(name), canvas, name, pair) for name, pair in windows.items()]
    sentence = f"Of the canvas, {'; '.join(row.words() for row in rows)}."
    return _sheet(rows).picture(say or sentence, *_size(rows), title)


class _Row:
    """One window: its name, the cells of its canvas, and what it keeps."""

    def __init__(self, label, canvas, name, pair):
        if isinstance(canvas, dict):
            if name not in canvas:
                raise ValueError(f"canvas must have an entry for each window; {name!r} has none")
            canvas = canvas[name]
        self.label = label
        ((self.lo, self.hi),) = arguments.padding_pairs((tuple(pair),), 1)
        self.values = None
        if np.ndim(canvas):
            self.values = array(canvas, "canvas", (1,))
            canvas = self.values.size
        self.canvas = arguments.integer("canvas", canvas, least=1)
        kept = sizes.cut(np.zeros(self.canvas), [(self.lo, self.hi)])  # refuses an empty one
        self.start, self.stop = self.lo, self.lo + kept.size
        self.first, self.last = min(0, self.start), max(self.canvas, self.stop)

    def texts(self):
        """What stands in each cell, from first to last: its value, else its number."""
        if self.values is None:
            return {n: str(n) for n in range(self.canvas)}
        shown = dict(enumerate(cell_texts(self.values)))
        return {n: shown.get(n, "0") for n in range(self.first, self.last)}

    def words(self):
        inside = max(self.start, 0), min(self.stop, self.canvas)
        count = max(inside[1] - inside[0], 0)
        said = f"{self.label} keeps "
        if count == self.canvas:
            said += f"all {count} cells"
        elif count:
            said += f"{count} of {self.canvas}, "
            said += f"cell {inside[0]}" if count == 1 else f"cells {inside[0]} to {inside[1] - 1}"
        else:
            said += "none"
        ends = [
            f"{number(-n)} at the {end}"
            for n, end in ((self.lo, "start"), (self.hi, "end"))
            if n < 0
        ]
        return said + (f" and adds {' and '.join(ends)}" if ends else "")


def _plan(rows):
    """Width of the names, first column, number of columns, cell size."""
    names = max(measure(row.label, LABEL, True) for row in rows) + 18
    first = min(row.first for row in rows)
    columns = max(row.last for row in rows) - first
    c = min(LARGEST, (WIDE - 2 * PAD - names - 76) / columns)
    return names, first, columns, max(float(np.floor(c)), SMALLEST)


def _size(rows):
    names, _, columns, c = _plan(rows)
    return names + columns * c + 76, _top() + (len(rows) - 1) * _step(c) + c + 6


def _top():
    return 40


def _step(c):
    return max(ROW * c, 34)


def _sheet(rows):
    sheet, colours, look = Sheet(), theme.palette(), theme.role("output")
    names, first, columns, c = _plan(rows)
    gap = 2 if c > 20 else 0
    texts = [row.texts() for row in rows]
    widest = max(measure(t, 1) for shown in texts for t in shown.values())
    size = min(0.42 * c, 0.76 * c / widest)
    # The canvas cells are numbered above, where the cells themselves hold values.
    if any(row.values is not None for row in rows):
        widest = measure(str(first + columns), 12)
        for n in range(first, first + columns, 1 if c > widest + 4 else 5):
            sheet.text(names + (n - first + 0.5) * c, _top() - 12, index((n,)), 12, colours.muted)
    right = names + columns * c + 24
    badge(sheet, right - 4, _top() - 34, 23, "output")
    sheet.text(right + 25, _top() - 22, "size", 14, colours.muted, across="left")
    for n, (row, shown) in enumerate(zip(rows, texts, strict=True)):
        y = _top() + n * _step(c)
        sheet.text(0, y + c / 2, row.label, LABEL, bold=True, across="left")
        for at in range(row.first, row.last):
            x = names + (at - first) * c + gap / 2
            kept, past = row.start <= at < row.stop, not 0 <= at < row.canvas
            face = theme.tint("output", 0.28) if kept and not past else colours.paper
            edge = theme.tint("output", 0.6) if kept and not past else colours.muted
            if not kept:
                edge = colours.line
            dash = () if kept and not past else (3, 3)
            sheet.box(x, y, c - gap, c - gap, face=face, edge=edge, width=1.3, dash=dash,
                      shape=look.shape, corner=0.2 * c)  # fmt: skip
            if size >= 10.5 and at in shown:
                ink = colours.ink if kept else colours.muted
                sheet.text(x + (c - gap) / 2, y + (c - gap) / 2, shown[at], size, ink, bold=kept)
        x, wide = names + (row.start - first) * c, (row.stop - row.start) * c
        sheet.box(x + gap / 2 - 4, y - 4, wide - gap + 8, c - gap + 8, edge=look.colour, width=3)
        sheet.text(right + 8, y + c / 2, number(row.stop - row.start), 20, bold=True)
    return sheet
