"""The teaching guide says what the course says: pages are fresh, names exist, minutes add up."""

import re
import runpy
from pathlib import Path

import nbformat
import pytest

from tconv_helpers.exercises import CHAPTERS
from tconv_helpers.exercises._value import Bet

ROOT = Path(__file__).resolve().parents[1]
GUIDE = ROOT / "docs" / "teaching"
NOTEBOOKS = {
    path.name[:2]: nbformat.read(path, 4) for path in sorted((ROOT / "notebooks").glob("*.ipynb"))
}
EVERY = {name: exercise for chapter in CHAPTERS.values() for name, exercise in chapter.items()}
tool = runpy.run_path(str(ROOT / "tools" / "make_teaching_guide.py"))


def read(name):
    return (GUIDE / name).read_text(encoding="utf-8")


def rows(text):
    """The fields of every row of the tables in a text, heads and rules left out."""
    found = []
    for block in re.findall(r"(?:^\|.*\|\n)+", text + "\n", re.MULTILINE):
        for line in block.splitlines()[2:]:
            found.append([field.strip() for field in line.strip("|").split("|")])
    return found


def sections(chapter):
    """Section number → its heading, its minutes and the bets in it."""
    found = {}
    for heading, cells in tool["outline"](NOTEBOOKS[chapter]):
        if match := re.match(r"(\d+)\. (.+) \((\d+) min\)$", heading):
            code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
            bets = re.findall(r'exercises\.bet\("([^"]+)"', code)
            found[int(match[1])] = (match[2], int(match[3]), bets)
    return found


# --------------------------------------------------------------------- the pages that are made


def test_every_page_is_what_the_course_says_now():
    made = tool["pages"]()
    assert {path.name for path in made} == {path.name for path in tool["PAGES"].glob("*.md")}
    for path, text in made.items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name}: run make guide"


def test_a_stale_page_is_noticed_and_mended(tmp_path, monkeypatch, capsys):
    main = tool["main"]
    page = tmp_path / "03-transpose-the-matrix.md"
    monkeypatch.setitem(main.__globals__, "PAGES", tmp_path)
    monkeypatch.setitem(main.__globals__, "ROOT", tmp_path)
    monkeypatch.setitem(main.__globals__, "pages", lambda: {page: "new\n"})
    page.write_text("old\n")
    (tmp_path / "99-gone.md").write_text("of a chapter that is no more\n")
    assert main(["--check"]) == 1
    assert page.read_text() == "old\n"
    assert main([]) == 0
    assert [path.read_text() for path in tmp_path.glob("*.md")] == ["new\n"]
    assert main(["--check"]) == 0
    assert "99-gone.md" in capsys.readouterr().out


@pytest.mark.parametrize("chapter", sorted(set(CHAPTERS) - {"00"}))
def test_a_page_has_every_section_bet_and_exercise_with_its_wrong_ideas(chapter):
    (path,) = tool["PAGES"].glob(f"{chapter}-*.md")
    text = path.read_text(encoding="utf-8")
    for heading, minutes, bets in sections(chapter).values():
        assert re.search(rf"^## \d+\. {re.escape(heading)}\n\n{minutes} minutes", text, re.M)
        assert all(f"Ask (`{name}`)" in text for name in bets)
    for name, exercise in CHAPTERS[chapter].items():
        assert f"`{name}`" in text
        for idea in exercise.ideas:
            assert f"{idea.says} ({idea.see})".replace("|", "\\|") in text, name
    assert "## To discuss" in text


