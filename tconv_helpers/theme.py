"""The look of every picture: role → colour, letter, cell shape and hatch.

Colours are Okabe and Ito's, which colour-blind readers can tell apart. A role never rests on
colour alone: input cells are square and carry the letter x, kernel cells are round and carry k,
output cells have cut corners and carry y; bars and lines add a hatch, a dash and a marker.
"""

from dataclasses import dataclass
from functools import cache, lru_cache

__all__ = [
    "ROLES",
    "Palette",
    "Role",
    "contrast",
    "luminance",
    "mix",
    "on",
    "palette",
    "role",
    "use",
]


@dataclass(frozen=True)
class Role:
    """How one role is shown: a colour, and the same meaning without colour."""

    name: str
    letter: str
    colour: str
    shape: str  # of a cell: "square", "round" or "cut"
    hatch: str  # of a bar: "", "/", "\\" or "x"
    dash: tuple[float, ...]  # of a line, in points; () is solid
    marker: str  # of a line: "square", "round", "cut" or "cross"


@dataclass(frozen=True)
class Palette:
    """The colours of a light or a dark picture."""

    paper: str  # the card
    border: str  # the card's edge
    ink: str  # text
    muted: str  # secondary text: at least 4.5:1 on paper
    line: str  # thin lines, never text
    roles: dict[str, Role]
    low: str  # negative end of a signed scale
    high: str  # positive end of a signed scale


def _roles(input, kernel, output, plain):
    return {
        "input": Role("input", "x", input, "square", "", (), "square"),
        "kernel": Role("kernel", "k", kernel, "round", "/", (6, 2), "round"),
        "output": Role("output", "y", output, "cut", "\\", (2, 2), "cut"),
        "plain": Role("plain", "", plain, "square", "x", (7, 2, 1.5, 2), "cross"),
    }


ROLES = ("input", "kernel", "output", "plain")

_PALETTES = {
    "light": Palette(
        paper="#FFFFFF",
        border="#DADCE0",
        ink="#1B1B1B",
        muted="#5A5F66",
        line="#B9BDC3",
        roles=_roles("#0072B2", "#E69F00", "#009E73", "#6B7077"),
        low="#0072B2",
        high="#D55E00",
    ),
    "dark": Palette(
        paper="#17191E",
        border="#3A3E46",
        ink="#F0F0EE",
        muted="#A9AFB8",
        line="#5B616B",
        roles=_roles("#3E9BD6", "#F0AE2B", "#22BF91", "#9AA0A8"),
        low="#56B4E9",
        high="#E8702A",
    ),
}
_current = "light"


def use(name):
    """Choose the palette of the pictures drawn from now on: "light" or "dark".

    Returns the name of the palette that was in force. Raises ValueError for any other name.

    >>> before = use("dark")
    >>> palette().paper
    '#17191E'
    >>> use(before)
    'dark'
    """
    global _current
    if name not in _PALETTES:
        raise ValueError(f'name={name!r} must be "light" or "dark"')
    before, _current = _current, name
    return before


def palette():
    """The palette in force."""
    return _PALETTES[_current]


def role(name):
    """The look of a role, in the palette in force.

    >>> role("kernel").letter, role("kernel").shape
    ('k', 'round')
    """
    if name not in ROLES:
        raise ValueError(f"role={name!r} must be one of {', '.join(map(repr, ROLES))}")
    return palette().roles[name]


@cache
def rgb(colour):
    """Red, green and blue of "#RRGGBB", each 0 to 1."""
    return tuple(int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))


@lru_cache(maxsize=4096)
def mix(colour, other, share):
    """share of colour, the rest of other, as "#RRGGBB".

    >>> mix("#000000", "#FFFFFF", 0.25)
    '#BFBFBF'
    """
    pairs = zip(rgb(colour), rgb(other), strict=True)
    return "#" + "".join(f"{round(255 * (share * a + (1 - share) * b)):02X}" for a, b in pairs)


@lru_cache(maxsize=4096)
def luminance(colour):
    """Relative luminance as WCAG 2 defines it, 0 (black) to 1 (white)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(colour, other):
    """Contrast ratio as WCAG 2 defines it, 1 to 21.

    >>> contrast("#000000", "#FFFFFF")
    21.0
    """
    low, high = sorted((luminance(colour), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@lru_cache(maxsize=4096)
def on(colour):
    """The text colour to write on a fill: black or white, whichever reads better.

    The better one always has a contrast of at least 4.58.

    >>> on("#E69F00"), on("#0072B2")
    ('#000000', '#FFFFFF')
    """
    return max(("#000000", "#FFFFFF"), key=lambda ink: contrast(ink, colour))


def tint(name, share):
    """The fill of a cell of this role: share of the role's colour on paper."""
    return mix(role(name).colour, palette().paper, round(share, 3))
