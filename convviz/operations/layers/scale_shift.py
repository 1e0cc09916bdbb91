"""A scale and a shift for each channel: what a batch normalisation computes once it no longer learns."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from convviz.geometry import Axis, Geometry
from convviz.numerals import write_sum
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.layers.cell_notation import each_cell
from convviz.operations.layers.window_sums import window_sums
from convviz.terms import Terms
from convviz.trace import Array, Step, Trace


@dataclass(frozen=True, eq=False, slots=True)
class ScaleStep(Step):
    """One number, times the scale of its channel, plus the channel's shift.

    Parameters
    ----------
    number : numpy scalar
        The number in the same cell of the input.
    scale, shift : numpy scalar
        Those of the cell's channel.
    """

    number: Any
    scale: Any
    shift: Any

    def describe(self) -> str:
        """Describe in one plain sentence how ``value`` is computed.

        Examples
        --------
        >>> scale_shift([[3], [4]], [0.5, 2], [1, 0])[0].describe()
        'Output [0, 0] = 3×0.5 + 1 = 2.5.'
        """
        written = write_sum([self.number, self.shift], [self.scale, 1], self.value)
        (number, scale), (shift, _) = written.factors
        added = f" + {shift}" if self.shift else ""
        total = f"{written.sign} {written.total}{written.remark}"
        return f"Output {list(self.position)} = {number}×{scale}{added} {total}."


class ScaleTrace(Trace[ScaleStep]):
    """A scale and a shift for each channel; made by `scale_shift`."""

    def __init__(self, x: Array, scale: Array, shift: Array) -> None:
        self._x, self._scale, self._shift = x.copy(), scale.copy(), shift.copy()
        for array in (self._x, self._scale, self._shift):
            array.setflags(write=False)
        # Each channel is a group of its own, with a filter of one weight.
        dtype = np.result_type(x, scale, shift)
        weights = self._scale.reshape(-1, *(1,) * x.ndim)
        super().__init__(window_sums(self._x.astype(dtype), weights, self._shift, self.geometry))

    @property
    def x(self) -> Array:
        """The input, shape (C, ...)."""
        return self._x

    @property
    def scale(self) -> Array:
        """The number by which each channel is multiplied, shape (C,)."""
        return self._scale

    @property
    def shift(self) -> Array:
        """The number that is added to each channel, shape (C,)."""
        return self._shift

    @property
    def geometry(self) -> Geometry:
        """The positions of the numbers, along the axes after the channels: windows of one cell."""
        return Geometry(tuple(Axis(size=size, kernel=1) for size in self._x.shape[1:]))

    @property
    def terms(self) -> Terms:
        """The operation in index notation, with operands ``x``, ``scale`` and ``shift``: see `each_cell` for its views.

        Examples
        --------
        >>> terms = scale_shift([[1, 2], [3, 4]], [10, -1]).terms
        >>> terms.related(terms.views["shift"], terms.views["output"], (0, 1, 0), step=0)
        [Block(slices=(1,), rows=(0,), columns=(0, 1))]
        """
        return each_cell(self._x.shape, ("scale", "shift"))

    def _step(self, index: int) -> ScaleStep:
        position = self._position(index)
        channel = position[0]
        return ScaleStep(
            index, position, self._output[position], self._x[position], self._scale[channel], self._shift[channel]
        )


def scale_shift(x: Any, scale: Any, shift: Any = None) -> ScaleTrace:
    """Multiply each channel by a number, and add a number to it.

    A batch normalisation that no longer learns does this, with ``scale = weight / sqrt(variance + eps)`` and
    ``shift = bias - mean · scale``. So does a depthwise 1×1 convolution.

    Parameters
    ----------
    x : array-like, shape (C, ...)
        The input: C channels, with up to three more axes. Integers, floats or booleans.
    scale : array-like, shape (C,)
        The number by which each channel is multiplied.
    shift : array-like, shape (C,), optional
        The number that is added to each channel.

    Returns
    -------
    ScaleTrace
        ``output`` has the shape of ``x``. It is int64 if all numbers are integers or booleans, else float64. Each
        number is one step.

    Raises
    ------
    TypeError, ValueError
        If an argument is not accepted, or a result does not fit its number type.

    See Also
    --------
    convviz.operations.layers.folding.fold_scale : the same scale and shift as a part of the layer before.

    Notes
    -----
    Equal to `torch.nn.BatchNorm1d`, `BatchNorm2d` and `BatchNorm3d` after ``eval()``. See Ioffe and Szegedy, "Batch
    Normalization" (2015), https://arxiv.org/abs/1502.03167.

    Examples
    --------
    >>> scale_shift([[1, 2], [3, 4]], [10, -1], [5, 0]).output
    array([[15, 25],
           [-3, -4]])
    """
    x, scale = as_numbers("x", x, dimensions=(1, 2, 3, 4)), as_numbers("scale", scale, dimensions=(1,))
    shift = np.zeros(len(scale), dtype=np.int64) if shift is None else as_numbers("shift", shift, dimensions=(1,))
    for name, numbers in (("scale", scale), ("shift", shift)):
        if len(numbers) != len(x):
            raise ValueError(
                f"{name} has {len(numbers)} numbers, but x has {len(x)} channels (shape {x.shape}); "
                "accepted: one number for each channel"
            )
    return ScaleTrace(x, scale, shift)
