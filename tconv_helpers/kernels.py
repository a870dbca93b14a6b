"""The three sums that everything is made of, and the fast ways to them.

With o an output position, t a kernel tap and ``o * s + t * d - p`` the position that the two meet
at on the large side:

* :func:`gather`   y[o] = Σ_t x[o·s + t·d − p] · w[t]     many values to one: convolution
* :func:`scatter`  x[o·s + t·d − p] += y[o] · w[t]        one value to many: its transpose
* :func:`pair`     w[t] = Σ_o x[o·s + t·d − p] · y[o]     which pairs a tap has joined: its gradient

Shapes, with "large" the input side of the convolution and "small" its output side:
x (N, Cx, *large), y (N, Cy, *small), w (Cy, Cx / groups, *kernel), all of one dtype.

A gather is :func:`im2col` or :func:`banded_gather`; a scatter is :func:`small`, :func:`subpixel`,
:func:`col2im` or :func:`banded_scatter`. All of a kind give the same sums, rounding apart, for
every layer, and :func:`choose` estimates which is fastest. Integers stay exact.
"""

import math
from functools import lru_cache, partial

import numpy as np

from tconv_helpers import _geometry as geometry
from tconv_helpers._layers import Layer, conv_layer, conv_transpose_layer

__all__ = [
    "Layer",
    "banded_gather",
    "banded_scatter",
    "choose",
    "col2im",
    "conv_layer",
    "conv_transpose_layer",
    "costs",
    "gather",
    "im2col",
    "pair",
    "phase_kernels",
    "scatter",
    "small",
    "subpixel",
]

BLOCK = 2**18  # numbers worked on at a time: about a megabyte, what a core keeps at hand
COLUMNS = 512  # but no fewer positions, or a matrix product spends its time on the weights
TABLE = 2**17  # entries of a banded matrix's tables, which are kept: two megabytes


def gather(x, w, layer):
    """y[o] = Σ_t x[o·s + t·d − p] · w[t]."""
    return ready("gather", layer, len(x), w.shape, x.dtype)(x, w)


def scatter(y, w, layer):
    """x[o·s + t·d − p] += y[o] · w[t]."""
    return ready("scatter", layer, len(y), w.shape, y.dtype)(y, w)


def pair(x, y, w_shape, layer):
    """w[t] = Σ_o x[o·s + t·d − p] · y[o], summed over the batch as well."""
    per_group = y.shape[1] // layer.groups
    x = _frame(x, layer.pads)
    dw = np.zeros((layer.groups, per_group, math.prod(w_shape[1:])), x.dtype)
    for items, rows in _blocks(len(x), layer.small, layer.groups * dw.shape[2]):
        columns = _columns(x, layer, layer.small, items, rows)
        values = y[items, :, rows].swapaxes(0, 1).reshape(layer.groups, per_group, -1)
        dw += values @ columns.swapaxes(1, 2)
    return dw.reshape(w_shape)


# --------------------------------------------------------------------------------- ways to gather


