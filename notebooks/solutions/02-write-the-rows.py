"""Chapter 02, exercise 1: the matrix of the kernel 2 1 3 on 6 inputs, stride 2, padding 1.

The windows begin at places -1, 1 and 3. Place -1 is padding and has no column, so the first row
loses the 2.
"""

my_rows = [
    [1, 3, 0, 0, 0, 0],
    [0, 2, 1, 3, 0, 0],
    [0, 0, 0, 2, 1, 3],
]
