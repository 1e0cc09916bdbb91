"""Write one number times several others, so that the products never disagree with the numbers beside them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from convviz.numerals.agreement import FLOAT_DIGITS, LEAST_DIGITS, Result, enough_digits, read_back, result_of
from convviz.numerals.number import numeral, write


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
        Other numbers, and their products with the factor; None where there is no product, but a 0 instead.

    Examples
    --------
    >>> write_products(2, ([1, -3], [2, -6]))
    WrittenProducts(factor='2', lists=('(1, -3) = (2, -6)',), digits=3)
    >>> write_products(2**0.5, ([3**0.5, 2], [6**0.5, 2 * 2**0.5]))
    WrittenProducts(factor='≈1.414', lists=('(≈1.732, 2) = (≈2.45, ≈2.83)',), digits=4)
    >>> write_products(2, ([1, -3], [2, None])).lists
    ('(1, -3) = (2, 0)',)
    """
    pairs = [(list(numbers), list(products)) for numbers, products in lists]
    results = [[_result(factor, *each) for each in zip(*pair, strict=True)] for pair in pairs]

    def agree(digits: int) -> bool:
        number = read_back(factor, digits)
        return all(
            product is None or result.agrees(number * read_back(other, digits))
            for pair, written in zip(pairs, results, strict=True)
            for other, product, result in zip(*pair, written, strict=True)
        )

    digits = enough_digits(agree) or FLOAT_DIGITS
    written = (
        f"{_listed(numeral(other, digits) for other in others)} = {_listed(result.marked for result in each)}"
        for (others, _), each in zip(pairs, results, strict=True)
    )
    return WrittenProducts(numeral(factor, digits), tuple(written), digits)


def _result(factor: Any, other: Any, product: Any) -> Result:
    """Write a product, as a fraction only if both factors are written exactly."""
    is_exact = all(write(number, LEAST_DIGITS)[1] for number in (factor, other))
    return result_of(0 if product is None else product, LEAST_DIGITS, decimal=not is_exact)


def _listed(texts: Iterable[str]) -> str:
    return f"({', '.join(texts)})"
