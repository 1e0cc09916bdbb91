"""What a wrong guess at an output cell gives away: the usual mistakes, and what each would have made of it."""

from collections.abc import Iterator

import numpy as np

from convviz.numerals import numeral
from convviz.operations.convolution.correlate import WindowTrace
from convviz.operations.layers.conv_layer import LayerTrace
from convviz.questions.layer_diagnosis import layer_candidates
from convviz.questions.map_diagnosis import diagnose_maps
from convviz.questions.mistakes import Candidate, Diagnosis, told

__all__ = ["Diagnosis", "diagnose", "diagnose_maps"]


def diagnose(trace: WindowTrace | LayerTrace, index: int, guess: float) -> Diagnosis:
    """Compare a guess at the value of step ``index`` with the truth, and with what usual mistakes would give.

    Parameters
    ----------
    trace : WindowTrace or LayerTrace
        Of `convviz.correlate`, `convviz.convolve` or `convviz.conv_layer`.
    index : int
        The step whose value was guessed.
    guess : int or float
        The number guessed; one that is right to three decimals counts as right.

    Raises
    ------
    TypeError
        If ``trace`` is of another operation.

    Examples
    --------
    >>> from convviz import conv_layer, correlate
    >>> trace = correlate([[1, 2], [3, 4]], [[1, 0], [0, 2]])
    >>> diagnose(trace, 0, 9)
    Diagnosis(correct=True, mistakes=())
    >>> diagnose(trace, 0, 6).mistakes
    ('6 is what the kernel gives when it is turned by 180° first, and here it is laid on as it is.',)
    >>> diagnose(conv_layer([[3], [5]], [[[2], [4]]]), 0, 13).mistakes
    ("13 is the mean of the channels' sums 6 and 20: the sums are added up, not averaged.",)
    """
    if isinstance(trace, LayerTrace):
        return told(guess, trace[index].value, layer_candidates(trace, index))
    if isinstance(trace, WindowTrace):
        return told(guess, trace[index].value, _window_candidates(trace, index))
    accepted = "accepted: a trace of conv_layer, correlate or convolve"
    raise TypeError(f"trace is {trace!r:.60} ({type(trace).__name__}); {accepted}")


def _window_candidates(trace: WindowTrace, index: int) -> Iterator[Candidate]:
    for mistakes in (_flipped, _forgotten, _matrix_product, _other_rules):
        yield from mistakes(trace, index)


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
    if step.index:
        rules.append((trace[step.index - 1].value, "the value of the step before: the window has moved on since"))
    return rules


def _place(at: tuple[int, ...]) -> str:
    return f"at row {at[0]}, column {at[1]}" if len(at) == 2 else f"at place {at[0]}"
