"""Checkerboards: counts, the theorem in both directions, the nearest cure."""

import itertools

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from tconv_helpers import artifacts, ops

CONV_TRANSPOSE = {1: ops.conv_transpose1d, 2: ops.conv_transpose2d, 3: ops.conv_transpose3d}


def interior(y, kernel, stride, size):
    """The cells that every phase's full number of stamps covers; None where there are none."""
    cut = [slice(k - 1, (i - 1) * s + 1) for k, s, i in zip(kernel, stride, size, strict=True)]
    return y[tuple(cut)]


@st.composite
def kernels(draw, n, *, even=False):
    """A random integer kernel and stride; `even` makes all phase sums equal."""
    stride = tuple(draw(st.integers(1, 4 if n == 1 else 3)) for _ in range(n))
    k = tuple(draw(st.integers(s if even else 1, 6 if n == 1 else 4)) for s in stride)
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    w = rng.integers(-5, 6, k)
    if even:
        goal = int(rng.integers(-5, 6))
        for phase in np.ndindex(*stride):  # the first tap of each phase makes up the sum
            taps = tuple(slice(r, None, s) for r, s in zip(phase, stride, strict=True))
            w[phase] += goal - w[taps].sum()
    return w, stride


class TestNumbers:
    @pytest.mark.parametrize(
        "kernel, stride, expected",
        [
            (2, 2, [1, 1]),
            (3, 2, [2, 1]),
            (4, 2, [2, 2]),
            (5, 2, [3, 2]),
            (5, 3, [2, 2, 1]),
            (6, 3, [2, 2, 2]),
            (2, 3, [1, 1, 0]),
        ],
    )
    def test_interior_counts_per_phase(self, kernel, stride, expected):
        np.testing.assert_array_equal(artifacts.phase_sums([1] * kernel, stride), expected)
        counts = artifacts.overlap_counts(9, kernel, stride=stride)
        middle = 4 * stride  # a cell of phase 0 far from the border
        np.testing.assert_array_equal(counts[middle : middle + stride], expected)

    def test_counts_multiply_in_two_dimensions(self):
        one = artifacts.overlap_counts(5, 3, stride=2)
        two = artifacts.overlap_counts((5, 5), 3, stride=2)
        np.testing.assert_array_equal(two, np.outer(one, one))
        assert set(interior(two, (3, 3), (2, 2), (5, 5)).ravel().tolist()) == {1, 2, 4}

    def test_two_stacked_layers(self):
        layer = dict(kernel=3, stride=2)
        counts = artifacts.stacked_overlap_counts(8, [layer, layer])
        np.testing.assert_array_equal(counts[8:16], [3, 2, 3, 1, 3, 2, 3, 1])

    def test_counts_are_the_gradient_of_a_strided_convolution(self):
        dx, _, _ = ops.conv2d_backward(
            np.ones((3, 3), int), np.zeros((7, 7), int), np.ones((3, 3), int), stride=2
        )
        np.testing.assert_array_equal(dx, artifacts.overlap_counts((3, 3), 3, stride=2))

    def test_divisible_size_is_not_enough_and_not_needed(self):
        assert not artifacts.is_even([1, 2, 3, 4], 2)
        assert artifacts.is_even([0.5, 1, 0.5], 2)


class TestCounts:
    @given(st.data())
    def test_brute_force(self, data):
        n = data.draw(st.integers(1, 3))
        draw = lambda lo, hi: tuple(data.draw(st.integers(lo, hi)) for _ in range(n))  # noqa: E731
        size, kernel, stride, dilation = draw(1, 4), draw(1, 3), draw(1, 3), draw(1, 2)
        geometry = list(zip(size, kernel, stride, dilation, strict=True))
        expected = np.zeros([(i - 1) * s + d * (k - 1) + 1 for i, k, s, d in geometry], int)
        for at in itertools.product(*(range(i) for i in size)):
            for tap in itertools.product(*(range(k) for k in kernel)):
                cell = (a * s + t * d for a, t, (_, _, s, d) in zip(at, tap, geometry, strict=True))
                expected[tuple(cell)] += 1
        counts = artifacts.overlap_counts(size, kernel, stride=stride, dilation=dilation)
        np.testing.assert_array_equal(counts, expected)

    @given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 3)), min_size=1, max_size=3))
    def test_a_stack_is_one_layer_whose_strides_multiply(self, sizes):
        whole, total = np.ones(1, int), 1
        for k, s in sizes:
            whole, total = ops.canvas(whole, np.ones(k, int), stride=s), total * s
        counts = artifacts.stacked_overlap_counts(3, [dict(kernel=k, stride=s) for k, s in sizes])
        np.testing.assert_array_equal(counts, ops.canvas(np.ones(3, int), whole, stride=total))

    def test_the_order_of_a_stack_matters(self):
        three, four = dict(kernel=3, stride=2), dict(kernel=4, stride=2)
        wiped = artifacts.stacked_overlap_counts(4, [three, four])
        np.testing.assert_array_equal(wiped[4:16], 3)
        left = artifacts.stacked_overlap_counts(4, [four, three])
        np.testing.assert_array_equal(left[6:14], [4, 2, 4, 2, 4, 2, 4, 2])

    def test_padding_and_output_padding_choose_the_window(self):
        full = artifacts.overlap_counts(4, 3, stride=2)
        shown = artifacts.overlap_counts(4, 3, stride=2, padding=1, output_padding=1)
        np.testing.assert_array_equal(shown, full[1:])


