"""Write a sum of products so that it never disagrees with the terms beside it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import chain
from math import copysign, inf
from typing import Any, Literal

import numpy as np

from convviz.numerals.agreement import (
    LEAST_DIGITS,
    Result,
    enough_digits,
    equal_to,
    fraction,
    read_back,
    result_of,
    unrounded,
)
from convviz.numerals.number import is_integer, rounding, settled, write

_FLOAT_DIGITS = 17
_SUM_DIGITS = 4
MOST_TERMS = 25
"""Longer sums are written by their ends only."""
_ENDS = MOST_TERMS // 2
_ROUNDED_AWAY = " (floating-point rounding)"
"""Said of a sum that the computer's rounding has moved away from what its terms, written in full, add up to."""
_NEAR = 1e-6
"""A sum that rounding can have moved by no more than this part of its last digit is exact."""
Part = Literal["a", "b", "term", "sum", ""]
Token = tuple[str, Part]
Term = tuple[Any, ...]
"""The two numbers of a product, or the one of a term that is no product."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WrittenSum:
    """A sum of products as it is written; made by `write_sum`.

    Parameters
    ----------
    factors : tuple of (str, str) or of (str,)
        The two numbers of each product, or the one of a term that is no product; of a long sum, the first and the last.
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
    left_out : int
        How many terms between the first and the last factors are missing there.
    digits : int
        The significant digits of rounded factors.
    result : str
        What a function of the sum gives, after its sign; empty if there is no function.
    """

    factors: tuple[tuple[str, ...], ...]
    sign: str
    total: str
    remark: str = ""
    then: tuple[Token, ...] = ()
    has_bias: bool = False
    within: float = 0.0
    left_out: int = 0
    digits: int = LEAST_DIGITS
    result: str = ""

    def tokens(self, most: int = MOST_TERMS) -> list[Token]:
        """Return the pieces in order, each with what it is: of ``a``, of ``b``, the sum, or a sign.

        With more than ``most`` products, those in the middle are counted instead of written.

        Examples
        --------
        >>> write_sum([2], [3], 6).tokens()
        [('2', 'a'), ('×', ''), ('3', 'b'), (' = ', ''), ('6', 'sum')]
        """
        count = len(self.factors) + self.left_out
        ends = count if count <= most else min(most, MOST_TERMS) // 2
        tokens: list[Token] = []
        for number, factors in enumerate(self.factors):
            if number == ends:
                tokens.append((f" + … {count - 2 * ends} more …" if ends else f"{count} products", ""))
            if number < ends or len(self.factors) - number <= ends:
                is_bias = self.has_bias and number == len(self.factors) - 1
                tokens += [(" + " if number else "", ""), *(_bias(factors) if is_bias else _term(factors))]
        end: list[Token] = [(f" {self.sign} ", ""), (self.total, "sum"), (self.remark, ""), *self.then]
        return [token for token in [*tokens, *end] if token[0]]

    def __str__(self) -> str:
        return "".join(text for text, _ in self.tokens())


@dataclass(frozen=True, kw_only=True, slots=True)
class Then:
    """What is computed from a sum afterwards.

    Parameters
    ----------
    value : number
        The result.
    compute : callable, optional
        The function of one number that gives it. If left out, the result cannot be computed from the sum alone.
    """

    value: Any
    compute: Callable[[Any], Any] | None = None


def _term(factors: tuple[str, ...]) -> list[Token]:
    if len(factors) == 1:
        return [(factors[0], "term")]
    a, b = factors
    return [(a, "a"), ("×", ""), (b, "b")]


def _bias(factors: tuple[str, ...]) -> list[Token]:
    return [("bias ", ""), (factors[0], "b")]


def write_sum(
    a: Iterable[Any],
    b: Iterable[Any] | None,
    value: Any,
    *,
    bias: Any = None,
    within: float | None = None,
    digits: int = _SUM_DIGITS,
    decimal: bool = False,
    then: Then | None = None,
) -> WrittenSum:
    """Write ``value`` as the sum of the products of ``a`` and ``b``, pair by pair.

    Rounded terms get as many digits as it takes to agree with the written sum; where floats were rounded so much
    on the way that none are enough, the sum says so. (More than 25 terms, which nobody adds up, get three digits. Only
    the first 12 and the last 12 of them are written.)

    Parameters
    ----------
    a, b : array or iterable of number
        As many of the one as of the other. Without ``b``, the terms are the numbers of ``a`` themselves.
    value : number
        What the products add up to, with the bias.
    bias : number, optional
        One more term, which is no product.
    within : float, optional
        How far rounding can have moved ``value``; what can be expected of these products if left out.
    digits : int
        Significant digits of the sum.
    decimal : bool
        Whether to write no fraction for the sum, even where the terms give just that.
    then : Then, optional
        What is computed from the sum afterwards. The sum gets as many digits as it takes to agree with that.

    Raises
    ------
    ValueError
        If there are more numbers in the one than in the other.
    """
    left = _flat(a)
    right = None if b is None else _flat(b)
    if right is not None and len(left) != len(right):
        raise ValueError(f"b has {len(right)} numbers, but a has {len(left)}; accepted: as many in b as in a")
    if within is None:
        within = 0.0 if is_integer(value) else rounding(len(left) + (bias is not None), _size(left, right, bias))
    left_out = len(left) - 2 * _ENDS if len(left) > MOST_TERMS else 0
    terms = tuple(zip(*(_ends(numbers, left_out) for numbers in (left, right) if numbers is not None), strict=True))
    if bias is not None:
        terms += ((bias,),)
    kinds = (type(value), *map(type, chain(*terms)))
    write = _written if then else _cached
    return write(terms, value, float(within), digits, decimal, bias is not None, left_out, kinds, then)


def _written(
    terms: tuple[Term, ...],
    value: Any,
    within: float,
    digits: int,
    decimal: bool,
    has_bias: bool,
    left_out: int,
    kinds: tuple[type, ...],
    then: Then | None,
) -> WrittenSum:
    """Write a sum of these terms and of those that are left out; ``kinds`` tell 1 from 1.0, which are equal."""
    if is_integer(value):
        total, least, sign, agree = result_of(value, digits), LEAST_DIGITS, "=", True
    else:
        hidden = within if left_out else None
        total = _total(terms, settled(value, within), value, digits, decimal, then, hidden)
        least, sign, agree = _agreement(terms, total, then, hidden)
    factors = tuple(tuple(_factor(number, least) for number in term) for term in terms)
    return WrittenSum(
        factors=factors,
        sign=sign,
        total=total.text,
        remark="" if agree else _ROUNDED_AWAY,
        has_bias=has_bias,
        within=within,
        left_out=left_out,
        digits=least,
        result=_result(total, value, then),
    )


# A picture writes each of its sums several times: to learn which is the longest, in its caption, and below it.
_cached = lru_cache(maxsize=512)(_written)


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
    return str(write_sum(a, b, value))


def _flat(numbers: Iterable[Any]) -> Any:
    return numbers.reshape(-1) if isinstance(numbers, np.ndarray) else list(numbers)


def _ends(numbers: Any, left_out: int) -> list[Any]:
    """Return the numbers that are written, as Python's own."""
    parts = (numbers[:_ENDS], numbers[-_ENDS:]) if left_out else (numbers,)
    return [number for part in parts for number in (part.tolist() if isinstance(part, np.ndarray) else part)]


