"""Chapter 04, exercise 4: triple every size.

One more input adds s cells, so s = 3. Then 3(i - 1) + k - 2p + op = 3i means k - 2p + op = 3. An
even overlap needs k divisible by 3. Some of the answers: (3, 3, 0, 0), (6, 3, 2, 1), (9, 3, 3,
0), (9, 3, 4, 2), (12, 3, 5, 1). (3, 3, 1, 2) has the size, but its last cell lies past the
canvas.
"""

my_layer = (6, 3, 2, 1)
