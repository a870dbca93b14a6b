"""Chapter 04, exercise 3: find the output_padding.

Without output_padding the window keeps (i - 1)s + k - 2p cells, and each output_padding uncovers
one more. From s on, the size belongs to i + 1 inputs: then there is none.
"""


def my_output_padding(wanted, i, k, s, p):
    smallest = (i - 1) * s + k - 2 * p
    extra = wanted - smallest
    return extra if 0 <= extra < s else None
