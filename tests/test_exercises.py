"""exercises.check: what it accepts, what it says, and that nothing makes it raise."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tconv_helpers.exercises import Feedback, check


class Hostile:
    """An answer whose every method raises."""

    def _no(self, *args, **kwargs):
        raise RuntimeError("no")

    __eq__ = __ne__ = __repr__ = __str__ = __len__ = __iter__ = __bool__ = _no
    __array__ = __float__ = __index__ = __format__ = _no
    __hash__ = None


@pytest.mark.parametrize(
    ("yours", "target"),
    [
        (31, 31),
        (31.0, 31),
        (np.int32(31), 31),
        (np.array(31), 31),
        (1 / 3, 0.3333333333),
        (10**40, 10**40),
        (float("nan"), float("nan")),
        (True, True),
        (np.bool_(False), False),
        (" Sum ", "sum"),
        ([5, 5], (5, 5)),
        (np.array([5, 5]), (5, 5)),
        ([[1, 2], [3, 4]], np.array([[1, 2], [3, 4]])),
        (np.zeros((0, 3)), np.zeros((0, 3))),
        (1j, 1j),
    ],
)
def test_right(yours, target):
    feedback = check(yours, target, hint="never shown")
    assert feedback.correct is True
    assert repr(feedback).startswith("Right: ")
    assert "never shown" not in repr(feedback)


@pytest.mark.parametrize(
    ("yours", "target", "said"),
    [
        (5, 6, "Not right: yours is 5 and the target is 6."),
        (5.5, 6, "Not right: yours is 5.5 and the target is 6."),
        (float("nan"), 6, "Not right: yours is nan and the target is 6."),
        (None, 6, "Not right: yours is None, and the target is a number."),
        ("6", 6, "Not right: yours is text, and the target is a number."),
        (max, 6, "of type builtin_function_or_method, and the target is a number."),
        (1, True, "Not right: yours is 1, and the target is True or False."),
        (True, 1, "Not right: yours is True, and the target is a number."),
        (False, True, "Not right: yours is False and the target is True."),
        ("mean", "sum", "Not right: yours is 'mean' and the target is 'sum'."),
        (3, "sum", "Not right: yours is of type int, and the target is text."),
        (
            (5, 6),
            (5, 5),
            "Not right: at [1] yours is 6 and the target is 5; 1 of 2 values differs.",
        ),
        ((5,), (5, 5), "Not right: yours has shape (1,) and the target has shape (2,)."),
        (5, (5, 5), "yours has no axes: it is one number and the target has shape (2,)."),
        ([1, [2]], (1, 2), "Not right: yours cannot be compared with the target (ValueError)."),
        (2**53 + 1, 2**53, "Not right"),  # integers are not compared as floats
        (np.array([2**53 + 1]), np.array([2**53]), "Not right: at [0]"),
        (6.0001, 6, "Not right"),
    ],
)
def test_wrong(yours, target, said):
    feedback = check(yours, target)
    assert feedback.correct is False
    assert said in repr(feedback)


def test_one_wrong_value_among_right_ones_is_wrong():
    target = np.arange(400).reshape(20, 20)
    for index in [(0, 0), (7, 3), (19, 19)]:
        yours = target.copy()
        yours[index] += 1
        text = repr(check(yours, target))
        assert text.startswith(f"Not right: at {list(index)} yours is {target[index] + 1}")
        assert text.count("\n") == 0  # too large to stand side by side


def test_transposed_answer_names_the_first_place_and_shows_both():
    target = np.array([[1, 2], [3, 4]])
    assert repr(check(target.T, target)).splitlines() == [
        "Not right: at [0, 1] yours is 3 and the target is 2; 2 of 4 values differ.",
        "yours      target",
        "[[1 3]     [[1 2]",
        " [2 4]]     [3 4]]",
    ]


@pytest.mark.parametrize("yours", [..., (..., 5), [5, ...]])
def test_not_yet_is_not_wrong_and_gives_no_hint(yours):
    feedback = check(yours, (5, 5), hint="no")
    assert feedback.correct is False
    assert repr(feedback).startswith("Not yet: ")
    assert "hint" not in repr(feedback).lower()


def test_hint_stands_under_a_wrong_answer():
    assert repr(check(5, 6, hint="Crop p twice.")).endswith("\nHint: Crop p twice.")


def test_a_learners_words_are_escaped():
    shown = check("<script>alert(1)</script>", "sum")._repr_html_()
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown


def test_answers_are_not_changed():
    yours, target = [[1, 2], [3, 5]], np.array([[1, 2], [3, 4]])
    target.flags.writeable = False
    check(yours, target)
    assert yours == [[1, 2], [3, 5]]


cyclic = []
cyclic.append(cyclic)


@pytest.mark.parametrize(
    "yours",
    [Hostile(), [Hostile()], Hostile, cyclic, {}, set(), b"6", range(2), iter([]), object(), 2**70],
    ids=lambda value: type(value).__name__,
)
@pytest.mark.parametrize("target", [6, 6.5, True, "sum", (5, 5), np.eye(3)], ids=repr)
def test_never_raises(yours, target):
    feedback = check(yours, target, hint="h")
    assert isinstance(feedback, Feedback)
    assert feedback.correct is False
    assert repr(feedback).startswith("Not right: ")


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.complex_numbers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner),
    max_leaves=6,
)


@given(yours=anything, target=anything)
def test_never_raises_whatever_it_is_given(yours, target):
    feedback = check(yours, target, hint="h")
    assert isinstance(feedback.correct, bool)
    assert feedback.text == repr(feedback)


@given(
    st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.lists(st.integers(-1000, 1000), min_size=1)
)
def test_every_target_is_its_own_right_answer(target):
    target = tuple(target) if isinstance(target, list) else target
    assert check(target, target).correct


def test_only_numpy_is_imported():
    code = "import sys, tconv_helpers.exercises; print('matplotlib' in sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "False"
