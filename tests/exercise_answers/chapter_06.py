"""Planted answers of chapter 06; see test_exercises_answers.py."""

import numpy as np


def psnr_by_hand(y, z):
    total = sum((a - b) ** 2 for a, b in zip(y.ravel(), z.ravel(), strict=True))
    return 10 * np.log10(y.size / total)


def adam_right(w, gradients, eta):
    w = [float(value) for value in w]
    for tap in range(len(w)):
        m = v = 0.0
        for t in range(len(gradients)):
            g = gradients[t][tap]
            m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
            unbiased, scale = m / (1 - 0.9 ** (t + 1)), v / (1 - 0.999 ** (t + 1))
            w[tap] -= eta * unbiased / (scale**0.5 + 1e-8)
    return w


def adam_by_powers(w, gradients, eta):
    """Each mean written out as a weighted sum of all gradients so far."""
    gradients = np.asarray(gradients)
    for t in range(1, len(gradients) + 1):
        age = np.arange(t)[::-1]
        m = np.average(gradients[:t], axis=0, weights=0.9**age)
        v = np.average(gradients[:t] ** 2, axis=0, weights=0.999**age)
        w = w - eta * m / (np.sqrt(v) + 1e-8)
    return w


def adam_biased(w, gradients, eta):
    m = v = np.zeros(len(w))
    for g in gradients:
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g**2
        w = w - eta * m / (np.sqrt(v) + 1e-8)
    return w


def adam_swapped(w, gradients, eta):
    m = v = 0
    for t, g in enumerate(gradients, 1):
        m, v = 0.999 * m + 0.001 * g, 0.9 * v + 0.1 * g**2
        w = w - eta * (m / (1 - 0.999**t)) / (np.sqrt(v / (1 - 0.9**t)) + 1e-8)
    return w


def adam_no_root(w, gradients, eta):
    m = v = 0
    for t, g in enumerate(gradients, 1):
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        w = w - eta * (m / (1 - 0.9**t)) / (v / (1 - 0.999**t) + 1e-8)
    return w


def adam_momentum(w, gradients, eta):
    pace = np.zeros_like(w)
    for g in gradients:
        pace = 0.9 * pace + g
        w = w - eta * pace
    return w


def adam_plain(w, gradients, eta):
    for g in gradients:
        w = w - eta * g
    return w


def adam_uphill(w, gradients, eta):
    m = v = 0
    for t, g in enumerate(gradients, 1):
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        w = w + eta * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return w


def adam_overwritten(w, gradients, eta):
    m = v = 0
    for t, g in enumerate(gradients, 1):
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        m, v = m / (1 - 0.9**t), v / (1 - 0.999**t)
        w = w - eta * m / (np.sqrt(v) + 1e-8)
    return w


RIGHT = {
    "border-on-paper": [[4, 6, 9], (4.0, 6.0, 9.0), np.array([4, 6, 9])],
    "write-psnr": [
        lambda y, z: 10 * np.log10(1 / np.mean((y - z) ** 2)),
        lambda y, z: -20 * np.log10(np.sqrt(((z - y) ** 2).mean())),
        psnr_by_hand,
    ],
    "adam-step": [adam_right, adam_by_powers],
    "beat-bilinear": [
        [-1, 1, 6, 6, 1, -1],
        [-2, 2, 11, 11, 2, -2],
        np.array([1, -1, -8, -8, -1, 1]),
    ],
    "nearest-wins": [
        [0, 0, 100, 100, 100, 100, 0, 0],
        [1, 1, 1, 1, 1, 1, -19, -19],
        (5, 5, 30, 30, 5, 5, 30, 30),
    ],
}

WRONG = {
    "border-on-paper": [
        ([4 / 9, 6 / 9, 1], "These are the shares"),
        ([2, 3, 3], "That is one axis"),
        ([1, 3, 9], "left out the padding"),
        ([9, 9, 9], "it repeats the last pixel"),
        ([9, 12, 16], "taps of factor 2"),
        ([9, 6, 4], "in the other order"),
        ([4, 5, 9], "On the edge one axis ends"),
    ],
    "write-psnr": [
        (lambda y, z: 20 * np.log10(1 / np.mean((y - z) ** 2)), "the root of the MSE"),
        (lambda y, z: 10 * np.log10(np.mean((y - z) ** 2)), "The sign is turned round"),
        (lambda y, z: 10 * np.log(1 / np.mean((y - z) ** 2)), "natural logarithm"),
        (lambda y, z: np.log10(1 / np.mean((y - z) ** 2)), "That is bel"),
        (lambda y, z: 10 * np.log10(1 / np.mean(abs(y - z))), "Square them"),
        (lambda y, z: 10 * np.log10(1 / ((y - z) ** 2).sum()), "You added the squares"),
        (lambda y, z: ((y - z) ** 2).mean(), "That is the MSE"),
        (lambda y, z: 10 * np.log10(255**2 / np.mean((y - z) ** 2)), "255 for white"),
    ],
    "adam-step": [
        (adam_biased, "The two divisions"),
        (adam_swapped, "changed places"),
        (adam_no_root, "The root is missing"),
        (adam_momentum, "section 3's step with momentum"),
        (adam_plain, "plain gradient descent"),
        (adam_uphill, "You went uphill"),
        (adam_overwritten, "You kept the corrected means"),
        (lambda w, gradients, eta: w - eta * np.sign(gradients[-1]), "the first step of Adam"),
    ],
    "beat-bilinear": [
        ([0, 1, 3, 3, 1, 0], "bilinear itself"),
        ([0, 0, 1, 1, 0, 0], "That is nearest"),
        ([-1, 1, 8, 6, 1, -1], "Not symmetric"),
        ([1, 2, 4, 4, 2, 1], "No tap is negative"),
        ([0, -1, 4, 4, -1, 0], "begins too close to the middle"),
        ([-3, 1, 8, 8, 1, -3], "of the wrong depth"),
    ],
    "nearest-wins": [
        ([7] * 8, "A constant"),
        ([0, 0, 10, 10, 10, 10, 0, 0], "make the jump larger"),
        ([0, 50, 50, 0, 0, 50, 50, 0], "shifted by one"),
        ([0, 10, 20, 30, 40, 50, 60, 70], "A slope"),
        ([1, 5, 2, 8, 3, 9, 4, 4], "the two numbers differ"),
    ],
}

LOST = {
    "from-zeros": [("it stays zero", "You thought of a stack"), ("a worse kernel", "a parabola")],
    "four-taps": [("learned", "the best kernel of its size")],
    "half-a-cell": [
        ("in the middle", "So it is for the box"),
        ("half a cell after", "in the wrong direction"),
    ],
}
