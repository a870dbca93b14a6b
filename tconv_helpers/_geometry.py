"""Where things meet: tables of one layer's positions, made once per shape and kept.

Tap t of small position o meets the large side at cell x, and dividing by the stride splits that
equation in two: every s-th cell makes a phase, and inside it a tap only comes later or earlier.

    x + lo = s·o + d·t          x + lo = s·q + r,   d·t = s·j + r,   q = o + j

Each table is a bounded cache of read-only data. None depends on an array's values.
"""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np


def axes(layer):
    """Per axis: large, small, kernel, stride, dilation, lo."""
    lows = tuple(lo for lo, _ in layer.pads)
    sides = (layer.large, layer.small, layer.kernel, layer.stride, layer.dilation, lows)
    return list(zip(*sides, strict=True))


def meeting(layer):
    """Per axis, the table (small, kernel) of positions on the large side; outside ones included."""
    return [np.arange(o)[:, None] * s + np.arange(k) * d - lo for _, o, k, s, d, lo in axes(layer)]


def meeting_cells(layer):
    """Large-side cell of every (small position, tap), all in C order, and whether it is inside."""
    cell, inside = np.zeros((1, 1), int), np.ones((1, 1), bool)
    for size, table in zip(layer.large, meeting(layer), strict=True):
        # Join this axis' (o, k) table to those before it: both o and k count in C order.
        cell = cell[:, None, :, None] * size + table[None, :, None, :]
        inside = inside[:, None, :, None] & ((table >= 0) & (table < size))[None, :, None, :]
        cell = cell.reshape(cell.shape[0] * cell.shape[1], -1)
        inside = inside.reshape(cell.shape)
    return cell, inside


def landing(layer, batch, w_shape):
    """Output cell of each product (batch, input channel, position, output channel, tap).

    A product that lands outside is sent to one cell behind the last.
    """
    cell, inside = meeting_cells(layer)
    (c_in, per_group), size = w_shape[:2], math.prod(layer.large)
    group = np.arange(c_in) // (c_in // layer.groups)
    sheet = (np.arange(batch)[:, None] * layer.groups + group)[:, :, None] * per_group
    sheet = sheet[..., None] + np.arange(per_group)
    cells = batch * layer.groups * per_group * size
    index = np.where(inside[:, None], sheet[..., None] * size + cell[:, None], cells)
    return _frozen(index.ravel())


@lru_cache(maxsize=256)
def frame(size, ends):
    """Size of an array with zeros added at its ends, where it stands in there, what stands there.

    A negative number of zeros crops.
    """
    pairs = list(zip(size, ends, strict=True))
    framed = tuple(i + lo + hi for i, (lo, hi) in pairs)
    place = (slice(max(lo, 0), max(i + lo + min(hi, 0), 0)) for i, (lo, hi) in pairs)
    source = (slice(max(-lo, 0), max(i + min(hi, 0), 0)) for i, (lo, hi) in pairs)
    return framed, (..., *place), (..., *source)


# ----------------------------------------------------------------------------------------- phases


class Phases(NamedTuple):
    """The phases of a transposed convolution, one entry per axis."""

    delays: tuple[int, ...]  # taps of the longest phase, so the size of every phase's kernel
    first: tuple[int, ...]  # position q that the output's first cell belongs to
    count: tuple[int, ...]  # positions that the output spans
    ends: tuple[tuple[int, int], ...]  # zeros around the input that all of them read


@lru_cache(maxsize=64)
def phases(layer):
    """Return the layer's :class:`Phases`."""
    rows = []
    for large, small, k, s, d, lo in axes(layer):
        delays, first, last = d * (k - 1) // s + 1, lo // s, (lo + large - 1) // s
        rows.append((delays, first, last - first + 1, (delays - 1 - first, last - (small - 1))))
    return Phases(*zip(*rows, strict=True))


@lru_cache(maxsize=64)
def late(layer, rows):
    """For each tap: (tap, its phase, the positions inside the phase that ``rows`` of y add to)."""
    result = []
    for tap in np.ndindex(*layer.kernel):
        split = [
            divmod(d * t, s) for t, d, s in zip(tap, layer.dilation, layer.stride, strict=True)
        ]
        many = (rows, *layer.small[1:])
        place = tuple(slice(j, j + o) for (j, _), o in zip(split, many, strict=True))
        result.append((tap, tuple(r for _, r in split), place))
    return result


