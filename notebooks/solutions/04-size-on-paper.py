"""Chapter 04, exercise 1: a size by hand.

The canvas: the last of 7 stamps begins at cell 6·3 = 18 and reaches over 2·3 + 1 = 7 cells, so
there are 25. The window drops lo = p = 2 at the start and hi = p - op = 2 - 1 = 1 at the end. 25
- 2 - 1 = 22 cells are left.
"""

my_window = (2, 1, 22)
