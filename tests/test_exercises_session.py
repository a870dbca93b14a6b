"""Bets are taken before their reveal, and progress survives a cell that runs again."""

import numpy as np
import pytest

from tconv_helpers import exercises
from tconv_helpers.exercises import bet, check, progress, reveal, start_over


@pytest.fixture(autouse=True)
def fresh():
    start_over()
    yield
    start_over()


def test_without_a_bet_nothing_is_given_away():
    assert repr(bet("reach", ...)) == "Not yet: replace `...` with your bet, a whole number."
    assert repr(reveal("reach")) == "Not yet: bet first, then run this cell again."
    assert bet("reach", 9).state == "taken"  # the early reveal did not close it


def test_taking_a_bet_does_not_tell_whether_it_is_right():
    for yours in (9, 4):
        start_over()
        assert repr(bet("reach", yours)) == f"Bet taken: {yours}."
        assert repr(bet("reach", yours)) == f"Bet taken: {yours}."


def test_a_bet_may_change_until_its_reveal_and_stands_from_then_on():
    bet("reach", 4)
    assert repr(bet("reach", 1)) == "Bet taken: 1, in place of 4."
    assert repr(reveal("reach")).startswith("Not right: you bet 1; it is 9.\nOne value in")
    after = "Bet taken: 1. It was revealed since, so it stands; 9 does not count."
    assert repr(bet("reach", 9)) == after == repr(bet("reach", 9))
    assert repr(reveal("reach")).startswith("Not right: you bet 1; it is 9.")
    assert repr(bet("reach", ...)) == "Bet taken: 1."
    start_over("03")
    assert repr(bet("reach", 9)) == "Bet taken: 9."
    assert repr(reveal("reach")).startswith("Right: you bet 9.\n")


@pytest.mark.parametrize(
    ("name", "yours", "said"),
    [
        ("padding-grows", "bigger", '\'bigger\' is none of the choices. Bet "larger", "smaller"'),
        ("padding-grows", 3, "3 is none of the choices."),
        ("padding-grows", np.ones(2), "[1.0, 1.0] is none of the choices."),
        ("reach", "nine", "yours is the text 'nine', and a whole number is wanted."),
        ("reach", (4, 5), "one number is wanted: a whole number."),
        ("outputs-fed", 4, "2 numbers are wanted: (outputs fed by input (1, 1), outputs fed"),
        ("outputs-fed", (4, 1, 1), "2 numbers are wanted"),
        ("reach", True, "yours is True, and a whole number is wanted."),
    ],
)
def test_what_is_no_bet_is_not_taken(name, yours, said):
    assert repr(bet(name, yours)).startswith(f"Not yet a bet: {said}")
    assert reveal(name).state == "open"


def test_a_target_of_two_numbers_is_said_plainly():
    bet("outputs-fed", (2, 2))
    assert "you bet (2, 2); it is (4, 1)." in repr(reveal("outputs-fed"))


@pytest.mark.parametrize(
    ("name", "first", "again"),
    [
        ("padding-grows", " Larger ", "larger"),
        ("reach", np.array(4), 4.0),
        ("outputs-fed", [1, 4], (1, 4)),
    ],
)
def test_the_same_bet_in_another_form_is_the_same_bet(name, first, again):
    bet(name, first)
    assert "in place of" not in repr(bet(name, again))
    assert bet(name, again).state == "taken"


def test_a_bet_with_no_known_idea_still_hears_why():
    bet("reach", 12)
    assert reveal("reach").says == (
        "A column of the transposed matrix holds the kernel: 9 entries.",
    )


def test_progress_counts_what_is_done():
    before = repr(progress("03"))
    assert before.startswith("Chapter 03: 0 of 9 done.\n○ bet open  reach ")
    bet("reach", 4)
    assert "● bet taken" in repr(progress("03")) and "0 of 9" in repr(progress("03"))
    reveal("reach")
    check("smaller", (3, 1, 2))
    check("unseen", 3)
    after = repr(progress("03")).splitlines()
    assert after[0] == "Chapter 03: 2 of 9 done."
    assert [line for line in after if line.startswith("✓")] == [
        line for line in after if " reach " in line or " smaller " in line
    ]
    assert any("✓ bet missed" in line for line in after)
    bet("values-left", 1)
    reveal("values-left")
    assert "✓ bet right" in repr(progress("03"))


def test_progress_survives_a_cell_that_runs_again():
    check("smaller", (3, 1, 2))
    once = repr(progress("03"))
    check("smaller", (3, 1, 2))
    check("smaller", ...)
    check("smaller", (3, 1, 0))
    assert repr(progress("03")) == repr(progress("03")) == once
    assert "0 of" in repr(progress("02"))


def test_a_chapter_can_be_finished():
    answers = {
        "top-row": 2,
        "one-stamp": [[3, 6], [0, 3]],
        "canvas-cells": lambda i, k, s: (i - 1) * s + k,
        "make-ten": [[10, 0], [0, 0]],
    }
    for name, answer in answers.items():
        check(name, answer)
    for name, answer in {"padding-grows": "smaller", "side-by-side": 9}.items():
        bet(name, answer)
        reveal(name)
    assert repr(progress("00")).startswith("Chapter 00: 6 of 6 done.")
    assert (
        "#009E73" in progress("00")._repr_html_() and "#009E73" not in progress("01")._repr_html_()
    )


def test_starting_over_opens_one_chapter_or_all():
    check("smaller", (3, 1, 2))
    check("size", (4, 1))
    start_over("03")
    assert "0 of" in repr(progress("03")) and "1 of" in repr(progress("01"))
    start_over()
    assert "0 of" in repr(progress("01"))


def test_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    bet("reach", 4)
    reveal("reach")
    check("smaller", (3, 1, 2))
    progress("03")
    assert list(tmp_path.iterdir()) == []


def test_the_names_in_public():
    for name in exercises.__all__:
        assert hasattr(exercises, name)
