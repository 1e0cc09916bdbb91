"""A sum as it is written: its terms, their sum, and what follows from it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from convviz.numerals.agreement import LEAST_DIGITS

MOST_TERMS = 25
"""Longer sums are written by their ends only."""
Part = Literal["a", "b", "term", "sum", ""]
Token = tuple[str, Part]


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
        >>> from convviz.numerals import write_sum
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
