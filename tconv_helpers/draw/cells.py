"""Grids of cells side by side, all with the same cell size, as large as the card allows."""

import numpy as np

from .. import theme
from .numbers import cell_texts, number, shape_text
from .sheet import PAD, TALL, WIDE, Sheet, measure

LARGEST, SMALLEST = 54, 10.5  # of a cell and of the text in a cell, in pixels
HEAD, TICK, SCALE = 34, 22, 38  # heights: name above, indices beside, value scale below
GAP = 30  # between two things side by side


class Panel:
    """One grid: a name above, a value a cell, and what is special about some cells.

    lit, dashed, faded, ring: bool arrays of the grid's shape. lit cells are emphasised; dashed
    ones are padding or inserted zeros; faded ones are dropped; ring is the kernel's footprint.
    badges, tags: {cell: text}, the kernel value met there and a letter in the corner.
    levels: strength of each cell's tint, 0 to 1. first: the index of the first cell.
    least: cells no smaller than this, so that a kernel stays readable beside a large image.
    """

    def __init__(
        self, a, role="plain", name=None, *, note=None, lit=None, dashed=None, faded=None,
        ring=None, badges=None, tags=None, levels=None, texts=None, ticks=False, first=None,
        least=0, caption=None, lead=None, lead_width=0,
    ):  # fmt: skip
        self.a = np.atleast_2d(a)
        self.rows, self.cols = self.a.shape
        self.flat = np.ndim(a) < 2
        self.role, self.name = role, name
        self.note = shape_text(np.shape(a)) if note is None else note
        shape = self.a.shape
        masks = (lit, dashed, faded, ring)
        self.lit, self.dashed, self.faded, self.ring = (
            np.zeros(shape, bool) if m is None else np.reshape(m, shape) for m in masks
        )
        self.badges = {_cell(k): v for k, v in (badges or {}).items()}
        self.tags = {_cell(k): v for k, v in (tags or {}).items()}
        self.levels = None if levels is None else np.reshape(levels, shape)
        self.texts = np.reshape(cell_texts(self.a) if texts is None else texts, shape)
        self.em = max((measure(t, 1) for t in set(self.texts.flat)), default=0.6) or 0.6
        self.ticks = ticks
        self.first = first or (0,) * (1 if self.flat else 2)
        # From 20 pixels on, a cell is meant to show its value.
        self.least = max(least, min(60, 1.17 * SMALLEST * self.em)) if least >= 20 else least
        self.caption = caption  # a line below the grid
        self.lead, self.lead_width = lead, lead_width  # a name left of the grid

    # How large things are with cells of c pixels.
    def cell(self, c):
        return max(c, self.least)

    def own_size(self, c):
        """The text size this grid could have; below SMALLEST it shows coloured cells."""
        c = self.cell(c)
        if self.extras(c):
            return min(0.38 * c, 0.62 * c / self.em)
        return min(0.55 * c, 5 + 0.36 * c, 0.86 * c / self.em)

    def extras(self, c):
        """Whether badges and tags are shown: only where the value stays readable beside them."""
        return bool(self.badges or self.tags) and min(0.38, 0.62 / self.em) * c >= SMALLEST

    def heat(self, c):
        return self.own_size(c) < SMALLEST and bool((self.texts != "").any())

    def head(self, c):
        named = self.name is not None or self.note
        return (HEAD if named else 0) + (TICK if self.ticks else 0)

    def head_width(self):
        letter = theme.role(self.role).letter
        width = 0
        if self.name:
            width += 30 if self.name == letter else measure(self.name, 17, bold=True) + 10
        return width + (measure(self.note, 15) if self.note else 0)

    def left(self):
        return self.lead_width + (TICK if self.ticks and not self.flat else 0)

    def width(self, c):
        below = measure(self.caption, 17) if self.caption else 0
        return max(
            self.left() + self.cols * self.cell(c), self.lead_width + self.head_width(), below
        )

    def below(self, c):
        return (SCALE if self.heat(c) else 0) + (30 if self.caption else 0)

    def height(self, c):
        return self.head(c) + self.rows * self.cell(c) + self.below(c)

    # Centre of a cell, once placed.
    def centre(self, row, col):
        x, y, c = self.at
        return x + (col + 0.5) * c, y + (row + 0.5) * c

    def put(self, sheet, x, y, c, size):
        """Ink the panel with its top left corner at (x, y)."""
        self._head(sheet, x, y)
        x, y, c = x + self.left(), y + self.head(c), self.cell(c)
        self.at = x, y, c
        heat = self.heat(c)
        if self.lead:
            sheet.text(x - 12, y + self.rows * c / 2, self.lead, 17, bold=True, across="right")
        if self.ticks:
            self._ticks(sheet, x, y, c)
        if heat:
            self._heat(sheet, x, y, c)
        else:
            self._cells(sheet, x, y, c, size)
        if self.caption:
            foot = y + self.rows * c + (SCALE if heat else 0) + 20
            sheet.text(x, foot, self.caption, 17, bold=False, across="left")

    def _head(self, sheet, x, y):
        x += self.lead_width
        look, colours = theme.role(self.role), theme.palette()
        if self.name:
            if self.name == look.letter:
                badge(sheet, x, y + 2, 23, self.role)
                x += 30
            else:
                sheet.text(x, y + 14, self.name, 17, bold=True, across="left")
                x += measure(self.name, 17, bold=True) + 10
        sheet.text(x, y + 14, self.note, 15, colours.muted, across="left")

    def _ticks(self, sheet, x, y, c):
        muted = theme.palette().muted
        widest = measure(str(max(self.cols, self.rows) + max(self.first)), 12)
        step = 1 if c > widest + 4 else int(np.ceil((widest + 8) / c))
        for n in range(0, self.cols, step):
            label = number(n + self.first[-1])
            sheet.text(x + (n + 0.5) * c, y - 10, label, 12, muted)
        if not self.flat:
            for n in range(0, self.rows, step):
                label = number(n + self.first[0])
                sheet.text(x - 7, y + (n + 0.5) * c, label, 12, muted, across="right")

    def _cells(self, sheet, x, y, c, size):
        look, colours = theme.role(self.role), theme.palette()
        gap = 2 if c >= 22 else 1
        corner = {"round": 0.3, "cut": 0.2, "square": 0}[look.shape] * c
        plain = self.role == "plain"
        kernel, extras = theme.role("kernel").colour, self.extras(c)
        for r in range(self.rows):
            for k in range(self.cols):
                u, v, w = x + k * c + gap / 2, y + r * c + gap / 2, c - gap
                ink, face, edge, line, dash = colours.ink, None, None, 1.2, ()
                if self.dashed[r, k] or self.faded[r, k]:
                    edge, dash, ink = colours.line, (3, 3), colours.muted
                    face = colours.paper
                else:
                    level = 0.07 if plain else 0.15
                    if self.levels is not None:
                        level = float(self.levels[r, k])
                    if self.lit[r, k]:
                        level = max(level, 0.5)
                    face = theme.tint(self.role, level)
                    edge = theme.tint(self.role, 0.45)
                if self.lit[r, k]:
                    edge, line, dash = look.colour if not plain else colours.ink, 3, ()
                    u, v, w = u + 0.5, v + 0.5, w - 1
                sheet.box(
                    u, v, w, w, face=face, edge=edge, width=line, dash=dash,
                    shape=look.shape, corner=corner,
                )  # fmt: skip
                if self.ring[r, k]:
                    sheet.box(u + 1, v + 1, w - 2, w - 2, edge=kernel, width=3, shape="round",
                              corner=0.3 * c)  # fmt: skip
                text = self.texts[r, k]
                if face and theme.contrast(ink, face) < 4.5:
                    ink = theme.on(face)
                at = _cell((r, k))
                mx, my = u + w / 2, v + w / 2
                if extras and at in self.badges:
                    my -= 0.13 * c
                    mx -= 0.03 * c
                elif extras and at in self.tags:
                    my += 0.1 * c
                if text:
                    bold = bool(self.lit[r, k])
                    fit = size * min(1, 0.94 * w / max(measure(text, size, bold), 1))
                    sheet.text(mx, my, text, fit, ink, bold=bold)
                if extras and at in self.badges:
                    self._met(sheet, u, v, w, self.badges[at])
                if extras and at in self.tags:
                    sheet.text(u + 0.21 * c, v + 0.21 * c, self.tags[at], max(10.5, 0.27 * c), ink)

    def _met(self, sheet, u, v, w, text):
        """The kernel value that meets this cell: a small orange tab in the lower right corner."""
        colour = theme.role("kernel").colour
        size = max(SMALLEST, 0.29 * w)
        size *= min(1, 0.62 * w / measure(text, size))
        wide, high = max(measure(text, size) + 0.16 * w, 0.36 * w), 1.22 * size
        left, top = u + w - wide - 2, v + w - high - 2
        sheet.box(left, top, wide, high, face=colour, shape="round", corner=0.3 * high, upon=True)
        sheet.text(left + wide / 2, top + high / 2, text, size, theme.on(colour))

    def _heat(self, sheet, x, y, c):
        colours = theme.palette()
        pixels, low, high = heat(self.a, self.role)
        w, h = self.cols * c, self.rows * c
        sheet.image(pixels, x, y, w, h, smooth=c < 1)
        sheet.box(x, y, w, h, edge=colours.line, width=1)
        for mask, colour in ((self.lit, colours.ink), (self.ring, theme.role("kernel").colour)):
            if mask.any():
                rows, cols = np.nonzero(mask)
                u, v = x + cols.min() * c, y + rows.min() * c
                wide = (np.ptp(cols) + 1) * c
                tall = (np.ptp(rows) + 1) * c
                grow = max(0, 6 - min(wide, tall)) / 2
                sheet.box(u - 1 - grow, v - 1 - grow, wide + 2 + 2 * grow, tall + 2 + 2 * grow,
                          edge=colours.paper, width=5)  # fmt: skip
                sheet.box(u - 1 - grow, v - 1 - grow, wide + 2 + 2 * grow, tall + 2 + 2 * grow,
                          edge=colour, width=2.5)  # fmt: skip
        scale_bar(sheet, x, y + h + 8, min(w, 190), low, high, self.role)


