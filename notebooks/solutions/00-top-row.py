"""Chapter 00, section 6: how often cell (0, 2) is stamped.

The two upper stamps reach row 0. They cover columns 0 to 2 and columns 2 to 4, and share column 2.
"""

my_count = 2
