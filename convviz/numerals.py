"""How numbers are written: exactly where that is short, and with a ≈ where they had to be rounded.

A sum is written so that it never disagrees with the terms beside it.
"""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from typing import Any, Literal

import numpy as np

_LARGEST_DENOMINATOR = 64
_FLOAT = np.dtype(float)
_SHORT = 6
"""Decimal digits that still count as short."""


def numeral(value: Any, digits: int = 3) -> str:
    """Write a number: exact if that is short (a fraction counts), else rounded, with a ≈ before it.

    Parameters
    ----------
    value : int or float
        A finite number.
    digits : int
        Significant digits of a rounded number.

    Examples
    --------
    >>> numeral(12), numeral(-0.5), numeral(1 / 9), numeral(0.1 + 0.2)
    ('12', '-0.5', '1/9', '≈0.3')
    """
    text, exact = _write(value, digits)
    return text if exact else f"≈{text}"


def sum_of_products(a: Iterable[Any], b: Iterable[Any], value: Any, most: int = 25) -> str:
    """Write ``value`` as the sum of the products of ``a`` and ``b``, pair by pair.

    Parameters
    ----------
    a, b : iterable of number
        As many of the one as of the other.
    value : number
        What the products add up to.
    most : int
        With more terms than this, those in the middle are counted instead of written.

    Returns
    -------
    str
        With ``=`` where the written numbers are exact, with ``≈`` where one of them is rounded. Rounded terms
        get as many digits as it takes to agree with the written sum.

    Examples
    --------
    >>> sum_of_products([1, 2], [5, -6], -7)
    '1×5 + 2×(-6) = -7'
    >>> sum_of_products([0.1, 0.2], [1, 1], 0.1 + 0.2)
    '0.1×1 + 0.2×1 ≈ 0.3'
    """
    return "".join(text for text, _ in sum_tokens(a, b, value, most))


Part = Literal["a", "b", "sum", ""]


def sum_tokens(a: Iterable[Any], b: Iterable[Any], value: Any, most: int = 25) -> list[tuple[str, Part]]:
    """Write what `sum_of_products` writes, piece by piece, each with what it is: of ``a``, of ``b``, the sum, a sign.

    Examples
    --------
    >>> sum_tokens([2], [3], 6)
    [('2', 'a'), ('×', ''), ('3', 'b'), (' = ', ''), ('6', 'sum')]
    """
    pairs = list(zip(a, b, strict=True))
    total = _write(value, 4)[0]
    digits, sign = _agreement(pairs, value, total)
    shown = pairs if len(pairs) <= most else pairs[: most // 2] + pairs[-(most // 2) :]
    tokens: list[tuple[str, Part]] = []
    for number, (x, y) in enumerate(shown):
        if number:
            tokens.append((" + ", ""))
        if number == most // 2 and len(shown) < len(pairs):
            tokens.append((f"… {len(pairs) - len(shown)} more … + ", ""))
        tokens += [
            (_bracketed(_write(x, digits)[0]), "a"),
            ("×", ""),
            (_bracketed(_write(y, digits)[0]), "b"),
        ]
    return [*tokens, (f" {sign} ", ""), (total, "sum")]


def _write(value: Any, digits: int) -> tuple[str, bool]:
    if _is_integer(value):
        return str(int(value)), True
    number = float(value)
    if number.is_integer() and abs(number) < 1e6:
        return str(int(number)), True
    short = f"{number:.{_SHORT}g}"
    if float(short) == number:
        return short, True
    fraction = Fraction(number).limit_denominator(_LARGEST_DENOMINATOR)
    if fraction.numerator / fraction.denominator == number:
        return str(fraction), True
    rounded = f"{number:.{digits}g}"
    return rounded, float(rounded) == number


def _bracketed(text: str) -> str:
    return f"({text})" if text[0] == "-" or "/" in text else text


def _agreement(pairs: list[tuple[Any, Any]], value: Any, total: str) -> tuple[int, str]:
    """Find the fewest digits at which the terms, as written, add up to the written total, and = or ≈."""
    if _is_integer(value):
        return 3, "="
    written = Fraction(total)
    half_unit = 0 if "/" in total else Fraction(1, 2) * Fraction(10) ** int(Decimal(total).as_tuple().exponent)
    for digits in range(3, 18):
        terms = (Fraction(_write(x, digits)[0]) * Fraction(_write(y, digits)[0]) for x, y in pairs)
        error = abs(sum(terms, Fraction(0)) - written)
        if error <= half_unit:
            exact = not error and all(_write(v, digits)[1] for v in (value, *chain(*pairs)))
            return digits, "=" if exact else "≈"
    return 17, "≈"


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) or getattr(value, "dtype", _FLOAT).kind in "iu"