def _cell(at):
    return (0, int(at[0])) if len(at) == 1 else (int(at[0]), int(at[1]))


def mask(shape, cells):
    """A bool array that is True at the listed cells."""
    out = np.zeros(shape, bool)
    for at in cells or ():
        out[tuple(at)] = True
    return out


def badge(sheet, x, y, size, role):
    """A role's letter on its colour, in the shape of its cells."""
    look = theme.role(role)
    corner = {"round": 0.5, "cut": 0.22, "square": 0}[look.shape] * size
    sheet.box(x, y, size, size, face=look.colour, shape=look.shape, corner=corner)
    ink = theme.on(look.colour)
    sheet.text(x + size / 2, y + 0.68 * size, look.letter, 0.68 * size, ink, bold=True, up="base")


# ---------------------------------------------------------------- values as colours


def heat(a, role="plain", limit=None):
    """(pixels, low, high): an array as coloured pixels, signed data about zero."""
    a = np.asarray(a, float)
    finite = a[np.isfinite(a)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    if limit is not None or low < 0:
        top = limit if limit is not None else max(-low, high)
        low, high = -top, top
    share = np.full(a.shape, 0.5) if high == low else (np.nan_to_num(a) - low) / (high - low)
    return _ramp(share, role, signed=low < 0), low, high


def _ramp(share, role, signed):
    colours = theme.palette()
    if signed:
        stops = [
            theme.mix(colours.low, "#000000", 0.8), colours.low, colours.paper,
            colours.high, theme.mix(colours.high, "#000000", 0.8),
        ]  # fmt: skip
    else:
        base = theme.role(role).colour
        dark = theme.palette().paper != "#FFFFFF"
        far = theme.mix(base, "#FFFFFF" if dark else "#000000", 0.45)
        stops = [theme.mix(base, colours.paper, 0.05), theme.mix(base, colours.paper, 0.6), far]
    table = np.array([theme.rgb(s) for s in stops])
    where = np.linspace(0, 1, len(stops))
    rgb = np.stack([np.interp(share, where, table[:, n]) for n in range(3)], axis=-1)
    return np.round(255 * rgb).astype(np.uint8)


def scale_bar(sheet, x, y, width, low, high, role="plain"):
    """Which colour is which value: a bar with its ends labelled."""
    colours = theme.palette()
    texts = [number(low), number(high)]
    width = max(width, sum(measure(t, 13) for t in texts) + 24)
    share = np.linspace(0, 1, 96)[None] if high > low else np.full((1, 2), 0.5)
    sheet.image(_ramp(share, role, signed=low < 0), x, y, width, 9)
    sheet.box(x, y, width, 9, edge=colours.line, width=1)
    sheet.text(x, y + 21, texts[0], 13, colours.muted, across="left")
    if high > low:
        sheet.text(x + width, y + 21, texts[1], 13, colours.muted, across="right")
        if (
            low < 0
            and high == -low
            and width > 4 * measure("0", 13) + sum(measure(t, 13) for t in texts)
        ):
            sheet.text(x + width / 2, y + 21, "0", 13, colours.muted)


# ---------------------------------------------------------------- side by side


class Sign:
    """An operator between two grids."""

    def __init__(self, text, size=32):
        self.text, self.size = text, size

    def width(self, c):
        return measure(self.text, self.size) + 4

    def height(self, c):
        return self.size


class Stack:
    """Panels above one another, in one column."""

    def __init__(self, *items, gap=18):
        self.items, self.gap = items, gap

    def width(self, c):
        return max(i.width(c) for i in self.items)

    def height(self, c):
        return sum(i.height(c) for i in self.items) + self.gap * (len(self.items) - 1)


class Side:
    """Things beside one another, their grids centred on one line."""

    def __init__(self, *items, gap=GAP, top=False):
        self.items, self.gap, self.top = items, gap, top

    def width(self, c):
        return sum(i.width(c) for i in self.items) + self.gap * (len(self.items) - 1)

    def height(self, c):
        over, under = self._halves(c)
        return over + under

    def _halves(self, c):
        halves = [_halves(i, c) for i in self.items]
        return max(h[0] for h in halves), max(h[1] for h in halves)


def _halves(item, c):
    """Height over and under the line on which an item is centred."""
    if isinstance(item, Panel):
        middle = item.rows * item.cell(c) / 2
        return item.head(c) + middle, middle + item.below(c)
    height = item.height(c)
    if isinstance(item, Stack) and isinstance(item.items[0], Panel):
        head = item.items[0].head(c)
        return head + (height - head) / 2, (height - head) / 2
    return height / 2, height / 2


def panels(item):
    """All the panels of an item."""
    if isinstance(item, Panel):
        return [item]
    return [p for part in getattr(item, "items", ()) for p in panels(part)]


def fit(item, width=WIDE - 2 * PAD, height=TALL, largest=LARGEST):
    """The largest cell size, in pixels, with which an item fits."""

    def fits(c):
        return item.width(c) <= width and item.height(c) <= height

    if fits(largest):
        return float(largest)
    low, high = 0.05, float(largest)
    for _ in range(16):
        middle = (low + high) / 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return float(np.floor(low)) if low >= 6 else low


def place(sheet, item, c, x=0, y=0, size=None):
    """Ink an item with cells of c pixels, its top left corner at (x, y)."""
    if size is None:
        sizes = [p.own_size(c) for p in panels(item) if not p.heat(c)]
        size = min(sizes, default=16)
    if isinstance(item, Panel):
        item.put(sheet, x, y, c, size)
    elif isinstance(item, Sign):
        sheet.text(x + item.width(c) / 2, y + item.size / 2, item.text, item.size)
    elif isinstance(item, Stack):
        for part in item.items:
            place(sheet, part, c, x, y, size)
            y += part.height(c) + item.gap
    else:
        over, _ = item._halves(c)
        for part in item.items:
            place(sheet, part, c, x, y + over - _halves(part, c)[0], size)
            x += part.width(c) + item.gap


def show(item, sentence, title=None, height=TALL):
    """Lay out an item on a sheet of its own and close it: a Picture."""
    sheet = Sheet()
    c = fit(item, height=height)
    place(sheet, item, c)
    return sheet.picture(sentence, item.width(c), item.height(c), title)
