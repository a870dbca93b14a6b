"""Chapter 10, exercise 1, "On paper: count products".

Stamps: 10² inputs meet 3² taps. Zero-insertion: the output is (10 − 1) · 2 + 3 = 21 wide, and each
of its cells meets 3² taps. Sub-pixel: the kernel is rounded up to 4 × 4, so m = 2, and (10 + 1)²
windows meet 4 phases of 2 · 2 taps.
"""

my_products = [10**2 * 3**2, 21**2 * 3**2, 11**2 * 4**2]
