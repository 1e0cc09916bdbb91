"""What the link of a teacher keeps from being changed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from convviz.lessons.states import State

ALL = "all"
"""Stands for every name."""
STEP = "step"
"""The step can always be changed: it changes no number."""


@dataclass(frozen=True)
class Locks:
    """The fields of a state that stay as they are.

    Parameters
    ----------
    fields : frozenset of str
        Their names.
    """

    fields: frozenset[str] = frozenset()

    @classmethod
    def read(cls, text: str, names: Sequence[str]) -> "Locks":
        """Read what an address says after ``lock=``: names of a state, or "all".

        Names that the state does not have are left to other lessons of the page.

        Examples
        --------
        >>> sorted(Locks.read("w,mode,kernel", ["step", "x", "w", "mode"]).fields)
        ['mode', 'w']
        >>> sorted(Locks.read("all", ["step", "x", "w", "mode"]).fields)
        ['mode', 'w', 'x']
        """
        asked = text.split(",")
        return cls(frozenset(name for name in names if name != STEP and (ALL in asked or name in asked)))

    def check(self, before: State, after: State) -> None:
        """Check that a change leaves the locked fields alone.

        Raises
        ------
        ValueError
            Names the first field that would change.
        """
        for name in sorted(self.fields):
            if not np.array_equal(getattr(before, name), getattr(after, name)):
                raise ValueError(f"{name} is locked by the link of this page, and stays as it is")

    def all_of(self, names: Sequence[str]) -> bool:
        """Whether all of some fields are locked."""
        return set(names) <= self.fields
