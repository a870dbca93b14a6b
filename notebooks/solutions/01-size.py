"""Chapter 01, exercise 1, "On paper: size and leftover".

The dilated kernel spans 3 + 2·2 = 7 cells and the padded input has 12 + 2·1 = 14.
14 − 7 = 7 cells remain to step through, 2 at a time: 3 steps, 1 cell left over.
3 steps after the first place make 4 outputs.
"""

my_answer = (4, 1)
