"""A kernel without any input: the state of lesson 07's part on waves."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from convviz.lessons.states.filtering import Filtering
from convviz.lessons.states.state import Samples, State
from convviz.operations.convolution.frequency_response import FrequencyResponse, frequency_response
from convviz.trace import Array

_FREQUENCIES = 24
"""Along each axis: an even number, so that the fastest wave is among them, and one that 2, 3, 4 and 6 divide."""


@dataclass(frozen=True, eq=False, kw_only=True)
class KernelAlone(State):
    """A kernel, and what it does to waves.

    Parameters
    ----------
    w : ndarray, shape (rows, columns)
        The kernel.

    Raises
    ------
    ValueError
        If it is too large for a lesson.

    Examples
    --------
    >>> import numpy as np
    >>> float(KernelAlone(w=np.full((3, 3), 1 / 9)).trace().magnitude.max().round(3))
    1.0
    """

    w: Array

    ready_made: ClassVar[Mapping[str, Samples]] = MappingProxyType({"w": Filtering.ready_made["w"]})
    dimensions: ClassVar[Mapping[str, tuple[int, ...]]] = MappingProxyType({"w": (2,)})
    sides: ClassVar[Mapping[str, tuple[int, ...]]] = MappingProxyType({"w": (9, 9)})

    def trace(self) -> FrequencyResponse:
        """Compute the response, with frequency 0 in the middle."""
        return frequency_response(self.w, _FREQUENCIES).centred
