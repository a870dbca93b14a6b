"""Execute copies of the notebooks, with the state of their widgets and the frames of their panels.

The notebooks of the course are read and never written.
"""

import hashlib
import json
import os
import shutil
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import nbformat
from nbclient import NotebookClient

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
NOTEBOOKS = ROOT / "notebooks"
CELL_TIMEOUT = 600  # seconds; drawing the frames of a panel is part of its cell


def chapters():
    return sorted(NOTEBOOKS.glob("[0-9][0-9]-*.ipynb"))


def executed(folder, paths=None):
    """Path of the executed copy of each notebook in `folder`, made anew where something changed."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = chapters() if paths is None else paths
    shared = _digest(
        *(ROOT / "tconv_helpers").rglob("*.*py"),
        *(ROOT / "tconv_helpers").rglob("*.mjs"),
        *(ROOT / "tconv_helpers").rglob("*.css"),
        *(NOTEBOOKS / "data").iterdir(),
        *HERE.glob("[er]*.py"),
        ROOT / "requirements.txt",
    )
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(partial(_executed, folder=folder, shared=shared), paths))


def _executed(path, folder, shared):
    copy, stamp = folder / path.name, folder / f"{path.stem}.stamp"
    wanted = f"{shared} {_digest(path)} {sys.version}"
    if copy.exists() and stamp.exists() and stamp.read_text() == wanted:
        return copy
    notebook = nbformat.read(path, as_version=4)
    # In a folder of its own, so that nothing is ever written beside the sources; and with an empty
    # profile, because a user's own start-up files are not part of the course.
    with tempfile.TemporaryDirectory() as scratch:
        work, profile = Path(scratch) / "notebooks", Path(scratch) / "profile"
        profile.mkdir()
        shutil.copytree(NOTEBOOKS, work, ignore=shutil.ignore_patterns("*.ipynb", ".*"))
        NotebookClient(
            notebook,
            timeout=CELL_TIMEOUT,
            kernel_name="python3",
            resources={"metadata": {"path": str(work)}},
            record_timing=False,
            coalesce_streams=True,
            extra_arguments=[
                "--log-level=ERROR",
                f"--IPKernelApp.exec_files={HERE / 'record_panels.py'}",
            ],
        ).execute(env={**os.environ, "IPYTHONDIR": str(profile)})
    copy.write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")
    stamp.write_text(wanted)
    print(f"executed {path.name}", flush=True)
    return copy


def _digest(*paths):
    whole = hashlib.sha256()
    for path in sorted(paths):
        whole.update(path.name.encode() + path.read_bytes())
    return whole.hexdigest()
