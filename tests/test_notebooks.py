"""The house rules over every notebook, and proof that each rule refuses what it is there for.

A rule is a generator: it takes the path and the parsed notebook and yields complaints. Every rule
is run over every notebook, and over a planted fault that it alone is there to catch.
"""

import ast
import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest

from tconv_helpers.save_hook import VIEW

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

LINES = 12  # of a code cell
BYTES = 2_000_000  # of a file
SECONDS = 20  # of a run from the first cell to the last
MEGABYTES = 400  # of the kernel, at its largest

spec = importlib.util.spec_from_file_location("refresh", ROOT / "tools" / "refresh_notebooks.py")
refresh = importlib.util.module_from_spec(spec)
spec.loader.exec_module(refresh)


# ------------------------------------------------------------------------------- reading cells


def source(cell):
    return "".join(cell["source"])


def code_cells(notebook):
    """(number from 1, cell) of every code cell."""
    for number, cell in enumerate(notebook["cells"], start=1):
        if cell["cell_type"] == "code":
            yield number, cell


def outputs(notebook):
    """(number of the cell, output) of every stored output."""
    for number, cell in code_cells(notebook):
        for output in cell["outputs"]:
            yield number, output


def plain(output):
    return "".join(output.get("data", {}).get("text/plain", ""))


def prose(notebook):
    """(number, text) of every Markdown cell, without its code."""
    for number, cell in enumerate(notebook["cells"], start=1):
        if cell["cell_type"] == "markdown":
            text = re.sub(r"^(```|~~~).*?^\1", "", source(cell), flags=re.DOTALL | re.MULTILINE)
            yield number, re.sub(r"`[^`\n]*`", "`…`", text)


def headings(notebook):
    """The heading lines of the notebook, in order, with their #."""
    return [
        line.rstrip()
        for cell in notebook["cells"]
        if cell["cell_type"] == "markdown"
        for line in re.sub(r"^```.*?^```", "", source(cell), flags=re.DOTALL | re.M).splitlines()
        if re.match(r"#{1,6} ", line)
    ]


def anchor(heading):
    """The fragment by which Jupyter links to a heading line."""
    words = re.sub(r"^#+ +", "", heading)
    words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", words)
    return re.sub(r"[`*]", "", words).replace(" ", "-")


# --------------------------------------------------------------------------------------- rules

RULES = {}


def rule(function):
    RULES[function.__name__] = function
    return function


@rule
def name_is_number_verb_object(path, notebook):
    if not re.fullmatch(r"\d\d(-[a-z0-9]+){2,}\.ipynb", path.name):
        yield f"{path.name} is not like 01-slide-a-kernel.ipynb"


@rule
def file_is_under_two_megabytes(path, notebook):
    size = path.stat().st_size
    if size > BYTES:
        yield f"{size:,} bytes, {BYTES:,} are allowed"


@rule
def every_code_cell_ran_in_order(path, notebook):
    for expected, (number, cell) in enumerate(code_cells(notebook), start=1):
        counts = {cell["execution_count"]} | {
            output["execution_count"] for output in cell["outputs"] if "execution_count" in output
        }
        if not source(cell).strip():
            yield f"cell {number} is empty, so nothing runs or compares it"
        elif counts != {expected}:
            yield f"cell {number} has run count {cell['execution_count']}, not {expected}"


@rule
def no_error_is_stored(path, notebook):
    for number, output in outputs(notebook):
        if output["output_type"] == "error":
            yield f"cell {number} stores {output['ename']}"
        if output.get("name") == "stderr":
            yield f"cell {number} stores a warning: {''.join(output['text'])[:80]}"


@rule
def no_widget_is_stored(path, notebook):
    if "widgets" in notebook["metadata"]:
        yield "metadata.widgets is stored"
    for number, output in outputs(notebook):
        if VIEW in output.get("data", {}):
            yield f"cell {number} stores a widget view"


