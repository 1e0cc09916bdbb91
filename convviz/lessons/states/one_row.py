"""A row of numbers, a kernel, and all that decides where the windows are: the state of lesson 10."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, ClassVar

import numpy as np

from convviz.lessons.states.state import Samples, State
from convviz.operations.layers.conv_layer import LayerTrace, conv_layer
from convviz.operations.layers.layer_arguments import layer_geometry
from convviz.operations.layers.padding import check_padding_mode
from convviz.samples import Sample
from convviz.trace import Array

BY_HAND = "own"
PADDINGS = (BY_HAND, "same", "same_tf")
PADDING_MODES = ("zeros", "reflect", "replicate", "circular")
_LIMITS = {"stride": (1, 4), "dilation": (1, 3), "before": (0, 12), "after": (0, 12)}
_MOST_CELLS, _MOST_KERNEL = 12, 5


def _places(cells: int) -> Sample:
    """Return an input whose numbers tell where they come from: 11 for the first cell, 12 for the second."""
    says = "Each number tells its place."
    return Sample(f"places_{cells}", says, lambda: np.arange(11, 11 + cells)[None], f"{cells} numbers: 11, 12, …")


@dataclass(frozen=True, eq=False, kw_only=True)
class OneRow(State):
    """A row of numbers, a kernel, and what decides where the windows are.

    Parameters
    ----------
    x : ndarray, shape (1, cells)
        The input.
    w : ndarray, shape (1, 1, cells)
        The kernel.
    stride, dilation : int
        As for `convviz.conv_layer`.
    padding : {'own', 'same', 'same_tf'}
        Whether ``before`` and ``after`` say how many cells are put around the input, or follow from a name.
    before, after : int
        The cells of the border. With a name they are replaced by those that it means.
    padding_mode : {'zeros', 'reflect', 'replicate', 'circular'}
        What fills the border.

    Raises
    ------
    ValueError
        If a field is out of its range, or no window fits.

    Examples
    --------
    >>> state = OneRow(x=np.ones((1, 6)), w=np.ones((1, 1, 3)), stride=2, padding="same_tf")
    >>> (state.before, state.after), state.trace().output.shape
    ((0, 1), (1, 3))
    """

    x: Array
    w: Array
    stride: int = 1
    dilation: int = 1
    padding: str = BY_HAND
    before: int = 0
    after: int = 0
    padding_mode: str = "zeros"

    ready_made: ClassVar[Mapping[str, Samples]] = MappingProxyType(
        {"x": MappingProxyType({sample.title: sample for sample in map(_places, (5, 6, 7, 8, 12))})}
    )
    dimensions: ClassVar[Mapping[str, tuple[int, ...]]] = MappingProxyType({"x": (2,), "w": (3,)})
    sides: ClassVar[Mapping[str, tuple[int, ...]]] = MappingProxyType(
        {"x": (1, _MOST_CELLS), "w": (1, 1, _MOST_KERNEL)}
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        self.check_ranges(_LIMITS, {"padding": PADDINGS, "padding_mode": PADDING_MODES})
        spacing = {"stride": self.stride, "dilation": self.dilation}
        geometry = layer_geometry(self.x, self.w, padding=self._padding, **spacing)
        check_padding_mode(self.padding_mode, geometry)
        for name in ("before", "after"):  # a name decides them
            object.__setattr__(self, name, getattr(geometry, name)[0])

    @property
    def _padding(self) -> Any:
        return (self.before, self.after) if self.padding == BY_HAND else self.padding

    @property
    def cells(self) -> int:
        """The number of input cells."""
        return int(self.x.shape[-1])

    @property
    def side(self) -> int:
        """The number of kernel cells."""
        return int(self.w.shape[-1])

    def trace(self) -> LayerTrace:
        """Compute the layer: of one channel and one filter."""
        options: dict[str, Any] = {"padding": self._padding, "padding_mode": self.padding_mode}
        return conv_layer(self.x, self.w, stride=self.stride, dilation=self.dilation, **options)

    def with_cells(self, cells: int) -> "OneRow":
        """Take away the last input cells, or add some that go on counting."""
        more = np.arange(11 + self.cells, 11 + max(cells, self.cells))
        return replace(self, x=np.concatenate([self.x[0], more])[None, :cells])

    def with_side(self, side: int) -> "OneRow":
        """Take away the last kernel cells, or add ones."""
        return replace(
            self, w=np.concatenate([self.w[0, 0], np.ones(max(0, side - self.side), int)])[None, None, :side]
        )

    def with_before(self, before: int) -> "OneRow":
        """Put so many cells before the input, by hand."""
        return replace(self, padding=BY_HAND, before=before)

    def with_after(self, after: int) -> "OneRow":
        """Put so many cells after the input, by hand."""
        return replace(self, padding=BY_HAND, after=after)
