"""One layer's geometry: its sizes, its padding, and which settings are legal."""

from typing import NamedTuple

from tconv_helpers import _arguments as arguments
from tconv_helpers import sizes


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
    """Read a convolution's settings; sizes says which are legal."""
    n = len(large)
    stride = arguments.per_axis("stride", stride, n, least=1)
    dilation = arguments.per_axis("dilation", dilation, n, least=1)
    if isinstance(padding, str):
        padding = sizes.conv_padding(
            "pytorch", large, kernel, padding=padding, stride=stride, dilation=dilation
        )
    pads = arguments.padding_pairs(padding, n)
    small = sizes.conv_size(large, kernel, stride=stride, padding=pads, dilation=dilation)
    return Layer(large, small, kernel, stride, dilation, pads, groups)


def conv_transpose_layer(small, kernel, stride, padding, output_padding, dilation, groups):
    """Read a transposed convolution's settings: the convolution whose transpose it is."""
    n = len(small)
    stride = arguments.per_axis("stride", stride, n, least=1)
    dilation = arguments.per_axis("dilation", dilation, n, least=1)
    pads = arguments.padding_pairs(padding, n)
    extra = arguments.per_axis("output_padding", output_padding, n, least=0)
    large = sizes.conv_transpose_size(
        small, kernel, stride=stride, padding=pads, output_padding=extra, dilation=dilation
    )
    return Layer(large, small, kernel, stride, dilation, sizes.window(pads, extra), groups)
