"""A grid of fields gives an array that makes sense, whatever is typed in."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from convviz.lessons.number_grid import NumberGrid, read_number

CORNER = np.array([[1, 2], [3, 4]])


@pytest.fixture
def grid():
    ready_made = {"Corner": CORNER.copy, "Row": lambda: np.array([7, 8, 9])}
    return NumberGrid("Kernel", CORNER, ready_made=ready_made, random=(-2, 2))


def heard(grid):
    changes = []
    grid.observe(lambda change: changes.append(change["new"].tolist()), "values")
    return changes


def test_typing_a_number_changes_the_array_once(grid):
    changes = heard(grid)
    grid.cells[3].value = "-5"
    assert changes == [[[1, 2], [3, -5]]]
    assert grid.values.dtype == np.int64


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "empty; type a number such as 3, -1, 0.5 or 1/9"),
        ("seven", "“seven” is no number"),
        ("1/0", "“1/0” is no number"),
        ("nan", "“nan” is not finite"),
        ("1e999", "“1e999” is not finite"),
        ("0,5", "“0,5” is no number"),
        ("1 2", "“1 2” is no number"),
    ],
)
def test_what_is_no_number_is_named_and_changes_nothing(grid, typed, said):
    changes = heard(grid)
    grid.cells[1].value = typed
    assert changes == []
    assert f"Kernel, row 0, column 1: {said}" in grid.message.value
    assert "convviz-wrong" in grid.cells[1]._dom_classes


def test_the_first_of_several_faults_is_named_until_all_are_mended(grid):
    grid.cells[1].value = "x"
    grid.cells[2].value = "y"
    assert "row 0, column 1" in grid.message.value
    grid.cells[1].value = "2"
    assert "row 1, column 0" in grid.message.value
    grid.cells[2].value = "6"
    assert "row" not in grid.message.value
    assert grid.values.tolist() == [[1, 2], [6, 4]]
    assert not any("convviz-wrong" in cell._dom_classes for cell in grid.cells)


def test_picking_and_typing_tell_each_other(grid):
    changes = heard(grid)
    grid.picker.value = "Row"
    assert changes == [[7, 8, 9]]
    assert [cell.value for cell in grid.cells] == ["7", "8", "9"]
    grid.cells[0].value = "1"
    assert grid.picker.value == "Your own numbers"
    grid.cells[0].value = "7"
    assert grid.picker.value == "Row"
    grid.picker.value = "Corner"
    assert grid.values.tolist() == CORNER.tolist()


def test_picking_mends_what_was_wrong(grid):
    grid.cells[0].value = "x"
    grid.picker.value = "Row"
    assert "is no number" not in grid.message.value
    assert not any("convviz-wrong" in cell._dom_classes for cell in grid.cells)


def test_random_numbers_only_when_asked(grid):
    changes = heard(grid)
    for _ in range(20):
        grid.random_button.click()
    assert all(np.shape(values) == (2, 2) and np.abs(values).max() <= 2 for values in changes)
    assert len({str(values) for values in changes}) > 5


def test_values_cannot_be_changed_behind_its_back(grid):
    with pytest.raises(ValueError, match="read-only"):
        grid.values[0, 0] = 9


@given(npst.arrays(np.float64, npst.array_shapes(max_dims=2, max_side=3), elements=st.floats(-1e9, 1e9)))
def test_numbers_survive_being_shown(values):
    grid = NumberGrid("Input", values, ready_made={}, random=(0, 1))
    grid.cells[0].value = "1" if grid.cells[0].value != "1" else "2"
    assert np.array_equal(grid.values.reshape(-1)[1:], values.reshape(-1)[1:])
    assert grid.values.shape == values.shape


@given(st.integers(-(10**20), 10**20))
def test_integers_are_read_exactly(number):
    assert read_number(f" {number} ") == number
    assert read_number(str(number).replace("-", "−")) == number