@rule
def stored_as_the_refresh_tool_stores_it(path, notebook):
    ids = [cell.get("id") for cell in notebook["cells"]]
    if None in ids or len(set(ids)) < len(ids):
        yield "cell ids are missing or double"
        return
    again = nbformat.reads(json.dumps(notebook), as_version=4)
    try:
        refresh.clean(again, path)
    except refresh.Stop as stop:
        yield str(stop)
        return
    if nbformat.writes(again) + "\n" != path.read_text(encoding="utf-8"):
        yield "the file is not as tools/refresh_notebooks.py writes it"


@rule
def code_cells_are_short(path, notebook):
    for number, cell in code_cells(notebook):
        lines = len(source(cell).strip().splitlines())
        if lines > LINES:
            yield f"cell {number} has {lines} lines, {LINES} are allowed"


# Names that place ink. Reading a photograph is not drawing one: matplotlib.image.imread is allowed.
INK = set(
    """plt pyplot pylab imshow matshow Figure figure Axes axes subplot subplots gca gcf savefig
    set_title set_xlabel set_ylabel set_xticks set_yticks annotate colorbar Rectangle Circle
    FancyArrow LineCollection ImageDraw Image HTML SVG IFrame display ipywidgets interact
    interactive interactive_output Output rcParams""".split()
)
INK_KEYWORDS = {"figsize", "cmap", "dpi", "facecolor", "edgecolor", "linewidth", "fontsize"}


