"""Chapter 08, exercise 4: one window, two libraries.

Keras' "same" drops k - s cells: half of them at each end if that is even, the odd one at the end if
not. PyTorch drops p and p - op, never more at the end. So k - s must be even, p = (k - s) / 2 and
op = 0: (4, 2, 1, 0), (6, 2, 2, 0), (5, 3, 1, 0), (7, 3, 2, 0), … The usual (3, 2, 1, 1) is not
among them.
"""

my_layer = (4, 2, 1, 0)
