"""Ask the real libraries about whole layers and store their answers for chapter 08 and the tests.

Neither needs a library then. To make them anew, with the environment that
make_reference_answers.py describes:

    /tmp/reference/bin/python tools/make_framework_answers.py

Every answer comes from a program of ``frameworks.program``, run in its library. The file,
notebooks/data/framework_answers.json, holds

``G``: a 2 × 2 input, a 3 × 3 kernel and stride 2, in each library's own words.
``layers``: layers as PyTorch keeps them, and how the other libraries were made to give the same y.
This stops where one of them differs.
``jax_pads``: the same example with JAX's numbers for padding, and with ``use_consistent_padding``.
``init``: the largest weight, their deviation and the largest bias of new layers.
``explorer``: digests of the programs for the settings of tests/data/explorer_programs.json, whose y
they all gave.

A program that changes must be run here again: its digest is stored.
"""

import hashlib
import importlib.metadata
import json
import os
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tconv_helpers import frameworks  # noqa: E402

PACKAGES = ("torch", "keras", "tensorflow-cpu", "jax", "onnx", "onnxruntime", "numpy")
PATH = ROOT / "notebooks/data/framework_answers.json"
EVERY = ("pytorch", "keras", "tensorflow", "jax", "jax transpose_kernel", "onnx")

X, W = [[2, 1], [3, 2]], [[1, 2, 1], [2, 0, 1], [0, 2, 1]]
G = {
    "PyTorch padding=1": ("pytorch", {"padding": 1}),
    "PyTorch padding=1 output_padding=1": ("pytorch", {"padding": 1, "output_padding": 1}),
    "Keras same": ("keras", {"padding": "same"}),
    "Keras valid": ("keras", {"padding": "valid"}),
    "TensorFlow SAME": ("tensorflow", {"padding": "SAME", "output_shape": 4}),
    "JAX SAME": ("jax", {"padding": "SAME"}),
    "JAX SAME transpose_kernel": ("jax transpose_kernel", {"padding": "SAME"}),
    "JAX (0, 0)": ("jax", {"padding": [[0, 0], [0, 0]]}),
    "ONNX SAME_UPPER": ("onnx", {"padding": "SAME_UPPER"}),
    "ONNX SAME_LOWER": ("onnx", {"padding": "SAME_LOWER"}),
    "ONNX VALID": ("onnx", {"padding": "VALID"}),
}


def digest(program):
    return hashlib.sha256(program.encode()).hexdigest()[:16]


def numbers(shape, step):
    """Small integers without a pattern that a wrong layout would keep."""
    return (np.arange(np.prod(shape)) * step % 13 - 6).reshape(shape)


def whole(y):
    """An answer as a list of exact integers."""
    exact = np.rint(y).astype(int)
    if not np.array_equal(exact, y):
        raise SystemExit(f"an answer that should be integers is not: {y}")
    return exact.tolist()


def examples(libraries=EVERY):
    for name, (library, setting) in G.items():
        if library not in libraries:
            continue
        x, w = plain(library, True, X, W)
        program = frameworks.program(library, x, w, stride=2, **setting)
        y = frameworks.ask(library, x, w, stride=2, **setting)
        y = y[0, ..., 0] if frameworks.image_layout(library)[-1] == "C" else y[0, 0]
        yield {
            "name": name, "library": library, "setting": setting, "y": whole(y),
            "program": digest(program),
        }  # fmt: skip


def jax_pads():
    library, (x, w) = "jax transpose_kernel", plain("jax transpose_kernel", True, X, W)
    for pad in ([0, 0], [1, 1], [2, 2], [1, 0]):
        for consistent in (False, True):
            setting = {"padding": [pad, pad], "use_consistent_padding": consistent}
            y = frameworks.ask(library, x, w, stride=2, **setting)
            program = frameworks.program(library, x, w, stride=2, **setting)
            yield {
                "library": library, "setting": setting, "y": whole(y[0, ..., 0]),
                "program": digest(program),
            }  # fmt: skip


def plain(library, transposed, x, w):
    """One channel, as the library takes it, with the kernel in the order it is written in."""
    x, w = np.asarray(x), np.asarray(w)
    images = frameworks.image_layout(library, x.ndim, transposed=transposed)
    weights = frameworks.weight_layout(library, w.ndim, transposed=transposed)
    x = x.reshape([1 if name in "NC" else size for name, size in zip_axes(images, x.shape)])
    w = w.reshape([1 if "C_" in name else size for name, size in zip_axes(weights, w.shape)])
    return x, w


def zip_axes(names, shape):
    """Each axis with its size; the axes of batch and channels have none."""
    left = iter(shape)
    return [(name, None if name in ("N", "C", "C_in", "C_out") else next(left)) for name in names]


