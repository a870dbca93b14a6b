"""Chapter 04: which size comes out, and which settings give the size that is wanted."""

import numpy as np

from tconv_helpers import ops, sizes
from tconv_helpers.artifacts import phase_sums
from tconv_helpers.exercises._design import Condition, Design, Integers, Such
from tconv_helpers.exercises._exercise import Idea, When
from tconv_helpers.exercises._function import Function
from tconv_helpers.exercises._value import Bet, Value

G = dict(  # example G: the window of each library on one canvas
    x=np.array([[2, 1], [3, 2]]), w=np.array([[1, 2, 1], [2, 0, 1], [0, 2, 1]])
)
TRIPLED = range(1, 9)


def uncovered():
    """Four outputs: the last one is what output_padding uncovers."""
    return ops.conv_transpose1d(
        [1, 2], [1, 10, 100], stride=2, padding=1, output_padding=1
    ).tolist()


def there_and_back(i, k, s, p):
    """The size after a convolution, and after its transpose."""
    down = sizes.conv_size(i, k, stride=s, padding=p)
    return down, sizes.conv_transpose_size(down, k, stride=s, padding=p)


def same_places():
    """In how many places PyTorch's and Keras' 4 × 4 windows of example G hold the same number."""
    canvas = ops.canvas(**G, stride=2)
    kept = [
        sizes.cut(canvas, sizes.conv_transpose_window(library, (2, 2), 3, stride=2, **how))
        for library, how in [
            ("pytorch", {"padding": 1, "output_padding": 1}),
            ("keras", {"padding": "same"}),
        ]
    ]
    return int((kept[0] == kept[1]).sum())


def on_paper(padding=2, output_padding=1, dilation=2):
    """(lo, hi, output size) for i = 7, k = 4, s = 3."""
    lo, hi = padding, padding - output_padding  # sizes.window, which refuses a negative one
    return lo, hi, sizes.canvas_size(7, 4, stride=3, dilation=dilation) - lo - hi


def sizes_that_return():
    return [i for i in range(10, 21) if there_and_back(i, 4, 3, 1)[1] == i]


def output_padding(wanted, i, k, s, p):
    try:
        return sizes.output_padding_for(wanted, i, k, stride=s, padding=p)
    except ValueError:
        return None


def in_range(extra, s):
    return extra if 0 <= extra < s else None


def tripled(k, s, p, op):
    return [
        sizes.conv_transpose_size(i, k, stride=s, padding=p, output_padding=op) for i in TRIPLED
    ]


def taps_per_phase(k, s, p, op):
    return phase_sums(np.ones(k, int), s)


def cut_alike():
    """The kernel sizes with which padding 3 means the same window in JAX and in PyTorch."""
    found = []
    for k in range(1, 13):
        jax = sizes.conv_transpose_window("jax", 9, k, padding=((3, 3),))
        if jax == sizes.conv_transpose_window("pytorch", 9, k, padding=3):
            found.append(k)
    return found


