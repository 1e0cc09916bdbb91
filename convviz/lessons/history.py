"""The states of a lesson, one after the other: what is on the screen, and what *Undo* returns to."""

from typing import Generic, TypeVar

from convviz.lessons.states import State

StateT = TypeVar("StateT", bound=State)
_MOST_UNDONE = 200


class History(Generic[StateT]):
    """Remember the states before the one on the screen.

    While a number is dragged, many states pass: *Undo* returns to the one where the drag began.

    Parameters
    ----------
    start : State
        What a lesson begins with.
    """

    def __init__(self, start: StateT) -> None:
        self.start = self.now = start
        self._past: list[StateT] = []
        self._dragged_from: StateT | None = None

    def move(self, state: StateT, *, live: bool = False) -> None:
        """Go on to another state; ``live`` if a drag is still on its way."""
        before = self._dragged_from or self.now
        self._dragged_from = before if live else None
        if not live and not before.same_as(state):
            self._past = [*self._past, before][-_MOST_UNDONE:]
        self.now = state

    def step(self, step: int) -> None:
        """Stand at another step of the same state."""
        self.now = self.now.with_field("step", step)

    def back(self) -> StateT:
        """Return to the state before the last change, and return it; at the beginning, stay."""
        if self._past:
            self.now = self._past.pop()
        return self.now

    def about(self) -> dict[str, bool]:
        """Describe to the page what is possible."""
        return {"undo": bool(self._past), "reset": not self.now.same_as(self.start)}
