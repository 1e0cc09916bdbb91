"""One step of pooling: what lies within a window, and which of it won, or what each of it adds to the mean."""

from abc import ABC
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from convviz.numerals import numeral, write_sum
from convviz.trace import Array, Step

_DIGITS = 4
_MOST_NUMBERS = 25
"""More are not listed one by one."""


@dataclass(frozen=True, eq=False, slots=True)
class PoolStep(Step, ABC):
    """One window of one channel, made into one number.

    Parameters
    ----------
    window : tuple of int and slice
        Where the window lies in ``trace.padded``: its channel, then rows and columns.
    patch : ndarray, shape (size along each axis)
        The numbers within the window.
    counted : ndarray of bool, shaped as ``patch``
        Which of them count: those of the input, and in a mean also padding where ``count_include_pad`` says so.
    """

    window: tuple[int | slice, ...]
    patch: Array
    counted: Array


@dataclass(frozen=True, eq=False, slots=True)
class MaxStep(PoolStep):
    """One window, of which the largest number stays.

    Parameters
    ----------
    winner : tuple of int
        Where ``value`` stands in ``trace.x``: channel, then row and column. Of several, the first.
    place : tuple of int
        Where it stands in ``patch``.
    """

    winner: tuple[int, ...]
    place: tuple[int, ...]

    def describe(self) -> str:
        """Say in one plain sentence how ``value`` comes to be.

        Examples
        --------
        >>> from convviz.operations.layers.pool import pool
        >>> pool([[1, 4, 2, 2]], 2)[1].describe()
        'Output [0, 1] = max(2, 2) = 2, found 2 times, first at [0, 2] of the input.'
        """
        numbers = self.patch[self.counted]
        times = int((numbers == self.value).sum())
        found = "found" if times == 1 else f"found {times} times, first"
        return (
            f"Output {list(self.position)} = max{_listed(numeral(number, _DIGITS) for number in numbers)} "
            f"{_equal(self.value)}, {found} at {list(self.winner)} of the input."
        )


@dataclass(frozen=True, eq=False, slots=True)
class MeanStep(PoolStep):
    """One window, of which the mean stays.

    Parameters
    ----------
    divisor : int
        How many numbers count.
    parts : ndarray, shaped as ``patch``
        ``patch / divisor``: what each number adds to ``value``.
    """

    divisor: int
    parts: Array

    def describe(self) -> str:
        """Say in one plain sentence how ``value`` comes to be.

        Examples
        --------
        >>> from convviz.operations.layers.pool import pool
        >>> pool([[1, 4, 2, 3]], 2, kind="mean")[1].describe()
        'Output [0, 1] = (2 + 3) / 2 = 2.5.'
        """
        numbers = self.patch[self.counted]
        if len(numbers) > _MOST_NUMBERS:
            return f"Output {list(self.position)} = the mean of {len(numbers)} numbers {_equal(self.value)}."
        written = write_sum(numbers, [1 / self.divisor] * len(numbers), self.value)
        terms = " + ".join(number for number, _ in written.factors)
        return (
            f"Output {list(self.position)} = ({terms}) / {self.divisor} {written.sign} {written.total}{written.remark}."
        )


def _listed(numbers: Iterable[str]) -> str:
    listed = list(numbers)
    return f"({', '.join(listed)})" if len(listed) <= _MOST_NUMBERS else f" of {len(listed)} numbers"


def _equal(value: Any) -> str:
    written = numeral(value, _DIGITS)
    return f"≈ {written[1:]}" if written[0] == "≈" else f"= {written}"
