"""The question what a kernel leaves of the fastest stripes."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from convviz.numerals import numeral, settled
from convviz.operations.convolution.frequency_response import FrequencyResponse
from convviz.questions.question import Mistake, Question

_WITHIN = 1e-12


def striped(trace: FrequencyResponse, index: int) -> Question | None:
    """Ask how strong a kernel leaves stripes that alternate from column to column.

    Parameters
    ----------
    trace : FrequencyResponse
        Of a kernel of rows and columns, and an even number of frequencies along the rows.
    index : int
        The step that is shown.

    Returns
    -------
    Question or None
        Nothing from the step of these stripes on: then the answer is on the screen, or was.

    Examples
    --------
    >>> from convviz import frequency_response
    >>> question = striped(frequency_response([[1, 4, 3], [1, 0, -1]], 4).centred, 0)
    >>> question.judge("8").text
    'Not yet. 8 is the sum of the weights: every second column counts with the other sign.'
    >>> question.judge("0").text
    'Right! The columns add up to 2, 4, 2, and every second one counts with the other sign: 2 − 4 + 2 = 0.'
    """
    down, along = trace.frequencies
    [row], [column] = np.flatnonzero(down == 0), np.flatnonzero(np.abs(along) == 0.5)
    leads_to = int(np.ravel_multi_index((row, column), trace.response.shape))
    if index >= leads_to:
        return None
    sums = _columns(trace.kernel)
    total = _settled(sum(_signed(sums)), trace.kernel)
    written = " ".join(_term(number, at) for at, number in enumerate(sums))
    ending = f" Its strength is {numeral(abs(total))}." if total < 0 else ""
    return Question(
        subject=("stripes", trace.kernel.shape, trace.kernel.tobytes()),
        prompt="Stripes alternate from column to column: 1, −1, 1, −1, … How strong are they after this kernel?",
        truth=abs(total),
        mistakes=lambda: list(_mistakes(trace.kernel, sums, total)),
        explanation=f"The columns add up to {', '.join(map(numeral, sums))}, and every second one counts with the "
        f"other sign: {written} = {numeral(total)}.{ending}",
        hint="Add up each column of the kernel. Then add these sums, every second one with the other sign.",
        leads_to=leads_to,
    )


def _columns(kernel: Any) -> list[Any]:
    return [_settled(number, kernel) for number in kernel.sum(axis=0).tolist()]


def _settled(number: Any, kernel: Any) -> Any:
    return settled(number, _WITHIN * float(np.abs(kernel).sum())) if isinstance(number, float) else number


def _signed(sums: list[Any]) -> list[Any]:
    return [-number if at % 2 else number for at, number in enumerate(sums)]


def _term(number: Any, at: int) -> str:
    text = f"({numeral(number)})" if number < 0 else numeral(number)
    return f"{'−' if at % 2 else '+'} {text}" if at else text


def _mistakes(kernel: Any, sums: list[Any], total: Any) -> Iterator[Mistake]:
    board = _signed([sum(_signed(row)) for row in kernel.tolist()])
    yield Mistake(sum(sums), "the sum of the weights: every second column counts with the other sign")
    yield Mistake(total, "what each wave is multiplied by: a strength is never below 0")
    yield Mistake(abs(sum(board)), "what is left of a checkerboard: these stripes alternate along the rows only")
    yield Mistake(kernel[tuple(side // 2 for side in kernel.shape)].item(), "the middle weight: all of them count")
    yield Mistake(float(np.abs(kernel).sum()), "what is left if all signs are dropped: half of the pixels are −1")
    yield Mistake(abs(sum(sums[::2])), "what every second column makes: the others count with the other sign")
    yield Mistake(0, "what is left by a kernel whose columns cancel: these do not")
    yield Mistake(1, "the strength of the stripes before the kernel")
