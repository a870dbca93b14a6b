"""Chapter 03, exercise 3: a kernel with which going down undoes going up, times 25.

The 2×2 stamps do not overlap at stride 2, so C C^T is the sum of the squared taps times the
identity: any four integers whose squares sum to 25 will do. In the other order, C^T C has rank 4
of 16: it is still not the identity, and C^T still not the inverse of C.
"""

my_kernel = [[4, 2], [2, 1]]  # 16 + 4 + 4 + 1
