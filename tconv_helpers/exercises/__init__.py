"""A learner's answer in, Feedback out. Nothing a learner hands in raises here.

An exercise is named by the course, and its target is computed here, so a notebook's cell holds the
answer alone:

>>> check("stamps-on-paper", ...)
Not yet: replace `...` with a list of numbers.

Each exercise knows the wrong ideas that lead to wrong answers. The definitions stand in one module
per chapter; tests hold that each idea is told apart and that each solution passes.
"""

import difflib
import functools
import importlib
import pkgutil
import warnings

import numpy as np

from tconv_helpers.exercises._feedback import Feedback, Progress
from tconv_helpers.exercises._reading import Refusal, places, shown
from tconv_helpers.exercises._session import Session
from tconv_helpers.exercises._value import Bet
from tconv_helpers.exercises._variant import Task

__all__ = [
    "CHAPTERS",
    "Feedback",
    "Progress",
    "Task",
    "bet",
    "check",
    "progress",
    "reveal",
    "start_over",
    "variant",
]

CHAPTERS = {  # "05" → its exercises by name, from chapter_05.py
    name[-2:]: {
        exercise.name: exercise
        for exercise in importlib.import_module(f"{__name__}.{name}").EXERCISES
    }
    for name in sorted(module.name for module in pkgutil.iter_modules(__path__))
    if name.startswith("chapter_")
}
_EVERY = {name: exercise for chapter in CHAPTERS.values() for name, exercise in chapter.items()}
_session = Session()


def _never_raises(judge):
    """The last net, under whatever __eq__, __array__ or __repr__ of an answer may do."""

    @functools.wraps(judge)
    def safe(*answer, **named):
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                return judge(*answer, **named)
        except Exception as error:
            reason = type(error).__name__
            return Feedback("wrong", f"Not right: yours cannot be read ({reason}).")

    return safe


@_never_raises
def check(name, yours=..., group=None):
    """Judge an answer: compare it with the target, and name the idea behind a wrong one.

    Integers are compared exactly, other numbers to about six digits. A list or tuple is as good as
    an array of the same values.

    Parameters
    ----------
    name : str
        The exercise.
    yours : anything
        The learner's answer; `...` in it is a place that is still open.
    group : str or int, optional
        Judge the numbers that `variant` gives this group. An exercise that has none is the same
        for every group.

    Returns
    -------
    Feedback
        Its `correct` is True or False; as the last line of a cell it shows itself.

    Examples
    --------
    >>> check("stamps-on-paper", [1, 10, 102, 20, 203, 30, 300])
    Right: all 7 values. Cells 2 and 4 get two terms.
    """
    exercise = _find(name, Bet, wanted=False)
    if isinstance(exercise, Feedback):
        return exercise
    if group is not None:
        try:
            made = _of_group(exercise, group)
        except ValueError as error:
            return Feedback("open", f"Not yet: {error}.")
        exercise = made.exercise if made else exercise
    feedback = exercise.judge(yours)
    if feedback.correct:
        _session.done.add(name)
    return feedback


@_never_raises
def variant(name, group):
    """Show an exercise with a group's own numbers; `check` with this group judges them.

    The numbers come from the names alone, so a group gets the same ones everywhere and always, and
    two groups get different ones in most cases.

    Parameters
    ----------
    name : str
        The exercise.
    group : str or int
        Any name; upper and lower case are one.

    Returns
    -------
    Task

    Examples
    --------
    >>> variant("phase-sums", "A").text[:28]
    'Kernel 1, 2, 3, 4, 7, stride'
    >>> check("phase-sums", [1 + 4, 2 + 7, 3], group="A")
    Right: 5, 9, 3.
    Taps 0 and 3 share a phase, so do 1 and 4; tap 2 is alone.
    """
    exercise = _find(name, Bet, wanted=False)
    if isinstance(exercise, Feedback):
        return exercise
    try:
        made = _of_group(exercise, group)
    except ValueError as error:
        return Feedback("open", f"Not yet: {error}.")
    return Task(made.text if made else f"The same for every group: {exercise.question}")


