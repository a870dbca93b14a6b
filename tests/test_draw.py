"""Pictures: their sentences come from the data, their ink stays in place and can be read."""

import base64
import io
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from tconv_helpers import draw, ops, theme
from tconv_helpers.draw.numbers import cell_texts, number, products
from tconv_helpers.picture import Picture

RNG = np.random.default_rng(7)
X4 = np.array([[3, 3, 3, 6], [7, 4, 3, 2], [7, 2, 8, 5], [1, 7, 3, 1]])
K3 = np.array([[1, 2, 4], [1, 1, 3], [1, 2, 4]])
Z = np.array([[2, 3], [4, 3]])
X7 = RNG.integers(-20, 100, (7, 7))
PHOTO = RNG.integers(0, 256, (40, 60))
C = ops.convolution_matrix(K3, (4, 4))

# Every verb, from its smallest picture to more than fits.
PICTURES = {
    "grid 1": lambda: draw.grid([5]),
    "grid row": lambda: draw.grid([1, 2, 3], "kernel"),
    "grid lit": lambda: draw.grid(X4, "input", lit=[(1, 2), (3, 3)], title="A title"),
    "grid 10": lambda: draw.grid(RNG.integers(-99, 999, (10, 10)), "output"),
    "grid floats": lambda: draw.grid(RNG.normal(size=(6, 8)), "kernel", name="weights"),
    "grid long": lambda: draw.grid(np.arange(40), "input"),
    "grid large": lambda: draw.grid(RNG.normal(size=(60, 80)), "plain", name="noise"),
    "grid tall": lambda: draw.grid(np.arange(600).reshape(300, 2), "output"),
    "grid channels": lambda: draw.grid(RNG.integers(0, 9, (3, 4, 4)), "input"),
    "equation": lambda: draw.equation((X4, "input"), "∗", (K3, "kernel"), "=", (Z, "output")),
    "equation long": lambda: draw.equation(
        *[p for n in range(9) for p in ("+", (X4 * n, "plain", f"stamp {n}"))][1:],
        "=",
        (Z, "output"),
    ),
    "equation scalar": lambda: draw.equation((3, "input"), "·", ([1, 2], "kernel")),
    "counts": lambda: draw.counts(ops.canvas(np.ones((3, 3), int), np.ones((3, 3), int), stride=2)),
    "counts row": lambda: draw.counts([1, 1, 0, 1], role="output", name="overlap"),
    "counts large": lambda: draw.counts(RNG.integers(0, 5, (90, 90))),
    "window": lambda: draw.window(X4, K3, at=(1, 1)),
    "window padding": lambda: draw.window(X7, K3, at=(0, 3), stride=2, padding=1),
    "window dilation": lambda: draw.window(X7, K3, at=(1, 2), dilation=2),
    "window row": lambda: draw.window([1, 2, 3, 4, 5], [1, 0, -1], at=1),
    "window large": lambda: draw.window(RNG.normal(size=(28, 28)), RNG.normal(size=(3, 3))),
    "window wide kernel": lambda: draw.window(X7, np.ones((7, 7), int), padding=3),
    "positions": lambda: draw.positions(6, 3, stride=2),
    "positions padding": lambda: draw.positions(6, 3, stride=2, padding=1),
    "positions dilation": lambda: draw.positions(7, 3, dilation=2),
    "positions gaps": lambda: draw.positions(9, 2, stride=4, padding=(0, 1)),
    "positions one": lambda: draw.positions(1, 1),
    "positions long": lambda: draw.positions(31, 5, stride=2, padding=2),
    "positions longer": lambda: draw.positions(200, 7, stride=3, padding=4),
    "positions left over": lambda: draw.positions(8, 3, stride=7, padding=(2, 3)),
    "stamps": lambda: draw.stamps(Z, K3),
    "stamps window": lambda: draw.stamps(Z, K3, stride=2, padding=1, output_padding=1),
    "stamps nine": lambda: draw.stamps(X4[:3, :3], K3, stride=2, padding=1),
    "stamps at": lambda: draw.stamps(Z, K3, stride=2, padding=1, at=(0, 1)),
    "stamps row": lambda: draw.stamps([1, 2, 3], [1, 2, 1], stride=2),
    "stamps bias": lambda: draw.stamps([1, 2, 3], [1, 2], stride=3, output_padding=2),
    "stamps large": lambda: draw.stamps(PHOTO, K3, stride=2),
    "stamps floats": lambda: draw.stamps(RNG.normal(size=(2, 2)), RNG.normal(size=(3, 3))),
    "gather": lambda: draw.gather(Z, K3, stride=2, padding=1, output_padding=1),
    "gather crop": lambda: draw.gather(X7, K3, padding=3),
    "gather row": lambda: draw.gather([1, 2, 3], [1, 2, 1], stride=2, at=2),
    "gather dilation": lambda: draw.gather(Z, K3, stride=2, dilation=2),
    "phases": lambda: draw.phases(X4[:3, :3], K3, stride=2, padding=1),
    "phases row": lambda: draw.phases([1, 2], [1, 2, 3], stride=2),
    "phases holes": lambda: draw.phases(Z, [[1, 2], [3, 4]], stride=3),
    "phases one": lambda: draw.phases(Z, K3, stride=1),
    "phases nine": lambda: draw.phases(Z, np.arange(25).reshape(5, 5), stride=3),
    "layers": lambda: draw.layers(np.ones(4, int), [dict(w=[1, 1, 1], stride=2)] * 3),
    "layers one": lambda: draw.layers([5], [dict(w=[1])]),
    "layers signed": lambda: draw.layers([1, -2, 3], [dict(w=[0.5, -1, 0.25], stride=2)]),
    "layers window": lambda: draw.layers(
        [1, 2, 3], [dict(w=[1, 2, 3], stride=3, padding=4, output_padding=2, dilation=2)]
    ),
    "layers long": lambda: draw.layers(np.ones(4), [dict(w=[1, -2, 1, 0.5], stride=4)] * 3),
    "layers holes": lambda: draw.layers([1, 2, 3], [dict(w=[2], stride=4)] * 2),
    "layers zeros": lambda: draw.layers(np.zeros(3), [dict(w=[0, 0], stride=3)]),
    "matrix": lambda: draw.matrix(C, row=1, col=5, input_shape=(4, 4), output_shape=(2, 2)),
    "matrix turned": lambda: draw.matrix(
        C.T, row=5, col=3, input_shape=(2, 2), output_shape=(4, 4)
    ),
    "matrix plain": lambda: draw.matrix(C @ C.T),
    "matrix 16 × 36": lambda: draw.matrix(
        ops.convolution_matrix(K3, (6, 6)), input_shape=(6, 6), output_shape=(4, 4), row=3
    ),
    "matrix large": lambda: draw.matrix(
        ops.convolution_matrix(K3, (16, 16)), input_shape=(16, 16), output_shape=(14, 14), row=30
    ),
    "matrix floats": lambda: draw.matrix(RNG.normal(size=(5, 9))),
    "photos": lambda: draw.photos([PHOTO, PHOTO[::2, ::2]], ["one", "half of it"]),
    "photos many": lambda: draw.photos([PHOTO] * 7, list("abcdefg"), shared=False),
    "photo colour": lambda: draw.photos([RNG.random((8, 8, 3))], ["a long title over a small one"]),
    "photo huge": lambda: draw.photos([RNG.integers(0, 256, (900, 300))]),
    "difference": lambda: draw.difference(PHOTO / 255, PHOTO / 300, ["before", "after"]),
    "bars": lambda: draw.bars([120, 46, 34, 12], xlabel="eigenvalue", ylabel="size", role="output"),
    "bars negative": lambda: draw.bars([-3, 5, 0.5], labels=["a", "b", "c"], role="input"),
    "bars across": lambda: draw.bars(
        [1.5, 88, 3], labels=["nested loops", "a rather long name of a method", "c"], log=True,
        ylabel="ms",
    ),
    "bars many": lambda: draw.bars(RNG.random(128), xlabel="frequency", ylabel="magnitude"),
    "lines": lambda: draw.lines(
        [1, 2, 4, 8], {"stamps": [1, 2, 4, 8], "phases": [1, 1, 2, 3]}, xlabel="side", ylabel="ms",
        log="xy",
    ),
    "lines close": lambda: draw.lines(
        np.arange(90), {f"series {n}": np.sqrt(np.arange(90)) + n / 99 for n in range(8)}
    ),
    "ratios": lambda: draw.ratios(
        ["small", "a layer with a long name"], {"ours": [0.5, 2], "theirs": [np.nan, 900]},
        spread=[[0.4, 0.6], [1.5, 2.5]], xlabel="time over theirs",
    ),
    "ratios many": lambda: draw.ratios(
        [f"layer {n}" for n in range(24)], {f"peer {m}": RNG.random(24) + m for m in range(4)}
    ),
    "ratios one": lambda: draw.ratios(["a"], {"b": [1.0]}),
    "roofline": lambda: draw.roofline(
        {"zeros": (0.7, 1e9), "col2im": (0.49, 2e9), "subpixel": (1.2, 5e9)}, peak=2e11,
        bandwidth=2e10,
    ),
    "roofline close": lambda: draw.roofline(
        {f"way {n}": (60 + n, 9e10) for n in range(6)}, peak=1e11, bandwidth=1e10,
        others={f"other {n}": (0.01, 1e8 + n) for n in range(6)},
    ),
    "say": lambda: draw.grid(X4, "input", say="A sentence by the author. " * 12),
}  # fmt: skip


