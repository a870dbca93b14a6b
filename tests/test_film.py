"""Films: as many steps as the operation has, and files that other programs can read."""

import io
import re
import runpy
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tconv_helpers import draw, film, ops, sizes

X, W = np.arange(1, 7).reshape(2, 3), np.array([[1, 2], [3, 4]])
TOOL = runpy.run_path(str(Path(__file__).resolve().parents[1] / "tools" / "make_figures.py"))


def test_a_convolution_takes_a_step_for_every_output_value():
    steps = film.convolution(X, W, padding=1)
    y = ops.conv2d(X, W, padding=1)
    assert len(steps) == y.size
    for picture, at in zip(steps, np.ndindex(*y.shape), strict=True):
        assert picture.sentence == draw.window(X, W, at=at, padding=1).sentence
        assert re.search(rf"= {y[at]}\b", picture.sentence)


@pytest.mark.parametrize("how", [dict(stride=2), dict(stride=2, padding=1, output_padding=1)])
def test_a_transposed_one_takes_a_step_for_every_stamp_or_every_output(how):
    assert len(film.transposed(X, W, **how)) == X.size
    gathered = film.transposed(X, W, view="gather", **how)
    assert len(gathered) == np.prod(sizes.conv_transpose_size(X.shape, W.shape, **how))
    assert gathered[-1].sentence == draw.gather(
        X, W, at=tuple(n - 1 for n in sizes.conv_transpose_size(X.shape, W.shape, **how)), **how
    ).sentence  # fmt: skip


def test_a_view_that_is_none_and_a_film_of_nothing_are_told():
    with pytest.raises(ValueError, match="view='matrix' must be one of 'stamps', 'gather'"):
        film.transposed(X, W, view="matrix")
    with pytest.raises(ValueError, match="pictures is empty"):
        film.Film([])
    with pytest.raises(ValueError, match="must not exceed the padded input"):
        film.convolution([1], [1, 2])


@pytest.fixture(scope="module")
def short():
    """Steps of two heights: the first sentence of two takes another line."""
    return film.Film([draw.grid(np.eye(2)), draw.grid(np.eye(5)), draw.grid(np.eye(3))])


@pytest.mark.parametrize("loops, stored", [(1, None), (3, 2), (0, 0)])
def test_a_gif_has_every_step_its_time_and_an_end(short, tmp_path, loops, stored):
    path = short.gif(tmp_path / "a.gif", seconds=0.5, loops=loops)
    with Image.open(path) as gif:
        assert gif.n_frames == len(short)
        assert gif.size == short.size
        assert gif.info.get("loop") == stored  # left out: it plays once and stops
        for step in range(len(short)):
            gif.seek(step)
            assert gif.info["duration"] == 500
    with pytest.raises(ValueError, match="seconds=0 must be at least 0.02"):
        short.gif(path, seconds=0)
    with pytest.raises(ValueError, match="loops=-1"):
        short.gif(path, loops=-1)


def test_frames_are_numbered_even_in_size_and_hold_the_picture(short, tmp_path):
    paths = short.png(tmp_path / "frames", scale=1)
    assert [path.name for path in paths] == ["frame-000.png", "frame-001.png", "frame-002.png"]
    for path, picture in zip(paths, short, strict=True):
        with Image.open(path) as frame:
            assert not any(side % 2 for side in frame.size)
            pixels = np.asarray(frame.convert("RGB")).astype(int)
        width, height = picture.size
        drawn = Image.new("RGB", (width, height), "white")
        with Image.open(io.BytesIO(picture.png(1))) as inked:
            drawn.paste(inked.convert("RGBA"), mask=inked.convert("RGBA"))
        assert np.abs(pixels[:height, :width] - np.asarray(drawn)).max() <= 1
        assert (pixels[height:] == 255).all()
    vectors = short.svg(tmp_path / "vectors")
    assert all(path.read_text().lstrip().startswith("<?xml") for path in vectors)
    assert len(vectors) == 3


def test_a_page_stands_still_and_asks_for_nothing(short):
    page = short.page("Three <squares>")
    assert page.count("<img ") == 3 and page.count(" hidden>") == 2
    assert "Three &lt;squares&gt;" in page and "<squares>" not in page
    assert "autoplay" not in page
    assert not re.search(r'(?:src|href)="(?!data:)', page)
    for picture in short:
        assert picture.sentence in page
    assert re.search(r'id="(.+?)"', page)[1] != re.search(r'id="(.+?)"', short.page())[1]


def test_the_eight_figure_pairs_have_the_sizes_of_the_guide():
    made = list(TOOL["figures"]())
    assert len(made) == 16
    steps = {name: len(steps) for name, _, steps in made}
    assert [steps[name] for name in steps if "convolution" in name] == [4, 36, 25, 49, 4, 9, 9, 9]
    assert [steps[name] for name in steps if "transposed" in name] == [4, 36, 25, 49, 4, 9, 9, 9]


def test_a_page_with_files_asks_for_its_own_frames_only(short, tmp_path):
    page = short.page("Squares", folder=tmp_path / "squares", address="squares/")
    wanted = [f"squares/frame-{step:03}.png" for step in range(3)]
    assert re.findall(r'src="(.+?)"', page) == wanted
    assert page.count('loading="lazy"') == 3
    for name in wanted:
        with Image.open(tmp_path / name) as frame:
            assert frame.size == tuple(round(1.5 * side) for side in short.size)
