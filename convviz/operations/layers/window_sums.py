"""Compute all sums of products of windows and filters at once: exact for integers, with BLAS where BLAS is exact."""

from collections.abc import Callable, Iterator
from itertools import product
from math import inf, prod, sqrt
from typing import Any

import numpy as np

from convviz.geometry import Geometry
from convviz.operations.arithmetic import exact
from convviz.trace import Array

_ARGUMENTS = "x, weight and bias"
_BLOCK = 1 << 19
"""How many numbers are copied from windows at a time: 4 MB. From that size on, NumPy uses large, fast memory pages."""
_TINY = 2.0**-510
"""Smaller numbers have squares that are rounded to 0, or to few digits."""
_FEW, _SMALL_BLOCK = 4, 1 << 16
"""For so few filters in each group, copying takes longer than multiplying: blocks of 512 KB, which a processor's cache
holds, and of no fewer groups. Measured."""


def reach(x: Array, weight: Array, bias: Array) -> float:
    """Return an upper bound of sums over ``x``, slightly too large, so that rounding hides no overflow.

    It is close if that matters: if integers as large as a simpler bound would not be exact in floats, or the simpler
    bound does not fit float64.

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
    16
    >>> round(reach(np.array([2**50]), np.array([[1, 8]]), np.array([0])) / 2**50)
    9
    """
    if "f" in x.dtype.kind + weight.dtype.kind + bias.dtype.kind:
        # A sum of products, and each part of it, is at most as large as the product of the vectors' lengths.
        simple, end = _length(x) * _length(weight) + exact.magnitude(bias), inf
    else:
        terms = weight.size // len(weight)
        simple, end = exact.magnitude(x) * exact.magnitude(weight) * terms, exact.FLOAT_INTEGERS_END
        simple += exact.magnitude(bias)
    if simple < end:
        return simple
    exact.refuse_infinite(x, _ARGUMENTS)
    largest = exact.magnitude(x)
    with np.errstate(over="ignore"):
        weights = float(np.abs(weight.astype(float)).reshape(len(weight), -1).sum(axis=1).max())
        products = largest * weights if largest and weights else 0.0
        return (products + float(np.abs(bias.astype(float)).max())) * (1 + 1e-9)


def _length(numbers: Array) -> float:
    """Return an upper bound of the length of an array as a vector; infinite if it is very large."""
    flat = numbers.reshape(-1).astype(float, copy=False)
    with np.errstate(over="ignore"):
        return sqrt(float(np.dot(flat, flat))) * (1 + 1e-9) + sqrt(flat.size) * _TINY


def needs_objects(x: Array, weight: Array, bias: Array) -> bool:
    """Whether products of integers may be too large for int64; Python's integers have no limit.

    Examples
    --------
    >>> needs_objects(np.array([2**62]), np.array([[4]]), np.array([0])), needs_objects(*np.ones((3, 1, 1), int))
    (True, False)
    """
    return x.dtype.kind == "i" and exact.working_dtype(x.dtype, reach(x, weight, bias)).kind == "O"


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
        sums = add_up(x, weight.astype(working, copy=False), bias.astype(kept, copy=False))
        if dtype.kind == "f" and not np.isfinite(limit):
            # If partial sums are infinite, a finite result would depend on the order of the terms.
            sizes = [np.abs(part.astype(float)) for part in (x, weight, bias)]
            exact.settled(add_up(*sizes), dtype, arguments=_ARGUMENTS, result="a sum")
    if dtype.kind == "f" and np.isfinite(limit):
        return sums
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
    output = np.empty((groups, filters // groups, geometry.windows), dtype=bias.dtype)
    if terms == kernel.shape[1] and geometry.output_shape == geometry.padded_shape:  # 1×1: a window is a cell
        columns = padded.astype(kernel.dtype, copy=False).reshape(groups, terms, -1)
        np.matmul(weights, columns, out=output, casting="unsafe")
    else:
        _multiply_windows(weights, _windows(padded, groups, geometry), output)
    if bias.any():
        output += bias.reshape(groups, -1, 1)
    return output.reshape(filters, *geometry.output_shape)


def _multiply_windows(weights: Array, windows: Array, output: Array) -> None:
    """Copy windows block by block, and fill ``output`` with the products of weights and windows.

    Parameters
    ----------
    weights : ndarray, shape (groups, filters, terms)
        A row for each filter.
    windows : ndarray, shape (groups, *window, *places)
        A view, as from `_windows`.
    output : ndarray, shape (groups, filters, places)
        Where the sums are put.
    """
    groups, filters, terms = weights.shape
    shape, places = windows.shape[(windows.ndim + 2) // 2 :], output.shape[-1]
    room = _BLOCK if filters > _FEW else _SMALL_BLOCK
    together = min(groups, max(_FEW, room // (terms * places)))
    cells = min(places, max(1, room // (together * terms)))
    columns, blocks = np.empty(together * terms * cells, dtype=weights.dtype), list(_blocks(shape, cells))
    for group in range(0, groups, together):
        some, first = slice(group, group + together), 0
        for block in blocks:
            at: tuple[Any, ...] = (some, ..., *block)
            read = windows[at]
            copied = columns[: read.size].reshape(len(read), terms, -1)
            copied.reshape(read.shape)[...] = read
            last = first + copied.shape[-1]
            np.matmul(weights[some], copied, out=output[some, :, first:last], casting="unsafe")
            first = last


def _windows(padded: Array, groups: int, geometry: Geometry) -> Array:
    """Return a view of all windows, shape (groups, channels / groups, cells of each axis, windows of each axis)."""
    channels = len(padded) // groups
    outer, *steps = padded.strides
    along = list(zip(geometry.axes, steps, strict=True))
    return np.lib.stride_tricks.as_strided(
        padded,
        (groups, channels, *geometry.kernel_shape, *geometry.output_shape),
        (
            outer * channels,
            outer,
            *(step * axis.dilation for axis, step in along),
            *(step * axis.stride for axis, step in along),
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
