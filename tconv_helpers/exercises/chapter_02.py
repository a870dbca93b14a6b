"""Chapter 02: a convolution as a matrix."""

import numpy as np

from tconv_helpers import ops, sizes
from tconv_helpers.exercises._design import Condition, Design, Grid, Integers, Such
from tconv_helpers.exercises._exercise import Idea, When
from tconv_helpers.exercises._function import Function
from tconv_helpers.exercises._value import Bet, Value

K = np.array([[1, 2, 4], [1, 1, 3], [1, 2, 4]])
BLUR = np.outer([1, 2, 1], [1, 2, 1])
EDGES = np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]])


def C():
    """The matrix of example A."""
    return ops.convolution_matrix(K, (4, 4))


def first_columns():
    """The column in which each row of C begins."""
    return (C() != 0).argmax(axis=1)


def outputs_fed(*inputs):
    return (C() != 0).sum(axis=0)[list(inputs)]


def rows(w=(2, 1, 3), *, stride=2, padding=1):
    return ops.convolution_matrix(list(w), (6,), stride=stride, padding=padding)


def strided(w, i, stride):
    return ops.convolution_matrix(w, (i,), stride=stride)


def rounded_up(w, i, stride):
    """The matrix with one row more, for the window that no longer fits."""
    o = -(-(i - len(w)) // stride) + 1
    wide = ops.convolution_matrix(w, ((o - 1) * stride + len(w),), stride=stride)
    return wide[:, :i]


def wrapped(w, i, stride):
    """A window at every s-th place, around the end."""
    line = np.concatenate([w, np.zeros(i - len(w), int)])
    return np.array([np.roll(line, start) for start in range(0, i, stride)])


def kernels():
    return [
        (np.array([3, 1, 4, 2]), 11, 3),
        (np.array([1, 2]), 6, 1),
        (np.array([5, -1, 2]), 6, 2),
        (np.array([7]), 5, 2),
        (np.array([2, 0, 9]), 8, 4),
    ]


def along_one_axis(k, s, p):
    return ops.convolution_matrix(np.ones(k, int), (12,), stride=s, padding=p)


def row_count(k, s, p):
    return len(along_one_axis(k, s, p)) ** 2


def zero_columns(k, s, p):
    """Columns of zeros of the 12 × 12 input's matrix: cells that one of the axes steps over."""
    return 144 - int(along_one_axis(k, s, p).any(axis=0).sum()) ** 2


def seen(picture):
    return ops.conv2d(picture, EDGES)


def ranks():
    return [
        int(np.linalg.matrix_rank(ops.convolution_matrix(BLUR, (4, 4), padding=p)))
        for p in (0, 1, 2)
    ]


def output_counts():
    return [sizes.conv_size(4, 3, padding=p) ** 2 for p in (0, 1, 2)]


EXERCISES = [
    Bet(
        name="shape-of-the-matrix",
        question="4 × 4 input, 2 × 2 output: how many rows and columns has C?",
        wants="(rows, columns)",
        target=lambda: C().shape,
        because="One row per output, one column per input.",
        ideas=[
            Idea(
                lambda: C().T.shape,
                "Rows and columns are exchanged. C multiplies a list of 16 inputs, so it has 16"
                " columns.",
                "02.2",
            ),
            Idea(
                lambda: (4, 9),
                "A row has a weight for every input, not only for the nine under the window. The"
                " others are 0.",
                "02.1",
            ),
            Idea(
                lambda: K.shape, "That is the kernel. The matrix holds it once in each row.", "02.2"
            ),
            Idea(
                lambda: (2, 4),
                "You took the sizes along one axis. Count all values: 2 · 2 outputs, 4 · 4 inputs.",
                "02.2",
            ),
        ],
    ),
    Bet(
        name="start-of-row-2",
        question="In which column stands the first kernel value of row 2?",
        wants="a column number",
        target=lambda: first_columns()[2],
        because="Output (1, 0) begins on the next line of the input, and a line has 4 cells.",
        ideas=[
            Idea(
                lambda: 2,
                "You moved the row above by one. At the end of a line the window goes to the start"
                " of the next.",
                "02.2",
            ),
            Idea(lambda: 3, "The kernel is 3 wide, but a line of the input has 4 values.", "02.2"),
            Idea(lambda: first_columns()[3], "That is row 3. Rows count from 0.", "02.2"),
            Idea(lambda: 8, "Output (1, 0) stands one line further down, not two.", "02.2"),
        ],
    ),
    Bet(
        name="outputs-fed",
        question="How many of the four outputs do input (1, 1) and input (0, 0) feed?",
        wants="(outputs fed by input (1, 1), outputs fed by input (0, 0))",
        target=lambda: outputs_fed(5, 0),
        because="The middle lies in every window, a corner in one.",
        ideas=[
            Idea(
                lambda: outputs_fed(0, 5),
                "The two are exchanged: the middle is used more often than the corner.",
                "02.3",
            ),
            Idea(
                lambda: (9, 9),
                "9 is how many inputs a row gathers. A column tells how many outputs an input"
                " feeds.",
                "02.3",
            ),
            Idea(lambda: (4, 4), "A corner lies in one window only.", "02.3"),
            Idea(lambda: (1, 1), "Windows overlap: the middle lies in all four of them.", "02.3"),
        ],
    ),
    Value(
        name="write-the-rows",
        answer="my_rows",
        question="The matrix of kernel 2 1 3 on 6 inputs, stride 2, padding 1.",
        wants="[[?, ?, …], [?, ?, …], …]",
        target=rows,
        because="Row 0 loses the 2: place −1 is padding and has no column.",
        ideas=[
            Idea(
                lambda: rows(padding=0),
                "You left out the padding. The first window begins one place before the input.",
                "02.5",
            ),
            Idea(lambda: rows(stride=1), "You moved by one column a row. The stride is 2.", "02.5"),
            Idea(
                lambda: rows((3, 1, 2)),
                "You flipped the kernel. A row holds it as it is written.",
                "02.3",
            ),
            Idea(
                lambda: ops.convolution_matrix([2, 1, 3], (8,), stride=2),
                "You kept a column for each added zero. What multiplies a zero gives nothing, so"
                " those columns are cut away.",
                "02.5",
            ),
            Idea(
                lambda: rows().T,
                "That is the matrix on its side: a row per input. C has a row per output.",
                "02.2",
            ),
        ],
    ),
    Function(
        name="build-a-strided-matrix",
        answer="my_matrix",
        question="The matrix of a one-axis kernel with a stride, without ops.",
        wants="your code",
        target=strided,
        inputs=kernels,
        ideas=[
            Idea(
                lambda w, i, stride: strided(w, i, 1),
                "You left out the stride: it takes every s-th row.",
                "02.5",
            ),
            Idea(
                lambda w, i, stride: strided(w[::-1], i, stride),
                "You flipped the kernel. A row holds it as it is written.",
                "02.3",
            ),
            Idea(
                lambda w, i, stride: strided(w, i, stride).T,
                "Rows and columns are exchanged: one row per output, one column per input.",
                "02.2",
            ),
            Idea(
                rounded_up,
                "You rounded up: the last row holds a window that no longer fits.",
                "02.5",
            ),
            Idea(
                wrapped,
                "The kernel goes around the end. A row ends where the input ends: only windows that"
                " fit have one.",
                "02.4",
            ),
            Idea(
                lambda w, i, stride: strided(w, i, 1)[: len(strided(w, i, stride))],
                "The number of rows is right, but each moves by one column. They move by the"
                " stride.",
                "02.5",
            ),
        ],
    ),
    Design(
        name="design-a-matrix",
        answer="my_design",
        question="Kernel, stride and padding: 36 rows and no column of zeros from 12 × 12.",
        wants="(kernel size, stride, padding)",
        form=Integers({"kernel size": 1, "stride": 1, "padding": 0}),
        conditions=[
            Condition("rows", row_count, 36),
            Condition("columns of zeros", zero_columns, 0),
        ],
        because="36 rows are 6 × 6 outputs.",
        ideas=[
            Idea(
                lambda k, s, p: row_count(k, s, p) == 36**2,
                "36 along one axis are 36 · 36 rows. Aim at 6 along each axis.",
                "02.2",
            ),
            Idea(
                lambda k, s, p: row_count(k, s, p) == 36,
                "The rows are right, but some inputs lie in no window: the kernel is smaller than"
                " the stride, or it stops before the end.",
                "02.5",
            ),
            Idea(
                lambda k, s, p: row_count(k, s, p) == 25,
                "One window too few along each axis. Without padding the last one does not fit.",
                "02.5",
            ),
            Idea(
                lambda k, s, p: row_count(k, s, p) == 49,
                "One window too many along each axis: the padding is too large.",
                "02.5",
            ),
            Idea(
                lambda k, s, p: row_count(k, s, p) == 144,
                "As many outputs as inputs: this layer keeps the size. A quarter is wanted.",
                "02.5",
            ),
        ],
    ),
    Design(
        name="hide-a-picture",
        answer="my_picture",
        question="A 5 × 5 picture with three different values that the edge kernel cannot see.",
        wants="a 5 × 5 array of whole numbers",
        form=Grid((5, 5)),
        conditions=[
            Condition("the output", seen, lambda: np.zeros((3, 3), int)),
            Condition(
                "different values",
                lambda x: len(np.unique(x)),
                Such("at least 3", lambda count: count >= 3),
            ),
        ],
        because="Every inner value is the mean of its four neighbours.",
        ideas=[
            Idea(
                lambda x: len(np.unique(x)) == 1,
                "A constant picture has no edge, but it has one value only. What else has none?",
                "02.9",
            ),
            Idea(
                lambda x: not seen(x).any(),
                "The kernel does not see it, but it has two values only: a corner of this kernel is"
                " 0, so corners are free. Look for a picture that rises evenly.",
                "02.9",
            ),
            Idea(
                lambda x: len(np.unique(seen(x))) == 1,
                "It is evenly curved: each value differs from the mean of its neighbours by the"
                " same amount. A plane does not curve.",
                "02.9",
            ),
            Idea(
                lambda x: not ops.conv2d(x, BLUR).any(),
                "Those stripes hide from the blur of section 9. The edge kernel answers to them"
                " most of all.",
                "02.9",
            ),
            Idea(
                lambda x: not (x.sum() or seen(x).sum()),
                "The sum is 0, but each output counts by itself.",
                "02.1",
            ),
        ],
    ),
    Value(
        name="doubt-the-blur",
        answer="my_ranks",
        question="The ranks of a 3 × 3 blur on a 4 × 4 input with padding 0, 1 and 2.",
        wants="(padding 0, padding 1, padding 2)",
        parts=("rank with padding 0", "rank with padding 1", "rank with padding 2"),
        target=ranks,
        because="With padding 1 a blur loses nothing: the border shows what the inside hides.",
        ideas=[
            Idea(
                output_counts,
                "You gave the number of rows. A rank is at most the number of columns too: 16.",
                "02.9",
            ),
            Idea(
                lambda: (16, 16, 16),
                "Without padding there are 4 rows, so the rank is at most 4.",
                "02.9",
            ),
            Idea(lambda: (4, 4, 4), "Padding adds rows, and rows can add rank.", "02.5"),
            Idea(
                lambda: (9, 9, 9),
                "9 is the number of taps. The rank counts independent rows.",
                "02.9",
            ),
            When(
                lambda r: r[0] == 4 and r[1] < 16,
                "You believe that a blur always loses something. At a padded border the stripes it"
                " would not see leave a trace, and nothing is lost.",
                "02.9",
            ),
        ],
    ),
]
