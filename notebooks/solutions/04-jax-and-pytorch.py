"""Chapter 04, exercise 5: two libraries, one number.

PyTorch cuts 3 cells off each end of the canvas. JAX puts 3 zeros round the stretched input, so it
cuts k - 1 - 3. Both are the same if k - 1 - 3 = 3, that is k = 7. In general k = 2p + 1: kernel 3
hides the difference at padding 1.
"""

my_kernel = 7
