"""Chapter 03, exercise 2: a transposed convolution with channels.

Every output channel sums the stamps of all input channels. `ops.conv_transpose2d` stands here for
the seven lines of section 3, which give the same.
"""

import numpy as np

from tconv_helpers import ops


def with_channels(x, w, stride, padding):
    inputs, outputs = w.shape[:2]

    def one_pair(i, o):
        return ops.conv_transpose2d(x[i], w[i, o], stride=stride, padding=padding)

    return np.array([sum(one_pair(i, o) for i in range(inputs)) for o in range(outputs)])
