"""Where checkerboards come from: overlap counts, phase sums, the test, the nearest cure.

A transposed convolution with stride s writes output cell o with the taps t for which t·d − o − p
is a multiple of s. So the taps fall into s *phases* along each axis, and on a constant input
each phase shows the sum of its taps. The interior of the output is constant exactly when all
phase sums are equal.

Fewer stamps at the border is another effect; only interiors are judged here.
"""

import math

import numpy as np

from tconv_helpers import _arguments as arguments
from tconv_helpers import ops

_LAYER = {"kernel", "stride", "padding", "output_padding", "dilation"}
_CONV_TRANSPOSE = {1: ops.conv_transpose1d, 2: ops.conv_transpose2d, 3: ops.conv_transpose3d}


def overlap_counts(size, kernel, *, stride=1, padding=0, output_padding=0, dilation=1):
    """Count how many stamps cover each output cell.

    Parameters
    ----------
    size : int or tuple
        Input size; one number a spatial axis, one to three axes.
    kernel : int, or one int per axis
    stride, padding, output_padding, dilation
        As in :func:`tconv_helpers.ops.conv_transpose2d`.

    Returns
    -------
    integer array of the shape of the layer's output

    Notes
    -----
    It is the transposed convolution of ones with a kernel of ones, and the gradient that an
    all-ones upstream gradient sends to the input of a strided convolution with a kernel of ones.

    Source: A. Odena, V. Dumoulin, C. Olah, "Deconvolution and checkerboard artifacts" (2016).

    Examples
    --------
    >>> overlap_counts(4, 3, stride=2)
    array([1, 1, 2, 1, 2, 1, 2, 1, 1])
    >>> overlap_counts((2, 2), 3, stride=2)[2]
    array([2, 2, 4, 2, 2])
    """
    layer = dict(
        kernel=kernel,
        stride=stride,
        padding=padding,
        output_padding=output_padding,
        dilation=dilation,
    )
    return stacked_overlap_counts(size, [layer])


def stacked_overlap_counts(size, layers):
    """Count the paths from the first input to each output cell of a stack of layers.

    Parameters
    ----------
    size : int or tuple
    layers : sequence of dict
        Each holds ``kernel`` and, where they differ from the defaults, ``stride``, ``padding``,
        ``output_padding``, ``dilation``; first layer first.

    Returns
    -------
    integer array of the shape of the last layer's output

    Examples
    --------
    >>> stacked_overlap_counts(4, [dict(kernel=3, stride=2), dict(kernel=3, stride=2)])[4:12]
    array([3, 2, 3, 1, 3, 2, 3, 1])
    """
    size = _axes_of("size", size)
    n = len(size)
    y = np.ones(size, int)
    if isinstance(layers, dict):
        raise TypeError(f"layers={layers!r} must be a list of such dicts, first layer first")
    for layer in layers:
        if not isinstance(layer, dict) or "kernel" not in layer or not layer.keys() <= _LAYER:
            raise ValueError(
                f"layers holds {layer!r}, which must be a dict with a kernel and, of the others,"
                " only stride, padding, output_padding and dilation"
            )
        keywords = dict(layer)
        kernel = arguments.per_axis("kernel", keywords.pop("kernel"), n, least=1)
        y = _CONV_TRANSPOSE[n](y, np.ones(kernel, int), **keywords)
    return y


def phase_sums(w, stride, *, dilation=1):
    """Sum the taps of each phase: what each phase shows on an input of ones.

    Parameters
    ----------
    w : array of shape (*k), or with channel axes in front
    stride : int, or one int per spatial axis
        With channel axes in front, give one per spatial axis, so that their number is known.
    dilation : int, or one int per spatial axis

    Returns
    -------
    array of shape (*stride), or (channels..., *stride)
        Entry r is the sum of the taps t with ``t * dilation % stride == r``, phase 0 first.
        Output cell o shows phase ``(o + padding) % stride``.

    Examples
    --------
    >>> phase_sums([1, 1, 1], 2)
    array([2, 1])
    >>> phase_sums([0.5, 1, 0.5], 2)
    array([1., 1.])
    """
    w, stride, dilation = _kernel_and_steps(w, stride, dilation)
    n = len(stride)
    dtype = arguments.common_dtype(w=w)
    if dtype.kind == "i":
        arguments.refuse_overflow(math.prod(w.shape[w.ndim - n :]), w=w)
    else:  # half precision would be summed in half precision
        dtype = np.result_type(dtype, np.float32)
    result = np.zeros(w.shape[: w.ndim - n] + stride, dtype)
    for tap, phase in _taps(w.shape[w.ndim - n :], stride, dilation):
        result[phase] += w[tap]
    return result


