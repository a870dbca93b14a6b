"""A sheet of paper measured in pixels, y downwards, and the few kinds of ink put on it.

A text artist of matplotlib costs about half a millisecond, and a picture may hold two hundred
numbers. So a sheet keeps its ink in display lists that one artist draws: text is glyph outlines,
cached per character, joined into one path per colour.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path as File

import matplotlib
import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.image import BboxImage
from matplotlib.path import Path
from matplotlib.textpath import TextPath
from matplotlib.transforms import Affine2D, Bbox, TransformedBbox

from .. import theme
from ..picture import DPI, Picture

FILL, UPON, EDGE, TEXT = range(4)  # layers
PAD = 22  # the card's margin
WIDE = 960  # the widest card: a notebook cell on a projector
NARROW = 420
TALL = 640  # of the drawing without its caption
CAPTION, TITLE = 16, 19  # text sizes in pixels

_EM = 100.0
_FONTS = File(matplotlib.get_data_path()) / "fonts" / "ttf"


# ---------------------------------------------------------------- glyphs


@cache
def _font(bold):
    return FontProperties(fname=_FONTS / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"))


@cache
def _outline(text, bold):
    if text.isspace():  # TextPath refuses a text without ink
        return np.zeros((0, 2)), np.zeros(0, np.uint8)
    path = TextPath((0, 0), text, size=_EM, prop=_font(bold), usetex=False)
    return np.array(path.vertices, float).reshape(-1, 2), np.array(path.codes, np.uint8)


@cache
def _glyph(char, bold):
    """Vertices and codes of one character, y downwards at size 1, and its advance."""
    pair, bar = _outline(char + "|", bold)[0], _outline("|", bold)[0]
    advance = float(pair[:, 0].max() - bar[:, 0].max()) / _EM
    vertices, codes = _outline(char, bold)
    return vertices * (1 / _EM, -1 / _EM), codes, advance


def measure(text, size, bold=False):
    """Width of a line of text in pixels.

    >>> measure("00", 10) == 2 * measure("0", 10)
    True
    """
    return size * _advance(text, bold)


@lru_cache(maxsize=8192)
def _advance(text, bold):
    return sum(_glyph(char, bold)[2] for char in text)


def wrap(text, size, width):
    """The lines of text that fit a width, broken at spaces."""
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if line and measure(longer, size) > width:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line] if line else lines


# ---------------------------------------------------------------- shapes


def _polygon(x0, y0, x1, y1):
    return np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)]), _SQUARE


_M, _L, _Q, _Z = Path.MOVETO, Path.LINETO, Path.CURVE3, Path.CLOSEPOLY
_SQUARE = np.array([_M, _L, _L, _L, _Z], np.uint8)
_CUT = np.array([_M, *[_L] * 7, _Z], np.uint8)
_ROUND = np.array([_M, _L, _Q, _Q, _L, _Q, _Q, _L, _Q, _Q, _L, _Q, _Q, _Z], np.uint8)


def _shape(box, shape, corner):
    x0, y0, x1, y1 = box
    if shape == "square" or corner <= 0:
        return _polygon(x0, y0, x1, y1)
    r = min(corner, (x1 - x0) / 2, (y1 - y0) / 2)
    ends = [
        ((x0 + r, y0), (x1 - r, y0), (x1, y0)),
        ((x1, y0 + r), (x1, y1 - r), (x1, y1)),
        ((x1 - r, y1), (x0 + r, y1), (x0, y1)),
        ((x0, y1 - r), (x0, y0 + r), (x0, y0)),
    ]
    if shape == "cut":
        points = [p for a, b, _ in ends for p in (a, b)]
        return np.array([*points, points[0]]), _CUT
    points = [ends[0][0]]
    for n, (_, b, tip) in enumerate(ends):
        points += [b, tip, ends[(n + 1) % 4][0]]
    return np.array([*points, points[0]]), _ROUND


@dataclass
class Label:
    """A line of text on the sheet and the box of its ink, for those who check the layout."""

    text: str
    box: tuple[float, float, float, float]
    size: float
    colour: str


class _Ink(Artist):
    """The one artist of a sheet."""

    def __init__(self, sheet):
        super().__init__()
        self.sheet = sheet
        self.labels = sheet.labels

    def draw(self, renderer):
        sheet = self.sheet
        down = Affine2D().translate(*sheet.origin).scale(1 / DPI, -1 / DPI)
        transform = down.translate(0, sheet.height / DPI) + self.figure.dpi_scale_trans
        points = 72 / DPI
        for depth, layer in enumerate(sheet.layers):
            if depth == 2:
                for image in sheet.images:
                    self._image(renderer, transform, *image)
            for style, parts in layer.items():
                face, edge, width, dash, snap = style
                gc = renderer.new_gc()
                gc.set_foreground(edge or face)
                gc.set_linewidth(width * points if edge else 0)
                if dash:
                    gc.set_dashes(0, [points * d for d in dash])
                gc.set_joinstyle("miter" if snap else "round")
                gc.set_capstyle("butt")
                gc.set_snap(snap)
                path = Path(
                    np.concatenate([v for v, _ in parts]), np.concatenate([c for _, c in parts])
                )
                path.should_simplify = False
                renderer.draw_path(gc, path, transform, theme.rgb(face) if face else None)
                gc.restore()

    def _image(self, renderer, transform, pixels, x, y, w, h, smooth):
        box = TransformedBbox(Bbox([(x, y + h), (x + w, y)]), transform)
        kind = "hanning" if smooth else "nearest"
        image = BboxImage(box, interpolation=kind, origin="upper", resample=smooth)
        image.set_figure(self.figure)
        image.set_data(pixels[::-1])
        image.draw(renderer)


# ---------------------------------------------------------------- the sheet


class Sheet:
    """Ink in four layers: fills, small fills upon them, edges and lines, text.

    Within a layer, ink of one style is drawn in one go: put nothing that overlaps there.
    """

    def __init__(self):
        self.layers = [{}, {}, {}, {}]
        self.images = []
        self.labels = []
        self.origin = 0, 0
        self.width = self.height = 0

    def _put(self, layer, style, part):
        self.layers[layer].setdefault(style, []).append(part)

    def box(
        self,
        x,
        y,
        w,
        h,
        *,
        face=None,
        edge=None,
        width=1.5,
        dash=(),
        shape="square",
        corner=0,
        upon=False,
    ):
        """A filled or outlined box; upon: over the fills of other boxes."""
        part = _shape((x, y, x + w, y + h), shape, corner)
        snap = shape == "square"
        if face:
            self._put(UPON if upon else FILL, (face, None, 0, (), snap), part)
        if edge:
            self._put(EDGE, (None, edge, width, tuple(dash), snap), part)

    def line(self, points, colour, width=1.5, dash=(), snap=False, under=False):
        """An open line through points; under the edges and among the fills if asked."""
        vertices = np.asarray(points, float)
        codes = np.full(len(vertices), _L, np.uint8)
        codes[0] = _M
        layer = FILL if under else EDGE
        self._put(layer, (None, colour, width, tuple(dash), snap), (vertices, codes))

    def polygon(self, points, face):
        """A filled polygon."""
        vertices = np.asarray([*points, points[0]], float)
        codes = np.array([_M, *[_L] * (len(points) - 1), _Z], np.uint8)
        self._put(EDGE, (face, None, 0, (), False), (vertices, codes))

    def hatch(self, x, y, w, h, colour, mark="/", gap=7, width=1.2):
        """Diagonal lines inside a box: "/", "\\\\" or "x"."""
        for kind in mark.replace("x", "/\\"):
            for s in np.arange(gap / 2, w + h, gap):
                # The diagonal u + v = s, clipped to the box.
                u0, u1 = max(0.0, s - h), min(w, s)
                ends = [(u0, s - u0), (u1, s - u1)]
                if kind == "\\":
                    ends = [(w - u, v) for u, v in ends]
                self.line([(x + u, y + v) for u, v in ends], colour, width)

    def dots(self, centres, radius, colour):
        """Small filled discs."""
        for x, y in centres:
            self._put(
                1,
                (colour, None, 0, (), False),
                _shape((x - radius, y - radius, x + radius, y + radius), "round", radius),
            )

    def text(
        self, x, y, text, size, colour=None, *, bold=False, across="centre", up="middle", turn=False
    ):
        """A line of text. across: "left", "centre" or "right" of x; up: "middle" or "base" at y.

        turn writes upwards, turned by 90°.
        """
        if not text:
            return
        colour = colour or theme.palette().ink
        vertices, codes, pen = [], [], 0.0
        for char in text:
            v, c, advance = _glyph(char, bold)
            if len(v):
                vertices.append(v + (pen, 0))
                codes.append(c)
            pen += advance
        if not vertices:
            return
        ink = np.concatenate(vertices)
        shift = {"left": 0, "centre": -pen / 2, "right": -pen}[across]
        ink = (ink + (shift, 0.36 if up == "middle" else 0)) * size
        if turn:
            ink = np.stack([ink[:, 1], -ink[:, 0]], axis=1)
        ink = ink + (x, y)
        self._put(TEXT, (colour, None, 0, (), False), (ink, np.concatenate(codes)))
        box = (*ink.min(axis=0).tolist(), *ink.max(axis=0).tolist())
        self.labels.append(Label(text, box, size, colour))

    def image(self, pixels, x, y, w, h, smooth=False):
        """An image of shape (H, W, 3 or 4), uint8; nearest unless smooth."""
        self.images.append((pixels, x, y, w, h, smooth))

    def picture(self, sentence, width, height, title=None):
        """Close the sheet: the title above, the sentence below, the card around."""
        colours = theme.palette()
        sentence = " ".join(sentence.split())
        width, full = max(width, NARROW - 2 * PAD), WIDE - 2 * PAD
        # Widen a small picture rather than stack many short lines under it.
        while width < full and len(wrap(sentence, CAPTION, width)) > 2:
            width = min(full, width + 60)
        above = wrap(title, TITLE, width) if title else []
        for n, line in enumerate(reversed(above)):
            self.text(0, -18 - 27 * n, line, TITLE, bold=True, across="left", up="base")
        below = wrap(sentence, CAPTION, width)
        for n, line in enumerate(below):
            y = height + 36 + 24 * n
            self.text(0, y, line, CAPTION, colours.ink, across="left", up="base")
        top = PAD + (27 * len(above) + 8 if above else 0)
        self.origin = PAD, top
        self.height = round(top + height + 18 + 24 * len(below) + PAD)
        self.width = round(width + 2 * PAD)
        card = _shape((0.75, 0.75, self.width - 0.75, self.height - 0.75), "round", 10)
        card = card[0] - self.origin, card[1]
        style = colours.paper, colours.border, 1.5, (), False
        self.layers[FILL] = {style: [card], **self.layers[FILL]}
        for label in self.labels:
            x0, y0, x1, y1 = label.box
            label.box = x0 + PAD, y0 + top, x1 + PAD, y1 + top
        figure = Figure(figsize=(self.width / DPI, self.height / DPI), dpi=DPI)
        figure.patch.set_visible(False)
        ink = _Ink(self)
        ink.set_figure(figure)
        figure.add_artist(ink)
        return Picture(figure, sentence)
