"""Many slices typed in one at a time: a change of one leaves all others, and what is shown is what is held."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from convviz.lessons.slice_grid import SliceGrid

COUNTING = np.arange(24).reshape(2, 3, 2, 2)
READY_MADE = {"Zeros": lambda: np.zeros((2, 3, 2, 2), int), "One": lambda: np.ones((1, 2, 3, 1), int)}


@pytest.fixture
def grid():
    return SliceGrid("Filters", COUNTING, ["filter", "slice"], ready_made=READY_MADE, random=(-2, 2))


def heard(grid):
    changes = []
    grid.observe(lambda change: changes.append(change["new"].tolist()), "values")
    return changes


def turn_to(grid, *place):
    for picker, number in zip(grid.pickers, place, strict=True):
        picker.value = number


def shown(grid):
    return [cell.value for cell in grid.grid.cells]


def test_lists_turn_to_any_slice_and_change_nothing(grid):
    changes = heard(grid)
    for place in np.ndindex(2, 3):
        turn_to(grid, *place)
        assert shown(grid) == [str(number) for number in COUNTING[place].flat]
    assert changes == []
    assert [picker.options[-1] for picker in grid.pickers] == [("filter 1", 1), ("slice 2", 2)]


def test_typing_changes_one_number_of_one_slice_once(grid):
    changes = heard(grid)
    turn_to(grid, 1, 2)
    grid.grid.cells[3].value = "-5"
    expected = COUNTING.copy()
    expected[1, 2, 1, 1] = -5
    assert changes == [expected.tolist()]
    assert grid.values.dtype == np.int64
    turn_to(grid, 0, 0)
    turn_to(grid, 1, 2)
    assert shown(grid)[3] == "-5"


def test_a_fraction_makes_floats_of_all_and_changes_no_other(grid):
    grid.grid.cells[0].value = "1/4"
    expected = COUNTING.astype(float)
    expected[0, 0, 0, 0] = 0.25
    assert np.array_equal(grid.values, expected)
    turn_to(grid, 1, 1)
    assert shown(grid) == ["16", "17", "18", "19"]


def test_a_wrong_word_changes_nothing_and_is_named(grid):
    changes = heard(grid)
    grid.grid.cells[1].value = "many"
    assert "Filters, row 0, column 1: “many” is no number" in grid.grid.message.value
    assert changes == []
    grid.grid.cells[2].value = "7"
    assert changes == [], "not before all makes sense"
    grid.grid.cells[1].value = "8"
    assert "many" not in grid.grid.message.value
    assert [change[0][0] for change in changes] == [[[0, 8], [7, 3]]]


def test_turning_to_another_slice_forgets_a_wrong_word(grid):
    grid.grid.cells[1].value = "many"
    grid.pickers[1].value = 1
    assert "many" not in grid.grid.message.value
    grid.pickers[1].value = 0
    assert shown(grid) == ["0", "1", "2", "3"]


def test_what_is_picked_is_shown_and_told_once(grid):
    changes = heard(grid)
    turn_to(grid, 1, 2)
    grid.picker.value = "Zeros"
    assert changes == [np.zeros((2, 3, 2, 2)).tolist()]
    assert shown(grid) == ["0"] * 4
    assert [picker.value for picker in grid.pickers] == [1, 2], "the place stays"
    grid.grid.cells[0].value = "1"
    assert grid.picker.value == "Your own numbers"
    assert grid.values.sum() == 1
    grid.grid.cells[0].value = "0"
    assert grid.picker.value == "Zeros"


def test_random_numbers_are_shown_and_within_their_limits(grid):
    changes = heard(grid)
    turn_to(grid, 1, 0)
    for number in range(1, 21):
        grid.random_button.click()
        assert len(changes) == number
        assert shown(grid) == [str(value) for value in grid.values[1, 0].flat]
    assert all(np.shape(values) == (2, 3, 2, 2) and np.abs(values).max() <= 2 for values in changes)
    assert len({str(values) for values in changes}) > 5
    assert grid.picker.value == "Your own numbers"


def test_fewer_slices_bring_the_lists_back_to_the_last_that_there_is(grid):
    turn_to(grid, 1, 2)
    grid.picker.value = "One"
    assert [picker.value for picker in grid.pickers] == [0, 1]
    assert [picker.layout.display for picker in grid.pickers] == ["none", None], "one filter leaves nothing to pick"
    assert shown(grid) == ["1"] * 3
    grid.put(COUNTING)
    assert [picker.value for picker in grid.pickers] == [0, 1]
    assert [picker.layout.display for picker in grid.pickers] == [None, None]
    assert shown(grid) == ["4", "5", "6", "7"]


@pytest.mark.parametrize("ready_made", ["Zeros", "One"])
def test_an_observer_may_put_the_old_numbers_back(grid, ready_made):
    def put_back(change):
        if not np.array_equal(change["new"], COUNTING):
            grid.put(COUNTING)

    turn_to(grid, 0, 1)
    grid.observe(put_back, "values")
    grid.picker.value = ready_made
    assert np.array_equal(grid.values, COUNTING)
    assert shown(grid) == ["4", "5", "6", "7"]
    assert [picker.value for picker in grid.pickers] == [0, 1]
    assert grid.picker.value == "Your own numbers"
    grid.grid.cells[0].value = "90"
    assert shown(grid) == ["4", "5", "6", "7"]
    grid.random_button.click()
    assert np.array_equal(grid.values, COUNTING)
    assert shown(grid) == ["4", "5", "6", "7"]


def test_too_many_numbers_are_told_and_not_shown(grid):
    grid.put(np.zeros((1, 3, 11, 10), int))
    assert grid.grid.layout.display == "none"
    assert "11×10 numbers are too many to type in" in grid.large.value
    turn_to(grid, 0, 2)
    grid.random_button.click()
    assert grid.values.shape == (1, 3, 11, 10)
    grid.put(np.full((1, 3, 10, 10), 4))
    assert grid.grid.layout.display is None
    assert grid.large.value == ""
    assert shown(grid) == ["4"] * 100


def test_a_matrix_has_no_lists():
    grid = SliceGrid("Weights", np.array([[1, 2, 3], [4, 5, 6]]), [], ready_made={}, random=(0, 1))
    grid.grid.cells[4].value = "0"
    assert grid.values.tolist() == [[1, 2, 3], [4, 0, 6]]
    assert grid.grid.cells[4].tooltip == "Weights, row 1, column 1"


def test_values_cannot_be_changed_behind_its_back(grid):
    with pytest.raises(ValueError, match="read-only"):
        grid.values[0, 0, 0, 0] = 9
    outside = COUNTING.copy()
    grid.put(outside)
    outside[0, 0, 0, 0] = 99
    assert grid.values[0, 0, 0, 0] == 0


actions = st.one_of(
    st.tuples(st.just("turn"), st.integers(0, 3), st.integers(0, 3)),
    st.tuples(st.just("type"), st.integers(0, 5), st.integers(-9, 9)),
    st.tuples(st.just("pick"), st.sampled_from(list(READY_MADE)), st.none()),
    st.tuples(st.just("put"), hnp.arrays(int, hnp.array_shapes(min_dims=4, max_dims=4, max_side=3)), st.none()),
    st.tuples(st.just("random"), st.none(), st.none()),
)


@given(st.lists(actions, max_size=8))
def test_the_fields_always_show_the_slice_that_the_lists_name(sequence):
    grid = SliceGrid("Filters", COUNTING, ["filter", "slice"], ready_made=READY_MADE, random=(-2, 2))
    for name, first, second in sequence:
        expected = grid.values.copy()
        if name == "turn":
            turn_to(grid, *(min(at, n - 1) for at, n in zip((first, second), expected.shape, strict=False)))
        elif name == "type":
            cell = min(first, len(grid.grid.cells) - 1)
            expected[tuple(picker.value for picker in grid.pickers)].flat[cell] = second
            grid.grid.cells[cell].value = str(second)
        elif name == "pick":
            expected = expected if grid.picker.value == first else READY_MADE[first]()
            grid.picker.value = first
        elif name == "put":
            expected = first
            grid.put(first)
        else:
            grid.random_button.click()
            expected = grid.values
        assert np.array_equal(grid.values, expected)
        place = tuple(picker.value for picker in grid.pickers)
        assert shown(grid) == [str(number) for number in grid.values[place].flat]
        assert [len(picker.options) for picker in grid.pickers] == list(grid.values.shape[:2])
