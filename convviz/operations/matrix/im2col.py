"""im2col: copy every window into one column, so that a layer is one matrix product. col2im adds the columns back."""

from math import prod
from typing import Any

import numpy as np

from convviz.faults import check_size
from convviz.operations.arithmetic import exact
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.layers.as_layer import as_layer
from convviz.trace import Array


def im2col(trace: Any) -> Array:
    """Copy every window of a sliding kernel into one column of a matrix.

    ``weight.reshape(C_out, -1) @ im2col(trace)`` is the preactivation without the bias, with one row for each filter.
    With ``groups``, the filters of each group are multiplied only by the rows of that group.

    Parameters
    ----------
    trace : LayerTrace or WindowTrace
        A trace of `conv_layer`, `correlate` or `convolve`.

    Returns
    -------
    ndarray, shape (C_in · kernel cells, windows)
        The rows run channel by channel, and within a channel in the order of the weights: row by row, or from the last
        window cell to the first if ``flip`` reverses the kernel. The dtype is that of ``trace.padded``.

    Raises
    ------
    TypeError
        If ``trace`` is a trace of another operation.

    See Also
    --------
    col2im : the adjoint (the product with the transposed matrix).

    Notes
    -----
    Without ``flip``, equal to `torch.nn.functional.unfold`. The same rule is used in one and three dimensions. See
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
    given = f"trace has {geometry.windows} windows of {len(layer.x) * prod(kernel)} cells"
    check_size(len(layer.x) * prod(kernel) * geometry.windows, given, "the matrix")
    columns = np.empty((len(layer.x), *kernel, *geometry.output_shape), dtype=layer.padded.dtype)
    for offset in np.ndindex(kernel):
        columns[_rows(offset, kernel, layer.flip)] = layer.padded[(slice(None), *geometry.reads(offset))]
    columns.setflags(write=False)
    return columns.reshape(-1, geometry.windows)


def col2im(columns: Any, trace: Any) -> Array:
    """Add every column back to the input cells that it was copied from: the adjoint (transpose) of `im2col`.

    Numbers that belong to a border of zeros, or of another constant, are dropped. Numbers that belong to a border of
    copies are added to the input cells that were copied.

    Parameters
    ----------
    columns : array-like, shape (C_in · kernel cells, windows)
        The columns, in the order of `im2col`.
    trace : LayerTrace or WindowTrace
        A trace of `conv_layer`, `correlate` or `convolve`, which has the positions of the windows.

    Returns
    -------
    ndarray
        The sums, shaped like ``trace.x``; int64 for integers or booleans, else float64.

    Raises
    ------
    TypeError, ValueError
        If ``trace`` is a trace of another operation, ``columns`` has another shape, or a sum does not fit its dtype.

    Notes
    -----
    Equal to `torch.nn.functional.fold` if the border is zeros and ``flip`` is false.

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
        raise ValueError(f"columns has shape {numbers.shape}; accepted: {shape}, the shape of im2col's result")
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
    """Return the rows, one for each channel, that meet the weight at ``offset`` of the kernel as applied."""
    given = tuple(size - 1 - at for size, at in zip(kernel, offset, strict=True)) if flip else offset
    return (slice(None), *given)
