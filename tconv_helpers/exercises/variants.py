"""Exercises with other numbers for each group: at least one of every chapter, 01 to 10.

A function here makes a variant from numbers. The judge and the words of the wrong ideas are the
chapter's own; only what depends on the numbers stands here. `original` holds the chapter's numbers:
with these a variant must be the chapter's exercise, which a test compares.
"""

from dataclasses import replace
from itertools import permutations, product

import numpy as np

from tconv_helpers import architectures, artifacts, frameworks, ops, sizes, upsample
from tconv_helpers.exercises import chapter_01, chapter_04, chapter_09, chapter_10
from tconv_helpers.exercises._design import Condition, Such
from tconv_helpers.exercises._exercise import Idea
from tconv_helpers.exercises._variant import TEMPLATES, Variant, also, always, template, told
from tconv_helpers.exercises._variant import variant as of_group

__all__ = ["TEMPLATES", "of_group"]

DIGITS = range(1, 10)
PLACES = list(permutations((1, 10, 100)))  # kernels with which a sum shows its parts


def listed(numbers):
    return ", ".join(map(str, numbers))


def spaced(numbers):
    return " ".join(map(str, numbers))


# ------------------------------------------------------------------------------ 01 slide a kernel


@template(
    "size",
    original=dict(i=12, k=3, d=3, s=2, p=1),
    i=range(9, 18), k=(2, 3, 4), d=(2, 3, 4), s=(2, 3), p=(1, 2),
)  # fmt: skip
def size(exercise, i, k, d, s, p):
    def answer(lo=p, hi=p, d=d):
        return chapter_01.size_and_leftover(i, k, s, lo, hi, d)

    span, room = d * (k - 1) + 1, i + 2 * p
    steps, left = divmod(room - span, s)
    if span > i or not left:
        return None
    return Variant(
        replace(
            exercise,
            target=answer,
            because=f"The kernel spans {span} of {room} cells;"
            f" {room - span} = {steps} · {s} + {left}.",
            ideas=[
                *told(
                    exercise,
                    (
                        lambda: answer(d=1),
                        "You left out the dilation: the kernel spans d(k − 1) + 1 ="
                        f" {span} cells, not {k}.",
                    ),
                    (
                        lambda: answer(lo=0),
                        f"You padded one end only. Padding {p} puts {p} at both: {room} cells.",
                    ),
                    (
                        lambda: answer(0, 0),
                        f"You left out the padding: the kernel moves over {room} cells, not {i}.",
                    ),
                    always(((room - span) / s + 1, 0)),
                    always((steps + 1, left + p)),
                ),
                also(
                    f"Count again: {room - span} cells to step through make {steps} steps, and"
                    f" {steps} steps make {steps + 1} places.",
                    (steps, left),
                    "01.4",
                ),
            ],
        ),
        f"Input {i}, kernel {k}, dilation {d}, stride {s}, padding {p}. What is the output size,"
        " and how many cells of the padded input are left over at the end?",
        (steps + 1, left),
    )


WAYS = {
    "to the right": (0, 1), "to the left": (0, -1), "up": (-1, 0), "down": (1, 0),
    "up and one to the left": (-1, -1), "up and one to the right": (-1, 1),
    "down and one to the left": (1, -1), "down and one to the right": (1, 1),
}  # fmt: skip


@template("shift", original=dict(way="to the right", factor=1), way=tuple(WAYS), factor=range(2, 6))
def shift(exercise, way, factor):
    down, right = WAYS[way]
    kernel = factor * chapter_01.shifted(1 - down, 1 - right)
    moved = np.zeros_like(chapter_01.X)
    high, wide = moved.shape
    for r, c in np.ndindex(high, wide):
        if 0 <= r - down < high and 0 <= c - right < wide:
            moved[r, c] = factor * chapter_01.X[r - down, c - right]
    straight = not (down and right)

    def only(place):
        return lambda w: np.array_equal(w != 0, place != 0)

    return Variant(
        replace(
            exercise,
            conditions=[Condition("the moved picture", chapter_01.moved, lambda: moved)],
            because="Every output takes one value of the input.",
            ideas=told(
                exercise,
                (
                    only(ops.flip(kernel)),
                    "The picture moved the other way: you flipped the kernel. The weight stands"
                    " where the value comes from.",
                ),
                only(chapter_01.shifted(1, 1)),
                (
                    lambda w: only(kernel.T)(w) or only(ops.flip(kernel.T))(w),
                    "Rows and columns changed places: rows come first, in kernel and picture.",
                )
                if straight
                else None,
                (
                    only(kernel),
                    f"The picture moved the right way. The weight is what every value is"
                    f" multiplied by: {factor}.",
                ),
                lambda w: np.count_nonzero(w) > 1,
            ),
        ),
        f"Write a 3 × 3 kernel that moves a picture one cell **{way}** and multiplies every value"
        f" by {factor}, with padding 1. What moves in from outside is 0.",
        kernel.tolist(),
        [
            ops.flip(kernel),
            factor * chapter_01.shifted(1, 1),
            *([kernel.T] if straight else []),
            kernel * 7,
            kernel + chapter_01.shifted(1, 1),
        ],
    )


