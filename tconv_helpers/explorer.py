"""The linked explorer: one operation as stamps, gather, matrix and phases, every tie visible.

The front end is explorer.mjs, which computes all that it shows, so that it also lives in a page
without a kernel. This module owns the traits, checks what Python sets, and computes ``y`` with
``ops``.
"""

import re
from functools import cache
from pathlib import Path

import anywidget
import ipywidgets
import numpy as np
import traitlets

from tconv_helpers import _arguments as arguments
from tconv_helpers import _presets, ops, sizes

__all__ = ["Explorer", "SettingError", "link"]

CONTROLS = {
    "input": ("i", 1, 18),
    "kernel": ("k", 1, 9),
    "stride": ("s", 1, 8),
    "padding": ("p", 0, 12),
    "output_padding": ("op", 0, 7),
    "dilation": ("d", 1, 8),
}
MOST_CELLS = {1: 48, 2: 24}  # along one axis of the canvas or the padded input
WINDOWS = (
    "padding",
    "pytorch same",
    "keras same",
    "keras valid",
    "jax SAME",
    "jax SAME transpose_kernel",
    "jax VALID",
    "onnx SAME_UPPER",
    "onnx SAME_LOWER",
)
VIEWS = ("stamps", "gather", "matrix", "phases")
_SETTINGS = ("mode", "dims", *CONTROLS, "window", "x", "w")
_SHAPED = {"x": "input", "w": "kernel"}


class SettingError(traitlets.TraitError, ValueError):
    """A setting that no convolution has; with the argument, its value and the rule.

    A TraitError too, so that traitlets takes back every change that was made together with it.
    """


class _PerAxis(traitlets.TraitType):
    """One int for both axes, or a pair; always a list on its way to the front end."""

    def __init__(self, default, least, most):
        super().__init__(default)
        self._least, self._most = least, most
        self.tag(sync=True, to_json=self._spread, from_json=lambda value, _: _joined(value))

    @staticmethod
    def _spread(value, explorer):
        return list(_pair(value, explorer.dims))

    def validate(self, obj, value):
        try:
            if isinstance(value, tuple | list | np.ndarray):
                if len(value) not in (1, 2):
                    raise ValueError(f"{self.name}={value!r} must be one integer or a pair")
                value = tuple(arguments.integer(self.name, v, least=self._least) for v in value)
            else:
                value = arguments.integer(self.name, value, least=self._least)
        except (TypeError, ValueError) as error:
            raise SettingError(str(error)) from None
        if np.max(value) > self._most:
            raise SettingError(f"{self.name}={value} must be at most {self._most} to be drawn")
        return _joined(value)


class _Values(traitlets.TraitType):
    """A plain array of one or two axes; nested lists on its way to the front end."""

    default_value = np.zeros((1, 1), np.int64)

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        # y is computed here: what the browser has for it is not taken over.
        self.tag(
            sync=True,
            to_json=lambda a, _: a.tolist(),
            from_json=lambda a, explorer: explorer.y if self.read_only else a,
        )

    def validate(self, obj, value):
        try:
            array = np.array(arguments.numeric(self.name, value))
        except (TypeError, ValueError) as error:
            raise SettingError(str(error)) from None
        if array.ndim not in (1, 2) or array.size == 0:
            raise SettingError(f"{self.name} of shape {array.shape} must be a row or a table")
        if not np.all(np.isfinite(array)) or np.abs(array.astype(float)).max() > 1e12:
            raise SettingError(f"{self.name} must hold finite numbers up to 1e12")
        array = array.astype(np.float64 if array.dtype.kind == "f" else np.int64)
        if array.dtype.kind == "f" and np.all(array == np.round(array)) and obj._from_view:
            array = array.astype(np.int64)  # the browser does not tell 2.0 from 2
        array.flags.writeable = False  # a change in place would pass unnoticed
        return array

    def set(self, obj, value):
        # Arrays have no single truth value, so traitlets would tell of every assignment.
        new = self._validate(obj, value)
        old = obj._trait_values.get(self.name)
        if old is not None and old.dtype == new.dtype and np.array_equal(old, new):
            return
        super().set(obj, new)


