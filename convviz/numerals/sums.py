"""Write a sum of products so that it never disagrees with the terms beside it."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import chain
from math import copysign, inf
from typing import Any

import numpy as np

from convviz.numerals.agreement import (
    FLOAT_DIGITS,
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
from convviz.numerals.written_sum import MOST_TERMS, Then, WrittenSum

_SUM_DIGITS = 4
_ENDS = MOST_TERMS // 2
_ROUNDED_AWAY = " (floating-point rounding)"
"""Said of a sum that the computer's rounding has moved away from what its terms, written in full, add up to."""
_NEAR = 1e-6
"""A sum that rounding can have moved by no more than this part of its last digit is exact."""


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
    products = zip(*(_ends(numbers, left_out) for numbers in (left, right) if numbers is not None), strict=True)
    terms = (*products, *(() if bias is None else ((bias,),)))
    kinds = (type(value), *map(type, chain(*terms)))
    its = _Sum(terms, kinds, value, float(within), digits, decimal, bias is not None, left_out)
    return its.written(then) if then else _cached(its)


@dataclass(frozen=True, slots=True)
class _Sum:
    """A sum that is to be written. Of a long one, ``terms`` are the first and the last.

    ``kinds`` are the types of its numbers: they tell 1 from 1.0, which are equal.
    """

    terms: tuple[tuple[Any, ...], ...]
    kinds: tuple[type, ...]
    value: Any
    within: float
    digits: int
    decimal: bool
    has_bias: bool
    left_out: int

    def written(self, then: Then | None = None) -> WrittenSum:
        """Write it, and what is computed from it."""
        if is_integer(self.value):
            total, digits, sign, agree = result_of(self.value, self.digits), LEAST_DIGITS, "=", True
        else:
            total = self._total(then)
            digits, sign, agree = self._agreement(total, then)
        return WrittenSum(
            factors=tuple(tuple(_factor(number, digits) for number in term) for term in self.terms),
            sign=sign,
            total=total.text,
            remark="" if agree else _ROUNDED_AWAY,
            has_bias=self.has_bias,
            within=self.within,
            left_out=self.left_out,
            digits=digits,
            result=self._result(total, then) if then else "",
        )

    def _total(self, then: Then | None) -> Result:
        """Write a sum of floats, with enough digits for what is computed from it."""
        value = settled(self.value, self.within)
        scale = max((abs(float(np.prod(term, dtype=float))) for term in self.terms), default=0.0)
        more: dict[str, Any] = {"scale": scale if scale < inf else 0.0, "decimal": self.decimal}
        total = result_of(value, self.digits, **more)
        if "/" in total.text and not self._is_exact(total, LEAST_DIGITS):
            more["decimal"] = True
            total = result_of(value, self.digits, **more)
        if not then or not then.compute:
            return total
        written = (result_of(value, digits, **more) for digits in range(self.digits, FLOAT_DIGITS + 1))
        agreeing = (each for each in written if _leads_on(fraction(each.text), then))
        return next(agreeing, None) or unrounded(self.value)

    def _agreement(self, total: Result, then: Then | None) -> tuple[int, str, bool]:
        """Find the fewest digits at which the terms, as written, add up to the written sum, = or ≈, and if they do."""
        if self.left_out:
            return LEAST_DIGITS, "=" if self._is_exact(total, LEAST_DIGITS) else "≈", True
        found = enough_digits(lambda digits: total.agrees(self._added(digits)) and _leads_on(self._added(digits), then))
        found = found or enough_digits(lambda digits: total.agrees(self._added(digits)))
        digits = found or FLOAT_DIGITS
        return digits, "=" if found and self._is_exact(total, digits) else "≈", bool(found)

    def _added(self, digits: int) -> Fraction:
        """Add up the terms as a reader does."""
        added = Fraction(0)
        for first, *other in self.terms:
            number = read_back(first, digits)
            added += number * read_back(other[0], digits) if other else number
        return added

    def _is_exact(self, total: Result, digits: int) -> bool:
        """Whether the terms are written exactly, and add up to exactly what is written, as far as they are written."""
        if not total.exact or not all(write(number, digits)[1] for number in chain(*self.terms)):
            return False
        if self.left_out:
            return self.within <= float(total.slack) * _NEAR
        return self._added(digits) == fraction(total.text)

    def _result(self, total: Result, then: Then) -> str:
        """Write what is computed from the sum, after its sign."""
        if not then.compute or is_integer(self.value):
            return equal_to(then.value, _SUM_DIGITS)
        return equal_to(then.value, _SUM_DIGITS, then.compute(_as_float(fraction(total.text))))


# A picture writes each of its sums several times: to learn which is the longest, in its caption, and below it.
_cached = lru_cache(maxsize=512)(_Sum.written)


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


def _leads_on(number: Fraction, then: Then | None) -> bool:
    """Whether a reader who goes on from a sum gets what is computed from it."""
    if not then or not then.compute:
        return True
    return result_of(then.value, _SUM_DIGITS).agrees(then.compute(_as_float(number)))


def _as_float(number: Fraction) -> float:
    try:
        return float(number)
    except OverflowError:  # rounded up, the largest floats have no float of their own
        return copysign(inf, number)
