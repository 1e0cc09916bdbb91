"""Questions about a convolution's matrix: how many weights it is made of, and what the gradient of one of them is."""

import numpy as np

from convviz.numerals import numeral
from convviz.operations.learning.matrix_gradient import MatrixGradientTrace
from convviz.operations.matrix.matrix_view import MatrixTrace
from convviz.operations.matrix.toeplitz import ZERO
from convviz.questions.question import Mistake, Question


def weight_count(trace: MatrixTrace) -> Question:
    """Ask how many different weights a convolution's matrix is made of.

    Parameters
    ----------
    trace : MatrixTrace
        Of `convviz.matrix_view`.

    Examples
    --------
    >>> from convviz import correlate, matrix_view
    >>> question = weight_count(matrix_view(correlate([1, 2, 3, 4], [5, 6, 7])))
    >>> question.judge("6").text
    'Not yet. 6 is the number of entries that hold a weight: the same weight stands in several of them, and is
    learned once.'
    >>> question.judge("3").text
    'Right! The kernel has 3 weights. They fill 6 of the 8 entries, and the others are always zero.'
    """
    rows, columns = trace.toeplitz.shape
    entries, held, weights = rows * columns, int(np.count_nonzero(trace.tied != ZERO)), int(trace.w.size)
    return Question(
        subject=("weight count", trace.toeplitz.shape, trace.w.shape, held),
        prompt=f"How many numbers does a network learn for this Toeplitz matrix of {rows}×{columns} entries?",
        truth=weights,
        mistakes=lambda: [
            Mistake(held, "the number of entries that hold a weight: the same weight stands in several of them, and is "
                          "learned once"),
            Mistake(entries, "the number of all entries: those that are blank are always zero, and the others hold the "
                             "same few weights"),
            Mistake(rows, "the number of rows, one for each output cell: all rows hold the same weights"),
            Mistake(columns, "the number of columns, one for each input cell: an input cell has no weight of its own"),
            Mistake(entries + rows, "what a dense layer would learn, with a bias for each output: here weights are "
                                    "shared"),
        ],
        explanation=f"The kernel has {weights} weights. They fill {held} of the {entries} entries, and the others are "
        "always zero.",
        hint="Entries of the same colour hold one and the same weight: count the colours.",
    )  # fmt: skip


def tied_gradient(trace: MatrixGradientTrace, index: int) -> Question | None:
    """Ask for the gradient of a convolution's first weight, once all rows of its matrix have been added up.

    Parameters
    ----------
    trace : MatrixGradientTrace
        Of `convviz.matrix_view` of `convviz.gradients`, of a layer with one filter on one channel.
    index : int
        The step that is shown.

    Returns
    -------
    Question or None
        Nothing at the last step: the gradient is on the screen then.

    Examples
    --------
    >>> from convviz import correlate, gradients, matrix_view
    >>> question = tied_gradient(matrix_view(gradients(correlate([1, 2, 3, 4], [5, 6, 7]), [2, 3])), 0)
    >>> question.prompt
    'What will the gradient ∂L/∂w of the first weight be, after all 2 rows?'
    >>> question.judge("2").text
    'Not yet. 2 is the entry of the first row alone: the weight stands in other rows too, so add up its entries.'
    >>> question.judge("8").text
    'Right! The first weight stands in 2 entries. Their gradients are added up: 2×1 + 3×2 = 8.'
    """
    last = len(trace) - 1
    if trace[index].index == last:
        return None
    rows, columns = np.nonzero(trace.tied == 0)
    local, met = trace.local.reshape(-1)[rows].tolist(), trace.vector[columns].tolist()
    arrays = (trace.vector, trace.w, trace.local)
    terms = " + ".join(f"{_factor(g)}×{_factor(x)}" for g, x in zip(local, met, strict=True))
    truth = trace.output.reshape(-1)[0].item()
    return Question(
        subject=("tied gradient", *((array.shape, array.tobytes()) for array in arrays)),
        prompt=f"What will the gradient ∂L/∂w of the first weight be, after all {len(trace)} rows?",
        truth=truth,
        mistakes=lambda: _gradient_mistakes(trace, local, met),
        explanation=f"The first weight stands in {len(local)} entries. Their gradients are added up: {terms} = "
        f"{numeral(truth)}.",
        hint="In each row, multiply ∂L/∂output by the input that the weight meets there, then add up the rows.",
        leads_to=last,
    )


def _gradient_mistakes(trace: MatrixGradientTrace, local: list[float], met: list[float]) -> list[Mistake]:
    entries = [g * x for g, x in zip(local, met, strict=True)]
    weights = trace.w.reshape(-1).tolist()
    return [
        Mistake(
            entries[0], "the entry of the first row alone: the weight stands in other rows too, so add up its entries"
        ),
        Mistake(
            entries[-1], "the entry of the last row alone: the weight stands in other rows too, so add up its entries"
        ),
        Mistake(sum(entries) / len(entries), "the mean of the weight's entries: they are added, not averaged"),
        Mistake(sum(local), "the sum of ∂L/∂output: multiply each by the input that the weight meets in that row"),
        Mistake(sum(met), "the sum of the inputs that the weight meets: multiply each by ∂L/∂output of its row"),
        Mistake(sum(local) * weights[0], "what comes of the weight itself in place of the inputs that it meets"),
        Mistake(
            trace.output.reshape(-1)[-1].item(), "the gradient of the last weight: the first one meets other inputs"
        ),
        Mistake(-sum(entries), "the change of the weight, without the learning rate: the gradient has the other sign"),
        Mistake(sum(met) * weights[-1], "what comes of a weight in place of ∂L/∂output"),
    ]


def _factor(number: float) -> str:
    text = numeral(number)
    return f"({text})" if text[0] == "-" or "/" in text else text
