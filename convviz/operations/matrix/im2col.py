"""im2col: every window as one column, so that a layer is one matrix product; and col2im, which adds them back."""

from math import prod
from typing import Any

import numpy as np

from convviz.operations.arithmetic import exact
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.layers.as_layer import as_layer
from convviz.trace import Array


def im2col(trace: Any) -> Array:
    """Lay every window of a sliding kernel out as one column.

    ``weight.reshape(C_out, -1) @ im2col(trace)`` is the preactivation without the bias, one row a filter. With
    ``groups``, each group's filters are multiplied by that group's rows alone.

    Parameters
    ----------
    trace : LayerTrace or WindowTrace
        Of `conv_layer`, `correlate` or `convolve`.

    Returns
    -------
    ndarray, shape (C_in · kernel cells, windows)
        Channel by channel, and within a channel the window's cells in the order of the weights that they meet: row
        by row, or, where ``flip`` turns the weights, from the last cell to the first. int64 or float64, as
        ``trace.padded``.

    Raises
    ------
    TypeError
        If ``trace`` is of another operation.

    See Also
    --------
    col2im : the adjoint.

    Notes
    -----
    Without ``flip`` equal to `torch.nn.functional.unfold`, and in one and three dimensions made by the same rule. See
    Chellapilla, Puri and Simard, "High Performance Convolutional Neural Networks for Document Processing" (2006).

    Examples
    --------
    >>> from convviz.operations.convolution.correlate import correlate
    >>> im2col(correlate([1, 2, 3, 4], [5, 6, 7]))
    array([[1, 2],
           [2, 3],
           [3, 4]])
    """
    layer = as_layer(trace)
    geometry, kernel = layer.geometry, layer.geometry.kernel_shape
    columns = np.empty((len(layer.x), *kernel, *geometry.output_shape), dtype=layer.padded.dtype)
    for offset in np.ndindex(kernel):
        columns[_rows(offset, kernel, layer.flip)] = layer.padded[(slice(None), *geometry.reads(offset))]
    columns.setflags(write=False)
    return columns.reshape(-1, geometry.windows)


def col2im(columns: Any, trace: Any) -> Array:
    """Add every column back to the input cells that it was copied from: the adjoint of `im2col`.

    What a column holds of the border is dropped where that is zeros, and where it is copies of input cells added to
    these.

    Parameters
    ----------
    columns : array-like, shape (C_in · kernel cells, windows)
        As `im2col` lays them out.
    trace : LayerTrace or WindowTrace
        Of `conv_layer`, `correlate` or `convolve`: where the windows lie.

    Returns
    -------
    ndarray
        Shaped as ``trace.x``; int64 for integers or booleans, else float64.

    Raises
    ------
    TypeError, ValueError
        If ``trace`` is of another operation, ``columns`` has another shape, or a sum does not fit its dtype.

    Notes
    -----
    Equal to `torch.nn.functional.fold` where the border is zeros and ``flip`` is false.

    Examples
    --------
    >>> from convviz.operations.convolution.correlate import correlate
    >>> col2im([[1, 2], [3, 4], [5, 6]], correlate([1, 2, 3, 4], [5, 6, 7]))
    array([1, 5, 9, 6])
    """
    layer = as_layer(trace)
    geometry, kernel = layer.geometry, layer.geometry.kernel_shape
    numbers = as_numbers("columns", columns, dimensions=(2,))
    shape = (len(layer.x) * prod(kernel), geometry.windows)
    if numbers.shape != shape:
        raise ValueError(f"columns has shape {numbers.shape}; accepted: {shape}, as im2col lays them out")
    bound = exact.magnitude(numbers) * prod(kernel) * layer.copies
    arithmetic = exact.working_dtype(numbers.dtype, bound)
    patches = numbers.reshape(len(layer.x), *kernel, *geometry.output_shape)
    padded = np.zeros(layer.padded.shape, dtype=arithmetic)
    with np.errstate(over="ignore", invalid="ignore"):
        for offset in np.ndindex(kernel):
            column = patches[_rows(offset, kernel, layer.flip)]
            padded[(slice(None), *geometry.reads(offset))] += column.astype(arithmetic)
        sums = layer.bared(layer.fold(padded))
    settled = exact.settled(sums, numbers.dtype, arguments="columns", result="the sum")
    settled.setflags(write=False)
    return settled


def _rows(offset: tuple[int, ...], kernel: tuple[int, ...], flip: bool) -> tuple[Any, ...]:
    """Tell which rows, one a channel, meet the weight that is laid at ``offset``."""
    given = tuple(size - 1 - at for size, at in zip(kernel, offset, strict=True)) if flip else offset
    return (slice(None), *given)