def names(tree):
    """Every name, attribute and import in `tree`; keywords with a trailing =."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                yield name
            case ast.ImportFrom(module=module, names=imported):
                yield from (alias.name for alias in imported)
                if module and (module, [a.name for a in imported]) != (
                    "matplotlib.image",
                    ["imread"],
                ):
                    yield from (part for part in module.split(".") if part == "matplotlib")
            case ast.Import(names=imported):
                yield from (part for alias in imported for part in alias.name.split("."))
            case ast.keyword(arg=str(name)):
                yield f"{name}="


@rule
def no_pixel_code(path, notebook):
    wanted = INK | {"matplotlib"} | {f"{name}=" for name in INK_KEYWORDS}
    for number, cell in code_cells(notebook):
        lines = source(cell).splitlines()
        if any(re.match(r"\s*[%!]", line) for line in lines):
            yield f"cell {number} holds a magic or shell line; a cell is plain Python"
            continue
        try:
            tree = ast.parse(source(cell))
        except SyntaxError as error:
            yield f"cell {number} is not Python: {error}"
            continue
        for name in sorted(wanted.intersection(names(tree))):
            yield f"cell {number} uses {name}; drawing belongs in tconv_helpers.draw"


@rule
def every_picture_has_a_sentence(path, notebook):
    for number, output in outputs(notebook):
        said = plain(output)
        if re.search(r"<[\w.]+ .*object at|<Figure| at 0x[0-9a-f]+", said):
            yield f"cell {number} shows {said[:60]!r}, which no other run repeats"
        if said.startswith("Panel at ") and "image/png" not in output["data"]:
            yield f"cell {number} shows a panel without its picture: {said[:120]}"
        kinds = [kind for kind in output.get("data", {}) if kind.startswith("image/")]
        for kind in kinds:
            alt = output["metadata"].get(kind, {}).get("alt", "")
            if kind != "image/png":
                yield f"cell {number} stores {kind}; pictures are stored as PNG"
            if len(said.split()) < 3:
                yield f"cell {number} shows a picture with no sentence in text/plain"
            if len(alt.split()) < 3:
                yield f"cell {number} shows a picture with no alt text"


@rule
def nbval_is_never_told_to_look_away(path, notebook):
    for number, cell in code_cells(notebook):
        if re.search(r"NBVAL_", source(cell)):
            yield f"cell {number} holds an NBVAL_ comment"
        for tag in cell["metadata"].get("tags", []):
            if "nbval" in tag.lower() or tag == "raises-exception":
                yield f"cell {number} is tagged {tag}"


@rule
def kernel_is_jupyters_own_python(path, notebook):
    if notebook["metadata"].get("kernelspec") != refresh.KERNELSPEC:
        yield f"kernelspec is {notebook['metadata'].get('kernelspec')}"


@rule
def title_is_one_question(path, notebook):
    titles = [heading for heading in headings(notebook) if heading.startswith("# ")]
    first = notebook["cells"][0]
    if len(titles) != 1:
        yield f"{len(titles)} titles (lines that start with one #); one is needed"
    elif not titles[0].endswith("?"):
        yield f"the title is not a question: {titles[0]}"
    elif first["cell_type"] != "markdown" or not source(first).startswith(titles[0]):
        yield "the title is not the notebook's first line"


@rule
def opens_with_what_it_gives_and_takes(path, notebook):
    opening = ""
    for cell in notebook["cells"]:
        if cell["cell_type"] != "markdown":
            break
        opening += source(cell) + "\n"
    for promise in (r"\*\*You will be able to\*\*", r"\*\*Minutes\*\* \d+", r"\*\*You need\*\* \S"):
        if not re.search(rf"^{promise}", opening, re.MULTILINE):
            yield f"no line before the first code cell matches {promise}"


@rule
def closes_with_the_four_headings(path, notebook):
    wanted = ["## Summary", "## Often confused", "## Exercises", "## Next"]
    if path.name.startswith("00-"):
        wanted = ["## Summary", "## Next"]
    found = [heading for heading in headings(notebook) if heading in wanted]
    if found != wanted:
        yield f"has {found}, needs {wanted} in this order"
    elif [h for h in headings(notebook) if h.startswith("## ")][-len(wanted) :] != wanted:
        yield f"{wanted} are not its last sections"


@rule
def every_image_in_the_text_has_alt(path, notebook):
    for number, text in prose(notebook):
        if re.search(r"!\[\s*\]", text):
            yield f"cell {number} has a Markdown image without alt text"
        for tag in re.findall(r"<img\b[^>]*>", text):
            if not re.search(r"\balt\s*=\s*([\"'])\s*[^\"'\s].*?\1", tag):
                yield f"cell {number} has an <img> without alt text"


@rule
def every_local_link_resolves(path, notebook):
    for number, text in prose(notebook):
        targets = re.findall(r"\]\(\s*<?([^)\s>]+)", text)
        targets += re.findall(r"\b(?:href|src)\s*=\s*[\"']([^\"']+)", text)
        for target in targets:
            if re.match(r"https?://|mailto:", target):
                continue
            name, _, fragment = target.partition("#")
            file = path.parent / unquote(name) if name else path
            if not file.exists():
                yield f"cell {number} links to {target}, but there is no such file"
            elif fragment and file.suffix == ".ipynb":
                there = notebook if file == path else json.loads(file.read_text(encoding="utf-8"))
                if fragment.startswith("cell-id="):  # JupyterLab goes to the cell
                    if fragment.removeprefix("cell-id=") not in [c["id"] for c in there["cells"]]:
                        yield f"cell {number} links to {target}, but no cell has that id"
                elif unquote(fragment) not in map(anchor, headings(there)):
                    yield f"cell {number} links to {target}, but no heading has that name"


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_house_rule(path, name):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert list(RULES[name](path, notebook)) == []


def test_there_are_notebooks():
    assert [path.name[:2] for path in NOTEBOOKS] == [f"{n:02}" for n in range(len(NOTEBOOKS))]
    assert NOTEBOOKS


# ------------------------------------------------------------------------------- planted faults

GOOD = "01-slide-a-kernel.ipynb"


def good():
    """A small notebook that keeps every rule."""

    def code(text, *outputs):
        return nbformat.v4.new_code_cell(text, outputs=list(outputs))

    def result(data, metadata=None):
        return nbformat.v4.new_output("execute_result", data, metadata=metadata or {})

    opening = (
        "# What is it?\n\n**You will be able to**\n\n- see\n\n**Minutes** 5\n\n**You need** sums."
    )
    closing = "## Summary\n\n## Often confused\n\n## Exercises\n\n## Next\n\n[again](#Summary)"
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell(opening),
            code("from matplotlib.image import imread"),
            nbformat.v4.new_markdown_cell("A ![cat in a box](cat.png) and [a file](cat.png)."),
            code(
                "picture",
                result(
                    {"text/plain": "Three cats in boxes.", "image/png": "iVBORw0KGgo="},
                    {"image/png": {"alt": "Three cats in boxes."}},
                ),
            ),
            code("1 + 1", result({"text/plain": "2"})),
            nbformat.v4.new_markdown_cell(closing),
        ],
        metadata={"kernelspec": refresh.KERNELSPEC, "language_info": refresh.language_info()},
    )
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
    return renumber(notebook)


def renumber(notebook):
    for count, (_, cell) in enumerate(code_cells(notebook), start=1):
        cell["execution_count"] = count
        for output in cell["outputs"]:
            if output["output_type"] == "execute_result":
                output["execution_count"] = count
    return notebook


def complaints(folder, notebook, name=GOOD, text=None):
    """The rules that complain of `notebook`, stored in `folder`."""
    (folder / "cat.png").write_bytes(b"")
    path = folder / name
    path.write_text(text or nbformat.v4.writes(notebook) + "\n", encoding="utf-8")
    parsed = json.loads(path.read_text(encoding="utf-8"))
    return {name for name, check in RULES.items() if list(check(path, parsed))}


def test_a_good_notebook_keeps_every_rule(tmp_path):
    assert complaints(tmp_path, good()) == set()


FAULTS = []


def fault(*caught_by):
    """Plant a fault in the good notebook; exactly these rules complain."""

    def add(function):
        FAULTS.append(pytest.param(function, set(caught_by), id=function.__name__))
        return function

    return add


def set_source(cell, text):
    def plant(notebook):
        notebook.cells[cell].source = text

    return plant


def fault_in_code(name, text, caught_by):
    FAULTS.append(pytest.param(set_source(4, text), {caught_by}, id=name))


def fault_in_text(name, text, caught_by, cell=2):
    FAULTS.append(pytest.param(set_source(cell, text), {caught_by}, id=name))


for ink in (
    "plt.show()",
    "import matplotlib.pyplot as plt",
    "import matplotlib",
    "from matplotlib import pyplot",
    "from matplotlib.figure import Figure",
    "from matplotlib.image import imread, imsave",
    "axes.plot(x)",
    "a.imshow(x)",
    "draw.grid(x, cmap='gray')",
    "import ipywidgets",
    "from IPython.display import HTML",
    "%matplotlib inline",
    "!ls",
):
    fault_in_code(ink, ink, "no_pixel_code")
fault_in_code("syntax error", "1 +", "no_pixel_code")
fault_in_code("13 lines", "\n".join(["1"] * 13), "code_cells_are_short")
fault_in_code("empty cell", "", "every_code_cell_ran_in_order")
fault_in_code("nbval comment", "# NBVAL_SKIP\n1", "nbval_is_never_told_to_look_away")
fault_in_text("image without alt", "![](cat.png)", "every_image_in_the_text_has_alt")
fault_in_text("img without alt", '<img src="cat.png">', "every_image_in_the_text_has_alt")
fault_in_text("img, empty alt", '<img alt="" src="cat.png">', "every_image_in_the_text_has_alt")
fault_in_text("dead link", "[a](dog.png)", "every_local_link_resolves")
fault_in_text("dead href", '<a href="dog.png">a</a>', "every_local_link_resolves")
fault_in_text("dead anchor", "[a](#Sumary)", "every_local_link_resolves")
fault_in_text("dead cell of a file", f"[a]({GOOD}#cell-id=no)", "every_local_link_resolves")
fault_in_text("dead anchor of a file", f"[a]({GOOD}#No)", "every_local_link_resolves")
fault_in_text("second title", "# And what is that?", "title_is_one_question")
fault_in_text("early summary", "## Summary", "closes_with_the_four_headings")

OPENING = good().cells[0].source
CLOSING = good().cells[-1].source
for promise in ("**You will be able to**", "**Minutes** 5", "**You need** sums."):
    FAULTS.append(
        pytest.param(
            set_source(0, OPENING.replace(promise, "")),
            {"opens_with_what_it_gives_and_takes"},
            id=f"no {promise}",
        )
    )
fault_in_text("title states", OPENING.replace("it?", "it"), "title_is_one_question", cell=0)
fault_in_text("words before title", "Hello.\n\n" + OPENING, "title_is_one_question", cell=0)
for heading in ("## Often confused", "## Exercises", "## Next"):
    fault_in_text(
        f"no {heading}", CLOSING.replace(heading, ""), "closes_with_the_four_headings", cell=-1
    )
fault_in_text("a section after", CLOSING + "\n\n## More", "closes_with_the_four_headings", cell=-1)


@fault("every_code_cell_ran_in_order")
def null_count(notebook):
    notebook.cells[1].execution_count = None


@fault("every_code_cell_ran_in_order")
def second_run(notebook):
    for _, cell in code_cells(notebook):
        cell.execution_count += 3
        for output in cell.outputs:
            output.execution_count += 3


@fault("every_code_cell_ran_in_order")
def out_of_order(notebook):
    notebook.cells[1].execution_count, notebook.cells[4].execution_count = 3, 1
    notebook.cells[4].outputs[0].execution_count = 1


@fault("no_error_is_stored")
def stored_error(notebook):
    notebook.cells[1].outputs = [
        nbformat.v4.new_output("error", ename="NameError", evalue="x", traceback=[])
    ]


@fault("no_error_is_stored")
def stored_warning(notebook):
    notebook.cells[1].outputs = [nbformat.v4.new_output("stream", name="stderr", text="careful")]


@fault("no_widget_is_stored", "stored_as_the_refresh_tool_stores_it")
def stored_view(notebook):
    notebook.cells[3].outputs[0].data[VIEW] = {"model_id": "1"}


@fault("no_widget_is_stored", "stored_as_the_refresh_tool_stores_it")
def stored_widget_state(notebook):
    notebook.metadata["widgets"] = {}


@fault("stored_as_the_refresh_tool_stores_it")
def stored_times(notebook):
    notebook.cells[1].metadata["execution"] = {"iopub.execute_input": "2030-01-01T00:00:00"}


@fault("stored_as_the_refresh_tool_stores_it")
def stored_python_of_this_machine(notebook):
    notebook.metadata.language_info["version"] = "3.99.9"


@fault("stored_as_the_refresh_tool_stores_it")
def double_ids(notebook):
    notebook.cells[1].id = notebook.cells[2].id


@fault("stored_as_the_refresh_tool_stores_it")
def stored_path(notebook):
    notebook.cells[4].outputs[0].data["text/plain"] = f"'{ROOT / 'notebooks'}/cat.png'"


@fault("kernel_is_jupyters_own_python", "stored_as_the_refresh_tool_stores_it")
def own_kernel(notebook):
    notebook.metadata.kernelspec["display_name"] = ".venv"


@fault("every_picture_has_a_sentence")
def figure_repr(notebook):
    notebook.cells[3].outputs[0].data["text/plain"] = "<Figure size 640x480 with 1 Axes>"


@fault("every_picture_has_a_sentence")
def address_in_repr(notebook):
    notebook.cells[4].outputs[0].data["text/plain"] = "[<function f at 0x7f00>]"


@fault("every_picture_has_a_sentence")
def picture_without_alt(notebook):
    notebook.cells[3].outputs[0].metadata = {}


@fault("every_picture_has_a_sentence")
def picture_without_text(notebook):
    del notebook.cells[3].outputs[0].data["text/plain"]


@fault("every_picture_has_a_sentence")
def panel_without_picture(notebook):
    notebook.cells[4].outputs[0].data["text/plain"] = "Panel at k=3. k=3 does not work here."


@fault("nbval_is_never_told_to_look_away")
def nbval_tag(notebook):
    notebook.cells[1].metadata["tags"] = ["nbval-ignore-output"]


@fault("nbval_is_never_told_to_look_away")
def raises_tag(notebook):
    notebook.cells[1].metadata["tags"] = ["raises-exception"]


@fault("file_is_under_two_megabytes")
def large_file(notebook):
    notebook.cells[4].outputs[0].data["text/plain"] = "1" * BYTES


@pytest.mark.parametrize(("plant", "caught_by"), FAULTS)
def test_planted_fault_is_caught(tmp_path, plant, caught_by):
    notebook = good()
    plant(notebook)
    assert complaints(tmp_path, notebook) == caught_by


@pytest.mark.parametrize("name", ["chapter.ipynb", "1-slide-a.ipynb", "01-Slide-it.ipynb"])
def test_planted_name_is_caught(tmp_path, name):
    notebook = good()
    assert complaints(tmp_path, notebook, name) == {"name_is_number_verb_object"}


def test_other_formatting_is_caught(tmp_path):
    text = json.dumps(good(), indent=2)
    assert complaints(tmp_path, good(), text=text) == {"stored_as_the_refresh_tool_stores_it"}


def test_every_rule_has_a_planted_fault():
    caught = set().union(*(param.values[1] for param in FAULTS)) | {"name_is_number_verb_object"}
    assert caught == set(RULES)


# ------------------------------------------------------------------------------------ execution

# Runs every code cell twice in place, in a process of its own, so that the kernel is the largest
# child it has waited for. Prints what the test judges.
RUN_TWICE = """
import json, resource, sys, time
import nbformat
from nbclient import NotebookClient

