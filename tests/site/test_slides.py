"""The decks: nothing stands out of a slide, everything a lecture needs is in them."""

import html
import json
import re
import sys
from pathlib import Path

import nbformat
import pages as reading
import pytest
from publish import execute, slides

CHAPTERS = execute.chapters()
DECKS = [path.stem for path in CHAPTERS] + [slides.LECTURE]
SIZES = [(1920, 1080), (1280, 720)]

# Everything that is seen of the slide shown, but for what a screen reader alone gets.
MEASURE = """() => {
  const slide = Reveal.getCurrentSlide();
  const body = slide.querySelector('.body');
  const [edge, out, small] = [body.getBoundingClientRect(), [], []];
  const px = slide.getBoundingClientRect().width / slide.offsetWidth;
  for (const e of slide.querySelectorAll('*')) {
    if (e.closest('.sheet, .notes, mjx-assistive-mml, svg svg') || !e.checkVisibility()) continue;
    const style = getComputedStyle(e);
    if (style.clipPath !== 'none' && style.position === 'absolute') continue;
    const r = e.getBoundingClientRect();
    if (!r.width || !r.height) continue;
    const name = `${e.tagName}.${e.getAttribute('class') ?? ''}`;
    if (r.right > innerWidth + 1 || r.bottom > innerHeight + 1 || r.left < -1 || r.top < -1)
      out.push(`${name} leaves the screen`);
    if (body.contains(e) && (r.bottom > edge.bottom + 2 || r.right > edge.right + 2))
      out.push(`${name} leaves the slide's body`);
    if (style.overflowX !== 'visible' && e.clientWidth > 2 && e.scrollWidth > e.clientWidth + 2)
      out.push(`${name} hides a part of its text`);
  }
  for (const e of body.querySelectorAll('p, li, td, pre'))
    if (!e.closest('.sheet, .tconv-live') && e.checkVisibility())
      small.push(parseFloat(getComputedStyle(e).fontSize) * px);
  return {out: [...new Set(out)].slice(0, 6), small: Math.min(99, ...small) / innerHeight};
}"""
SHOW = """n => {
  Reveal.slide(n);
  Reveal.getCurrentSlide().querySelectorAll('.fragment').forEach(() => Reveal.nextFragment());
}"""
LEAST = 12.5 / 720  # of the screen's height, for the smallest line of code or of a table


def open_deck(page, address, name, how="disk"):
    page.goto(address(f"slides/{name}.html", how))
    page.wait_for_function("window.deckReady")
    return page.evaluate("Reveal.getTotalSlides()")


def show(page, number):
    page.evaluate(SHOW, number)
    page.wait_for_function("Reveal.getCurrentSlide().dataset.ready === 'done'")


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("deck", DECKS)
def test_nothing_stands_out_of_a_slide_or_is_too_small(deck, size, open_page, address):
    page = open_page(*size)
    wrong = {}
    for number in range(open_deck(page, address, deck)):
        show(page, number)
        seen = page.evaluate(MEASURE)
        if seen["out"] or seen["small"] < LEAST:
            cells = page.evaluate("Reveal.getCurrentSlide().dataset.cells")
            wrong[f"{number + 1} ({cells})"] = seen
    assert wrong == {}


def test_the_measure_notices_what_stands_out(open_page, address):
    page = open_page(1280, 720)
    open_deck(page, address, DECKS[0])
    show(page, 1)
    assert page.evaluate(MEASURE)["out"] == []
    page.evaluate(
        "() => Reveal.getCurrentSlide().querySelector('.body').insertAdjacentHTML("
        "'beforeend', '<div style=\"flex: none; height: 700px; font-size: 5px\"><p>tall</p></div>')"
    )
    seen = page.evaluate(MEASURE)
    assert seen["out"] and seen["small"] < LEAST


def sections(build, deck):
    text = (build / f"site/slides/{deck}.html").read_text("utf-8")
    return re.findall(r"<section\b.*?</section>", text, flags=re.S)


@pytest.mark.parametrize("deck", DECKS)
def test_every_slide_has_its_time_and_every_picture_its_words(deck, build):
    found = sections(build, deck)
    assert len(found) > 10
    assert all('<aside class="notes"><p><b>' in section for section in found)
    page = reading.Page(build / f"site/slides/{deck}.html")
    assert page.images
    assert all(image.get("alt", "").strip() for image in page.images)
    assert not [load for load in page.loads if reading.is_outside(load)]


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_the_notes_hold_the_minutes_and_the_questions(path, build):
    notebook = nbformat.read(path, as_version=4)
    text = "\n\n".join(cell.source for cell in notebook.cells)
    minutes = sum(map(int, re.findall(r"^## .*\((\d+) min\)$", text, flags=re.M)))
    seconds = [
        int(n) for s in sections(build, path.stem) for n in re.findall(r'data-timing="(\d+)"', s)
    ]
    assert sum(seconds) == pytest.approx(60 * minutes, abs=len(seconds))
    notes = "".join(
        note
        for section in sections(build, path.stem)
        for note in re.findall(r'<aside class="notes">(.*?)</aside>', section, flags=re.S)
    )
    lecture = text.partition("## Exercises")[0]
    assert notes.count("<b>Ask:</b>") == lecture.count("**Predict.**")


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_stubs_and_skipped_cells_are_left_out(path, build):
    cells = set()
    for section in sections(build, path.stem):
        cells |= set(html.unescape(re.search(r'data-cells="(.*?)"', section)[1]).split())
        assert not re.search(r"exercises</span><span class=\"o\">\.", section)
    notebook = nbformat.read(path, as_version=4)
    skipped = {c.id for c in notebook.cells if c.metadata.slideshow.slide_type == "skip"}
    assert skipped and not skipped & cells


