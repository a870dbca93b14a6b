"""Chapter 10, exercise 5, "A belief to break: vectorised is always faster".

With one pixel the loop has one turn and makes one stamp. Sub-pixel makes 16 times the products, and
more calls of NumPy than the loop.
"""

my_small_layer = (1, 4, 1)
