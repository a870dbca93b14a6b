"""draw.windows and draw.table: their sentences come from the data, their ink can be read."""

import numpy as np
import pytest
from ink import check_text, labels

from tconv_helpers import draw, ops, sizes, theme

G = {"PyTorch p1 op1": (1, 0), "Keras same": (0, 1), "JAX (0, 0)": (2, 2), "wider": (-1, -2)}
PICTURES = {
    "one": lambda: draw.windows(1, {"a": (0, 0)}),
    "canvas": lambda: draw.windows(7, {f"padding {p}": (p, p) for p in range(4)}),
    "values": lambda: draw.windows(ops.canvas([1, 2], [1, 10, 100], stride=2), G),
    "each its own": lambda: draw.windows({"a": 4, "b": [1.5, -2.25]}, {"a": (1, 1), "b": (0, -1)}),
    "long": lambda: draw.windows(66, {"a rather long name of a window": (1, 1), "b": (3, -3)}),
    "longer": lambda: draw.windows(90, {"a": (1, 1)}, title="A title"),
    "past both ends": lambda: draw.windows(3, {"a": (-2, -2)}),
    "table": lambda: draw.table(["k", "size"], [["3", "5"], ["4", "6"]], lit=1),
    "table wide": lambda: draw.table(
        ["kernel"] * 9, [["some words"] * 9, ["b"] * 9], title="A title"
    ),
}  # fmt: skip


@pytest.fixture(params=["light", "dark"])
def palette(request):
    before = theme.use(request.param)
    yield request.param
    theme.use(before)


@pytest.mark.parametrize("name", PICTURES)
def test_text_stays_inside_and_apart(name, palette):
    picture = PICTURES[name]()
    assert picture.size[0] <= 960
    check_text(picture, smallest=10)


def test_windows_say_what_they_keep():
    canvas = ops.canvas([1, 2], [1, 10, 100], stride=2)
    picture = draw.windows(canvas, G)
    assert picture.sentence == (
        "Of the canvas, PyTorch p1 op1 keeps 4 of 5, cells 1 to 4; "
        "Keras same keeps 4 of 5, cells 0 to 3; JAX (0, 0) keeps 1 of 5, cell 2; "
        "wider keeps all 5 cells and adds 1 at the start and 2 at the end."
    )
    texts = [label.text for label in labels(picture)]
    for size in (len(sizes.cut(canvas, [pair])) for pair in G.values()):
        assert str(size) in texts
    assert texts.count("102") == 4  # the value in cell 2, kept by all four
    assert texts.count("0") == 3 + 1  # the cells past the canvas; and the number of cell 0


def test_a_window_that_begins_past_the_canvas_keeps_none_of_it():
    assert "a keeps none and adds 4 at the end" in draw.windows(2, {"a": (3, -4)}).sentence


def test_the_frame_is_the_window():
    """The thick green box of each row spans as many cells as the window is long."""
    sheet = draw.windows(7, {"a": (1, 1), "b": (0, 0)}).figure.artists[0].sheet
    edge = theme.role("output").colour
    style = next(style for style in sheet.layers[2] if style[1] == edge and style[2] == 3)
    widths = [np.ptp(part[0][:, 0]) for part in sheet.layers[2][style]]
    assert widths == [5 * 46 + 6, 7 * 46 + 6]


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: draw.windows(5, {}), TypeError, "windows must be a dict"),
        (lambda: draw.windows(5, [(1, 1)]), TypeError, "windows must be a dict"),
        (lambda: draw.windows(5, {"a": (3, 2)}), ValueError, "must keep at least 1"),
        (lambda: draw.windows({"b": 5}, {"a": (1, 1)}), ValueError, "'a' has none"),
        (lambda: draw.windows(0, {"a": (0, 0)}), ValueError, "canvas=0"),
        (lambda: draw.windows(np.ones((2, 2)), {"a": (0, 0)}), ValueError, "canvas of shape"),
        (lambda: draw.table(["a"], [["1", "2"]]), ValueError, "must have 1 entries"),
        (lambda: draw.table(["a"], [["1"]], lit=1), ValueError, "lit=1"),
    ],
)
def test_wrong_arguments_are_named(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_table_says_what_it_marks():
    rows = [["3", "5"], ["4", "6"]]
    assert draw.table(["k", "size"], rows).sentence == "2 rows of k, size."
    assert draw.table(["k", "size"], rows, lit=0).sentence == "2 rows of k, size. Marked: 3, 5."
    assert "→" in [label.text for label in labels(draw.table(["k", "size"], rows, lit=0))]
