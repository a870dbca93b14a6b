"""How fast: ratios to a peer, row by row, and points under a machine's roofline."""

import math

import numpy as np

from .. import theme
from .charts import LABEL, SMALL, _Axis, _frame, _left_margin, _limits, _marker
from .numbers import array, number
from .sheet import PAD, WIDE, Sheet, measure

ROLES = ("output", "plain", "kernel", "input")  # of the series, in their order
ROW, HEIGHT = 24.0, 380.0  # pixels


def ratios(names, series, *, spread=None, xlabel="", say=None, title=None):
    """Ratios on one logarithmic axis: a row for each name, a mark for each series, a line at 1.

    Parameters
    ----------
    names : list of str
        What the rows are.
    series : dict of str to ndarray of shape (n,)
        One to four series of positive ratios; NaN where there is none.
    spread : ndarray of shape (n, 2), optional
        Low and high of the first series, drawn as a line behind its marks.
    xlabel : str
        What the ratio is.

    Returns
    -------
    Picture

    Examples
    --------
    >>> ratios(["small", "large"], {"ours": [0.5, 2], "loops": [80, 900]}, xlabel="time / theirs")
    2 rows of time / theirs: ours from 0.5 (small) to 2 (large), below 1 in 1; loops from 80
    (small) to 900 (large), below 1 in 0.
    """
    names = [str(name) for name in names]
    if not isinstance(series, dict) or not 1 <= len(series) <= len(ROLES):
        raise ValueError(f"series must be a dict of 1 to {len(ROLES)} names and values")
    data = {str(k): array(v, f"series[{k!r}]", (1,)).astype(float) for k, v in series.items()}
    for name, values in data.items():
        if len(values) != len(names):
            raise ValueError(f"series[{name!r}] has {len(values)} values for {len(names)} names")
    span = np.full((len(names), 2), np.nan)
    if spread is not None:
        span = array(spread, "spread", (2,)).astype(float)
        if span.shape != (len(names), 2):
            raise ValueError(f"spread of shape {span.shape} must be ({len(names)}, 2)")
    every = np.concatenate([*data.values(), span.ravel(), [1.0]])
    low, high = _limits(every, True, "series", zero=False)
    sheet = Sheet()
    left = max(measure(name, SMALL) for name in names) + 16
    width = WIDE - 2 * PAD - left - 24
    axis = _Axis(low, high, left, width, True)
    bottom = _rows(sheet, names, data, span, axis)
    sheet.text(left + width / 2, bottom + 44, f"{xlabel} (logarithmic)".strip(), LABEL)
    return sheet.picture(say or _said(names, data, xlabel), left + width + 24, bottom + 56, title)


def _said(names, data, xlabel):
    parts = []
    for what, values in data.items():
        seen = np.flatnonzero(np.isfinite(values))
        if not len(seen):
            continue
        least, most = (seen[pick(values[seen])] for pick in (np.argmin, np.argmax))
        parts.append(
            f"{what} from {number(values[least])} ({names[least]}) to {number(values[most])}"
            f" ({names[most]}), below 1 in {int((values[seen] < 1).sum())}"
        )
    return f"{len(names)} rows of {xlabel or 'ratios'}: {'; '.join(parts)}."


def _rows(sheet, names, data, span, axis):
    colours, top = theme.palette(), 40.0
    right, bottom = axis.start + axis.length, 40.0 + ROW * len(names)
    pen = min(axis.start, max(0, right - sum(measure(name, LABEL, True) + 46 for name in data)))
    for name, role in zip(data, ROLES, strict=False):
        _marker(sheet, pen + 6, 10, theme.role(role).colour, theme.role(role).marker)
        sheet.text(pen + 18, 10, name, LABEL, bold=True, across="left")
        pen += measure(name, LABEL, True) + 46
    for n, name in enumerate(names):
        y = top + (n + 0.5) * ROW
        sheet.text(axis.start - 10, y, name, SMALL, across="right")
        sheet.line([(axis.start, y), (right, y)], theme.mix(colours.line, colours.paper, 0.6), 1,
                   snap=True, under=True)  # fmt: skip
    for value, text in zip(axis.marks, axis.texts(), strict=True):
        x = float(axis(value))
        sheet.line([(x, top), (x, bottom)], theme.mix(colours.line, colours.paper, 0.6), 1,
                   snap=True, under=True)  # fmt: skip
        sheet.text(x, bottom + 17, text, SMALL, colours.muted)
    one = float(axis(1))
    sheet.line([(one, top - 6), (one, bottom + 6)], colours.ink, 2, snap=True)
    for n in range(len(names)):
        y = top + (n + 0.5) * ROW
        if np.isfinite(span[n]).all():
            ends = [(float(axis(v)), y) for v in span[n]]
            sheet.line(ends, theme.role(ROLES[0]).colour, 3)
        for values, role in zip(data.values(), ROLES, strict=False):
            if np.isfinite(values[n]):
                look = theme.role(role)
                _marker(sheet, float(axis(values[n])), y, look.colour, look.marker)
    return bottom


