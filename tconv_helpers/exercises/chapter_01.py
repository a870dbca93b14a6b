"""Chapter 01: what a convolution computes, and how large its output is."""

import numpy as np

from tconv_helpers import ops, sizes
from tconv_helpers.artifacts import overlap_counts
from tconv_helpers.exercises._design import Condition, Design, Grid, Integers, Such
from tconv_helpers.exercises._exercise import Idea
from tconv_helpers.exercises._function import Function
from tconv_helpers.exercises._value import Bet, Value

X = np.array([[3, 3, 3, 6], [7, 4, 3, 2], [7, 2, 8, 5], [1, 7, 3, 1]])  # example A
W = np.array([[1, 2, 4], [1, 1, 3], [1, 2, 4]])
NINE = np.arange(1, 10).reshape(3, 3)
DOT = np.pad([[1]], 2)
X_FIGURE = np.array(
    [[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]
)
W_FIGURE = np.array([[0, 1, 2], [2, 2, 0], [0, 1, 2]])
EVEN_SIZES = range(4, 21, 2)


def size_and_leftover(i=12, k=3, s=2, lo=1, hi=1, d=3):
    """The output size and the cells of the padded input after the last one read."""
    output = sizes.conv_size(i, k, stride=s, padding=((lo, hi),) if lo != hi else lo, dilation=d)
    return output, i + lo + hi - sizes.canvas_size(output, k, stride=s, dilation=d)


def halves(k, s, p):
    """The output size for every even input size."""
    return [sizes.conv_size(i, k, stride=s, padding=p) for i in EVEN_SIZES]


def unread(k, s, p):
    """How many input cells lie in no window, over all even input sizes."""
    total = 0
    for i in EVEN_SIZES:
        seen = ops.conv1d(np.eye(i)[:, None], np.ones((1, 1, k)), stride=s, padding=p)
        total += int((seen.sum(axis=(1, 2)) == 0).sum())
    return total


def moved(kernel):
    return ops.conv2d(X, kernel, padding=1)


def shifted(row, column):
    """The kernel with a single 1."""
    return np.arange(9).reshape(3, 3) == 3 * row + column


def random_pairs():
    rng = np.random.default_rng(1)
    shapes = [((4, 4), (3, 3)), ((5, 7), (2, 3)), ((6, 3), (4, 1)), ((3, 3), (3, 3))]
    return [(X_FIGURE, W_FIGURE)] + [
        (rng.integers(-5, 6, large), rng.integers(1, 9, small)) for large, small in shapes
    ]


EXERCISES = [
    Bet(
        name="first-value",
        question="What is the first output value of example A?",
        wants="a whole number",
        target=lambda: ops.conv2d(X, W)[0, 0],
        because="Nine products, one sum.",
        ideas=[
            Idea(
                lambda: ops.conv2d(X, ops.flip(W))[0, 0],
                "You turned the kernel by 180°, as mathematics does. A network's convolution does"
                " not.",
                "01.2",
            ),
            Idea(
                lambda: X[:3, :3].sum(),
                "You added the inputs under the kernel. Each counts times the weight on it.",
                "01.1",
            ),
            Idea(
                lambda: W.sum(),
                "You added the weights. Each is multiplied by the input under it.",
                "01.1",
            ),
            Idea(
                lambda: ops.conv2d(X, W)[0, 0] / 9,
                "You took the mean of the products. The kernel's place gives their sum.",
                "01.1",
            ),
            Idea(
                lambda: X[0, 0] * W[0, 0],
                "That is the first of nine products. The output adds all nine.",
                "01.1",
            ),
        ],
    ),
    Bet(
        name="corner-of-a-dot",
        question="A single 1 in the middle, weights 1 to 9: which number in the output's corner?",
        wants="a whole number",
        target=lambda: ops.conv2d(DOT, NINE)[0, 0],
        because="With the window at the top left, the last weight lies on the 1.",
        ideas=[
            Idea(
                lambda: ops.conv2d(DOT, ops.flip(NINE))[0, 0],
                "You expect the kernel as it is written. That is what true convolution returns;"
                " without the flip it comes out turned.",
                "01.2",
            ),
            Idea(
                lambda: NINE[1, 1],
                "The middle weight lies on the 1 when the window is in the middle. In the corner"
                " the window stands higher and further left.",
                "01.2",
            ),
            Idea(
                lambda: 0,
                "The window is 3 wide, so at the top left it reaches the middle of the 5 × 5"
                " input, with its last weight.",
                "01.2",
            ),
        ],
    ),
    Bet(
        name="places-at-stride-2",
        question="Input size 6, kernel size 3, stride 2, no padding: how many outputs?",
        wants="a whole number",
        target=lambda: sizes.conv_size(6, 3, stride=2),
        because="Places 0 and 2 fit; place 4 would reach beyond the end.",
        ideas=[
            Idea(
                lambda: sizes.conv_size(6, 3),
                "You counted every place. The stride takes every second one.",
                "01.4",
            ),
            Idea(
                lambda: 3,
                "Stride 2 does not halve the size. A third window would begin at cell 4 and need"
                " cell 6, which is not there.",
                "01.4",
            ),
            Idea(
                lambda: 1 + (6 - 3) / 2, "There is no half output: the formula has a floor.", "01.4"
            ),
            Idea(
                lambda: sizes.conv_transpose_size(6, 3, stride=2),
                "That is the size of a transposed convolution, which runs the other way.",
                "01.4",
            ),
        ],
    ),
    Bet(
        name="uses-of-the-middle",
        question="How many of the four outputs of example A use the input at row 1, column 1?",
        wants="a whole number",
        target=lambda: overlap_counts((2, 2), 3)[1, 1],
        because="Every window covers the middle.",
        ideas=[
            Idea(
                lambda: W.size,
                "9 is how many inputs one output uses. The question is the other way round.",
                "01.6",
            ),
            Idea(lambda: 1, "Windows overlap: the same input lies in several of them.", "01.6"),
            Idea(
                lambda: overlap_counts(2, 3)[1],
                "You counted along one axis. There are two places down for each place across.",
                "01.6",
            ),
        ],
    ),
    Value(
        name="size",
        answer="my_answer",
        question="Size and leftover for input 12, kernel 3, dilation 3, stride 2, padding 1.",
        wants="(output size, leftover cells)",
        parts=("output size", "number of leftover cells"),
        target=size_and_leftover,
        because="The kernel spans 7 of 14 cells; 7 = 3 · 2 + 1.",
        ideas=[
            Idea(
                lambda: size_and_leftover(d=1),
                "You left out the dilation: the kernel spans d(k − 1) + 1 = 7 cells, not 3.",
                "01.5",
            ),
            Idea(
                lambda: size_and_leftover(lo=0),
                "You padded one end only. Padding 1 puts a zero at both ends: 14 cells.",
                "01.3",
            ),
            Idea(
                lambda: size_and_leftover(lo=0, hi=0),
                "Count again: 7 cells to step through make 3 steps, and 3 steps make 4 places. Or"
                " you left out the padding.",
                "01.4",
            ),
            Idea(
                lambda: (4.5, 0),
                "There is no half output: the formula has a floor, and the rest is the leftover.",
                "01.4",
            ),
            Idea(
                lambda: (4, 2),
                "Both ends are padded, but only cells after the last window are left over.",
                "01.4",
            ),
        ],
    ),
    Function(
        name="taps",
        answer="by_taps",
        question="The convolution as a sum of shifted inputs, one for each tap.",
        wants="the sum over all taps of w[u, v] times a shifted block of x",
        target=lambda x, w: ops.conv2d(x, w),
        inputs=random_pairs,
        ideas=[
            Idea(
                lambda x, w: ops.conv2d(x, ops.flip(w)),
                "You flipped the kernel. Tap (u, v) meets the block that begins at row u, column"
                " v.",
                "01.2",
            ),
            Idea(
                lambda x, w: ops.conv2d(x, w) / w.size,
                "You took the mean over the taps. The output is their sum.",
                "01.1",
            ),
            Idea(
                lambda x, w: ops.conv2d(x, np.ones_like(w)),
                "You added the blocks without their weights.",
                "01.1",
            ),
            Idea(
                lambda x, w: ops.conv2d(x, w.T),
                "Rows and columns of the kernel changed places: it is w[u, v], u down and v right.",
                "01.1",
            ),
            Idea(
                lambda x, w: ops.conv_transpose2d(x, w),
                "You let the kernel reach beyond the input, on all sides. A block is as large as"
                " the output: only places where the whole kernel fits.",
                "01.3",
            ),
            Idea(
                lambda x, w: (
                    w[-1, -1]
                    * x[w.shape[0] - 1 :, w.shape[1] - 1 :][
                        : x.shape[0] - w.shape[0] + 1, : x.shape[1] - w.shape[1] + 1
                    ]
                ),
                "Only the last tap is left: each overwrote the one before. Add them up.",
                "01.1",
            ),
        ],
    ),
    Design(
        name="shift",
        answer="my_kernel",
        question="A 3 × 3 kernel that moves a picture one cell to the right.",
        wants="a 3 × 3 array",
        form=Grid((3, 3), whole=False),
        conditions=[
            Condition("the moved picture", moved, lambda: np.pad(X, [(0, 0), (1, 0)])[:, :-1])
        ],
        because="Every output takes the value on its left.",
        ideas=[
            Idea(
                lambda w: np.array_equal(w, shifted(1, 2)),
                "The picture moved left: you flipped the kernel. The weight stands where the value"
                " comes from.",
                "01.2",
            ),
            Idea(
                lambda w: np.array_equal(w, shifted(1, 1)),
                "The 1 in the middle keeps the picture where it is.",
                "01.2",
            ),
            Idea(
                lambda w: np.array_equal(w, shifted(0, 1)) or np.array_equal(w, shifted(2, 1)),
                "The picture moved up or down: rows come first, so the left neighbour is at row 1,"
                " column 0.",
                "01.1",
            ),
            Idea(
                lambda w: w[1, 0] == w.sum() != 1 and np.count_nonzero(w) == 1,
                "The picture moved the right way, but its values are multiplied. The weight is 1.",
                "01.9",
            ),
            Idea(
                lambda w: np.count_nonzero(w) > 1,
                "More than one weight is not 0, so several neighbours are mixed into each value.",
                "01.9",
            ),
        ],
    ),
    Design(
        name="halve",
        answer="my_layer",
        question="Kernel, stride and padding that halve every even size and read every cell.",
        wants="(kernel size, stride, padding)",
        form=Integers({"kernel size": 1, "stride": 1, "padding": 0}),
        conditions=[
            Condition("sizes for 4, 6, …, 20", halves, lambda: [i // 2 for i in EVEN_SIZES]),
            Condition("cells that no output reads", unread, 0),
        ],
        ideas=[
            Idea(
                lambda k, s, p: s != 2,
                "Halving every size takes stride 2: then 2 more input cells give 1 more output.",
                "01.4",
            ),
            Idea(
                lambda k, s, p: unread(k, s, p) > 0 and 2 * p - k in (-2, -1),
                "The sizes are right, but the kernel is smaller than the stride: it steps over"
                " every second cell.",
                "01.6",
            ),
            Idea(
                lambda k, s, p: 2 * p - k < -2,
                "The outputs are too few: the last windows do not fit. More padding, or a smaller"
                " kernel.",
                "01.4",
            ),
            Idea(
                lambda k, s, p: 2 * p - k > -1,
                "The outputs are too many: the padding makes room for more windows than half the"
                " size.",
                "01.3",
            ),
        ],
    ),
    Design(
        name="blind",
        answer="my_input",
        question="Nine numbers, not all 0, that a kernel without zeros maps to zeros.",
        wants="nine numbers, not all 0",
        form=Grid((9,), whole=False),
        conditions=[
            Condition("values", lambda x: x, Such("not all 0", np.any)),
            Condition(
                "the output",
                lambda x: ops.conv1d(x, [1, 2, 3], stride=2, dilation=2),
                lambda: [0, 0, 0],
            ),
        ],
        because="With stride 2 and dilation 2 no window reads an odd position.",
        ideas=[
            Idea(
                lambda x: not np.any(x),
                "All zeros give zeros with any kernel. The belief is about an input that is not 0.",
                "01.5",
            ),
            Idea(
                lambda x: not np.any(ops.conv1d(x, [1, 2, 3], stride=2)),
                "You let neighbours cancel. With dilation 2 the taps stand two cells apart.",
                "01.5",
            ),
            Idea(
                lambda x: not np.any(ops.conv1d(x, [3, 2, 1], stride=2, dilation=2)),
                "The values cancel for the flipped kernel 3, 2, 1. There is no flip here.",
                "01.2",
            ),
            Idea(
                lambda x: not np.any(x[1::2]),
                "You filled the even positions: those are the ones the windows read.",
                "01.5",
            ),
        ],
    ),
]
