"""Nets as lists of layers, against PyTorch: shapes, parameters, cost, values, gradients, reach.

tools/make_architecture_answers.py made the answers in tests/data/architectures.json from nets that
are written out there layer by layer. PyTorch is not needed here.
"""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from tconv_helpers import architectures as nets
from tconv_helpers import artifacts, ops, upsample
from tconv_helpers.architectures import Net, conv, conv_transpose, nearest, pixel_shuffle

STORED = json.loads((Path(__file__).parent / "data/architectures.json").read_text(encoding="utf-8"))
FULL, SMALL, TAILS = STORED["full"], STORED["small"], STORED["tails"]
STEP = 97  # every so-manieth output value is stored
LINEAR = ("conv", "conv_transpose", "nearest", "pixel_shuffle", "concat", "add")


def seeded():
    return np.random.default_rng(0)


def wave(shape, number):
    """As in tools/make_architecture_answers.py."""
    return np.cos(1.7 * np.arange(1, math.prod(shape) + 1) ** 1.3 + number).reshape(shape)


def described(call):
    """The net that a stored name, such as "fcn(8)", stands for."""
    return eval(call, {"__builtins__": {}}, vars(nets))


@pytest.mark.parametrize("call", FULL)
def test_shapes_parameters_and_cost_are_pytorchs(call):
    rows, expected = nets.rows(described(call)), FULL[call]
    assert [list(row.shape) for row in rows] == expected["shapes"]
    assert [row.parameters for row in rows] == expected["parameters"]
    assert sum(row.work for row in rows) == expected["macs"]


def narrow(call):
    """dcgan's last layers with few channels: 16 → 8 → 4 → 2 → 3."""
    layers, source = [], 16
    for layer in described(call).layers:
        if layer.kind == "conv_transpose":
            target = 3 if layer.target == 3 else source // 2
            layer = conv_transpose(
                source, target, layer.kernel, stride=layer.stride, padding=layer.padding,
                output_padding=layer.output_padding, bias=False,
            )  # fmt: skip
            source = target
        elif layer.kind == "batch_norm":
            layer = nets.batch_norm(source)
        layers.append(layer)
    return Net(call, (16, 4, 4), layers)


def prepared(net, batch=2):
    """The weights, input and skips that PyTorch was given."""
    weights, number = [], 0
    for layer in net.layers:
        if layer.kind in ("conv", "conv_transpose"):
            one = Net("one layer", (layer.source, 9, 9), [layer])
            drawn = list(nets.initial_weights(one, seeded())[0])
            for n, array in enumerate(drawn):
                drawn[n] = array if array is None else wave(array.shape, number) / 4
                number += array is not None
            weights.append(tuple(drawn))
        else:
            weights.append(None)
    skips, shapes = [], [net.shape, *(row.shape for row in nets.rows(net))]
    for layer, before in zip(net.layers, shapes, strict=False):
        if layer.kind in ("concat", "add"):
            channels = layer.target or before[0]
            size = [n + 3 for n in before[1:]]
            skips.append(wave((batch, channels, *size), 100 + len(skips)))
    return weights, wave((batch, *net.shape), 50), skips


EVERY = {
    **{c: (described, a) for c, a in SMALL.items()},
    **{c: (narrow, a) for c, a in TAILS.items()},
}


