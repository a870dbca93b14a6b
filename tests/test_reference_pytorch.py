"""ops against PyTorch: forward results and gradients, exact for integers.

tools/make_reference_answers.py made the answers in tests/data/pytorch_layers.npz; the version is in
the file. PyTorch is not needed here.
"""

import json
import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from tconv_helpers import ops, sizes

OPERANDS, ANSWERS = ("x", "w", "b", "gy"), ("y", "dx", "dw", "db")


def load():
    path = Path(__file__).parent / "data" / "pytorch_layers.npz"
    with np.load(path, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    return json.loads(arrays.pop("about").tobytes()), arrays


ABOUT, ARRAYS = load()
CASES = ABOUT["cases"]
FLOATS = ABOUT["floats"]


def split(name, part, numbers):
    """Cut the flat array of one part into the arrays of the cases ``numbers``."""
    start, result = 0, []
    for number in numbers:
        shape = CASES[number]["shapes"][part]
        stop = start + math.prod(shape)
        result.append(ARRAYS[name][start:stop].reshape(shape))
        start = stop
    assert start == len(ARRAYS[name])
    return result


EXACT = {part: split(part, part, range(len(CASES))) for part in OPERANDS + ANSWERS}


def keywords(case):
    names = ["stride", "padding", "dilation", "groups"]
    return {
        name: tuple(case[name]) if isinstance(case[name], list) else case[name]
        for name in names + ["output_padding"] * (case["kind"] == "conv_transpose")
    }


def answers(case, x, w, b, gy):
    name = f"{case['kind']}{case['n']}d"
    forward, backward = getattr(ops, name), getattr(ops, f"{name}_backward")
    y = forward(x, w, b if case["bias"] else None, **keywords(case))
    dx, dw, db = backward(gy, x, w, **keywords(case))
    return {"y": y, "dx": dx, "dw": dw} | ({"db": db} if case["bias"] else {})


@pytest.mark.parametrize("number", range(len(CASES)))
def test_integers_exactly(number):
    case = CASES[number]
    got = answers(case, *(EXACT[part][number] for part in OPERANDS))
    for part, array in got.items():
        assert array.dtype == np.int64
        assert array.shape == tuple(case["shapes"][part]), f"{part} of {case}"
        assert np.array_equal(array, EXACT[part][number]), f"{part} of {case}"


@pytest.mark.parametrize(("bits", "tolerance"), [(32, 1e-5), (64, 1e-12)])
def test_floats_within_tolerance(bits, tolerance):
    """The largest difference is below ``tolerance`` times the largest value."""
    dtype = np.dtype(f"float{bits}")
    operands = [split(f"float_{part}", part, FLOATS) for part in OPERANDS]
    want = {part: split(f"float_{part}{bits}", part, FLOATS) for part in ANSWERS}
    for row, number in enumerate(FLOATS):
        case = CASES[number]
        got = answers(case, *(part[row].astype(dtype) for part in operands))
        for part, array in got.items():
            expected = want[part][row]
            assert array.dtype == expected.dtype == dtype
            assert array.shape == expected.shape
            worst = np.abs(array - expected).max()
            assert worst <= tolerance * np.abs(expected).max(), f"{part} of {case}"


@pytest.mark.parametrize("number", range(0, len(CASES), 3))
def test_sizes_are_pytorchs(number):
    case = CASES[number]
    setting = keywords(case)
    del setting["groups"]
    size = sizes.conv_size if case["kind"] == "conv" else sizes.conv_transpose_size
    got = size(tuple(case["size"]), tuple(case["kernel"]), **setting)
    assert got == tuple(case["shapes"]["y"][-case["n"] :])


def test_the_cases_cover_every_rule():
    """The file holds what it was made for; a smaller one would pass the other tests."""

    def axes(case, name):
        value = case[name]
        return value if isinstance(value, list) else [value] * case["n"]

    seen = Counter()
    for case in CASES:
        seen[case["kind"], case["n"]] += 1
        seen["bias"] += case["bias"]
        seen["groups"] += case["groups"] > 1
        seen["batch 0"] += case["batch"] == 0
        seen["unbatched"] += case["batch"] is None
        seen["not square"] += len(set(case["size"])) > 1
        seen["per axis"] += any(isinstance(case[k], list) for k in ("stride", "dilation"))
        seen["words"] += isinstance(case["padding"], str)
        settings = zip(
            case["kernel"],
            *(axes(case, name) for name in ("stride", "padding", "output_padding", "dilation")),
            strict=True,
        )
        for k, s, p, op, d in settings:
            seen["dilated"] += d > 1 and k > 1
            seen["op at least stride"] += op >= s
            seen["op past the canvas"] += op > (0 if isinstance(p, str) else p)
            seen["padding beyond d(k − 1)"] += not isinstance(p, str) and p > d * (k - 1)
    assert len(CASES) >= 300
    assert len(FLOATS) >= 30
    assert all(seen[kind, n] >= 50 for kind in ("conv", "conv_transpose") for n in (1, 2, 3)), seen
    assert min(seen.values()) >= 6, seen
    assert ABOUT["torch"].startswith("2.")
