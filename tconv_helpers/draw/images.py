"""Photographs, and the signed difference of two of them."""

import math

import numpy as np

from .. import theme
from .cells import heat, scale_bar
from .numbers import array, number, shape_text
from .sheet import PAD, WIDE, Sheet, measure

GAP, HEAD = 26, 30
HIGHEST = 430  # of one row of photographs, in pixels


def _photo(a, name):
    a = array(a, name, (2, 3))
    if a.ndim == 3 and a.shape[2] not in (1, 3, 4):
        raise ValueError(f"{name} of shape {a.shape} must be (H, W), (H, W, 3) or (H, W, 4)")
    return a[..., 0] if a.ndim == 3 and a.shape[2] == 1 else a


def _whole_range(images):
    """Black and white of integers (0 to 255) and of floats (0 to 1)."""
    return (0, 255) if all(a.dtype.kind in "iu" for a in images) else (0.0, 1.0)


def _pixels(a, low, high):
    spread = high - low or 1
    share = np.clip((np.nan_to_num(np.asarray(a, float)) - low) / spread, 0, 1)
    bytes_ = np.round(255 * share).astype(np.uint8)
    return np.repeat(bytes_[..., None], 3, axis=2) if a.ndim == 2 else bytes_[..., :3]


def _titles(titles, count):
    titles = [""] * count if titles is None else [str(t) for t in titles]
    if len(titles) != count:
        raise ValueError(f"titles has {len(titles)} entries for {count} images; give one for each")
    return titles


def _arrange(shapes, titles, columns=None):
    """Columns, the size of each picture on the page and the width it takes, in pixels."""
    count, best = len(shapes), None
    tallest = max(h / w for h, w in shapes)
    for cols in [columns] if columns else range(1, count + 1):
        wide = (WIDE - 2 * PAD - GAP * (cols - 1)) / cols
        rows = math.ceil(count / cols)
        wide = min(wide, (HIGHEST if rows == 1 else 640 / rows - HEAD - GAP) / tallest)
        if best is None or wide > best[1] + 1:
            best = cols, wide
    cols, wide = best
    sizes = []
    for h, w in shapes:
        scale = wide / w
        # Whole pixels of the image become whole pixels of the page where that costs little.
        if scale >= 1:
            scale = math.floor(scale)
        elif scale >= 0.5:
            scale = 0.5
        sizes.append((round(w * scale), round(h * scale)))
    # Titles must not run into one another.
    return (
        cols,
        sizes,
        [max(s[0], measure(t, 16, True)) for s, t in zip(sizes, titles, strict=True)],
    )


def _table(sheet, drawn, titles, under, cols, sizes, widths):
    """Ink pictures in rows of cols; under is the height each keeps below itself."""
    x = y = right = 0.0
    for n, (ink, title) in enumerate(zip(drawn, titles, strict=True)):
        if n and n % cols == 0:
            x, y = 0.0, y + HEAD + max(s[1] for s in sizes) + under + GAP
        w, h = sizes[n]
        if title:
            sheet.text(x, y + 13, title, 16, bold=True, across="left")
        ink(x, y + HEAD, w, h)
        sheet.box(x, y + HEAD, w, h, edge=theme.palette().line, width=1)
        right = max(right, x + widths[n])
        x += widths[n] + GAP
    return right, y + HEAD + max(s[1] for s in sizes) + under


