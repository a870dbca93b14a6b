"""Execute the notebooks and store their outputs so that the same code gives the same bytes.

    python tools/refresh_notebooks.py                  every notebook of notebooks/
    python tools/refresh_notebooks.py a.ipynb b.ipynb  only these
    python tools/refresh_notebooks.py --check          write nothing, exit 1 if a file would change

Each notebook runs from its first cell to its last in a fresh kernel of its own, in its own folder.
What a later kernel or another machine could not reproduce is not stored: widget views and widget
state (the picture beside them stays), run times, the Python version. An error in a cell stops the
tool and leaves that file as it was, and so does an output that names a folder of this machine:
rewriting it here would make nbval compare it with something no cell prints.
"""

import argparse
import json
import os
import re
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from tconv_helpers.save_hook import VIEW

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
CELL_TIMEOUT = 120  # seconds

KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
# What the kernel says of itself, but for its version, which differs between machines.
LANGUAGE = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}


def language_info():
    """What a notebook stores of its language: the Python that environment.yml pins.

    JupyterLab marks a file as changed on opening when this version is not the kernel's own, so it
    is the one that a reader in a pinned environment has, whichever Python refreshed the file.
    """
    environment = NOTEBOOKS.parent / "environment.yml"
    text = environment.read_text(encoding="utf-8") if environment.exists() else ""
    pinned = re.search(r"^\s*-\s*python\s*=+\s*(\d+\.\d+\.\d+)\s*$", text, re.MULTILINE)
    return {**LANGUAGE, "version": pinned[1]} if pinned else dict(LANGUAGE)


class Stop(Exception):
    """A notebook that must not be stored, with the reason as its message."""


def read(path):
    """The notebook at `path`, in the newest minor format, each cell with an id that stays."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise Stop(f"{path.name}: cannot be read as a notebook: {error}") from error
    if raw.get("nbformat") != 4:
        raise Stop(f"{path.name}: nbformat {raw.get('nbformat')!r}, but format 4 is needed")
    raw["nbformat_minor"] = max(5, raw.get("nbformat_minor", 0))
    name_cells(raw["cells"])
    return nbformat.reads(json.dumps(raw), as_version=4)


def name_cells(cells):
    """Keep every cell id that is there and unique; number the others, never at random."""
    seen = set()
    for number, cell in enumerate(cells, start=1):
        name = cell.get("id")
        while not name or name in seen:
            name = f"cell-{number}" if name is None else f"{name}x"
        cell["id"] = name
        seen.add(name)


def where(notebook, index):
    """Cell `index`, named so that a reader finds it."""
    lines = notebook.cells[index].source.strip().splitlines() or [""]
    return f"cell {index + 1} ({lines[0][:60]})"


def execute(notebook, path):
    """Run every cell of `notebook` in a fresh kernel, in the folder of `path`."""
    running = [0]

    def begin(cell, cell_index):
        running[0] = cell_index

    client = NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT,
        kernel_name=KERNELSPEC["name"],
        resources={"metadata": {"path": str(path.parent)}},
        record_timing=False,
        coalesce_streams=True,  # how a stream is cut into messages is a matter of timing
        store_widget_state=False,
        extra_arguments=["--log-level=ERROR"],  # not a warning a kernel about loopback sockets
        on_cell_execute=begin,
    )
    # An empty profile: a user's own start-up files are not part of the course.
    with tempfile.TemporaryDirectory() as profile:
        try:
            client.execute(env={**os.environ, "IPYTHONDIR": profile})
        except CellTimeoutError:
            trouble = f"still running after {CELL_TIMEOUT} s"
        except DeadKernelError:
            trouble = "the kernel died"
        except CellExecutionError as error:
            trouble = f"{error.ename}: {error.evalue}"
        else:
            trouble = None
    if trouble:
        raise Stop(f"{path.name}: {where(notebook, running[0])}: {trouble}")
    # A cell tagged raises-exception does not stop nbclient; a stored error is still an error.
    for index, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                raise Stop(
                    f"{path.name}: {where(notebook, index)}: {output.ename}: {output.evalue}"
                )


def clean(notebook, path):
    """Remove from the executed `notebook` all that another run could not repeat."""
    metadata = notebook.metadata
    metadata.pop("widgets", None)
    metadata["kernelspec"] = dict(KERNELSPEC)
    metadata["language_info"] = language_info()
    places = (NOTEBOOKS.parent, path.resolve().parent, Path.home(), sys.prefix)
    folders = {f"{place}{os.sep}" for place in places}
    folders.add("ipykernel_")  # the temporary file a traceback or a warning names
    for index, cell in enumerate(notebook.cells):
        for key in ("execution", "ExecuteTime", "collapsed"):
            cell.metadata.pop(key, None)
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(VIEW, None)
            output.get("metadata", {}).pop(VIEW, None)
            words = {k: v for k, v in output.get("data", {}).items() if not k.startswith("image/p")}
            words["stream"] = output.get("text", "")
            said = json.dumps(words, ensure_ascii=False)
            for folder in folders:
                if json.dumps(folder)[1:-1] in said:
                    raise Stop(
                        f"{path.name}: {where(notebook, index)}: "
                        f"the output names a place on this machine: {folder}"
                    )


def refreshed(path):
    """The text that `path` should hold: executed, cleaned, formatted as Jupyter formats it."""
    notebook = read(path)
    execute(notebook, path)
    clean(notebook, path)
    nbformat.validate(notebook)
    return nbformat.writes(notebook) + "\n"


def replace(path, text):
    """Write `text` to `path` in one step, so that an interrupted run leaves a whole file."""
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, encoding="utf-8", newline="\n")
    beside.replace(path)


def main(arguments=None):
    parser = argparse.ArgumentParser(
        description="Execute notebooks and store their outputs, byte for byte repeatable."
    )
    parser.add_argument("notebooks", nargs="*", type=Path, help="default: all of notebooks/")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 if a file would change"
    )
    options = parser.parse_args(arguments)
    paths = [path.resolve() for path in options.notebooks] or sorted(NOTEBOOKS.glob("*.ipynb"))
    stale = 0
    for path in paths:
        start = time.perf_counter()
        try:
            text = refreshed(path)
        except Stop as stop:
            print(stop, file=sys.stderr)
            return 2
        changed = text.encode() != path.read_bytes()
        stale += changed
        if changed and not options.check:
            replace(path, text)
        word = ("would change" if options.check else "written") if changed else "unchanged"
        print(f"{path.name}: {word} ({time.perf_counter() - start:.1f} s)", flush=True)
    return 1 if options.check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
