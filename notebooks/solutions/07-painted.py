"""Chapter 07, exercise 2, "In code: how far one cell reaches".

A patch of r cells makes r stamps, s apart: the first cell of the last one is at (r − 1)s, and the
stamp is k wide.
"""


def painted(layers):
    side = 1
    for k, s in layers:
        side = (side - 1) * s + k
    return side
