"""Controls that take whole arrays: pasted as text, or loaded from a file. Text is read as numbers, never run."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from convviz.lessons.controls.control import Control
from convviz.lessons.controls.picked import Upload
from convviz.lessons.reading import MOST_CHARACTERS, read_array
from convviz.samples.picture_file import is_picture
from convviz.trace import Array

_TABLES = "text/csv,text/plain,.csv,.tsv,.txt"


@dataclass(frozen=True, kw_only=True)
class Pasted(Control):
    """An array that is pasted: NumPy's print-out, nested lists, CSV, cells of a spreadsheet."""

    kind = "paste"

    def changed(self, state: Any, value: Any) -> Any:
        """Return the state with the array that was pasted."""
        if not isinstance(value, str):
            raise ValueError(f"{self.label} is {type(value).__name__}; accepted: numbers as text")
        return state.with_field(self.field, _several(value))

    def examples(self, state: Any) -> Sequence[Any]:
        """List some ways of writing an array, which are all accepted."""
        return ["1 2 3\n4 5 6\n7 8 10", "[[1, 2], [3, -1]]", "array([[0.5, 1. ],\n       [2. , 3. ]])"]

    def _more(self, state: Any) -> dict[str, Any]:
        return {"most": MOST_CHARACTERS, "size": _size(getattr(state, self.field))}


@dataclass(frozen=True, kw_only=True)
class Loaded(Upload):
    """An array in a file: a picture, or a table as text."""

    accept = f"{Upload.accept},{_TABLES}"
    files = "CSV, TXT, PNG or JPEG"

    def changed(self, state: Any, value: Any) -> Any:
        """Return the state with the array in a file, given as bytes."""
        if not isinstance(value, bytes) or is_picture(value):
            return super().changed(state, value)
        return state.with_field(self.field, _several(_text(value)))

    def _size(self, state: Any) -> str:
        return _size(getattr(state, self.field))


def _several(text: str) -> Array:
    """Read an array; a lone number without brackets is more likely a slip than an array."""
    array = read_array(text)
    if array.size == array.ndim == 1 and "[" not in text:
        raise ValueError(f"this is a single number, {text.strip():.40}; accepted: several, or [[3]] in brackets")
    return array


def _text(data: bytes) -> str:
    if not data:
        raise ValueError("there is nothing in this file; accepted: numbers as text, PNG or JPEG")
    if len(data) > MOST_CHARACTERS:
        raise ValueError(f"this file has {len(data)} bytes; accepted: up to {MOST_CHARACTERS} of text")
    if data.startswith(b"PK"):
        raise ValueError("this file is packed, as an .xlsx or .npz is; accepted: a table saved as CSV")
    try:
        return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8")
    except UnicodeDecodeError:
        raise ValueError("this file is neither text nor a picture; accepted: CSV, TXT, PNG or JPEG") from None


def _size(array: Array) -> str:
    return f"{'×'.join(map(str, array.shape))} numbers" if array.ndim > 1 else f"{len(array)} numbers"
