"""Chapter 02, exercise 4: a picture that the edge kernel cannot see.

On an even slope each inner value is the mean of its four neighbours, so four times the value less
the four neighbours is 0. Saddles such as rows * columns work too.
"""

import numpy as np

rows, columns = np.indices((5, 5))
my_picture = 2 * rows + 3 * columns