@pytest.fixture(params=["light", "dark"])
def palette(request):
    before = theme.use(request.param)
    yield request.param
    theme.use(before)


def labels(picture):
    return [label for artist in picture.figure.artists for label in artist.labels]


def pixels(picture, scale=1, text=True):
    """The rendered picture as an array; without its text if asked."""
    layers = picture.figure.artists[0].sheet.layers
    kept, layers[-1] = layers[-1], layers[-1] if text else {}
    try:
        fresh = Picture(picture.figure, picture.sentence)
        return np.array(Image.open(io.BytesIO(fresh.png(scale))).convert("RGBA"))
    finally:
        layers[-1] = kept


def picture_area(picture):
    """The pixels of the first image on a picture's sheet."""
    sheet = picture.figure.artists[0].sheet
    x, y, w, h = (round(v) for v in sheet.images[0][1:5])
    x, y = x + sheet.origin[0], y + sheet.origin[1]
    return pixels(picture)[y : y + h, x : x + w]


def colour_of(rgb):
    return "#" + "".join(f"{int(v):02X}" for v in rgb[:3])


# ---------------------------------------------------------------- ink stays in place


@pytest.mark.parametrize("name", PICTURES)
def test_text_stays_inside_and_apart(name):
    picture = PICTURES[name]()
    width, height = picture.size
    boxes = labels(picture)
    assert boxes
    for label in boxes:
        x0, y0, x1, y1 = label.box
        assert x0 >= 4 and y0 >= 4 and x1 <= width - 4 and y1 <= height - 4, label
    boxes = sorted(boxes, key=lambda b: b.box[0])
    for n, a in enumerate(boxes):
        for b in boxes[n + 1 :]:
            if b.box[0] >= a.box[2]:
                break
            apart = b.box[1] >= a.box[3] or b.box[3] <= a.box[1]
            assert apart, f"{a.text!r} and {b.text!r} overlap"


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_fit_a_notebook_cell_and_a_screen(name):
    width, height = PICTURES[name]().size
    assert 300 <= width <= 1000
    assert 100 <= height <= 900


