"""Questions about a sum of echoes: what the next echo completes, and which cells are made of all echoes."""

from collections.abc import Iterator
from typing import Any

from convviz.numerals import numeral
from convviz.operations.convolution.echoes import EchoTrace
from convviz.questions.question import Mistake, Question


def completed_cell(trace: EchoTrace, index: int) -> Question | None:
    """Ask for the output cell that the next echo completes.

    Parameters
    ----------
    trace : EchoTrace
        Of `convviz.echoes`.
    index : int
        The step that is shown.

    Returns
    -------
    Question or None
        Nothing from the last step on: every cell is on the screen then.

    Examples
    --------
    >>> from convviz import echoes
    >>> question = completed_cell(echoes([1, 2, 3, 4], [5, 6, 7]), 0)
    >>> question.prompt
    'Echo 1 comes next: 2 times the response, delayed by 1. What will output [1] hold then?'
    >>> question.judge("10").text
    'Not yet. 10 is what echo 1 alone brings to this cell: it is added to what the echoes before have left there.'
    >>> question.judge("16").text
    'Right! Echo 1 is 2 times h, delayed by 1; it completes output [1] = 1×6 + 2×5 = 16.'
    """
    following = index + 1
    if following >= len(trace):
        return None
    step = trace[following]
    scale = numeral(step.scale)
    left, brought = numeral(_left(trace, following)), numeral(step.products[-1])
    return Question(
        subject=("completed cell", following, trace.x.tobytes(), trace.h.tobytes(), trace.output.dtype),
        prompt=f"Echo {following} comes next: {scale} times the response, delayed by {following}. "
        f"What will output [{following}] hold then?",
        truth=trace.output[following].item(),
        mistakes=lambda: _mistakes(trace, following),
        explanation=step.describe(),
        hint=f"The total so far has {left} in this cell. Echo {following} begins there, with {brought}.",
        leads_to=following,
    )


def _left(trace: EchoTrace, cell: int) -> Any:
    """Return what the echoes before have left in a cell; nothing may have reached it yet."""
    return trace[cell - 1].total[cell].item()


def _mistakes(trace: EchoTrace, cell: int) -> Iterator[Mistake]:
    step, delays = trace[cell], len(trace.h)
    window = [0] * (delays - len(step.patch)) + step.patch.tolist()
    unflipped = sum(a * b for a, b in zip(window, trace.h.tolist(), strict=True))
    what = "the result of the response as it is: the newest sample meets the first number of the response, not the last"
    yield Mistake(unflipped, what)
    alone = f"what echo {cell} alone brings to this cell: it is added to what the echoes before have left there"
    yield Mistake(step.products[-1].item(), alone)
    yield Mistake(
        _left(trace, cell), f"what the echoes before have left in this cell: echo {cell} is still to be added"
    )
    scale, first = numeral(step.scale), trace.h[0].item()
    yield Mistake(
        _left(trace, cell) + first, f"the sum with an echo that is not scaled: echo {cell} is {scale} times h"
    )
    yield Mistake(sum(window), "the sum of the samples alone: multiply each by the strength of the path that it took")
    before = f"what output [{cell - 1}] holds: echo {cell} begins one cell further on"
    yield Mistake(trace.output[cell - 1].item(), before)
    if len(step.products) > 2:  # of two, the other one would be left alone
        for sample, product in zip(step.patch[:-1], step.products[:-1], strict=True):
            term = f"the part of sample {numeral(sample)}"
            yield Mistake(step.value.item() - product.item(), f"the sum without {term}: one echo was forgotten")


def whole_cells(trace: EchoTrace) -> Question:
    """Ask how many output cells are sums of as many products as the response has numbers: those of mode 'valid'.

    Parameters
    ----------
    trace : EchoTrace
        Of `convviz.echoes`.

    Examples
    --------
    >>> from convviz import echoes
    >>> question = whole_cells(echoes([1, 2, 3, 4], [5, 6, 7]))
    >>> question.prompt
    'How many output cells are sums of 3 products, one for each number of the response?'
    >>> question.judge("6").text
    "Not yet. 6 is the number of all output cells, 4 + 3 − 1, as in mode 'full': ..."
    """
    samples, delays = len(trace.x), len(trace.h)
    truth = max(0, samples - delays + 1)
    several = f"{delays} products, one for each number of the response" if delays > 1 else "one product"
    return Question(
        subject=("whole cells", samples, delays),
        prompt=f"How many output cells are sums of {several}?",
        truth=truth,
        mistakes=lambda: _counts(samples, delays),
        explanation=_explanation(samples, delays),
        hint=f"Slide the flipped response along the signal: where do all {delays} of its numbers lie on a sample?",
    )


def _counts(samples: int, delays: int) -> list[Mistake]:
    every = f"the number of all output cells, {samples} + {delays} − 1, as in mode 'full'"
    short = f"{samples} − {delays}: the first place counts as well, so it is one more"
    return [
        Mistake(samples + delays - 1, f"{every}: at both ends fewer products are added up"),
        Mistake(samples, "the number of samples, as in mode 'same': some of these cells lie at an end"),
        Mistake(samples - delays, short),
        Mistake(delays, "the number of products in such a cell, not how many of these cells there are"),
        Mistake(samples * delays, f"the number of all products, {samples}·{delays}"),
    ]


def _explanation(samples: int, delays: int) -> str:
    if delays > samples:
        return f"There is none: the response has {delays} numbers, and the signal only {samples}."
    return f"The response lies wholly on the signal at {samples} − {delays} + 1 = {samples - delays + 1} places."
