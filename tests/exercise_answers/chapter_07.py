"""Planted answers of chapter 07. The tables are explained in tests/test_exercises_answers.py."""

import numpy as np


def painted_right(layers):
    side = 1
    for k, s in layers:
        side = (side - 1) * s + k
    return side


def painted_by_marking(layers):
    """Paint it: a set of cells."""
    cells = {0}
    for k, s in layers:
        cells = {cell * s + t for cell in cells for t in range(k)}
    return max(cells) + 1


def painted_sum(layers):
    return 1 + sum(k - 1 for k, s in layers)


def painted_from_the_end(layers):
    side = 1
    for k, s in reversed(layers):
        side = (side - 1) * s + k
    return side


def painted_one_step_too_many(layers):
    side = 1
    for k, s in layers:
        side = side * s + k
    return side


def painted_strides(layers):
    return int(np.prod([s for k, s in layers]))


def painted_kernels(layers):
    return int(np.prod([k for k, s in layers]))


RIGHT = {
    "layer-cost": [(524288, 134217728, 536870912), [524288.0, 134217728.0, 536870912.0]],
    "painted": [painted_right, painted_by_marking],
    "decoder-budget": [
        (4, 2, 1, 0, 4, 2, 1, 0),
        (2 + 1, 1, 1, 0, 8, 4, 2, 0),
        np.array([4, 2, 1, 0, 6, 2, 2, 0]),
        (3, 2, 1, 1, 4, 2, 1, 0),
    ],
    "small-but-costly": [(1024, 512, 5), (1024, 1000, 4), [1000, 1000, 4]],
    "map-values": [(2816, 1024, 16384), [2816, 1024.0, 128**2]],
}

WRONG = {
    "layer-cost": [
        ((131072, 33554432, 134217728), "4 × 4: 16"),
        ((524416, 134250496, 537001984), "`bias=False` has none"),
        ((16, 4096, 16384), "256 · 128 pairs"),
        ((524288, 536870912, 134217728), "have changed places"),
        ((524288, 134217728, 268435456), "4 times as many"),
        ((524288, 8388608, 16777216), "4 times as many"),
        ((524288, 8388608, 33554432), "has 256"),
    ],
    "painted": [
        (painted_sum, "right at stride 1"),
        (painted_from_the_end, "from the last to the first"),
        (painted_one_step_too_many, "r − 1 steps"),
        (painted_strides, "how far apart"),
        (painted_kernels, "Kernels do not multiply"),
    ],
    "decoder-budget": [
        ((2, 2, 0, 0, 2, 2, 0, 0), "only tile"),
        ((6, 2, 2, 0, 4, 2, 1, 0), "All but the budget"),
        ((4, 2, 1, 0, 3, 2, 1, 1), "some phases get more"),
        ((4, 2, 0, 0, 4, 2, 0, 0), "The strides are right"),
        ((4, 2, 1, 0, 3, 1, 1, 0), "multiply to 4"),
    ],
    "small-but-costly": [
        ((64, 64, 50), "nobody uses one there"),
        ((512, 512, 4), "inserted zeros are no work"),
        ((64, 64, 4), "16 positions instead"),
        ((256, 256, 4), "not yet enough"),
    ],
    "map-values": [
        ((1024, 1024, 16384), "as the tutorial means it"),
        ((2816, 1024, 512), "× 32 once"),
        ((2816, 1024, 128), "128 is the side"),
        ((2816, 1024, 1024), "side of 4"),
    ],
}

LOST = {
    "equal-cost": [
        ("1024 → 512", "most parameters"),
        ("256 → 128", "most positions"),
        ("512 → 256", "Neither end"),
    ],
    "no-overlap": [("constant", "every stamp is the kernel")],
    "share-of-up": [("about a third", "nine taps"), ("above half", "four taps only")],
}
