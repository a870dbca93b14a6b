"""The 22 popular sentences of chapter 09, and three controls: every number behind them.

The numbers are recomputed here from loops written out below and from stored answers of the
libraries, not from the package, which is then held against them. The last part holds the chapter
to its promises: its verdicts, its table, and cells that stand alone.
"""

import ast
import contextlib
import io
import json
import re
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from tconv_helpers import artifacts, exercises, ops, sizes, upsample

ROOT = Path(__file__).resolve().parents[1]
RNG = np.random.default_rng(9)


# -------------------------------------------------------------------------- definitions, in loops


def convolve(x, w, s=1, pad=(0, 0), d=1):
    """A convolution along one axis, without a flip; an empty list if no window fits."""
    x = [0] * pad[0] + list(x) + [0] * pad[1]
    y, start = [], 0
    while start + d * (len(w) - 1) < len(x):
        y.append(sum(x[start + d * t] * w[t] for t in range(len(w))))
        start += s
    return y


def transpose(x, w, s=1, p=0):
    """Stamps on a canvas, p cells cut off at both ends."""
    y = [0] * ((len(x) - 1) * s + len(w))
    for i, t in product(range(len(x)), range(len(w))):
        y[i * s + t] += x[i] * w[t]
    return y[p : len(y) - p]


def stretch(x, s):
    return [v for value in x for v in [value] + [0] * (s - 1)][: (len(x) - 1) * s + 1]


def matrix(w, size):
    """The convolution matrix of a 2-D kernel over a square of this size, stride 1."""
    k, o = len(w), size - len(w) + 1
    C = np.zeros((o * o, size * size), int)
    for r, c, u, v in product(range(o), range(o), range(k), range(k)):
        C[r * o + c, (r + u) * size + c + v] = w[u][v]
    return C


def numbers(n):
    """n different whole numbers, none 0, no mirror image of themselves."""
    return [3 + 7 * j + j * j for j in range(n)]


def test_the_loops_agree_with_the_package():
    for i, k, s, p in product((4, 7), (1, 2, 3, 4), (1, 2, 3), (0, 1)):
        x, w = numbers(i), numbers(k)
        assert convolve(x, w, s, (p, p)) == ops.conv1d(x, w, stride=s, padding=p).tolist()
        assert transpose(x, w, s, p) == ops.conv_transpose1d(x, w, stride=s, padding=p).tolist()
    assert convolve(numbers(9), numbers(3), 2, (1, 1), 2) == (
        ops.conv1d(numbers(9), numbers(3), stride=2, padding=1, dilation=2).tolist()
    )


LAYERS = list(product(range(1, 9), range(1, 6), range(1, 4), range(3)))  # i, k, s, p


def down(i, k, s, p):
    return len(convolve([0] * i, [0] * k, s, (p, p)))


def up(i, k, s, p):
    return (i - 1) * s + k - 2 * p if p else len(transpose([0] * i, [0] * k, s))


DOWN = [layer for layer in LAYERS if down(*layer)]
UP = [layer for layer in LAYERS if up(*layer) >= 1]


# ------------------------------------------------------------------------------ the eleven wrong


def test_the_transpose_does_not_recover_the_input():
    C = matrix([[1, 4, 1], [1, 4, 3], [3, 3, 1]], 4)
    x = np.arange(1, 17)
    assert (C @ x).tolist() == [130, 151, 214, 235]
    assert (C.T @ C @ x)[:4].tolist() == [130, 671, 734, 151]
    assert np.linalg.matrix_rank(C.T @ C) == 4
    assert np.abs(np.linalg.pinv(C) @ (C @ x) - x).max() > 5  # the shape only
    assert np.array_equal(C, ops.convolution_matrix([[1, 4, 1], [1, 4, 3], [3, 3, 1]], (4, 4)))
    for _ in range(20):  # whatever the kernel, 4 numbers carry rank 4 at most
        w = RNG.integers(-9, 10, (3, 3))
        assert np.linalg.matrix_rank(matrix(w, 4)) <= 4


def test_padding_has_a_minus_sign():
    assert up(5, 3, 1, 1) == 5
    assert 5 + 2 * 1 + (3 - 1) == 9
    padded = [(i, k, p) for i, k, s, p in UP if s == 1 and p > 0]
    assert len(padded) > 50
    for i, k, p in padded:
        real = sizes.conv_transpose_size(i, k, padding=p)
        assert real == i - 2 * p + (k - 1) != i + 2 * p + (k - 1)


