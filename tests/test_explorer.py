"""The explorer's Python side: settings, arrays, y, its sentence and its bundle."""

import base64
import inspect
from pathlib import Path

import ipywidgets
import numpy as np
import pytest
import traitlets
from hypothesis import given
from hypothesis import strategies as st

from tconv_helpers import _presets, explorer, ops, sizes
from tconv_helpers.explorer import CONTROLS, WINDOWS, Explorer, SettingError, link

PACKAGE = Path(explorer.__file__).parent


def test_esm_and_css_stay_within_60_kilobytes():
    total = sum((PACKAGE / f"explorer.{end}").stat().st_size for end in ("mjs", "css"))
    assert total <= 60_000


def test_front_end_needs_nothing_from_outside():
    text = (PACKAGE / "explorer.mjs").read_text() + (PACKAGE / "explorer.css").read_text()
    for word in ("import ", "require(", "@import", "url(", "fetch(", "https:"):
        lines = [line for line in text.splitlines() if word in line]
        # The programs it writes for Python import what they need.
        assert all('"import ' in line or "import numpy" in line for line in lines), lines
    assert text.count("http:") == text.count("http://www.w3.org/2000/svg")


def test_attributes_have_the_fields_names_and_follow_each_other():
    e = Explorer(mode="transposed", input=4, kernel=3, stride=2)
    assert e.x.shape == (4, 4) and e.w.shape == (3, 3) and e.y.shape == (9, 9)
    assert e.y.dtype == np.int64
    e.input = (2, 3)
    assert e.input == (2, 3)
    assert e.x.tolist() == Explorer(input=4).x[:2, :3].tolist()
    e.x = [[1, 2], [3, 4], [5, 6]]
    assert e.input == (3, 2)
    e.w = np.ones((2, 2))
    assert e.kernel == 2
    assert e.y.dtype == np.float64
    e.mode = "convolution"
    assert e.y.tolist() == ops.conv2d(e.x, e.w, stride=2).tolist()
    e.dims = 1
    assert e.x.tolist() == [1, 2] and e.w.tolist() == [1, 1] and e.y.tolist() == [3]
    e.dims = 2
    assert e.x.shape == (2, 2)


def test_values_are_copies_that_cannot_change_unnoticed():
    mine = np.arange(4).reshape(2, 2)
    e = Explorer(x=mine)
    mine[0, 0] = 99
    assert e.x[0, 0] == 0
    with pytest.raises(ValueError, match="read-only"):
        e.x[0, 0] = 1
    with pytest.raises(traitlets.TraitError):
        e.y = [[1]]


small = st.integers(1, 4)
per_axis = st.one_of(small, st.tuples(small, small))


@given(
    mode=st.sampled_from(["transposed", "convolution"]),
    input=per_axis,
    kernel=per_axis,
    stride=per_axis,
    dilation=st.integers(1, 3),
    padding=st.one_of(st.integers(0, 3), st.tuples(st.integers(0, 3), st.integers(0, 3))),
    output_padding=st.integers(0, 3),
)
def test_y_is_what_ops_computes_or_the_setting_is_refused(mode, output_padding, **settings):
    keywords = {k: settings[k] for k in ("stride", "dilation", "padding")}
    if mode == "transposed":
        keywords["output_padding"] = output_padding
    e = Explorer("transposed", 4, 1)
    try:
        e.set(mode=mode, output_padding=output_padding, **settings)
    except SettingError as error:
        assert e.kernel == 1 and e.mode == "transposed" and e.y.tolist() == e.x.tolist()
        pair = [
            v if isinstance(v, tuple) else (v, v) for v in (settings["input"], settings["kernel"])
        ]
        with pytest.raises(ValueError) as refused:
            size = sizes.conv_transpose_size if mode == "transposed" else sizes.conv_size
            size(*pair, **keywords)
        assert str(refused.value) == str(error)
    else:
        operation = ops.conv_transpose2d if mode == "transposed" else ops.conv2d
        assert e.y.tolist() == operation(e.x, e.w, **keywords).tolist()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("stride", 0, "stride=0 must be at least 1"),
        ("stride", 1.5, "stride=1.5 must be an integer"),
        ("stride", True, "stride=True must be an integer, not a truth value"),
        ("stride", (1, 2, 3), "stride=(1, 2, 3) must be one integer or a pair"),
        ("kernel", "3", "kernel='3' must be an integer"),
        ("padding", -1, "padding=-1 must be at least 0"),
        ("padding", 5, "padding=(5, 5) leaves 9 - 5 - 5 + 0 = -1 cells of the canvas on axis 0"),
        ("output_padding", 2, "output_padding=2 must be smaller than max(stride, dilation)=2"),
        ("input", 19, "input=19 must be at most 18 to be drawn"),
        ("input", 18, "input=18 makes 37 cells on axis 0; the explorer draws at most 24"),
        ("x", [[1, 2], [3]], "x must be a rectangular array"),
        ("x", [["a"]], "x must hold real numbers"),
        ("x", [[np.inf]], "x must hold finite numbers"),
        ("x", np.zeros((2, 2, 2)), "x of shape (2, 2, 2) must be a row or a table"),
        ("w", [], "w of shape (0,) must be a row or a table"),
        ("window", "pytorch same", "padding='same' must be keras"),
        ("pinned", "y[9,9]", "pinned='y[9,9]' must lie in y of shape (9, 9)"),
        ("pinned", "z", "pinned='z' must be a cell such as 'y[2,3]'"),
    ],
)  # fmt: skip
def test_wrong_values_name_argument_value_and_rule_and_change_nothing(name, value, said):
    e = Explorer("transposed", 4, 3, stride=2)
    before = e.get_state()
    with pytest.raises(ValueError) as raised:
        setattr(e, name, value)
    if name != "window":
        assert str(raised.value).startswith(said)
    assert e.get_state() == before


