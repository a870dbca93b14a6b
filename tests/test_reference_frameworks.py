"""Where each library cuts its window, against answers of the libraries themselves.

tools/make_reference_answers.py made the answers in tests/data, refusals included; the versions are
in the files. None of the libraries is needed here.
"""

import functools
import json
from pathlib import Path

import numpy as np
import pytest

from tconv_helpers import ops, sizes

DATA = Path(__file__).parent / "data"
FILES = {
    "pytorch": "pytorch",
    "keras_tensorflow": "keras",
    "keras_jax": "keras",
    "keras_torch": "keras",
    "tensorflow": "tensorflow",
    "jax": "jax",
    "onnx": "onnx",
}
CONV = {1: ops.conv1d, 2: ops.conv2d}
CONV_TRANSPOSE = {1: ops.conv_transpose1d, 2: ops.conv_transpose2d}


@functools.cache
def stored(name):
    with np.load(DATA / f"{name}_windows.npz", allow_pickle=False) as file:
        arrays = {key: file[key] for key in file.files}
    return json.loads(arrays.pop("about").tobytes()), arrays


def rows(name):
    """Every setting along one axis with the library's answer: None if refused or empty."""
    about, arrays = stored(name)
    start = 0
    for row in arrays["table"].tolist():
        transposed, i, k, s, d, word, lo, hi, op, size, flip, length = row
        padding = (lo, hi) if word == about["none"] else about["words"][word]
        op, size = (None if v == about["none"] else v for v in (op, size))
        stop = start + max(length, 0)
        answer = arrays["values"][start:stop] if length > 0 else None
        start = stop
        yield bool(transposed), i, k, s, d, padding, op, size, flip == 1, answer
    assert start == len(arrays["values"])


@functools.cache
def canvas_of(i, k, s, d, flipped):
    _, arrays = stored("onnx")
    w = arrays["w"][:k]
    return ops.canvas(arrays["x"][:i], ops.flip(w) if flipped else w, stride=s, dilation=d)


def ours(library, transposed, x, w, i, k, s, d, padding, op, size, transpose_kernel):
    """The same result from this package, or None where it refuses."""
    setting = dict(padding=padding, stride=s, dilation=d)
    try:
        if not transposed:
            pads = sizes.conv_padding(library, i, k, **setting)
            pads = pads if x.ndim == 2 else (pads,)
            return CONV[x.ndim](x, w, stride=s, dilation=d, padding=pads)
        windows = sizes.conv_transpose_window(
            library, i, k, output_padding=op, output_shape=size, **setting
        )
    except ValueError:
        return None
    flipped = library == "jax" and not transpose_kernel
    if x.ndim == 1:
        return sizes.cut(canvas_of(i, k, s, d, flipped), windows)
    w = ops.flip(w) if flipped else w
    return sizes.cut(ops.canvas(x, w, stride=s, dilation=d), windows)


def only_this_backend_refuses(name, transposed, k, d, padding, op):
    """Keras on TensorFlow: (i − 1)·s cells are none that SAME would convolve back to i."""
    even = (d * (k - 1) + 1) % 2 == 0
    return name == "keras_tensorflow" and transposed and padding == "same" and op == 0 and even


def equal(got, want):
    if got is None or want is None:
        return got is want
    return got.shape == want.shape and np.array_equal(got, want)


@pytest.mark.parametrize("name", FILES)
def test_one_axis(name):
    """Each setting gives the library's numbers, and what the library refuses is refused."""
    library, (_, arrays) = FILES[name], stored(name)
    checked = refused = 0
    wrong = []
    for transposed, i, k, s, d, padding, op, size, flip, answer in rows(name):
        x, w = arrays["x"][:i], arrays["w"][:k]
        got = ours(library, transposed, x, w, i, k, s, d, padding, op, size, flip)
        if answer is None and only_this_backend_refuses(name, transposed, k, d, padding, op):
            continue
        checked, refused = checked + 1, refused + (answer is None)
        if not equal(got, answer):
            wrong.append((transposed, i, k, s, d, padding, op, size, flip, answer, got))
    assert not wrong, f"{len(wrong)} of {checked} differ, the first: {wrong[0]}"
    assert checked > 3000
    assert refused > 100


@pytest.mark.parametrize("name", FILES)
def test_two_axes(name):
    """Settings that differ from axis to axis, on a picture that is not square."""
    library, (about, arrays) = FILES[name], stored(name)
    start = 0
    for row, shape in zip(about["planes"], about["plane_shapes"], strict=True):
        kind, i, k, s, d, padding, op, size, flip = row
        x, w = arrays["plane"][: i[0], : i[1]], arrays["kernel"][: k[0], : k[1]]
        answer = None
        if shape is not None:
            stop = start + shape[0] * shape[1]
            answer = arrays["plane_values"][start:stop].reshape(shape)
            start = stop
        padding = padding if isinstance(padding, str) else tuple(map(tuple, padding))
        if library == "pytorch" and not isinstance(padding, str):
            padding = tuple(lo for lo, _ in padding)
        sequences = (tuple(v) if isinstance(v, list) else v for v in (i, k, s, d))
        got = ours(library, kind != "conv", x, w, *sequences, padding, op, size, flip)
        assert equal(got, answer), row
    assert start == len(arrays["plane_values"]) > 1000