def test_same_is_a_matter_of_the_layer():
    assert 3 + 2 * 1 == 5 == down(5, 3, 1, 1)
    assert down(7, 3, 1, 1) == 7 != 3 + 2 * 1
    assert down(5, 5, 1, 0) == 1
    for k, p in product(range(1, 8), range(4)):
        kept = [down(i, k, 1, p) == i for i in range(max(k - 2 * p, 1), 15)]
        assert all(kept) if 2 * p == k - 1 else not any(kept)


def test_the_border_is_not_half_a_kernel():
    x, w = numbers(2), numbers(3)
    stretched = stretch(x, 2)
    assert len(stretched) == 3
    assert len(convolve(stretched, w[::-1], pad=(3 // 2, 3 // 2))) == 3
    assert convolve(stretched, w[::-1], pad=(2, 2)) == transpose(x, w, 2)
    assert len(transpose(x, w, 2)) == 5
    for i, k, s in product((2, 3, 5), range(3, 7), (1, 2, 3)):
        half = convolve(stretch(numbers(i), s), numbers(k)[::-1], pad=(k // 2, k // 2))
        assert len(half) < len(transpose(numbers(i), numbers(k), s))


@pytest.mark.parametrize("s", [1, 2, 3])
def test_it_is_a_convolution(s):
    x, w = numbers(4), numbers(3)
    assert np.convolve(stretch(x, s), w).tolist() == transpose(x, w, s)


@pytest.mark.parametrize("s", [1, 2, 3])
def test_it_is_the_transposed_matrix_of_its_own_kernel(s):
    x, w = np.array(numbers(4)), numbers(3)
    y = transpose(x.tolist(), w, s)
    C = np.array([convolve(unit, w, s) for unit in np.eye(len(y), dtype=int).tolist()]).T
    assert (C.T @ x).tolist() == y
    assert np.array_equal(C, ops.convolution_matrix(w, (len(y),), stride=s))


def test_kernel_4_at_stride_4_does_not_overlap():
    assert set(transpose([1] * 5, [1] * 4, 4)) == {1}
    for k, s in product(range(1, 8), range(1, 5)):
        shared = sum(count > 1 for count in transpose([1, 1], [1] * k, s))
        assert shared == max(k - s, 0)


def test_a_colour_and_black_is_the_colour():
    red, black = np.array([255, 0, 0]), np.array([0, 0, 0])
    assert (red + black).tolist() == [255, 0, 0]
    pixels = np.stack([red, black], axis=1)
    y = ops.conv_transpose1d(pixels, np.ones((3, 1, 3), int), stride=2, groups=3)
    assert y[:, 2].tolist() == [255, 0, 0]


def test_the_size_of_a_convolution_has_a_floor_and_a_dilation():
    assert 1 + (6 - 3 + 0) / 2 == 2.5
    assert down(6, 3, 2, 0) == 2
    for i, k, s, p in DOWN:
        assert (1 + (i - k + 2 * p) / s == down(i, k, s, p)) == ((i - k + 2 * p) % s == 0)
        assert sizes.conv_size(i, k, stride=s, padding=p) == down(i, k, s, p)
    dilated = len(convolve([0] * 7, [0] * 3, d=2))
    assert dilated == sizes.conv_size(7, 3, dilation=2) == 3 != 1 + (7 - 3) / 1


def stored_same():
    """TensorFlow's own convolutions with SAME: (i, k, s) → its input, kernel and answer."""
    with np.load(ROOT / "tests" / "data" / "tensorflow_windows.npz", allow_pickle=False) as file:
        about = json.loads(file["about"].tobytes())
        table, values, x, w = (file[name] for name in ("table", "values", "x", "w"))
    start, answers = 0, {}
    for transposed, i, k, s, d, word, *_, length in table.tolist():
        stop = start + max(length, 0)
        is_word = word != about["none"] and about["words"][word] == "SAME"
        if is_word and not transposed and d == 1 and length > 0:
            answers[i, k, s] = x[:i].tolist(), w[:k].tolist(), values[start:stop].tolist()
        start = stop
    assert start == len(values)
    return answers


def test_same_of_tensorflow_is_half_a_kernel_only_sometimes():
    answers = stored_same()
    assert down(5, 4, 1, 4 // 2) == 6  # ⌊k/2⌋ on both sides: 5 → 6
    for setting, pad in {(5, 4, 1): (1, 2), (6, 3, 2): (0, 1)}.items():
        x, w, y = answers[setting]
        assert convolve(x, w, setting[2], pad) == y
    assert convolve(range(1, 7), [1, 2, 3], 2, (0, 1)) == [14, 26, 17]
    assert convolve(range(1, 7), [1, 2, 3], 2, (1, 1)) == [8, 20, 32]
    settings = [(i, k, s) for i, k, s in answers if 2 <= k <= i]
    assert len(settings) > 30
    for i, k, s in settings:
        x, w, y = answers[i, k, s]
        half = convolve(x, w, s, (k // 2, k // 2))
        assert (half == y) == (k % 2 == 1 and (i - 1) % s == 0), (i, k, s)


def test_a_map_of_44_by_64():
    assert 44 * 64 == 2816 != 1024
    assert 4 * 4 * 64 == 1024
    enlarged = (4 - 1) * 32 - 2 * 16 + 64
    assert enlarged == sizes.conv_transpose_size(4, 64, stride=32, padding=16) == 128
    assert enlarged**2 == 16384


# --------------------------------------------------------- the misleading: holds here, not there


@pytest.mark.parametrize(("k", "s"), [*product(range(1, 6), range(1, 4))])
def test_one_to_many_leaves_out_the_sums(k, s):
    arrivals = set(transpose([1] * 4, [1] * k, s))
    assert (arrivals == {1}) == (k == s)
    assert (max(arrivals) > 1) == (k > s)
    assert np.unique(artifacts.overlap_counts(4, k, stride=s)).tolist() == sorted(arrivals)


def test_the_stride_is_below_one_only_in_cells_of_the_input():
    x, w, s = [3, 1, 2, 0, 0], numbers(3), 2
    moved = [0, *x[:-1]]
    assert transpose(moved, w, s)[s:] == transpose(x, w, s)[:-s]  # 1 input cell is s output cells
    whole, after = np.convolve(stretch(x, s), w), np.convolve([0, *stretch(x, s)], w)
    assert after[1:].tolist() == whole.tolist()  # 1 stretched cell is 1 output cell
    assert 1 / s < 1


def test_deconvolution_undoes_only_what_is_orthogonal():
    x = np.arange(1.0, 9).reshape(4, 2)  # four windows of kernel 2 at stride 2
    wavelet = np.array([[0.6, 0.8], [0.8, -0.6]])
    assert np.allclose(x @ wavelet.T @ wavelet, x)
    assert not np.allclose(x @ wavelet[:1].T @ wavelet[:1], x)
    layer = wavelet[:, None]
    back = ops.conv_transpose1d(ops.conv1d(x.reshape(1, 8), layer, stride=2), layer, stride=2)
    assert np.allclose(back, x.reshape(1, 8))


def test_halves_the_size():
    assert (down(5, 2, 2, 0), up(2, 2, 2, 0)) == (2, 4)
    assert (down(6, 2, 2, 0), up(3, 2, 2, 0)) == (3, 6)
    for i, k, s, p in DOWN:
        if s == 2:
            assert (2 * down(i, k, s, p) == i) == (i % 2 == 0 and k - 2 * p in (1, 2))


def test_kernel_times_pixel_is_one_channel():
    w = np.array([[[[1, 2], [3, 4]]], [[[5, 6], [7, 8]]]])
    stamps = [1 * w[0, 0], 5 * w[1, 0]]
    assert (stamps[0] + stamps[1]).tolist() == [[26, 32], [38, 44]]
    both = ops.conv_transpose2d(np.array([1, 5]).reshape(2, 1, 1), w, stride=2)
    assert both[0].tolist() == [[26, 32], [38, 44]]
    for k, s in product(range(1, 5), range(1, 5)):
        x, taps = numbers(3), numbers(k)
        blocks = [transpose(x, taps, s)[n * s : n * s + k] for n in range(3)]
        assert (blocks == np.outer(x, taps).tolist()) == (k <= s)


def even_inside(w, s):
    n = len(w) + 2
    return len(set(transpose([1] * n, w, s)[len(w) - 1 : (n - 1) * s + 1])) == 1


def test_the_size_is_the_cause_only_with_equal_weights():
    for k, s in product(range(2, 9), (2, 3)):
        if k >= s:
            assert even_inside([1] * k, s) == (k % s == 0)
    assert not even_inside([1, 2, 3, 4], 2)
    assert even_inside([1, 2, 1], 2)
    for w in ([1, 1, 1], [1, 1, 1, 1], [1, 2, 3, 4], [1, 2, 1]):
        assert artifacts.is_even(w, 2) == even_inside(w, 2)


def test_the_border_is_k_minus_1_only_without_padding():
    for i, k, s, p in UP:
        if p < k:
            x, w = numbers(i), numbers(k)
            y = transpose(x, w, s, p)
            assert convolve(stretch(x, s), w[::-1], pad=(k - 1 - p, k - 1 - p)) == y
            full = convolve(stretch(x, s), w[::-1], pad=(k - 1, k - 1))
            assert (full == y) == (p == 0)


def test_that_the_kernel_fits_is_not_enough():
    used = [sum(start <= cell < start + 3 for start in (0, 2)) for cell in range(6)]
    assert used == [1, 1, 2, 1, 1, 0]
    for i, k, s, p in DOWN:
        if p == 0:
            end = (down(i, k, s, 0) - 1) * s + k
            assert i - end == (i - k) % s


def test_it_can_shrink():
    assert up(5, 3, 1, 2) == 3
    for i, k, s, p in UP:
        grows = sizes.conv_transpose_size(i, k, stride=s, padding=p) > i
        assert grows == ((i - 1) * (s - 1) + k - 1 > 2 * p)


def test_zeros_alone_are_not_enough():
    square = np.zeros((3, 3), int)
    square[::2, ::2] = 1
    assert ops.conv2d(square, np.ones((3, 3), int)).shape == (1, 1)
    assert ops.conv_transpose2d(np.ones((2, 2)), np.ones((3, 3)), stride=2).shape == (5, 5)
    x, s = numbers(3), 2
    for w, p in product(([1, 10, 100], [1, 10, 1]), range(3)):
        alone = convolve(stretch(x, s), w)
        assert (alone == transpose(x, w, s, p)) == (p == 2 and w == w[::-1])
        assert convolve(stretch(x, s), w[::-1], pad=(2 - p, 2 - p)) == transpose(x, w, s, p)


def test_a_floor_has_no_inverse():
    assert [down(i, 3, 2, 0) for i in (5, 6)] == [2, 2]
    for i, k, s, p in DOWN:
        o = down(i, k, s, p)
        back = (o - 1) * s + k - 2 * p
        assert (back == i) == ((i + 2 * p - k) % s == 0)
        assert i - back == (i + 2 * p - k) % s
        sharing = [j for j in range(1, 30) if down(j, k, s, p) == o]
        assert len(sharing) == s or sharing[0] == 1  # fewer where the smallest would be below 1


# ----------------------------------------------------------------------------- the three controls


def test_more_padding_is_smaller():
    for i, k, s in product((3, 4), (4, 5), (1, 2, 3)):
        x, w = numbers(i), numbers(k)
        lengths = [len(transpose(x, w, s, p)) for p in range(3)]
        assert np.diff(lengths).tolist() == [-2, -2]


@pytest.mark.parametrize(("k", "s"), [*product((2, 3, 4), (1, 2, 3))])
def test_the_gradient_of_a_convolution_is_transposed(k, s):
    w, i = numbers(k), 9
    g = numbers(down(i, k, s, 0))
    units = np.eye(i, dtype=int).tolist()
    gradient = [sum(a * b for a, b in zip(g, convolve(e, w, s), strict=True)) for e in units]
    extra = (i - k) % s
    assert gradient == transpose(g, w, s) + [0] * extra
    dx, _, _ = ops.conv1d_backward(np.array(g), np.zeros(i, int), np.array(w), stride=s)
    assert dx.tolist() == gradient


@pytest.mark.parametrize(("k", "s"), [*product((1, 2, 3, 4), (2, 3))])
def test_resize_and_convolution_are_one_layer(k, s):
    x, w = numbers(4), numbers(k)
    box = np.convolve([1] * s, w[::-1]).tolist()
    assert len(box) == k + s - 1
    for p in range(k):
        two = convolve(np.repeat(x, s).tolist(), w, pad=(p, p))
        assert two == transpose(x, box, s, k - 1 - p)
    plane = np.outer(x, x)
    resized = upsample.resize_conv(plane, np.outer(w, w), factor=s, padding=0)
    assert resized.tolist() == np.outer(*[convolve(np.repeat(x, s).tolist(), w)] * 2).tolist()


# -------------------------------------------------------------------------------- the chapter

NOTEBOOK = json.loads(
    (ROOT / "notebooks" / "09-audit-the-classics.ipynb").read_text(encoding="utf-8")
)
CELLS = {cell["id"]: "".join(cell["source"]) for cell in NOTEBOOK["cells"]}
TAGS = {cell["id"]: cell["metadata"].get("tags", []) for cell in NOTEBOOK["cells"]}
VERDICTS = {
    "plus": "false",
    "no-floor": "only if",
    "halves": "only if",
    "solve": "only if",
    "fits": "only if",
    "shrinks": "true",
    "upsampling": "only if",
    "same-sum": "false",
    "same-half": "only if",
    "border-half": "false",
    "border-full": "only if",
    "recovers": "false",
    "gradient": "true",
    "no-convolution": "false",
    "opposite": "false",
    "zeros": "only if",
    "deconvolution": "only if",
    "tiles": "false",
    "black": "false",
    "cause": "only if",
    "pixel": "only if",
    "resize": "true",
    "count": "false",
    "one-to-many": "only if",
    "fraction": "only if",
}


def test_the_chapter_holds_every_sentence():
    assert [name[6:] for name in CELLS if name.startswith("claim-")] == list(VERDICTS)
    for name in VERDICTS:
        tagged = [f"{part}-{name}" for part in ("claim", "test", "repair")]
        tagged += [f"probe-{name}"] if f"probe-{name}" in CELLS else []
        assert all(TAGS[cell] == ["warm-up"] for cell in tagged), name
        assert not TAGS[f"bet-{name}"], "a bet is no part of a warm-up"
        assert not TAGS[f"reveal-{name}"], "a reveal is no part of a warm-up"


@pytest.mark.parametrize("name", [*VERDICTS])
def test_a_verdict_is_the_same_in_bet_text_and_table(name):
    assert exercises.CHAPTERS["09"][f"claim-{name}"].target() == VERDICTS[name]
    text = {"true": "**True", "false": "**False", "only if": "**Only if"}[VERDICTS[name]]
    assert CELLS[f"repair-{name}"].startswith(text)
    [row] = re.findall(rf"^\| \[\d+\]\(#cell-id=claim-{name}\)\. (.*) \|$", CELLS["confused"], re.M)
    said, verdict, repaired, taught = row.split(" | ")
    assert said in CELLS[f"claim-{name}"]
    wanted = "true only if " if VERDICTS[name] == "only if" else VERDICTS[name]
    assert verdict.startswith(wanted) and (wanted != "true" or verdict == "true")
    assert repaired
    assert re.match(r"\[0\d\.\d+\]\(0\d-.*#cell-id=", taught)


@pytest.mark.parametrize("name", [*VERDICTS])
def test_a_warm_up_needs_the_setup_cell_alone(name):
    [cell] = [cell for cell in NOTEBOOK["cells"] if cell["id"] == f"test-{name}"]
    code = ast.parse(CELLS[f"test-{name}"])
    assert not any(isinstance(node, (ast.Import, ast.ImportFrom)) for node in ast.walk(code))
    space, printed = {}, io.StringIO()
    exec(CELLS["setup"], space)
    last = code.body.pop()
    shown = isinstance(last, ast.Expr) and not ast.unparse(last).startswith("print")
    if not shown:
        code.body.append(last)
    with contextlib.redirect_stdout(printed):
        exec(compile(code, name, "exec"), space)
    said = [repr(eval(ast.unparse(last), space))] if shown else []
    said = [*filter(None, [printed.getvalue()]), *said]
    outputs = [
        output.get("text", output.get("data", {}).get("text/plain")) for output in cell["outputs"]
    ]
    assert said == ["".join(output) for output in outputs]