# -------------------------------------------------------------- 02 build the convolution matrix


@template(
    "write-the-rows",
    original=dict(w=(2, 1, 3), i=6, s=2),
    w=permutations(DIGITS, 3), i=range(5, 9), s=(2, 3),
)  # fmt: skip
def write_the_rows(exercise, w, i, s):
    def rows(w=w, i=i, stride=s, padding=1):
        return ops.convolution_matrix(list(w), (i,), stride=stride, padding=padding)

    by_hand = []
    for start in range(-1, i - 1, s):
        row = [0] * i
        for cell, weight in enumerate(w, start):
            if 0 <= cell < i:
                row[cell] = weight
        by_hand.append(row)
    return Variant(
        replace(
            exercise,
            target=rows,
            because=f"Row 0 loses the {w[0]}: place −1 is padding and has no column.",
            ideas=told(
                exercise,
                lambda: rows(padding=0),
                (lambda: rows(stride=1), f"You moved by one column a row. The stride is {s}."),
                lambda: rows(w[::-1]),
                lambda: rows(i=i + 2, padding=0),
                lambda: rows().T,
            ),
        ),
        f"One axis. The kernel is {spaced(w)}, the input has {i} values, stride {s}, padding 1."
        " Write the matrix, a list for each row.",
        by_hand,
    )


