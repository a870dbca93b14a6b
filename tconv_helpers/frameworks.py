"""The same layer in PyTorch, Keras, TensorFlow, JAX and ONNX.

Five libraries compute one operation and differ in five things: where the channels stand, in which
order the weights are kept, whether the kernel is flipped, which window of the canvas a padding
keeps, and how a new layer is filled. To move a layer from one to another there are
:func:`convert_weights`, :func:`channels_last` and :func:`port`. :func:`program` writes it down and
:func:`ask` runs it, where the library is installed. Nothing here loads one before that.

A library is named "pytorch", "keras", "tensorflow", "jax", "jax transpose_kernel" or "onnx". The
two of JAX differ in a transposed convolution only: ``lax.conv_transpose`` flips the kernel unless
it is called with ``transpose_kernel=True``, and then takes its channels the other way round, too.
"""

import importlib.util
import math
import os
from itertools import product
from typing import NamedTuple

import numpy as np

from tconv_helpers import _arguments as arguments
from tconv_helpers import _programs as programs
from tconv_helpers import sizes

LIBRARIES = {
    "pytorch": "PyTorch",
    "keras": "Keras",
    "tensorflow": "TensorFlow",
    "jax": "JAX",
    "onnx": "ONNX",
}

# ----------------------------------------------------------------------------------- the layouts

_CONV = {
    "pytorch": ("C_out", "C_in", "k"),
    "keras": ("k", "C_in", "C_out"),
    "tensorflow": ("k", "C_in", "C_out"),
    "jax": ("C_out", "C_in", "k"),
    "jax transpose_kernel": ("C_out", "C_in", "k"),
    "onnx": ("C_out", "C_in", "k"),
}
_TRANSPOSED = {
    "pytorch": ("C_in", "C_out", "k"),
    "keras": ("k", "C_out", "C_in"),
    "tensorflow": ("k", "C_out", "C_in"),
    "jax": ("k", "C_in", "C_out"),
    "jax transpose_kernel": ("k", "C_out", "C_in"),
    "onnx": ("C_in", "C_out", "k"),
}
# The others have no word for groups there. TensorFlow computes them on a CPU all the same, against
# its documentation, which asks for C_out channels in the weights: not to be relied on.
_GROUPED_TRANSPOSE = ("pytorch", "onnx")
_AXES = ("D", "H", "W")


def weight_layout(library, n=2, *, transposed=True):
    """Return the names of the axes of a layer's weights, as the library keeps them.

    Parameters
    ----------
    library : str
    n : 1, 2 or 3
        Spatial axes.
    transposed : bool
        Of a transposed convolution, or else of a convolution.

    Returns
    -------
    tuple of str

    Notes
    -----
    JAX is meant with its default dimension numbers. They differ between its own two operations:
    ``lax.conv_general_dilated`` takes channels first, ``lax.conv_transpose`` channels last. With
    groups, a convolution keeps C_in / groups, a transposed one C_out / groups.

    Examples
    --------
    >>> weight_layout("pytorch"), weight_layout("keras")
    (('C_in', 'C_out', 'kh', 'kw'), ('kh', 'kw', 'C_out', 'C_in'))
    >>> weight_layout("jax"), weight_layout("jax", transposed=False)
    (('kh', 'kw', 'C_in', 'C_out'), ('C_out', 'C_in', 'kh', 'kw'))
    """
    order = _layout(library, transposed)
    kernel = [f"k{axis.lower()}" for axis in _AXES[-_check_n(n) :]]
    return tuple(name for part in order for name in (kernel if part == "k" else [part]))


def image_layout(library, n=2, *, transposed=True):
    """Return the names of the axes of a layer's input and output.

    >>> image_layout("pytorch"), image_layout("keras")
    (('N', 'C', 'H', 'W'), ('N', 'H', 'W', 'C'))
    >>> image_layout("jax"), image_layout("jax", transposed=False)
    (('N', 'H', 'W', 'C'), ('N', 'C', 'H', 'W'))
    """
    spatial = _AXES[-_check_n(n) :]
    last = _layout(library, transposed)[0] == "k"
    return ("N", *spatial, "C") if last else ("N", "C", *spatial)


