"""Chapter 09: sentences to judge.

The verdict on a sentence is computed: it holds in every case that it speaks of, in none, or in
some. So each bet's target lists cases, and says of each whether the sentence holds there.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np

from tconv_helpers import artifacts, ops, sizes
from tconv_helpers.exercises._design import Condition, Design, Grid, Integers, Such
from tconv_helpers.exercises._exercise import Idea
from tconv_helpers.exercises._function import Function
from tconv_helpers.exercises._value import Bet, Value

VERDICTS = ("true", "false", "only if")


def verdict(held):
    """Turn what a sentence did in each of its cases into a verdict."""
    held = [bool(one) for one in held]
    return "true" if all(held) else "only if" if any(held) else "false"


def sentence(name, question, held, because, see, **says):
    """A bet on a sentence. says holds a diagnosis for each verdict that is wrong."""

    def idea(bet, diagnosis):
        return Idea(lambda: bet, diagnosis, see)

    return Bet(
        name=name,
        question=question,
        wants='"true", "false" or "only if"',
        choices=VERDICTS,
        target=lambda: verdict(held()),
        because=because,
        ideas=[idea(bet.replace("_", " "), diagnosis) for bet, diagnosis in says.items()],
    )


# ------------------------------------------------------------------- cases: does the sentence hold?


def convolutions(strides=(1, 2, 3)):
    """(i, k, s, p) of small convolutions along one axis."""
    grid = product(range(1, 9), range(1, 6), strides, range(3))
    return [(i, k, s, p) for i, k, s, p in grid if i + 2 * p >= k]


def transposed(strides=(1, 2, 3)):
    """(i, k, s, p) of small transposed convolutions along one axis."""
    grid = product(range(1, 9), range(1, 6), strides, range(3))
    return [(i, k, s, p) for i, k, s, p in grid if (i - 1) * s + k - 2 * p >= 1]


def down(i, k, s, p):
    return sizes.conv_size(i, k, stride=s, padding=p)


def up(i, k, s, p):
    return sizes.conv_transpose_size(i, k, stride=s, padding=p)


def plus(i, k, s, p):
    """The size at stride 1 with the wrong sign."""
    return i + 2 * p + (k - 1)


def plus_holds():
    return [up(*layer) == plus(*layer) for layer in transposed((1,)) if layer[3] > 0]


def without_floor():
    return [down(i, k, s, p) == 1 + (i - k + 2 * p) / s for i, k, s, p in convolutions()]


def halved():
    return [2 * down(*layer) == layer[0] for layer in convolutions((2,))]


def size_comes_back():
    return [(down(i, k, s, p) - 1) * s + k - 2 * p == i for i, k, s, p in convolutions()]


def windows_end_with_input():
    fitting = [(i, k, s) for i, k, s, p in convolutions() if p == 0]
    return [(down(i, k, s, 0) - 1) * s + k == i for i, k, s in fitting]


def padding_shrinks():
    return [up(i, k, s, p) < up(i, k, s, p - 1) for i, k, s, p in transposed() if p > 0]


def grows():
    return [up(*layer) > layer[0] for layer in transposed()]


def kept_by_sum():
    """For each layer: does it keep exactly the sizes i = k + 2p?"""
    for k, p in product(range(1, 6), range(3)):
        legal = range(max(k - 2 * p, 1), 20)
        yield {i for i in legal if down(i, k, 1, p) == i} == {k + 2 * p}


def same_is_half():
    settings = product(range(2, 9), range(2, 6), (1, 2, 3))
    return [
        sizes.conv_padding("tensorflow", i, k, stride=s, padding="SAME") == (k // 2, k // 2)
        for i, k, s in settings
    ]


def with_border(i, k, s, border):
    """The size that a convolution of the stretched, bordered input has; 0 if it does not fit."""
    return max((i - 1) * s + 1 + 2 * border - k + 1, 0)


def half_border():
    return [with_border(i, k, s, k // 2) == up(i, k, s, 0) for i, k, s, p in transposed() if k > 2]


def full_border():
    inside = [layer for layer in transposed() if layer[3] < layer[1]]
    return [with_border(i, k, s, k - 1) == up(i, k, s, p) for i, k, s, p in inside]


def recovered():
    kernels = [np.arange(1, 10).reshape(3, 3), np.eye(3, dtype=int), np.eye(1, 9, 4, int)]
    matrices = [ops.convolution_matrix(w.reshape(3, 3), (4, 4)) for w in kernels]
    return [np.array_equal(C.T @ C, np.eye(16)) for C in matrices]


def is_gradient():
    for k, s in product((2, 3, 4), (1, 2, 3)):
        w, i = np.arange(1, k + 1), 9
        g = np.arange(1, down(i, k, s, 0) + 1)
        gradient = [np.sum(g * ops.conv1d(e, w, stride=s)) for e in np.eye(i, dtype=int)]
        extra = (i - k) % s
        yield np.array_equal(gradient, ops.conv_transpose1d(g, w, stride=s, output_padding=extra))


def is_no_convolution():
    x, w = np.array([3, 1, 2]), np.array([1, 10, 100])
    for s in (1, 2, 3):
        convolution = np.convolve(ops.zero_insert(x, s), w)
        yield not np.array_equal(convolution, ops.conv_transpose1d(x, w, stride=s))


def is_not_the_transposed_matrix():
    x = np.array([3, 1, 2])
    for w, s in product(([1, 10, 100], [2, 0, -1, 4]), (1, 2, 3)):
        y = ops.conv_transpose1d(x, w, stride=s)
        yield not np.array_equal(ops.convolution_matrix(w, y.shape, stride=s).T @ x, y)


def zeros_alone():
    x = np.array([3, 1, 2])
    for w, s, p in product(([1, 10, 100], [1, 10, 1]), (2, 3), range(3)):
        y = ops.conv_transpose1d(x, w, stride=s, padding=p)
        yield np.array_equal(ops.conv1d(ops.zero_insert(x, s), w), y)


def round_trip(w, x):
    """Down and up with the same weights, kernel and stride 2, one input channel."""
    w, x = np.asarray(w)[:, None], np.asarray(x)[None]
    return ops.conv_transpose1d(ops.conv1d(x, w, stride=2), w, stride=2)[0]


def undone():
    x = np.arange(1, 9)
    kernels = ([[1, 2]], [[0.6, 0.8]], [[0.6, 0.8], [0.8, -0.6]])
    return [np.allclose(round_trip(w, x), x) for w in kernels]


def four_by_four_overlaps():
    return [artifacts.overlap_counts(i, 4, stride=4).max() > 1 for i in range(2, 6)]


def black_swallows():
    black = np.zeros(3, int)
    return [np.array_equal(colour + black, black) for colour in 255 * np.eye(3, dtype=int)]


def size_decides():
    kernels = ([1, 1, 1], [1, 1, 1, 1], [1, 2, 3, 4], [1, 2, 1])
    return [artifacts.is_even(w, 2) == (len(w) % 2 == 0) for w in kernels]


def is_pixel_times_kernel():
    for channels, k, s in [(1, 2, 2), (2, 2, 2), (1, 3, 2), (1, 2, 3)]:
        x = np.arange(1, 3 * channels + 1).reshape(channels, 3)
        w = np.arange(1, k * channels + 1).reshape(channels, 1, k)
        y = ops.conv_transpose1d(x, w, stride=s)[0]
        blocks = [y[n * s : n * s + k] for n in range(3)]
        yield np.array_equal(blocks, np.outer(x[0], w[0]))


def resize_is_one_layer():
    x = np.array([3, 1, 4, 2])
    for k, s in product((1, 2, 3, 4), (2, 3)):
        w = np.arange(1, k + 1) ** 2
        for p in range(k):
            one = np.convolve(np.ones(s, int), w[::-1])
            y = ops.conv_transpose1d(x, one, stride=s, padding=k - 1 - p)
            yield np.array_equal(ops.conv1d(np.repeat(x, s), w, padding=p), y)


def is_1024():
    return [np.zeros((44, 64)).size == 1024]


def one_input_each():
    layers = product(range(1, 6), range(1, 4))
    return [np.all(artifacts.overlap_counts(4, k, stride=s) == 1) for k, s in layers]


def moved(x, w, s):
    """By how many cells the output moves when the input, zeros at its end, moves by one."""
    y, after = (ops.conv_transpose1d(v, w, stride=s) for v in (x, np.roll(x, 1)))
    return next(n for n in range(1, len(y)) if np.array_equal(np.roll(y, n), after))


def steps_below_one():
    x, w, s = np.array([3, 1, 2, 0, 0]), np.array([1, 10, 100]), 2
    # one output cell, measured in cells of the input and in cells of the stretched input
    return [1 / moved(x, w, s) < 1, 1 / moved(ops.zero_insert(x, s), w, 1) < 1]


# --------------------------------------------------------------------------------------- exercises

FOUR = np.array([1, 2, 3, 4])
DIGITS = np.array([1, 10, 100])


def two_sames(w=DIGITS, first=None, second=(1, 1), stride=2):
    """TensorFlow's SAME and a zero at both ends, one after the other."""
    first = first or sizes.conv_padding("tensorflow", 4, 3, stride=2, padding="SAME")
    ends = [ops.conv1d(FOUR, w, stride=stride, padding=[pad])[:2] for pad in (first, second)]
    return np.concatenate(ends)


