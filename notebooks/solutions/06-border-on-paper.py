"""Chapter 06, exercise 1, "On paper: what the border gets".

Along one axis the padding drops the first canvas cell, which only the tap 1 reaches. The cell after
it gets the tap 2 and nothing else; the cell in the middle gets the 3 of its own stamp. The axes
multiply: 2 · 2, 2 · 3, 3 · 3.
"""

my_border = [4, 6, 9]
