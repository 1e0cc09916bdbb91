"""Write one number times several others, so that the products never disagree with the numbers beside them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from convviz.numerals.agreement import LEAST_DIGITS, Result, enough_digits, read_back, result_of
from convviz.numerals.number import numeral

_FLOAT_DIGITS = 17


@dataclass(frozen=True, slots=True)
class WrittenProducts:
    """One number times others, as it is written; made by `write_products`.

    Parameters
    ----------
    factor : str
        The number.
    lists : tuple of str
        For each list, the other numbers and the products: ``(1, 2) = (3, 6)``.
    digits : int
        The significant digits of the factor, if it is rounded.
    """

    factor: str
    lists: tuple[str, ...]
    digits: int


def write_products(factor: Any, *lists: tuple[Iterable[Any], Iterable[Any]]) -> WrittenProducts:
    """Write one number times the numbers of some lists, with as many digits as it takes to give the products shown.

    Parameters
    ----------
    factor : number
        The number.
    *lists : (iterable of number, iterable of number)
        Other numbers, and their products with the factor.

    Examples
    --------
    >>> write_products(2, ([1, -3], [2, -6]))
    WrittenProducts(factor='2', lists=('(1, -3) = (2, -6)',), digits=3)
    >>> write_products(2**0.5, ([3**0.5, 2], [6**0.5, 2 * 2**0.5]))
    WrittenProducts(factor='≈1.414', lists=('(≈1.732, 2) = (≈2.45, ≈2.83)',), digits=4)
    """
    pairs = [(list(numbers), list(products)) for numbers, products in lists]
    results = [[result_of(product, LEAST_DIGITS) for product in products] for _, products in pairs]

    def agree(digits: int) -> bool:
        number = read_back(factor, digits)
        return all(
            result.agrees(number * read_back(other, digits))
            for (others, _), written in zip(pairs, results, strict=True)
            for other, result in zip(others, written, strict=True)
        )

    digits = enough_digits(agree) or _FLOAT_DIGITS
    written = (
        f"{_listed(numeral(other, digits) for other in others)} = {_listed(map(_marked, each))}"
        for (others, _), each in zip(pairs, results, strict=True)
    )
    return WrittenProducts(numeral(factor, digits), tuple(written), digits)


def _marked(result: Result) -> str:
    return result.text if result.exact else f"≈{result.text}"


def _listed(texts: Iterable[str]) -> str:
    return f"({', '.join(texts)})"
