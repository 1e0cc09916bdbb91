"""Guesses judged: whether a number is the right one, and which usual mistakes lead to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np

from convviz.numerals import numeral

_HALF_A_THOUSANDTH = 5.001e-4
"""A little more, since 0.063 is 0.0625 rounded, and floats put the two a hair's breadth further apart."""

Candidate = tuple[Any, str]
"""A number, and the mistake that leads to it: what the number then is."""


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """What is to be said of a guess.

    Parameters
    ----------
    correct : bool
        Whether it is the number asked for.
    mistakes : tuple of str
        Each usual mistake that leads to just this number, in one sentence; empty if none does.
    """

    correct: bool
    mistakes: tuple[str, ...] = ()


def told(guess: float, truth: Any, candidates: Iterable[Candidate]) -> Diagnosis:
    """Tell which mistakes lead to a guess; one that leads to the truth is none.

    Parameters
    ----------
    guess : int or float
        The number guessed.
    truth : int, float or numpy scalar
        The number asked for.
    candidates : iterable of Candidate
        Usual mistakes; worked out only if the guess is wrong, if they are an iterator.

    Examples
    --------
    >>> told(7, 12, [(7, "the sum of both"), (1, "their difference")])
    Diagnosis(correct=False, mistakes=('7 is the sum of both.',))
    """
    if same(guess, truth):
        return Diagnosis(correct=True)
    number = numeral(guess)
    found = (f"{number} is {said}." for value, said in candidates if same(guess, value) and not same(value, truth))
    return Diagnosis(correct=False, mistakes=tuple(dict.fromkeys(found)))


def same(number: Any, value: Any) -> bool:
    """Tell whether a number is ``value``: integers exactly, all others rounded to three decimals.

    Examples
    --------
    >>> same(2**60, 2**60 + 1), same(0.333, 1 / 3), same(0.33, 1 / 3)
    (False, True, False)
    """
    if _is_whole(number) and _is_whole(value):
        return int(number) == int(value)
    try:
        given, exact = float(number), float(value)
    except OverflowError:  # an integer beyond all floats
        return False
    return isfinite(exact) and abs(given - exact) <= max(_HALF_A_THOUSANDTH, 1e-9 * abs(exact))


def _is_whole(number: Any) -> bool:
    return np.asarray(number).dtype.kind in "iuO"
