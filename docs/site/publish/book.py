"""Write the source of the web book: the course as Sphinx wants it, from the files of the course.

The source mirrors the repository (notebooks/, docs/), so that a link that is right there is right
here. What is changed on the way: links to a cell become links to a place on a page, live outputs
become HTML, and each picture gets its alt text.
"""

import ast
import re
import runpy
import shutil
from pathlib import Path

import nbformat

from . import live
from .execute import ROOT, chapters

SITE = ROOT / "docs" / "site"
PACKAGE = ROOT / "tconv_helpers"
NOT_FOR_READERS = {"server", "save_hook"}  # the notebook server loads these
CELL = re.compile(r"\]\((?:[\w./-]*/)?([\w.-]*\.ipynb)?#cell-id=([\w.-]+)\)")


def write(stage, pages, assets):
    """Fill the folder `stage`; `pages` are the executed notebooks, `assets` a live.Assets."""
    if stage.exists():
        shutil.rmtree(stage)
    (stage / "notebooks").mkdir(parents=True)
    guides = [*(ROOT / "docs").glob("*.md"), *(ROOT / "docs").glob("*/*.md")]
    guides = sorted(path.relative_to(ROOT) for path in guides if path.parent != SITE)
    notebooks = {path.name: nbformat.read(path, as_version=4) for path in pages}
    words = "\n".join(cell.source for nb in notebooks.values() for cell in nb.cells)
    linked = [path.relative_to(ROOT) for path in _local(words, Path("notebooks"))]
    documents = _with_what_they_link_to([*guides, *(p for p in linked if p.suffix == ".md")])
    _bring(words, Path("notebooks"), stage)
    texts = [(None, text) for text in documents.values()]
    texts += [(n, c.source) for n, nb in notebooks.items() for c in nb.cells if "id" in c]
    wanted = {
        (Path(name or here).name, cell) for here, text in texts for name, cell in CELL.findall(text)
    }
    for name, notebook in notebooks.items():
        title, _, text = notebook.cells[0].source.partition("\n")
        notebook.cells[0].source = f"{title}\n\n{_ways(Path(name).stem)}\n{text}"
        states = live.models(notebook)
        notebook.cells = [
            new
            for cell in notebook.cells
            for new in _cells(cell, name, wanted, notebooks, states, assets)
        ]
        notebook.metadata.pop("widgets", None)
        nbformat.write(notebook, stage / "notebooks" / name)
    for path, text in documents.items():
        orphan = "" if path in guides else "---\norphan: true\n---\n\n"
        _put(stage / path, orphan + _linked(text, "", notebooks))
        _bring(text, path.parent, stage)
    _pages(stage, pages, notebooks, assets, guides)


def _with_what_they_link_to(paths):
    """Path in the repository → text of these Markdown files and of those they lead to."""
    found, waiting = {}, list(paths)
    while waiting:
        path = waiting.pop(0)
        if path in found:
            continue
        found[path] = (ROOT / path).read_text("utf-8")
        for target in _local(found[path], path.parent):
            if target.suffix == ".md":
                waiting.append(target.relative_to(ROOT))
    return found


def _local(text, folder):
    """The files of the repository that a Markdown text links to or shows."""
    for target in re.findall(r"\]\(([^)#\s]+)", text):
        path = (ROOT / folder / target).resolve()
        if "://" not in target and path.is_file() and ROOT in path.parents:
            yield path


def _ways(stem):
    """The other forms of a chapter, for the line below its title."""
    return (
        f'<p class="tconv-ways"><a href="../slides/{stem}.html">Slides</a> · '
        f'<a href="../slides/handouts/{stem}.html">Handout</a> · '
        f'<a href="../_sources/notebooks/{stem}.ipynb" download>Notebook</a></p>'
    )


def label(notebook, cell):
    """The name of a cell's place, unique over the course."""
    return f"cell-{notebook[:2]}-{cell}"


def _linked(text, here, notebooks):
    """The text with links to cells as MyST writes them, and none to a chapter that is not there."""

    def there(match):
        return match[0] if match[2] in notebooks else match[1]

    text = re.sub(r"\[([^\]]*)\]\((?:[\w./-]*/)?(\d\d-[\w-]+\.ipynb)(?:#[^)]*)?\)", there, text)
    return CELL.sub(lambda m: f"](#{label(Path(m[1] or here).name, m[2])})", text)


