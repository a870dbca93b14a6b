"""Planted answers of chapter 10, in the form that test_exercises_answers.py describes."""

import numpy as np


def adds_right(x, w, s):
    (h, v), (k, q) = x.shape, w.shape
    y = np.zeros(((h - 1) * s + k, (v - 1) * s + q))
    for a in range(k):
        for b in range(q):
            y[a : a + (h - 1) * s + 1 : s, b : b + (v - 1) * s + 1 : s] += w[a, b] * x
    return y


def adds_from_the_end(x, w, s):
    (h, v), (k, q) = x.shape, w.shape
    y = np.zeros(((h - 1) * s + k, (v - 1) * s + q), int)
    for a, b in np.ndindex(k, q):
        y[a::s, b::s][:h, :v] += x * w[a, b]
    return y.tolist()


def adds_overwritten(x, w, s):
    (h, v), (k, q) = x.shape, w.shape
    y = np.zeros(((h - 1) * s + k, (v - 1) * s + q))
    for a, b in np.ndindex(k, q):
        y[a::s, b::s][:h, :v] = x * w[a, b]
    return y


def adds_without_step(x, w, s):
    (h, v), (k, q) = x.shape, w.shape
    y = np.zeros(((h - 1) * s + k, (v - 1) * s + q))
    for a, b in np.ndindex(k, q):
        y[a : a + h, b : b + v] += x * w[a, b]
    return y


def adds_averaged(x, w, s):
    return adds_right(x, w, s) / np.maximum(adds_right(0 * x + 1, 0 * w + 1, s), 1)


RIGHT = {
    "count-products": [[900, 3969, 1936], np.array([900, 21 * 21 * 9, 11 * 11 * 16])],
    "count-bytes": [[201326592, 50430000], (3 * 16 * 1024 * 1024 * 4, 12 * 1025**2 * 4)],
    "strided-adds": [adds_right, adds_from_the_end],
    "col2im-wins": [(512, 256, 1, 4, 2), (100, 1000, 1, 4, 2), (512, 64, 2, 8, 2)],
    "belief-loops": [(1, 4, 1), (1, 8, 2), (1, 4, 2)],
    "belief-products": [(512, 3, 2), (64, 5, 2), (100, 5, 4)],
}

WRONG = {
    "count-products": [
        ([900, 3969, 1089], "rounded up to a multiple"),
        ([900, 3969, 1600], "h + m - 1"),
        ([900, 3600, 1936], "the limit for large images"),
        ([900, 3249, 1936], "19 × 19"),
        ([3969, 3969, 1936], "each tap once"),
        ([8100, 35721, 17424], "counted twice"),
    ],
    "count-bytes": [
        ([50331648, 12607500], "4 bytes"),
        ([603979776, 151290000], "summed inside"),
        ([201326592, 50331648], "1025 of them"),
        ([201326592, 201720000], "already summed"),
        ([50430000, 201326592], "other way round"),
    ],
    "strided-adds": [
        (adds_overwritten, "with +="),
        (adds_without_step, "no step"),
        (adds_averaged, "They add"),
        (lambda x, w, s: adds_right(x, w[::-1, ::-1], s), "flipped"),
        (lambda x, w, s: adds_right(x, w, s)[1:-1, 1:-1], "cut off"),
    ],
    "col2im-wins": [
        ((100, 100, 1, 2, 3), "leaves holes"),
        ((2, 2, 2, 8, 2), "more of them"),
        ((64, 64, 32, 4, 2), "smaller h"),
        ((128, 128, 4, 4, 2), "A larger kernel"),
        ((64, 64, 8, 8, 2), "when h shrinks"),
    ],
    "belief-loops": [
        ((32, 4, 2), "Take few"),
        ((8, 4, 2), "what does a single stamp cost"),
        ((1, 1000, 1), "smaller k"),
    ],
    "belief-products": [
        ((512, 4, 2), "nothing is rounded up"),
        ((64, 2, 3), "leaves holes"),
        ((512, 7, 2), "rounded up by more"),
        ((1, 3, 2), "larger h"),
    ],
}

LOST = {
    "stamps-or-zeros": [("stamps", "784 turns")],
    "same-products": [("about the same", "goes into bytes"), ("col2im", "more bytes, not fewer")],
    "waste": [(1, "border is thin"), (4, "one axis"), (15, "15 of 16")],
}
