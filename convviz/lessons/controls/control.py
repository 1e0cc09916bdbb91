"""What all controls have in common, and the groups that they stand in."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any


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
    where : callable, optional
        Whether the page shows it in a state; always if left out.
    """

    field: str
    label: str
    hint: str = ""
    where: Callable[[Any], bool] | None = None

    kind = ""

    @property
    def name(self) -> str:
        """What messages from the page call it."""
        return f"{self.kind} {self.field}"

    def about(self, state: Any) -> dict[str, Any]:
        """Describe the control to the page, as it is in a state."""
        about = {"name": self.name, "kind": self.kind, "label": self.label, "hint": self.hint}
        return {**about, "hidden": bool(self.where and not self.where(state)), **self._more(state)}

    @abstractmethod
    def changed(self, state: Any, value: Any) -> Any:
        """Return the state after somebody has used the control.

        Raises
        ------
        ValueError
            If ``value``, which comes from the page, is not accepted.
        """

    def accepts(self, state: Any, value: Any) -> bool:
        """Whether a state can take a value."""
        try:
            self.changed(state, value)
        except (ValueError, TypeError, OverflowError):
            return False
        return True

    @abstractmethod
    def examples(self, state: Any) -> Sequence[Any]:
        """List values that the control offers in a state; of a range, both ends."""

    def _more(self, state: Any) -> dict[str, Any]:
        return {}


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

    def about(self, state: Any, locked: Collection[str] = ()) -> dict[str, Any]:
        """Describe the group to the page, as it is in a state of which some fields are locked."""
        controls = [{**one.about(state), "locked": one.field in locked} for one in self.controls]
        return {"title": self.title, "opened": self.opened, "controls": controls}
