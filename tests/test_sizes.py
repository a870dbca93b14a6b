"""Sizes, windows, relationships and inverse design."""

import itertools

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tconv_helpers import ops, sizes
from tconv_helpers.sizes import (
    RELATIONSHIPS,
    Window,
    canvas_size,
    conv_padding,
    conv_size,
    conv_transpose_size,
    conv_transpose_window,
    cut,
    designs,
    output_padding_for,
    window,
)

SMALL = st.integers(1, 4)


@st.composite
def transposed(draw, n=None):
    """Per axis: i, k, s, d, p, op with at least one cell left."""
    rows = []
    for _ in range(n or draw(st.integers(1, 3))):
        i, k, s, d = draw(SMALL), draw(SMALL), draw(SMALL), draw(st.integers(1, 3))
        op = draw(st.integers(0, max(s, d) - 1))
        p = draw(st.integers(0, ((i - 1) * s + d * (k - 1) + op) // 2))
        rows.append((i, k, s, d, p, op))
    return tuple(zip(*rows, strict=True))


@st.composite
def direct(draw):
    """Per axis: i, k, s, d, p with a kernel that fits."""
    rows = []
    for _ in range(draw(st.integers(1, 3))):
        k, s, d, p = draw(SMALL), draw(SMALL), draw(st.integers(1, 3)), draw(st.integers(0, 4))
        least = max(1, d * (k - 1) + 1 - 2 * p)
        rows.append((draw(st.integers(least, least + 6)), k, s, d, p))
    return tuple(zip(*rows, strict=True))


class TestConvSize:
    @given(direct())
    def test_counts_the_places_a_kernel_fits(self, setting):
        """Against counting: o steps of s, each with all taps inside the padded input."""
        i, k, s, d, p = setting
        counted = tuple(
            sum(1 for at in range(0, n + 2 * q, t) if at + e * (m - 1) < n + 2 * q)
            for n, m, t, e, q in zip(*setting, strict=True)
        )
        assert conv_size(i, k, stride=s, padding=p, dilation=d) == counted

    @given(direct())
    def test_is_the_shape_of_the_operation(self, setting):
        i, k, s, d, p = setting
        run = (ops.conv1d, ops.conv2d, ops.conv3d)[len(i) - 1]
        y = run(np.ones(i), np.ones(k), stride=s, padding=p, dilation=d)
        assert conv_size(i, k, stride=s, padding=p, dilation=d) == y.shape

    def test_int_in_int_out_and_tuple_in_tuple_out(self):
        assert conv_size(7, 3) == 5
        assert type(conv_size(np.int64(7), 3)) is int
        assert conv_size((7,), 3) == (5,)
        assert conv_size((7, 8), 3) == (5, 6)
        assert conv_size(7, (3, 2)) == (5, 6)
        assert conv_size((7, 8), (3, 5), stride=(1, 2), padding=(0, 1)) == (5, 3)
        assert conv_size(np.zeros((7, 8)).shape, np.array([3, 2])) == (5, 7)

    def test_pairs(self):
        assert conv_size(6, 3, padding=(0, 1)) == 5
        assert conv_size((6, 6), 3, padding=((0, 1), (-1, 0))) == (5, 3)
        assert conv_size((6, 7), 3, padding=(0, 1)) == (4, 7)  # one int per axis
        assert conv_size((6, 7), 3, padding=Window(0, 1)) == (5, 6)  # for every axis

    def test_fits_exactly_or_not_at_all(self):
        assert conv_size(5, 3, dilation=2) == conv_size(3, 3, dilation=2, padding=1) == 1
        with pytest.raises(ValueError, match="k=3 with dilation=2 spans 5 cells"):
            conv_size(4, 3, dilation=2)

    def test_words(self):
        assert conv_size((5, 8), (3, 4), padding="same") == (5, 8)
        assert conv_size((5, 8), (3, 4), padding="valid") == (3, 5)


class TestConvTransposeSize:
    @given(transposed())
    def test_is_the_shape_of_the_operation(self, setting):
        i, k, s, d, p, op = setting
        run = (ops.conv_transpose1d, ops.conv_transpose2d, ops.conv_transpose3d)[len(i) - 1]
        keywords = dict(stride=s, padding=p, output_padding=op, dilation=d)
        assert (
            conv_transpose_size(i, k, **keywords) == run(np.ones(i), np.ones(k), **keywords).shape
        )

    @given(transposed())
    def test_is_the_canvas_less_its_window(self, setting):
        i, k, s, d, p, op = setting
        full = canvas_size(i, k, stride=s, dilation=d)
        assert full == ops.canvas(np.ones(i), np.ones(k), stride=s, dilation=d).shape
        cells = tuple(f - lo - hi for f, (lo, hi) in zip(full, window(p, op), strict=True))
        assert (
            conv_transpose_size(i, k, stride=s, padding=p, output_padding=op, dilation=d) == cells
        )

    @given(transposed(n=1))
    def test_the_convolution_leads_back(self, setting):
        """For op below stride, the convolution with the same numbers undoes the size."""
        (i,), (k,), (s,), (d,), (p,), (op,) = setting
        assume(op < s)
        size = conv_transpose_size(i, k, stride=s, padding=p, output_padding=op, dilation=d)
        assert conv_size(size, k, stride=s, padding=p, dilation=d) == i
        assert output_padding_for(size, i, k, stride=s, padding=p, dilation=d) == op

    @given(direct())
    def test_every_convolved_size_can_be_restored(self, setting):
        i, k, s, d, p = setting
        small = conv_size(i, k, stride=s, padding=p, dilation=d)
        op = output_padding_for(i, small, k, stride=s, padding=p, dilation=d)
        assert i == conv_transpose_size(
            small, k, stride=s, padding=p, output_padding=op, dilation=d
        )

    def test_pairs(self):
        assert conv_transpose_size(2, 3, stride=2, padding=(1, 0)) == 4
        assert conv_transpose_size(2, 3, stride=2, padding=window(1, 1)) == 4
        assert conv_transpose_size((2, 2), 3, stride=2, padding=((1, -1), (0, 0))) == (5, 5)

    def test_one_cell_must_remain(self):
        assert conv_transpose_size(1, 3, padding=1) == 1
        with pytest.raises(ValueError, match=r"leaves 2 - 1 - 1 \+ 0 = 0 cells"):
            conv_transpose_size(1, 2, padding=1)

    def test_worked_sizes(self):
        """Example H: sizes that share one output, and what it takes to go back."""
        assert conv_size(5, 3, stride=2) == conv_size(6, 3, stride=2) == 2
        assert conv_transpose_size(2, 3, stride=2) == 5
        assert conv_transpose_size(2, 3, stride=2, output_padding=1) == 6
        assert output_padding_for(5, 2, 3, stride=2) == 0
        assert output_padding_for(6, 2, 3, stride=2) == 1
        assert conv_transpose_size(6, 4, stride=2) == 14
        assert conv_size((17, 18), 5, padding=2, stride=3) == (6, 6)
        assert conv_transpose_size(6, 5, padding=2, stride=3) == 16

    def test_more_worked_sizes(self):
        assert conv_transpose_size(5, 2, stride=2, padding=2) == 6  # padding beyond d(k − 1)
        assert conv_transpose_size(5, 3, padding=1) == 5
        assert conv_transpose_size(5, 3, padding=2) == 3  # it can shrink
        assert conv_size(6, 3, stride=2) == 2  # not 2.5
        assert [conv_size(i, 3, padding=1) for i in (5, 7)] == [5, 7]
        assert conv_transpose_size(2, 3, stride=2) == 5  # not 3
        assert conv_transpose_size((10, 15), 64, stride=32, padding=16) == (320, 480)
        assert [conv_transpose_size(4, k, stride=4) for k in (4, 5)] == [16, 17]
        assert conv_transpose_size(4, 3, stride=4, output_padding=1) == 16
        assert conv_size(5, 2, stride=2) == 2
        assert conv_transpose_size(2, 2, stride=2) == 4  # 5 → 2 → 4
        assert conv_size(3, 3, padding=3 // 2) == 3  # a border of k // 2 around 2 stretched to 3


class TestWindow:
    @given(transposed())
    def test_cut_is_the_transposed_convolution(self, setting):
        i, k, s, d, p, op = setting
        x = np.arange(1, 1 + np.prod(i)).reshape(i)
        w = np.arange(2, 2 + np.prod(k)).reshape(k)
        run = (ops.conv_transpose1d, ops.conv_transpose2d, ops.conv_transpose3d)[len(i) - 1]
        want = run(x, w, stride=s, padding=p, output_padding=op, dilation=d)
        got = cut(ops.canvas(x, w, stride=s, dilation=d), window(p, op))
        assert np.array_equal(got, want)
        again = run(x, w, stride=s, padding=window(p, op), dilation=d)
        assert np.array_equal(again, want)

    def test_window(self):
        assert window(1) == Window(1, 1) == (1, 1)
        assert window(1, 1) == Window(lo=1, hi=0)
        assert window((2, 1), 1) == (Window(2, 1), Window(1, 0))
        assert window(0, (0, 2)) == (Window(0, 0), Window(0, -2))
        assert window(((1, 0), (0, 1)), 1) == (Window(1, -1), Window(0, 0))
        assert type(window((1, 1))[0]) is Window

    @given(st.integers(1, 6), st.integers(-8, 8), st.integers(-8, 8))
    def test_cut_looks_past_the_canvas_and_finds_zeros(self, size, lo, hi):
        assume(size - lo - hi > 0)
        canvas = np.arange(1, size + 1)
        want = [canvas[at] if 0 <= at < size else 0 for at in range(lo, size - hi)]
        assert cut(canvas, Window(lo, hi)).tolist() == want

    def test_cut_takes_one_window_per_axis(self):
        canvas = np.arange(12).reshape(3, 4)
        assert cut(canvas, [(1, 0), (0, 2)]).tolist() == [[4, 5], [8, 9]]
        assert cut(canvas, Window(1, 1)).tolist() == [[5, 6]]
        assert np.array_equal(canvas, np.arange(12).reshape(3, 4))


class TestOutputPaddingFor:
    def test_per_axis(self):
        assert output_padding_for((5, 6), (2, 2), 3, stride=2) == (0, 1)
        assert output_padding_for((5, 6), 2, 3, stride=2) == (0, 1)
        assert output_padding_for(6, (2, 2), 3, stride=2) == (1, 1)

    @pytest.mark.parametrize("wanted", [4, 7])
    def test_out_of_reach(self, wanted):
        with pytest.raises(
            ValueError, match=f"output_size={wanted} must lie between 5 and 6 for an input of 2"
        ):
            output_padding_for(wanted, 2, 3, stride=2)

    def test_dilation_does_not_widen_the_range(self):
        """PyTorch accepts output_padding up to max(stride, dilation) − 1, but not by size."""
        assert conv_transpose_size(4, 3, dilation=3, output_padding=2) == 12
        with pytest.raises(ValueError, match="output_size=11 must lie between 10 and 10"):
            output_padding_for(11, 4, 3, dilation=3)


def assumes(number, k, s, p, d, a):
    """What each relationship assumes, written a second time."""
    plain = d == 1 and a == 0
    direct = {
        1: plain and s == 1 and p == 0,
        2: plain and s == 1,
        3: plain and s == 1 and 2 * p == k - 1,
        4: plain and s == 1 and p == k - 1,
        5: plain and p == 0,
        6: plain,
        7: plain and p == 0,
        15: a == 0,
    }
    transposed = {n + 7: direct[n] for n in (1, 2, 3, 4, 5, 6)} | {14: d == 1 and a < s}
    return (direct | transposed)[number]


class TestRelationships:
    GRID = tuple(
        itertools.product(range(1, 9), range(1, 6), range(1, 4), range(5), range(1, 4), range(3))
    )

    def test_numbers(self):
        assert [r.number for r in RELATIONSHIPS] == list(range(1, 16))
        assert [r.number for r in RELATIONSHIPS if r.transposed] == list(range(8, 15))

    @pytest.mark.parametrize("relationship", RELATIONSHIPS, ids=lambda r: str(r.number))
    def test_agrees_with_the_size_formulas_wherever_it_applies(self, relationship):
        applied = 0
        for i, k, s, p, d, a in self.GRID:
            if relationship.applies(i, k, s, p, d, a):
                applied += 1
                got = relationship.output(i, k, s, p, d, a)
                if relationship.transposed:
                    keywords = dict(stride=s, padding=p, output_padding=a, dilation=d)
                    assert got == conv_transpose_size(i, k, **keywords)
                    assert conv_size(got, k, stride=s, padding=p) == i
                else:
                    assert got == conv_size(i, k, stride=s, padding=p, dilation=d)
        assert applied >= 16

    @pytest.mark.parametrize("relationship", RELATIONSHIPS, ids=lambda r: str(r.number))
    def test_applies_to_all_that_is_legal_and_assumed_and_to_nothing_else(self, relationship):
        for i, k, s, p, d, a in self.GRID:
            span = d * (k - 1) + 1
            legal = i + 2 * p >= span
            if relationship.transposed:
                legal = (i - 1) * s + span - 2 * p + a >= 1
            assumed = assumes(relationship.number, k, s, p, d, a)
            assert relationship.applies(i, k, s, p, d, a) == (legal and assumed)

    @pytest.mark.parametrize("number", range(8, 15))
    def test_the_equivalent_convolution_gives_the_same_numbers(self, number):
        relationship = RELATIONSHIPS[number - 1]
        for i, k, s, p, d, a in self.GRID:
            if i <= 4 and relationship.applies(i, k, s, p, d, a):
                x, w = np.arange(1, i + 1), np.arange(1, k + 1) ** 2
                e = relationship.equivalent(i, k, s, p, a)
                stretched = ops.zero_insert(x, s)
                assert (e.kernel, e.stride, e.stretched) == (k, 1, len(stretched))
                pads = ((e.padding, e.padding + e.a),)
                got = ops.conv1d(stretched, ops.flip(w), stride=e.stride, padding=pads)
                want = ops.conv_transpose1d(x, w, stride=s, padding=p, output_padding=a)
                assert np.array_equal(got, want)
                assert len(got) == relationship.output(i, k, s, p, d, a)

    # The guide's figures: i, k, s, p → o and, for the transposed one, p′, stretched size and a.
    @pytest.mark.parametrize(
        ("direct", "o", "transpose", "p_prime", "stretched", "a"),
        [
            ((4, 3, 1, 0), 2, 8, 2, 2, 0),
            ((5, 4, 1, 2), 6, 9, 1, 6, 0),
            ((5, 3, 1, 1), 5, 10, 1, 5, 0),
            ((5, 3, 1, 2), 7, 11, 0, 7, 0),
            ((5, 3, 2, 0), 2, 12, 2, 3, 0),
            ((5, 3, 2, 1), 3, 13, 1, 5, 0),
            ((6, 3, 2, 1), 3, 14, 1, 5, 1),
        ],
    )
    def test_figure_pairs(self, direct, o, transpose, p_prime, stretched, a):
        i, k, s, p = direct
        assert conv_size(i, k, stride=s, padding=p) == o
        assert a == (i + 2 * p - k) % s
        back = RELATIONSHIPS[transpose - 1]
        assert back.output(o, k, s, p, 1, a) == i
        assert back.equivalent(o, k, s, p, a) == (k, 1, p_prime, stretched, a)
        direct_number = {8: 1, 9: 2, 10: 3, 11: 4, 12: 5, 13: 6, 14: 6}[transpose]
        assert RELATIONSHIPS[direct_number - 1].output(*direct) == o

    def test_dilation_figure(self):
        assert RELATIONSHIPS[14].output(7, 3, 1, 0, 2) == 3 == conv_size(7, 3, dilation=2)

    def test_numeric_figure(self):
        x = [
            [3, 3, 2, 1, 0],
            [0, 0, 1, 3, 1],
            [3, 1, 2, 2, 3],
            [2, 0, 0, 2, 2],
            [2, 0, 0, 0, 1],
        ]
        w = [[0, 1, 2], [2, 2, 0], [0, 1, 2]]
        assert ops.conv2d(x, w).tolist() == [[12, 12, 17], [10, 17, 19], [9, 6, 14]]
        strided = ops.conv2d(x, w, padding=1, stride=2)
        assert strided.tolist() == [[6, 17, 3], [8, 17, 13], [6, 4, 4]]
        assert strided.shape == (RELATIONSHIPS[5].output(5, 3, 2, 1),) * 2

    def test_refuses_what_it_does_not_assume(self):
        with pytest.raises(ValueError, match="s=2.* must meet what relationship 1 assumes: s = 1"):
            RELATIONSHIPS[0].output(5, 3, 2)
        with pytest.raises(ValueError, match="number=6 must be 8 to 14"):
            RELATIONSHIPS[5].equivalent(5, 3)
        assert not RELATIONSHIPS[5].applies(2, 3)
        assert not any(r.applies(0, 3, 1, 2) for r in RELATIONSHIPS)
        assert not any(r.applies(3, 3, 1, -1) for r in RELATIONSHIPS)


class TestDesigns:
    @pytest.mark.parametrize(("source", "target"), [(16, 32), (5, 9), (7, 7), (3, 2), (1, 5)])
    def test_are_all_the_legal_ones(self, source, target):
        """Against trying every combination."""
        found = designs(
            source,
            target,
            kernels=range(1, 6),
            strides=range(1, 4),
            paddings=range(8),
            output_paddings=range(4),
            dilations=(1, 2, 3),
        )
        tried = set()
        for k, s, p, op, d in itertools.product(
            range(1, 6), range(1, 4), range(8), range(4), (1, 2, 3)
        ):
            try:
                size = conv_transpose_size(
                    source, k, stride=s, padding=p, output_padding=op, dilation=d
                )
            except ValueError:
                continue
            if size == target:
                tried.add((k, s, p, op, d))
        assert set(found) == tried
        assert len(found) == len(tried) > 0

    def test_without_limits_nothing_legal_is_left_out(self):
        unlimited = designs(4, 9, kernels=range(1, 6), strides=range(1, 6))
        limited = designs(
            4,
            9,
            kernels=range(1, 6),
            strides=range(1, 6),
            paddings=range(30),
            output_paddings=range(6),
        )
        assert unlimited == limited
        assert designs(4, 9, output_paddings=[0]) == [
            x for x in designs(4, 9) if x.output_padding == 0
        ]

    def test_plainest_first(self):
        found = designs(5, 11)
        assert found[0] == (3, 3, 2, 0, 1)
        assert designs(16, 32)[0] == (2, 2, 0, 0, 1)
        wasteful = [x.padding > x.dilation * (x.kernel - 1) for x in found]
        assert wasteful == sorted(wasteful) and True in wasteful
        plain = found[: wasteful.index(True)]
        extra = [x.output_padding for x in plain]
        assert extra == sorted(extra) and len(set(extra)) > 1
        even = [x.even for x in plain if x.output_padding == 0]
        assert even == sorted(even, reverse=True) and len(set(even)) == 2

    def test_even_means_as_many_stamps_on_every_interior_cell(self):
        for design in designs(9, 30, kernels=range(1, 9), strides=range(1, 5), dilations=(1, 2, 3)):
            k, s, d = design.kernel, design.stride, design.dilation
            counts = ops.canvas(np.ones(40, int), np.ones(k, int), stride=s, dilation=d)
            interior = counts[d * k : -d * k]
            assert design.even == (len(set(interior.tolist())) == 1)


WRONG = {
    "size 0": (lambda: conv_size(0, 3), "i=0 must be at least 1"),
    "size not an integer": (lambda: conv_size(5.0, 3), "i=5.0 must be an integer"),
    "size a truth value": (lambda: conv_size(True, 1), "i=True must be an integer"),
    "kernel 0": (lambda: conv_transpose_size(5, 0), "k=0 must be at least 1"),
    "stride 0": (lambda: conv_size(5, 3, stride=0), "stride=0 must be at least 1"),
    "stride -1": (lambda: canvas_size(5, 3, stride=-1), "stride=-1 must be at least 1"),
    "dilation 0": (
        lambda: conv_transpose_size((5, 5), 3, dilation=(1, 0)),
        r"dilation\[1\]=0 must be at least 1",
    ),
    "too many strides": (
        lambda: conv_size((5, 5), 3, stride=(1, 1, 1)),
        r"stride=\(1, 1, 1\) must be one integer, or 2",
    ),
    "kernel of another rank": (lambda: conv_size((5, 5), (3, 3, 3)), r"k=\(3, 3, 3\) must be"),
    "negative padding": (lambda: conv_size(5, 3, padding=-1), "padding=-1 must be at least 0"),
    "three pads": (lambda: conv_size(5, 3, padding=(1, 1, 1)), r"padding=\(1, 1, 1\) must be"),
    "kernel does not fit": (
        lambda: conv_size((9, 3), 3, dilation=2),
        r"k=3 with dilation=2 spans 5 cells, which must not exceed .* 3 cells on axis 1",
    ),
    "same with stride": (
        lambda: conv_size(5, 3, stride=2, padding="same"),
        "padding='same' must go with stride 1, but stride=2 on axis 0",
    ),
    "unknown word": (lambda: conv_size(5, 3, padding="full"), "padding='full' must be SAME, VALID"),
    "output_padding too large": (
        lambda: conv_transpose_size((3, 3), 3, stride=(3, 2), output_padding=2),
        r"output_padding=2 must be smaller than max\(stride, dilation\)=2 on axis 1",
    ),
    "output_padding negative": (
        lambda: conv_transpose_size(3, 3, output_padding=-1),
        "output_padding=-1 must be at least 0",
    ),
    "nothing left": (
        lambda: conv_transpose_size(1, 3, padding=2),
        r"padding=\(2, 2\) leaves 3 - 2 - 2 \+ 0 = -1 cells of the canvas on axis 0; at least 1",
    ),
    "window of words": (lambda: window("same"), "padding='same' must be an integer"),
    "nothing cut": (lambda: cut([1, 2, 3], Window(2, 1)), r"windows=\(2, 1\) must keep at least 1"),
    "wanted size 0": (lambda: output_padding_for(0, 2, 3), "output_size=0 must be at least 1"),
    "design kernel": (lambda: designs(3, 5, kernels=[0]), "kernels=0 must be at least 1"),
    "design choice": (lambda: designs(3, 5, strides=2), "strides=2 must be a collection"),
    "design target": (lambda: designs(3, 0), "target=0 must be at least 1"),
    "library": (lambda: conv_padding("mxnet", 5, 3, padding=1), "library='mxnet' must be one of"),
    "numbers for keras": (
        lambda: conv_padding("keras", 5, 3, padding=1),
        "padding=1 must be 'same' or 'valid' for keras",
    ),
    "word for pytorch": (
        lambda: conv_transpose_window("pytorch", 5, 3, padding="same"),
        "padding='same' must be numbers, not a word, for pytorch",
    ),
    "SAME_LOWER in JAX's transpose": (
        lambda: conv_transpose_window("jax", 5, 3, padding="SAME_LOWER"),
        "padding='SAME_LOWER' must be SAME, VALID for jax",
    ),
    "uneven padding for pytorch": (
        lambda: conv_padding("pytorch", 5, 3, padding=(0, 1)),
        r"padding=\(0, 1\) must be the same at both ends for pytorch",
    ),
    "negative for onnx": (
        lambda: conv_padding("onnx", 5, 3, padding=(-1, 1)),
        r"padding=\(-1, 1\) must not be negative for onnx",
    ),
    "no size for tensorflow": (
        lambda: conv_transpose_window("tensorflow", 5, 3, padding="SAME"),
        "output_shape=None must be given for tensorflow",
    ),
    "wrong size for tensorflow": (
        lambda: conv_transpose_window("tensorflow", 5, 3, padding="SAME", output_shape=6),
        "output_shape=6 must be a size that padding='SAME' convolves to 5, not to 6",
    ),
    "output_padding in tensorflow": (
        lambda: conv_transpose_window(
            "tensorflow", 5, 3, padding="SAME", output_padding=0, output_shape=5
        ),
        "output_padding=0 must be left out for tensorflow",
    ),
    "output_padding in jax": (
        lambda: conv_transpose_window("jax", 5, 3, padding="SAME", output_padding=1),
        "output_padding=1 must be left out for jax",
    ),
    "output_shape in jax": (
        lambda: conv_transpose_window("jax", 5, 3, padding="SAME", output_shape=5),
        "output_shape=5 must be left out for jax",
    ),
    "output_shape in keras": (
        lambda: conv_transpose_window("keras", 5, 3, padding="same", output_shape=5),
        "output_shape=5 must be left out for keras",
    ),
    "both in pytorch": (
        lambda: conv_transpose_window("pytorch", 5, 3, padding=0, output_padding=0, output_shape=7),
        "output_padding=0 must be left out when output_shape is given",
    ),
    "stride and dilation in keras": (
        lambda: conv_transpose_window(
            "keras", (5, 5), 3, padding="same", stride=2, dilation=(1, 2)
        ),
        r"dilation=\(1, 2\) must be 1 when stride=2 is above 1 for keras",
    ),
    "keras output_padding": (
        lambda: conv_transpose_window("keras", 5, 3, padding="same", stride=2, output_padding=2),
        "output_padding=2 must be smaller than stride=2",
    ),
    "onnx output_shape": (
        lambda: conv_transpose_window("onnx", 5, 3, padding="NOTSET", stride=2, output_shape=13),
        "output_shape=13 must be at most 12 on axis 0",
    ),
    "onnx dilation": (
        lambda: conv_padding("onnx", 5, 3, padding="SAME_UPPER", dilation=2),
        "dilation=2 must be 1 for SAME in onnx",
    ),
    "empty window": (
        lambda: conv_transpose_window("jax", 2, 3, padding=(-1, -1)),
        r"padding=\(-1, -1\) leaves nothing of the canvas on axis 0",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_call_names_argument_value_and_rule(case):
    call, message = WRONG[case]
    with pytest.raises((ValueError, TypeError), match=message):
        call()


class TestLibraries:
    SETTING = dict(
        i=st.integers(1, 12), k=st.integers(1, 6), stride=st.integers(1, 5), dilation=SMALL
    )

    @given(**SETTING)
    def test_same_gives_one_output_per_stride(self, i, k, stride, dilation):
        for library, word in (("tensorflow", "SAME"), ("jax", "SAME"), ("jax", "SAME_LOWER")):
            pads = conv_padding(library, i, k, padding=word, stride=stride, dilation=dilation)
            assert min(pads) >= 0
            assert abs(pads[0] - pads[1]) <= 1
            out = conv_size(i, k, padding=pads, stride=stride, dilation=dilation)
            assert out == -(-i // stride)

    @given(**SETTING)
    def test_same_transposed_multiplies_the_size(self, i, k, stride, dilation):
        full = canvas_size(i, k, stride=stride, dilation=dilation)
        setting = dict(stride=stride, dilation=dilation)
        windows = [
            conv_transpose_window("jax", i, k, padding="SAME", **setting),
            conv_transpose_window(
                "tensorflow", i, k, padding="SAME", output_shape=i * stride, **setting
            ),
        ]
        if stride == 1 or dilation == 1:
            windows.append(conv_transpose_window("keras", i, k, padding="same", **setting))
        assert len(set(windows)) == 1
        assert full - sum(windows[0]) == i * stride

    @given(**SETTING)
    def test_upper_and_lower_are_mirrored(self, i, k, stride, dilation):
        upper, lower = (
            conv_transpose_window("onnx", i, k, padding=word, stride=stride, dilation=dilation)
            for word in ("SAME_UPPER", "SAME_LOWER")
        )
        assert upper == lower[::-1]
        full = canvas_size(i, k, stride=stride, dilation=dilation)
        assert full - sum(upper) == min(i * stride, full)

    @given(**SETTING)
    def test_a_size_or_its_output_padding_is_the_same_window(self, i, k, stride, dilation):
        full = canvas_size(i, k, stride=stride, dilation=dilation)
        for op in range(stride):
            one, other = (
                conv_transpose_window(
                    "pytorch", i, k, padding=0, stride=stride, dilation=dilation, **extra
                )
                for extra in (dict(output_padding=op), dict(output_shape=full + op))
            )
            assert one == other == window(0, op)

    @given(**SETTING, lo=st.integers(0, 4), hi=st.integers(0, 4))
    def test_jax_pads_what_the_others_cut(self, i, k, stride, dilation, lo, hi):
        setting = dict(stride=stride, dilation=dilation)
        full, reach = canvas_size(i, k, **setting), dilation * (k - 1)
        grown = (reach - lo, reach - hi)
        assume(full - lo - hi > 0)
        assert conv_transpose_window("jax", i, k, padding=grown, **setting) == (lo, hi)
        assert conv_transpose_window("onnx", i, k, padding=(lo, hi), **setting) == (lo, hi)

    def test_words_in_either_case_and_one_answer_per_axis(self):
        assert conv_padding("keras", (5, 6), 3, padding="SAME", stride=2) == ((1, 1), (0, 1))
        assert conv_transpose_window("onnx", (2, 2), (3, 2), padding="same_upper", stride=2) == (
            Window(0, 1),
            Window(0, 0),
        )
        assert sizes.LIBRARIES == ("pytorch", "keras", "tensorflow", "jax", "onnx")
