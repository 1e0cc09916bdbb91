"""The question what a kernel makes of an even area."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from convviz.numerals import numeral
from convviz.operations.convolution.correlate import WindowTrace
from convviz.questions.question import Mistake, Question

_BRIGHTNESS = 100


def even_area(trace: WindowTrace) -> Question:
    """Ask for the output where all pixels under the kernel are alike.

    Parameters
    ----------
    trace : WindowTrace
        Of `convviz.correlate`.

    Examples
    --------
    >>> from convviz import correlate, samples
    >>> question = even_area(correlate(samples.picture("landscape"), samples.kernel("sobel_x")))
    >>> question.judge("800").text
    'Not yet. 800 is what comes out if all signs are dropped: weights below 0 take brightness away.'
    >>> question.judge("0").text
    'Right! All products are 100 times a weight, so the output is 100 times the sum of the weights: 100×0 = 0.'
    """
    total = _total(trace.w)
    truth = _BRIGHTNESS * total
    return Question(
        subject=("even area", trace.w.shape, trace.w.tobytes()),
        prompt=f"In an even area, all pixels are {_BRIGHTNESS}. Which number does this kernel make of them?",
        truth=truth,
        mistakes=lambda: list(_mistakes(trace.w)),
        explanation=f"All products are {_BRIGHTNESS} times a weight, so the output is {_BRIGHTNESS} times the sum of "
        f"the weights: {_BRIGHTNESS}×{_factor(total)} = {numeral(truth)}.",
        hint=f"Multiply {_BRIGHTNESS} by each weight, and add up.",
    )


def _factor(number: Any) -> str:
    return f"({numeral(number)})" if number < 0 else numeral(number)


def _total(numbers: Any) -> Any:
    """Add up weights in Python's own numbers; floats that cancel but for rounding are 0."""
    total = sum(numbers.ravel().tolist())
    return 0 if abs(total) < 1e-12 * float(np.abs(numbers).sum()) else round(total, 12)


def _mistakes(w: Any) -> Iterator[Mistake]:
    brightness, cells = _BRIGHTNESS, w.size
    middle = w[tuple(side // 2 for side in w.shape)].item()
    yield Mistake(brightness, "the brightness of the area: a kernel keeps it only if its weights add up to 1")
    yield Mistake(
        brightness * _total(np.abs(w)), "what comes out if all signs are dropped: weights below 0 take brightness away"
    )
    yield Mistake(brightness * _total(w[w > 0]), "what the weights above 0 make alone: those below 0 count as well")
    yield Mistake(brightness * cells, "the sum of the pixels: multiply each by its weight first")
    yield Mistake(brightness * w.max().item(), "what the largest weight makes alone: all products are added up")
    yield Mistake(brightness * middle, "what the middle weight makes alone: all products are added up")
    yield Mistake(
        brightness * _total(w) / cells, f"the mean of the products: they are added up, not divided by {cells}"
    )
    yield Mistake(_total(w), f"the sum of the weights: multiply it by the pixels' {brightness}")
    yield Mistake(0, "what a kernel makes whose weights add up to 0: these do not")
