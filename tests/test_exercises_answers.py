"""Every exercise: right answers pass, wrong ones meet their own diagnosis, nothing is missing.

The planted answers are written out here, as a learner would write them, and not taken from the
definitions that they test.
"""

import json
import re
import runpy
from pathlib import Path

import numpy as np
import pytest

from tconv_helpers import exercises, ops
from tconv_helpers.exercises._exercise import When
from tconv_helpers.exercises._function import Function
from tconv_helpers.exercises._value import Bet

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
CHAPTERS = exercises.CHAPTERS
EVERY = {name: exercise for chapter in CHAPTERS.values() for name, exercise in chapter.items()}
BETS = {name: exercise for name, exercise in EVERY.items() if isinstance(exercise, Bet)}


@pytest.fixture(autouse=True)
def fresh():
    exercises.start_over()
    yield
    exercises.start_over()


# ------------------------------------------------------------- what learners write for a function


def taps_right(x, w):
    oh, ow = x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1
    y = np.zeros((oh, ow))
    for u in range(w.shape[0]):
        for v in range(w.shape[1]):
            y += w[u, v] * x[u : u + oh, v : v + ow]
    return y


def taps_as_window(x, w):
    oh, ow = x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1
    return [
        [int((x[r : r + len(w), c : c + len(w[0])] * w).sum()) for c in range(ow)]
        for r in range(oh)
    ]


def taps_overwritten(x, w):
    oh, ow = x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1
    for u, v in np.ndindex(*w.shape):
        y = w[u, v] * x[u : u + oh, v : v + ow]
    return y


def matrix_right(w, i, stride):
    return np.array(
        [[0] * r + list(w) + [0] * (i - r - len(w)) for r in range(0, i - len(w) + 1, stride)]
    )


def matrix_by_probing(w, i, stride):
    return np.stack([ops.conv1d(unit, w, stride=stride) for unit in np.eye(i)], axis=1)


def matrix_one_step(w, i, stride):
    o = (i - len(w)) // stride + 1
    C = np.zeros((o, i))
    for r in range(o):
        C[r, r : r + len(w)] = w
    return C


