"""Chapter 01, exercise 4, "Design: a layer that halves".

The size must grow by 1 when the input grows by 2, so the stride is 2. For even i,
⌊(i + 2p − k)/2⌋ + 1 = i/2 means that 2p − k is −2 or −1. Five of the answers:
(2, 2, 0), (3, 2, 1), (4, 2, 1), (5, 2, 2), (6, 2, 2).
(1, 2, 0) has the sizes too, but reads only every second cell: its kernel is smaller than its
stride.
"""

my_layer = (4, 2, 1)