def _cells(cell, name, wanted, notebooks, states, assets):
    """One cell of the book for a cell of a notebook, after its place if something links there."""
    here = label(name, cell.id) if (name, cell.id) in wanted else None
    if cell.cell_type == "markdown":
        cell.source = _linked(cell.source, name, notebooks)
        if here:
            cell.source = f"({here})=\n{cell.source}"
        yield cell
        return
    if here:
        yield nbformat.v4.new_markdown_cell(f"({here})=", id=f"place-{cell.id}")
    for output in cell.get("outputs", []):
        if live.is_live(output, states):
            html = live.markup(output, states, assets, "../_static/live/")
            output["data"], output["metadata"] = {"text/html": html}, {}
            continue
        output.get("data", {}).pop(live.VIEW, None)
        if "image/png" in output.get("data", {}):
            words, width, _ = live.alt(output)
            # myst-nb does not read the alt text of an output, but that of a cell.
            cell.metadata["mystnb"] = {"image": {"alt": words, "width": f"{width}px"}}
    yield cell


def _bring(text, folder, stage):
    """Copy what a page links to, or shows, to the same place in the book."""
    for path in _local(text, folder):
        if path.suffix not in {".md", ".ipynb"}:
            there = stage / path.relative_to(ROOT)
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, there)


