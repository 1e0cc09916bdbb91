"""Flattening: the numbers of feature maps in one row, as a dense layer reads them."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from convviz.numerals import equal_to
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.arithmetic.per_axis import as_whole
from convviz.operations.layers.cell_notation import flattened_axes
from convviz.terms import Terms
from convviz.trace import Array, Step, Trace

_MOST_DIMENSIONS = 8


@dataclass(frozen=True, eq=False, slots=True)
class FlattenStep(Step):
    """One number, at its new position.

    Parameters
    ----------
    source : tuple of int
        The position of the number in ``trace.x``.
    """

    source: tuple[int, ...]

    def describe(self) -> str:
        """Describe in one plain sentence where ``value`` comes from.

        Examples
        --------
        >>> flatten([[1, 2], [3, 4]])[2].describe()
        'Output [2] = input [1, 0] = 3.'
        """
        return f"Output {list(self.position)} = input {list(self.source)} {equal_to(self.value)}."


class FlattenTrace(Trace[FlattenStep]):
    """An array of which some axes become one; made by `flatten`."""

    def __init__(self, x: Array, first: int, last: int) -> None:
        self._x, self._axes = x.copy(), (first, last)
        self._x.setflags(write=False)
        super().__init__(self._x.reshape(*x.shape[:first], -1, *x.shape[last + 1 :]))

    @property
    def x(self) -> Array:
        """The input."""
        return self._x

    @property
    def terms(self) -> Terms:
        """The operation in index notation: see `flattened_axes` for its views.

        Examples
        --------
        >>> terms = flatten([[1, 2], [3, 4]]).terms
        >>> terms.related(terms.views["output"], terms.views["input"], (0, 0, 2), step=0)
        [Block(slices=(0,), rows=(1,), columns=(0,))]
        """
        return flattened_axes(self._x.shape, *self._axes)

    def _step(self, index: int) -> FlattenStep:
        position = self._position(index)
        source = tuple(map(int, np.unravel_index(index, self._x.shape)))
        return FlattenStep(index, position, self._output[position], source)


def flatten(x: Any, first: int = 0, last: int = -1) -> FlattenTrace:
    """Turn several axes into one, the last of them fastest: channel by channel, row by row.

    Parameters
    ----------
    x : array-like
        The input, with one dimension or more: integers, floats or booleans.
    first, last : int
        The first and the last axis that become one; negative numbers count from the end. All axes, if left out.

    Returns
    -------
    FlattenTrace
        ``output`` holds the numbers of ``x`` in the same order, as int64 or float64. Each number is one step.

    Raises
    ------
    TypeError, ValueError
        If ``x`` holds no numbers, or there is no such axis.

    Notes
    -----
    Equal to `torch.flatten` for an input without a batch axis, and to `numpy.ravel` if all axes become one.

    Examples
    --------
    >>> flatten([[[1, 2], [3, 4]], [[5, 6], [7, 8]]], first=1).output
    array([[1, 2, 3, 4],
           [5, 6, 7, 8]])
    """
    x = as_numbers("x", x, dimensions=tuple(range(1, _MOST_DIMENSIONS + 1)))
    accepted = f"accepted: an axis of x (shape {x.shape}), from {-x.ndim} to {x.ndim - 1}"
    axes = []
    for name, value in (("first", first), ("last", last)):
        axis = as_whole(name, value, accepted)
        if not -x.ndim <= axis < x.ndim:
            raise ValueError(f"{name} is {axis}; {accepted}")
        axes.append(axis % x.ndim)
    if axes[0] > axes[1]:
        raise ValueError(f"first is {first} and last is {last}; accepted: a first axis that is not after the last")
    return FlattenTrace(x, *axes)
