"""The controls of a lesson: each one is bound to a field of the state, and knows what it accepts."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from convviz.lessons.editing import exact, resized
from convviz.lessons.states import State
from convviz.numerals import read_number, typed
from convviz.samples.picture_file import MOST_BYTES, read_picture

YOURS = "Your own numbers"
_MOST_CHARACTERS = 60
Values = Callable[[Any], Iterable[tuple[Any, str]]]


@dataclass(frozen=True, kw_only=True)
class Control(ABC):
    """Something on the page that changes one field of the state.

    Parameters
    ----------
    field : str
        The field of the state.
    label : str
        The name that readers see and hear.
    hint : str
        What it does, in a few words.
    """

    field: str
    label: str
    hint: str = ""

    kind = ""

    @property
    def name(self) -> str:
        """What messages from the page call it."""
        return f"{self.kind} {self.field}"

    def about(self, state: Any) -> dict[str, Any]:
        """Describe the control to the page, as it is in a state."""
        return {"name": self.name, "kind": self.kind, "label": self.label, "hint": self.hint, **self._more(state)}

    @abstractmethod
    def changed(self, state: Any, value: Any) -> Any:
        """Return the state after somebody has used the control.

        Raises
        ------
        ValueError
            If ``value``, which comes from the page, is not accepted.
        """

    @abstractmethod
    def examples(self, state: Any) -> Sequence[Any]:
        """List values that the control offers in a state; of a range, both ends."""

    def _more(self, state: Any) -> dict[str, Any]:
        return {}


@dataclass(frozen=True, kw_only=True)
class Choice(Control):
    """One of a few values, side by side; or in a list, where there are many or their names are long.

    Parameters
    ----------
    values : sequence of (value, str), or callable
        Each value and its label; or a function that returns them for a state.
    """

    values: Sequence[tuple[Any, str]] | Values

    kind = "choice"

    def options(self, state: Any) -> list[tuple[Any, str]]:
        """List the values and their labels."""
        return list(self.values(state) if callable(self.values) else self.values)

    def changed(self, state: Any, value: Any) -> Any:
        """Return the state with the option of this number."""
        options = self.options(state)
        if type(value) is not int or not 0 <= value < len(options):
            raise ValueError(f"{self.label} is option {value!r:.40}; accepted: one of {len(options)}")
        return state.with_field(self.field, options[value][0])

    def examples(self, state: Any) -> Sequence[Any]:
        """List all options."""
        return range(len(self.options(state)))

    def _more(self, state: Any) -> dict[str, Any]:
        options = self.options(state)
        now = getattr(state, self.field)
        values = [value for value, _ in options]
        return {"options": [label for _, label in options], "value": values.index(now) if now in values else -1}


@dataclass(frozen=True, kw_only=True)
class Number(Control):
    """A whole number, to be typed or stepped.

    Parameters
    ----------
    least, most : int
        The range.
    axis : int, optional
        Where the field holds an array: the axis whose number of cells is meant, −1 for the last one.
    """

    least: int
    most: int
    axis: int | None = None

    kind = "number"

    @property
    def name(self) -> str:
        """What messages from the page call it."""
        return super().name if self.axis is None else f"{super().name} {self.axis}"

    def changed(self, state: Any, value: Any) -> Any:
        """Return the state with the number that was typed."""
        number = read_number(_short(value))
        if number != int(number) or not self.least <= number <= self.most:
            accepted = f"accepted: a whole number from {self.least} to {self.most}"
            raise ValueError(f"{self.label} is {str(value).strip()}; {accepted}")
        if self.axis is None:
            return state.with_field(self.field, int(number))
        return state.with_field(self.field, _sized(getattr(state, self.field), self.axis, int(number)))

    def examples(self, state: Any) -> Sequence[Any]:
        """List both ends of the range."""
        return [str(self.least), str(self.most)]

    def _more(self, state: Any) -> dict[str, Any]:
        now = getattr(state, self.field)
        value = now if self.axis is None else now.shape[self.axis] if now.ndim >= -self.axis else 1
        return {"value": str(value), "least": self.least, "most": self.most}


@dataclass(frozen=True, kw_only=True)
class Examples(Control):
    """A list of the ready-made arrays that the state knows for a field."""

    kind = "list"

    def changed(self, state: State, value: Any) -> Any:
        """Return the state with the ready-made array of this title."""
        ready = state.ready_made[self.field]
        if not isinstance(value, str) or value not in ready:
            raise ValueError(f"{self.label} is {value!r:.40}; accepted: {', '.join(ready)}")
        return state.with_field(self.field, ready[value]())

    def examples(self, state: State) -> Sequence[Any]:
        """List all titles."""
        return list(state.ready_made[self.field])

    def _more(self, state: State) -> dict[str, Any]:
        return {"options": [*state.ready_made[self.field]], "value": state.name_of(self.field), "other": YOURS}


@dataclass(frozen=True, kw_only=True)
class Random(Control):
    """A button that draws new random whole numbers.

    Parameters
    ----------
    low, high : int
        The smallest and the largest number.
    """

    low: int
    high: int

    kind = "random"

    def changed(self, state: Any, value: Any) -> Any:
        """Return the state with new numbers."""
        shape = getattr(state, self.field).shape
        numbers = np.random.default_rng().integers(self.low, self.high, shape, endpoint=True)
        return state.with_field(self.field, np.asarray(numbers))

    def examples(self, state: Any) -> Sequence[Any]:
        """List the one value that the page sends."""
        return [True]


@dataclass(frozen=True, kw_only=True)
class Upload(Control):
    """A picture file of the learner's own.

    Parameters
    ----------
    side : int
        How long the longer side may remain, in pixels; a larger picture is shrunk.
    """

    side: int = 32

    kind = "file"

    def changed(self, state: Any, value: Any) -> Any:
        """Return the state with the picture in a file, given as bytes."""
        if not isinstance(value, bytes):
            raise ValueError(f"{self.label} is {type(value).__name__}; accepted: a PNG or JPEG file")
        return state.with_field(self.field, read_picture(value, self.side))

    def examples(self, state: Any) -> Sequence[Any]:
        """List nothing: files are the learner's."""
        return []

    def _more(self, state: Any) -> dict[str, Any]:
        rows, columns = getattr(state, self.field).shape[-2:]
        return {"most_bytes": MOST_BYTES, "size": f"{columns}×{rows}"}


