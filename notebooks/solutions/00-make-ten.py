"""Chapter 00, section 6, "A design: make it 10".

A corner of each of the four stamps lands on the middle cell, and the corners of k are 1. So any
four numbers that sum to 10 will do.
"""

my_input = [[4, 3], [2, 1]]