def convert_weights(w, source, target, *, transposed=True, groups=1):
    """Return a layer's weights in the order, and as flipped, as another library keeps them.

    Parameters
    ----------
    w : array of shape ``weight_layout(source)``
        One, two or three spatial axes.
    source, target : str
        Libraries.
    transposed : bool
        Of a transposed convolution, or else of a convolution.
    groups : int
        Keras, TensorFlow and JAX have no word for groups in a transposed convolution.

    Returns
    -------
    array of shape ``weight_layout(target)``
        A new one, with the same numbers.

    Raises
    ------
    ValueError, TypeError
        With the argument, its value and the rule.

    Notes
    -----
    The shapes cannot tell a wrong layout where C_in = C_out: nothing is raised then, and the
    numbers are wrong. They cannot tell a missing flip at all.

    Source: ``torch.nn.ConvTranspose2d``, ``keras.layers.Conv2DTranspose``,
    ``tf.nn.conv2d_transpose``, ``jax.lax.conv_transpose``, the ONNX operator ConvTranspose.

    Examples
    --------
    >>> w = np.zeros((64, 32, 4, 4))
    >>> convert_weights(w, "pytorch", "keras").shape
    (4, 4, 32, 64)
    >>> convert_weights(np.array([[[1, 2, 3]]]), "pytorch", "jax").ravel()
    array([3, 2, 1])
    """
    w = arguments.numeric("w", w)
    if not 3 <= w.ndim <= 5:
        raise ValueError(
            f"w of shape {w.shape} must have two axes of channels and one to three of the kernel"
        )
    groups = arguments.integer("groups", groups, least=1)
    for library in (source, target):
        _check_groups(library, transposed, groups)
    layouts = [
        weight_layout(library, w.ndim - 2, transposed=transposed) for library in (source, target)
    ]
    here, there = layouts
    undivided = "C_in" if transposed else "C_out"  # groups divide the other one already
    if (channels := w.shape[here.index(undivided)]) % groups:
        raise ValueError(
            f"groups={groups} must divide {undivided}={channels} of w of shape {w.shape}"
        )
    w = w.transpose([here.index(name) for name in there])
    if transposed and (source == "jax") != (target == "jax"):
        kernel = tuple(axis for axis, name in enumerate(there) if name.startswith("k"))
        w = np.flip(w, kernel)
    return w.copy()


def channels_last(x):
    """Move the channels of a batch behind the spatial axes: (N, C, H, W) becomes (N, H, W, C).

    >>> channels_last(np.zeros((8, 3, 16, 32))).shape
    (8, 16, 32, 3)
    """
    return np.moveaxis(_batch(x), 1, -1)


def channels_first(x):
    """Move the channels of a batch before the spatial axes: (N, H, W, C) becomes (N, C, H, W).

    >>> channels_first(np.zeros((8, 16, 32, 3))).shape
    (8, 3, 16, 32)
    """
    return np.moveaxis(_batch(x), -1, 1)


def _batch(x):
    x = arguments.numeric("x", x)
    if not 3 <= x.ndim <= 5:
        raise ValueError(
            f"x of shape {x.shape} must have a batch axis, channels and one to three spatial axes"
        )
    return x


def _layout(library, transposed):
    layouts = _TRANSPOSED if transposed else _CONV
    if library not in layouts:
        raise ValueError(f"library={library!r} must be one of {', '.join(map(repr, layouts))}")
    return layouts[library]


def _check_n(n):
    if arguments.integer("n", n, least=1) > 3:
        raise ValueError(f"n={n} must be 1, 2 or 3 spatial axes")
    return n


