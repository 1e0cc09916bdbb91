"""A convolution as one matrix product: mostly zeros, and the same few weights over and over."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from convviz.operations.arithmetic import exact
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.arithmetic.per_axis import as_whole
from convviz.operations.layers.as_layer import Layer, as_layer
from convviz.trace import Array

MAX_BYTES = 1 << 28
_OVERHEAD = 1 << 14
"""Bytes that go to small things, whatever the size."""
ZERO, SEVERAL = -1, -2
"""What `tied` says of entries in which no weight stands, and of those in which more than one do."""


def toeplitz(trace: Any, *, sparse: bool = False, max_bytes: int = MAX_BYTES) -> Any:
    """Write a sliding kernel as the matrix that does the same to the input laid out as one vector.

    Where a border is not zeros but copies of input cells, a window may meet an input cell more than once: its entry
    is the sum of the weights that meet it.

    Parameters
    ----------
    trace : LayerTrace or WindowTrace
        Of `conv_layer`, `correlate` or `convolve`.
    sparse : bool
        Store only the entries in which weights stand, as SciPy's CSR array.
    max_bytes : int
        Refuse what would take more memory while it is made: 256 MiB if left out.

    Returns
    -------
    ndarray or scipy.sparse.csr_array, shape (output cells, input cells)
        In the dtype of the weights. ``M @ x.ravel()`` is ``preactivation.ravel()`` without the bias of each filter.

    Raises
    ------
    TypeError
        If ``trace`` is of another operation.
    ValueError
        If it would take more than ``max_bytes``, or weights add up to what their dtype does not hold.
    ImportError
        If ``sparse`` is asked for where SciPy is not installed.

    See Also
    --------
    tied : which weight stands in each entry.

    Notes
    -----
    In one dimension it is a Toeplitz matrix, in two doubly block Toeplitz: see Goodfellow, Bengio and Courville,
    "Deep Learning" (2016), section 9.1; `scipy.linalg.convolution_matrix` makes the first kind.

    Examples
    --------
    >>> from convviz.operations.convolution.correlate import correlate
    >>> toeplitz(correlate([1, 2, 3, 4], [5, 6, 7]))
    array([[5, 6, 7, 0],
           [0, 5, 6, 7]])
    """
    layer = as_layer(trace)
    _refuse_large_weights(layer)
    if sparse:
        return _sparse(layer, max_bytes)
    matrix, blocks = _empty(layer, 0, layer.weight.dtype, max_bytes, "a larger max_bytes, a smaller trace, sparse=True")
    for entries, weights in _places(layer):
        blocks[entries] += layer.kernel[weights]
    return _kept(matrix)


def tied(trace: Any, *, max_bytes: int = MAX_BYTES) -> Array:
    """Tell which weight stands in each entry of the `toeplitz` matrix: those that hold the same one are tied.

    Parameters
    ----------
    trace : LayerTrace or WindowTrace
        Of `conv_layer`, `correlate` or `convolve`.
    max_bytes : int
        Refuse what would take more memory while it is made: 256 MiB if left out.

    Returns
    -------
    ndarray of int64, shape (output cells, input cells)
        An index into ``weight.ravel()``, the weights as given (also where a convolution turns them); −1 where the
        entry is zero whatever the weights are; −2 where a border of copies makes several weights add up in it.

    Raises
    ------
    TypeError, ValueError
        As `toeplitz`.

    Examples
    --------
    >>> from convviz.operations.convolution.correlate import correlate
    >>> tied(correlate([1, 2, 3, 4], [5, 6, 7]))
    array([[ 0,  1,  2, -1],
           [-1,  0,  1,  2]])
    """
    layer = as_layer(trace)
    numbers = layer.turned(np.arange(layer.weight.size).reshape(layer.weight.shape))
    matrix, blocks = _empty(layer, ZERO, numbers.dtype, max_bytes, "a larger max_bytes or a smaller trace")
    for entries, weights in _places(layer):
        blocks[entries] = np.where(blocks[entries] == ZERO, numbers[weights], SEVERAL)
    return _kept(matrix)


def sum_tied(matrix: Any, trace: Any) -> Array:
    """Add up the entries of a matrix that are tied, one sum for each weight: the adjoint of `toeplitz`.

    An entry in which several weights stand counts for each of them. If ``matrix`` is the gradient of a loss by each
    entry of the Toeplitz matrix, this is its gradient by the weights: see `gradients`.

    Parameters
    ----------
    matrix : array-like, shape (output cells, input cells)
        Entries where no weight stands are ignored.
    trace : LayerTrace or WindowTrace
        Of `conv_layer`, `correlate` or `convolve`.

    Returns
    -------
    ndarray
        Shaped as the weights as given.

    Raises
    ------
    TypeError, ValueError
        If ``trace`` is of another operation, ``matrix`` has another shape, or a sum does not fit its dtype.

    Examples
    --------
    >>> from convviz.operations.convolution.correlate import correlate
    >>> sum_tied([[1, 2, 3, 90], [90, 4, 5, 6]], correlate([1, 2, 3, 4], [5, 6, 7]))
    array([5, 7, 9])
    """
    layer = as_layer(trace)
    numbers = as_numbers("matrix", matrix, dimensions=(2,))
    shape = (layer.preactivation.size, layer.x.size)
    if numbers.shape != shape:
        raise ValueError(f"matrix has shape {numbers.shape}; accepted: {shape}, the output's cells by the input's")
    arithmetic = exact.working_dtype(numbers.dtype, exact.magnitude(numbers) * layer.geometry.windows)
    sums = np.zeros(layer.weight.shape, dtype=arithmetic)
    blocks = numbers.reshape(_block_shape(layer))
    for entries, weights in _places(layer):
        sums[weights] = blocks[entries].astype(arithmetic).sum(axis=0)
    own = layer.bared(layer.turned(sums))
    return _kept(exact.settled(own, numbers.dtype, arguments="matrix's entries", result="the sum"))


Places = tuple[Any, ...]


def _places(layer: Layer) -> Iterator[tuple[Places, Places]]:
    """Go through the entries in which weights stand, one kernel cell and one group at a time.

    Yields
    ------
    entries : tuple
        Indexes a matrix of `_block_shape`: it picks (windows, filters, channels). No entry comes twice in it.
    weights : tuple
        Indexes the weights as laid: it picks (filters, channels).
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
    """Shape of the matrix with its rows as (groups, filters, windows), its columns as (groups, channels, cells)."""
    groups, filters, channels = layer.groups, len(layer.kernel), len(layer.x)
    windows, cells = layer.geometry.windows, layer.x[0].size
    return (groups, filters // groups, windows, groups, channels // groups, cells)


def _empty(layer: Layer, value: int, dtype: Any, max_bytes: Any, accepted: str) -> tuple[Array, Array]:
    rows, columns = layer.preactivation.size, layer.x.size
    once = rows * layer.kernel.shape[1]  # entries written at a time, several of them under way
    _check_memory(max_bytes, 8 * (rows * columns + 3 * once + 8 * layer.geometry.windows), (rows, columns), accepted)
    matrix = np.full((rows, columns), value, dtype=dtype)
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


def _refuse_large_weights(layer: Layer) -> None:
    """Refuse weights that may not fit any more where a border of copies adds them up."""
    if layer.copies == 1:
        return
    end = 2.0**63 if layer.weight.dtype.kind == "i" else np.finfo(float).max
    if exact.magnitude(layer.weight) >= end / layer.copies:
        raise ValueError(
            f"weight is too large: in a border of copies {layer.copies} weights may add up in one entry; "
            f"accepted: weights below {end / layer.copies:.3g}"
        )


def _kept(matrix: Array) -> Array:
    matrix.setflags(write=False)
    return matrix
