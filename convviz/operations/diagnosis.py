"""What a wrong guess at an output cell gives away: the usual mistakes, and what each would have made of it."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from convviz.numerals import numeral
from convviz.operations.convolution import WindowTrace


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """What is to be said of a guess.

    Parameters
    ----------
    correct : bool
        Whether it is the output's value.
    mistakes : tuple of str
        Each usual mistake that leads to just this number, in one sentence; empty if none does.
    """

    correct: bool
    mistakes: tuple[str, ...] = ()


def diagnose(trace: WindowTrace, index: int, guess: float) -> Diagnosis:
    """Compare a guess at the value of step ``index`` with the truth, and with what usual mistakes would give.

    Parameters
    ----------
    trace : WindowTrace
        Of `convviz.correlate` or `convviz.convolve`.
    index : int
        The step whose value was guessed.
    guess : int or float
        The number guessed; one that is right to three decimals counts as right.

    Examples
    --------
    >>> from convviz import correlate
    >>> trace = correlate([[1, 2], [3, 4]], [[1, 0], [0, 2]])
    >>> diagnose(trace, 0, 9)
    Diagnosis(correct=True, mistakes=())
    >>> diagnose(trace, 0, 6).mistakes
    ('6 is what the kernel gives when it is turned by 180° first, and here it is laid on as it is.',)
    """
    if _same(guess, trace[index].value):
        return Diagnosis(correct=True)
    number = numeral(guess)
    found = [
        f"{number} is {said}."
        for value, said in (
            *_flipped(trace, index),
            *_forgotten(trace, index),
            *_matrix_product(trace, index),
            *_other_rules(trace, index),
        )
        if _same(guess, value)
    ]
    return Diagnosis(correct=False, mistakes=tuple(dict.fromkeys(found)))


Candidate = tuple[Any, str]
"""A number, and the mistake that leads to it."""


def _flipped(trace: WindowTrace, index: int) -> list[Candidate]:
    value = (trace[index].patch * np.flip(trace.kernel)).sum()
    if trace.flip:
        return [(value, "what the kernel gives as it is, and a convolution turns it by 180° first")]
    return [(value, "what the kernel gives when it is turned by 180° first, and here it is laid on as it is")]


def _forgotten(trace: WindowTrace, index: int) -> list[Candidate]:
    step = trace[index]
    return [
        (
            step.value - term,
            f"the sum without the term {numeral(step.patch[at])}×{numeral(step.kernel[at])} "
            f"{_place(at)} of the window: one term was forgotten",
        )
        for at, term in np.ndenumerate(step.products)
        if term
    ]


def _matrix_product(trace: WindowTrace, index: int) -> list[Candidate]:
    step = trace[index]
    if step.patch.ndim != 2 or step.patch.shape[0] != step.patch.shape[1]:
        return []
    product = step.patch @ step.kernel
    said = "what the matrix product of window and kernel gives"
    entries = [(entry, f"{said} {_place(at)}") for at, entry in np.ndenumerate(product)]
    tail = "; multiply cell by cell instead, then add everything up"
    return [(product.sum(), f"{said}, all its entries added{tail}"), *((e, s + tail) for e, s in entries)]


def _other_rules(trace: WindowTrace, index: int) -> list[Candidate]:
    step = trace[index]
    rules = [
        (step.patch.sum(), "the sum of the window's numbers alone: each must be multiplied by its weight first"),
        (step.value / step.products.size, "the mean of the products: they are added, not averaged"),
        (step.products.max(), "the largest product: all of them are added"),
    ]
    if index:
        rules.append((trace[index - 1].value, "the value of the step before: the window has moved on since"))
    return rules


def _place(at: tuple[int, ...]) -> str:
    return f"at row {at[0]}, column {at[1]}" if len(at) == 2 else f"at place {at[0]}"


def _same(guess: float, value: Any) -> bool:
    if isinstance(guess, int) and np.asarray(value).dtype.kind in "iuO":
        return guess == int(value)
    return abs(float(guess) - float(value)) <= max(5e-4, 1e-9 * abs(float(value)))
