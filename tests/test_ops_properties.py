"""What must hold for every layer: four routes to one answer, adjoints, exact gradients."""

import json
from pathlib import Path

import numpy as np
import oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import convolve2d, correlate2d
from strategies import (
    CONV,
    CONV_BACKWARD,
    CONV_TRANSPOSE,
    CONV_TRANSPOSE_BACKWARD,
    layers,
)

from tconv_helpers import ops

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"


def same(actual, expected):
    assert actual.dtype == np.int64
    np.testing.assert_array_equal(actual, expected)


@given(layers(transposed=False))
def test_convolution_is_its_definition(layer):
    k = layer.keywords
    same(
        CONV[layer.n](layer.x, layer.w, **k),
        oracle.gather(layer.x, layer.w, k["stride"], k["padding"], k["dilation"], k["groups"]),
    )


@given(layers(transposed=True))
def test_transposed_convolution_is_its_definition(layer):
    k = layer.keywords
    expected = oracle.stamp(
        layer.x,
        layer.w,
        k["stride"],
        k["padding"],
        k["output_padding"],
        k["dilation"],
        k["groups"],
    )
    same(CONV_TRANSPOSE[layer.n](layer.x, layer.w, **k), expected)


@given(layers(transposed=True, plain=True))
def test_gather_is_the_same_as_stamps(layer):
    k = layer.keywords
    expected = oracle.zero_insertion(
        layer.x, layer.w, k["stride"], k["padding"], k["output_padding"], k["dilation"]
    )
    same(CONV_TRANSPOSE[layer.n](layer.x, layer.w, **k), expected)


@given(layers(transposed=True, plain=True))
def test_canvas_and_single_stamps(layer):
    k = {"stride": layer.keywords["stride"], "dilation": layer.keywords["dilation"]}
    whole = ops.canvas(layer.x, layer.w, **k)
    single = ops.stamps(layer.x, layer.w, **k)
    same(single.sum(axis=tuple(range(layer.n))), whole)
    for place in np.ndindex(*layer.x.shape):
        alone = np.zeros_like(layer.x)
        alone[place] = layer.x[place]
        same(single[place], ops.canvas(alone, layer.w, **k))


@given(layers(transposed=True, plain=True, n=2))
def test_phases_interleave_to_the_canvas(layer):
    stride = layer.keywords["stride"]
    same(ops.canvas(layer.x, layer.w, stride=stride), oracle.phases(layer.x, layer.w, stride))


@given(layers(transposed=False))
def test_matrix_of_a_convolution_and_its_transpose(layer):
    k, rng = layer.keywords, layer.rng
    y = CONV[layer.n](layer.x, layer.w, **k)
    C = ops.convolution_matrix(layer.w, layer.x.shape[1:], **k)
    sparse = ops.convolution_matrix(layer.w, layer.x.shape[1:], sparse=True, **k)
    same(C, sparse.toarray())
    assert sparse.nnz == np.count_nonzero(C)
    g = rng.integers(-9, 10, y.shape)
    dx, _, _ = CONV_BACKWARD[layer.n](g, layer.x, layer.w, **k)
    for x_one, y_one, g_one, dx_one in zip(layer.x, y, g, dx, strict=True):
        same(C @ x_one.ravel(), y_one.ravel())
        same(C.T @ g_one.ravel(), dx_one.ravel())


@given(layers(transposed=False, plain=True))
def test_plain_matrix(layer):
    k = layer.keywords
    C = ops.convolution_matrix(layer.w, layer.x.shape, **k)
    same(C @ layer.x.ravel(), CONV[layer.n](layer.x, layer.w, **k).ravel())


@given(layers(transposed=True))
def test_the_matrix_of_the_large_side_transposed_is_the_transposed_convolution(layer):
    """With no cropping past the canvas, conv_transpose is C.T for the convolution back."""
    k = dict(layer.keywords)
    extra = k.pop("output_padding")
    y = CONV_TRANSPOSE[layer.n](layer.x, layer.w, **layer.keywords)
    k["padding"] = tuple((lo, hi - op) for (lo, hi), op in zip(k["padding"], extra, strict=True))
    C = ops.convolution_matrix(layer.w, y.shape[1:], **k)
    for x_one, y_one in zip(layer.x, y, strict=True):
        same(C.T @ x_one.ravel(), y_one.ravel())


