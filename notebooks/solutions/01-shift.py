"""Chapter 01, exercise 3, "In code: move the picture".

To move right, every output takes the value on its left, so the 1 stands left of the middle.
True convolution would flip the kernel, and the same picture would move left.
"""

my_kernel = [[0, 0, 0], [1, 0, 0], [0, 0, 0]]