@pytest.mark.parametrize("name", PICTURES)
def test_text_is_large_enough_and_has_contrast(name, palette):
    picture = PICTURES[name]()
    bare = pixels(picture, text=False)
    for label in labels(picture):
        assert label.size >= 10, label
        x0, y0, x1, y1 = (round(v) for v in label.box)
        behind = np.median(bare[y0 : y1 + 1, x0 : x1 + 1].reshape(-1, 4), axis=0)
        assert theme.contrast(label.colour, colour_of(behind)) >= 4.5, label


def test_cells_of_one_picture_have_one_size():
    picture = draw.equation((X4, "input"), "∗", (K3, "kernel"), "=", (Z, "output"))
    sizes = {label.size for label in labels(picture) if label.text in set("0123456789")}
    assert len(sizes) == 1


# ---------------------------------------------------------------- the sentence


def test_sentences_come_from_the_data():
    assert "Output (1, 1) = 4·1 + 3·2" in draw.window(X4, K3, at=(1, 1)).sentence
    assert repr(draw.window(X4, K3, at=(1, 1))).endswith("input rows 1 to 3, columns 1 to 3.")
    assert "= 60:" in draw.window(X4, K3, at=(1, 1)).sentence
    other = X4.copy()
    other[2, 2] += 1  # meets the kernel's middle, which is 1
    assert "= 61:" in draw.window(other, K3, at=(1, 1)).sentence


