"""What reacts to a hand: a picture that follows its controls, and work that can be stopped."""

import html
import operator
import re
import signal
import time
from fractions import Fraction
from pathlib import Path

import anywidget
import numpy as np
import traitlets
from IPython import get_ipython
from IPython.display import display

__all__ = ["Panel", "progress"]

HERE = Path(__file__).parent
MINUS = "\N{MINUS SIGN}"
MOST, LARGEST = 100, 10_000  # how many numbers may be typed into a text box, and how large


class Panel(anywidget.AnyWidget):
    """Controls above a picture that is drawn again whenever one of them moves.

    Each control is also a trait, both ways: `panel.stride = 3` moves the slider and the picture,
    and after the learner has moved the slider, `panel.stride` is what it shows. A combination for
    which `picture_of` raises ValueError is answered in a sentence over the last picture that could
    be drawn, which turns grey; the controls stay free to move on.

    Parameters
    ----------
    picture_of : callable
        Called with every control as a keyword, returns a Picture.
    **controls
        `name=(lo, hi)` or `name=(lo, hi, start)`: a slider over the integers lo … hi;
        `name=[a, b, …]`: a choice, the first at the start; `name=True` or `False`: a tick box;
        `name="1 2 1"`: a text box of numbers. `picture_of` gets them as an array: whole numbers,
        decimals or fractions (1/2), apart by spaces or commas, a row of a 2-D array after each `;`.

    Attributes
    ----------
    values : dict
        Every control's value. Assigning a dict sets the controls it names, with one redraw.
    picture : Picture or None
        The last picture that could be drawn.
    problem : str
        Why the present values could not be drawn; empty when they could.

    Raises
    ------
    ValueError, TypeError
        If a control is described wrongly, or a value set from Python is not one it can show.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from tconv_helpers.picture import Picture
    >>> def square(n):
    ...     if n == 3:
    ...         raise ValueError("n=3 must not be 3")
    ...     return Picture(Figure(figsize=(1, 1)), f"{n} squared is {n * n}.")
    >>> panel = Panel(square, n=(1, 5))
    >>> panel
    Panel at n=1. 1 squared is 1.
    >>> panel.n = 3
    >>> panel
    Panel at n=3. n=3 does not work here: n=3 must not be 3. The picture still shows n=1.
    """

    # One widget of its own, because the sliders of ipywidgets have no accessible name, take no
    # care of the notebook's shortcuts, and its image has no alt text.
    _esm = HERE / "widgets.mjs"
    _css = HERE / "widgets.css"

    _controls = traitlets.List().tag(sync=True)
    _png = traitlets.Bytes().tag(sync=True)
    _width = traitlets.Int().tag(sync=True)  # CSS pixels
    _sentence = traitlets.Unicode().tag(sync=True)
    _problem = traitlets.Unicode().tag(sync=True)

    def __init__(self, picture_of, /, **controls):
        if not callable(picture_of):
            raise TypeError(f"picture_of={picture_of!r} must be a function that returns a Picture")
        if not controls:
            raise ValueError("controls are missing: a panel needs at least one, as in k=(1, 5)")
        self.picture = None
        self._picture_of = picture_of
        self._names = []
        self._drawn = self._tried = {}  # the values that the picture shows, and the newest
        for name in controls:
            if hasattr(self, name):
                raise ValueError(f"{name} cannot name a control: a panel has its own {name}")
        settings = {name: _setting(name, what) for name, what in controls.items()}
        self.add_traits(**{name: setting.tag(sync=True) for name, setting in settings.items()})
        super().__init__(_controls=[{"name": n, **s.view} for n, s in settings.items()])
        self._names = list(controls)
        self.observe(self._moved, self._names)
        self._draw()

    @property
    def values(self):
        return {name: getattr(self, name) for name in self._names}

    @values.setter
    def values(self, values):
        for name, value in values.items():  # all are checked before one is set
            if name not in self._names:
                raise ValueError(f"{name} must be one of the controls {', '.join(self._names)}")
            self.traits()[name].validate(self, value)
        with self.hold_trait_notifications():
            for name, value in values.items():
                setattr(self, name, value)

    @property
    def problem(self):
        return self._problem

    def _moved(self, change):
        # Of several values set at once, each is told after all are set: draw for the first only.
        if self.values != self._tried:
            self._draw()

    def _draw(self):
        values = self._tried = self.values
        try:
            picture = self._picture_of(
                **{name: self.traits()[name].read(value) for name, value in values.items()}
            )
            png, (width, _), sentence = picture.png(scale=1), picture.size, picture.sentence
        except Exception as error:  # a learner's own function may raise anything
            self._problem = self._explain(error)
            return
        self.picture, self._drawn = picture, values
        with self.hold_sync():  # one message, so that picture and words change together
            self._png, self._width, self._sentence, self._problem = png, width, sentence, ""

    def _explain(self, error):
        changed = [name for name in self._names if self._tried[name] != self._drawn.get(name)]
        reason = _message(error).rstrip(".")
        if not isinstance(error, ValueError):
            reason = f"{type(error).__name__}: {reason}"
        said = f"{_listed(self._tried, changed)} does not work here: {reason}."
        if self._drawn:
            said += f" The picture still shows {_listed(self._drawn, changed)}."
        return said

    def __repr__(self):
        values = _listed(self.values, self._names)
        return f"Panel at {values}. {self._problem or self._sentence}"

    def _repr_mimebundle_(self, include=None, exclude=None, **kwargs):
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        if self.picture:
            pictured, about = self.picture._repr_mimebundle_()
            data, metadata = {**data, **pictured}, {**metadata, **about}
        data["text/plain"] = repr(self)
        keep = set(data if include is None else include) - set(exclude or ())
        return (
            {kind: value for kind, value in data.items() if kind in keep},
            {kind: value for kind, value in metadata.items() if kind in keep},
        )


