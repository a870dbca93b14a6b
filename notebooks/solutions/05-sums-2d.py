"""Chapter 05, exercise 2, "In code: phase sums in the plane".

A slice takes every s-th row and column from (r, c) on. Where the kernel is smaller than the stride,
the slice is empty and its sum is 0: a hole.
"""

import numpy as np


def phase_sums_2d(w, s):
    w = np.asarray(w)
    return np.array([[w[r::s, c::s].sum() for c in range(s)] for r in range(s)])