# Layers in PyTorch's settings: (transposed, channels in and out, groups, size, kernel, settings).
# fmt: off
LAYERS = [
    (True, 2, 3, 1, (3, 4), (4, 4), {"stride": 2, "padding": 1}),
    (True, 3, 3, 1, (2, 3), (3, 3), {"stride": 2, "padding": 1, "output_padding": 1}),
    (True, 2, 2, 1, (3, 2), (5, 2), {"stride": (3, 2), "padding": (2, 0)}),
    (True, 2, 2, 1, (2, 3), (2, 5),
     {"stride": (1, 3), "padding": (0, 1), "output_padding": (0, 1)}),
    (True, 2, 3, 1, (2, 2), (3, 3), {"dilation": 2, "padding": 1}),
    (True, 1, 2, 1, (2, 2), (3, 3), {"stride": 2, "output_padding": 1}),
    (True, 2, 3, 1, (4,), (3,), {"stride": 2, "padding": 1, "output_padding": 1}),
    (True, 2, 3, 1, (5,), (4,), {"stride": 3, "padding": 2}),
    (True, 2, 2, 1, (2, 2, 3), (2, 3, 2), {"stride": 2, "padding": 0}),
    (True, 4, 6, 2, (2, 3), (3, 3), {"stride": 2, "padding": 1, "output_padding": 1}),
    (True, 3, 3, 3, (3, 3), (4, 4), {"stride": 2, "padding": 1}),
    (False, 2, 3, 1, (5, 6), (3, 2), {"stride": 2}),
    (False, 3, 3, 1, (4, 4), (3, 3), {"padding": "same"}),
    (False, 4, 6, 2, (5, 4), (3, 3), {}),
    (False, 2, 3, 1, (7,), (3,), {"stride": 2}),
    (False, 4, 2, 2, (6,), (3,), {"stride": 3}),
    (False, 2, 2, 1, (3, 4, 3), (2, 3, 2), {"stride": 1}),
]
# fmt: on


def own_setting(library, transposed, size, k, setting):
    """The library's words for PyTorch's, or the sentence that says why there are none."""
    if transposed:
        return frameworks.port(library, size, k, **setting)
    words = dict(setting)
    if "padding" in words:
        words["padding"] = {"pytorch": "same", "keras": "same", "onnx": "SAME_UPPER"}.get(
            library, "SAME"
        )
    return words


def layers(libraries=EVERY):
    for transposed, c_in, c_out, groups, size, k, setting in LAYERS:
        shape = frameworks.weight_shape(
            "pytorch", c_in, c_out, k, transposed=transposed, groups=groups
        )
        x, w, b = numbers((2, c_in, *size), 5), numbers(shape, 7), numbers((c_out,), 4)
        how = {"transposed": transposed, "groups": groups}
        y, asked = None, {}
        for library in libraries:
            try:
                own = frameworks.convert_weights(w, "pytorch", library, **how)
                words = own_setting(library, transposed, size, k, setting)
            except ValueError as error:
                asked[library] = {"refused": str(error)}
                continue
            last = frameworks.image_layout(library, transposed=transposed)[-1] == "C"
            given = (library, frameworks.channels_last(x) if last else x, own, b)
            try:
                got = frameworks.ask(*given, **how, **words)
            except Exception as error:
                if "do not yet support dilation" not in str(error):
                    raise
                asked[library] = {"refused": "TensorFlow dilates on a GPU only"}
                continue
            got = whole(frameworks.channels_first(got) if last else got)
            if y is None:
                y = got
            if got != y:
                raise SystemExit(f"{library} differs on {setting} with kernel {k}: {got} and {y}")
            program = frameworks.program(*given, **how, **words)
            asked[library] = {"setting": words, "program": digest(program)}
        yield {
            "transposed": transposed, "groups": groups, "setting": setting,
            "x": x.tolist(), "w": w.tolist(), "b": b.tolist(), "y": y, "libraries": asked,
        }  # fmt: skip


# New layers: (transposed, channels in and out, groups, kernel).
NEW = [
    (True, 64, 3, 1, (4, 4)),
    (True, 3, 64, 1, (4, 4)),
    (True, 512, 256, 1, (4, 4)),
    (True, 32, 48, 1, (5,)),
    (True, 16, 8, 1, (3, 3, 3)),
    (True, 64, 32, 8, (3, 3)),
    (False, 64, 3, 1, (4, 4)),
    (False, 3, 64, 1, (3, 3)),
    (False, 64, 32, 8, (3, 3)),
]