def _check_groups(library, transposed, groups):
    _layout(library, transposed)
    if groups > 1 and transposed and library not in _GROUPED_TRANSPOSE:
        name = LIBRARIES[library.split()[0]]
        raise ValueError(
            f"groups={groups} must be 1: {name} has no word for groups in a transposed convolution."
            " Convert one layer for each group"
        )


# ------------------------------------------------------------------------------ how a layer starts


class Init(NamedTuple):
    """How a library fills a new layer. Every weight lies between -bound and bound.

    ``std`` is the weights' standard deviation; the bias is uniform within ``bias_bound``, or 0.
    """

    distribution: str
    fan_in: int
    fan_out: int
    bound: float
    std: float
    bias_bound: float


_TRUNCATED = 0.87962566103423978  # standard deviation of a normal number that stays within ±2


def default_init(library, c_in, c_out, k, *, transposed=True, groups=1):
    """Return how a library fills the weights of a new layer unless it is told otherwise.

    Parameters
    ----------
    library : "pytorch", "keras", "jax" or "jax transpose_kernel"
        TensorFlow's ``tf.nn`` and ONNX have no layers, so there is nothing to fill. JAX has none
        either: meant is what Flax's layers take, ``jax.nn.initializers.lecun_normal``.
    c_in, c_out : int
        Channels.
    k : int, or one int per axis
        Kernel size.
    transposed : bool
    groups : int

    Returns
    -------
    Init (distribution, fan_in, fan_out, bound, std, bias_bound)

    Raises
    ------
    ValueError, TypeError
        With the argument, its value and the rule.

    Notes
    -----
    A fan is meant to be the number of inputs that feed one output. The libraries read it off the
    shape of the weights, and a transposed layer's shape has its channels the other way round: for
    PyTorch, ``fan_in`` of a ConvTranspose is ``w.shape[1] · k²``, and w.shape[1] is C_out / groups.
    So the last layer of a generator, with C_out = 3, starts with large weights there. The stride,
    which divides the true number by s², counts nowhere.

    ========= ================= ================================ =======
    library   distribution      bound                            bias
    ========= ================= ================================ =======
    pytorch   uniform           1 / √fan_in                      uniform
    keras     uniform           √(6 / (fan_in + fan_out))        0
    jax       truncated normal  2 · (1 / √fan_in) / 0.87962566   0
    ========= ================= ================================ =======

    Source: ``torch.nn.modules.conv`` (Kaiming uniform with a = √5), ``keras.initializers``
    (Glorot uniform), ``jax.nn.initializers.lecun_normal``.

    Examples
    --------
    >>> default_init("pytorch", 64, 3, (4, 4)).fan_in
    48
    >>> default_init("pytorch", 512, 256, (4, 4)).bound
    0.015625
    """
    fan_in, fan_out = _fans(library, c_in, c_out, k, transposed, groups)
    if library == "pytorch":
        bound = 1 / math.sqrt(fan_in)  # √6 / √(1 + a²) / √fan_in with a = √5
        return Init("uniform", fan_in, fan_out, bound, bound / math.sqrt(3), bound)
    if library == "keras":
        bound = math.sqrt(6 / (fan_in + fan_out))
        return Init("uniform", fan_in, fan_out, bound, bound / math.sqrt(3), 0.0)
    std = 1 / math.sqrt(fan_in)
    return Init("truncated normal", fan_in, fan_out, 2 * std / _TRUNCATED, std, 0.0)


