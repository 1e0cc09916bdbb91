"""Numbers that somebody pasted or loaded, as an array: print-outs, nested lists, tables. Nothing is run as code."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from convviz.numerals import read_number
from convviz.trace import Array

MOST_CHARACTERS = 200_000
MOST_CELLS = 16_384
_MOST_DEPTH = 4
_EXACT = 2.0**53
"""Up to here a float holds every integer."""
_ACCEPTED = "accepted: rows of one length, copied from a table or an array"
_BEFORE = re.compile(
    r"(?:[a-z_]\w{0,30}\s{0,9}=\s{0,9})?(?:[a-z_]\w{0,30}\.){0,2}(?:array|asarray|tensor)\s{0,9}\(|[a-z_]\w{0,30}\s{0,9}=",
    re.ASCII | re.IGNORECASE,
)
"""What may stand before the numbers: a name and an equals sign, and what NumPy and PyTorch call their arrays."""
_AFTER = re.compile(r"(,\s*(dtype|device|requires_grad|grad_fn)\s*=\s*[\w.'\"<>:]{1,60}){0,4}\s*,?\s*\)?\s*", re.ASCII)
_PIECES = re.compile(r"[\[\]\n]|[^\s\[\],]+")
_DECIMAL_COMMA = re.compile(r"[+−-]?\d*,\d+", re.ASCII)
_TRUTHS = {"True": 1, "False": 0}


def read_array(text: str) -> Array:
    r"""Read numbers as NumPy and PyTorch print them, as nested lists, or as a table: CSV or a spreadsheet.

    Parameters
    ----------
    text : str
        Up to 200,000 characters, 16,384 numbers and 4 axes. Columns of a table are separated by blanks, tabs, commas or
        semicolons. Beside tabs and semicolons, a number may have a decimal comma.

    Returns
    -------
    ndarray
        int64 where all numbers are whole, else float64. A single row has one axis.

    Raises
    ------
    ValueError
        If something is no number, or rows differ in length. The message says in which line.

    Examples
    --------
    >>> read_array("array([[1, 2],\n       [3, 4]])").tolist()
    [[1, 2], [3, 4]]
    >>> read_array("0,5;1\n2;3").tolist()
    [[0.5, 1.0], [2.0, 3.0]]
    >>> read_array("1 2\n3 many")
    Traceback (most recent call last):
    ValueError: line 2, number 2: “many” is no number; type one such as 3, -1, 0.5 or 1/9
    """
    if not isinstance(text, str) or len(text) > MOST_CHARACTERS:
        much = f"has {len(text)} characters" if isinstance(text, str) else "is no text"
        raise ValueError(f"this {much}; accepted: up to {MOST_CHARACTERS}")
    plain = _unwrapped(text)
    if not plain.strip(" \r\n\t,;"):
        raise ValueError(f"there are no numbers here; {_ACCEPTED}")
    array = np.array(_nested(plain) if "[" in plain or "]" in plain else _table(plain))
    if array.dtype.kind not in "if":
        raise ValueError("a whole number here does not fit 64 bits; accepted: from -2^63 to 2^63 - 1")
    return exact(array)


def exact(array: Array) -> Array:
    """Return whole numbers as integers, so that they are written and computed exactly."""
    if array.dtype.kind == "f" and (np.abs(array) < _EXACT).all() and (array == np.rint(array)).all():
        return array.astype(np.int64)
    return array


def _unwrapped(text: str) -> str:
    """Remove what Python writes around the numbers of an array."""
    plain = text.removeprefix("\ufeff")
    start = len(plain) - len(plain.lstrip())
    before = _BEFORE.match(plain, start)
    # Line breaks stay where they are, because errors count lines.
    plain = "\n" * plain[: before.end() if before else 0].count("\n") + plain[before.end() if before else 0 :]
    if not (before and before[0].endswith("(")):
        plain = plain.replace("(", "[").replace(")", "]")
    numbers, bracket, after = plain.rpartition("]")
    if bracket and not _AFTER.fullmatch(after):
        raise ValueError(f"“{after.strip()[:20]}” stands behind the last bracket; accepted: numbers in brackets")
    if bracket and numbers.count("[") == 1 and ";" in numbers:  # rows as MATLAB writes them
        return numbers.replace("[", " ")
    return (numbers + bracket).replace("(", "[").replace(")", "]") or plain


@dataclass
class _List:
    """A list that is being read: what it holds, and the shape that all of it has."""

    parts: list[Any] = field(default_factory=list)
    shape: tuple[int, ...] | None = None

    def add(self, part: Any, shape: tuple[int, ...], line: int) -> None:
        if self.shape is not None and self.shape != shape:
            now, before = (f"{each[0]} numbers or lists" if each else "a number" for each in (shape, self.shape))
            raise ValueError(f"line {line}: here is {now}, and beside it {before}; accepted: rows of one length")
        self.parts.append(part)
        self.shape = shape


def _nested(text: str) -> list[Any]:
    """Read lists in lists, with or without commas, however deep a text claims them to be."""
    lists, line, numbers, in_line = [_List()], 1, 0, 0
    for piece in _PIECES.finditer(text):
        word = piece[0]
        if word == "\n":
            line, in_line = line + 1, 0
        elif word == "[":
            if len(lists) > _MOST_DEPTH:
                raise ValueError(f"line {line}: lists in lists, {len(lists)} deep; accepted: up to {_MOST_DEPTH}")
            lists.append(_List())
        elif word == "]":
            if len(lists) == 1 or not lists[-1].parts:
                raise ValueError(f"line {line}: this ] closes nothing; {_ACCEPTED}")
            closed = lists.pop()
            lists[-1].add(closed.parts, (len(closed.parts), *(closed.shape or ())), line)
        else:
            numbers, in_line = numbers + 1, in_line + 1
            lists[-1].add(_number(word, line, in_line, numbers), (), line)
    if len(lists) > 1:
        raise ValueError(f"line {line}: a [ is never closed; {_ACCEPTED}")
    [outer] = lists
    return outer.parts[0] if len(outer.parts) == 1 and outer.shape else outer.parts


def _table(text: str) -> list[Any]:
    rows = [(line, row.strip(" \r")) for line, row in enumerate(text.split("\n"), start=1) if row.strip(" \r,;\t")]
    if len(rows) == 1 and ";" in text and "\t" not in text:
        rows = [(1, row.strip()) for row in rows[0][1].split(";") if row.strip()]
    separator = _separator([row for _, row in rows])
    if separator and all(row.endswith(separator) for _, row in rows):
        rows = [(line, row.removesuffix(separator)) for line, row in rows]
    found: list[list[Any]] = []
    numbers = 0
    for line, row in rows:
        found.append(list(_cells(row, separator, line, numbers)))
        numbers += len(found[-1])
        if len(found[-1]) != len(found[0]):
            has = f"line {line} has {len(found[-1])} numbers, and the first row has {len(found[0])}"
            raise ValueError(f"{has}; {_ACCEPTED}")
    return found if len(found) > 1 else found[0]


def _separator(rows: list[str]) -> str | None:
    """Find what stands between the columns; None for blanks."""
    if any("\t" in row for row in rows):
        return "\t"
    if len(rows) > 1 and all(";" in row.rstrip(";") for row in rows):
        return ";"
    return "," if any("," in row for row in rows) else None


def _cells(row: str, separator: str | None, line: int, before: int) -> Iterator[Any]:
    for number, cell in enumerate(row.rstrip(";").split(separator), start=1):
        plain = cell.strip().strip('"')
        if separator != "," and _DECIMAL_COMMA.fullmatch(plain):
            plain = plain.replace(",", ".")
        yield _number(plain, line, number, before + number)


def _number(word: str, line: int, in_line: int, in_all: int) -> Any:
    if in_all > MOST_CELLS:
        raise ValueError(f"line {line}: these are more than {MOST_CELLS} numbers; accepted: up to {MOST_CELLS}")
    if word in ("...", "…"):
        says = "NumPy has left numbers out here; print all of them: np.set_printoptions(threshold=10**6)"
        raise ValueError(f"line {line}: {says}")
    try:
        return _TRUTHS[word] if word in _TRUTHS else read_number(word)
    except ValueError as error:
        raise ValueError(f"line {line}, number {in_line}: {error}") from None
