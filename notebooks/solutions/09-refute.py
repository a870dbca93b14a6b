"""Chapter 09, exercise 2: the smallest layer that refutes a size formula.

All small layers in order of their size, and the first for which the formula does not say what the
canvas law says: (i - 1)s + k - 2p.
"""

from itertools import product


def refute(formula):
    layers = product(range(1, 7), range(1, 6), range(1, 4), range(3))
    for i, k, s, p in sorted(layers, key=lambda layer: (sum(layer), layer)):
        size = (i - 1) * s + k - 2 * p
        if size >= 1 and formula(i, k, s, p) != size:
            return i, k, s, p
    return None
