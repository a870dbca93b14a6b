"""The explorer on a page: JupyterLab, Notebook 7, and a static page without kernel and network."""

import itertools
import json
import re

import lab
import numpy as np
import pytest
import static_page
from explorer_stage import Stage, expected_lit

from tconv_helpers import ops
from tconv_helpers.explorer import WINDOWS, Explorer

CELLS = [
    "from tconv_helpers.explorer import Explorer\n"
    'explorer = Explorer("transposed", 4, 3, stride=2)\nexplorer',
    "from tconv_helpers.explorer import link\nimport ipywidgets\n"
    'there = Explorer("convolution", 5, 3, stride=2)\n'
    'back = Explorer("transposed", 2, 3, stride=2)\n'
    'links = [*link(there, back), ipywidgets.jsdlink((there, "y"), (back, "x"))]\nthere',
    "back",
    'Explorer(pinned="y[2,2]", stride=2)',
    'Explorer("transposed", 2, 1, stride=3, step=3)',
]
PYTHON = """async ([code, wanted]) => {
  const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  const asked = {code, silent: false, store_history: false, user_expressions: {wanted}};
  const reply = (await kernel.requestExecute(asked).done).content;
  if (reply.status !== 'ok') throw new Error(`${reply.ename}: ${reply.evalue}`);
  const answer = reply.user_expressions.wanted;
  if (answer.status !== 'ok') throw new Error(`${answer.ename}: ${answer.evalue}`);
  return answer.data['text/plain'];
}"""


def python(page, wanted, code=""):
    """Run code in the notebook's kernel and return a value, through its repr."""
    text = page.evaluate(PYTHON, [code, wanted])
    return eval(text, {"array": np.array})  # the tests' own expressions


@pytest.fixture(scope="session")
def modules(request):
    return static_page.npm_packages(request.config.cache.mkdir("npm"))


@pytest.fixture(scope="session")
def static(modules, tmp_path_factory):
    """static(theme): the address of a page of the explorers in CELLS."""
    import nbformat

    path = tmp_path_factory.mktemp("static") / "explorers.ipynb"
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    made = {}

    def address(theme="light"):
        if theme not in made:
            made[theme] = static_page.export(path, modules, theme).as_uri()
        return made[theme]

    return address


@pytest.fixture
def offline(browser, errors):
    """offline(**context): a page without network; complaints and requests fail the test."""
    contexts, asked = [], []

    def make(**settings):
        context = browser.new_context(**{"viewport": {"width": 1400, "height": 1000}, **settings})
        contexts.append(context)
        lab.watch(context, asked, errors)
        context.route(
            re.compile("^(https?|wss?):"), lambda r: (asked.append(r.request.url), r.abort())
        )
        context.route(re.compile("^file:"), lambda r: r.continue_())
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
    assert asked == [], "the page asked for something outside"
    assert errors == [], "the page's console shows errors"


@pytest.fixture(params=["static", "lab", "notebooks"])
def stage(request, errors):
    """The first explorer, on each of the three kinds of page."""
    if request.param == "static":
        page = request.getfixturevalue("offline")()
        page.goto(request.getfixturevalue("static")())
    else:
        page = request.getfixturevalue("page")
        request.getfixturevalue("write_notebook")("explorer.ipynb", CELLS)
        lab.open_notebook(page, request.getfixturevalue("server"), "explorer.ipynb", request.param)
        if request.param == "notebooks":
            errors.clear()  # Notebook 7 complains of itself while it starts
        lab.run_all(page)
    return Stage(page)


@pytest.fixture
def still(offline, static):
    """The first explorer on the static page: what does not depend on the front end."""
    page = offline()
    page.goto(static())
    return Stage(page)


@pytest.fixture
def live(page, server, write_notebook):
    """The first explorer in JupyterLab."""
    write_notebook("explorer.ipynb", CELLS)
    lab.open_notebook(page, server, "explorer.ipynb", "lab")
    lab.run_all(page)
    return Stage(page)


# ------------------------------------------------------------------------ on every kind of page


