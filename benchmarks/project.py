"""What is not a race: import time, peak memory, tests, notebooks. Each in fresh processes."""

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

IMPORT = "import time; t = time.perf_counter(); import {}; print(time.perf_counter() - t)"
MEMORY = """
import resource, sys
import numpy as np
from tconv_helpers import ops

x = np.ones((4096, 4096), np.float32)
y = ops.conv_transpose2d(x, np.ones((4, 4), np.float32), stride=2)
size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(size * (1 if sys.platform == "darwin" else 1024))
"""
SPARSE = """
import time
import numpy as np, scipy.sparse
from tconv_helpers import ops

t = time.perf_counter()
matrix = ops.convolution_matrix(np.ones((3, 3)), (512, 512), sparse=True)
print(time.perf_counter() - t)
"""
NOTEBOOK = """
import json, resource, sys, time
import nbformat
from nbclient import NotebookClient

path, folder = sys.argv[1:]
notebook = nbformat.read(path, as_version=4)
start = time.perf_counter()
NotebookClient(
    notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": folder}},
    extra_arguments=["--log-level=ERROR"],
).execute()
seconds = time.perf_counter() - start
size = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss  # the kernel's, at its largest
size *= 1 if sys.platform == "darwin" else 1024
print(json.dumps({"seconds": seconds, "megabytes": size / 1e6}))
"""


def run(code, *arguments):
    command = [sys.executable, "-c", code, *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, env=unpinned(), capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"a measurement failed:\n{done.stderr[-2000:]}")
    return done.stdout.splitlines()[-1]


def unpinned():
    """The environment without what this shell happens to say of OpenBLAS."""
    return {name: value for name, value in os.environ.items() if not name.startswith("OPENBLAS_")}


def import_time(turns):
    """Seconds to import numpy and ops, and the ratio: fresh processes, one next to the other."""
    pairs = []
    for _ in range(turns + 1):
        pairs.append([float(run(IMPORT.format(m))) for m in ("numpy", "tconv_helpers.ops")])
    del pairs[0]  # it filled the disk's cache
    ratios = sorted(own / bare for bare, own in pairs)
    numpy, own = (statistics.median(times) for times in zip(*pairs, strict=True))
    return dict(numpy=numpy, ops=own, ratio=statistics.median(ratios), ratios=ratios)


def peak_memory():
    """Bytes that a whole process needs to transpose 4096 × 4096, k4 s2, one channel."""
    return int(run(MEMORY))


def sparse_seconds():
    return float(run(SPARSE))


def notebooks():
    return sorted((ROOT / "notebooks").glob("*.ipynb"))


def notebook(path):
    """Seconds and megabytes of one notebook; None of either if it does not run to its end."""
    try:
        return json.loads(run(NOTEBOOK, path, path.parent))
    except RuntimeError as error:
        print(f"\n{path.name}: {error}", file=sys.stderr)
        return dict(seconds=None, megabytes=None)


def tests():
    """Seconds of the tests, and what pytest said of them."""
    start, command = time.perf_counter(), [sys.executable, "-m", "pytest", "-q"]
    done = subprocess.run(command, cwd=ROOT, env=unpinned(), capture_output=True, text=True)
    last = (done.stdout.splitlines() or ["pytest did not start"])[-1]
    return dict(seconds=time.perf_counter() - start, said=last.strip("= "))
