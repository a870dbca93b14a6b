"""Layouts, conversions, starts, costs and programs; the libraries' own answers are stored.

notebooks/data/framework_answers.json names the versions; tools/make_framework_answers.py made it.
tests/frameworks asks the live libraries.
"""

import hashlib
import importlib.util
import itertools
import json
import math
import sys
import tomllib
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tconv_helpers import frameworks, ops, sizes

ROOT = Path(__file__).resolve().parents[1]
STORED = json.loads((ROOT / "notebooks/data/framework_answers.json").read_text())
EXPLORER = json.loads((ROOT / "tests/data/explorer_programs.json").read_text())["cases"]
EVERY = (*frameworks.LIBRARIES, "jax transpose_kernel")
RNG = np.random.default_rng(4)


def tool():
    """The script that made the stored answers, as a module."""
    path = ROOT / "tools/make_framework_answers.py"
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def digest(program):
    return hashlib.sha256(program.encode()).hexdigest()[:16]


def tuples(value):
    """JSON's lists as the tuples they were."""
    return tuple(map(tuples, value)) if isinstance(value, list) else value


# -------------------------------------------------------------------------------- weights, images


@pytest.mark.parametrize("transposed", [True, False])
@pytest.mark.parametrize(("source", "target"), [*itertools.product(EVERY, EVERY)])
def test_weights_come_back_from_every_library(source, target, transposed):
    for k in [(3,), (3, 2), (2, 3, 4)]:
        how = {"transposed": transposed}
        w = RNG.integers(-9, 10, frameworks.weight_shape(source, 5, 6, k, **how))
        there = frameworks.convert_weights(w, source, target, **how)
        assert there.shape == frameworks.weight_shape(target, 5, 6, k, **how)
        assert np.array_equal(frameworks.convert_weights(there, target, source, **how), w)
        assert not np.shares_memory(there, w)


@pytest.mark.parametrize(
    ("library", "transposed", "wanted"),
    [
        ("pytorch", True, (5, 6, 3, 2)),
        ("onnx", True, (5, 6, 3, 2)),
        ("keras", True, (3, 2, 6, 5)),
        ("tensorflow", True, (3, 2, 6, 5)),
        ("jax", True, (3, 2, 5, 6)),
        ("jax transpose_kernel", True, (3, 2, 6, 5)),
        ("pytorch", False, (6, 5, 3, 2)),
        ("onnx", False, (6, 5, 3, 2)),
        ("keras", False, (3, 2, 5, 6)),
        ("tensorflow", False, (3, 2, 5, 6)),
        ("jax", False, (6, 5, 3, 2)),
        ("jax transpose_kernel", False, (6, 5, 3, 2)),
    ],
)
def test_shapes_of_the_documents(library, transposed, wanted):
    assert frameworks.weight_shape(library, 5, 6, (3, 2), transposed=transposed) == wanted
    names = frameworks.weight_layout(library, transposed=transposed)
    assert dict(zip(names, wanted, strict=True)) == {"C_in": 5, "C_out": 6, "kh": 3, "kw": 2}


def test_every_weight_lands_where_its_names_say():
    w = RNG.integers(-99, 100, (2, 3, 4, 5))
    keras = frameworks.convert_weights(w, "pytorch", "keras")
    jax = frameworks.convert_weights(w, "pytorch", "jax")
    for i, o, u, v in np.ndindex(*w.shape):
        assert keras[u, v, o, i] == w[i, o, u, v] == jax[3 - u, 4 - v, i, o]
    conv = frameworks.convert_weights(w, "pytorch", "keras", transposed=False)
    for o, i, u, v in np.ndindex(*w.shape):
        assert conv[u, v, i, o] == w[o, i, u, v]


def test_groups_divide_one_axis_of_the_weights():
    assert frameworks.weight_shape("onnx", 8, 6, (3, 3), groups=2) == (8, 3, 3, 3)
    conv = {"transposed": False, "groups": 2}
    assert frameworks.weight_shape("keras", 8, 6, (3, 3), **conv) == (3, 3, 4, 6)
    w = RNG.integers(-9, 10, (6, 4, 3, 3))
    assert frameworks.convert_weights(w, "pytorch", "keras", **conv).shape == (3, 3, 4, 6)


