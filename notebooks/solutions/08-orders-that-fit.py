"""Chapter 08, exercise 2: whatever fits is right?

PyTorch keeps (C_in, C_out, kh, kw): (8, 8, 4, 4). Keras wants (kh, kw, C_out, C_in): (4, 4, 8, 8).
The two axes of 4 may come in two orders, the two axes of 8 in two: 4 orders have the shape. One of
them is right, w.transpose(2, 3, 1, 0).
"""

my_count = (4, 1)
