"""One layer's geometry: its sizes, its padding, and which settings are legal."""

from typing import NamedTuple

from tconv_helpers import _arguments as arguments


class Layer(NamedTuple):
    """The sizes of one layer, read as a convolution from the large side to the small one."""

    large: tuple[int, ...]  # spatial shape of a convolution's input
    small: tuple[int, ...]  # spatial shape of its output
    kernel: tuple[int, ...]
    stride: tuple[int, ...]
    dilation: tuple[int, ...]
    pads: arguments.Pairs
    groups: int


def conv_layer(large, kernel, stride, padding, dilation, groups):
    n = len(large)
    stride = arguments.per_axis("stride", stride, n, least=1)
    dilation = arguments.per_axis("dilation", dilation, n, least=1)
    pads = _conv_pads(n, padding, kernel, stride, dilation)
    small = []
    for axis in range(n):
        span = dilation[axis] * (kernel[axis] - 1) + 1
        room = large[axis] + sum(pads[axis])
        if span > room:
            raise ValueError(
                f"kernel={kernel[axis]} with dilation={dilation[axis]} spans {span} cells, which"
                f" must not exceed the padded input of {large[axis]} + {pads[axis][0]} +"
                f" {pads[axis][1]} = {room} cells on axis {axis}"
            )
        small.append((room - span) // stride[axis] + 1)
    return Layer(tuple(large), tuple(small), tuple(kernel), stride, dilation, pads, groups)


def _conv_pads(n, padding, kernel, stride, dilation):
    if not isinstance(padding, str):
        return arguments.padding_pairs(padding, n)
    if padding == "valid":
        return ((0, 0),) * n
    if padding != "same":
        raise ValueError(f"padding={padding!r} must be 'same' or 'valid' when it is a word")
    for axis, s in enumerate(stride):
        if s != 1:
            raise ValueError(
                f"padding='same' must go with stride 1, but stride={s} on axis {axis};"
                " libraries differ there, so pass (lo, hi) pairs (see sizes)"
            )
    totals = [d * (k - 1) for k, d in zip(kernel, dilation, strict=True)]
    return tuple((total // 2, total - total // 2) for total in totals)


def conv_transpose_layer(small, kernel, stride, padding, output_padding, dilation, groups):
    """Cut the window (lo, hi - output_padding) from the canvas."""
    n = len(small)
    stride = arguments.per_axis("stride", stride, n, least=1)
    dilation = arguments.per_axis("dilation", dilation, n, least=1)
    pads = arguments.padding_pairs(padding, n)
    extra = arguments.per_axis("output_padding", output_padding, n, least=0)
    large = []
    for axis in range(n):
        s, d, k, op = stride[axis], dilation[axis], kernel[axis], extra[axis]
        if op >= max(s, d):
            raise ValueError(
                f"output_padding={op} must be smaller than max(stride, dilation)={max(s, d)}"
                f" on axis {axis}"
            )
        lo, hi = pads[axis]
        full = (small[axis] - 1) * s + d * (k - 1) + 1
        size = full - lo - hi + op
        if size < 1:
            raise ValueError(
                f"padding={pads[axis]} leaves {full} - {lo} - {hi} + {op} = {size} cells of the"
                f" canvas on axis {axis}; at least 1 must remain"
            )
        large.append(size)
    pads = tuple((lo, hi - op) for (lo, hi), op in zip(pads, extra, strict=True))
    return Layer(tuple(large), tuple(small), tuple(kernel), stride, dilation, pads, groups)