@given(layers(transposed=False))
def test_adjoint(layer):
    """⟨C x, y⟩ = ⟨x, Cᵀ y⟩, the two sides computed by the two public functions."""
    k = dict(layer.keywords)
    Cx = CONV[layer.n](layer.x, layer.w, **k)
    y = layer.rng.integers(-9, 10, Cx.shape)
    # The pair's high end says where the input ended; the floor may have left cells unread.
    sizes = zip(
        layer.x.shape[2:],
        layer.w.shape[2:],
        y.shape[2:],
        k["stride"],
        k["dilation"],
        k["padding"],
        strict=True,
    )
    k["padding"] = tuple(
        (lo, (o - 1) * s + d * (t - 1) + 1 - lo - i) for i, t, o, s, d, (lo, _) in sizes
    )
    Cty = CONV_TRANSPOSE[layer.n](y, layer.w, **k)
    assert Cty.shape == layer.x.shape
    assert (Cx * y).sum() == (layer.x * Cty).sum()


def difference(loss, array):
    """Exact derivative of a loss that is linear in each entry: one step of 1 each."""
    base, result = loss(), np.zeros_like(array)
    for place in np.ndindex(*array.shape):
        array[place] += 1
        result[place] = loss() - base
        array[place] -= 1
    return result


@pytest.mark.parametrize("transposed", [False, True])
@settings(max_examples=60)
@given(st.data())
def test_backward_against_differences(transposed, data):
    layer = data.draw(layers(transposed=transposed))
    forward = (CONV_TRANSPOSE if transposed else CONV)[layer.n]
    backward = (CONV_TRANSPOSE_BACKWARD if transposed else CONV_BACKWARD)[layer.n]
    k = layer.keywords
    outputs = forward(layer.x, layer.w, **k).shape
    b = layer.rng.integers(-9, 10, outputs[1])
    g = layer.rng.integers(-9, 10, outputs)

    def loss():
        return (forward(layer.x, layer.w, b, **k) * g).sum()

    dx, dw, db = backward(g, layer.x, layer.w, **k)
    same(dx, difference(loss, layer.x))
    same(dw, difference(loss, layer.w))
    same(db, difference(loss, b))


@pytest.mark.parametrize("transposed", [False, True])
@settings(max_examples=30)
@given(st.data())
def test_plain_and_unbatched_calls_are_the_batched_one(transposed, data):
    layer = data.draw(layers(transposed=transposed, plain=True))
    forward = (CONV_TRANSPOSE if transposed else CONV)[layer.n]
    backward = (CONV_TRANSPOSE_BACKWARD if transposed else CONV_BACKWARD)[layer.n]
    k, w = layer.keywords, layer.w[None, None]
    y = forward(layer.x, layer.w, 3, **k)
    same(y, forward(layer.x[None], w, [3], **k)[0])
    same(y, forward(layer.x[None, None], w, [3], **k)[0, 0])
    plain = backward(y, layer.x, layer.w, **k)
    batched = backward(y[None, None], layer.x[None, None], w, **k)
    assert [d.shape for d in plain] == [layer.x.shape, layer.w.shape, ()]
    for one, other in zip(plain, batched, strict=True):
        same(one, other.reshape(one.shape))


@given(layers(transposed=False, plain=True, n=2))
def test_scipy_agrees(layer):
    x, w = layer.x, layer.w
    if all(k <= i for k, i in zip(w.shape, x.shape, strict=True)):
        same(ops.conv2d(x, w), correlate2d(x, w, "valid"))
    same(ops.conv_transpose2d(x, w), convolve2d(x, w, "full"))


def test_the_seven_lines_of_chapter_three_are_the_packages_operation():
    cells = json.loads((NOTEBOOKS / "03-transpose-the-matrix.ipynb").read_text("utf-8"))["cells"]
    sources = ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
    (definition,) = (s for s in sources if s.startswith("def conv_transpose("))
    assert len(definition.strip().splitlines()) == 7
    lesson = {"np": np}
    exec(definition, lesson)
    rng = np.random.default_rng(0)
    for _ in range(200):
        i, j, k, m, s = rng.integers(1, 5, 5)
        x, w = rng.integers(-9, 10, (i, j)), rng.integers(-9, 10, (k, m))
        room = min((i - 1) * s + k, (j - 1) * s + m)
        p = int(rng.integers(0, (room + 1) // 2))
        expected = ops.conv_transpose2d(x, w, stride=int(s), padding=p)
        np.testing.assert_array_equal(lesson["conv_transpose"](x, w, s, p), expected)
