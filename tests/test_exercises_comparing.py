"""Yours beside the target: the first place where they part, and how they are related."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from tconv_helpers.exercises._comparing import compare, same

TARGET = np.array([[1, 2], [3, 4]])
LARGE = np.arange(400).reshape(20, 20)


def arrays(yours, target):
    return np.asarray(yours), np.asarray(target)


@pytest.mark.parametrize(
    ("yours", "target"),
    [
        (31, 31),
        (31.0, 31),
        (1 / 3, 0.3333333333),
        (10**40, 10**40),
        (float("nan"), float("nan")),
        ([5, 5], (5, 5)),
        (np.zeros((0, 3)), np.zeros((0, 3))),
        (1j, 1j),
        (np.float32(0.1), 0.1),
    ],
)
def test_equal(yours, target):
    assert compare(*arrays(yours, target)).equal


@pytest.mark.parametrize(
    ("yours", "target", "said"),
    [
        (5, 6, "yours is 5 and the target is 6."),
        (float("nan"), 6, "yours is nan and the target is 6."),
        ((5, 6), (5, 5), "at [1] yours is 6 and the target is 5; 1 of 2 values differs."),
        ((5,), (5, 5), "yours has shape (1,) and the target has shape (2,)."),
        (2**53 + 1, 2**53, "yours is 9007199254740993 and"),  # not compared as floats
        ([2**53 + 1], [2**53], "at [0]"),
        ([2**70 + 1, 0], [2**70, 0], "at [0]"),
        (6.0001, 6, "yours is 6.0001"),
    ],
)
def test_parting(yours, target, said):
    found = compare(*arrays(yours, target))
    assert not found.equal
    assert found.headline.startswith(said)


@pytest.mark.parametrize("index", [(0, 0), (7, 3), (19, 19), (0, 19)])
def test_one_wrong_value_among_right_ones_is_found_and_shown(index):
    yours = LARGE.copy()
    yours[index] += 1
    found = compare(yours, LARGE)
    assert found.headline.startswith(f"at {list(index)} yours is {LARGE[index] + 1} and")
    assert found.headline.endswith("1 of 400 values differs.")
    assert found.lines[0].startswith("Around the first of them, at [")
    assert str(LARGE[index] + 1) in "\n".join(found.lines)
    assert max(map(len, found.lines)) <= 140


def test_a_value_deep_in_channels_is_shown_in_its_plane():
    target = np.arange(2 * 3 * 4 * 4).reshape(2, 3, 4, 4)
    yours = target.copy()
    yours[1, 2, 3, 0] = -1
    found = compare(yours, target)
    assert found.headline.startswith("at [1, 2, 3, 0] yours is -1 and the target is 92")
    assert found.lines[0] == "Around the first of them, at [1, 2, 0:4, 0:4]:"
    assert len(found.lines) == 6


def test_both_stand_side_by_side_with_marks():
    assert compare(TARGET.T, TARGET).lines == (
        "yours     target    differ",
        "[[1 3]    [[1 2]    . x",
        " [2 4]]    [3 4]]   x .",
    )


def test_shapes_that_differ_stand_side_by_side():
    assert compare(np.array([1, 2]), np.array([1, 2, 3])).lines == (
        "yours   target",
        "[1 2]   [1 2 3]",
    )
    assert compare(np.zeros(400), np.zeros(401)).lines == ()


def test_names_stand_for_places():
    found = compare(np.array([2, 2, 21]), np.array([2, 1, 22]), parts=("lo", "hi", "size"))
    assert found.headline == "the hi: yours is 2 and the target is 1; 2 of 3 values differ."


@pytest.mark.parametrize(
    ("yours", "target", "said"),
    [
        ([[1, 3], [2, 4]], TARGET, "rows and columns exchanged"),
        ([[4, 3], [2, 1]], TARGET, "turned by 180°"),
        ([3, 2, 1], [1, 2, 3], "back to front"),
        ([[3, 4], [1, 2]], TARGET, "mirrored along axis 0"),
        ([[2, 1], [4, 3]], TARGET, "mirrored along axis 1"),
        ([[0.25, 0.5], [0.75, 1]], TARGET, "0.25 times the target's"),
        ([[3, 4], [5, 6]], TARGET, "differs from the target's by 2"),
        ([7, 1, 5, 3], [1, 5, 3, 9], "one cell on along axis 0"),
        ([5, 3, 9, 0], [1, 5, 3, 9], "one cell back along axis 0"),
        ([2, 1, 3], [1, 2, 3], "another order"),
        ([1, 2, 3, 4], TARGET, "give them the shape (2, 2)"),
        ([[1, 4], [2, 5], [3, 6]], [[1, 2, 3], [4, 5, 6]], "rows and columns exchanged"),
        ([0, 1, 2, 0], [1, 2], "The target stands inside yours, from [1] on"),
        ([[4]], TARGET, "Yours stands inside the target, from [1, 1] on"),
        (5, 4, "one more"),
        (3, 4, "one less"),
        (-4, 4, "sign"),
        (12, 4, "3 times the target"),
        (2, 4, "The target is 2 times"),
        ([1, float("nan")], [1, 2], "The value at [1] is NaN"),
        ([1, float("inf")], [1, 2], "The value at [1] is infinite"),
    ],
)
def test_a_simple_relation_is_told(yours, target, said):
    assert said in compare(*arrays(yours, target)).remark


@pytest.mark.parametrize(
    ("yours", "target"),
    [(17, 4), ([1, 5, 2], [1, 2, 3]), ([0, 0, 0], [1, 2, 3]), ([1] * 3, [2, 3])],
)
def test_no_relation_is_invented(yours, target):
    assert compare(*arrays(yours, target)).remark == ""


def test_the_display_does_not_depend_on_print_options():
    expected = compare(TARGET / 3, TARGET)
    with np.printoptions(precision=1, floatmode="fixed", sign="+", threshold=2):
        assert compare(TARGET / 3, TARGET) == expected


numbers = npst.arrays(
    st.sampled_from([np.int64, np.float64]),
    npst.array_shapes(max_dims=3, max_side=4, min_side=0),
    elements=st.integers(-3, 3),
)


@given(yours=numbers, target=numbers)
def test_equal_exactly_when_nothing_differs(yours, target):
    found = compare(yours, target)
    assert found.equal == np.array_equal(yours, target)
    if not found.equal:
        assert found.headline
        if yours.shape == target.shape and yours.ndim:
            first = np.argwhere(yours != target)[0].tolist()
            assert found.headline.startswith(f"at {first} ")


def test_a_tolerance_is_absolute():
    assert same(np.array([0.3334]), np.array([1 / 3]), 1e-3).all()
    assert not same(np.array([0.33]), np.array([1 / 3]), 1e-3).any()
