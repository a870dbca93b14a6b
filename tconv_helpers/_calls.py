"""From a caller's arrays to the sums: what they must be, and their answers in the caller's form.

What depends on shapes and settings alone is checked once and kept; a second call like the first
looks it up.
"""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from tconv_helpers import _arguments as arguments
from tconv_helpers import kernels
from tconv_helpers._layers import Layer, conv_layer, conv_transpose_layer

EXACT_IN_DOUBLES = 2**53  # a float64 holds every integer up to here


def forward(kind, n, x, w, b, *settings):
    """Return the answer of ``kind``, "conv" or "conv_transpose", along n axes."""
    x, w = arguments.numeric("x", x), arguments.numeric("w", w)
    b = b if b is None else arguments.numeric("b", b)
    plan = _plan(kind, n, x, w, b, settings)
    if plan.lead or plan.plain:
        x, w = x.reshape(plan.x_shape), w.reshape(plan.w_shape)
    if plan.run is None:
        dtype, x, w, b = _working(plan, x, w, b)
        sums = kernels.gather if kind == "conv" else kernels.scatter
        y = sums(x, w, plan.layer)
    else:
        dtype, y = x.dtype, plan.run(x, w)
    if b is not None:
        y += b.reshape(-1, *(1,) * n)
    if y.dtype != dtype:
        y = y.astype(dtype)
    return y[plan.lead] if plan.lead else y


def backward(kind, n, g, x, w, *settings):
    """Return (dx, dw, db) for the gradient g of the answer."""
    x, w = arguments.numeric("x", x), arguments.numeric("w", w)
    g = arguments.numeric("grad_y", g)
    plan = _plan(kind, n, x, w, None, settings)
    dtype, g, x, w = _working_backward(plan, g, x, w)
    if kind == "conv":
        dx, dw = kernels.scatter(g, w, plan.layer), kernels.pair(x, g, w.shape, plan.layer)
    else:
        dx, dw = kernels.gather(g, w, plan.layer), kernels.pair(g, x, w.shape, plan.layer)
    return plan.gradients(dx, dw, g, dtype)


# ------------------------------------------------------------------------- shapes and settings


class _Plan(NamedTuple):
    """What shapes and settings say about a call."""

    layer: Layer
    run: object  # the sums as a function of x and w; None: their dtype is yet to be found
    x_shape: tuple[int, ...]  # with a batch and a channel axis
    w_shape: tuple[int, ...]  # with channels
    y_shape: tuple[int, ...]
    lead: tuple[int, ...]  # zeros that index away the axes that the caller did not give
    plain: bool  # a kernel without channels
    terms: int  # products in one value of the answer
    terms_of_dx: int
    positions: int  # products in one value of the kernel's gradient, for one item

    def gradients(self, dx, dw, g, dtype):
        """Return (dx, dw, db) in the shapes of x, w and the bias."""
        db = np.asarray(g.sum(axis=(0, *range(2, g.ndim)), dtype=g.dtype))
        dx, dw = dx[self.lead], dw[(0, 0)] if self.plain else dw
        return tuple(
            d.astype(dtype, copy=False) for d in (dx, dw, db.reshape(()) if self.plain else db)
        )


def _plan(kind, n, x, w, b, settings):
    make = _kept_plan
    for value in settings:
        if type(value) is not int and not _sure(value):
            make = _new_plan
    b_form = b if b is None else (b.shape, b.dtype)
    return make(kind, n, x.shape, w.shape, x.dtype, w.dtype, b_form, settings)


def _sure(value):
    """Whether an equal value means the same: True == 1 == 1.0, but only one of them is a stride."""
    kind = type(value)
    return kind is int or kind is str or (kind is tuple and all(map(_sure, value)))


def _new_plan(kind, n, x_shape, w_shape, x_dtype, w_dtype, b_form, settings):
    *settings, groups = settings
    b_shape, b_dtype = b_form or (None, x_dtype)
    _check_axes(kind, n, x_shape, w_shape)
    plain, lead = len(w_shape) == n, n + 2 - len(x_shape)
    x_shape = (1,) * lead + x_shape
    w_shape = (1, 1) + w_shape if plain else w_shape
    groups = check_channels(kind, w_shape, x_shape[1], groups)
    channels = w_shape[0] if kind == "conv" else w_shape[1] * groups
    if b_shape is not None and b_shape != (channels,) and not (plain and b_shape == ()):
        raise ValueError(f"b of shape {b_shape} must have shape ({channels},)")
    # Products in one value of a gather and, at most, of a scatter.
    gathered = math.prod(w_shape[1:])
    scattered = w_shape[0] // groups * math.prod(w_shape[2:])
    if kind == "conv":
        layer = conv_layer(x_shape[2:], w_shape[2:], *settings, groups)
        size, terms, terms_of_dx = layer.small, gathered, scattered
    else:
        layer = conv_transpose_layer(x_shape[2:], w_shape[2:], *settings, groups)
        size, terms, terms_of_dx = layer.large, scattered, gathered
    y_shape, positions = (x_shape[0], channels, *size), math.prod(layer.small)
    run = None
    if x_dtype == w_dtype == b_dtype and x_dtype.char in "fd" and x_dtype.isnative:
        sums = "gather" if kind == "conv" else "scatter"
        run = kernels.ready(sums, layer, x_shape[0], w_shape, x_dtype)
    return _Plan(
        layer, run, x_shape, w_shape, y_shape, (0,) * lead, plain, terms, terms_of_dx, positions
    )


