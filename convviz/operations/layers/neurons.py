"""Neurons: rows of weights, and the sums that they make. Large matrices of floats are read only once."""

from functools import cached_property
from typing import Any

import numpy as np

from convviz.operations.arithmetic import exact
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.layers.window_sums import needs_objects, neuron_sums
from convviz.trace import Array

_LARGE = 1 << 18
"""The number of weights from which on floats are read only once, and float32 is kept."""
_BLOCK = 1 << 18
"""How many weights are read at a time: 2 MB as float64. Smaller blocks take longer: up to twice as long."""


def as_weights(name: str, value: Any) -> Array:
    """Return a matrix of weights: large ones of float32 or float64 as they are, others as `as_numbers` does.

    Parameters
    ----------
    name : str
        The argument's name, for errors.
    value : array-like
        The weights. Large ones of floats are neither copied nor checked: `Neurons` does both.

    Examples
    --------
    >>> as_weights("weight", np.ones((512, 512), np.float32)).dtype, as_weights("weight", [[1.5]]).dtype
    (dtype('float32'), dtype('float64'))
    """
    tensor = value.detach().cpu() if hasattr(value, "detach") else value
    floats = str(getattr(tensor, "dtype", "")).endswith(("float32", "float64"))
    array = np.asarray(tensor) if floats and not isinstance(tensor, np.ma.MaskedArray) else None
    if array is not None and array.ndim == 2 and is_large(array):
        return array
    return as_numbers(name, value, dimensions=(2,))


def is_large(weight: Array) -> bool:
    """Whether a matrix of weights is large, and of float32 or float64.

    Examples
    --------
    >>> is_large(np.ones((512, 512))), is_large(np.ones((512, 512), int)), is_large(np.ones((2, 2)))
    (True, False, False)
    """
    return weight.size >= _LARGE and weight.dtype in (np.float32, np.float64)


class Neurons:
    """Neurons that read the same inputs, or the same rows of inputs, and their sums. Arrays are read-only.

    Parameters
    ----------
    x : ndarray, shape (..., inputs)
        The inputs: int64, or float64 if any of the three are floats.
    weight : ndarray, shape (neurons, inputs)
        One row of weights for each neuron, from `as_weights`. They are copied.
    bias : ndarray, shape (neurons,)
        The number that is added to each sum of a neuron.

    Raises
    ------
    ValueError
        If a weight is not finite, or a sum does not fit its number type.

    Examples
    --------
    >>> found = Neurons(np.array([[1, 2], [3, 4]]), np.array([[1, 0], [0, 1], [3, 4]]), np.array([0, 0, 5]))
    >>> found.sums
    array([[ 1,  2, 16],
           [ 3,  4, 30]])
    >>> found.lengths
    array([1., 1., 5.])
    """

    def __init__(self, x: Array, weight: Array, bias: Array) -> None:
        self.bias, self.needs_objects = bias.copy(), False
        if not (is_large(weight) and self._read_once(x, weight)):
            self._kept = as_numbers("weight", weight).copy()
            self.sums = neuron_sums(x, self._kept, self.bias)
            self.needs_objects = needs_objects(x, self._kept, self.bias)
        for array in (self._kept, self.bias, self.sums):
            array.setflags(write=False)

    def _read_once(self, x: Array, weight: Array) -> bool:
        """Copy the weights, and compute sums and lengths, block by block; return False if a number may not fit."""
        count, inputs = weight.shape
        self._kept, squares = np.empty_like(weight, order="C", subok=False), np.empty(count)
        self.sums, rows = np.empty((*x.shape[:-1], count)), max(1, _BLOCK // inputs)
        room = np.empty((min(rows, count), inputs))
        with np.errstate(over="ignore", invalid="ignore"):
            for start in range(0, count, rows):
                block = slice(start, min(start + rows, count))
                wide = kept = self._kept[block]
                kept[...] = weight[block]
                if kept.dtype != room.dtype:
                    wide = room[: len(kept)]
                    wide[...] = kept
                np.matmul(x, wide.T, out=self.sums[..., block])
                np.matmul(wide[:, None, :], wide[:, :, None], out=squares[block].reshape(-1, 1, 1))
            self.lengths = np.sqrt(squares)
            # No sum of products is larger than the product of the lengths, and none of its parts (Cauchy and Schwarz).
            limit = float(self.lengths.max()) * exact.magnitude(x) * inputs**0.5 + exact.magnitude(self.bias)
        if not np.isfinite(limit):
            del self.lengths
            return False
        self.sums += self.bias
        return True

    @cached_property
    def lengths(self) -> Array:
        """The length of each row of weights, as a vector: the square root of the sum of its squares."""
        floats = self._kept.astype(float, copy=False)
        return np.asarray(np.sqrt(np.einsum("ni,ni->n", floats, floats)))

    @cached_property
    def weight(self) -> Array:
        """One row of weights for each neuron, shape (neurons, inputs); int64 or float64."""
        return _widened(self._kept)

    def row(self, neuron: int) -> Array:
        """Return the weights of one neuron."""
        return _widened(self._kept[neuron])


def _widened(weights: Array) -> Array:
    if weights.dtype != np.float32:
        return weights
    wide = weights.astype(np.float64)
    wide.setflags(write=False)
    return wide
