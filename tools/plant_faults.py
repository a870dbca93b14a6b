"""Break the package on purpose, one fault at a time, and write down what caught it.

    python tools/plant_faults.py            every fault, then tests/FAULTS.md is written
    python tools/plant_faults.py flip       only the faults whose name contains "flip"; no file, and
                                            no proof first that all is green without a fault

Each fault is one replacement in a copy of the tree. The unit tests run on the copy, and, apart from
them, nbval over the notebooks. A fault that the unit tests miss, or one that chapters teach and
nbval misses, ends this tool with exit status 1.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from faults import FAULTS

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "tests" / "FAULTS.md"


UNIT_TESTS = tuple(
    f"tests/test_{name}.py"
    for name in (
        "ops_examples",
        "ops_calls",
        "ops_properties",
        "kernels",
        "sizes",
        "artifacts",
        "upsample",
        "reference_pytorch",
        "reference_frameworks",
        "draw",
        "architectures",
        "frameworks",
        "widgets",
        "claims",
        "exercises_answers",
        "variants",
        "teaching_guide",
        "benchmarks",
    )
)
CHAPTERS = tuple(
    str(path.relative_to(ROOT)) for path in sorted((ROOT / "notebooks").glob("*.ipynb"))
)
# Where a fault in a file most likely shows: these run first, the others only if they stay green.
LIKELY = {
    "kernels": ("kernels", "10 03 01"),
    "_geometry": ("kernels", "03 10 01"),
    "_matrix": ("ops_examples", "02 03"),
    "_calls": ("ops_calls", "01 03"),
    "sizes": ("sizes", "04 01 08 09"),
    "artifacts": ("artifacts", "05"),
    "upsample": ("upsample", "05 06"),
    "architectures": ("architectures", "07"),
    "frameworks": ("frameworks", "08"),
    "widgets": ("widgets", "06"),
    "speed": ("draw", "10"),
    "race": ("benchmarks", "10"),
    "_variant": ("variants", "03"),
    "variants": ("variants", "03"),
    "__init__": ("variants", "03"),
    "make_teaching_guide": ("teaching_guide", "03"),
    "chapter_06": ("exercises_answers", "06"),
    "chapter_09": ("claims", "09"),
    "chapter_10": ("exercises_answers", "10"),
}


def main(wanted):
    if not wanted:
        with tempfile.TemporaryDirectory() as folder:
            copy = copied(folder)
            for what in (UNIT_TESTS, CHAPTERS):
                red = caught(copy, *what)
                if red:
                    raise SystemExit(f"{red} fails without any fault, so it would prove nothing")
    faults = [f for f in FAULTS if all(word in f.name for word in wanted)]
    rows, missed = [], 0
    for number, fault in enumerate(faults, 1):
        with tempfile.TemporaryDirectory() as folder:
            copy = copied(folder)
            plant(copy, fault)
            tests, chapters = (first_red(copy, *order) for order in orders(fault))
        missed += tests is None or (fault.taught and chapters is None)
        unseen = "missed" if fault.taught else "not taught"
        rows.append((fault.name, Path(fault.file).name, tests or "missed", chapters or unseen))
        print(f"{number}/{len(faults)} " + " | ".join(rows[-1]), flush=True)
    if not wanted:
        write(rows)
    return 1 if missed else 0


def orders(fault):
    """For the unit tests and for the chapters: the likely ones, and all others."""
    test, chapters = LIKELY.get(Path(fault.file).stem, ("ops_calls", "03"))
    for likely, every in (
        ((f"tests/test_{test}.py",), UNIT_TESTS),
        (tuple(c for n in chapters.split() for c in CHAPTERS if f"/{n}-" in c), CHAPTERS),
    ):
        others = tuple(path for path in every if path not in likely)
        # What no chapter teaches need not be seen by one, so not all are asked.
        yield likely, others if every is UNIT_TESTS or fault.taught else ()


def first_red(copy, likely, others):
    return caught(copy, *likely) or (caught(copy, *others) if others else None)


def copied(folder):
    copy = Path(folder) / "course"
    left_out = (".git", ".venv*", "__pycache__", ".*_cache", ".hypothesis", "node_modules")
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*left_out))
    return copy


def plant(copy, fault):
    path = copy / fault.file
    text = path.read_text("utf-8")
    if text.count(fault.old) != 1:
        raise SystemExit(f"{fault.name}: the text to replace stands {text.count(fault.old)} times")
    path.write_text(text.replace(fault.old, fault.new), "utf-8")


def caught(copy, *arguments):
    """Return the first test that fails on the copy, or None."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--no-header", "-p", "no:randomly"]
    environment = {**os.environ, "PYTHONPATH": str(copy)}  # before the installed package
    run = subprocess.run(
        [*command, *arguments], cwd=copy, env=environment, capture_output=True, text=True
    )
    found = re.search(r"^(?:FAILED|ERROR) (\S+)", run.stdout, re.MULTILINE)
    if run.returncode == 0:
        return None
    if not found:
        raise SystemExit(run.stdout + run.stderr)
    return found[1]


def shortened(name):
    return name.removeprefix("tests/").removeprefix("notebooks/").removesuffix("::Cell")


def write(rows):
    lines = [
        "# Planted faults",
        "",
        "Written by `python tools/plant_faults.py`: each fault was put into a copy of the package;"
        " the first test and the first notebook that failed are named.",
        "",
        "| fault | in | caught by the unit tests | caught by nbval alone |",
        "|---|---|---|---|",
        *(f"| {' | '.join(map(shortened, row))} |" for row in rows),
        "",
    ]
    TABLE.write_text("\n".join(lines), "utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