@lru_cache(maxsize=64)
def interleaving(layer, first, count):
    """For each phase: (phase, its cells of the output, the positions that these come from).

    The positions are ``count`` of them from ``first`` on; those outside the output are left out.
    """
    table = []
    for (large, _, _, s, _, lo), q, many in zip(axes(layer), first, count, strict=True):
        rows = []
        for r in range(s):
            x = s * q + r - lo  # the cell of the first position; it may lie before the output
            skip = -min(x // s, 0)
            stop = max(skip, min(many, -((x - large) // s)))
            rows.append((slice(x + s * skip, max(x + s * stop, 0), s), slice(skip, stop)))
        table.append(rows)
    return [
        (phase, *zip(*(rows[r] for rows, r in zip(table, phase, strict=True)), strict=True))
        for phase in np.ndindex(*layer.stride)
    ]


# ----------------------------------------------------------------------------------------- patches


class Patches(NamedTuple):
    """How one banded matrix takes windows of one side to patches of the other, per axis."""

    window: tuple[int, ...]  # values that a patch is made of
    spacing: tuple[int, ...]  # cells between them
    step: tuple[int, ...]  # cells from one window to the next
    patch: tuple[int, ...]  # values that a window makes
    count: tuple[int, ...]  # how many patches
    ends: tuple[tuple[int, int], ...]  # zeros around the side that is read
    meetings: tuple[tuple[np.ndarray, ...], ...]  # (window value, patch value, tap) that meet


def gather_patches(layer):
    """Patches of neighbouring small positions; position o reads cells s·o + d·t − lo."""
    rows, last = [], len(layer.kernel) - 1
    for axis, (large, small, k, s, d, lo) in enumerate(axes(layer)):
        many = _width(small, 1) if axis == last else 1
        spacing = d if many == 1 else 1
        m, t = np.arange(many)[:, None], np.arange(k)
        source = (m * s + t * d) // spacing
        window, step, count = int(source.max()) + 1, many * s, -(-small // many)
        ends = (lo, (count - 1) * step + (window - 1) * spacing + 1 - large - lo)
        rows.append((window, spacing, step, many, count, ends, (source, m, t)))
    return Patches(*zip(*rows, strict=True))


def scatter_patches(layer):
    """Patches of whole strides of cells; cell s·i + r reads position i − j, d·t − lo = s·j + r."""
    rows, last = [], len(layer.kernel) - 1
    for axis, (large, small, k, s, d, lo) in enumerate(axes(layer)):
        strides = -(-large // s)
        many = _width(strides, s) if axis == last else 1
        m, t = np.arange(many)[:, None], np.arange(k)
        j, r = np.divmod(d * t - lo, s)
        latest = int(j.max())
        window, count = many + latest - int(j.min()), -(-strides // many)
        ends = (latest, (count - 1) * many + window - latest - small)
        rows.append((window, 1, many, many * s, count, ends, (m - j + latest, m * s + r, t)))
    return Patches(*zip(*rows, strict=True))


def _width(steps, cells):
    """Steps in a patch: about 32 cells are a run worth copying, and the band is not yet thin."""
    return min(steps, max(1, 32 // cells))


def band(patches, layer, w_shape, *, reads_second):
    """Shape of the matrix, (groups, channels · window, channels · patch), and what it holds.

    That is: entry ``places`` of the flat matrix holds entry ``weights`` of the flat w. Of the two
    channel axes of w, the second belongs to the side that is read, or to the one that is made.
    """
    groups, first, second = layer.groups, w_shape[0] // layer.groups, w_shape[1]
    g, a, b = np.ogrid[:groups, :first, :second]
    row, column = (g * second + b, a) if reads_second else (g * first + a, b)
    weight = (g * first + a) * second + b
    # Rows, columns and weights are all counted in C order, an axis at a time.
    for meeting, window, patch, k in zip(
        patches.meetings, patches.window, patches.patch, layer.kernel, strict=True
    ):
        source, goal, tap = (table.ravel() for table in np.broadcast_arrays(*meeting))
        row = row[..., None] * window + source
        column = column[..., None] * patch + goal
        weight = weight[..., None] * k + tap
        row, column, weight = (v.reshape(*v.shape[:3], -1) for v in (row, column, weight))
    reads, makes = (second, first) if reads_second else (first, second)
    shape = (groups, reads * math.prod(patches.window), makes * math.prod(patches.patch))
    return shape, _frozen((row * shape[2] + column).ravel()), _frozen(weight.ravel())


def _frozen(table):
    table.flags.writeable = False
    return table