def roofline(points, *, peak, bandwidth, others=None, say=None, title=None):
    """A machine's roofline and what was measured under it, both axes logarithmic.

    The roof is the smaller of the arithmetic peak and of intensity times memory bandwidth.

    Parameters
    ----------
    points : dict of str to (float, float)
        Up to twelve names: operations per byte, and operations per second.
    peak : float
        The largest number of operations per second.
    bandwidth : float
        Bytes per second.
    others : dict like points, optional
        A second family of points, such as another machine's or another layer's, with other marks.

    Returns
    -------
    Picture

    Examples
    --------
    >>> roofline({"copy": (0.125, 1e9), "GEMM": (60, 8e10)}, peak=1e11, bandwidth=1e10)
    Roofline of 100 billion operations and 10 billion bytes a second; the roof bends at 10
    operations per byte. copy reaches 80 % of it, GEMM 80 %.
    """
    others = others or {}
    every = {**points, **others}
    if not points or len(points) + len(others) > 12:
        raise ValueError("points and others must hold 1 to 12 points together")
    for name, pair in [*points.items(), *others.items()]:
        if not (len(pair) == 2 and min(pair) > 0 and math.isfinite(max(pair))):
            raise ValueError(f"points[{name!r}]={pair!r} must be two positive numbers")
    if not (peak > 0 and bandwidth > 0):
        raise ValueError(f"peak={peak!r} and bandwidth={bandwidth!r} must be positive")
    bend = peak / bandwidth
    xs = [p[0] for p in [*points.values(), *others.values()]]
    ys = [p[1] / 1e9 for p in [*points.values(), *others.values()]]
    sheet = Sheet()
    top = 34
    # As much of the roof as compares one layer with the next on the same frame.
    y_axis = _Axis(
        min([y / 2 for y in ys] + [peak / 1e13]), peak / 5e8, top + HEIGHT, -HEIGHT, True
    )
    left = _left_margin(y_axis)
    width = WIDE - 2 * PAD - left - 10
    x_low, x_high = min([x / 2 for x in xs] + [bend / 200]), max([6 * x for x in xs] + [bend * 30])
    x_axis = _Axis(x_low, x_high, left, width, True)
    _frame(sheet, x_axis, y_axis, "operations per byte", "billion operations a second")
    knee = float(x_axis(bend)), float(y_axis(peak / 1e9))
    foot = max(x_low, 10**y_axis.low * 1e9 / bandwidth)
    roof = [(foot, foot * bandwidth / 1e9), (bend, peak / 1e9), (x_high, peak / 1e9)]
    roof = [(float(x_axis(a)), float(y_axis(b))) for a, b in roof]
    ink = theme.palette().ink
    sheet.line(roof, ink, 2.5)
    sheet.text(knee[0] + 12, knee[1] - 13, "arithmetic: the peak", SMALL, ink, across="left")
    # Beside the middle of the slope, on its upper side.
    middle = [(a + b) / 2 for a, b in zip(roof[0], roof[1], strict=True)]
    sheet.text(middle[0] - 14, middle[1] - 8, "memory: bandwidth", SMALL, ink, across="right")
    for family, role in ((points, "output"), (others, "kernel")):
        for name, (x, y) in sorted(family.items(), key=lambda item: -item[1][1]):
            place = float(x_axis(x)), float(y_axis(y / 1e9))
            _named(sheet, name, place, role, left + width)
    share = [
        f"{name} {'reaches ' if n == 0 else ''}{_percent(y / min(peak, x * bandwidth))} %"
        f"{' of it' if n == 0 else ''}"
        for n, (name, (x, y)) in enumerate(every.items())
    ]
    sentence = (
        f"Roofline of {peak / 1e9:.3g} billion operations and {bandwidth / 1e9:.3g} billion bytes"
        f" a second; the roof bends at {bend:.2g} operations per byte. {', '.join(share)}."
    )
    return sheet.picture(say or sentence, left + width + 10, top + HEIGHT + 54, title)


def _percent(share):
    return f"{100 * share:.0f}" if share >= 0.01 else f"{100 * share:.1g}"


def _named(sheet, name, place, role, right):
    """A mark with its name to the right of it, or to the left at the edge, clear of other text."""
    look, (x, y) = theme.role(role), place
    _marker(sheet, x, y, look.colour, look.marker)
    wide = measure(name, SMALL, True)
    starts = [x + 12, x - 12 - wide] if x + 12 + wide < right else [x - 12 - wide]
    for shift in range(0, 200, 18):
        for start, level in ((s, y + sign * shift) for sign in (1, -1) for s in starts):
            box = start, level - 9, start + wide, level + 9
            if all(_apart(box, label.box) for label in sheet.labels):
                if shift:
                    end = x + 8 if start > x else x - 8
                    sheet.line([(x, y), (end, level)], theme.palette().line, 1)
                sheet.text(start, level, name, SMALL, bold=True, across="left")
                return


def _apart(a, b):
    return a[2] < b[0] or b[2] < a[0] or a[3] < b[1] or b[3] < a[1]
