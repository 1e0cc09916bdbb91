"""Write a complex number: exactly where that is short."""

from typing import Any

from convviz.numerals.number import settled, write

_WITHIN = 2.0**-48
"""How far rounding can move each part of a complex number, as a share of its absolute value."""


def complex_numeral(value: Any, digits: int = 3) -> str:
    """Write a complex number: exact if that is short, else rounded, with a ≈ before it.

    A part that is no larger than the rounding error of the whole is 0.

    Parameters
    ----------
    value : complex
        A finite number.
    digits : int
        Significant digits of each part that is rounded.

    Examples
    --------
    >>> complex_numeral(3), complex_numeral(1 - 2j), complex_numeral(-1j), complex_numeral(1 + 1e-17j)
    ('3', '1-2i', '-i', '1')
    >>> complex_numeral(2**0.5 + 0.5j), complex_numeral(1j / 3)
    ('≈1.41+0.5i', '(1/3)i')
    """
    within = abs(complex(value)) * _WITHIN
    parts = [write(settled(float(part), within), digits) for part in (value.real, value.imag)]
    (real, is_real_exact), (imaginary, is_imaginary_exact) = parts
    sign = "" if is_real_exact and is_imaginary_exact else "≈"
    if imaginary == "0":
        return sign + real
    size = imaginary.removeprefix("-")
    with_unit = (
        ("-" if imaginary[0] == "-" else "+") + ("" if size == "1" else f"({size})" if "/" in size else size) + "i"
    )
    return sign + (with_unit.removeprefix("+") if real == "0" else real + with_unit)
