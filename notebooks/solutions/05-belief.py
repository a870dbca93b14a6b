"""Chapter 05, exercise 4, "A belief to break: divisible means no checkerboard".

Strength 1 means that the mean of the two phase sums is 0, and that they are not 0 themselves:
a + c = −(b + d). The simplest answer alternates; 3, −1, 0, −2 is another.
"""

my_worst = [1, -1, 1, -1]
