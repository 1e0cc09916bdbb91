"""A picture and a kernel that is stamped into a larger one: the state of lesson 10's part on transposed convolution."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import ClassVar

import numpy as np

from convviz.lessons.states.state import Samples, State, one_channel
from convviz.operations.layers.conv_transpose import StampTrace, conv_transpose
from convviz.trace import Array

_LIMITS = {"stride": (1, 3), "padding": (0, 3), "output_padding": (0, 2)}
_MOST_KERNEL = 4


@dataclass(frozen=True, eq=False, kw_only=True)
class Stamping(State):
    """A picture of one channel, and the kernel that each of its cells stamps into the output.

    Parameters
    ----------
    x : ndarray, shape (1, rows, columns)
        The input.
    w : ndarray, shape (1, 1, rows, columns)
        The kernel.
    stride, padding, output_padding : int
        As for `convviz.conv_transpose`, along both axes.

    Raises
    ------
    ValueError
        If a field is out of its range, or they do not go together.

    Examples
    --------
    >>> Stamping(x=np.ones((1, 2, 2)), w=np.ones((1, 1, 3, 3)), stride=2).trace().output[0, 2].tolist()
    [2.0, 2.0, 4.0, 2.0, 2.0]
    """

    x: Array
    w: Array
    stride: int = 2
    padding: int = 0
    output_padding: int = 0

    ready_made: ClassVar[Mapping[str, Samples]] = MappingProxyType({"x": one_channel()})
    dimensions: ClassVar[Mapping[str, tuple[int, ...]]] = MappingProxyType({"x": (3,), "w": (4,)})
    sides: ClassVar[Mapping[str, tuple[int, ...]]] = MappingProxyType(
        {"x": (1, 6, 6), "w": (1, 1, _MOST_KERNEL, _MOST_KERNEL)}
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        self.check_ranges(_LIMITS)
        self.trace()

    @property
    def side(self) -> int:
        """The number of rows of the kernel."""
        return int(self.w.shape[-2])

    def with_side(self, side: int) -> "Stamping":
        """Take a kernel of ones of another size."""
        return replace(self, w=np.ones((1, 1, side, side), int))

    def trace(self) -> StampTrace:
        """Compute the transposed convolution."""
        spacing = {"stride": self.stride, "padding": self.padding, "output_padding": self.output_padding}
        return conv_transpose(self.x, self.w, **spacing)
