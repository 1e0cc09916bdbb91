"""Sums of products that stay exact: the arithmetic that holds them, and an error where none does."""

import numpy as np
import numpy.typing as npt

from convviz.trace import Array

_INT64_END = 2.0**63
_FLOAT_INTEGERS_END = 2.0**53
"""Up to here floats hold every integer, so that the fast matrix products made for floats are exact."""


def magnitude(array: Array) -> float:
    """Bound the absolute values of an array, a little above the truth, so that rounding cannot hide an overflow.

    Examples
    --------
    >>> 7 < magnitude(np.array([3, -7])) < 7.1
    True
    """
    return max(abs(float(array.max())), abs(float(array.min()))) * (1 + 1e-9)


def working_dtype(dtype: npt.DTypeLike, bound: float) -> np.dtype[np.generic]:
    """Choose the fastest arithmetic in which sums that stay below ``bound`` are exact.

    Parameters
    ----------
    dtype : dtype
        What goes in: float64, which is worked out as it is, or int64.
    bound : float
        No sum, and no part of one, has a larger absolute value.

    Examples
    --------
    >>> working_dtype(np.int64, 1e6), working_dtype(np.int64, 1e17), working_dtype(np.int64, 1e20)
    (dtype('float64'), dtype('int64'), dtype('O'))
    """
    if np.dtype(dtype).kind == "f" or bound < _FLOAT_INTEGERS_END:
        return np.dtype(np.float64)
    return np.dtype(np.int64 if bound < _INT64_END else object)


def settled(sums: Array, dtype: npt.DTypeLike, *, arguments: str, result: str) -> Array:
    """Give what was worked out in a `working_dtype` its own dtype again, or say that it does not fit.

    Parameters
    ----------
    sums : ndarray
        The result, as worked out.
    dtype : dtype
        What it is to be: int64 or float64.
    arguments : str
        Whose numbers are to blame if it does not fit, for the error.
    result : str
        What it is, for the error.

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
    """As `settled`, for what is only on the way: where it does not fit int64, Python's integers, which have no end."""
    limits = np.iinfo(np.int64)
    if sums.dtype.kind == "O" and ((sums > limits.max) | (sums < limits.min)).any():
        return sums
    return sums.astype(dtype, copy=False)


def refuse_infinite(sums: Array, arguments: str) -> None:
    """Refuse floats that are not finite.

    Raises
    ------
    ValueError
        If there is one.
    """
    if sums.dtype.kind == "f" and not np.isfinite(sums).all():
        raise too_large_for_floats(arguments)


def too_large_for_floats(arguments: str) -> ValueError:
    """Make the error for sums or products beyond float64."""
    return ValueError(
        f"{arguments} are too large: their products, or sums of these, do not fit float64; "
        "accepted: numbers with which all stays below 1.8e308"
    )
