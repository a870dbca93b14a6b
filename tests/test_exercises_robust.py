"""Whatever a learner hands in gets a sentence that names the cause, and nothing raises."""

import contextlib
import io
import warnings
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tconv_helpers import exercises, ops
from tconv_helpers.exercises import Feedback, Progress, bet, check, reveal
from tconv_helpers.exercises._value import Bet

EVERY = {name: e for chapter in exercises.CHAPTERS.values() for name, e in chapter.items()}
BETS = [name for name, exercise in EVERY.items() if isinstance(exercise, Bet)]
CHECKS = [name for name in EVERY if name not in BETS]
A_KIND_EACH = ["stamps-on-paper", "size", "taps", "smaller", "unseen", "find-output-padding"]


@pytest.fixture(autouse=True)
def fresh():
    exercises.start_over()
    yield
    exercises.start_over()


class Hostile:
    """An answer whose every method raises."""

    def _no(self, *args, **kwargs):
        raise RuntimeError("no")

    __eq__ = __ne__ = __repr__ = __str__ = __len__ = __iter__ = __bool__ = _no
    __array__ = __float__ = __index__ = __format__ = __call__ = __getattr__ = _no
    __hash__ = None


class HostileError(Exception):
    def __str__(self):
        raise RuntimeError("no message either")


cyclic = []
cyclic.append(cyclic)


def raises_hostile(*args):
    raise HostileError


def leaves(*args):
    raise SystemExit(3)


def never_ends(*args):
    return never_ends(*args)


def generates(*args):
    yield 1


async def waits(*args):
    return 1


STRANGE = [
    Hostile(), [Hostile()], Hostile, HostileError(), cyclic, {}, {"a": 1}, set(), b"6", iter([]),
    object(), 2**70, [2**70], -(10**400), 1e308, [1e308] * 4, float("nan"), float("inf"), 1j, "",
    "6", "<b>", None, True, NotImplemented, slice(1), np.float32, np.ma.masked, [[1, 2], [3]], [[]],
    np.zeros(0), np.zeros((0, 3)), np.zeros((3,) * 10), np.array("6"), np.array([None, 1]),
    np.array(["1", "2"]), np.array([1, 2], dtype="datetime64[s]"), np.zeros(3, dtype=[("a", int)]),
    max, len, print, lambda *a: None, lambda *a: a, lambda *a: Hostile(), lambda: 1, raises_hostile,
    leaves, never_ends, generates, waits, np.random.default_rng(0),
]  # fmt: skip


@pytest.mark.parametrize("yours", STRANGE, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("name", CHECKS)
def test_nothing_strange_raises_or_passes(name, yours):
    feedback = check(name, yours)
    assert isinstance(feedback, Feedback)
    assert feedback.state in ("wrong", "open")
    assert feedback.text.startswith(("Not right", "Not yet"))
    assert feedback._repr_html_()


@pytest.mark.parametrize("yours", STRANGE, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("name", BETS)
def test_nothing_strange_raises_in_a_bet(name, yours):
    assert bet(name, yours).state in ("open", "taken", "wrong")
    assert reveal(name).state in ("open", "wrong")


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.complex_numbers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner) | st.just(...),
    max_leaves=6,
)


@given(name=st.sampled_from(sorted(EVERY)), yours=anything)
def test_whatever_it_is_given(name, yours):
    for feedback in (check(name, yours), check(name, lambda *a: yours), bet(name, yours)):
        assert isinstance(feedback, Feedback)
        assert repr(feedback) == feedback.text
    exercises.start_over()


@given(name=anything, yours=anything)
def test_whatever_name_it_is_given(name, yours):
    for feedback in (check(name, yours), bet(name, yours), reveal(name)):
        assert feedback.text.startswith("No exercise is called ")
    assert exercises.progress(name).text.startswith("There is no chapter ")


def test_a_name_that_is_nearly_right_is_recognised():
    assert repr(check("stamp-on-paper", 1)).endswith("Is it 'stamps-on-paper'?")
    assert repr(check("reach", 9)) == "'reach' is judged by bet and reveal."
    assert repr(bet("size", 9)) == repr(reveal("size")) == "'size' is judged by check."


# ---------------------------------------------------------------------------------- not yet


