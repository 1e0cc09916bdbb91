"""The formulas of echoes, of a product with a matrix, and of the gradient of a weight in that matrix."""

import numpy as np

from convviz.lessons.notes.formula import Formula, Formulas, Symbol, at_step, names_of
from convviz.operations.convolution.echoes import EchoTrace
from convviz.operations.convolution.outer_product import OuterProductTrace
from convviz.operations.learning.matrix_gradient import MatrixGradientTrace
from convviz.operations.matrix.matrix_view import MatrixTrace
from convviz.operations.matrix.toeplitz import ZERO
from convviz.terms import Coordinate

_IN_A_ROW = {"j": "i", "v": "u"}
"""What the only indices of a signal and its kernel are called beside a matrix."""


def echo_formulas(trace: EchoTrace | OuterProductTrace, step: int) -> Formulas:
    """Return y[n] = Σ x[k] · h[n − k], for the output cell that has the number of the step."""
    terms, views = trace.terms, trace.terms.views
    [cell] = views["output"].column
    formula = Formula(
        indices={"k": len(trace.x), "n": cell.size, "m": len(trace.h)},
        result=Symbol.of("y", [cell], views["output"]),
        factors=(
            Symbol.of("x", terms.operands["x"], views["input"]),
            Symbol.of("h", terms.operands["h"], views["response"]),
        ),
        held={"n": step},
        derived={"m": Coordinate(size=len(trace.h), of={"n": 1, "k": -1})},
    )
    return Formulas([formula])


def matrix_formulas(trace: MatrixTrace, step: int) -> Formulas:
    """Return z[i] = Σ W[i, k] · x[k], a row of the matrix times the flattened input, and the same as a window."""
    terms, views = trace.terms, trace.terms.views
    matrix, held, is_row = views["toeplitz"], at_step(terms, step), len(trace.geometry.axes) == 1
    row = "i" if is_row else "r"
    product = Formula(
        indices=terms.indices,
        result=Symbol(letter="z", axes=(matrix.row,), view=views["output"], names=(row,)),
        factors=(
            Symbol(letter="W", axes=(matrix.row, matrix.column), view=matrix, names=(row, "k")),
            Symbol(letter="x", axes=(matrix.column,), view=views["vector"], names=("k",)),
        ),
        held=held,
        sums=("k",),
    )
    window = Formula(
        indices=terms.indices,
        result=Symbol.of("z", terms.step, views["output"]),
        factors=(
            Symbol.of("x", terms.operands["x"], views["x"]),
            Symbol.of("w", terms.operands["w"], views["given"]),
        ),
        held=held,
        letters=_IN_A_ROW if is_row else {},
    )
    blank = int(np.count_nonzero(trace.tied[step] == ZERO))
    said = f"Blank entries of row {step} are 0 and add nothing: {blank} of {len(trace.vector)}."
    return Formulas([product, window], said if blank else "")


def gradient_formulas(trace: MatrixGradientTrace, step: int) -> Formulas:
    """Return ∂L/∂w[u] = Σ g[i] · x[i + u], for each weight."""
    terms, views = trace.terms, trace.terms.views
    here = at_step(terms, step)
    weights = terms.operands["w"]
    cells = [dict(zip(names_of(weights), at, strict=True)) for at in np.ndindex(*(axis.size for axis in weights))]
    formulas = [
        Formula(
            indices=terms.indices,
            result=Symbol.of("∂L/∂w", weights, views["weights"]),
            factors=(Symbol.of("g", terms.step, views["cells"]), Symbol.of("x", terms.operands["x"], views["vector"])),
            held=held,
            letters=_IN_A_ROW if len(trace.geometry.axes) == 1 else {},
            marked=here,
        )
        for held in cells
    ]
    return Formulas(
        formulas,
        f"g is the gradient of the outputs. **In bold:** what row {step} of the matrix, the one on the screen, adds. "
        "A weight has a product for each row that it stands in.",
    )