@dataclass(frozen=True)
class Formula:
    """A size formula that a message can print."""

    text: str
    rule: object

    def __call__(self, i, k, s, p):
        return self.rule(i, k, s, p)

    def __repr__(self):
        return self.text


FORMULAS = [
    Formula("i + 2p + (k − 1)", plus),
    Formula("(i − 1)s + k", lambda i, k, s, p: (i - 1) * s + k),
    Formula("(i − 1)s + k − 2p", lambda i, k, s, p: (i - 1) * s + k - 2 * p),
    Formula("s · i", lambda i, k, s, p: s * i),
    Formula("s · i − 2p + 2", lambda i, k, s, p: s * i - 2 * p + 2),
    Formula("(i − 1)s + 3 − 2p", lambda i, k, s, p: (i - 1) * s + 3 - 2 * p),
    Formula("i · s + k − s − 2p", lambda i, k, s, p: i * s + k - s - 2 * p),
    Formula("(i − 1)s + k − p(p + 1)", lambda i, k, s, p: (i - 1) * s + k - p * (p + 1)),
    Formula("s(i + k) / 2 − p", lambda i, k, s, p: s * (i + k) / 2 - p),
]

GRID = list(product(range(1, 7), range(1, 6), range(1, 4), range(3)))
SMALLEST_FIRST = sorted(GRID, key=lambda layer: (sum(layer), layer))


