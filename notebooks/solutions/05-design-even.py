"""Chapter 05, exercise 3, "A design: five different taps".

The taps a, b, c, d, e have the phase sums a + d, b + e and c. Choose c, and split it in two
different ways. Two of the answers: 1 2 10 9 8, and 4 −1 7 3 8.
"""

my_taps = [1, 2, 10, 9, 8]
