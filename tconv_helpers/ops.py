"""Convolution, transposed convolution, their gradients and the convolution matrix.

"Convolution" is meant as in deep learning: the kernel is *not* flipped (cross-correlation).
Names, layouts and meaning are PyTorch's. Integers give exact 64-bit integers.

A convolution gathers forwards and scatters its gradient back; a transposed convolution scatters
forwards and gathers its gradient back. The sums themselves are in ``kernels``.
"""

import math

import numpy as np

from tconv_helpers import _arguments as arguments
from tconv_helpers import _calls as calls
from tconv_helpers import _geometry as geometry
from tconv_helpers import _matrix
from tconv_helpers._layers import conv_layer, conv_transpose_layer

# ------------------------------------------------------------------------------ public: forward


def conv1d(x, w, b=None, *, stride=1, padding=0, dilation=1, groups=1):
    """Convolve along one axis. Everything else as in :func:`conv2d`.

    >>> conv1d([1, 2, 3, 4], [1, 0, -1])
    array([-2, -2])
    """
    return calls.forward("conv", 1, x, w, b, stride, padding, dilation, groups)


def conv2d(x, w, b=None, *, stride=1, padding=0, dilation=1, groups=1):
    """Convolve (cross-correlate) an image with a kernel.

    Parameters
    ----------
    x : array of shape (N, Cin, H, W), (Cin, H, W), or plain (H, W) with a plain kernel
    w : array of shape (Cout, Cin / groups, kh, kw), or plain (kh, kw)
    b : array of shape (Cout,), optional
        Added to every value of its output channel. With a plain kernel, one number.
    stride, dilation : int, or one int per axis, in cells
    padding : int, one int per axis, one (lo, hi) pair per axis, "valid" or "same"
        Zeros put around the input, in cells. A pair may be negative: it crops. "same" keeps the
        size and needs stride 1; an odd total puts the extra zero at the end, as PyTorch does.
    groups : int
        Splits the channels into independent convolutions.

    Returns
    -------
    array of shape (N, Cout, oh, ow), (Cout, oh, ow) or (oh, ow), with
    ``o = floor((i + lo + hi - dilation * (k - 1) - 1) / stride) + 1``

    Raises
    ------
    ValueError, TypeError
        With the argument, its value and the rule.

    Notes
    -----
    The kernel is not flipped; for the convolution of mathematics, pass ``flip(w)``.

    Source: V. Dumoulin, F. Visin, "A guide to convolution arithmetic for deep learning",
    relationships 6 and 15; ``torch.nn.functional.conv2d``.

    Examples
    --------
    >>> x = np.arange(9).reshape(3, 3)
    >>> conv2d(x, [[1, 2], [3, 4]])
    array([[27, 37],
           [57, 67]])
    >>> conv2d(np.ones((8, 3, 32, 32)), np.ones((16, 3, 3, 3)), stride=2, padding=1).shape
    (8, 16, 16, 16)
    """
    return calls.forward("conv", 2, x, w, b, stride, padding, dilation, groups)


def conv3d(x, w, b=None, *, stride=1, padding=0, dilation=1, groups=1):
    """Convolve a volume. Everything else as in :func:`conv2d`.

    >>> conv3d(np.ones((4, 4, 4)), np.ones((3, 3, 3))).shape
    (2, 2, 2)
    """
    return calls.forward("conv", 3, x, w, b, stride, padding, dilation, groups)


def conv_transpose1d(x, w, b=None, *, stride=1, padding=0, output_padding=0, dilation=1, groups=1):
    """Convolve transposed along one axis. Everything else as in :func:`conv_transpose2d`.

    >>> conv_transpose1d([1, 2], [1, 1, 1], stride=2)
    array([1, 1, 3, 2, 2])
    """
    return calls.forward(
        "conv_transpose", 1, x, w, b, stride, padding, output_padding, dilation, groups
    )


