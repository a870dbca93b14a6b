"""A notebook as a page that lives without a kernel, without a server and without the network."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def npm_packages(cache):
    """Install what package-lock.json names below `cache` and return node_modules."""
    home = Path(cache)
    lock = (HERE / "package-lock.json").read_text()
    done = home / "installed.json"
    if not done.exists() or done.read_text() != lock:
        npm = shutil.which("npm")
        assert npm, "npm is needed to install what the browser tests use: https://nodejs.org"
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, home / name)
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        run = subprocess.run(command, cwd=home, capture_output=True, text=True)
        assert run.returncode == 0, run.stderr[-3000:]
        done.write_text(lock)
    return home / "node_modules"


def vendor(folder, modules):
    """Copy the scripts a static page needs beside it."""
    import anywidget

    folder.mkdir(parents=True, exist_ok=True)
    manager = modules / "@jupyter-widgets/html-manager/dist"
    for path in manager.iterdir():
        if path.name == "embed-amd.js" or path.suffix in (".woff2", ".woff", ".ttf", ".svg"):
            shutil.copy(path, folder / path.name)
    shutil.copy(modules / "requirejs/require.js", folder / "require.js")
    package = Path(anywidget.__file__).parent
    shutil.copy(package / "nbextension/index.js", folder / "anywidget.js")


def export(notebook, modules, theme="light"):
    """Execute a notebook and write it, with the state of its widgets, as a page beside it.

    In a process of its own: Playwright keeps an event loop in the calling one.
    """
    folder = notebook.parent / f"{notebook.stem}-{theme}"
    vendor(folder / "vendor", modules)
    command = [sys.executable, "-m", "nbconvert", "--to", "html", "--execute", str(notebook)]
    settings = {
        "theme": theme,
        "require_js_url": "vendor/require.js",
        "widget_renderer_url": "vendor/embed-amd.js",
        "mathjax_url": "",
        "mermaid_js_url": "",
    }
    command += [f"--HTMLExporter.{name}={value}" for name, value in settings.items()]
    command += [f"--output-dir={folder}"]
    here = str(HERE.parents[1])
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([here, os.environ.get("PYTHONPATH", "")])}
    run = subprocess.run(command, capture_output=True, text=True, env=env)
    assert run.returncode == 0, run.stderr[-3000:]
    page = folder / f"{notebook.stem}.html"
    paths = json.dumps({"paths": {"anywidget": "vendor/anywidget"}})
    script = '<script src="vendor/require.js"></script>'
    text = page.read_text()
    assert script in text
    page.write_text(text.replace(script, f"{script}\n<script>require.config({paths});</script>"))
    return page