@pytest.mark.parametrize("name", FILES)
def test_window_is_a_padding_of_the_operation(name):
    """The window serves as ``padding`` of conv_transpose: same numbers as cutting the canvas."""
    library, (_, arrays) = FILES[name], stored(name)
    for transposed, i, k, s, d, padding, op, size, flip, answer in list(rows(name))[::11]:
        if transposed and answer is not None:
            w = arrays["w"][:k]
            w = ops.flip(w) if library == "jax" and not flip else w
            window = sizes.conv_transpose_window(
                library,
                i,
                k,
                padding=padding,
                stride=s,
                dilation=d,
                output_padding=op,
                output_shape=size,
            )
            got = ops.conv_transpose1d(arrays["x"][:i], w, stride=s, dilation=d, padding=(window,))
            assert equal(got, answer)


@pytest.mark.parametrize("name", FILES)
def test_file_says_what_made_it(name):
    about, _ = stored(name)
    library = {"onnx": "onnxruntime", "pytorch": "torch"}.get(name, name.partition("_")[0])
    assert about[library][0].isdigit() and about["numpy"] and about["python"]
    if name.startswith("keras_"):
        assert about["backend"] == name.partition("_")[2]


class TestOnePictureFiveLibraries:
    """Input and kernel of 2×2 and 3×3, stride 2: the same canvas, different windows."""

    X = np.array([[2, 1], [3, 2]])
    W = np.array([[1, 2, 1], [2, 0, 1], [0, 2, 1]])
    CANVAS = np.array(
        [[2, 4, 3, 2, 1], [4, 0, 4, 0, 1], [3, 10, 7, 6, 3], [6, 0, 7, 0, 2], [0, 6, 3, 4, 2]]
    )

    def cut(self, library, *, kernel=None, **setting):
        windows = sizes.conv_transpose_window(library, (2, 2), 3, stride=2, **setting)
        return sizes.cut(
            ops.canvas(self.X, self.W if kernel is None else kernel, stride=2), windows
        )

    def test_canvas(self):
        assert np.array_equal(ops.canvas(self.X, self.W, stride=2), self.CANVAS)

    def test_pytorch(self):
        got = self.cut("pytorch", padding=1, output_padding=1)
        assert np.array_equal(got, self.CANVAS[1:, 1:])
        assert np.array_equal(self.cut("pytorch", padding=1), self.CANVAS[1:4, 1:4])
        assert np.array_equal(self.cut("pytorch", padding=1, output_shape=(4, 4)), got)

    def test_onnx(self):
        assert np.array_equal(self.cut("onnx", padding="SAME_LOWER"), self.CANVAS[1:, 1:])
        assert np.array_equal(self.cut("onnx", padding="SAME_UPPER"), self.CANVAS[:4, :4])

    def test_keras_and_tensorflow(self):
        assert np.array_equal(self.cut("keras", padding="same"), self.CANVAS[:4, :4])
        got = self.cut("tensorflow", padding="SAME", output_shape=4)
        assert np.array_equal(got, self.CANVAS[:4, :4])

    def test_jax(self):
        assert np.array_equal(self.cut("jax", padding="SAME"), self.CANVAS[:4, :4])
        flipped = self.cut("jax", padding="SAME", kernel=ops.flip(self.W))
        assert flipped.tolist() == [[2, 4, 1, 2], [2, 0, 5, 0], [5, 10, 5, 6], [3, 0, 8, 0]]

    def test_jax_explicit_padding_grows(self):
        """JAX pads the dilated input; with k3 and 1 that looks like cropping by 1."""
        assert self.cut("jax", padding=(0, 0)).shape == (1, 1)
        assert np.array_equal(self.cut("jax", padding=(1, 1)), self.CANVAS[1:4, 1:4])
        assert self.cut("jax", padding=(2, 2)).shape == (5, 5)


def test_same_at_stride_two_is_not_symmetric():
    x, w = np.arange(1, 7), [1, 2, 3]
    same = sizes.conv_padding("tensorflow", 6, 3, stride=2, padding="SAME")
    assert same == (0, 1)
    assert ops.conv1d(x, w, stride=2, padding=(same,)).tolist() == [14, 26, 17]
    assert ops.conv1d(x, w, stride=2, padding=1).tolist() == [8, 20, 32]


def test_same_with_an_even_kernel():
    assert sizes.conv_padding("tensorflow", 5, 4, padding="SAME") == (1, 2)
    assert sizes.conv_padding("pytorch", 5, 4, padding="same") == (1, 2)
    assert sizes.conv_size(5, 4, padding=4 // 2) == 6
