"""Other ways up: each against its definition and against the transposed convolution it equals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tconv_helpers import artifacts, ops, upsample


def images(n=2, biggest=5):
    return st.tuples(
        st.lists(st.integers(1, biggest), min_size=n, max_size=n), st.integers(0, 2**32 - 1)
    ).map(lambda drawn: np.random.default_rng(drawn[1]).integers(-9, 10, drawn[0]))


class TestNearest:
    @given(images(), st.integers(1, 4))
    def test_is_a_stamp_of_ones(self, x, factor):
        expected = ops.conv_transpose2d(x, np.ones((factor, factor), int), stride=factor)
        np.testing.assert_array_equal(upsample.nearest(x, factor), expected)

    def test_keeps_leading_axes_and_lines(self):
        assert upsample.nearest(np.ones((2, 3, 4, 5)), 2).shape == (2, 3, 8, 10)
        np.testing.assert_array_equal(upsample.nearest([1, 2], 2), [1, 1, 2, 2])


class TestBilinear:
    @given(images(biggest=4), st.integers(1, 5))
    def test_definition(self, x, factor):
        """Interpolate between cell centres, one cell at a time; outside, the nearest centre."""
        y = upsample.bilinear(x, factor)
        for r, c in np.ndindex(*y.shape):
            value = 0.0
            for a, b in np.ndindex(*x.shape):
                value += x[a, b] * hat(r, a, x.shape[0], factor) * hat(c, b, x.shape[1], factor)
            assert y[r, c] == pytest.approx(value, abs=1e-9)

    @given(images(biggest=5), st.integers(1, 5))
    def test_transposed_convolution_is_the_same_inside(self, x, factor):
        kernel = upsample.bilinear_kernel(factor)
        k = len(kernel)
        y = ops.conv_transpose2d(x, kernel, stride=factor, padding=(k - factor) // 2)
        expected, edge = upsample.bilinear(x, factor), factor // 2
        inside = slice(edge, None if edge == 0 else -edge)
        assert y.shape == expected.shape
        np.testing.assert_allclose(y[inside, inside], expected[inside, inside], atol=1e-12)

    @given(images(biggest=5), st.integers(1, 5))
    def test_two_ways_to_make_the_border_exact(self, x, factor):
        kernel = upsample.bilinear_kernel(factor)
        p = (len(kernel) - factor) // 2
        expected = upsample.bilinear(x, factor)
        wide = ops.conv_transpose2d(np.pad(x, 1, mode="edge"), kernel, stride=factor, padding=p)
        np.testing.assert_allclose(wide[factor:-factor, factor:-factor], expected, atol=1e-12)
        y = ops.conv_transpose2d(x, kernel, stride=factor, padding=p)
        ones = ops.conv_transpose2d(np.ones(x.shape), kernel, stride=factor, padding=p)
        np.testing.assert_allclose(y / ones, expected, atol=1e-12)

    def test_leading_axes_are_kept(self):
        x = np.random.default_rng(0).normal(size=(2, 3, 4, 5))
        y = upsample.bilinear(x, 3)
        for n, c in np.ndindex(2, 3):
            np.testing.assert_allclose(y[n, c], upsample.bilinear(x[n, c], 3))
        np.testing.assert_allclose(
            upsample.bilinear(x[0, 0, 0], 3), upsample.bilinear(x[0, 0, :1], 3)[1]
        )

    def test_kernel_of_three_axes(self):
        line = upsample.bilinear_kernel(3, axes=1)
        np.testing.assert_allclose(
            upsample.bilinear_kernel(3, axes=3), np.einsum("i,j,k->ijk", line, line, line)
        )

    def test_kernel(self):
        np.testing.assert_allclose(
            upsample.bilinear_kernel(2),
            np.outer([0.25, 0.75, 0.75, 0.25], [0.25, 0.75, 0.75, 0.25]),
        )
        assert upsample.bilinear_kernel(2).sum() == 4
        for factor in range(1, 9):
            kernel = upsample.bilinear_kernel(factor, axes=1)
            assert len(kernel) == 2 * factor - factor % 2
            np.testing.assert_allclose(artifacts.phase_sums(kernel, factor), 1)

    def test_border_weights_of_factor_two(self):
        y = ops.conv_transpose2d(np.ones((3, 3)), upsample.bilinear_kernel(2), stride=2, padding=1)
        assert (y[0, 0], y[0, 2], y[2, 2]) == (0.5625, 0.75, 1)

    def test_fcn_layer(self):
        x = np.ones((10, 15), np.float32)
        kernel = upsample.bilinear_kernel(32).astype(np.float32)
        assert kernel.shape == (64, 64)
        assert ops.conv_transpose2d(x, kernel, stride=32, padding=16).shape == (320, 480)

    def test_types(self):
        assert upsample.bilinear(np.ones((2, 2), np.float32), 2).dtype == np.float32
        assert upsample.bilinear(np.ones((2, 2), int), 2).dtype == np.float64


def hat(out, cell, size, factor):
    """Weight of input cell in output cell, along one axis."""
    place = min(max((out + 0.5) / factor - 0.5, 0), size - 1)
    return max(0.0, 1 - abs(place - cell))


class TestResizeConvolution:
    @given(images(), st.integers(1, 3), st.integers(1, 4), st.data())
    def test_nearest_is_one_transposed_convolution(self, x, factor, k, data):
        p = data.draw(st.integers(0, k - 1))
        w = np.random.default_rng(k).integers(-9, 10, (k, k))
        if min(x.shape) * factor + 2 * p < k:
            return
        np.testing.assert_array_equal(
            upsample.resize_conv(x, w, factor=factor, padding=p),
            ops.conv_transpose2d(
                x, upsample.as_transposed(w, factor), stride=factor, padding=k - 1 - p
            ),
        )

    def test_stride_two_kernel_three_is_a_four_two_one_layer(self):
        assert upsample.as_transposed(np.ones((3, 3)), 2).shape == (4, 4)

    @given(images())
    def test_never_a_checkerboard(self, w):
        for factor in (1, 2, 3):
            assert artifacts.is_even(upsample.as_transposed(w, factor), factor)

    def test_with_channels_and_modes(self):
        x, w = np.ones((2, 3, 4, 4)), np.ones((5, 3, 3, 3))
        y = upsample.resize_conv(x, w, np.full(5, 100), factor=2, padding=1)
        assert y.shape == (2, 5, 8, 8)
        assert (y[0, 0, 0, 0], y[1, 4, 3, 3]) == (100 + 3 * 4, 100 + 3 * 9)
        plain = np.arange(4.0).reshape(2, 2)
        np.testing.assert_allclose(
            upsample.resize_conv(plain, [[1]], factor=2, mode="bilinear"),
            upsample.bilinear(plain, 2),
        )


class TestPixelShuffle:
    def test_definition(self):
        x = np.arange(2 * 8 * 3 * 5).reshape(2, 8, 3, 5)
        r, c_out = 2, 2
        y = {order: upsample.pixel_shuffle(x, r, order=order) for order in upsample.ORDERS}
        for n, c, h, w in np.ndindex(*y["pytorch"].shape):
            phase = (h % r) * r + w % r
            cell = (n, slice(None), h // r, w // r)
            assert y["pytorch"][n, c, h, w] == x[cell][c * r * r + phase]
            assert y["tensorflow"][n, c, h, w] == x[cell][phase * c_out + c]

    @given(st.integers(1, 3), st.integers(1, 3), st.sampled_from(upsample.ORDERS))
    def test_unshuffle_undoes(self, r, c, order):
        x = np.arange(c * r * r * 6).reshape(c * r * r, 2, 3)
        y = upsample.pixel_shuffle(x, r, order=order)
        np.testing.assert_array_equal(upsample.pixel_unshuffle(y, r, order=order), x)

    def test_never_a_view(self):
        for x in (np.arange(4.0).reshape(4, 1, 1), np.ones((2, 3, 3))):
            for factor in (1, 2) if len(x) == 4 else (1,):
                assert not np.shares_memory(x, upsample.pixel_shuffle(x, factor))
                assert not np.shares_memory(x, upsample.pixel_unshuffle(x, 1))

    def test_one_channel_has_one_order(self):
        x = np.arange(4 * 9).reshape(9, 2, 2)
        np.testing.assert_array_equal(
            upsample.pixel_shuffle(x, 3), upsample.pixel_shuffle(x, 3, order="tensorflow")
        )

    def test_shuffled_phases_are_a_transposed_convolution(self):
        rng = np.random.default_rng(0)
        x, w = rng.integers(-9, 10, (4, 4)), rng.integers(-9, 10, (4, 4))
        kernels = np.stack([ops.flip(w[r::2, c::2]) for r in (0, 1) for c in (0, 1)])[:, None]
        phases = ops.conv2d(x[None], kernels, padding=1)
        np.testing.assert_array_equal(
            upsample.pixel_shuffle(phases, 2)[0], ops.canvas(x, w, stride=2)
        )

    @pytest.mark.parametrize("order", upsample.ORDERS)
    def test_icnr_starts_as_nearest(self, order):
        rng = np.random.default_rng(1)
        x, w = rng.integers(-9, 10, (3, 5, 5)), rng.integers(-9, 10, (2, 3, 3, 3))
        y = upsample.pixel_shuffle(
            ops.conv2d(x, upsample.icnr(w, 2, order=order), padding=1), 2, order=order
        )
        np.testing.assert_array_equal(y, upsample.nearest(ops.conv2d(x, w, padding=1), 2))

    def test_icnr_of_the_other_order_is_not_nearest(self):
        rng = np.random.default_rng(1)
        x, w = rng.integers(-9, 10, (3, 5, 5)), rng.integers(-9, 10, (2, 3, 3, 3))
        mixed = upsample.pixel_shuffle(
            ops.conv2d(x, upsample.icnr(w, 2, order="tensorflow"), padding=1), 2
        )
        assert (mixed != upsample.nearest(ops.conv2d(x, w, padding=1), 2)).any()


WRONG = {
    "factor": (lambda: upsample.nearest([1], 0), ["factor=0"]),
    "x": (lambda: upsample.bilinear(3.0, 2), ["x of shape ()"]),
    "mode": (lambda: upsample.resize_conv([[1]], [[1]], factor=2, mode="cubic"), ["mode='cubic'"]),
    "order": (lambda: upsample.pixel_shuffle(np.ones((4, 1, 1)), 2, order="chw"), ["order='chw'"]),
    "channels": (lambda: upsample.pixel_shuffle(np.ones((3, 1, 1)), 2), ["3 channels", "factor=2"]),
    "no channels": (lambda: upsample.pixel_shuffle(np.ones((3, 1)), 2), ["x of shape (3, 1)"]),
    "sides": (lambda: upsample.pixel_unshuffle(np.ones((1, 3, 4)), 2), ["(1, 3, 4)", "factor=2"]),
    "icnr": (lambda: upsample.icnr(np.ones(3), 2), ["w of shape (3,)"]),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_call_names_argument_value_and_rule(case):
    call, words = WRONG[case]
    with pytest.raises(ValueError) as raised:
        call()
    for word in words:
        assert word in str(raised.value)
