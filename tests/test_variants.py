"""Exercises with other numbers: each group's can be solved, and each wrong idea is told.

A model solution is found by hand (loops, formulas), the target by ops and sizes: that they agree is
what makes a variant right.
"""

import re
import runpy
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tconv_helpers import exercises
from tconv_helpers.exercises import variants
from tconv_helpers.exercises._exercise import Idea, When
from tconv_helpers.exercises._value import Bet, Value
from tconv_helpers.exercises._variant import Template, Variant
from tconv_helpers.exercises.variants import TEMPLATES

SOLUTIONS = Path(__file__).resolve().parents[1] / "notebooks" / "solutions"
GROUPS = [f"group {number}" for number in range(200)]
EVERY = {
    name: (chapter, exercise)
    for chapter, inside in exercises.CHAPTERS.items()
    for name, exercise in inside.items()
}
by_name = pytest.mark.parametrize("name", TEMPLATES)


@pytest.fixture(autouse=True)
def fresh():
    exercises.start_over()
    yield
    exercises.start_over()


def course_solution(name):
    chapter, exercise = EVERY[name]
    return runpy.run_path(str(SOLUTIONS / f"{chapter}-{name}.py"))[exercise.answer]


def numbers_in(value):
    """The numbers and words that were drawn, flat."""
    if isinstance(value, tuple | list):
        return [part for item in value for part in numbers_in(item)]
    return [str(value)]


def test_every_chapter_has_a_variant():
    chapters = {EVERY[name][0] for name in TEMPLATES}
    assert chapters == set(exercises.CHAPTERS) - {"00"}


@by_name
def test_with_the_numbers_of_the_chapter_it_is_the_exercise_of_the_chapter(name):
    exercise = EVERY[name][1]
    made = TEMPLATES[name].make(exercise, **TEMPLATES[name].original).exercise
    assert made.judge(course_solution(name)).correct
    if isinstance(exercise, Value):
        assert np.array_equal(made.target(), exercise.target())
        answers = {idea.says: idea.answer for idea in made.ideas}
        for idea, same in zip(exercise.ideas, made.ideas, strict=False):
            if not isinstance(idea, When):
                assert np.array_equal(same.answer(), idea.answer()), idea.says
        assert len(answers) >= len(exercise.ideas)


@by_name
def test_every_group_can_solve_its_own_and_hears_of_its_own_mistake(name):
    exercise, course = EVERY[name][1], course_solution(name)
    texts = Counter()
    for group in GROUPS:
        made = variants.of_group(exercise, group)
        texts[made.text] += 1
        if texts[made.text] > 1:
            continue
        assert exercises.variant(name, group).text == made.text
        assert exercises.check(name, made.solution, group).correct, made.text
        assert not exercises.check(name, course, group).correct, made.text
        said = set()
        for idea, answer in made.wrong_answers():
            feedback = exercises.check(name, answer, group)
            assert feedback.state == "wrong", (made.text, answer)
            assert idea.sentence in feedback.says, (made.text, answer, feedback)
            said.add(idea.sentence)
        assert len(said) == len(made.exercise.ideas) >= len(exercise.ideas) - 1
    same = sum(count**2 for count in texts.values()) / len(GROUPS) ** 2
    assert same < 0.25, f"{same:.0%} of all pairs of groups have the same numbers"


@by_name
def test_the_text_gives_all_numbers(name):
    template, exercise = TEMPLATES[name], EVERY[name][1]
    seen = 0
    for seed in range(40):
        numbers = template.numbers(str(seed))
        made = template.make(exercise, **numbers)
        if made is None:
            continue
        seen += 1
        if name == "count-bytes":  # the task names the type that has so many bytes
            numbers["size"] = f"float{8 * numbers['size']}"
        if name == "shift":
            numbers["way"] = re.findall(r"\w+", numbers["way"])
        if name == "design-a-matrix":
            numbers["pair"] = numbers["pair"][0], numbers["pair"][1] ** 2
        words = re.findall(r"\d+|[A-Za-z]+\d*", made.text)
        parts = [part for word in words for part in (word, *re.findall(r"\d+", word))]
        assert set(numbers_in(list(numbers.values()))) <= set(parts), made.text
    assert seen > 5


# ------------------------------------------------------------------------------ drawing


def toy(choices):
    """Twice a number; at 2 the idea of the square is right by chance."""
    exercise = Value(name="toy", question="", wants="a number", target=lambda: 10, ideas=[])

    def make(exercise, n):
        square = Idea(lambda: n * n, "You squared.", "03.1")
        judge = replace(exercise, target=lambda: n + n, ideas=[square])
        return Variant(judge, f"Twice {n}?", 2 * n)

    return Template(make, dict(n=1), dict(n=choices)), exercise


def test_numbers_at_which_an_idea_is_right_are_not_drawn():
    template, exercise = toy((1, 2, 3, 4, 5))
    drawn = {template.draw(exercise, group).text for group in GROUPS}
    assert drawn == {"Twice 3?", "Twice 4?"}  # 1 is the course's own, 5 has the course's answer


def test_where_nothing_is_sound_it_says_so():
    template, exercise = toy((1, 2, 5))
    with pytest.raises(ValueError, match="no variant of 'toy'"):
        template.draw(exercise, "A")


def test_a_solution_that_is_wrong_is_not_given_out():
    made = variants.of_group(EVERY["phase-sums"][1], "A")
    assert made.sound()
    assert not replace(made, solution=made.solution[::-1]).sound()
    assert not replace(made, samples=[made.solution]).sound()


def test_the_numbers_never_change():
    """Stored answers of three groups: hashes are the same everywhere, and must stay so."""
    drawn = [variants.of_group(EVERY["stamps-on-paper"][1], group).solution for group in "ABC"]
    assert drawn == STORED


STORED = [
    [20, 2, 250, 5, 590, 9, 900],
    [10, 100, 71, 700, 67, 600, 6],
    [300, 3, 230, 2, 720, 7, 70],
]


def test_a_group_is_a_name_in_any_case_or_a_number():
    text = exercises.variant("size", "Tuesday").text
    assert exercises.variant("size", " tuesday ").text == text
    assert exercises.variant("size", 7).text == exercises.variant("size", "7").text


# ------------------------------------------------------------------------------ in a notebook


def test_it_reads_as_markdown_and_hides_the_solution():
    task = exercises.variant("stamps-on-paper", "A")
    assert repr(task) == task._repr_markdown_() == task.text
    assert not hasattr(task, "solution")


@pytest.mark.parametrize("group", ["", "  ", True, 1.5, ["A"]])
def test_what_is_no_group_is_told(group):
    for answer in exercises.variant("size", group), exercises.check("size", (4, 1), group):
        assert answer.state == "open"
        assert "must be a name or a number" in answer.text


def test_an_exercise_without_numbers_is_the_same_for_all():
    assert "taps" not in TEMPLATES
    text = exercises.variant("taps", "A").text
    assert text == f"The same for every group: {EVERY['taps'][1].question}"
    assert exercises.check("smaller", (3, 1, 2), "A").correct


def test_a_bet_and_an_unknown_name_are_told():
    bet = next(name for name, (_, exercise) in EVERY.items() if isinstance(exercise, Bet))
    assert "bet and reveal" in exercises.variant(bet, "A").text
    assert "No exercise" in exercises.variant("sise", "A").text


def test_a_variant_counts_as_done():
    made = variants.of_group(EVERY["size"][1], "A")
    exercises.check("size", made.solution, "A")
    assert "1 of" in repr(exercises.progress("01"))


def test_an_open_answer_stays_open():
    assert exercises.check("size", group="A").state == "open"
