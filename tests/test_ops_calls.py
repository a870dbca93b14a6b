"""How ops may be called: types, layouts, what is left alone, and what every wrong call says."""

import inspect

import numpy as np
import pytest

from tconv_helpers import ops, sizes

X = np.arange(16).reshape(4, 4)
K = np.arange(9).reshape(3, 3)
FORWARD = [ops.conv2d, ops.conv_transpose2d]


class TestTypes:
    @pytest.mark.parametrize("op", FORWARD)
    @pytest.mark.parametrize("dtype", [bool, np.uint8, np.int8, np.int32, np.int64, np.uint64])
    def test_integers_give_exact_int64(self, op, dtype):
        x, k = np.full((4, 4), 200).astype(dtype), np.full((3, 3), 100).astype(dtype)
        y = op(x, k)
        assert y.dtype == np.int64
        middle = y[y.shape[0] // 2 - 1, y.shape[1] // 2 - 1]  # where all nine products meet
        assert middle == 9 * int(x[0, 0]) * int(k[0, 0])

    def test_integers_beyond_doubles_stay_exact(self):
        big = 2**53 + 1
        assert ops.conv1d([big, 1], [1, 1])[0] == big + 1
        assert ops.conv_transpose1d([big, 1], [1, 1])[1] == big + 1

    @pytest.mark.parametrize("op", FORWARD)
    @pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
    def test_floats_keep_their_type(self, op, dtype):
        assert op(X.astype(dtype), K.astype(dtype)).dtype == dtype
        assert op(X.astype(dtype), K.tolist(), 1).dtype == dtype
        assert op(X.astype(np.uint8), K.astype(dtype)).dtype == dtype

    def test_half_precision_is_rounded_once(self):
        # Summed in half precision, 2048 + 1 would stay 2048.
        ones = np.ones(4096, np.float16)
        assert ops.conv1d(ones, ones)[0] == 4096
        assert ops.conv_transpose1d(ones, ones).max() == 4096
        dx, dw, db = ops.conv1d_backward(ones, ones, ones[:1])
        assert (dx[0], dw[0], db) == (1, 4096, 4096)

    def test_the_wider_float_wins(self):
        assert ops.conv2d(X.astype(np.float32), K.astype(np.float64)).dtype == np.float64

    @pytest.mark.parametrize("dtype", [np.float32, np.int32])
    def test_gradients_keep_the_type(self, dtype):
        x, k = X.astype(dtype), K.astype(dtype)
        wanted = np.int64 if dtype is np.int32 else dtype
        for forward, backward in [
            (ops.conv2d, ops.conv2d_backward),
            (ops.conv_transpose2d, ops.conv_transpose2d_backward),
        ]:
            assert {d.dtype for d in backward(forward(x, k), x, k)} == {np.dtype(wanted)}

    def test_nan_and_infinity_pass_through_where_they_are_used(self):
        x = X.astype(float)
        x[0, 0], x[3, 3] = np.nan, np.inf
        y = ops.conv2d(x, np.ones((2, 2)))
        assert np.isnan(y[0, 0]) and np.isinf(y[2, 2]) and np.isfinite(y[0, 1:]).all()

    def test_matrix_types(self):
        assert ops.convolution_matrix(K.astype(np.float32), (4, 4)).dtype == np.float32
        assert ops.convolution_matrix(K.astype(np.uint8), (4, 4), sparse=True).dtype == np.int64


class TestExactIntegers:
    """The guard against overflow is a bound: it lets every sum through that must fit."""

    def test_just_below_the_limit(self):
        assert ops.conv1d([2**31 - 1] * 2, [2**31] * 2)[0] == 2 * (2**31 - 1) * 2**31
        assert ops.conv1d([1], [1], 2**63 - 2)[0] == 2**63 - 1
        assert ops.conv1d([-(2**63) + 1], [1])[0] == -(2**63) + 1
        unsigned = np.array([2**63 - 1], np.uint64)
        assert ops.conv1d(unsigned, [1])[0] == 2**63 - 1

    def test_output_channels_do_not_add_up(self):
        x, w = np.full((1, 1, 4, 4), 2**40), np.full((4096, 1, 1, 1), 2**20)
        assert ops.conv2d(x, w).max() == 2**60

    def test_gradients_at_the_limit(self):
        dx, dw, db = ops.conv1d_backward([2**61, 2**61], [1, 1], [1])
        assert (dx.max(), dw[0], db) == (2**61, 2**62, 2**62)


class TestArraysAreLeftAlone:
    @pytest.mark.parametrize("op", FORWARD)
    def test_inputs_are_not_modified_and_may_be_read_only(self, op):
        x, k, b = X.astype(float), K.astype(float), np.array(2.0)
        before = x.copy(), k.copy()
        for a in (x, k, b):
            a.flags.writeable = False
        y = op(x, k, b, padding=1, stride=2)
        np.testing.assert_array_equal(x, before[0])
        np.testing.assert_array_equal(k, before[1])
        assert y.flags.writeable
        assert not any(np.shares_memory(y, a) for a in (x, k, b))

    def test_a_one_tap_kernel_does_not_return_the_input_itself(self):
        x = X.astype(float)
        for y in (
            ops.conv2d(x, np.ones((1, 1))),
            ops.conv_transpose2d(x, np.ones((1, 1))),
            ops.canvas(x, np.ones((1, 1))),
            ops.zero_insert(x, 1),
            ops.flip(x),
        ):
            assert not np.shares_memory(x, y) and y.flags.writeable

    @pytest.mark.parametrize("op", FORWARD)
    def test_non_contiguous(self, op):
        x, k = np.arange(128).reshape(8, 16)[::-2, ::4], np.arange(18).reshape(3, 6)[:, ::2].T
        np.testing.assert_array_equal(op(x, k), op(x.copy(), k.copy()))
        np.testing.assert_array_equal(op(np.asfortranarray(x), k), op(x, k))

    def test_lists(self):
        np.testing.assert_array_equal(ops.conv2d(X.tolist(), K.tolist()), ops.conv2d(X, K))


class TestShapes:
    def test_a_batch_of_none(self):
        x, w = np.ones((0, 2, 5, 5)), np.ones((2, 2, 3, 3))
        for forward, backward in [
            (ops.conv2d, ops.conv2d_backward),
            (ops.conv_transpose2d, ops.conv_transpose2d_backward),
        ]:
            y = forward(x, w, np.ones(2), stride=2)
            assert y.shape[:2] == (0, 2)
            dx, dw, db = backward(y, x, w, stride=2)
            assert dx.shape == x.shape
            assert not dw.any() and not db.any()

    def test_padding_beyond_the_kernel_is_legal(self):
        y = ops.conv_transpose2d(np.ones((5, 5)), np.ones((2, 2)), stride=2, padding=2)
        assert y.shape == (6, 6)

    def test_negative_padding(self):
        np.testing.assert_array_equal(ops.conv2d(X, [[1]], padding=((-1, 0), (0, -2))), X[1:, :2])
        np.testing.assert_array_equal(
            ops.conv_transpose2d(X, [[1]], padding=((-1, 0), (0, 2))),
            np.pad(X, ((1, 0), (0, 0)))[:, :2],
        )

    def test_a_window_beside_the_canvas_is_all_bias(self):
        y = ops.conv_transpose1d([1, 2], [1, 1], 7, padding=((5, -4),))
        np.testing.assert_array_equal(y, [7, 7])
        y = ops.conv_transpose1d([1, 2], [1, 1], 7, padding=((-4, 5),))
        np.testing.assert_array_equal(y, [7, 7])

    def test_output_padding_uncovers_what_padding_hid(self):
        k = {"stride": 2, "padding": 1}
        full = ops.canvas([1, 2, 3], [1, 2, 3], stride=2)
        np.testing.assert_array_equal(
            ops.conv_transpose1d([1, 2, 3], [1, 2, 3], output_padding=1, **k), full[1:]
        )

    def test_a_pair_from_sizes_holds_for_every_axis(self):
        pair = sizes.conv_padding("tensorflow", 4, 3, stride=2, padding="SAME")
        np.testing.assert_array_equal(
            ops.conv2d(X, K, stride=2, padding=pair),
            ops.conv2d(X, K, stride=2, padding=((0, 1), (0, 1))),
        )
        window = sizes.window(1, 1)
        np.testing.assert_array_equal(
            ops.conv_transpose2d(X, K, stride=2, padding=window),
            ops.conv_transpose2d(X, K, stride=2, padding=1, output_padding=1),
        )
        np.testing.assert_array_equal(
            ops.conv1d([1, 2, 3], [1, 1], padding=sizes.window(1)),
            ops.conv1d([1, 2, 3], [1, 1], padding=1),
        )

    def test_zero_insert_takes_a_stride_per_axis(self):
        np.testing.assert_array_equal(
            ops.zero_insert([[1, 2], [3, 4]], (1, 2)), [[1, 0, 2], [3, 0, 4]]
        )

    def test_a_matrix_of_one_axis_takes_a_number(self):
        np.testing.assert_array_equal(
            ops.convolution_matrix([1, 2], 4), ops.convolution_matrix([1, 2], (4,))
        )

    def test_same(self):
        for k, ends in [(1, (0, 0)), (3, (1, 1)), (4, (1, 2)), (5, (2, 2))]:
            x, w = np.arange(1, 7), np.arange(1, k + 1)
            np.testing.assert_array_equal(
                ops.conv1d(x, w, padding="same"), ops.conv1d(x, w, padding=(ends,))
            )
        assert ops.conv2d(X, K, padding="same", dilation=(1, 2)).shape == X.shape

    def test_per_axis_numbers_of_any_kind(self):
        expected = ops.conv2d(X, K, stride=(1, 2), padding=((1, 1), (0, 0)))
        np.testing.assert_array_equal(ops.conv2d(X, K, stride=[1, 2], padding=(1, 0)), expected)
        np.testing.assert_array_equal(
            ops.conv2d(X, K, stride=np.array([1, 2]), padding=np.array([[1, 1], [0, 0]])), expected
        )
        np.testing.assert_array_equal(
            ops.conv2d(X, K, stride=np.int8(2)), ops.conv2d(X, K, stride=2)
        )


W = np.ones((4, 2, 3, 3))  # as conv: 2 in, 4 out; as conv_transpose: 4 in, 2 out
WRONG = {
    # what is wrong: (call, error, words that must stand in the message)
    "x rank": (lambda: ops.conv2d(np.ones(4), K), ValueError, ["x of shape (4,)", "(H, W)"]),
    "x rank with channels": (
        lambda: ops.conv2d(np.ones((4, 4)), W),
        ValueError,
        ["x of shape (4, 4)", "(N, Cin, H, W)"],
    ),
    "w rank": (lambda: ops.conv2d(X, np.ones((2, 3, 3))), ValueError, ["w of shape (2, 3, 3)"]),
    "plain kernel in 1-D": (lambda: ops.conv1d(X, K), ValueError, ["w of shape (3, 3)", "(k,)"]),
    "x empty": (lambda: ops.conv2d(np.ones((0, 4)), K), ValueError, ["x of shape (0, 4)"]),
    "w empty": (lambda: ops.conv2d(X, np.ones((0, 3))), ValueError, ["w of shape (0, 3)"]),
    "ragged": (lambda: ops.conv2d([[1, 2], [3]], K), ValueError, ["x", "rectangular"]),
    "text": (lambda: ops.conv2d("abc", K), TypeError, ["x must hold real numbers"]),
    "none": (lambda: ops.conv2d(None, K), TypeError, ["x must hold real numbers"]),
    "no gradient": (
        lambda: ops.conv2d_backward(None, X, K),
        TypeError,
        ["grad_y must hold real numbers"],
    ),
    "complex": (lambda: ops.conv2d(X, K * 1j), TypeError, ["w must hold real numbers"]),
    "channels": (
        lambda: ops.conv2d(np.ones((1, 3, 4, 4)), W),
        ValueError,
        ["3 channels", "2 * 1 = 2"],
    ),
    "transposed channels": (
        lambda: ops.conv_transpose2d(np.ones((1, 2, 4, 4)), W),
        ValueError,
        ["2 channels", "must meet 4", "input channels first"],
    ),
    "groups do not divide": (
        lambda: ops.conv2d(np.ones((1, 6, 4, 4)), W, groups=3),
        ValueError,
        ["groups=3", "output channels of w: 4"],
    ),
    "transposed groups do not divide": (
        lambda: ops.conv_transpose2d(np.ones((1, 4, 4, 4)), W, groups=3),
        ValueError,
        ["groups=3", "input channels of w: 4"],
    ),
    "groups zero": (lambda: ops.conv2d(X, K, groups=0), ValueError, ["groups=0", "at least 1"]),
    "groups with a plain kernel": (lambda: ops.conv2d(X, K, groups=2), ValueError, ["groups=2"]),
    "bias": (
        lambda: ops.conv2d(np.ones((2, 4, 4)), W, np.ones(3)),
        ValueError,
        ["b of shape (3,)", "(4,)"],
    ),
    "transposed bias": (
        lambda: ops.conv_transpose2d(np.ones((4, 4, 4)), W, np.ones(4)),
        ValueError,
        ["b of shape (4,)", "(2,)"],
    ),
    "stride zero": (lambda: ops.conv2d(X, K, stride=0), ValueError, ["stride=0", "at least 1"]),
    "stride negative": (
        lambda: ops.conv_transpose2d(X, K, stride=(1, -2)),
        ValueError,
        ["stride[1]=-2", "at least 1"],
    ),
    "stride a fraction": (lambda: ops.conv2d(X, K, stride=1.5), TypeError, ["stride=1.5"]),
    "stride NaN": (lambda: ops.conv2d(X, K, stride=np.nan), TypeError, ["stride=nan"]),
    "stride a truth value of NumPy": (
        lambda: ops.conv2d(X, K, stride=np.True_),
        TypeError,
        ["stride", "truth value"],
    ),
    "stride beyond any array": (
        lambda: ops.conv_transpose2d(X, K, stride=10**30),
        ValueError,
        ["stride=1", "at most"],
    ),
    "padding beyond any array": (
        lambda: ops.conv2d(X, K, padding=((0, 10**30), (0, 0))),
        ValueError,
        ["padding[0][1]", "at most"],
    ),
    "times": (lambda: ops.conv1d(np.ones(3, "m8[s]"), [1]), TypeError, ["x must hold real"]),
    "masked": (
        lambda: ops.conv1d(np.ma.array([1, 2, 3], mask=[0, 1, 0]), [1, 1]),
        TypeError,
        ["x has masked entries"],
    ),
    "sparse half precision": (
        lambda: ops.convolution_matrix(np.ones(2, np.float16), (4,), sparse=True),
        TypeError,
        ["w of type float16"],
    ),
    "dense_limit": (
        lambda: ops.convolution_matrix(K, (4, 4), dense_limit="a"),
        TypeError,
        ["dense_limit='a'"],
    ),
    "ragged canvas": (lambda: ops.canvas([[1, 2], [3]], K), ValueError, ["x", "rectangular"]),
    "no stamps": (lambda: ops.stamps([], [1]), ValueError, ["x of shape (0,)"]),
    "stride a truth value": (lambda: ops.conv2d(X, K, stride=True), TypeError, ["stride=True"]),
    "stride for too many axes": (
        lambda: ops.conv2d(X, K, stride=(1, 1, 1)),
        ValueError,
        ["stride=(1, 1, 1)", "2"],
    ),
    "dilation zero": (lambda: ops.conv2d(X, K, dilation=0), ValueError, ["dilation=0"]),
    "padding negative": (
        lambda: ops.conv2d(X, K, padding=-1),
        ValueError,
        ["padding=-1", "at least 0", "(lo, hi) pair"],
    ),
    "padding a fraction": (lambda: ops.conv2d(X, K, padding=0.5), TypeError, ["padding=0.5"]),
    "padding pairs for too few axes": (
        lambda: ops.conv2d(X, K, padding=((1, 1),)),
        ValueError,
        ["padding=((1, 1),)", "pair per spatial axis: 2"],
    ),
    "padding a triple": (
        lambda: ops.conv2d(X, K, padding=((1, 1, 1), (0, 0, 0))),
        ValueError,
        ["padding", "pair"],
    ),
    "padding a pair in 1-D": (
        lambda: ops.conv1d([1, 2, 3], [1], padding=(0, 1)),
        ValueError,
        ["padding=(0, 1)", "1: one per spatial axis", "[(lo, hi)]"],
    ),
    "padding an unknown word": (
        lambda: ops.conv2d(X, K, padding="full"),
        ValueError,
        ["padding='full'", "SAME", "VALID"],
    ),
    "same with a stride": (
        lambda: ops.conv2d(X, K, padding="same", stride=2),
        ValueError,
        ["padding='same'", "stride=2 on axis 0"],
    ),
    "same, transposed": (
        lambda: ops.conv_transpose2d(X, K, padding="same"),
        ValueError,
        ["padding='same'"],
    ),
    "kernel too large": (
        lambda: ops.conv2d(X, np.ones((2, 5))),
        ValueError,
        ["kernel size k=5", "axis 1", "4 cells"],
    ),
    "dilated kernel too large": (
        lambda: ops.conv2d(X, K, dilation=2),
        ValueError,
        ["kernel size k=3 with dilation=2 spans 5"],
    ),
    "output_padding too large": (
        lambda: ops.conv_transpose2d(X, K, stride=2, output_padding=(1, 2)),
        ValueError,
        ["output_padding=2 must be smaller than max(stride, dilation)=2 on axis 1"],
    ),
    "output_padding negative": (
        lambda: ops.conv_transpose2d(X, K, output_padding=-1),
        ValueError,
        ["output_padding=-1"],
    ),
    "empty output": (
        lambda: ops.conv_transpose2d(X, K, padding=3),
        ValueError,
        ["padding=(3, 3)", "0 cells", "at least 1"],
    ),
    "one product that overflows": (
        lambda: ops.conv1d([2**40], [2**40]),
        ValueError,
        ["x and w", "64-bit", "float64"],
    ),
    "a sum that overflows": (
        lambda: ops.conv1d([2**31] * 4, [2**31] * 4),
        ValueError,
        ["x and w", "64-bit"],
    ),
    "a scatter that overflows": (
        lambda: ops.conv_transpose1d([2**31] * 4, [2**31] * 4),
        ValueError,
        ["x and w", "64-bit"],
    ),
    "a bias that overflows": (
        lambda: ops.conv1d([1], [1], 2**63 - 1),
        ValueError,
        ["x and w", "64-bit"],
    ),
    "dx that overflows": (
        lambda: ops.conv1d_backward([2**31] * 4, [0] * 7, [2**31] * 4),
        ValueError,
        ["grad_y and w", "64-bit"],
    ),
    "dw that overflows": (
        lambda: ops.conv1d_backward([2**31] * 4, [2**31] * 7, [0] * 4),
        ValueError,
        ["grad_y and x", "64-bit"],
    ),
    "db that overflows": (
        lambda: ops.conv1d_backward([2**62] * 2, [0, 0], [0]),
        ValueError,
        ["grad_y hold", "64-bit"],
    ),
    "db of a transposed layer that overflows": (
        lambda: ops.conv_transpose2d_backward(
            np.full((3, 3), 2**60), [[1, 0], [0, 0]], [[1, 0], [0, 0]]
        ),
        ValueError,
        ["grad_y", "64-bit"],
    ),
    "one stamp that overflows": (
        lambda: ops.stamps([2**40], [2**40]),
        ValueError,
        ["x and w", "64-bit"],
    ),
    "unsigned beyond signed": (
        lambda: ops.conv1d(np.array([2**63], np.uint64), [1]),
        ValueError,
        ["x holds", "signed 64-bit"],
    ),
    "gradient shape": (
        lambda: ops.conv2d_backward(np.ones((3, 3)), X, K),
        ValueError,
        ["grad_y of shape (3, 3)", "(2, 2)"],
    ),
    "transposed gradient shape": (
        lambda: ops.conv_transpose2d_backward(np.ones((2, 2)), X, K),
        ValueError,
        ["grad_y of shape (2, 2)", "(6, 6)"],
    ),
    "matrix input_shape": (
        lambda: ops.convolution_matrix(K, (4, 4, 4, 4)),
        ValueError,
        ["input_shape=(4, 4, 4, 4)", "(3, 3)"],
    ),
    "matrix input_shape negative": (
        lambda: ops.convolution_matrix(K, (4, -4)),
        ValueError,
        ["input_shape[1]=-4"],
    ),
    "matrix channels": (
        lambda: ops.convolution_matrix(W, (3, 4, 4)),
        ValueError,
        ["3 channels", "2 * 1 = 2"],
    ),
    "stamps axes": (lambda: ops.stamps(X, [1, 2]), ValueError, ["(4, 4)", "(2,)"]),
    "zero_insert stride": (lambda: ops.zero_insert(X, 0), ValueError, ["stride=0"]),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_call_names_argument_value_and_rule(case):
    call, error, words = WRONG[case]
    with pytest.raises(error) as raised:
        call()
    for word in words:
        assert word in str(raised.value)


class TestALargeDenseMatrix:
    def test_the_default_limit_is_two_gib(self):
        side = 2**14  # side² float64 values are 2 GiB; one row more is refused
        with pytest.raises(MemoryError):
            ops.convolution_matrix(np.ones(1), (side + 1,))
        assert inspect.signature(ops.convolution_matrix).parameters["dense_limit"].default == 2**31

    def test_is_refused_before_memory_is_taken_with_the_way_out(self):
        with pytest.raises(MemoryError) as raised:
            ops.convolution_matrix(np.ones((3, 3)), (256, 256))
        bytes_needed = 254**2 * 256**2 * 8
        for word in ("(64516, 65536)", f"{bytes_needed / 2**30:.1f} GiB", "sparse=True"):
            assert word in str(raised.value)

    def test_limit_is_exact(self):
        wanted = 4 * 16 * 8
        ops.convolution_matrix(K, (4, 4), dense_limit=wanted)
        with pytest.raises(MemoryError):
            ops.convolution_matrix(K, (4, 4), dense_limit=wanted - 1)

    def test_sparse_stores_no_zero_weights(self):
        C = ops.convolution_matrix([[0, 1], [0, 0]], (256, 256), sparse=True)
        assert C.nnz == 255**2