class Explorer(anywidget.AnyWidget):
    """A convolution or transposed convolution to point at: every cell lights what it is tied to.

    Parameters
    ----------
    mode : "transposed" or "convolution"
    input, kernel, stride, padding, output_padding, dilation : int, or a pair (rows, columns)
        As in PyTorch. Sizes follow ``x`` and ``w`` where those are given.
    x, w : array of shape (W,) or (H, W), optional
        Values of the input and the kernel; small whole numbers unless given.
    dims : 1 or 2
    window : str
        "padding" (padding and output_padding cut the window), or a library's own rule, such as
        "keras same" or "jax SAME".
    views : sequence of "stamps", "gather", "matrix", "phases"
    show : "values", or "counts": how many products meet in a cell
    order : "input", "output" or "product": what one step of playing adds
    step : int
        Steps added up so far; -1: all of them.
    pinned : str
        The cell that is held, as in "y[2,3]", "x[0,1]" or "w[1,1]"; "" for none.

    Attributes
    ----------
    y : ndarray
        The output, always what ``ops`` computes from the other attributes. Read-only.
    problem : str
        Why the present setting is illegal; empty unless a linked explorer sent an illegal one.

    Raises
    ------
    ValueError
        When an attribute is set to what no such operation has; nothing is changed then. To change
        several attributes at once, use :meth:`set`.

    Notes
    -----
    Every attribute is a trait: `explorer.stride = 3` moves the picture, and after the learner has
    edited a cell, `explorer.x`, `explorer.w` and `explorer.y` hold what is on the screen.

    Examples
    --------
    >>> explorer = Explorer(x=[[2, 3], [4, 3]], w=[[1, 2, 4], [1, 1, 3], [1, 2, 4]])
    >>> explorer
    Explorer: transposed convolution, input 2 × 2, kernel 3 × 3, stride 1, output 4 × 4.
    >>> explorer.y[1]
    array([ 6, 16, 31, 21])
    >>> explorer.stride = 0
    Traceback (most recent call last):
      ...
    tconv_helpers.explorer.SettingError: stride=0 must be at least 1
    >>> explorer.stride = 2
    >>> explorer.y.shape
    (5, 5)
    """

    _esm = Path(__file__).with_name("explorer.mjs")
    _css = Path(__file__).with_name("explorer.css")

    mode = traitlets.Enum(("transposed", "convolution"), "transposed").tag(sync=True)
    dims = traitlets.Enum((1, 2), 2).tag(sync=True)
    input = _PerAxis(4, *CONTROLS["input"][1:])
    kernel = _PerAxis(3, *CONTROLS["kernel"][1:])
    stride = _PerAxis(1, *CONTROLS["stride"][1:])
    padding = _PerAxis(0, *CONTROLS["padding"][1:])
    output_padding = _PerAxis(0, *CONTROLS["output_padding"][1:])
    dilation = _PerAxis(1, *CONTROLS["dilation"][1:])
    window = traitlets.Enum(WINDOWS, "padding").tag(sync=True)
    x = _Values()
    w = _Values()
    y = _Values(read_only=True)
    views = traitlets.List(traitlets.Enum(VIEWS), list(VIEWS)).tag(sync=True)
    show = traitlets.Enum(("values", "counts"), "values").tag(sync=True)
    separate = traitlets.Bool(False).tag(sync=True)
    order = traitlets.Enum(("input", "output", "product"), "input").tag(sync=True)
    step = traitlets.Int(-1).tag(sync=True)
    speed = traitlets.Float(2).tag(sync=True)
    problem = traitlets.Unicode(read_only=True)
    # Private to the front end: the held and the touched thing in words that do not depend on the
    # mode, settings that are being typed and are not legal, and what Reset goes back to.
    _pin = traitlets.List().tag(sync=True)
    _hover = traitlets.List().tag(sync=True, echo_update=False)  # an echo would come too late
    _draft = traitlets.Dict().tag(sync=True)
    _initial = traitlets.Dict().tag(sync=True)
    _presets = traitlets.Dict().tag(sync=True)  # group → name → settings

    _from_view = False
    _derived = {}

    def __init__(self, mode="transposed", input=None, kernel=None, *, x=None, w=None, **settings):
        pinned = settings.pop("pinned", "")
        for name in settings:
            if name not in type(self).class_trait_names(sync=True) or name[0] == "_" or name == "y":
                raise TypeError(f"Explorer has no argument {name!r}")
        sizes_given = {"input": input, "kernel": kernel}
        values = {"x": x, "w": w}
        given = [np.ndim(a) for a in values.values() if a is not None]
        dims = settings.setdefault("dims", given[0] if given else 2)
        if dims not in (1, 2) or set(given) - {dims}:
            raise SettingError(f"x and w of {given or [dims]} axes must both have 1 or both 2")
        for (size, value), role in zip(sizes_given.items(), values, strict=True):
            trait = getattr(type(self), size)
            if value is not None:
                value = trait.validate(self, value)
            if values[role] is None:
                settings[size] = trait.default_value if value is None else value
                values[role] = _resized(np.zeros((0, 0)), _pair(settings[size], dims), role)
            else:
                settings[size] = np.shape(values[role])
                if value is not None and _pair(value, dims) != settings[size]:
                    raise SettingError(
                        f"{size}={value} must be the shape of {role}, {settings[size]}"
                    )
        settings.setdefault("order", "input" if mode == "transposed" else "output")
        unequal = [name for name in CONTROLS if not isinstance(_joined(settings.get(name, 1)), int)]
        settings.setdefault("separate", bool(unequal))
        super().__init__(mode=mode, _presets=_menu(), **settings, **values)
        self.pinned = pinned
        self._initial = self._plain(*_SETTINGS, "y", "views", "show", "separate", "order", "speed")

    def _plain(self, *names):
        """Attributes as the front end has them."""
        return {
            name: self.trait_metadata(name, "to_json", _as_is)(getattr(self, name), self)
            for name in names
        }

    @classmethod
    def preset(cls, name, **changes):
        """Return an explorer of one of the examples that its menu lists.

        >>> Explorer.preset("E stride 2").y[-1]
        array([4, 6, 6, 9])
        """
        lines = {name: line for group in _presets.LINES.values() for name, line in group.items()}
        if name not in lines:
            raise ValueError(f"name={name!r} must be one of {', '.join(map(repr, lines))}")
        return cls(**_presets.read(lines[name]) | changes)

    # ---------------------------------------------------------------------------------- settings

    def set(self, **settings):
        """Set several attributes at once: all of them, or, if they do not fit together, none."""
        for name in settings:
            if name == "pinned" or not self.has_trait(name) or name.startswith("_"):
                raise TypeError(f"Explorer has no attribute {name!r} to set")
        with self.hold_sync(), self.hold_trait_notifications():
            for name, value in settings.items():
                setattr(self, name, value)

    def set_state(self, sync_data):
        self._from_view = True
        try:
            super().set_state(sync_data)
        finally:
            self._from_view = False
            self._derived = {}

    def _should_send_property(self, key, value):
        # The browser has worked this out itself; by the time it came back it could be out of date.
        if self._derived.get(key, ...) is value:
            return False
        return super()._should_send_property(key, value)

    @traitlets.validate(*_SETTINGS)
    def _legal(self, proposal):
        # The browser sends nothing illegal. What a link sends may be, and is then told of there.
        if not self._from_view:
            wished = {name: getattr(self, name) for name in _SETTINGS}
            wished[proposal["trait"].name] = proposal["value"]
            for role, size in _SHAPED.items():
                if proposal["trait"].name == role and wished[role].ndim == self.dims:
                    wished[size] = wished[role].shape
            _result(wished, compute=False)
        return proposal["value"]

    @traitlets.observe(*_SETTINGS)
    def _settle(self, change):
        """Let the arrays follow their sizes, or the sizes their arrays, and compute y."""
        # Observers hear of it only when all of it is done, so that they may set things too.
        with self.hold_sync(), self.hold_trait_notifications():
            for role, size in _SHAPED.items():
                a = getattr(self, role)
                shape = _pair(getattr(self, size), self.dims)
                if change["name"] == role and a.ndim == self.dims:
                    setattr(self, size, a.shape)
                elif a.shape != shape:
                    setattr(self, role, _resized(a, shape, role))
            for name in CONTROLS:
                if self.dims == 1 and isinstance(getattr(self, name), tuple):
                    setattr(self, name, getattr(self, name)[-1])
            try:
                y = _result({name: getattr(self, name) for name in _SETTINGS})
            except SettingError as error:
                self.set_trait("problem", str(error))
            else:
                self.set_trait("problem", "")
                self.set_trait("y", y)
            if self._from_view:
                self._derived = {name: getattr(self, name) for name in (*_SETTINGS, "y")}

    # ----------------------------------------------------------------------------------- pointing

    @property
    def pinned(self):
        kind, *at = self._pin or [""]
        at = at[-self.dims :] if len(at) == 2 else at
        side = {"tap": "w", self._in_side: "x", self._out_side: "y"}.get(kind)
        return f"{side}[{','.join(map(str, at))}]" if side else ""

    @pinned.setter
    def pinned(self, text):
        if not text:
            self._pin = []
            return
        found = re.fullmatch(r"([xwy])\[(-?\d+)(?:,\s*(-?\d+))?\]", str(text))
        if not found:
            raise SettingError(f"pinned={text!r} must be a cell such as 'y[2,3]', or ''")
        at = tuple(int(n) for n in found.groups()[1:] if n is not None)
        shape = getattr(self, found[1]).shape
        if len(at) != self.dims or not all(0 <= n < m for n, m in zip(at, shape, strict=True)):
            raise SettingError(f"pinned={text!r} must lie in {found[1]} of shape {shape}")
        kind = {"w": "tap", "x": self._in_side, "y": self._out_side}[found[1]]
        self._pin = [kind, *(0,) * (2 - self.dims), *at]

    _in_side = property(lambda self: "small" if self.mode == "transposed" else "big")
    _out_side = property(lambda self: "big" if self.mode == "transposed" else "small")

    # ----------------------------------------------------------------------------------- showing

    @property
    def picture(self):
        """A Picture of the present state, drawn by ``draw``."""
        from tconv_helpers import draw

        v = {n: getattr(self, n) for n in _SETTINGS}
        _, padding = _windows(v)
        n, w = self.dims, self.w
        common = {"stride": _pair(self.stride, n), "dilation": _pair(self.dilation, n)}
        at = self.pinned and tuple(self._pin[-n:])
        if self.mode == "convolution":
            place = {"at": at} if self.pinned.startswith("y") else {}
            return draw.window(self.x, w, padding=padding, **common, **place)
        if self.window == "jax SAME":
            w = ops.flip(w)
        if self.window == "padding":
            common["output_padding"] = _pair(self.output_padding, n)
            padding = _pair(self.padding, n)
        if self.pinned.startswith("y"):
            return draw.gather(self.x, w, padding=padding, at=at, **common)
        place = {"at": at} if self.pinned.startswith("x") else {}
        return draw.stamps(self.x, w, padding=padding, **common, **place)

    def __repr__(self):
        n = self.dims
        words = "transposed convolution" if self.mode == "transposed" else "convolution"
        parts = [f"input {_by(self.x.shape)}", f"kernel {_by(self.w.shape)}"]
        parts.append(f"stride {_by(_pair(self.stride, n), same=True)}")
        names = (
            ("dilation",) if self.window != "padding" else ("padding", "output_padding", "dilation")
        )
        for name in names:
            value = getattr(self, name)
            if value != (1 if name == "dilation" else 0) and (
                name != "output_padding" or self.mode == "transposed"
            ):
                parts.append(f"{name.replace('_', ' ')} {_by(_pair(value, n), same=True)}")
        if self.window != "padding":
            parts.append(f"window {self.window}")
        if self.pinned:
            parts.append(f"{self.pinned} pinned")
        parts.append(self.problem or f"output {_by(self.y.shape)}")
        return f"Explorer: {words}, {', '.join(parts)}."

    def _repr_mimebundle_(self, include=None, exclude=None, **kwargs):
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        if not self.problem:
            drawn, metadata = self.picture._repr_mimebundle_()
            data = {**data, **drawn}
        data["text/plain"] = repr(self)
        keep = set(data if include is None else include) - set(exclude or ())
        return (
            {kind: value for kind, value in data.items() if kind in keep},
            {kind: value for kind, value in metadata.items() if kind in keep},
        )


