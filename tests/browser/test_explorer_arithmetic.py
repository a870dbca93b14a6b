"""The arithmetic in explorer.mjs equals ops and sizes, and its programs hold what they say."""

import itertools
import json
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from tconv_helpers import ops, sizes
from tconv_helpers.explorer import MOST_CELLS, WINDOWS, Explorer

TESTS = Path(__file__).resolve().parents[1]
X = np.array([3, -1, 4, 1, -5, 9, 2, 6])
W = np.array([2, 7, -1, 8, 3])


def legal_or_none(operation, *arguments, **keywords):
    try:
        return operation(*arguments, **keywords).tolist()
    except ValueError:
        return None


def every_line():
    """Both modes with i 1–8, k 1–5, s 1–4, p 0–4, op 0–3, d 1–3; None where ops refuses."""
    ranges = [range(1, 9), range(1, 6), range(1, 5), range(5), range(4), range(1, 4)]
    for i, k, s, p, op, d in itertools.product(*ranges):
        common = {"stride": s, "padding": p, "dilation": d}
        if op == 0:
            y = legal_or_none(ops.conv1d, X[:i], W[:k], **common)
            yield "convolution", i, k, s, p, op, d, y
        y = legal_or_none(ops.conv_transpose1d, X[:i], W[:k], output_padding=op, **common)
        yield "transposed", i, k, s, p, op, d, y


def window_of(mode, window, shape, kernel, setting):
    """The (lo, hi) pairs of a window rule, from sizes alone."""
    s, p, op, d = setting
    library, _, word = window.partition(" ")
    word = word.split(" ")[0]
    if mode == "convolution":
        if library == "padding":
            return [(q, q) for q in p]
        return sizes.conv_padding(library, shape, kernel, padding=word, stride=s, dilation=d)
    if library == "padding":
        sizes.conv_transpose_size(shape, kernel, stride=s, padding=p, output_padding=op, dilation=d)
        return sizes.window(p, op)
    return sizes.conv_transpose_window(library, shape, kernel, padding=word, stride=s, dilation=d)


def random_planes(count):
    """Legal two-dimensional settings with values, their output and their matrix's entries."""
    random = np.random.default_rng(20)
    found, seen = [], set()
    while len(found) < count:
        mode = ("transposed", "convolution")[random.integers(2)]
        window = WINDOWS[random.integers(len(WINDOWS))] if random.random() < 0.5 else "padding"
        if mode == "convolution" and window.endswith("transpose_kernel"):
            continue
        i, k, s, d = (random.integers(1, most, 2) for most in (7, 5, 5, 4))
        p, op = random.integers(0, 5, 2), random.integers(0, 4, 2)
        setting = tuple(tuple(int(v) for v in pair) for pair in (s, p, op, d))
        i, k = tuple(map(int, i)), tuple(map(int, k))
        try:
            pairs = [tuple(map(int, pair)) for pair in window_of(mode, window, i, k, setting)]
            x, w = random.integers(-9, 10, i), random.integers(1, 10, k)
            common = {"stride": setting[0], "padding": pairs, "dilation": setting[3]}
            if mode == "transposed":
                stamped = ops.flip(w) if window == "jax SAME" else w
                y = ops.conv_transpose2d(x, stamped, **common)
                back = {"stride": setting[0], "dilation": setting[3]}
                matrix = ops.convolution_matrix(stamped, y.shape, padding=pairs, **back).T
                room = max(
                    max(f, f - lo, f - hi)
                    for f, (lo, hi) in zip(sizes.canvas_size(i, k, **back), pairs, strict=True)
                )
            else:
                y = ops.conv2d(x, w, **common)
                matrix = ops.convolution_matrix(w, x.shape, **common)
                room = max(n + lo + hi for n, (lo, hi) in zip(i, pairs, strict=True))
        except ValueError:
            continue
        if room > MOST_CELLS[2] or matrix.shape != (y.size, x.size):
            continue
        seen.add((mode, window))
        names = ("stride", "padding", "output_padding", "dilation")
        S = {"mode": mode, "dims": 2, "window": window, "input": i, "kernel": k}
        S |= dict(zip(names, setting, strict=True)) | {"separate": True}
        entries = sorted(f"{r},{c}" for r, c in np.argwhere(matrix).tolist())
        found.append(
            {"S": S, "x": x.tolist(), "w": w.tolist(), "y": y.tolist(), "entries": entries}
        )
    assert len(seen) == 2 * len(WINDOWS) - 2, "a window rule was never met"
    return found


@pytest.fixture(scope="module")
def truth(tmp_path_factory):
    path = tmp_path_factory.mktemp("truth") / "truth.json"
    whole = {"x": X.tolist(), "w": W.tolist(), "line": list(every_line())}
    path.write_text(json.dumps(whole | {"plane": random_planes(2000)}))
    return path


def test_node_finds_explorer_equal_to_ops_and_sizes(truth):
    node = shutil.which("node")
    assert node, "node is needed: https://nodejs.org, version 20 or later"
    run = subprocess.run(
        [node, "--test", str(TESTS / "explorer.test.mjs")],
        env={**os.environ, "TRUTH": str(truth)},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]


def test_fresh_cells_are_filled_by_the_same_rule_in_python_and_in_the_browser():
    module = TESTS.parent / "tconv_helpers/explorer.mjs"
    script = (
        f"import {{ fill }} from {json.dumps(module.as_uri())};"
        "const all = (f) => [...Array(18)].map((_, r) => [...Array(18)].map((_, c) => f(r, c)));"
        "console.log(JSON.stringify([all(fill.x), all(fill.w)]))"
    )
    run = subprocess.run(
        ["node", "--input-type=module", "-e", script], capture_output=True, text=True, check=True
    )
    x, w = (np.array(a) for a in json.loads(run.stdout))
    explorer = Explorer("convolution", 18, 9)
    assert np.array_equal(explorer.x, x)
    assert np.array_equal(explorer.w, w[:9, :9])