def test_the_whole_round_on_every_kind_of_page(stage):
    """Point, pin, edit, play, scrub, choose an example, be refused, by mouse and by keys."""
    page, root = stage.page, stage.root
    stage.cell("output", 2, 3).hover()
    assert {cell for cell in stage.lit() if cell[0] in ("input", "kernel")} == {
        ("input", 0, 1),
        ("input", 1, 1),
        ("kernel", 2, 1),
        ("kernel", 0, 1),
    }
    assert stage.formula.startswith("y[2,3]")
    assert stage.formula.endswith("= 16")

    stage.cell("output", 2, 2).click()
    stage.cell("input", 3, 3).hover()
    assert stage.formula.startswith("y[2,2] 4 terms")
    page.keyboard.press("Escape")
    stage.leave()
    assert stage.lit() == set()
    assert stage.formula.startswith("Point at a cell")

    # Keys: along a grid, into the editor, and back.
    stage.cell("input", 0, 0).focus()
    for key in ("ArrowRight", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    assert stage.formula.startswith("x[1,1] = 4")
    page.keyboard.press("Enter")
    stage.control("value").fill("-7.5")
    page.keyboard.press("Enter")
    assert stage.formula.startswith("x[1,1] = −7.5")
    x = np.array(Explorer("transposed", 4, 3, stride=2).x, float)
    x[1, 1] = -7.5
    w = Explorer("transposed", 4, 3).w
    shown = stage.values("output")
    assert np.allclose(shown, ops.conv_transpose2d(x, w, stride=2), atol=0.51)
    page.keyboard.press("m")  # would turn the cell into Markdown
    page.keyboard.press("Escape")
    assert root.count() == 1

    # Playing stops at the end and can be scrubbed.
    stage.control("speed").select_option("10")
    stage.control("scrub").fill("1")
    assert root.locator("output").text_content() == "1 of 16"
    assert stage.values("output")[:3, :3].tolist() == w.tolist()
    assert np.isnan(stage.values("output")[3:, 3:]).all()
    stage.control("play").click()
    root.locator("output", has_text="16 of 16").wait_for()
    assert stage.control("play").text_content() == "Play"

    # A control that is out says so; nothing else moves; the picture stays, greyed.
    stage.number("padding").fill("9")
    assert stage.flagged == {("padding", "0")}
    assert "legal padding here: 0 to 4" in stage.law
    assert "stale" in root.get_attribute("class")
    assert stage.number("stride").input_value() == "2"
    assert stage.values("output").shape == (9, 9)
    stage.number("padding").press("ArrowDown")
    assert stage.number("padding").input_value() == "8"
    stage.number("padding").fill("1")
    assert stage.flagged == set()
    assert stage.values("output").shape == (7, 7)

    stage.control("preset").select_option("A transposed")
    assert stage.values("output").tolist() == [
        [2, 7, 14, 12],
        [6, 16, 31, 21],
        [6, 14, 29, 21],
        [4, 11, 22, 12],
    ]
    stage.control("reset").click()
    assert stage.values("output").tolist() == Explorer("transposed", 4, 3, stride=2).y.tolist()


def test_explorers_on_one_page_are_strangers_and_may_start_pinned_or_half_done(stage):
    chosen = """() => [...document.querySelectorAll('.tcx')].map(root =>
      [...root.querySelectorAll('[type=radio]:checked')].map(e => e.value))"""
    assert stage.page.evaluate(chosen) == [
        ["transposed", "2", "values"],
        ["convolution", "2", "values"],
        *[["transposed", "2", "values"]] * 3,
    ]
    ids = stage.page.evaluate("() => [...document.querySelectorAll('.tcx [id]')].map(e => e.id)")
    assert len(ids) == len(set(ids)) == 5
    pinned, half = Stage(stage.page, 3), Stage(stage.page, 4)
    pinned.root.scroll_into_view_if_needed()
    assert pinned.formula.startswith("y[2,2]")
    y = Explorer(stride=2).y
    assert pinned.values("output").tolist() == y.tolist()
    assert ("output", 2, 2) in pinned.lit()
    assert len(pinned.cell("input", 0, 0).evaluate("e => writtenIn(e)")) == 2  # and its note
    assert half.root.locator("output").text_content() == "3 of 4"
    x = Explorer("transposed", 2, 1, stride=3).x
    assert np.nansum(half.values("output")) == x.sum() - x[1, 1]
    # A word about a phase without a tap stays over its own cells.
    words = half.root.evaluate(
        """root => written(root.querySelector('[data-pic=phases] canvas')).filter(
          t => t.align === 'left').map(t => [t.text, t.x / t.scale])"""
    )
    assert [text for text, _ in words][:2] == ["phase 0,0", "0,1: no tap"]
    pinned.page.keyboard.press("Escape")


def test_nothing_is_left_of_a_long_note(still):
    """What a touch wrote is gone when the pointer has gone, to the last pixel."""
    for view, value in (("input", "-1234.5"), ("kernel", "-99.99")):
        for row, column in ((0, 0), (1, 1), (0, 2)):
            still.cell(view, row, column).focus()
            still.page.keyboard.type(value)
            still.page.keyboard.press("Enter")
    still.page.keyboard.press("Escape")
    still.control("play").focus()
    still.leave()
    pixels = """root => [...root.querySelectorAll('canvas')].map(c => {
      const {data} = c.getContext('2d').getImageData(0, 0, c.width, c.height);
      let sum = 0;
      for (let n = 3; n < data.length; n += 4) sum = (31 * sum + data[n]) % 1000003;
      return sum;
    })"""
    before = still.root.evaluate(pixels)
    for view, row, column in (("output", 2, 2), ("input", 0, 0), ("kernel", 1, 1)):
        still.cell(view, row, column).hover()
        assert still.root.evaluate(pixels) != before
        still.leave()
        assert still.root.evaluate(pixels) == before


def test_linked_explorers_share_kernel_settings_and_touch(stage):
    there, back = Stage(stage.page, 1), Stage(stage.page, 2)
    there.cell("output", 1, 0).hover()
    assert {c[1:] for c in back.lit() if c[0] == "input"} == {(1, 0)}
    assert {c[1:] for c in there.lit() if c[0] == "input"} == {
        c[1:] for c in back.lit() if c[0] == "output"
    }
    there.cell("kernel", 0, 0).click()
    there.cell("kernel", 0, 0).click()
    there.control("value").fill("9")
    there.page.keyboard.press("Enter")
    back.cell("kernel", 0, 0).and_(back.page.locator("*")).wait_for()
    assert back.values("kernel")[0, 0] == 9
    # The result of one is the input of the other: CᵀC x.
    x, w = Explorer("convolution", 5, 3, stride=2).x, back.values("kernel").astype(int)
    y = ops.conv2d(x, w, stride=2)
    assert back.values("input").tolist() == y.tolist()
    assert back.values("output").tolist() == ops.conv_transpose2d(y, w, stride=2).tolist()
    there.number("stride").fill("1")
    assert back.number("stride").input_value() == "1"
    assert back.values("input").shape == (3, 3)


# --------------------------------------------------------------------------------- with a kernel


def test_python_and_page_follow_each_other(live):
    page = live.page
    live.cell("kernel", 1, 1).focus()
    page.keyboard.type("-3")
    page.keyboard.press("Enter")
    w = python(page, "explorer.w.tolist()")
    assert w[1][1] == -3
    assert python(page, "explorer.w.dtype.kind") == "i"
    y = python(page, "explorer.y.tolist()")
    assert y == ops.conv_transpose2d(Explorer("transposed", 4, 3).x, w, stride=2).tolist()
    assert live.values("output").tolist() == y

    python(page, "None", "explorer.stride = 3")
    live.root.locator("[data-size=stamps]", has_text="12 × 12").wait_for()
    assert live.number("stride").input_value() == "3"
    python(page, "None", "explorer.x = [[1, 2, 0.5]]")
    live.root.locator("[data-size=x]", has_text="1 × 3").wait_for()
    assert live.values("input").tolist() == [[1, 2, 0.5]]
    assert live.control("separate").is_checked() or live.number("input").input_value() == "1"
    python(page, "None", 'explorer.pinned = "y[0,3]"')
    live.root.locator(".head", has_text="y[0,3]").wait_for()
    live.cell("input", 0, 2).click()
    page.wait_for_timeout(100)
    assert python(page, "explorer.pinned") == "x[0,2]"

    refused = "try:\n    explorer.padding = 12\nexcept ValueError as error:\n    said = str(error)"
    assert "padding=(12, 12) leaves" in python(page, "said", refused)
    assert live.flagged == set()
    # What is being typed and is illegal never reaches Python.
    live.number("kernel").fill("0")
    assert live.flagged
    assert python(page, "explorer.kernel") == 3
    assert python(page, "explorer.problem") == ""


def test_the_notebook_keeps_ctrl_s_and_loses_other_keys(live):
    page = live.page
    live.cell("output", 1, 1).click()
    for key in ("m", "y", "a", "b", "x", "d", "d", "z", "0", "0"):
        page.keyboard.press(key)
    cells = "() => window.jupyterapp.shell.currentWidget.content.widgets.map(w => w.model.type)"
    assert page.evaluate(cells) == ["code"] * len(CELLS)
    dirty = "() => window.jupyterapp.shell.currentWidget.context.model.dirty"
    assert page.evaluate(dirty)
    page.keyboard.press("Control+s")
    page.wait_for_function(f"() => !({dirty})()")


def test_numbers_follow_the_theme_of_jupyterlab(live):
    change = "t => window.jupyterapp.commands.execute('apputils:change-theme', {theme: t})"
    light_ink = """([view, dark]) => {
      const found = writtenIn(document.querySelector(`.tcx [data-view=${view}]`));
      if (!found.length) return false;
      const {ink} = found[0];
      const [r, g, b] = ink.startsWith('#')
        ? [1, 3, 5].map(n => parseInt(ink.slice(n, n + 2), 16) / 255)
        : ink.match(/[\\d.]+/g).map(Number);
      return ((r + g + b) / 3 > 0.5) === dark;
    }"""
    try:
        live.page.evaluate(change, "JupyterLab Dark")
        for view in ("output", "gather", "kernel"):
            live.page.wait_for_function(light_ink, arg=[view, True])
        # On the bright blue of the dark theme, a touched input is written in black.
        live.cell("output", 0, 0).hover()
        live.page.wait_for_function(light_ink, arg=["input", False])
    finally:
        live.page.evaluate(change, "JupyterLab Light")
    live.page.wait_for_function(light_ink, arg=["input", True])
    live.leave()
    for view in ("output", "gather", "input"):
        live.page.wait_for_function(light_ink, arg=[view, False])


def test_saved_and_opened_with_a_fresh_kernel_a_picture_shows(live, server):
    page = live.page
    lab.save(page)
    stored = json.loads((server.root / "explorer.ipynb").read_text())
    (output,) = stored["cells"][0]["outputs"]
    assert output["data"]["text/plain"][0].startswith("Explorer: transposed convolution")
    assert output["metadata"]["image/png"]["alt"]
    server.end_kernels()
    lab.open_notebook(page, server, "explorer.ipynb", "lab")
    picture = page.locator(".jp-OutputArea-output img").first
    picture.wait_for()
    assert picture.evaluate("e => e.naturalWidth") > 200
    assert page.get_by_text(re.compile("error displaying|model not found", re.I)).count() == 0
    lab.run_all(page)
    Stage(page)


# ------------------------------------------------------------------------------------ highlights


def random_settings(count):
    """Legal settings of both modes and every window rule, as the controls would be set."""
    random = np.random.default_rng(3)
    while count:
        mode = ("transposed", "convolution")[random.integers(2)]
        window = WINDOWS[random.integers(len(WINDOWS))] if random.random() < 0.3 else "padding"
        names = {"input": 6, "kernel": 5, "stride": 4, "dilation": 3}
        given = {n: tuple(map(int, random.integers(1, most, 2))) for n, most in names.items()}
        given["padding"] = tuple(map(int, random.integers(0, 4, 2)))
        given["output_padding"] = tuple(map(int, random.integers(0, 3, 2)))
        try:
            explorer = Explorer(mode, window=window, separate=True, **given)
        except ValueError:
            continue
        count -= 1
        yield explorer


def oracle(explorer):
    """The same setting in the words of `expected_lit`."""
    from tconv_helpers.explorer import _windows

    p, windows = _windows({n: getattr(explorer, n) for n in ("mode", "dims", "window", *NUMBERS)})
    transposed = explorer.mode == "transposed"
    shape = tuple(explorer.y.shape)
    return {
        "mode": explorer.mode,
        "n": p["input"] if transposed else shape,
        "big": shape if transposed else p["input"],
        "k": p["kernel"],
        "s": p["stride"],
        "d": p["dilation"],
        "lo": tuple(lo for lo, _ in windows),
        "hi": tuple(hi for _, hi in windows),
        "flip": explorer.window == "jax SAME" and transposed,
    }


NUMBERS = ("input", "kernel", "stride", "padding", "output_padding", "dilation")
SET = """([root, mode, window, numbers]) => {
  const q = (s) => root.querySelector(s);
  const tell = (e, type) => e.dispatchEvent(new Event(type, {bubbles: true}));
  const separate = q('[data-control=separate]');
  if (!separate.checked) { separate.checked = true; tell(separate, 'change'); }
  const radio = q(`[data-control=mode][value=${mode}]`);
  radio.checked = true; tell(radio, 'change');
  const select = q('[data-control=window]');
  select.value = window; tell(select, 'change');
  for (const [name, pair] of Object.entries(numbers))
    pair.forEach((v, axis) => {
      const field = q(`[data-control=${name}][data-axis="${axis}"]`);
      field.value = v; tell(field, 'input');
    });
}"""


def test_200_random_settings_light_what_the_convolution_matrix_says(still):
    random = np.random.default_rng(4)
    handle = still.root.element_handle()
    checked = set()
    for explorer in random_settings(200):
        pairs = {n: [v, v] if isinstance(v := getattr(explorer, n), int) else v for n in NUMBERS}
        still.page.evaluate(SET, [handle, explorer.mode, explorer.window, pairs])
        what = repr(explorer)
        assert still.flagged == set(), what
        S = oracle(explorer)
        still.cell("input", 0, 0).dispatch_event("pointerover")  # every cell is an element now
        cells = still.root.evaluate(
            """root => [...root.querySelectorAll('[data-view]')].map(
              e => [e.dataset.view, +e.dataset.row, +e.dataset.col])"""
        )
        views = sorted({cell[0] for cell in cells} - {"gather"})
        for view in random.choice(views, min(4, len(views)), replace=False):
            here = [cell for cell in cells if cell[0] == view]
            view, row, column = here[random.integers(len(here))]
            still.cell(view, row, column).dispatch_event("pointerover")
            assert still.lit() == expected_lit(S, view, row, column), (
                f"{what} {view} {row} {column}"
            )
            checked.add((explorer.mode, view))
        gathered = [cell for cell in cells if cell[0] == "gather"]
        _, row, column = gathered[random.integers(len(gathered))]
        still.cell("gather", row, column).dispatch_event("pointerover")
        lit = still.lit()
        inputs = [cell for cell in lit if cell[0] == "input"]
        if inputs:
            assert lit == expected_lit(S, *inputs[0]), f"{what} gather {row} {column}"
        else:
            assert lit <= {("gather", row, column)}, f"{what} gather {row} {column}"
        still.leave()
    views = {"input", "output", "kernel", "matrix", "phase", "phase-kernel"}
    assert checked == set(itertools.product(("transposed", "convolution"), views)) | {
        ("transposed", "canvas")
    }


# -------------------------------------------------- what visualisers of convolution get wrong


def test_kernel_larger_than_the_input_is_refused(still):
    still.choose("mode", "convolution")
    still.number("input").fill("5")
    still.number("kernel").fill("9")
    assert still.flagged == {("kernel", "0")}
    assert "the kernel spans d(k − 1) + 1 = 9 cells, the padded input has 5" in still.law
    assert "legal kernel here: 1 to 5" in still.law
    assert still.values("output").shape == (2, 2)


@pytest.mark.parametrize(
    ("name", "text", "rule"),
    [
        ("stride", "0", "stride 0 must be at least 1"),
        ("padding", "-1", "padding −1 must be at least 0"),
        ("input", "abc", "input “abc” is not a whole number"),
        ("kernel", "", "kernel is empty"),
        ("dilation", "1e999", "dilation “1e999” is not a whole number"),
        ("kernel", "2.5", "kernel 2.5 is not a whole number"),
        ("output_padding", "2", "output padding 2 must be smaller than max(stride, dilation) = 2"),
        ("input", "9" * 400, "input"),
    ],
)
def test_a_value_out_of_range_is_explained_and_survives_nothing(still, name, text, rule):
    before = still.values("output").tolist()
    still.number(name).fill(text)
    assert rule in still.law
    assert still.flagged == {(name, "0")}
    assert still.number(name).get_attribute("aria-describedby") == still.root.locator(
        ".law"
    ).get_attribute("id")
    assert still.values("output").tolist() == before
    assert rule.split(";")[0] in still.said
    good = {"input": "4", "kernel": "3", "stride": "2", "dilation": "1"}.get(name, "0")
    still.number(name).fill(good)
    assert still.flagged == set()
    assert "stale" not in still.root.get_attribute("class")


def test_negative_products_are_written_with_one_sign_each(still):
    for view in ("input", "kernel"):
        still.cell(view, 0, 0).focus()
        still.page.keyboard.type("-3")
        still.page.keyboard.press("Enter")
    still.cell("output", 0, 0).hover()
    assert "−3·(−3)" in still.formula
    assert still.formula.endswith("= 9")


def test_nothing_is_out_of_the_keyboards_reach_or_without_a_name(still):
    every = still.root.locator("button, input, select, summary, [tabindex='0']").all()
    assert len(every) > 30
    for element in every:
        if element.get_attribute("aria-hidden") == "true" or not element.is_visible():
            continue
        named = element.evaluate(
            "e => e.getAttribute('aria-label') || e.labels?.[0]?.textContent || e.textContent"
        )
        assert named.strip() or element.get_attribute("role") == "gridcell"
    for view in ("input", "kernel", "output", "gather", "matrix", "phase"):
        still.cell(view, 0, 0).focus()
        assert still.cell(view, 0, 0).get_attribute("aria-label").startswith(f"{view} row 0")
    still.cell("output", 2, 3).focus()
    assert still.cell("output", 2, 3).get_attribute("aria-label") == (
        "output row 2, column 3: y[2,3] = 16 = 2·2 + 4·3, 2 terms"
    )


def test_numbers_stand_in_their_cells_and_follow_theme_and_touch(offline, static):
    page = offline(color_scheme="light")
    page.goto(static())
    stage = Stage(page)
    every = """root => [...root.querySelectorAll('.c')].map(e => [e.cell.text, e.cell.note,
      e.dataset.view, e.hasAttribute('data-lit'), writtenIn(e).map(t => [t.text, t.ink])])"""

    def check():
        cells = stage.root.evaluate(every)
        assert len(cells) > 300
        for text, note, view, lit, found in cells:
            assert [said for said, _ in found] == [t for t in (text, note) if t], (view, text)
            yield view, lit, [ink for _, ink in found]

    plain = {view: inks for view, _, inks in check() if inks}
    assert plain["input"] == plain["output"] != plain["gather"]
    # Ink can be seen: a touch turns the ink of what it lights, with a note below the number.
    stage.cell("output", 2, 2).hover()
    touched = list(check())
    assert {inks[0] for view, lit, inks in touched if view == "input" and lit} == {"#ffffff"}
    assert {len(inks) for view, lit, inks in touched if view == "input" and lit} == {2}
    assert {inks[0] for view, lit, inks in touched if view == "output" and lit} == {"#000000"}
    stage.leave()
    assert {view: inks for view, _, inks in check() if inks} == plain
    # Pixels, too: where a number stands there is ink of its own colour, beside it there is none.
    dots = """root => [...root.querySelectorAll('[data-view=output]')].map(e => {
      const canvas = e.closest('[data-pic]').querySelector('canvas');
      const [home, box] = [canvas, e].map(e => e.getBoundingClientRect());
      const k = canvas.width / home.width;
      const {data} = canvas.getContext('2d').getImageData(
        (box.x - home.x) * k, (box.y - home.y) * k, box.width * k, box.height * k);
      return data.filter((v, n) => n % 4 === 3 && v > 127).length / (data.length / 4);
    })"""
    shares = stage.root.evaluate(dots)
    assert len(shares) == 81
    assert all(0.01 < share < 0.25 for share in shares), shares
    # JupyterLab turns dark: so does every number.
    page.evaluate(
        """() => {
          document.body.setAttribute('data-jp-theme-light', 'false');
          const {style} = document.querySelector(':root');
          style.setProperty('--jp-content-font-color0', '#eeeeee');
          style.setProperty('--jp-layout-color0', '#111111');
        }"""
    )
    page.wait_for_function(
        """was => writtenIn(document.querySelector('[data-view=input]'))[0].ink !== was""",
        arg=plain["input"][0],
    )
    dark = {view: inks for view, _, inks in check() if inks}
    assert dark["input"] == dark["output"] == ["#eeeeee"] != dark["gather"]


def test_a_change_is_drawn_at_once_and_the_cells_follow(still):
    """A few paths and every number first; an element for each cell a moment later, or if wanted."""
    change = """(root, value) => {
      const field = root.querySelector('[data-control=stride]');
      field.value = value;
      field.dispatchEvent(new Event('input', {bubbles: true}));
    }"""
    seen = """root => [root.querySelectorAll('.c').length,
      ['x', 'w', 'stamps', 'gather', 'phases'].map(
        v => written(root.querySelector(`[data-pic=${v}] canvas`)).map(t => t.text).sort())]"""
    both = f"(root, value) => (({change})(root, value), ({seen})(root))"
    cells, at_once = still.root.evaluate(both, "3")
    assert cells == 0
    assert [len(texts) for texts in at_once] == [16, 9, 144, 196, 144 + 9 + 9]
    still.root.locator(".c").first.wait_for()
    cells, later = still.root.evaluate(seen)
    assert later == at_once
    assert cells == 16 + 9 + 144 + 196 + 144 + 144 + 9
    for wanted in (
        "root.querySelector('svg').dispatchEvent(new PointerEvent('pointerover', {bubbles: true}))",
        "root.querySelector('[data-control=stride]').dispatchEvent("
        "new KeyboardEvent('keydown', {key: 'Tab', bubbles: true}))",
    ):
        script = f"(root, value) => (({change})(root, value), {wanted}, ({seen})(root)[0])"
        assert still.root.evaluate(script, "2") > 400
        still.root.evaluate(change, "3")
    # Under a pointer that rests there, even beside the cells, they stay.
    box = still.root.locator("[data-pic=phases]").bounding_box()
    still.page.mouse.move(box["x"] + box["width"] - 3, box["y"] + 3)
    rest = f"(root, value) => (({change})(root, value), ({seen})(root)[0])"
    assert still.root.evaluate(rest, "2") > 400
    still.root.evaluate(change, "3")
    # A pin is shown at once as well.
    still.cell("output", 2, 2).click()
    script = (
        f"(root, value) => (({change})(root, value), root.querySelectorAll('[data-lit]').length)"
    )
    assert still.root.evaluate(script, "2") > 8


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1366, 1920, 3840])
def test_no_part_is_cut_off_or_too_small(offline, static, theme, width):
    page = offline(viewport={"width": width, "height": 1000})
    page.goto(static(theme))
    stage = Stage(page)
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    edge = page.evaluate(
        """() => Math.max(...[...document.querySelector('.tcx').querySelectorAll('*')].filter(
          e => e.checkVisibility()).map(e => e.getBoundingClientRect().right))"""
    )
    assert edge <= width
    least = stage.root.evaluate(
        """root => Math.min(...[...root.querySelectorAll(
            '.law, .formula *, label, button')]
          .filter(e => e.checkVisibility() && e.textContent.trim())
          .map(e => parseFloat(getComputedStyle(e).fontSize)))"""
    )
    on_canvas = stage.root.evaluate(
        """root => [...root.querySelectorAll('canvas')].flatMap(c => written(c).map(
          t => t.scale / (c.width / c.getBoundingClientRect().width) * parseFloat(t.font)))"""
    )
    assert len(on_canvas) > 200
    least = min(least, *on_canvas)
    assert least >= (11 if width == 360 else 15.9 if width < 3000 else 30)