@pytest.mark.parametrize("name", CHECKS)
def test_an_untouched_stub_is_not_yet_and_gives_nothing_away(name):
    exercise = EVERY[name]
    said = f"Not yet: replace `...` with {exercise.wants}."
    for stub in (..., lambda *arguments: ...):
        if callable(stub) and not hasattr(exercise, "inputs"):
            continue
        assert check(name, stub).state == "open"
        assert repr(check(name, stub)) == said == repr(check(name, stub))
    assert repr(check(name)) == said


@pytest.mark.parametrize(
    ("yours", "open_places"),
    [
        ([1, ..., 102, 20, ..., 30, 300], "2 of 7 places are open."),
        ((1, ...), "1 of 2 places is open."),
        ([[1, 2], [..., 4]], "1 of 4 places is open."),
        (np.array([1, ...], dtype=object), "1 of 2 places is open."),
        ({"a": ...}, ""),
    ],
)
def test_a_place_left_open_is_counted(yours, open_places):
    text = repr(check("stamps-on-paper", yours))
    assert text.startswith("Not yet: replace `...` with a list of numbers.")
    assert text.endswith(open_places)


# ---------------------------------------------------------------------------- other than asked


@pytest.mark.parametrize(
    ("yours", "said"),
    [
        (None, "yours is None, and a list of numbers is wanted. A function needs `return`."),
        ("7", "yours is the text '7', and a list of numbers is wanted. Write it without quotation"),
        ("1, 10", "yours is the text '1, 10', and a list of numbers is wanted."),
        (len, "yours is a function, and a list of numbers is wanted. Call it."),
        (int, "yours is a class, and a list of numbers is wanted. Call it."),
        (True, "yours is True, and a list of numbers is wanted."),
        ([[1, 2], [3]], "the rows of yours have different lengths: 2, 1."),
        ([1, "2"], "yours holds text, and a list of numbers is wanted."),
        ([1, None], "yours holds None, and a list of numbers is wanted."),
        ({1, 2}, "yours is of type set, and a list of numbers is wanted."),
        ({}, "yours is a dictionary, and a list of numbers is wanted."),
        (1, "yours has no axes: it is one number and the target has shape (7,)."),
        ([1, 2], "yours has shape (2,) and the target has shape (7,)."),
        (np.array([1, 2], "M8[s]"), "yours is an array of datetime64[s], and a list of numbers is"),
    ],
)
def test_another_kind_of_value_is_named(yours, said):
    assert repr(check("stamps-on-paper", yours)).startswith(f"Not right: {said}")


def test_nan_and_infinity_are_named():
    nan = [1, 10, float("nan"), 20, 203, 30, 300]
    assert "The value at [2] is NaN, not a number: 0/0 gives one." in repr(
        check("stamps-on-paper", nan)
    )
    assert "The value at [2] is infinite." in repr(
        check("stamps-on-paper", [1, 10, float("inf"), 20, 203, 30, 300])
    )
    assert "NaN is not a number" in repr(check("top-row", float("nan")))


def test_numbers_of_other_kinds_are_as_good():
    assert check("size", (Fraction(8, 2), np.float32(1))).correct
    assert check("top-row", np.uint8(2)).correct


@pytest.mark.parametrize(
    ("yours", "said"),
    [
        (3, "yours is 3, and 3 numbers are wanted: kernel size, stride, padding."),
        ((3, 1), "yours is (3, 1), and 3 numbers are wanted: kernel size, stride, padding."),
        ((3, 0, 2), "stride = 0 must be at least 1."),
        ((3, 1, -1), "padding = -1 must be at least 0."),
        ((3, 1.5, 1), "stride = 1.5 must be a whole number."),
        ((3, 1, float("nan")), "padding = nan must be a whole number."),
        ((10**9, 1, 0), "kernel size = 1000000000 is too large to try."),
        ((1, 1, 9), "this is not a legal layer: padding=(9, 9) leaves 5 - 9 - 9 + 0"),
    ],
)
def test_a_design_of_another_form_is_named(yours, said):
    assert repr(check("smaller", yours)).startswith(f"Not right: {said}")


