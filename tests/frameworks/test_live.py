"""This package against the live PyTorch, Keras on JAX, JAX and ONNX Runtime.

`make test-frameworks` installs them into an environment of their own and runs this folder and
chapter 08 there. `make test` does not: it compares with stored answers.
"""

import importlib.util
import itertools
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tconv_helpers import frameworks, ops, sizes

ROOT = Path(__file__).resolve().parents[2]
os.environ["KERAS_BACKEND"] = "jax"  # for the pasted programs, too; before Keras is imported
LIVE = ("pytorch", "keras", "jax", "jax transpose_kernel", "onnx")
# The libraries warn of one another; what they compute is judged here.
pytestmark = pytest.mark.filterwarnings("default")


def script(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / f"tools/{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TOOL = script("make_framework_answers")
STORED = json.loads(TOOL.PATH.read_text())


@pytest.fixture(autouse=True, scope="session")
def every_library_is_here():
    assert {*frameworks.installed()} >= {name.split()[0] for name in LIVE}


def same(got, wanted):
    assert got.shape == wanted.shape
    assert np.array_equal(got, wanted)


def own(library, x, w, transposed=True, groups=1):
    """Input and weights as PyTorch keeps them, as the library takes them."""
    last = frameworks.image_layout(library, transposed=transposed)[-1] == "C"
    w = frameworks.convert_weights(w, "pytorch", library, transposed=transposed, groups=groups)
    return (frameworks.channels_last(x) if last else x), w


def back(library, y, transposed=True):
    last = frameworks.image_layout(library, transposed=transposed)[-1] == "C"
    return frameworks.channels_first(y) if last else y


# ---------------------------------------------------------------- what is stored is what they say


def test_stored_answers_are_those_of_the_live_libraries():
    live = [json.loads(json.dumps(row)) for row in TOOL.examples(LIVE)]
    assert live == [row for row in STORED["G"] if row["library"] in LIVE]
    assert json.loads(json.dumps([*TOOL.jax_pads()])) == STORED["jax_pads"]
    for made, row in zip(TOOL.layers(LIVE), STORED["layers"], strict=True):
        row["libraries"].pop("tensorflow")
        assert json.loads(json.dumps(made)) == row


def test_programs_agree_with_the_explorer_on_every_stored_setting():
    """It stops where the live library gives another y than the explorer's program did."""
    assert [*TOOL.explorer(every=4)] == STORED["explorer"][::4]


def test_the_programs_that_the_explorer_writes():
    """Now, from its own source: every one runs, and the libraries agree with the stored y."""
    made = script("make_explorer_answers")
    node = ["node", "--input-type=module", "-e", made.SETTINGS]
    run = subprocess.run(node, cwd=ROOT, capture_output=True, text=True, check=True)
    cases = json.loads(run.stdout)
    stored = json.loads((ROOT / "tests/data/explorer_programs.json").read_text())["cases"]
    assert len(cases) == len(stored)
    for case, wanted in zip(cases[::10], stored[::10], strict=True):
        assert case["S"] == wanted["S"]
        for library, program in case["programs"].items():
            assert made.answer(program) == wanted["y"], (library, program)


@pytest.mark.parametrize("row", STORED["G"], ids=lambda row: row["name"])
def test_pasted_programs_give_the_stored_numbers(row):
    """As a reader pastes them: in a Python of their own they would find no other name."""
    if row["library"] not in LIVE:
        return  # TensorFlow's is stored: it is not installed beside the others
    x, w = TOOL.plain(row["library"], True, STORED["x"], STORED["w"])
    scope = {}
    exec(frameworks.program(row["library"], x, w, stride=2, **row["setting"]), scope)
    assert scope["y"].reshape(np.shape(row["y"])).tolist() == row["y"]


# ---------------------------------------------------------------- layers drawn at random

DRAW = random.Random(8)
RNG = np.random.default_rng(8)


def layers(n, count):
    """Legal layers of PyTorch along n axes: (size, kernel, settings)."""
    found = 0
    while found < count:
        axes = [
            (DRAW.randint(1, 5), DRAW.randint(1, 4), *DRAW.choice([(1, 1), (1, 2), (2, 1), (3, 1)]),
             DRAW.randint(0, 3), DRAW.randint(0, 2))
            for _ in range(n)
        ]  # fmt: skip
        size, k, s, d, p, op = zip(*axes, strict=True)
        how = {"stride": s, "padding": p, "output_padding": op, "dilation": d}
        try:
            sizes.conv_transpose_size(size, k, **how)
        except ValueError:
            continue
        found += 1
        yield size, k, how


@pytest.mark.parametrize(("library", "n"), [*itertools.product(LIVE, (1, 2, 3))])
def test_ported_layers_give_the_same_numbers(library, n):
    operation, count = getattr(ops, f"conv_transpose{n}d"), 0
    for size, k, how in layers(n, (24, 16, 10)[n - 1]):
        groups = DRAW.choice([1, 2]) if library in ("pytorch", "onnx") else 1
        x = RNG.integers(-9, 10, (2, 2, *size))
        w = RNG.integers(-9, 10, (2, 4 // groups, *k))
        b = RNG.integers(-9, 10, 4)
        try:
            words = frameworks.port(library, size, k, **how)
        except ValueError:
            continue
        count += 1
        y = frameworks.ask(library, *own(library, x, w, groups=groups), b, groups=groups, **words)
        same(back(library, y), operation(x, w, b, groups=groups, **how))
    assert count >= 2


@pytest.mark.parametrize(("library", "n"), [*itertools.product(LIVE, (1, 2, 3))])
def test_convolutions_give_the_same_numbers(library, n):
    operation = getattr(ops, f"conv{n}d")
    for count in range((12, 8, 4)[n - 1]):
        size = tuple(DRAW.randint(4, 7) for _ in range(n))
        k = tuple(DRAW.randint(1, 4) for _ in range(n))
        s, groups = DRAW.randint(1, 3), DRAW.choice([1, 2])
        x = RNG.integers(-9, 10, (2, 4, *size))
        w = RNG.integers(-9, 10, (6, 4 // groups, *k))
        b = RNG.integers(-9, 10, 6)
        how, padding = {"stride": s}, 0
        if count % 2 and (library != "pytorch" or s == 1):
            words = {"pytorch": ["same"], "keras": ["same"], "onnx": ["SAME_UPPER", "SAME_LOWER"]}
            how["padding"] = DRAW.choice(words.get(library, ["SAME", "SAME_LOWER"]))
            padding = sizes.conv_padding(library.split()[0], size, k, **how)
        x_own, w_own = own(library, x, w, transposed=False, groups=groups)
        y = frameworks.ask(library, x_own, w_own, b, transposed=False, groups=groups, **how)
        wanted = operation(x, w, b, stride=s, padding=padding, groups=groups)
        same(back(library, y, transposed=False), wanted)


WORDS = {
    "keras": [{"padding": "same"}, {"padding": "valid"}, {"padding": "same", "output_padding": 1}],
    "jax": [{"padding": "SAME"}, {"padding": "VALID"}, {"padding": ((0, 1), (2, 0))}],
    "onnx": [{"padding": word} for word in ("SAME_UPPER", "SAME_LOWER", "VALID")],
}


@pytest.mark.parametrize("library", WORDS)
def test_words_keep_the_window_that_sizes_says(library):
    for k, s in itertools.product((2, 3, 5), (2, 3)):
        for words in WORDS[library]:
            x = RNG.integers(-9, 10, (1, 2, 3, 4))
            w = RNG.integers(-9, 10, (2, 3, k, k))
            try:
                window = sizes.conv_transpose_window(library, (3, 4), k, stride=s, **words)
            except ValueError:
                continue
            y = frameworks.ask(library, *own(library, x, w), stride=s, **words)
            same(back(library, y), ops.conv_transpose2d(x, w, stride=s, padding=window))


@pytest.mark.parametrize("n", [1, 2, 3])
def test_the_switch_of_jax_makes_its_pads_cuts(n):
    operation = getattr(ops, f"conv_transpose{n}d")
    for size, k, how in layers(n, (20, 10, 5)[n - 1]):
        p, op = how["padding"], how["output_padding"]
        pads = tuple((a, a - b) for a, b in zip(p, op, strict=True))
        words = {"stride": how["stride"], "dilation": how["dilation"], "padding": pads}
        x, w = RNG.integers(-9, 10, (2, 2, *size)), RNG.integers(-9, 10, (2, 3, *k))
        for library in ("jax", "jax transpose_kernel"):
            given = own(library, x, w)
            y = frameworks.ask(library, *given, **words, use_consistent_padding=True)
            same(back(library, y), operation(x, w, **how))


# ---------------------------------------------------------------- weights that the library made


def test_a_keras_layer_moves_to_pytorch():
    import keras
    import torch

    layer = keras.layers.Conv2DTranspose(3, 4, strides=2, padding="same")
    x = RNG.normal(size=(2, 5, 6, 4)).astype("float32")
    y = keras.ops.convert_to_numpy(layer(x))
    kernel, bias = layer.get_weights()
    moved = torch.nn.ConvTranspose2d(4, 3, 4, stride=2, padding=1)
    w = frameworks.convert_weights(kernel, "keras", "pytorch")
    moved.load_state_dict({"weight": torch.tensor(w), "bias": torch.tensor(bias)})
    got = moved(torch.tensor(frameworks.channels_first(x))).detach().numpy()
    assert np.allclose(frameworks.channels_last(got), y, rtol=1e-4, atol=1e-5)


def test_a_pytorch_layer_moves_to_jax_and_to_onnx():
    import torch

    layer = torch.nn.ConvTranspose2d(3, 3, 3, stride=2, padding=1, output_padding=1)
    x = RNG.normal(size=(2, 3, 4, 5)).astype("float32")
    y = layer(torch.tensor(x)).detach().numpy()
    w, b = layer.weight.detach().numpy(), layer.bias.detach().numpy()
    how = {"stride": 2, "padding": 1, "output_padding": 1}
    for library in ("jax", "jax transpose_kernel", "onnx", "keras"):
        words = frameworks.port(library, (4, 5), (3, 3), **how)
        got = back(library, frameworks.ask(library, *own(library, x, w), b, **words))
        assert np.allclose(got, y, rtol=1e-4, atol=1e-5)
        swapped = w.swapaxes(0, 1)  # as many channels in as out: the wrong layout fits, too
        wrong = back(library, frameworks.ask(library, *own(library, x, swapped), b, **words))
        assert wrong.shape == y.shape and abs(wrong - y).max() > 0.01


def test_new_layers_lie_within_their_bounds():
    rows = list(TOOL.inits(TOOL.NEW[:1] + TOOL.NEW[5:7]))
    assert len(rows) >= 9
    for row in rows:
        init = frameworks.default_init(
            row["library"], row["c_in"], row["c_out"], row["k"],
            transposed=row["transposed"], groups=row["groups"],
        )  # fmt: skip
        assert 0.995 < row["largest"] / init.bound < 1 + 1e-6
        assert row["std"] == pytest.approx(init.std, rel=0.02)


def test_versions_are_those_that_are_pinned():
    from importlib.metadata import version

    lines = (ROOT / "tests/frameworks/constraints.txt").read_text().splitlines()
    pins = dict(line.split("==") for line in lines if "==" in line and line[0] != "#")
    for package in ("torch", "keras", "jax", "onnx", "onnxruntime"):
        assert version(package).partition("+")[0] == pins[package], sys.version
        assert STORED["versions"][package].partition("+")[0] == pins[package]