def _size(left: Any, right: Any, bias: Any) -> float:
    """Add up the absolute values of all terms."""
    sizes = [np.abs(np.asarray(numbers, dtype=float)) for numbers in (left, right) if numbers is not None]
    with np.errstate(over="ignore", invalid="ignore"):
        added = float(sizes[0] @ sizes[1] if len(sizes) > 1 else sizes[0].sum())
    return added + abs(float(bias or 0))


@lru_cache(maxsize=8192, typed=True)
def _factor(number: Any, digits: int) -> str:
    text = write(number, digits)[0]
    return f"({text})" if text[0] == "-" or "/" in text else text


def _total(
    terms: Sequence[Term],
    value: Any,
    unsettled: Any,
    digits: int,
    decimal: bool,
    then: Then | None,
    hidden_within: float | None,
) -> Result:
    """Write a sum of floats, with enough digits for what is computed from it afterwards."""
    scale = max((abs(float(np.prod(term, dtype=float))) for term in terms), default=0.0)
    more: dict[str, Any] = {"scale": scale if scale < np.inf else 0.0, "decimal": decimal}
    total = result_of(value, digits, **more)
    if "/" in total.text and not _is_exact(terms, total, LEAST_DIGITS, hidden_within):
        more["decimal"] = True
        total = result_of(value, digits, **more)
    if not then or not then.compute:
        return total
    compute, result = then.compute, result_of(then.value, _SUM_DIGITS)
    written = (result_of(value, each, **more) for each in range(digits, _FLOAT_DIGITS + 1))
    agreeing = (each for each in written if result.agrees(compute(_as_float(fraction(each.text)))))
    return next(agreeing, None) or unrounded(unsettled)


def _agreement(
    terms: Sequence[Term], total: Result, then: Then | None, hidden_within: float | None
) -> tuple[int, str, bool]:
    """Find the fewest digits at which the terms, as written, add up to the written sum, = or ≈, and if they do.

    Parameters
    ----------
    hidden_within : float or None
        How far rounding can have moved a sum of which some terms are not written.
    """
    if hidden_within is not None:
        return LEAST_DIGITS, "=" if _is_exact(terms, total, LEAST_DIGITS, hidden_within) else "≈", True

    def agree(digits: int) -> bool:
        return total.agrees(_added(terms, digits))

    def agree_with_all(digits: int) -> bool:
        added = _added(terms, digits)
        if not total.agrees(added) or not then or not then.compute:
            return total.agrees(added)
        return result_of(then.value, _SUM_DIGITS).agrees(then.compute(_as_float(added)))

    found = enough_digits(agree_with_all) or (enough_digits(agree) if then else None)
    digits = found or _FLOAT_DIGITS
    return digits, "=" if found and _is_exact(terms, total, digits) else "≈", bool(found)


def _added(terms: Sequence[Term], digits: int) -> Fraction:
    """Add up the terms as a reader does."""
    added = Fraction(0)
    for first, *other in terms:
        number = read_back(first, digits)
        added += number * read_back(other[0], digits) if other else number
    return added


def _is_exact(terms: Sequence[Term], total: Result, digits: int, hidden_within: float | None = None) -> bool:
    """Whether the terms are written exactly, and add up to exactly what is written, as far as they are written."""
    if not total.exact or not all(write(number, digits)[1] for number in chain(*terms)):
        return False
    if hidden_within is not None:
        return hidden_within <= float(total.slack) * _NEAR
    return _added(terms, digits) == fraction(total.text)


def _as_float(number: Fraction) -> float:
    try:
        return float(number)
    except OverflowError:  # rounded up, the largest floats have no float of their own
        return copysign(inf, number)


def _result(total: Result, value: Any, then: Then | None) -> str:
    """Write what is computed from the sum, after its sign."""
    if not then:
        return ""
    computed = None
    if then.compute and not is_integer(value):
        computed = then.compute(_as_float(fraction(total.text)))
    return equal_to(then.value, _SUM_DIGITS, computed)
