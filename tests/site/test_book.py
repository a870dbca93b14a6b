"""The web book: whole, at home on a disk or below any address, with no one else's help."""

import inspect
import json
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pages as reading
import pytest
from publish import book, execute
from publish.live import FRAMES

from tconv_helpers import ops

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = execute.chapters()
HOW = ("disk", "web")


@pytest.fixture(scope="module")
def every(build):
    return {page.path: page for page in reading.pages((build / "site").resolve())}


# ------------------------------------------------------------------------- what is in the files


def test_every_chapter_and_every_reference_page_is_there(every, build):
    names = {path.relative_to((build / "site").resolve()).as_posix() for path in every}
    assert {f"notebooks/{path.stem}.html" for path in CHAPTERS} <= names
    assert {"index.html", "questions.html", "glossary.html", "search.html"} <= names


def test_every_image_says_what_it_shows(every):
    silent = [
        (page.path.name, image.get("src"))
        for page in every.values()
        for image in page.images
        if not (image.get("alt") or "").strip() or image["alt"] == image.get("src")
    ]
    assert silent == []


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_every_picture_of_a_chapter_has_the_words_stored_with_it(path, every, build):
    page = every[(build / "site/notebooks" / f"{path.stem}.html").resolve()]
    shown = [image.get("alt") for image in page.images]
    stored = [
        output["metadata"]["image/png"]["alt"]
        for cell in json.loads(path.read_text("utf-8"))["cells"]
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]
    assert stored
    assert [words for words in stored if words not in shown] == []


def test_every_link_leads_somewhere(every):
    dead = {path: list(reading.dead_links(page, every)) for path, page in every.items()}
    assert sum(len(page.links) for page in every.values()) > 1000
    assert {path: links for path, links in dead.items() if links} == {}


def test_a_dead_link_is_noticed(tmp_path):
    (tmp_path / "a.html").write_text(
        '<a href="b.html"></a><a href="#here"></a><a href="a.html#no"></a><img src="c.png">'
        '<p id="here"></p><a href="https://elsewhere.example"></a>'
    )
    page = reading.Page(tmp_path / "a.html")
    assert list(reading.dead_links(page, {page.path: page})) == ["b.html", "a.html#no", "c.png"]


def test_nothing_is_loaded_from_elsewhere(every):
    loads = [(page.path.name, t) for page in every.values() for t in page.loads]
    assert loads
    assert [load for load in loads if reading.is_outside(load[1])] == []


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_the_download_is_the_chapter_itself(path, build):
    assert (build / "site/_sources/notebooks" / path.name).read_bytes() == path.read_bytes()


def test_every_question_of_the_index_is_answered_on_its_page(every, build):
    index = next(
        cell["source"]
        for cell in json.loads(CHAPTERS[0].read_text("utf-8"))["cells"]
        if cell["id"] == "questions"
    )
    asked = re.findall(r"\]\((\d\d)-[\w-]+\.ipynb#cell-id=([\w.-]+)\)", "".join(index))
    there = {
        link.partition("#")[2] for link in every[build.resolve() / "site/questions.html"].links
    }
    assert len(asked) > 20
    # A cell that begins a section gives its name to the section; Sphinx writes it with hyphens.
    labels = {book.label(chapter, cell).lower().replace("_", "-") for chapter, cell in asked}
    assert [name for name in labels if name not in there and name not in _ids(every)] == []


def _ids(every):
    return set().union(*(page.ids for page in every.values()))


def test_the_reference_describes_every_public_function(every):
    ids = _ids(every)
    for name in book._modules():
        module = import_module(f"tconv_helpers.{name}")
        for key, value in vars(module).items():
            if key.startswith("_") or not (inspect.isfunction(value) or inspect.isclass(value)):
                continue
            listed = key in getattr(module, "__all__", [key])
            if listed and value.__module__ == module.__name__ and value.__doc__:
                assert f"tconv_helpers.{name}.{key}" in ids


def test_the_glossary_names_each_term_once(every, build):
    page = every[build.resolve() / "site/glossary.html"]
    terms = re.findall(r"^([a-zA-Z][^\n:]*)\n  \S", (book.SITE / "glossary.md").read_text(), re.M)
    assert len(terms) == len(set(terms)) > 30
    words = [f"term-{re.sub(r'[^a-zA-Z0-9_]+', '-', term).strip('-')}" for term in terms]
    assert [word for word in words if word not in page.ids] == []