def link(first, second, names=("w", "kernel", "stride", "padding", "dilation", "_pin", "_hover")):
    """Link two explorers in the browser, also without a kernel; keep the result to unlink.

    A convolution and its transpose then show the same kernel and settings, and pointing at a cell
    of one lights its partner in the other: an output here is an input there.

    Returns
    -------
    list of ipywidgets.widgets.widget_link.Link
    """
    return [ipywidgets.jslink((first, name), (second, name)) for name in names]


# ------------------------------------------------------------------------------------ small helpers


@cache
def _menu():
    """Every preset as the front end sets it."""
    menu = {}
    for group, lines in _presets.LINES.items():
        for name, line in lines.items():
            given = {n: s[1] for n, s in CONTROLS.items()} | {"dims": 2, "window": "padding"}
            given |= _presets.read(line)
            dims = given["dims"]
            for n in CONTROLS:
                given[n] = _pair(given[n], dims)
            for role, size in (("x", "input"), ("w", "kernel")):
                given.setdefault(role, _resized(np.zeros((0, 0)), given[size], role).tolist())
            given["separate"] = any(len(set(given[n])) > 1 for n in CONTROLS)
            menu.setdefault(group, {})[name] = given
    return menu


def _as_is(value, _):
    return value


def _pair(value, n):
    """One int per axis."""
    if isinstance(value, tuple | list | np.ndarray):
        return tuple(value) if len(value) == n else (value[-1],) * n
    return (value,) * n


