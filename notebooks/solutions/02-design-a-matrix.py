"""Chapter 02, exercise 3: 36 rows and no column of zeros from a 12 × 12 input.

Along one axis 12 inputs must give 6 outputs. With stride 1 that asks for 2p - k = -7, as in
(7, 1, 0) or (9, 1, 1). With stride 2 it asks for 2p - k of -2 or -1, as in (2, 2, 0), (3, 2, 1),
(4, 2, 1), (5, 2, 2) or (6, 2, 2). Kernel 1 with stride 2 has 36 rows as well, but leaves every
second input unread. Larger strides work with windows that lie on padding only, as in (3, 3, 3).
"""

my_design = (3, 2, 1)  # kernel size, stride, padding: the usual layer that halves a picture