def test_channels_first_and_last():
    x = RNG.integers(0, 9, (2, 3, 4, 5))
    assert frameworks.channels_last(x)[1, 2, 4, 0] == x[1, 0, 2, 4]
    for n in (1, 2, 3):
        x = RNG.integers(0, 9, (2, 3, 4, 5, 6)[: n + 2])
        assert np.array_equal(frameworks.channels_first(frameworks.channels_last(x)), x)
    assert frameworks.image_layout("keras", 1) == ("N", "W", "C")
    assert frameworks.image_layout("onnx", 3) == ("N", "C", "D", "H", "W")


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: frameworks.weight_layout("caffe"), "library='caffe' must be one of 'pytorch'"),
        (lambda: frameworks.weight_layout("keras", 4), "n=4 must be 1, 2 or 3"),
        (
            lambda: frameworks.convert_weights(np.ones((3, 3)), "pytorch", "keras"),
            "w of shape (3, 3) must have two axes of channels",
        ),
        (
            lambda: frameworks.convert_weights(np.ones((4, 2, 3)), "pytorch", "keras", groups=2),
            "groups=2 must be 1: Keras has no word for groups in a transposed convolution",
        ),
        (
            lambda: frameworks.convert_weights(np.ones((3, 2, 3)), "pytorch", "onnx", groups=2),
            "groups=2 must divide C_in=3 of w of shape (3, 2, 3)",
        ),
        (lambda: frameworks.channels_last(np.ones((3, 3))), "x of shape (3, 3) must have a batch"),
        (lambda: frameworks.macs(0, 1, 1), "i=0 must be at least 1"),
        (lambda: frameworks.macs(1, 1, 1, c_in=3, groups=2), "groups=2 must divide c_in=3"),
        (lambda: frameworks.weight_shape("onnx", 4, 3, 3, groups=2), "groups=2 must divide c_o"),
        (lambda: frameworks.default_init("onnx", 4, 3, 3), "library='onnx' must be one with"),
        (
            lambda: frameworks.port("keras", 4, 3, stride=2, dilation=2),
            "Keras cannot keep the window",
        ),
        (
            lambda: frameworks.port("onnx", 4, 3, dilation=2, output_padding=1),
            "ONNX cannot keep the window (Window(lo=0, hi=-1),) of this layer: output_padding=1",
        ),
        (
            lambda: frameworks.port("keras", 4, 3, stride=2, output_padding=2),
            "output_padding=2 must be smaller than max(stride, dilation)=2",
        ),
        (
            lambda: frameworks.program("keras", np.ones((1, 4, 4, 2)), np.ones((3, 3, 2, 5))),
            "x of shape (1, 4, 4, 2) must have C=5 channels as w of shape (3, 3, 2, 5) has",
        ),
        (
            lambda: frameworks.program("keras", np.ones((1, 4, 4, 2)), np.ones((3, 2, 5))),
            "w of shape (3, 2, 5) must have the axes kh, kw, C_out, C_in",
        ),
        (
            lambda: frameworks.program("onnx", np.ones((1, 2, 4)), np.ones((2, 3, 4)), [1]),
            "b of shape (1,) must be (C_out,) = (3,)",
        ),
        (
            lambda: frameworks.program("onnx", [[[np.inf]]], [[[1]]]),
            "x must hold finite float32 numbers",
        ),
        (
            lambda: frameworks.program("onnx", [[[1]]], [[[1]]], crop=[(-1, 0)]),
            "crop=((-1, 0),) must not be negative",
        ),
        (
            lambda: frameworks.program("tensorflow", [[[1]]], [[[1]]]),
            "output_shape=None must be given for tensorflow",
        ),
    ],
)  # fmt: skip
def test_a_wrong_argument_is_named_with_its_rule(call, said):
    with pytest.raises(ValueError) as raised:
        call()
    assert str(raised.value).startswith(said)


# ------------------------------------------------------------------------------ how a layer starts


