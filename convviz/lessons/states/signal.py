"""A signal and the response of what it passes through: the state of the lesson on echoes."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from convviz import samples
from convviz.lessons.states.state import Samples, State
from convviz.trace import Array

MOST_SAMPLES, MOST_PATHS = 12, 6


@dataclass(frozen=True, eq=False, kw_only=True)
class SignalState(State):
    """A signal, and the echo of a single 1.

    Parameters
    ----------
    x : ndarray, shape (samples,)
        The signal, of up to 12 samples.
    h : ndarray, shape (paths,)
        The impulse response, of up to 6 numbers.

    Raises
    ------
    ValueError
        If one of them is longer.
    """

    x: Array
    h: Array

    ready_made: ClassVar[Mapping[str, Samples]] = MappingProxyType({"x": samples.SHORT_SIGNALS, "h": samples.RESPONSES})
    dimensions: ClassVar[Mapping[str, tuple[int, ...]]] = MappingProxyType({"x": (1,), "h": (1,)})
    sides: ClassVar[Mapping[str, tuple[int, ...]]] = MappingProxyType({"x": (MOST_SAMPLES,), "h": (MOST_PATHS,)})