def test_settings_that_fit_only_together_are_set_together():
    e = Explorer("transposed", 2, 3, padding=1)
    with pytest.raises(SettingError):
        e.kernel = 1
    e.set(kernel=1, padding=0)
    assert e.y.tolist() == (e.x * e.w[0, 0]).tolist()
    with pytest.raises(SettingError):
        e.set(kernel=3, padding=5)
    assert (e.kernel, e.padding) == (1, 0)
    with pytest.raises(TypeError, match="no attribute 'strides'"):
        e.set(strides=2)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"mode": "convolution", "input": 5, "kernel": 9}, "k=9 with dilation=1 spans 9 cells"),
        ({"strides": 2}, "no argument 'strides'"),
        ({"y": [[1]]}, "no argument 'y'"),
        ({"x": [1, 2], "w": [[1]]}, "must both have 1 or both 2"),
        ({"input": 4, "x": [[1]]}, "input=4 must be the shape of x, (1, 1)"),
        ({"mode": "same"}, "mode"),
    ],
)
def test_constructor_refuses_what_makes_no_sense(arguments, said):
    with pytest.raises((ValueError, TypeError, traitlets.TraitError)) as raised:
        Explorer(**arguments)
    assert said in str(raised.value)


def test_library_windows_are_those_of_sizes():
    x, w = [[2, 1], [3, 2]], [[1, 2, 1], [2, 0, 1], [0, 2, 1]]
    canvas = ops.canvas(x, w, stride=2)
    assert Explorer(x=x, w=w, stride=2, window="keras same").y.tolist() == canvas[:4, :4].tolist()
    lower = Explorer(x=x, w=w, stride=2, window="onnx SAME_LOWER")
    assert lower.y.tolist() == canvas[1:, 1:].tolist()
    jax = Explorer(x=x, w=w, stride=2, window="jax SAME").y
    assert jax.tolist() == [[2, 4, 1, 2], [2, 0, 5, 0], [5, 10, 5, 6], [3, 0, 8, 0]]
    assert len(WINDOWS) == len(set(WINDOWS))


def test_every_example_of_the_menu_is_legal_and_says_what_it_is():
    names = [name for group in _presets.LINES.values() for name in group]
    assert len(names) == len(set(names)) > 40
    for name in names:
        e = Explorer.preset(name)
        assert e.y.size and not e.problem
        (menu,) = [of[name] for of in e._presets.values() if name in of]
        assert {k: menu[k] for k in ("mode", "dims", "window")} == {
            "mode": e.mode,
            "dims": e.dims,
            "window": e.window,
        }
        assert np.array_equal(menu["x"], e.x) and np.array_equal(menu["w"], e.w)
        for n in CONTROLS:
            assert list(menu[n]) == e.get_state(n)[n]
    with pytest.raises(ValueError, match="must be one of"):
        Explorer.preset("Z")
    a = Explorer.preset("A transposed")
    assert a.y.tolist() == [[2, 7, 14, 12], [6, 16, 31, 21], [6, 14, 29, 21], [4, 11, 22, 12]]


def test_pinned_cell_reads_as_it_is_written():
    e = Explorer("transposed", 4, 3, stride=2, pinned="y[2,3]")
    assert e.pinned == "y[2,3]"
    e.pinned = "x[0,1]"
    assert e.pinned == "x[0,1]"
    e.pinned = "w[2,2]"
    assert e.pinned == "w[2,2]"
    e.pinned = ""
    assert e.pinned == ""
    line = Explorer("convolution", x=[1, 2, 3], w=[1, 1], pinned="y[1]")
    assert line.pinned == "y[1]"


