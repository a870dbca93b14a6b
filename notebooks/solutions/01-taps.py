"""Chapter 01, exercise 2, "In code: loop over the taps".

While the kernel slides, tap (u, v) meets the oh × ow block of the input that starts at (u, v).
So a convolution is a weighted sum of shifted copies of its input, nine of them for a 3 × 3 kernel.
"""

import numpy as np


def by_taps(x, w):
    oh, ow = x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1
    return sum(w[u, v] * x[u : u + oh, v : v + ow] for u, v in np.ndindex(*w.shape))
