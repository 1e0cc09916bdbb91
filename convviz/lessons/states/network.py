"""Two layers, and what they should make of a signal: the state of the second part of lesson 09."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, ClassVar

import numpy as np

from convviz.lessons.states.learned import STARTS
from convviz.lessons.states.state import State
from convviz.operations.learning.two_layers import NetworkTrace, learn_two_layers
from convviz.trace import Array

_WEIGHTS = 3
_MOST_NUMBERS = 12
_UPDATES, _RATE = 100, 0.2
_USUAL = 2
"""How large the numbers are for which this is a good rate."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Network(State):
    """A signal, the output that two layers should make of it, and how their weights start.

    Its fields have other names than those of a single layer, so that both can stand in one address.

    Parameters
    ----------
    signal : ndarray, shape (columns,)
        The input.
    goal : ndarray, shape (columns − 2,)
        The target.
    beginning : str
        How the first weights are drawn: 'zeros', 'constant', 'normal', 'xavier' or 'he'.
    draw : int
        The seed of the random numbers.

    Raises
    ------
    ValueError
        If one of them is something else.

    Examples
    --------
    >>> state = Network.of(np.array([1, 0, 2, 2]))
    >>> state.goal, state.with_signal(np.array([1, 0, 2, 2, 5])).goal
    (array([1, 2]), array([1, 2, 3]))
    """

    signal: Array
    goal: Array
    beginning: str = "zeros"
    draw: int = 0

    dimensions: ClassVar[Mapping[str, tuple[int, ...]]] = MappingProxyType({"signal": (1,), "goal": (1,)})
    sides: ClassVar[Mapping[str, tuple[int, ...]]] = MappingProxyType(
        {"signal": (_MOST_NUMBERS,), "goal": (_MOST_NUMBERS,)}
    )
    has_steps: ClassVar[bool] = False

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.beginning not in STARTS:
            raise ValueError(f"beginning is {self.beginning!r:.40}; accepted: {', '.join(STARTS)}")
        if len(self.signal) != len(self.goal) + _WEIGHTS - 1:
            numbers = f"the signal has {len(self.signal)} numbers and the target {len(self.goal)}"
            raise ValueError(
                f"{numbers}; accepted: a target that is {_WEIGHTS - 1} shorter, as each filter has 3 weights"
            )

    @classmethod
    def of(cls, signal: Array) -> "Network":
        """Aim at the edges of a signal, up or down: how much the neighbours of each number differ."""
        return cls(signal=signal, goal=_edges(signal))

    def with_signal(self, signal: Array) -> "Network":
        """Take another signal; where the target is its edges, so is the new one."""
        if np.array_equal(self.goal, _edges(self.signal)):
            return replace(self, signal=signal, goal=_edges(signal))
        return replace(self, signal=signal)

    @property
    def rate(self) -> float:
        """The learning rate: smaller for larger numbers, whose gradients are larger."""
        largest = max(float(np.abs(array).max()) for array in (self.signal, self.goal))
        return float(f"{_RATE * (_USUAL / max(_USUAL, largest)) ** 2:.1g}")

    def trace(self) -> NetworkTrace:
        """Train the network.

        Raises
        ------
        ValueError
            If learning diverges.
        """
        options: dict[str, Any] = {"start": self.beginning, "seed": self.draw, "rate": self.rate, "steps": _UPDATES}
        return learn_two_layers(self.signal, self.goal, **options)


def _edges(signal: Array) -> Array:
    return np.asarray(np.abs(signal[_WEIGHTS - 1 :] - signal[: 1 - _WEIGHTS]))
