"""One step of pooling: the numbers in a window, and their maximum or the part that each adds to their mean."""

from abc import ABC
from dataclasses import dataclass
from typing import Any

import numpy as np

from convviz.numerals import enough_digits, equal_to, numeral, read_back, result_of, write_sum
from convviz.trace import Array, Step

_DIGITS = 4
_MOST_NUMBERS = 25
"""A sentence lists the numbers of a window if there are no more than this."""


@dataclass(frozen=True, eq=False, slots=True)
class PoolStep(Step, ABC):
    """One window of one channel, which becomes one number.

    Parameters
    ----------
    window : tuple of int and slice
        The place of the window in ``trace.padded``: its channel, then rows and columns.
    patch : ndarray, shape (size along each axis)
        The numbers within the window.
    counted : ndarray of bool, shaped like ``patch``
        Which of these numbers count: those of the input, and in a mean with ``count_include_pad`` also the padding.
    """

    window: tuple[int | slice, ...]
    patch: Array
    counted: Array


@dataclass(frozen=True, eq=False, slots=True)
class MaxStep(PoolStep):
    """One window, which becomes its largest number.

    Parameters
    ----------
    winner : tuple of int
        The position of ``value`` in ``trace.x``: channel, then row and column. If it occurs several times, the first
        position.
    place : tuple of int
        The same position within ``patch``.
    """

    winner: tuple[int, ...]
    place: tuple[int, ...]

    def describe(self) -> str:
        """Describe in one plain sentence how ``value`` is computed.

        Examples
        --------
        >>> from convviz.operations.layers.pool import pool
        >>> pool([[1, 4, 2, 2]], 2)[1].describe()
        'Output [0, 1] = max(2, 2) = 2, found 2 times, first at [0, 2] of the input.'
        """
        numbers = self.patch[self.counted]
        times = int((numbers == self.value).sum())
        digits, equal = _DIGITS, equal_to(self.value)
        if len(numbers) <= _MOST_NUMBERS:
            digits = _enough_digits(numbers, self.value)
            equal = equal_to(self.value, _DIGITS, max(read_back(number, digits) for number in numbers.tolist()))
        found = "found" if times == 1 else f"found {times} times, first"
        return (
            f"Output {list(self.position)} = max{_listed(numbers, digits)} {equal}, "
            f"{found} at {list(self.winner)} of the input."
        )


@dataclass(frozen=True, eq=False, slots=True)
class MeanStep(PoolStep):
    """One window, which becomes its mean.

    Parameters
    ----------
    divisor : int
        The number of cells that count.
    parts : ndarray, shaped like ``patch``
        ``patch / divisor``: the part that each number adds to ``value``.
    """

    divisor: int
    parts: Array

    def describe(self) -> str:
        """Describe in one plain sentence how ``value`` is computed.

        Examples
        --------
        >>> from convviz.operations.layers.pool import pool
        >>> pool([[1, 4, 2, 3]], 2, kind="mean")[1].describe()
        'Output [0, 1] = (2 + 3) / 2 = 2.5.'
        """
        numbers = self.patch[self.counted]
        if len(numbers) > _MOST_NUMBERS:
            return f"Output {list(self.position)} = the mean of {len(numbers)} numbers {equal_to(self.value)}."
        written = write_sum(numbers, np.full(len(numbers), 1 / self.divisor), self.value)
        terms = " + ".join(number for number, _ in written.factors)
        return (
            f"Output {list(self.position)} = ({terms}) / {self.divisor} {written.sign} {written.total}{written.remark}."
        )


def _enough_digits(numbers: Array, largest: Any) -> int:
    """Return the digits with which the largest of some numbers is also the largest as they are written."""
    result, listed = result_of(largest, _DIGITS), numbers.tolist()
    enough = enough_digits(
        lambda digits: result.agrees(max(read_back(number, digits) for number in listed)), least=_DIGITS
    )
    return enough or _DIGITS


def _listed(numbers: Array, digits: int) -> str:
    if len(numbers) > _MOST_NUMBERS:
        return f" of {len(numbers)} numbers"
    return f"({', '.join(numeral(number, digits) for number in numbers)})"
