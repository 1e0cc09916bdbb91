"""Write a sum of products so that it never disagrees with the terms beside it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import chain
from typing import Any, Literal

from convviz.numerals.number import is_integer, rounding, settled, write

_FLOAT_DIGITS = 17
"""So many significant digits tell any two floats apart."""
_TERM_DIGITS, _SUM_DIGITS = 3, 4
_MOST_TERMS = 25
_TIE = 1 + Fraction(1, 10**6)
"""Floats a hair's breadth from the middle between two written numbers may round to the other one."""
_ROUNDED_AWAY = " (floating-point rounding)"
"""Said of a sum that the computer's rounding has moved away from what its terms, written in full, add up to."""
Part = Literal["a", "b", "term", "sum", ""]
Token = tuple[str, Part]


@dataclass(frozen=True, kw_only=True, slots=True)
class WrittenSum:
    """A sum of products as it is written; made by `write_sum`.

    Parameters
    ----------
    factors : tuple of (str, str) or of (str,)
        The two numbers of each product, or the one of a term that is no product.
    sign : str
        ``=`` where the written numbers are exact up to the last bits of floats, ``≈`` where one of them is rounded.
    total : str
        What they add up to.
    remark : str
        What must be said besides.
    then : tuple of Token
        What is done to the sum afterwards.
    has_bias : bool
        Whether the last term is a bias, and so no product.
    within : float
        How far rounding can have moved the sum.
    """

    factors: tuple[tuple[str, ...], ...]
    sign: str
    total: str
    remark: str = ""
    then: tuple[Token, ...] = ()
    has_bias: bool = False
    within: float = 0.0

    def tokens(self, most: int = _MOST_TERMS) -> list[Token]:
        """Return the pieces in order, each with what it is: of ``a``, of ``b``, the sum, or a sign.

        With more than ``most`` products, those in the middle are counted instead of written.

        Examples
        --------
        >>> write_sum([2], [3], 6).tokens()
        [('2', 'a'), ('×', ''), ('3', 'b'), (' = ', ''), ('6', 'sum')]
        """
        count = len(self.factors)
        ends = count if count <= most else most // 2
        tokens: list[Token] = []
        for number, factors in enumerate(self.factors):
            if ends <= number < count - ends:
                if number == ends:
                    tokens.append((f" + … {count - 2 * ends} more …" if ends else f"{count} products", ""))
            else:
                is_bias = self.has_bias and number == count - 1
                tokens += [(" + " if number else "", ""), *(_bias(factors) if is_bias else _term(factors))]
        end: list[Token] = [(f" {self.sign} ", ""), (self.total, "sum"), (self.remark, ""), *self.then]
        return [token for token in [*tokens, *end] if token[0]]


def _term(factors: tuple[str, ...]) -> list[Token]:
    if len(factors) == 1:
        return [(factors[0], "term")]
    a, b = factors
    return [(a, "a"), ("×", ""), (b, "b")]


def _bias(factors: tuple[str, ...]) -> list[Token]:
    return [("bias ", ""), (factors[0], "b")]


def write_sum(a: Iterable[Any], b: Iterable[Any], value: Any, *, within: float | None = None) -> WrittenSum:
    """Write ``value`` as the sum of the products of ``a`` and ``b``, pair by pair.

    Rounded terms get as many digits as it takes to agree with the written sum; where floats were rounded so much
    on the way that none are enough, the sum says so. (More than 25 terms, which nobody adds up, get three digits.)

    Parameters
    ----------
    a, b : iterable of number
        As many of the one as of the other.
    value : number
        What the products add up to.
    within : float, optional
        How far rounding can have moved ``value``; what can be expected of these products if left out.
    """
    pairs = tuple(zip(a, b, strict=True))
    return _written(pairs, value, within, (type(value), *map(type, chain(*pairs))))


# A picture writes each of its sums several times: to learn which is the longest, in its caption, and below it.
@lru_cache(maxsize=512)
def _written(
    pairs: tuple[tuple[Any, Any], ...], value: Any, within: float | None, kinds: tuple[type, ...]
) -> WrittenSum:
    """Write the sum of some pairs' products; ``kinds`` tell 1 from 1.0, which are equal."""
    if within is None and not is_integer(value):
        within = rounding(len(pairs), sum(abs(float(x) * float(y)) for x, y in pairs))
    value = settled(value, within or 0.0)
    digits, sign, agree = _agreement(pairs, value)
    factors = tuple((_factor(x, digits), _factor(y, digits)) for x, y in pairs)
    total = write(value, _SUM_DIGITS)[0]
    remark = "" if agree else _ROUNDED_AWAY
    return WrittenSum(factors=factors, sign=sign, total=total, remark=remark, within=within or 0.0)


def sum_of_products(a: Iterable[Any], b: Iterable[Any], value: Any) -> str:
    """Write ``value`` as the sum of the products of ``a`` and ``b``, in one line: see `write_sum`.

    Examples
    --------
    >>> sum_of_products([1, 2], [5, -6], -7)
    '1×5 + 2×(-6) = -7'
    >>> sum_of_products([0.1, 0.2, -0.3], [1, 1, 1], 0.1 + 0.2 - 0.3)
    '0.1×1 + 0.2×1 + (-0.3)×1 = 0'
    >>> sum_of_products([1e16, 1, -1e16], [1, 1, 1], 1e16 + 1 - 1e16)
    '1e+16×1 + 1×1 + (-1e+16)×1 ≈ 0 (floating-point rounding)'
    """
    return "".join(text for text, _ in write_sum(a, b, value).tokens())


@lru_cache(maxsize=8192, typed=True)
def _factor(number: Any, digits: int) -> str:
    text = write(number, digits)[0]
    return f"({text})" if text[0] == "-" or "/" in text else text


def _agreement(pairs: Sequence[tuple[Any, Any]], value: Any) -> tuple[int, str, bool]:
    """Find the fewest digits at which the terms, as written, add up to the written sum, = or ≈, and if they do."""
    if is_integer(value):
        return _TERM_DIGITS, "=", True
    total, total_exact = write(value, _SUM_DIGITS)
    written = Fraction(total)
    decimal = f"{float(value):.{_SUM_DIGITS}g}" if "/" in total else total
    half_unit = Fraction(10) ** int(Decimal(decimal).as_tuple().exponent) / 2 * _TIE
    for digits in range(_TERM_DIGITS, _FLOAT_DIGITS + 1):
        terms = (_fraction(write(x, digits)[0]) * _fraction(write(y, digits)[0]) for x, y in pairs)
        error = abs(sum(terms, Fraction(0)) - written)
        if error <= half_unit or len(pairs) > _MOST_TERMS:
            exact = total_exact and not error and all(write(number, digits)[1] for number in chain(*pairs))
            return digits, "=" if exact else "≈", True
    return _FLOAT_DIGITS, "≈", False


_fraction = lru_cache(maxsize=8192)(Fraction)