def _joined(value):
    if isinstance(value, tuple | list):
        return value[0] if len(set(value)) == 1 else tuple(value)
    return value


def _by(shape, same=False):
    if same and len(set(shape)) == 1:
        shape = shape[:1]
    return " × ".join(map(str, shape))


def _fill(role, r, c):
    """The value a fresh cell gets; explorer.mjs has the same rule."""
    return 1 + (2 * r + c) % 13 % 5 if role == "x" else 1 + (r + 2 * c) % 3


def _resized(old, shape, role):
    """The same values in a new shape; new cells are filled."""
    old = np.atleast_2d(old)
    rows, columns = (1, *shape)[-2:]
    new = [
        [
            old[r, c].item() if r < old.shape[0] and c < old.shape[1] else _fill(role, r, c)
            for c in range(columns)
        ]
        for r in range(rows)
    ]
    return np.array(new if len(shape) == 2 else new[0])


def _windows(v):
    """Settings as per-axis tuples, and the (lo, hi) pairs of their window."""
    n = v["dims"]
    p = {name: _pair(v[name], n) for name in CONTROLS}
    i, k, s, d = p["input"], p["kernel"], p["stride"], p["dilation"]
    transposed = v["mode"] == "transposed"
    library, _, word = v["window"].partition(" ")
    word = word.removesuffix(" transpose_kernel")
    if library == "padding":
        if transposed:
            sizes.conv_transpose_size(
                i, k, stride=s, padding=p["padding"],
                output_padding=p["output_padding"], dilation=d,
            )  # fmt: skip
            windows = sizes.window(p["padding"], p["output_padding"])
        else:
            sizes.conv_size(i, k, stride=s, padding=p["padding"], dilation=d)
            windows = tuple((pad, pad) for pad in p["padding"])
    elif transposed:
        windows = sizes.conv_transpose_window(library, i, k, padding=word, stride=s, dilation=d)
    else:
        if v["window"].endswith("transpose_kernel"):
            raise SettingError(f"window={v['window']!r} must go with transposed convolutions")
        windows = sizes.conv_padding(library, i, k, padding=word, stride=s, dilation=d)
    return p, tuple((int(lo), int(hi)) for lo, hi in windows)


