"""Charts: labelled bars and labelled lines, on axes of the sheet's own."""

import math

import numpy as np

from .. import theme
from .numbers import array, number
from .sheet import Sheet, measure

WIDTH, HEIGHT = 760.0, 320.0  # of the plotting area, in pixels
SMALL, LABEL = 14, 15  # text sizes
ORDER = ("input", "kernel", "output", "plain")


def _steps(low, high, count=6):
    """Round numbers between low and high, about count of them."""
    if high <= low:
        high = low + 1
    raw = (high - low) / count
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= raw * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [n * step for n in range(first, last + 1)], step


def _decades(low, high):
    a, b = math.floor(math.log10(low) + 1e-9), math.ceil(math.log10(high) - 1e-9)
    if b - a <= 2:
        marks = [m * 10.0**e for e in range(a, b + 1) for m in (1, 2, 5)]
    else:
        marks = [10.0**e for e in range(a, b + 1, max(1, (b - a) // 7))]
    return [m for m in marks if low * (1 - 1e-9) <= m <= high * (1 + 1e-9)]


class _Axis:
    """One axis: values to pixels, and its marks."""

    def __init__(self, low, high, start, length, log, whole=False):
        self.log, self.start, self.length = log, start, length
        if log:
            self.marks = _decades(low, high)
        else:
            self.marks, step = _steps(low, high)
            if whole:
                self.marks = [m for m in self.marks if m == int(m)]
            self.step = step
        self.low, self.high = self._scaled(low), self._scaled(high)

    def _scaled(self, v):
        return np.log10(v) if self.log else np.asarray(v, float)

    def __call__(self, v):
        span = float(self.high - self.low) or 1.0
        return self.start + (self._scaled(v) - self.low) / span * self.length

    def texts(self):
        return [_mark(m) for m in self.marks]


def _mark(v):
    v = float(v)
    if v and (abs(v) >= 1e5 or abs(v) < 1e-3):
        mantissa, exponent = f"{v:.2g}".partition("e")[::2] if "e" in f"{v:.2g}" else (f"{v:g}", "")
        if exponent:
            return f"{mantissa}e{int(exponent)}".replace("-", "\N{MINUS SIGN}")
    return number(round(v, 10))


def _limits(values, log, name, zero):
    finite = values[np.isfinite(values)]
    if finite.size == 0:
        raise ValueError(f"{name} holds no finite value")
    low, high = float(finite.min()), float(finite.max())
    if log:
        if low <= 0:
            raise ValueError(f"{name} must be positive on a logarithmic axis, not {number(low)}")
        return (low / 1.15, high * 1.15) if high > low else (low / 2, high * 2)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if high == low:
        high = low + 1
    room = (0.1 if zero else 0.05) * (high - low)
    return (low - (room if low < 0 or not zero else 0)), high + room


def _frame(sheet, x_axis, y_axis, xlabel, ylabel, x_texts=None):
    """Ink both axes; returns how far their text reaches left and below."""
    colours = theme.palette()
    left, bottom = x_axis.start, y_axis.start
    right, top = left + x_axis.length, bottom + y_axis.length
    for value, text in zip(y_axis.marks, y_axis.texts(), strict=True):
        y = float(y_axis(value))
        sheet.line([(left, y), (right, y)], theme.mix(colours.line, colours.paper, 0.45), 1,
                   snap=True, under=True)  # fmt: skip
        sheet.text(left - 9, y, text, SMALL, colours.muted, across="right")
    x_texts = x_texts or list(zip(x_axis.marks, x_axis.texts(), strict=True))
    for value, text in _sparse(x_texts, x_axis):
        sheet.text(float(x_axis(value)), bottom + 17, text, SMALL, colours.muted)
    sheet.line([(left, bottom), (right, bottom)], colours.muted, 1.5, snap=True)
    if xlabel:
        sheet.text((left + right) / 2, bottom + 42, xlabel, LABEL)
    if ylabel:
        sheet.text(left, top - 20, ylabel, LABEL, across="left")


def _sparse(marks, axis):
    """Every mark, or every second, fifth …, so that their texts keep apart."""
    for step in (1, 2, 4, 5, 8, 10, 16, 20, 32, 50, 64, 100, 1000):
        some, end = marks[::step], -1e9
        for value, text in some:
            half = measure(text, SMALL) / 2
            if float(axis(value)) - half < end + 8:
                break
            end = float(axis(value)) + half
        else:
            return some
    return marks[:1]


def _left_margin(axis):
    return max((measure(t, SMALL) for t in axis.texts()), default=0) + 12


def bars(
    values, *, labels=None, xlabel="", ylabel="", role="plain", log=False, say=None, title=None
):
    """Labelled bars: a spectrum, timings, counts.

    Parameters
    ----------
    values : ndarray of shape (n,)
    labels : list of str, optional
        One for each bar; long ones turn the chart on its side.
    xlabel, ylabel : str
        What the bars are, and what their length is, with its unit.
    role : colour and hatch of the bars
    log : bool
        Logarithmic lengths; values must be positive.

    Returns
    -------
    Picture

    Examples
    --------
    >>> bars([1, 4, 2], labels=["a", "b", "c"], ylabel="count")
    3 bars of count: highest 4 (b), lowest 1 (a).
    """
    values = array(values, "values", (1,))
    n = len(values)
    names = [str(v) for v in range(n)] if labels is None else [str(v) for v in labels]
    if len(names) != n:
        raise ValueError(f"labels has {len(names)} entries for {n} values; give one for each")
    theme.role(role)
    low, high = _limits(values.astype(float), log, "values", zero=True)
    if log:  # bars start at a power of ten
        low = 10.0 ** math.floor(math.log10(low))
    most, least = int(np.nanargmax(values)), int(np.nanargmin(values))
    what = f" of {ylabel}" if ylabel else ""
    prefix = f"{xlabel} " if xlabel and labels is None else ""
    ends = [
        f"{word} {number(values[m])} ({prefix}{names[m]})"
        for word, m in (("highest", most), ("lowest", least))
    ]
    sentence = f"{n} bar{'s' if n > 1 else ''}{what}: {', '.join(ends)}."
    widest = max(measure(t, LABEL) for t in names)
    across = labels is not None and n <= 20 and widest > _bars_width(n) / n - 10
    draw = _bars_across if across else _bars_up
    sheet, size = draw(values, names, xlabel, ylabel, role, log, low, high)
    return sheet.picture(say or sentence, *size, title)


def _bars_width(n):
    return min(WIDTH, max(300.0, 90.0 * n))


def _bar(sheet, x, y, w, h, role):
    look = theme.role(role)
    sheet.box(x, y, w, h, face=theme.tint(role, 0.45), edge=look.colour, width=1.5)
    if look.hatch and min(w, h) > 6:
        sheet.hatch(x, y, w, h, look.colour, look.hatch, gap=11, width=1)


def _bars_up(values, names, xlabel, ylabel, role, log, low, high):
    sheet = Sheet()
    top = 34 if ylabel else 12
    y_axis = _Axis(low, high, top + HEIGHT, -HEIGHT, log)
    left = _left_margin(y_axis)
    n = len(values)
    width = _bars_width(n)
    x_axis = _Axis(-0.5, n - 0.5, left, width, False)
    slot = width / n
    _frame(sheet, x_axis, y_axis, xlabel, ylabel, list(enumerate(names)))
    base = float(y_axis(low if log else 0))
    texts = [number(v) for v in values]
    written = max(measure(t, SMALL) for t in texts) < slot - 4
    for i, v in enumerate(values):
        x, y, w = float(x_axis(i)), float(y_axis(v)), min(0.68 * slot, 64)
        _bar(sheet, x - w / 2, min(y, base), w, abs(y - base), role)
        if written:
            sheet.text(x, y - 11 if v >= 0 else y + 12, texts[i], SMALL)
    sheet.line([(left, base), (left + width, base)], theme.palette().muted, 1.5, snap=True)
    return sheet, (left + width, top + HEIGHT + (54 if xlabel else 28))


def _bars_across(values, names, xlabel, ylabel, role, log, low, high):
    sheet = Sheet()
    colours = theme.palette()
    left = max(measure(t, LABEL) for t in names) + 14
    texts = [number(v) for v in values]
    end = max(measure(t, SMALL) for t in texts) + 14
    width = max(200.0, 900 - left - end)
    axis = _Axis(low, high, left, width, log)
    base = float(axis(low if log else 0))
    row = 34.0
    top = 6.0
    for i, (v, name) in enumerate(zip(values, names, strict=True)):
        y, x = top + (i + 0.5) * row, float(axis(v))
        _bar(sheet, min(x, base), y - 11, abs(x - base), 22, role)
        sheet.text(left - 10, y, name, LABEL, across="right")
        sheet.text(max(x, base) + 7, y, texts[i], SMALL, across="left")
    bottom = top + row * len(values)
    sheet.line([(base, top), (base, bottom)], colours.muted, 1.5, snap=True)
    note = ylabel + (" (logarithmic)" if log else "") if ylabel else ""
    if note:
        sheet.text(left, bottom + 18, note, LABEL, across="left")
    return sheet, (left + width + end, bottom + (32 if note else 6))


def lines(x, series, *, xlabel="", ylabel="", log="", say=None, title=None):
    """Labelled lines: each has its own colour, dash and marker, and its name at its end.

    Parameters
    ----------
    x : ndarray of shape (n,)
    series : dict of str to ndarray of shape (n,)
        Up to eight lines. NaN leaves a gap.
    xlabel, ylabel : str
        What the axes are, with units.
    log : "", "x", "y" or "xy"
        Logarithmic axes; True means "y".

    Returns
    -------
    Picture

    Examples
    --------
    >>> lines([1, 2, 4], {"stamps": [1, 2, 4], "phases": [1, 1, 2]}, xlabel="stride", ylabel="ms")
    ms over stride from 1 to 4: stamps from 1 to 4; phases from 1 to 2.
    """
    x = array(x, "x", (1,)).astype(float)
    log = {True: "y", False: ""}.get(log, log)
    if log not in ("", "x", "y", "xy"):
        raise ValueError(f'log={log!r} must be "", "x", "y" or "xy"')
    if not isinstance(series, dict) or not series:
        raise TypeError("series must be a dict of names and values with at least one entry")
    if len(series) > 8:
        raise ValueError(f"series holds {len(series)} lines; at most 8 can be told apart")
    data = {str(k): array(v, f"series[{k!r}]", (1,)).astype(float) for k, v in series.items()}
    for name, values in data.items():
        if values.shape != x.shape:
            raise ValueError(f"series[{name!r}] of shape {values.shape} must match x {x.shape}")
    every = np.concatenate(list(data.values()))
    x_low, x_high = _limits(x, "x" in log, "x", zero=False)
    y_low, y_high = _limits(every, "y" in log, "series", zero=False)
    parts = []
    for name, values in data.items():
        seen = values[np.isfinite(values)]
        if seen.size:
            parts.append(f"{name} from {number(seen[0])} to {number(seen[-1])}")
    over = f"{ylabel or 'Values'} over {xlabel or 'x'} from {number(x[0])} to {number(x[-1])}"
    sheet = Sheet()
    top = 34 if ylabel else 12
    y_axis = _Axis(y_low, y_high, top + HEIGHT, -HEIGHT, "y" in log)
    left = _left_margin(y_axis)
    end = max(measure(name, LABEL, True) for name in data) + 40
    width = max(300.0, min(WIDTH, 910 - left - end))
    x_axis = _Axis(x_low, x_high, left, width, "x" in log)
    # Few measured places: mark just these.
    places = [(v, number(v)) for v in sorted(set(x.tolist()))] if len(x) <= 8 else None
    _frame(sheet, x_axis, y_axis, xlabel, ylabel, places)
    _series(sheet, x, data, x_axis, y_axis, left + width)
    size = left + width + end, top + HEIGHT + (54 if xlabel else 28)
    return sheet.picture(say or f"{over}: {'; '.join(parts)}.", *size, title)


def _looks(count):
    """Colour, dash and marker of each line; beyond four, the colours come back darker."""
    colours = theme.palette()
    looks = []
    for n in range(count):
        look = theme.role(ORDER[n % 4])
        colour = look.colour if n < 4 else theme.mix(look.colour, colours.ink, 0.5)
        looks.append((colour, look.dash, look.marker if n < 4 else "triangle"))
    return looks


def _series(sheet, x, data, x_axis, y_axis, right):
    ends = []
    for (name, values), look in zip(data.items(), _looks(len(data)), strict=True):
        colour, dash, marker = look
        good = np.isfinite(values) & np.isfinite(x)
        points = [(float(x_axis(a)), float(y_axis(b))) if ok else None
                  for a, b, ok in zip(x, np.where(good, values, 1), good, strict=True)]  # fmt: skip
        run = []
        for point in [*points, None]:
            if point:
                run.append(point)
                continue
            if len(run) > 1:
                sheet.line(run, colour, 2.5, dash)
            run = []
        shown = [p for p in points if p]
        for u, v in shown[:: max(1, len(shown) // 12)]:
            _marker(sheet, u, v, colour, marker)
        ends.append([shown[-1][1] if shown else float(y_axis.start), shown, name, look])
    # Names stand beside the ends of their lines, pushed apart where they would meet.
    ends.sort(key=lambda e: e[0])
    places = [e[0] for e in ends]
    for _ in range(60):
        for n in range(len(places) - 1):
            push = 22 - (places[n + 1] - places[n])
            if push > 0:
                places[n] -= push / 2
                places[n + 1] += push / 2
    top, bottom = y_axis.start + y_axis.length, y_axis.start
    shift = max(0.0, top - places[0])
    shift -= max(0.0, places[-1] + shift - bottom + 4)
    for place, (_, shown, name, (colour, dash, marker)) in zip(places, ends, strict=True):
        y = place + shift
        if shown:
            sheet.line([shown[-1], (right + 8, y)], theme.palette().line, 1)
        sheet.line([(right + 8, y), (right + 30, y)], colour, 2.5, dash)
        _marker(sheet, right + 19, y, colour, marker)
        sheet.text(right + 38, y, name, LABEL, bold=True, across="left")


def _marker(sheet, x, y, colour, kind, r=5):
    if kind == "cross":
        sheet.line([(x - r, y - r), (x + r, y + r)], colour, 2.5)
        sheet.line([(x - r, y + r), (x + r, y - r)], colour, 2.5)
    elif kind == "triangle":
        sheet.polygon([(x, y - 1.2 * r), (x + 1.1 * r, y + r), (x - 1.1 * r, y + r)], colour)
    elif kind == "round":
        sheet.dots([(x, y)], r, colour)
    elif kind == "cut":
        sheet.polygon(
            [(x, y - 1.4 * r), (x + 1.4 * r, y), (x, y + 1.4 * r), (x - 1.4 * r, y)], colour
        )
    else:
        sheet.polygon([(x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r)], colour)
