"""Chapter 09, exercise 1: equal sizes, other numbers.

SAME needs one zero and puts it at the end: the windows are 1 2 3 and 3 4 0. With a zero at both
ends they are 0 1 2 and 2 3 4. The sizes agree, and not one number does.
"""

same = [1 * 1 + 2 * 10 + 3 * 100, 3 * 1 + 4 * 10 + 0 * 100]
symmetric = [0 * 1 + 1 * 10 + 2 * 100, 2 * 1 + 3 * 10 + 4 * 100]
my_outputs = same + symmetric
