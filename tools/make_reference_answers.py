"""Ask the real libraries and store their answers in tests/data.

The tests compare this package with these files and need none of the libraries. To make them anew:

    python3.11 -m venv /tmp/reference
    /tmp/reference/bin/pip install torch==2.13.0 tensorflow-cpu keras jax jaxlib onnx onnxruntime
    /tmp/reference/bin/python tools/make_reference_answers.py

That takes some minutes. With the names of files (``jax_windows``, …) it makes only those. Every
file carries the versions it was made with. What a library refuses is stored as refused, with a
count of its reasons; a reason this script does not know stops it.

Files
-----
``pytorch_layers.npz``: forward results and gradients of PyTorch layers, exact integers and floats.
``<library>_windows.npz``: convolutions and transposed convolutions along one axis, and some along
two, over a dense range of settings; they show where the library cuts its window. Keras has three
such files, one for each of its backends.

A file holds plain arrays only. ``about`` is JSON as bytes; all results of one kind stand end to end
in one flat array, in the order of the settings.
"""

import argparse
import itertools
import json
import os
import platform
import random
import re
import subprocess
import sys
import warnings
from collections import Counter
from pathlib import Path

import numpy as np

DATA = Path(__file__).resolve().parent.parent / "tests" / "data"
NONE = -128  # "not given" in a column of small integers


def save(name, about, **arrays):
    """Write one compressed file whose bytes depend on its content alone."""
    about["python"], about["numpy"] = platform.python_version(), np.__version__
    text = json.dumps(about, ensure_ascii=False, sort_keys=True).encode()
    path = DATA / name
    np.savez_compressed(path, about=np.frombuffer(text, np.uint8), **arrays)
    print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB, {about['rows']} rows", flush=True)


def smallest(values):
    """The narrowest integer type that holds these exact integers."""
    exact = np.asarray(values).astype(np.int64)
    if not np.array_equal(exact, values):
        raise ValueError("an answer that should be an integer is not")
    for dtype in (np.int8, np.int16, np.int32):
        if exact.size == 0 or (
            np.iinfo(dtype).min <= exact.min() and exact.max() <= np.iinfo(dtype).max
        ):
            return exact.astype(dtype)
    return exact


# ---------------------------------------------------------------------- PyTorch layers, gradients


def layer(n, kind, **given):
    """One layer's settings, completed; sizes are lists with one entry per axis."""
    plain = {
        "n": n,
        "kind": kind,  # "conv" or "conv_transpose"
        "batch": 1,  # None: without a batch axis
        "channels": [1, 1],
        "size": [5] * n,
        "kernel": [3] * n,
        "stride": 1,
        "padding": 0,
        "output_padding": 0,
        "dilation": 1,
        "groups": 1,
        "bias": False,
    }
    return plain | given


def fits(case):
    """Whether the result of this layer has at least one cell along every axis."""
    n = case["n"]

    def axes(v):
        return v if isinstance(v, list) else [v] * n

    if isinstance(case["padding"], str):
        return all(
            case["padding"] == "same" or i > d * (k - 1)
            for i, k, d in zip(case["size"], case["kernel"], axes(case["dilation"]), strict=True)
        )
    settings = [axes(case[name]) for name in ("stride", "padding", "output_padding", "dilation")]
    for i, k, s, p, op, d in zip(case["size"], case["kernel"], *settings, strict=True):
        if case["kind"] == "conv" and i + 2 * p < d * (k - 1) + 1:
            return False
        if case["kind"] == "conv_transpose" and (
            op >= max(s, d) or (i - 1) * s - 2 * p + d * (k - 1) + op + 1 < 1
        ):
            return False
    return True