def im2col(x, w, layer):
    """Copy every window into a column, then one matrix product; a block of columns at a time."""
    weights = w.reshape(layer.groups, len(w) // layer.groups, -1)
    x = _frame(x, layer.pads)
    y = np.empty((len(x), *weights.shape[:2], math.prod(layer.small)), x.dtype)
    row = math.prod(layer.small[1:])
    for items, rows in _blocks(len(x), layer.small, sum(weights.shape[1:]) * layer.groups):
        part = weights @ _columns(x, layer, layer.small, items, rows)
        part = part.reshape(*weights.shape[:2], items.stop - items.start, -1)
        y[items, ..., rows.start * row : rows.stop * row] = part.transpose(2, 0, 1, 3)
    return y.reshape(len(x), len(w), *layer.small)


def banded_gather(x, w, layer):
    """Take windows of whole runs of x to runs of y: a slice of the convolution matrix does all."""
    return _banded_gather(layer, len(x), w.shape, x.dtype)(x, w)


@lru_cache(maxsize=64)
def _banded_gather(layer, batch, w_shape, dtype):
    patches = geometry.gather_patches(layer)
    band = geometry.band(patches, layer, w_shape, reads_second=True)
    return _banded(patches, band, batch, layer.large, layer.small, dtype)


# -------------------------------------------------------------------------------- ways to scatter


def small(y, w, layer):
    """Make every product at once and add each where a table says."""
    return _small(layer, len(y), w.shape, y.dtype)(y, w)


@lru_cache(maxsize=64)
def _small(layer, batch, w_shape, dtype):
    """Return :func:`small` with its table made, which takes longer than using it."""
    index = geometry.landing(layer, batch, w_shape)
    values = (batch, w_shape[0], math.prod(layer.small), 1)
    shape = (batch, w_shape[1] * layer.groups, *layer.large)
    cells, in_doubles = math.prod(shape), dtype.char in "fd"
    # BLAS makes a column times a row fastest; but its 0 times a vector is 0 even at an infinity.
    by_blas = w_shape[0] == 1 and math.prod(values) > 1 and math.prod(w_shape) > 1

    def scatter(y, w):
        if by_blas:
            products = y.reshape(-1, 1).dot(w.reshape(1, -1)).ravel()
        else:
            products = (y.reshape(values) * w.reshape(len(w), 1, -1)).ravel()
        if in_doubles:
            sums = np.bincount(index, products, cells).astype(dtype)
        else:  # bincount adds in float64, where 2**53 + 1 is 2**53
            sums = np.zeros(cells + 1, dtype)
            np.add.at(sums, index, products)
        return (sums if len(sums) == cells else sums[:cells]).reshape(shape)

    return scatter


def subpixel(y, w, layer):
    """Convolve with all phases' kernels, stride 1, then interleave the phases: no value is added.

    Where k is no multiple of s, some phases have fewer taps; they are filled up with zeros.
    """
    delays, first, count, ends = geometry.phases(layer)
    weights = phase_kernels(w, layer)
    unit = layer._replace(kernel=delays, stride=(1,) * len(count), dilation=(1,) * len(count))
    y = _frame(y, ends)
    x = np.empty((len(y), w.shape[1] * layer.groups, *layer.large), y.dtype)
    for items, rows in _blocks(len(y), count, sum(weights.shape[1:]) * layer.groups):
        part = weights @ _columns(y, unit, count, items, rows)
        many = (rows.stop - rows.start, *count[1:])
        part = part.reshape(
            layer.groups, *layer.stride, w.shape[1], items.stop - items.start, *many
        )
        _interleave(x[items], part, layer, (first[0] + rows.start, *first[1:]))
    return x


def phase_kernels(w, layer):
    """Cut the kernel into its phases: (groups, phases · Cx / groups, Cy / groups · delays).

    Phase r holds every s-th tap, w[r], w[r + s], … in reverse: the later tap reads further back.
    """
    delays = geometry.phases(layer).delays
    whole = tuple(j * s for j, s in zip(delays, layer.stride, strict=True))
    if whole != layer.kernel:
        taps = zip(layer.kernel, layer.dilation, strict=True)
        w, given = np.zeros((*w.shape[:2], *whole), w.dtype), w
        w[(..., *(slice(0, d * (k - 1) + 1, d) for k, d in taps))] = given
    n, per_group = len(whole), w.shape[0] // layer.groups
    pairs = (v for pair in zip(delays, layer.stride, strict=True) for v in pair)
    cut = w.reshape(layer.groups, per_group, w.shape[1], *pairs)
    cut = cut[(..., *(slice(None, None, -1), slice(None)) * n)]
    # Output channels last make long runs to copy; a matrix product may read its factor transposed.
    cut = cut.transpose(0, 1, *range(3, 3 + 2 * n, 2), *range(4, 4 + 2 * n, 2), 2)
    return cut.reshape(layer.groups, per_group * math.prod(delays), -1).swapaxes(1, 2)


def col2im(y, w, layer):
    """Make every product by one matrix product, then let each tap add its own to its phase."""
    g, per_group, channels = layer.groups, len(w) // layer.groups, w.shape[1]
    weights = w.reshape(g, per_group, -1).swapaxes(1, 2)
    n = len(layer.kernel)
    count = tuple(
        o + j - 1 for o, j in zip(layer.small, geometry.phases(layer).delays, strict=True)
    )
    x = np.zeros((len(y), channels * g, *layer.large), y.dtype)  # no tap may reach its last cells
    for items, rows in _blocks(len(y), layer.small, g * weights.shape[1]):
        values = y[items, :, rows].transpose(1, *range(2, 2 + n), 0)  # items last: longer runs
        products = weights @ values.reshape(g, per_group, -1)
        products = products.reshape(g, channels, *layer.kernel, *values.shape[1:])
        if rows.start == 0:
            part = np.zeros((g, *layer.stride, channels, *count, values.shape[-1]), y.dtype)
        strip = part[(slice(None),) * (2 + n) + (slice(rows.start, None),)]
        for tap, phase, place in geometry.late(layer, values.shape[1]):
            target = strip[(slice(None), *phase, slice(None), *place)]
            target += products[(slice(None), slice(None), *tap)]
        if rows.stop == layer.small[0]:
            part = part.transpose(*range(2 + n), -1, *range(2 + n, 2 + 2 * n))
            _interleave(x[items], part, layer, (0,) * n)
    return x


def _interleave(x, part, layer, first):
    """Write each phase of ``part``, (groups, *stride, Cx / groups, N, *count), to its cells."""
    x = x.reshape(len(x), layer.groups, -1, *x.shape[2:])
    x = x.transpose(1, 2, 0, *range(3, x.ndim))
    n = len(first)
    for phase, cells, positions in geometry.interleaving(layer, first, part.shape[-n:]):
        x[(..., *cells)] = part[(slice(None), *phase, slice(None), slice(None), *positions)]


def banded_scatter(y, w, layer):
    """Take windows of y to whole patches of x: a slice of the transposed matrix does all."""
    return _banded_scatter(layer, len(y), w.shape, y.dtype)(y, w)


@lru_cache(maxsize=64)
def _banded_scatter(layer, batch, w_shape, dtype):
    patches = geometry.scatter_patches(layer)
    band = geometry.band(patches, layer, w_shape, reads_second=False)
    return _banded(patches, band, batch, layer.small, layer.large, dtype)


# --------------------------------------------------------------------------------------- choosing


@lru_cache(maxsize=64)
def ready(sum_, layer, batch, w_shape, dtype):
    """Return the chosen way as a function of the two arrays; kept, and with it all it needs."""
    way = choose(sum_, layer, batch, w_shape, dtype)
    if way in _PREPARED:
        run = _PREPARED[way](layer, batch, w_shape, dtype)
    else:
        run = partial(way, layer=layer)
    if way in (small, im2col, col2im):
        return run
    # The others fill up with zeros, and infinity times zero is a NaN that no sum has asked for.
    exact = partial(im2col if sum_ == "gather" else col2im, layer=layer)
    return lambda a, w: run(a, w) if _finite(a) and _finite(w) else exact(a, w)


_PREPARED = {small: _small, banded_gather: _banded_gather, banded_scatter: _banded_scatter}


def choose(sum_, layer, batch, w_shape, dtype):
    """Return the way that :func:`costs` finds cheapest, for ``"gather"`` or ``"scatter"``."""
    estimate = costs(sum_, layer, batch, w_shape, dtype)
    return min(estimate, key=estimate.get)


def costs(sum_, layer, batch, w_shape, dtype):
    """Estimate the nanoseconds that each way takes: what it multiplies and what it moves.

    The constants are one machine's; what counts is how they compare. In the time of one strided
    write or two copies, BLAS multiplies 25 times; a run of neighbours costs as much as 30 copies
    to begin, an addition in memory as much as seven, and a call of NumPy as much as 10,000.
    """
    g, channels, taps = layer.groups, w_shape[1], math.prod(w_shape[2:])
    per_group, positions = w_shape[0] // g, batch * math.prod(layer.small)
    multiply = 0.01 if np.dtype(dtype).kind == "f" else 1  # BLAS knows no integers

    def product(m, k, n):
        return g * (m * k * n * multiply + (m + k) * n * 0.1 + m * k * 0.1)

    def copy(numbers, run):
        return g * numbers * (0.1 + 3 / run)

    def write(numbers, run):
        return g * numbers * (0.25 + 3 / run)

    def banded(patches, reads, makes):
        if math.prod(w_shape) * len(patches.meetings[-1][0]) > TABLE:
            return math.inf
        k, m = reads * math.prod(patches.window), makes * math.prod(patches.patch)
        n = batch * math.prod(patches.count)
        moved = copy(k * n, patches.window[-1]) + write(m * n, patches.patch[-1])
        return 4_000 + product(m, k, n) + moved + g * m * k * 0.1

    if sum_ == "gather":
        k = channels * taps
        moved = copy(k * positions, layer.small[-1])
        return {
            im2col: 10_000 + product(per_group, k, positions) + moved,
            banded_gather: banded(geometry.gather_patches(layer), channels, per_group),
        }

    delays, _, count, _ = geometry.phases(layer)
    m, k, n = math.prod(layer.stride) * channels, per_group * math.prod(delays), positions
    spread = batch * math.prod(count)
    moved = copy(k * spread, count[-1]) + write(m * spread, count[-1]) + g * m * k * 0.3
    made, late = g * n * per_group * channels * taps, channels * taps
    by_items = batch >= 8 and 8 * math.prod(layer.small) <= COLUMNS
    added = g * late * n * (0.3 if by_items else 0.7)
    ways = {
        subpixel: 15_000 + 1_000 * math.prod(layer.stride) + product(m, k, spread) + moved,
        col2im: 20_000
        + 1_000 * taps
        + product(late, per_group, n)
        + added
        + write(m * n, count[-1]),
        banded_scatter: banded(geometry.scatter_patches(layer), per_group, channels),
    }
    if 0 < made <= 10_000:
        ways[small] = 1_000 + 1.7 * made
    return ways


# ------------------------------------------------------------------------------------ shared parts


def _finite(a):
    """Whether all is finite; the sum of squares is not if it grows too large, and then nor is a."""
    flat = a.reshape(-1)
    return math.isfinite(flat.dot(flat))


def _frame(a, ends):
    """Add zeros at the ends of the spatial axes; a negative number of them crops instead."""
    if not any(map(any, ends)):
        return np.ascontiguousarray(a)
    size, place, source = geometry.frame(a.shape[2:], ends)
    framed = np.zeros(a.shape[:2] + size, a.dtype)
    framed[place] = a[source]
    return framed


def _blocks(batch, shape, numbers):
    """Cut positions, each of so many numbers, into blocks: (items, rows of the first axis).

    Whole items if eight or more fit, one by one otherwise, and by rows if one does not.
    """
    positions = math.prod(shape)
    room = max(COLUMNS, BLOCK // numbers)
    many = room // positions if 8 * positions <= room else 1
    rows = max(1, min(shape[0], room * shape[0] // positions))
    for i in range(0, batch, many):
        for r in range(0, shape[0], rows):
            yield slice(i, min(i + many, batch)), slice(r, min(r + rows, shape[0]))


def _windows(a, window, spacing, step, count, items, rows):
    """View of a block's windows, (items, channels, rows, *count[1:], *window); a has no gaps."""
    item, channel, *cell = a.strides
    starts = [s * c for s, c in zip(step, cell, strict=True)]
    return np.ndarray(
        (items.stop - items.start, a.shape[1], rows.stop - rows.start, *count[1:], *window),
        a.dtype,
        a,
        items.start * item + rows.start * starts[0],
        (item, channel, *starts, *[d * c for d, c in zip(spacing, cell, strict=True)]),
    )


def _columns(a, layer, count, items, rows):
    """A block's windows as columns: (groups, channels / groups · taps, items · positions)."""
    windows = _windows(a, layer.kernel, layer.dilation, layer.stride, count, items, rows)
    n = len(count)
    windows = windows.transpose(1, *range(2 + n, 2 + 2 * n), 0, *range(2, 2 + n))
    rows = a.shape[1] // layer.groups * math.prod(layer.kernel)
    return windows.reshape(layer.groups, rows, -1)


def _banded(patches, band, batch, side, size, dtype):
    """Return a function that multiplies each window of ``side`` with the matrix of its patch."""
    matrix_shape, places, weights = band
    g, reads, makes = matrix_shape
    per_group, channels = reads // math.prod(patches.window), makes // math.prod(patches.patch)
    framed, given, taken = geometry.frame(side, patches.ends)
    framed = (batch, per_group * g, *framed)
    item, channel, *cells = _strides(framed, dtype.itemsize)
    steps = [s * c for s, c in zip(patches.step, cells, strict=True)]
    inner = (s * c for s, c in zip(patches.spacing, cells, strict=True))
    strides = (per_group * channel, item, *steps, channel, *inner)
    n = len(size)
    order = (1, 0, 2 + n, *(v for axis in range(n) for v in (2 + axis, 3 + n + axis)))
    blocks = []
    for items, rows in _blocks(batch, patches.count, (reads + makes) * g):
        count = (items.stop - items.start, rows.stop - rows.start, *patches.count[1:])
        first, stop = rows.start * patches.patch[0], min(rows.stop * patches.patch[0], size[0])
        start = items.start * item + rows.start * steps[0]
        whole = (c * p for c, p in zip(count[1:], patches.patch, strict=True))
        blocks.append(
            (
                (g, *count, per_group, *patches.window),
                start,
                (g, *count, channels, *patches.patch),
                (count[0], g * channels, *whole),
                (items, slice(None), slice(first, stop)),
                (..., slice(stop - first), *map(slice, size[1:])),
            )
        )

    def multiply(a, w):
        matrix = np.zeros(matrix_shape, dtype)
        matrix.reshape(-1)[places] = w.reshape(-1)[weights]
        values = np.zeros(framed, dtype)
        values[given] = a[taken]
        result = np.empty((batch, g * channels, *size), dtype)
        for shape, start, made, whole, place, inside in blocks:
            windows = np.ndarray(shape, dtype, values, start, strides).reshape(g, -1, reads)
            part = (windows @ matrix).reshape(made).transpose(order).reshape(whole)
            result[place] = part[inside]
        return result

    return multiply


def _strides(shape, itemsize):
    """Bytes from one value to the next along each axis of an array that has no gaps."""
    return [itemsize * math.prod(shape[axis + 1 :]) for axis in range(len(shape))]
