"""The inverse designer: from two sizes to every transposed convolution that joins them."""

from pathlib import Path

import anywidget
import traitlets

from tconv_helpers import frameworks, sizes
from tconv_helpers.frameworks import LIBRARIES, calls

__all__ = ["Designer", "overlap"]

HEAD = ("k", "s", "p", "op", "d", "stamps per phase", "MACs by input", "by output", "in one call")
LARGEST = 4096  # of a size
SHOWN, DRAWN = 60, 14  # rows of the live list, rows of its picture
FEW, MANY = 6, 16  # inputs in the explorer


def overlap(design):
    """Return how many taps fall on each of the stride's phases: stamps per interior cell.

    >>> overlap(sizes.Design(3, 2, 1, 1, 1)), overlap(sizes.Design(4, 2, 1, 0, 1))
    ((2, 1), (2, 2))
    """
    counts = [0] * design.stride
    for tap in range(design.kernel):
        counts[tap * design.dilation % design.stride] += 1
    return tuple(counts)


# ------------------------------------------------------------------------------------ the widget


class Designer(anywidget.AnyWidget):
    """Every layer that turns one size into another: sorted, filtered, one of them chosen.

    Parameters
    ----------
    source, target : int
        Input and wanted output size along each axis.
    explorer : Explorer, optional
        Shows the chosen layer along one axis, on fewer inputs where it draws no more.
    kernels, strides : iterables of int
        What may be chosen from.
    **filters
        Any of the attributes below.

    Attributes
    ----------
    even : bool
        Only layers that put the same number of stamps on every interior cell.
    whole : bool
        Only layers that throw no whole stamp away, that is p ≤ d(k − 1).
    dilated : bool
        Dilations 1, 2 and 3, not only 1.
    library : "any", "pytorch", "keras", "tensorflow", "jax" or "onnx"
        Only layers that this library can express in one call.
    most, count : int, and "input" or "output"
        At most so many multiply-accumulates (0: any number), counted as in
        :func:`frameworks.macs`, for one pair of channels of an image.
    order : "plain" or "cheap"
        Plainest first, as :func:`sizes.designs` sorts, or fewest multiply-accumulates first.
    language : str
        The library whose code is shown.
    designs : list of sizes.Design
        What passes. Read-only.
    chosen : sizes.Design or None
    code : str
        The chosen layer in `language`.

    Examples
    --------
    >>> designer = Designer(16, 32, even=True)
    >>> designer
    Designer: 16 → 32, even overlap: 4 layers: k2 s2; k4 s2 p1; k6 s2 p2; k8 s2 p3. Chosen: k2 s2.
    >>> designer.chosen = 4, 2, 1, 0, 1
    >>> designer.code
    'nn.ConvTranspose2d(C_in, C_out, 4, stride=2, padding=1)'
    """

    _esm = Path(__file__).with_name("designer.mjs")
    _css = Path(__file__).with_name("designer.css")

    source = traitlets.Int(16, min=1, max=LARGEST).tag(sync=True)
    target = traitlets.Int(32, min=1, max=LARGEST).tag(sync=True)
    even = traitlets.Bool(False).tag(sync=True)
    whole = traitlets.Bool(True).tag(sync=True)
    dilated = traitlets.Bool(False).tag(sync=True)
    library = traitlets.Enum(("any", *LIBRARIES), "any").tag(sync=True)
    most = traitlets.Int(0, min=0).tag(sync=True)
    count = traitlets.Enum(("input", "output"), "input").tag(sync=True)
    order = traitlets.Enum(("plain", "cheap"), "plain").tag(sync=True)
    language = traitlets.Enum(tuple(LIBRARIES), "pytorch").tag(sync=True)

    _head = traitlets.List(list(HEAD)).tag(sync=True)
    _libraries = traitlets.Dict(LIBRARIES).tag(sync=True)
    _largest = traitlets.Int(LARGEST).tag(sync=True)
    _rows = traitlets.List().tag(sync=True)  # texts, one list for each row that is shown
    _keys = traitlets.List().tag(sync=True)  # its k, s, p, op, d
    _chosen = traitlets.List().tag(sync=True)  # of the chosen layer; empty for none
    _codes = traitlets.Dict().tag(sync=True)  # library → call of the chosen layer
    _words = traitlets.Unicode().tag(sync=True)
    _loaded = traitlets.Unicode().tag(sync=True)

    def __init__(
        self, source=16, target=32, explorer=None, *, kernels=range(1, 9), strides=range(1, 9),
        **filters,
    ):  # fmt: skip
        for name in filters:
            if name not in _FILTERS:
                raise TypeError(f"Designer has no argument {name!r}; it has {', '.join(_FILTERS)}")
        self.explorer = explorer
        self.kernels, self.strides = sorted(set(kernels)), sorted(set(strides))
        self.designs, self._listing = [], False
        super().__init__(source=source, target=target, **filters)
        self.observe(self._moved, ["source", "target", *(set(_FILTERS) - {"language"})])
        self.observe(self._picked, "_chosen")
        self._moved()

    # ----------------------------------------------------------------------------------- choosing

    @property
    def chosen(self):
        return sizes.Design(*self._chosen) if self._chosen else None

    @chosen.setter
    def chosen(self, design):
        if tuple(design) not in self.designs:
            raise ValueError(f"chosen={tuple(design)} must be one of the layers that are listed")
        self._chosen = list(design)

    def macs(self, design):
        """A design's multiply-accumulates by input and by output."""
        return frameworks.macs((self.source,) * 2, (self.target,) * 2, design.kernel)

    @property
    def code(self):
        return self._codes.get(self.language) or self._missing()

    def _missing(self):
        if not self._chosen:
            return "# No layer is chosen."
        name = LIBRARIES[self.language]
        return f"# {name} has no one call for this window: take the whole canvas and slice it."

    def _moved(self, change=None):
        self._listing = True
        with self.hold_sync():  # one message: list, choice and code change together
            every = self._every()
            self.designs = self._passing(every)
            rows = self.designs[:SHOWN]
            self._rows = [self._row(design) for design in rows]
            self._keys = [list(design) for design in rows]
            self._words = self._say(every)
            if self.chosen not in self.designs:
                self._chosen = list(self.designs[0]) if self.designs else []
            self._write()
        self._listing = False
        self._load()

    def _picked(self, change):
        if self._listing:
            return
        if self._chosen and self.chosen not in self.designs:
            self._chosen = change["old"]  # a browser that was behind
            return
        self._write()
        self._load()

    def _write(self):
        self._codes = calls(self.chosen, self.source) if self._chosen else {}

    def _every(self):
        dilations = (1, 2, 3) if self.dilated else (1,)
        return sizes.designs(
            self.source, self.target,
            kernels=self.kernels, strides=self.strides, dilations=dilations,
        )  # fmt: skip

    def _passing(self, designs, without=None):
        """The designs that pass every filter but one."""
        for name, passes in _TESTS.items():
            if name != without:
                designs = [design for design in designs if passes(self, design)]
        if self.order == "cheap":
            designs = sorted(designs, key=self.macs)
        return designs

    def _row(self, design):
        by = [f"{n:,}" for n in self.macs(design)]
        able = [LIBRARIES[name] for name in calls(design, self.source)]
        all_of_them = len(able) == len(LIBRARIES)
        return [
            *map(str, design), " ".join(map(str, overlap(design))), *by,
            "all five" if all_of_them else ", ".join(able),
        ]  # fmt: skip

    # ----------------------------------------------------------------------------------- in words

    def _say(self, every):
        goal, found = f"{self.source} → {self.target}", len(self.designs)
        if found:
            said = f"{goal}: {_counted(found)}."
            return said + (f" The first {SHOWN} are shown." if found > SHOWN else "")
        if every:
            ways = [
                f"{_UNDO[name]} ({_counted(n)})"
                for name in _TESTS
                if (n := len(self._passing(every, without=name)))
            ]
            help = f"To see some: {' or '.join(ways)}." if ways else "Lift more than one filter."
            return f"{goal}: {_counted(len(every))}, and none passes the filters. {help}"
        k, s = max(self.kernels), max(self.strides)
        d = 3 if self.dilated else 1
        reach = (self.source - 1) * s + d * (k - 1) + max(s, d)
        said = f"{goal}: no layer with a kernel up to {k} and a stride up to {s}"
        if self.target > reach:
            return f"{said}, dilation up to {d}: {reach} is the largest size they reach."
        return f"{said}."

    def _load(self):
        """Show the chosen layer in the explorer, and say between which sizes."""
        if self.explorer is None or not self._chosen:
            self._loaded = ""
            return
        k, s, p, op, d = self._chosen
        layer = {"kernel": k, "stride": s, "padding": p, "output_padding": op, "dilation": d}
        self.explorer.pinned = ""
        # A few inputs are easier to read than many, but large paddings need more.
        few = min(self.source, FEW)
        for size in [*range(few, 0, -1), *range(few + 1, min(self.source, MANY) + 1)]:
            try:
                self.explorer.set(mode="transposed", window="padding", dims=1, input=size, **layer)
            except ValueError as error:
                reason = error
                continue
            shown = f"{size} → {self.explorer.y.size}"
            self._loaded = f"The explorer shows the chosen one along one axis, {shown}."
            return
        self._loaded = f"The explorer cannot draw the chosen one: {reason}."

    def __repr__(self):
        on = [words for name, words in _SHORT.items() if getattr(self, name)]
        if self.library != "any":
            on.append(f"in {LIBRARIES[self.library]}")
        if self.most:
            on.append(f"at most {self.most:,} MACs by {self.count}")
        if self.order == "cheap":
            on.append("cheapest first")
        said = f"Designer: {self.source} → {self.target}"
        said += f", {', '.join(on)}" if on else ""
        if not self.designs:
            return f"{said}. {self._words}"
        names = "; ".join(_short(design) for design in self.designs[:8])
        more = f"; and {len(self.designs) - 8} more" if len(self.designs) > 8 else ""
        chosen = _short(self.chosen)
        return f"{said}: {_counted(len(self.designs))}: {names}{more}. Chosen: {chosen}."

    @property
    def picture(self):
        """A Picture of the list."""
        from tconv_helpers import draw

        rows = self._rows[:DRAWN]
        lit = self._keys.index(self._chosen) if self._chosen in self._keys[:DRAWN] else None
        if not rows:
            rows = [["–"] * len(HEAD)]
        return draw.table(HEAD, rows, lit=lit, say=repr(self))

    def _repr_mimebundle_(self, include=None, exclude=None, **kwargs):
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        pictured, about = self.picture._repr_mimebundle_()
        data, metadata = {**data, **pictured}, {**metadata, **about}
        data["text/plain"] = repr(self)
        keep = set(data if include is None else include) - set(exclude or ())
        return (
            {kind: value for kind, value in data.items() if kind in keep},
            {kind: value for kind, value in metadata.items() if kind in keep},
        )


_FILTERS = (
    "even", "whole", "dilated", "library", "most", "count", "order", "language",
)  # fmt: skip
_TESTS = {
    "whole": lambda self, x: not self.whole or x.padding <= x.dilation * (x.kernel - 1),
    "even": lambda self, x: not self.even or x.even,
    "most": lambda self, x: not self.most or self.macs(x)[self.count == "output"] <= self.most,
    "library": lambda self, x: self.library == "any" or self.library in calls(x, self.source),
}
_SHORT = {"even": "even overlap", "dilated": "dilation up to 3"}
_UNDO = {
    "whole": "allow whole stamps to be thrown away",
    "even": "allow uneven overlap",
    "most": "allow more MACs",
    "library": "allow any library",
}


def _counted(n):
    return f"{n} layer{'' if n == 1 else 's'}"


def _short(design):
    names = zip(("k", "s", "p", "op", "d"), design, (None, None, 0, 0, 1), strict=True)
    return " ".join(f"{name}{value}" for name, value, usual in names if value != usual)
