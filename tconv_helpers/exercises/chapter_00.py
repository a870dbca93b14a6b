"""Chapter 00: one short exercise of each kind, and two bets."""

import numpy as np

from tconv_helpers import ops, sizes
from tconv_helpers.artifacts import overlap_counts
from tconv_helpers.exercises._design import Condition, Design, Grid, Such
from tconv_helpers.exercises._exercise import Idea
from tconv_helpers.exercises._function import Function
from tconv_helpers.exercises._value import Bet, Value

X = np.array([[1, 2], [3, 4]])  # the input and the kernel of section 1
K = np.array([[1, 1, 1], [1, 2, 1], [1, 1, 1]])
CORNER = np.array([[1, 2], [0, 1]])  # the kernel of section 3


def padding_grows():
    before, after = (sizes.conv_transpose_size(2, 3, stride=2, padding=p) for p in (0, 1))
    return "equal" if before == after else "larger" if after > before else "smaller"


def overlapping_cells(kernel):
    return int((overlap_counts((2, 2), kernel, stride=2) > 1).sum())


def middle_of(x):
    return ops.conv_transpose2d(x, K, stride=2)[2, 2]


EXERCISES = [
    Bet(
        name="padding-grows",
        question="Does more padding make the output larger or smaller?",
        wants='"larger", "smaller" or "equal"',
        choices=("larger", "smaller", "equal"),
        target=padding_grows,
        because="Padding is cut off the canvas at both ends.",
        ideas=[
            Idea(
                lambda: "larger",
                "In a convolution padding adds zeros to the input, and the output grows. Here the"
                " roles are exchanged: padding is cut off the canvas.",
                "03.4",
            ),
            Idea(
                lambda: "equal",
                "Padding that keeps the size belongs to a convolution at stride 1. Here each cell"
                " of padding takes one cell off both ends.",
                "03.4",
            ),
        ],
    ),
    Bet(
        name="side-by-side",
        question="2 × 2 input, kernel 2, stride 2: how many output cells get more than one stamp?",
        wants="a whole number",
        target=lambda: overlapping_cells(2),
        because="Stamps 2 wide and 2 apart lie side by side.",
        ideas=[
            Idea(
                lambda: overlapping_cells(3),
                "That is the picture of section 1, with kernel 3. A kernel of 2 does not reach"
                " beyond the stride.",
                "00.1",
            ),
            Idea(
                lambda: 1,
                "The four stamps touch at the middle. To touch is not to overlap: no cell is"
                " shared.",
                "00.1",
            ),
            Idea(
                lambda: overlap_counts((2, 2), 2, stride=2).size,
                "Every cell gets a stamp, but the question is which get more than one.",
                "00.1",
            ),
        ],
    ),
    Value(
        name="top-row",
        answer="my_count",
        question="How often is cell (0, 2), the middle of the top row, stamped?",
        wants="a number",
        target=lambda: overlap_counts((2, 2), 3, stride=2)[0, 2],
        because="The two upper stamps share column 2.",
        ideas=[
            Idea(
                lambda: overlap_counts((2, 2), 3, stride=2)[2, 2],
                "That is the very middle, cell (2, 2), where all four stamps meet. Only the upper"
                " two reach row 0.",
                "00.1",
            ),
            Idea(
                lambda: 1,
                "You took the stamps as tiles. A stamp is 3 wide and the next begins 2 further, so"
                " neighbours share cells.",
                "00.1",
            ),
            Idea(
                lambda: 9,
                "9 is the number of cells that one stamp covers. The question is how many stamps"
                " cover one cell.",
                "00.1",
            ),
            Idea(
                lambda: 3,
                "3 is the width of a stamp. Count the stamps that reach cell (0, 2).",
                "00.1",
            ),
        ],
    ),
    Value(
        name="one-stamp",
        answer="my_stamp",
        question="The input value 3 stamps the kernel [[1, 2], [0, 1]]. Which 2 × 2 numbers?",
        wants="[[?, ?], [?, ?]]",
        target=lambda: ops.stamps([[3]], CORNER)[0, 0],
        because="Every tap is multiplied by the value.",
        ideas=[
            Idea(
                lambda: CORNER + 3,
                "You added the value to each tap. A stamp is the value times the kernel.",
                "00.1",
            ),
            Idea(lambda: CORNER, "That is the kernel itself. Multiply it by the value.", "00.1"),
            Idea(
                lambda: 3 * ops.flip(CORNER),
                "You turned the kernel by 180°. A stamp shows it as it is; the flip appears only"
                " when an output collects its inputs.",
                "03.5",
            ),
        ],
    ),
    Function(
        name="canvas-cells",
        answer="canvas_cells",
        question="How many canvas cells do i stamps of k cells need, s apart?",
        wants="an expression in i, k and s",
        target=lambda i, k, s: sizes.canvas_size(i, k, stride=s),
        inputs=lambda: [(2, 3, 2), (5, 3, 1), (1, 4, 3), (4, 2, 5), (7, 1, 2)],
        because="The last stamp begins at cell (i − 1)s and is k cells long.",
        ideas=[
            Idea(
                lambda i, k, s: (i - k) // s + 1,
                "That is the size formula of a convolution, which runs the other way.",
                "03.3",
            ),
            Idea(
                lambda i, k, s: i * s + k,
                "You counted i steps. Between i stamps there are i − 1.",
                "03.3",
            ),
            Idea(
                lambda i, k, s: i * s,
                "The size is not the input times the stride. The last stamp reaches k cells, not"
                " s.",
                "03.3",
            ),
            Idea(
                lambda i, k, s: i * k,
                "That lays the stamps end to end. They begin s cells apart, whatever their size.",
                "03.3",
            ),
            Idea(
                lambda i, k, s: (i - 1) * s,
                "That is where the last stamp begins. It is k cells long.",
                "03.3",
            ),
        ],
    ),
    Design(
        name="make-ten",
        answer="my_input",
        question="Four other whole numbers whose stamps make the middle cell 10.",
        wants="[[?, ?], [?, ?]]",
        form=Grid((2, 2)),
        conditions=[
            Condition("middle cell", middle_of, lambda: middle_of(X)),
            Condition(
                "input",
                lambda x: x,
                Such("any other than [[1, 2], [3, 4]]", lambda x: not np.array_equal(x, X)),
            ),
        ],
        because="A corner of each stamp arrives there, and the corners of k are 1.",
        ideas=[
            Idea(
                lambda x: np.array_equal(x, X),
                "That is the input of section 1. Change two of its numbers and keep their sum.",
                "00.1",
            ),
            Idea(
                lambda x: (x == 10).all(), "Four tens do not average to 10. Stamps add: 40.", "00.1"
            ),
            Idea(
                lambda x: x.sum() == 5,
                "You multiplied by the 2 in the middle of k. In the middle cell of y only corners"
                " of stamps arrive, and they are 1.",
                "00.1",
            ),
        ],
    ),
]