@pytest.mark.parametrize(
    ("yours", "said"),
    [
        ([[1, 2], [3, 4]], "yours has shape (2, 2), and shape (4, 4) is wanted."),
        (np.full((4, 4), 0.5), "yours holds fractions."),
        (np.full((4, 4), np.nan), "yours holds something that is not a whole number."),
        (np.full((4, 4), 1j), "yours holds something that is not a whole number."),
        (np.full((4, 4), 10**9), "yours holds numbers beyond a million."),
    ],
)
def test_a_grid_of_another_form_is_named(yours, said):
    assert repr(check("unseen", yours)).startswith(f"Not right: {said}")


# ------------------------------------------------------------------------------- functions

RIGHT = {
    "taps": lambda x, w: ops.conv2d(x, w),
    "canvas-cells": lambda i, k, s: (i - 1) * s + k,
}


def misspelt(x, w):
    return x + unknown  # noqa: F821


def changes(x, w):
    y = ops.conv2d(x, w)
    x[0, 0] += 1
    return y


def prints(x, w):
    print("here")
    return ops.conv2d(x, w)


def only_prints(x, w):
    print(ops.conv2d(x, w))


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (
            misspelt,
            "it raises NameError: name 'unknown' is not defined, in the line `return x + un",
        ),
        (lambda x, w: 1 / 0, "it raises ZeroDivisionError: division by zero, in the line"),
        (raises_hostile, "it raises HostileError"),
        (leaves, "it raises SystemExit: 3"),
        (never_ends, "it raises RecursionError"),
        (lambda x, w: None, "it returns None. Is a `return` missing?"),
        (
            only_prints,
            "it returns None. Is a `return` missing? It prints something; what counts is",
        ),
        (changes, "it changes its argument x. Work on a copy: x.copy()."),
        (lambda x: x, "it cannot be called with 2 arguments, x, w. Its own arguments: x."),
        (lambda: 1, "it cannot be called with 2 arguments, x, w. Its own arguments: none."),
        (waits, "it is an `async` function. Leave out `async`."),
        (generates, "yours is of type generator, and an array of numbers is wanted."),
        (lambda x, w: "12", "yours is the text '12', and an array of numbers is wanted. Write it"),
        (lambda x, w: [[1, 2], [3]], "the rows of yours have different lengths: 2, 1."),
        (lambda x, w: ops.conv2d(x, w) > 0, "yours is [[True, True, True],"),
        (lambda x, w: ops.conv2d(x, w).astype(str), "yours holds text"),
        (
            lambda x, w: ops.conv2d(x, w)[1:],
            "yours has shape (2, 3) and the target has shape (3, 3)",
        ),
        (lambda x, w: len, "yours is a function, and an array of numbers is wanted. Call it."),
    ],
)
def test_what_a_function_does_is_named(function, said):
    text = repr(check("taps", function))
    head = "Not right: by_taps(x of shape (5, 5), w = [[0, 1, 2], [2, 2, 0], [0, 1, 2]]): "
    assert text.startswith(head + said)


@pytest.mark.parametrize(
    ("yours", "noun"),
    [(3, "a number"), (np.eye(3), "an array"), ([1], "a list"), ("x", "text"), (None, "None")],
)
def test_a_result_in_place_of_a_function_is_named(yours, noun):
    said = f"Not right: yours is {noun}, and a function is wanted. Hand in its name alone"
    assert repr(check("taps", yours)).startswith(said)


def test_a_function_that_prints_is_silenced_and_accepted_with_a_note():
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):
        feedback = check("taps", prints)
    assert shown.getvalue() == ""
    assert feedback.correct
    assert feedback.says == ("It also prints. What counts is what it returns.",)


def test_a_list_in_place_of_an_array_is_accepted_with_a_note():
    feedback = check("taps", lambda x, w: ops.conv2d(x, w).tolist())
    assert feedback.correct
    assert feedback.says == ("It returns a list. np.array(…) would make it an array.",)


def test_an_input_that_is_not_shown_is_tried_and_named():
    def square_only(x, w):
        n = x.shape[0] - w.shape[0] + 1
        return ops.conv2d(x, w)[:n, :n]

    text = repr(check("taps", square_only))
    assert text.startswith("Not right: by_taps(x of shape (5, 7), w = ")
    assert ", an input that is not shown: yours has shape (4, 4)" in text
    assert text.endswith("The 2 inputs before this one are right.")