path, folder, view = sys.argv[1:]
notebook = nbformat.read(path, as_version=4)
client = NotebookClient(
    notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": folder}},
    coalesce_streams=True, extra_arguments=["--log-level=ERROR"],
)

def outputs(cell, index):
    client.execute_cell(cell, index)
    shown = json.loads(json.dumps(cell.outputs))
    for output in shown:
        output.pop("execution_count", None)
        output.get("data", {}).pop(view, None)
    return shown

seconds, changed, start = 0, [], time.perf_counter()
with client.setup_kernel():
    seconds += time.perf_counter() - start
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            start = time.perf_counter()
            first = outputs(cell, index)
            seconds += time.perf_counter() - start
            if outputs(cell, index) != first:
                changed.append(index + 1)
size = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
size *= 1 if sys.platform == "darwin" else 1024
print(json.dumps({"seconds": seconds, "megabytes": size / 1e6, "changed": changed}))
"""


def run_twice(path):
    done = subprocess.run(
        [sys.executable, "-c", RUN_TWICE, path, path.parent, VIEW], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_runs_twice_fast_and_small(path):
    run = run_twice(path)
    assert run["changed"] == [], "cells that show something else when they run again"
    assert run["seconds"] < SECONDS
    assert run["megabytes"] < MEGABYTES


def write(path, *sources):
    """A notebook of these code cells, as an author first saves it."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(s) for s in sources])
    nbformat.write(notebook, path)
    return path