# Half the size is the chapter's own task: there its answers would do again.
SIZES = [(n, o) for n in range(8, 17) for o in range(3, 8) if o != (n + 1) // 2]


@template("design-a-matrix", original=dict(pair=(12, 6)), pair=SIZES)
def design_a_matrix(exercise, pair):
    n, o = pair

    def along(k, s, p):
        return ops.convolution_matrix(np.ones(k, int), (n,), stride=s, padding=p)

    def rows(k, s, p):
        return len(along(k, s, p)) ** 2

    def zeros(k, s, p):
        return n * n - int(along(k, s, p).any(axis=0).sum()) ** 2

    def fill(o):
        """A layer without padding that makes o and ends with the input."""
        s = n // o
        return n - (o - 1) * s, s, 0

    wide = (o * o - n) // 2 + 1  # padding with which 2 or 3 taps make o · o along an axis
    return Variant(
        replace(
            exercise,
            conditions=[
                Condition("rows", rows, o * o),
                Condition("columns of zeros", zeros, 0),
            ],
            because=f"{o * o} rows are {o} × {o} outputs.",
            ideas=told(
                exercise,
                (
                    lambda *layer: rows(*layer) == o**4,
                    f"{o * o} along one axis are {o * o} · {o * o} rows. Aim at {o} along each"
                    " axis.",
                ),
                lambda *layer: rows(*layer) == o * o,
                lambda *layer: rows(*layer) == (o - 1) ** 2,
                (
                    lambda *layer: rows(*layer) == (o + 1) ** 2,
                    "One window too many along each axis: less padding, or a larger kernel.",
                ),
                (
                    lambda *layer: rows(*layer) == n * n,
                    f"As many outputs as inputs: this layer keeps the size. {o * o} are wanted.",
                ),
            ),
        ),
        f"Choose kernel size, stride and padding for a {n} × {n} input so that the matrix has"
        f" exactly {o * o} rows and no column of zeros: every input counts. There are several"
        " right answers.",
        fill(o),
        [
            (3 - (o * o - n) % 2, 1, wide) if o * o >= n else (n - o * o + 1, 1, 0),
            (1, -(-n // o), 0),
            fill(o - 1),
            fill(o + 1),
            (3, 1, 1),
        ],
    )


# ------------------------------------------------------------------------ 03 transpose the matrix


@template(
    "stamps-on-paper",
    original=dict(x=(1, 2, 3), w=(1, 10, 100)),
    x=permutations(DIGITS, 3), w=PLACES,
)  # fmt: skip
def stamps_on_paper(exercise, x, w):
    def stamped(w=w, **how):
        return ops.conv_transpose1d(x, w, **{"stride": 2, **how})

    def placed(combine):
        canvas = np.zeros(7)
        for n, value in enumerate(x):
            part = canvas[2 * n : 2 * n + 3]
            part[:] = combine(part, value * np.array(w))
        return canvas

    by_hand = [0] * 7
    for (n, value), (t, tap) in product(enumerate(x), enumerate(w)):
        by_hand[2 * n + t] += value * tap
    return Variant(
        replace(
            exercise,
            target=stamped,
            ideas=told(
                exercise,
                lambda: placed(lambda old, new: new),
                lambda: placed(lambda old, new: np.where(old > 0, (old + new) / 2, new)),
                lambda: stamped(stride=3),
                lambda: stamped(stride=1),
                lambda: stamped(w[::-1]),
                lambda: ops.conv1d(x, w, stride=2),
                lambda: stamped(padding=1),
                lambda: stamped(output_padding=1),
            ),
        ),
        f"Input [{listed(x)}], kernel [{listed(w)}], stride 2, no padding. Write the stamps below"
        " each other on paper and add. Which outputs get two terms?",
        by_hand,
    )


@template("up-and-down", original=dict(factor=25), factor=(9, 16, 36, 49, 64, 81, 100))
def up_and_down(exercise, factor):
    root = round(factor**0.5)

    def squares(total, least):
        """Four whole numbers, at least `least` of them not 0, whose squares have this sum."""
        numbers = product(range(root + 1), repeat=4)
        a, b, c, d = next(
            t for t in numbers if sum(n * n for n in t) == total and np.count_nonzero(t) >= least
        )
        return [[a, b], [c, d]]

    z = np.array([[2, 3], [4, 3]])
    return Variant(
        replace(
            exercise,
            conditions=[
                Condition(
                    "up and down",
                    lambda w: ops.conv2d(ops.conv_transpose2d(z, w, stride=2), w, stride=2),
                    lambda: factor * z,
                )
            ],
            because=f"The squares of the four taps sum to {factor}.",
            ideas=told(
                exercise,
                (
                    lambda w: w.sum() == factor,
                    f"The taps sum to {factor}. A value meets each tap twice, going up and coming"
                    " down, so the squares count.",
                ),
                (
                    lambda w: (w**2).sum() == root,
                    f"The squares sum to {root}. The squares are both ways already: they must sum"
                    f" to {factor}.",
                ),
                (
                    lambda w: (w**2).sum() == 4 * factor,
                    f"The squares have the mean {factor}. The way down adds the four products; it"
                    " does not average them.",
                ),
                (
                    lambda w: (w**2).sum() == factor**2,
                    f"The squares sum to {factor}². Up and down together multiply by {factor}, not"
                    " each.",
                ),
            ),
        ),
        "Find a 2 × 2 kernel of integers such that a transposed convolution and then a convolution,"
        f" both with this kernel and stride 2, multiply every value by exactly {factor}. There are"
        " many right answers.",
        squares(factor, 2),
        [
            [[factor - 1, 1], [0, 0]],
            squares(root, 1),
            [[2 * root, 0], [0, 0]],
            [[0, 0], [0, -factor]],
        ],
    )


# ------------------------------------------------------------------- 04 choose stride and padding


@template(
    "size-on-paper",
    original=dict(i=7, k=4, s=3, p=2, op=1, d=2),
    i=range(4, 10), k=(3, 4, 5), s=(2, 3, 4), p=(2, 3), op=(1, 2), d=(2, 3),
)  # fmt: skip
def size_on_paper(exercise, i, k, s, p, op, d):
    if op >= min(s, p):
        return None

    def window(op=op, d=d):
        lo, hi = p, p - op
        return lo, hi, sizes.canvas_size(i, k, stride=s, dilation=d) - lo - hi

    canvas, wide = sizes.canvas_size(i, k, stride=s, dilation=d), d * (k - 1) + 1
    size = (i - 1) * s + wide - 2 * p + op
    once, added = canvas - p + op, canvas + 2 * p + op
    down = sizes.conv_size(i, k, stride=s, padding=p, dilation=d) if i + 2 * p >= wide else None
    return Variant(
        replace(
            exercise,
            target=window,
            because=f"Canvas {(i - 1) * s} + {wide} = {canvas}; p is cut at the start, p − op at"
            " the end.",
            ideas=told(
                exercise,
                lambda: window(op=0),
                lambda: window(op=-op),
                (
                    lambda: window(d=1),
                    f"Dilation is left out: the kernel reaches d(k − 1) + 1 = {wide} cells,"
                    f" not {k}.",
                ),
                always((p - op, p, size)),
                always((p, op - p, canvas - op)),
                always((p, p - op, size - 1)),
                (
                    always((p, p - op, size + d - 1)),
                    f"You took dk. A stamp reaches over d(k − 1) + 1 = {wide} cells, not {d * k}.",
                ),
                lambda given: given[2] == once,
                lambda given: given[2] == added,
                (
                    lambda given: given[2] == canvas,
                    f"{canvas} is the whole canvas. Now take the window.",
                ),
                None if down is None else lambda given: given[2] == down,
            ),
        ),
        f"{i} inputs, kernel {k}, stride {s}, padding {p}, output_padding {op}, dilation {d}."
        " Which window, and how long is the output? Give three numbers: (lo, hi, size).",
        (p, p - op, size),
        [(p, p - op, n) for n in (once, added, canvas, down) if n is not None],
    )


@template(
    "sizes-that-return",
    original=dict(k=4, s=3, p=1),
    k=range(2, 8), s=(2, 3, 4, 5), p=(1, 2),
)  # fmt: skip
def sizes_that_return(exercise, k, s, p):
    every = range(10, 21)

    def back():
        return [i for i in every if chapter_04.there_and_back(i, k, s, p)[1] == i]

    return Variant(
        replace(
            exercise,
            target=back,
            ideas=told(
                exercise,
                lambda: [i for i in every if i % s == 0],
                (
                    lambda: [i for i in every if (i - k) % s == 0],
                    f"Padding is left out: there i − k is divisible by {s}. The padded input has"
                    " i + 2p cells.",
                ),
                lambda: [i for i in every if i % k == 0],
                (lambda: list(every), f"It is not the inverse. {s} sizes share each output."),
                (list, f"One size in {s} does come back."),
                lambda: sorted(set(every) - set(back())),
            ),
        ),
        f"Kernel {k}, stride {s}, padding {p}. A convolution takes a size down, the transposed"
        " convolution takes it up again, without output_padding. Which sizes from 10 to 20 come"
        " back as they were?",
        [i for i in every if (i + 2 * p - k) % s == 0],
    )


@template("triple-every-size", original=dict(factor=3), factor=(2, 4, 5, 6, 7, 8))
def triple_every_size(exercise, factor):
    size, stamps, *more = exercise.conditions

    def grown(k, p, op):
        return k - 2 * p + op

    return Variant(
        replace(
            exercise,
            conditions=[
                replace(size, wanted=lambda: [factor * i for i in chapter_04.TRIPLED]),
                stamps,
                *more,
            ],
            because=f"Stride {factor}, k − 2p + op = {factor}, and k divisible by {factor}.",
            ideas=told(
                exercise,
                (
                    lambda k, s, p, op: s != factor,
                    "The stride is the number of cells that one more input adds. Another stride"
                    f" than {factor} can be right for one size, never for every size.",
                ),
                lambda k, s, p, op: k < s,
                (
                    lambda k, s, p, op: grown(k, p, op) == factor and k % s != 0,
                    "The sizes are right, but the taps do not share evenly among"
                    f" {factor} phases: k must be divisible by s.",
                ),
                lambda k, s, p, op: grown(k, p, op) == factor and p > k - 1,
                lambda k, s, p, op: grown(k, p, op) == factor and op > p,
                (
                    lambda k, s, p, op: op < s and grown(k, p, op) > factor,
                    f"The output is too long: k − 2p + op must be {factor}.",
                ),
                (
                    lambda k, s, p, op: op < s and grown(k, p, op) < factor,
                    f"The output is too short: k − 2p + op must be {factor}.",
                ),
            ),
        ),
        "Choose (kernel, stride, padding, output_padding) so that *every* size $i$ becomes"
        f" ${factor}i$, with the same number of stamps on every interior cell, no stamp thrown away"
        " ($p \\le k - 1$) and no cell past the canvas ($op \\le p$). There are many right"
        " answers.",
        (factor, factor, 0, 0),
        [
            (factor + 1, factor + 1, 0, 0),
            (factor - 1, factor, 0, 1),
            (factor + 1, factor, 1, 1),
            (factor, factor, factor, 2 * factor),
            (factor, factor, 1, 2),
            (2 * factor, factor, 0, 0),
            (factor, factor, 1, 0),
        ],
    )


# ------------------------------------------------------------------- 05 explain the checkerboard


@template("phase-sums", original=dict(w=(1, 2, 3, 4, 5)), w=permutations(range(1, 8), 5))
def phase_sums(exercise, w):
    a, b, c, d, e = w

    def sums(taps=w):
        return artifacts.phase_sums(np.array(taps), 3)

    return Variant(
        replace(
            exercise,
            target=sums,
            ideas=[
                *told(
                    exercise,
                    lambda: sums((1,) * 5),
                    lambda got: got[:2].tolist() == [a + b + c, d + e] and not got[2:].any(),
                    (
                        lambda: sums()[::-1],
                        "The right three numbers, last phase first. Phase 0 holds taps 0 and 3.",
                    ),
                    lambda: sums(w[::-1]),
                    lambda: sums() / sums((1,) * 5),
                    lambda: [sum(w)] * 3,
                ),
                also(
                    "You added pairs of neighbours. A phase takes every third tap: taps 0 and 3,"
                    " taps 1 and 4, tap 2.",
                    (a + b, c + d, e),
                    "05.3",
                ),
            ],
        ),
        f"Kernel {listed(w)}, stride 3, and an input of ones. Which three values does the interior"
        " repeat? Phase 0 first.",
        [a + d, b + e, c],
        [[a + b + c, d + e, 0]],
    )


@template(
    "design-even", original=dict(total=None), total=[n for n in range(6, 21) if n != 10]
)  # the chapter's solution has 10
def design_even(exercise, total):
    sums, *more = exercise.conditions
    if total is not None:  # the chapter's own asks for equal sums, whatever they are
        sums = replace(sums, wanted=[total] * 3)
    n = total or 10
    unequal = Idea(
        lambda w: artifacts.is_even(w, 3) and len({*w.tolist()}) == 5 and sums_of(w) != total,
        f"Even, but the phase sums are not {total}: that is what the tap that is alone must be.",
        "05.3",
    )

    def sums_of(w):
        return artifacts.phase_sums(w, 3)[0]

    same, zero, *rest = told(exercise, *(idea.answer for idea in exercise.ideas))
    return Variant(
        replace(
            exercise, conditions=[sums, *more], ideas=[same, zero, *[unequal][: n == total], *rest]
        ),
        "Find five whole numbers, all different and none 0, that are even at stride 3 and whose"
        f" phase sums are all {total}. There are many.",
        [1, 2, n, n - 1, n - 2],
        [
            [1] * 5,
            [0, 2, n, n, n - 2],
            *[[1, 2, n + 1, n, n - 1]][: n == total],
            [1, 1, n, n - 1, n - 1],
            [1, n - 1, 2, n - 2, n],
            [1, 2, 3, 4, 5],
        ],
    )


# --------------------------------------------------------------------------- 06 learn to upsample


@template("border-on-paper", original=dict(f=3, v=1), f=(3, 5), v=range(1, 10))
def border_on_paper(exercise, f, v):
    end = (f + 1) // 2  # of f, what the outermost cell gets along one axis

    def border(padding=f // 2):
        w = (f * f * upsample.bilinear_kernel(f)).round().astype(int)
        y = ops.conv_transpose2d(np.full((3, 3), v), w, stride=f, padding=padding)
        middle = len(y) // 2
        return [y[0, 0], y[0, middle], y[middle, middle]]

    taps = [*range(1, f), *range(f, 0, -1)]
    ones = "You took ones. Every input value is multiplied into its stamp."
    return Variant(
        replace(
            exercise,
            target=border,
            because=f"Along one axis the end gets {end} of {f}, and the axes multiply.",
            ideas=[
                *told(
                    exercise,
                    (
                        lambda given: np.allclose(f * f * given, border()),
                        f"These are the shares. Every tap is multiplied by {f * f} here.",
                    ),
                    always([v * end, v * f, v * f]),
                    lambda: border(padding=0),
                    always([v * f * f] * 3),
                    (
                        always([v * 9, v * 12, v * 16]),
                        "These belong to section 2's taps of factor 2, times 16. Here the factor"
                        f" is {f}.",
                    ),
                    lambda: border()[::-1],
                    (
                        lambda given: given[0] == v * end**2 and given[2] == v * f**2,
                        "Corner and middle are right. On the edge one axis ends and the other does"
                        f" not: {end} · {f}.",
                    ),
                ),
                *([also(ones, [end * end, end * f, f * f], "06.2")] if v > 1 else []),
            ],
        ),
        f"The bilinear kernel of factor {f} is {listed(taps)} over {f} along each axis. Use it"
        f" times {f * f}, so that its taps in the plane are whole, with stride {f} and"
        f" `padding={f // 2}`, on an input of 3 × 3 cells that all hold {v}. Which values have the"
        " corner, the cell in the middle of the first row, and the cell in the middle of the"
        " picture?",
        [v * end * end, v * end * f, v * f * f],
        [[v * end * end / f**2, v * end / f, v], [v * end**2, v * end, v * f**2]],
    )


@template("nearest-wins", original=dict(miss=None), miss=range(2, 15))
def nearest_wins(exercise, miss):
    exact, missed = exercise.conditions
    n = miss or 5
    if miss is not None:  # the chapter's own asks for at least 5
        missed = replace(missed, wanted=miss)
    constant, right, *rest = exercise.ideas
    return Variant(
        replace(
            exercise,
            conditions=[exact, missed],
            ideas=told(
                exercise,
                constant.answer,
                (
                    right.answer,
                    "Nearest is exact. Bilinear misses by a quarter of the largest jump, and"
                    f" {miss} is wanted.",
                ),
                *(idea.answer for idea in rest),
            ),
        ),
        "Find a row of eight whole numbers that nearest brings back **exactly** after the box at"
        f" the factor 2, while bilinear misses it by {miss} at most and somewhere by exactly"
        f" {miss}. For such a picture no kernel, learned or not, can be better than nearest.",
        [0, 0] + [4 * n] * 6,
        [
            [7] * 8,
            [0, 0] + [4 * n - 4] * 6,
            [0, 1, 1, 3, 3, 5, 5, 9],
            list(range(0, 16, 2)),
            [0, 1, 2, 3, 4, 5, 6, 9],
        ],
    )


# -------------------------------------------------------------------- 07 read real architectures


@template(
    "layer-cost",
    original=dict(source=256, target=128, k=4, side=16),
    source=(16, 32, 64, 128, 256), target=(8, 16, 32, 64, 128), k=(2, 4, 6), side=(4, 8, 16, 32),
)  # fmt: skip
def layer_cost(exercise, source, target, k, side):
    if source == target:
        return None
    p = k // 2 - 1

    def costs():
        layer = architectures.conv_transpose(source, target, k, stride=2, padding=p, bias=False)
        return architectures.parameters(layer), *architectures.macs(layer, (source, side, side))

    weights = source * target * k * k
    by_input = weights * side * side
    return Variant(
        replace(
            exercise,
            target=costs,
            because=f"{source} · {target} · {k * k} weights, each used at {side}² inputs, or"
            f" counted at {2 * side}² outputs.",
            ideas=told(
                exercise,
                (
                    lambda n: n[0] == weights // k,
                    f"You took {k} weights a pair of channels. A kernel of size {k} is {k} × {k}:"
                    f" {k * k}.",
                ),
                lambda n: n[0] == weights + target,
                (
                    lambda n: n[0] == k * k,
                    f"{k * k} is the kernel of one pair of channels. There are {source} · {target}"
                    " pairs.",
                ),
                lambda n: n.tolist() == [weights, 4 * by_input, by_input],
                lambda n: n[2] == 2 * n[1] and n[0] == weights,
                (
                    lambda n: n[1] == weights * side and n[0] == weights,
                    f"You used {side} positions. A map of {side} × {side} has {side * side}.",
                ),
            ),
        ),
        f"`ConvTranspose2d({source}, {target}, {k}, 2, {p}, bias=False)` on a map of"
        f" {side} × {side}. How many parameters, how many multiply-accumulates by input, how many"
        " by output?",
        (weights, by_input, 4 * by_input),
        [
            (weights // k, by_input // k, 4 * by_input // k),
            (weights + target, by_input, 4 * by_input),
            (k * k, by_input, 4 * by_input),
            (weights, 4 * by_input, by_input),
            (weights, by_input, 2 * by_input),
            (weights, weights * side, 4 * weights * side),
        ],
    )


@template(
    "map-values",
    original=dict(side=4, channels=64, factor=32),
    side=range(2, 10), channels=(8, 16, 32, 128), factor=(2, 4, 8, 16),
)  # fmt: skip
def map_values(exercise, side, channels, factor):
    double = 11 * side  # 4 × 4 × 64 without its first ×: 44 × 64
    meant, large = side * side * channels, (side * factor) ** 2

    def target():
        grown = architectures.shape_after(architectures.nearest(factor), (channels, side, side))
        return (
            np.zeros((double, channels)).size,
            np.zeros((channels, side, side)).size,
            grown[1] ** 2,
        )

    return Variant(
        replace(
            exercise,
            target=target,
            parts=(
                f"values of {double} × {channels}",
                f"values of {side} × {side} × {channels}",
                f"places after × {factor} along each axis",
            ),
            because=f"The sentence lost a × sign: {side} × {side} × {channels} has {meant} values.",
            ideas=told(
                exercise,
                (
                    lambda n: n[0] == meant,
                    f"You read {double} × {channels} as the tutorial means it, {side} × {side} ×"
                    f" {channels}. As it is printed it is another map: multiply.",
                ),
                (
                    lambda n: n[2] == side * side * factor,
                    f"× {factor} once. Along each axis it is × {factor} twice:"
                    f" {side * factor} × {side * factor}.",
                ),
                (
                    lambda n: n[2] == side * factor,
                    f"{side * factor} is the side. The map has {side * factor} × {side * factor}"
                    " places.",
                ),
                (
                    lambda n: n[2] in (factor**2, channels * large),
                    f"× {factor} is applied to a side of {side}, and places are counted without"
                    f" channels: {side * factor} × {side * factor}.",
                ),
            ),
        ),
        f"A tutorial says: “the {double}×{channels} map has {meant} values, and after × {factor}"
        f" along each axis …”. How many values has a map of {double} × {channels}? How many have"
        f" {channels} channels of {side} × {side}? And how many places has the map of"
        f" {side} × {side} after × {factor} along each axis?",
        (double * channels, meant, large),
        [
            (meant, meant, large),
            *((double * channels, meant, n) for n in (side**2 * factor, side * factor, factor**2)),
        ],
    )


# ------------------------------------------------------------------------ 08 match your framework


@template(
    "jax-pads",
    original=dict(k=6, s=2, p=1, op=1),
    k=range(4, 11), s=(2, 3, 4), p=(1, 2, 3), op=(1, 2),
)  # fmt: skip
def jax_pads(exercise, k, s, p, op):
    if op >= s or op > p:
        return None

    def pads(op=op):
        how = dict(stride=s, padding=p, output_padding=op)
        return frameworks.port("jax", 8, k, **how)["padding"][0]

    border = k - 1 - p
    return Variant(
        replace(
            exercise,
            target=pads,
            because=f"The window drops ({p}, {p - op}), and JAX's pads are {k - 1} less what is"
            " dropped.",
            ideas=told(
                exercise,
                always((p, p)),
                always((p, p - op)),
                lambda: pads(op=0),
                lambda: pads()[::-1],
                (
                    always((border, border - op)),
                    f"output_padding drops {op} less at the end, so the pad there grows by {op}.",
                ),
                always((border + 1, border + op + 1)),
            ),
        ),
        f"PyTorch: `ConvTranspose1d(8, 8, {k}, stride={s}, padding={p}, output_padding={op})`."
        " Which pads (lo, hi) does `lax.conv_transpose` need for the same window?",
        (border, border + op),
    )


@template("same-in-two-libraries", original=dict(stride=None), stride=range(3, 10))
def same_in_two_libraries(exercise, stride):
    chosen, *more = exercise.conditions
    s = stride or 2
    if stride is not None:  # the chapter's own asks for 2 or more
        chosen = replace(chosen, wanted=stride)
    first, *rest = exercise.ideas
    return Variant(
        replace(
            exercise,
            conditions=[chosen, *more],
            ideas=told(
                exercise,
                (lambda k, stride, p, op: stride != s, f"The stride is to be {s}."),
                *(idea.answer for idea in rest),
            ),
        ),
        "Choose (kernel, stride, padding, output_padding) of a PyTorch layer whose window is that"
        f' of Keras\' "same" with the same kernel and stride. The stride is {s}, and neighbouring'
        " stamps overlap. There are many right answers.",
        (s + 2, s, 1, 0),
        [
            (s + 3, s + 1, 1, 0),
            (s, s, 0, 0),
            (s + 1, s, 0, 0),
            (s + 2, s, 1, 1),
            (s + 2, s, 2, 0),
            (s + 2, s, 0, 0),
        ],
    )


# ------------------------------------------------------------------------- 09 audit the classics


@template(
    "same-on-paper",
    original=dict(x=(1, 2, 3, 4), w=(1, 10, 100)),
    x=permutations(range(1, 8), 4), w=PLACES,
)  # fmt: skip
def same_on_paper(exercise, x, w):
    same = sizes.conv_padding("tensorflow", 4, 3, stride=2, padding="SAME")

    def sames(w=w, first=same, second=(1, 1), stride=2):
        ends = [ops.conv1d(x, w, stride=stride, padding=[pad])[:2] for pad in (first, second)]
        return np.concatenate(ends)

    by_hand = []
    for padded in ([*x, 0], [0, *x, 0]):
        by_hand += [sum(padded[start + t] * w[t] for t in range(3)) for start in (0, 2)]
    if {*by_hand[:2]} & {*by_hand[2:]}:  # then "not one number in common" would be wrong
        return None
    return Variant(
        replace(
            exercise,
            target=sames,
            ideas=told(
                exercise,
                (
                    lambda: sames(w[::-1]),
                    f"You flipped the kernel. A convolution here meets the first cell with {w[0]}.",
                ),
                lambda: sames(first=(1, 0)),
                lambda: sames(second=(0, 1)),
                lambda: sames(first=(1, 1), second=(0, 1)),
                lambda: sames(stride=1),
            ),
        ),
        f"“Symmetric padding with ⌊k/2⌋ gives SAME's result: the sizes are equal.” Input"
        f" {listed(x)}, kernel {listed(w)}, stride 2. Write the two outputs with TensorFlow's SAME,"
        " and behind them the two with one zero at both ends.",
        by_hand,
    )


SQUARES = {a * a + b * b: (a, b) for b in range(2, 8) for a in range(1, b)}  # 5: (1, 2)


@template(
    "give-back", original=dict(factor=25), factor=[n for n in sorted(SQUARES) if n < 60 and n != 25]
)
def give_back(exercise, factor):
    a, b = SQUARES.get(factor, (3, 4))

    def length(w):
        return np.diag(chapter_09.gram(w)) == factor

    square = round(factor**0.5) ** 2 == factor
    return Variant(
        replace(
            exercise,
            conditions=[
                Condition("taps", lambda w: w, Such("none 0", np.all)),
                Condition(
                    "down and up",
                    lambda w: chapter_09.round_trip(w, chapter_09.FOUR),
                    lambda: factor * chapter_09.FOUR,
                ),
            ],
            because="The filters are at right angles, and the squares of each sum to"
            f" {factor}: CᵀC = {factor} times the identity.",
            ideas=told(
                exercise,
                exercise.ideas[0].answer if square else None,
                lambda w: w[0, 0] * w[1, 1] == w[0, 1] * w[1, 0],
                (
                    lambda w: w.sum() == factor,
                    f"The taps sum to {factor}. A value meets each tap twice, so the squares"
                    " count.",
                ),
                (
                    lambda w: length(w).all(),
                    f"The squares sum to {factor}, but the columns are not at right angles: what"
                    " one cell sends arrives at its neighbour, too. A minus sign helps.",
                ),
                (
                    lambda w: chapter_09.gram(w)[0, 1] == 0,
                    "The columns are at right angles: nothing strays to a neighbour. The squares"
                    f" of each column must sum to {factor}.",
                ),
            ),
        ),
        "Take one input channel and **two** output channels, kernel 2, stride 2, no padding. Find"
        " two filters of whole numbers, none of them 0, with which a convolution and its"
        f" transpose, with the same weights, multiply every input by exactly {factor}.",
        [[a, b], [b, -a]],
        [
            *([[[round(factor**0.5), 0], [0, round(factor**0.5)]]] if square else []),
            [[1, 2], [2, 4]],
            [[factor - 3, 1], [1, 1]],
            [[a, b], [b, a]],
            [[1, 1], [1, -1]],
        ],
    )


# ------------------------------------------------------------------------------- 10 make it fast


@template(
    "count-products",
    original=dict(h=10, k=3, s=2),
    h=range(3, 13), k=(3, 4, 5, 7), s=(2, 3),
)  # fmt: skip
def count_products(exercise, h, k, s):
    if k % s == 0:
        return None
    layer, m = (1, 1, h, k, s), -(-k // s)  # m taps in a phase, rounded up
    ways = chapter_10.products, chapter_10.zero_products, chapter_10.subpixel_products

    def counted():
        return [way(*layer) for way in ways]

    full, windows, out = m * s, h + m - 1, (h - 1) * s + k
    spread = (h - 1) * s + 1
    stamps, zeros, phases = (h * k) ** 2, (out * k) ** 2, (windows * full) ** 2
    return Variant(
        replace(
            exercise,
            target=counted,
            because="Sub-pixel also multiplies by zeros: those that round the kernel up to"
            f" {full} × {full}, and the border.",
            ideas=told(
                exercise,
                (
                    always([stamps, zeros, (windows * k) ** 2]),
                    "Sub-pixel: the kernel is rounded up to a multiple of the stride,"
                    f" {full} × {full}, so that all phases have as many taps. {full * full}"
                    " products for each window.",
                ),
                (
                    always([stamps, zeros, (h * full) ** 2]),
                    "Sub-pixel: the windows reach over the border. Along an axis there are h + m"
                    f" - 1 of them, with m = {m} taps in a phase.",
                ),
                (
                    always([stamps, s * s * stamps, phases]),
                    f"Zero-insertion: s² = {s * s} times is the limit for large images. Count the"
                    f" output cells, each meets {k * k} taps.",
                ),
                (
                    always([stamps, (spread * k) ** 2, phases]),
                    f"Zero-insertion: {spread} × {spread} is the input with its inserted zeros. The"
                    " kernel visits every output cell, and the border around it makes"
                    f" {out} × {out} of these.",
                ),
                always([zeros, zeros, phases]),
                (
                    lambda: [n * k * k for n in counted()],
                    f"The taps are counted twice: each number is {k * k} times too large.",
                ),
            ),
        ),
        f"One channel, {h} × {h}, kernel {k}, stride {s}, no padding. How many products do stamps,"
        " zero-insertion and sub-pixel make?",
        [stamps, zeros, phases],
    )


@template(
    "count-bytes",
    original=dict(side=1024, s=2, size=4),
    side=(100, 128, 200, 256, 500, 512, 1000, 1024), s=(2, 3, 4), size=(2, 4, 8),
)  # fmt: skip
def count_bytes(exercise, side, s, size):
    k, dtype = 2 * s, np.dtype(f"f{size}")

    def numbers(*shape):
        return int(np.prod(shape, dtype=np.int64)) * dtype.itemsize

    windows = side + 1
    products, phases = 3 * (k * side) ** 2, 3 * (s * windows) ** 2
    return Variant(
        replace(
            exercise,
            target=lambda: [
                numbers(3, k, k, side, side),
                numbers(3, s, s, windows, windows),
            ],
            ideas=told(
                exercise,
                (
                    always([products, phases]),
                    f"You counted numbers. A {dtype.name} has {size} bytes.",
                ),
                always([3 * size * products, 3 * size * phases]),
                (
                    always([size * products, size * 3 * (s * side) ** 2]),
                    f"Sub-pixel: windows reach over the border, {windows} of them along an axis.",
                ),
                always([size * products, size * 3 * (k * windows) ** 2]),
                always([size * phases, size * products]),
            ),
        ),
        f"A colour picture of {side} × {side}, 3 → 3 channels, kernel {k}, stride {s},"
        f" {dtype.name}. How many bytes has the array of all products in col2im, and how many the"
        " array of all phases in sub-pixel? An expression is an answer, too.",
        [size * products, size * phases],
    )
