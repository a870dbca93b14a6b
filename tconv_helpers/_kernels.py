"""The three sums that everything is made of.

With o an output position, t a kernel tap and ``o * s + t * d - p`` the position that the two meet
at on the large side:

* :func:`gather`   y[o] = Σ_t x[o·s + t·d − p] · w[t]     many values to one: convolution
* :func:`scatter`  x[o·s + t·d − p] += y[o] · w[t]        one value to many: its transpose
* :func:`pair`     w[t] = Σ_o x[o·s + t·d − p] · y[o]     which pairs a tap has joined: its gradient

Shapes, with "large" the input side of the convolution and "small" its output side:
x (N, Cx, *large), y (N, Cy, *small), w (Cy, Cx / groups, *kernel).
"""

import math

import numpy as np


def _columns(x, layer):
    """im2col: (N, groups, Cx / groups · taps, output positions), one column per window."""
    n = len(layer.large)
    spatial = tuple(range(2, 2 + n))
    span = [d * (k - 1) + 1 for k, d in zip(layer.kernel, layer.dilation, strict=True)]
    framed = _reframe(x, layer.pads)
    windows = np.lib.stride_tricks.sliding_window_view(framed, span, axis=spatial)
    steps = tuple(slice(None, None, s) for s in layer.stride)
    taps = tuple(slice(None, None, d) for d in layer.dilation)
    windows = windows[(slice(None), slice(None), *steps, *taps)]
    order = (0, 1, *range(2 + n, 2 + 2 * n), *spatial)  # taps before positions
    rows = x.shape[1] // layer.groups * math.prod(layer.kernel)
    return windows.transpose(order).reshape(len(x), layer.groups, rows, math.prod(layer.small))


def gather(x, w, layer):
    """y[o] = Σ_t x[o·s + t·d − p] · w[t]."""
    weights = w.reshape(layer.groups, w.shape[0] // layer.groups, -1)
    y = weights @ _columns(x, layer)
    return y.reshape(len(x), w.shape[0], *layer.small)


def scatter(y, w, layer):
    """x[o·s + t·d − p] += y[o] · w[t]: every tap adds one strided copy of y to the canvas."""
    per_group = w.shape[0] // layer.groups
    weights = w.reshape(layer.groups, per_group, -1).transpose(0, 2, 1)
    products = weights @ y.reshape(len(y), layer.groups, per_group, math.prod(layer.small))
    channels = w.shape[1] * layer.groups
    products = products.reshape(len(y), channels, *layer.kernel, *layer.small)

    geometry = list(zip(layer.small, layer.kernel, layer.stride, layer.dilation, strict=True))
    full = [(o - 1) * s + d * (k - 1) + 1 for o, k, s, d in geometry]
    sheet = np.zeros((len(y), channels, *full), products.dtype)
    for tap in np.ndindex(*layer.kernel):
        place = [
            slice(t * d, t * d + (o - 1) * s + 1, s)
            for t, (o, _, s, d) in zip(tap, geometry, strict=True)
        ]
        sheet[(..., *place)] += products[(slice(None), slice(None), *tap)]
    # The last stride of a convolution may leave input cells that no window reached: they stay 0.
    ends = [
        (-lo, large - (size - lo))
        for (lo, _), large, size in zip(layer.pads, layer.large, full, strict=True)
    ]
    return _reframe(sheet, ends)


def pair(x, y, w_shape, layer):
    """w[t] = Σ_o x[o·s + t·d − p] · y[o], summed over the batch as well."""
    columns = _columns(x, layer)
    shape = (len(y), layer.groups, y.shape[1] // layer.groups, math.prod(layer.small))
    values = y.reshape(shape)
    return (values @ columns.transpose(0, 1, 3, 2)).sum(axis=0).reshape(w_shape)


def _reframe(a, ends):
    """Add zeros at the ends of the spatial axes; a negative number of them crops instead."""
    keep, grow = [], []
    for size, (lo, hi) in zip(a.shape[2:], ends, strict=True):
        total = size + lo + hi
        start = min(max(-lo, 0), size)
        stop = max(min(size + hi, size), start)
        before = min(max(lo, 0), total)
        keep.append(slice(start, stop))
        grow.append((before, total - before - (stop - start)))
    a = a[(..., *keep)]
    return np.pad(a, [(0, 0), (0, 0), *grow]) if any(map(any, grow)) else a


def matrix_entries(w, layer):
    """Row, column and value of every entry of the convolution matrix, zero weights included."""
    row = np.arange(math.prod(layer.small))[:, None]
    column, inside = np.zeros((1, 1), int), np.ones((1, 1), bool)
    for size, table in zip(layer.large, meeting(layer), strict=True):
        # Join this axis' (o, k) table to those before it: both o and k count in C order.
        column = column[:, None, :, None] * size + table[None, :, None, :]
        inside = inside[:, None, :, None] & ((table >= 0) & (table < size))[None, :, None, :]
        column = column.reshape(column.shape[0] * column.shape[1], -1)
        inside = inside.reshape(column.shape)

    c_out, per_group = w.shape[:2]
    cells = math.prod(layer.large)
    out = np.arange(c_out)[:, None]
    source = out // (c_out // layer.groups) * per_group + np.arange(per_group)
    shape = (c_out, per_group, *column.shape)
    rows = np.broadcast_to(out[:, :, None, None] * len(row) + row, shape)
    columns = source[:, :, None, None] * cells + column
    values = np.broadcast_to(w.reshape(c_out, per_group, 1, -1), shape)
    keep = np.broadcast_to(inside, shape)
    return rows[keep], columns[keep], values[keep]


def meeting(layer):
    """Per axis, the table (small, kernel) of positions on the large side; outside ones included."""
    return [
        np.arange(o)[:, None] * s + np.arange(k) * d - lo
        for o, k, s, d, (lo, _) in zip(
            layer.small, layer.kernel, layer.stride, layer.dilation, layer.pads, strict=True
        )
    ]
