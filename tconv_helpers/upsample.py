"""Other ways to make an image larger: resizing, resize-convolution, pixel shuffle.

The spatial axes are the last two, or the only one of a 1-D array; axes in front are kept.
"""

import numpy as np

from tconv_helpers import _arguments as arguments
from tconv_helpers import ops

ORDERS = ("pytorch", "tensorflow")


def nearest(x, factor):
    """Repeat every value ``factor`` times along each spatial axis.

    Parameters
    ----------
    x : array of shape (..., H, W) or (L,)
    factor : int

    Returns
    -------
    array of shape (..., factor · H, factor · W) or (factor · L,)

    Notes
    -----
    The same as a transposed convolution with a kernel of ones and k = s = factor.

    >>> nearest([[1, 2]], 2)
    array([[1, 1, 2, 2],
           [1, 1, 2, 2]])
    """
    x, factor, axes = _image(x, factor)
    for axis in axes:
        x = x.repeat(factor, axis)
    return x


def bilinear(x, factor):
    """Interpolate between the centres of neighbouring cells; beyond the outer centres, repeat them.

    Parameters
    ----------
    x : array of shape (..., H, W) or (L,)
    factor : int

    Returns
    -------
    floating array of shape (..., factor · H, factor · W) or (factor · L,)

    Notes
    -----
    ``torch.nn.functional.interpolate(mode="bilinear", align_corners=False)``. The transposed
    convolution with :func:`bilinear_kernel` gives the same except on the outer ``factor // 2``
    rows and columns, where it lets the image fade into zeros.

    >>> bilinear([0.0, 4.0], 2)
    array([0., 1., 3., 4.])
    """
    x, factor, axes = _image(x, factor)
    x = x.astype(x.dtype if x.dtype.kind == "f" else float)
    for axis in axes:
        size = x.shape[axis]
        place = (np.arange(size * factor) + 0.5) / factor - 0.5
        place = place.clip(0, size - 1)
        low = place.astype(int)
        share = (place - low).astype(x.dtype).reshape([-1 if a == axis else 1 for a in axes])
        high = np.minimum(low + 1, size - 1)
        x = x.take(low, axis) * (1 - share) + x.take(high, axis) * share
    return x


def bilinear_kernel(factor, axes=2):
    """Return the kernel with which a transposed convolution interpolates linearly.

    Use it with ``stride=factor`` and ``padding=(k - factor) // 2``, each channel by itself.

    Parameters
    ----------
    factor : int
    axes : int
        Spatial axes, one to three.

    Returns
    -------
    array of k = 2 · factor − factor % 2 cells along each axis; it sums to ``factor ** axes``.

    Notes
    -----
    Source: J. Long, E. Shelhamer, T. Darrell, "Fully convolutional networks for semantic
    segmentation" (2015), section 3.3.

    >>> bilinear_kernel(2, axes=1)
    array([0.25, 0.75, 0.75, 0.25])
    """
    factor = arguments.integer("factor", factor, least=1)
    axes = arguments.integer("axes", axes, least=1)
    k = 2 * factor - factor % 2
    line = 1 - np.abs(np.arange(k) - (k - 1) / 2) / factor
    kernel = line
    for _ in range(axes - 1):
        kernel = np.multiply.outer(kernel, line)
    return kernel


def resize_conv(x, w, b=None, *, factor, mode="nearest", padding=0):
    """Resize first, convolve after: the cure that cannot make a checkerboard from a constant.

    Parameters
    ----------
    x : array of shape (N, Cin, H, W), (Cin, H, W), or plain (H, W) with a plain kernel
    w, b, padding
        As in :func:`tconv_helpers.ops.conv2d`.
    factor : int
    mode : "nearest" or "bilinear"

    Returns
    -------
    array of the shape of ``conv2d`` on the resized input

    Raises
    ------
    ValueError, TypeError
        With the argument, its value and the rule.

    Notes
    -----
    With mode "nearest" it *is* a transposed convolution of stride ``factor``, with the kernel
    :func:`as_transposed`.

    Source: Odena, Dumoulin, Olah, "Deconvolution and checkerboard artifacts" (2016).

    >>> resize_conv(np.ones((2, 2)), np.ones((3, 3)), factor=2, padding=1)[1]
    array([6., 9., 9., 6.])
    """
    resize = {"nearest": nearest, "bilinear": bilinear}.get(mode)
    if resize is None:
        raise ValueError(f"mode={mode!r} must be 'nearest' or 'bilinear'")
    return ops.conv2d(resize(x, factor), w, b, padding=padding)


def as_transposed(w, factor):
    """Return the plain kernel of the transposed convolution that nearest-resize-convolution is.

    Parameters
    ----------
    w : array of shape (*k), one to three axes
        The kernel that follows the resize.
    factor : int

    Returns
    -------
    array of size ``k + factor - 1`` along each axis. Use it with ``stride=factor`` and, where the
    resize-convolution had ``padding=p``, with ``padding=k - 1 - p``: as (lo, hi) pairs if p is
    larger than k − 1, because a negative number must be a pair.

    >>> as_transposed([1, 2, 3], 2)
    array([3, 5, 3, 1])
    """
    w = arguments.numeric("w", w)
    factor = arguments.integer("factor", factor, least=1)
    if w.ndim not in (1, 2, 3) or not w.size:
        raise ValueError(f"w of shape {w.shape} must be a plain kernel with one to three axes")
    return ops.canvas(ops.flip(w), np.ones((factor,) * w.ndim, int))


