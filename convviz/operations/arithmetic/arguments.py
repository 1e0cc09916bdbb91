"""The arrays that operations accept, checked once at the start: finite numbers, as int64 or float64."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from convviz.faults import check_size, shown
from convviz.operations.arithmetic.foreign_arrays import plain, readable
from convviz.trace import Array

_REFUSED = {
    "c": "complex numbers",
    "U": "text",
    "S": "text",
    "T": "text",
    "M": "dates",
    "m": "time spans",
    "V": "records",
}
_ACCEPTED = "accepted: an array of integers, floats or booleans"
_MANY = 1 << 14
"""From so many numbers on, a sum of squares is faster than a look at each."""


def as_numbers(name: str, value: Any, dimensions: tuple[int, ...] = (1, 2), *, finite: bool = True) -> Array:
    """Return an argument as an array of int64 or float64.

    Parameters
    ----------
    name : str
        The argument's name, for errors.
    value : array-like
        Integers and booleans become int64, floats of any width become float64. Tensors of PyTorch (also with
        gradients), JAX and TensorFlow, bfloat16 of each, and pandas' nullable columns are read as well.
    dimensions : tuple of int
        The numbers of dimensions that are accepted.
    finite : bool
        Whether to check that floats are finite. Who passes False has to find those that are not.

    Returns
    -------
    ndarray
        If the caller's array already has the right type, the result is that array itself: copy it before keeping it.

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
        raise _wrong_objects(name, array)
    if array.dtype.kind not in "iubf":
        held = _REFUSED.get(array.dtype.kind, "no numbers")
        raise TypeError(f"{name} holds {held} (dtype {array.dtype}); {_ACCEPTED}")
    if array.ndim not in dimensions:
        wanted = " or ".join(map(str, dimensions))
        picked = f", such as {name}[0]" if array.ndim == max(dimensions) + 1 and array.size else ""
        raise ValueError(f"{name} has {array.ndim} dimensions (shape {array.shape}); accepted: {wanted}{picked}")
    if not array.size:
        raise ValueError(f"{name} is empty (shape {array.shape}); accepted: at least one number along each axis")
    if array.dtype.kind in "iub":
        return _as_integers(name, array)
    return _as_floats(name, value, array, finite)


def _as_array(name: str, value: Any) -> Array:
    _refuse_masked(name, value)
    if isinstance(value, Sequence):
        check_size(len(value), f"{name} has {len(value)} entries", "the array")
    try:
        array = _read(value)
        return plain(array, value) if array.dtype.kind in "OV" else array
    except Exception as error:  # an object of another library may fail in any way
        if "inhomogeneous" in str(error):
            raise ValueError(f"{name} is ragged: its rows differ in length; accepted: rows of one length") from None
        raise TypeError(f"{name} cannot be read as an array: {error}; {_ACCEPTED}") from error


def _read(value: Any) -> Array:
    try:
        return np.asarray(value)
    except (TypeError, RuntimeError):
        if not hasattr(value, "detach") and not isinstance(value, list | tuple):
            raise
        return np.asarray(readable(value))


def _refuse_masked(name: str, value: Any) -> None:
    """Refuse masked cells: NumPy would read the numbers under the mask, even if masked arrays are rows of a list."""
    rows = enumerate(value) if isinstance(value, list | tuple) else ()
    for at, part in (((), value), *(((number,), row) for number, row in rows)):
        if isinstance(part, np.ma.MaskedArray) and np.ma.is_masked(part):
            where = (*at, *map(int, np.argwhere(np.ma.getmaskarray(part))[0]))
            raise ValueError(f"{_cell(name, where)} is masked; accepted: arrays without masked cells")


def _wrong_objects(name: str, array: Array) -> Exception:
    """Return the error for an array of objects: one of them is not a number, or is an integer too wide for NumPy."""
    for at, item in np.ndenumerate(array):
        if not isinstance(item, int | float | np.integer | np.floating | np.bool_):
            return TypeError(f"{_cell(name, at)} is {shown(item)} ({type(item).__name__}); {_ACCEPTED}")
    for at, item in np.ndenumerate(array):
        if _is_wide(item):
            return _too_wide(name, at, item)
    return TypeError(f"{name} holds objects (dtype object); {_ACCEPTED}, such as {name}.astype(float)")


def _refuse_wide(name: str, array: Array) -> None:
    for at, item in np.ndenumerate(array):
        if _is_wide(item):
            raise _too_wide(name, at, item)


def _is_wide(item: Any) -> bool:
    limits = np.iinfo(np.int64)
    return isinstance(item, int | np.integer) and not limits.min <= int(item) <= limits.max


def _too_wide(name: str, at: tuple[int, ...], item: Any) -> ValueError:
    bits = int(item).bit_length()
    written = str(item) if bits <= 128 else f"an integer of {bits} bits"
    accepted = f"accepted: integers that fit int64, up to {np.iinfo(np.int64).max}"
    return ValueError(f"{_cell(name, at)} is {written}; {accepted}")


def _cell(name: str, at: tuple[int, ...]) -> str:
    return f"{name}{list(at)}" if at else name


def _as_integers(name: str, array: Array) -> Array:
    if array.dtype == np.uint64 and array.max() > np.iinfo(np.int64).max:
        _refuse_wide(name, array)
    return array.astype(np.int64, copy=False)


def _are_finite(floats: Array) -> bool:
    """Whether all numbers are finite: in a large array, they are if the sum of their squares is."""
    if floats.size > _MANY and floats.flags.c_contiguous:
        flat = floats.reshape(-1)
        with np.errstate(over="ignore", invalid="ignore"):
            if np.isfinite(np.dot(flat, flat)):
                return True
    return bool(np.isfinite(floats).all())


def _as_floats(name: str, value: Any, array: Array, finite: bool) -> Array:
    with np.errstate(over="ignore"):
        floats = array.astype(np.float64, copy=False)
    if finite and not _are_finite(floats):
        where = tuple(map(int, np.argwhere(~np.isfinite(floats))[0]))
        limit = " up to 1.8e308" if np.isfinite(array[where]) else ""
        raise ValueError(f"{_cell(name, where)} is {array[where]!s}; accepted: finite numbers{limit}")
    if not isinstance(value, np.ndarray) and np.abs(floats).max() >= 2**63:
        # NumPy turns a list that mixes integers too wide for int64 with negative ones into floats, inexactly.
        objects = np.asarray(value, dtype=object)
        if all(isinstance(item, int | np.integer) for item in objects.flat):
            _refuse_wide(name, objects)
    return floats
