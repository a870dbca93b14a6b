"""The worked examples of the course, A to F, and the two numeric figures."""

import numpy as np
import pytest

from tconv_helpers import ops


def same(actual, expected):
    actual = np.asarray(actual)
    assert actual.dtype.kind == "i"
    np.testing.assert_array_equal(actual, expected)


FIGURE_X = [[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]
FIGURE_K = [[0, 1, 2], [2, 2, 0], [0, 1, 2]]


def test_the_guides_numeric_figures():
    same(ops.conv2d(FIGURE_X, FIGURE_K), [[12, 12, 17], [10, 17, 19], [9, 6, 14]])
    same(
        ops.conv2d(FIGURE_X, FIGURE_K, padding=1, stride=2),
        [[6, 17, 3], [8, 17, 13], [6, 4, 4]],
    )


class TestA:
    x = np.array([[3, 3, 3, 6], [7, 4, 3, 2], [7, 2, 8, 5], [1, 7, 3, 1]])
    k = np.array([[1, 2, 4], [1, 1, 3], [1, 2, 4]])
    z = np.array([[2, 3], [4, 3]])

    def test_convolution_and_its_transpose(self):
        same(ops.conv2d(self.x, self.k), [[84, 84], [87, 60]])
        stamped = [[2, 7, 14, 12], [6, 16, 31, 21], [6, 14, 29, 21], [4, 11, 22, 12]]
        same(ops.conv_transpose2d(self.z, self.k), stamped)
        same(ops.canvas(self.z, self.k), stamped)
        same(ops.stamps(self.z, self.k).sum(axis=(0, 1)), stamped)

    def test_matrix(self):
        C = ops.convolution_matrix(self.k, (4, 4))
        assert C.shape == (4, 16)
        same((C != 0).sum(axis=1), [9, 9, 9, 9])
        same(
            (C != 0).sum(axis=0).reshape(4, 4),
            [[1, 2, 2, 1], [2, 4, 4, 2], [2, 4, 4, 2], [1, 2, 2, 1]],
        )
        np.testing.assert_allclose(
            np.sort(np.linalg.eigvalsh(C @ C.T))[::-1], [120, 46, 34, 12], rtol=1e-12
        )

    def test_back_again_is_not_the_input(self):
        C = ops.convolution_matrix(self.k, (4, 4))
        back = [
            [84, 252, 504, 336],
            [171, 402, 804, 492],
            [171, 399, 825, 516],
            [87, 234, 468, 240],
        ]
        same((C.T @ C @ self.x.ravel()).reshape(4, 4), back)
        same(ops.conv_transpose2d(ops.conv2d(self.x, self.k), self.k), back)
        assert np.linalg.matrix_rank(C.T @ C) == 4


def test_b():
    C = ops.convolution_matrix([[1, 4, 1], [1, 4, 3], [3, 3, 1]], (4, 4))
    rows = [
        "1410 1430 3310 0000",
        "0141 0143 0331 0000",
        "0000 1410 1430 3310",
        "0000 0141 0143 0331",
    ]
    same(C, [[int(digit) for digit in row.replace(" ", "")] for row in rows])
    x = np.arange(1, 17)
    same(C @ x, [130, 151, 214, 235])
    same((C.T @ C @ x)[:4], [130, 671, 734, 151])


def test_c():
    C = ops.convolution_matrix(np.arange(1, 10).reshape(3, 3), (4, 4))
    same(
        C @ C.T,
        [[285, 186, 154, 94], [186, 285, 106, 154], [154, 106, 285, 186], [94, 154, 186, 285]],
    )
    product = C.T @ C
    assert product.shape == (16, 16)
    assert np.linalg.matrix_rank(product) == 4
    same(product[0], [1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9, 0, 0, 0, 0, 0])
    same(product[1], [2, 5, 8, 3, 8, 14, 17, 6, 14, 23, 26, 9, 0, 0, 0, 0])


class TestD:
    def test_one_channel(self):
        kernel = np.array([[0.3459, -0.2987], [-0.9396, -0.01321]])
        x = np.array([[0.9064, 0.4639, 0.3109], [0.3791, 0.2148, 0.07558]])
        expected = [
            [0.3135, -0.2708, 0.1605, -0.1386, 0.1075, -0.09287],
            [-0.8516, -0.01197, -0.4359, -0.006126, -0.2921, -0.004106],
            [0.1311, -0.1132, 0.0743, -0.06416, 0.02615, -0.02258],
            [-0.3562, -0.005007, -0.2018, -0.002837, -0.07102, -0.0009981],
        ]
        # The inputs were printed with four digits, so the fourth of a product is uncertain.
        np.testing.assert_allclose(ops.conv_transpose2d(x, kernel, stride=2), expected, rtol=6e-4)

    @pytest.mark.parametrize("n", [1, 2, 3, 4])
    def test_k_equal_to_s_multiplies_the_size_without_overlap(self, n):
        x = np.arange(1, 7).reshape(2, 3)
        k = np.arange(1, n * n + 1).reshape(n, n)
        same(ops.conv_transpose2d(x, k, stride=n), np.kron(x, k))

    def test_stamps_of_all_channels_add(self):
        x = np.array([[[1]], [[5]]])
        w = np.array([[[[1, 2], [3, 4]]], [[[5, 6], [7, 8]]]])
        same(ops.conv_transpose2d(x, w, stride=2), [[[26, 32], [38, 44]]])


def test_e():
    x = [[0, 1], [2, 3]]
    same(ops.conv_transpose2d(x, x), [[0, 0, 1], [0, 4, 6], [4, 12, 9]])
    same(ops.conv_transpose2d(x, x, padding=1), [[4]])
    same(
        ops.conv_transpose2d(x, x, stride=2),
        [[0, 0, 0, 1], [0, 0, 2, 3], [0, 2, 0, 3], [4, 6, 6, 9]],
    )


def test_f():
    x, k = np.arange(9).reshape(3, 3), [[1, 2], [3, 4]]
    y = ops.conv2d(x, k)
    same(y, [[27, 37], [57, 67]])
    same(ops.conv_transpose2d(y, k), [[27, 91, 74], [138, 400, 282], [171, 429, 268]])