def conv_transpose2d(x, w, b=None, *, stride=1, padding=0, output_padding=0, dilation=1, groups=1):
    """Apply the transpose of a convolution: stamp the kernel at every input value and add.

    Parameters
    ----------
    x : array of shape (N, Cin, H, W), (Cin, H, W), or plain (H, W) with a plain kernel
    w : array of shape (Cin, Cout / groups, kh, kw), or plain (kh, kw)
        Input channels come first, the other way round than in :func:`conv2d`, so that one array
        serves a convolution and its transpose. With Cin = Cout a swapped layout raises nothing.
    b : array of shape (Cout,), optional
    stride : int, or one int per axis
        Distance between neighbouring stamps, in output cells.
    padding : int, one int per axis, or one (lo, hi) pair per axis
        Cells *cut off* the canvas at each end. It shrinks the output. A negative entry adds cells.
    output_padding : int, or one int per axis; smaller than max(stride, dilation)
        Cells given back at the end of each axis. They hold what the stamps put there, not zeros,
        as long as they lie on the canvas.
    dilation : int, or one int per axis
        Distance between neighbouring taps of the kernel.
    groups : int

    Returns
    -------
    array of shape (N, Cout, oh, ow), (Cout, oh, ow) or (oh, ow), with
    ``o = (i - 1) * stride - lo - hi + dilation * (k - 1) + output_padding + 1``

    Raises
    ------
    ValueError, TypeError
        With the argument, its value and the rule.

    Notes
    -----
    It is the transpose of :func:`conv2d` as a linear map, not its inverse.

    Source: Dumoulin and Visin, relationships 8 to 14; ``torch.nn.functional.conv_transpose2d``.

    Examples
    --------
    >>> conv_transpose2d([[0, 1], [2, 3]], [[0, 1], [2, 3]])
    array([[ 0,  0,  1],
           [ 0,  4,  6],
           [ 4, 12,  9]])
    >>> conv_transpose2d(np.ones((8, 64, 16, 16)), np.ones((64, 32, 2, 2)), stride=2).shape
    (8, 32, 32, 32)
    """
    return calls.forward(
        "conv_transpose", 2, x, w, b, stride, padding, output_padding, dilation, groups
    )


def conv_transpose3d(x, w, b=None, *, stride=1, padding=0, output_padding=0, dilation=1, groups=1):
    """Convolve a volume transposed. Everything else as in :func:`conv_transpose2d`.

    >>> conv_transpose3d(np.ones((2, 2, 2)), np.ones((2, 2, 2)), stride=2).shape
    (4, 4, 4)
    """
    return calls.forward(
        "conv_transpose", 3, x, w, b, stride, padding, output_padding, dilation, groups
    )


# ----------------------------------------------------------------------------- public: backward


def conv1d_backward(grad_y, x, w, *, stride=1, padding=0, dilation=1, groups=1):
    """Carry a gradient back through :func:`conv1d`. Everything else as in :func:`conv2d_backward`.

    >>> conv1d_backward([1, 10], [1, 2, 3], [4, 5])
    (array([ 4, 45, 50]), array([21, 32]), array(11))
    """
    return calls.backward("conv", 1, grad_y, x, w, stride, padding, dilation, groups)


def conv2d_backward(grad_y, x, w, *, stride=1, padding=0, dilation=1, groups=1):
    """Carry a gradient back through :func:`conv2d`.

    Parameters
    ----------
    grad_y : array of the shape of ``conv2d(x, w, ...)``
        Derivative of a loss with respect to every output value.
    x, w, stride, padding, dilation, groups
        As they were passed forwards.

    Returns
    -------
    dx, dw, db : arrays
        Derivatives with respect to x and w (of their shapes) and to the bias, of shape (Cout,);
        with a plain kernel ``db`` has no axes.

    Notes
    -----
    ``dx`` is a transposed convolution of ``grad_y`` with the same, unswapped ``w``.

    Source: Dumoulin and Visin, section 4.

    Examples
    --------
    >>> dx, dw, db = conv2d_backward(np.ones((2, 2), int), np.eye(3, dtype=int), [[1, 2], [3, 4]])
    >>> dx
    array([[ 1,  3,  2],
           [ 4, 10,  6],
           [ 3,  7,  4]])
    >>> dw
    array([[2, 1],
           [1, 2]])
    >>> int(db)
    4
    """
    return calls.backward("conv", 2, grad_y, x, w, stride, padding, dilation, groups)


def conv3d_backward(grad_y, x, w, *, stride=1, padding=0, dilation=1, groups=1):
    """Carry a gradient back through :func:`conv3d`. Everything else as in :func:`conv2d_backward`.

    >>> ones = np.ones((2, 2, 2))
    >>> [d.shape for d in conv3d_backward(ones, np.ones((3, 3, 3)), ones)]
    [(3, 3, 3), (2, 2, 2), ()]
    """
    return calls.backward("conv", 3, grad_y, x, w, stride, padding, dilation, groups)


def conv_transpose1d_backward(
    grad_y, x, w, *, stride=1, padding=0, output_padding=0, dilation=1, groups=1
):
    """Carry a gradient back through :func:`conv_transpose1d`; see
    :func:`conv_transpose2d_backward`.

    >>> conv_transpose1d_backward([1, 10, 100], [1, 2], [4, 5])
    (array([ 54, 540]), array([ 21, 210]), array(111))
    """
    return calls.backward(
        "conv_transpose", 1, grad_y, x, w, stride, padding, output_padding, dilation, groups
    )


