"""What edits make of arrays: cells typed, blocks pasted, rows and columns added and taken away."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from convviz.lessons.editing import edited, read_block, resized
from convviz.player import Edit, Paste, Resize

SMALL = arrays.arrays(np.int64, arrays.array_shapes(min_dims=1, max_dims=4, max_side=4), elements=st.integers(-99, 99))
BLOCKS = arrays.arrays(np.int64, st.tuples(st.integers(1, 4), st.integers(1, 4)), elements=st.integers(-99, 99))


@given(SMALL, st.data(), st.fractions(min_value=-50, max_value=50, max_denominator=64))
def test_a_typed_number_stands_in_its_cell_and_nothing_else_changes(array, data, number):
    cell = data.draw(st.tuples(*(st.integers(0, side - 1) for side in array.shape)))
    changed = edited(Edit(operand="x", cell=cell, text=str(number), live=False), array)
    assert changed[cell] == float(number)
    others = np.ones(array.shape, dtype=bool)
    others[cell] = False
    assert np.array_equal(changed[others], array[others])
    assert changed.dtype == (np.int64 if number.denominator == 1 else np.float64)


def test_a_whole_number_makes_an_array_whole_again():
    halves = edited(Edit(operand="x", cell=(0,), text="0.5", live=False), np.array([1, 2]))
    assert halves.dtype == float
    assert edited(Edit(operand="x", cell=(0,), text="3", live=False), halves).tolist() == [3, 2]


@pytest.mark.parametrize("text", ["", "many", "1,5", "nan", "inf", "1/0", "0x10", "1 2", "9" * 400])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(ValueError, match=r"\w"):
        edited(Edit(operand="x", cell=(0,), text=text, live=False), np.array([1, 2]))


WAYS = {
    "spreadsheet": lambda block: "\n".join("\t".join(map(str, row)) for row in block.tolist()),
    "csv": lambda block: "\n".join(", ".join(map(str, row)) for row in block.tolist()) + "\n",
    "str": str,
    "repr": repr,
    "list": lambda block: str(block.tolist()),
}


@given(BLOCKS, st.sampled_from(list(WAYS)))
def test_blocks_are_read_as_tables_and_arrays_write_them(block, way):
    assert np.array_equal(read_block(WAYS[way](block)), block)


@pytest.mark.parametrize("text", ["", "[]", "one two", "1 2\n3", "1;2 3", "import os", "1\t\t2\n3"])
def test_what_is_no_block_is_refused(text):
    with pytest.raises(ValueError, match=r"accepted|type|write"):
        read_block(text)


@given(BLOCKS, BLOCKS, st.data())
def test_a_pasted_block_lies_over_the_array_which_grows_where_it_must(array, block, data):
    cell = data.draw(st.tuples(*(st.integers(0, side - 1) for side in array.shape)))
    changed = edited(Paste(operand="x", cell=cell, text=str(block)), array)
    wanted = {**dict(np.ndenumerate(array)), **{tuple(np.add(cell, at)): n for at, n in np.ndenumerate(block)}}
    for at, number in np.ndenumerate(changed):
        assert number == wanted.pop(at, 0)
    assert not wanted


def test_a_block_is_pasted_into_one_kernel_of_one_filter():
    filters = np.zeros((2, 3, 2, 2), int)
    changed = edited(Paste(operand="w", cell=(1, 2, 0, 0), text="1 2\n3 4"), filters)
    assert changed[1, 2].tolist() == [[1, 2], [3, 4]]
    assert changed.sum() == 10


def test_a_block_of_several_rows_does_not_go_into_a_single_row():
    with pytest.raises(ValueError, match="2 rows"):
        edited(Paste(operand="x", cell=(0,), text="1 2\n3 4"), np.array([1, 2]))


@given(SMALL, st.data(), st.integers(1, 6))
def test_resizing_keeps_what_fits_and_adds_zeros(array, data, cells):
    axis = data.draw(st.integers(0, array.ndim - 1))
    changed = resized(array, axis, cells)
    kept = min(cells, array.shape[axis])
    assert changed.shape[axis] == cells
    assert np.array_equal(np.take(changed, range(kept), axis), np.take(array, range(kept), axis))
    assert not np.take(changed, range(kept, cells), axis).any()


def test_the_last_row_stays():
    with pytest.raises(ValueError, match="the last one"):
        edited(Resize(operand="x", axis=0, by=-1), np.array([[1, 2]]))
