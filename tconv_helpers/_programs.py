"""A layer written down as a library's own code, for :mod:`tconv_helpers.frameworks`.

``CALLS`` holds the one call that makes the layer; ``PROGRAMS`` the imports, and the lines that
compute y from arrays x, w and, with a bias, b. What a layer says is checked before it comes here.
"""

from typing import NamedTuple

from tconv_helpers import _arguments as arguments


class Layer(NamedTuple):
    """What a call says. Batch and channels are numbers, or names to be shown."""

    library: str
    transposed: bool
    k: tuple
    batch: int | str
    c_in: int | str
    c_out: int | str
    bias: bool | None  # None: not said
    stride: object = 1
    padding: object = None
    output_padding: object = None
    output_shape: object = None
    dilation: object = 1
    groups: int = 1
    crop: object = None
    use_consistent_padding: bool = False

    def per_axis(self, value):
        return tuple(value) if isinstance(value, (tuple, list)) else (value,) * len(self.k)

    @property
    def name(self):
        """ConvTranspose, or Conv."""
        return "ConvTranspose" if self.transposed else "Conv"


def alike(value):
    """One number for all axes where they agree."""
    same = isinstance(value, tuple) and isinstance(value[0], int) and len(set(value)) == 1
    return value[0] if same else value


def _listed(*parts):
    return ", ".join(part for part in parts if part)


def _unless(default, name, value):
    value = alike(tuple(value) if isinstance(value, list) else value)
    return "" if value is None or value == default else f"{name}={_quoted(value)}"


def _quoted(value):
    return f'"{value}"' if isinstance(value, str) else str(value)


def _pairs(layer, kind=tuple):
    """Padding as one (lo, hi) pair per axis."""
    pairs = arguments.padding_pairs(layer.padding, len(layer.k))
    return [kind(pair) for pair in pairs]


def _pytorch_call(layer):
    inside = _listed(
        f"{layer.c_in}, {layer.c_out}, {alike(layer.k)}", _unless(1, "stride", layer.stride),
        _unless(0, "padding", layer.padding), _unless(0, "output_padding", layer.output_padding),
        _unless(1, "dilation", layer.dilation), _unless(1, "groups", layer.groups),
        "bias=False" if layer.bias is False else "",
    )  # fmt: skip
    return f"nn.{layer.name}{len(layer.k)}d({inside})"


def _pytorch_program(layer):
    state = '"weight": torch.from_numpy(w)'
    state += ', "bias": torch.from_numpy(b)' if layer.bias else ""
    size = f", output_size={list(layer.output_shape)}" if layer.output_shape else ""
    return ["import torch", "from torch import nn"], [
        f"layer = {_pytorch_call(layer)}",
        f"layer.load_state_dict({{{state}}})",
        f"y = layer(torch.from_numpy(x){size}).detach().numpy()",
    ]


def _keras_call(layer):
    word = layer.padding or "valid"
    inside = _listed(
        f"{layer.c_out}, {alike(layer.k)}", _unless(1, "strides", layer.stride),
        f'padding="{word}"' if layer.transposed or layer.padding else "",
        _unless(None, "output_padding", layer.output_padding),
        _unless(1, "dilation_rate", layer.dilation), _unless(1, "groups", layer.groups),
        "use_bias=False" if layer.bias is False else "",
    )  # fmt: skip
    return f"layers.Conv{len(layer.k)}D{'Transpose' if layer.transposed else ''}({inside})"


def _keras_program(layer):
    return ["import keras", "from keras import layers"], [
        f"layer = {_keras_call(layer)}",
        "layer.build(x.shape)  # makes its weights",
        f"layer.set_weights([w{', b' if layer.bias else ''}])",
        "y = keras.ops.convert_to_numpy(layer(x))",
    ]