_kept_plan = lru_cache(maxsize=64)(_new_plan)


def _check_axes(kind, n, x, w):
    name = f"{kind}{n}d"
    axes = {1: "(k,)", 2: "(kh, kw)", 3: "(kd, kh, kw)"}[n]
    inner = axes[1:-1].rstrip(",")
    channels = "Cout, Cin / groups" if kind == "conv" else "Cin, Cout / groups"
    if len(w) not in (n, n + 2):
        raise ValueError(
            f"w of shape {w} must be a plain kernel {axes} or weights ({channels}, {inner})"
            f" for {name}"
        )
    wanted = (n,) if len(w) == n else (n + 1, n + 2)
    if len(x) not in wanted:
        room = {1: "L", 2: "H, W", 3: "D, H, W"}[n]
        form = f"({room})" if len(w) == n else f"(N, Cin, {room}) or (Cin, {room})"
        raise ValueError(f"x of shape {x} must be {form} for {name} with w of shape {w}")
    if 0 in w:
        raise ValueError(f"w of shape {w} must have at least one value along every axis")
    if 0 in x[len(x) - n :]:
        raise ValueError(f"x of shape {x} must have at least one value along spatial axes")


def check_channels(kind, w_shape, c_in, groups):
    """Return ``groups`` as an int, after comparing the channels of x and w with it."""
    groups = arguments.integer("groups", groups, least=1)
    if kind == "conv":
        if w_shape[0] % groups:
            raise ValueError(f"groups={groups} must divide the output channels of w: {w_shape[0]}")
        if c_in != w_shape[1] * groups:
            raise ValueError(
                f"x has {c_in} channels, but w of shape {w_shape} with groups={groups} must meet"
                f" {w_shape[1]} * {groups} = {w_shape[1] * groups}"
            )
    else:
        if w_shape[0] % groups:
            raise ValueError(f"groups={groups} must divide the input channels of w: {w_shape[0]}")
        if c_in != w_shape[0]:
            raise ValueError(
                f"x has {c_in} channels, but w of shape {w_shape} must meet {w_shape[0]}:"
                " a transposed convolution's weights have the input channels first"
            )
    return groups


# --------------------------------------------------------------------------------- the arrays


def _working(plan, x, w, b):
    """Return the dtype of the answer, and the operands in the dtype to sum in."""
    dtype = arguments.common_dtype(**({} if b is None else {"b": b}), x=x, w=w)
    bound = 0
    if dtype.kind == "i":
        bound = arguments.refuse_overflow(plan.terms, 0 if b is None else b, x=x, w=w)
    work = _to_sum_in(dtype, bound)
    x, w = x.astype(work, copy=False), w.astype(work, copy=False)
    b = None if b is None else b.astype(work, copy=False)
    return dtype, x, w, b


def _working_backward(plan, g, x, w):
    """As :func:`_working`, with the gradient of the answer."""
    wanted = plan.y_shape[len(plan.lead) :]
    dtype, bound = arguments.common_dtype(x=x, w=w, grad_y=g), 0
    if g.shape != wanted:
        raise ValueError(
            f"grad_y of shape {g.shape} must have the shape of the forward answer, {wanted}"
        )
    if dtype.kind == "i":
        batch = plan.x_shape[0]
        bound = max(
            arguments.refuse_overflow(plan.terms_of_dx, grad_y=g, w=w),
            arguments.refuse_overflow(batch * plan.positions, grad_y=g, x=x),
            arguments.refuse_overflow(batch * math.prod(plan.y_shape[2:]), grad_y=g),
        )
    work = _to_sum_in(dtype, bound)
    shapes = (plan.y_shape, plan.x_shape, plan.w_shape)
    return dtype, *(
        a.astype(work, copy=False).reshape(shape)
        for a, shape in zip((g, x, w), shapes, strict=True)
    )


def _to_sum_in(dtype, bound):
    """Return the dtype that sums are exact in, or as exact as the caller's own."""
    if dtype == np.float16:  # half precision would be rounded at every step: round once, at the end
        return np.dtype(np.float32)
    if dtype.kind == "i" and bound <= EXACT_IN_DOUBLES:  # exact, and BLAS knows no integers
        return np.dtype(np.float64)
    return dtype
