"""Chapter 06, exercise 3, "In code: the Adam step".

m and v are carried from step to step; what is divided by 1 − 0.9ᵗ and 1 − 0.999ᵗ is used once.

Source: D. Kingma, J. Ba, "Adam: a method for stochastic optimization" (2015), algorithm 1.
"""

import numpy as np


def adam(w, gradients, eta):
    m = v = 0
    for t, g in enumerate(gradients, start=1):
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g**2
        w = w - eta * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return w
