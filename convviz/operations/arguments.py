"""What operations accept, checked once at the door: finite numbers, as int64 or float64, read-only."""

from typing import Any

import numpy as np

from convviz.trace import Array

_REFUSED = {
    "c": "complex numbers",
    "U": "text",
    "S": "text",
    "M": "dates",
    "m": "time spans",
    "V": "records",
}
_ACCEPTED = "accepted: an array of integers, floats or booleans"


def as_numbers(name: str, value: Any, dimensions: tuple[int, ...] = (1, 2)) -> Array:
    """Take an argument as an array of int64 or float64.

    Parameters
    ----------
    name : str
        The argument's name, for errors.
    value : array-like
        Integers and booleans become int64, floats of any width float64.
    dimensions : tuple of int
        How many dimensions are accepted.

    Raises
    ------
    TypeError
        For text, complex numbers, objects, dates and records.
    ValueError
        For a wrong number of dimensions, an empty or ragged array, NaN, infinity, masked cells, and integers
        that int64 cannot hold.

    Examples
    --------
    >>> as_numbers("x", [True, False]).dtype
    dtype('int64')
    >>> as_numbers("x", [1.0, float("nan")])
    Traceback (most recent call last):
    ValueError: x[1] is nan; accepted: finite numbers
    """
    array = _as_array(name, value)
    if array.dtype.kind == "O":
        _refuse_objects(name, array)
    if array.dtype.kind in _REFUSED:
        raise TypeError(f"{name} holds {_REFUSED[array.dtype.kind]} (dtype {array.dtype}); {_ACCEPTED}")
    if array.ndim not in dimensions:
        wanted = " or ".join(map(str, dimensions))
        raise ValueError(f"{name} has {array.ndim} dimensions (shape {array.shape}); accepted: {wanted}")
    if not array.size:
        raise ValueError(f"{name} is empty (shape {array.shape}); accepted: at least one number along each axis")
    return _as_integers(name, array) if array.dtype.kind in "iub" else _as_floats(name, value, array)


def _as_array(name: str, value: Any) -> Array:
    if isinstance(value, np.ma.MaskedArray) and np.ma.is_masked(value):
        where = tuple(map(int, np.argwhere(np.ma.getmaskarray(value))[0]))
        raise ValueError(f"{name}{list(where)} is masked; accepted: arrays without masked cells")
    try:
        return np.asarray(value)
    except (ValueError, TypeError, RuntimeError) as error:
        if "inhomogeneous" in str(error):
            raise ValueError(f"{name} is ragged: its rows differ in length; accepted: rows of one length") from None
        raise TypeError(f"{name} cannot be read as an array: {error}; {_ACCEPTED}") from error


def _refuse_objects(name: str, array: Array) -> None:
    for at, item in np.ndenumerate(array):
        if not isinstance(item, int | np.integer):
            where = f"{name}{list(at)}" if at else name
            raise TypeError(f"{where} is {item!r:.60} ({type(item).__name__}); {_ACCEPTED}")
    _refuse_wide(name, array)


def _refuse_wide(name: str, array: Array) -> None:
    limits = np.iinfo(np.int64)
    for at, item in np.ndenumerate(array):
        if not limits.min <= int(item) <= limits.max:
            raise ValueError(f"{name}{list(at)} is {item}; accepted: integers that fit int64, up to {limits.max}")


def _as_integers(name: str, array: Array) -> Array:
    if array.dtype == np.uint64 and array.max() > np.iinfo(np.int64).max:
        _refuse_wide(name, array)
    return array.astype(np.int64, copy=False)


def _as_floats(name: str, value: Any, array: Array) -> Array:
    with np.errstate(over="ignore"):
        floats = array.astype(np.float64, copy=False)
    if not np.isfinite(floats).all():
        where = tuple(map(int, np.argwhere(~np.isfinite(floats))[0]))
        raise ValueError(f"{name}{list(where)} is {array[where]}; accepted: finite numbers")
    if not isinstance(value, np.ndarray) and np.abs(floats).max() >= 2**63:
        # NumPy turns a list that mixes integers too wide for int64 with negative ones into floats, inexactly.
        objects = np.asarray(value, dtype=object)
        if all(isinstance(item, int) for item in objects.flat):
            _refuse_wide(name, objects)
    return floats
