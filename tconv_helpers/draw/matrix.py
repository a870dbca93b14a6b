"""A matrix with its structure: values when small, colours when large."""

import math

import numpy as np

from .. import theme
from .cells import Panel, Side, Stack, fit, show
from .grids import at_text
from .numbers import array, number, shape_text
from .sheet import measure

LABEL = 12.5  # size of the labels of rows and columns
NUMBERS = 640  # more entries than this are shown as colours


class _Matrix(Panel):
    """A panel with labelled rows and columns, dots for zeros and lines between blocks."""

    def __init__(self, a, role, *, row, col, row_labels, col_labels, blocks):
        lit = np.zeros(a.shape, bool)
        super().__init__(a, role, None, note="", lit=lit)
        self.row, self.col, self.blocks = row, col, blocks
        self.row_labels, self.col_labels = row_labels, col_labels
        self.side = max(measure(t, LABEL, True) for t in row_labels) + 8
        self.long = max(measure(t, LABEL, True) for t in col_labels)
        self.texts = np.where(self.a == 0, "", self.texts)

    def heat(self, c):
        return self.a.size > NUMBERS or super().heat(c)

    def turned(self, c):
        return self.long + 6 > c and (self.labelled(c) or self.col is not None)

    def labelled(self, c):
        return c >= 13

    def head(self, c):
        return self.long + 10 if self.turned(c) else 24

    def left(self):
        return self.side

    def _ticks(self, sheet, x, y, c):
        colours = theme.palette()
        if not self.labelled(c):
            shown_rows = [self.row] if self.row is not None else []
            shown_cols = [self.col] if self.col is not None else []
        else:
            shown_rows, shown_cols = range(self.rows), range(self.cols)
        for r in shown_rows:
            strong = r == self.row
            ink = colours.ink if strong else colours.muted
            middle = y + (r + 0.5) * c
            sheet.text(x - 8, middle, self.row_labels[r], LABEL, ink, bold=strong, across="right")
        for k in shown_cols:
            strong = k == self.col
            look = {"colour": colours.ink if strong else colours.muted, "bold": strong}
            if self.turned(c):
                sheet.text(x + (k + 0.5) * c, y - 7, self.col_labels[k], LABEL, across="left",
                           turn=True, **look)  # fmt: skip
            else:
                sheet.text(x + (k + 0.5) * c, y - 11, self.col_labels[k], LABEL, **look)

    def put(self, sheet, x, y, c, size):
        x, y = x + self.left(), y + self.head(c)
        self.at = x, y, c
        self._ticks(sheet, x, y, c)
        if self.heat(c):
            self._heat(sheet, x, y, c)
        else:
            self._values(sheet, x, y, c, size)
        self._structure(sheet, x, y, c)

    def _values(self, sheet, x, y, c, size):
        colours, look = theme.palette(), theme.role(self.role)
        for r, k in np.argwhere(self.a != 0):
            u, v = x + k * c + 1, y + r * c + 1
            share = 0.5 if r == self.row or k == self.col else 0.2
            face = theme.tint(self.role, share)
            corner = {"round": 0.3, "cut": 0.2}.get(look.shape, 0) * c
            sheet.box(u, v, c - 2, c - 2, face=face, edge=theme.tint(self.role, 0.55), width=1,
                      shape=look.shape, corner=corner)  # fmt: skip
            ink = colours.ink if theme.contrast(colours.ink, face) >= 4.5 else theme.on(face)
            sheet.text(x + (k + 0.5) * c, y + (r + 0.5) * c, self.texts[r, k], size, ink)
        zeros = [(x + (k + 0.5) * c, y + (r + 0.5) * c) for r, k in np.argwhere(self.a == 0)]
        sheet.dots(zeros, max(1.2, 0.045 * c), colours.line)

    def _structure(self, sheet, x, y, c):
        colours = theme.palette()
        w, h = self.cols * c, self.rows * c
        high, wide = self.blocks
        fine = c * min(n for n in (high, wide, 99) if n) > 3
        if fine:
            for r in range(high, self.rows, high) if high else ():
                sheet.line([(x, y + r * c), (x + w, y + r * c)], colours.muted, 1.2, (5, 3), True)
            for k in range(wide, self.cols, wide) if wide else ():
                sheet.line([(x + k * c, y), (x + k * c, y + h)], colours.muted, 1.2, (5, 3), True)
        sheet.box(x, y, w, h, edge=colours.muted, width=1.5)
        thick = 3 if c > 8 else 2
        if self.row is not None:
            sheet.box(x, y + self.row * c, w, c, edge=theme.role("output").colour, width=thick)
        if self.col is not None:
            sheet.box(x + self.col * c, y, c, h, edge=theme.role("input").colour, width=thick)