def new_layers(library, transposed, c_in, c_out, groups, k):
    """(weights, biases) of as many new layers as hold some ten thousand numbers each."""
    shape = frameworks.weight_shape(library, c_in, c_out, k, transposed=transposed, groups=groups)
    times = -(-20_000 // np.prod(shape)), -(-2_000 // c_out)
    weights, biases = [], []
    for count in range(max(times)):
        if library == "pytorch":
            from torch import nn

            name = f"Conv{'Transpose' if transposed else ''}{len(k)}d"
            layer = getattr(nn, name)(c_in, c_out, k, groups=groups)
            w, b = layer.weight.detach().numpy(), layer.bias.detach().numpy()
        elif library == "keras":
            import keras

            name = f"Conv{len(k)}D{'Transpose' if transposed else ''}"
            more = {} if transposed else {"groups": groups}
            layer = getattr(keras.layers, name)(c_out, k, **more)
            layer.build((1, *[9] * len(k), c_in))
            w, b = (np.asarray(v) for v in layer.get_weights())
        else:
            import jax

            kept = shape
            if not transposed:  # Flax's convolution keeps its weights as Keras does
                kept = frameworks.weight_shape("keras", c_in, c_out, k, groups=groups,
                                               transposed=False)  # fmt: skip
            key = jax.random.key(count)
            w = np.asarray(jax.nn.initializers.lecun_normal()(key, kept))
            b = np.zeros(c_out)
            if transposed and w.shape != shape:
                raise SystemExit(f"{library}: {w.shape} is not {shape}")
        if w.size != np.prod(shape):
            raise SystemExit(f"{library}: {w.shape} is not {shape}")
        if count < times[0]:
            weights.append(w.ravel())
        if count < times[1]:
            biases.append(b.ravel())
    return np.concatenate(weights), np.concatenate(biases)


def inits(rows=NEW):
    import keras
    import torch

    torch.manual_seed(1)
    keras.utils.set_random_seed(1)
    for row in rows:
        transposed, c_in, c_out, groups, k = row
        for library in ("pytorch", "keras", "jax", "jax transpose_kernel"):
            if transposed and groups > 1 and library != "pytorch":
                continue
            w, b = new_layers(library, *row)
            yield {
                "library": library, "transposed": transposed, "c_in": c_in, "c_out": c_out,
                "groups": groups, "k": k, "largest": float(abs(w).max()), "std": float(w.std()),
                "largest_bias": float(abs(b).max()),
            }  # fmt: skip


def explorer_setting(library, S):
    """(name of the library, settings) for one setting of the explorer, or None without words."""
    transposed = S["mode"] == "transposed"
    owner, _, word = S["window"].partition(" ")
    step = {"stride": tuple(S["stride"]), "dilation": tuple(S["dilation"])}
    if library == "jax" and transposed and not S["window"] == "jax SAME":
        library = "jax transpose_kernel"
    if S["window"] == "padding" and transposed:
        padding = {"padding": tuple(S["padding"]), "output_padding": tuple(S["output_padding"])}
        try:
            return library, frameworks.port(library, S["input"], S["kernel"], **step, **padding)
        except ValueError:
            return None
    if S["window"] == "padding":
        p = tuple(S["padding"])
        if library == "keras":
            return None if any(p) or (max(step["stride"]) > 1 and max(step["dilation"]) > 1) else (
                library, step
            )  # fmt: skip
        return library, step | {"padding": p}
    if owner != library.split()[0] or (library == "onnx" and max(step["dilation"]) > 1):
        return None
    return library, step | {"padding": word.split()[0]}


def explorer(every=1):
    cases = json.loads((ROOT / "tests/data/explorer_programs.json").read_text())["cases"]
    for case in cases[::every]:
        S, found = case["S"], {}
        transposed = S["mode"] == "transposed"
        for name in ("pytorch", "keras", "jax", "onnx"):
            said = explorer_setting(name, S)
            if said is None:
                continue
            library, setting = said
            given = (library, *plain(library, transposed, S["x"], S["w"]))
            y = frameworks.ask(*given, transposed=transposed, **setting)
            if np.squeeze(y).tolist() != np.squeeze(case["y"]).tolist():
                raise SystemExit(f"{library} and the explorer differ on {S}: {y.tolist()}")
            program = frameworks.program(*given, transposed=transposed, **setting)
            found[name] = digest(program)
        yield found


def main():
    os.environ.update(KERAS_BACKEND="jax", JAX_PLATFORMS="cpu", TF_CPP_MIN_LOG_LEVEL="3")
    parts = {
        "G": examples, "jax_pads": jax_pads, "layers": layers, "init": inits, "explorer": explorer,
    }  # fmt: skip
    about = {name: importlib.metadata.version(name) for name in PACKAGES}
    lines = [f'"versions": {json.dumps(about)}', f'"x": {X}', f'"w": {W}']
    for name, make in parts.items():
        rows = [json.dumps(row, separators=(",", ":")) for row in make()]
        print(f"{name}: {len(rows)} rows", flush=True)
        lines.append(f'"{name}": [\n' + ",\n".join(rows) + "\n]")
    PATH.write_text("{" + ",\n".join(lines) + "}\n")
    print(f"{PATH.name}: {PATH.stat().st_size / 1000:.0f} kB, {about}")


if __name__ == "__main__":
    main()