# ------------------------------------------------------------------------------- accessibility


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("state", ["plain", "pinned", "illegal"])
def test_axe_finds_nothing(offline, static, modules, theme, state):
    page = offline()
    page.goto(static(theme))
    stage = Stage(page)
    if state == "pinned":
        stage.cell("output", 2, 2).click()
        stage.control("code").click()
    if state == "illegal":
        stage.number("padding").fill("9")
    page.add_script_tag(path=modules / "axe-core/axe.min.js")
    found = page.evaluate(
        """async () => (await axe.run('.tcx')).violations.map(
          v => [v.id, v.nodes.map(n => n.html.slice(0, 150) + n.failureSummary)])"""
    )
    assert found == []


def test_every_function_by_keys_alone(still):
    page = still.page
    page.evaluate("() => document.querySelector('.tcx').scrollIntoView()")

    def focused(attribute):
        return page.evaluate(f"() => document.activeElement.getAttribute('{attribute}')")

    def tab_to(name, value=None, limit=80):
        for _ in range(limit):
            page.keyboard.press("Tab")
            if focused("data-control") == name and value in (None, focused("value")):
                return
        raise AssertionError(f"Tab never reaches {name}")

    still.control("mode").first.focus()
    page.keyboard.press("ArrowRight")
    assert still.root.locator("[data-size=matrix]").text_content() == "C"
    page.keyboard.press("ArrowLeft")
    for name in ("input", "kernel", "stride", "padding", "output_padding", "dilation"):
        tab_to(name)
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowDown")
        assert still.flagged == set()
    tab_to("separate")
    page.keyboard.press("Space")
    assert still.number("stride", 1).is_visible()
    page.keyboard.press("Space")
    reached = []
    for _ in range(8):
        page.keyboard.press("Tab")
        reached.append(focused("data-view") or focused("class"))
    assert reached == [
        "formula",
        "input",
        "kernel",
        "output",
        "gather",
        "matrix",
        "phase-kernel",
        None,
    ]
    still.cell("matrix", 0, 0).focus()
    seen = set()
    for _ in range(200):
        seen.add((focused("data-row"), focused("data-col")))
        page.keyboard.press("End")
        seen.add((focused("data-row"), focused("data-col")))
        page.keyboard.press("ArrowDown")
    assert len({row for row, _ in seen}) == 81
    still.cell("output", 0, 0).focus()
    page.keyboard.press("Enter")
    assert still.said.startswith("pinned: y[0,0] = ")
    page.keyboard.press("Escape")
    assert still.said == "unpinned"
    still.cell("input", 0, 0).focus()
    page.keyboard.press("F2")
    page.keyboard.type("5")
    page.keyboard.press("Escape")
    assert still.values("input")[0, 0] == 1
    assert focused("data-view") == "input"
    page.keyboard.type("5")
    page.keyboard.press("Enter")
    assert still.values("input")[0, 0] == 5
    still.cell("phase", 0, 0).focus()
    tab_to("play")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    tab_to("forward")
    before = still.root.locator("output").text_content()
    page.keyboard.press("Enter")
    assert still.root.locator("output").text_content() != before
    tab_to("scrub")
    page.keyboard.press("Home")
    assert still.root.locator("output").text_content() == "0 of 16"
    tab_to("order")
    page.keyboard.press("ArrowDown")
    tab_to("speed")
    tab_to("show", "values")
    page.keyboard.press("ArrowRight")
    assert still.values("output")[2, 2] == 4
    page.keyboard.press("ArrowLeft")
    tab_to("preset")
    page.keyboard.type("E stride 2")
    page.keyboard.press("Tab")
    still.root.locator("[data-size=stamps]", has_text="4 × 4").wait_for()
    tab_to("views", "gather")
    page.keyboard.press("Space")
    assert not still.root.locator("[data-panel=gather]").is_visible()
    tab_to("save")
    with page.expect_download() as got:
        page.keyboard.press("Enter")
    assert got.value.suggested_filename == "explorer.svg"
    tab_to("reset")
    page.keyboard.press("Enter")
    assert still.values("output").shape == (9, 9)
    assert still.root.locator("[data-panel=gather]").is_visible()
    tab_to("code")
    page.keyboard.press("Enter")
    tab_to("library")
    page.keyboard.press("ArrowDown")
    assert "keras" in still.root.locator("pre").text_content()
    tab_to("copy")
    page.keyboard.press("Enter")
    page.wait_for_function(
        "() => /copied|selected/.test(document.querySelector('.quiet').textContent)"
    )