def test_a_cell_that_cannot_run_twice_a_slow_and_a_large_one_are_noticed(tmp_path):
    sources = ["n = 0", "n += 1\nn", "import time\ntime.sleep(1.5)", "big = b'1' * 300_000_000"]
    run = run_twice(write(tmp_path / "a.ipynb", *sources))
    assert run["changed"] == [2]
    assert 1.5 < run["seconds"] < SECONDS
    assert run["megabytes"] > 300


def test_an_error_in_a_cell_fails_the_run(tmp_path):
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        run_twice(write(tmp_path / "a.ipynb", "1 / 0"))


# -------------------------------------------------------------------------- the refreshing tool


def tool(*arguments):
    command = [sys.executable, ROOT / "tools" / "refresh_notebooks.py", *arguments]
    return subprocess.run(command, capture_output=True, text=True)


LIVE = """
import ipywidgets, warnings
from matplotlib.figure import Figure
from tconv_helpers import widgets
from tconv_helpers.picture import Picture
widgets.Panel(lambda n: Picture(Figure(figsize=(n, 1)), f"A card {n} wide."), n=(1, 3))
"""


def test_refreshing_keeps_pictures_drops_views_and_is_stable(tmp_path):
    path = write(
        tmp_path / "a.ipynb", LIVE, "import ipywidgets\nipywidgets.IntSlider()", "print(1)"
    )
    assert tool("--check", path).returncode == 1
    assert 'execution_count": null' in path.read_text()
    first = tool(path)
    assert (first.returncode, first.stdout.split(" (")[0]) == (0, "a.ipynb: written")
    stored = path.read_bytes()
    notebook = json.loads(stored)
    assert set(notebook["cells"][0]["outputs"][0]["data"]) == {"image/png", "text/plain"}
    assert set(notebook["cells"][1]["outputs"][0]["data"]) == {"text/plain"}
    assert [cell["execution_count"] for cell in notebook["cells"]] == [1, 2, 3]
    assert notebook["metadata"]["kernelspec"] == refresh.KERNELSPEC
    again = tool(path)
    assert (again.returncode, again.stdout.split(" (")[0]) == (0, "a.ipynb: unchanged")
    assert path.read_bytes() == stored
    assert tool("--check", path).returncode == 0
    assert list(tmp_path.iterdir()) == [path]


