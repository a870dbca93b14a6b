"""Random layers for property tests: small integers, every setting legal."""

from types import SimpleNamespace

import numpy as np
from hypothesis import strategies as st

from tconv_helpers import ops

CONV = {1: ops.conv1d, 2: ops.conv2d, 3: ops.conv3d}
CONV_TRANSPOSE = {1: ops.conv_transpose1d, 2: ops.conv_transpose2d, 3: ops.conv_transpose3d}
CONV_BACKWARD = {1: ops.conv1d_backward, 2: ops.conv2d_backward, 3: ops.conv3d_backward}
CONV_TRANSPOSE_BACKWARD = {
    1: ops.conv_transpose1d_backward,
    2: ops.conv_transpose2d_backward,
    3: ops.conv_transpose3d_backward,
}
BIGGEST = {1: 7, 2: 4, 3: 3}


@st.composite
def axes(draw, n, *, transposed):
    """Return size, kernel, stride, dilation, (lo, hi) pads and output_padding, one per axis."""
    rows = []
    for _ in range(n):
        i = draw(st.integers(1, BIGGEST[n]))
        k = draw(st.integers(1, 3 if n < 3 else 2))
        s = draw(st.integers(1, 3))
        d = draw(st.integers(1, 2))
        op = draw(st.integers(0, max(s, d) - 1)) if transposed else 0
        lo = draw(st.integers(-2, 3))
        span = d * (k - 1) + 1
        full = (i - 1) * s + span
        if transposed:  # at least one cell of the canvas remains
            most = full - lo + op - 1
            hi = draw(st.integers(min(-2, most), min(3, most)))
        else:  # the kernel fits into the padded input
            least = span - i - lo
            hi = draw(st.integers(max(-2, least), max(3, least)))
        rows.append((i, k, s, d, (lo, hi), op))
    return tuple(map(tuple, zip(*rows, strict=True)))


@st.composite
def layers(draw, *, transposed, plain=False, n=None):
    """Return a namespace with the arrays x and w and the keywords of one legal layer."""
    n = draw(st.integers(1, 3)) if n is None else n
    i, k, s, d, pads, op = draw(axes(n, transposed=transposed))
    groups = 1 if plain else draw(st.integers(1, 2))
    a, b = (1, 1) if plain else (draw(st.integers(1, 2)), draw(st.integers(1, 2)))
    batch = 1 if plain else draw(st.integers(0, 2))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    first = a * groups
    x_channels = first if transposed else b * groups
    x = rng.integers(-9, 10, (batch, x_channels, *i))
    w = rng.integers(-9, 10, (first, b, *k))
    keywords = dict(stride=s, padding=pads, dilation=d, groups=groups)
    if transposed:
        keywords["output_padding"] = op
    if plain:
        del keywords["groups"]
        x, w = x[0, 0], w[0, 0]
    return SimpleNamespace(n=n, x=x, w=w, keywords=keywords, rng=rng, transposed=transposed)