@pytest.mark.parametrize("call", EVERY)
def test_values_are_pytorchs(call):
    make, expected = EVERY[call]
    net = make(call)
    weights, x, skips = prepared(net)
    y = nets.forward(net, weights, x, skips)
    assert list(y.shape) == expected["shape"]
    np.testing.assert_allclose(y.ravel()[::STEP], expected["output"], rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("call", EVERY)
def test_fields_and_reach_are_what_pytorchs_gradients_show(call):
    make, expected = EVERY[call]
    net = make(call)
    for cell, seen in expected["fields"].items():
        found = nets.receptive_field(net, tuple(map(int, cell.split(", "))))
        assert [list(pair) for pair in found] == seen
    middle = net.shape[1] // 2, net.shape[2] // 2
    assert [list(pair) for pair in nets.reach(net, middle)] == expected["reach"]


def test_gradients_are_pytorchs():
    call = "espcn(3, size=9)"
    net = described(call)
    weights, x, _ = prepared(net)
    values = nets.forward(net, weights, x, keep=True)
    dx, gradients = nets.backward(net, weights, values, wave(values[-1].shape, 60))
    found = [dx, *(part for pair in gradients if pair for part in pair)]
    np.testing.assert_allclose([np.abs(g).sum() for g in found], SMALL[call]["gradients"], 1e-9)


def test_gradients_are_differences():
    layers = [
        conv_transpose(3, 4, 3, stride=2, padding=1, output_padding=1), nets.tanh(), nearest(2),
        conv(4, 8, 3, groups=2, bias=False), nets.relu(), pixel_shuffle(2),
        conv_transpose(2, 2, 2, stride=2, groups=2), nets.sigmoid(),
    ]  # fmt: skip
    net = Net("some of each", (3, 2, 3), layers)
    rng = np.random.default_rng(6)
    weights = nets.initial_weights(net, rng, init="pytorch", dtype=float)
    x = rng.standard_normal((2, *net.shape))
    values = nets.forward(net, weights, x, keep=True)
    seed = rng.standard_normal(values[-1].shape)
    dx, gradients = nets.backward(net, weights, values, seed)

    def loss():
        return float((nets.forward(net, weights, x) * seed).sum())

    arrays = [(x, dx)]
    for weight, gradient in zip(weights, gradients, strict=True):
        assert (weight is None) == (gradient is None)
        for array, found in zip(weight or (), gradient or (), strict=True):
            assert (array is None) == (found is None)
            arrays += [(array, found)] if array is not None else []
    assert len(arrays) == 1 + 2 + 1 + 2
    for array, found in arrays:
        assert found.shape == array.shape
        for place in {0, array.size // 2, array.size - 1}:
            step = 1e-6
            array.flat[place] += step
            up = loss()
            array.flat[place] -= 2 * step
            down = loss()
            array.flat[place] += step
            np.testing.assert_allclose(found.flat[place], (up - down) / (2 * step), atol=1e-6)


def test_backward_says_what_it_cannot_do():
    net = Net("n", (2, 2, 2), [nets.batch_norm(2)])
    values = nets.forward(net, [None], wave((2, 2, 2, 2), 0), keep=True)
    with pytest.raises(ValueError, match="batch_norm, which backward does not carry"):
        nets.backward(net, [None], values, values[-1])


def test_papers_own_numbers():
    """U-Net's figure 1, and the parameters that PyTorch's DCGAN is known to have."""
    heights = [row.shape[1] for row in nets.rows(nets.unet())]
    assert sorted(set(heights), key=heights.index) == [
        56, 54, 52, 104, 102, 100, 200, 198, 196, 392, 390, 388,
    ]  # fmt: skip
    assert nets.totals(nets.dcgan(4))[0] == 3_576_704
    assert [row.shape for label, row in nets.steps(nets.dcgan(5))] == [
        (1024, 4, 4), (512, 8, 8), (256, 16, 16), (128, 32, 32), (3, 64, 64),
    ]  # fmt: skip


def test_a_factor_of_s_squared_lies_between_the_two_counts():
    for net, s2 in ((nets.dcgan(4).rest(3), 4), (nets.fcn(32), 1024)):
        _, (by_input, by_output) = nets.totals(net)
        assert by_output == s2 * by_input


# ------------------------------------------------------------------------------ overlap


def test_overlap_of_transposed_layers_is_the_stacks():
    net = nets.dcgan(5).rest(3)
    settings = dict(kernel=5, stride=2, padding=2, output_padding=1)
    assert np.array_equal(
        nets.overlap(net), artifacts.stacked_overlap_counts((4, 4), [settings] * 4)
    )


def test_overlap_is_the_net_itself_with_ones():
    layers = [nearest(2), conv(1, 4, 3, padding=1, bias=False), pixel_shuffle(2),
              conv_transpose(1, 1, 3, stride=2, bias=False)]  # fmt: skip
    net = Net("n", (1, 3, 4), layers)
    ones = [w and (np.ones_like(w[0], int), None) for w in nets.initial_weights(net, seeded())]
    y = nets.forward(net, ones, np.ones((1, 1, 3, 4), int))
    assert np.array_equal(nets.overlap(net), y[0, 0])


def test_a_bilinear_resize_keeps_counts():
    net = Net("n", (1, 3, 3), [nets.bilinear(2), conv(1, 1, 3)])
    assert np.array_equal(nets.overlap(net), np.full((4, 4), 9))


@pytest.mark.parametrize("factor", [2, 3, 4])
def test_a_bilinear_resize_sees_what_it_uses(factor):
    net = Net("n", (1, 4, 4), [nets.bilinear(factor)])
    unit = np.eye(16).reshape(16, 4, 4)
    uses = upsample.bilinear(unit, factor).reshape(4, 4, 4 * factor, 4 * factor)
    for o in range(4 * factor):
        rows = np.flatnonzero(uses[:, :, o, o].sum(axis=1))
        assert nets.receptive_field(net, (o, o))[0] == (rows.min(), rows.max())
    for i in range(4):
        places = np.flatnonzero(uses[i, i].sum(axis=1))
        first, last = nets.reach(net, (i, i))[0]
        assert first <= places.min() and places.max() <= last  # the hull of what may be


# ------------------------------------------------------------------------------ weights


def test_spreads_of_the_initial_weights():
    net = Net("n", (64, 4, 4), [conv_transpose(64, 32, 4, stride=2, padding=1), conv(32, 64, 3)])
    for init, expected in {
        "dcgan": (0.02, 0.02),
        "he": (math.sqrt(2 / (64 * 16 / 4)), math.sqrt(2 / (32 * 9))),
        "pytorch": (1 / math.sqrt(3 * 32 * 16), 1 / math.sqrt(3 * 32 * 9)),  # a uniform's
    }.items():
        drawn = nets.initial_weights(net, np.random.default_rng(0), init=init)
        for (w, b), deviation in zip(drawn, expected, strict=True):
            assert w.dtype == b.dtype == np.float32
            assert abs(w.std() / deviation - 1) < 0.03
            assert (init == "pytorch") == bool(b.any())


def test_he_keeps_the_scale_through_a_transposed_layer():
    net = Net("n", (64, 12, 12), [conv_transpose(64, 64, 4, stride=2, padding=1, bias=False)])
    rng = np.random.default_rng(1)
    x = np.maximum(rng.standard_normal((1, 64, 12, 12)), 0)
    y = nets.forward(net, nets.initial_weights(net, rng, init="he"), x)[..., 2:-2, 2:-2]
    assert 0.8 < np.square(y).mean() / (2 * np.square(x).mean()) < 1.2


def test_an_espcn_layer_is_one_transposed_convolution():
    """The shuffle after a 3 × 3 convolution: kernel 9, stride 3, padding 3, the same weights."""
    net = Net("n", (2, 5, 4), [conv(2, 9, 3, padding=1, bias=False), pixel_shuffle(3)])
    rng = np.random.default_rng(2)
    w = rng.integers(-9, 10, (9, 2, 3, 3))
    x = rng.integers(-9, 10, (1, 2, 5, 4))
    whole = w[..., ::-1, ::-1].reshape(3, 3, 2, 3, 3).transpose(2, 3, 0, 4, 1).reshape(2, 1, 9, 9)
    y = nets.forward(net, [(w, None), None], x)
    assert np.array_equal(y, ops.conv_transpose2d(x, whole, stride=3, padding=3))


# ------------------------------------------------------------------------------ wrong calls


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: conv(3, 4, 0), ValueError, "kernel=0 must be at least 1"),
        (lambda: conv(3, 4, 3, groups=2), ValueError, "groups=2 must divide source=3"),
        (lambda: conv_transpose(3.5, 4, 3), TypeError, "source=3.5 must be an integer"),
        (lambda: Net("n", (3, 4), []), ValueError, "must be (channels, height, width)"),
        (
            lambda: Net("n", (4, 4, 4), [conv(4, 8, 3), conv(4, 8, 3)]),
            ValueError,
            "n, layer 1: conv k3 takes 4 channels, and 8 arrive",
        ),
        (lambda: Net("n", (3, 4, 4), [pixel_shuffle(2)]), ValueError, "channels that 4 divides"),
        (
            lambda: Net("n", (1, 2, 2), [conv_transpose(1, 1, 2, stride=2, output_padding=2)]),
            ValueError,
            "output_padding=2 must be smaller",
        ),
        (lambda: nets.dcgan(3), ValueError, "kernel=3 must be 5, the paper's, or 4"),
        (lambda: nets.fcn(64), ValueError, "stride=64 must be 32, 16 or 8"),
        (lambda: nets.reach(nets.espcn(), (17, 0)), ValueError, "cell[0]=17 must be below"),
        (lambda: nets.reach(nets.espcn(), 3), ValueError, "cell=3 must be (row, column)"),
        (
            lambda: nets.initial_weights(nets.espcn(), seeded(), init="xavier"),
            ValueError,
            "init='xavier' must be",
        ),
        (
            lambda: nets.forward(nets.espcn(), [], np.ones((1, 1, 9, 9))),
            ValueError,
            "weights has 0 entries; one a layer: 6",
        ),
        (
            lambda: nets.forward(nets.espcn(), [], np.ones((1, 9, 9))),
            ValueError,
            "x of shape (1, 9, 9) must be (N, 1, H, W)",
        ),
        (
            lambda: nets.forward(nets.fcn(16), [None] * 3, np.ones((1, 21, 2, 2))),
            ValueError,
            "skips has 0 entries; one for each concat and add: 1",
        ),
    ],
)
def test_a_wrong_call_names_argument_value_and_rule(call, error, words):
    with pytest.raises(error) as caught:
        call()
    assert words in str(caught.value)


def test_a_skip_that_is_too_small_is_named():
    net = Net("n", (1, 4, 4), [nets.add()])
    with pytest.raises(ValueError, match="at least as large as"):
        nets.forward(net, [None], np.ones((1, 1, 4, 4)), [np.ones((1, 1, 3, 4))])