class TestColourStamps:
    """A 4 × 4 picture in three channels, a kernel of ones, stride 4."""

    picture = np.zeros((3, 4, 4), int)
    picture[0, 0, 0] = picture[1, 0, 1] = 255  # red, and green to its right

    def stamped(self, k, extra=0):
        w = np.ones((3, 1, k, k), int)
        return ops.conv_transpose2d(self.picture, w, stride=4, output_padding=extra, groups=3)

    def test_a_kernel_below_the_stride_leaves_stripes(self):
        counts = artifacts.overlap_counts((4, 4), 3, stride=4, output_padding=1)
        assert self.stamped(3, 1).shape == (3, 16, 16) and counts.shape == (16, 16)
        empty = np.flatnonzero(~counts.any(axis=0))
        np.testing.assert_array_equal(empty, [3, 7, 11, 15])
        np.testing.assert_array_equal(np.flatnonzero(~counts.any(axis=1)), empty)

    def test_a_kernel_of_the_stride_does_not_overlap(self):
        counts = artifacts.overlap_counts((4, 4), 4, stride=4)
        assert counts.shape == (16, 16) and (counts == 1).all()

    def test_a_kernel_above_the_stride_adds_colours(self):
        counts = artifacts.overlap_counts((4, 4), 5, stride=4)
        assert counts.shape == (17, 17)
        assert set(counts.ravel().tolist()) == {1, 2, 4}
        image = self.stamped(5)
        assert image[:, 0, 4].tolist() == [255, 255, 0]  # red and green
        assert image[:, 0, 8].tolist() == [0, 255, 0]  # green and black: black adds nothing


@pytest.mark.parametrize("stride", [2, 3, 4])
def test_zero_insertion_multiplies_mostly_zeros(stride):
    kernel = np.ones((2 * stride, 2 * stride))
    spread = np.pad(ops.zero_insert(np.ones((60, 60)), stride), 2 * stride - 1)
    useful = ops.conv2d((spread != 0).astype(float), kernel).sum()
    all_of_them = kernel.size * ops.conv2d(spread, kernel).size
    assert 1 - useful / all_of_them == pytest.approx(1 - 1 / stride**2, abs=0.05)


