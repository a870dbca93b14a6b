"""Chapter 03, exercise 4: a transposed convolution that makes its input smaller.

o = (i - 1)s + k - 2p. With i = 5, k = 3, s = 1, p = 2 that is 4 + 3 - 4 = 3. Padding cuts more
than the stamps add whenever 2p > k - 1 at stride 1.
"""

my_layer = 3, 1, 2
