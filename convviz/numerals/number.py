"""Write a single number: exactly where that is short, and with a ≈ where it had to be rounded.

Floats that differ by a few of their last bits are the same number to whoever looks at them: 6/9 added up in two orders,
or 0.1 + 0.2 and 0.3. They are written alike, as the shortest number among them.
"""

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from math import floor, inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

_LARGEST_DENOMINATOR = 64
_FLOAT = np.dtype(float)
_LARGE = 1000
"""From here on decimals say little."""
_SHORT = 6
"""Decimal digits that still count as short."""
_SHORT_END = 10**_SHORT
_FLOAT_INTEGERS_END = 2**53
"""Up to here floats hold every integer."""
_ALIKE = 2.0**-49
"""Floats that differ by no more than this part of themselves, eight of their last bits, are written alike."""
_STILL_ALIKE = 1e-10
"""The same for what larger numbers leave when they cancel: no two short numbers are as near to each other."""
_NEVER_ALIKE = 1e-6
"""Numbers that differ by more are not the same one, however large they are."""


def numeral(value: Any, digits: int = 3) -> str:
    """Write a number: exact if that is short (a fraction counts), else rounded, with a ≈ before it.

    Exact means up to the last bits of a float: 0.1 + 0.2 is 0.3.

    Parameters
    ----------
    value : int or float
        A finite number.
    digits : int
        Significant digits of a rounded number; below a million, at least all those before the decimal point.

    Examples
    --------
    >>> numeral(12), numeral(-0.5), numeral(1 / 9), numeral(0.1 + 0.2)
    ('12', '-0.5', '1/9', '0.3')
    >>> numeral(2**0.5), numeral(1234.5678), numeral(1 / 7e6)
    ('≈1.41', '≈1235', '≈1.43e-07')
    """
    text, exact = write(value, digits)
    return text if exact else f"≈{text}"


def decimal_numeral(value: Any, decimals: int) -> str:
    """Write a number with a fixed number of decimals, as one of several that are compared.

    A number that is exact with one more decimal is written exactly. Numbers of 1000 and more are written as `numeral`
    writes them.

    Parameters
    ----------
    value : int or float
        A finite number.
    decimals : int
        Digits after the decimal point; zeros at the end are left out.

    Examples
    --------
    >>> decimal_numeral(-1.98765, 2), decimal_numeral(2.625, 2), decimal_numeral(1 / 3, 2), decimal_numeral(-3e-5, 2)
    ('≈-1.99', '2.625', '≈0.33', '≈0')
    """
    text, exact = write(value, decimals + 1)
    is_short = exact and not set("/e") & set(text) and len(text.partition(".")[2]) <= decimals + 1
    if is_short or abs(value) >= _LARGE:
        return text if exact else f"≈{text}"
    rounded = f"{float(value):.{decimals}f}"
    rounded = rounded.rstrip("0").rstrip(".") if "." in rounded else rounded
    return f"≈{'0' if rounded == '-0' else rounded}"


def typed(value: Any) -> str:
    """Write a number as one would type it: exactly, to the last bit, with a fraction as a fraction.

    Parameters
    ----------
    value : int or float
        A finite number.

    Examples
    --------
    >>> typed(3), typed(-0.5), typed(1 / 9), typed(0.1 + 0.2)
    ('3', '-0.5', '1/9', '0.30000000000000004')
    """
    if is_integer(value):
        return str(int(value))
    return _short(float(value), 0.0) or repr(float(value))


def settled(value: Any, within: float) -> Any:
    """Return the short number that a float stands for, if rounding can have moved it from there.

    Parameters
    ----------
    value : int or float
        The result of a calculation.
    within : float
        How far rounding can have moved it: see `rounding`.

    Examples
    --------
    >>> settled(0.1 + 0.2 - 0.3, 1e-16), settled(0.25 + 1e-13, 1e-12), settled(0.1, 1e-3)
    (0.0, 0.25, 0.1)
    """
    if is_integer(value):
        return value
    return _settled(float(value), within)