def checkerboard_strength(w, stride, *, dilation=1):
    """Return how much of a layer's answer to a constant is pattern, from 0 (none) to 1 (all).

    It is the standard deviation of the phase sums over their root mean square, so it does not
    change when the kernel or the constant is scaled. It is 0 exactly when all phase sums are equal:
    exactly when a constant input gives a constant interior. With channels, each pair of an input
    and an output channel is judged by itself and the strongest counts: 0 then means that every
    choice of one constant per input channel gives constants. Differences within the rounding of
    the weights' own type are no pattern.

    Parameters
    ----------
    w, stride, dilation
        As in :func:`phase_sums`.

    Returns
    -------
    float

    Notes
    -----
    By Parseval's theorem its square is the share of the power of :func:`aliases` that lies
    outside frequency 0.

    Examples
    --------
    >>> round(checkerboard_strength([1, 1, 1], 2), 3)
    0.316
    >>> checkerboard_strength([1, 1, 1, 1], 2)
    0.0
    >>> round(checkerboard_strength([1, -1], 2), 3)
    1.0
    """
    w, steps, _ = _kernel_and_steps(w, stride, dilation)
    eps = np.finfo(w.dtype if w.dtype.kind == "f" else float).eps
    w = w.astype(np.result_type(w.dtype, float))
    if not np.isfinite(w).all():
        raise ValueError("w holds NaN or infinity; every weight must be finite")
    axes = tuple(range(-len(steps), 0))
    sums = phase_sums(w, stride, dilation=dilation)
    # Sums that cancel round as their terms do, so the yardstick is the terms'.
    noise = 4 * eps * np.abs(w).sum(axis=axes, keepdims=True)
    sums[np.abs(sums) <= noise] = 0
    spread = sums - sums.mean(axis=axes, keepdims=True)
    spread[np.abs(spread) <= noise] = 0
    power = (sums**2).mean(axis=axes)
    share = np.divide((spread**2).mean(axis=axes), power, out=np.zeros_like(power), where=power > 0)
    return float(np.sqrt(share.max()))


def is_even(w, stride, *, dilation=1):
    """Return whether a constant input gives a constant interior: strength 0, to rounding.

    Parameters, errors and the meaning with channels are :func:`checkerboard_strength`'s.

    >>> is_even([1, 2, 1], 2), is_even([1, 1, 1], 2)
    (True, False)
    """
    return checkerboard_strength(w, stride, dilation=dilation) == 0


def divide_by_box(w, stride):
    """Divide a 1-D kernel's polynomial by 1 + z + … + z^(stride − 1).

    Parameters
    ----------
    w : array of shape (k,)
        Tap t is the coefficient of z^t.
    stride : int

    Returns
    -------
    quotient : array of shape (max(k − stride + 1, 1),)
    remainder : array of shape (stride − 1,)
        ``np.convolve(np.ones(stride), quotient)`` plus the remainder, at the start, is w.

    Notes
    -----
    A zero remainder means: all phase sums are equal, and the layer *is* a nearest-neighbour
    resize by ``stride`` followed by a convolution with ``flip(quotient)``. That holds in one
    dimension, and per axis for a separable kernel. A 2-D kernel that is not separable can have
    equal phase sums without being such a resize.

    Examples
    --------
    >>> divide_by_box([1, 2, 1], 2)
    (array([1, 1]), array([0]))
    >>> divide_by_box([1, 1, 1], 2)
    (array([0, 1]), array([1]))
    """
    w = arguments.numeric("w", w)
    stride = arguments.integer("stride", stride, least=1)
    if w.ndim != 1 or not w.size:
        raise ValueError(f"w of shape {w.shape} must be a 1-D kernel (k,)")
    rest = w.astype(arguments.common_dtype(w=w))
    quotient = np.zeros(max(len(w) - stride + 1, 1), rest.dtype)
    for power in range(len(w) - stride, -1, -1):  # the highest power first, as on paper
        quotient[power] = rest[power + stride - 1]
        rest[power : power + stride] -= quotient[power]
    remainder = np.zeros(stride - 1, rest.dtype)
    kept = min(len(w), stride - 1)
    remainder[:kept] = rest[:kept]
    return quotient, remainder


