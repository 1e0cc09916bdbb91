"""Treat every sliding kernel as a layer, so that code for layers also works for `correlate` and `convolve`."""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from convviz.faults import shown
from convviz.geometry import Geometry
from convviz.operations.convolution.correlate import WindowTrace
from convviz.operations.layers.activation import Activation
from convviz.operations.layers.conv_layer import LayerTrace
from convviz.operations.layers.padding import PaddingMode, origins
from convviz.trace import Array


@dataclass(frozen=True, kw_only=True, eq=False)
class Layer:
    """The parts of a layer: the attributes of `LayerTrace` with the same names.

    Parameters
    ----------
    x : ndarray, shape (C_in, *spatial)
    weight, kernel : ndarray, shape (C_out, C_in/groups, *kernel)
        The filters as given, and as applied (flipped if ``flip``).
    bias : ndarray, shape (C_out,)
        The number that each filter adds to its sums; zeros if there is none.
    padded : ndarray, shape (C_in, *padded)
    preactivation, output : ndarray, shape (C_out, *out)
    geometry : Geometry
        The positions of the windows along the spatial axes.
    origins : tuple of ndarray
        For each axis and each cell of the padded input, the index of the input cell that it is copied from; −1 for a
        constant.
    padding_mode : str or number
        What fills the border.
    groups : int
    flip : bool
    activation : str, callable or None
    bare : bool
        Whether the arrays of the trace itself have no axes for channels and filters.
    """

    x: Array
    weight: Array
    kernel: Array
    bias: Array
    padded: Array
    preactivation: Array
    output: Array
    geometry: Geometry
    origins: tuple[Array, ...]
    padding_mode: PaddingMode
    groups: int
    flip: bool
    activation: Activation
    bare: bool = False

    def sources(self, offset: tuple[int, ...]) -> Array:
        """Return the flat index of the input cell that the kernel cell at ``offset`` meets in each window; −1: none.

        Examples
        --------
        >>> from convviz.operations.convolution.correlate import correlate
        >>> as_layer(correlate([7, 8, 9], [1, 2, 3], "same")).sources((0,))
        array([-1,  0,  1])
        """
        found = np.zeros((), dtype=np.int64)
        for axis, at, origin in zip(self.geometry.axes, offset, self.origins, strict=True):
            along = origin[axis.reads(at)]
            nothing = (found < 0)[..., None] | (along < 0)
            found = np.where(nothing, -1, found[..., None] * axis.size + along)
        return found.reshape(-1)

    def fold(self, padded: Array) -> Array:
        """Add each padded cell's number to the input cell that it is a copy of; cells of a constant border are dropped.

        Parameters
        ----------
        padded : ndarray, shape (C_in, *padded)
            One number for each cell of the padded input.

        Returns
        -------
        ndarray, shape (C_in, *spatial)
            One sum for each cell of the input.
        """
        for number, (axis, origin) in enumerate(zip(self.geometry.axes, self.origins, strict=True), start=1):
            lines = np.moveaxis(padded, number, 0)
            inner = lines[axis.before : axis.before + axis.size].copy()
            for at in (*range(axis.before), *range(axis.before + axis.size, axis.padded)):
                if origin[at] >= 0:
                    inner[origin[at]] += lines[at]
            padded = np.moveaxis(inner, 0, number)
        return np.ascontiguousarray(padded)

    def flipped(self, weights: Array) -> Array:
        """Reorder weights from their order in ``kernel`` to that in ``weight``, or back: flip them if ``flip``."""
        axes = tuple(range(-len(self.geometry.axes), 0))
        return np.ascontiguousarray(np.flip(weights, axes)) if self.flip else weights

    def bared(self, array: Array) -> Array:
        """Remove the axes for channels and filters if the arrays of the trace itself have none."""
        return array.reshape(array.shape[array.ndim - len(self.geometry.axes) :]) if self.bare else array

    def channels_of(self, filter_index: int) -> slice:
        """Return the channels that a filter reads: those of its group."""
        channels = self.kernel.shape[1]
        first = filter_index // (len(self.kernel) // self.groups) * channels
        return slice(first, first + channels)

    @property
    def copies(self) -> int:
        """The largest number of times that one input cell occurs in the padded input."""
        return int(np.prod([np.bincount(origin[origin >= 0]).max() for origin in self.origins]))


def as_layer(trace: Any) -> Layer:
    """Return a trace's parts as those of a layer. For `correlate` and `convolve`: one filter on one channel.

    Raises
    ------
    TypeError
        If it is not a trace of `conv_layer`, `correlate` or `convolve`.
    """
    if isinstance(trace, LayerTrace):
        return Layer(**{field.name: getattr(trace, field.name) for field in fields(Layer) if field.name != "bare"})
    if not isinstance(trace, WindowTrace):
        accepted = "accepted: a trace of conv_layer, correlate or convolve"
        raise TypeError(f"trace is {shown(trace)} ({type(trace).__name__}); {accepted}")
    return Layer(
        x=trace.x[None],
        weight=trace.w[None, None],
        kernel=trace.kernel[None, None],
        bias=np.zeros(1, dtype=trace.output.dtype),
        padded=trace.padded[None],
        preactivation=trace.output[None],
        output=trace.output[None],
        geometry=trace.geometry,
        origins=tuple(origins(axis, "zeros") for axis in trace.geometry.axes),
        padding_mode="zeros",
        groups=1,
        flip=trace.flip,
        activation=None,
        bare=True,
    )
