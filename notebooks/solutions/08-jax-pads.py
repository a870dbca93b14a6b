"""Chapter 08, exercise 1: JAX's pads by hand.

PyTorch's window drops padding = 1 cell at the start and padding - output_padding = 0 at the end.
JAX's pads are k - 1 = 5 less what is dropped.
"""

my_pads = (4, 5)
