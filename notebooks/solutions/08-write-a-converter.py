"""Chapter 08, exercise 3: from PyTorch to lax.conv_transpose.

transpose moves the axes (C_in, C_out, kh, kw) to (kh, kw, C_in, C_out). Then the first two are
flipped, because JAX flips the kernel once more.
"""


def my_converter(w):
    return w.transpose(2, 3, 0, 1)[::-1, ::-1]
