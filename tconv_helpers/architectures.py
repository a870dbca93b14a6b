"""Whole networks as lists of layers: shapes, parameters, cost, reach, overlap, forward, backward.

A :class:`Net` is an input shape and a list of plain records, one a layer. It is read the way a
paper's table is, and everything is computed from it. Show one and it prints its table.

Only what lies between input and output is described. What a skip connection brings comes from
elsewhere: ``concat`` and ``add`` say that it arrives, and forward takes it.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from tconv_helpers import _arguments as arguments
from tconv_helpers import ops, sizes, upsample

INITS = ("dcgan", "he", "pytorch")
POINTWISE = ("batch_norm", "relu", "tanh", "sigmoid")
EPSILON = 1e-5  # of batch_norm, PyTorch's


# ------------------------------------------------------------------------------ the records


@dataclass(frozen=True)
class Layer:
    """One layer. Make it with the functions below: ``conv``, ``conv_transpose``, ``relu`` …

    Attributes
    ----------
    kind : str
    source, target : int
        Channels in and out. 0 where the layer takes what comes; concat's target is what it adds.
    kernel, stride, padding, output_padding : (int, int)
        Of a resize and of pixel_shuffle, stride is the factor.
    groups : int
    bias : bool
    """

    kind: str
    source: int = 0
    target: int = 0
    kernel: tuple[int, int] = (1, 1)
    stride: tuple[int, int] = (1, 1)
    padding: tuple[int, int] = (0, 0)
    output_padding: tuple[int, int] = (0, 0)
    groups: int = 1
    bias: bool = False

    @property
    def label(self):
        """A line of a table: the kind, and the settings that are not the defaults."""
        if self.kind in ("conv", "conv_transpose"):
            settings = [f"k{_short(self.kernel)}"]
            settings += [f"s{_short(self.stride)}"] * (self.stride != (1, 1))
            settings += [f"p{_short(self.padding)}"] * (self.padding != (0, 0))
            settings += [f"op{_short(self.output_padding)}"] * (self.output_padding != (0, 0))
            settings += [f"g{self.groups}"] * (self.groups != 1)
            return " ".join([self.kind, *settings])
        if self.kind in ("nearest", "bilinear", "pixel_shuffle"):
            return f"{self.kind} × {self.stride[0]}"
        return f"{self.kind} {self.target}" if self.kind == "concat" else self.kind


def _short(pair):
    return str(pair[0]) if pair[0] == pair[1] else f"{pair[0]}×{pair[1]}"


def conv(source, target, kernel, *, stride=1, padding=0, groups=1, bias=True):
    """A convolution, as ``torch.nn.Conv2d``.

    >>> conv(64, 32, 3, padding=1).label
    'conv k3 p1'
    """
    return _weighted("conv", source, target, kernel, stride, padding, 0, groups, bias)


def conv_transpose(
    source, target, kernel, *, stride=1, padding=0, output_padding=0, groups=1, bias=True
):
    """A transposed convolution, as ``torch.nn.ConvTranspose2d``.

    >>> conv_transpose(512, 256, 4, stride=2, padding=1).label
    'conv_transpose k4 s2 p1'
    """
    return _weighted(
        "conv_transpose", source, target, kernel, stride, padding, output_padding, groups, bias
    )


def _weighted(kind, source, target, kernel, stride, padding, output_padding, groups, bias):
    source = arguments.integer("source", source, least=1)
    target = arguments.integer("target", target, least=1)
    groups = arguments.integer("groups", groups, least=1)
    for name, channels in (("source", source), ("target", target)):
        if channels % groups:
            raise ValueError(f"groups={groups} must divide {name}={channels}")
    return Layer(
        kind,
        source,
        target,
        arguments.per_axis("kernel", kernel, 2, least=1),
        arguments.per_axis("stride", stride, 2, least=1),
        arguments.per_axis("padding", padding, 2, least=0),
        arguments.per_axis("output_padding", output_padding, 2, least=0),
        groups,
        bool(bias),
    )


def _factor(kind, factor):
    return Layer(kind, stride=(arguments.integer("factor", factor, least=1),) * 2)


def nearest(factor):
    """Repeat every value, as :func:`upsample.nearest`."""
    return _factor("nearest", factor)


def bilinear(factor):
    """Interpolate, as :func:`upsample.bilinear`."""
    return _factor("bilinear", factor)


def pixel_shuffle(factor):
    """Interleave ``factor ** 2`` channels into one, in PyTorch's order."""
    return _factor("pixel_shuffle", factor)