def conv_transpose2d_backward(
    grad_y, x, w, *, stride=1, padding=0, output_padding=0, dilation=1, groups=1
):
    """Carry a gradient back through :func:`conv_transpose2d`.

    Parameters
    ----------
    grad_y : array of the shape of ``conv_transpose2d(x, w, ...)``
        Derivative of a loss with respect to every output value.
    x, w, stride, padding, output_padding, dilation, groups
        As they were passed forwards.

    Returns
    -------
    dx, dw, db : arrays
        Derivatives with respect to x and w (of their shapes) and to the bias, of shape (Cout,);
        with a plain kernel ``db`` has no axes.

    Notes
    -----
    ``dx`` is an ordinary convolution of ``grad_y`` with the same, unswapped ``w``.

    Source: Dumoulin and Visin, section 4.

    Examples
    --------
    >>> grad_y = np.ones((4, 4), int)
    >>> dx, dw, db = conv_transpose2d_backward(grad_y, [[1, 2], [3, 4]], [[1, 2], [3, 4]], stride=2)
    >>> dx
    array([[10, 10],
           [10, 10]])
    >>> dw
    array([[10, 10],
           [10, 10]])
    """
    return calls.backward(
        "conv_transpose", 2, grad_y, x, w, stride, padding, output_padding, dilation, groups
    )


def conv_transpose3d_backward(
    grad_y, x, w, *, stride=1, padding=0, output_padding=0, dilation=1, groups=1
):
    """Carry a gradient back through :func:`conv_transpose3d`; see
    :func:`conv_transpose2d_backward`.

    >>> ones = np.ones((2, 2, 2))
    >>> [d.shape for d in conv_transpose3d_backward(np.ones((3, 3, 3)), ones, ones)]
    [(2, 2, 2), (2, 2, 2), ()]
    """
    return calls.backward(
        "conv_transpose", 3, grad_y, x, w, stride, padding, output_padding, dilation, groups
    )


# ------------------------------------------------------------------- public: the matrix and parts


def convolution_matrix(
    w,
    input_shape,
    *,
    stride=1,
    padding=0,
    dilation=1,
    groups=1,
    sparse=False,
    dense_limit=2**31,
):
    """Write a convolution as a matrix C, one row per output value, one column per input value.

    ``C @ x.ravel()`` is the convolution of x, ``C.T @ y.ravel()`` the transposed convolution of y,
    both with the same ``w``.

    Parameters
    ----------
    w : array of shape (*k), or (Cout, Cin / groups, *k)
    input_shape : tuple, or int for one axis
        (*spatial) with a plain kernel, (Cin, *spatial) with channels; one to three spatial axes.
    stride, padding, dilation, groups
        As in :func:`conv2d`.
    sparse : bool
        Return a ``scipy.sparse.csr_array`` that stores the non-zeros only.
    dense_limit : int, in bytes
        A larger dense matrix is refused before any memory is taken.

    Returns
    -------
    array of shape (product of the output shape, product of the input shape)

    Raises
    ------
    MemoryError
        If the dense matrix would be larger than ``dense_limit``: with its size and the way out.
    ValueError, TypeError
        With the argument, its value and the rule.

    Notes
    -----
    Values are numbered row by row (C order): output (r, c) of a 2×2 output is row 2r + c.

    Source: Dumoulin and Visin, section 4.1.

    Examples
    --------
    >>> convolution_matrix([1, 2], (4,))
    array([[1, 2, 0, 0],
           [0, 1, 2, 0],
           [0, 0, 1, 2]])
    >>> convolution_matrix(np.ones((3, 3)), (256, 256), sparse=True).shape
    (64516, 65536)
    """
    w = arguments.numeric("w", w)
    if w.dtype == np.float16 and sparse:
        raise TypeError("w of type float16 must be float32 or wider for a sparse matrix")
    dense_limit = arguments.whole("dense_limit", dense_limit)
    input_shape = (input_shape,) if np.ndim(input_shape) == 0 else input_shape
    input_shape = tuple(
        arguments.integer(f"input_shape[{a}]", v, least=1) for a, v in enumerate(input_shape)
    )
    n = _spatial_axes_of_matrix(w, input_shape)
    if w.ndim == n:
        w, input_shape = w[None, None], (1, *input_shape)
    w = w.astype(arguments.common_dtype(w=w), copy=False)
    groups = calls.check_channels("conv", w.shape, input_shape[0], groups)
    layer = conv_layer(input_shape[1:], w.shape[2:], stride, padding, dilation, groups)

    shape = (w.shape[0] * math.prod(layer.small), input_shape[0] * math.prod(layer.large))
    size = math.prod(shape) * w.dtype.itemsize
    if not sparse and size > dense_limit:
        raise MemoryError(
            f"the dense matrix of shape {shape} would take {size / 2**30:.1f} GiB,"
            f" more than dense_limit={dense_limit / 2**30:.1f} GiB; pass sparse=True"
        )
    if sparse:
        from scipy.sparse import csr_array

        return csr_array(_matrix.sparse(w, layer), shape=shape)
    return _matrix.dense(w, layer)


