"""A picture and a window that makes one number of many: the state of lesson 10's part on pooling."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar

from convviz.lessons.states.state import Samples, State, one_channel
from convviz.operations.layers.pool import PoolTrace, pool
from convviz.trace import Array

_KINDS = ("max", "mean")
_LIMITS = {"size": (1, 4), "stride": (1, 4), "padding": (0, 2)}


@dataclass(frozen=True, eq=False, kw_only=True)
class Pooling(State):
    """A picture of one channel, and the windows that are pooled.

    Parameters
    ----------
    x : ndarray, shape (1, rows, columns)
        The input.
    size, stride, padding : int
        As for `convviz.pool`, along both axes.
    kind : {'max', 'mean'}
        What a window becomes.

    Raises
    ------
    ValueError
        If a field is out of its range, or no window fits.

    Examples
    --------
    >>> import numpy as np
    >>> Pooling(x=np.arange(16).reshape(1, 4, 4)).trace().output.tolist()
    [[[5, 7], [13, 15]]]
    """

    x: Array
    size: int = 2
    stride: int = 2
    padding: int = 0
    kind: str = "max"

    ready_made: ClassVar[Mapping[str, Samples]] = MappingProxyType({"x": one_channel()})
    dimensions: ClassVar[Mapping[str, tuple[int, ...]]] = MappingProxyType({"x": (3,)})
    sides: ClassVar[Mapping[str, tuple[int, ...]]] = MappingProxyType({"x": (1, 12, 12)})

    def __post_init__(self) -> None:
        super().__post_init__()
        self.check_ranges(_LIMITS, {"kind": _KINDS})
        self.trace()

    def trace(self) -> PoolTrace:
        """Pool the picture."""
        options: dict[str, Any] = {"kind": self.kind, "stride": self.stride, "padding": self.padding}
        return pool(self.x, self.size, **options)