def real(i, k, s, p):
    return (i - 1) * s + k - 2 * p


def search(layers, formula, truth=real):
    """The first of these layers where the formula misses."""
    return next((t for t in layers if truth(*t) >= 1 and formula(*t) != truth(*t)), None)


def refute(formula):
    return search(SMALLEST_FIRST, formula)


def sizes_there(formula):
    found = refute(formula)
    return found and (formula(*found), real(*found))


def agreeing(formula):
    return next((t for t in SMALLEST_FIRST if real(*t) >= 1 and formula(*t) == real(*t)), None)


def ignoring_legality(formula):
    return next((t for t in SMALLEST_FIRST if formula(*t) != real(*t)), None)


def too_much(i, k, s, p):
    return plus(i, k, s, p) - up(i, k, s, p)


def gram(w):
    return w.T @ w


EXERCISES = [
    # sizes
    sentence(
        "claim-plus",
        "“With padding, stride 1: o = i + 2p + (k − 1).”",
        plus_holds,
        "The sign of 2p is minus: i5 k3 p1 gives 5.",
        "04.2",
        true="Padding cuts a transposed convolution: i5 k3 p1 gives 5, the formula says 9.",
        only_if="The condition would be p = 0, and the sentence speaks of padding. The sign of 2p"
        " is minus.",
    ),
    sentence(
        "claim-no-floor",
        "“A convolution gives 1 + (i − k + 2p)/s outputs.”",
        without_floor,
        "Only if s divides i − k + 2p, and without dilation. Else the floor counts.",
        "01.4",
        true="i6 k3 s2 has 2 outputs, and the formula says 2.5. The floor is missing.",
        false="At stride 1 it holds for every size, and at any stride that divides i − k + 2p.",
    ),
    sentence(
        "claim-halves",
        "“A convolution with stride 2 halves the size.”",
        halved,
        "Only if i is even and k − 2p is 1 or 2.",
        "01.4",
        true="5 becomes 2 with kernel 2, and 6 becomes 2 with kernel 3. The floor and k count.",
        false="6 becomes 3 with kernel 2, and so it is for every even size.",
    ),
    sentence(
        "claim-solve",
        "“Solve o = ⌊(i + 2p − k)/s⌋ + 1 for i: that is the size that went in.”",
        size_comes_back,
        "Only if s divides i + 2p − k. In general s sizes share one output.",
        "04.5",
        true="5 and 6 both become 2 with k3 s2. No formula can turn the 2 into both.",
        false="It returns the smallest of the s sizes that share an output. At stride 1 that is"
        " always the right one.",
    ),
    sentence(
        "claim-fits",
        "“The kernel fits into the input, so the last window ends where the input ends.”",
        windows_end_with_input,
        "Only if s divides i − k. That k is not larger than i is not enough.",
        "01.4",
        true="i6 k3 s2: the last window covers cells 2 to 4. Cell 5 is never seen.",
        false="At stride 1 it always does, and at any stride that divides i − k.",
    ),
    sentence(
        "claim-shrinks",
        "“More padding makes the output of a transposed convolution smaller.”",
        padding_shrinks,
        "Each unit of padding cuts a cell off at both ends.",
        "04.4",
        false="The padding is the convolution's. What it adds there is cut off here: 2p cells.",
        only_if="No condition is needed: every p takes away 2p cells, at any k and s.",
    ),
    sentence(
        "claim-upsampling",
        "“A transposed convolution is upsampling: more cells come out than went in.”",
        grows,
        "Only if (i − 1)(s − 1) + k − 1 is more than 2p − op.",
        "04.4",
        true="i5 k3 p2 at stride 1 gives 3. Padding can cut more than the stamps add.",
        false="Without padding, a kernel of 2 or more always adds cells: i2 k3 s2 gives 5.",
    ),
    # padding and SAME
    sentence(
        "claim-same-sum",
        "“A layer keeps the size exactly when k + 2p = i.”",
        kept_by_sum,
        "The layer decides, not the input: 2p = k − 1, k odd. 3 + 2 = 5 was a coincidence.",
        "01.3",
        true="k3 p1 keeps 5, and 3 + 2 = 5. It keeps 7, too. And k5 p0 turns 5 into 1.",
        only_if="The condition would be 2p = k − 1. That alone decides, for every i, so nothing of"
        " k + 2p = i is left.",
    ),
    sentence(
        "claim-same-half",
        "“SAME pads ⌊k/2⌋ zeros on all sides.”",
        same_is_half,
        "Only if k is odd and s divides i − 1 (or k is 1). At stride 1 that is every odd k.",
        "01.4",
        true="With k4 that turns 5 into 6. TensorFlow pads (1, 2); at stride 2, i6 k3, it pads"
        " (0, 1).",
        false="For an odd kernel at stride 1 it is exactly right.",
    ),
    sentence(
        "claim-border-half",
        "“Without padding: stretch the input, put ⌊k/2⌋ zeros on both sides, convolve.” (k > 2)",
        half_border,
        "The border is k − 1, and the convolution takes k − 1 of the sum away again.",
        "03.5",
        true="i2 k3 s2: stretched 3, with the border 5, and the convolution leaves 3. The layer"
        " gives 5.",
        only_if="⌊k/2⌋ equals k − 1 for kernels of 1 and 2 only, and the sentence speaks of larger"
        " ones.",
    ),
    sentence(
        "claim-border-full",
        "“The border of the stretched input must be k − 1 zeros.”",
        full_border,
        "Only if p = 0. In general it is k − 1 − p, and d(k − 1) − p with dilation.",
        "04.3",
        true="i3 k3 s2 p1 gives 5, and with a border of 2 the convolution gives 7.",
        false="Without padding it is exactly right.",
    ),
    # inverse and transpose
    sentence(
        "claim-recovers",
        "“A 3 × 3 convolution made 4 numbers of 16. Times Cᵀ recovers the 16.”",
        recovered,
        "The rank of CᵀC is 4 at most. Shape and ties come back, values do not.",
        "03.9",
        true="CᵀC would have to be the identity of rank 16, and 4 numbers carry rank 4.",
        only_if="No kernel can do it: CᵀC goes through 4 numbers, so its rank is at most 4.",
    ),
    sentence(
        "claim-gradient",
        "“The gradient of a convolution at its input is a transposed convolution.”",
        is_gradient,
        "y = Cx, so the gradient at x is Cᵀ times the gradient at y.",
        "03.11",
        false="y = Cx is linear: the gradient at x is Cᵀg, and Cᵀ is the transposed convolution.",
        only_if="It holds for every kernel and stride; cells that the floor dropped get gradient 0,"
        " which output_padding appends.",
    ),
    sentence(
        "claim-no-convolution",
        "“The transposed convolution is not a convolution.”",
        is_no_convolution,
        "At stride 1 it is exactly the full convolution; above, that of the stretched input.",
        "03.5",
        true="np.convolve gives the same numbers: of x at stride 1, of the zero-stuffed x above.",
        only_if="At no stride: zeros between the inputs make it a convolution above stride 1, too.",
    ),
    sentence(
        "claim-opposite",
        "“It is not the transposed matrix, but the opposite of a convolution.”",
        is_not_the_transposed_matrix,
        "It is C(w)ᵀ for its own w. Only the weights need not be those of another layer.",
        "03.8",
        true="Build C from the layer's own kernel: Cᵀx is the layer, to the last digit.",
        only_if="For every kernel it is the transpose of that kernel's matrix. Learned weights are"
        " a kernel as any other.",
    ),
    sentence(
        "claim-zeros",
        "“Put s − 1 zeros between the inputs and convolve with the same kernel.”",
        zeros_alone,
        "Only if p = k − 1 and the kernel is symmetric. Else: border k − 1 − p, and the flip.",
        "03.5",
        true="2 × 2, s2, k3 gives 1 × 1 in place of 5 × 5: the border is missing. And the flip is.",
        false="With p = k − 1 the border is 0, and a symmetric kernel is its own flip: then it"
        " holds.",
    ),
    sentence(
        "claim-deconvolution",
        "“It is a deconvolution: it undoes the convolution with the same weights.”",
        undone,
        "Only if CᵀC is the identity, as for the filters (.6, .8) and (.8, −.6) at stride 2.",
        "03.9",
        true="With the kernel 1, 2 at stride 2 the input does not come back.",
        false="It can: with two output channels whose filters are of length 1 and at right angles.",
    ),
    # overlap and colour
    sentence(
        "claim-tiles",
        "“Kernel 4 at stride 4 adds overlapping cells.”",
        four_by_four_overlaps,
        "Stamps share max(k − s, 0) cells: none.",
        "05.2",
        true="Stamps begin 4 cells apart and are 4 cells long: every count is 1.",
        only_if="There is one layer in the sentence, and it never overlaps. k > s is needed.",
    ),
    sentence(
        "claim-black",
        "“Where a colour and black overlap, the result is black.”",
        black_swallows,
        "Black is (0, 0, 0), and adding 0 changes nothing.",
        "05.2",
        true="(255, 0, 0) + (0, 0, 0) = (255, 0, 0). You may think of paint: stamps add light.",
        only_if="Only black plus black is black. Every other colour stays what it is.",
    ),
    sentence(
        "claim-cause",
        "“There is a checkerboard when s does not divide k, and none when it does.” (s = 2)",
        size_decides,
        "Only if the phase sums are equal just where 2 divides k. Equal weights make it so, others"
        " need not.",
        "05.4",
        true="The kernel 1, 2, 3, 4 is uneven although 2 divides 4; 1, 2, 1 is even.",
        false="For equal weights it is right: 1, 1, 1 is uneven, 1, 1, 1, 1 is even.",
    ),
    sentence(
        "claim-pixel",
        "“Each input pixel becomes a block: pixel × kernel.”",
        is_pixel_times_kernel,
        "Only if there is one input channel and k is not larger than s.",
        "03.7",
        true="With two input channels the stamps of both add; with k > s neighbours add, too.",
        false="U-Net's layer, k2 s2, does just that when it has one input channel.",
    ),
    sentence(
        "claim-resize",
        "“A nearest-neighbour resize and a convolution after it are one transposed convolution.”",
        resize_is_one_layer,
        "Its kernel is the box of s, convolved with the flipped kernel: k + s − 1 taps.",
        "05.5",
        false="Repeating is a transposed convolution with a kernel of ones; a convolution after it"
        " only makes the kernel longer.",
        only_if="It holds for every kernel and factor, with padding k − 1 − p.",
    ),
    # counts and words
    sentence(
        "claim-count",
        "“A 44 × 64 map has 1024 values.”",
        is_1024,
        "44 × 64 = 2816. It is 4 × 4 × 64 that makes 1024: a × is missing.",
        "02.6",
        true="Multiply: 44 times 64 is 2816.",
        only_if="A product of two numbers has no condition. Read it as 4 × 4 × 64.",
    ),
    sentence(
        "claim-one-to-many",
        "“It is one-to-many: each output comes from one input.”",
        one_input_each,
        "Only if k = s and there is one input channel. Else stamps meet, or leave holes.",
        "03.2",
        true="With k3 s2 every other output sums two inputs. It is many-to-many.",
        false="With k2 s2 stamps do not meet, and each output has one input.",
    ),
    sentence(
        "claim-fraction",
        "“It is a convolution with a stride below 1.”",
        steps_below_one,
        "Only if you measure in cells of the input before the zeros. The kernel steps one cell.",
        "04.3",
        true="The loop that runs has stride 1, over an input with s − 1 zeros between its values.",
        false="In cells of the unstretched input, one output cell is 1/s: a picture, and right.",
    ),
    Value(
        name="same-on-paper",
        answer="my_outputs",
        question="x = 1, 2, 3, 4, kernel 1, 10, 100, stride 2: SAME, then a zero at both ends.",
        wants="four numbers",
        target=two_sames,
        because="The same size, and not one number in common.",
        ideas=[
            Idea(
                lambda: two_sames(DIGITS[::-1]),
                "You flipped the kernel. A convolution here meets the first cell with tap 1.",
                "01.2",
            ),
            Idea(
                lambda: two_sames(first=(1, 0)),
                "Your first pair begins with a zero, as the second does. SAME needs one zero in"
                " all, and TensorFlow puts it at the end.",
                "01.4",
            ),
            Idea(
                lambda: two_sames(second=(0, 1)),
                "You used SAME's zero at the end twice. The second pair has a zero at both ends.",
                "01.4",
            ),
            Idea(
                lambda: two_sames(first=(1, 1), second=(0, 1)),
                "The two pairs are exchanged: SAME comes first.",
                "01.4",
            ),
            Idea(
                lambda: two_sames(stride=1),
                "Your windows are one cell apart. With stride 2 they are two.",
                "01.4",
            ),
        ],
    ),
    Function(
        name="refute",
        answer="refute",
        question="The smallest layer for which a size formula is wrong, or None.",
        wants="your code",
        target=refute,
        inputs=lambda: [(formula,) for formula in FORMULAS],
        visible=3,
        ideas=[
            Idea(
                lambda formula: search(GRID, formula),
                "You return the first in the order of the loops. Smallest means the smallest sum"
                " of the four numbers.",
                "09.7",
            ),
            Idea(
                ignoring_legality,
                "You tried layers whose output has no cell. A formula need not be right there.",
                "09.7",
            ),
            Idea(
                lambda formula: search([t for t in SMALLEST_FIRST if t[3] == 0], formula),
                "You left the padding at 0, where many a wrong formula is right.",
                "09.7",
            ),
            Idea(
                lambda formula: search([t for t in SMALLEST_FIRST if t[2] == 1], formula),
                "You left the stride at 1, where many a wrong formula is right.",
                "09.7",
            ),
            Idea(
                lambda formula: search(SMALLEST_FIRST[::-1], formula),
                "You return the largest counterexample. The smallest can be checked by hand.",
                "09.7",
            ),
            Idea(
                sizes_there,
                "You found the layer and return its sizes. Return the layer: (i, k, s, p).",
                "09.7",
            ),
            Idea(
                agreeing,
                "You return a layer for which the formula is right. One that fails is wanted.",
                "09.7",
            ),
            Idea(
                lambda formula: search(
                    [t for t in SMALLEST_FIRST if t[0] + 2 * t[3] >= t[1]],
                    formula,
                    lambda i, k, s, p: (i + 2 * p - k) // s + 1,
                ),
                "You compared with the size of a convolution. These are transposed ones.",
                "09.7",
            ),
        ],
    ),
    Design(
        name="accident",
        answer="my_accident",
        question="A layer with stride and padding for which i + 2p + (k − 1) is right by accident.",
        wants="(input size, kernel size, stride, padding)",
        form=Integers({"input size": 1, "kernel size": 1, "stride": 1, "padding": 0}),
        conditions=[
            Condition("stride", lambda i, k, s, p: s, Such("at least 2", lambda s: s >= 2)),
            Condition("padding", lambda i, k, s, p: p, Such("at least 1", lambda p: p >= 1)),
            Condition("the formula minus the size", too_much, 0),
        ],
        because="4p = (i − 1)(s − 1), whatever the kernel: two errors cancel.",
        ideas=[
            Idea(
                lambda i, k, s, p: (i - 1) * s + k - 2 * p < 1,
                "So much is cut that nothing is left.",
                "04.4",
            ),
            Idea(
                lambda i, k, s, p: s == 1,
                "At stride 1 the formula is 4p too large: there is no second error to cancel it.",
                "04.2",
            ),
            Idea(
                lambda i, k, s, p: p == 0,
                "Without padding the sign of 2p does not matter. The accident must survive it.",
                "04.4",
            ),
            Idea(
                lambda i, k, s, p: too_much(i, k, s, p) > 0,
                "The formula is too large by 4p − (i − 1)(s − 1). A longer input or a larger stride"
                " makes up for it.",
                "04.1",
            ),
            Idea(
                lambda i, k, s, p: too_much(i, k, s, p) < 0,
                "The formula is too small: the stride spreads the stamps by (i − 1)(s − 1), more"
                " than 4p.",
                "04.1",
            ),
        ],
    ),
    Design(
        name="give-back",
        answer="my_filters",
        question="Two filters of two taps, none 0, with which down and up multiplies by 25.",
        wants="[[?, ?], [?, ?]], a filter a row",
        form=Grid((2, 2)),
        conditions=[
            Condition("taps", lambda w: w, Such("none 0", np.all)),
            Condition("down and up", lambda w: round_trip(w, FOUR), lambda: 25 * FOUR),
        ],
        because="The filters are at right angles and of length 5: CᵀC = 25 times the identity.",
        ideas=[
            Idea(
                lambda w: not w.all() and np.array_equal(gram(w), 25 * np.eye(2, dtype=int)),
                "It works: each channel keeps one cell and forgets the other. Now without any 0.",
                "09.4",
            ),
            Idea(
                lambda w: w[0, 0] * w[1, 1] == w[0, 1] * w[1, 0],
                "One filter is a multiple of the other: both channels know the same one number, and"
                " two are to come back.",
                "03.9",
            ),
            Idea(
                lambda w: w.sum() == 25,
                "The taps sum to 25. A value meets each tap twice, so the squares count.",
                "03.9",
            ),
            Idea(
                lambda w: (np.diag(gram(w)) == 25).all(),
                "The squares sum to 25, but the columns are not at right angles: what one cell"
                " sends arrives at its neighbour, too. A minus sign helps.",
                "09.4",
            ),
            Idea(
                lambda w: gram(w)[0, 1] == 0,
                "The columns are at right angles: nothing strays to a neighbour. The squares of"
                " each column must sum to 25.",
                "09.4",
            ),
        ],
    ),
]
