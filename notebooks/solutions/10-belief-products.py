"""Chapter 10, exercise 6, "A belief to break: fewer multiplications is always faster".

Kernel 3 at stride 2 is rounded up to 4: 16 products for 9. col2im writes 9 products a position and
fetches them again, sub-pixel writes 4.
"""

my_image_layer = (512, 3, 2)