CHANGES = {
    "grid": (lambda v: draw.grid([[v, 2]]), 1, 3),
    "equation": (lambda v: draw.equation(([v], "input"), "=", ([v], "output")), 1, 3),
    "counts": (lambda v: draw.counts([1, v]), 1, 3),
    "window": (lambda v: draw.window([1, v, 3], [1, 1]), 2, 5),
    "positions": (lambda v: draw.positions(v, 3, stride=2), 6, 7),
    "stamps": (lambda v: draw.stamps([v, 2], [1, 2, 3], stride=2), 1, 3),
    "stamps at": (lambda v: draw.stamps([v, 2], [1, 2, 3], stride=2, at=0), 1, 3),
    "gather": (lambda v: draw.gather([1, 2], [v, 2, 3], stride=2), 1, 3),
    "phases": (lambda v: draw.phases([1, 2], [v, 2, 3], stride=2), 1, 3),
    "layers": (lambda v: draw.layers([1, v], [dict(w=[1, 1])]), 1, 3),
    "matrix": (lambda v: draw.matrix([[1, v]], row=0, input_shape=(2,)), 0, 3),
    "photos": (lambda v: draw.photos([np.full((2, 2), v)]), 1, 3),
    "difference": (lambda v: draw.difference([[v]], [[0.0]]), 0.5, 0.25),
    "bars": (lambda v: draw.bars([v, 1]), 2, 3),
    "lines": (lambda v: draw.lines([1, 2], {"a": [1, v]}), 2, 3),
    "ratios": (lambda v: draw.ratios(["a"], {"b": [v]}), 2, 3),
    "roofline": (lambda v: draw.roofline({"a": (1, v * 1e9)}, peak=1e10, bandwidth=1e10), 2, 3),
}


@pytest.mark.parametrize("verb", CHANGES)
def test_other_data_give_another_sentence(verb):
    make, before, after = CHANGES[verb]
    assert make(before).sentence != make(after).sentence
    assert make(before).sentence == make(before).sentence


@pytest.mark.parametrize("name", PICTURES)
def test_the_sentence_is_the_caption_and_ends(name):
    picture = PICTURES[name]()
    caption = " ".join(b.text for b in labels(picture))
    assert picture.sentence in caption
    assert picture.sentence.endswith(".")
    assert " 0x" not in picture.sentence and "np." not in picture.sentence


def test_four_pictures_tell_the_same_number():
    settings = {"stride": 2, "padding": 1, "output_padding": 1}
    y = ops.conv_transpose2d(Z, K3, **settings)
    assert (
        f"Output (1, 1) = 2·4 + 3·1 + 4·4 + 3·1 = {y[1, 1]}:"
        in draw.gather(Z, K3, at=(1, 1), **settings).sentence
    )
    assert f"Canvas cell (2, 2) = 2·4 + 3·1 + 4·4 + 3·1 = {y[1, 1]}." in draw.stamps(
        Z, K3, **settings
    ).sentence  # fmt: skip
    shown = [b.text for b in labels(draw.phases(Z, K3, **settings))]
    assert str(y[1, 1]) in shown


@pytest.mark.parametrize("settings", [{"stride": 1}, {"stride": 2, "padding": 1},
                                      {"stride": 3, "output_padding": 2},
                                      {"stride": 2, "padding": 3, "output_padding": 1},
                                      {"stride": 2, "dilation": 2}])  # fmt: skip
def test_gather_sums_to_the_output_at_every_cell(settings):
    y = ops.conv_transpose2d(X4, K3, **settings)
    for at in np.ndindex(*y.shape):
        assert f" = {number(y[at])}: " in draw.gather(X4, K3, at=at, **settings).sentence