EXERCISES = [
    Bet(
        name="window",
        question="3 inputs, kernel 3, stride 2, padding 1: how many outputs?",
        wants="a whole number",
        target=lambda: sizes.conv_transpose_size(3, 3, stride=2, padding=1),
        because="A canvas of 7 cells, less one at each end.",
        ideas=[
            Idea(
                lambda: sizes.canvas_size(3, 3, stride=2),
                "That is the whole canvas. Padding cuts one cell off each end.",
                "04.1",
            ),
            Idea(
                lambda: sizes.canvas_size(3, 3, stride=2) - 1,
                "Padding 1 was cut once. It cuts at both ends: 2p.",
                "04.1",
            ),
            Idea(
                lambda: sizes.canvas_size(3, 3, stride=2) + 2,
                "Padding was added. Here it cuts cells off the canvas.",
                "04.4",
            ),
            Idea(
                lambda: sizes.conv_size(3, 3, stride=2, padding=1),
                "That is the convolution's formula, ⌊(i + 2p − k)/s⌋ + 1. A transposed convolution"
                " runs the other way: canvas first, then cut.",
                "04.1",
            ),
            Idea(
                lambda: sizes.conv_transpose_size(3, 3, padding=1),
                "That is the size at stride 1. At stride 2 the stamps lie two cells apart.",
                "04.1",
            ),
        ],
    ),
    Bet(
        name="uncovered",
        question="[10, 102, 20] gains a fourth value with output_padding 1. Which?",
        wants="a number",
        target=lambda: uncovered()[3],
        because="The canvas holds 2 × 100 there; the window moves on and uncovers it.",
        ideas=[
            Idea(
                lambda: 0,
                "output_padding does not pad with zeros. It moves the far edge of the window, and"
                " the canvas already holds a stamp there.",
                "04.5",
            ),
            Idea(
                lambda: uncovered()[2],
                "No value is repeated. The window moves one cell further over the canvas.",
                "04.5",
            ),
            Idea(
                lambda: 1,
                "The cell before the window stays cut off. output_padding uncovers at the"
                " end only.",
                "04.5",
            ),
            When(
                lambda bet: bet in (2, 100),
                "The cell holds input × tap, 2 × 100: the last tap of the last stamp.",
                "04.5",
            ),
        ],
    ),
    Bet(
        name="round-trip",
        question="17 cells, down and up again with k5 s3 p2: how many cells?",
        wants="a whole number",
        target=lambda: there_and_back(17, 5, 3, 2)[1],
        because="17 and 18 both give 6 on the way down, and 6 leads back to 16.",
        ideas=[
            Idea(
                lambda: 17,
                "It is not the inverse: the floor dropped a cell on the way down, and nothing in 6"
                " remembers it.",
                "04.5",
            ),
            Idea(
                lambda: 3 * there_and_back(17, 5, 3, 2)[0],
                "6 · 3 would be the size if the stride alone decided. The canvas has 5 · 3 + 5 = 20"
                " cells, less 2 · 2.",
                "04.5",
            ),
            Idea(
                lambda: sizes.canvas_size(6, 5, stride=3),
                "That is the whole canvas. Padding cuts 2 off each end.",
                "04.1",
            ),
            Idea(
                lambda: there_and_back(17, 5, 3, 2)[0], "That is the size after going down.", "04.5"
            ),
        ],
    ),
    Bet(
        name="same-places",
        question="PyTorch's and Keras' 4 × 4 outputs of example G: how many places agree?",
        wants="a number from 0 to 16",
        target=same_places,
        because="One window keeps the end of the canvas, the other the start.",
        ideas=[
            Idea(
                lambda: 16,
                "Same size, same name, another window: one keeps the end of the canvas, the other"
                " the start.",
                "04.9",
            ),
            Idea(
                lambda: 9,
                "The windows share 9 canvas cells, but each holds them one row and one column"
                " apart, so they stand at other places in the result.",
                "04.9",
            ),
            Idea(
                lambda: 0,
                "Nearly. A few places agree by chance: compare the two results cell by cell.",
                "04.9",
            ),
        ],
    ),
    Value(
        name="size-on-paper",
        answer="my_window",
        question="(lo, hi, output size) for i = 7, k = 4, s = 3, p = 2, op = 1, d = 2.",
        wants="(lo, hi, output size)",
        parts=("cut at the start, lo", "cut at the end, hi", "output size"),
        target=on_paper,
        because="Canvas 18 + 7 = 25; p is cut at the start, p − op at the end.",
        ideas=[
            Idea(
                lambda: on_paper(output_padding=0),
                "output_padding is left out. It takes one from the cut at the end: hi = p − op.",
                "04.5",
            ),
            Idea(
                lambda: on_paper(output_padding=-1),
                "output_padding was cut off. It gives a cell back: hi = p − op.",
                "04.5",
            ),
            Idea(
                lambda: on_paper(dilation=1),
                "Dilation is left out: the kernel reaches d(k − 1) + 1 = 7 cells, not 4.",
                "04.6",
            ),
            Idea(
                lambda: (1, 2, on_paper()[2]),
                "The size is right; the two ends are exchanged. output_padding works at the end.",
                "04.5",
            ),
            Idea(lambda: (2, -1, 24), "hi is p − op, not op − p.", "04.5"),
            Idea(lambda: (2, 1, 21), "One cell is missing: the canvas ends in + 1.", "04.1"),
            Idea(
                lambda: (2, 1, 23),
                "You took dk. A stamp reaches over d(k − 1) + 1 = 7 cells, not 8.",
                "04.6",
            ),
            When(lambda given: given[2] == 24, "Padding cut once. It cuts at both ends.", "04.1"),
            When(lambda given: given[2] == 30, "Padding was added. It cuts.", "04.1"),
            When(
                lambda given: given[2] == 25,
                "25 is the whole canvas (or i · s was taken for (i − 1)s). Now take the window.",
                "04.1",
            ),
            When(
                lambda given: given[2] == sizes.conv_size(7, 4, stride=3, padding=2, dilation=2),
                "That is the convolution's size, the other direction.",
                "04.1",
            ),
        ],
    ),
    Value(
        name="sizes-that-return",
        answer="my_sizes",
        question="Which sizes from 10 to 20 come back from k4 s3 p1, down and up?",
        wants="a list of sizes",
        any_order=True,
        target=sizes_that_return,
        because="The floor drops nothing where (i + 2p − k) is divisible by s.",
        ideas=[
            Idea(
                lambda: [i for i in range(10, 21) if i % 3 == 0],
                "Divisible by the stride is not the condition. The steps start after the first"
                " window: i + 2p − k must be divisible by s.",
                "04.5",
            ),
            Idea(
                lambda: [i for i in range(10, 21) if (i - 4) % 3 == 0],
                "Padding is left out: there i − k is divisible by 3. The padded input has i + 2p"
                " cells.",
                "04.5",
            ),
            Idea(
                lambda: [i for i in range(10, 21) if i % 4 == 0],
                "Divisible by the kernel size is not the condition.",
                "04.5",
            ),
            Idea(
                lambda: list(range(10, 21)),
                "It is not the inverse. Three sizes share each output.",
                "04.5",
            ),
            Idea(lambda: [], "Every third size does come back.", "04.5"),
            Idea(
                lambda: sorted(set(range(10, 21)) - set(sizes_that_return())),
                "These are the sizes that do not come back.",
                "04.5",
            ),
        ],
    ),
    Function(
        name="find-output-padding",
        answer="my_output_padding",
        question="The output_padding that gives the wanted size, or None.",
        wants="your code",
        target=output_padding,
        visible=5,
        inputs=lambda: [
            (6, 2, 3, 2, 0),
            (5, 2, 3, 2, 0),
            (7, 2, 3, 2, 0),
            (17, 6, 5, 3, 2),
            (15, 6, 5, 3, 2),
            (480, 15, 64, 32, 16),
            (500, 15, 64, 32, 16),
            (33, 16, 4, 2, 1),
            (31, 16, 4, 2, 1),
        ],
        because="low = (i − 1)s + k − 2p, and op reaches s − 1 cells beyond.",
        ideas=[
            Idea(
                lambda wanted, i, k, s, p: (wanted + 2 * p - k) % s,
                "The remainder is right where the size is in reach. Out of reach it still gives a"
                " number: 7 from 2 inputs with k3 s2 has none.",
                "04.5",
            ),
            Idea(
                lambda wanted, i, k, s, p: wanted - (i - 1) * s - k + 2 * p,
                "output_padding must be 0 … s − 1. Outside that there is no answer: None.",
                "04.5",
            ),
            Idea(
                lambda wanted, i, k, s, p: in_range(wanted - (i - 1) * s - k, s),
                "Padding is left out: wrong as soon as p is above 0.",
                "04.1",
            ),
            Idea(
                lambda wanted, i, k, s, p: in_range(wanted - (i - 1) * s - k + p, s),
                "Padding is cut at both ends: 2p.",
                "04.1",
            ),
            Idea(
                lambda wanted, i, k, s, p: in_range(wanted - i * s, s),
                "The canvas has (i − 1)s + k cells, not i · s.",
                "04.1",
            ),
            Idea(
                lambda wanted, i, k, s, p: output_padding(wanted, i, k, s, p) or 0,
                "0 is an answer: the size is reached without output_padding. Out of reach is None.",
                "04.5",
            ),
            Idea(
                lambda wanted, i, k, s, p: output_padding(wanted, i, k, s, p) or None,
                "0 is an answer, too: it is not the same as None. Test 0 <= extra.",
                "04.5",
            ),
            Idea(
                lambda wanted, i, k, s, p: in_range(wanted - (i - 1) * s - k + 2 * p, s + 1),
                "s itself is too much: that size belongs to the next input size.",
                "04.5",
            ),
            Idea(
                lambda wanted, i, k, s, p: (
                    -1 if (op := output_padding(wanted, i, k, s, p)) is None else op
                ),
                "Out of reach is None, not a number.",
                "04.5",
            ),
        ],
    ),
    Design(
        name="triple-every-size",
        answer="my_layer",
        question="A layer that triples every size, evenly, without waste.",
        wants="(kernel size, stride, padding, output_padding)",
        form=Integers({"kernel size": 1, "stride": 1, "padding": 0, "output_padding": 0}),
        conditions=[
            Condition("sizes from 1 to 8", tripled, lambda: [3 * i for i in TRIPLED]),
            Condition(
                "stamps on an interior cell, phase by phase",
                taps_per_phase,
                Such("all equal", lambda counts: len(set(counts.tolist())) == 1),
            ),
            Condition(
                "whole stamps cut off at each end",
                lambda k, s, p, op: max(p - (k - 1), 0),
                0,
            ),
            Condition("cells that only the bias fills", lambda k, s, p, op: max(op - p, 0), 0),
        ],
        because="Stride 3, k − 2p + op = 3, and k divisible by 3.",
        ideas=[
            Idea(
                lambda k, s, p, op: s != 3,
                "The stride is the number of cells that one more input adds. Another stride than 3"
                " can triple one size, never every size.",
                "04.1",
            ),
            Idea(
                lambda k, s, p, op: k < s, "A kernel narrower than the stride leaves holes.", "04.8"
            ),
            Idea(
                lambda k, s, p, op: k - 2 * p + op == 3 and k % s != 0,
                "The sizes are right, but the taps do not share evenly among 3 phases: k must be"
                " divisible by s.",
                "04.8",
            ),
            Idea(
                lambda k, s, p, op: k - 2 * p + op == 3 and p > k - 1,
                "So much padding cuts whole stamps off: those inputs are computed for nothing.",
                "04.4",
            ),
            Idea(
                lambda k, s, p, op: k - 2 * p + op == 3 and op > p,
                "Size and overlap are right, but output_padding reaches past the canvas: only the"
                " bias stands there.",
                "04.5",
            ),
            Idea(
                lambda k, s, p, op: op < s and k - 2 * p + op > 3,
                "The output is too long: k − 2p + op must be 3.",
                "04.1",
            ),
            Idea(
                lambda k, s, p, op: op < s and k - 2 * p + op < 3,
                "The output is too short: k − 2p + op must be 3.",
                "04.1",
            ),
        ],
    ),
    Value(
        name="jax-and-pytorch",
        answer="my_kernel",
        question="For which kernel size does padding 3 mean the same in JAX and in PyTorch?",
        wants="a whole number",
        target=lambda: cut_alike()[0],
        because="JAX cuts d(k − 1) − pad, PyTorch cuts pad.",
        ideas=[
            Idea(
                lambda: 3,
                "At kernel size 3 it is pad 1 that hides the difference. JAX cuts k − 1 − pad: with"
                " pad 3 that must be 3.",
                "04.9",
            ),
            Idea(lambda: 4, "With kernel size 4 JAX cuts k − 1 − 3 = 0 cells, PyTorch 3.", "04.9"),
            Idea(lambda: 6, "k − 1 − pad = 6 − 1 − 3 = 2, and PyTorch cuts 3.", "04.9"),
            Idea(
                lambda: 1,
                "With kernel size 1 JAX cuts 1 − 1 − 3 = −3: it adds 3 zeros at each end.",
                "04.9",
            ),
        ],
    ),
]
