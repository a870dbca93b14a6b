"""A network as a row of feature maps, with the layer between each two."""

import math

from .. import architectures, theme
from .numbers import shape_text
from .sheet import PAD, WIDE, Sheet, measure

TALLEST, WIDEST, LEAST = 180.0, 46.0, 5.0  # of a map, in pixels
CHANNELS, SMALL = 14, 12.5  # text sizes
LINE, HEAD = 17, 74  # height of a badge's line, and of the room for the badges
GAP = 22  # the least room between two maps
MANY = 10  # maps; more are drawn narrower, and not all told in the sentence
SHORT = {"conv_transpose": "up", "pixel_shuffle": "shuffle", "conv": ""}
SKIPS = ("concat", "add")  # what arrives from elsewhere has the input's colour


def architecture(net, *, say=None, title=None):
    """A net drawn as its feature maps, with a badge for the layer between each two.

    A map's height grows with the square root of its height in cells, its width with the logarithm
    of its channels. Under it stand the channels, and the size below them. A badge tells the layer:
    "up" is a transposed convolution, only numbers are a convolution; k kernel, s stride, p padding,
    op output_padding, g groups. Activations and normalisation are left out.

    Parameters
    ----------
    net : architectures.Net

    Returns
    -------
    Picture

    Examples
    --------
    >>> architecture(architectures.espcn(3))
    ESPCN × 3: 1 × 17 × 17 becomes 64 × 17 × 17, 32 × 17 × 17, 9 × 17 × 17, 1 × 51 × 51.
    """
    steps = architectures.steps(net)
    maps = [net.shape, *(row.shape for _, row in steps)]
    badges = [_badge(row.layer) for _, row in steps]
    sheet = Sheet()
    size = _inked(sheet, maps, badges)
    return sheet.picture(say or _sentence(net.name, maps), *size, title)


def _sentence(name, maps):
    if len(maps) <= MANY:
        return f"{name}: {shape_text(maps[0])} becomes {', '.join(map(shape_text, maps[1:]))}."
    channels = ", ".join(str(shape[0]) for shape in maps)
    ends = f"{shape_text(maps[0])} becomes {shape_text(maps[-1])}"
    return f"{name}: {ends} in {len(maps) - 1} layers. Channels: {channels}."


def _badge(layer):
    """The lines of a badge: what the layer is, and its settings."""
    kind, *settings = layer.label.split()
    kind = SHORT.get(kind, kind)
    if kind in SKIPS:
        return [kind]
    lines = [kind] if kind else []
    pairs = [settings[:2], settings[2:4], settings[4:]] if layer.source else [settings]
    return [*lines, *(" ".join(pair) for pair in pairs if pair)]


def _size(height, width, short):
    """A size as it is written below a map; with many maps a square one is told by its side."""
    return f"{height}²" if short and height == width else f"{height}×{width}"


def _boxes(maps):
    """Width and height of every map, in pixels."""
    tall = TALLEST / math.sqrt(max(shape[1] for shape in maps))
    most = math.log(max(2, *(shape[0] for shape in maps)))
    widest = WIDEST * min(1, MANY / len(maps))
    return [
        (LEAST + (widest - LEAST) * math.log(c) / most, max(3.0, tall * math.sqrt(h)))
        for c, h, _ in maps
    ]


def _inked(sheet, maps, badges):
    """Ink maps, arrows and badges; returns width and height."""
    colours, boxes, short = theme.palette(), _boxes(maps), len(maps) > MANY
    below = [_size(h, w, short) for _, h, w in maps]
    named = [wide + 12 for wide in (max(measure(t, SMALL, True) for t in b) for b in badges)]
    half = [
        max(box[0], measure(f"{shape[0]}", CHANNELS, True), measure(text, SMALL)) / 2
        for box, shape, text in zip(boxes, maps, below, strict=True)
    ]
    centres = [half[0]]
    for n, wide in enumerate(named):
        beside = half[n] + half[n + 1] - (boxes[n][0] + boxes[n + 1][0]) / 2
        centres.append(centres[-1] + half[n] + max(GAP, wide - beside) + half[n + 1])
    # Where there is room, the maps stand farther apart; where there is not, all is set smaller.
    spread = min(1.25, (WIDE - 2 * PAD - 2) / (centres[-1] + half[-1]))
    centres, small = [c * spread for c in centres], min(1.0, spread)

    floor = HEAD + TALLEST
    middle = floor - TALLEST / 2
    for n, (wide, high) in enumerate(boxes):
        look = theme.role("output" if n else "input")
        sheet.box(
            centres[n] - wide / 2, middle - high / 2, wide, high,
            face=theme.tint(look.name, 0.35), edge=look.colour, shape=look.shape,
            corner=min(4, 0.2 * wide),
        )  # fmt: skip
        sheet.text(centres[n], floor + 18, f"{maps[n][0]}", CHANNELS * small, bold=True)
        sheet.text(centres[n], floor + 38, below[n], SMALL * small, colours.muted)
    for n, lines in enumerate(badges):
        left, right = centres[n] + boxes[n][0] / 2, centres[n + 1] - boxes[n + 1][0] / 2
        at, wide, high = (left + right) / 2, named[n] * small, LINE * len(lines) + 6
        face = theme.tint("input", 0.3) if lines[0] in SKIPS else theme.role("kernel").colour
        top = HEAD - 16 - high
        sheet.box(at - wide / 2, top, wide, high, face=face, shape="round", corner=7)
        for line, text in enumerate(lines):
            y = top + 12 + LINE * line
            sheet.text(at, y, text, SMALL * small, theme.on(face), bold=True)
        sheet.line([(left + 3, middle), (right - 3, middle)], colours.muted)
        tip = [(right - 8, middle - 4), (right - 2, middle), (right - 8, middle + 4)]
        sheet.polygon(tip, colours.muted)
    return centres[-1] + half[-1] * small, floor + 50
