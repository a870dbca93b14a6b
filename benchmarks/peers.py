"""Who takes part: each peer makes a function without arguments for a case, or says why it cannot.

A peer takes (case, x, w) and returns the call that is timed. What a library prepares once for a
layer (its own copy of the arrays, compiling) is done before; the call returns a NumPy array or what
`np.asarray` reads.
"""

import importlib
import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from tconv_helpers import kernels, ops

PYTORCH = "PyTorch"
OURS = "this package"


class Skip(Exception):
    """Why a peer does not take part, in a few words."""


def needs(name):
    """The library `name`, or a Skip with how to get it."""
    try:
        return importlib.import_module(name)
    except ImportError:
        raise Skip(f'{name} is absent: pip install ".[frameworks]"') from None


def ours(case, x, w):
    operation = ops.conv_transpose2d if case.kind == "conv_transpose" else ops.conv2d
    return lambda: operation(x, w, **case.settings)


def pytorch(case, x, w):
    torch = needs("torch")
    x, w = torch.from_numpy(x), torch.from_numpy(w)
    function = getattr(torch.nn.functional, f"{case.kind}2d")

    def call():
        with torch.inference_mode():
            return function(x, w, **case.settings)

    return call


def jax(case, x, w):
    jax = needs("jax")
    jax.config.update("jax_enable_x64", True)
    k, p = case.kernel, case.padding
    if case.kind == "conv":
        swapped, options = w, dict(window_strides=[case.stride] * 2, padding=[(p, p)] * 2)
    else:  # zero-insertion by name: XLA decides how
        if case.macs * case.stride**2 > 1e10:
            raise Skip(f"JAX multiplies the zeros: {case.macs * case.stride**2:.0e} products")
        swapped = w.reshape(case.groups, -1, *w.shape[1:]).swapaxes(1, 2)[..., ::-1, ::-1]
        swapped = swapped.reshape(-1, w.shape[0] // case.groups, k, k)
        pads = [(k - 1 - p, k - 1 - p)] * 2
        options = dict(window_strides=[1, 1], padding=pads, lhs_dilation=[case.stride] * 2)

    @jax.jit
    def run(x, w):
        return jax.lax.conv_general_dilated(x, w, feature_group_count=case.groups, **options)

    x, swapped = jax.numpy.asarray(x), jax.numpy.asarray(swapped)
    return lambda: run(x, swapped).block_until_ready()


def onnx_runtime(case, x, w, threads=1):
    runtime, onnx = needs("onnxruntime"), needs("onnx")
    helper, kind = onnx.helper, helper_type(onnx, x.dtype)
    node = helper.make_node(
        {"conv": "Conv", "conv_transpose": "ConvTranspose"}[case.kind],
        ["x", "w"],
        ["y"],
        strides=[case.stride] * 2,
        pads=[case.padding] * 4,
        group=case.groups,
    )
    graph = helper.make_graph(
        [node],
        "layer",
        [helper.make_tensor_value_info("x", kind, x.shape)],
        [helper.make_tensor_value_info("y", kind, case.out)],
        [onnx.numpy_helper.from_array(w, "w")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    options = runtime.SessionOptions()
    options.intra_op_num_threads, options.log_severity_level = threads, 4
    try:
        session = runtime.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # its own exception classes are private
        if "NOT_IMPLEMENTED" in str(error):
            raise Skip(f"ONNX Runtime has no {node.op_type} of {x.dtype}") from None
        raise
    return lambda: session.run(None, {"x": x})[0]


def helper_type(onnx, dtype):
    return onnx.helper.np_dtype_to_tensor_dtype(dtype)


def scipy(case, x, w):
    if x.shape[:2] != (1, 1) or w.shape[:2] != (1, 1):
        raise Skip("scipy.signal has no channels")
    signal = importlib.import_module("scipy.signal")
    plane, kernel, p, s = x[0, 0], w[0, 0], case.padding, case.stride
    if case.kind == "conv":
        if p or s > 1:
            raise Skip("scipy.signal has no stride")
        return lambda: signal.correlate2d(plane, kernel, mode="valid")[None, None]

    def call():
        sheet = np.zeros([(i - 1) * s + 1 for i in plane.shape], x.dtype)
        sheet[::s, ::s] = plane
        y = signal.convolve2d(sheet, kernel)
        return y[None, None, p : y.shape[0] - p, p : y.shape[1] - p]

    return call


def sparse_matrix(case, x, w):
    if case.macs > 5e6:
        raise Skip(f"the matrix has {case.macs:.0e} entries")
    n = len(x)
    if case.kind == "conv":
        matrix = ops.convolution_matrix(w, x.shape[1:], sparse=True, **case.settings)
    else:
        matrix = ops.convolution_matrix(w, case.out[1:], sparse=True, **case.settings).T.tocsr()
    return lambda: (matrix @ x.reshape(n, -1).T).T.reshape(case.out)


def zero_insertion(case, x, w):
    """Insert zeros, pad, and sum products over every window, with BLAS (einsum's optimize)."""
    if case.groups > 1:
        raise Skip("written for one group")
    k, s, p = case.kernel, case.stride, case.padding
    copied = math.prod(case.out) // case.out[1] * x.shape[1] * k * k * x.itemsize
    if copied > 2e9:
        raise Skip(f"would copy {copied / 1e9:.0f} GB")

    if case.kind == "conv":

        def call():
            framed = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)])
            windows = sliding_window_view(framed, (k, k), axis=(2, 3))[:, :, ::s, ::s]
            return np.einsum("ncijuv,dcuv->ndij", windows, w, optimize=True)

    else:

        def call():
            frame = k - 1 - p
            size = [(i - 1) * s + 1 + 2 * frame for i in x.shape[2:]]
            sheet = np.zeros((*x.shape[:2], *size), x.dtype)
            rows, columns = (slice(frame, frame + (i - 1) * s + 1, s) for i in x.shape[2:])
            sheet[:, :, rows, columns] = x
            windows = sliding_window_view(sheet, (k, k), axis=(2, 3))
            return np.einsum("ncijuv,cduv->ndij", windows, w[:, :, ::-1, ::-1], optimize=True)

    return call


