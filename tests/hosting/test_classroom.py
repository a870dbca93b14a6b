"""A class held on the hub's real configuration, and its exercises given out, collected and marked.

Run by `make test-classroom`, in the environment that docs/hosting/requirements.txt locks.
"""

import json
import re
import runpy
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from tconv_helpers import exercises
from tconv_helpers.exercises._value import Bet
from tconv_helpers.exercises.variants import TEMPLATES

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
assignment = runpy.run_path(str(ROOT / "tools" / "make_assignment.py"))


# ------------------------------------------------------------------------------- a class on the hub


def hold_class(*options):
    command = [sys.executable, ROOT / "tools/classroom_test.py", "2", *options]
    return subprocess.run(command, capture_output=True, text=True)


def test_two_students_lose_a_kernel_and_a_server_and_come_to_the_end(tmp_path):
    page = tmp_path / "class.md"
    run = hold_class("--chapters", "00", "--report", page)
    assert run.returncode == 0, run.stdout + run.stderr
    rows = dict(re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", page.read_text(), re.MULTILINE))
    assert rows["students"] == "2"
    assert rows["failures"] == "0"
    assert rows["killed kernels and servers whose students came to the end"] == "2 of 2"
    median = float(rows["memory per student (PSS), median and most"].split()[0])
    assert 100 < median < 800  # a server and a kernel with NumPy and matplotlib are in it


def test_a_cell_that_fails_is_a_failure_of_the_class(tmp_path):
    """The class test can fail: a chapter with a wrong cell is told, student by student."""
    course, page = tmp_path / "notebooks", tmp_path / "class.md"
    course.mkdir()
    cells = [nbformat.v4.new_code_cell(code) for code in ["1"] * 6 + ["1 / 0"]]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), course / "99-break-it.ipynb")
    run = hold_class("--notebooks", course, "--report", page)
    assert run.returncode == 1, run.stdout + run.stderr
    assert "| failures | 2 |" in page.read_text()
    assert "ZeroDivisionError" in page.read_text()


# ------------------------------------------------------------------------------ nbgrader, for real


@pytest.mark.parametrize("path", NOTEBOOKS[1:], ids=lambda path: path.stem[:2])
def test_every_exercise_of_a_chapter_is_in_its_assignment(path):
    tasks = list(assignment["tasks"](nbformat.read(path, 4)))
    chapter = exercises.CHAPTERS[path.name[:2]].items()
    assert [name for name, _, _ in tasks] == [n for n, task in chapter if not isinstance(task, Bet)]
    for name, text, stub in tasks:
        assert text.startswith("### Exercise"), name
        assert "..." in stub, name


def test_the_first_notebook_has_nothing_to_mark():
    with pytest.raises(SystemExit, match="CHAPTER=00 must be one of 01, "):
        assignment["make"]("00", None)


def submit(root, name, student, answers):
    """Put a student's notebook where nbgrader collects it, with these cells answered."""
    release = root / "release" / name / f"{name}.ipynb"
    notebook = nbformat.read(release, 4)
    for cell in notebook.cells:
        task = cell.metadata.nbgrader.grade_id
        if task in answers:
            cell.source += "\n" + answers[task]
    target = root / "submitted" / student / name / f"{name}.ipynb"
    target.parent.mkdir(parents=True)
    nbformat.write(notebook, target)


def test_an_assignment_is_released_collected_and_marked(tmp_path):
    path = next(path for path in NOTEBOOKS if path.name.startswith("03"))
    name = assignment["make"]("03", tmp_path)
    released = (tmp_path / "release" / name / f"{name}.ipynb").read_text()
    tasks = [task for task, _, _ in assignment["tasks"](nbformat.read(path, 4))]
    solutions = {task: assignment["solution"]("03", task) for task in tasks}
    assert not any(json.dumps(text)[1:-1] in released for text in solutions.values())

    submit(tmp_path, name, "ada", solutions)
    submit(tmp_path, name, "ben", {**solutions, tasks[-1]: "my_unseen = [[0] * 4] * 4"})
    submit(tmp_path, name, "eve", {})
    assignment["nbgrader"](tmp_path, "autograde", name, "--create")
    assignment["nbgrader"](tmp_path, "generate_feedback", name)
    assignment["nbgrader"](tmp_path, "export")
    head, *rows = [line.split(",") for line in (tmp_path / "grades.csv").read_text().splitlines()]
    student, score, best = (head.index(word) for word in ("student_id", "score", "max_score"))
    marks = {row[student]: float(row[score]) for row in rows}
    full = sum(assignment["points"](number) for number in range(1, len(tasks) + 1))
    assert {float(row[best]) for row in rows} == {full}
    assert marks == {"ada": full, "ben": full - assignment["points"](len(tasks)), "eve": 0}
    feedback = tmp_path / "feedback" / "ben" / name / f"{name}.html"
    assert "Not right" in feedback.read_text()
    assert "Traceback (most" not in feedback.read_text()


