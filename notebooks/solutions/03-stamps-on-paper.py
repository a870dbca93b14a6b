"""Chapter 03, exercise 1: stamps in one dimension.

1  10 100   .   .   .   .      1 × kernel, at cell 0
.   .   2  20 200   .   .      2 × kernel, at cell 2
.   .   .   .   3  30 300      3 × kernel, at cell 4
1  10 102  20 203  30 300      the sum: cells 2 and 4 get two terms
"""

my_output = [1, 10, 102, 20, 203, 30, 300]
