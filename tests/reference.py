"""What operations must come out as, computed by dull loops in Python's own numbers, which have no end."""

from fractions import Fraction
from typing import Any

import numpy as np

Grid = list[list[Any]]


def convolve(x: Any, w: Any, mode: str) -> np.ndarray:
    """Convolve by the definition: each input cell spreads the kernel over the cells that follow it."""
    dimensions = np.ndim(x)
    a, b = lift(x), lift(w)
    full = [[a[0][0] * 0] * (len(a[0]) + len(b[0]) - 1) for _ in range(len(a) + len(b) - 1)]
    for i in range(len(a)):
        for j in range(len(a[0])):
            for k in range(len(b)):
                for m in range(len(b[0])):
                    full[i + k][j + m] += a[i][j] * b[k][m]
    rows = kept(len(a), len(b), mode)
    columns = kept(len(a[0]), len(b[0]), mode)
    cut = np.array([[full[i][j] for j in columns] for i in rows], dtype=object)
    return cut if dimensions == 2 else cut[0]


def correlate(x: Any, w: Any, mode: str) -> np.ndarray:
    """Cross-correlate: convolve with the kernel turned by 180°."""
    return convolve(x, np.flip(np.asarray(w)), mode)


def kept(size: int, kernel: int, mode: str) -> range:
    """Tell which cells of a full convolution a mode keeps, along one axis."""
    if mode == "full":
        return range(size + kernel - 1)
    if mode == "same":
        return range((kernel - 1) // 2, (kernel - 1) // 2 + size)
    return range(kernel - 1, size)


def lift(values: Any) -> Grid:
    """Write an array as rows of Python's integers, or of fractions that are exactly its floats."""
    array = np.atleast_2d(np.asarray(values))
    if array.dtype.kind == "f":
        return [[Fraction(float(value)) for value in row] for row in array]
    return [[int(value) for value in row] for row in array]


def rounding(x: np.ndarray, w: np.ndarray) -> float:
    """Bound how far the rounding of float64 can move a sum of products."""
    return 1e-14 * float(np.abs(x.astype(float)).max() * np.abs(w.astype(float)).sum())
