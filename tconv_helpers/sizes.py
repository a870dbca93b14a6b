"""Sizes: what a convolution and its transpose leave, which window of the canvas each library keeps.

Two laws carry the module. With the extent of a kernel ``e = d(k − 1) + 1``:

* a convolution has one output for every place its kernel fits: ``o = ⌊(i + lo + hi − e)/s⌋ + 1``;
* a transposed convolution stamps its kernel onto a canvas of ``F = (i − 1)s + e`` cells and keeps a
  window of it: ``o = F − lo − hi``. ``padding`` cuts cells off, ``output_padding`` gives cells back
  at the end. A negative ``lo`` or ``hi`` adds zeros past the canvas.

Every size here is one number, or one number per axis: int in, int out; tuple in, tuple out.
Letters: i input size, k kernel, s stride, p padding, op output_padding, d dilation, o output size.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from tconv_helpers import _arguments as arguments

LIBRARIES = ("pytorch", "keras", "tensorflow", "jax", "onnx")


class Window(arguments.Pair):
    """Cells dropped at the start and at the end of one axis of the canvas; negative adds zeros.

    It is also a (lo, hi) pair that serves as ``ops.conv_transpose2d``'s padding: one for every
    axis, or a tuple with one per axis.

    >>> Window(1, 0)
    Window(lo=1, hi=0)
    """

    __slots__ = ()

    def __repr__(self):
        return f"Window(lo={self.lo}, hi={self.hi})"


# ------------------------------------------------------------------------------------ the two laws


def conv_size(i, k, *, stride=1, padding=0, dilation=1):
    """Return the output size of a convolution: ``⌊(i + lo + hi − d(k − 1) − 1)/s⌋ + 1``.

    Parameters
    ----------
    i, k : int, or one int per axis
        Input and kernel size, in cells.
    stride, dilation : int, or one int per axis
    padding : int, one int per axis, a (lo, hi) pair per axis, "valid" or "same"
        Zeros *added* to the input. With int ``i`` and ``k`` a (lo, hi) pair stands by itself.

    Returns
    -------
    int, or one int per axis

    Raises
    ------
    ValueError, TypeError
        With the argument, its value and the rule; also when the kernel does not fit.

    Notes
    -----
    The floor loses up to s − 1 cells: input sizes 5 and 6 with k3 s2 both give 2.

    Source: Dumoulin and Visin, relationship 15 (relationships 1 to 7 are special cases).

    Examples
    --------
    >>> conv_size(5, 3, stride=2), conv_size(6, 3, stride=2)
    (2, 2)
    >>> conv_size((480, 640), 7, stride=2, padding=3)
    (240, 320)
    """

    def size(axis, i, k, s, d, pair):
        span, room = _extent(k, d), i + sum(pair)
        if span > room:
            raise ValueError(
                f"kernel size k={k} with dilation={d} spans {span} cells, which must not exceed the"
                f" padded input of {i} + {pair[0]} + {pair[1]} = {room} cells on axis {axis}"
            )
        return (room - span) // s + 1

    if isinstance(padding, str):
        padding = conv_padding("pytorch", i, k, stride=stride, padding=padding, dilation=dilation)
    return _each_axis(size, i, k, stride, dilation, _pairs(padding, _axes(i, k)))


def canvas_size(i, k, *, stride=1, dilation=1):
    """Return the size of the canvas all stamps fill: ``(i − 1)s + d(k − 1) + 1``.

    >>> canvas_size(2, 3, stride=2)
    5
    >>> canvas_size((2, 3), 3, stride=(2, 1))
    (5, 5)
    """
    return _each_axis(lambda axis, i, k, s, d: _canvas(i, k, s, d), i, k, stride, dilation)


def conv_transpose_size(i, k, *, stride=1, padding=0, output_padding=0, dilation=1):
    """Return the output size of a transposed convolution: the canvas less its window's lo and hi.

    ``o = (i − 1)s − 2p + d(k − 1) + op + 1``. No floor: a transposed convolution fits exactly.

    Parameters
    ----------
    i, k : int, or one int per axis
        Input and kernel size, in cells.
    stride, dilation : int, or one int per axis
    padding : int, one int per axis, or a (lo, hi) pair per axis
        Cells *cut off* the canvas: it shrinks the output. A pair may be negative and then adds.
        With int ``i`` and ``k`` a (lo, hi) pair stands by itself.
    output_padding : int, or one int per axis; smaller than max(stride, dilation)

    Returns
    -------
    int, or one int per axis

    Raises
    ------
    ValueError, TypeError
        With the argument, its value and the rule; also when nothing of the canvas remains.

    Notes
    -----
    Source: Dumoulin and Visin, relationship 14; ``torch.nn.ConvTranspose2d``.

    Examples
    --------
    >>> conv_transpose_size(2, 3, stride=2)
    5
    >>> conv_transpose_size(2, 3, stride=2, output_padding=1)
    6
    >>> conv_transpose_size((10, 15), 64, stride=32, padding=16)
    (320, 480)
    """

    def size(axis, i, k, s, d, pair, op):
        _check_output_padding(op, max(s, d), "max(stride, dilation)", axis)
        (lo, hi), full = pair, _canvas(i, k, s, d)
        if full - lo - hi + op < 1:
            raise ValueError(
                f"padding={(lo, hi)} leaves {full} - {lo} - {hi} + {op} = {full - lo - hi + op}"
                f" cells of the canvas on axis {axis}; at least 1 must remain"
            )
        return full - lo - hi + op

    n = _axes(i, k)
    extra = arguments.per_axis("output_padding", output_padding, n or 1, least=0)
    return _each_axis(size, i, k, stride, dilation, _pairs(padding, n), extra)


def window(padding, output_padding=0):
    """Return the window of the canvas that padding and output_padding keep: (p, p − op).

    output_padding does not append zeros: it *uncovers* cells that padding had cut off at the end.
    Only the op − p cells beyond the canvas, if op > p, are zeros.

    Parameters
    ----------
    padding : int, or per axis an int or a (lo, hi) pair
    output_padding : int, or one int per axis

    Returns
    -------
    Window, or one Window per axis

    Examples
    --------
    >>> window(1, 1)
    Window(lo=1, hi=0)
    >>> window((1, 0), output_padding=(0, 1))
    (Window(lo=1, hi=1), Window(lo=0, hi=-1))
    """
    n = _axes(padding, output_padding)
    extra = arguments.per_axis("output_padding", output_padding, n or 1, least=0)
    pairs = _pairs(padding, n)
    windows = tuple(Window(lo, hi - op) for (lo, hi), op in zip(pairs, extra, strict=True))
    return windows if n else windows[0]


def cut(canvas, windows):
    """Return the part of a plain canvas that a window keeps, with zeros where it looks past it.

    Parameters
    ----------
    canvas : array, one to any number of axes
    windows : one Window (or (lo, hi) pair) per axis, or one Window for all axes

    >>> cut([1, 2, 3, 4, 5], Window(1, 0))
    array([2, 3, 4, 5])
    >>> cut([1, 2, 3, 4, 5], Window(3, -2))
    array([4, 5, 0, 0])
    """
    canvas = arguments.numeric("canvas", canvas)
    pairs = _pairs(windows, canvas.ndim, name="windows")
    # Extend first: a window may begin past the canvas and still be as long as it says.
    result = np.pad(canvas, [(max(-lo, 0), max(-hi, 0)) for lo, hi in pairs])
    for axis, (lo, hi) in enumerate(pairs):
        start, stop = max(lo, 0), result.shape[axis] - max(hi, 0)
        if start >= stop:
            raise ValueError(
                f"windows={(lo, hi)} must keep at least 1 of the canvas's {canvas.shape[axis]}"
                f" cells on axis {axis}"
            )
        result = result[(slice(None),) * axis + (slice(start, stop),)]
    return result


def output_padding_for(output_size, i, k, *, stride=1, padding=0, dilation=1):
    """Return the output_padding that makes a transposed convolution end at ``output_size``.

    PyTorch's rule when a ConvTranspose layer is called with ``output_size``: the sizes in reach are
    those from op = 0 to op = stride − 1, whatever the dilation. A strided convolution maps exactly
    these sizes to ``i``, so one of them is the size to go back to.

    Parameters
    ----------
    output_size : int, or one int per axis
        Wanted spatial size, without batch and channels.
    i, k, stride, padding, dilation : int, or one int per axis
        As in :func:`conv_transpose_size`.

    Returns
    -------
    int, or one int per axis

    Raises
    ------
    ValueError
        If ``output_size`` is out of reach, with the smallest and the largest size that is not.

    Notes
    -----
    Source: ``torch.nn.ConvTranspose2d``, ``forward(input, output_size)``.

    Examples
    --------
    >>> output_padding_for(6, 2, 3, stride=2)
    1
    >>> output_padding_for(7, 2, 3, stride=2)
    Traceback (most recent call last):
      ...
    ValueError: output_size=7 must lie between 5 and 6 for an input of 2 on axis 0
    """

    def resolve(axis, i, k, s, d, pair, wanted):
        return _resolve("output_size", wanted, axis, i, k, s, d, pair)

    n = _axes(i, k, output_size)
    if n and not _axes(i, k):
        i = (i,) * n
    wanted = arguments.per_axis("output_size", output_size, n or 1, least=1)
    return _each_axis(resolve, i, k, stride, dilation, _pairs(padding, n), wanted)


# -------------------------------------------------- the relationships of convolution arithmetic


class Equivalent(NamedTuple):
    """The direct convolution, with the flipped kernel, that a transposed convolution equals.

    ``stretched`` is the input size after s − 1 zeros were put between neighbours, ``padding`` the
    zeros put around it (negative: cells cut off), ``a`` further zeros at the end only.
    """

    kernel: int
    stride: int
    padding: int
    stretched: int
    a: int


@dataclass(frozen=True)
class Relationship:
    """One relationship of Dumoulin and Visin's guide, for one axis.

    Numbers 1 to 7 and 15 are convolutions. 8 to 14 are transposed convolutions: there ``i`` is the
    transposed operation's own input size (i′ in the guide), while k, s and p are, as in the guide
    and in every library, those of the convolution it transposes; ``a`` is output_padding.

    >>> RELATIONSHIPS[5].formula
    'o = ⌊(i + 2p − k)/s⌋ + 1'
    >>> RELATIONSHIPS[5].output(6, 3, 2, 1)
    3
    >>> RELATIONSHIPS[12].equivalent(3, 3, 2, 1)
    Equivalent(kernel=3, stride=1, padding=1, stretched=5, a=0)
    """

    number: int
    title: str
    formula: str
    assumes: str
    _law: Callable = field(repr=False)
    _condition: Callable = field(repr=False)

    @property
    def transposed(self):
        """Whether it speaks of a transposed convolution."""
        return 8 <= self.number <= 14

    def applies(self, i, k, s=1, p=0, d=1, a=0):
        """Whether the setting is legal and meets what the relationship assumes."""
        if i < 1 or k < 1 or s < 1 or p < 0 or d < 1 or not 0 <= a < s:
            return False
        if (d > 1 and self.number != 15) or (a > 0 and self.number != 14):
            return False
        if not self._condition(k, s, p):
            return False
        # A direct kernel must fit its padded input; a transposed result must not be empty.
        return self._law(i, k, s, p, d, a) >= 1 and (self.transposed or i + 2 * p >= _extent(k, d))

    def output(self, i, k, s=1, p=0, d=1, a=0):
        """Return the output size by this relationship's own formula."""
        if not self.applies(i, k, s, p, d, a):
            setting = f"i={i}, k={k}, s={s}, p={p}, d={d}, a={a}"
            raise ValueError(
                f"{setting} must meet what relationship {self.number} assumes: {self.assumes}"
            )
        return self._law(i, k, s, p, d, a)

    def equivalent(self, i, k, s=1, p=0, a=0):
        """Return the equivalent direct convolution of relationships 8 to 14."""
        if not self.transposed:
            raise ValueError(f"number={self.number} must be 8 to 14 to have an equivalent")
        self.output(i, k, s, p, 1, a)
        return Equivalent(k, 1, k - p - 1, (i - 1) * s + 1, a)