def test_repr_is_one_stable_sentence():
    e = Explorer("transposed", 4, 3, stride=2, padding=1, output_padding=1)
    assert repr(e) == (
        "Explorer: transposed convolution, input 4 × 4, kernel 3 × 3, stride 2, padding 1,"
        " output padding 1, output 8 × 8."
    )
    assert repr(Explorer(**{"mode": "transposed", "input": 4, "kernel": 3, "stride": 2})) == repr(
        Explorer("transposed", 4, 3, stride=2)
    )
    wide = Explorer("convolution", (3, 4), 2, stride=(1, 2), pinned="y[0,1]")
    assert repr(wide) == (
        "Explorer: convolution, input 3 × 4, kernel 2 × 2, stride 1 × 2, y[0,1] pinned,"
        " output 2 × 2."
    )


@pytest.mark.parametrize(
    "settings",
    [
        {"mode": "transposed", "input": 3, "stride": 2, "padding": 1, "output_padding": 1},
        {"mode": "transposed", "input": 3, "pinned": "y[1,1]"},
        {"mode": "transposed", "input": 3, "pinned": "x[1,1]"},
        {"mode": "transposed", "input": 2, "stride": 2, "window": "jax SAME"},
        {"mode": "convolution", "input": 5, "padding": 1, "pinned": "y[2,0]"},
        {"mode": "convolution", "input": 5, "pinned": "x[1,1]"},
        {"mode": "transposed", "dims": 1, "input": 3, "stride": 2},
        {"mode": "convolution", "dims": 1, "input": 6, "pinned": "y[1]"},
    ],
)
def test_bundle_holds_sentence_picture_and_view(settings):
    e = Explorer(**settings)
    data, metadata = e._repr_mimebundle_()
    assert data["text/plain"] == repr(e)
    assert base64.b64decode(data["image/png"])[:4] == b"\x89PNG"
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == e.model_id
    assert metadata["image/png"]["alt"] == e.picture.sentence
    only, _ = e._repr_mimebundle_(include=["text/plain"])
    assert list(only) == ["text/plain"]


def test_what_the_browser_sends_is_taken_and_whole_floats_become_integers():
    e = Explorer("transposed", 4, 3, stride=2)
    e.set_state({"x": [[2.0, 1], [3, 2]], "input": [2, 2], "y": [[0]], "_pin": ["big", 1, 1]})
    assert e.x.dtype == np.int64
    assert e.y.tolist() == ops.conv_transpose2d(e.x, e.w, stride=2).tolist()
    assert e.pinned == "y[1,1]"
    e.set_state({"x": [[2.5, 1], [3, 2]]})
    assert e.x.dtype == np.float64


def test_an_illegal_setting_from_a_link_is_told_not_raised():
    e = Explorer("transposed", 4, 3, stride=2, output_padding=1)
    y = e.y
    e.set_state({"stride": [1, 1]})
    assert e.problem.startswith("output_padding=1 must be smaller")
    assert e.problem in repr(e)
    assert e.y is y
    assert "image/png" not in e._repr_mimebundle_()[0]
    e.output_padding = 0
    assert e.problem == "" and e.y.shape == (6, 6)


def test_what_the_browser_worked_out_is_not_sent_back_to_it(monkeypatch):
    e = Explorer("transposed", 4, 3, stride=2)
    sent = []
    monkeypatch.setattr(e, "send_state", lambda key=None: sent.append(str(key)))
    e.set_state({"kernel": [2, 2]})
    assert e.w.shape == (2, 2)
    assert not any(f"'{name}'" in keys for keys in sent for name in ("x", "w", "y", "kernel"))
    e.stride = 3
    assert "y" in "".join(sent)


def test_observers_may_set_attributes():
    e = Explorer("transposed", 4, 3, stride=2)
    e.observe(lambda change: e.set(padding=1), "y")
    e.stride = 3
    assert e.padding == 1
    assert e.y.tolist() == ops.conv_transpose2d(e.x, e.w, stride=3, padding=1).tolist()


def test_link_joins_two_explorers():
    links = link(Explorer("convolution", 5), Explorer("transposed", 3))
    assert all(isinstance(one, ipywidgets.widgets.widget_link.Link) for one in links)
    names = {one.source[1] for one in links}
    assert {"w", "kernel", "stride", "padding", "dilation"} <= names


def test_help_tells_every_argument():
    doc = inspect.getdoc(Explorer)
    for name in ("mode", "window", "views", "show", "order", "step", "pinned", *CONTROLS):
        assert name in doc
