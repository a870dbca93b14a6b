"""Chapter 03: the transposed matrix."""

import numpy as np

from tconv_helpers import ops, sizes
from tconv_helpers.exercises._design import Condition, Design, Grid, Integers, Such
from tconv_helpers.exercises._exercise import Idea
from tconv_helpers.exercises._function import Function
from tconv_helpers.exercises._value import Bet, Value

X = np.array([[3, 3, 3, 6], [7, 4, 3, 2], [7, 2, 8, 5], [1, 7, 3, 1]])  # example A
K = np.array([[1, 2, 4], [1, 1, 3], [1, 2, 4]])
Z = np.array([[2, 3], [4, 3]])
E = np.array([[0, 1], [2, 3]])  # example E
B = np.array([[1, 4, 1], [1, 4, 3], [3, 3, 1]])  # kernel B


def reached():
    """Stamps per output cell of Cᵀz, a flag for each input."""
    return ops.stamps(np.ones_like(Z), np.ones_like(K))


def stamped(**how):
    return ops.conv_transpose1d([1, 2, 3], [1, 10, 100], **{"stride": 2, **how})


def placed(combine):
    """Exercise 1 with another rule for a cell that holds a number already."""
    canvas = np.zeros(7)
    for start, value in zip((0, 2, 4), (1, 2, 3), strict=True):
        part = canvas[start : start + 3]
        part[:] = combine(part, value * np.array([1, 10, 100]))
    return canvas


def size_padded(padding):
    return sizes.conv_transpose_size(2, 2, padding=padding) ** 2


def with_channels(x, w, stride, padding):
    return ops.conv_transpose2d(x, w, stride=stride, padding=padding)


def swapped(x, w, stride, padding):
    """The first weight axis read as output channels."""
    return with_channels(x[: w.shape[1]], np.swapaxes(w, 0, 1), stride, padding)


def one_input_channel(c):
    """The contribution of a single input channel."""
    return lambda x, w, stride, padding: with_channels(x[[c]], w[[c]], stride, padding)


def cropped_once(x, w, stride, padding):
    canvas = with_channels(x, w, stride, 0)
    return canvas[:, padding:, padding:]


def layers():
    """(x, w, stride, padding); some with Cin = Cout, where a swapped layout still fits."""
    rng = np.random.default_rng(3)
    shapes = [
        ((3, 4, 5), (3, 2, 3, 3), 2, 1),
        ((2, 3, 3), (2, 2, 3, 2), 1, 0),
        ((1, 2, 4), (1, 3, 2, 2), 2, 0),
        ((2, 3, 2), (2, 2, 4, 4), 3, 2),
    ]
    return [(rng.integers(-4, 5, xs), rng.integers(-4, 5, ws), s, p) for xs, ws, s, p in shapes]


def up_and_down(kernel):
    return ops.conv2d(ops.conv_transpose2d(Z, kernel, stride=2), kernel, stride=2)


def size_of_five(k, s, p):
    return sizes.conv_transpose_size(5, k, stride=s, padding=p)