def pixel_shuffle(x, factor, *, order="pytorch"):
    """Interleave ``factor ** 2`` channels into one channel, ``factor`` times larger.

    Parameters
    ----------
    x : array of shape (..., C · factor², H, W)
    factor : int
    order : "pytorch" or "tensorflow"
        Which channel goes where. PyTorch (ONNX "CRD"): the r² channels of one output channel lie
        together. TensorFlow's depth_to_space (ONNX "DCR"): the C channels of one phase do.
        With C = 1 the two are the same.

    Returns
    -------
    array of shape (..., C, factor · H, factor · W)

    Notes
    -----
    A convolution followed by it is a transposed convolution whose phases have separate kernels.

    Source: W. Shi et al., "Real-time single image and video super-resolution using an efficient
    sub-pixel convolutional neural network" (2016).

    >>> pixel_shuffle(np.arange(4).reshape(4, 1, 1), 2)
    array([[[0, 1],
            [2, 3]]])
    """
    x, r = _channels_first(x, factor)
    _check_order(order)
    *lead, c, h, w = x.shape
    if c % r**2:
        raise ValueError(f"x has {c} channels, which factor={r} squared, {r**2}, must divide")
    if order == "pytorch":
        x = x.reshape(*lead, c // r**2, r, r, h, w)
    else:
        x = np.moveaxis(x.reshape(*lead, r, r, c // r**2, h, w), -3, -5)
    x = np.moveaxis(np.moveaxis(x, -4, -2), -4, -1)  # (..., C, H, r, W, r)
    return x.reshape(*lead, c // r**2, h * r, w * r).copy()


def pixel_unshuffle(x, factor, *, order="pytorch"):
    """Undo :func:`pixel_shuffle`: phases become channels.

    Parameters
    ----------
    x : array of shape (..., C, H, W), whose sides ``factor`` divides
    factor : int
    order : "pytorch" or "tensorflow"

    Returns
    -------
    array of shape (..., C · factor², H / factor, W / factor)

    >>> pixel_unshuffle([[[0, 1], [2, 3]]], 2).ravel()
    array([0, 1, 2, 3])
    """
    x, r = _channels_first(x, factor)
    _check_order(order)
    *lead, c, h, w = x.shape
    if h % r or w % r:
        raise ValueError(f"x of shape {x.shape} must have sides that factor={r} divides")
    x = x.reshape(*lead, c, h // r, r, w // r, r)
    x = np.moveaxis(np.moveaxis(x, -1, -4), -2, -4)  # (..., C, r, r, H, W)
    if order == "tensorflow":
        x = np.moveaxis(x, -5, -3)
    return x.reshape(*lead, c * r**2, h // r, w // r).copy()


def icnr(w, factor, *, order="pytorch"):
    """Start a sub-pixel convolution as nearest-neighbour upsampling: every phase gets one kernel.

    Parameters
    ----------
    w : array of shape (C, Cin, *k)
        Initial weights of an ordinary convolution to C channels.
    factor : int
    order : "pytorch" or "tensorflow"
        That of the :func:`pixel_shuffle` that follows.

    Returns
    -------
    array of shape (C · factor², Cin, *k)

    Notes
    -----
    Source: A. Aitken et al., "Checkerboard artifact free sub-pixel convolution" (2017).

    >>> icnr(np.arange(2).reshape(2, 1, 1, 1), 2).ravel()
    array([0, 0, 0, 0, 1, 1, 1, 1])
    """
    w = arguments.numeric("w", w)
    factor = arguments.integer("factor", factor, least=1)
    _check_order(order)
    if w.ndim < 3:
        raise ValueError(f"w of shape {w.shape} must be weights (C, Cin, *k)")
    if order == "pytorch":
        return w.repeat(factor**2, axis=0)
    return np.tile(w, (factor**2, *(1,) * (w.ndim - 1)))


def _image(x, factor):
    x = arguments.numeric("x", x)
    factor = arguments.integer("factor", factor, least=1)
    if x.ndim == 0 or 0 in x.shape[-2:]:
        raise ValueError(
            f"x of shape {x.shape} must be (..., H, W) or (L,), with at least one cell"
        )
    return x, factor, range(max(x.ndim - 2, 0), x.ndim)


def _channels_first(x, factor):
    x = arguments.numeric("x", x)
    factor = arguments.integer("factor", factor, least=1)
    if x.ndim < 3:
        raise ValueError(f"x of shape {x.shape} must be (..., channels, H, W)")
    return x, factor


def _check_order(order):
    if order not in ORDERS:
        raise ValueError(f"order={order!r} must be 'pytorch' or 'tensorflow'")