def _labels(count, shape, letter, name):
    if shape is None:
        return [str(n) for n in range(count)]
    shape = (int(shape),) if np.ndim(shape) == 0 else tuple(int(n) for n in shape)
    if math.prod(shape) != count:
        raise ValueError(f"{name}={shape} must hold {count} cells, as many as the matrix has")
    return [f"{letter}{at_text(at)}".replace(" ", "") for at in np.ndindex(*shape)]


def _line(name, n, count):
    if n is None:
        return None
    if not isinstance(n, (int, np.integer)) or not 0 <= n < count:
        raise ValueError(f"{name}={n!r} must be a whole number from 0 to {count - 1}")
    return int(n)


def matrix(
    C, *, role=None, name="C", row=None, col=None, input_shape=None, output_shape=None, blocks=None,
    say=None, title=None,
):  # fmt: skip
    """A matrix: its values when small, coloured cells when large; zeros are dots.

    Parameters
    ----------
    C : ndarray of shape (R, N), or a sparse matrix that has toarray()
    role : the look of the entries; "kernel" when a shape below is given, else "plain"
    name : str
        What the sentence calls it.
    row, col : int, optional
        One row and one column to emphasise. With a shape given below, each is also shown as a
        grid of that shape.
    input_shape : tuple, optional
        The shape whose cells the columns are: labels such as x(0,1).
    output_shape : tuple, optional
        The shape whose cells the rows are: labels such as y(0,1).
    blocks : int or (int, int), optional
        Rows and columns in a block; the last axis of the shapes unless given; 0 for no lines.

    Returns
    -------
    Picture

    Examples
    --------
    >>> matrix([[1, 2, 0], [0, 1, 2]], row=1, input_shape=(3,), output_shape=(2,))
    C (2 × 3): 4 of 6 entries are not zero. Row y(1): 2 entries, 1·x(1) + 2·x(2).
    """
    C = array(C.toarray() if hasattr(C, "toarray") else C, "C", (2,))
    rows, cols = C.shape
    role = role or ("plain" if input_shape is None and output_shape is None else "kernel")
    theme.role(role)
    row, col = _line("row", row, rows), _line("col", col, cols)
    row_labels = _labels(rows, output_shape, "y", "output_shape")
    col_labels = _labels(cols, input_shape, "x", "input_shape")
    if blocks is None:
        blocks = [s[-1] if np.ndim(s) and len(s) > 1 else 0 for s in (output_shape, input_shape)]
    blocks = (blocks, blocks) if np.ndim(blocks) == 0 else tuple(blocks)
    item = _Matrix(
        C, role, row=row, col=col, row_labels=row_labels, col_labels=col_labels, blocks=blocks
    )

    filled = int(np.count_nonzero(C))
    sentence = f"{name} ({shape_text(C.shape)}): {filled} of {C.size} entries are not zero."
    insets = []
    for what, n, labels, others, shape, values, other_role in (
        ("Row", row, row_labels, col_labels, input_shape, None if row is None else C[row], "input"),
        ("Column", col, col_labels, row_labels, output_shape, None if col is None else C[:, col],
         "output"),
    ):  # fmt: skip
        if n is None:
            continue
        where = np.flatnonzero(values)
        sentence += f" {what} {labels[n]}: {len(where)} entr{'y' if len(where) == 1 else 'ies'}"
        terms = [f"{number(values[p])}·{others[p]}" for p in where]
        plus = " + " if shape is not None else ", "
        if shape is not None and terms:
            if len(terms) > 9:
                terms = [*terms[:3], "…"]
            sentence += f", {plus.join(terms)}"
        sentence += "."
        if shape is not None and np.ndim(shape) and len(shape) == 2:
            letter = theme.role(other_role).letter
            image, above = values.reshape(shape), f"{what.lower()} {labels[n]} over {letter}"
            least = 26 if max(shape) <= 8 else 120 / max(shape)
            insets.append(Panel(image, "kernel", above, dashed=image == 0, least=least))
    if insets:
        under = Stack(item, Side(*insets, gap=50), gap=24)
        beside = Side(item, Stack(*insets, gap=24), gap=50)
        item = max(under, beside, key=fit)
    return show(item, say or sentence, title)