def _listed(values, names):
    return ", ".join(f"{name}={values[name]!r}" for name in names)


def _message(error):
    try:
        return " ".join(str(error).split()) or "no reason given"
    except Exception:  # a learner's own exception class
        return "no reason given"


def _setting(name, what):
    """The trait that the description `what` of control `name` asks for."""
    if isinstance(what, bool):
        return _Tick(what)
    if isinstance(what, str):
        return _Numbers(name, what)
    if isinstance(what, list) and what:
        if not all(isinstance(option, (str, int, float)) for option in what):
            raise TypeError(f"{name}={what!r} must hold strings or numbers")
        return _Choice(what)
    if isinstance(what, tuple) and len(what) in (2, 3):
        try:
            lo, hi, start = (operator.index(n) for n in (*what, what[0])[:3])
        except TypeError:
            raise TypeError(f"{name}={what!r} must hold integers") from None
        if not lo <= start <= hi:
            raise ValueError(f"{name}={what!r} must keep lo <= start <= hi")
        return _Slider(lo, hi, start)
    raise TypeError(
        f"{name}={what!r} must be (lo, hi), (lo, hi, start), a list, text, True or False"
    )


class _Control(traitlets.TraitType):
    def read(self, value):
        """What picture_of is given for a value of the trait."""
        return value


class _Slider(_Control):
    def __init__(self, lo, hi, start):
        super().__init__(start)
        self.lo, self.hi = lo, hi
        self.view = {"kind": "slider", "lo": lo, "hi": hi}

    def validate(self, obj, value):
        try:
            value = operator.index(value)
        except TypeError:
            raise TypeError(f"{self.name}={value!r} must be an integer") from None
        if not self.lo <= value <= self.hi:
            raise ValueError(f"{self.name}={value} must be between {self.lo} and {self.hi}")
        return value


class _Choice(_Control):
    def __init__(self, options):
        super().__init__(options[0])
        self.options = list(options)
        self.view = {"kind": "choice", "options": self.options}

    def validate(self, obj, value):
        if value not in self.options:
            raise ValueError(f"{self.name}={value!r} must be one of {self.options}")
        return value


class _Tick(_Control):
    view = {"kind": "tick"}

    def validate(self, obj, value):
        if not isinstance(value, bool):
            raise TypeError(f"{self.name}={value!r} must be True or False")
        return value


class _Numbers(_Control):
    """Text that stands for an array. Any text may be set: one is half written while it is typed."""

    view = {"kind": "numbers"}

    def __init__(self, name, start):
        try:
            self.read(start)
        except ValueError as error:  # what a learner may type, an author may not
            raise ValueError(f"{name}={start!r} is no array: {error}") from None
        super().__init__(start)

    def validate(self, obj, value):
        if not isinstance(value, str):
            raise TypeError(f"{self.name}={value!r} must be text, such as '1 2 1'")
        return value

    def read(self, value):
        rows = [row.replace(",", " ").split() for row in value.strip().strip(";").split(";")]
        if not all(rows):
            raise ValueError("type at least one number, such as 1 2 1")
        if sum(map(len, rows)) > MOST:
            raise ValueError(f"type at most {MOST} numbers")
        if len(set(map(len, rows))) > 1:
            lengths = ", ".join(str(len(row)) for row in rows)
            raise ValueError(f"rows must be of one length; they have {lengths} numbers")
        numbers = [[_number(word) for word in row] for row in rows]
        return np.array(numbers if ";" in value else numbers[0])