@lru_cache(maxsize=8192)  # a picture is made of the same numbers at every width
def _settled(number: float, within: float) -> float:
    if abs(number) <= within < inf:
        return 0.0
    text = _short(number, max(_last_bits(number), min(within, _STILL_ALIKE * abs(number), _NEVER_ALIKE)))
    return float(Fraction(text)) if text else number


def settle(values: NDArray[Any], within: Any) -> NDArray[Any]:
    """Do the same for all numbers of an array, each with its own bound.

    Examples
    --------
    >>> settle(np.array([0.1 + 0.2, 1e-17, 5.0]), 1e-15)
    array([0.3, 0. , 5. ])
    """
    if values.dtype.kind != "f":
        return values
    pairs = zip(values.flat, np.broadcast_to(within, values.shape).flat, strict=True)
    return np.array([settled(value, float(most)) for value, most in pairs]).reshape(values.shape)


def rounding(count: Any, size: Any) -> Any:
    """Bound how far rounding can move a sum of ``count`` products, whose absolute values add up to ``size``.

    Source: N. J. Higham, "Accuracy and Stability of Numerical Algorithms" (2002), section 3.1.

    Examples
    --------
    >>> abs(sum([0.1] * 10) - 1) < rounding(10, 1.0) < 1e-14
    True
    """
    return (count + 1) * 2.0**-52 * size


def write(value: Any, digits: int) -> tuple[str, bool]:
    """Write a number without a ≈, and say whether it is exact."""
    if is_integer(value):
        return str(int(value)), True
    return _write_float(float(value), digits)


@lru_cache(maxsize=8192)  # the same few weights and their neighbours come again in every window
def _write_float(number: float, digits: int) -> tuple[str, bool]:
    text = _short(number, _last_bits(number))
    if text is not None:
        return text, True
    if abs(number) < _SHORT_END:  # 102 rather than 1e+02
        digits = max(digits, len(str(round(abs(number)))))
    rounded = f"{number:.{digits}g}"
    return rounded, float(rounded) == number


def _last_bits(number: float) -> float:
    """Return how far from a float those lie that are written alike; an integer is not what rounding left."""
    return 0.0 if number.is_integer() else min(_ALIKE * abs(number), _NEVER_ALIKE)


def _short(number: float, within: float) -> str | None:
    """Write a float as the first short number that is near enough, if one is."""
    for text, candidate in _candidates(number):
        if abs(candidate - number) <= within:
            return text
    return None


def _candidates(number: float) -> Iterator[tuple[str, float]]:
    whole = round(number) if abs(number) < _FLOAT_INTEGERS_END else None
    if whole is not None and abs(whole) < _SHORT_END:
        yield str(whole), float(whole)
    short = f"{number:.{_SHORT}g}"
    yield short, float(short)
    if abs(number) < _SHORT_END:
        numerator, denominator = _fraction(number)
        if abs(numerator) < _SHORT_END:
            yield f"{numerator}/{denominator}", numerator / denominator
    if whole is not None:
        yield str(whole), float(whole)


def _fraction(number: float) -> tuple[int, int]:
    """Return the last fraction of a number's continued fraction whose denominator is small, as above and below.

    If some such fraction is as near as it must be to be written for the number, it is this one: any that is nearer than
    1 / (2 * denominator**2) is one of the continued fraction's (Legendre).
    """
    above, below, next_above, next_below = 0, 1, 1, 0
    rest = number
    while True:
        whole = floor(rest)
        above, next_above = next_above, whole * next_above + above
        below, next_below = next_below, whole * next_below + below
        if next_below > _LARGEST_DENOMINATOR:
            return above, below
        if rest - whole < 1 / (_LARGEST_DENOMINATOR + 1):
            return next_above, next_below
        rest = 1 / (rest - whole)


def is_integer(value: Any) -> bool:
    """Whether a number is of an integer type."""
    return isinstance(value, int) or getattr(value, "dtype", _FLOAT).kind in "iu"
