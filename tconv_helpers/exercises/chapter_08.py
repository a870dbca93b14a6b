"""Chapter 08: the same layer in PyTorch, Keras, TensorFlow, JAX and ONNX."""

from itertools import permutations

import numpy as np

from tconv_helpers import frameworks, ops, sizes
from tconv_helpers.exercises._design import Condition, Design, Integers, Such
from tconv_helpers.exercises._exercise import Idea, When
from tconv_helpers.exercises._function import Function
from tconv_helpers.exercises._value import Bet, Value


def swapped():
    """What becomes of weights of shape (8, 8, 4, 4) with their channels the wrong way round."""
    w = np.arange(8 * 8 * 4 * 4).reshape(8, 8, 4, 4)
    try:
        ops.conv_transpose2d(np.ones((8, 5, 5), int), w.swapaxes(0, 1), stride=2, padding=1)
    except ValueError:
        return "raises"
    return "computes"


def jax_numbers(pad):
    """How many numbers come out of example G in JAX."""
    lo, hi = sizes.conv_transpose_window("jax", 2, 3, stride=2, padding=(pad, pad))
    return (sizes.canvas_size(2, 3, stride=2) - lo - hi) ** 2


def fan_in(library="pytorch"):
    return frameworks.default_init(library, 64, 3, (4, 4)).fan_in


def jax_pads(k=6, p=1, op=1):
    """The pads of lax.conv_transpose for a PyTorch layer of stride 2."""
    (pads,) = frameworks.port("jax", 8, k, stride=2, padding=p, output_padding=op)["padding"]
    return pads


def orders_that_fit():
    """Of all orders of the four axes: how many have Keras' shape, how many the right numbers."""
    w = np.arange(8 * 8 * 4 * 4).reshape(8, 8, 4, 4)
    right = frameworks.convert_weights(w, "pytorch", "keras")
    turned = [w.transpose(order) for order in permutations(range(4))]
    fit = [v for v in turned if v.shape == right.shape]
    return len(fit), sum(np.array_equal(v, right) for v in fit)


def weights():
    """Weights as PyTorch keeps them; the first stands in the notebook."""
    rng = np.random.default_rng(8)
    shapes = [(1, 2, 2, 2), (2, 3, 3, 2), (3, 3, 3, 3), (2, 1, 1, 4), (4, 2, 2, 2)]
    first = np.arange(1, 9).reshape(shapes[0])
    return [(first,), *((rng.integers(-9, 10, shape),) for shape in shapes[1:])]


def cut_beyond_keras(k, s, p, op):
    """Cells that the PyTorch layer drops at the start and at the end, less what Keras drops."""
    ours = sizes.conv_transpose_window("pytorch", 5, k, stride=s, padding=p, output_padding=op)
    keras = sizes.conv_transpose_window("keras", 5, k, stride=s, padding="same")
    return ours.lo - keras.lo, ours.hi - keras.hi


def overlapping(k, s):
    return s >= 2 and k > s


