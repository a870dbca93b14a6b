"""The exercises of a chapter as an nbgrader assignment.

    make assignment CHAPTER=03              writes build/nbgrader, with source/ and release/
    make assignment CHAPTER=03 GROUP=A      the same with the numbers of group A

source/ holds each exercise with its solution and a locked test cell, release/ the same without the
solutions, for the students. The test cell asks the chapter's own check, so a mark comes with the
check's diagnosis. Exercise n is worth 1 + n // 2 points: they grow with the difficulty. A group has
an assignment of its own, in which exercises with numbers have the group's.
docs/hosting/README.md tells how to collect and to mark.
"""

import argparse
import ast
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat

from tconv_helpers.exercises import CHAPTERS, variants

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = ROOT / "notebooks"
CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "transposed-convolution"
c.CourseDirectory.root = {root!r}
c.CourseDirectory.db_url = "sqlite:///" + {root!r} + "/gradebook.db"
c.ClearSolutions.code_stub = {{"python": "# Write your answer over the dots above."}}
c.ExecutePreprocessor.timeout = 120
"""


def chapter_file(chapter):
    """The notebook of a chapter given as "03" or "3"."""
    chapters = {path.name[:2]: path for path in sorted(NOTEBOOKS.glob("*.ipynb"))}
    del chapters["00"]  # it shows how exercises work, and has none to mark
    if str(chapter).zfill(2) not in chapters:
        raise SystemExit(f"CHAPTER={chapter} must be one of {', '.join(chapters)}.")
    return chapters[str(chapter).zfill(2)]


def tasks(notebook):
    """Each exercise in order: its name, its text and its stub."""
    text, code, inside = "", [], False
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            inside |= cell.source.startswith("## Exercises")
            if "\n### Exercise" in "\n" + cell.source:
                text, code = cell.source[cell.source.index("### Exercise") :], []
        elif inside and cell.cell_type == "code":
            asked = re.search(r'^exercises\.check\("([^"]+)"', cell.source, re.MULTILINE)
            code.append(cell.source[: asked.start()] if asked else cell.source)
            if asked:
                yield asked[1], text, "\n\n".join(part.strip() for part in code if part.strip())


def points(number):
    return 1 + number // 2


def solution(chapter, name):
    """The code of a solution, without the words at its top."""
    source = (NOTEBOOKS / "solutions" / f"{chapter}-{name}.py").read_text(encoding="utf-8")
    words = ast.parse(source).body[0]
    return "\n".join(source.splitlines()[words.end_lineno :]).strip()


def grading(name, **named):
    about = dict(schema_version=3, grade_id=name, task=False)
    return {"nbgrader": about | dict(grade=False, solution=False, locked=True) | named}


def group_name(group):
    """The name of a group as a part of a file's name."""
    plain = re.sub(r"\W+", "-", group).strip("-")
    if not plain:
        raise SystemExit(f"GROUP={group} must have a letter or a digit.")
    return plain


def for_group(chapter, name, text, group):
    """The text of an exercise, and its solution, with the numbers of a group."""
    exercise = CHAPTERS[chapter][name]
    own = variants.of_group(exercise, group) if group else None
    if own is None:
        return text, solution(chapter, name)
    heading = text.splitlines()[0]
    return f"{heading}\n\n{own.text}", f"{exercise.answer} = {own.solution!r}"


def source_notebook(path, group=None):
    """The assignment with its solutions, as nbgrader reads it."""
    chapter, notebook = path.name[:2], nbformat.read(path, 4)
    title = notebook.cells[0].source.splitlines()[0].lstrip("# ")
    setup = next(cell.source for cell in notebook.cells if cell.cell_type == "code")
    words = f"For group **{group}**. " if group else ""
    named = f", group={json.dumps(group, ensure_ascii=False)}" if group else ""
    cells = [
        markdown(
            f"# Exercises of chapter {chapter}: {title}\n\n{words}Replace `...` in each exercise."
            " Run the cell below it: it says whether you are right, and if not, which idea"
            " is behind it.",
            grading("title"),
        ),
        code_cell(setup, grading("setup")),
    ]
    for number, (name, text, stub) in enumerate(tasks(notebook), 1):
        answer = answer_name(stub)
        text, solved = for_group(chapter, name, text, group)
        cells += [
            markdown(text, grading(f"{name}-text")),
            code_cell(
                f"{stub}\n### BEGIN SOLUTION\n{solved}\n### END SOLUTION",
                grading(name, solution=True, locked=False),
            ),
            code_cell(
                # nbgrader takes the number as the mark; a wrong answer is a sentence, no traceback.
                f'feedback = exercises.check("{name}", {answer}{named})\ndisplay(feedback)\n'
                f"{points(number)} if feedback.correct else 0  # points",
                grading(f"{name}-check", grade=True, points=points(number)),
            ),
        ]
    return nbformat.v4.new_notebook(cells=cells, metadata=notebook.metadata)


def answer_name(stub):
    """The name that a stub leaves for the learner to fill."""
    last = ast.parse(stub).body[-1]
    return last.name if isinstance(last, ast.FunctionDef) else last.targets[0].id


def markdown(source, metadata):
    # Links to solutions and chapters lead nowhere in a student's folder.
    plain = re.sub(r"\[([^\]]+)\]\([^)]+\.(?:ipynb|py)[^)]*\)", r"\1", source)
    return nbformat.v4.new_markdown_cell(plain, metadata=metadata)


def code_cell(source, metadata):
    return nbformat.v4.new_code_cell(source, metadata=metadata)


def make(chapter, root, group=None):
    """Write source/ and release/ of one chapter below root; return the assignment's name."""
    path = chapter_file(chapter)
    name = f"{path.stem}-{group_name(group)}" if group else path.stem
    root = Path(root).absolute()
    folder = root / "source" / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if "data/" in path.read_text(encoding="utf-8"):
        shutil.copytree(NOTEBOOKS / "data", folder / "data")
    nbformat.write(source_notebook(path, group), folder / f"{name}.ipynb")
    (root / "nbgrader_config.py").write_text(CONFIG.format(root=str(root)), encoding="utf-8")
    nbgrader(root, "generate_assignment", name, "--force", "--create")
    return name


def nbgrader(root, *arguments):
    """Run one nbgrader command in the course folder, quietly unless it fails."""
    programs = Path(sys.executable).parent  # nbgrader starts others from there
    own = {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "JUPYTER_CONFIG_DIR": str(root / ".jupyter"),
        "JUPYTER_DATA_DIR": str(root / ".data"),
    }
    run = subprocess.run(
        [programs / "nbgrader", *arguments],
        cwd=root,  # with nbgrader_config.py in it
        env={**os.environ, **own},
        capture_output=True,
        text=True,
    )
    if run.returncode:
        raise SystemExit(f"nbgrader {arguments[0]} failed:\n{run.stdout}{run.stderr}")
    return run.stdout + run.stderr


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("chapter", help="such as 03")
    parser.add_argument("--group", help="such as A; none: the numbers of the course")
    parser.add_argument("--root", type=Path, default=ROOT / "build" / "nbgrader")
    options = parser.parse_args()
    name = make(options.chapter, options.root, options.group)
    release = options.root / "release" / name / f"{name}.ipynb"
    cells = json.loads(release.read_text(encoding="utf-8"))["cells"]
    worth = [cell["metadata"]["nbgrader"].get("points", 0) for cell in cells]
    print(f"{release}: {sum(map(bool, worth))} exercises, {sum(worth)} points.")


if __name__ == "__main__":
    main()
