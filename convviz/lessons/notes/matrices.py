"""What lesson 04 writes: the length of a feature map, and what a training step does to two matrices."""

import numpy as np

from convviz.lessons.notes.comparing import several
from convviz.lessons.notes.markup import note, paragraphs, table, verdict
from convviz.numerals import numeral, sum_of_products
from convviz.operations.convolution.correlate import WindowTrace
from convviz.operations.layers.dense import DenseTrace
from convviz.operations.learning.matrix_gradient import MatrixGradientTrace
from convviz.operations.matrix.matrix_view import MatrixTrace
from convviz.operations.matrix.toeplitz import ZERO
from convviz.trace import Array

_MOST_LISTED = 6
_DIGITS = 3


def feature_map_html(convolution: WindowTrace, neurons: DenseTrace) -> str:
    """Write a feature map as the outputs of neurons, and how long it is.

    Parameters
    ----------
    convolution : WindowTrace
        As made by `convviz.correlate`.
    neurons : DenseTrace
        The same as a dense layer, with its activation.

    Examples
    --------
    >>> from convviz import correlate
    >>> from convviz.operations.matrix.as_dense import as_dense
    >>> layer = correlate([1, 2, 3, 4], [5, 6, 7])
    >>> html = feature_map_html(layer, as_dense(layer, "relu"))
    >>> "A = relu([38, 56]) = [38, 56]" in html, "m − n + 1 = 4 − 3 + 1 = 2" in html
    (True, True)
    """
    name = neurons.activation or "f"
    sums, values = neurons.preactivation, neurons.output
    stacked = f"A = {name}({_listed(sums)}) = {_listed(values)}" if neurons.activation else f"X ∗ W = {_listed(sums)}"
    each = (
        " Each number goes through the activation by itself." if neurons.activation else " There is no activation yet."
    )
    lengths = [_length(axis.size, axis.kernel, axis.padded) for axis in convolution.geometry.axes]
    where = ("Rows: ", "columns: ") if len(lengths) > 1 else ("",)
    sized = "; ".join(f"{name}{text}" for name, text in zip(where, lengths, strict=True))
    return verdict(f"**{several(len(sums), 'neuron')}, stacked:** {stacked}.{each} Length of the feature map: {sized}.")


def row_html(trace: MatrixTrace, index: int) -> str:
    """Write the formula of an output with a step's own numbers: as a window, and as a row of the matrix.

    Parameters
    ----------
    trace : MatrixTrace
        Of `convviz.matrix_view` of `convviz.correlate`.
    index : int
        The step.

    Examples
    --------
    >>> from convviz import correlate, matrix_view
    >>> html = row_html(matrix_view(correlate([1, 2, 3, 4], [5, 6, 7])), 1)
    >>> "2×5 + 3×6 + 4×7 = 56" in html, "1×0 + 2×5 + 3×6 + 4×7 = 56" in html
    (True, True)
    """
    step = trace[index]
    window = sum_of_products(step.column, step.weights, step.value)
    row = sum_of_products(trace.vector, step.row, step.value)
    return verdict(f"**This step:** the window times the kernel is {window}. The input times row {index} is {row}.")


def training_html(tied: MatrixGradientTrace, free: MatrixGradientTrace, target: Array) -> str:
    """Compare a convolution and a dense layer that are trained side by side.

    Parameters
    ----------
    tied, free : MatrixGradientTrace
        The backward passes of both.
    target : ndarray, shape (outputs,)
        What both should compute.
    """
    both, band = (tied, free), tied.tied == ZERO
    rows = [
        ("output", *(_listed(each.local.reshape(-1) + target) for each in both)),
        ("target", *[_listed(target)] * 2),
        ("loss L", *(numeral(_loss(each), _DIGITS) for each in both)),
        ("numbers that it learns", *(str(each.w.size) for each in both)),
        ("zeros where the convolution is blank", *(_zeros(each.toeplitz[band]) for each in both)),
    ]
    return note(
        "How far the training is",
        table(
            "Both are trained on the same input", ["in both layers", "convolution", "dense layer"], rows, compared=True
        ),
        paragraphs("L = ½ · the sum of (output − target)², so ∂L/∂output = output − target."),
    )


def _loss(trace: MatrixGradientTrace) -> float:
    with np.errstate(over="ignore"):
        return float(np.sum(trace.local.astype(float) ** 2) / 2)


def _zeros(entries: Array) -> str:
    return f"{np.count_nonzero(entries == 0)} of {entries.size}"


def _length(cells: int, kernel: int, padded: int) -> str:
    if padded == cells:
        return f"m − n + 1 = {cells} − {kernel} + 1 = {cells - kernel + 1}"
    border = padded - cells
    return f"m + {border} − n + 1 = {cells} + {border} − {kernel} + 1 = {padded - kernel + 1}, with a border of zeros"


def _listed(numbers: Array) -> str:
    texts = [numeral(number, _DIGITS).replace("-", "−") for number in numbers.reshape(-1)[:_MOST_LISTED]]
    return f"[{', '.join(texts)}{', …' if numbers.size > _MOST_LISTED else ''}]"