def test_without_an_address_there_is_no_button_that_leads_nowhere():
    assert "launch_buttons" not in book.theme_options({})
    assert "repository_url" not in book.theme_options({})


def sources():
    return {path: path.read_bytes() for path in (ROOT / "notebooks").rglob("*") if path.is_file()}


def test_an_address_in_pyproject_reaches_every_button_and_no_source_changes(tmp_path, build):
    before = sources()
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    text = re.sub(r"^\[project\.urls\]\n(?:.+\n)*", "", text, flags=re.M)
    fake = tmp_path / "pyproject.toml"
    urls = '[project.urls]\nRepository = "https://github.com/someone/somewhere"\n\n'
    fake.write_text(text.replace("[dependency-groups]", urls + "[dependency-groups]", 1))
    (tmp_path / "executed").mkdir()
    for path in (build / "executed").glob("00-*"):
        (tmp_path / "executed" / path.name).write_bytes(path.read_bytes())
    command = [sys.executable, book.SITE / "publish/build.py", "site", "--only", "00"]
    command += ["--out", tmp_path, "--pyproject", fake]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    assert sources() == before
    html = (tmp_path / "site/notebooks/00-start-here.html").read_text("utf-8")
    assert (
        "https://mybinder.org/v2/gh/someone/somewhere/main"
        "?urlpath=lab/tree/notebooks/00-start-here.ipynb" in html
    )
    assert 'href="https://github.com/someone/somewhere"' in html


# ------------------------------------------------------------------------------- in a browser


OPENED = [(path, "disk") for path in CHAPTERS] + [(path, "web") for path in CHAPTERS[:6:2]]


@pytest.mark.parametrize(("path", "how"), OPENED, ids=lambda value: getattr(value, "stem", value))
def test_a_chapter_opens_and_its_widgets_live(path, how, page, address):
    page.goto(address(f"notebooks/{path.stem}.html", how))
    places = page.locator(".tconv-live")
    for number in range(places.count()):
        places.nth(number).scroll_into_view_if_needed()
        places.nth(number).locator(":scope.tconv-ready").wait_for()
    assert page.locator(".tcx svg, .tconv-screen > img").count() >= places.count()
    broken = "() => [...document.images].filter(i => i.complete && !i.naturalWidth).map(i => i.src)"
    assert page.evaluate(broken) == []


@pytest.mark.parametrize("how", HOW)
def test_the_explorer_computes_without_a_kernel(how, page, address):
    import explorer_stage

    page.goto(address("index.html", how))
    stage = explorer_stage.Stage(page)
    x, w = stage.values("input"), stage.values("kernel")
    for stride in (2, 3):
        stage.number("stride").fill(str(stride))
        stage.number("stride").press("Enter")
        size = ops.conv_transpose2d(x, w, stride=stride).shape
        page.wait_for_function(
            "n => document.querySelectorAll('.tcx [data-view=output]').length === n",
            arg=int(np.prod(size)),
        )
        got = stage.values("output")
        assert np.array_equal(got, ops.conv_transpose2d(x, w, stride=stride))


@pytest.mark.parametrize("how", HOW)
def test_a_panel_shows_what_was_drawn_for_it(how, page, address, build):
    page.goto(address("notebooks/00-start-here.html", how))
    panel = page.locator(".tconv-live-panel").first
    panel.scroll_into_view_if_needed()
    slider, image = panel.locator("[data-control=stride]"), panel.locator(".tconv-screen > img")
    slider.wait_for()
    executed = json.loads((build / "executed/00-start-here.ipynb").read_text("utf-8"))
    frames = next(
        output["data"][FRAMES]
        for cell in executed["cells"]
        for output in cell.get("outputs", [])
        if FRAMES in output.get("data", {})
    )
    assert len(frames["frames"]) == 64  # 4 kernels, 4 strides, 4 paddings
    expected = {tuple(frame["values"]): frame for frame in frames["frames"]}
    first = image.get_attribute("src")
    slider.press("ArrowRight")
    values = (3, 3, 0)
    assert image.get_attribute("alt") == expected[values]["sentence"]
    assert image.get_attribute("src") != first
    assert page.evaluate("i => i.decode().then(() => i.naturalWidth)", image.element_handle()) > 0
    for _ in range(3):
        panel.locator("[data-control=padding]").press("ArrowRight")
    panel.locator("[data-control=kernel]").press("Home")
    problem = expected[(1, 3, 3)]["problem"]
    said = panel.locator("[role=status]").inner_text()
    assert said.startswith(f"kernel=1, padding=3 does not work here: {problem}.")
    assert said.endswith("The picture still shows kernel=3, padding=2.")


