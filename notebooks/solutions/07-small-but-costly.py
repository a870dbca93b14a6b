"""Chapter 07, exercise 4, "A belief to break: cheap because the input is small".

DCGAN's own layer from 1024 to 512 channels, kernel 5: 1024 · 512 · 25 · 16 is 210 million MACs,
against 64 · 64 · 9 · 64² = 151 million.
"""

my_layer = 1024, 512, 5  # channels in, channels out, kernel