def draw_weights(library, c_in, c_out, k, *, rng, transposed=True, groups=1):
    """Draw the weights of a new layer as a library does, in the library's layout.

    Parameters
    ----------
    library, c_in, c_out, k, transposed, groups
        As in :func:`default_init`.
    rng : np.random.Generator
        The distribution is the library's; the numbers are NumPy's.

    Returns
    -------
    array of shape ``weight_layout(library)``

    Examples
    --------
    >>> draw_weights("keras", 64, 3, (4, 4), rng=np.random.default_rng(1)).shape
    (4, 4, 3, 64)
    """
    init = default_init(library, c_in, c_out, k, transposed=transposed, groups=groups)
    shape = weight_shape(library, c_in, c_out, k, transposed=transposed, groups=groups)
    if init.distribution == "uniform":
        return rng.uniform(-init.bound, init.bound, shape)
    w = rng.standard_normal(shape)
    while (outside := abs(w) > 2).any():  # draw again what lies outside
        w[outside] = rng.standard_normal(int(outside.sum()))
    return w * init.bound / 2


def weight_shape(library, c_in, c_out, k, *, transposed=True, groups=1):
    """Return the shape of a layer's weights, as the library keeps them.

    >>> weight_shape("pytorch", 64, 32, (4, 4)), weight_shape("keras", 64, 32, (4, 4))
    ((64, 32, 4, 4), (4, 4, 32, 64))
    >>> weight_shape("pytorch", 64, 32, (3,), groups=4)
    (64, 8, 3)
    """
    n = len(k) if isinstance(k, (tuple, list)) else 1
    k = arguments.per_axis("k", k, _check_n(n), least=1)
    c_in, c_out, groups = _channels(c_in, c_out, groups)
    _check_groups(library, transposed, groups)
    if transposed:
        c_out //= groups
    else:
        c_in //= groups
    parts = {"C_in": (c_in,), "C_out": (c_out,), "k": k}
    return tuple(size for part in _layout(library, transposed) for size in parts[part])


def _fans(library, c_in, c_out, k, transposed, groups):
    """(fan_in, fan_out) as the library reads them off the shape of the weights."""
    if library in ("tensorflow", "onnx"):
        raise ValueError(
            f"library={library!r} must be one with layers: {LIBRARIES[library]} has functions only,"
            " and fills no weights"
        )
    shape = weight_shape(library, c_in, c_out, k, transposed=transposed, groups=groups)
    if (
        library.startswith("jax") and not transposed
    ):  # Flax's convolution keeps its weights as Keras does
        shape = weight_shape("keras", c_in, c_out, k, transposed=False, groups=groups)
    if library == "pytorch":
        first, second, *taps = shape
        return second * math.prod(taps), first * math.prod(taps)
    *taps, first, second = shape
    return first * math.prod(taps), second * math.prod(taps)


# ---------------------------------------------------------------------------------- what it costs


class Macs(NamedTuple):
    """Multiply-accumulates, counted in both usual ways."""

    by_input: int
    by_output: int


def macs(i, o, k, *, c_in=1, c_out=1, groups=1):
    """Count the multiply-accumulates of a convolution or a transposed convolution, in both ways.

    Parameters
    ----------
    i, o, k : int, or one int per axis
        Input, output and kernel size, in cells. Without a sequence among them: one axis.
    c_in, c_out : int
        Channels. Each pair of them within a group has a kernel of its own.
    groups : int

    Returns
    -------
    Macs (by_input, by_output)
        By input: each input position meets each tap once, which is the work of the stamps, and the
        usual count of a transposed convolution. By output: each output position meets each tap
        once, as if the kernel slid over the output. That is the usual count of a convolution; for a
        transposed one most of those products are with the zeros that stride inserts. For one image;
        the bias is not counted.

    Raises
    ------
    ValueError, TypeError
        With the argument, its value and the rule.

    Examples
    --------
    >>> macs((16, 16), (32, 32), 4)
    Macs(by_input=4096, by_output=16384)
    >>> macs((4, 4), (8, 8), 4, c_in=512, c_out=256).by_input
    33554432
    """
    n = next((len(size) for size in (i, o, k) if isinstance(size, (tuple, list))), 1)
    i, o, k = (
        math.prod(arguments.per_axis(name, size, n, least=1))
        for name, size in (("i", i), ("o", o), ("k", k))
    )
    c_in, c_out, groups = _channels(c_in, c_out, groups)
    taps = k * c_in * c_out // groups
    return Macs(i * taps, o * taps)


