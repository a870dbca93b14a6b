"""Chapter 10, exercise 2, "On paper: count bytes".

The input channels are summed inside the matrix product. col2im keeps an output channel, a tap and a
position for each product; sub-pixel an output channel, a phase and a window. A float32 has 4 bytes.
"""

my_bytes = [4 * 3 * 16 * 1024**2, 4 * 3 * 4 * 1025**2]
