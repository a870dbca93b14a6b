"""The faults that plant_faults.py puts into a copy of the package, each one replacement of text."""

from typing import NamedTuple


class Fault(NamedTuple):
    name: str
    file: str
    old: str
    new: str
    taught: bool = True  # chapters teach it, so nbval alone must notice


KERNELS, GEOMETRY, MATRIX, CALLS, ARGUMENTS, OPS, SIZES = (
    f"tconv_helpers/{name}.py"
    for name in ("kernels", "_geometry", "_matrix", "_calls", "_arguments", "ops", "sizes")
)

ARTIFACTS, UPSAMPLE, ARCHITECTURES, FRAMEWORKS, WIDGETS, SPEED = (
    f"tconv_helpers/{name}.py"
    for name in ("artifacts", "upsample", "architectures", "frameworks", "widgets", "draw/speed")
)
CHAPTER_06, CHAPTER_09, CHAPTER_10 = (
    f"tconv_helpers/exercises/chapter_{number}.py" for number in ("06", "09", "10")
)
RACE = "benchmarks/race.py"
VARIANT, VARIANTS = (f"tconv_helpers/exercises/{name}.py" for name in ("_variant", "variants"))
GUIDE = "tools/make_teaching_guide.py"

FAULTS = [
    # ------------------------------------------------------------------ the three sums
    Fault(
        "convolution flips the kernel",
        GEOMETRY,
        "source = (m * s + t * d) // spacing",
        "source = (m * s + (k - 1 - t) * d) // spacing",
    ),
    Fault(
        "windows ignore the dilation",
        GEOMETRY,
        "source = (m * s + t * d) // spacing",
        "source = m * s + t",
    ),
    Fault(
        "windows ignore the stride",
        GEOMETRY,
        "source = (m * s + t * d) // spacing",
        "source = (m + t * d) // spacing",
    ),
    Fault(
        "mean instead of sum in the convolution",
        KERNELS,
        "part = (windows @ matrix).reshape(made)",
        "part = (windows @ matrix // reads).reshape(made)",
    ),
    Fault(
        "axes swapped in the patches",
        KERNELS,
        "for axis in range(n) for v in (2 + axis, 3 + n + axis)",
        "for axis in reversed(range(n)) for v in (2 + axis, 3 + n + axis)",
    ),
    Fault(
        "groups mixed in the convolution",
        GEOMETRY,
        "(g * second + b, a) if reads_second",
        "((groups - 1 - g) * second + b, a) if reads_second",
    ),
    Fault(
        "padding put at the end only",
        GEOMETRY,
        "place = (slice(max(lo, 0), max(i + lo + min(hi, 0), 0)) for i, (lo, hi) in pairs)",
        "place = (slice(0, max(i + min(lo, 0) + min(hi, 0), 0)) for i, (lo, hi) in pairs)",
    ),
    Fault(
        "im2col mixes windows and taps",
        KERNELS,
        "windows.transpose(1, *range(2 + n, 2 + 2 * n), 0, *range(2, 2 + n))",
        "windows.transpose(1, *range(1 + 2 * n, 1 + n, -1), 0, *range(2, 2 + n))",
        taught=False,
    ),
    Fault(
        "stamps land flipped",
        KERNELS,
        ".dot(w.reshape(1, -1)).ravel()",
        ".dot(w.reshape(1, -1)[:, ::-1]).ravel()",
    ),
    Fault(
        "stamps overwrite instead of adding",
        KERNELS,
        "sums = np.bincount(index, products, cells).astype(dtype)",
        "sums = np.zeros(cells + 1, dtype)\n            sums[index] = products",
    ),
    Fault(
        "stamps ignore the stride",
        GEOMETRY,
        "np.arange(o)[:, None] * s + np.arange(k) * d - lo",
        "np.arange(o)[:, None] + np.arange(k) * d - lo",
    ),
    Fault(
        "stamps ignore the dilation",
        GEOMETRY,
        "np.arange(o)[:, None] * s + np.arange(k) * d - lo",
        "np.arange(o)[:, None] * s + np.arange(k) - lo",
        taught=False,
    ),
    Fault(
        "stamps ignore the padding",
        GEOMETRY,
        "np.arange(o)[:, None] * s + np.arange(k) * d - lo",
        "np.arange(o)[:, None] * s + np.arange(k) * d",
    ),
    Fault(
        "stamps wrap around the image's edge",
        GEOMETRY,
        "inside = inside[:, None, :, None] & ((table >= 0) & (table < size))[None, :, None, :]",
        "inside = inside[:, None, :, None] & ((table >= -1) & (table <= size))[None, :, None, :]",
    ),
    Fault(
        "groups mixed in the stamps",
        GEOMETRY,
        "group = np.arange(c_in) // (c_in // layer.groups)",
        "group = np.arange(c_in) % layer.groups",
        taught=False,
    ),
    Fault(
        "products of integers added as doubles",
        KERNELS,
        'dtype.char in "fd"\n',
        'dtype.char in "fdlq"\n',
        taught=False,
    ),
    Fault(
        "weight gradient forgets the batch",
        KERNELS,
        "_blocks(len(x), layer.small, layer.groups * dw.shape[2])",
        "_blocks(min(len(x), 1), layer.small, layer.groups * dw.shape[2])",
        taught=False,
    ),
    Fault(
        "weight gradient keeps its last block only",
        KERNELS,
        "dw += values @ columns.swapaxes(1, 2)",
        "dw[...] = values @ columns.swapaxes(1, 2)",
        taught=False,
    ),
    # ------------------------------------------------------------------ the fast ways
    Fault(
        "phases read their taps forwards",
        KERNELS,
        "*(slice(None, None, -1), slice(None)) * n",
        "*(slice(None), slice(None)) * n",
        taught=False,
    ),
    Fault(
        "phases interleaved with rows for columns",
        KERNELS,
        "x[(..., *cells)] = part[(slice(None), *phase,",
        "x[(..., *cells)] = part[(slice(None), *phase[::-1],",
        taught=False,
    ),
    Fault(
        "window of the canvas starts one late",
        GEOMETRY,
        "x = s * q + r - lo  #",
        "x = s * q + r - lo - 1  #",
        taught=False,
    ),
    Fault(
        "col2im overwrites instead of adding",
        KERNELS,
        "target += products[",
        "target[...] = products[",
        taught=False,
    ),
    Fault(
        "col2im ignores the dilation",
        GEOMETRY,
        "divmod(d * t, s) for t, d, s in zip(tap",
        "divmod(t, s) for t, d, s in zip(tap",
        taught=False,
    ),
    Fault(
        "patches read later for earlier",
        GEOMETRY,
        "(m - j + latest, m * s + r, t)",
        "(m + j - int(j.min()), m * s + r, t)",
        taught=False,
    ),
    Fault(
        "the last block of rows is left out",
        KERNELS,
        "for r in range(0, shape[0], rows):",
        "for r in range(0, max(shape[0] - rows, 0) + 1, rows):",
        taught=False,
    ),
    Fault(
        "an infinite value spreads to its neighbours",
        KERNELS,
        "run(a, w) if _finite(a) and _finite(w) else exact(a, w)",
        "run(a, w)",
        taught=False,
    ),
    Fault(
        "large integers summed in doubles",
        CALLS,
        "EXACT_IN_DOUBLES = 2**53",
        "EXACT_IN_DOUBLES = 2**62",
        taught=False,
    ),
    Fault(
        "a call with True looks up the one with 1",
        CALLS,
        "if type(value) is not int and not _sure(value):",
        "if isinstance(value, list):",
        taught=False,
    ),
    # ------------------------------------------------------------------ the matrix
    Fault(
        "matrix wraps around the image's edge",
        MATRIX,
        "min(small, -((shift - large) // s))",
        "min(small, -((shift - large - 1) // s))",
    ),
    Fault(
        "matrix ignores the padding",
        MATRIX,
        "shift = d * t - lo",
        "shift = d * t",
    ),
    Fault(
        "matrix ignores the dilation",
        MATRIX,
        "shift = d * t - lo",
        "shift = t - lo",
        taught=False,
    ),
    Fault(
        "matrix ignores the stride",
        MATRIX,
        "steps = [r + s * c for",
        "steps = [r + c for",
    ),
    Fault(
        "matrix confuses input channels",
        MATRIX,
        ".reshape(g, cy, cx, *(1,) * n)",
        ".reshape(g, cy, cx, *(1,) * n)[:, :, ::-1]",
    ),
    Fault(
        "sparse matrix confuses input channels",
        MATRIX,
        "source[:, None] + np.arange(per_group)",
        "source[:, None] + np.arange(per_group)[::-1]",
        taught=False,
    ),
    Fault(
        "a large dense matrix is not refused",
        OPS,
        "if not sparse and size > dense_limit:",
        "if not sparse and size > dense_limit * 10**9:",
    ),
    # ------------------------------------------------------------------ sizes
    Fault(
        "convolution size rounds up",
        SIZES,
        "return (room - span) // s + 1",
        "return -((span - room) // s) + 1",
    ),
    Fault(
        "convolution size forgets the last place",
        SIZES,
        "return (room - span) // s + 1",
        "return (room - span) // s",
    ),
    Fault(
        "extent of a kernel ignores the dilation",
        SIZES,
        "return d * (k - 1) + 1",
        "return k",
    ),
    Fault(
        "padding crops once instead of twice",
        SIZES,
        "return full - lo - hi + op",
        "return full - lo + op",
    ),
    Fault(
        "output_padding ignored",
        SIZES,
        "return full - lo - hi + op",
        "return full - lo - hi",
    ),
    Fault(
        "output_padding uncovers the wrong end",
        SIZES,
        "windows = tuple(Window(lo, hi - op)",
        "windows = tuple(Window(lo - op, hi)",
    ),
    Fault(
        "output_padding of the stride allowed",
        SIZES,
        "if op >= limit:",
        "if op > limit:",
        taught=False,
    ),
    Fault(
        "same padding puts the extra zero first",
        SIZES,
        "return total // 2, total - total // 2",
        "return total - total // 2, total // 2",
    ),
    # ------------------------------------------------------------------ calls
    Fault(
        "bias left out",
        CALLS,
        "y += b.reshape(-1, *(1,) * n)",
        "pass",
        taught=False,
    ),
    Fault(
        "integers summed in the caller's small type",
        ARGUMENTS,
        "return np.dtype(np.int64)",
        "return np.result_type(*arrays.values())",
        taught=False,
    ),
    Fault(
        "the kernel is not turned by flip",
        OPS,
        'return np.flip(arguments.numeric("w", w)).copy()',
        'return arguments.numeric("w", w).copy()',
    ),
    Fault(
        "one axis only is turned by flip",
        OPS,
        'return np.flip(arguments.numeric("w", w)).copy()',
        'return np.flip(arguments.numeric("w", w), axis=0).copy()',
    ),
    Fault(
        "zero_insert puts one zero too many",
        OPS,
        "shape = [(i - 1) * s + 1 for i, s in zip(x.shape, stride, strict=True)]",
        "stride = tuple(s + 1 for s in stride)\n"
        "    shape = [(i - 1) * s + 1 for i, s in zip(x.shape, stride, strict=True)]",
    ),
    Fault(
        "gradient of the input and of the kernel swapped in kind",
        CALLS,
        "dx, dw = kernels.gather(g, w, plan.layer)",
        "dx, dw = kernels.gather(g[..., ::-1], w, plan.layer)",
    ),
    # ------------------------------------------------------------------ checkerboards
    Fault(
        "overlap counts ignore the stride",
        ARTIFACTS,
        "y = _CONV_TRANSPOSE[n](y, np.ones(kernel, int), **keywords)",
        'y = _CONV_TRANSPOSE[n](y, np.ones(kernel, int), **{**keywords, "stride": 1})',
    ),
    Fault(
        "stacked layers counted last layer first",
        ARTIFACTS,
        "for layer in layers:",
        "for layer in reversed(layers):",
        taught=False,
    ),
    Fault(
        "phases taken as blocks of neighbours",
        ARTIFACTS,
        "(t * d % s for t, s, d in steps)",
        "(t * d // s % s for t, s, d in steps)",
    ),
    Fault(
        "phases ignore the dilation",
        ARTIFACTS,
        "(t * d % s for t, s, d in steps)",
        "(t % s for t, s, d in steps)",
        taught=False,
    ),
    Fault(
        "the last tap of a phase stands for its sum",
        ARTIFACTS,
        "result[phase] += w[tap]",
        "result[phase] = w[tap]",
    ),
    Fault(
        "taps counted instead of added",
        ARTIFACTS,
        "result[phase] += w[tap]",
        "result[phase] += w[tap] != 0",
    ),
    Fault(
        "strength is a variance",
        ARTIFACTS,
        "return float(np.sqrt(share.max()))",
        "return float(share.max())",
    ),
    Fault(
        "strength relative to the mean",
        ARTIFACTS,
        "power = (sums**2).mean(axis=axes)",
        "power = sums.mean(axis=axes) ** 2",
    ),
    Fault(
        "strength averages the channels",
        ARTIFACTS,
        "return float(np.sqrt(share.max()))",
        "return float(np.sqrt(share.mean()))",
        taught=False,
    ),
    Fault(
        "rounding taken for a pattern",
        ARTIFACTS,
        "spread[np.abs(spread) <= noise] = 0",
        "spread[np.abs(spread) < 0] = 0",
    ),
    Fault(
        "nearly even passes for even",
        ARTIFACTS,
        "return checkerboard_strength(w, stride, dilation=dilation) == 0",
        "return checkerboard_strength(w, stride, dilation=dilation) < 0.3",
    ),
    Fault(
        "division starts at the low end",
        ARTIFACTS,
        "quotient[power] = rest[power + stride - 1]",
        "quotient[power] = rest[power]",
    ),
    Fault(
        "division by a box one too short",
        ARTIFACTS,
        "rest[power : power + stride] -= quotient[power]",
        "rest[power + 1 : power + stride] -= quotient[power]",
    ),
    Fault(
        "response at half the frequency",
        ARTIFACTS,
        "np.exp(-2j * np.pi * np.multiply.outer(f, np.arange(len(w))))",
        "np.exp(-1j * np.pi * np.multiply.outer(f, np.arange(len(w))))",
    ),
    Fault(
        "aliases along the last axis only",
        ARTIFACTS,
        "np.fft.fftn(sums, axes=tuple(range(-len(steps), 0)))",
        "np.fft.fftn(sums, axes=(-1,))",
        taught=False,
    ),
    Fault(
        "a phase's lack put on each of its taps",
        ARTIFACTS,
        "change = (goal - sums) / taps",
        "change = goal - sums",
    ),
    Fault(
        "the two common sums swapped",
        ARTIFACTS,
        "weight = np.ones(stride) if keep_sum else 1 / taps",
        "weight = 1 / taps if keep_sum else np.ones(stride)",
    ),
    Fault(
        "the caller's kernel is repaired in place",
        ARTIFACTS,
        'np.float32) if w.dtype.kind == "f" else float)',
        'np.float32) if w.dtype.kind == "f" else float, copy=False)',
    ),
    Fault(
        "a phase without taps is not refused",
        ARTIFACTS,
        "if not taps.all():",
        "if not taps.any():",
        taught=False,
    ),
    # ------------------------------------------------------------------ other ways up
    Fault(
        "nearest tiles the picture instead of repeating cells",
        UPSAMPLE,
        "x = x.repeat(factor, axis)",
        "x = np.concatenate([x] * factor, axis)",
    ),
    Fault(
        "bilinear interpolates between corners, not centres",
        UPSAMPLE,
        "place = (np.arange(size * factor) + 0.5) / factor - 0.5",
        "place = np.arange(size * factor) / factor",
    ),
    Fault(
        "bilinear kernel of an odd factor one cell too long",
        UPSAMPLE,
        "k = 2 * factor - factor % 2",
        "k = 2 * factor",
        taught=False,
    ),
    Fault(
        "resize-convolution convolves first",
        UPSAMPLE,
        "return ops.conv2d(resize(x, factor), w, b, padding=padding)",
        "return resize(ops.conv2d(x, w, b, padding=padding), factor)",
    ),
    Fault(
        "the equal transposed kernel is not flipped",
        UPSAMPLE,
        "return ops.canvas(ops.flip(w), np.ones((factor,) * w.ndim, int))",
        "return ops.canvas(w, np.ones((factor,) * w.ndim, int))",
    ),
    Fault(
        "pixel shuffle swaps rows and columns of a block",
        UPSAMPLE,
        "x = np.moveaxis(np.moveaxis(x, -4, -2), -4, -1)",
        "x = np.moveaxis(np.moveaxis(x, -3, -2), -4, -1)",
    ),
    Fault(
        "pixel shuffle swaps the libraries' orders",
        UPSAMPLE,
        'if order == "pytorch":\n        x = x.reshape',
        'if order != "pytorch":\n        x = x.reshape',
    ),
    Fault(
        "pixel unshuffle knows one order",
        UPSAMPLE,
        'if order == "tensorflow":\n        x = np.moveaxis(x, -5, -3)',
        'if order == "tensorflow":\n        x = np.moveaxis(x, -5, -5)',
        taught=False,
    ),
    Fault(
        "ICNR in TensorFlow's order for all",
        UPSAMPLE,
        "return w.repeat(factor**2, axis=0)",
        "return np.tile(w, (factor**2, *(1,) * (w.ndim - 1)))",
    ),
    # --------------------------------------------------------- learning, and the bar of long work
    Fault(
        "an interrupt breaks the step",
        WIDGETS,
        "        if self.seen:\n            raise KeyboardInterrupt",
        "        if True:\n            raise KeyboardInterrupt",
        taught=False,
    ),
    Fault(
        "progress leaves out the last step",
        WIDGETS,
        "while done < steps and not interrupt.seen:",
        "while done < steps - 1 and not interrupt.seen:",
        taught=False,
    ),
    Fault(
        "progress keeps the interrupt to itself",
        WIDGETS,
        "            signal.signal(signal.SIGINT, self.before)",
        "            pass",
        taught=False,
    ),
    Fault(
        "the bar stays when the work is done",
        WIDGETS,
        '            self.place.update({"text/plain": said}, raw=True)',
        "            pass",
        taught=False,
    ),
    Fault(
        "bilinear kernel half a cell off its middle",
        UPSAMPLE,
        "(np.arange(k) - (k - 1) / 2) / factor",
        "(np.arange(k) - k / 2) / factor",
    ),
    Fault(
        "the PSNR exercise doubles the decibels",
        CHAPTER_06,
        "return -10 * np.log10(np.mean((y - z) ** 2))",
        "return -20 * np.log10(np.mean((y - z) ** 2))",
        taught=False,
    ),
    Fault(
        "the Adam exercise leaves the means too small",
        CHAPTER_06,
        "square=0.999, unbias=True",
        "square=0.999, unbias=False",
        taught=False,
    ),
    # --------------------------------------------------------------------------- stacks of layers
    Fault(
        "a layer table counts a transposed convolution by output as by input",
        ARCHITECTURES,
        "return weights * math.prod(shape[1:]), weights * math.prod(shape_after(layer, shape)[1:])",
        "return (weights * math.prod(shape_after(layer, shape)[1:]),) * 2",
    ),
    Fault(
        "a layer table forgets the bias",
        ARCHITECTURES,
        "return math.prod(_weight_shape(layer)) + layer.target * layer.bias",
        "return math.prod(_weight_shape(layer))",
    ),
    Fault(
        "a layer table forgets batch normalisation's shift",
        ARCHITECTURES,
        "return 2 * layer.source",
        "return layer.source",
    ),
    Fault(
        "concatenation replaces the channels",
        ARCHITECTURES,
        "return (channels + layer.target, *size)",
        "return (layer.target, *size)",
    ),
    Fault(
        "batch normalisation forgets to subtract the mean",
        ARCHITECTURES,
        "return (x - _mean(x)) / np.sqrt(",
        "return x / np.sqrt(",
    ),
    Fault(
        "the receptive field ignores the padding of a transposed convolution",
        ARCHITECTURES,
        "return -((k - 1 - o - p) // s), (o + p) // s",
        "return -((k - 1 - o) // s), o // s",
    ),
    Fault(
        "the reach of a cell is one short",
        ARCHITECTURES,
        "return i * s - p, i * s - p + k - 1",
        "return i * s - p, i * s - p + k - 2",
    ),
    Fault(
        "the gradient of a ReLU passes everywhere",
        ARCHITECTURES,
        "grad = grad * (x > 0)",
        "grad = grad * 1.0",
    ),
    Fault(
        "the gradient of a nearest resize is a mean",
        ARCHITECTURES,
        "grad = grad.reshape(n, c, h, f, w, f).sum(axis=(3, 5))",
        "grad = grad.reshape(n, c, h, f, w, f).mean(axis=(3, 5))",
        taught=False,
    ),
    Fault(
        "overlap of a stack forgets the padding",
        ARCHITECTURES,
        "keywords = dict(stride=layer.stride, padding=layer.padding)",
        "keywords = dict(stride=layer.stride)",
    ),
    Fault(
        "a skip is cropped at its start instead of its middle",
        ARCHITECTURES,
        "(top, left), (height, width) = (n // 2 for n in extra), x.shape[2:]",
        "(top, left), (height, width) = (0, 0), x.shape[2:]",
        taught=False,
    ),
    Fault(
        "PyTorch's default start counts input channels",
        ARCHITECTURES,
        "bound = 1 / math.sqrt(math.prod(shape[1:]))",
        "bound = 1 / math.sqrt(math.prod(shape) / shape[1])",
    ),
    # ---------------------------------------------------------------------------- other libraries
    Fault(
        "Keras keeps its channels as a convolution",
        FRAMEWORKS,
        '"keras": ("k", "C_out", "C_in"),',
        '"keras": ("k", "C_in", "C_out"),',
    ),
    Fault(
        "no flip on the way to JAX",
        FRAMEWORKS,
        'if transposed and (source == "jax") != (target == "jax"):',
        "if False:",
    ),
    Fault(
        "transpose_kernel flips, too",
        FRAMEWORKS,
        'if transposed and (source == "jax") != (target == "jax"):',
        'if transposed and source.startswith("jax") != target.startswith("jax"):',
    ),
    Fault(
        "fan_in of a transposed layer from its inputs",
        FRAMEWORKS,
        "return second * math.prod(taps), first * math.prod(taps)",
        "return first * math.prod(taps), second * math.prod(taps)",
    ),
    Fault(
        "Kaiming bound with gain root 2",
        FRAMEWORKS,
        "bound = 1 / math.sqrt(fan_in)",
        "bound = math.sqrt(6 / fan_in)",
    ),
    Fault(
        "MACs by output count the inputs",
        FRAMEWORKS,
        "return Macs(i * taps, o * taps)",
        "return Macs(i * taps, i * taps)",
    ),
    Fault(
        "JAX is given the cut instead of the border",
        FRAMEWORKS,
        'yield {"padding": tuple((reach - lo, reach - hi) for reach, (lo, hi) in pairs)}',
        'yield {"padding": tuple((lo, hi) for reach, (lo, hi) in pairs)}',
    ),
    Fault(
        "the slice cuts at the wrong end",
        FRAMEWORKS,
        "ends = [f\"{lo or ''}:{-hi or ''}\" for lo, hi in layer.crop]",
        "ends = [f\"{hi or ''}:{-lo or ''}\" for lo, hi in layer.crop]",
    ),
    Fault(
        "channels_last swaps height and width",
        FRAMEWORKS,
        "return np.moveaxis(_batch(x), 1, -1)",
        "return _batch(x).swapaxes(1, -1)",
    ),
    Fault(
        "groups do not save MACs",
        FRAMEWORKS,
        "taps = k * c_in * c_out // groups",
        "taps = k * c_in * c_out",
        taught=False,
    ),
    # ---------------------------------------------------------------------- the audited sentences
    Fault(
        "one hit makes a sentence true",
        CHAPTER_09,
        'return "true" if all(held) else "only if" if any(held) else "false"',
        'return "true" if any(held) else "false"',
    ),
    Fault(
        "the wrong size formula gets the right sign",
        CHAPTER_09,
        "return i + 2 * p + (k - 1)",
        "return i - 2 * p + (k - 1)",
    ),
    Fault(
        "SAME is judged by one size instead of all",
        CHAPTER_09,
        "if down(i, k, 1, p) == i} == {k + 2 * p}",
        "if down(i, k, 1, p) == i} >= {k + 2 * p}",
    ),
    Fault(
        "zeros alone are judged without a symmetric kernel",
        CHAPTER_09,
        "for w, s, p in product(([1, 10, 100], [1, 10, 1]), (2, 3), range(3)):",
        "for w, s, p in product(([1, 10, 100], [1, 10, 2]), (2, 3), range(3)):",
    ),
    Fault(
        "the flip is left out beside np.convolve",
        CHAPTER_09,
        "convolution = np.convolve(ops.zero_insert(x, s), w)",
        "convolution = np.convolve(ops.zero_insert(x, s), w[::-1])",
    ),
    Fault(
        "the resized kernel is not flipped",
        CHAPTER_09,
        "one = np.convolve(np.ones(s, int), w[::-1])",
        "one = np.convolve(np.ones(s, int), w)",
    ),
    Fault(
        "TensorFlow's SAME puts an odd zero at the start",
        SIZES,
        "return total // 2, total - total // 2\n\n\ndef _same_lower",
        "return total - total // 2, total // 2\n\n\ndef _same_lower",
    ),
    # ----------------------------------------------------------------------------------- the race
    Fault(
        "sub-pixel's taps keep their order",
        KERNELS,
        "cut = cut[(..., *(slice(None, None, -1), slice(None)) * n)]",
        "cut = cut[(..., *(slice(None), slice(None)) * n)]",
    ),
    Fault(
        "col2im overwrites",
        KERNELS,
        "target += products",
        "target[...] = products",
    ),
    Fault(
        "the dearest way is chosen",
        KERNELS,
        "return min(estimate, key=estimate.get)",
        "return max(estimate, key=estimate.get)",
    ),
    Fault(
        "the roof is the higher limit",
        SPEED,
        "_percent(y / min(peak, x * bandwidth))",
        "_percent(y / max(peak, x * bandwidth))",
    ),
    Fault(
        "ratios counts the slower ones",
        SPEED,
        "int((values[seen] < 1).sum())",
        "int((values[seen] > 1).sum())",
        taught=False,
    ),
    Fault(
        "zero-insertion counted over the input",
        CHAPTER_10,
        "return c * d * side(h, k, s) ** 2 * k * k",
        "return c * d * h ** 2 * k * k",
        taught=False,
    ),
    Fault(
        "sub-pixel's kernel not rounded up",
        CHAPTER_10,
        "return c * d * (h + taps - 1) ** 2 * (taps * s) ** 2",
        "return c * d * (h + taps - 1) ** 2 * k**2",
        taught=False,
    ),
    Fault(
        "ratios upside down",
        RACE,
        "a / b for a, b in zip",
        "b / a for a, b in zip",
        taught=False,
    ),
    # ----------------------------------------------------------- numbers for a group, and the guide
    Fault(
        "a variant whose solution overwrites where stamps overlap",
        VARIANTS,
        "by_hand[2 * n + t] += value * tap",
        "by_hand[2 * n + t] = value * tap",
        taught=False,
    ),
    Fault(
        "variants in which two wrong ideas are one are given out",
        VARIANT,
        "if feedback.correct or idea.sentence not in feedback.says:",
        "if feedback.correct:",
        taught=False,
    ),
    Fault(
        "a group gets other numbers than last year",
        VARIANT,
        "hashlib.sha256(seed.encode())",
        "hashlib.sha3_256(seed.encode())",
        taught=False,
    ),
    Fault(
        "a group may draw numbers with the course's own answer",
        VARIANT,
        "made.exercise.judge(exercise.target()).correct",
        "False",
        taught=False,
    ),
    Fault(
        "a wrong idea of a variant is not the chapter's",
        VARIANTS,
        "always((border + 1, border + op + 1)),",
        "always((border + 2, border + op + 2)),",
        taught=False,
    ),
    Fault(
        "check forgets the group",
        "tconv_helpers/exercises/__init__.py",
        "exercise = made.exercise if made else exercise",
        "exercise = exercise if made else exercise",
        taught=False,
    ),
    Fault(
        "the guide leaves out the last wrong idea of a bet",
        GUIDE,
        "for idea in bet.ideas",
        "for idea in bet.ideas[:-1]",
        taught=False,
    ),
]