@pytest.mark.parametrize("chapter", sorted(set(CHAPTERS) - {"00"}))
def test_every_section_has_something_to_ask(chapter):
    (path,) = tool["PAGES"].glob(f"{chapter}-*.md")
    parts = re.split(r"^## ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    known = sections(chapter)
    for part in parts:
        if match := re.match(r"(\d+)\. ", part):
            assert "Ask" in part or "ask for hands" in part, part.splitlines()[0]
            known.pop(int(match[1]))
    assert not known


def test_every_question_is_of_a_section_that_is_there():
    for key in tool["QUESTIONS"]:
        chapter, number = key.split(".")
        assert int(number) in sections(chapter), key


def test_a_bar_in_a_cell_does_not_break_a_table():
    assert tool["table"](["a"], [["x | y\nz"]]) == "| a |\n| --- |\n| x \\| y z |\n"


# ------------------------------------------------------------------- the pages that are written


@pytest.mark.parametrize("chapter", NOTEBOOKS)
def test_every_objective_stands_in_the_map(chapter):
    first = NOTEBOOKS[chapter].cells[0].source
    title = first.splitlines()[0].lstrip("# ")
    wanted = re.findall(r"^- (.+)$", first.partition("**You will be able to**")[2], re.MULTILINE)
    part = re.search(
        rf"^## {chapter} ([^\n]+)\n(.*?)(?=^## |\Z)", read("objectives.md"), re.M | re.S
    )
    assert part[1] == title
    table = rows(part[2])
    assert [row[0] for row in table] == wanted
    known = sections(chapter)
    for objective, where, bets, proof in table:
        assert {int(n) for n in re.findall(r"\d+", where)} <= known.keys(), objective
        names = re.findall(r"`([a-z0-9]+(?:-[a-z0-9]+)*)`", f"{bets} {proof.partition('—')[0]}")
        for name in names:
            assert name in CHAPTERS[chapter], f"{name} is not in chapter {chapter}"
        for name in re.findall(r"`([^`]+-[^`]+)`", bets):
            if not name.endswith("-"):
                assert isinstance(EVERY[name], Bet)
        assert "—" not in proof or len(proof) > 10, f"nothing shows: {objective}"


@pytest.mark.parametrize("chapter", NOTEBOOKS)
def test_every_exercise_and_bet_serves_an_objective(chapter):
    part = re.search(rf"^## {chapter} [^\n]+\n(.*?)(?=^## |\Z)", read("objectives.md"), re.M | re.S)
    missing = [name for name in CHAPTERS[chapter] if f"`{name}`" not in part[1]]
    if chapter == "09":
        assert f"all {sum(n.startswith('claim-') for n in CHAPTERS['09'])} that begin" in part[1]
        missing = [name for name in missing if not name.startswith("claim-")]
    assert not missing


def test_the_lecture_is_the_path_that_chapter_00_names():
    words = "".join(cell.source for cell in NOTEBOOKS["00"].cells)
    line = words.partition("**Only 45 minutes?**")[2].partition("\n\n")[0]
    path = []
    for chapter, where in re.findall(r"(\d\d), sections? ([^;.]+)", line):
        numbers = [int(n) for n in re.findall(r"\d+", where)]
        numbers = range(numbers[0], numbers[-1] + 1) if " to " in where else numbers
        path += [(chapter, n) for n in numbers]
    plan = read("plans.md").partition("## 45 minutes")[2].partition("## Three hours")[0]
    table, total = rows(plan), 0
    assert [tuple(re.match(r"(\d\d), section (\d+)", row[1]).groups()) for row in table] == [
        (chapter, str(n)) for chapter, n in path
    ]
    for (chapter, number), (minutes, _, _, asked) in zip(path, table, strict=True):
        _, wanted, bets = sections(chapter)[number]
        assert int(minutes) == wanted, (chapter, number)
        total += wanted
        assert set(re.findall(r"`([^`]+)`", asked)) <= set(bets), (chapter, number)
    assert total == 45


def test_the_workshop_takes_three_hours_and_leaves_time_for_its_sections():
    plan = read("plans.md").partition("## Three hours")[2].partition("## Two weeks")[0]
    table = rows(plan)
    assert sum(int(minutes) for minutes, _ in table) == 180
    for minutes, what in table:
        if match := re.match(r"(\d\d), sections? ([^:.]+)", what):
            numbers = [int(n) for n in re.findall(r"\d+", match[2])]
            if " to " in match[2]:
                first, last = re.search(r"(\d+) to (\d+)", match[2]).groups()
                numbers += range(int(first) + 1, int(last))
            known = sections(match[1])
            assert sum(known[n][1] for n in numbers) <= int(minutes), what


@pytest.mark.parametrize("name", sorted(path.name for path in GUIDE.glob("*.md")))
def test_names_and_links_of_a_written_page_exist(name):
    text = read(name)
    for target in re.findall(r"\]\(([^)#]+)", text):
        assert (GUIDE / target).exists(), target
    if name != "objectives.md":  # held above, chapter by chapter
        for word in re.findall(r"`([a-z0-9]+(?:-[a-z0-9]+)+)`", text):
            assert word in EVERY, word
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for command in re.findall(r"(?:`|^)make ([a-z][a-z-]*)", text, re.MULTILINE):
        assert command in targets, f"make {command}"


@pytest.mark.parametrize("path", sorted(GUIDE.glob("chapters/*.md")), ids=lambda path: path.stem)
def test_links_of_a_made_page_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


def test_the_points_are_those_of_the_assignment():
    points = tool["assignment"]["points"]
    longest = max(sum(not isinstance(e, Bet) for e in c.values()) for c in CHAPTERS.values())
    said = ", ".join(str(points(n)) for n in range(1, longest + 1))
    assert f"1 + n // 2 points: {said}." in read("marking.md")
