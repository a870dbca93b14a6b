"""Chapter 05: where the checkerboard comes from."""

import numpy as np

from tconv_helpers import artifacts
from tconv_helpers.exercises._design import Condition, Design, Grid, Such
from tconv_helpers.exercises._exercise import Idea, When
from tconv_helpers.exercises._function import Function
from tconv_helpers.exercises._value import Bet, Value

FIVE = np.array([1, 2, 3, 4, 5])


def even_layer():
    """Which of the two layers of stride 2 leaves a constant constant."""
    even = [name for name, w in (("A", [1, 2, 3, 4]), ("B", [1, 2, 1])) if artifacts.is_even(w, 2)]
    return {0: "neither", 1: even[0] if even else "", 2: "both"}[len(even)]


def even_order():
    """Which order of kernels 3 and 4, weights 1, stride 2, leaves the interior constant."""
    even = []
    for first, last in ((3, 4), (4, 3)):
        layers = [dict(kernel=first, stride=2), dict(kernel=last, stride=2)]
        interior = artifacts.stacked_overlap_counts(12, layers)[12:-12]
        if len(set(interior.tolist())) == 1:
            even.append(f"{first} then {last}")
    return {0: "neither", 1: even[0] if even else "", 2: "both"}[len(even)]


def interior_counts():
    return artifacts.overlap_counts(4, 3, stride=2)