def response(w, frequencies):
    """Return |W(f)|, the size of a 1-D kernel's frequency response.

    Parameters
    ----------
    w : array of shape (k,)
    frequencies : array, in cycles per cell (0.5 is the finest pattern that cells can show)

    Returns
    -------
    array of the shape of ``frequencies``

    Notes
    -----
    Zero-insertion by s repeats the spectrum of the input around 1/s, 2/s, …; the kernel must vanish
    there, or a constant comes out with a pattern.

    >>> response([1, 2, 1], [0, 0.5]).round(6)
    array([4., 0.])
    """
    w = arguments.numeric("w", w)
    if w.ndim != 1 or not w.size:
        raise ValueError(f"w of shape {w.shape} must be a 1-D kernel (k,)")
    f = arguments.numeric("frequencies", frequencies)
    return np.abs(np.exp(-2j * np.pi * np.multiply.outer(f, np.arange(len(w)))) @ w)


def aliases(w, stride, *, dilation=1):
    """Return the response |W| at the frequencies j/stride, where a constant's copies land.

    It is the discrete Fourier transform of :func:`phase_sums`: entry 0 is the kernel's sum, and a
    layer is even exactly when every other entry is 0.

    Returns
    -------
    array of shape (*stride), or (channels..., *stride)

    >>> aliases([1, 1, 1], 2).round(6)
    array([3., 1.])
    """
    _, steps, _ = _kernel_and_steps(w, stride, dilation)
    sums = phase_sums(w, stride, dilation=dilation)
    return np.abs(np.fft.fftn(sums, axes=tuple(range(-len(steps), 0))))


def nearest_even_kernel(w, stride, *, dilation=1, keep_sum=True):
    """Return the kernel closest to w, in least squares, that leaves a constant constant.

    Parameters
    ----------
    w, stride, dilation
        As in :func:`phase_sums`.
    keep_sum : bool
        True: closest among the kernels with w's sum, so that brightness stays; every phase sum
        becomes the mean phase sum. False: closest of all; where phases have different numbers of
        taps the common sum then moves towards the phases with fewer taps.

    Returns
    -------
    array of w's shape, floating

    Raises
    ------
    ValueError
        If a phase has no tap (a kernel smaller than the stride, or a dilation that shares a factor
        with it): its cells stay 0, so that only the zero kernel would be even.

    Notes
    -----
    Within a phase all taps change by the same amount: that is what least squares asks for.

    Examples
    --------
    >>> nearest_even_kernel([1, 1, 1], 2)
    array([0.75, 1.5 , 0.75])
    >>> nearest_even_kernel([1, 1, 1], 2, keep_sum=False).round(4)
    array([0.6667, 1.3333, 0.6667])
    """
    w, stride, dilation = _kernel_and_steps(w, stride, dilation)
    n = len(stride)
    axes = tuple(range(-n, 0))
    taps = phase_sums(np.ones(w.shape[w.ndim - n :], int), stride, dilation=dilation)
    if not taps.all():
        empty = tuple(int(v) for v in np.argwhere(taps == 0)[0])
        raise ValueError(
            f"w with kernel size {w.shape[w.ndim - n :]} and stride={stride} leaves phase {empty}"
            " without a tap; every phase must have one: the kernel must reach the stride, and"
            " dilation and stride must share no factor"
        )
    w = w.astype(np.result_type(w.dtype, np.float32) if w.dtype.kind == "f" else float)
    sums = phase_sums(w, stride, dilation=dilation)
    weight = np.ones(stride) if keep_sum else 1 / taps
    goal = (sums * weight).sum(axis=axes, keepdims=True) / weight.sum()
    change = (goal - sums) / taps
    for tap, phase in _taps(w.shape[w.ndim - n :], stride, dilation):
        w[tap] += change[phase]
    return w


def _taps(kernel, stride, dilation):
    """Yield the place of every tap, and of the phase that it falls into."""
    for tap in np.ndindex(*kernel):
        steps = zip(tap, stride, dilation, strict=True)
        yield (..., *tap), (..., *(t * d % s for t, s, d in steps))


def _axes_of(name, value):
    value = (value,) if np.ndim(value) == 0 else tuple(value)
    if len(value) not in (1, 2, 3):
        raise ValueError(f"{name}={value!r} must have one to three spatial axes")
    return tuple(arguments.integer(f"{name}[{a}]", v, least=1) for a, v in enumerate(value))


def _kernel_and_steps(w, stride, dilation):
    w = arguments.numeric("w", w)
    n = w.ndim if np.ndim(stride) == 0 else len(stride)
    if not 1 <= n <= min(w.ndim, 3) or 0 in w.shape:
        raise ValueError(
            f"w of shape {w.shape} must end in one to three spatial axes, one for each stride in"
            f" {stride!r}"
        )
    return (
        w,
        arguments.per_axis("stride", stride, n, least=1),
        arguments.per_axis("dilation", dilation, n, least=1),
    )
