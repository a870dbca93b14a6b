"""Fixtures of the browser tests: a real Jupyter server on loopback and a real Chromium.

server          a `lab.Server` for the whole run; `server.root` is a copy of notebooks/
write_notebook  write_notebook(name, sources) puts a notebook of code cells into `server.root`
run_notebook    run_notebook(name, sources, app) writes it, opens it in this application and runs it
browser         Chromium for the whole run
errors          what the page's console and scripts complained of, a list of strings
page            a fresh page. Requests that leave loopback are refused; after the test one such
                request, or one entry in `errors`, fails it, and every kernel is ended

`lab` has the verbs: open_notebook, run_all, run_last, settle, save, restart. Both front ends are
worth a test where keys matter: JupyterLab takes its shortcuts as an event bubbles up, Notebook 7 on
its way down, so there only a capturing listener on the window comes first. Playwright keeps an
event loop in this process: a notebook that runs outside the browser needs a process of its own.
"""

import shutil
from pathlib import Path

import lab
import nbformat
import pytest
from playwright.sync_api import sync_playwright

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    root = tmp_path_factory.mktemp("served") / "notebooks"
    shutil.copytree(NOTEBOOKS, root, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    server = lab.Server(root, tmp_path_factory.mktemp("server"))
    yield server
    server.stop()


@pytest.fixture
def write_notebook(server):
    def write(name, sources):
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(source) for source in sources],
            metadata={
                "kernelspec": {
                    "display_name": "Python 3 (ipykernel)",
                    "language": "python",
                    "name": "python3",
                }
            },
        )
        path = server.root / name
        nbformat.write(notebook, path)
        return path

    return write


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = lab.launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def errors():
    return []


@pytest.fixture
def page(server, browser, errors):
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    outside = []
    lab.watch(context, outside, errors)
    yield context.new_page()
    context.close()
    server.end_kernels()
    assert outside == [], "the page asked for something outside this machine"
    assert errors == [], "the page's console shows errors"


@pytest.fixture
def run_notebook(page, server, write_notebook, errors):
    def run(name, sources, app):
        write_notebook(name, sources)
        lab.open_notebook(page, server, name, app)
        if app == "notebooks":
            errors.clear()  # Notebook 7 complains of itself while it starts
        lab.run_all(page)
        return page

    return run