# ---------------------------------------------------------------------------------- other parts


def test_examples_show_the_numbers_they_are_known_for(still):
    known = {
        "numbers, padding 0, stride 1": [[12, 12, 17], [10, 17, 19], [9, 6, 14]],
        "numbers, padding 1, stride 2": [[6, 17, 3], [8, 17, 13], [6, 4, 4]],
        "A convolution": [[84, 84], [87, 60]],
        "B rows of C": [[130, 151], [214, 235]],
        "E stride 1": [[0, 0, 1], [0, 4, 6], [4, 12, 9]],
        "E padding 1": [[4]],
        "E stride 2": [[0, 0, 0, 1], [0, 0, 2, 3], [0, 2, 0, 3], [4, 6, 6, 9]],
        "F convolution": [[27, 37], [57, 67]],
        "F transposed": [[27, 91, 74], [138, 400, 282], [171, 429, 268]],
        "G PyTorch, output padding 1": [[0, 4, 0, 1], [10, 7, 6, 3], [0, 7, 0, 2], [6, 3, 4, 2]],
        "G ONNX SAME_LOWER": [[0, 4, 0, 1], [10, 7, 6, 3], [0, 7, 0, 2], [6, 3, 4, 2]],
        "G Keras same": [[2, 4, 3, 2], [4, 0, 4, 0], [3, 10, 7, 6], [6, 0, 7, 0]],
        "G JAX SAME": [[2, 4, 1, 2], [2, 0, 5, 0], [5, 10, 5, 6], [3, 0, 8, 0]],
    }
    for name, y in known.items():
        still.control("preset").select_option(name)
        assert still.values("output").tolist() == y, name
        assert still.control("preset").input_value() == name
    sizes = {"H 17 becomes 6": 6, "H 18 becomes 6, too": 6, "H 6 goes back to 16": 16}
    sizes |= {"H 5 becomes 2": 2, "H 6 becomes 2, too": 2, "H 2 goes back to 5": 5}
    for name, size in sizes.items():
        still.control("preset").select_option(name)
        assert still.values("output").shape == (1, size), name
    options = still.control("preset").locator("option").all_text_contents()
    for name in options[1:]:
        still.control("preset").select_option(name)
        assert still.flagged == set(), name
        assert still.control("preset").input_value() == name
        y = Explorer.preset(name).y
        assert np.allclose(still.values("output"), np.atleast_2d(y), atol=0.0051), name


