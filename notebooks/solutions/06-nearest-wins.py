"""Chapter 06, exercise 5, "A belief to break: learned is always better".

In pairs of equal numbers the box throws nothing away, so nearest is exact. Bilinear misses the
pixels beside a jump by a quarter of it: 25 here.
"""

my_row = [0, 0, 100, 100, 100, 100, 0, 0]
