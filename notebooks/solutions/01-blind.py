"""Chapter 01, exercise 5, "non-zero weights notice a non-zero input".

With dilation 2 the taps of one window are 2 cells apart, and with stride 2 the next window starts
2 cells further: every tap of every window stands on a cell at an even position. Cells at odd
positions may hold anything.
"""

my_input = [0, 5, 0, -3, 0, 8, 0, 1, 0]
