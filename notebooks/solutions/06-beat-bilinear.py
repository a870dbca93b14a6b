"""Chapter 06, exercise 4, "A design: beat bilinear by hand".

The learned kernel shows the way: high in the middle, below zero at both ends. −1, 1, 6, 6, 1, −1
and −2, 2, 11, 11, 2, −2 do it too.
"""

my_kernel = [-1, 1, 8, 8, 1, -1]