class TestTheorem:
    """A constant interior exactly when all phase sums are equal."""

    @given(st.integers(1, 3).flatmap(lambda n: kernels(n)))
    def test_any_kernel(self, drawn):
        w, stride = drawn
        self.agree(w, stride)

    @given(st.integers(1, 3).flatmap(lambda n: kernels(n, even=True)))
    def test_even_kernels(self, drawn):
        w, stride = drawn
        assert artifacts.is_even(w, stride)
        self.agree(w, stride)

    def agree(self, w, stride):
        size = tuple(-(-k // s) + 2 for k, s in zip(w.shape, stride, strict=True))
        y = CONV_TRANSPOSE[w.ndim](np.ones(size, int), w, stride=stride)
        inner = interior(y, w.shape, stride, size)
        assert all(a >= s for a, s in zip(inner.shape, stride, strict=True))
        constant = bool((inner == inner.flat[0]).all())
        assert constant == artifacts.is_even(w, stride)
        sums = artifacts.phase_sums(w, stride)
        assert set(inner.ravel().tolist()) == set(sums.ravel().tolist())

    @given(kernels(1), st.integers(2, 3))
    def test_with_dilation(self, drawn, dilation):
        w, (s,) = drawn
        size = len(w) * dilation // s + 4
        y = ops.conv_transpose1d(np.ones(size, int), w, stride=s, dilation=dilation)
        inner = y[dilation * (len(w) - 1) : (size - 1) * s + 1]
        assume(len(inner) >= s)
        constant = bool((inner == inner[0]).all())
        assert constant == artifacts.is_even(w, s, dilation=dilation)

    @given(kernels(1) | kernels(1, even=True))
    def test_divisibility_is_the_same_test(self, drawn):
        w, (s,) = drawn
        quotient, remainder = artifacts.divide_by_box(w, s)
        product = np.convolve(np.ones(s, int), quotient)
        whole = np.zeros(max(len(product), len(w)), int)
        whole[: len(product)] += product
        whole[: len(remainder)] += remainder[: len(whole)]
        np.testing.assert_array_equal(whole[: len(w)], w)
        assert (not remainder.any()) == artifacts.is_even(w, s)

    @given(kernels(1, even=True))
    def test_an_even_layer_is_a_resize_and_a_convolution(self, drawn):
        w, (s,) = drawn
        quotient, remainder = artifacts.divide_by_box(w, s)
        assert not remainder.any()
        x = np.arange(1, 6)
        resized = x.repeat(s)
        np.testing.assert_array_equal(
            ops.canvas(x, w, stride=s),
            ops.conv1d(resized, ops.flip(quotient), padding=len(quotient) - 1),
        )

    def test_a_2d_kernel_can_be_even_without_being_a_resize(self):
        w = np.array([[1, 0, 0], [0, 1, 1], [0, 1, 0]])
        even = artifacts.nearest_even_kernel(w, (2, 2))
        assert artifacts.is_even(even, (2, 2))
        # A resize needs every column sum over the other axis' polynomial to be divisible too.
        rows = [artifacts.divide_by_box(row, 2)[1] for row in even]
        assert any(np.abs(r).max() > 1e-9 for r in rows)


class TestFrequency:
    @given(st.integers(1, 3).flatmap(lambda n: kernels(n)))
    def test_aliases_vanish_exactly_for_even_kernels(self, drawn):
        w, stride = drawn
        values = artifacts.aliases(w, stride)
        beside = np.delete(values.ravel(), 0)
        assert bool((beside < 1e-9).all()) == artifacts.is_even(w, stride)

    @given(kernels(1))
    def test_aliases_are_the_response_at_multiples_of_one_over_the_stride(self, drawn):
        w, (s,) = drawn
        np.testing.assert_allclose(
            artifacts.aliases(w, s), artifacts.response(w, np.arange(s) / s), atol=1e-9
        )

    @given(st.integers(1, 3).flatmap(lambda n: kernels(n)))
    def test_strength_is_the_share_of_power_outside_zero(self, drawn):
        w, stride = drawn
        power = artifacts.aliases(w, stride).ravel() ** 2
        share = power[1:].sum() / power.sum() if power.sum() > 1e-12 else 0
        assert artifacts.checkerboard_strength(w, stride) ** 2 == pytest.approx(share, abs=1e-9)


class TestStrength:
    @example((np.array([[3, 0], [-2, 0], [-1, 0]]), (1, 2)), 66.58826905806568, False)
    @given(kernels(2), st.floats(0.01, 100), st.booleans())
    def test_does_not_change_with_contrast(self, drawn, scale, negative):
        w, stride = drawn
        strength = artifacts.checkerboard_strength(w, stride)
        scaled = artifacts.checkerboard_strength(w * (-scale if negative else scale), stride)
        assert scaled == pytest.approx(strength, abs=1e-12)
        assert 0 <= strength <= 1

    @pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
    def test_the_nearest_even_kernel_is_even_in_every_type(self, dtype):
        rng = np.random.default_rng(0)
        for shape in [(4, 4), (5, 5), (3, 2, 4, 4)]:
            w = rng.normal(size=shape).astype(dtype)
            for v in (w, w - w.mean(dtype=dtype)):
                even = artifacts.nearest_even_kernel(v, (2, 2)).astype(dtype)
                if dtype is not np.float16:  # rounding the cure to half precision spoils it a bit
                    assert artifacts.is_even(even, (2, 2))
                assert not artifacts.is_even(v, (2, 2))

    def test_sums_that_cancel_are_judged_by_their_terms(self):
        assert artifacts.checkerboard_strength([0.1, 0.1, 0.2, -0.1, -0.3], 2) == 0

    def test_half_precision_sums_are_exact_enough(self):
        assert artifacts.phase_sums(np.ones(5000, np.float16), 2)[0] == 2500
        assert artifacts.phase_sums(np.ones(6000, np.float16), 2)[0] == 3000

    def test_rounding_is_not_a_pattern(self):
        assert artifacts.checkerboard_strength(np.full(9, 0.1), 3) == 0
        assert artifacts.checkerboard_strength(np.full(9, 0.1) + 1e-6 * np.eye(9)[0], 3) > 0

    def test_the_strongest_channel_pair_counts(self):
        w = np.ones((2, 3, 4))
        assert artifacts.checkerboard_strength(w, (2,)) == 0
        w[1, 2] = [1, 0, 1, 0]
        assert artifacts.checkerboard_strength(w, (2,)) == artifacts.checkerboard_strength(
            [1, 0, 1, 0], 2
        )

    def test_a_kernel_of_zeros_has_none(self):
        assert artifacts.checkerboard_strength([0, 0, 0], 2) == 0


class TestNearest:
    @given(st.integers(1, 2).flatmap(lambda n: kernels(n)), st.booleans())
    def test_is_even_and_closest(self, drawn, keep_sum):
        w, stride = drawn
        assume(all(k >= s for k, s in zip(w.shape, stride, strict=True)))
        v = artifacts.nearest_even_kernel(w, stride, keep_sum=keep_sum)
        assert artifacts.checkerboard_strength(v, stride) < 1e-9
        if keep_sum:
            assert v.sum() == pytest.approx(w.sum(), abs=1e-9)
        # Closest: w - v is perpendicular to every direction in which v may move and stay even.
        change = (w - v).ravel()
        for direction in directions(w.shape, stride, keep_sum):
            assert change @ direction.ravel() == pytest.approx(0, abs=1e-8)

    def test_numbers(self):
        np.testing.assert_allclose(artifacts.nearest_even_kernel([1, 1, 1], 2), [0.75, 1.5, 0.75])
        np.testing.assert_allclose(
            artifacts.nearest_even_kernel([1, 1, 1], 2, keep_sum=False), [2 / 3, 4 / 3, 2 / 3]
        )

    @pytest.mark.parametrize("stride, dilation", [(2, 3), (3, 2), (3, 4)])
    def test_with_dilation(self, stride, dilation):
        w = np.random.default_rng(0).normal(size=7)
        v = artifacts.nearest_even_kernel(w, stride, dilation=dilation)
        x = np.ones(20)
        y = ops.conv_transpose1d(x, v, stride=stride, dilation=dilation)
        inner = y[6 * dilation : -6 * dilation]
        np.testing.assert_allclose(inner, inner[0])
        np.testing.assert_allclose(
            artifacts.aliases(v, stride, dilation=dilation)[1:], 0, atol=1e-9
        )
        assert artifacts.aliases(w, stride, dilation=dilation)[1] > 1e-3

    def test_leaves_the_callers_kernel_alone(self):
        w = np.ones(3)
        artifacts.nearest_even_kernel(w, 2)
        np.testing.assert_array_equal(w, 1)

    def test_keeps_float32(self):
        v = artifacts.nearest_even_kernel(np.ones(3, np.float32), 2)
        assert v.dtype == np.float32


def directions(shape, stride, keep_sum):
    """Directions that keep a kernel even: moves within a phase, and all phases together."""
    for phase in np.ndindex(*stride):
        taps = [
            t
            for t in np.ndindex(*shape)
            if all(a % s == r for a, s, r in zip(t, stride, phase, strict=True))
        ]
        for first, second in itertools.pairwise(taps):
            direction = np.zeros(shape)
            direction[first], direction[second] = 1, -1
            yield direction
    if not keep_sum:
        together = np.zeros(shape)
        together[tuple(slice(0, s) for s in stride)] = 1
        yield together


WRONG = {
    "size": (lambda: artifacts.overlap_counts((), 3), ["size=()"]),
    "size zero": (lambda: artifacts.overlap_counts(0, 3), ["size[0]=0"]),
    "kernel": (lambda: artifacts.overlap_counts(4, 0), ["kernel=0"]),
    "layer without kernel": (
        lambda: artifacts.stacked_overlap_counts(4, [dict(stride=2)]),
        ["layers", "kernel"],
    ),
    "a dict for a stack": (
        lambda: artifacts.stacked_overlap_counts(4, [dict(kernel=3, strides=2)]),
        ["layers", "strides", "only stride"],
    ),
    "a weight that is no number": (
        lambda: artifacts.is_even([1, np.nan], 2),
        ["w holds NaN", "finite"],
    ),
    "sums that overflow": (
        lambda: artifacts.phase_sums([2**62, 0, 2**62], 2),
        ["w hold", "64-bit"],
    ),
    "dilation with a factor of the stride": (
        lambda: artifacts.nearest_even_kernel(np.ones(10), 2, dilation=2),
        ["phase (1,)", "share no factor"],
    ),
    "stride": (lambda: artifacts.phase_sums([1, 2], 0), ["stride=0"]),
    "too many strides": (lambda: artifacts.phase_sums([1, 2], (2, 2)), ["w of shape (2,)"]),
    "empty kernel": (lambda: artifacts.phase_sums([], 2), ["w of shape (0,)"]),
    "2-D division": (lambda: artifacts.divide_by_box(np.ones((2, 2)), 2), ["w of shape (2, 2)"]),
    "2-D response": (lambda: artifacts.response(np.ones((2, 2)), [0]), ["w of shape (2, 2)"]),
    "a phase without taps": (
        lambda: artifacts.nearest_even_kernel([1, 1], 3),
        ["stride=(3,)", "phase (2,)"],
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_call_names_argument_value_and_rule(case):
    call, words = WRONG[case]
    with pytest.raises(ValueError) as raised:
        call()
    for word in words:
        assert word in str(raised.value)
