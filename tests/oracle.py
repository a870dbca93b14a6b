"""Definitions to test against: plain loops, one line of mathematics each, no speed.

All take x of shape (N, Cin, *spatial) and weights with channels, and (lo, hi) pairs as padding.
"""

import itertools

import numpy as np


def gather(x, w, stride, pads, dilation, groups):
    """Convolution by its definition: every output value is a sum over channels and taps."""
    n = x.ndim - 2
    padded = np.zeros(
        x.shape[:2] + tuple(i + lo + hi for i, (lo, hi) in zip(x.shape[2:], pads, strict=True)),
        x.dtype,
    )
    for place in np.ndindex(*x.shape[2:]):
        target = tuple(p + lo for p, (lo, _) in zip(place, pads, strict=True))
        if all(0 <= t < size for t, size in zip(target, padded.shape[2:], strict=True)):
            padded[(..., *target)] = x[(..., *place)]
    size = [
        (padded.shape[2 + a] - dilation[a] * (w.shape[2 + a] - 1) - 1) // stride[a] + 1
        for a in range(n)
    ]
    c_out, per_group = w.shape[:2]
    y = np.zeros((len(x), c_out, *size), np.result_type(x, w))
    for b, c, *o in np.ndindex(*y.shape):
        first = c // (c_out // groups) * per_group
        for q, *t in np.ndindex(*w.shape[1:]):
            at = [o[a] * stride[a] + t[a] * dilation[a] for a in range(n)]
            y[(b, c, *o)] += padded[(b, first + q, *at)] * w[(c, q, *t)]
    return y


def stamp(x, w, stride, pads, output_padding, dilation, groups):
    """Transposed convolution by the canvas law: stamp, add, cut the window out."""
    n = x.ndim - 2
    c_in, per_group = w.shape[:2]
    full = [
        (x.shape[2 + a] - 1) * stride[a] + dilation[a] * (w.shape[2 + a] - 1) + 1 for a in range(n)
    ]
    sheet = np.zeros((len(x), per_group * groups, *full), np.result_type(x, w))
    for b, c, *i in np.ndindex(*x.shape):
        first = c // (c_in // groups) * per_group
        for q, *t in np.ndindex(*w.shape[1:]):
            at = [i[a] * stride[a] + t[a] * dilation[a] for a in range(n)]
            sheet[(b, first + q, *at)] += x[(b, c, *i)] * w[(c, q, *t)]
    window = [
        range(lo, size - hi + op)
        for size, (lo, hi), op in zip(full, pads, output_padding, strict=True)
    ]
    y = np.zeros((*sheet.shape[:2], *map(len, window)), sheet.dtype)
    for place in itertools.product(*(enumerate(r) for r in window)):
        if all(0 <= source < size for (_, source), size in zip(place, full, strict=True)):
            y[(..., *(p for p, _ in place))] = sheet[(..., *(source for _, source in place))]
    return y


def zero_insertion(x, w, stride, pads, output_padding, dilation):
    """Transposed convolution, plain arrays, as a convolution: stretch, border, flipped kernel."""
    stretched = np.zeros([(i - 1) * s + 1 for i, s in zip(x.shape, stride, strict=True)], x.dtype)
    stretched[tuple(slice(None, None, s) for s in stride)] = x
    border = [
        (d * (k - 1) - lo, d * (k - 1) - hi + op)
        for k, d, (lo, hi), op in zip(w.shape, dilation, pads, output_padding, strict=True)
    ]
    one = (1,) * x.ndim
    flipped = w[tuple(slice(None, None, -1) for _ in w.shape)]
    return gather(stretched[None, None], flipped[None, None], one, border, dilation, 1)[0, 0]


def phases(x, w, stride):
    """Transposed convolution, plain arrays, no padding: one small convolution for each phase."""
    full = [(i - 1) * s + k for i, s, k in zip(x.shape, stride, w.shape, strict=True)]
    y = np.zeros(full, np.result_type(x, w))
    for phase in np.ndindex(*stride):
        taps = w[tuple(slice(r, None, s) for r, s in zip(phase, stride, strict=True))]
        if taps.size:
            border = [(k - 1, k - 1) for k in taps.shape]
            flipped = taps[tuple(slice(None, None, -1) for _ in taps.shape)]
            one = (1,) * x.ndim
            part = gather(x[None, None], flipped[None, None], one, border, one, 1)[0, 0]
            place = [
                slice(r, r + (p - 1) * s + 1, s)
                for r, p, s in zip(phase, part.shape, stride, strict=True)
            ]
            y[tuple(place)] = part
    return y
