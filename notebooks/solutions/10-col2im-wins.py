"""Chapter 10, exercise 4, "A design: a layer for col2im".

One pixel, kernel 4, stride 2: 2 × 2 windows see it, each with all 16 taps, and 16 products are
needed. The ratio is 4 whatever the channels, so take enough of them for a million.
"""

my_layer = (512, 256, 1, 4, 2)
