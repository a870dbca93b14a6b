"""Planted answers of chapter 09. The tables are explained in tests/test_exercises_answers.py."""

from itertools import product

import numpy as np

GRID = list(product(range(1, 7), range(1, 6), range(1, 4), range(3)))


def size(i, k, s, p):
    return (i - 1) * s + k - 2 * p


def refute_sorted(formula):
    for layer in sorted(GRID, key=lambda t: (sum(t), t)):
        if size(*layer) >= 1 and formula(*layer) != size(*layer):
            return layer
    return None


def refute_by_sum(formula):
    """Grow the sum until a layer of that sum fails; a list is as good as a tuple."""
    for total in range(3, 18):
        for i, k, s, p in GRID:
            fits = i + k + s + p == total and size(i, k, s, p) > 0
            if fits and formula(i, k, s, p) != size(i, k, s, p):
                return [i, k, s, p]


def refute_min(formula):
    found = [t for t in GRID if size(*t) > 0 and formula(*t) != size(*t)]
    return min(found, key=lambda t: (sum(t), t)) if found else None


def refute_first(formula):
    for layer in GRID:
        if size(*layer) >= 1 and formula(*layer) != size(*layer):
            return layer


def refute_illegal(formula):
    found = [t for t in GRID if formula(*t) != size(*t)]
    return min(found, key=lambda t: (sum(t), t), default=None)


def refute_some(formula, keep):
    found = [t for t in GRID if keep(*t) and size(*t) > 0 and formula(*t) != size(*t)]
    return min(found, key=lambda t: (sum(t), t), default=None)


def refute_largest(formula):
    found = [t for t in GRID if size(*t) > 0 and formula(*t) != size(*t)]
    return max(found, key=lambda t: (sum(t), t), default=None)


def refute_sizes(formula):
    found = refute_sorted(formula)
    return None if found is None else (formula(*found), size(*found))


def refute_agrees(formula):
    found = [t for t in GRID if size(*t) > 0 and formula(*t) == size(*t)]
    return min(found, key=lambda t: (sum(t), t), default=None)


def refute_convolution(formula):
    def down(i, k, s, p):
        return (i + 2 * p - k) // s + 1

    found = [t for t in GRID if t[0] + 2 * t[3] >= t[1] and formula(*t) != down(*t)]
    return min(found, key=lambda t: (sum(t), t), default=None)


RIGHT = {
    "same-on-paper": [(321, 43, 210, 432), [321.0, 43, 210, 432]],
    "refute": [refute_sorted, refute_by_sum, refute_min],
    "accident": [(5, 3, 2, 1), (9, 4, 2, 2), (3, 7, 3, 1), [2, 1, 5, 1], np.array([5, 40, 4, 3])],
    "give-back": [[[3, 4], [4, -3]], [[-4, 3], [3, 4]], np.array([[3.0, -4], [-4, -3]])],
}

WRONG = {
    "same-on-paper": [
        ((123, 340, 12, 234), "flipped"),
        ((210, 432, 210, 432), "begins with a zero"),
        ((321, 43, 321, 43), "at the end twice"),
        ((210, 432, 321, 43), "exchanged"),
        ((321, 432, 210, 321), "one cell apart"),
    ],
    "refute": [
        (refute_first, "order of the loops"),
        (refute_illegal, "no cell"),
        (lambda formula: refute_some(formula, lambda i, k, s, p: p == 0), "padding at 0"),
        (lambda formula: refute_some(formula, lambda i, k, s, p: s == 1), "stride at 1"),
        (refute_largest, "largest"),
        (refute_sizes, "return its sizes"),
        (refute_agrees, "formula is right"),
        (refute_convolution, "size of a convolution"),
    ],
    "accident": [
        ((1, 1, 2, 1), "nothing is left"),
        ((5, 3, 1, 1), "4p too large"),
        ((1, 3, 2, 0), "Without padding"),
        ((3, 3, 2, 1), "too large by"),
        ((9, 3, 2, 1), "too small"),
    ],
    "give-back": [
        ([[5, 0], [0, 5]], "forgets the other"),
        ([[3, 4], [3, 4]], "the same one number"),
        ([[10, 5], [2, 8]], "sum to 25. A value"),
        ([[3, 4], [4, 3]], "not at right angles"),
        ([[1, 1], [1, -1]], "nothing strays"),
    ],
}

# Sentence → the two verdicts that are not its own.
LOST = {
    "claim-plus": [("true", "formula says 9"), ("only if", "speaks of padding")],
    "claim-no-floor": [("true", "2.5"), ("false", "At stride 1")],
    "claim-halves": [("true", "6 becomes 2"), ("false", "every even size")],
    "claim-solve": [("true", "into both"), ("false", "the smallest")],
    "claim-fits": [("true", "never seen"), ("false", "always does")],
    "claim-shrinks": [("false", "is cut off here"), ("only if", "No condition")],
    "claim-upsampling": [("true", "gives 3"), ("false", "adds cells")],
    "claim-same-sum": [("true", "It keeps 7"), ("only if", "alone decides")],
    "claim-same-half": [("true", "(0, 1)"), ("false", "odd kernel")],
    "claim-border-half": [("true", "leaves 3"), ("only if", "1 and 2 only")],
    "claim-border-full": [("true", "gives 7"), ("false", "exactly right")],
    "claim-recovers": [("true", "carry rank 4"), ("only if", "No kernel")],
    "claim-gradient": [("false", "is linear"), ("only if", "every kernel and stride")],
    "claim-no-convolution": [("true", "np.convolve"), ("only if", "At no stride")],
    "claim-opposite": [("true", "last digit"), ("only if", "Learned weights")],
    "claim-zeros": [("true", "1 × 1"), ("false", "own flip")],
    "claim-deconvolution": [("true", "does not come back"), ("false", "It can")],
    "claim-tiles": [("true", "every count is 1"), ("only if", "one layer")],
    "claim-black": [("true", "paint"), ("only if", "black plus black")],
    "claim-cause": [("true", "uneven although"), ("false", "equal weights")],
    "claim-pixel": [("true", "neighbours add"), ("false", "does just that")],
    "claim-resize": [("false", "kernel of ones"), ("only if", "every kernel and factor")],
    "claim-count": [("true", "2816"), ("only if", "no condition")],
    "claim-one-to-many": [("true", "many-to-many"), ("false", "one input")],
    "claim-fraction": [("true", "has stride 1"), ("false", "a picture, and right")],
}