def test_the_first_input_on_which_it_parts_is_told():
    text = repr(check("canvas-cells", lambda i, k, s: i * s + 1))
    assert text.startswith("Not right: canvas_cells(i = 5, k = 3, s = 1), an input that is not")
    assert "yours is 6 and the target is 7." in text


def test_fractions_cut_off_by_an_integer_array_are_named():
    def truncated(w, s):
        out = np.array(w)
        for r in range(s):
            mean = w.sum() / s
            out[r::s] = w[r::s] + (mean - w[r::s].sum()) / len(w[r::s])
        return out

    assert "The fractions are cut off: an array of type int64" in repr(
        check("make-even", truncated)
    )


def test_numbers_that_wrapped_around_are_named():
    narrow = repr(check("taps", lambda x, w: ops.conv2d(x, w * 1).astype(np.int8)))
    assert "wrapped" not in narrow  # they fit
    wide = repr(check("sums-2d", lambda w, s: np.array(right_sums(w, s), dtype=np.int8)))
    assert "wrapped" not in wide
    assert "The type uint8 is too small for these numbers: they wrapped around." in repr(
        check("sums-2d", lambda w, s: right_sums(w, s).astype(np.uint8))
    )


def right_sums(w, s):
    return np.array([[w[r::s, c::s].sum() for c in range(s)] for r in range(s)])


def test_printing_instead_of_returning_is_named():
    said = repr(check("find-output-padding", lambda wanted, i, k, s, p: print(1)))
    assert "It prints something; what counts is what it returns." in said


def test_one_number_in_brackets_is_recognised():
    assert "hand it in without brackets" in repr(check("jax-and-pytorch", [7]))


def test_warnings_of_an_answer_stay_inside():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        check("taps", lambda x, w: np.array([1.0]) / np.array([0.0]))
        check("stamps-on-paper", [1e308] * 7)
        check("belief", [1e308] * 4)
    assert caught == []


def test_the_interrupt_key_still_stops_a_function():
    def stopped(x, w):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check("taps", stopped)


def test_answers_and_arguments_are_not_changed():
    yours = [[1, 2], [3, 5]]
    check("one-stamp", yours)
    assert yours == [[1, 2], [3, 5]]
    array = np.arange(7)
    array.flags.writeable = False
    check("stamps-on-paper", array)


# ------------------------------------------------------------------------------ escaping

MARKUP = "<script>alert(1)</script><img src=x onerror=alert(1)>"


class Marked:
    def __repr__(self):
        return MARKUP


def raises_markup(x, w):
    raise ValueError(MARKUP)


@pytest.mark.parametrize(
    "feedback",
    [
        lambda: check("stamps-on-paper", MARKUP),
        lambda: check(MARKUP, 1),
        lambda: check("taps", raises_markup),
        lambda: check("taps", lambda x, w: MARKUP),
        lambda: bet("padding-grows", MARKUP),
        lambda: bet("padding-grows", Marked()),
        lambda: reveal(MARKUP),
        lambda: exercises.progress(MARKUP),
    ],
)
def test_markup_is_shown_and_not_interpreted(feedback):
    shown = feedback()
    assert "<script>" in shown.text
    assert "<script" not in shown._repr_html_() and "<img" not in shown._repr_html_()
    assert "&lt;script&gt;" in shown._repr_html_()


def test_markup_is_escaped_wherever_it_stands():
    rows = (("open", MARKUP, MARKUP, MARKUP),)
    for shown in (Feedback("wrong", MARKUP, (MARKUP,), (MARKUP,)), Progress(MARKUP, rows)):
        assert shown._repr_html_().count("&lt;script&gt;") >= 3
        assert "<script" not in shown._repr_html_() and "<img" not in shown._repr_html_()


@pytest.mark.parametrize("name", A_KIND_EACH)
def test_text_and_html_say_the_same_with_a_sign(name):
    for feedback, sign in [(check(name, ...), "○"), (check(name, 5), "✗")]:
        shown = feedback._repr_html_()
        assert f"{sign} " in shown
        assert "background" not in shown and " color:" not in shown  # the page's own, light or dark