def test_a_setting_that_was_not_drawn_says_so(page, address, build):
    """The large panel of chapter 03 has pictures for up to two controls moved, not for four."""
    page.goto(address("notebooks/03-transpose-the-matrix.html"))
    panel = page.locator(".tconv-live-panel").first
    panel.scroll_into_view_if_needed()
    for name in ("stride", "kernel", "padding", "output_padding"):
        panel.locator(f"[data-control={name}]").press("ArrowRight")
    said = panel.locator("[role=status]").inner_text()
    assert "has no Python: run the notebook to see it." in said


@pytest.mark.parametrize("how", HOW)
def test_search_finds_a_word(how, page, address):
    page.goto(address("search.html?q=checkerboard", how))
    page.locator("#search-results li a").first.wait_for()
    assert page.locator("#search-results li").count() > 2


@pytest.mark.parametrize("width", [390, 1366, 1920])
@pytest.mark.parametrize("name", ["index", "questions", "notebooks/04-choose-stride-and-padding"])
def test_no_page_is_wider_than_its_screen(width, name, open_page, address):
    page = open_page(width, 900)
    page.goto(address(f"{name}.html"))
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_widgets_follow_the_theme(open_page, address):
    colours = []
    for dark in (False, True):
        page = open_page(dark=dark)
        page.goto(address("index.html"))
        page.locator(".tcx svg").first.wait_for()
        colours.append(
            page.evaluate(
                "() => ['.tcx', 'body'].map(q => "
                "getComputedStyle(document.querySelector(q)).backgroundColor)"
            )
        )
    assert colours[0][0] == colours[0][1] != colours[1][0] == colours[1][1]


AXE = """async () => (await axe.run({
    preload: false, runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'],
  })).violations.map(v => [v.id, v.nodes.map(n => n.target + ' ' + n.failureSummary)])"""
LOOKED_AT = [f"notebooks/{path.stem}.html" for path in CHAPTERS]
LOOKED_AT += ["questions.html", "glossary.html", "api/ops.html", "search.html", "slides/index.html"]
IN_BOTH = ["index.html", "notebooks/05-explain-the-checkerboard.html"]
THEMES = [(n, False) for n in [*IN_BOTH, *LOOKED_AT]] + [(n, True) for n in IN_BOTH]


@pytest.mark.parametrize(("name", "dark"), dict.fromkeys(THEMES))
def test_axe_finds_no_violation(name, dark, open_page, address):
    page = open_page(dark=dark)
    page.goto(address(name))
    for place in page.locator(".tconv-live").all():
        place.scroll_into_view_if_needed()
        place.locator(":scope.tconv-ready").wait_for()
    page.wait_for_function("!window.MathJax || MathJax.startup.promise.then(() => true)")
    page.add_script_tag(path=Path(sys.prefix) / "npm/node_modules/axe-core/axe.min.js")
    assert page.evaluate(AXE) == []


def test_a_film_stands_still_until_it_is_asked_to_play(page, address):
    page.clock.install()
    page.goto(address("figures.html"))
    film = page.locator(".tconv-film").first
    page.clock.run_for(5000)
    assert film.locator("output").inner_text() == "1"
    film.get_by_role("button", name="Play").click()
    page.clock.run_for(2500)
    assert film.locator("output").inner_text() == "3"
    film.get_by_role("button", name="Pause").click()
    page.clock.run_for(5000)
    shown = film.locator("img:visible")
    assert shown.count() == 1
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") > 300
    assert page.locator(".tconv-film").count() == 16
