"""An exercise with other numbers for each group: drawn from the group's name, checked when drawn.

Nothing is stored. The numbers come from a hash of the names of exercise and group, so they are the
same on every machine and Python.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from tconv_helpers.exercises._exercise import Exercise, Idea, When
from tconv_helpers.exercises._value import Value

TEMPLATES = {}  # name of the exercise → Template
ATTEMPTS = 500
_drawn = {}  # (name, group) → Variant


@dataclass(frozen=True, repr=False)
class Task:
    """A task to read, in Markdown."""

    text: str

    def __repr__(self):
        return self.text

    def _repr_markdown_(self):
        return self.text


@dataclass(frozen=True)
class Variant:
    """An exercise with one group's numbers.

    Attributes
    ----------
    exercise : Exercise
        The judge.
    text : str
        The task, in Markdown.
    solution : object
        A right answer, found by another way than the target.
    samples : sequence
        For each idea that is a test, in order: an answer of someone with this idea.
    """

    exercise: Exercise
    text: str
    solution: object
    samples: Sequence = ()

    def wrong_answers(self):
        """Each idea with what someone who has it answers."""
        samples = iter(self.samples)
        for idea in self.exercise.ideas:
            tested = isinstance(idea, When) or not isinstance(self.exercise, Value)
            yield idea, next(samples) if tested else idea.answer()

    def sound(self):
        """Whether the solution passes and each idea is told apart, from the target and the rest."""
        if not self.exercise.judge(self.solution).correct:
            return False
        for idea, answer in self.wrong_answers():
            feedback = self.exercise.judge(answer)
            if feedback.correct or idea.sentence not in feedback.says:
                return False
        return True


@dataclass(frozen=True)
class Template:
    """How an exercise is made from numbers.

    Attributes
    ----------
    make : callable
        From the course's exercise and named numbers to a Variant, or None if they do not fit.
    original : dict
        The numbers with which it is the course's own exercise.
    choices : dict
        For each number, what may be drawn.
    """

    make: Callable
    original: dict
    choices: dict

    def draw(self, exercise, group):
        """Return the group's Variant: the first sound one on the group's own path of numbers."""
        for attempt in range(ATTEMPTS):
            numbers = self.numbers(f"{exercise.name}/{group}/{attempt}")
            if numbers == self.original:
                continue
            made = self.make(exercise, **numbers)
            if made is None or not made.sound():
                continue
            if isinstance(exercise, Value) and made.exercise.judge(exercise.target()).correct:
                continue  # other numbers, and by chance the answer of the course's own
            return made
        raise ValueError(f"no variant of {exercise.name!r} was found for {group!r}")

    def numbers(self, seed):
        """One choice for each number, from a hash of the seed."""
        left = int.from_bytes(hashlib.sha256(seed.encode()).digest())
        numbers = {}
        for name, choices in self.choices.items():
            left, place = divmod(left, len(choices))
            numbers[name] = choices[place]
        return numbers


def template(name, /, *, original, **choices):
    """Register a function as the Template of an exercise."""

    def register(make):
        drawn = {number: tuple(values) for number, values in choices.items()}
        TEMPLATES[name] = Template(make, original, drawn)
        return make

    return register


def told(exercise, *answers):
    """The ideas of the course's exercise with other numbers, one for each, in order.

    An entry is what someone with the idea answers, or a pair of that and other words, or None if
    the numbers leave no room for the idea. A test stays a test.
    """
    ideas = []
    for idea, entry in zip(exercise.ideas, answers, strict=True):
        if entry is None:
            continue
        answer, says = entry if isinstance(entry, tuple) else (entry, idea.says)
        ideas.append(replace(idea, answer=answer, says=says))
    return ideas


def variant(exercise, group):
    """Return the Variant of a group; None if the exercise is the same for all.

    A group is its name in any case, or a number: "A", "a" and " a" are one group.
    """
    if isinstance(group, bool) or not isinstance(group, str | int) or not str(group).strip():
        raise ValueError(f"group = {group!r} must be a name or a number")
    found, key = TEMPLATES.get(exercise.name), (exercise.name, str(group).strip().casefold())
    if found and key not in _drawn:
        _drawn[key] = found.draw(exercise, key[1])
    return _drawn.get(key)


def always(value):
    """A function without arguments that returns the value."""
    return lambda: value


def also(words, answer, see):
    """An idea that the course's exercise does not know, with its answer."""
    return Idea(always(answer), words, see)