def canvas(x, w, *, stride=1, dilation=1):
    """Stamp a plain kernel at every value of a plain array and add: nothing cut off.

    Returns
    -------
    array of size ``(i - 1) * stride + dilation * (k - 1) + 1`` along each axis. Every library's
    transposed convolution is a window of it.

    >>> canvas([1, 2, 3], [1, 1], stride=1)
    array([1, 3, 5, 3])
    """
    n = _plain_axes(x, w)
    return calls.forward("conv_transpose", n, x, w, None, stride, 0, 0, dilation, 1)


def stamps(x, w, *, stride=1, dilation=1):
    """Return every input value's stamp by itself, at its place on the canvas.

    Parameters
    ----------
    x, w : plain arrays with the same number of axes, one to three

    Returns
    -------
    array of shape (*x.shape, *canvas shape); summed over x's axes it is :func:`canvas`.

    >>> stamps([1, 2], [1, 1, 1], stride=2)
    array([[1, 1, 1, 0, 0],
           [0, 0, 2, 2, 2]])
    """
    n = _plain_axes(x, w)
    x, w = arguments.numeric("x", x), arguments.numeric("w", w)
    dtype = arguments.common_dtype(x=x, w=w)
    if dtype.kind == "i":
        arguments.refuse_overflow(1, x=x, w=w)
    x, w = x.astype(dtype, copy=False), w.astype(dtype, copy=False)
    layer = conv_transpose_layer(x.shape, w.shape, stride, 0, 0, dilation, 1)
    result = np.zeros(x.shape + layer.large, dtype)
    i = np.indices(x.shape, sparse=True)
    meeting = geometry.meeting(layer)  # per axis (i, k): where input i's tap k lands
    where = []
    for axis, table in enumerate(meeting):
        shape = [1] * (2 * n)
        shape[axis], shape[n + axis] = table.shape
        where.append(table.reshape(shape))
    i = [index.reshape(index.shape + (1,) * n) for index in i]
    result[(*i, *where)] = np.multiply.outer(x, w)
    return result


def zero_insert(x, stride):
    """Put ``stride - 1`` zeros between neighbours along every axis of a plain array.

    >>> zero_insert([[1, 2], [3, 4]], 2)
    array([[1, 0, 2],
           [0, 0, 0],
           [3, 0, 4]])
    """
    x = arguments.numeric("x", x)
    stride = arguments.per_axis("stride", stride, x.ndim, least=1)
    if 0 in x.shape:
        raise ValueError(f"x of shape {x.shape} must have at least one value along every axis")
    shape = [(i - 1) * s + 1 for i, s in zip(x.shape, stride, strict=True)]
    result = np.zeros(shape, x.dtype)
    result[tuple(slice(None, None, s) for s in stride)] = x
    return result


def flip(w):
    """Turn a plain kernel by 180°: reverse every axis.

    >>> flip([[1, 2], [3, 4]])
    array([[4, 3],
           [2, 1]])
    """
    return np.flip(arguments.numeric("w", w)).copy()


# ------------------------------------------------------------------------------------- shapes


def _plain_axes(x, w):
    x, w = arguments.numeric("x", x), arguments.numeric("w", w)
    if x.ndim not in (1, 2, 3) or w.ndim != x.ndim or 0 in x.shape + w.shape:
        raise ValueError(
            f"x of shape {x.shape} and w of shape {w.shape} must be plain arrays with the same"
            " number of axes, one to three, and at least one value"
        )
    return x.ndim


def _spatial_axes_of_matrix(w, input_shape):
    n = len(input_shape) if w.ndim == len(input_shape) else len(input_shape) - 1
    if n not in (1, 2, 3) or w.ndim not in (n, n + 2) or 0 in w.shape:
        raise ValueError(
            f"input_shape={input_shape} must be (*spatial) for a plain kernel w or (Cin, *spatial)"
            f" for weights with channels, one to three spatial axes; w has shape {w.shape}"
        )
    return n