def test_positions_counts_and_names_what_is_left_over():
    assert draw.positions(6, 3, stride=2).sentence == (
        "⌊(6 − 3)/2⌋ + 1 = 2 positions; 1 cell at the end stays unused."
    )
    words = [b.text for b in labels(draw.positions(6, 3, stride=2))]
    assert words.count("unused") == 1
    assert "unused" not in [b.text for b in labels(draw.positions(7, 3, stride=2))]


def test_say_and_title_are_the_authors():
    picture = draw.counts([1, 2], say="Look  here.", title="Counts")
    assert repr(picture) == "Look here."
    assert "Counts" in [b.text for b in labels(picture)]


# ---------------------------------------------------------------- numbers as text


def test_cells_share_their_decimals():
    assert cell_texts(np.array([0.5, -0.25, 0.0])).tolist() == ["0.50", "−0.25", "0"]
    assert cell_texts(np.array([-0.0, 2.0])).tolist() == ["0", "2"]
    assert cell_texts(np.array([0.3135, -0.005007])).tolist() == ["0.314", "−0.005"]
    assert cell_texts(np.array([1e-9, 1.5])).tolist() == ["≈0", "1.5"]
    assert cell_texts(np.array([123456789])).tolist() == ["1.2e8"]
    assert cell_texts(np.array([np.nan, np.inf])).tolist() == ["nan", "∞"]
    assert cell_texts(np.array([-7], np.int8)).tolist() == ["−7"]


def test_sentences_have_real_minus_signs_and_brackets():
    assert number(-0.0) == "0"
    assert number(-2.5) == "−2.5"
    assert products([(3, -1)], -3) == "3·(−1) = −3"


# ---------------------------------------------------------------- the output


def test_the_bundle_carries_sentence_picture_and_alt_text():
    picture = draw.grid(X4)
    data, metadata = picture._repr_mimebundle_()
    assert data["text/plain"] == picture.sentence == repr(picture)
    image = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
    about = metadata["image/png"]
    assert about["alt"] == picture.sentence
    assert image.size == (2 * about["width"], 2 * about["height"])
    only, _ = picture._repr_mimebundle_(include=["text/plain"])
    assert set(only) == {"text/plain"}
    rest, metadata = picture._repr_mimebundle_(exclude=["image/png"])
    assert set(rest) == {"text/plain"} and not metadata


def test_png_is_the_same_every_time_and_small():
    for name in ("window", "stamps", "matrix", "phases", "lines"):
        png = PICTURES[name]().png()
        assert png == PICTURES[name]().png()
        assert len(png) < 110_000, name
    picture = draw.grid(X4)
    assert picture.png() is picture.png()


def test_paper_and_corners():
    for scale in (1, 2):
        image = pixels(draw.grid(X4), scale)
        assert tuple(image[12 * scale, 60 * scale]) == (255, 255, 255, 255)
        assert image[0, 0, 3] == image[-1, -1, 3] == 0


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_saved_files_carry_no_date(tmp_path, suffix):
    first, second = tmp_path / f"a.{suffix}", tmp_path / f"b.{suffix}"
    for path in (first, second):
        draw.window(X4, K3).save(path)
    assert first.read_bytes() == second.read_bytes()
    assert b"CreationDate" not in first.read_bytes()
    assert b"<dc:date>" not in first.read_bytes()


def test_save_refuses_other_kinds(tmp_path):
    with pytest.raises(ValueError, match="must end in .png, .svg or .pdf"):
        draw.grid(X4).save(tmp_path / "a.gif")


def test_photographs_stand_upright():
    ramp = np.repeat(np.arange(0, 200, 20)[:, None], 12, axis=1)
    inside = picture_area(draw.photos([ramp]))
    assert inside[3, 10, 0] < 10 and inside[-4, 10, 0] > 170


def test_large_matrices_stand_upright():
    inside = picture_area(draw.matrix(np.eye(60)))
    first, last, corner = inside[4, 4], inside[-5, -5], inside[4, -5]
    assert (first == last).all() and theme.contrast(colour_of(first), colour_of(corner)) > 3


# ---------------------------------------------------------------- the theme


def test_roles_keep_their_colours():
    assert theme.role("input").colour == "#0072B2"
    assert theme.role("kernel").colour == "#E69F00"
    assert theme.role("output").colour == "#009E73"
    assert theme.on("#E69F00") == "#000000"