def stamp_loops(case, x, w):
    """The definition: one stamp for each batch item, pair of channels and input value."""
    if case.kind == "conv":
        raise Skip("stamps are for transposed layers")
    stamps = case.macs // case.kernel**2
    if stamps > 3e5 or case.groups > 1:
        raise Skip(f"{stamps:,} stamps")
    k, s, p = case.kernel, case.stride, case.padding

    def call():
        n, c_out, height, width = case.out
        y = np.zeros((n, c_out, height + 2 * p, width + 2 * p), x.dtype)
        for b, c, d in np.ndindex(n, x.shape[1], c_out):
            for i, j in np.ndindex(*x.shape[2:]):
                y[b, d, i * s : i * s + k, j * s : j * s + k] += x[b, c, i, j] * w[c, d]
        return y[:, :, p : p + height, p : p + width]

    return call


PEERS = {
    PYTORCH: pytorch,
    OURS: ours,
    "JAX": jax,
    "ONNX Runtime": onnx_runtime,
    "scipy.signal": scipy,
    "scipy.sparse": sparse_matrix,
    "zero-insertion": zero_insertion,
    "stamp loops": stamp_loops,
}
FOREIGN = ("JAX", "ONNX Runtime")  # optional: the race goes on without them


# ------------------------------------------------------- the package's own algorithms, each forced

FAR = 10  # times the cheapest by the package's estimate: such an algorithm is not raced


def algorithms(case, dtype):
    """name → peer, for each algorithm of the package that might be chosen for the layer."""
    estimate = kernels.costs(*question(case, dtype))
    near = [way for way, cost in estimate.items() if cost < FAR * min(estimate.values())]
    return {way.__name__: forced(way) for way in near}


def chosen(case, dtype):
    """The name of the algorithm that the package takes."""
    return kernels.choose(*question(case, dtype)).__name__


def question(case, dtype):
    way = "scatter" if case.kind == "conv_transpose" else "gather"
    return way, geometry_of(case), case.x[0], case.w, dtype


def forced(way):
    def peer(case, x, w):
        layer = geometry_of(case)
        return lambda: way(x, w, layer)

    return peer


def geometry_of(case):
    s, p, k = case.stride, case.padding, (case.kernel,) * 2
    if case.kind == "conv":
        return kernels.conv_layer(case.x[2:], k, s, p, 1, case.groups)
    return kernels.conv_transpose_layer(case.x[2:], k, s, p, 0, 1, case.groups)