def test_the_short_lecture_takes_45_minutes(build):
    found = sections(build, slides.LECTURE)
    seconds = sum(int(n) for s in found for n in re.findall(r'data-timing="(\d+)"', s))
    assert seconds == pytest.approx(45 * 60, abs=60)
    told = [re.search(r"From chapter (\d\d)", section) for section in found]
    assert [match[1] for match in told if match] == ["01", "02", "03", "04", "05"]


@pytest.mark.parametrize("how", ["disk", "web"])
def test_explorer_panel_and_code_in_a_lecture(how, open_page, address):
    page = open_page(1280, 720)
    total = open_deck(page, address, slides.LECTURE, how)
    kinds = page.evaluate(
        "() => Reveal.getSlides().map(s => s.querySelector('.tconv-live')?.className ?? '')"
    )
    explorer = next(n for n in range(total) if "explorer" in kinds[n])
    show(page, explorer)
    count = "() => Reveal.getCurrentSlide().querySelectorAll('[data-view=output]').length"
    before = page.evaluate(count)
    field = page.locator(".present [data-control=kernel]").first
    field.fill("2")
    field.press("Enter")
    page.wait_for_function(f"n => ({count})() !== n", arg=before)
    page.keyboard.press("PageDown")  # the clicker, while the explorer has the keys
    page.wait_for_function("n => Reveal.getState().indexh === n", arg=explorer + 1)
    panel = next(n for n in range(total) if "panel" in kinds[n])
    show(page, panel)
    image = page.locator(".present .tconv-screen > img")
    words = image.get_attribute("alt")
    page.locator(".present input[type=range]").first.press("ArrowRight")
    assert image.get_attribute("alt") != words
    page.locator(".reveal").click(position={"x": 5, "y": 5})
    page.keyboard.press("c")
    assert page.locator(".present .sheet pre").is_visible()
    box = page.locator(".present .sheet pre").bounding_box()
    assert box["y"] + box["height"] < 720


@pytest.mark.parametrize("how", ["disk", "web"])
def test_the_speakers_view_follows_the_deck(how, open_page, address):
    page = open_page(1280, 720)
    open_deck(page, address, slides.LECTURE, how)
    with page.expect_popup() as opened:
        page.keyboard.press("s")
    speaker = opened.value
    for number in (3, 5):
        show(page, number)
        clock = page.evaluate("Reveal.getCurrentSlide().querySelector('.notes b').textContent")
        assert re.fullmatch(r"\d+:\d\d", clock)
        speaker.wait_for_function(
            "clock => document.querySelector('.speaker-controls-notes .value').textContent"
            ".startsWith(`${clock} on the clock`)",
            arg=clock,
        )


# ------------------------------------------------------------------------------------- handouts


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_handout_is_one_sheet(path, open_page, address):
    page = open_page(1000, 1200)
    page.goto(address(f"slides/handouts/{path.stem}.html"))
    page.wait_for_function("'ready' in document.documentElement.dataset")
    sheet = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1
    main = page.locator("main")
    assert main.evaluate("e => e.scrollHeight <= e.clientHeight + 1")
    assert float(main.evaluate("e => parseFloat(e.style.fontSize)")) >= 6.5
    text = main.inner_text()
    first = json.loads(path.read_text("utf-8"))["cells"][0]["source"]
    assert "".join(first).splitlines()[0].removeprefix("# ") in text
    if not path.name.startswith("00"):
        assert "Summary" in text and "Often confused" in text
    assert all(i.get_attribute("alt") for i in page.locator("img").all())


AXE = """async () => (await axe.run({preload: false, runOnly: ['wcag2a', 'wcag2aa']}))
  .violations.map(v => [v.id, v.nodes.map(n => n.target + ' ' + n.failureSummary)])"""


@pytest.mark.parametrize("name", ["short-lecture", "handouts/03-transpose-the-matrix"])
def test_axe_finds_no_violation(name, open_page, address):
    page = open_page(1280, 720)
    page.goto(address(f"slides/{name}.html"))
    page.wait_for_function("window.deckReady || 'ready' in document.documentElement.dataset")
    page.add_script_tag(path=Path(sys.prefix) / "npm/node_modules/axe-core/axe.min.js")
    assert page.evaluate(AXE) == []