def test_output_padding_uncovers_what_padding_had_cut(still):
    still.number("padding").fill("1")
    hidden = still.cell("canvas", 8, 1).evaluate("e => writtenIn(e)[0].text")
    still.number("output_padding").fill("1")
    assert still.cell("output", 7, 0).evaluate("e => writtenIn(e)[0].text") == hidden
    assert still.root.locator("[data-view=output].bare").count() == 15
    assert "Dotted: what output padding uncovers" in still.root.inner_text()


def test_counts_show_the_overlap(still):
    still.choose("show", "counts")
    one = ops.conv_transpose2d(np.ones((4, 4), int), np.ones((3, 3), int), stride=2)
    assert still.values("output").tolist() == one.tolist()


def test_playing_adds_up_to_the_whole_in_every_order(still):
    whole = still.values("output")
    x, w = still.values("input"), still.values("kernel")
    for order, steps in (("input", 16), ("output", 81), ("product", 144)):
        still.control("order").select_option(order)
        still.control("scrub").fill(str(steps // 2))
        assert still.root.locator("output").text_content() == f"{steps // 2} of {steps}"
        texts = still.root.evaluate(
            """root => [...root.querySelectorAll('[data-view=output]')].map(
              e => writtenIn(e)[0]?.text ?? '')"""
        )
        texts = np.array(texts).reshape(9, 9)
        part = np.array([[float(text or 0) for text in row] for row in texts])
        if order == "input":
            half = np.where(np.arange(16).reshape(4, 4) < 8, x, 0)
            assert part.tolist() == ops.conv_transpose2d(half, w, stride=2).tolist()
        if order == "output":
            assert part.ravel()[:40].tolist() == whole.ravel()[:40].tolist()
            assert (texts.ravel()[40:] == "").all()
        still.control("scrub").fill(str(steps))
        assert still.values("output").tolist() == whole.tolist()


def rgb(ink):
    """A canvas writes #0a0b0c where a style says rgb(10, 11, 12)."""
    return f"rgb{tuple(bytes.fromhex(ink[1:]))}" if ink.startswith("#") else ink


def test_saved_svg_stands_by_itself(still, tmp_path):
    with still.page.expect_download() as got:
        still.control("save").click()
    path = tmp_path / "explorer.svg"
    got.value.save_as(path)
    text = path.read_text()
    assert "var(" not in text and 'class="c' in text
    page = still.page.context.new_page()
    page.goto(path.as_uri())
    # Every number stands where it stood on the page, in the same letters and the same ink.
    drawn = still.root.evaluate(
        """root => [...root.querySelectorAll('canvas')].flatMap(c => written(c).map(
          t => [t.text, t.font.match(/[\\d.]+px/)[0], t.align, t.ink]))"""
    )
    saved = page.evaluate(
        """() => [...document.querySelectorAll('text')].map(e => {
          const {fontSize, textAnchor, fill} = getComputedStyle(e);
          return [e.textContent, fontSize, {start: 'left', middle: 'center'}[textAnchor], fill];
        })"""
    )
    assert len(saved) > 200
    assert sorted([*words, rgb(ink)] for *words, ink in drawn) == sorted(saved)
    fill = page.evaluate("() => getComputedStyle(document.querySelector('[data-view=input]')).fill")
    assert fill == "rgb(0, 114, 178)"


def test_no_motion_where_none_is_wanted(offline, static):
    page = offline(reduced_motion="reduce")
    page.goto(static())
    stage = Stage(page)
    moving = stage.root.evaluate(
        """root => [...root.querySelectorAll('*')].filter(e => {
          const s = getComputedStyle(e);  // a step of a millisecond tells of a new theme
          return s.animationName !== 'none' || parseFloat(s.transitionDuration) > 0.001;
        }).length"""
    )
    assert moving == 0