def _channels(c_in, c_out, groups):
    groups = arguments.integer("groups", groups, least=1)
    counts = []
    for name, count in (("c_in", c_in), ("c_out", c_out)):
        counts.append(arguments.integer(name, count, least=1))
        if counts[-1] % groups:
            raise ValueError(f"groups={groups} must divide {name}={count}")
    return *counts, groups


# ------------------------------------------------------------- the same window in other words


def port(library, i, k, *, stride=1, padding=0, output_padding=0, dilation=1):
    """Return the settings with which a library keeps the window of a PyTorch layer.

    Parameters
    ----------
    library : str
        Where the layer goes.
    i, k : int, or one int per axis
        Input and kernel size.
    stride, padding, output_padding, dilation : int, or one int per axis
        Of ``torch.nn.ConvTranspose``.

    Returns
    -------
    dict
        Keywords for :func:`program` and :func:`ask`, in the library's own words. Where the library
        has no words for this window they end in ``crop``: ask for a larger one, and cut these cells
        off the result.

    Raises
    ------
    ValueError
        If the library refuses the layer, or never reaches that far: Keras with stride and dilation
        both above 1, output_padding from the stride upwards outside PyTorch and JAX.

    Notes
    -----
    Only TensorFlow's setting, which names the output's size, changes with ``i``.

    Examples
    --------
    >>> port("keras", (16, 16), (4, 4), stride=2, padding=1)
    {'stride': 2, 'padding': 'same'}
    >>> port("jax", (16, 16), (4, 4), stride=2, padding=1)
    {'stride': 2, 'padding': ((2, 2), (2, 2))}
    >>> port("keras", (16, 16), (3, 3), stride=2, padding=1, output_padding=1)
    {'stride': 2, 'padding': 'valid', 'crop': ((1, 0), (1, 0))}
    """
    _layout(library, True)
    n = next((len(size) for size in (i, k) if isinstance(size, (tuple, list))), 1)
    setting = {"stride": stride, "padding": padding, "output_padding": output_padding}
    setting = {
        name: arguments.per_axis(name, value, n, least=1 if name == "stride" else 0)
        for name, value in setting.items()
    }
    setting["dilation"] = arguments.per_axis("dilation", dilation, n, least=1)
    i, k = (arguments.per_axis(name, v, n, least=1) for name, v in (("i", i), ("k", k)))
    target = sizes.conv_transpose_size(i, k, **setting)
    wanted = sizes.window(setting["padding"], setting["output_padding"])
    step = {name: programs.alike(setting[name]) for name in ("stride", "dilation")}
    given = {name: value for name, value in step.items() if value != 1}

    larger, refused = None, ""
    for words in _WORDS[library.split()[0]](i, k, setting, target):
        try:
            kept = sizes.conv_transpose_window(library.split()[0], i, k, **step, **words)
        except ValueError as error:
            refused = refused or error
            continue
        found = given | {name: programs.alike(value) for name, value in words.items()}
        crop = tuple((lo - a, hi - b) for (lo, hi), (a, b) in zip(wanted, kept, strict=True))
        if not any(map(any, crop)):
            return found
        if larger is None and min(map(min, crop)) >= 0:
            larger = found | {"crop": crop}
    if larger is None:
        name = LIBRARIES[library.split()[0]]
        raise ValueError(f"{name} cannot keep the window {wanted} of this layer: {refused}")
    return larger


# What each library can say about one layer, plainest first.


def _pytorch_words(i, k, setting, target):
    p, op = setting["padding"], setting["output_padding"]
    yield {"padding": p} | ({"output_padding": op} if any(op) else {})


