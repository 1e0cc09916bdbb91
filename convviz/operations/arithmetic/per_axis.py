"""Integers for the axes: one for all axes or one for each, as PyTorch and other libraries accept them."""

from collections.abc import Sequence
from operator import index as as_index
from typing import Any

import numpy as np

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
    parts = tuple(value) if is_several(value) else (value,) * axes
    if len(parts) != axes:
        raise ValueError(f"{name} is {value!r}, with {len(parts)} numbers for {axes} axes; {accepted}")
    numbers = tuple(as_whole(name, part, accepted) for part in parts)
    if min(numbers) < least:
        raise ValueError(f"{name} is {value!r}; {accepted}")
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
            return as_index(value)
    except TypeError:
        pass
    raise TypeError(f"{name} is {value!r:.60} ({type(value).__name__}); {accepted}")


def is_several(value: Any) -> bool:
    """Whether a value is a tuple, list or array, not a single value."""
    several = isinstance(value, Sequence) and not isinstance(value, str | bytes)
    return several or (isinstance(value, np.ndarray) and value.ndim > 0)