def matrix_around(w, i, stride):
    C = np.zeros((-(-i // stride), i))
    for r in range(len(C)):
        for t in range(len(w)):
            C[r, (r * stride + t) % i] += w[t]
    return C


def channels_right(x, w, stride, padding):
    out = 0
    for i in range(len(x)):
        out = out + np.array(
            [ops.conv_transpose2d(x[i], k, stride=stride, padding=padding) for k in w[i]]
        )
    return out


def channels_last(x, w, stride, padding):
    for i in range(len(x)):
        out = np.array(
            [ops.conv_transpose2d(x[i], k, stride=stride, padding=padding) for k in w[i]]
        )
    return out


def channels_swapped(x, w, stride, padding):
    outputs, inputs = w.shape[:2]
    return np.array(
        [
            sum(
                ops.conv_transpose2d(x[i], w[o, i], stride=stride, padding=padding)
                for i in range(inputs)
            )
            for o in range(outputs)
        ]
    )


def extra_right(wanted, i, k, s, p):
    low = (i - 1) * s + k - 2 * p
    return wanted - low if low <= wanted < low + s else None


def extra_searched(wanted, i, k, s, p):
    for op in range(s):
        if (i - 1) * s + k - 2 * p + op == wanted:
            return op


def sums_loops(w, s):
    out = np.zeros((s, s))
    for r in range(w.shape[0]):
        for c in range(w.shape[1]):
            out[r % s, c % s] += w[r, c]
    return out


def sums_slices(w, s):
    return [[w[r::s, c::s].sum() for c in range(s)] for r in range(s)]


def even_right(w, s):
    out = w.astype(float)
    for r in range(s):
        out[r::s] += (w.sum() / s - w[r::s].sum()) / len(w[r::s])
    return out


def even_projected(w, s):
    """Least squares with constraints, by the normal equations."""
    rows = np.array([[float(t % s == r) for t in range(len(w))] for r in range(s)])
    return w - rows.T @ np.linalg.solve(rows @ rows.T, rows @ w - w.sum() / s)


def even_scaled(w, s):
    out = w.astype(float)
    for r in range(s):
        out[r::s] *= w.sum() / s / w[r::s].sum()
    return out


# Exercise → answers that must pass; at least two, and none like the other.
RIGHT = {
    "top-row": [2, 2.0, np.array(2)],
    "one-stamp": [[[3, 6], [0, 3]], 3 * np.array([[1.0, 2], [0, 1]])],
    "canvas-cells": [
        lambda i, k, s: (i - 1) * s + k,
        lambda i, k, s: len(range(0, i * s, s)) * s - s + k,
    ],
    "make-ten": [[[10, 0], [0, 0]], [[4, 3], [2, 1]], np.array([[-5, 5], [12, -2]])],
    "size": [(4, 1), [4.0, 1.0]],
    "taps": [taps_right, taps_as_window, lambda x, w: ops.conv2d(x, w)],
    "shift": [
        [[0, 0, 0], [1, 0, 0], [0, 0, 0]],
        np.eye(3)[[1, 0, 2]].T[:, [0, 1, 2]] * [[0], [1], [0]],
    ],
    "halve": [(2, 2, 0), (3, 2, 1), (4, 2, 1), [5, 2, 2], np.array([6, 2, 2])],
    "blind": [[0, 1, 0, 0, 0, 0, 0, 0, 0], [0.5, 7, 0.5, 0, -0.5, 0, 1 / 6, 1, 1 / 18]],
    "write-the-rows": [
        [[1, 3, 0, 0, 0, 0], [0, 2, 1, 3, 0, 0], [0, 0, 0, 2, 1, 3]],
        ops.conv1d(np.eye(6)[:, None], np.array([[[2, 1, 3]]]), stride=2, padding=1)[:, 0].T,
    ],
    "build-a-strided-matrix": [matrix_right, matrix_by_probing],
    "design-a-matrix": [(2, 2, 0), (7, 1, 0), (9, 1, 1), (6, 2, 2), (3, 3, 3)],
    "hide-a-picture": [
        np.indices((5, 5)).sum(axis=0),
        np.multiply.outer(np.arange(5), np.arange(5)),
        (np.indices((5, 5))[0] ** 2 - np.indices((5, 5))[1] ** 2).tolist(),
    ],
    "doubt-the-blur": [(4, 16, 16), np.array([4, 16, 16])],
    "stamps-on-paper": [[1, 10, 102, 20, 203, 30, 300], (1.0, 10, 102, 20, 203, 30, 300)],
    "channels": [
        channels_right,
        lambda x, w, s, p: ops.conv_transpose2d(x, w, stride=s, padding=p),
    ],
    "up-and-down": [[[4, 2], [2, 1]], [[5, 0], [0, 0]], [[-3, 0], [4, 0]]],
    "smaller": [(3, 1, 2), (1, 1, 1), [5, 2, 5], (2, 1, 1)],
    "unseen": [
        [[-4, 1, 0, -1], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]],
        [[-1, 0, 1, -4], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]],
    ],
    "size-on-paper": [(2, 1, 22), [2.0, 1.0, 22.0]],
    "sizes-that-return": [[11, 14, 17, 20], (20, 17, 14, 11), range(11, 21, 3)],
    "find-output-padding": [extra_right, extra_searched],
    "triple-every-size": [(3, 3, 0, 0), (6, 3, 2, 1), (9, 3, 3, 0), (9, 3, 4, 2), (12, 3, 5, 1)],
    "jax-and-pytorch": [7, 7.0],
    "phase-sums": [[5, 7, 3], np.array([5.0, 7.0, 3.0])],
    "sums-2d": [sums_loops, sums_slices],
    "design-even": [[1, 2, 10, 9, 8], [4, -1, 7, 3, 8]],
    "belief": [[1, -1, 1, -1], [3, -1, 0, -2], [0.5, -0.25, 0.5, -0.75]],
    "make-even": [even_right, even_projected],
}

# Exercise → (a wrong answer, words of the diagnosis that only this idea has); at least three.
WRONG = {
    "top-row": [(4, "very middle"), (1, "as tiles"), (9, "that one stamp covers"), (3, "width")],
    "one-stamp": [
        ([[4, 5], [3, 4]], "added the value"),
        ([[1, 2], [0, 1]], "the kernel itself"),
        ([[3, 0], [6, 3]], "turned the kernel"),
    ],
    "canvas-cells": [
        (lambda i, k, s: (i - k) // s + 1, "size formula of a convolution"),
        (lambda i, k, s: i * s + k, "counted i steps"),
        (lambda i, k, s: i * s, "input times the stride"),
        (lambda i, k, s: i * k, "end to end"),
        (lambda i, k, s: s * i - s, "where the last stamp begins"),
    ],
    "make-ten": [
        ([[1, 2], [3, 4]], "input of section 1"),
        ([[10, 10], [10, 10]], "do not average"),
        ([[5, 0], [0, 0]], "2 in the middle of k"),
    ],
    "size": [
        ((6, 1), "left out the dilation"),
        ((4, 0), "one end only"),
        ((3, 1), "3 steps make 4 places"),
        ((4.5, 0), "no half output"),
        ((4, 2), "after the last window"),
    ],
    "taps": [
        (lambda x, w: taps_right(x, w[::-1, ::-1]), "flipped the kernel"),
        (lambda x, w: taps_right(x, w) / w.size, "the mean"),
        (lambda x, w: taps_right(x, w * 0 + 1), "without their weights"),
        (lambda x, w: taps_right(x, w.T), "changed places"),
        (lambda x, w: ops.canvas(x, w), "beyond the input"),
        (taps_overwritten, "overwrote"),
    ],
    "shift": [
        ([[0, 0, 0], [0, 0, 1], [0, 0, 0]], "moved left"),
        ([[0, 0, 0], [0, 1, 0], [0, 0, 0]], "keeps the picture"),
        ([[0, 1, 0], [0, 0, 0], [0, 0, 0]], "up or down"),
        ([[0, 0, 0], [2, 0, 0], [0, 0, 0]], "multiplied"),
        ([[0, 0, 0], [1, 1, 0], [0, 0, 0]], "several neighbours"),
    ],
    "halve": [
        ((3, 1, 1), "takes stride 2"),
        ((1, 2, 0), "steps over"),
        ((3, 2, 0), "too few"),
        ((3, 2, 2), "too many"),
    ],
    "blind": [
        ([0] * 9, "with any kernel"),
        ([1, 1, -1, 0, 1 / 3, 0, -1 / 9, 0, 1 / 27], "let neighbours cancel"),
        ([1, 0, 0, 0, -3, 0, 6, 0, -3], "for the flipped kernel"),
        ([1, 0, 1, 0, 1, 0, 1, 0, 1], "even positions"),
    ],
    "write-the-rows": [
        ([[2, 1, 3, 0, 0, 0], [0, 0, 2, 1, 3, 0]], "left out the padding"),
        (
            [
                [1, 3, 0, 0, 0, 0],
                [2, 1, 3, 0, 0, 0],
                [0, 2, 1, 3, 0, 0],
                [0, 0, 2, 1, 3, 0],
                [0, 0, 0, 2, 1, 3],
                [0, 0, 0, 0, 2, 1],
            ],
            "one column a row",
        ),
        ([[1, 2, 0, 0, 0, 0], [0, 3, 1, 2, 0, 0], [0, 0, 0, 3, 1, 2]], "flipped"),
        (
            [[2, 1, 3, 0, 0, 0, 0, 0], [0, 0, 2, 1, 3, 0, 0, 0], [0, 0, 0, 0, 2, 1, 3, 0]],
            "added zero",
        ),
        ([[1, 0, 0], [3, 2, 0], [0, 1, 0], [0, 3, 2], [0, 0, 1], [0, 0, 3]], "on its side"),
    ],
    "build-a-strided-matrix": [
        (lambda w, i, s: matrix_right(w, i, 1), "left out the stride"),
        (lambda w, i, s: matrix_right(w[::-1], i, s), "flipped"),
        (lambda w, i, s: matrix_right(w, i, s).T, "exchanged"),
        (matrix_one_step, "number of rows is right"),
        (matrix_around, "around the end"),
    ],
    "design-a-matrix": [
        ((3, 1, 13), "36 along one axis"),
        ((1, 2, 0), "some inputs lie in no window"),
        ((3, 2, 0), "too few"),
        ((2, 2, 1), "too many"),
        ((3, 1, 1), "keeps the size"),
    ],
    "hide-a-picture": [
        (np.full((5, 5), 7), "no edge, but"),
        (
            np.eye(5, dtype=int)[[0, 1, 2, 3, 4]] * 0
            + np.pad([[0] * 3] * 3, 1)
            + np.outer([1, 0, 0, 0, 1], [1, 0, 0, 0, 1]),
            "two values only",
        ),
        (np.multiply.outer(np.arange(5) ** 2, np.ones(5, int)), "evenly curved"),
        (np.tile([1, -1, 1, -1, 1], (5, 1)), "hide from the blur"),
    ],
    "doubt-the-blur": [
        ((4, 16, 36), "number of rows"),
        ((16, 16, 16), "4 rows"),
        ((4, 4, 4), "rows can add rank"),
        ((9, 9, 9), "number of taps"),
        ((4, 12, 16), "always loses"),
    ],
    "stamps-on-paper": [
        ([1, 10, 2, 20, 3, 30, 300], "overwrites"),
        ([1, 10, 51, 20, 101.5, 30, 300], "averaged"),
        ([1, 10, 100, 2, 20, 200, 3, 30, 300], "side by side"),
        ([1, 12, 123, 230, 300], "one cell apart"),
        ([100, 10, 201, 20, 302, 30, 3], "flipped"),
        ([321], "forward way"),
        ([10, 102, 20, 203, 30], "cut off"),
        ([1, 10, 102, 20, 203, 30, 300, 0], "too many"),
    ],
    "channels": [
        (channels_swapped, "(Cout, Cin"),
        (channels_last, "overwrote"),
        (lambda x, w, s, p: channels_right(x[:1], w[:1], s, p), "first input channel alone"),
        (lambda x, w, s, p: channels_right(x, w, s, p) / w.shape[0], "averaged"),
        (lambda x, w, s, p: channels_right(x, w, s, 0), "left out the padding"),
        (lambda x, w, s, p: channels_right(x, w, s, 0)[:, p:, p:], "at the start only"),
        (lambda x, w, s, p: channels_right(x, w[:, :, ::-1, ::-1], s, p), "flipped"),
    ],
    "up-and-down": [
        ([[10, 5], [5, 5]], "sum to 25."),
        ([[2, 1], [0, 0]], "sum to 5"),
        ([[5, 5], [5, 5]], "mean 25"),
        ([[0, 0], [0, -25]], "25²"),
    ],
    "smaller": [
        ((1, 1, 5), "nothing is left"),
        ((3, 1, 0), "Without padding"),
        ((3, 1, 1), "The size stays"),
        ((3, 2, 2), "the stride spreads"),
        ((3, 2, 1), "A convolution with these numbers"),
    ],
    "unseen": [
        ([[0] * 4] * 4, "unseen by every"),
        ([[8, 0, -2, 1], [0] * 4, [0] * 4, [0] * 4], "kernel A"),
        ([[0] * 4, [0] * 4, [0] * 4, [-4, 1, 0, -1]], "turned by 180°"),
        ([[-4, 1, 0, 0], [0] * 4, [0] * 4, [0] * 4], "Only output (0, 1)"),
        ([[1, 0, 0, 0], [-1, 0, 0, 0], [0] * 4, [0] * 4], "The first window"),
    ],
    "size-on-paper": [
        ((2, 2, 21), "left out"),
        ((2, 3, 20), "cut off"),
        ((2, 1, 19), "Dilation"),
        ((1, 2, 22), "exchanged"),
        ((2, 1, 24), "cut once"),
        ((2, -1, 24), "not op − p"),
        ((2, 1, 21), "ends in + 1"),
        ((2, 1, 23), "took dk"),
        ((2, 1, 30), "was added"),
        ((0, 0, 25), "whole canvas"),
        ((2, 1, 2), "other direction"),
    ],
    "sizes-that-return": [
        ([12, 15, 18], "by the stride"),
        ([10, 13, 16, 19], "Padding"),
        ([12, 16, 20], "by the kernel size"),
        (list(range(10, 21)), "not the inverse"),
        ([], "third size"),
        ([10, 12, 13, 15, 16, 18, 19], "do not come back"),
    ],
    "find-output-padding": [
        (lambda wanted, i, k, s, p: (wanted + 2 * p - k) % s, "remainder"),
        (lambda wanted, i, k, s, p: wanted - ((i - 1) * s + k - 2 * p), "Outside that"),
        (lambda wanted, i, k, s, p: extra_right(wanted, i, k, s, 0), "left out"),
        (lambda wanted, i, k, s, p: extra_right(wanted - p, i, k, s, p), "both ends"),
        (lambda wanted, i, k, s, p: wanted - i * s if 0 <= wanted - i * s < s else None, "i · s"),
        (lambda wanted, i, k, s, p: extra_right(wanted, i, k, s, p) or 0, "0 is an answer"),
        (lambda wanted, i, k, s, p: extra_right(wanted, i, k, s, p) or None, "0 is an answer, too"),
        (
            lambda wanted, i, k, s, p: (
                s if wanted == i * s + k - 2 * p else extra_right(wanted, i, k, s, p)
            ),
            "too much",
        ),
        (
            lambda wanted, i, k, s, p: (
                -1 if extra_right(wanted, i, k, s, p) is None else extra_right(wanted, i, k, s, p)
            ),
            "not a number",
        ),
    ],
    "triple-every-size": [
        ((3, 2, 0, 0), "never every size"),
        ((5, 3, 1, 0), "share evenly"),
        ((4, 3, 1, 1), "share evenly"),
        ((3, 3, 1, 2), "past the canvas"),
        ((2, 3, 0, 1), "holes"),
        ((6, 3, 0, 0), "too long"),
        ((3, 3, 1, 0), "too short"),
    ],
    "jax-and-pytorch": [(3, "pad 1"), (4, "= 0 cells"), (6, "= 2"), (1, "adds 3 zeros")],
    "phase-sums": [
        ([2, 2, 1], "counted"),
        ([6, 9], "blocks of 3"),
        ([6, 9, 0], "blocks of 3"),
        ([3, 7, 5], "last phase first"),
        ([7, 5, 3], "flipped"),
        ([2.5, 3.5, 3], "averaged"),
        ([15, 15, 15], "whole kernel"),
    ],
    "sums-2d": [
        (
            lambda w, s: [[w[r * s :, c * s :][:s, :s].sum() for c in range(s)] for r in range(s)],
            "blocks",
        ),
        (lambda w, s: sums_loops(w, s) / np.maximum(sums_loops(w * 0 + 1, s), 1), "averaged"),
        (lambda w, s: sums_loops(w, s).T, "changed places"),
        (lambda w, s: sums_loops(np.flip(w), s), "flipped"),
        (lambda w, s: sums_loops(w * 0 + 1, s), "counted"),
        (lambda w, s: [w[:, c::s].sum() for c in range(s)], "s · s phases"),
    ],
    "design-even": [
        ([1, 1, 1, 1, 1], "Equal weights"),
        ([3, 0, 9, 6, 9], "is 0"),
        ([1, 2, 3, 2, 1], "comes twice"),
        ([1, 5, 2, 4, 6], "balanced neighbours"),
        ([1, 2, 3, 4, 5], "All different"),
    ],
    "belief": [
        ([0, 0, 0, 0], "shows nothing"),
        ([1, 1, -1, -1], "nothing comes out"),
        ([1, 1, 1, 1], "equal"),
        ([1, 0, 1, 0], "still flat"),
        ([10, -10, 9, -10], "must be opposite"),
        ([1, 2, 3, 4], "must be opposite"),
    ],
    "make-even": [
        (
            lambda w, s: w - np.array([w[t % s :: s].sum() - w.sum() / s for t in range(len(w))]),
            "once for each",
        ),
        (even_scaled, "scaling"),
        (lambda w, s: w - w.mean(), "mean of all taps"),
        (
            lambda w, s: np.array(
                [v + (w.sum() / s - w[t::s].sum() if t < s else 0) for t, v in enumerate(w)]
            ),
            "one tap carries",
        ),
        (lambda w, s: even_right(w, s) + (s - 1) * w.sum() / s * even_share(w, s), "too bright"),
        (lambda w, s: w * 1, "w itself"),
        (
            lambda w, s: np.array([w.sum() / s / len(w[t % s :: s]) for t in range(len(w))]),
            "kernel is gone",
        ),
    ],
}


def even_share(w, s):
    """1 over the number of taps in the phase of each tap."""
    return np.array([1 / len(w[t % s :: s]) for t in range(len(w))])


# Bet → (a wrong bet, words of what its reveal says).
LOST = {
    "padding-grows": [("larger", "adds zeros"), ("equal", "keeps the size")],
    "side-by-side": [(9, "section 1, with kernel 3"), (1, "To touch"), (16, "Every cell")],
    "first-value": [(89, "turned"), (40, "the inputs"), (19, "the weights"), (3, "nine products")],
    "corner-of-a-dot": [(1, "as it is written"), (5, "middle weight"), (0, "3 wide")],
    "places-at-stride-2": [(4, "every place"), (3, "halve"), (2.5, "floor"), (13, "transposed")],
    "uses-of-the-middle": [(9, "other way round"), (1, "overlap"), (2, "one axis")],
    "shape-of-the-matrix": [
        ((16, 4), "exchanged"),
        ((4, 9), "others"),
        ((3, 3), "the kernel"),
        ((2, 4), "one axis"),
    ],
    "start-of-row-2": [(2, "by one"), (3, "3 wide"), (5, "row 3"), (8, "not two")],
    "outputs-fed": [
        ((1, 4), "exchanged"),
        ((9, 9), "gathers"),
        ((4, 4), "corner"),
        ((1, 1), "overlap"),
    ],
    "reach": [(1, "1 × 1"), (4, "number of inputs"), (16, "Not all")],
    "arrivals": [(1, "half of it"), (9, "four inputs"), (2, "one axis")],
    "values-left": [
        (25, "ring"),
        (4, "one row and one column."),
        (9, "changes the size"),
        (16, "added one"),
    ],
    "corner-comes-back": [
        (3, "inverse"),
        (159, "multiple"),
        (336, "flipped"),
        (57, "kernel's sum"),
    ],
    "window": [
        (7, "whole canvas"),
        (6, "cut once"),
        (9, "was added"),
        (2, "convolution's"),
        (3, "stride 1"),
    ],
    "uncovered": [
        (0, "does not pad"),
        (20, "repeated"),
        (1, "stays cut"),
        (2, "input × tap"),
        (100, "input × tap"),
    ],
    "round-trip": [(17, "not the inverse"), (18, "6 · 3"), (20, "whole canvas"), (6, "going down")],
    "same-places": [(16, "Same size"), (9, "9 canvas cells"), (0, "Nearly")],
    "stamps-on-cell-4": [(1, "neighbour"), (3, "size of a stamp"), (1.5, "average")],
    "ratio-in-2d": [(2, "one axis"), (3, "2 + 1"), (8, "not three")],
    "learned": [("A", "Equal counts"), ("both", "B is right"), ("neither", "lonely")],
    "order": [("4 then 3", "last layer"), ("both", "commute"), ("neither", "everywhere")],
}

# From chapter 06 on the planted answers stand in a file a chapter, with the same three tables.
for path in sorted((Path(__file__).parent / "exercise_answers").glob("chapter_*.py")):
    planted = runpy.run_path(str(path))
    RIGHT, WRONG, LOST = RIGHT | planted["RIGHT"], WRONG | planted["WRONG"], LOST | planted["LOST"]


def pairs(table):
    return [
        pytest.param(
            name,
            *(row if isinstance(row, tuple) and table is not RIGHT else (row,)),
            id=f"{name}-{n}",
        )
        for name, rows in table.items()
        for n, row in enumerate(rows)
    ]


@pytest.mark.parametrize(("name", "yours"), pairs(RIGHT))
def test_a_right_answer_passes(name, yours):
    feedback = exercises.check(name, yours)
    assert feedback.correct, feedback
    assert feedback.text.startswith("Right: ")


@pytest.mark.parametrize(("name", "yours", "words"), pairs(WRONG))
def test_a_wrong_answer_meets_its_own_diagnosis(name, yours, words):
    feedback = exercises.check(name, yours)
    assert not feedback.correct
    assert feedback.headline.startswith("Not right")
    [said] = feedback.says
    assert words in said
    assert [idea.sentence for idea in EVERY[name].ideas].count(said) == 1


@pytest.mark.parametrize(("name", "yours", "words"), pairs(LOST))
def test_a_lost_bet_meets_its_own_diagnosis(name, yours, words):
    assert exercises.bet(name, yours).state == "taken"
    feedback = exercises.reveal(name)
    assert not feedback.correct
    [said] = feedback.says
    assert words in said
    assert [idea.sentence for idea in EVERY[name].ideas].count(said) == 1


@pytest.mark.parametrize("name", BETS)
def test_the_target_of_a_bet_wins(name):
    target = BETS[name].target()
    exercises.bet(name, target if isinstance(target, str) else np.asarray(target).tolist())
    assert exercises.reveal(name).correct


def test_every_exercise_and_every_diagnosis_is_planted():
    assert RIGHT.keys() == WRONG.keys() == EVERY.keys() - BETS.keys()
    assert LOST.keys() == BETS.keys()
    for name, rows in (WRONG | LOST).items():
        said = {words for _, words in rows}
        least = len(EVERY[name].choices) - 1 if getattr(EVERY[name], "choices", ()) else 3
        assert len(said) >= least, f"{name}: {said}"
    assert all(len(rows) >= 2 for rows in RIGHT.values())


def test_the_course_is_complete():
    assert list(CHAPTERS) == sorted(path.name[:2] for path in NOTEBOOKS.glob("*.ipynb"))
    assert sum(map(len, CHAPTERS.values())) == len(EVERY), "a name is used twice"
    for chapter in CHAPTERS.values():
        bets = [name for name in chapter if name in BETS]
        assert len(bets) >= 2
        assert len(chapter) - len(bets) >= 4
    assert len(EVERY) - len(BETS) >= 24


@pytest.mark.parametrize("name", EVERY)
def test_ideas_differ_from_the_target_and_from_each_other(name):
    exercise = EVERY[name]
    assert len({idea.says for idea in exercise.ideas}) == len(exercise.ideas)
    if isinstance(exercise, Function) or not hasattr(exercise, "target"):
        return  # for these the planted answers show it
    answers = [exercise.target()] + [i.answer() for i in exercise.ideas if not isinstance(i, When)]
    seen = [np.asarray(a).tolist() for a in answers]
    assert all(seen.count(answer) == 1 for answer in seen), seen


# --------------------------------------------------------------------- notebooks and solutions


def sections(chapter):
    """The numbers of a chapter's sections."""
    [path] = NOTEBOOKS.glob(f"{chapter}-*.ipynb")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return set(re.findall(r"^## (\d+)\. ", "\n".join("".join(c["source"]) for c in cells), re.M))


def code(chapter):
    [path] = NOTEBOOKS.glob(f"{chapter}-*.ipynb")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_diagnoses_point_to_sections_that_exist(chapter):
    for name, exercise in CHAPTERS[chapter].items():
        for idea in exercise.ideas:
            place, section = idea.see.split(".")
            assert place <= chapter or name == "padding-grows" or chapter == "00", (name, idea.see)
            assert section in sections(place), (name, idea.see)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_notebook_holds_every_exercise_of_its_chapter_and_no_other(chapter):
    source = code(chapter)
    assert (
        set(re.findall(r'exercises\.check\(\s*"([^"]*)"', source))
        == CHAPTERS[chapter].keys() - BETS.keys()
    )
    for verb in ("bet", "reveal"):
        found = set(re.findall(rf'exercises\.{verb}\(\s*"([^"]*)"', source))
        assert found == CHAPTERS[chapter].keys() & BETS.keys(), verb
    for name, exercise in CHAPTERS[chapter].items():
        if name not in BETS:
            assert re.search(rf'exercises\.check\(\s*"{name}", {exercise.answer}\)', source), name
    assert f'exercises.progress("{chapter}")' in source


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_solution_passes_its_own_check(chapter):
    names = {path.stem[3:] for path in (NOTEBOOKS / "solutions").glob(f"{chapter}-*.py")}
    assert names == CHAPTERS[chapter].keys() - BETS.keys()
    for name in names:
        solution = runpy.run_path(str(NOTEBOOKS / "solutions" / f"{chapter}-{name}.py"))
        feedback = exercises.check(name, solution[EVERY[name].answer])
        assert feedback.correct, (name, feedback)