def _keras_words(i, k, setting, target):
    for word in ("valid", "same"):
        yield {"padding": word}
    # output_padding=0 with an even extent gives other sizes on other backends of Keras.
    least = [d * (k - 1) % 2 for k, d in zip(k, setting["dilation"], strict=True)]
    every = [range(a, s) for a, s in zip(least, setting["stride"], strict=True)]
    for word, op in product(("valid", "same"), product(*every)):
        yield {"padding": word, "output_padding": op}


def _tensorflow_words(i, k, setting, target):
    canvas = sizes.canvas_size(i, k, stride=setting["stride"], dilation=setting["dilation"])
    p, op = setting["padding"], setting["output_padding"]
    paddings = ["VALID", "SAME"]
    if len(i) == 2:  # conv1d and conv3d take words only
        paddings += [
            tuple((a, a) for a in p),
            tuple((a, max(a - b, 0)) for a, b in zip(p, op, strict=True)),
        ]
    for padding in paddings:
        yield {"padding": padding, "output_shape": target}
    yield {"padding": "VALID", "output_shape": canvas}


def _jax_words(i, k, setting, target):
    windows = sizes.window(setting["padding"], setting["output_padding"])
    reach = [d * (k - 1) for k, d in zip(k, setting["dilation"], strict=True)]
    pairs = zip(reach, windows, strict=True)
    yield {"padding": tuple((reach - lo, reach - hi) for reach, (lo, hi) in pairs)}


def _onnx_words(i, k, setting, target):
    p, op = setting["padding"], setting["output_padding"]
    yield {"padding": tuple((a, a) for a in p)} | ({"output_padding": op} if any(op) else {})
    yield {"padding": tuple((a, a - b) for a, b in zip(p, op, strict=True))}


_WORDS = {
    "pytorch": _pytorch_words,
    "keras": _keras_words,
    "tensorflow": _tensorflow_words,
    "jax": _jax_words,
    "onnx": _onnx_words,
}


def calls(design, source):
    """Return, for each library that can, the one call that keeps the design's window.

    Parameters
    ----------
    design : sizes.Design
        The same along both axes of a 2-D layer.
    source : int
        Input size along each axis; TensorFlow's call names the output's.

    Returns
    -------
    dict of library to str
        A library is left out if none of its paddings keeps this very window of the canvas: then
        :func:`port` names the cells to cut. Batch and channels are names: N, C_in, C_out.

    Notes
    -----
    TensorFlow computes dilation above 1 on a GPU only. JAX's call takes the weights as PyTorch
    stamps them (``transpose_kernel=True``), with axes height, width, C_out, C_in.

    Examples
    --------
    >>> design = sizes.Design(3, 2, 1, 1, 1)
    >>> calls(design, 16)["pytorch"]
    'nn.ConvTranspose2d(C_in, C_out, 3, stride=2, padding=1, output_padding=1)'
    >>> "keras" in calls(design, 16)
    False
    """
    k, s, p, op, d = design
    found = {}
    for library in LIBRARIES:
        how = {"stride": s, "padding": p, "output_padding": op, "dilation": d}
        try:
            setting = port(library, (source,) * 2, (k, k), **how)
        except ValueError:
            continue  # the library refuses it
        if "crop" not in setting:
            name = "jax transpose_kernel" if library == "jax" else library
            layer = programs.Layer(name, True, (k, k), "N", "C_in", "C_out", None, **setting)
            found[library] = programs.CALLS[library](layer)
    return found


# ------------------------------------------------------------------------ written down, and run