def batch_norm(channels):
    """Batch normalisation in training: each channel to mean 0 and variance 1 over batch and places.

    Its gain and shift, two parameters a channel, are counted; here they stand at 1 and 0, where
    training begins.
    """
    return Layer("batch_norm", channels, channels)


def relu():
    """Negative values become 0."""
    return Layer("relu")


def tanh():
    """Squash to −1 … 1."""
    return Layer("tanh")


def sigmoid():
    """Squash to 0 … 1."""
    return Layer("sigmoid")


def concat(channels):
    """Put a skip's channels in front of what comes from below, the skip cropped to its size."""
    return Layer("concat", target=arguments.integer("channels", channels, least=1))


def add():
    """Add a skip of the same channels, cropped to the size of what comes from below."""
    return Layer("add")


class Row(NamedTuple):
    """One layer of a net, with its numbers."""

    layer: Layer
    shape: tuple[int, int, int]  # after it: channels, height, width
    parameters: int
    macs: tuple[int, int]  # by input, by output

    @property
    def work(self):
        """The multiply-accumulates without inserted zeros: a transposed convolution's by input."""
        return self.macs[0 if self.layer.kind == "conv_transpose" else 1]


@dataclass(frozen=True)
class Net:
    """A name, the shape (C, H, W) that goes in, and the layers, first layer first.

    Raises
    ------
    ValueError, TypeError
        If a layer does not fit the one before it; it says which.

    Examples
    --------
    >>> Net("one layer", (512, 4, 4), [conv_transpose(512, 256, 4, stride=2, padding=1)])
    one layer
    layer                    channels  height × width  parameters  MACs by input    by output
    input                         512           4 × 4
    conv_transpose k4 s2 p1       256           8 × 8   2,097,408     33,554,432  134,217,728
    total                                               2,097,408     33,554,432  134,217,728
    """

    name: str
    shape: tuple[int, int, int]
    layers: tuple[Layer, ...]

    def __post_init__(self):
        if np.ndim(self.shape) != 1 or len(self.shape) != 3:
            raise ValueError(f"shape={self.shape!r} must be (channels, height, width)")
        shape = tuple(
            arguments.integer(f"shape[{n}]", v, least=1) for n, v in enumerate(self.shape)
        )
        object.__setattr__(self, "shape", shape)
        object.__setattr__(self, "layers", tuple(self.layers))
        rows(self)  # raises where layers do not fit

    def __repr__(self):
        return _table(self)

    def rest(self, first):
        """The net without its first layers.

        >>> dcgan(4).rest(3).shape
        (512, 4, 4)
        """
        shapes = [self.shape, *(row.shape for row in rows(self))]
        return Net(self.name, shapes[first], self.layers[first:])


# ------------------------------------------------------------------------------ shapes and cost


