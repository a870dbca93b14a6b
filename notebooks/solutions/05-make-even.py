"""Chapter 05, exercise 5, "Harder: repair a kernel".

The common phase sum is the total over s. What a phase lacks is shared equally among its taps: for a
given change of their sum, equal changes have the smallest sum of squares.
"""

import numpy as np


def make_even(w, s):
    even = np.array(w, dtype=float)
    mean = even.sum() / s
    for r in range(s):
        taps = even[r::s]
        taps += (mean - taps.sum()) / len(taps)
    return even
