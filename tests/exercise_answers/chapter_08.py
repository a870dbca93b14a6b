"""Planted answers of chapter 08. The tables are explained in tests/test_exercises_answers.py."""

import numpy as np


def converter_right(w):
    return w[:, :, ::-1, ::-1].transpose(2, 3, 0, 1)


def converter_loops(w):
    c_in, c_out, kh, kw = w.shape
    out = np.zeros((kh, kw, c_in, c_out))
    for u in range(kh):
        for v in range(kw):
            out[u, v] = w[:, :, kh - 1 - u, kw - 1 - v]
    return out


RIGHT = {
    "jax-pads": [(4, 5), [4.0, 5.0], np.array([4, 5])],
    "orders-that-fit": [(4, 1), [4.0, 1.0]],
    "write-a-converter": [converter_right, converter_loops],
    "same-in-two-libraries": [
        (4, 2, 1, 0), (6, 2, 2, 0), (5, 3, 1, 0), [7, 3, 2, 0], np.array([8, 4, 2, 0]),
    ],
}  # fmt: skip

WRONG = {
    "jax-pads": [
        ((1, 1), "was copied"),
        ((1, 0), "what the window drops"),
        ((4, 4), "left out"),
        ((5, 4), "exchanged"),
        ((4, 3), "grows by one"),
        ((5, 6), "You took k"),
    ],
    "orders-that-fit": [
        ((1, 1), "the shape stays"),
        ((2, 1), "so can"),
        ((24, 1), "24 orders exist"),
        ((4, 4), "the belief"),
        ((2, 2), "the belief"),
    ],
    "write-a-converter": [
        (lambda w: np.moveaxis(w, (0, 1), (2, 3)), "flip is missing"),
        (lambda w: w.T.swapaxes(0, 1), "Keras' order. JAX keeps"),
        (lambda w: w[..., ::-1, ::-1].transpose(2, 3, 1, 0), "Turned, but"),
        (lambda w: w[:, :, ::-1].transpose(2, 3, 0, 1), "the columns are not"),
        (lambda w: w[::-1, ::-1, ::-1, ::-1].transpose(2, 3, 0, 1), "channels as well"),
        (lambda w: w.reshape(w.shape[2:] + w.shape[:2]), "reshape keeps"),
        (lambda w: w.transpose(3, 2, 0, 1), "not a flip"),
    ],
    "same-in-two-libraries": [
        ((3, 1, 1, 0), "stride 2 or more"),
        ((2, 2, 0, 0), "longer than the stride"),
        ((3, 2, 1, 1), "Choose k − s even"),
        ((4, 2, 1, 1), "gives back"),
        ((4, 2, 2, 0), "drop more"),
        ((6, 2, 1, 0), "drop fewer"),
    ],
}

LOST = {
    "swapped-channels": [("raises", "do not fit"), ("warns", "nothing to")],
    "jax-zero": [
        (25, "whole canvas"), (9, "happen to agree"), (16, "That is SAME"), (4, "as inputs"),
    ],
    "fan-in": [
        (1024, "convolution's fan_in"), (256, "the truth"), (3072, "number of weights"),
        (64, "taps count"),
    ],
}  # fmt: skip