def shape_after(layer, shape):
    """Return the shape (C, H, W) after a layer.

    >>> shape_after(conv_transpose(512, 256, 5, stride=2, padding=2, output_padding=1), (512, 8, 8))
    (256, 16, 16)
    """
    channels, *size = shape
    if layer.source and layer.source != channels:
        raise ValueError(f"{layer.label} takes {layer.source} channels, and {channels} arrive")
    if layer.kind == "conv":
        size = sizes.conv_size(
            tuple(size), layer.kernel, stride=layer.stride, padding=layer.padding
        )
    elif layer.kind == "conv_transpose":
        size = sizes.conv_transpose_size(
            tuple(size),
            layer.kernel,
            stride=layer.stride,
            padding=layer.padding,
            output_padding=layer.output_padding,
        )
    elif layer.kind == "concat":
        return (channels + layer.target, *size)
    else:
        size = [n * f for n, f in zip(size, layer.stride, strict=True)]
        if layer.kind == "pixel_shuffle":
            r2 = math.prod(layer.stride)
            if channels % r2:
                raise ValueError(f"{layer.label} needs channels that {r2} divides, not {channels}")
            return (channels // r2, *size)
    return (layer.target or channels, *size)


def parameters(layer):
    """Return the number of trainable parameters: weights, bias, batch_norm's gain and shift.

    >>> parameters(conv_transpose(512, 256, 4, bias=False)), parameters(batch_norm(256))
    (2097152, 512)
    """
    if layer.kind == "batch_norm":
        return 2 * layer.source
    if layer.kind not in ("conv", "conv_transpose"):
        return 0
    return math.prod(_weight_shape(layer)) + layer.target * layer.bias


def _weight_shape(layer):
    if layer.kind == "conv":
        return (layer.target, layer.source // layer.groups, *layer.kernel)
    return (layer.source, layer.target // layer.groups, *layer.kernel)


def macs(layer, shape):
    """Return the multiply-accumulates of a layer on an input (C, H, W), counted in both usual ways.

    Returns
    -------
    (int, int)
        By input: every input position meets every weight once. That is the work of a transposed
        convolution. By output: every output position meets every weight once. That is the work of
        a convolution, and of a transposed one that is computed over inserted zeros.

    Notes
    -----
    Products with padded zeros, and those that padding cuts off, are counted, as PyTorch's
    ``torch.utils.flop_counter`` does, which takes the first way for transposed convolutions and
    the second for convolutions (and counts two operations a multiply-accumulate).

    Examples
    --------
    >>> macs(conv_transpose(512, 256, 4, stride=2, padding=1), (512, 4, 4))
    (33554432, 134217728)
    """
    if layer.kind not in ("conv", "conv_transpose"):
        return 0, 0
    weights = math.prod(_weight_shape(layer))
    return weights * math.prod(shape[1:]), weights * math.prod(shape_after(layer, shape)[1:])


def rows(net):
    """Return one :class:`Row` a layer."""
    shape, result = net.shape, []
    for number, layer in enumerate(net.layers):
        try:
            after = shape_after(layer, shape)
        except (ValueError, TypeError) as error:
            raise type(error)(f"{net.name}, layer {number}: {error}") from None
        result.append(Row(layer, after, parameters(layer), macs(layer, shape)))
        shape = after
    return result


def steps(net):
    """Return the rows with each pointwise layer joined to the layer before it: (label, Row) pairs.

    The Row holds the joined numbers, and the first layer.

    >>> [label for label, _ in steps(espcn(2))]
    ['conv k5 p2, tanh', 'conv k3 p1, tanh', 'conv k3 p1', 'pixel_shuffle × 2']
    """
    result = []
    for row in rows(net):
        if row.layer.kind in POINTWISE and result:
            label, first = result.pop()
            joined = Row(first.layer, row.shape, first.parameters + row.parameters, first.macs)
            result.append((f"{label}, {row.layer.label}", joined))
        else:
            result.append((row.layer.label, row))
    return result


def totals(net):
    """Return the sums over all layers: (parameters, (MACs by input, by output))."""
    every = rows(net)
    by_input, by_output = (sum(row.macs[n] for row in every) for n in (0, 1))
    return sum(row.parameters for row in every), (by_input, by_output)


def _table(net):
    head = ["layer", "channels", "height × width", "parameters", "MACs by input", "by output"]
    lines = [["input", f"{net.shape[0]}", "{} × {}".format(*net.shape[1:]), "", "", ""]]
    for label, row in steps(net):
        counted = [row.parameters, *row.macs]
        counts = [f"{n:,}" if n else "" for n in counted]
        lines.append([label, f"{row.shape[0]}", "{} × {}".format(*row.shape[1:]), *counts])
    whole, both = totals(net)
    lines.append(["total", "", "", *(f"{n:,}" for n in (whole, *both))])
    wide = [max(len(line[n]) for line in [head, *lines]) for n in range(len(head))]
    text = [net.name]
    for first, *rest in [head, *lines]:
        cells = [cell.rjust(w) for cell, w in zip(rest, wide[1:], strict=True)]
        text.append("  ".join([first.ljust(wide[0]), *cells]).rstrip())
    return "\n".join(text)


# ------------------------------------------------------------------------------ who sees whom


def receptive_field(net, cell):
    """Return the input cells that an output cell can see: a (first, last) pair per axis.

    Parameters
    ----------
    net : Net
    cell : (int, int)
        Row and column of the output. Near a border, and from phase to phase of an upsampling net,
        fields differ.

    Returns
    -------
    ((int, int), (int, int))
        First and last row, first and last column, within the input. Where kernels are smaller than
        strides, cells between them may be blind.

    Examples
    --------
    >>> receptive_field(espcn(3), (24, 25))
    ((4, 12), (4, 12))
    >>> receptive_field(dcgan(4).rest(3), (31, 32))
    ((1, 2), (1, 2))
    """
    every = [net.shape, *(row.shape for row in rows(net))]
    cell = _cell_of(cell, every[-1])
    fields = []
    for axis in (0, 1):
        low = high = cell[axis]
        for layer, before in zip(reversed(net.layers), reversed(every[:-1]), strict=True):
            low, high = _seen_from(layer, axis, low)[0], _seen_from(layer, axis, high)[1]
            low, high = max(low, 0), min(high, before[1 + axis] - 1)
        fields.append((low, high))
    return tuple(fields)


def _seen_from(layer, axis, o):
    """First and last cell of a layer's input that its output cell o sees, along one axis."""
    k, s, p = layer.kernel[axis], layer.stride[axis], layer.padding[axis]
    if layer.kind == "conv":
        return o * s - p, o * s - p + k - 1
    if layer.kind == "conv_transpose":
        return -((k - 1 - o - p) // s), (o + p) // s
    if layer.kind == "bilinear":
        place = 2 * o + 1 - s  # of the output's centre among the input's, times 2s
        return place // (2 * s), -(-place // (2 * s))
    return o // s, o // s


def reach(net, cell):
    """Return the output cells that an input cell can feed: a (first, last) pair per axis.

    It is also called the projective field. The other way round than :func:`receptive_field`.

    Parameters
    ----------
    net : Net
    cell : (int, int)
        Row and column of the input.

    Examples
    --------
    >>> two = [conv_transpose(1, 1, 3, stride=2), conv_transpose(1, 1, 3, stride=2)]
    >>> reach(Net("two", (1, 2, 2), two), (1, 1))
    ((4, 10), (4, 10))
    """
    every = [net.shape, *(row.shape for row in rows(net))]
    cell = _cell_of(cell, every[0])
    fields = []
    for axis in (0, 1):
        low = high = cell[axis]
        for layer, after in zip(net.layers, every[1:], strict=True):
            low, high = _fed_by(layer, axis, low)[0], _fed_by(layer, axis, high)[1]
            low, high = max(low, 0), min(high, after[1 + axis] - 1)
        fields.append((low, high))
    return tuple(fields)


def _fed_by(layer, axis, i):
    """First and last cell of a layer's output that its input cell i feeds, along one axis."""
    k, s, p = layer.kernel[axis], layer.stride[axis], layer.padding[axis]
    if layer.kind == "conv":
        return -((k - 1 - i - p) // s), (i + p) // s
    if layer.kind == "conv_transpose":
        return i * s - p, i * s - p + k - 1
    if layer.kind == "bilinear":
        half = s // 2
        return i * s - half, i * s + s - 1 + half
    return i * s, i * s + s - 1


def _cell_of(cell, shape):
    if np.ndim(cell) != 1 or len(cell) != 2:
        raise ValueError(f"cell={cell!r} must be (row, column)")
    cell = tuple(arguments.integer(f"cell[{n}]", v, least=0) for n, v in enumerate(cell))
    for n, (place, size) in enumerate(zip(cell, shape[1:], strict=True)):
        if place >= size:
            raise ValueError(f"cell[{n}]={place} must be below the size, {size}")
    return cell


def overlap(net):
    """Count the paths from the input to each output cell, one channel a layer.

    It is the forward pass of ones through kernels of ones. Skips, activations and normalisation are
    left out. A bilinear resize averages, so behind one the counts need not be whole.

    Returns
    -------
    array of shape (H, W) of the net's output

    Examples
    --------
    >>> overlap(Net("k3 s2", (1, 2, 2), [conv_transpose(1, 1, 3, stride=2)]))[2]
    array([2, 2, 4, 2, 2])
    """
    y = np.ones(net.shape[1:], int)
    for layer in net.layers:
        ones = np.ones(layer.kernel, int)
        if layer.kind == "conv":
            y = ops.conv2d(y, ones, stride=layer.stride, padding=layer.padding)
        elif layer.kind == "conv_transpose":
            y = ops.conv_transpose2d(y, ones, **_steps(layer))
        elif layer.kind == "bilinear":
            y = upsample.bilinear(y, layer.stride[0])
        else:  # each cell of a pixel shuffle comes from one channel
            y = upsample.nearest(y, layer.stride[0])
    return y


def _steps(layer):
    """The keywords of the layer's function in ops."""
    keywords = dict(stride=layer.stride, padding=layer.padding)
    if layer.kind == "conv_transpose":
        keywords["output_padding"] = layer.output_padding
    return keywords


# ------------------------------------------------------------------------------ numbers through it


def initial_weights(net, rng, *, init="dcgan", dtype=np.float32):
    """Draw the weights that training begins with.

    Parameters
    ----------
    net : Net
    rng : numpy.random.Generator
    init : "dcgan", "he" or "pytorch"
        "dcgan": normal, standard deviation 0.02. "he": normal, variance 2 / fan, so that a ReLU net
        keeps its scale; fan is how many products an output cell adds, which for a transposed
        convolution is Cin · k² / s² on average. "pytorch": uniform within ± 1 / √fan, the default
        of Conv2d and ConvTranspose2d, where fan is ``w.shape[1] · k²``: for a transposed
        convolution that counts *output* channels.
    dtype : floating type

    Returns
    -------
    list, one entry a layer
        (w, b), or None where there are none. b is None without a bias; it is 0 but for "pytorch".

    Notes
    -----
    Sources: A. Radford, L. Metz, S. Chintala, "Unsupervised representation learning with deep
    convolutional generative adversarial networks" (2016), section 4; K. He et al., "Delving deep
    into rectifiers" (2015); ``torch.nn.ConvTranspose2d.reset_parameters``.

    >>> (w, b), _ = initial_weights(Net("n", (3, 2, 2), [conv(3, 8, 5, padding=2), relu()]),
    ...                             np.random.default_rng(0))
    >>> w.shape, b.shape
    ((8, 3, 5, 5), (8,))
    """
    if init not in INITS:
        raise ValueError(f"init={init!r} must be 'dcgan', 'he' or 'pytorch'")
    drawn = []
    for layer in net.layers:
        if layer.kind not in ("conv", "conv_transpose"):
            drawn.append(None)
            continue
        shape, target = _weight_shape(layer), layer.target
        if init == "pytorch":
            bound = 1 / math.sqrt(math.prod(shape[1:]))
            w = rng.uniform(-bound, bound, shape)
            b = rng.uniform(-bound, bound, target)
        else:
            w = rng.standard_normal(shape, dtype=np.float32)
            w = w * np.float32(0.02 if init == "dcgan" else math.sqrt(2 / _fan(layer)))
            b = np.zeros(target)
        drawn.append((w.astype(dtype, copy=False), b.astype(dtype) if layer.bias else None))
    return drawn


def _fan(layer):
    """How many products an output cell adds, on average and away from the border."""
    fan = layer.source // layer.groups * math.prod(layer.kernel)
    return fan / math.prod(layer.stride) if layer.kind == "conv_transpose" else fan


def forward(net, weights, x, skips=(), *, keep=False):
    """Run a batch through the net.

    Parameters
    ----------
    net : Net
    weights : list
        As from :func:`initial_weights`.
    x : array of shape (N, C, H, W)
        H and W may differ from the net's own; layers without a fixed size take any.
    skips : sequence of arrays (N, C, H, W)
        One for each ``concat`` and ``add``, in the order of the layers, at least as large as what
        it meets; its middle is taken.
    keep : bool
        Also return the value before each layer and after the last, which :func:`backward` needs.

    Returns
    -------
    array of shape (N, C, H, W), or the list of all values if ``keep``
    """
    x = arguments.numeric("x", x)
    if x.ndim != 4 or x.shape[1] != net.shape[0]:
        raise ValueError(f"x of shape {x.shape} must be (N, {net.shape[0]}, H, W)")
    if len(weights) != len(net.layers):
        raise ValueError(f"weights has {len(weights)} entries; one a layer: {len(net.layers)}")
    needed = sum(layer.kind in ("concat", "add") for layer in net.layers)
    if len(skips) != needed:
        raise ValueError(f"skips has {len(skips)} entries; one for each concat and add: {needed}")
    arriving = iter(skips)
    values = [x]
    for layer, weight in zip(net.layers, weights, strict=True):
        y = _apply(layer, weight, values[-1], arriving)
        values = [*values, y] if keep else [y]
    return values if keep else values[-1]


def _apply(layer, weight, x, arriving):
    match layer.kind:
        case "conv":
            return ops.conv2d(x, *weight, groups=layer.groups, **_steps(layer))
        case "conv_transpose":
            return ops.conv_transpose2d(x, *weight, groups=layer.groups, **_steps(layer))
        case "nearest":
            return upsample.nearest(x, layer.stride[0])
        case "bilinear":
            return upsample.bilinear(x, layer.stride[0])
        case "pixel_shuffle":
            return upsample.pixel_shuffle(x, layer.stride[0])
        case "batch_norm":
            return (x - _mean(x)) / np.sqrt(_mean(np.square(x - _mean(x))) + EPSILON)
        case "relu":
            return np.maximum(x, 0)
        case "tanh":
            return np.tanh(x)
        case "sigmoid":
            return 1 / (1 + np.exp(-x))
        case "concat":
            return np.concatenate([_middle(next(arriving), x), x], axis=1)
        case "add":
            return x + _middle(next(arriving), x)


def _mean(x):
    return x.mean(axis=(0, 2, 3), keepdims=True)


def _middle(skip, x):
    """The middle of a skip, as large as x."""
    skip = arguments.numeric("skips", skip)
    extra = [have - want for have, want in zip(skip.shape[2:], x.shape[2:], strict=True)]
    if min(extra) < 0:
        raise ValueError(f"skips holds {skip.shape}, which must be at least as large as {x.shape}")
    (top, left), (height, width) = (n // 2 for n in extra), x.shape[2:]
    return skip[:, :, top : top + height, left : left + width]


def backward(net, weights, values, grad_y):
    """Carry a gradient back through a net.

    Parameters
    ----------
    net, weights
        As passed forwards.
    values : list
        What ``forward(..., keep=True)`` gave.
    grad_y : array of the shape of the output
        Derivative of a loss with respect to every output value.

    Returns
    -------
    grad_x : array
    gradients : list
        One entry a layer like ``weights``: (dw, db) or None. db is None without a bias.

    Raises
    ------
    ValueError
        For layers it does not know to carry back: batch_norm, bilinear, concat, add.
    """
    gradients, grad = [], grad_y
    layers = zip(net.layers, weights, values[:-1], values[1:], strict=True)
    for layer, weight, x, y in reversed(list(layers)):
        found = None
        match layer.kind:
            case "conv" | "conv_transpose":
                back = ops.conv2d_backward
                if layer.kind == "conv_transpose":
                    back = ops.conv_transpose2d_backward
                grad, dw, db = back(grad, x, weight[0], groups=layer.groups, **_steps(layer))
                found = dw, db if layer.bias else None
            case "nearest":
                f = layer.stride[0]
                n, c, h, w = x.shape
                grad = grad.reshape(n, c, h, f, w, f).sum(axis=(3, 5))
            case "pixel_shuffle":
                grad = upsample.pixel_unshuffle(grad, layer.stride[0])
            case "relu":
                grad = grad * (x > 0)
            case "tanh":
                grad = grad * (1 - y * y)
            case "sigmoid":
                grad = grad * y * (1 - y)
            case _:
                raise ValueError(f"net holds {layer.label}, which backward does not carry back")
        gradients.append(found)
    return grad, gradients[::-1]


# ------------------------------------------------------------------------------ nets from papers


def dcgan(kernel=5, *, resize=False):
    """The generator of DCGAN: 100 numbers become a colour image of 64 × 64.

    Parameters
    ----------
    kernel : 5 or 4
        5: the paper's, from 1024 channels (``padding=2, output_padding=1``). 4: the one of
        PyTorch's tutorial, from 512 channels (``padding=1``).
    resize : bool
        Put a nearest-neighbour resize and a convolution in place of each layer of stride 2, with
        kernel 5, or 3 for the variant of PyTorch: the cure, for comparison.

    Notes
    -----
    The paper's "project and reshape" is a transposed convolution on 1 × 1. Batch normalisation
    follows every layer but the last. The paper's code normalises that first layer per value, here
    it is per channel, as in PyTorch.

    Source: A. Radford, L. Metz, S. Chintala, "Unsupervised representation learning with deep
    convolutional generative adversarial networks" (2016), figure 1 and section 3, and its code,
    Newmu/dcgan_code; PyTorch's examples, dcgan/main.py.
    """
    settings = {5: dict(padding=2, output_padding=1), 4: dict(padding=1)}
    if kernel not in settings:
        raise ValueError(f"kernel={kernel!r} must be 5, the paper's, or 4, PyTorch's")
    wide = 1024 if kernel == 5 else 512
    layers = [conv_transpose(100, wide, 4, bias=False), batch_norm(wide), relu()]
    channels = [wide, wide // 2, wide // 4, wide // 8, 3]
    for source, target in zip(channels, channels[1:], strict=False):
        if resize:
            k = 5 if kernel == 5 else 3
            layers += [nearest(2), conv(source, target, k, padding=k // 2, bias=False)]
        else:
            up = conv_transpose(source, target, kernel, stride=2, bias=False, **settings[kernel])
            layers.append(up)
        layers += [tanh()] if target == 3 else [batch_norm(target), relu()]
    by = "resize and convolution" if resize else f"kernel {kernel}"
    return Net(f"DCGAN's generator, {by}", (100, 1, 1), layers)


def unet(*, width=64, classes=2, size=28, padding=0):
    """The up path of U-Net: four times up-convolution, concatenation, two convolutions.

    Parameters
    ----------
    width : int
        Channels of the finest level.
    classes : int
    size : int
        Of the map at the bottom; the paper's image of 572 × 572 gives 28.
    padding : int
        Of the 3 × 3 convolutions: 0 in the paper, which crops the skips; 1 in many later versions.

    Notes
    -----
    Source: O. Ronneberger, P. Fischer, T. Brox, "U-Net: convolutional networks for biomedical
    image segmentation" (2015), figure 1.
    """
    layers = []
    for level in (8, 4, 2, 1):
        c = width * level
        layers += [conv_transpose(2 * c, c, 2, stride=2), concat(c)]
        layers += [conv(2 * c, c, 3, padding=padding), relu()]
        layers += [conv(c, c, 3, padding=padding), relu()]
    layers.append(conv(width, classes, 1))
    return Net("U-Net's up path", (16 * width, size, size), layers)


def fcn(stride=32, *, classes=21, size=(10, 15), depthwise=True):
    """The up path of FCN-32s, FCN-16s or FCN-8s: class scores to pixels.

    Parameters
    ----------
    stride : 32, 16 or 8
        Of the last layer. The skips that are added come from pool4, and pool3.
    classes : int
        21 for PASCAL VOC.
    size : (int, int)
        Of the map of scores, a 32nd of the image.
    depthwise : bool
        One kernel a class. False: one a pair of classes, as the published files store it.

    Notes
    -----
    Kernels are twice the stride and hold bilinear interpolation. The published files use no
    padding and crop afterwards; here ``padding = stride / 2`` does it.

    Source: J. Long, E. Shelhamer, T. Darrell, "Fully convolutional networks for semantic
    segmentation" (2015), and its code, shelhamer/fcn.berkeleyvision.org.
    """
    ups = {32: [32], 16: [2, 16], 8: [2, 2, 8]}
    if stride not in ups:
        raise ValueError(f"stride={stride!r} must be 32, 16 or 8")
    groups = classes if depthwise else 1
    layers = []
    for f in ups[stride]:
        layers += [add()] if layers else []
        layers.append(
            conv_transpose(
                classes, classes, 2 * f, stride=f, padding=f // 2, groups=groups, bias=False
            )
        )
    return Net(f"FCN-{stride}s, up path", (classes, *size), layers)


def espcn(factor=3, *, channels=1, size=17):
    """The sub-pixel super-resolution net: three convolutions at low resolution, then a shuffle.

    Parameters
    ----------
    factor : int
    channels : int
        1: brightness only, as in the paper.
    size : int
        Of the input; the paper trains on patches of 17 × 17.

    Notes
    -----
    Source: W. Shi et al., "Real-time single image and video super-resolution using an efficient
    sub-pixel convolutional neural network" (2016), section 3.2.
    """
    last = channels * factor**2
    layers = [conv(channels, 64, 5, padding=2), tanh(), conv(64, 32, 3, padding=1), tanh()]
    layers += [conv(32, last, 3, padding=1), pixel_shuffle(factor)]
    return Net(f"ESPCN × {factor}", (channels, size, size), layers)
