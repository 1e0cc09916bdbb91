"""A convolution as one matrix product. The matrix holds many zeros, and the same few weights many times."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from convviz.faults import shown
from convviz.operations.arithmetic import exact
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.arithmetic.per_axis import as_whole
from convviz.operations.layers.as_layer import Layer, as_layer
from convviz.trace import Array

MAX_BYTES = 1 << 28
_OVERHEAD = 1 << 14
"""Bytes for small objects, whatever the size of the matrix."""
ZERO, SEVERAL = -1, -2
"""The numbers that `tied` has for entries without a weight, and for entries with several weights."""


def toeplitz(trace: Any, *, sparse: bool = False, max_bytes: int = MAX_BYTES) -> Any:
    """Return the matrix that has the same effect on the flattened input as a sliding kernel has on the input.

    If the border is not zeros but copies of input cells, a window may meet an input cell more than once. The entry is
    then the sum of the weights that meet the cell.

    Parameters
    ----------
    trace : LayerTrace or WindowTrace
        A trace of `conv_layer`, `correlate` or `convolve`.
    sparse : bool
        Whether to store only the entries that hold weights, as a SciPy CSR array.
    max_bytes : int
        The limit of memory for making the matrix: 256 MiB if left out.

    Returns
    -------
    ndarray or scipy.sparse.csr_array, shape (output cells, input cells)
        The matrix M, in the dtype of the weights. ``M @ x.ravel()`` is ``preactivation.ravel()`` without the bias.

    Raises
    ------
    TypeError
        If ``trace`` is a trace of another operation.
    ValueError
        If making the matrix would take more than ``max_bytes``, the sum of the weights in one entry is too large for
        its dtype, or the border holds a number other than 0, whose products no matrix of the input has.
    ImportError
        If ``sparse`` is true and SciPy is not installed.

    See Also
    --------
    tied : the weight that each entry holds.

    Notes
    -----
    In one dimension it is a Toeplitz matrix (equal numbers along each diagonal), in two dimensions a doubly block
    Toeplitz matrix: see Goodfellow, Bengio and Courville, "Deep Learning" (2016), section 9.1.
    `scipy.linalg.convolution_matrix` makes the first kind.

    Examples
    --------
    >>> from convviz.operations.convolution.correlate import correlate
    >>> toeplitz(correlate([1, 2, 3, 4], [5, 6, 7]))
    array([[5, 6, 7, 0],
           [0, 5, 6, 7]])
    """
    layer = _layer_with_matrix(trace)
    if not isinstance(sparse, bool | np.bool_):
        raise TypeError(f"sparse is {shown(sparse)} ({type(sparse).__name__}); accepted: True or False")
    _refuse_large_weights(layer)
    if sparse:
        return _sparse(layer, max_bytes)
    accepted = "a larger max_bytes, a smaller trace, sparse=True"
    if len(layer.geometry.axes) == layer.kernel.shape[0] == len(layer.x) == 1 and layer.padding_mode == "zeros":
        return _read_only(_diagonals(layer, max_bytes, accepted))
    matrix, blocks = _empty(layer, 0, layer.weight.dtype, max_bytes, accepted)
    for entries, weights in _places(layer):
        blocks[entries] += layer.kernel[weights]
    return _read_only(matrix)


def tied(trace: Any, *, max_bytes: int = MAX_BYTES) -> Array:
    """Return which weight each entry of the `toeplitz` matrix holds. Entries with the same weight are tied.

    Parameters
    ----------
    trace : LayerTrace or WindowTrace
        A trace of `conv_layer`, `correlate` or `convolve`.
    max_bytes : int
        The limit of memory for making the matrix: 256 MiB if left out.

    Returns
    -------
    ndarray of int64, shape (output cells, input cells)
        For each entry, an index into ``weight.ravel()``, the weights as given (even if the kernel is flipped). −1: the
        entry is zero, whatever the weights are. −2: several weights add up in the entry, because of a border of copies.

    Raises
    ------
    TypeError, ValueError
        As in `toeplitz`.

    Examples
    --------
    >>> from convviz.operations.convolution.correlate import correlate
    >>> tied(correlate([1, 2, 3, 4], [5, 6, 7]))
    array([[ 0,  1,  2, -1],
           [-1,  0,  1,  2]])
    """
    layer = _layer_with_matrix(trace)
    numbers = layer.flipped(np.arange(layer.weight.size).reshape(layer.weight.shape))
    matrix, blocks = _empty(layer, ZERO, numbers.dtype, max_bytes, "a larger max_bytes or a smaller trace")
    for entries, weights in _places(layer):
        blocks[entries] = np.where(blocks[entries] == ZERO, numbers[weights], SEVERAL)
    return _read_only(matrix)


def sum_tied(matrix: Any, trace: Any) -> Array:
    """Add up the tied entries of a matrix, with one sum for each weight: the adjoint (transpose) of `toeplitz`.

    An entry that holds several weights counts for each of them. If ``matrix`` is the gradient of a loss with respect to
    the Toeplitz matrix, the result is the gradient with respect to the weights: see `gradients`.

    Parameters
    ----------
    matrix : array-like, shape (output cells, input cells)
        The numbers to add up. Entries that hold no weight are ignored.
    trace : LayerTrace or WindowTrace
        A trace of `conv_layer`, `correlate` or `convolve`.

    Returns
    -------
    ndarray
        The sums, shaped like the weights as given.

    Raises
    ------
    TypeError, ValueError
        If ``trace`` is a trace of another operation, ``matrix`` has another shape, or a sum does not fit its dtype.

    Examples
    --------
    >>> from convviz.operations.convolution.correlate import correlate
    >>> sum_tied([[1, 2, 3, 90], [90, 4, 5, 6]], correlate([1, 2, 3, 4], [5, 6, 7]))
    array([5, 7, 9])
    """
    layer = _layer_with_matrix(trace)
    numbers = as_numbers("matrix", matrix, dimensions=(2,))
    shape = (layer.preactivation.size, layer.x.size)
    if numbers.shape != shape:
        raise ValueError(f"matrix has shape {numbers.shape}; accepted: {shape}, (output cells, input cells)")
    arithmetic = exact.working_dtype(numbers.dtype, exact.magnitude(numbers) * layer.geometry.windows)
    sums = np.zeros(layer.weight.shape, dtype=arithmetic)
    blocks = numbers.reshape(_block_shape(layer))
    for entries, weights in _places(layer):
        sums[weights] = blocks[entries].astype(arithmetic).sum(axis=0)
    own = layer.bared(layer.flipped(sums))
    return _read_only(exact.settled(own, numbers.dtype, arguments="matrix's entries", result="the sum"))


Places = tuple[Any, ...]


def _places(layer: Layer) -> Iterator[tuple[Places, Places]]:
    """Go through the entries that hold weights, one kernel cell and one group at a time.

    Yields
    ------
    entries : tuple
        An index of a matrix in `_block_shape`: it selects (windows, filters, channels), each entry only once.
    weights : tuple
        An index of the filters as applied: it selects (filters, channels).
    """
    each = len(layer.kernel) // layer.groups
    for offset in np.ndindex(layer.kernel.shape[2:]):
        sources = layer.sources(offset)
        windows = np.flatnonzero(sources >= 0)
        cells = sources[windows]
        for group in range(layer.groups):
            filters = slice(group * each, (group + 1) * each)
            yield (group, slice(None), windows, group, slice(None), cells), (filters, slice(None), *offset)


def _block_shape(layer: Layer) -> tuple[int, ...]:
    """Return the matrix' shape with rows as (groups, filters, windows) and columns as (groups, channels, cells)."""
    groups, filters, channels = layer.groups, len(layer.kernel), len(layer.x)
    windows, cells = layer.geometry.windows, layer.x[0].size
    return (groups, filters // groups, windows, groups, channels // groups, cells)


def _diagonals(layer: Layer, max_bytes: Any, accepted: str) -> Array:
    """Return the matrix of one kernel in one dimension: each row is the row above it, moved to the right."""
    axis, kernel = layer.geometry.axes[0], layer.kernel.reshape(-1)
    rows, columns = axis.output, axis.size
    _check_memory(max_bytes, _needed(layer), (rows, columns), accepted)
    start = (rows - 1) * axis.stride
    line = np.zeros(start + columns, dtype=kernel.dtype)  # the last row begins at its first number
    places = start - axis.before + axis.dilation * np.arange(len(kernel))
    within = (places >= 0) & (places < len(line))
    line[places[within]] = kernel[within]
    steps = (-axis.stride * line.itemsize, line.itemsize)
    return np.lib.stride_tricks.as_strided(line[start:], (rows, columns), steps, writeable=False).copy()


def _needed(layer: Layer) -> int:
    """Return the bytes that making the matrix takes: entries are written in several steps."""
    rows, columns, channels = layer.preactivation.size, layer.x.size, int(layer.kernel.shape[1])
    return 8 * (rows * columns + 3 * rows * channels + 8 * layer.geometry.windows)


def _empty(layer: Layer, value: int, dtype: Any, max_bytes: Any, accepted: str) -> tuple[Array, Array]:
    rows, columns = layer.preactivation.size, layer.x.size
    _check_memory(max_bytes, _needed(layer), (rows, columns), accepted)
    matrix = np.full((rows, columns), value, dtype=dtype) if value else np.zeros((rows, columns), dtype=dtype)
    return matrix, matrix.reshape(_block_shape(layer))


def _sparse(layer: Layer, max_bytes: Any) -> Any:
    try:
        from scipy.sparse import csr_array
    except ImportError as error:
        raise ImportError("sparse=True needs SciPy, which is not installed; get it with: pip install scipy") from error
    (filters, channels), rows, columns = layer.kernel.shape[:2], layer.preactivation.size, layer.x.size
    cells = layer.kernel[0, 0].size
    met = layer.geometry.windows * cells
    needed = 16 * rows * channels * cells + met * (24 + 33 * channels) + 8 * rows
    _check_memory(max_bytes, needed, (rows, columns), "a larger max_bytes or a smaller trace")
    sources = np.empty((layer.geometry.windows, cells), dtype=np.int64)
    for number, offset in enumerate(np.ndindex(layer.kernel.shape[2:])):
        sources[:, number] = layer.sources(offset)
    stands = np.broadcast_to((sources >= 0)[:, None], (len(sources), channels, cells))
    first = (np.arange(channels)[:, None] * layer.x[0].size + sources[:, None])[stands]
    narrow = max(rows, columns, filters * first.size) < 2**31
    indices = np.empty((filters, first.size), dtype=np.int32 if narrow else np.int64)
    weights = np.empty((filters, first.size), dtype=layer.weight.dtype)
    for number, kernel in enumerate(layer.kernel):
        group = number // (filters // layer.groups)
        indices[number] = first + group * channels * layer.x[0].size
        weights[number] = np.broadcast_to(kernel.reshape(channels, cells), stands.shape)[stands]
    ends = np.concatenate([[0], np.cumsum(np.tile(stands.sum(axis=(1, 2)), filters))]).astype(indices.dtype)
    matrix = csr_array((weights.reshape(-1), indices.reshape(-1), ends), shape=(rows, columns))
    matrix.sum_duplicates()
    return matrix


def _check_memory(max_bytes: Any, needed: int, shape: tuple[int, int], accepted: str) -> None:
    limit = as_whole("max_bytes", max_bytes, "accepted: an integer")
    needed += _OVERHEAD
    if needed > limit:
        raise ValueError(
            f"max_bytes is {limit}, but the matrix of {shape[0]}×{shape[1]} entries needs {needed} bytes; "
            f"accepted: {accepted}"
        )


def _layer_with_matrix(trace: Any) -> Layer:
    layer = as_layer(trace)
    if not isinstance(layer.padding_mode, str) and layer.padded.shape != layer.x.shape:
        raise ValueError(
            f"trace has padding_mode {layer.padding_mode}, whose products are part of the output, but of no entry "
            "that x meets; accepted: a trace with a border of zeros or of copies, or without a border"
        )
    return layer


def _refuse_large_weights(layer: Layer) -> None:
    """Refuse weights that are so large that they may not fit when a border of copies adds them up."""
    if layer.copies == 1:
        return
    end = 2.0**63 if layer.weight.dtype.kind == "i" else np.finfo(float).max
    if exact.magnitude(layer.weight) >= end / layer.copies:
        raise ValueError(
            f"weight is too large: in a border of copies {layer.copies} weights may add up in one entry; "
            f"accepted: weights below {end / layer.copies:.3g}"
        )


def _read_only(matrix: Array) -> Array:
    matrix.setflags(write=False)
    return matrix
