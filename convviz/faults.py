"""How an error writes the argument that is at fault, in one short line; and what is too large to be made."""

from collections.abc import Iterable
from typing import Any

MOST_NUMBERS = 1 << 27
"""The largest number of numbers in an array that an operation makes: one gibibyte."""
LARGEST_INTEGER = 2**31 - 1
"""The largest stride, padding, dilation or size: no array that fits in memory needs a larger one."""
_LONGEST = 60
_MOST_BITS = 128
"""Longer integers are not written out."""


def listed(name: str, value: Any, accepted: str, most: int = 10_000) -> list[Any]:
    """Return an argument of several things as a list.

    Parameters
    ----------
    name : str
        The argument's name, for errors.
    value : iterable
        The argument.
    accepted : str
        What the error says is accepted.
    most : int
        The largest number of things.

    Raises
    ------
    TypeError, ValueError
        If the value holds no things, or too many.

    Examples
    --------
    >>> listed("layers", 5, "accepted: several layers")
    Traceback (most recent call last):
    TypeError: layers is 5 (int); accepted: several layers
    """
    things: list[Any] = []
    try:
        if isinstance(value, str | bytes) or not isinstance(value, Iterable):
            raise TypeError
        for thing in value:
            if len(things) == most:
                raise ValueError(f"{name} holds more than {most} things; {accepted}, at most {most}")
            things.append(thing)
    except TypeError:
        raise TypeError(f"{name} is {shown(value)} ({type(value).__name__}); {accepted}") from None
    return things


def shown(value: Any) -> str:
    """Write an argument for an error: in one short line, however long or faulty it is.

    Examples
    --------
    >>> shown((1, 2)), shown("x" * 99)[-4:], shown(10**5000)
    ('(1, 2)', 'xxx…', 'an integer of 16610 bits')
    """
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        return f"an integer of {value.bit_length()} bits"
    try:
        text = " ".join(repr(value).split())
    except Exception:  # an object may fail to describe itself, and a list may hold an integer that is too long to write
        text = f"a {type(value).__name__}"
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def counted(number: int, what: str, several: str = "") -> str:
    """Write a number of things.

    Examples
    --------
    >>> counted(1, "number"), counted(2, "axis", "axes")
    ('1 number', '2 axes')
    """
    return f"{number} {what if number == 1 else several or f'{what}s'}"


def check_size(numbers: int, given: str, made: str) -> None:
    """Check that an array is not too large to be made.

    Parameters
    ----------
    numbers : int
        How many numbers it would hold.
    given : str
        The arguments that make it so large, with their values.
    made : str
        What the array is called.

    Raises
    ------
    ValueError
        If it would hold more than `MOST_NUMBERS`.

    Examples
    --------
    >>> check_size(10**12, "n is 1000000000000", "the response")
    Traceback (most recent call last):
    ValueError: n is 1000000000000, with which the response would hold 1000000000000 numbers; accepted: what holds at
    most 134217728 numbers (1 GiB)
    """
    if numbers > MOST_NUMBERS:
        raise ValueError(
            f"{given}, with which {made} would hold {shown(numbers)} numbers; accepted: what holds at most "
            f"{MOST_NUMBERS} numbers (1 GiB)"
        )
