"""Break the package on purpose, one fault at a time, and write down what caught it.

    python tools/plant_faults.py            every fault, then tests/FAULTS.md is written
    python tools/plant_faults.py flip       only the faults whose name contains "flip"; no file

Each fault is one replacement in a copy of the tree. The unit tests run on the copy, and, apart from
them, nbval over the notebooks. A fault that the unit tests miss, or one that chapters teach and
nbval misses, ends this tool with exit status 1.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "tests" / "FAULTS.md"


class Fault(NamedTuple):
    name: str
    file: str
    old: str
    new: str
    taught: bool = True  # chapters teach it, so nbval alone must notice


KERNELS, GEOMETRY, MATRIX, CALLS, ARGUMENTS, OPS, SIZES = (
    f"tconv_helpers/{name}.py"
    for name in ("kernels", "_geometry", "_matrix", "_calls", "_arguments", "ops", "sizes")
)

ARTIFACTS, UPSAMPLE = (f"tconv_helpers/{name}.py" for name in ("artifacts", "upsample"))

FAULTS = [
    # ------------------------------------------------------------------ the three sums
    Fault(
        "convolution flips the kernel",
        GEOMETRY,
        "source = (m * s + t * d) // spacing",
        "source = (m * s + (k - 1 - t) * d) // spacing",
    ),
    Fault(
        "windows ignore the dilation",
        GEOMETRY,
        "source = (m * s + t * d) // spacing",
        "source = m * s + t",
    ),
    Fault(
        "windows ignore the stride",
        GEOMETRY,
        "source = (m * s + t * d) // spacing",
        "source = (m + t * d) // spacing",
    ),
    Fault(
        "mean instead of sum in the convolution",
        KERNELS,
        "part = (windows @ matrix).reshape(made)",
        "part = (windows @ matrix // reads).reshape(made)",
    ),
    Fault(
        "axes swapped in the patches",
        KERNELS,
        "for axis in range(n) for v in (2 + axis, 3 + n + axis)",
        "for axis in reversed(range(n)) for v in (2 + axis, 3 + n + axis)",
    ),
    Fault(
        "groups mixed in the convolution",
        GEOMETRY,
        "(g * second + b, a) if reads_second",
        "((groups - 1 - g) * second + b, a) if reads_second",
    ),
    Fault(
        "padding put at the end only",
        GEOMETRY,
        "place = (slice(max(lo, 0), max(i + lo + min(hi, 0), 0)) for i, (lo, hi) in pairs)",
        "place = (slice(0, max(i + min(lo, 0) + min(hi, 0), 0)) for i, (lo, hi) in pairs)",
    ),
    Fault(
        "im2col mixes windows and taps",
        KERNELS,
        "windows.transpose(1, *range(2 + n, 2 + 2 * n), 0, *range(2, 2 + n))",
        "windows.transpose(1, *range(1 + 2 * n, 1 + n, -1), 0, *range(2, 2 + n))",
        taught=False,
    ),
    Fault(
        "stamps land flipped",
        KERNELS,
        ".dot(w.reshape(1, -1)).ravel()",
        ".dot(w.reshape(1, -1)[:, ::-1]).ravel()",
    ),
    Fault(
        "stamps overwrite instead of adding",
        KERNELS,
        "sums = np.bincount(index, products, cells).astype(dtype)",
        "sums = np.zeros(cells + 1, dtype)\n            sums[index] = products",
    ),
    Fault(
        "stamps ignore the stride",
        GEOMETRY,
        "np.arange(o)[:, None] * s + np.arange(k) * d - lo",
        "np.arange(o)[:, None] + np.arange(k) * d - lo",
    ),
    Fault(
        "stamps ignore the dilation",
        GEOMETRY,
        "np.arange(o)[:, None] * s + np.arange(k) * d - lo",
        "np.arange(o)[:, None] * s + np.arange(k) - lo",
        taught=False,
    ),
    Fault(
        "stamps ignore the padding",
        GEOMETRY,
        "np.arange(o)[:, None] * s + np.arange(k) * d - lo",
        "np.arange(o)[:, None] * s + np.arange(k) * d",
    ),
    Fault(
        "stamps wrap around the image's edge",
        GEOMETRY,
        "inside = inside[:, None, :, None] & ((table >= 0) & (table < size))[None, :, None, :]",
        "inside = inside[:, None, :, None] & ((table >= -1) & (table <= size))[None, :, None, :]",
    ),
    Fault(
        "groups mixed in the stamps",
        GEOMETRY,
        "group = np.arange(c_in) // (c_in // layer.groups)",
        "group = np.arange(c_in) % layer.groups",
        taught=False,
    ),
    Fault(
        "products of integers added as doubles",
        KERNELS,
        'dtype.char in "fd"\n',
        'dtype.char in "fdlq"\n',
        taught=False,
    ),
    Fault(
        "weight gradient forgets the batch",
        KERNELS,
        "_blocks(len(x), layer.small, layer.groups * dw.shape[2])",
        "_blocks(min(len(x), 1), layer.small, layer.groups * dw.shape[2])",
        taught=False,
    ),
    Fault(
        "weight gradient keeps its last block only",
        KERNELS,
        "dw += values @ columns.swapaxes(1, 2)",
        "dw[...] = values @ columns.swapaxes(1, 2)",
        taught=False,
    ),
    # ------------------------------------------------------------------ the fast ways
    Fault(
        "phases read their taps forwards",
        KERNELS,
        "*(slice(None, None, -1), slice(None)) * n",
        "*(slice(None), slice(None)) * n",
        taught=False,
    ),
    Fault(
        "phases interleaved with rows for columns",
        KERNELS,
        "x[(..., *cells)] = part[(slice(None), *phase,",
        "x[(..., *cells)] = part[(slice(None), *phase[::-1],",
        taught=False,
    ),
    Fault(
        "window of the canvas starts one late",
        GEOMETRY,
        "x = s * q + r - lo  #",
        "x = s * q + r - lo - 1  #",
        taught=False,
    ),
    Fault(
        "col2im overwrites instead of adding",
        KERNELS,
        "target += products[",
        "target[...] = products[",
        taught=False,
    ),
    Fault(
        "col2im ignores the dilation",
        GEOMETRY,
        "divmod(d * t, s) for t, d, s in zip(tap",
        "divmod(t, s) for t, d, s in zip(tap",
        taught=False,
    ),
    Fault(
        "patches read later for earlier",
        GEOMETRY,
        "(m - j + latest, m * s + r, t)",
        "(m + j - int(j.min()), m * s + r, t)",
        taught=False,
    ),
    Fault(
        "the last block of rows is left out",
        KERNELS,
        "for r in range(0, shape[0], rows):",
        "for r in range(0, max(shape[0] - rows, 0) + 1, rows):",
        taught=False,
    ),
    Fault(
        "an infinite value spreads to its neighbours",
        KERNELS,
        "run(a, w) if _finite(a) and _finite(w) else exact(a, w)",
        "run(a, w)",
        taught=False,
    ),
    Fault(
        "large integers summed in doubles",
        CALLS,
        "EXACT_IN_DOUBLES = 2**53",
        "EXACT_IN_DOUBLES = 2**62",
        taught=False,
    ),
    Fault(
        "a call with True looks up the one with 1",
        CALLS,
        "if type(value) is not int and not _sure(value):",
        "if isinstance(value, list):",
        taught=False,
    ),
    # ------------------------------------------------------------------ the matrix
    Fault(
        "matrix wraps around the image's edge",
        MATRIX,
        "min(small, -((shift - large) // s))",
        "min(small, -((shift - large - 1) // s))",
    ),
    Fault(
        "matrix ignores the padding",
        MATRIX,
        "shift = d * t - lo",
        "shift = d * t",
    ),
    Fault(
        "matrix ignores the dilation",
        MATRIX,
        "shift = d * t - lo",
        "shift = t - lo",
        taught=False,
    ),
    Fault(
        "matrix ignores the stride",
        MATRIX,
        "steps = [r + s * c for",
        "steps = [r + c for",
    ),
    Fault(
        "matrix confuses input channels",
        MATRIX,
        ".reshape(g, cy, cx, *(1,) * n)",
        ".reshape(g, cy, cx, *(1,) * n)[:, :, ::-1]",
    ),
    Fault(
        "sparse matrix confuses input channels",
        MATRIX,
        "source[:, None] + np.arange(per_group)",
        "source[:, None] + np.arange(per_group)[::-1]",
        taught=False,
    ),
    Fault(
        "a large dense matrix is not refused",
        OPS,
        "if not sparse and size > dense_limit:",
        "if not sparse and size > dense_limit * 10**9:",
    ),
    # ------------------------------------------------------------------ sizes
    Fault(
        "convolution size rounds up",
        SIZES,
        "return (room - span) // s + 1",
        "return -((span - room) // s) + 1",
    ),
    Fault(
        "convolution size forgets the last place",
        SIZES,
        "return (room - span) // s + 1",
        "return (room - span) // s",
    ),
    Fault(
        "extent of a kernel ignores the dilation",
        SIZES,
        "return d * (k - 1) + 1",
        "return k",
    ),
    Fault(
        "padding crops once instead of twice",
        SIZES,
        "return full - lo - hi + op",
        "return full - lo + op",
    ),
    Fault(
        "output_padding ignored",
        SIZES,
        "return full - lo - hi + op",
        "return full - lo - hi",
    ),
    Fault(
        "output_padding uncovers the wrong end",
        SIZES,
        "windows = tuple(Window(lo, hi - op)",
        "windows = tuple(Window(lo - op, hi)",
    ),
    Fault(
        "output_padding of the stride allowed",
        SIZES,
        "if op >= limit:",
        "if op > limit:",
        taught=False,
    ),
    Fault(
        "same padding puts the extra zero first",
        SIZES,
        "return total // 2, total - total // 2",
        "return total - total // 2, total // 2",
    ),
    # ------------------------------------------------------------------ calls
    Fault(
        "bias left out",
        CALLS,
        "y += b.reshape(-1, *(1,) * n)",
        "pass",
        taught=False,
    ),
    Fault(
        "integers summed in the caller's small type",
        ARGUMENTS,
        "return np.dtype(np.int64)",
        "return np.result_type(*arrays.values())",
        taught=False,
    ),
    Fault(
        "the kernel is not turned by flip",
        OPS,
        'return np.flip(arguments.numeric("w", w)).copy()',
        'return arguments.numeric("w", w).copy()',
    ),
    Fault(
        "one axis only is turned by flip",
        OPS,
        'return np.flip(arguments.numeric("w", w)).copy()',
        'return np.flip(arguments.numeric("w", w), axis=0).copy()',
    ),
    Fault(
        "zero_insert puts one zero too many",
        OPS,
        "shape = [(i - 1) * s + 1 for i, s in zip(x.shape, stride, strict=True)]",
        "stride = tuple(s + 1 for s in stride)\n"
        "    shape = [(i - 1) * s + 1 for i, s in zip(x.shape, stride, strict=True)]",
    ),
    Fault(
        "gradient of the input and of the kernel swapped in kind",
        CALLS,
        "dx, dw = kernels.gather(g, w, plan.layer)",
        "dx, dw = kernels.gather(g[..., ::-1], w, plan.layer)",
    ),
    # ------------------------------------------------------------------ checkerboards
    Fault(
        "overlap counts ignore the stride",
        ARTIFACTS,
        "y = _CONV_TRANSPOSE[n](y, np.ones(kernel, int), **keywords)",
        'y = _CONV_TRANSPOSE[n](y, np.ones(kernel, int), **{**keywords, "stride": 1})',
    ),
    Fault(
        "stacked layers counted last layer first",
        ARTIFACTS,
        "for layer in layers:",
        "for layer in reversed(layers):",
        taught=False,
    ),
    Fault(
        "phases taken as blocks of neighbours",
        ARTIFACTS,
        "(t * d % s for t, s, d in steps)",
        "(t * d // s % s for t, s, d in steps)",
    ),
    Fault(
        "phases ignore the dilation",
        ARTIFACTS,
        "(t * d % s for t, s, d in steps)",
        "(t % s for t, s, d in steps)",
        taught=False,
    ),
    Fault(
        "the last tap of a phase stands for its sum",
        ARTIFACTS,
        "result[phase] += w[tap]",
        "result[phase] = w[tap]",
    ),
    Fault(
        "taps counted instead of added",
        ARTIFACTS,
        "result[phase] += w[tap]",
        "result[phase] += w[tap] != 0",
    ),
    Fault(
        "strength is a variance",
        ARTIFACTS,
        "return float(np.sqrt(share.max()))",
        "return float(share.max())",
    ),
    Fault(
        "strength relative to the mean",
        ARTIFACTS,
        "power = (sums**2).mean(axis=axes)",
        "power = sums.mean(axis=axes) ** 2",
    ),
    Fault(
        "strength averages the channels",
        ARTIFACTS,
        "return float(np.sqrt(share.max()))",
        "return float(np.sqrt(share.mean()))",
        taught=False,
    ),
    Fault(
        "rounding taken for a pattern",
        ARTIFACTS,
        "spread[np.abs(spread) <= noise] = 0",
        "spread[np.abs(spread) < 0] = 0",
    ),
    Fault(
        "nearly even passes for even",
        ARTIFACTS,
        "return checkerboard_strength(w, stride, dilation=dilation) == 0",
        "return checkerboard_strength(w, stride, dilation=dilation) < 0.3",
    ),
    Fault(
        "division starts at the low end",
        ARTIFACTS,
        "quotient[power] = rest[power + stride - 1]",
        "quotient[power] = rest[power]",
    ),
    Fault(
        "division by a box one too short",
        ARTIFACTS,
        "rest[power : power + stride] -= quotient[power]",
        "rest[power + 1 : power + stride] -= quotient[power]",
    ),
    Fault(
        "response at half the frequency",
        ARTIFACTS,
        "np.exp(-2j * np.pi * np.multiply.outer(f, np.arange(len(w))))",
        "np.exp(-1j * np.pi * np.multiply.outer(f, np.arange(len(w))))",
    ),
    Fault(
        "aliases along the last axis only",
        ARTIFACTS,
        "np.fft.fftn(sums, axes=tuple(range(-len(steps), 0)))",
        "np.fft.fftn(sums, axes=(-1,))",
        taught=False,
    ),
    Fault(
        "a phase's lack put on each of its taps",
        ARTIFACTS,
        "change = (goal - sums) / taps",
        "change = goal - sums",
    ),
    Fault(
        "the two common sums swapped",
        ARTIFACTS,
        "weight = np.ones(stride) if keep_sum else 1 / taps",
        "weight = 1 / taps if keep_sum else np.ones(stride)",
    ),
    Fault(
        "the caller's kernel is repaired in place",
        ARTIFACTS,
        'np.float32) if w.dtype.kind == "f" else float)',
        'np.float32) if w.dtype.kind == "f" else float, copy=False)',
    ),
    Fault(
        "a phase without taps is not refused",
        ARTIFACTS,
        "if not taps.all():",
        "if not taps.any():",
        taught=False,
    ),
    # ------------------------------------------------------------------ other ways up
    Fault(
        "nearest tiles the picture instead of repeating cells",
        UPSAMPLE,
        "x = x.repeat(factor, axis)",
        "x = np.concatenate([x] * factor, axis)",
    ),
    Fault(
        "bilinear interpolates between corners, not centres",
        UPSAMPLE,
        "place = (np.arange(size * factor) + 0.5) / factor - 0.5",
        "place = np.arange(size * factor) / factor",
    ),
    Fault(
        "bilinear kernel of an odd factor one cell too long",
        UPSAMPLE,
        "k = 2 * factor - factor % 2",
        "k = 2 * factor",
        taught=False,
    ),
    Fault(
        "resize-convolution convolves first",
        UPSAMPLE,
        "return ops.conv2d(resize(x, factor), w, b, padding=padding)",
        "return resize(ops.conv2d(x, w, b, padding=padding), factor)",
    ),
    Fault(
        "the equal transposed kernel is not flipped",
        UPSAMPLE,
        "return ops.canvas(ops.flip(w), np.ones((factor,) * w.ndim, int))",
        "return ops.canvas(w, np.ones((factor,) * w.ndim, int))",
    ),
    Fault(
        "pixel shuffle swaps rows and columns of a block",
        UPSAMPLE,
        "x = np.moveaxis(np.moveaxis(x, -4, -2), -4, -1)",
        "x = np.moveaxis(np.moveaxis(x, -3, -2), -4, -1)",
    ),
    Fault(
        "pixel shuffle swaps the libraries' orders",
        UPSAMPLE,
        'if order == "pytorch":\n        x = x.reshape',
        'if order != "pytorch":\n        x = x.reshape',
    ),
    Fault(
        "pixel unshuffle knows one order",
        UPSAMPLE,
        'if order == "tensorflow":\n        x = np.moveaxis(x, -5, -3)',
        'if order == "tensorflow":\n        x = np.moveaxis(x, -5, -5)',
        taught=False,
    ),
    Fault(
        "ICNR in TensorFlow's order for all",
        UPSAMPLE,
        "return w.repeat(factor**2, axis=0)",
        "return np.tile(w, (factor**2, *(1,) * (w.ndim - 1)))",
    ),
]


UNIT_TESTS = tuple(
    f"tests/test_{name}.py"
    for name in (
        "ops_examples",
        "ops_calls",
        "ops_properties",
        "kernels",
        "sizes",
        "artifacts",
        "upsample",
        "reference_pytorch",
        "reference_frameworks",
    )
)


def main(wanted):
    with tempfile.TemporaryDirectory() as folder:
        copy = copied(folder)
        for what in (UNIT_TESTS, ("notebooks",)):
            red = caught(copy, *what)
            if red:
                raise SystemExit(f"{red} fails without any fault, so it would prove nothing")
    faults = [f for f in FAULTS if all(word in f.name for word in wanted)]
    rows, missed = [], 0
    for number, fault in enumerate(faults, 1):
        with tempfile.TemporaryDirectory() as folder:
            copy = copied(folder)
            plant(copy, fault)
            tests, chapters = caught(copy, *UNIT_TESTS), caught(copy, "notebooks")
        missed += tests is None or (fault.taught and chapters is None)
        unseen = "missed" if fault.taught else "not taught"
        rows.append((fault.name, Path(fault.file).name, tests or "missed", chapters or unseen))
        print(f"{number}/{len(faults)} " + " | ".join(rows[-1]), flush=True)
    if not wanted:
        write(rows)
    return 1 if missed else 0


def copied(folder):
    copy = Path(folder) / "course"
    left_out = (".git", ".venv*", "__pycache__", ".*_cache", ".hypothesis", "node_modules")
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*left_out))
    return copy


def plant(copy, fault):
    path = copy / fault.file
    text = path.read_text("utf-8")
    if text.count(fault.old) != 1:
        raise SystemExit(f"{fault.name}: the text to replace stands {text.count(fault.old)} times")
    path.write_text(text.replace(fault.old, fault.new), "utf-8")


def caught(copy, *arguments):
    """Return the first test that fails on the copy, or None."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--no-header", "-p", "no:randomly"]
    environment = {**os.environ, "PYTHONPATH": str(copy)}  # before the installed package
    run = subprocess.run(
        [*command, *arguments], cwd=copy, env=environment, capture_output=True, text=True
    )
    found = re.search(r"^(?:FAILED|ERROR) (\S+)", run.stdout, re.MULTILINE)
    if run.returncode == 0:
        return None
    if not found:
        raise SystemExit(run.stdout + run.stderr)
    return found[1]


def shortened(name):
    return name.removeprefix("tests/").removeprefix("notebooks/").removesuffix("::Cell")


def write(rows):
    lines = [
        "# Planted faults",
        "",
        "Written by `python tools/plant_faults.py`: each fault was put into a copy of the package;"
        " the first test and the first notebook that failed are named.",
        "",
        "| fault | in | caught by the unit tests | caught by nbval alone |",
        "|---|---|---|---|",
        *(f"| {' | '.join(map(shortened, row))} |" for row in rows),
        "",
    ]
    TABLE.write_text("\n".join(lines), "utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