def photos(images, titles=None, *, limits=None, shared=True, say=None, title=None):
    """Photographs side by side, grey or colour, pixels kept visible when small.

    Parameters
    ----------
    images : array or list of arrays of shape (H, W), (H, W, 3) or (H, W, 4)
        Integers count from 0 to 255, floats from 0 to 1, unless limits or shared say otherwise.
    titles : list of str, optional
        One for each.
    limits : (low, high), optional
        The values shown black and white.
    shared : bool
        False scales each image to its own smallest and largest value; the sentence says so.

    Returns
    -------
    Picture

    Examples
    --------
    >>> import numpy as np
    >>> photos([np.eye(4)], ["identity"])
    identity (4 × 4), values 0 to 1. Black is 0, white is 1.
    """
    images = [images] if isinstance(images, np.ndarray) and images.ndim == 2 else list(images)
    if not images:
        raise ValueError("images must hold at least one image")
    images = [_photo(a, f"images[{n}]") for n, a in enumerate(images)]
    titles = _titles(titles, len(images))
    if limits is not None:
        low, high = limits
        if not low < high:
            raise ValueError(f"limits={tuple(limits)} must be (low, high) with low < high")
    low, high = _whole_range(images) if limits is None else limits
    ends = [(float(a.min()), float(a.max())) for a in images]
    scales = [(low, high)] * len(images) if shared else ends
    sheet = Sheet()
    plan = _arrange([a.shape[:2] for a in images], titles)
    drawn = [_inked(sheet, _pixels(a, *s)) for a, s in zip(images, scales, strict=True)]
    size = _table(sheet, drawn, titles, 0, *plan)
    parts = [
        f"{t} ({shape_text(a.shape[:2])}), values {number(e[0])} to {number(e[1])}".lstrip()
        for t, a, e in zip(titles, images, ends, strict=True)
    ]
    rule = (
        f"Black is {number(low)}, white is {number(high)}."
        if shared
        else "Each is scaled to its own smallest and largest value."
    )
    clipped = any(e[0] < low or e[1] > high for e in ends) and shared
    rule += " Values beyond are clipped." if clipped else ""
    return sheet.picture(say or f"{'; '.join(parts)}. {rule}", *size, title)


def _inked(sheet, pixels):
    def ink(x, y, w, h):
        sheet.image(pixels, x, y, w, h, smooth=pixels.shape[0] > 2 * h)

    return ink


def difference(a, b, titles=None, *, limits=None, limit=None, say=None, title=None):
    """Two images and their signed difference a − b on a scale centred on zero.

    Parameters
    ----------
    a, b : ndarray of one shape, (H, W) or (H, W, 3)
        Of colour images the map shows the mean over the colours.
    titles : (str, str), optional
        Of a and b.
    limits : (low, high), optional
        The values of a and b shown black and white.
    limit : float, optional
        The difference at the ends of the scale; the largest one unless given.

    Returns
    -------
    Picture

    Examples
    --------
    >>> difference([[0.0, 0.5]], [[0.0, 0.25]], ["a", "b"])
    a − b: largest absolute difference 0.25 at (0, 1), mean absolute difference 0.125.
    """
    a, b = _photo(a, "a"), _photo(b, "b")
    if a.shape != b.shape:
        raise ValueError(f"b of shape {b.shape} must have a's shape {a.shape}")
    if limit is not None and not limit > 0:
        raise ValueError(f"limit={limit!r} must be positive")
    names = _titles(titles, 2) if titles is not None else ["a", "b"]
    low, high = _whole_range([a, b]) if limits is None else limits
    gap = np.asarray(a, float) - np.asarray(b, float)
    far = np.unravel_index(np.abs(gap).argmax(), gap.shape)
    largest, mean = float(abs(gap[far])), float(np.abs(gap).mean())
    shown = gap.mean(axis=2) if gap.ndim == 3 else gap
    top = limit if limit is not None else float(np.abs(shown).max()) or 1.0
    pixels, *_ = heat(np.clip(shown, -top, top), limit=top)
    titles = [*names, f"{names[0]} − {names[1]}"]
    sheet = Sheet()
    plan = _arrange([a.shape[:2]] * 3, titles, columns=3)
    inked = [_inked(sheet, _pixels(p, low, high)) for p in (a, b)]

    def signed(x, y, w, h):
        sheet.image(pixels, x, y, w, h, smooth=pixels.shape[0] > 2 * h)
        scale_bar(sheet, x, y + h + 9, min(w, 220), -top, top)

    size = _table(sheet, [*inked, signed], titles, 36, *plan)
    where = f" at ({far[0]}, {far[1]})" if largest else ""
    sentence = (
        f"{titles[2]}: largest absolute difference {number(largest)}{where}, "
        f"mean absolute difference {number(mean)}."
    )
    return sheet.picture(say or sentence, *size, title)