@pytest.mark.parametrize("path", NOTEBOOKS[1:], ids=lambda path: path.stem[:2])
def test_a_group_has_its_own_numbers_and_can_solve_them(path):
    """Run the source of each chapter's assignment: every check passes, in the group's numbers."""
    made = {group: assignment["source_notebook"](path, group) for group in (None, "A", "B")}
    for group, notebook in made.items():
        texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
        assert (f"For group **{group}**." in texts[0]) == (group is not None)
        calls = [c.source for c in notebook.cells if c.source.startswith("feedback = ")]
        assert all((f', group="{group}")' in call) == (group is not None) for call in calls)
    course, a, b = ([cell.source for cell in notebook.cells] for notebook in made.values())
    own = {
        cell.metadata.nbgrader.grade_id
        for cell in made["A"].cells
        if cell.source in set(a) - set(course) - set(b)
    }
    drawn = [name for name in exercises.CHAPTERS[path.name[:2]] if name in TEMPLATES]
    assert drawn
    assert any({f"{name}-text", name} <= own for name in drawn)
    for name in drawn:
        space = {}
        cell = next(c for c in made["A"].cells if c.metadata.nbgrader.grade_id == name)
        exec(cell.source, space)
        answer = space[assignment["answer_name"](cell.source)]
        assert exercises.check(name, answer, "A").correct, name


def test_a_group_gets_released_and_marked_in_its_own_numbers(tmp_path):
    """With the answers of group B a student of group A fails the exercises that have numbers."""
    tasks = [name for name in exercises.CHAPTERS["03"]]
    tasks = [name for name in tasks if not isinstance(exercises.CHAPTERS["03"][name], Bet)]
    name = assignment["make"]("03", tmp_path, "A")
    assert name == "03-transpose-the-matrix-A"
    released = (tmp_path / "release" / name / f"{name}.ipynb").read_text()
    own, others = (
        {task: assignment["for_group"]("03", task, "#", group)[1] for task in tasks}
        for group in "AB"
    )
    assert own != others
    assert not any(json.dumps(text)[1:-1] in released for text in own.values())
    submit(tmp_path, name, "ada", own)
    submit(tmp_path, name, "ben", others)
    assignment["nbgrader"](tmp_path, "autograde", name, "--create")
    assignment["nbgrader"](tmp_path, "export")
    head, *rows = [line.split(",") for line in (tmp_path / "grades.csv").read_text().splitlines()]
    student, score = head.index("student_id"), head.index("score")
    marks = {row[student]: float(row[score]) for row in rows}
    points = {task: assignment["points"](number) for number, task in enumerate(tasks, 1)}
    lost = sum(points[task] for task in tasks if own[task] != others[task])
    assert marks == {"ada": sum(points.values()), "ben": sum(points.values()) - lost}


def test_a_group_without_a_letter_is_refused():
    with pytest.raises(SystemExit, match="GROUP=// must have a letter"):
        assignment["make"]("03", None, "//")


# ----------------------------------------------------------------------------- files for the server


def test_the_lock_of_the_class_holds_the_versions_of_the_course():
    def pins(path):
        return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", path.read_text(), re.MULTILINE))

    course, hub = pins(ROOT / "requirements.txt"), pins(ROOT / "docs/hosting/requirements.txt")
    assert {name: hub[name] for name in course.keys() & hub.keys()} == {
        name: course[name] for name in course.keys() & hub.keys()
    }
    assert {"jupyterhub", "nbgitpuller", "nbgrader"} <= hub.keys()


def test_the_link_that_hands_out_the_notebooks_keeps_what_a_student_wrote(tmp_path):
    """nbgitpuller, on a repository of this machine: first a copy, then the news."""

    def git(*arguments, at):
        name = ("-c", "user.name=t", "-c", "user.email=t@example.org")
        subprocess.run(["git", *name, *arguments], cwd=at, check=True, capture_output=True)

    def pull():
        program = Path(sys.executable).with_name("gitpuller")
        command = [program, str(teacher), "main", str(student)]
        run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        assert run.returncode == 0, run.stdout + run.stderr

    teacher, student = tmp_path / "teacher", tmp_path / "student"
    teacher.mkdir()
    git("init", "-b", "main", at=teacher)
    for name, words in (("a.ipynb", "one"), ("b.ipynb", "one")):
        (teacher / name).write_text(words)
    git("add", ".", at=teacher)
    git("commit", "-m", "first", at=teacher)
    pull()
    (student / "a.ipynb").write_text("my answer")
    (teacher / "b.ipynb").write_text("two")
    git("commit", "-am", "second", at=teacher)
    pull()
    assert (student / "a.ipynb").read_text() == "my answer"
    assert (student / "b.ipynb").read_text() == "two"


def test_a_student_fits_into_the_memory_that_kubernetes_guarantees():
    values = (ROOT / "docs/hosting/kubernetes.yaml").read_text()
    guarantee = int(re.search(r"guarantee: (\d+)M\b", values)[1]) * 1e6
    page = (ROOT / "benchmarks/classroom.md").read_text()
    most = int(re.search(r"\| memory per student .* and (\d+) MiB \|", page)[1]) * 2**20
    assert most <= guarantee
