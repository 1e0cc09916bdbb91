"""Patterns: what is left of some cells when their mean is subtracted, and whether anything is."""

from typing import Any

import numpy as np

from convviz.trace import Array

LAST_BITS = 4 * float(np.finfo(np.float64).eps)
"""Floats that differ by no more than this fraction of themselves differ only by their rounding."""
_TINY = 2.0**-400
"""Squares of smaller numbers may be too small for float64."""


def centred(array: Array) -> Array:
    """Return numbers minus their mean; exactly 0 if all are equal.

    Examples
    --------
    >>> centred(np.array([3, 7]))
    array([-2.,  2.])
    """
    shifted = array.astype(np.float64) - float(array.flat[0])
    return np.asarray(shifted - shifted.mean())


def is_flat(cells: Array) -> bool:
    """Whether some cells hold one number only, up to the last bits of floats, so that they have no pattern.

    Examples
    --------
    >>> is_flat(np.array([0.3, 0.1 + 0.2])), is_flat(np.array([3e-9, 2e-9]))
    (True, False)
    """
    if cells.dtype.kind != "f":
        return bool(cells.min() == cells.max())
    cells = enlarged(cells)
    with np.errstate(over="ignore", invalid="ignore"):  # what is too large is not flat
        return bool(np.sqrt(np.square(centred(cells)).sum()) <= flat_length(cells.flat[0], cells.size))


def flat_length(cell: Any, count: int) -> Any:
    """Return the length up to which a pattern of floats is nothing but rounding; all cells are about as large as one.

    Examples
    --------
    >>> bool(flat_length(1e-9, 4) < 1e-23)
    True
    """
    return LAST_BITS * np.sqrt(count) * np.abs(cell)


def enlarged(array: Array) -> Array:
    """Multiply tiny numbers by a power of two, which changes no pattern but its length, so that squares are not 0.

    Examples
    --------
    >>> enlarged(np.array([2.0**-500, 2.0**-501]))
    array([0.5 , 0.25])
    >>> float(enlarged(np.array([1.0, 2.0**-500]))[0])
    1.0
    """
    largest = float(np.abs(array).max())
    return np.ldexp(array.astype(np.float64), -int(np.frexp(largest)[1])) if 0 < largest < _TINY else array
