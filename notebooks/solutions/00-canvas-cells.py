"""Chapter 00, section 6, "In code: how long is the canvas?".

Between i stamps there are i - 1 steps of s cells, and the last stamp is k cells long.
"""


def canvas_cells(i, k, s):
    return (i - 1) * s + k