def test_text_colours_have_contrast(palette):
    colours = theme.palette()
    assert theme.contrast(colours.ink, colours.paper) >= 7
    assert theme.contrast(colours.muted, colours.paper) >= 4.5
    for name in theme.ROLES:
        colour = theme.role(name).colour
        assert theme.contrast(theme.on(colour), colour) >= 4.5
        for share in np.linspace(0, 1, 21):
            fill = theme.tint(name, share)
            assert theme.contrast(theme.on(fill), fill) >= 4.5


def test_roles_differ_without_colour(palette):
    looks = [theme.role(name) for name in ("input", "kernel", "output")]
    for what in ("letter", "shape", "hatch", "dash", "marker"):
        assert len({getattr(look, what) for look in looks}) == 3
    # In grey, the kernel drawn over the input and the lit output stand off from what is around.
    light = [theme.luminance(look.colour) for look in looks]
    assert abs(light[1] - light[0]) > 0.15
    for name in ("input", "kernel", "output"):
        plain, lit = (theme.luminance(theme.tint(name, s)) for s in (0.15, 0.5))
        ratio = (max(plain, lit) + 0.05) / (min(plain, lit) + 0.05)
        assert ratio > 1.25, name


def test_dark_pictures_are_dark():
    before = theme.use("dark")
    try:
        picture = draw.grid(X4)
    finally:
        theme.use(before)
    assert pixels(picture)[12, 60, :3].max() < 60
    assert pixels(draw.grid(X4))[12, 60, :3].min() > 200
    with pytest.raises(ValueError, match='must be "light" or "dark"'):
        theme.use("blue")