def ratio(axes):
    sums = artifacts.phase_sums(np.ones((3,) * axes, int), (2,) * axes)
    return int(sums.max() // sums.min())


def sums_2d(w, s):
    return artifacts.phase_sums(w, (s, s))


def kernels_2d():
    rng = np.random.default_rng(5)
    shapes = [((4, 4), 2), ((3, 3), 2), ((3, 5), 2), ((2, 2), 3), ((5, 4), 3)]
    return [(np.arange(30).reshape(5, 6), 3)] + [
        (rng.integers(-9, 10, shape), s) for shape, s in shapes
    ]


def make_even(w, s):
    return artifacts.nearest_even_kernel(w, s)


def kernels_1d():
    return [
        (np.array(w), s)
        for w, s in [
            ([4, 0, 0, 2, 1, 7, 5], 3),
            ([1.0, 2.0, 3.0, 4.0], 2),
            ([1.0, 1.0, 1.0], 2),
            ([2.0, -1.0, 0.5, 3.0, 1.0], 3),
            ([1.0, 0.0, -1.0, 4.0, 2.0, 2.0, 1.0], 2),
            ([3.0, 1.0, 2.0], 3),
        ]
    ]


def each_phase(change):
    """A function that lets `change(taps of a phase, mean phase sum)` give the new taps."""

    def changed(w, s):
        out = np.array(w, dtype=float)
        for r in range(s):
            out[r::s] = change(out[r::s].copy(), w.sum() / s)
        return out

    return changed


def on_first(taps, mean):
    taps[0] += mean - taps.sum()
    return taps


EXERCISES = [
    Bet(
        name="stamps-on-cell-4",
        question="4 inputs, kernel 3, stride 2: how many stamps cover cell 4 of the 9?",
        wants="a number",
        target=lambda: interior_counts()[4],
        because="Cell 4 is the last cell of one stamp and the first of the next.",
        ideas=[
            Idea(
                lambda: interior_counts()[3],
                "That is a neighbour: odd cells lie inside one stamp. Cell 4 is the last cell of"
                " one stamp and the first of the next.",
                "05.2",
            ),
            Idea(
                lambda: 3,
                "3 is the size of a stamp. Stamps start at 0, 2, 4, 6: which of them reach cell 4?",
                "05.2",
            ),
            Idea(
                lambda: 3 / 2,
                "That is the average, 3 / 2. A count is a whole number, so it has to alternate"
                " around the average.",
                "05.2",
            ),
        ],
    ),
    Bet(
        name="ratio-in-2d",
        question="k3 s2 covers cells 1 : 2 in 1-D. How many times as often in 2-D?",
        wants="a number",
        target=lambda: ratio(2),
        because="Counts of the two axes multiply: 1, 2 and 4.",
        ideas=[
            Idea(
                lambda: ratio(1),
                "That is one axis. A 2-D stamp overlaps along both, and the counts multiply.",
                "05.2",
            ),
            Idea(lambda: 3, "Counts of two axes multiply: 2 · 2, and not 2 + 1.", "05.2"),
            Idea(lambda: ratio(3), "Two axes, not three: 2 · 2.", "05.2"),
        ],
    ),
    Bet(
        name="learned",
        question="[1, 2, 3, 4] or [1, 2, 1] at stride 2: which leaves a constant constant?",
        wants='"A", "B", "both" or "neither"',
        choices=("A", "B", "both", "neither"),
        target=even_layer,
        because="A's phases add 1 + 3 and 2 + 4, B's add 1 + 1 and 2.",
        ideas=[
            Idea(
                lambda: "A",
                "You went by the size: 4 is divisible by 2, so every cell gets two stamps. But one"
                " phase adds 1 + 3 = 4 and the other 2 + 4 = 6. Equal counts are not equal sums.",
                "05.4",
            ),
            Idea(
                lambda: "both",
                "B is right. A's counts are equal, its sums are not: 1 + 3 = 4 and 2 + 4 = 6.",
                "05.4",
            ),
            Idea(
                lambda: "neither",
                "You went by the size for B: 3 is not divisible by 2. But its lonely middle tap"
                " weighs as much as the two outer ones together: 1 + 1 = 2.",
                "05.4",
            ),
        ],
    ),
    Bet(
        name="order",
        question="Kernels 3 and 4, weights 1, stride 2: which order keeps a constant constant?",
        wants='"3 then 4", "4 then 3", "both" or "neither"',
        choices=("3 then 4", "4 then 3", "both", "neither"),
        target=even_order,
        because="Kernel 3 makes 2, 1, 2, 1; then every cell adds two neighbours, 2 + 1.",
        ideas=[
            Idea(
                lambda: "4 then 3",
                "The last layer acts on a constant here and prints its own 2, 1 pattern: nothing"
                " comes after it that could remove it.",
                "05.8",
            ),
            Idea(
                lambda: "both",
                "These layers do not commute: the upsampling stands between them. With kernel 3"
                " last, its 2, 1 pattern is what you see.",
                "05.8",
            ),
            Idea(
                lambda: "neither",
                "Kernel 3 makes 2, 1, 2, 1. With kernel 4 and stride 2 every later cell adds two"
                " neighbours of these: 2 + 1 = 3, everywhere.",
                "05.8",
            ),
        ],
    ),
    Value(
        name="phase-sums",
        answer="my_sums",
        question="The three values that kernel [1, 2, 3, 4, 5], stride 3, repeats on ones.",
        wants="three numbers, phase 0 first",
        target=lambda: artifacts.phase_sums(FIVE, 3),
        because="Taps 0 and 3 share a phase, so do 1 and 4; tap 2 is alone.",
        ideas=[
            Idea(
                lambda: artifacts.phase_sums(np.ones(5, int), 3),
                "You counted the taps of each phase. Add their weights.",
                "05.3",
            ),
            When(
                lambda sums: sums[:2].tolist() == [6, 9] and not sums[2:].any(),
                "You cut the kernel into blocks of 3. A phase takes every third tap: taps 0 and 3,"
                " taps 1 and 4, tap 2.",
                "05.3",
            ),
            Idea(
                lambda: artifacts.phase_sums(FIVE, 3)[::-1],
                "The right three numbers, last phase first; or pairs of neighbours, 1 + 2, 3 + 4,"
                " 5. Phase 0 holds taps 0 and 3.",
                "05.3",
            ),
            Idea(
                lambda: artifacts.phase_sums(FIVE[::-1], 3),
                "Those are the sums of the flipped kernel. Stamps are not flipped: tap t lands t"
                " cells after the start of its stamp.",
                "05.3",
            ),
            Idea(
                lambda: artifacts.phase_sums(FIVE, 3) / artifacts.phase_sums(np.ones(5), 3),
                "You averaged the taps of a phase. They add.",
                "05.3",
            ),
            Idea(
                lambda: [FIVE.sum()] * 3,
                "You summed the whole kernel. A cell meets only the taps of its phase.",
                "05.3",
            ),
        ],
    ),
    Function(
        name="sums-2d",
        answer="phase_sums_2d",
        question="The s × s sums of the taps of each 2-D phase.",
        wants="your code",
        target=sums_2d,
        inputs=kernels_2d,
        visible=1,
        ideas=[
            Idea(
                lambda w, s: np.array(
                    [
                        [w[r * s : r * s + s, c * s : c * s + s].sum() for c in range(s)]
                        for r in range(s)
                    ]
                ),
                "You added blocks of neighbours. A phase takes every s-th row and column: w[r::s,"
                " c::s].",
                "05.3",
            ),
            Idea(
                lambda w, s: sums_2d(w, s) / np.maximum(sums_2d(np.ones(w.shape), s), 1),
                "You averaged each phase. A cell adds what arrives.",
                "05.3",
            ),
            Idea(
                lambda w, s: sums_2d(w, s).T,
                "Entry (r, c) holds the sum of phase (c, r): rows and columns changed places.",
                "05.3",
            ),
            Idea(
                lambda w, s: sums_2d(w[::-1, ::-1], s),
                "These are the phase sums of the flipped kernel.",
                "05.3",
            ),
            Idea(
                lambda w, s: sums_2d(np.ones_like(w), s),
                "You counted taps. Add the weights.",
                "05.3",
            ),
            Idea(
                lambda w, s: artifacts.phase_sums(w.sum(axis=0), s),
                "Only columns are parted. A 2-D kernel has s · s phases.",
                "05.2",
            ),
        ],
    ),
    Design(
        name="design-even",
        answer="my_taps",
        question="Five different whole taps, none 0, that are even at stride 3.",
        wants="five whole numbers",
        form=Grid((5,)),
        conditions=[
            Condition(
                "phase sums",
                lambda w: artifacts.phase_sums(w, 3),
                Such("three equal numbers", lambda sums: len(set(sums.tolist())) == 1),
            ),
            Condition(
                "different taps",
                lambda w: len(set(w.tolist())),
                5,
            ),
            Condition("taps that are 0", lambda w: int((w == 0).sum()), 0),
        ],
        because="The tap that is alone weighs as much as each pair.",
        ideas=[
            Idea(
                lambda w: len(set(w.tolist())) == 1,
                "Equal weights are uneven here: the phases have 2, 2 and 1 taps.",
                "05.3",
            ),
            Idea(lambda w: (w == 0).any(), "A tap is 0. Move weight within its phase.", "05.3"),
            Idea(
                lambda w: artifacts.is_even(w, 3),
                "Even, but a number comes twice. Keep the sums and move weight within a phase.",
                "05.3",
            ),
            Idea(
                lambda w: len({w[0] + w[1], w[2] + w[3], w[4]}) == 1,
                "You balanced neighbours. A phase takes every third tap: 0 and 3, 1 and 4, 2.",
                "05.3",
            ),
            Idea(
                lambda w: len(set(w.tolist())) == 5,
                "All different, but the phase sums are not. All three must be equal.",
                "05.3",
            ),
        ],
    ),
    Design(
        name="belief",
        answer="my_worst",
        question="Four taps at stride 2 whose answer to a constant is all pattern.",
        wants="four numbers",
        form=Grid((4,), whole=False),
        conditions=[
            Condition(
                "strength",
                lambda w: round(artifacts.checkerboard_strength(w, 2), 3),
                1,
            ),
            Condition(
                "mean of the phase sums",
                lambda w: round(float(artifacts.phase_sums(w, 2).mean()), 9),
                0,
            ),
        ],
        because="The two phase sums are opposite: their mean is 0.",
        ideas=[
            Idea(lambda w: not w.any(), "A kernel of zeros shows nothing.", "05.7"),
            Idea(
                lambda w: not artifacts.phase_sums(w, 2).any(),
                "Both phase sums are 0: nothing comes out, no pattern either.",
                "05.7",
            ),
            Idea(
                lambda w: artifacts.is_even(w, 2), "The phase sums are equal: no pattern.", "05.7"
            ),
            Idea(
                lambda w: (artifacts.phase_sums(w, 2) == 0).any(),
                "One phase is 0, so half the cells are black, but the mean is not 0: part of the"
                " answer is still flat. Strength 1 needs a mean of 0.",
                "05.7",
            ),
            Idea(
                lambda w: True,
                "Part of the answer is flat: the two phase sums must be opposite, so that their"
                " mean is 0.",
                "05.7",
            ),
        ],
    ),
    Function(
        name="make-even",
        answer="make_even",
        question="The closest kernel with w's sum and equal phase sums.",
        wants="your code",
        target=make_even,
        inputs=kernels_1d,
        visible=1,
        because="All taps of a phase change by the same amount.",
        ideas=[
            Idea(
                each_phase(lambda taps, mean: 0 * taps + mean / len(taps)),
                "Even, but the kernel is gone: change its taps, do not replace them.",
                "05.9",
            ),
            Idea(
                each_phase(lambda taps, mean: taps + mean - taps.sum()),
                "The phase is moved once for each of its taps. Share the amount: divide by the"
                " number of taps in the phase.",
                "05.9",
            ),
            Idea(
                each_phase(lambda taps, mean: taps * mean / taps.sum()),
                "Even, but not the closest: scaling changes large taps more. Equal changes give the"
                " smallest sum of squares, and a phase sum of 0 cannot be scaled.",
                "05.9",
            ),
            Idea(
                lambda w, s: w - w.mean(),
                "You subtracted the mean of all taps. A change that is equal for all taps leaves"
                " uneven counts uneven.",
                "05.9",
            ),
            Idea(
                each_phase(on_first),
                "Even, but not the closest: one tap carries the whole correction. Share it among"
                " the taps of the phase.",
                "05.9",
            ),
            Idea(
                lambda w, s: artifacts.nearest_even_kernel(w, s, keep_sum=False),
                "Even and closest of all, but the sum changed, so the picture changes its"
                " brightness.",
                "05.9",
            ),
            Idea(
                lambda w, s: each_phase(
                    lambda taps, mean: taps + (s * mean - taps.sum()) / len(taps)
                )(w, s),
                "Each phase sum is now the whole sum: the picture is s times too bright.",
                "05.9",
            ),
            Idea(lambda w, s: w, "That is w itself. Its phase sums differ.", "05.3"),
        ],
    ),
]
