"""Separable kernels: those that are a column times a row, and so can be applied in two cheap passes."""

from typing import Any

import numpy as np

from convviz.operations.arithmetic.arguments import as_numbers
from convviz.trace import Array

_ROUNDING = 1e-12
"""How far the product of column and row may miss a kernel of floats, as a share of its largest weight."""


def separated(w: Any) -> tuple[Array, Array] | None:
    """Split a kernel into a column and a row whose products are its weights.

    Parameters
    ----------
    w : array-like, shape (rows, columns)
        The kernel: integers, floats or booleans (which count as 0 and 1).

    Returns
    -------
    (ndarray, ndarray) or None
        The column and the row. They are integers without a common divisor in the row where the weights are integers.
        Where the weights add up to something else than 0, those of a row of floats add up to 1. None if the kernel is
        not separable.

    Raises
    ------
    TypeError, ValueError
        If ``w`` is no array of real, finite numbers with two axes.

    Examples
    --------
    >>> column, row = separated([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    >>> column, row
    (array([1, 2, 1]), array([-1,  0,  1]))
    >>> separated([[0, 1, 0], [1, -4, 1], [0, 1, 0]]) is None
    True
    """
    w = as_numbers("w", w, (2,))
    if not w.any():
        return np.zeros(w.shape[0], w.dtype), np.zeros(w.shape[1], w.dtype)
    column, row = _of_integers(w) if w.dtype.kind == "i" else _of_floats(w)
    within = 0.0 if w.dtype.kind == "i" else _ROUNDING * np.abs(w).max()
    return (column, row) if (np.abs(np.outer(column, row) - w) <= within).all() else None


def _of_integers(w: Array) -> tuple[Array, Array]:
    """Return the only column and row that can do it: the row has no common divisor, and is positive on the whole."""
    row = w[w.any(axis=1).argmax()]
    row = row // np.gcd.reduce(row)
    if row.sum() < 0:
        row = -row
    at = np.abs(row).argmax()
    return w[:, at] // row[at], row


def _of_floats(w: Array) -> tuple[Array, Array]:
    total = w.sum()
    if abs(total) > _ROUNDING * np.abs(w).sum():
        return w.sum(axis=1), w.sum(axis=0) / total
    at, _ = np.unravel_index(np.abs(w).argmax(), w.shape)
    row = w[at] / np.abs(w[at]).max()
    return w[:, np.abs(row).argmax()] / row[np.abs(row).argmax()], row
