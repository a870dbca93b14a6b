"""Chapter 07, exercise 3, "A design: 7 × 7 to 28 × 28".

Two layers of kernel 4, stride 2, padding 1: 7 → 14 → 28, even, and 1.7 million MACs. Others: kernel
3, stride 1, padding 1, then kernel 8, stride 4, padding 2. Kernel 3 then 4 is even as well: the
second layer adds the 2 and the 1 of the first.
"""

my_decoder = 4, 2, 1, 0, 4, 2, 1, 0  # k1, s1, p1, op1, k2, s2, p2, op2
