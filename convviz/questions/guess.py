"""A number as it was typed: which values it stands for, given the digits that were typed."""

from dataclasses import dataclass
from math import isclose, isfinite
from typing import Any

from convviz.numerals import read_number

_ENOUGH_DIGITS, _HALF = 2, 0.5
_ROUNDING = 1e-12
"""How far floats that are sums of the same products in another order may lie apart."""
_TIE = 1 + 1e-9
"""0.0625 may be rounded up or down, and as floats 0.063 and 0.062 are a little more than half a unit away from it."""


@dataclass(frozen=True, kw_only=True)
class Guess:
    """A number that a person typed; made by `read_guess`.

    Parameters
    ----------
    text : str
        What was typed.
    number : int or float
        Its value.
    half_unit : float
        Half a unit of the last digit typed; 0 for a fraction, which is never rounded.
    digits : int
        How many significant digits were typed; zeros before the first other digit do not count.
    """

    text: str
    number: int | float
    half_unit: float
    digits: int

    def equals(self, value: Any) -> bool:
        """Whether the guess is just this value: integers exactly, floats but for their own rounding.

        Examples
        --------
        >>> read_guess("1/3").equals(1 - 2 / 3), read_guess("1152921504606846976").equals(2**60 + 1)
        (True, False)
        """
        return self.number == value if isinstance(value, int) else same(self.number, value)

    def rounds(self, value: Any) -> bool:
        """Whether the value is the guess once it is rounded to the digits that were typed; integers are not rounded.

        Examples
        --------
        >>> read_guess("0.78").rounds(7 / 9), read_guess("0.77").rounds(7 / 9), read_guess("1e1").rounds(12)
        (True, False, False)
        """
        if isinstance(value, int) or not isfinite(value):
            return False
        try:
            return bool(abs(self.number - value) <= self.half_unit * _TIE)
        except OverflowError:
            return False

    def stands_for(self, value: Any) -> bool:
        """Whether the guess counts as this value: it is equal to it, or it is the value with fewer decimals.

        A rounded guess needs two significant digits or more, and at least one decimal: 10 is not 9.5.

        Examples
        --------
        >>> [read_guess(text).stands_for(7 / 9) for text in ("7/9", "0.778", "0.78", "0.8")]
        [True, True, True, False]
        >>> [read_guess(text).stands_for(12.34) for text in ("12.34", "12.3", "12")]
        [True, True, False]
        """
        return self.equals(value) or (self._is_fine and self.rounds(value))

    def is_too_coarse_for(self, value: Any) -> bool:
        """Whether the guess would count as this value if only more digits had been typed.

        Examples
        --------
        >>> [read_guess(text).is_too_coarse_for(7 / 9) for text in ("0.8", "0.7", "0")]
        [True, False, False]
        """
        return self.digits > 0 and not self._is_fine and self.rounds(value) and not self.equals(value)

    @property
    def _is_fine(self) -> bool:
        return self.digits >= _ENOUGH_DIGITS and self.half_unit < _HALF


def read_guess(text: str) -> Guess:
    """Read a number together with how precisely it was typed.

    Raises
    ------
    ValueError
        If the text is no number: see `convviz.numerals.read_number`.

    Examples
    --------
    >>> read_guess(" −0.50 ")
    Guess(text='−0.50', number=-0.5, half_unit=0.005, digits=2)
    """
    number, plain = read_number(text), text.strip()
    if "/" in plain:
        return Guess(text=plain, number=number, half_unit=0.0, digits=0)
    mantissa, _, exponent = plain.lower().partition("e")
    whole, _, decimals = mantissa.lstrip("+-−").partition(".")
    last = int(exponent or 0) - len(decimals)
    digits = len((whole + decimals).lstrip("0"))
    return Guess(text=plain, number=number, half_unit=float(f"5e{last - 1}"), digits=digits)


def same(value: Any, other: Any) -> bool:
    """Whether two numbers are one: integers exactly, floats but for their own rounding.

    Examples
    --------
    >>> same(2**60, 2**60 + 1), same(0.1 + 0.2, 0.3), same(float("nan"), 1)
    (False, True, False)
    """
    if isinstance(value, int) and isinstance(other, int):
        return value == other
    try:
        return isclose(value, other, rel_tol=_ROUNDING, abs_tol=_ROUNDING)
    except OverflowError:  # an integer beyond all floats
        return False