@pytest.mark.parametrize("row", STORED["init"], ids=lambda row: row["library"])
def test_a_new_layer_of_the_library_lies_within_the_bound(row):
    how = {"transposed": row["transposed"], "groups": row["groups"]}
    layer = row["library"], row["c_in"], row["c_out"], tuple(row["k"])
    init = frameworks.default_init(*layer, **how)
    # Of 20 000 numbers the largest comes close to the bound, and cannot pass it but by rounding.
    assert 0.995 < row["largest"] / init.bound < 1 + 1e-6
    assert row["std"] == pytest.approx(init.std, rel=0.02)
    if init.bias_bound:
        assert 0.99 < row["largest_bias"] / init.bias_bound < 1 + 1e-6
    else:
        assert row["largest_bias"] == 0
    draws = [
        frameworks.draw_weights(*layer, **how, rng=np.random.default_rng(n))
        for n in range(-(-20_000 // math.prod(frameworks.weight_shape(*layer, **how))))
    ]
    assert draws[0].shape == frameworks.weight_shape(*layer, **how)
    assert 0.995 < np.max(np.abs(draws)) / init.bound <= 1
    assert np.std(draws) == pytest.approx(init.std, rel=0.02)


def test_fan_in_of_a_transposed_layer_is_read_off_the_wrong_channels():
    fans = {
        library: frameworks.default_init(library, 64, 3, (4, 4)).fan_in
        for library in ("pytorch", "keras", "jax", "jax transpose_kernel")
    }
    assert fans == {
        "pytorch": 3 * 16, "keras": 3 * 16, "jax": 64 * 16, "jax transpose_kernel": 3 * 16,
    }  # fmt: skip
    assert frameworks.default_init("pytorch", 64, 3, (4, 4), transposed=False).fan_in == 64 * 16
    assert frameworks.default_init("pytorch", 64, 32, (3, 3), groups=8).fan_in == 4 * 9
    assert frameworks.default_init("pytorch", 512, 256, (4, 4)).bias_bound == 1 / 64


# ---------------------------------------------------------------------------------- what it costs


def test_macs_are_the_products_of_two_ways_to_compute():
    stamps = ops.stamps(np.ones((4, 4)), np.ones((3, 3)), stride=2)
    by_input, by_output = frameworks.macs((4, 4), (8, 8), 3)
    assert by_input == np.count_nonzero(stamps)
    y = ops.conv_transpose2d(
        np.ones((4, 4)), np.ones((3, 3)), stride=2, padding=1, output_padding=1
    )
    assert by_output == y.size * 9


def test_macs_count_channels_groups_and_axes():
    assert frameworks.macs(4, 8, 3) == (12, 24)
    assert frameworks.macs((4, 5), (8, 10), (3, 2)) == (120, 480)
    assert frameworks.macs((4, 4), 8, 3, c_in=6, c_out=4) == (144 * 24, 576 * 24)
    assert frameworks.macs((4, 4), 8, 3, c_in=6, c_out=4, groups=2) == (144 * 12, 576 * 12)
    # A convolution's usual count: ResNet's first layer on 224 × 224.
    conv = frameworks.macs((224, 224), (112, 112), 7, c_in=3, c_out=64)
    assert conv.by_output == 118_013_952


# ---------------------------------------------------------------- the same window in other words

GEOMETRY = st.tuples(
    st.integers(1, 6), st.integers(1, 5), st.integers(1, 4), st.integers(0, 4), st.integers(0, 3),
    st.integers(1, 2),
)  # fmt: skip


@given(st.sampled_from(EVERY), st.lists(GEOMETRY, min_size=1, max_size=3))
def test_ported_settings_keep_the_window(library, axes):
    i, k, s, p, op, d = (tuple(value) for value in zip(*axes, strict=True))
    how = {"stride": s, "padding": p, "output_padding": op, "dilation": d}
    try:
        target = sizes.conv_transpose_size(i, k, **how)
        setting = frameworks.port(library, i, k, **how)
    except ValueError:
        return
    crop = setting.pop("crop", ((0, 0),) * len(i))
    assert min(map(min, crop)) >= 0
    name = library.split()[0]
    kept = sizes.conv_transpose_window(name, i, k, **setting)
    for axis, ((lo, hi), (a, b)) in enumerate(zip(kept, crop, strict=True)):
        assert lo + a == p[axis] and hi + b == p[axis] - op[axis]
    canvas = sizes.canvas_size(i, k, stride=s, dilation=d)
    sums = (lo + hi + a + b for (lo, hi), (a, b) in zip(kept, crop, strict=True))
    assert tuple(f - cut for f, cut in zip(canvas, sums, strict=True)) == target


def test_every_library_takes_the_usual_layers():
    for k, s, p, op in [(4, 2, 1, 0), (2, 2, 0, 0), (3, 2, 1, 1), (5, 2, 2, 1), (3, 1, 1, 0)]:
        how = {"stride": s, "padding": p, "output_padding": op}
        for library in EVERY:
            assert frameworks.port(library, (8, 9), (k, k), **how)
    assert frameworks.port("keras", 8, 4, stride=2, padding=1) == {"stride": 2, "padding": "same"}


@given(st.sampled_from(["pytorch", "keras", "jax", "onnx"]), GEOMETRY, st.integers(1, 9))
def test_only_tensorflow_needs_to_know_the_input_size(library, axis, other):
    i, k, s, p, op, d = axis
    how = {"stride": s, "padding": p, "output_padding": op, "dilation": d}
    try:
        sizes.conv_transpose_size(i, k, **how), sizes.conv_transpose_size(other, k, **how)
        setting = frameworks.port(library, i, k, **how)
    except ValueError:
        return
    assert frameworks.port(library, other, k, **how) == setting


# ------------------------------------------------------------------------ answers and programs


@pytest.mark.parametrize("row", STORED["G"], ids=lambda row: row["name"])
def test_example_g(row):
    library, setting = row["library"], row["setting"]
    x, w = np.array(STORED["x"]), np.array(STORED["w"])
    window = sizes.conv_transpose_window(
        library.split()[0], (2, 2), 3, stride=2, **{n: tuples(v) for n, v in setting.items()}
    )
    stamped = ops.flip(w) if library == "jax" else w
    assert ops.conv_transpose2d(x, stamped, stride=2, padding=window).tolist() == row["y"]
    given = tool().plain(library, True, x, w)
    assert digest(frameworks.program(library, *given, stride=2, **setting)) == row["program"]


@pytest.mark.parametrize("row", STORED["jax_pads"], ids=lambda row: str(row["setting"]))
def test_pads_of_jax_are_cuts_only_if_it_is_asked(row):
    setting = {name: tuples(value) for name, value in row["setting"].items()}
    x, w, (lo, hi) = STORED["x"], STORED["w"], setting["padding"][0]
    cut = (lo, hi) if setting["use_consistent_padding"] else (2 - lo, 2 - hi)  # 2 is d(k − 1)
    assert ops.conv_transpose2d(x, w, stride=2, padding=[cut, cut]).tolist() == row["y"]
    given = tool().plain(row["library"], True, x, w)
    program = frameworks.program(row["library"], *given, stride=2, **setting)
    assert digest(program) == row["program"]
    switch = "transpose_kernel=True, use_consistent_padding=True)"
    assert (switch in program) == setting["use_consistent_padding"]


def test_the_switch_of_jax_is_refused_elsewhere():
    x, w = np.ones((1, 1, 3)), np.ones((1, 1, 2))
    for library, transposed in (("pytorch", True), ("jax", False)):
        with pytest.raises(ValueError, match="use_consistent_padding=True must be left out: it is"):
            frameworks.program(library, x, w, transposed=transposed, use_consistent_padding=True)


@pytest.mark.parametrize("row", STORED["layers"], ids=lambda row: str(row["setting"]))
def test_layers_that_every_library_agreed_on(row):
    x, w, b = (np.array(row[name]) for name in "xwb")
    how = {"transposed": row["transposed"], "groups": row["groups"]}
    setting = {name: tuples(value) for name, value in row["setting"].items()}
    operation = getattr(ops, f"conv{'_transpose' * row['transposed']}{x.ndim - 2}d")
    assert operation(x, w, b, groups=row["groups"], **setting).tolist() == row["y"]
    agreed = 0
    for library, said in row["libraries"].items():
        if "refused" in said:
            continue
        agreed += 1
        own = frameworks.convert_weights(w, "pytorch", library, **how)
        last = frameworks.image_layout(library, transposed=row["transposed"])[-1] == "C"
        given = library, frameworks.channels_last(x) if last else x, own, b
        words = {name: tuples(value) for name, value in said["setting"].items()}
        if row["transposed"]:
            assert frameworks.port(library, x.shape[2:], w.shape[2:], **setting) == words
        assert digest(frameworks.program(*given, **how, **words)) == said["program"]
    assert agreed >= 2


def test_programs_agree_with_those_of_the_explorer():
    """Both programs of a setting ran in the library and gave the same y: see the two tools."""
    assert len(EXPLORER) == len(STORED["explorer"])
    made, count = tool(), 0
    for case, stored in zip(EXPLORER, STORED["explorer"], strict=True):
        S = case["S"]
        transposed = S["mode"] == "transposed"
        for name in ("pytorch", "keras", "jax", "onnx"):
            said = made.explorer_setting(name, S)
            assert (said is None) == (name not in stored)
            if said:
                library, setting = said
                given = library, *made.plain(library, transposed, S["x"], S["w"])
                program = frameworks.program(*given, transposed=transposed, **setting)
                assert digest(program) == stored[name], (name, S)
                count += 1
    assert count > 300


@pytest.mark.parametrize("library", EVERY)
def test_a_program_can_be_read_by_python_and_is_not_wide(library):
    x, w = tool().plain(library, True, STORED["x"], STORED["w"])
    setting = frameworks.port(library, (2, 2), (3, 3), stride=2, padding=1, output_padding=1)
    text = frameworks.program(library, x, w, [7], **setting)
    compile(text, "program", "exec")
    assert max(map(len, text.splitlines())) <= 100
    assert "[7]" in text


def test_fractions_are_written_so_that_they_come_back():
    x = np.array([[[0.1, 1 / 3, -2.5e-7, 1e12]]], "float32")
    line = frameworks.program("pytorch", x, np.ones((1, 1, 1))).splitlines()[4]
    assert line.startswith("x = ")
    scope = {"np": np}
    exec(line, scope)
    assert np.array_equal(scope["x"], x) and scope["x"].dtype == x.dtype


def test_asking_a_library_that_is_not_there(monkeypatch):
    monkeypatch.setattr(frameworks, "installed", lambda: ())
    with pytest.raises(ModuleNotFoundError, match="JAX is not installed here: pip install"):
        frameworks.ask("jax", [[[1]]], [[[1]]])
    with pytest.raises(TypeError, match="ask has no argument 'strides'; it has transposed, stride"):
        frameworks.ask("jax", [[[1]]], [[[1]]], strides=2)


def test_installed_is_what_can_be_found(monkeypatch):
    there = {"torch", "keras", "onnx", "onnxruntime"}
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name in there or None)
    assert frameworks.installed() == ("pytorch", "onnx")  # Keras computes on JAX
    there.update({"jax", "jaxlib"})
    assert frameworks.installed() == ("pytorch", "keras", "jax", "onnx")


def test_what_is_asked_is_what_is_shown(monkeypatch):
    """A stand-in for PyTorch that takes the one layer written here."""
    seen = {}

    class Layer:
        def __init__(self, *args, **given):
            seen.update(given, args=args)

        def load_state_dict(self, state):
            seen["w"] = state["weight"]

        def __call__(self, x):
            y = ops.conv_transpose1d(x, seen["w"], stride=seen["stride"], padding=seen["padding"])
            return SimpleNamespace(detach=lambda: SimpleNamespace(numpy=lambda: y))

    nn = SimpleNamespace(ConvTranspose1d=Layer)
    monkeypatch.setitem(sys.modules, "torch", SimpleNamespace(nn=nn, from_numpy=np.asarray))
    monkeypatch.setattr(frameworks, "installed", lambda: ("pytorch",))
    x, w = np.array([[[1, 2]]]), np.array([[[1, 10, 100]]])
    y = frameworks.ask("pytorch", x, w, stride=2, padding=1)
    assert y.tolist() == [[[10, 102, 20]]]
    assert seen["args"] == (1, 1, 3) and seen["bias"] is False
    cut = frameworks.ask("pytorch", x, w, stride=2, padding=1, crop=[(1, 0)])
    assert cut.tolist() == [[[102, 20]]]


# ---------------------------------------------------------------------------- one call a library

LAYERS = [
    (source, design)
    for source, target in [(3, 5), (3, 6), (4, 8), (5, 6), (4, 11)]
    for design in sizes.designs(
        source, target, kernels=range(1, 6), strides=range(1, 4), dilations=(1, 2)
    )
]


def caught(text, **names):
    """Evaluate a call with names that record what they are given: (args, keywords)."""
    return eval(text, {"__builtins__": {}, **names})


def record(*args, **keywords):
    return args, keywords


@pytest.mark.parametrize("library", frameworks.LIBRARIES)
def test_every_call_keeps_the_window(library):
    """What each call says, computed by other means than the window rules of sizes."""
    said = 0
    for source, design in LAYERS:
        k, s, p, op, d = design
        how = {"stride": s, "dilation": d}
        x, w = RNG.integers(-9, 10, (source,) * 2), RNG.integers(-9, 10, (k, k))
        y = ops.conv_transpose2d(x, w, padding=p, output_padding=op, **how)
        text = frameworks.calls(design, source).get(library)
        if text is None:
            continue
        said += 1
        names = {"C_in": 1, "C_out": 1, "N": 1, "x": x, "w": w}
        if library == "pytorch":
            args, given = caught(text, nn=SimpleNamespace(ConvTranspose2d=record), **names)
            assert args == (1, 1, k)
            got = ops.conv_transpose2d(x, w, **given)
        elif library == "keras":
            args, given = caught(text, layers=SimpleNamespace(Conv2DTranspose=record), **names)
            assert args == (1, k)
            steps, spread = given.get("strides", 1), given.get("dilation_rate", 1)
            assert steps == 1 or spread == 1  # Keras refuses both
            extra = given.get("output_padding")
            both = {"same": steps if extra is None else (d * (k - 1) + 1) % 2 + extra,
                    "valid": d * (k - 1) + 1 + (max(steps - d * (k - 1) - 1, 0) if extra is None
                                                else extra)}  # fmt: skip
            assert len(y) == (source - 1) * steps + both[given["padding"]]
            before = {"same": (d * (k - 1) + 1 - both["same"]) // 2, "valid": 0}
            lo = max(before[given["padding"]], 0)
            canvas = np.pad(ops.canvas(x, w, stride=steps, dilation=spread), (0, 9))
            got = canvas[lo : lo + len(y), lo : lo + len(y)]
        elif library == "tensorflow":
            tf = SimpleNamespace(nn=SimpleNamespace(conv2d_transpose=record))
            (_, _, shape, steps, padding), given = caught(text, tf=tf, **names)
            assert shape[1] == shape[2] == len(y)
            if isinstance(padding, list):
                padding = padding[1:3]
            elif padding == "SAME":
                padding = sizes.conv_padding(
                    "tensorflow", (len(y),) * 2, k, stride=s, dilation=d, padding="SAME"
                )
            else:
                padding = 0
            given = {"stride": steps, "dilation": given.get("dilations", 1), "padding": padding}
            got = ops.conv2d_backward(x, np.zeros(y.shape), w, **given)[0]
        elif library == "jax":
            lax = SimpleNamespace(conv_transpose=record)
            (_, _, steps, padding), given = caught(text, lax=lax, **names)
            assert given["transpose_kernel"] is True
            wide = ops.zero_insert(ops.flip(w), given.get("rhs_dilation", (1, 1))[0])
            got = ops.conv2d(ops.zero_insert(x, steps[0]), wide, padding=padding)
        else:
            args, given = caught(text, helper=SimpleNamespace(make_node=record), **names)
            assert args == ("ConvTranspose", ["x", "w"], ["y"])
            lo, _, hi, _ = given["pads"]
            extra = given.get("output_padding", [0, 0])[0]
            assert 0 <= lo and 0 <= hi and extra < s
            wide = {"stride": given["strides"], "dilation": given.get("dilations", 1)}
            got = ops.conv_transpose2d(x, w, padding=[(lo, hi - extra)] * 2, **wide)
        assert np.array_equal(got, y), (text, source, design)
    assert said >= 20


def test_who_can_say_what():
    four_two_one = frameworks.calls(sizes.Design(4, 2, 1, 0, 1), 16)
    assert list(four_two_one) == list(frameworks.LIBRARIES)
    assert four_two_one["keras"] == 'layers.Conv2DTranspose(C_out, 4, strides=2, padding="same")'
    assert "keras" not in frameworks.calls(sizes.Design(3, 2, 1, 1, 1), 16)
    # Keras could say it only with output_padding=0, which its backends compute differently.
    assert "keras" not in frameworks.calls(sizes.Design(4, 2, 2, 0, 1), 5)
    # output_padding from the stride upwards, where dilation allows it in PyTorch
    assert set(frameworks.calls(sizes.Design(3, 1, 0, 1, 2), 4)) == {"pytorch", "jax"}


def test_what_the_live_comparison_installs_is_what_answered():
    """Every library of the extra is pinned, in the version whose answers are stored."""
    lines = (ROOT / "tests/frameworks/constraints.txt").read_text().splitlines()
    pins = dict(line.split("==") for line in lines if "==" in line and not line.startswith("#"))
    extra = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = {line.split(">=")[0] for line in extra["optional-dependencies"]["frameworks"]}
    versions = {name: text.partition("+")[0] for name, text in STORED["versions"].items()}
    assert {name: pins[name] for name in names} == {name: versions[name] for name in names}