def program(
    library, x, w, b=None, *, transposed=True, stride=1, padding=None, output_padding=None,
    output_shape=None, dilation=1, groups=1, crop=None, use_consistent_padding=False,
):  # fmt: skip
    """Return a whole Python program that computes one layer in a library, ready to be pasted.

    Parameters
    ----------
    library : str
    x : array of shape ``image_layout(library)``
    w : array of shape ``weight_layout(library)``
    b : array of shape (C_out,), optional
    transposed : bool
        A transposed convolution, or else a convolution.
    stride, dilation : int, or one int per axis
    padding, output_padding, output_shape
        In the library's own words, as in :func:`sizes.conv_transpose_window` and
        :func:`sizes.conv_padding`. Left out: none, or what the library takes to mean that.
    groups : int
    crop : one (lo, hi) pair per axis, optional
        Cells to cut off the result, as :func:`port` says.
    use_consistent_padding : bool
        Of JAX's transposed convolution: the pairs in ``padding`` are cells cut off, as PyTorch's,
        and no border of the stretched input. Older versions of JAX do not know it.

    Returns
    -------
    str
        At its end ``y`` is a NumPy array of shape ``image_layout(library)``.

    Raises
    ------
    ValueError, TypeError
        With the argument, its value and the rule. What the library itself refuses it refuses when
        the program runs.

    Notes
    -----
    The arrays are written as float32, the type that all five compute with by default.

    Examples
    --------
    >>> x, w = np.array([[[1, 2]]]), np.array([[[1, 10, 100]]])
    >>> print(program("pytorch", x, w, stride=2, padding=1))
    import numpy as np
    import torch
    from torch import nn
    <BLANKLINE>
    x = np.array([1, 2], "float32").reshape(1, 1, 2)  # N, C, W
    w = np.array([1, 10, 100], "float32").reshape(1, 1, 3)  # C_in, C_out, kw
    <BLANKLINE>
    layer = nn.ConvTranspose1d(1, 1, 3, stride=2, padding=1, bias=False)
    layer.load_state_dict({"weight": torch.from_numpy(w)})
    y = layer(torch.from_numpy(x)).detach().numpy()
    """
    arrays, layer = _layer(
        library, x, w, b, transposed, stride, padding, output_padding, output_shape, dilation,
        groups, crop, use_consistent_padding,
    )  # fmt: skip
    n = len(layer.k)
    shapes = {
        "x": image_layout(library, n, transposed=transposed),
        "w": weight_layout(library, n, transposed=transposed),
        "b": ("C_out",),
    }
    head, body = _written(layer)
    values = []
    for name, array in arrays.items():
        if not np.isfinite(array).all():
            raise ValueError(f"{name} must hold finite float32 numbers to be written down")
        numbers = ", ".join(np.format_float_positional(v, trim="-") for v in array.ravel())
        reshape = f".reshape{array.shape}" if array.ndim > 1 else ""
        axes = ", ".join(shapes[name])
        values.append(f'{name} = np.array([{numbers}], "float32"){reshape}  # {axes}')
    return "\n".join([*head, "", *values, "", *body])


def ask(library, x, w, b=None, **setting):
    """Run a layer in the live library, and return its answer as a NumPy array.

    Parameters
    ----------
    library, x, w, b, **setting
        As in :func:`program`: it is that program's code that runs here.

    Returns
    -------
    array of shape ``image_layout(library)``, float32

    Raises
    ------
    ModuleNotFoundError
        If the library is not installed, with the command that installs it.

    Notes
    -----
    Keras computes on JAX unless the environment names another backend in ``KERAS_BACKEND``.
    """
    names = ("transposed", "stride", "padding", "output_padding", "output_shape", "dilation",
             "groups", "crop", "use_consistent_padding")  # fmt: skip
    for name in setting:
        if name not in names:
            raise TypeError(f"ask has no argument {name!r}; it has {', '.join(names)}")
    plain = {"transposed": True, "stride": 1, "dilation": 1, "groups": 1,
             "use_consistent_padding": False}  # fmt: skip
    arrays, layer = _layer(library, x, w, b, **dict.fromkeys(names) | plain | setting)
    if library.split()[0] not in installed():
        raise ModuleNotFoundError(
            f'{LIBRARIES[library.split()[0]]} is not installed here: pip install ".[frameworks]"'
            " brings PyTorch, Keras, JAX and ONNX Runtime"
        )
    os.environ.setdefault("KERAS_BACKEND", "jax")
    head, body = _written(layer)
    # What is shown is what runs: there is no second writing of a layer that could differ.
    scope = dict(arrays)
    exec("\n".join([*head, *body]), scope)
    return np.asarray(scope["y"])


