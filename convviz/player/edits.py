"""What the page asks to change, checked before anything is changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LONGEST_TEXT = 40
LONGEST_PASTE = 20_000
"""Characters that are typed into a cell, or pasted into a grid."""


@dataclass(frozen=True, kw_only=True)
class Edit:
    """A number that was typed or dragged.

    Parameters
    ----------
    operand : str
        The array, by the name that the trace's terms give it.
    cell : tuple of int
        Where in the array, rows before columns.
    text : str
        What was typed, as it was typed.
    live : bool
        Whether more is to come: the number is being dragged.
    """

    operand: str
    cell: tuple[int, ...]
    text: str
    live: bool = False


@dataclass(frozen=True, kw_only=True)
class Paste:
    """A block of numbers that was pasted.

    Parameters
    ----------
    operand : str
        The array, by the name that the trace's terms give it.
    cell : tuple of int
        Where the block begins.
    text : str
        What was pasted: rows of a spreadsheet, or a print-out of NumPy.
    """

    operand: str
    cell: tuple[int, ...]
    text: str


@dataclass(frozen=True, kw_only=True)
class Resize:
    """A row or a column to add at an array's end, or to remove there.

    Parameters
    ----------
    operand : str
        The array, by the name that the trace's terms give it.
    axis : int
        Along which axis of the array.
    by : int
        1 to add one, −1 to remove one.
    """

    operand: str
    axis: int
    by: int


Change = Edit | Paste | Resize


def read_change(content: Mapping[str, Any], shapes: Mapping[str, Sequence[int]]) -> Change | None:
    """Read a message of the page; nothing if it makes no sense.

    Parameters
    ----------
    content : mapping
        The message, from which nothing is believed.
    shapes : mapping of str to sequence of int
        The arrays that there are.

    Examples
    --------
    >>> message = {"type": "edit", "operand": "w", "cell": [0, 1], "text": "-2", "live": False}
    >>> read_change(message, {"w": (3, 3)})
    Edit(operand='w', cell=(0, 1), text='-2', live=False)
    >>> read_change({**message, "cell": [0, 3]}, {"w": (3, 3)})
    """
    operand = content.get("operand")
    if not isinstance(operand, str) or operand not in shapes:
        return None
    shape = shapes[operand]
    match content:
        case {"type": "edit", "cell": list(cell), "text": str(text), "live": bool(live)}:
            is_there = is_cell(cell, shape) and len(text) <= LONGEST_TEXT
            return Edit(operand=operand, cell=tuple(cell), text=text, live=live) if is_there else None
        case {"type": "paste", "cell": list(cell), "text": str(text)}:
            is_there = is_cell(cell, shape) and len(text) <= LONGEST_PASTE
            return Paste(operand=operand, cell=tuple(cell), text=text) if is_there else None
        case {"type": "resize", "axis": int(axis), "by": int(by)}:
            is_there = _is_within(axis, len(shape)) and type(by) is int and by in (-1, 1)
            return Resize(operand=operand, axis=axis, by=by) if is_there else None
    return None


def is_cell(cell: Sequence[Any], shape: Sequence[int]) -> bool:
    """Whether an array of this shape has such a cell."""
    return len(cell) == len(shape) and all(_is_within(at, size) for at, size in zip(cell, shape, strict=True))


def _is_within(number: Any, size: int) -> bool:
    return type(number) is int and 0 <= number < size
