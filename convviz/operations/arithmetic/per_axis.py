"""Integers for the axes: one for all axes or one for each, as PyTorch and other libraries accept them."""

from collections.abc import Sequence
from operator import index as as_index
from typing import Any

import numpy as np

from convviz.faults import LARGEST_INTEGER, counted, shown

_MOST_BITS = 128
PerAxis = int | Sequence[int]
"""One integer for all axes, or one for each."""


def as_per_axis(name: str, value: Any, axes: int, *, least: int) -> tuple[int, ...]:
    """Return an argument as one integer for each axis.

    Parameters
    ----------
    name : str
        The argument's name, for errors.
    value : int or sequence of int
        One integer for all axes, or one for each.
    axes : int
        The number of axes.
    least : int
        The smallest number accepted.

    Raises
    ------
    TypeError
        If something is not an integer.
    ValueError
        If there are more or fewer integers than axes, or one is below ``least``.

    Examples
    --------
    >>> as_per_axis("stride", 2, 2, least=1), as_per_axis("stride", (1, 3), 2, least=1)
    ((2, 2), (1, 3))
    """
    accepted = f"accepted: an integer from {least} on" + (f", or a tuple of {axes}" if axes > 1 else "")
    given = len(value) if is_several(value) else axes
    if given != axes:
        numbers_for = f"{counted(given, 'number')} for {counted(axes, 'axis', 'axes')}"
        raise ValueError(f"{name} is {shown(value)}, with {numbers_for}; {accepted}")
    parts = tuple(value) if is_several(value) else (value,) * axes
    numbers = tuple(as_whole(name, part, accepted) for part in parts)
    if min(numbers) < least:
        raise ValueError(f"{name} is {shown(value)}; {accepted}")
    if max(numbers) > LARGEST_INTEGER:
        raise ValueError(f"{name} is {shown(value)}; accepted: integers up to {LARGEST_INTEGER}")
    return numbers


def as_whole(name: str, value: Any, accepted: str) -> int:
    """Return one value as an integer; True and False are refused.

    Examples
    --------
    >>> as_whole("groups", 2.0, "accepted: an integer")
    Traceback (most recent call last):
    TypeError: groups is 2.0 (float); accepted: an integer
    """
    try:
        if not isinstance(value, bool | np.bool_):
            number = as_index(value)
            if number.bit_length() <= _MOST_BITS:
                return number
            raise ValueError(f"{name} is {shown(number)}; {accepted}, of at most {_MOST_BITS} bits")
    except TypeError:
        pass
    raise TypeError(f"{name} is {shown(value)} ({type(value).__name__}); {accepted}")


def is_several(value: Any) -> bool:
    """Whether a value is a tuple, list or array, not a single value."""
    several = isinstance(value, Sequence) and not isinstance(value, str | bytes)
    return several or (isinstance(value, np.ndarray) and value.ndim > 0)
