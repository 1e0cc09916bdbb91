"""One kernel on one input: the state of lessons 01 and 02."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar, get_args

from convviz import samples
from convviz.lessons.states.state import Samples, State
from convviz.operations.convolution.correlate import Mode
from convviz.trace import Array


@dataclass(frozen=True, eq=False, kw_only=True)
class OneKernel(State):
    """An input, a kernel and a mode.

    Parameters
    ----------
    x, w : ndarray, shape (columns,) or (rows, columns)
        The input and the kernel.
    mode : {'valid', 'same', 'full'}
        Which windows count, as for `convviz.correlate`.

    Raises
    ------
    ValueError
        If the mode is another one, or an array is too large for a lesson.
    """

    x: Array
    w: Array
    mode: Mode = "valid"

    ready_made: ClassVar[Mapping[str, Samples]] = MappingProxyType({"x": samples.INPUTS, "w": samples.KERNELS})
    dimensions: ClassVar[Mapping[str, tuple[int, ...]]] = MappingProxyType({"x": (1, 2), "w": (1, 2)})
    sides: ClassVar[Mapping[str, tuple[int, ...]]] = MappingProxyType({"x": (64, 64), "w": (9, 9)})

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.mode not in get_args(Mode):
            raise ValueError(f"mode is {self.mode!r:.40}; accepted: {', '.join(get_args(Mode))}")