EXERCISES = [
    Bet(
        name="reach",
        question="How many of the 16 outputs does one input value reach?",
        wants="a whole number",
        target=lambda: np.count_nonzero(reached()[0, 0]),
        because="A column of the transposed matrix holds the kernel: 9 entries.",
        ideas=[
            Idea(
                lambda: 1,
                "One value in, one value out is what a 1 × 1 kernel does. Here a value is"
                " multiplied by all nine taps.",
                "03.2",
            ),
            Idea(
                lambda: Z.size,
                "4 is the number of inputs, and the most that arrive at one output. The question"
                " is how far one input goes.",
                "03.2",
            ),
            Idea(
                lambda: reached()[0, 0].size,
                "Not all: a 3 × 3 kernel reaches 9 cells. The rest of the column is 0.",
                "03.1",
            ),
        ],
    ),
    Bet(
        name="arrivals",
        question="How many input values arrive at output (1, 1)?",
        wants="a whole number",
        target=lambda: reached().sum(axis=(0, 1))[1, 1],
        because="All four stamps cover the middle.",
        ideas=[
            Idea(
                lambda: 1,
                "One-to-many is half of it. Stamps one cell apart overlap, and where they do they"
                " add.",
                "03.2",
            ),
            Idea(
                lambda: K.size,
                "9 is how many outputs one input reaches. There are only four inputs to arrive.",
                "03.2",
            ),
            Idea(
                lambda: 2,
                "You counted along one axis. Two stamps meet along rows and two along columns.",
                "03.2",
            ),
        ],
    ),
    Bet(
        name="values-left",
        question="Example E at stride 1 has nine outputs. How many with padding 1?",
        wants="a whole number",
        target=lambda: size_padded(1),
        because="One cell is cut from each of the four sides.",
        ideas=[
            Idea(
                lambda: 25,
                "You added a ring, as a convolution does to its input. The transpose of that cuts a"
                " ring off.",
                "03.4",
            ),
            Idea(
                lambda: 4,
                "You cut one row and one column. Padding 1 cuts at both ends of each axis: 2p.",
                "03.4",
            ),
            Idea(
                lambda: size_padded(0),
                "Padding changes the size: only padding at stride 1 with the right kernel keeps it,"
                " in a convolution.",
                "03.4",
            ),
            Idea(
                lambda: 16, "You added one row and one column. Padding cuts, at both ends.", "03.4"
            ),
        ],
    ),
    Bet(
        name="corner-comes-back",
        question="The corner of x is 3. What is the corner of CᵀC x?",
        wants="a whole number",
        target=lambda: ops.conv_transpose2d(ops.conv2d(X, K), K)[0, 0],
        because="The corner gets one product: 84 times the tap 1.",
        ideas=[
            Idea(
                lambda: X[0, 0],
                "You took Cᵀ for the inverse. It brings back the shape, not the values.",
                "03.9",
            ),
            Idea(
                lambda: X[0, 0] * (K**2).sum(),
                "You took CᵀC for a multiple of the identity. Each output of C mixes nine inputs,"
                " and the way back does not part them again.",
                "03.9",
            ),
            Idea(
                lambda: ops.conv_transpose2d(ops.conv2d(X, K), ops.flip(K))[0, 0],
                "You flipped the kernel. A stamp shows it as it is, so the corner meets the tap 1.",
                "03.5",
            ),
            Idea(
                lambda: X[0, 0] * K.sum(),
                "Scaling by the kernel's sum would bring back a constant picture. This one is not.",
                "03.9",
            ),
        ],
    ),
    Value(
        name="stamps-on-paper",
        answer="my_output",
        question="Input [1, 2, 3], kernel [1, 10, 100], stride 2: the output.",
        wants="a list of numbers",
        target=stamped,
        because="Cells 2 and 4 get two terms.",
        ideas=[
            Idea(
                lambda: placed(lambda old, new: new),
                "A later stamp overwrites an earlier one. Where stamps overlap they add.",
                "03.2",
            ),
            Idea(
                lambda: placed(lambda old, new: np.where(old > 0, (old + new) / 2, new)),
                "You averaged where stamps overlap. They add.",
                "03.2",
            ),
            Idea(
                lambda: stamped(stride=3),
                "The stamps stand side by side, three cells apart. With stride 2 they overlap.",
                "03.3",
            ),
            Idea(
                lambda: stamped(stride=1),
                "The stamps are one cell apart. With stride 2 they are two.",
                "03.3",
            ),
            Idea(
                lambda: ops.conv_transpose1d([1, 2, 3], [100, 10, 1], stride=2),
                "The kernel is flipped. A stamp shows it as it is; the flip belongs to gathering.",
                "03.5",
            ),
            Idea(
                lambda: ops.conv1d([1, 2, 3], [1, 10, 100], stride=2),
                "That is the convolution, the forward way: many inputs in one output.",
                "03.1",
            ),
            Idea(
                lambda: stamped(padding=1),
                "The first and the last cell are cut off. Without padding the whole canvas counts.",
                "03.4",
            ),
            Idea(
                lambda: ops.conv_transpose1d([1, 2, 3], [1, 10, 100], stride=2, output_padding=1),
                "There is one cell too many: the last stamp ends at cell (3 − 1) · 2 + 3 − 1.",
                "03.3",
            ),
        ],
    ),
    Function(
        name="channels",
        answer="with_channels",
        question="A transposed convolution with channels, weights (Cin, Cout, kh, kw).",
        wants="your code",
        target=with_channels,
        inputs=layers,
        ideas=[
            Idea(
                swapped,
                "You read the weights as (Cout, Cin, …), the layout of a convolution. Where Cin ="
                " Cout that fits and is wrong.",
                "03.7",
            ),
            Idea(
                one_input_channel(-1),
                "Only the last input channel is left: each one overwrote the one before. Add them.",
                "03.7",
            ),
            Idea(
                one_input_channel(0),
                "You used the first input channel alone. Every output channel sums all of them.",
                "03.7",
            ),
            Idea(
                lambda x, w, stride, padding: with_channels(x, w, stride, padding) / len(x),
                "You averaged over the input channels. Their stamps add.",
                "03.7",
            ),
            Idea(
                lambda x, w, stride, padding: with_channels(x, w, stride, 0),
                "You left out the padding: p cells are cut from each side.",
                "03.4",
            ),
            Idea(
                cropped_once,
                "You cut p cells at the start only. Padding cuts at both ends.",
                "03.4",
            ),
            Idea(
                lambda x, w, stride, padding: with_channels(x, w[..., ::-1, ::-1], stride, padding),
                "The kernels are flipped. A stamp shows them as they are.",
                "03.5",
            ),
        ],
    ),
    Design(
        name="up-and-down",
        answer="my_kernel",
        question="A 2 × 2 kernel with which up and then down multiplies by exactly 25.",
        wants="[[?, ?], [?, ?]]",
        form=Grid((2, 2)),
        conditions=[Condition("up and down", up_and_down, lambda: 25 * Z)],
        because="The squares of the four taps sum to 25.",
        ideas=[
            Idea(
                lambda w: w.sum() == 25,
                "The taps sum to 25. A value meets each tap twice, going up and coming down, so the"
                " squares count.",
                "03.9",
            ),
            Idea(
                lambda w: (w**2).sum() == 5,
                "The squares sum to 5. The squares are both ways already: they must sum to 25.",
                "03.9",
            ),
            Idea(
                lambda w: (w**2).sum() == 100,
                "The squares have the mean 25. The way down adds the four products; it does not"
                " average them.",
                "03.7",
            ),
            Idea(
                lambda w: (w**2).sum() == 625,
                "The squares sum to 25². Up and down together multiply by 25, not each.",
                "03.9",
            ),
        ],
    ),
    Design(
        name="smaller",
        answer="my_layer",
        question="A transposed convolution that makes a 5 × 5 input smaller.",
        wants="(kernel size, stride, padding)",
        form=Integers({"kernel size": 1, "stride": 1, "padding": 0}),
        conditions=[
            Condition("output size", size_of_five, Such("less than 5", lambda size: size < 5))
        ],
        because="Padding cuts more than the stamps add.",
        ideas=[
            Idea(
                lambda k, s, p: 4 * s + k - 2 * p < 1,
                "So much is cut that nothing is left.",
                "03.4",
            ),
            Idea(
                lambda k, s, p: p == 0,
                "Without padding nothing is cut: the canvas is never smaller than the input.",
                "03.4",
            ),
            Idea(
                lambda k, s, p: size_of_five(k, s, p) == 5,
                "The size stays. One cell more has to be cut.",
                "03.4",
            ),
            Idea(
                lambda k, s, p: s > 1 and 2 * p > k - 1,
                "Padding cuts more than the kernel adds, but the stride spreads the stamps by more"
                " than that.",
                "03.3",
            ),
            Idea(
                lambda k, s, p: sizes.conv_size(5, k, stride=s, padding=p) < 5,
                "A convolution with these numbers would be smaller. Its transpose is larger: (i −"
                " 1)s + k − 2p.",
                "03.4",
            ),
        ],
    ),
    Design(
        name="unseen",
        answer="my_unseen",
        question="A 4 × 4 picture, not all 0, that the convolution with kernel B does not see.",
        wants="a 4 × 4 list of whole numbers",
        form=Grid((4, 4)),
        conditions=[
            Condition("values", lambda x: x, Such("not all 0", np.any)),
            Condition("the output", lambda x: ops.conv2d(x, B), lambda: np.zeros((2, 2), int)),
        ],
        because="Added to any input, it leaves the output as it was.",
        ideas=[
            Idea(
                lambda x: not x.any(),
                "All zeros are unseen by every convolution. Find a picture that is there.",
                "03.9",
            ),
            Idea(
                lambda x: not ops.conv2d(x, K).any(),
                "This is unseen by kernel A, the one of section 9. Kernel B has the top row 1, 4,"
                " 1.",
                "03.9",
            ),
            Idea(
                lambda x: not ops.conv2d(x, ops.flip(B)).any(),
                "This is unseen by B turned by 180°. A convolution here does not flip.",
                "03.5",
            ),
            Idea(
                lambda x: not ops.conv2d(x, B.T).any(),
                "This is unseen by B with rows and columns exchanged.",
                "03.1",
            ),
            Idea(
                lambda x: not np.delete(ops.conv2d(x, B), 1).any(),
                "Only output (0, 1) still sees it: each window must sum to 0.",
                "03.9",
            ),
            Idea(
                lambda x: not ops.conv2d(x, B)[0, 0],
                "The first window sums to 0. All four windows must.",
                "03.9",
            ),
        ],
    ),
]
