"""Chapter 10: what an algorithm costs. Products, bytes, and races on the reader's machine.

A layer is c → d channels, an input of h × h, a kernel of k × k, a stride of s, no padding.
"""

import time

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from tconv_helpers import ops
from tconv_helpers.exercises._design import Condition, Design, Integers, Such
from tconv_helpers.exercises._exercise import Idea
from tconv_helpers.exercises._function import Function
from tconv_helpers.exercises._value import Bet, Value

CLEAR = 1.5  # times as long: less is called the same

# -------------------------------------------------------------------------------------- counting


def side(h, k, s):
    return (h - 1) * s + k


def products(c, d, h, k, s):
    """What the definition asks for, and what GEMM + col2im multiplies: each x, each w, once."""
    return c * d * h * h * k * k


def zero_products(c, d, h, k, s):
    return c * d * side(h, k, s) ** 2 * k * k


def subpixel_products(c, d, h, k, s):
    """All s² phases at every window, each with the taps of the largest phase."""
    taps = -(-k // s)
    return c * d * (h + taps - 1) ** 2 * (taps * s) ** 2


def col2im_numbers(c, d, h, k, s):
    """Numbers that col2im reads or writes: x, w, the products twice, the canvas read and written"""
    made = d * k * k * h * h
    return c * h * h + c * d * k * k + made + 3 * made


def subpixel_numbers(c, d, h, k, s):
    """Numbers that sub-pixel reads or writes: x framed, windows, w, phases twice, the canvas."""
    taps = -(-k // s)
    cells = (h + taps - 1) ** 2
    windows, made = c * taps**2 * cells, d * s * s * cells
    return 2 * c * h * h + 3 * windows + c * d * (taps * s) ** 2 + 3 * made


# ---------------------------------------------------------------------------------------- racing


def stamps(x, w, s):
    (c, h, v), (_, d, k, _) = x.shape, w.shape
    y, flat = np.zeros((d, side(h, k, s), side(v, k, s)), x.dtype), w.reshape(c, -1)
    for i, j in np.ndindex(h, v):
        y[:, i * s : i * s + k, j * s : j * s + k] += (x[:, i, j] @ flat).reshape(d, k, k)
    return y


def zero_insertion(x, w, s):
    (c, h, v), k = x.shape, w.shape[-1]
    grid = np.zeros((c, side(h, 2 * k - 1, s), side(v, 2 * k - 1, s)), x.dtype)
    grid[:, k - 1 : 1 - k : s, k - 1 : 1 - k : s] = x
    windows = sliding_window_view(grid, (k, k), axis=(1, 2))
    return np.tensordot(w[:, :, ::-1, ::-1], windows, ([0, 2, 3], [0, 3, 4]))


def subpixel(x, w, s):
    (c, h, v), (_, d, k, _) = x.shape, w.shape
    m = -(-k // s)
    full = np.zeros((c, d, m * s, m * s), w.dtype)
    full[:, :, :k, :k] = w
    rows = full.reshape(c, d, m, s, m, s)[:, :, ::-1, :, ::-1].transpose(1, 3, 5, 0, 2, 4)
    framed = np.pad(x, [(0, 0), (m - 1, m - 1), (m - 1, m - 1)])
    windows = sliding_window_view(framed, (m, m), axis=(1, 2)).transpose(0, 3, 4, 1, 2)
    made = rows.reshape(d * s * s, -1) @ windows.reshape(c * m * m, -1)
    made = made.reshape(d, s, s, h + m - 1, v + m - 1)
    y = np.empty((d, side(h, k, s), side(v, k, s)), x.dtype)
    for a, b in np.ndindex(s, s):
        cells = y[:, a::s, b::s]
        cells[...] = made[:, a, b, : cells.shape[1], : cells.shape[2]]
    return y


def times_as_long(one, other, layer, turns=7):
    """How many times as long `one` takes as `other`, on this machine, now: best of some turns."""
    c, d, h, k, s = layer
    rng = np.random.default_rng(0)
    x = rng.standard_normal((c, h, h)).astype(np.float32)
    w = rng.standard_normal((c, d, k, k)).astype(np.float32)
    best = [np.inf, np.inf]
    for _ in range(turns):
        for n, way in enumerate((one, other)):
            start = time.perf_counter()
            way(x, w, s)
            best[n] = min(best[n], time.perf_counter() - start)
    return best[0] / best[1]


def lighter(layer):
    """Which of two ways with the same products is clearly faster, judged by its bytes.

    The notebook races them on one core and finds the same. Here the numbers decide, because a race
    of two threads on a busy machine may end in any way.
    """
    ratio = col2im_numbers(*layer) / subpixel_numbers(*layer)
    if 1 / CLEAR < ratio < CLEAR:
        return "about the same"
    return "subpixel" if ratio > 1 else "col2im"


def loop_against_subpixel(h, k, s):
    """Sub-pixel's time over stamps', for 16 → 16 channels; words if a race would take long."""
    layer = 16, 16, h, k, s
    if h > 8 or subpixel_products(*layer) > 2e8:
        return "not raced: too large"
    return round(times_as_long(subpixel, stamps, layer), 1)


# ------------------------------------------------------------------------------------- exercises


def strided_adds(x, w, s):
    return ops.canvas(x, w, stride=s)


def planes():
    rng = np.random.default_rng(10)
    shapes = [((3, 4), (3, 3), 2), ((2, 5), (2, 3), 3), ((4, 4), (4, 4), 2), ((1, 1), (3, 2), 1)]
    shapes += [((6, 3), (5, 1), 2)]
    first = np.arange(1, 5).reshape(2, 2), np.arange(1, 10).reshape(3, 3), 2
    return [first] + [(rng.integers(1, 10, a), rng.integers(1, 10, b), s) for a, b, s in shapes]


def tap_loop(put):
    """What a learner's loop over the taps gives with another line inside it."""

    def looped(x, w, s):
        (h, v), (k, q) = x.shape, w.shape
        y = np.zeros((side(h, k, s), side(v, q, s)), int)
        for a, b in np.ndindex(k, q):
            put(y, x, w, s, a, b)
        return y

    return looped


def overwritten(y, x, w, s, a, b):
    h, v = x.shape
    y[a : a + (h - 1) * s + 1 : s, b : b + (v - 1) * s + 1 : s] = w[a, b] * x


def unstrided(y, x, w, s, a, b):
    y[a : a + x.shape[0], b : b + x.shape[1]] += w[a, b] * x


def averaged(x, w, s):
    return ops.canvas(x, w, stride=s) / np.maximum(
        ops.canvas(np.ones_like(x), np.ones_like(w), stride=s), 1
    )


PAPER = 1, 1, 10, 3, 2
LARGE = 3, 3, 1024, 4, 2
BYTES = 4  # of a float32


EXERCISES = [
    Bet(
        name="stamps-or-zeros",
        question="28 × 28, k3 s2, in NumPy: stamps or zero-insertion, which is faster?",
        wants='"stamps" or "zeros"',
        choices=("stamps", "zeros"),
        target=lambda: (
            "stamps" if times_as_long(stamps, zero_insertion, (1, 1, 28, 3, 2)) < 1 else "zeros"
        ),
        because="The products are cheap. Every turn of a Python loop costs far more.",
        ideas=[
            Idea(
                lambda: "stamps",
                "You counted products. 784 turns of a Python loop cost more than all of them.",
                "10.4",
            ),
        ],
    ),
    Bet(
        name="same-products",
        question="512 × 512, k4 s2, nearly the same products: which is faster?",
        wants='"col2im", "subpixel" or "about the same"',
        choices=("col2im", "subpixel", "about the same"),
        target=lambda: lighter((1, 1, 512, 4, 2)),
        because="What differs is the bytes: col2im writes every product and fetches it again.",
        ideas=[
            Idea(
                lambda: "about the same",
                "You counted products. Here the time goes into bytes, and col2im moves more of"
                " them.",
                "10.7",
            ),
            Idea(
                lambda: "col2im",
                "col2im writes every product to memory, fetches it again and adds it with a"
                " stride. That is more bytes, not fewer.",
                "10.7",
            ),
        ],
    ),
    Bet(
        name="waste",
        question="1 × 1 → 4 × 4, k4 s1: how many times the definition's products has sub-pixel?",
        wants="a number",
        target=lambda: subpixel_products(100, 512, 1, 4, 1) // products(100, 512, 1, 4, 1),
        because="16 windows, each with 16 taps, and in each window one value that is not border.",
        ideas=[
            Idea(
                lambda: 1,
                "That holds for large images, where the border is thin. Here each of the 16"
                " windows holds one value and 15 zeros.",
                "10.9",
            ),
            Idea(
                lambda: 4,
                "Along one axis. There are two: 4 · 4.",
                "10.9",
            ),
            Idea(
                lambda: 15,
                "15 of 16 are wasted, so all products are 16 times what is needed.",
                "10.9",
            ),
        ],
    ),
    Value(
        name="count-products",
        answer="my_products",
        question="Products of stamps, zero-insertion and sub-pixel: 10 × 10, k3 s2, one channel.",
        wants="three whole numbers: stamps, zero-insertion, sub-pixel",
        target=lambda: [f(*PAPER) for f in (products, zero_products, subpixel_products)],
        parts=("stamps", "zero-insertion", "sub-pixel"),
        because="Sub-pixel also multiplies by zeros: those that round the kernel up to 4 × 4, and"
        " the border.",
        ideas=[
            Idea(
                lambda: [products(*PAPER), zero_products(*PAPER), 11 * 11 * 9],
                "Sub-pixel: the kernel is rounded up to a multiple of the stride, 4 × 4, so that"
                " all phases have as many taps. 16 products for each window.",
                "10.6",
            ),
            Idea(
                lambda: [products(*PAPER), zero_products(*PAPER), 10 * 10 * 16],
                "Sub-pixel: the windows reach over the border. Along an axis there are h + m - 1 of"
                " them, with m = 2 taps in a phase.",
                "10.6",
            ),
            Idea(
                lambda: [products(*PAPER), 4 * products(*PAPER), subpixel_products(*PAPER)],
                "Zero-insertion: s² = 4 times is the limit for large images. Count the output"
                " cells, each meets 9 taps.",
                "10.4",
            ),
            Idea(
                lambda: [products(*PAPER), 19 * 19 * 9, subpixel_products(*PAPER)],
                "Zero-insertion: 19 × 19 is the input with its inserted zeros. The kernel visits"
                " every output cell, and the border around it makes 21 × 21 of these.",
                "10.4",
            ),
            Idea(
                lambda: [zero_products(*PAPER)] * 2 + [subpixel_products(*PAPER)],
                "Stamps: each input value meets each tap once.",
                "10.2",
            ),
            Idea(
                lambda: [
                    products(*PAPER) * 9,
                    zero_products(*PAPER) * 9,
                    subpixel_products(*PAPER) * 9,
                ],
                "The taps are counted twice: each number is 9 times too large.",
                "10.2",
            ),
        ],
    ),
    Value(
        name="count-bytes",
        answer="my_bytes",
        question="3 → 3 channels, 1024 × 1024, k4 s2, float32: the largest array of two ways.",
        wants="two whole numbers, in bytes: col2im's products, sub-pixel's phases",
        target=lambda: [
            BYTES * 3 * 16 * 1024**2,
            BYTES * 3 * 4 * 1025**2,
        ],
        parts=("products of col2im", "phases of sub-pixel"),
        because="k² against s²: the products of a cell are summed by the GEMM, before they are"
        " written.",
        ideas=[
            Idea(
                lambda: [3 * 16 * 1024**2, 3 * 4 * 1025**2],
                "You counted numbers. A float32 has 4 bytes.",
                "10.7",
            ),
            Idea(
                lambda: [BYTES * 9 * 16 * 1024**2, BYTES * 9 * 4 * 1025**2],
                "The input channels are summed inside the GEMM: they are in neither array.",
                "10.5",
            ),
            Idea(
                lambda: [BYTES * 3 * 16 * 1024**2, BYTES * 3 * 4 * 1024**2],
                "Sub-pixel: windows reach over the border, 1025 of them along an axis.",
                "10.6",
            ),
            Idea(
                lambda: [BYTES * 3 * 16 * 1024**2, BYTES * 3 * 16 * 1025**2],
                "Sub-pixel: the four products of a cell are already summed. s² phases, and not k²"
                " taps, for each window.",
                "10.6",
            ),
            Idea(
                lambda: [BYTES * 3 * 4 * 1025**2, BYTES * 3 * 16 * 1024**2],
                "The other way round: col2im's products come first.",
                "10.5",
            ),
        ],
    ),
    Function(
        name="strided-adds",
        answer="my_taps",
        question="A transposed convolution of one channel with one Python turn for each tap.",
        wants="your code",
        target=strided_adds,
        inputs=planes,
        visible=1,
        because="k² turns, whatever the size of the image.",
        ideas=[
            Idea(
                tap_loop(overwritten),
                "Cells that several taps reach keep the last one alone. Add with +=.",
                "10.2",
            ),
            Idea(
                tap_loop(unstrided),
                "Your slices have no step: neighbours in x must land s cells apart.",
                "10.2",
            ),
            Idea(
                averaged,
                "You averaged where stamps overlap. They add.",
                "10.2",
            ),
            Idea(
                lambda x, w, s: ops.canvas(x, w[::-1, ::-1], stride=s),
                "The kernel is flipped. Stamps are not.",
                "10.2",
            ),
            Idea(
                lambda x, w, s: ops.conv_transpose2d(x, w, stride=s, padding=1),
                "A cell is cut off at each side. Keep the whole canvas.",
                "10.2",
            ),
        ],
    ),
    Design(
        name="col2im-wins",
        answer="my_layer",
        question="A layer of stride 2 or more on which sub-pixel has 4 times col2im's products.",
        wants="five whole numbers: c, d, h, k, s",
        form=Integers({"c": 1, "d": 1, "h": 1, "k": 1, "s": 2}),
        conditions=[
            Condition(
                "products of sub-pixel over col2im's",
                lambda *layer: round(subpixel_products(*layer) / products(*layer), 3),
                Such("at least 4", lambda ratio: ratio >= 4),
            ),
            Condition(
                "products of col2im",
                products,
                Such("at least 1000000", lambda count: count >= 1e6),
            ),
            Condition(
                "kernel over stride",
                lambda c, d, h, k, s: k / s,
                Such("1 or more", lambda ratio: ratio >= 1),
            ),
        ],  # fmt: skip
        because="A small input and a large kernel: most windows see the border.",
        ideas=[
            Idea(
                lambda c, d, h, k, s: k < s,
                "A kernel smaller than the stride leaves holes, which sub-pixel multiplies too."
                " Find one without holes.",
                "10.6",
            ),
            Idea(
                lambda c, d, h, k, s: (
                    subpixel_products(c, d, h, k, s) >= 4 * products(c, d, h, k, s)
                ),
                "The ratio is there, and it does not depend on the channels: take more of them.",
                "10.9",
            ),
            Idea(
                lambda c, d, h, k, s: h > 8,
                "On a large input the border is thin, and the ratio is close to the rounding of the"
                " kernel. Take a smaller h.",
                "10.9",
            ),
            Idea(
                lambda c, d, h, k, s: k <= 2 * s,
                "With two taps in a phase the windows reach over the border by one cell. A larger"
                " kernel reaches further.",
                "10.9",
            ),
            Idea(
                lambda c, d, h, k, s: True,
                "Not yet: the ratio grows when h shrinks and when k grows.",
                "10.9",
            ),
        ],
    ),
    Design(
        name="belief-loops",
        answer="my_small_layer",
        question="16 → 16 channels: a layer on which the Python loop beats vectorised sub-pixel.",
        wants="three whole numbers: h, k, s",
        form=Integers({"h": 1, "k": 1, "s": 1}),
        conditions=[
            Condition(
                "sub-pixel's time over the loop's, here and now",
                loop_against_subpixel,
                Such(
                    "more than 1.5",
                    lambda ratio: not isinstance(ratio, str) and ratio > CLEAR,
                ),
            ),
        ],
        because="A loop of few turns is cheap, and vectorised work can still be wasted work.",
        ideas=[
            Idea(
                lambda h, k, s: h > 8,
                "The loop has h · h turns: with many of them it loses. Take few.",
                "10.9",
            ),
            Idea(
                lambda h, k, s: subpixel_products(16, 16, h, k, s) > 2e8,
                "Few turns, but so large a kernel that a race would take long. Take a smaller k.",
                "10.9",
            ),
            Idea(
                lambda h, k, s: True,
                "With so many turns and so few wasted products the loop does not win clearly. Fewer"
                " turns, more waste: what does a single stamp cost?",
                "10.9",
            ),
        ],
    ),
    Design(
        name="belief-products",
        answer="my_image_layer",
        question="One channel: sub-pixel has 1.5 times col2im's products and moves fewer bytes.",
        wants="three whole numbers: h, k, s",
        form=Integers({"h": 1, "k": 1, "s": 1}),
        conditions=[
            Condition(
                "products of sub-pixel over col2im's",
                lambda *sizes: round(subpixel_products(1, 1, *sizes) / products(1, 1, *sizes), 3),
                Such("at least 1.5", lambda ratio: ratio >= 1.5),
            ),
            Condition(
                "bytes of sub-pixel over col2im's",
                lambda *sizes: round(
                    subpixel_numbers(1, 1, *sizes) / col2im_numbers(1, 1, *sizes), 3
                ),
                Such("below 1", lambda ratio: ratio < 1),
            ),
        ],
        because="The count of products points one way, the count of bytes the other. On an image"
        " the bytes decide.",
        ideas=[
            Idea(
                lambda h, k, s: k % s == 0 and h > 8,
                "The stride divides the kernel: nothing is rounded up, and the products are nearly"
                " the same.",
                "10.6",
            ),
            Idea(
                lambda h, k, s: k < s,
                "A kernel smaller than the stride leaves holes, and sub-pixel writes them too.",
                "10.6",
            ),
            Idea(
                lambda h, k, s: subpixel_products(1, 1, h, k, s) < 1.5 * products(1, 1, h, k, s),
                "The kernel is rounded up to the next multiple of the stride. Choose one that is"
                " rounded up by more.",
                "10.6",
            ),
            Idea(
                lambda h, k, s: True,
                "More products, but also more bytes: on a small input the border costs both. Take"
                " a larger h.",
                "10.7",
            ),
        ],
    ),
]