def _put(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


# --------------------------------------------------------------------- pages that are put together


def cell_of(notebook, key):
    return next((cell for cell in notebook.cells if cell.get("id") == key), None)


def _outline(path):
    """(title, minutes) of a chapter."""
    first = nbformat.read(path, as_version=4).cells[0].source
    minutes = re.search(r"\*\*Minutes\*\* (\d+)", first)
    return first.splitlines()[0].removeprefix("# "), int(minutes[1])


def short(name):
    """ "04-choose-stride-and-padding" → "Choose stride and padding"."""
    return name[3:].replace("-", " ").capitalize()


def _films(assets):
    """The figures of convolution arithmetic: every pair as two films."""
    lines = [
        "# The figures, step by step",
        "",
        "A convolution writes an output value a step. Its transpose stamps an input value a step.",
        "The films stand still until you press *Play*; the slider moves them, too.",
    ]
    for name, title, film in runpy.run_path(str(ROOT / "tools" / "make_figures.py"))["figures"]():
        where = dict(folder=assets.folder / "films" / name, address=f"_static/live/films/{name}/")
        page = film.page(title, scale=1, **where)
        lines += ["", f"## {title}", "", "```{raw} html", page, "```"]
    return "\n".join(lines) + "\n"


def _pages(stage, pages, notebooks, assets, documents):
    start = nbformat.read(pages[0], as_version=4)
    states = live.models(start)
    explorer = next(
        output
        for cell in start.cells
        for output in cell.get("outputs", [])
        if live.is_live(output, states) and live.FRAMES not in output["data"]
    )
    rows, toc = [], []
    for path in chapters():
        if path.name not in notebooks:
            continue
        title, minutes = _outline(path)
        stem = path.stem
        rows.append(
            f"| {stem[:2]} | [{title}](notebooks/{path.name}) | {minutes} "
            f'| <a href="slides/{stem}.html">slides</a> '
            f'· <a href="slides/handouts/{stem}.html">handout</a> |'
        )
        toc.append(f"{stem[:2]} {short(stem)} <notebooks/{stem}>")
    guides = [f"/{path.with_suffix('').as_posix()}" for path in documents]
    text = (SITE / "index.md").read_text("utf-8")
    for key, value in {
        "EXPLORER": live.markup(explorer, states, assets, "_static/live/"),
        "CHAPTERS": "\n".join(rows),
        "TOC": "\n".join(toc),
        "GUIDES": "\n".join(guides),
    }.items():
        text = text.replace(f"@{key}@", value)
    _put(stage / "index.md", text)
    _put(stage / "glossary.md", (SITE / "glossary.md").read_text("utf-8"))
    _put(stage / "questions.md", _questions(notebooks))
    _put(stage / "figures.md", _films(assets))
    names = _modules()
    listed = "\n".join(f"{name}" for name in names)
    _put(
        stage / "api/index.md",
        "# The package\n\nWhat `tconv_helpers` computes, draws and judges, from its docstrings. "
        "Every example in them runs as a test.\n\n"
        + "".join(f"- {{doc}}`{name}`: {_said(name)}\n" for name in names)
        + f"\n```{{toctree}}\n:hidden:\n{listed}\n```\n",
    )
    for name in names:
        imported = "\n:imported-members:" if (PACKAGE / name).is_dir() else ""
        _put(
            stage / f"api/{name}.md",
            f"# {name}\n\n```{{eval-rst}}\n.. automodule:: tconv_helpers.{name}\n   :members:"
            + imported.replace("\n", "\n   ")
            + "\n   :member-order: bysource\n```\n",
        )


def _modules():
    """The rooms of the package that a reader may import, computing ones first."""
    found = {path.stem if path.suffix else path.name for path in PACKAGE.iterdir()
             if path.suffix == ".py" or (path / "__init__.py").exists()}  # fmt: skip
    first = ["ops", "sizes", "upsample", "artifacts", "frameworks", "architectures", "draw"]
    names = {n for n in found if not n.startswith("_") and n not in NOT_FOR_READERS}
    return [n for n in first if n in names] + sorted(names - set(first))


def _said(name):
    path = PACKAGE / name / "__init__.py" if (PACKAGE / name).is_dir() else PACKAGE / f"{name}.py"
    return (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").splitlines()[0]


def _questions(notebooks):
    """The index of chapter 00, then what each chapter says is often confused."""
    names = sorted(notebooks)
    index = cell_of(notebooks[names[0]], "questions")
    text = ["# Where is my question answered?\n"]
    if index is not None:
        text.append(_moved(index.source.split("\n", 1)[1], names[0]))
    text.append("\n## Often confused, chapter by chapter\n")
    for name in names:
        cell = cell_of(notebooks[name], "confused")
        if cell is None:
            cell = next(
                (c for c in notebooks[name].cells if c.source.startswith("## Often confused")), None
            )
        if cell is not None:
            table = cell.source.split("## Often confused", 1)[1]
            text.append(f"### [{name[:2]} {short(name[:-6])}](notebooks/{name})\n")
            text.append(_moved(table, name))
    return "\n".join(text) + "\n"


def _moved(text, here):
    """The text of a chapter, for a page one folder up: links to chapters lead into notebooks/."""
    text = re.sub(r"^\([\w.-]+\)=\n", "", text, flags=re.M)
    text = re.sub(r"\]\(#(?!cell-)", f"](notebooks/{here}#", text)
    return re.sub(r"\]\((\d\d-[\w-]+\.ipynb)", r"](notebooks/\1", text)


def project_urls(pyproject):
    """The [project.urls] of a pyproject.toml: the one place that knows public addresses."""
    import tomllib

    return tomllib.loads(Path(pyproject).read_text("utf-8"))["project"].get("urls", {})


def theme_options(urls):
    """The theme's buttons: to the repository and to Binder, where there is an address.

    >>> theme_options({})["use_repository_button"]
    False
    """
    repository = urls.get("Repository") or urls.get("Source") or ""
    options = {"use_repository_button": bool(repository), "use_download_button": True}
    if repository:
        binder = {"binderhub_url": urls.get("Binder", "https://mybinder.org")}
        options |= {
            "repository_url": repository,
            "repository_branch": "main",
            "use_issues_button": True,
            "launch_buttons": {**binder, "notebook_interface": "jupyterlab"},
        }
    return options


def restore_downloads(out):
    """What the download button gives is the chapter itself, not what the book made of it."""
    for path in chapters():
        there = out / "_sources" / "notebooks" / path.name
        if there.exists():
            shutil.copy(path, there)


def load_pictures_when_seen(out):
    """A chapter has many pictures: the page is there before those further down are."""
    for path in (out / "notebooks").glob("*.html"):
        text = path.read_text("utf-8")
        path.write_text(re.sub(r"<img (?![^>]*loading=)", '<img loading="lazy" ', text), "utf-8")
