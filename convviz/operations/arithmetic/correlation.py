"""Cross-correlation in mode 'valid', in the fastest way: row by row for small kernels, by transforms for large ones."""

from math import ceil, prod
from typing import Any

import numpy as np

from convviz.operations.arithmetic import exact
from convviz.operations.arithmetic.tiles import Tiling
from convviz.operations.arithmetic.transforms import correlate_by_transforms, integer_parts
from convviz.trace import Array

_BLOCK = 1 << 14
"""The number of output cells that are summed at a time: few enough to stay in a processor's cache."""
_MANY = 1 << 10
"""The number of cells from which on it pays to compute integers with floats, where these are exact, and in pieces."""
_FAST_COLUMNS, _MANY_COLUMNS = 11, 44
"""The most columns for which `numpy.correlate` has loops of its own, for floats; and the most for which it pays to
divide a row of a kernel into pieces of so few columns."""
_FEW = 20
"""The number of weights up to which sums row by row are always faster."""
_SETUP_NS, _CELL_NS = {"f": 80_000, "i": 60_000}, {"f": 24.0, "i": 12.0}
"""The nanoseconds that transforms take, measured: in all, and for each cell of each tile."""


def correlated(x: Array, w: Array, limit: float) -> Array:
    """Slide a kernel over an input. For int64 the sums are exact; for float64 see `correlate_by_transforms`.

    Parameters
    ----------
    x, w : ndarray, both of shape (columns,) or both of shape (rows, columns)
        The input with its border, and the kernel as applied, which is not larger: both int64 or both float64.
    limit : float
        An upper bound of the absolute values of all sums and of all parts of them. It must fit their dtype.

    Examples
    --------
    >>> correlated(np.array([1, 2, 3, 4]), np.array([5, 6, 7]), 4 * 7 * 3)
    array([38, 56])
    """
    found = correlate_by_transforms(x, w) if transforms_are_faster(x, w) else None
    if found is not None:
        return found
    return row_by_row(x, w, exact.working_dtype(x.dtype, limit) if x.size >= _MANY else None)


def transforms_are_faster(x: Array, w: Array) -> bool:
    """Whether `correlate_by_transforms` is faster than `numpy.correlate`, called for each row of the kernel.

    Both times are estimated, by formulas fitted to measurements of 32² to 512² and of 300 to 100,000 cells, with
    kernels of 5² to 31² and of 11 to 400 weights.

    Examples
    --------
    >>> transforms_are_faster(np.ones((512, 512)), np.ones((15, 15)))
    True
    >>> transforms_are_faster(np.ones((512, 512)), np.ones((7, 7)))
    False
    """
    if w.size < _FEW:
        return False
    kind, width = x.dtype.kind, w.shape[-1]
    of_row = 2.0 * ceil(width / _FAST_COLUMNS) if width <= _MANY_COLUMNS else 7.5 + 0.07 * width
    tiling = Tiling(x.shape, w.shape)
    direct = prod(tiling.output) * (w.size // width) * of_row
    if _by_transforms(tiling, kind) > direct:
        return False
    parts = integer_parts(x, w, tiling) if kind == "i" else (1, 1)
    return parts is not None and _by_transforms(tiling, kind) * (parts[0] * (1 + parts[1])) / 2 < direct


def _by_transforms(tiling: Tiling, kind: str) -> float:
    return _SETUP_NS[kind] + tiling.tiles * tiling.cells * _CELL_NS[kind]


def row_by_row(padded: Array, kernel: Array, working: np.dtype[Any] | None = None) -> Array:
    """Add up 1D cross-correlations, one for each row of the kernel, over all rows of the input in one long row.

    NumPy's 1D loop is the fastest way for small kernels. The results where one row runs into the next are cut off.
    Sums are computed in the dtype ``working``, that of the input if left out.
    """
    grid, weights = (padded, kernel) if padded.ndim == 2 else (padded[None], kernel[None])
    working = padded.dtype if working is None else working
    width, columns, flat = grid.shape[1], weights.shape[1], grid.reshape(-1)
    shape = (len(grid) - len(weights) + 1, width - columns + 1)
    pieces = _pieces(weights.astype(working, copy=False), grid.size)
    output = np.empty(shape, dtype=padded.dtype)
    rows = min(shape[0], max(1, _BLOCK // width))
    sums = np.empty((rows, width), dtype=working)
    for start in range(0, shape[0], rows):
        end = min(start + rows, shape[0])
        numbers = flat[start * width : (end + len(weights) - 1) * width].astype(working, copy=False)
        count = (end - start) * width - columns + 1
        into = sums.reshape(-1)[:count]
        for number, (row, column, piece) in enumerate(pieces):
            first = row * width + column
            found = np.correlate(numbers[first : first + count + len(piece) - 1], piece, "valid")
            np.add(into, found, out=into) if number else np.copyto(into, found)
        output[start:end] = sums[: end - start, : shape[1]]
    return output.reshape(shape[2 - padded.ndim :])


def _pieces(weights: Array, cells: int) -> list[tuple[int, int, Array]]:
    """Divide the rows of a kernel into pieces for which NumPy is fast: the place of the first weight, and the weights.

    It does not pay for an input of few ``cells``.

    Examples
    --------
    >>> _pieces(np.array([[1, 2], [3, 4]]), 9)
    [(0, 0, array([1, 2])), (1, 0, array([3, 4]))]
    """
    width = weights.shape[1]
    if width <= _FAST_COLUMNS or width > _MANY_COLUMNS or cells < _MANY:
        return [(row, 0, line) for row, line in enumerate(weights)]
    length = -(-width // ceil(width / _FAST_COLUMNS))
    return [
        (row, column, line[column : column + length])
        for row, line in enumerate(weights)
        for column in range(0, width, length)
    ]