def _number(word):
    """An int where the word is a whole number, or a float.

    >>> _number("-2"), _number("0.5"), _number("1/4")
    (-2, 0.5, 0.25)
    """
    parts = re.fullmatch(r"([+-]?(?:\d+\.?\d*|\.\d+))(?:/(\d+))?", word.replace(MINUS, "-"))
    if not parts or len(word) > 12:
        raise ValueError(f"{word!r} is not a number; type numbers such as 2, 0.5 or 1/2")
    over = int(parts[2] or 1)
    if over == 0:
        raise ValueError(f"{word} divides by 0")
    value = Fraction(parts[1]) / over
    if abs(value) > LARGEST:
        raise ValueError(f"{word} is too large; type numbers up to {LARGEST}")
    return int(value) if value.denominator == 1 else float(value)


# ------------------------------------------------------------------------------ a progress bar

OFTEN = 0.2  # seconds between two states of a bar

BAR = """\
<div style="display: flex; flex-wrap: wrap; align-items: center; gap: 4px 12px; font-size: 16px">
<span>{label}</span>
<div role="progressbar" aria-label="{label}" aria-valuemin="0" aria-valuemax="{steps}" \
aria-valuenow="{done}" aria-valuetext="{done} of {steps}" style="box-sizing: border-box; \
width: 240px; height: 16px; border: 1px solid currentColor; border-radius: 4px; overflow: hidden">
<div style="width: {percent}%; height: 100%; background: #0072b2"></div></div>
<span>{done} of {steps}</span>
<span>■ (or Esc, I, I) stops and keeps what is reached</span>
</div>"""


def progress(steps, label):
    """Count 0 … steps − 1 and show a bar meanwhile; an interrupt ends the loop, not the notebook.

    The kernel's interrupt (■, or I, I in JupyterLab; Ctrl+C in a terminal) lets the step that runs
    come to its end, and then the loop is over as if it had been the last one: no traceback, and the
    names that the loop has set are what that step left. A second interrupt is the usual
    KeyboardInterrupt, for a step that does not end. In a thread that is not the main one, the first
    is.

    Parameters
    ----------
    steps : int
        How many, at least 0.
    label : str
        What goes on, as in "training".

    Returns
    -------
    iterator of int

    Raises
    ------
    ValueError, TypeError
        With the argument, its value and the rule.

    Notes
    -----
    The bar is there only while the loop runs. What stays, and what a notebook stores, is the
    sentence. There is no button to stop: a kernel that computes reads no message from a button, and
    the front end's own ■ sends a signal instead.

    >>> best = 9
    >>> for step in progress(3, "halving"):
    ...     best /= 2
    halving: 3 steps.
    >>> best
    1.125
    """
    try:
        steps = operator.index(steps)
    except TypeError:
        raise TypeError(f"steps={steps!r} must be an integer") from None
    if steps < 0:
        raise ValueError(f"steps={steps} must be at least 0")
    if not isinstance(label, str):
        raise TypeError(f"label={label!r} must be text, such as 'training'")
    return _counted(steps, label)


def _counted(steps, label):
    bar, done, said = _Bar(steps, label), 0, f"{label}: {steps} steps."
    with _Interrupt() as interrupt:
        try:
            while done < steps and not interrupt.seen:
                yield done
                done += 1
                bar.show(done)
            if done < steps:
                said = f"{label}: stopped after {done} of {steps}; what it reached is kept."
        except GeneratorExit:  # the loop was left by break or by an error
            said = f"{label}: ended in step {done + 1} of {steps}."
            raise
        finally:
            bar.end(said)


class _Interrupt:
    """While it is entered, the first interrupt is noted in `seen` and not raised."""

    def __enter__(self):
        self.seen, self.before = False, None
        try:
            self.before = signal.signal(signal.SIGINT, self._note)
        except ValueError:  # only the main thread may say what a signal does
            pass
        return self

    def _note(self, *_):
        if self.seen:
            raise KeyboardInterrupt
        self.seen = True

    def __exit__(self, *_):
        if self.before is not None:
            signal.signal(signal.SIGINT, self.before)


class _Bar:
    """The bar where there is a front end to show it; else the sentence at the end."""

    def __init__(self, steps, label):
        self.steps, self.label, self.shown = steps, label, time.monotonic()
        self.place = None
        if hasattr(get_ipython(), "kernel"):
            # Its text is the one a finished bar has: nbval reads the first state of an output and
            # a stored notebook holds the last, and a run that nobody stops must show them equal.
            text = {"text/plain": f"{label}: {steps} steps."}
            self.place = display(text, raw=True, display_id=True)

    def show(self, done):
        now = time.monotonic()
        if self.place is None or now < self.shown + OFTEN:
            return
        self.shown = now
        bar = BAR.format(
            label=html.escape(self.label),
            done=done,
            steps=self.steps,
            percent=100 * done // self.steps,
        )
        text = f"{self.label}: {done} of {self.steps} steps."
        self.place.update({"text/plain": text, "text/html": bar}, raw=True)

    def end(self, said):
        if self.place is None:
            print(said)
        else:
            self.place.update({"text/plain": said}, raw=True)
