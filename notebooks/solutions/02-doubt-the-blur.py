"""Chapter 02, exercise 5: the ranks of a 3 × 3 blur on a 4 × 4 input, padding 0, 1 and 2.

Without padding there are 4 outputs for 16 inputs: at least twelve directions are lost. With
padding 1 the matrix is 16 × 16, and its rank is 16: on paper nothing is lost, because the zeros
at the border break every pattern that the blur would not see inside. Padding 2 adds outputs, and
the rank cannot rise above the 16 columns.

"On paper" matters. Some patterns come through very weak, and noise in the output drowns them.
So a blur does not always throw something away; a convolution with fewer outputs than inputs does.
"""

my_ranks = (4, 16, 16)