@dataclass(frozen=True, kw_only=True)
class Typed(Control):
    """A short array typed in a line, numbers separated by spaces or commas."""

    kind = "text"

    def changed(self, state: Any, value: Any) -> Any:
        """Return the state with the numbers that were typed."""
        words = _short(value).strip().strip("[]()").replace(",", " ").split()
        if not words:
            raise ValueError(f"{self.label} is empty; accepted: numbers such as 1 0 2")
        try:
            return state.with_field(self.field, exact(np.array([read_number(word) for word in words])))
        except ValueError as error:
            raise ValueError(f"{self.label}: {error}") from None

    def examples(self, state: Any) -> Sequence[Any]:
        """List two lines that are accepted."""
        return ["1 0 2", "[0.5, -1]"]

    def _more(self, state: Any) -> dict[str, Any]:
        return {"value": " ".join(map(typed, getattr(state, self.field)))}


@dataclass(frozen=True, kw_only=True)
class Group:
    """Controls that belong together, under a heading that folds.

    Parameters
    ----------
    title : str
        The heading.
    controls : tuple of Control
        In order.
    opened : bool
        Whether it is unfolded at first.
    """

    title: str
    controls: tuple[Control, ...]
    opened: bool = True

    def about(self, state: Any) -> dict[str, Any]:
        """Describe the group to the page, as it is in a state."""
        return {"title": self.title, "opened": self.opened, "controls": [one.about(state) for one in self.controls]}


def _short(value: Any) -> str:
    if not isinstance(value, str) or len(value) > _MOST_CHARACTERS:
        raise ValueError(f"{value!r:.40} is no number; accepted: up to {_MOST_CHARACTERS} characters")
    return value


def _sized(array: Any, axis: int, cells: int) -> Any:
    if array.ndim < -axis:
        raise ValueError("this is a single row of numbers; accepted: an example that has rows")
    return resized(array, axis % array.ndim, cells)
