"""Write a single number: exactly where that is short, and with a ≈ where it had to be rounded."""

from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np

_LARGEST_DENOMINATOR = 64
_FLOAT = np.dtype(float)
_SHORT = 6
"""Decimal digits that still count as short."""
_SHORT_END = 10**_SHORT
_FLOAT_INTEGERS_END = 2**53
"""Up to here floats hold every integer."""


def numeral(value: Any, digits: int = 3) -> str:
    """Write a number: exact if that is short (a fraction counts), else rounded, with a ≈ before it.

    Parameters
    ----------
    value : int or float
        A finite number.
    digits : int
        Significant digits of a rounded number; below a million, at least all those before the decimal point.

    Examples
    --------
    >>> numeral(12), numeral(-0.5), numeral(1 / 9), numeral(0.1 + 0.2)
    ('12', '-0.5', '1/9', '≈0.3')
    >>> numeral(2**0.5), numeral(1234.5678), numeral(1 / 7e6)
    ('≈1.41', '≈1235', '≈1.43e-07')
    """
    text, exact = write(value, digits)
    return text if exact else f"≈{text}"


def typed(value: Any) -> str:
    """Write a number as one would type it: exactly, with a fraction as a fraction.

    Parameters
    ----------
    value : int or float
        A finite number.

    Examples
    --------
    >>> typed(3), typed(-0.5), typed(1 / 9), typed(0.1 + 0.2)
    ('3', '-0.5', '1/9', '0.30000000000000004')
    """
    text, exact = write(value, 3)
    return text if exact else repr(float(value))


def write(value: Any, digits: int) -> tuple[str, bool]:
    """Write a number without a ≈, and say whether it is exact."""
    if is_integer(value):
        return str(int(value)), True
    return _write_float(float(value), digits)


@lru_cache(maxsize=8192)  # the same few weights and their neighbours come again in every window
def _write_float(number: float, digits: int) -> tuple[str, bool]:
    if number.is_integer() and abs(number) < _SHORT_END:
        return str(int(number)), True
    short = f"{number:.{_SHORT}g}"
    if float(short) == number:
        return short, True
    fraction = Fraction(number).limit_denominator(_LARGEST_DENOMINATOR)
    if abs(fraction.numerator) < _SHORT_END and fraction.numerator / fraction.denominator == number:
        return str(fraction), True
    if number.is_integer() and abs(number) < _FLOAT_INTEGERS_END:
        return str(int(number)), True
    if abs(number) < _SHORT_END:  # 102 rather than 1e+02
        digits = max(digits, len(str(round(abs(number)))))
    rounded = f"{number:.{digits}g}"
    return rounded, float(rounded) == number


def is_integer(value: Any) -> bool:
    """Whether a number is of an integer type."""
    return isinstance(value, int) or getattr(value, "dtype", _FLOAT).kind in "iu"
