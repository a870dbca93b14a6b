"""Chapter 07, exercise 5, "A sentence to check".

44 · 64 = 2816. The sentence means 4 · 4 · 64 = 1024. A side of 4 becomes 4 · 32 = 128, which makes
128 · 128 places.
"""

my_values = 44 * 64, 4 * 4 * 64, (4 * 32) ** 2
