"""Three short arrays: the state of the question whether brackets may be moved."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

import numpy as np

from convviz.lessons.states.state import State
from convviz.trace import Array

_SMALLEST, _LARGEST = 0.001, 999
"""Within these sizes sums neither overflow nor get lost in rounding, and a table stays narrow enough to read."""


@dataclass(frozen=True, eq=False, kw_only=True)
class ThreeArrays(State):
    """Three arrays of 1 to 8 numbers each.

    Parameters
    ----------
    a, b, c : ndarray, shape (numbers,)
        Each number is 0, or from 0.001 to 999 in size.

    Raises
    ------
    ValueError
        If there are other numbers among them, or more.
    """

    a: Array
    b: Array
    c: Array

    dimensions: ClassVar[Mapping[str, tuple[int, ...]]] = MappingProxyType(dict.fromkeys("abc", (1,)))
    has_steps: ClassVar[bool] = False
    sides: ClassVar[Mapping[str, tuple[int, ...]]] = MappingProxyType(dict.fromkeys("abc", (8,)))

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in "abc":
            sizes = np.abs(getattr(self, name))
            odd = (sizes > 0) & ((sizes < _SMALLEST) | (sizes > _LARGEST))
            if odd.any():
                number = getattr(self, name)[odd][0]
                accepted = f"accepted: 0, and numbers from {_SMALLEST} to {_LARGEST} in size"
                raise ValueError(f"{name.upper()} holds {number}; {accepted}")
