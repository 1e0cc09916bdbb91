"""Exact sums of products: choose a number type that holds them, and raise an error if none does."""

import numpy as np
import numpy.typing as npt

from convviz.trace import Array

_INT64_END = 2.0**63
FLOAT_INTEGERS_END = 2.0**53
"""Floats hold every integer up to here, so that the fast matrix products for floats are exact."""

_FEW = 64
"""The size up to which Python finds the largest number of an array faster than NumPy is called."""


def magnitude(array: Array) -> float:
    """Return an upper bound of an array's absolute values, slightly too large, so that rounding hides no overflow.

    Examples
    --------
    >>> 7 < magnitude(np.array([3, -7])) < 7.1
    True
    """
    if array.size <= _FEW:
        numbers = array.reshape(-1).tolist()
        return max(abs(float(max(numbers))), abs(float(min(numbers)))) * (1 + 1e-9)
    return max(abs(float(array.max())), abs(float(array.min()))) * (1 + 1e-9)


def working_dtype(dtype: npt.DTypeLike, bound: float) -> np.dtype[np.generic]:
    """Choose the fastest number type in which sums that stay below ``bound`` are exact.

    Parameters
    ----------
    dtype : dtype
        The type of the numbers that are added up: int64, or float64, which stays float64.
    bound : float
        An upper bound of the absolute values of all sums and of all parts of them.

    Examples
    --------
    >>> working_dtype(np.int64, 1e6), working_dtype(np.int64, 1e17), working_dtype(np.int64, 1e20)
    (dtype('float64'), dtype('int64'), dtype('O'))
    """
    if np.dtype(dtype).kind == "f" or bound < FLOAT_INTEGERS_END:
        return np.dtype(np.float64)
    return np.dtype(np.int64 if bound < _INT64_END else object)


def settled(sums: Array, dtype: npt.DTypeLike, *, arguments: str, result: str) -> Array:
    """Return sums that were computed in a `working_dtype` in their final dtype, or raise an error if they do not fit.

    Parameters
    ----------
    sums : ndarray
        The sums, as computed.
    dtype : dtype
        The final type: int64 or float64.
    arguments : str
        The arguments that are too large if a sum does not fit, for the error.
    result : str
        What the sums are called in the error.

    Raises
    ------
    ValueError
        If a sum does not fit ``dtype``.
    """
    refuse_infinite(sums, arguments)
    if np.dtype(dtype).kind == "f":
        return sums
    if sums.dtype.kind == "O":
        limits = np.iinfo(np.int64)
        wide = np.argwhere((sums > limits.max) | (sums < limits.min))
        if wide.size:
            where = tuple(map(int, wide[0]))
            raise ValueError(
                f"{arguments} are too large: {result} at {list(where)} would be {sums[where]}, which does not fit "
                f"int64; accepted: results from {limits.min} to {limits.max}, or floats"
            )
    return sums.astype(np.int64, copy=False)


def narrowed(sums: Array, dtype: npt.DTypeLike) -> Array:
    """Return intermediate sums in their dtype, or as Python's integers (without limit) if they do not fit int64."""
    limits = np.iinfo(np.int64)
    if sums.dtype.kind == "O" and ((sums > limits.max) | (sums < limits.min)).any():
        return sums
    return sums.astype(dtype, copy=False)


def refuse_infinite(sums: Array, arguments: str) -> None:
    """Check that all floats are finite.

    Raises
    ------
    ValueError
        If one of them is not.
    """
    if sums.dtype.kind == "f" and not np.isfinite(sums).all():
        raise too_large_for_floats(arguments)


def too_large_for_floats(arguments: str) -> ValueError:
    """Return the error for sums or products that are too large for float64."""
    return ValueError(
        f"{arguments} are too large: their products, or sums of these, do not fit float64; "
        "accepted: numbers with which all of them stay below 1.8e308"
    )
