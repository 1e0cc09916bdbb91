"""What an edit in a picture makes of an array: a cell typed, a block pasted, a row or column added or taken away."""

from functools import singledispatch
from typing import Any

import numpy as np

from convviz.lessons.reading import exact, read_array
from convviz.numerals import read_number
from convviz.player import Edit, Paste, Resize
from convviz.trace import Array


@singledispatch
def edited(edit: Any, array: Array) -> Array:
    """Return an array with an edit made.

    Parameters
    ----------
    edit : Edit, Paste or Resize
        What a learner did in the picture.
    array : ndarray
        What the picture showed.

    Raises
    ------
    ValueError
        If what was typed is no number, a pasted text no block of numbers, or the last row or column would go.

    Examples
    --------
    >>> edited(Edit(operand="x", cell=(0, 1), text="1/2", live=False), np.eye(2, dtype=int))
    array([[1. , 0.5],
           [0. , 1. ]])
    >>> edited(Paste(operand="x", cell=(1, 1), text="[[7 8]]"), np.eye(2, dtype=int))
    array([[1, 0, 0],
           [0, 7, 8]])
    >>> edited(Resize(operand="x", axis=0, by=-1), np.eye(2, dtype=int))
    array([[1, 0]])
    """
    raise TypeError(f"edit is {edit!r:.60}; accepted: an Edit, a Paste or a Resize")


@edited.register
def _(edit: Edit, array: Array) -> Array:
    number = read_number(edit.text)
    changed = array.astype(np.result_type(array, np.array(number)))
    changed[edit.cell] = number
    return exact(changed)


@edited.register
def _(edit: Paste, array: Array) -> Array:
    block = read_block(edit.text)
    if array.ndim == 1:
        if len(block) > 1:
            raise ValueError(f"the pasted block has {len(block)} rows; accepted: a single row, as in the picture")
        block = block[0]
    outer, inner = edit.cell[: array.ndim - block.ndim], edit.cell[array.ndim - block.ndim :]
    ends = [at + new for at, new in zip(inner, block.shape, strict=True)]
    grown = [(0, max(0, end - old)) for end, old in zip(ends, array.shape[-block.ndim :], strict=True)]
    room = np.pad(array, [(0, 0)] * len(outer) + grown)
    changed = room.astype(np.result_type(room, block))
    inside: tuple[Any, ...] = (*outer, *map(slice, inner, ends))
    changed[inside] = block
    return exact(changed)


@edited.register
def _(edit: Resize, array: Array) -> Array:
    return resized(array, edit.axis, array.shape[edit.axis] + edit.by)


def resized(array: Array, axis: int, cells: int) -> Array:
    """Return an array with other cells along an axis: zeros at its end, or fewer.

    Raises
    ------
    ValueError
        If no cell would be left.
    """
    if cells < 1:
        raise ValueError("this is the last one; accepted: at least one row and one column")
    if cells > array.shape[axis]:
        more = cells - array.shape[axis]
        return np.pad(array, [(0, more if along == axis else 0) for along in range(array.ndim)])
    return array[tuple(slice(cells) if along == axis else slice(None) for along in range(array.ndim))].copy()


def read_block(text: str) -> Array:
    r"""Read rows of numbers as a spreadsheet, a CSV file or NumPy's print-out has them; see `read_array`.

    Raises
    ------
    ValueError
        If rows differ in length, there is no number, or something is none.

    Examples
    --------
    >>> read_block("1\t2\n3\t4"), read_block("[[1. 2.]\n [3. 4.]]")
    (array([[1, 2],
           [3, 4]]), array([[1, 2],
           [3, 4]]))
    """
    block = np.atleast_2d(read_array(text))
    if block.ndim > 2:
        raise ValueError(f"the pasted block has {block.ndim} axes; accepted: rows and columns")
    return block
