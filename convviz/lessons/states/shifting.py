"""A picture, the same picture shifted, and what makes an output of both: the state of lesson 07's part on shifts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, ClassVar

import numpy as np

from convviz import samples
from convviz.lessons.states.filtering import Filtering
from convviz.lessons.states.state import Samples, State
from convviz.operations.layers.conv_layer import LayerTrace, conv_layer
from convviz.operations.layers.pool import PoolTrace, pool
from convviz.samples import Sample
from convviz.trace import Array

MOST_SHIFT = 4
_LAYERS = ("convolution", "stride", "max", "mean")
_INPUTS = ("A 3", "A few stars", "Step edge", "Impulse: a single one")


def _nested(sample: Sample, axes: int) -> Sample:
    """Return a sample with axes of a single cell before its own: a picture of one channel, or one filter."""
    return replace(sample, make=lambda: sample.make()[(None,) * axes])


@dataclass(frozen=True, eq=False, kw_only=True)
class Shifting(State):
    """A picture, how far a copy of it is shifted, and the layer that both go through.

    Parameters
    ----------
    x : ndarray, shape (1, rows, columns)
        The picture.
    w : ndarray, shape (1, 1, rows, columns)
        The kernel. A pooling leaves it alone.
    shift : int
        By how many cells the copy is moved to the right. What leaves is lost, and zeros come in.
    layer : {'convolution', 'stride', 'max', 'mean'}
        A kernel with a stride of 1 or of 2, or a pooling of windows of 2×2 with a stride of 2.

    Raises
    ------
    ValueError
        If a field is out of its range, or an array is too large for a lesson.

    Examples
    --------
    >>> state = Shifting(x=np.array([[[1, 2, 3]]]), w=np.ones((1, 1, 1, 1)), shift=1)
    >>> state.shifted, state.trace().output
    (array([[[0, 1, 2]]]), array([[[1., 2., 3.]]]))
    """

    x: Array
    w: Array
    shift: int = 1
    layer: str = "convolution"

    ready_made: ClassVar[Mapping[str, Samples]] = MappingProxyType(
        {
            "x": MappingProxyType({title: _nested(Filtering.ready_made["x"][title], 1) for title in _INPUTS}),
            "w": MappingProxyType(
                {title: _nested(each, 2) for title, each in samples.KERNELS.items() if each().shape == (3, 3)}
            ),
        }
    )
    dimensions: ClassVar[Mapping[str, tuple[int, ...]]] = MappingProxyType({"x": (3,), "w": (4,)})
    sides: ClassVar[Mapping[str, tuple[int, ...]]] = MappingProxyType({"x": (1, 12, 12), "w": (1, 1, 5, 5)})

    def __post_init__(self) -> None:
        super().__post_init__()
        self.check_ranges({"shift": (0, MOST_SHIFT)}, {"layer": _LAYERS})

    @property
    def shifted(self) -> Array:
        """The picture, moved to the right."""
        wide = np.pad(self.x, ((0, 0), (0, 0), (self.shift, 0)))
        return wide[..., : self.x.shape[-1]]

    @property
    def stride(self) -> int:
        """How many input cells lie between the windows of neighbouring outputs."""
        return 1 if self.layer == "convolution" else 2

    def trace(self) -> LayerTrace | PoolTrace:
        """Compute the output of the picture."""
        return self._through(self.x)

    def shifted_trace(self) -> LayerTrace | PoolTrace:
        """Compute the output of the shifted picture."""
        return self._through(self.shifted)

    def _through(self, x: Array) -> LayerTrace | PoolTrace:
        if self.layer in ("max", "mean"):
            kind: Any = self.layer
            return pool(x, 2, kind=kind)
        return conv_layer(x, self.w, stride=self.stride)