def test_refreshing_the_first_notebook_twice_changes_no_byte(tmp_path):
    path = tmp_path / "00-start-here.ipynb"
    (tmp_path / "data").symlink_to(ROOT / "notebooks" / "data")
    path.write_bytes(NOTEBOOKS[0].read_bytes())
    assert tool(path).returncode == 0
    stored = path.read_bytes()
    assert tool(path).returncode == 0
    assert path.read_bytes() == stored


@pytest.mark.parametrize(
    ("last", "said"),
    [
        ("{}['k']", "a.ipynb: cell 2 ({}['k']): KeyError: 'k'"),
        ("import os\nos.getcwd() + '/'", "a.ipynb: cell 2 (import os): the output names a place"),
        ("import os\nos._exit(1)", "a.ipynb: cell 2 (import os): the kernel died"),
    ],
)
def test_trouble_is_named_and_the_file_untouched(tmp_path, last, said):
    path = write(tmp_path / "a.ipynb", "1", last)
    before = path.read_bytes()
    done = tool(path)
    assert done.returncode == 2
    assert done.stderr.startswith(said)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_tagged_error_is_still_an_error(tmp_path):
    path = write(tmp_path / "a.ipynb", "1 / 0")
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].metadata["tags"] = ["raises-exception"]
    nbformat.write(notebook, path)
    done = tool(path)
    assert done.returncode == 2
    assert "cell 1 (1 / 0): ZeroDivisionError" in done.stderr


def test_what_is_no_notebook_is_named(tmp_path):
    (tmp_path / "a.ipynb").write_text("not JSON")
    done = tool(tmp_path / "a.ipynb", tmp_path / "b.ipynb")
    assert done.returncode == 2
    assert done.stderr.startswith("a.ipynb: cannot be read as a notebook")


def test_missing_cell_ids_are_given_the_same_way_every_time():
    cells = [{"id": "a"}, {}, {"id": "a"}, {"id": "cell-2"}]
    refresh.name_cells(cells)
    assert [cell["id"] for cell in cells] == ["a", "cell-2", "ax", "cell-2x"]