_PACKAGES = {
    "pytorch": ("torch",),
    "keras": ("keras", "jax"),
    "tensorflow": ("tensorflow",),
    "jax": ("jax", "jaxlib"),
    "onnx": ("onnx", "onnxruntime"),
}


def installed():
    """Return the names of the libraries that can be asked here. It loads none of them.

    >>> set(installed()) <= set(LIBRARIES)
    True
    """
    return tuple(
        library
        for library, packages in _PACKAGES.items()
        if all(importlib.util.find_spec(package) for package in packages)
    )


def _layer(
    library, x, w, b, transposed, stride, padding, output_padding, output_shape, dilation, groups,
    crop, use_consistent_padding,
):  # fmt: skip
    """The arrays as float32, and the checked layer."""
    x, w = _batch(x).astype("float32"), arguments.numeric("w", w).astype("float32")
    n = x.ndim - 2
    images, weights = (f(library, n, transposed=transposed) for f in (image_layout, weight_layout))
    if w.ndim != x.ndim:
        raise ValueError(f"w of shape {w.shape} must have the axes {', '.join(weights)}")
    groups = arguments.integer("groups", groups, least=1)
    _check_groups(library, transposed, groups)
    c_in, c_out = (w.shape[weights.index(name)] for name in ("C_in", "C_out"))
    if transposed:
        c_out *= groups
    else:
        c_in *= groups
    if x.shape[images.index("C")] != c_in:
        raise ValueError(
            f"x of shape {x.shape} must have C={c_in} channels as w of shape {w.shape} has: x is"
            f" {', '.join(images)} and w is {', '.join(weights)} here"
        )
    arrays = {"x": x, "w": w}
    if b is not None:
        arrays["b"] = arguments.numeric("b", b).astype("float32")
        if arrays["b"].shape != (c_out,):
            raise ValueError(f"b of shape {arrays['b'].shape} must be (C_out,) = ({c_out},)")
    k = tuple(w.shape[axis] for axis, name in enumerate(weights) if name.startswith("k"))
    layer = programs.Layer(library, transposed, k, x.shape[0], c_in, c_out, b is not None)
    least = {"stride": 1, "dilation": 1, "output_padding": 0, "output_shape": 1}
    given = {"stride": stride, "dilation": dilation, "output_padding": output_padding,
             "output_shape": output_shape}  # fmt: skip
    given = {
        name: value if value is None else arguments.per_axis(name, value, n, least=least[name])
        for name, value in given.items()
    }
    if crop is not None:
        crop = arguments.padding_pairs(crop, n)
        if min(map(min, crop)) < 0:
            raise ValueError(f"crop={crop!r} must not be negative")
    if use_consistent_padding and not (transposed and library.startswith("jax")):
        raise ValueError(
            f"use_consistent_padding={use_consistent_padding!r} must be left out: it is a word of"
            " JAX's transposed convolution alone"
        )
    own = {"padding": padding, "crop": crop, "use_consistent_padding": use_consistent_padding}
    return arrays, layer._replace(**given, **own, groups=groups)


def _written(layer):
    """(imports, code) of a layer whose arrays are x, w and, with a bias, b."""
    head, body = programs.PROGRAMS[layer.library.split()[0]](layer)
    if layer.crop:
        ends = [f"{lo or ''}:{-hi or ''}" for lo, hi in layer.crop]
        images = image_layout(layer.library, len(layer.k), transposed=layer.transposed)
        front = [":"] * (1 if images[-1] == "C" else 2)
        body = [*body, f"y = y[{', '.join([*front, *ends])}]  # cut the window out"]
    return ["import numpy as np", *head], body
