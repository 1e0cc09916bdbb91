"""The formulas of each operation, declared over the indices of its terms, with the numbers of a step put in.

A kind of trace has its formulas once they are registered below.
"""

import re
from dataclasses import replace
from functools import singledispatch
from html import escape
from typing import Any

from convviz.lessons.notes.error_formulas import learning_formulas, match_formulas
from convviz.lessons.notes.formula import Formula, Formulas, Symbol, at_step
from convviz.lessons.notes.markup import folded, paragraphs, prose
from convviz.lessons.notes.product_formulas import echo_formulas, gradient_formulas, matrix_formulas
from convviz.lessons.notes.spoken import in_words
from convviz.operations.convolution.echoes import EchoTrace
from convviz.operations.convolution.outer_product import OuterProductTrace
from convviz.operations.layers.activation import activation_name
from convviz.operations.learning.descent import LearningTrace
from convviz.operations.learning.matrix_gradient import MatrixGradientTrace
from convviz.operations.matching.match_template import MatchTrace
from convviz.operations.matrix.matrix_view import MatrixTrace
from convviz.terms import Terms

_NO_BREAK = "\N{NO-BREAK SPACE}"


_POINTING = "Point at a symbol that has numbers, or go there with the Tab key: its cell lights up."
_HINT = f'<p class="convviz-advice">{_POINTING}</p>'
"""It is no use on paper, where advice is left out."""


def formula_html(trace: Any, step: int) -> str:
    """Write the formulas of an operation, in general and for one step. Pointing at a symbol lights its cell.

    Parameters
    ----------
    trace : Trace
        Of a kernel that slides, a layer, echoes, a matrix product or its gradient, a search for a
        template, or a kernel that is learned.
    step : int
        The step on the screen.

    Examples
    --------
    >>> from convviz import correlate
    >>> html = formula_html(correlate([1, 2, 3], [4, 5]), 1)
    >>> "y[j] = Σ<sub>v</sub> x[j + v] · w[v]" in html.replace(_NO_BREAK, " ")
    True
    >>> "Output [1] = 2×4 + 3×5 = 23." in html
    True
    """
    body, before = "", ""
    written, remark = formulas(trace, step)
    for formula in written:
        general = formula.general()
        body += _general(general) if general != before else ""
        body += f'<p class="convviz-formula">{formula.filled()}</p>'
        before = general
    said = [text for text in (remark, trace[step].describe()) if text]
    return folded("The formula, with this step’s indices", body, paragraphs(*said), _HINT)


def _general(written: str) -> str:
    """Write a formula in signs, which a screen reader passes over, and in words, which it alone reads."""
    together = re.sub(r"\[[^]]*\]", lambda indices: indices[0].replace(" ", _NO_BREAK), written)
    words = f'<span class="convviz-spoken">In words: {prose(in_words(written))}.</span>'
    return f'<p class="convviz-formula"><span aria-hidden="true">{together}</span>{words}</p>'


@singledispatch
def formulas(trace: Any, step: int) -> Formulas:
    """Return the formulas of an operation: this is that of a kernel that slides."""
    terms: Terms = trace.terms
    views, name = terms.views, activation_name(getattr(trace, "activation", None))
    formula = Formula(
        indices=terms.indices,
        result=Symbol.of("y", terms.step, views["output"]),
        factors=tuple(
            Symbol.of(letter, terms.operands[letter], views[view])
            for letter, view in (("x", "x"), ("w", "given"), ("h", "kernel"))
            if letter in terms.operands
        ),
        held=at_step(terms, step),
    )
    bias, number = _bias(trace, formula, step)
    whole = f"{{}} + {bias}" if bias else "{}"
    whole = f"{escape(name)}({whole})" if name else whole
    return Formulas([replace(formula, whole=whole, stepwise=((bias, number),) if bias else ())])


def _bias(trace: Any, formula: Formula, step: int) -> tuple[str, str]:
    """Write the bias of a layer, if it has one, with letters and with the number of the step's filter."""
    bias = getattr(trace, "bias", None)
    if bias is None or not bias.any():
        return "", ""
    if len(bias) == 1:
        return "b", "b"
    return f"b[{formula.written(formula.result)[0]}]", f"b[{trace[step].position[0]}]"


formulas.register(EchoTrace, echo_formulas)
formulas.register(OuterProductTrace, echo_formulas)
formulas.register(MatrixTrace, matrix_formulas)
formulas.register(MatrixGradientTrace, gradient_formulas)
formulas.register(MatchTrace, match_formulas)
formulas.register(LearningTrace, learning_formulas)