@_never_raises
def bet(name, yours=...):
    """Take a bet. Until its reveal it may be changed; from then on the bet stands.

    Parameters
    ----------
    name : str
    yours : str, number or tuple
        The prediction; `...` is none.

    Returns
    -------
    Feedback

    Examples
    --------
    >>> start_over()
    >>> bet("padding-grows", "larger")
    Bet taken: larger.
    >>> bet("padding-grows", "smaller")
    Bet taken: smaller, in place of larger.
    >>> reveal("padding-grows").correct
    True
    >>> bet("padding-grows", "equal")
    Bet taken: smaller. It was revealed since, so it stands; equal does not count.
    >>> start_over()
    """
    exercise = _find(name, Bet, wanted=True)
    if isinstance(exercise, Feedback):
        return exercise
    before = _session.bets.get(name)
    if places(yours)[0]:
        if before is not None:
            return Feedback("taken", f"Bet taken: {_said(before)}.")
        return Feedback("open", f"Not yet: replace `...` with your bet, {exercise.wants}.")
    try:
        kept = exercise.take(yours)
    except Refusal as refusal:
        return Feedback("open", f"Not yet a bet: {refusal}")
    if before is None or before == kept:
        _session.bets[name] = kept
        return Feedback("taken", f"Bet taken: {_said(kept)}.")
    if name in _session.revealed:
        return Feedback(
            "taken",
            f"Bet taken: {_said(before)}. It was revealed since, so it stands; {_said(kept)} does"
            " not count.",
        )
    _session.bets[name] = kept
    return Feedback("taken", f"Bet taken: {_said(kept)}, in place of {_said(before)}.")


@_never_raises
def reveal(name):
    """Judge the bet that was taken; without one, nothing is given away.

    Parameters
    ----------
    name : str

    Returns
    -------
    Feedback

    Examples
    --------
    >>> start_over()
    >>> reveal("padding-grows")
    Not yet: bet first, then run this cell again.
    """
    exercise = _find(name, Bet, wanted=True)
    if isinstance(exercise, Feedback):
        return exercise
    if name not in _session.bets:
        return Feedback("open", "Not yet: bet first, then run this cell again.")
    feedback = exercise.reveal(_session.bets[name])
    _session.revealed[name] = feedback.correct
    return feedback


def progress(chapter):
    """Show what is done and what is open in a chapter, since the kernel was started.

    Parameters
    ----------
    chapter : str
        Its number, as "03".

    Returns
    -------
    Progress
    """
    if not isinstance(chapter, str) or chapter not in CHAPTERS:
        return Feedback("open", f"There is no chapter {shown(chapter)}: {', '.join(CHAPTERS)}.")
    rows = tuple(_row(exercise) for exercise in CHAPTERS[chapter].values())
    done = sum(state == "right" for state, *_ in rows)
    return Progress(f"Chapter {chapter}: {done} of {len(rows)} done.", rows)


def start_over(chapter=None):
    """Open the exercises and bets of a chapter again, or of all.

    Parameters
    ----------
    chapter : str, optional
    """
    _session.forget(_EVERY if chapter is None else CHAPTERS.get(chapter, ()))


def _row(exercise):
    """The state of an exercise, the word for it, its name and its question."""
    name = exercise.name
    if isinstance(exercise, Bet):
        if name in _session.revealed:
            state, word = "right", "bet right" if _session.revealed[name] else "bet missed"
        else:
            state, word = ("taken", "bet taken") if name in _session.bets else ("open", "bet open")
    else:
        state, word = ("right", "done") if name in _session.done else ("open", "open")
    return state, word, name, exercise.question


def _find(name, kind, *, wanted):
    """The exercise of this name, or Feedback that says why there is none."""
    exercise = _EVERY.get(name) if isinstance(name, str) else None
    if exercise is None:
        near = difflib.get_close_matches(name, _EVERY, 1) if isinstance(name, str) else []
        meant = f" Is it {near[0]!r}?" if near else ""
        return Feedback("open", f"No exercise is called {shown(name)}.{meant}")
    if isinstance(exercise, kind) != wanted:
        use = "bet and reveal" if isinstance(exercise, kind) else "check"
        return Feedback("open", f"{name!r} is judged by {use}.")
    return exercise


def _of_group(exercise, group):
    from tconv_helpers.exercises import variants  # it needs the chapters

    return variants.of_group(exercise, group)


def _said(value):
    return value if isinstance(value, str) else shown(value)
