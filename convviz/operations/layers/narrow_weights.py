"""Large matrices of float32 weights: kept as they are, and widened a few rows at a time where they are used."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from convviz.operations.arithmetic import exact
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.trace import Array

_LARGE = 1 << 18
"""The number of weights from which on float32 is kept."""
_BLOCK = 1 << 16
"""How many weights are widened at a time: 512 KB, which a processor's cache holds."""


def as_weights(name: str, value: Any) -> Array:
    """Return a matrix of weights: large ones of float32 as they are, others as `as_numbers` does.

    Parameters
    ----------
    name : str
        The argument's name, for errors.
    value : array-like
        The weights. Large ones of float32 are neither copied nor checked: see `narrow_sums`.

    Examples
    --------
    >>> as_weights("weight", np.ones((512, 512), np.float32)).dtype, as_weights("weight", [[1.5]]).dtype
    (dtype('float32'), dtype('float64'))
    """
    tensor = value.detach().cpu() if hasattr(value, "detach") else value
    narrow = str(getattr(tensor, "dtype", "")).endswith("float32") and not isinstance(tensor, np.ma.MaskedArray)
    array = np.asarray(tensor) if narrow else None
    if array is not None and array.dtype == np.float32 and array.ndim == 2 and array.size >= _LARGE:
        return array
    return as_numbers(name, value, dimensions=(2,))


def widened(weights: Array) -> Array:
    """Return weights as read-only float64; those of other types as they are.

    Examples
    --------
    >>> widened(np.array([0.5], np.float32))
    array([0.5])
    """
    if weights.dtype != np.float32:
        return weights
    wide = weights.astype(np.float64)
    wide.setflags(write=False)
    return wide


@dataclass(frozen=True)
class NarrowSums:
    """Weights of float32, and what `narrow_sums` computes from them.

    Parameters
    ----------
    weight : ndarray of float32, shape (neurons, inputs)
        A copy of the weights.
    sums : ndarray of float64, shape (neurons,)
        The sum of each neuron, with its bias.
    lengths : ndarray of float64, shape (neurons,)
        The length of each row of weights, as a vector.
    """

    weight: Array
    sums: Array
    lengths: Array


def narrow_sums(x: Array, weight: Array, bias: Array) -> NarrowSums | None:
    """Copy weights of float32 and compute their sums in float64, reading them only once.

    Parameters
    ----------
    x : ndarray of float64, shape (inputs,)
        The input.
    weight : ndarray of float32, shape (neurons, inputs)
        One row of weights for each neuron.
    bias : ndarray, shape (neurons,)
        The number that is added to the sum of each neuron.

    Returns
    -------
    NarrowSums or None
        None if not all weights are finite, or a sum or a part of it may not fit float64.

    Examples
    --------
    >>> found = narrow_sums(np.array([1.0, 2.0]), np.array([[3, 4]], np.float32), np.array([1]))
    >>> found.sums, found.lengths
    (array([12.]), array([5.]))
    """
    neurons, inputs = weight.shape
    kept, sums, squares = np.empty_like(weight, order="C", subok=False), np.empty(neurons), np.empty(neurons)
    rows = max(1, _BLOCK // inputs)
    wide = np.empty((min(rows, neurons), inputs))
    with np.errstate(over="ignore", invalid="ignore"):
        for start in range(0, neurons, rows):
            block = slice(start, min(start + rows, neurons))
            kept[block] = weight[block]
            found = wide[: block.stop - start]
            found[...] = kept[block]
            np.matmul(found, x, out=sums[block])
            np.matmul(found[:, None, :], found[:, :, None], out=squares[block].reshape(-1, 1, 1))
        lengths = np.sqrt(squares)
        # No sum of products is larger than the product of the lengths, and none of its parts (Cauchy and Schwarz).
        limit = float(lengths.max()) * exact.magnitude(x) * inputs**0.5 + exact.magnitude(bias)
    if not np.isfinite(limit):
        return None
    sums += bias
    kept.setflags(write=False)
    return NarrowSums(kept, sums, lengths)
