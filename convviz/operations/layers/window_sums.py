"""Compute all sums of products of windows and filters at once: exact for integers, with BLAS where BLAS is exact."""

from collections.abc import Callable, Iterator
from itertools import product
from math import prod

import numpy as np

from convviz.geometry import Geometry
from convviz.operations.arithmetic import exact
from convviz.trace import Array

_ARGUMENTS = "x, weight and bias"
_BLOCK = 1 << 19
"""How many numbers are copied from windows at a time: 4 MB. From that size on, NumPy uses large, fast memory pages."""


def reach(x: Array, weight: Array, bias: Array) -> float:
    """Return an upper bound of sums over ``x``, slightly too large, so that rounding hides no overflow.

    Parameters
    ----------
    x : ndarray
        The input.
    weight : ndarray, shape (filters, ...)
        The filters' weights.
    bias : ndarray, shape (filters,)
        The number that is added to each sum of a filter.

    Examples
    --------
    >>> round(reach(np.array([-3, 2]), np.array([[1, -2], [0, 1]]), np.array([0, 4])))
    13
    """
    with np.errstate(over="ignore"):
        largest = max(abs(float(x.max())), abs(float(x.min())))
        weights = float(np.abs(weight.astype(float)).reshape(len(weight), -1).sum(axis=1).max())
        products = largest * weights if largest and weights else 0.0
        return (products + float(np.abs(bias.astype(float)).max())) * (1 + 1e-9)


def window_sums(padded: Array, kernel: Array, bias: Array, geometry: Geometry) -> Array:
    """Multiply each window by each filter of its group, and add up the products and the bias.

    Parameters
    ----------
    padded : ndarray, shape (channels, ...)
        The input with its border: int64 or float64.
    kernel : ndarray, shape (filters, channels / groups, ...)
        The filters as applied.
    bias : ndarray, shape (filters,)
        The number that is added to each sum of a filter.
    geometry : Geometry
        The positions of the windows.

    Returns
    -------
    ndarray, shape (filters, ...)
        int64 if all three hold integers, else float64.

    Raises
    ------
    ValueError
        If a sum does not fit.
    """
    return _checked(padded, kernel, bias, lambda x, weights, offsets: _add_up(x, weights, offsets, geometry))


def neuron_sums(x: Array, weight: Array, bias: Array) -> Array:
    """Multiply each row of ``x`` by the weights of each neuron, and add up the products and the bias.

    Parameters
    ----------
    x : ndarray, shape (..., inputs)
        The rows: int64 or float64.
    weight : ndarray, shape (neurons, inputs)
        One row of weights for each neuron.
    bias : ndarray, shape (neurons,)
        The number that is added to each sum of a neuron.

    Returns
    -------
    ndarray, shape (..., neurons)
        int64 if all three hold integers, else float64.

    Raises
    ------
    ValueError
        If a sum does not fit.

    Examples
    --------
    >>> neuron_sums(np.array([[1, 2], [3, 4]]), np.array([[1, 0], [0, 1], [1, 1]]), np.array([0, 0, 5]))
    array([[ 1,  2,  8],
           [ 3,  4, 12]])
    """
    return _checked(x, weight, bias, _multiply_rows)


def _checked(x: Array, weight: Array, bias: Array, add_up: Callable[[Array, Array, Array], Array]) -> Array:
    """Choose a number type that holds every sum, add up, and raise an error if a sum does not fit."""
    dtype, limit = np.result_type(x, weight, bias), reach(x, weight, bias)
    working = exact.working_dtype(dtype, limit)
    kept = working if working.kind == "O" else dtype
    with np.errstate(over="ignore", invalid="ignore"):
        sums = add_up(x, weight.astype(working), bias.astype(kept))
        if dtype.kind == "f" and not np.isfinite(limit):
            # If partial sums are infinite, a finite result would depend on the order of the terms.
            sizes = [np.abs(part.astype(float)) for part in (x, weight, bias)]
            exact.settled(add_up(*sizes), dtype, arguments=_ARGUMENTS, result="a sum")
    return exact.settled(sums, dtype, arguments=_ARGUMENTS, result="the output")


def _multiply_rows(x: Array, weight: Array, bias: Array) -> Array:
    """Compute sums in the dtype of ``weight``, and store them in that of ``bias``, as `_add_up` does."""
    sums: Array = np.matmul(x.astype(weight.dtype, copy=False), weight.T).astype(bias.dtype, copy=False)
    sums += bias
    return sums


def _add_up(padded: Array, kernel: Array, bias: Array, geometry: Geometry) -> Array:
    """Copy windows into columns, block by block, so that each filter's sums are a row of a matrix product.

    Sums are computed in the dtype of ``kernel``, and stored in that of ``bias``.
    """
    filters, groups, terms = len(kernel), len(padded) // kernel.shape[1], prod(kernel.shape[1:])
    weights = kernel.reshape(groups, filters // groups, terms)
    offsets = bias.reshape(groups, filters // groups, 1)
    output = np.empty((filters, *geometry.output_shape), dtype=bias.dtype)
    cells = min(geometry.windows, max(1, _BLOCK // (groups * terms)))
    columns = np.empty(groups * terms * cells, dtype=kernel.dtype)
    first = 0
    for block in _blocks(geometry.output_shape, cells):
        windows = _windows(padded, geometry, block)
        copied = columns[: windows.size].reshape(windows.shape)
        copied[...] = windows
        last = first + copied.size // (groups * terms)
        into = output.reshape(groups, filters // groups, -1)[..., first:last]
        np.matmul(weights, copied.reshape(groups, terms, -1), out=into, casting="unsafe")
        into += offsets
        first = last
    return output


def _windows(padded: Array, geometry: Geometry, block: tuple[slice, ...]) -> Array:
    """Return a view of the windows in ``block``, shape (channels, kernel cells of each axis, windows of each axis)."""
    along = list(zip(geometry.axes, block, padded.strides[1:], strict=True))
    first = tuple(slice(part.start * axis.stride, None) for axis, part, _ in along)
    return np.lib.stride_tricks.as_strided(
        padded[(slice(None), *first)],
        (len(padded), *geometry.kernel_shape, *(part.stop - part.start for _, part, _ in along)),
        (
            padded.strides[0],
            *(step * axis.dilation for axis, _, step in along),
            *(step * axis.stride for axis, _, step in along),
        ),
        writeable=False,
    )


def _blocks(shape: tuple[int, ...], cells: int) -> Iterator[tuple[slice, ...]]:
    """Divide a grid into blocks of at most ``cells`` cells that follow each other, with as many whole rows as fit."""
    lengths: list[int] = []
    for size in reversed(shape):
        lengths.insert(0, max(1, min(size, cells)))
        cells //= lengths[0]
    starts = (range(0, size, length) for size, length in zip(shape, lengths, strict=True))
    for corner in product(*starts):
        yield tuple(slice(at, min(at + n, size)) for at, n, size in zip(corner, lengths, shape, strict=True))