def _tensorflow_call(layer):
    n = len(layer.k)
    padding = layer.padding or "VALID"
    if not isinstance(padding, str):
        padding = [[0, 0], *_pairs(layer, list), [0, 0]]
    step = alike(layer.stride)
    step = list(step) if isinstance(step, tuple) else step
    rate = _unless(1, "dilations", layer.dilation)
    if layer.transposed:
        shape = ", ".join(map(str, layer.per_axis(layer.output_shape)))
        shape = f"[{layer.batch}, {shape}, {layer.c_out}]"
        inside = _listed(f"x, w, {shape}, {step}, {_quoted(padding)}", rate)
        return f"tf.nn.conv{n}d_transpose({inside})"
    name = "convolution" if isinstance(padding, str) else f"conv{n}d"
    return f"tf.nn.{name}({_listed(f'x, w, {step}, {_quoted(padding)}', rate)})"


def _tensorflow_program(layer):
    if layer.transposed and layer.output_shape is None:
        raise ValueError("output_shape=None must be given for tensorflow")
    call = _tensorflow_call(layer)
    return ["import tensorflow as tf"], [f"y = np.asarray({call}{' + b' if layer.bias else ''})"]


def _jax_call(layer):
    padding = layer.padding or "VALID"
    padding = _quoted(padding) if isinstance(padding, str) else str(_pairs(layer))
    s, d = layer.per_axis(layer.stride), layer.per_axis(layer.dilation)
    inside = _listed(
        f"x, w, {s}, {padding}", f"rhs_dilation={d}" if set(d) != {1} else "",
        "transpose_kernel=True" if layer.transposed and layer.library != "jax" else "",
        "use_consistent_padding=True" if layer.use_consistent_padding else "",
        _unless(1, "feature_group_count", layer.groups),
    )  # fmt: skip
    return f"lax.conv_{'transpose' if layer.transposed else 'general_dilated'}({inside})"


def _jax_program(layer):
    column = "" if layer.transposed else f".reshape(-1{', 1' * len(layer.k)})"
    bias = f" + b{column}" if layer.bias else ""
    return ["from jax import lax"], [f"y = np.asarray({_jax_call(layer)}{bias})"]


def _onnx_call(layer):
    padding = layer.padding
    if padding is None:
        pads = ""
    elif isinstance(padding, str):
        pads = f'auto_pad="{padding}"'
    else:
        lo, hi = zip(*_pairs(layer), strict=True)
        pads = f"pads={[*lo, *hi]}"

    def wide(name, value, default):
        values = list(layer.per_axis(value))
        return "" if value is None or set(values) == {default} else f"{name}={values}"

    names = '["x", "w", "b"]' if layer.bias else '["x", "w"]'
    inside = _listed(
        f'"{layer.name}", {names}, ["y"]', f"strides={list(layer.per_axis(layer.stride))}", pads,
        wide("output_padding", layer.output_padding, 0),
        wide("output_shape", layer.output_shape, None), wide("dilations", layer.dilation, 1),
        f"group={layer.groups}" if layer.groups > 1 else "",
    )  # fmt: skip
    return f"helper.make_node({inside})"


def _onnx_program(layer):
    names = "xwb" if layer.bias else "xw"
    ends = ", ".join(f'info("{name}", 1, {name}.shape)' for name in names)
    feed = ", ".join(f'"{name}": {name}' for name in names)
    nodes, attributes = _onnx_call(layer)[:-1].split(', ["y"], ')
    return ["import onnxruntime", "from onnx import helper"], [
        f'node = {nodes}, ["y"],',
        f"                        {attributes})",
        "info = helper.make_tensor_value_info  # 1: float32",
        f'ends = [{ends}], [info("y", 1, None)]',
        'graph = helper.make_graph([node], "layer", *ends)',
        'opset = helper.make_opsetid("", 22)',
        "model = helper.make_model(graph, ir_version=10, opset_imports=[opset])",
        "session = onnxruntime.InferenceSession(model.SerializeToString())",
        f"y = session.run(None, {{{feed}}})[0]",
    ]


CALLS = {
    "pytorch": _pytorch_call,
    "keras": _keras_call,
    "tensorflow": _tensorflow_call,
    "jax": _jax_call,
    "onnx": _onnx_call,
}
PROGRAMS = {
    "pytorch": _pytorch_program,
    "keras": _keras_program,
    "tensorflow": _tensorflow_program,
    "jax": _jax_program,
    "onnx": _onnx_program,
}
