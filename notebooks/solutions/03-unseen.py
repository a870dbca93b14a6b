"""Chapter 03, exercise 5: a picture that the convolution with kernel B does not see.

Only the top row [a, b, c, d] is filled, so only the kernel's top row 1, 4, 1 meets it:
a + 4b + c = 0 and b + 4c + d = 0. With b = 1 and c = 0: a = -4 and d = -1. Added to any input it
changes nothing in the output, so no operation can recover the input from the output.
"""

my_unseen = [[-4, 1, 0, -1], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]
