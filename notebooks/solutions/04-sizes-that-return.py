"""Chapter 04, exercise 2: which sizes come back.

A size comes back if the floor drops nothing: (i + 2p - k) mod s = (i - 2) mod 3 = 0. Being
divisible by the stride is not the condition: 12, 15 and 18 come back as 11, 14 and 17.
"""

my_sizes = [11, 14, 17, 20]
