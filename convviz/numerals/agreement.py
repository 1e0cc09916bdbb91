"""What is written agrees with itself: whoever computes again with the numbers shown gets the result shown.

A result is written first. The numbers that it is computed from are then written with as many digits as that takes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import isfinite
from typing import Any

from convviz.numerals.number import is_integer, typed, write

LEAST_DIGITS = 3
"""Significant digits of a rounded number, where these are enough."""
FLOAT_DIGITS = 17
"""So many significant digits tell any two floats apart."""
_TIE = 1 + Fraction(1, 10**6)
"""Floats a hair's breadth from the middle between two written numbers may round to the other one."""
_LAST_BITS = Fraction(1, 2**48)
"""Floats that differ by no more than this part of themselves differ only by their rounding."""


@dataclass(frozen=True, slots=True)
class Result:
    """A result as it is written, and how near the reader's own result has to be; made by `result_of`.

    Parameters
    ----------
    text : str
        The number, without a ≈.
    exact : bool
        Whether the text is the number up to the last bits of a float.
    slack : Fraction
        Half a unit of the last digit shown.
    """

    text: str
    exact: bool
    slack: Fraction

    @property
    def marked(self) -> str:
        """The text, with a ≈ before it if it is rounded."""
        return self.text if self.exact else f"≈{self.text}"

    def agrees(self, computed: Any) -> bool:
        """Whether a number that a reader computes rounds to this one."""
        finite = isinstance(computed, Fraction) or isfinite(computed)  # a fraction may be too large for a float
        return finite and abs(Fraction(computed) - fraction(self.text)) <= self.slack

    def equals(self, computed: Any) -> bool:
        """Whether a number that a reader computes is this one, up to the last bits of a float."""
        written = fraction(self.text)
        return self.exact and self.agrees(computed) and abs(Fraction(computed) - written) <= _LAST_BITS * abs(written)


def result_of(value: Any, digits: int, *, scale: float = 0.0, decimal: bool = False) -> Result:
    """Write a result.

    Parameters
    ----------
    value : int or float
        The result.
    digits : int
        Significant digits if it is rounded. What is computed from the numbers beside it has to agree in as many.
    scale : float
        The size of what adds up to it: where that is nothing at all, half a unit of a digit of this size.
    decimal : bool
        Whether to write no fraction: one stands only where the numbers beside it give just that.

    Examples
    --------
    >>> result_of(2 / 3, 4).text, result_of(2 / 3, 4, decimal=True).text
    ('2/3', '0.6667')
    >>> result_of(2.5, 4).agrees(2.5004), result_of(2.5, 4).agrees(2.51)
    (True, False)
    """
    text, exact = write(value, digits)
    if decimal and "/" in text:
        text, exact = f"{float(value):.{digits}g}", False
    return Result(text, exact, _half_unit(text, value, digits, scale))


def unrounded(value: Any) -> Result:
    """Write a result to its last bit.

    Examples
    --------
    >>> unrounded(0.1 + 0.2).text
    '0.30000000000000004'
    """
    return Result(typed(value), True, _half_unit(typed(value), value, FLOAT_DIGITS, 0.0))


def enough_digits(agree: Callable[[int], bool], least: int = LEAST_DIGITS) -> int | None:
    """Return the fewest significant digits at which what is written agrees; None if it never does.

    Parameters
    ----------
    agree : callable
        Whether it agrees at a number of digits.
    least : int
        The number of digits to begin with.

    Examples
    --------
    The square of a number is written with four digits. To give them, the number itself needs five:

    >>> number = 12.6851234
    >>> square = result_of(number**2, 4)
    >>> square.text, enough_digits(lambda digits: square.agrees(read_back(number, digits) ** 2))
    ('160.9', 5)
    """
    return next((digits for digits in range(least, FLOAT_DIGITS + 1) if agree(digits)), None)


def read_back(value: Any, digits: int) -> Fraction:
    """Return the number that a reader reads where a number is written with so many digits.

    Examples
    --------
    >>> read_back(1 / 3, 3), read_back(2**0.5, 3)
    (Fraction(1, 3), Fraction(141, 100))
    """
    return fraction(write(value, digits)[0])


def equal_to(value: Any, digits: int = 4, computed: Any = None) -> str:
    """Write a result after its sign: = if it is written exactly, else ≈.

    Parameters
    ----------
    value : int or float
        The result.
    digits : int
        Significant digits if it is rounded.
    computed : number, optional
        What a reader computes from the numbers beside it: if that is another one, there is no =, and no fraction.

    Examples
    --------
    >>> equal_to(0.5), equal_to(2**0.5), equal_to(0.5, 4, 0.50003)
    ('= 0.5', '≈ 1.414', '≈ 0.5')
    """
    result = result_of(value, digits)
    equal = result.exact if computed is None else result.equals(computed)
    if not equal and "/" in result.text:
        result = result_of(value, digits, decimal=True)
    return f"{'=' if equal else '≈'} {result.text}"


@lru_cache(maxsize=8192)
def fraction(text: str) -> Fraction:
    """Return exactly the number that a text says."""
    return Fraction(text)


def _half_unit(text: str, value: Any, digits: int, scale: float) -> Fraction:
    """Return half a unit of the last digit that is shown; of the last of ``digits`` if trailing zeros are left out."""
    if is_integer(value):
        return Fraction(1, 2)
    shown = Decimal(f"{float(value):.{digits}g}" if "/" in text else text)
    if not shown:
        return min(Fraction(1, 2), Fraction(10) ** -digits * 5 * Fraction(scale))
    last = min(int(shown.as_tuple().exponent), shown.adjusted() - digits + 1)
    return Fraction(10) ** last / 2 * _TIE
