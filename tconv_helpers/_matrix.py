"""The convolution matrix: dense by strided writes, sparse without the dense one."""

import math

import numpy as np

from tconv_helpers import _geometry as geometry


def dense(w, layer):
    """Write each weight down its diagonal of a matrix of zeros, (Cy · small, Cx · large).

    The next output position stands one row further down and ``stride`` columns further right. A
    view that takes both steps at once is a tap's diagonal, for all channels; padding shortens it.
    """
    g, n = layer.groups, len(layer.kernel)
    cy, cx = len(w) // g, w.shape[1]
    matrix = np.zeros((g, cy, *layer.small, g, cx, *layer.large), w.dtype)
    group, c_out, *rows = matrix.strides[: 2 + n]
    group_too, c_in, *columns = matrix.strides[2 + n :]
    steps = [r + s * c for r, s, c in zip(rows, layer.stride, columns, strict=True)]
    for tap in np.ndindex(*layer.kernel):
        start, shape = 0, []
        for t, r, c, (large, small, _, s, d, lo) in zip(
            tap, rows, columns, geometry.axes(layer), strict=True
        ):
            shift = d * t - lo  # position o meets cell s·o + shift
            first, end = max(0, -(shift // s)), min(small, -((shift - large) // s))
            start += first * r + (s * first + shift) * c
            shape.append(max(end - first, 0))
        if all(shape):
            strides = (group + group_too, c_out, c_in, *steps)
            diagonal = np.ndarray((g, cy, cx, *shape), w.dtype, matrix, start, strides)
            diagonal[...] = w[(..., *tap)].reshape(g, cy, cx, *(1,) * n)
    return matrix.reshape(g * cy * math.prod(layer.small), g * cx * math.prod(layer.large))


def sparse(w, layer):
    """Values, columns and row starts of the entries that are not zero: the CSR form."""
    cell, inside = geometry.meeting_cells(layer)
    c_out, per_group = w.shape[:2]
    width = per_group * layer.groups * math.prod(layer.large)
    kind = np.int32 if max(width, w.size * len(cell)) < 2**31 else np.int64
    source = np.arange(c_out) // (c_out // layer.groups) * per_group
    source = (source[:, None] + np.arange(per_group)) * math.prod(layer.large)
    # Axes: output channel, position, input channel, tap; inside a row the columns ascend.
    column = source[:, None, :, None].astype(kind) + cell[:, None].astype(kind)
    values = w.reshape(c_out, 1, per_group, -1)
    keep = inside[:, None] & (values != 0)
    starts = np.zeros(c_out * len(cell) + 1, kind)
    np.cumsum(keep.sum(axis=(2, 3)), out=starts[1:])
    return np.broadcast_to(values, column.shape)[keep], column[keep], starts