def layers():
    """Chosen layers for every rule, then random ones; the same on every run."""
    for n, kind in itertools.product((1, 2, 3), ("conv", "conv_transpose")):
        transposed = kind == "conv_transpose"
        size = [4, 3, 3][:n]
        yield layer(n, kind)
        yield layer(n, kind, batch=0, channels=[2, 3], bias=True)
        yield layer(n, kind, batch=None, channels=[2, 3], bias=True, stride=2)
        yield layer(n, kind, batch=3, channels=[4, 6], groups=2, bias=True, size=size)
        yield layer(n, kind, batch=2, channels=[3, 3], groups=3, size=size, stride=2)
        yield layer(n, kind, channels=[3, 6], groups=3, size=size, bias=True)
        yield layer(n, kind, kernel=[2] * n, stride=2, padding=2)  # padding beyond d(k − 1)
        yield layer(n, kind, kernel=[1] * n, padding=1, size=[6] * n, stride=3)
        yield layer(n, kind, kernel=[3, 2, 1][:n], stride=[1, 2, 3][:n], padding=[2, 0, 0][:n])
        yield layer(n, kind, dilation=[2, 1, 3][:n], kernel=[3, 2, 1][:n], channels=[2, 2])
        if transposed:
            yield layer(n, kind, stride=2, padding=1, output_padding=1)
            yield layer(n, kind, stride=3, padding=0, output_padding=2)  # past the canvas
            yield layer(n, kind, stride=1, dilation=2, output_padding=1)  # op ≥ stride
            yield layer(n, kind, stride=2, dilation=3, output_padding=2, padding=1, size=size)
            yield layer(n, kind, stride=1, dilation=3, output_padding=2, channels=[2, 4], groups=2)
            yield layer(
                n, kind, size=[1] * n, kernel=[1] * n, stride=5, padding=2, output_padding=4
            )
            yield layer(
                n, kind, size=[2] * n, kernel=[2] * n, stride=5, padding=1, output_padding=4
            )
        else:
            yield layer(n, kind, padding="same", kernel=[4] * n, bias=True)
            yield layer(n, kind, padding="same", kernel=[2] * n, dilation=3)
            yield layer(n, kind, padding="valid", stride=2)
            yield layer(n, kind, size=[9] * n, kernel=[2] * n, stride=5, padding=1)  # cells unused

    draw = random.Random(20)
    for n, kind, count in itertools.product((1, 2, 3), ("conv", "conv_transpose"), (50,)):
        found = 0
        while found < count:
            groups = draw.choice([1, 1, 2, 3])
            per_axis = draw.random() < 0.6

            def pick(values, n=n, per_axis=per_axis):
                return [draw.choice(values) for _ in range(n)] if per_axis else draw.choice(values)

            case = layer(
                n,
                kind,
                batch=draw.choice([None, 1, 2, 2]),
                channels=[groups * draw.choice([1, 2]), groups * draw.choice([1, 2])],
                size=[draw.randint(1, (9, 5, 3)[n - 1]) for _ in range(n)],
                kernel=[draw.randint(1, (5, 4, 3)[n - 1]) for _ in range(n)],
                stride=pick([1, 1, 2, 3]),
                padding=pick([0, 1, 2, 3]),
                output_padding=pick([0, 0, 1, 2]) if kind == "conv_transpose" else 0,
                dilation=pick([1, 1, 2, 3]),
                groups=groups,
                bias=draw.random() < 0.5,
            )
            if fits(case):
                found += 1
                yield case