# fmt: off
RELATIONSHIPS = (
    Relationship(1, "No padding, unit stride", "o = i − k + 1", "s = 1, p = 0",
                 lambda i, k, s, p, d, a: i - k + 1, lambda k, s, p: s == 1 and p == 0),
    Relationship(2, "Padding, unit stride", "o = i − k + 2p + 1", "s = 1",
                 lambda i, k, s, p, d, a: i - k + 2 * p + 1, lambda k, s, p: s == 1),
    Relationship(3, "Half (same) padding", "o = i", "s = 1, k = 2n + 1, p = n",
                 lambda i, k, s, p, d, a: i, lambda k, s, p: s == 1 and k == 2 * p + 1),
    Relationship(4, "Full padding", "o = i + k − 1", "s = 1, p = k − 1",
                 lambda i, k, s, p, d, a: i + k - 1, lambda k, s, p: s == 1 and p == k - 1),
    Relationship(5, "No padding, strides", "o = ⌊(i − k)/s⌋ + 1", "p = 0",
                 lambda i, k, s, p, d, a: (i - k) // s + 1, lambda k, s, p: p == 0),
    Relationship(6, "Padding and strides", "o = ⌊(i + 2p − k)/s⌋ + 1", "any s and p",
                 lambda i, k, s, p, d, a: (i + 2 * p - k) // s + 1, lambda k, s, p: True),
    Relationship(7, "Pooling", "o = ⌊(i − k)/s⌋ + 1", "pooling without padding",
                 lambda i, k, s, p, d, a: (i - k) // s + 1, lambda k, s, p: p == 0),
    Relationship(8, "Transpose of 1", "o′ = i′ + k − 1", "s = 1, p = 0",
                 lambda i, k, s, p, d, a: i + k - 1, lambda k, s, p: s == 1 and p == 0),
    Relationship(9, "Transpose of 2", "o′ = i′ + k − 1 − 2p", "s = 1",
                 lambda i, k, s, p, d, a: i + k - 1 - 2 * p, lambda k, s, p: s == 1),
    Relationship(10, "Transpose of 3", "o′ = i′", "s = 1, k = 2n + 1, p = n",
                 lambda i, k, s, p, d, a: i, lambda k, s, p: s == 1 and k == 2 * p + 1),
    Relationship(11, "Transpose of 4", "o′ = i′ − (k − 1)", "s = 1, p = k − 1",
                 lambda i, k, s, p, d, a: i - (k - 1), lambda k, s, p: s == 1 and p == k - 1),
    Relationship(12, "Transpose of 5 that fits", "o′ = s(i′ − 1) + k", "p = 0, s divides i − k",
                 lambda i, k, s, p, d, a: s * (i - 1) + k, lambda k, s, p: p == 0),
    Relationship(13, "Transpose of 6 that fits", "o′ = s(i′ − 1) + k − 2p", "s divides i + 2p − k",
                 lambda i, k, s, p, d, a: s * (i - 1) + k - 2 * p, lambda k, s, p: True),
    Relationship(14, "Transpose of 6", "o′ = s(i′ − 1) + a + k − 2p", "a = (i + 2p − k) mod s",
                 lambda i, k, s, p, d, a: s * (i - 1) + a + k - 2 * p, lambda k, s, p: True),
    Relationship(15, "Dilation", "o = ⌊(i + 2p − k − (k − 1)(d − 1))/s⌋ + 1", "any s, p and d",
                 lambda i, k, s, p, d, a: (i + 2 * p - k - (k - 1) * (d - 1)) // s + 1,
                 lambda k, s, p: True),
)
# fmt: on


# -------------------------------------------------------------------------- each library's windows


def conv_padding(library, i, k, *, padding, stride=1, dilation=1):
    """Return the zeros a library puts at both ends of a convolution's input.

    Parameters
    ----------
    library : "pytorch", "keras", "tensorflow", "jax" or "onnx"
    i, k : int, or one int per axis
    padding : str, or numbers as in :func:`conv_size`
        The library's own words, in either case:

        ========== ============================================= ================================
        pytorch    "same" (stride 1 only), "valid"               int, or one int per axis
        keras      "same", "valid"                               none
        tensorflow "SAME", "VALID"                               pairs, not negative
        jax        "SAME", "SAME_LOWER", "VALID"                 pairs, also negative
        onnx       "SAME_UPPER", "SAME_LOWER", "VALID", "NOTSET" pairs, not negative
        ========== ============================================= ================================
    stride, dilation : int, or one int per axis

    Returns
    -------
    (lo, hi), or one such pair per axis; ready to be the padding of ``ops.conv2d``

    Raises
    ------
    ValueError, TypeError
        Also for what the library itself refuses.

    Notes
    -----
    With stride above 1, SAME depends on the input size and is not symmetric: i6 k3 s2 gets (0, 1),
    where ``padding=1`` of PyTorch is (1, 1). Both give 3 outputs, and the values differ.

    SAME of ONNX Runtime refuses dilation, and crops (a negative entry) where the stride is larger
    than the kernel by more than one; the others then stop at (0, 0).

    Source: ``tf.nn.convolution``, ``jax.lax.padtype_to_pads``, the ONNX operator Conv (as ONNX
    Runtime computes it), ``torch.nn.Conv2d``, ``keras.layers.Conv2D``.

    Examples
    --------
    >>> conv_padding("tensorflow", 6, 3, stride=2, padding="SAME")
    (0, 1)
    >>> conv_padding("onnx", 6, 3, stride=2, padding="SAME_LOWER")
    (1, 0)
    >>> conv_padding("pytorch", 7, 4, padding="same")
    (1, 2)
    """

    def rule(axis, i, k, s, d, given):
        if isinstance(given, str):
            given = _CONV_WORDS[library][given](axis, i, k, s, d)
        return arguments.Pair(*given)

    _check_keras_dilation(library, stride, dilation)
    given = _library_padding(library, padding, _axes(i, k), _CONV_WORDS)
    return _each_axis(rule, i, k, stride, dilation, given)


def conv_transpose_window(
    library, i, k, *, padding, stride=1, dilation=1, output_padding=None, output_shape=None
):
    """Return the window of the canvas that a library's transposed convolution keeps.

    Parameters
    ----------
    library : "pytorch", "keras", "tensorflow", "jax" or "onnx"
    i, k : int, or one int per axis
    padding : str, or numbers as in :func:`conv_transpose_size`
    output_padding, output_shape : int, or one int per axis, optional
        Where the library has them (``output_size`` in PyTorch). Spatial sizes only.

        ========== ================================== ================== ===================
        library    padding                            output_padding     output_shape
        ========== ================================== ================== ===================
        pytorch    int, or one int per axis           yes                instead of it
        keras      "same", "valid"                    below stride       no
        tensorflow "SAME", "VALID", pairs             no                 always
        jax        "SAME", "VALID", pairs             no                 no
        onnx       pairs ("NOTSET"), "SAME_UPPER",    below stride       yes: it replaces
                   "SAME_LOWER", "VALID"                                 the pads
        ========== ================================== ================== ===================
    stride, dilation : int, or one int per axis

    Returns
    -------
    Window, or one per axis; ready to be the padding of ``ops.conv_transpose2d``

    Raises
    ------
    ValueError, TypeError
        Also for what the library itself refuses.

    Notes
    -----
    * The window is cut from the canvas of the kernel as PyTorch stamps it. JAX flips the kernel
      first unless ``transpose_kernel=True``: its result is the same window of the canvas of
      ``ops.flip(w)``.
    * JAX's explicit pads go around the *dilated input*, so they add to the output: ``lo`` is
      d(k − 1) − pad. With k3 and pad 1 that happens to be 1, which hides the difference. With
      ``use_consistent_padding=True`` they are cells cut off, as in PyTorch.
    * ONNX Runtime never adds cells for SAME: with a stride above the kernel's extent its output is
      the whole canvas, smaller than i·s, where Keras and JAX append zeros. It refuses
      output_padding from the stride upwards, also where dilation is larger.
    * Keras "same" with output_padding=0 and an even kernel extent gives (i − 1)s cells on JAX and
      PyTorch; its TensorFlow backend refuses that setting.

    Source: ``torch.nn.ConvTranspose2d``, ``keras.layers.Conv2DTranspose``,
    ``tf.nn.conv2d_transpose``, ``jax.lax.conv_transpose``, the ONNX operator ConvTranspose (as ONNX
    Runtime computes it).

    Examples
    --------
    >>> conv_transpose_window("pytorch", 2, 3, stride=2, padding=1, output_padding=1)
    Window(lo=1, hi=0)
    >>> conv_transpose_window("keras", 2, 3, stride=2, padding="same")
    Window(lo=0, hi=1)
    >>> conv_transpose_window("jax", 2, 3, stride=2, padding=(0, 0))
    Window(lo=2, hi=2)
    """

    def rule(axis, i, k, s, d, *wishes):
        pair = _TRANSPOSE_RULES[library](axis, i, k, s, d, *wishes)
        if _canvas(i, k, s, d) - sum(pair) < 1:
            raise ValueError(f"padding={padding!r} leaves nothing of the canvas on axis {axis}")
        return Window(*pair)

    _check_keras_dilation(library, stride, dilation)
    n = _axes(i, k)
    given = _library_padding(library, padding, n, _TRANSPOSE_WORDS)
    extra = _optional("output_padding", output_padding, n or 1, least=0)
    wanted = _optional("output_shape", output_shape, n or 1, least=1)
    return _each_axis(rule, i, k, stride, dilation, given, extra, wanted)


def _same(axis, i, k, s, d):
    """TensorFlow's SAME: o = ⌈i/s⌉; an odd zero goes to the end."""
    total = max((math.ceil(i / s) - 1) * s + _extent(k, d) - i, 0)
    return total // 2, total - total // 2


def _same_lower(axis, i, k, s, d):
    """As _same; an odd zero goes to the start."""
    return _same(axis, i, k, s, d)[::-1]


def _pytorch_same(axis, i, k, s, d):
    if s != 1:
        raise ValueError(f"padding='same' must go with stride 1, but stride={s} on axis {axis}")
    return _same(axis, i, k, 1, d)


def _onnx_same(axis, i, k, s, d, odd=0):
    """As _same, except where stride skips more cells than the size needs: then it crops.

    TensorFlow's total stops at 0; ONNX Runtime's goes below, so its first tap may move inwards.
    """
    if d != 1:
        raise ValueError(f"dilation={d} must be 1 for SAME in onnx (Runtime), on axis {axis}")
    total = (math.ceil(i / s) - 1) * s + k - i
    total += total < 0
    lo = math.trunc((total + odd) / 2)
    return lo, total - lo


def _onnx_same_lower(axis, i, k, s, d):
    return _onnx_same(axis, i, k, s, d, odd=1)


def _valid(axis, i, k, s, d):
    return 0, 0


_CONV_WORDS = {
    "pytorch": {"SAME": _pytorch_same, "VALID": _valid},
    "keras": {"SAME": _same, "VALID": _valid},
    "tensorflow": {"SAME": _same, "VALID": _valid},
    "jax": {"SAME": _same, "SAME_LOWER": _same_lower, "VALID": _valid},
    "onnx": {
        "SAME_UPPER": _onnx_same,
        "SAME_LOWER": _onnx_same_lower,
        "VALID": _valid,
        "NOTSET": _valid,
    },
}

_TRANSPOSE_WORDS = {
    "pytorch": (),
    "keras": ("SAME", "VALID"),
    "tensorflow": ("SAME", "VALID"),
    "jax": ("SAME", "VALID"),
    "onnx": ("SAME_UPPER", "SAME_LOWER", "VALID", "NOTSET"),
}


def _pytorch_transpose(axis, i, k, s, d, pair, op, size):
    if size is not None:
        if op is not None:
            raise ValueError(f"output_padding={op} must be left out when output_shape is given")
        op = _resolve("output_shape", size, axis, i, k, s, d, pair)
    op = op or 0
    _check_output_padding(op, max(s, d), "max(stride, dilation)", axis)
    return pair[0], pair[1] - op


def _keras_transpose(axis, i, k, s, d, word, op, size):
    _refuse("output_shape", size, "keras")
    span, full = _extent(k, d), _canvas(i, k, s, d)
    if op is not None:
        _check_output_padding(op, s, "stride", axis)
    if word == "VALID":
        return 0, -(max(s - span, 0) if op is None else op)
    # "same": i·s cells, or (i − 1)s + (span mod 2) + op when output_padding is given.
    total = full - (i * s if op is None else (i - 1) * s + span % 2 + op)
    lo = max(total // 2, 0)
    return lo, total - lo


def _tensorflow_transpose(axis, i, k, s, d, padding, op, size):
    """The input gradient of the convolution that maps ``size`` to ``i``."""
    _refuse("output_padding", op, "tensorflow")
    if size is None:
        raise ValueError("output_shape=None must be given for tensorflow")
    full = _canvas(i, k, s, d)
    pair = padding
    if isinstance(padding, str):
        pair = _CONV_WORDS["tensorflow"][padding](axis, size, k, s, d)
    back = (size + sum(pair) - _extent(k, d)) // s + 1
    if back != i:
        raise ValueError(
            f"output_shape={size} must be a size that padding={padding!r} convolves to {i},"
            f" not to {back}, on axis {axis}"
        )
    return pair[0], full - pair[0] - size


def _jax_transpose(axis, i, k, s, d, padding, op, size):
    _refuse("output_padding", op, "jax")
    _refuse("output_shape", size, "jax")
    reach = _extent(k, d) - 1
    if padding == "SAME":
        both = reach + s - 1
        before = reach if s > reach else -(-both // 2)
        padding = before, both - before
    elif padding == "VALID":
        padding = reach, max(reach, s - 1)
    return reach - padding[0], reach - padding[1]


def _onnx_transpose(axis, i, k, s, d, padding, op, size):
    op, full = op or 0, _canvas(i, k, s, d)
    _check_output_padding(op, s, "stride", axis)
    if size is None and padding in ("SAME_UPPER", "SAME_LOWER"):
        size = min(i * s, full + op)
    if size is None:
        lo, hi = (0, 0) if padding in ("VALID", "NOTSET") else padding
        return lo, hi - op
    if size >= full + s:
        raise ValueError(f"output_shape={size} must be at most {full + s - 1} on axis {axis}")
    total = max(full + op - size, 0)
    lo = total // 2 if padding == "SAME_UPPER" else total - total // 2
    return lo, full - lo - size


_TRANSPOSE_RULES = {
    "pytorch": _pytorch_transpose,
    "keras": _keras_transpose,
    "tensorflow": _tensorflow_transpose,
    "jax": _jax_transpose,
    "onnx": _onnx_transpose,
}


# ---------------------------------------------------------------------------------- inverse design


class Design(NamedTuple):
    """One layer, along one axis, that turns a given size into a wanted one."""

    kernel: int
    stride: int
    padding: int
    output_padding: int
    dilation: int

    @property
    def even(self):
        """Whether every interior output cell receives the same number of stamps.

        Taps fall on the phases d·t mod s: all phases get the same number if d and s share no factor
        and s divides k. It makes an even result possible; the weights decide.
        """
        return math.gcd(self.dilation, self.stride) == 1 and self.kernel % self.stride == 0


def designs(
    source,
    target,
    *,
    kernels=range(1, 8),
    strides=range(1, 5),
    paddings=None,
    output_paddings=None,
    dilations=(1,),
):
    """Return every transposed convolution, along one axis, that turns ``source`` into ``target``.

    Parameters
    ----------
    source, target : int
        Input and wanted output size, in cells.
    kernels, strides, dilations : iterables of int
    paddings, output_paddings : iterables of int, optional
        Left out, every legal one.

    Returns
    -------
    list of Design
        Plainest first: those that throw no whole stamp away (padding up to d(k − 1)), then without
        output_padding, then with even overlaps, then by kernel, dilation and stride.

    Raises
    ------
    ValueError, TypeError
        If a size or a choice is not a positive integer (paddings: not negative).

    Notes
    -----
    For every kernel, stride, dilation and output_padding at most one padding fits, since
    ``2p = (i − 1)s + d(k − 1) + op + 1 − o`` must be even and not negative.

    Examples
    --------
    >>> for design in designs(16, 32, kernels=[3, 4], strides=[2]):
    ...     print(design, "even" if design.even else "uneven")
    Design(kernel=4, stride=2, padding=1, output_padding=0, dilation=1) even
    Design(kernel=3, stride=2, padding=1, output_padding=1, dilation=1) uneven
    """
    source = arguments.integer("source", source, least=1)
    target = arguments.integer("target", target, least=1)
    kernels = _choices("kernels", kernels, least=1)
    strides = _choices("strides", strides, least=1)
    dilations = _choices("dilations", dilations, least=1)
    allowed = None if paddings is None else _choices("paddings", paddings, least=0)
    extras = None if output_paddings is None else _choices("output_paddings", output_paddings, 0)

    found = []
    for k in kernels:
        for s in strides:
            for d in dilations:
                for op in range(max(s, d)):
                    p, odd = divmod(_canvas(source, k, s, d) + op - target, 2)
                    fits = not odd and p >= 0 and (allowed is None or p in allowed)
                    if fits and (extras is None or op in extras):
                        found.append(Design(k, s, p, op, d))
    return sorted(
        found,
        key=lambda x: (
            x.padding > x.dilation * (x.kernel - 1),
            x.output_padding,
            not x.even,
            x.kernel,
            x.dilation,
            x.stride,
        ),
    )


# ------------------------------------------------------------------------------------ small helpers


def _extent(k, d):
    return d * (k - 1) + 1


def _canvas(i, k, s, d):
    return (i - 1) * s + _extent(k, d)


def _is_sequence(value):
    return isinstance(value, (tuple, list, np.ndarray)) and not isinstance(value, arguments.Pair)


def _axes(*sizes):
    """The number of axes if a size is given per axis, else 0: a bare number is meant."""
    return next((len(size) for size in sizes if _is_sequence(size)), 0)


def _pairs(padding, n, name="padding"):
    """One (lo, hi) pair per axis; n = 0 (bare sizes) allows a lone pair."""
    lone = isinstance(padding, arguments.Pair) or (
        n == 0 and _is_sequence(padding) and len(padding) == 2
    )
    return arguments.padding_pairs((tuple(padding),) * (n or 1) if lone else padding, n or 1)


def _each_axis(rule, i, k, stride, dilation, *per_axis):
    """Apply ``rule(axis, i, k, s, d, …)`` to every axis; bare sizes give a bare answer."""
    n = _axes(i, k)
    columns = [
        arguments.per_axis(name, value, n or 1, least=1)
        for name, value in (("i", i), ("k", k), ("stride", stride), ("dilation", dilation))
    ]
    rows = zip(*columns, *per_axis, strict=True)
    answers = tuple(rule(axis, *row) for axis, row in enumerate(rows))
    return answers if n else answers[0]


def _resolve(name, wanted, axis, i, k, s, d, pair):
    """The output_padding that leads to a wanted size, as PyTorch resolves it."""
    low = _canvas(i, k, s, d) - sum(pair)
    high = low + s - 1
    if not low <= wanted <= high:
        raise ValueError(
            f"{name}={wanted} must lie between {low} and {high} for an input of {i} on axis {axis}"
        )
    return wanted - low


def _optional(name, value, n, *, least):
    return (None,) * n if value is None else arguments.per_axis(name, value, n, least=least)


def _choices(name, values, least):
    if not np.iterable(values) or isinstance(values, str):
        raise TypeError(f"{name}={values!r} must be a collection of integers, such as [1, 2]")
    return sorted({arguments.integer(name, value, least=least) for value in values})


def _library_padding(library, padding, n, words):
    """Per axis, the word in capitals or the (lo, hi) pair, if the library has it."""
    if library not in LIBRARIES:
        raise ValueError(f"library={library!r} must be one of {', '.join(LIBRARIES)}")
    if isinstance(padding, str):
        if padding.upper() not in words[library]:
            known = ", ".join(words[library]) or "numbers, not a word,"
            raise ValueError(f"padding={padding!r} must be {known} for {library}")
        return (padding.upper(),) * (n or 1)
    pairs = _pairs(padding, n)
    if library == "keras":
        raise ValueError(f"padding={padding!r} must be 'same' or 'valid' for keras")
    if library == "pytorch" and any(lo != hi for lo, hi in pairs):
        raise ValueError(f"padding={padding!r} must be the same at both ends for pytorch")
    if library != "jax" and min(map(min, pairs)) < 0:
        raise ValueError(f"padding={padding!r} must not be negative for {library}")
    return pairs


def _check_output_padding(op, limit, rule, axis):
    if op >= limit:
        raise ValueError(f"output_padding={op} must be smaller than {rule}={limit} on axis {axis}")


def _check_keras_dilation(library, stride, dilation):
    for name, value in (("stride", stride), ("dilation", dilation)):
        arguments.per_axis(name, value, np.size(value), least=1)
    if library == "keras" and np.max(stride) > 1 and np.max(dilation) > 1:
        raise ValueError(f"dilation={dilation} must be 1 when stride={stride} is above 1 for keras")


def _refuse(name, value, library):
    if value is not None:
        raise ValueError(f"{name}={value} must be left out for {library}: it has none")