def _result(v, compute=True):
    """Check a setting and compute its output; raises SettingError with the rule."""
    n = v["dims"]
    try:
        p, windows = _windows(v)
        i, k, s, d = p["input"], p["kernel"], p["stride"], p["dilation"]
        transposed = v["mode"] == "transposed"
        if not transposed:
            sizes.conv_size(i, k, stride=s, padding=windows, dilation=d)
        for axis, (lo, hi) in enumerate(windows):
            room = i[axis] + lo + hi
            if transposed:
                full = sizes.canvas_size(i[axis], k[axis], stride=s[axis], dilation=d[axis])
                room = max(full, full - lo, full - hi)
            if room > MOST_CELLS[n]:
                raise ValueError(
                    f"input={i[axis]} makes {room} cells on axis {axis}; the explorer draws at"
                    f" most {MOST_CELLS[n]}"
                )
    except (TypeError, ValueError) as error:
        raise SettingError(str(error)) from None
    if not compute:
        return None
    x, w = v["x"], v["w"]
    if transposed:
        operation = ops.conv_transpose1d if n == 1 else ops.conv_transpose2d
        if v["window"] == "jax SAME":
            w = ops.flip(w)  # JAX does, unless transpose_kernel=True
    else:
        operation = ops.conv1d if n == 1 else ops.conv2d
    return operation(x, w, stride=s, padding=windows, dilation=d)
