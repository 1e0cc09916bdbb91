"""Controls that are typed: a whole number, a short array."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from convviz.lessons.controls.control import Control
from convviz.lessons.editing import exact, resized
from convviz.numerals import read_number, typed

_MOST_CHARACTERS = 60


@dataclass(frozen=True, kw_only=True)
class Number(Control):
    """A whole number, to be typed or stepped.

    Parameters
    ----------
    least, most : int
        The range.
    axis : int, optional
        Where the field holds an array: the axis whose number of cells is meant, −1 for the last one.
    fitting : bool
        Whether the page offers only the part of the range that goes together with the other fields.
    """

    least: int
    most: int
    axis: int | None = None
    fitting: bool = False

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
        return [str(end) for end in self._range(state)]

    def _more(self, state: Any) -> dict[str, Any]:
        least, most = self._range(state)
        return {"value": str(self._now(state)), "least": least, "most": most}

    def _now(self, state: Any) -> int:
        now = getattr(state, self.field)
        return int(now if self.axis is None else now.shape[self.axis] if now.ndim >= -self.axis else 1)

    def _range(self, state: Any) -> tuple[int, int]:
        """Return both ends of what the page offers: around the number as it is, what the state accepts."""
        if not self.fitting:
            return self.least, self.most
        least = most = self._now(state)
        while least > self.least and self.accepts(state, str(least - 1)):
            least -= 1
        while most < self.most and self.accepts(state, str(most + 1)):
            most += 1
        return least, most


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


def _short(value: Any) -> str:
    if not isinstance(value, str) or len(value) > _MOST_CHARACTERS:
        raise ValueError(f"{value!r:.40} is no number; accepted: up to {_MOST_CHARACTERS} characters")
    return value


def _sized(array: Any, axis: int, cells: int) -> Any:
    if array.ndim < -axis:
        raise ValueError("this is a single row of numbers; accepted: an example that has rows")
    return resized(array, axis % array.ndim, cells)