def test_no_pyplot_and_no_backend_is_touched():
    code = (
        "import sys, matplotlib; from tconv_helpers import draw; draw.grid([[1]]).png();"
        "assert 'matplotlib.pyplot' not in sys.modules and 'matplotlib.pylab' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_settings_of_the_reader_do_not_matter():
    import matplotlib

    here = draw.window(X4, K3).png()
    with matplotlib.rc_context({"font.size": 30, "font.family": "serif", "figure.dpi": 300,
                                "lines.linewidth": 9, "figure.facecolor": "red"}):  # fmt: skip
        assert draw.window(X4, K3).png() == here


# ---------------------------------------------------------------- layers


def test_layers_ink_a_row_for_each_layer_with_its_values():
    stack = [dict(w=[1, 2, 3], stride=2), dict(w=[1, 1], stride=3, padding=1)]
    picture = draw.layers([2, 1], stack)
    first = ops.conv_transpose1d([2, 1], [1, 2, 3], stride=2)
    second = ops.conv_transpose1d(first, [1, 1], stride=3, padding=1)
    rows = {}
    for label in labels(picture):
        if label.size > 14 and label.text.isdigit() and label.box[3] < picture.size[1] - 50:
            rows.setdefault(round(label.box[1] + label.box[3]), []).append(label)
    written = [
        [int(label.text) for label in sorted(row, key=lambda label: label.box[0])]
        for _, row in sorted(rows.items())
    ]
    assert written == [[2, 1], first.tolist(), second.tolist()]
    assert picture.sentence == f"2 cells become 5, then 12: {' '.join(map(str, second))}."


def test_a_cell_stands_above_the_middle_of_its_stamp():
    picture = draw.layers([7], [dict(w=[2, 3, 4, 5, 6])])
    places = {b.text: (b.box[0] + b.box[2]) / 2 for b in labels(picture) if b.size > 14}
    assert places["7"] == pytest.approx(places["28"], abs=1)


# ---------------------------------------------------------------- wrong arguments


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: draw.grid(X4, "pixel"), ValueError, "role='pixel' must be one of"),
        (lambda: draw.grid(np.zeros((2, 0))), ValueError, "holds no values"),
        (lambda: draw.grid([[1j]]), TypeError, "a must be an array of real numbers"),
        (lambda: draw.grid(np.zeros((2,) * 4)), ValueError, "a of shape"),
        (lambda: draw.grid(X4, lit=[(4, 0)]), ValueError, r"lit=\(4, 0\) is not a cell"),
        (lambda: draw.equation("="), ValueError, "at least one array"),
        (lambda: draw.equation(X4), TypeError, "tuples"),
        (lambda: draw.window(X4, [1, 2]), ValueError, "as many dimensions"),
        (lambda: draw.window(X4, K3, X4), ValueError, "must have the output's shape"),
        (lambda: draw.window(X4, K3, at=(2, 0)), ValueError, r"at=\(2, 0\) must lie inside"),
        (lambda: draw.window(K3, X4), ValueError, "must not exceed the padded input"),
        (lambda: draw.positions(2, 5), ValueError, "must not exceed the padded input"),
        (lambda: draw.positions(2, 0), ValueError, "k=0 must be at least 1"),
        (lambda: draw.stamps(Z, K3, at=(2, 2)), ValueError, "at="),
        (lambda: draw.stamps(Z, K3, output_padding=1), ValueError, "output_padding=1"),
        (lambda: draw.layers([1], []), ValueError, "stack must hold at least one layer"),
        (lambda: draw.layers([1], [dict(stride=2)]), ValueError, "must name its kernel w"),
        (lambda: draw.layers([[1]], [dict(w=[1])]), ValueError, "x of shape"),
        (lambda: draw.layers([1], [dict(w=[1], stride=0)]), ValueError, "stride=0"),
        (lambda: draw.layers(np.ones(301), [dict(w=[1])]), ValueError, "has 301 cells"),
        (lambda: draw.matrix([1, 2]), ValueError, "C of shape"),
        (lambda: draw.matrix(C, row=4), ValueError, "row=4 must be a whole number from 0 to 3"),
        (lambda: draw.matrix(C, input_shape=(3, 4)), ValueError, "input_shape=.* must hold 16"),
        (lambda: draw.photos([]), ValueError, "at least one image"),
        (lambda: draw.photos([PHOTO], ["a", "b"]), ValueError, "titles has 2 entries for 1"),
        (lambda: draw.photos([PHOTO], limits=(1, 1)), ValueError, "low < high"),
        (lambda: draw.difference(PHOTO, PHOTO.T), ValueError, "must have a's shape"),
        (lambda: draw.bars([1, 2], labels=["a"]), ValueError, "labels has 1 entries"),
        (lambda: draw.bars([0, 2], log=True), ValueError, "must be positive on a logarithmic"),
        (lambda: draw.lines([1, 2], [1, 2]), TypeError, "series must be a dict"),
        (lambda: draw.lines([1, 2], {"a": [1]}), ValueError, "must match x"),
        (lambda: draw.lines([1], {"a": [1]}, log="z"), ValueError, "log='z' must be"),
        (lambda: draw.ratios(["a"], {}), ValueError, "series must be a dict of 1 to 4"),
        (lambda: draw.ratios(["a"], {"b": [1, 2]}), ValueError, "has 2 values for 1 names"),
        (lambda: draw.ratios(["a"], {"b": [0]}), ValueError, "series must be positive"),
        (lambda: draw.ratios(["a"], {"b": [1]}, spread=[[1]]), ValueError, "spread of shape"),
        (lambda: draw.roofline({}, peak=1, bandwidth=1), ValueError, "1 to 12 points"),
        (lambda: draw.roofline({"a": (0, 1)}, peak=1, bandwidth=1), ValueError, "two positive"),
        (lambda: draw.roofline({"a": (1, 1)}, peak=0, bandwidth=1), ValueError, "peak=0"),
    ],
)  # fmt: skip
def test_wrong_arguments_are_named(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_pictures_refuse_an_empty_sentence():
    with pytest.raises(ValueError, match="non-empty"):
        Picture(draw.grid(X4).figure, " ")


def test_the_roof_is_the_lower_of_the_two_limits():
    points = {"copy": (0.125, 1e9), "GEMM": (60, 8e10)}  # 80 % of 0.125 · 10¹⁰, and of 10¹¹
    said = repr(draw.roofline(points, peak=1e11, bandwidth=1e10))
    assert "copy reaches 80 % of it, GEMM 80 %" in said


def test_ratios_count_what_is_faster():
    said = repr(draw.ratios(["a", "b", "c"], {"ours": [0.5, 0.9, 2]}, xlabel="time / theirs"))
    assert "below 1 in 2" in said
