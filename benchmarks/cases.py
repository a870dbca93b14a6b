"""The layers that are timed, and what is asked of them."""

import math
from typing import NamedTuple


class Case(NamedTuple):
    """One layer. Shapes are PyTorch's: w is (Cin, Cout / groups, k, k) if transposed."""

    name: str
    kind: str  # "conv_transpose" or "conv"
    x: tuple[int, int, int, int]
    w: tuple[int, int, int, int]
    stride: int = 1
    padding: int = 0
    groups: int = 1
    limit: float | None = None  # largest ratio to PyTorch in float32; None: not asked for

    @property
    def settings(self):
        return dict(stride=self.stride, padding=self.padding, groups=self.groups)

    @property
    def kernel(self):
        return self.w[-1]

    @property
    def out(self):
        """The shape of y."""
        n, _, *spatial = self.x
        k, s, p = self.kernel, self.stride, self.padding
        if self.kind == "conv_transpose":
            return n, self.w[1] * self.groups, *((i - 1) * s + k - 2 * p for i in spatial)
        return n, self.w[0], *((i + 2 * p - k) // s + 1 for i in spatial)

    @property
    def macs(self):
        """Multiplications that the definition asks for: each one joins an x, a w and a y."""
        positions = self.x if self.kind == "conv_transpose" else self.out
        return positions[0] * math.prod(positions[2:]) * math.prod(self.w)


def up(name, x, c_out, k, s, p=0, groups=1, limit=1.4):
    return Case(name, "conv_transpose", x, (x[1], c_out // groups, k, k), s, p, groups, limit)


def down(name, x, c_out, k, s=1, p=0, limit=None):
    return Case(name, "conv", x, (c_out, x[1], k, k), s, p, limit=limit)


DCGAN = [(100, 512, 1, 1, 0), (512, 256, 4, 2, 1), (256, 128, 8, 2, 1), (128, 64, 16, 2, 1)]
DCGAN += [(64, 3, 32, 2, 1)]

TRANSPOSED = [
    up("4×4, k3 s2", (1, 1, 4, 4), 1, 3, 2, limit=1.15),
    up("28×28, k3 s2", (1, 1, 28, 28), 1, 3, 2),
    up("512×512, k4 s2 p1", (1, 1, 512, 512), 1, 4, 2, 1),
    *(
        up(f"DCGAN {n}, {c}→{d} from {i}×{i}, batch {batch}", (batch, c, i, i), d, 4, s, p)
        for batch in (1, 64)
        for n, (c, d, i, s, p) in enumerate(DCGAN, start=1)
    ),
    up("U-Net 64→32 at 128×128, k2 s2", (1, 64, 128, 128), 32, 2, 2),
    up("FCN 21 at 16×16, k64 s32", (1, 21, 16, 16), 21, 64, 32),
    up("FCN 21 at 70×70, k16 s8", (1, 21, 70, 70), 21, 16, 8),
]
FORWARD = [
    down("64→64 at 56×56, k3 p1", (1, 64, 56, 56), 64, 3, p=1, limit=1.6),
    down("64→64 at 112×112, k3 p1", (1, 64, 112, 112), 64, 3, p=1, limit=1.6),
    down("64→64 at 224×224, k3 p1", (1, 64, 224, 224), 64, 3, p=1, limit=1.6),
    down("3→64 at 224×224, k3 p1", (1, 3, 224, 224), 64, 3, p=1, limit=1.6),
    down("512×512, k3", (1, 1, 512, 512), 1, 3, limit=0.6),
]
# No ratio is asked of these: they show where the borders lie.
BESIDE = [
    up("1024×1024 in colour, k4 s2 p1", (1, 3, 1024, 1024), 3, 4, 2, 1, limit=None),
    up("U-Net 1024→512 at 32×32, k2 s2", (1, 1024, 32, 32), 512, 2, 2, limit=None),
    up("FCN 21 groups at 16×16, k64 s32", (1, 21, 16, 16), 21, 64, 32, groups=21, limit=None),
    down("512×512, k11", (1, 1, 512, 512), 1, 11),
    down("3→64 at 224×224, k7 s2 p3", (1, 3, 224, 224), 64, 7, 2, 3),
]
QUICK = {"4×4, k3 s2", "28×28, k3 s2", "512×512, k4 s2 p1", "512×512, k3"}
QUICK |= {case.name for case in TRANSPOSED if "batch 1" in case.name}

LIMIT_F64 = 1.3
MEAN_F32, MEAN_F64 = 0.70, 0.5  # geometric means over TRANSPOSED
LOOPS, LOOPS_AT = 100, "28×28, k3 s2"  # times faster than nested stamp loops
ZERO_INSERTION = 5  # times faster, geometric mean over TRANSPOSED
CORRELATE2D, CORRELATE2D_AT = 8, "512×512, k3"  # times faster than scipy.signal.correlate2d
EXTRA_MEMORY = 3.0  # beyond the arrays, over the size of input + weights + output
IMPORT = 1.2  # import tconv_helpers.ops : import numpy
MEMORY_GB = 1.5  # a process that transposes 4096×4096, k4 s2
SPARSE_SECONDS = 1.0  # convolution_matrix, 3×3 on 512×512, sparse=True
