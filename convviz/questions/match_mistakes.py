"""Usual mistakes about how well a template fits one window."""

from collections.abc import Iterator
from functools import partial
from math import nan, sqrt
from typing import Any

import numpy as np

from convviz.numerals import numeral
from convviz.operations.matching.match_step import MatchStep
from convviz.operations.matching.metrics import Metric, score
from convviz.questions.question import Mistake
from convviz.trace import Array

_MOST_TERMS = 30
"""With more terms than these, nearly every number is the sum without some term."""
_FLIPPED = "what the flipped template would score: a template is compared as it is, not flipped as in a convolution"


def score_mistakes(step: MatchStep) -> Iterator[Mistake]:
    """Go through the mistakes about a step's score, the most specific first.

    Examples
    --------
    >>> from convviz import match_template
    >>> for mistake in list(score_mistakes(match_template([3, 1], [1, 4], "ssd")[0]))[:3]:
    ...     print(mistake.value, mistake.what)
    5 the sum of the differences' sizes: square each difference first
    -1 the sum of the differences, in which plus and minus cancel: square each difference first
    1 the square of the differences' sum: square each difference first, then add up
    """
    of_metric = {"ssd": _differences, "mse": _differences, "correlation": _products, "normalized": _normalized}
    yield from of_metric[step.metric](step)
    yield Mistake(_scored(step.metric, step.patch, np.flip(step.template)), _FLIPPED)


def _differences(step: MatchStep) -> Iterator[Mistake]:
    differences = _exact(step.patch) - _exact(step.template)
    squares, cells, is_mean = _sum(differences * differences), differences.size, step.metric == "mse"
    first = "square each difference first"
    sizes, total = _sum(np.abs(differences)), _sum(differences)
    yield Mistake(sizes, f"the sum of the differences' sizes: {first}")
    yield Mistake(total, f"the sum of the differences, in which plus and minus cancel: {first}")
    yield Mistake(total * total, f"the square of the differences' sum: {first}, then add up")
    if cells > 1:
        if is_mean:
            yield Mistake(squares, f"the sum of the squares: divide it by the {cells} cells")
            yield Mistake(sizes / cells, f"the mean of the differences' sizes: {first}")
        else:
            yield Mistake(squares / cells, "the mean of the squares: this measure adds them up")
        yield Mistake(
            sqrt(squares) / cells, f"the square root of the squares' sum, divided by the {cells} cells: {_ROOT}"
        )
    yield Mistake(sqrt(squares), f"the square root of the squares' sum: {_ROOT}")
    yield Mistake(_sum(_exact(step.patch) * _exact(step.template)), "the sum of the products: subtract, then square")
    yield from _forgotten(differences * differences, "square", squares, cells if is_mean else 1)


_ROOT = "this measure takes no root"


def _products(step: MatchStep) -> Iterator[Mistake]:
    patch, template = _exact(step.patch), _exact(step.template)
    products, differences = patch * template, patch - template
    yield Mistake(_sum(differences * differences), "the sum of the squared differences: this measure multiplies")
    yield Mistake(_sum(patch), "the sum of the window's numbers: multiply each by the template's number first")
    if products.size > 1:
        yield Mistake(max(products.flat), "the largest product alone: all products are added")
        yield Mistake(_sum(products) / products.size, "the mean of the products: they are added, not averaged")
    yield from _forgotten(products, "product", _sum(products))


def _normalized(step: MatchStep) -> Iterator[Mistake]:
    patch, template = (cells.astype(np.float64) for cells in (step.patch, step.template))
    if np.ma.getmaskarray(step.pattern).any():
        yield Mistake(1, "the score of a perfect match: a flat window or template has no pattern, which counts as 0")
        return
    centred = [cells - cells.mean() for cells in (patch, template)]
    yield Mistake(-step.value.item(), "this score with the other sign")
    yield Mistake(_sum(patch * template), "the sum of the products: subtract both means, and divide by both lengths")
    yield Mistake(_cosine(patch, template), "the result without subtracting the means")
    yield Mistake(_sum(centred[0] * centred[1]), "the sum of the products before dividing by both lengths")
    yield Mistake(_scored("ssd", step.patch, step.template), "the sum of the squared differences: 0 is perfect there")
    yield Mistake(0, "the score of two patterns that have nothing in common: here the products do not add up to 0")


def _forgotten(terms: Array, noun: str, total: Any, over: int = 1) -> Iterator[Mistake]:
    """Go through the terms that may be forgotten, those of the same value together."""
    values = terms.ravel().tolist()
    for value in dict.fromkeys(values) if 1 < len(values) <= _MOST_TERMS else ():
        if value:
            which = f"one {noun} of {numeral(value)}"
            yield Mistake((total - value) / over if over > 1 else total - value, f"the result without {which}")


def _cosine(one: Array, other: Array) -> float:
    lengths = sqrt(_sum(one * one)) * sqrt(_sum(other * other))
    return _sum(one * other) / lengths if lengths else nan


def _scored(metric: Metric, patch: Array, template: Array) -> Any:
    try:
        return score(metric, patch, template).item()
    except ValueError:  # it does not fit, though the measure on the screen does
        return nan


_exact = partial(np.ndarray.astype, dtype=object)


def _sum(numbers: Array) -> Any:
    return sum(numbers.ravel().tolist())