def run_layer(case, numbers, torch):
    """Forward and backward: name → array. ``numbers(shape)`` draws the operands."""
    n, groups, (cin, cout) = case["n"], case["groups"], case["channels"]
    transposed = case["kind"] == "conv_transpose"
    batch = [] if case["batch"] is None else [case["batch"]]
    first, second = (cin, cout) if transposed else (cout, cin)
    operands = {
        "x": numbers((*batch, cin, *case["size"])),
        "w": numbers((first, second // groups, *case["kernel"])),
    }
    if case["bias"]:
        operands["b"] = numbers((cout,))
    tensors = {name: torch.tensor(v, requires_grad=True) for name, v in operands.items()}
    names = ["stride", "padding", "dilation", "groups"] + ["output_padding"] * transposed
    operation = getattr(torch.nn.functional, f"{case['kind']}{n}d")
    y = operation(
        tensors["x"], tensors["w"], tensors.get("b"), **{name: case[name] for name in names}
    )
    grad = numbers(tuple(y.shape))
    y.backward(torch.tensor(grad))
    answers = {"y": y.detach(), "dx": tensors["x"].grad, "dw": tensors["w"].grad}
    # Without a bias the layer still has the gradient one would have.
    answers["db"] = tensors["b"].grad if case["bias"] else np.zeros(0)
    arrays = operands | {"gy": grad} | {name: np.asarray(v) for name, v in answers.items()}
    return arrays | ({} if case["bias"] else {"b": np.zeros(0)})


def make_pytorch_layers(name):
    import torch

    torch.set_num_threads(1)
    parts = ("x", "w", "b", "gy", "y", "dx", "dw", "db")
    cases, flat = [], {part: [] for part in parts}
    source = np.random.default_rng(1)
    for case in layers():
        got = run_layer(
            case, lambda shape: source.integers(-9, 10, shape).astype(np.float64), torch
        )
        case["shapes"] = {part: list(got[part].shape) for part in parts}
        cases.append(case)
        for part in parts:
            flat[part].append(got[part].ravel())
    if len(cases) < 300:
        raise RuntimeError(f"{len(cases)} layers are fewer than 300")
    arrays = {part: smallest(np.concatenate(values)) for part, values in flat.items()}

    # Floats: some layers in float32 and float64, with operands that float32 holds exactly. Their
    # mean is not 0, or a sum could cancel to almost nothing, where no relative error is small.
    floats, chosen = [], [case for case in cases if case["batch"] != 0][::9]
    flat = {f"{part}{bits}": [] for bits in (32, 64) for part in ("y", "dx", "dw", "db")}
    flat |= {part: [] for part in ("x", "w", "b", "gy")}
    for case in chosen:
        draws = {}
        for bits, dtype in ((32, np.float32), (64, np.float64)):
            order = itertools.count()

            def numbers(shape, order=order, dtype=dtype, draws=draws):
                key = next(order)
                if key not in draws:
                    draws[key] = source.normal(0.5, 1, shape).astype(np.float32)
                return draws[key].astype(dtype)

            got = run_layer(case, numbers, torch)
            for part in ("y", "dx", "dw", "db"):
                flat[f"{part}{bits}"].append(got[part].ravel().astype(dtype))
        for part in ("x", "w", "b", "gy"):
            flat[part].append(got[part].ravel().astype(np.float32))
        floats.append(cases.index(case))
    arrays |= {f"float_{part}": np.concatenate(values) for part, values in flat.items()}
    about = {"torch": torch.__version__, "rows": len(cases), "cases": cases, "floats": floats}
    save(f"{name}.npz", about, **arrays)


# -------------------------------------------------------------- where each library cuts its window
# A setting is (kind, i, k, s, d, padding, output_padding, output_shape, transpose_kernel). Padding
# is a word or a (lo, hi) pair. The operands are digits without a pattern, so that a shifted,
# mirrored or shortened window cannot give the same numbers.

X = np.array([3, 1, 4, 1, 5, 9, 2, 6], np.float32)
W = np.array([2, 7, 1, 8, 3], np.float32)
PLANE = np.outer(X, [5, 3, 8, 1, 7, 2, 9, 4]).astype(np.float32) % 10 + 1
KERNEL = np.outer(W, [4, 1, 6, 2, 5]).astype(np.float32) % 7 + 1


def geometries():
    for i, k, s, d in itertools.product(range(1, 9), range(1, 6), range(1, 5), (1, 2)):
        if not (k == 1 and d > 1):  # one tap has nothing to dilate
            yield i, k, s, d


def canvas(i, k, s, d):
    return (i - 1) * s + d * (k - 1) + 1


def pytorch_settings():
    for i, k, s, d in geometries():
        for padding in ("same", "valid", (0, 0), (1, 1), (3, 3)):
            yield "conv", i, k, s, d, padding, None, None, None
        for p in (0, 1, 3):
            low = canvas(i, k, s, d) - 2 * p
            for op in (None, *range(1, max(s, d) + 1)):
                yield "conv_transpose", i, k, s, d, (p, p), op, None, None
            for size in range(max(low - 1, 1), max(low + s + 1, 2)):
                yield "conv_transpose", i, k, s, d, (p, p), None, size, None


def keras_settings():
    for i, k, s, d in geometries():
        for word in ("same", "valid"):
            yield "conv", i, k, s, d, word, None, None, None
            for op in (None, *range(s + 1)):
                yield "conv_transpose", i, k, s, d, word, op, None, None


def tensorflow_settings():
    for i, k, s, d in geometries():
        for padding in ("SAME", "VALID", (0, 0), (1, 0), (0, 2), (2, 1), (-1, 1)):
            yield "conv", i, k, s, d, padding, None, None, None
            low = (i - 1) * s + 1
            if padding != "SAME":
                low += d * (k - 1) - (0 if padding == "VALID" else sum(padding))
            for size in range(max(low - 1, 1), max(low + s + 1, 2)):
                yield "conv_transpose", i, k, s, d, padding, None, size, None


def jax_settings():
    pairs = ((0, 0), (1, 0), (0, 2), (2, 1), (-1, 1))
    for i, k, s, d in geometries():
        for padding in ("SAME", "SAME_LOWER", "VALID", *pairs):
            yield "conv", i, k, s, d, padding, None, None, None
        for padding, transpose_kernel in itertools.product(("SAME", "VALID", *pairs), (0, 1)):
            yield "conv_transpose", i, k, s, d, padding, None, None, transpose_kernel


def onnx_settings():
    words = ("SAME_UPPER", "SAME_LOWER", "VALID")
    for i, k, s, d in geometries():
        for padding in (*words, (0, 0), (1, 0), (0, 2), (2, 1), (-1, 1)):
            yield "conv", i, k, s, d, padding, None, None, None
            for op in (None, *range(1, max(s, d) + 1)):
                yield "conv_transpose", i, k, s, d, padding, op, None, None
        for word, op in itertools.product((*words, "NOTSET"), (None, 1)):
            for size in range(max(canvas(i, k, s, d) - 3, 1), canvas(i, k, s, d) + 4):
                yield "conv_transpose", i, k, s, d, word, op, size, None


def planes(rows, lengths):
    """Settings for two axes: pairs of one-axis settings that the library took, drawn at random."""
    draw = random.Random(21)
    for kind in ("conv", "conv_transpose"):
        taken = [r for r, n in zip(rows, lengths, strict=True) if r[0] == kind and n > 0]
        found = 0
        while found < 40:
            one = draw.choice(taken)
            _, *_, padding, op, size, flip = one
            same = [
                r
                for r in taken
                if (r[5] == padding if isinstance(padding, str) else not isinstance(r[5], str))
                and ((r[6] is None, r[7] is None, r[8]) == (op is None, size is None, flip))
            ]
            other = draw.choice(same)
            found += 1
            # Words and switches hold for both axes, numbers for one each.
            mixed = [
                a if isinstance(a, str) or a is None else (a, b)
                for a, b in zip(one[:8], other[:8], strict=True)
            ]
            yield (*mixed, flip)


def ask_pytorch():
    import torch

    torch.set_num_threads(1)

    def run(x, w, kind, s, d, padding, op, size, _):
        n = x.ndim
        if not isinstance(padding, str):
            padding = padding[0] if n == 1 else tuple(lo for lo, _ in padding)
        extra = {"output_padding": 0 if op is None else op} if kind == "conv_transpose" else {}
        layer = getattr(torch.nn, camel(kind) + f"{n}d")(
            1, 1, w.shape, s, padding, dilation=d, bias=False, **extra
        )
        layer.weight.data = torch.tensor(w)[None, None]
        call = {} if size is None else {"output_size": [size] if n == 1 else list(size)}
        return layer(torch.tensor(x)[None, None], **call)[0, 0].detach().numpy()

    refusals = (
        "padding='same' is not supported for strided convolutions",
        "output padding must be smaller than either stride or dilation",
        "requested an output size of",
        "Output size is too small",
        "Kernel size can't be greater than actual input size",
    )
    return {"torch": torch.__version__}, run, refusals


def ask_keras(backend):
    os.environ["KERAS_BACKEND"] = backend
    import keras

    def run(x, w, kind, s, d, padding, op, size, _):
        extra = {"output_padding": op} if kind == "conv_transpose" else {}
        layer = getattr(keras.layers, camel(kind).replace("Conv", f"Conv{x.ndim}D"))(
            1, w.shape, strides=s, padding=padding, dilation_rate=d, use_bias=False, **extra
        )
        layer.build((1, *x.shape, 1))
        layer.kernel.assign(w[..., None, None])

        def call(x):
            return layer(x)

        x = x[None, ..., None]
        try:
            y = call(x)
        except Exception as error:
            y = compiled(error, call, x)
        return keras.ops.convert_to_numpy(y)[0, ..., 0]

    versions = {"keras": keras.__version__, "backend": backend}
    versions[backend] = __import__(backend).__version__
    refusals = (
        "`strides > 1` not supported in conjunction with `dilation_rate > 1`",
        "`output_padding` must be strictly less than `strides`",
        "Computed output size would be zero or negative",
        "The convolution operation resulted in an empty output",
        "Size of out_backprop doesn't match computed",
    )
    return versions, run, refusals


def ask_tensorflow():
    import tensorflow as tf

    def run(x, w, kind, s, d, padding, op, size, _):
        # conv2d is the operation with explicit padding; one axis is an image of height 1.
        n = x.ndim
        if n == 1:
            x, w, s, d, size = x[None], w[None], (1, s), (1, d), (1, size)
            padding = padding if isinstance(padding, str) else [(0, 0), padding]
        if not isinstance(padding, str):
            padding = [(0, 0), *padding, (0, 0)]

        def call(x, w):
            if kind == "conv":
                return tf.nn.conv2d(x, w, s, padding, dilations=d)
            return tf.nn.conv2d_transpose(x, w, (1, *size, 1), s, padding, dilations=d)

        operands = x[None, ..., None], w[..., None, None]
        try:
            y = call(*operands)
        except tf.errors.InvalidArgumentError as error:
            y = compiled(error, call, *operands)
        return np.asarray(y)[0, ..., 0] if n == 2 else np.asarray(y)[0, 0, :, 0]

    refusals = (
        "Size of out_backprop doesn't match computed",
        "Computed output size would be negative",
        "All elements of explicit_paddings must be nonnegative",
    )
    return {"tensorflow": tf.__version__}, run, refusals


def compiled(error, call, *operands):
    """Ask TensorFlow again through XLA for a case its CPU kernels have no code for."""
    if "do not yet support dilation" not in str(error):
        raise error
    import tensorflow as tf

    return tf.function(call, jit_compile=True)(*operands)


def ask_jax():
    import jax
    import jaxlib

    def run(x, w, kind, s, d, padding, op, size, transpose_kernel):
        n = x.ndim
        if n == 1:
            s, d = (s,), (d,)
            padding = padding if isinstance(padding, str) else (padding,)
        x, w = x[None, ..., None], w[..., None, None]
        if kind == "conv":
            names = {1: ("NHC", "HIO", "NHC"), 2: ("NHWC", "HWIO", "NHWC")}[n]
            y = jax.lax.conv_general_dilated(
                x, w, s, padding, rhs_dilation=d, dimension_numbers=names
            )
        else:
            y = jax.lax.conv_transpose(
                x, w, s, padding, rhs_dilation=d, transpose_kernel=bool(transpose_kernel)
            )
        return np.asarray(y)[0, ..., 0]

    return {"jax": jax.__version__, "jaxlib": jaxlib.__version__}, run, ()


def ask_onnx():
    import onnx
    import onnxruntime
    from onnx import TensorProto, helper

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4

    def run(x, w, kind, s, d, padding, op, size, _):
        n = x.ndim

        def axes(v):
            return list(v) if isinstance(v, tuple) else [v] * n

        given = {"strides": axes(s), "dilations": axes(d)}
        if isinstance(padding, str):
            given["auto_pad"] = padding
        else:
            pairs = padding if n == 2 else (padding,)
            given["pads"] = [lo for lo, _ in pairs] + [hi for _, hi in pairs]
        if op is not None:
            given["output_padding"] = axes(op)
        if size is not None:
            given["output_shape"] = axes(size)
        graph = helper.make_graph(
            [helper.make_node(camel(kind), ["x", "w"], ["y"], **given)],
            "one_layer",
            [
                helper.make_tensor_value_info(name, TensorProto.FLOAT, (1, 1, *v.shape))
                for name, v in (("x", x), ("w", w))
            ],
            [helper.make_tensor_value_info("y", TensorProto.FLOAT, [None] * (n + 2))],
        )
        opset = helper.make_opsetid("", 22)
        model = helper.make_model(graph, opset_imports=[opset], ir_version=10)
        session = onnxruntime.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )
        return session.run(None, {"x": x[None, None], "w": w[None, None]})[0][0, 0]

    versions = {"onnx": onnx.__version__, "onnxruntime": onnxruntime.__version__, "opset": 22}
    refusals = (
        "Dilation not supported for AutoPadType::SAME_UPPER or AutoPadType::SAME_LOWER",
        "Invalid input shape",
        "Explicit output_shape is inconsistent with input spatial dimensions",
        "Computed output shape is inconsistent with input spatial dimensions",
        "Computed output dimension is <= 0",
        "must be less than max(stride, dilation)",
        "Attribute pads must not contain negative values",
    )
    return versions, run, refusals


def camel(kind):
    """conv_transpose → ConvTranspose"""
    return kind.title().replace("_", "")


def make_windows(name, settings, versions, run, refusals):
    """Run every setting; store its result, or that the library refused it."""
    reasons = Counter()

    def ask(x, w, row):
        kind, _, _, *rest = row
        try:
            return np.asarray(run(x, w, kind, *rest))
        except Exception as error:
            known = [reason for reason in refusals if re.search(re.escape(reason), str(error))]
            if not known:
                raise RuntimeError(f"{name} refused {row} for an unknown reason") from error
            reasons[known[0]] += 1
            return None

    def lengths(answers):
        return [-1 if y is None else y.size for y in answers]

    def flat(answers):
        return smallest(np.concatenate([y.ravel() for y in answers if y is not None]))

    rows = list(settings())
    answers = [ask(X[: row[1]], W[: row[2]], row) for row in rows]

    words = sorted({row[5] for row in rows if isinstance(row[5], str)})
    table = []
    for (kind, i, k, s, d, padding, *options), length in zip(rows, lengths(answers), strict=True):
        word = words.index(padding) if isinstance(padding, str) else NONE
        pair = (NONE, NONE) if isinstance(padding, str) else padding
        options = [NONE if option is None else option for option in options]
        table.append([int(kind == "conv_transpose"), i, k, s, d, word, *pair, *options, length])

    pairs = list(planes(rows, lengths(answers)))
    second = [ask(PLANE[: r[1][0], : r[1][1]], KERNEL[: r[2][0], : r[2][1]], r) for r in pairs]
    about = versions | {
        "rows": len(rows),
        "words": words,
        "planes": pairs,
        "plane_shapes": [None if y is None else y.shape for y in second],
        "refusals": reasons,
        "none": NONE,
    }
    save(
        f"{name}.npz",
        about,
        x=X.astype(np.int8),
        w=W.astype(np.int8),
        plane=PLANE.astype(np.int8),
        kernel=KERNEL.astype(np.int8),
        table=smallest(table),
        values=flat(answers),
        plane_values=flat(second),
    )


MAKE = {
    "pytorch_layers": make_pytorch_layers,
    "pytorch_windows": lambda name: make_windows(name, pytorch_settings, *ask_pytorch()),
    "tensorflow_windows": lambda name: make_windows(name, tensorflow_settings, *ask_tensorflow()),
    "jax_windows": lambda name: make_windows(name, jax_settings, *ask_jax()),
    "onnx_windows": lambda name: make_windows(name, onnx_settings, *ask_onnx()),
} | {
    f"keras_{backend}_windows": lambda name, backend=backend: make_windows(
        name, keras_settings, *ask_keras(backend)
    )
    for backend in ("tensorflow", "jax", "torch")
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", metavar="file", help=f"one of: {', '.join(MAKE)}")
    names = parser.parse_args().files or list(MAKE)
    for name in names:
        if name not in MAKE:
            parser.error(f"{name} must be one of: {', '.join(MAKE)}")
    if len(names) > 1:  # each in its own process: Keras takes one backend a process
        for name in names:
            subprocess.run([sys.executable, __file__, name], check=True)
        return
    # oneDNN's kernels check less than TensorFlow's own.
    os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", TF_ENABLE_ONEDNN_OPTS="0", JAX_PLATFORMS="cpu")
    warnings.simplefilter("ignore")
    DATA.mkdir(parents=True, exist_ok=True)
    MAKE[names[0]](names[0])


if __name__ == "__main__":
    main()
