"""Controls that are picked or pressed: a choice, ready-made arrays, random numbers, a picture file."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from convviz.lessons.controls.control import Control
from convviz.lessons.states import State
from convviz.samples.picture_file import MOST_BYTES, read_picture

YOURS = "Your own numbers"
Values = Callable[[Any], Iterable[tuple[Any, str]]]


@dataclass(frozen=True, kw_only=True)
class Choice(Control):
    """One of a few values, side by side; or in a list, where there are many or their names are long.

    Parameters
    ----------
    values : sequence of (value, str), or callable
        Each value and its label; or a function that returns them for a state.
    fitting : bool
        Whether the page offers only the values that go together with the other fields.
    """

    values: Sequence[tuple[Any, str]] | Values
    fitting: bool = False

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
        """List all options that are offered."""
        numbers = range(len(self.options(state)))
        return [number for number in numbers if self.accepts(state, number)] if self.fitting else numbers

    def _more(self, state: Any) -> dict[str, Any]:
        options = self.options(state)
        now = getattr(state, self.field)
        values = [value for value, _ in options]
        fits = [self.accepts(state, number) for number in range(len(options))] if self.fitting else None
        labels = [label for _, label in options]
        return {"options": labels, "value": values.index(now) if now in values else -1, "fits": fits, "other": YOURS}


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
class Press(Control):
    """A button that does one thing.

    Parameters
    ----------
    change : callable
        Takes the state, and returns the next one. ``field`` is only a name here.
    """

    change: Callable[[Any], State]

    kind = "press"

    def changed(self, state: State, value: Any) -> Any:
        """Return the state after a press."""
        if value is not True:
            raise ValueError(f"{self.label} is {value!r:.40}; accepted: a press of the button")
        return self.change(state)

    def examples(self, state: Any) -> Sequence[Any]:
        """List the one value that the page sends, where a press is possible."""
        return [True] if self.accepts(state, True) else []

    def _more(self, state: Any) -> dict[str, Any]:
        return {"fits": self.accepts(state, True)}


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


def _read(data: bytes, side: int) -> Any:
    """Read a picture; the page says of which file an error is."""
    try:
        return read_picture(data, side)
    except ValueError as error:
        raise ValueError(str(error).removeprefix("data cannot be read: ")) from None


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
        return state.with_field(self.field, _read(value, self.side))

    def examples(self, state: Any) -> Sequence[Any]:
        """List nothing: files are the learner's."""
        return []

    def _more(self, state: Any) -> dict[str, Any]:
        rows, columns = getattr(state, self.field).shape[-2:]
        return {"most_bytes": MOST_BYTES, "size": f"{columns}×{rows}"}