EXERCISES = [
    Bet(
        name="swapped-channels",
        question='8 channels in, 8 out, weights with the channels swapped: "raises" or "computes"?',
        wants='"raises", "warns" or "computes"',
        choices=("raises", "warns", "computes"),
        target=swapped,
        because="The shapes fit, and nothing but the shapes is checked.",
        ideas=[
            Idea(
                lambda: "raises",
                "An error needs shapes that do not fit. (8, 8, 4, 4) with its first two axes"
                " swapped is (8, 8, 4, 4).",
                "08.2",
            ),
            Idea(
                lambda: "warns",
                "No library knows what the two axes of 8 were meant to be, so there is nothing to"
                " warn of.",
                "08.2",
            ),
        ],
    ),
    Bet(
        name="jax-zero",
        question="Example G in JAX with padding ((0, 0), (0, 0)) alone: how many numbers come out?",
        wants="a whole number",
        target=lambda: jax_numbers(0),
        because="JAX's 0 puts no border around the stretched input: d(k − 1) = 2 cells go at"
        " each end.",
        ideas=[
            Idea(
                lambda: jax_numbers(2),
                "That is the whole canvas, 5 × 5: PyTorch's padding=0. JAX's numbers are a border"
                " of the stretched input, and without a border the kernel fits once.",
                "08.4",
            ),
            Idea(
                lambda: jax_numbers(1),
                "That is pad 1, where JAX and PyTorch happen to agree. Pad 0 leaves less.",
                "08.4",
            ),
            Idea(lambda: 16, "That is SAME: two inputs, stride 2, four outputs an axis.", "08.4"),
            Idea(
                lambda: 4,
                "Not as many as inputs. Stretched, they are 3 × 3, as large as the kernel.",
                "08.4",
            ),
        ],
    ),
    Bet(
        name="fan-in",
        question="ConvTranspose2d(64, 3, 4, 2, 1): which fan_in does PyTorch start it with?",
        wants="a whole number",
        target=fan_in,
        because="PyTorch reads w.shape[1] · k² off weights of shape (64, 3, 4, 4).",
        ideas=[
            Idea(
                lambda: fan_in("jax"),
                "64 · 16 would be a convolution's fan_in. A transposed layer keeps its weights as"
                " (C_in, C_out, k, k), and PyTorch takes the second axis whatever it means.",
                "08.5",
            ),
            Idea(
                lambda: 64 * 4,
                "That is the truth: 64 channels, 4 taps in each phase. No library counts it so.",
                "08.5",
            ),
            Idea(lambda: 64 * 3 * 16, "That is the number of weights.", "08.5"),
            Idea(lambda: 64, "The taps count, too: 4 · 4 for each channel.", "08.5"),
        ],
    ),
    Value(
        name="jax-pads",
        answer="my_pads",
        question="JAX's default pads (lo, hi) for ConvTranspose1d with k6 s2 p1 op1.",
        wants="(lo, hi)",
        parts=("pad at the start, lo", "pad at the end, hi"),
        target=jax_pads,
        because="The window drops (1, 0), and JAX's pads are 5 less what is dropped.",
        ideas=[
            Idea(lambda: (1, 1), "PyTorch's number was copied. JAX's is k − 1 less it.", "08.4"),
            Idea(
                lambda: (1, 0),
                "That is what the window drops. JAX's pads are d(k − 1) less that.",
                "08.4",
            ),
            Idea(
                lambda: jax_pads(op=0),
                "output_padding is left out. It drops one cell less at the end.",
                "08.4",
            ),
            Idea(
                lambda: jax_pads()[::-1],
                "The two ends are exchanged: output_padding works at the end.",
                "08.4",
            ),
            Idea(
                lambda: (4, 3),
                "output_padding drops one cell less at the end, so the pad there grows by one.",
                "08.4",
            ),
            Idea(lambda: (5, 6), "You took k. The border is k − 1 less the cut.", "08.4"),
        ],
    ),
    Value(
        name="orders-that-fit",
        answer="my_count",
        question="How many orders of the axes of (8, 8, 4, 4) fit Keras, and how many are right?",
        wants="(how many fit, how many are right)",
        parts=("orders with the shape (4, 4, 8, 8)", "orders with the right numbers"),
        target=orders_that_fit,
        because="The two axes of 4 can be exchanged, and the two of 8, without a change of shape.",
        ideas=[
            Idea(lambda: (1, 1), "Equal sizes can be exchanged, and the shape stays.", "08.2"),
            Idea(
                lambda: (2, 1),
                "The two channels can be exchanged, and so can the kernel's rows and columns.",
                "08.2",
            ),
            Idea(lambda: (24, 1), "24 orders exist. Most of them move a 4 to the end.", "08.2"),
            When(
                lambda given: given[0] == given[1],
                "That is the belief: whatever fits is right. Only one order puts every weight"
                " where Keras looks for it.",
                "08.2",
            ),
        ],
    ),
    Function(
        name="write-a-converter",
        answer="my_converter",
        question="PyTorch's ConvTranspose2d weights, as lax.conv_transpose wants them.",
        wants="your code",
        target=lambda w: frameworks.convert_weights(w, "pytorch", "jax"),
        inputs=weights,
        because="(C_in, C_out, kh, kw) becomes (kh, kw, C_in, C_out), flipped along both.",
        ideas=[
            Idea(
                lambda w: w.transpose(2, 3, 0, 1),
                "The axes are in order. The flip is missing: JAX turns the kernel itself, so hand"
                " it over turned.",
                "08.3",
            ),
            Idea(
                lambda w: w.transpose(2, 3, 1, 0),
                "That is Keras' order. JAX keeps C_in before C_out, and the kernel turned.",
                "08.2",
            ),
            Idea(
                lambda w: w.transpose(2, 3, 1, 0)[::-1, ::-1],
                "Turned, but in Keras' order: JAX keeps C_in before C_out.",
                "08.2",
            ),
            Idea(
                lambda w: w.transpose(2, 3, 0, 1)[::-1],
                "The rows are turned, the columns are not.",
                "08.3",
            ),
            Idea(
                lambda w: w.transpose(2, 3, 0, 1)[::-1, ::-1, ::-1, ::-1],
                "You turned the channels as well. Only the two axes of the kernel are flipped.",
                "08.3",
            ),
            Idea(
                lambda w: w.reshape(*w.shape[2:], *w.shape[:2]),
                "reshape keeps the numbers in their row and gives them other places. transpose"
                " moves the axes.",
                "08.2",
            ),
            Idea(
                lambda w: np.ascontiguousarray(w.transpose(2, 3, 0, 1)).swapaxes(0, 1),
                "Rows and columns of the kernel are exchanged. That is not a flip.",
                "08.3",
            ),
        ],
    ),
    Design(
        name="same-in-two-libraries",
        answer="my_layer",
        question="A PyTorch layer that keeps the window of Keras' same, with overlapping stamps.",
        wants="(kernel size, stride, padding, output_padding)",
        form=Integers({"kernel size": 1, "stride": 1, "padding": 0, "output_padding": 0}),
        conditions=[
            Condition("stride", lambda k, s, p, op: s, Such("at least 2", lambda s: s >= 2)),
            Condition(
                "cells that neighbouring stamps share",
                lambda k, s, p, op: max(k - s, 0),
                Such("at least 1", lambda shared: shared >= 1),
            ),
            Condition(
                "cells dropped at the start and at the end, less Keras'",
                cut_beyond_keras,
                (0, 0),
            ),
        ],
        because="Keras drops k − s cells, half of them at each end if that is even.",
        ideas=[
            Idea(
                lambda k, s, p, op: s < 2,
                "At stride 1 nothing is made larger. Take stride 2 or more.",
                "08.4",
            ),
            Idea(
                lambda k, s, p, op: s >= 2 and k <= s,
                "Stamps overlap only if the kernel is longer than the stride.",
                "08.4",
            ),
            Idea(
                lambda k, s, p, op: overlapping(k, s) and (k - s) % 2 == 1,
                "Keras drops k − s cells, an odd number here, and the odd one at the end."
                " PyTorch drops p and p − op: never more at the end. Choose k − s even.",
                "08.4",
            ),
            Idea(
                lambda k, s, p, op: overlapping(k, s) and 2 * p == k - s and op > 0,
                "The padding is right. output_padding gives back a cell that Keras drops.",
                "08.4",
            ),
            Idea(
                lambda k, s, p, op: overlapping(k, s) and 2 * p > k - s,
                "You drop more than Keras. It drops (k − s) / 2 cells at each end.",
                "08.4",
            ),
            Idea(
                lambda k, s, p, op: overlapping(k, s) and 2 * p < k - s,
                "You drop fewer than Keras. It drops (k − s) / 2 cells at each end.",
                "08.4",
            ),
        ],
    ),
]
