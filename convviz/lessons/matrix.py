"""Lesson 04, first part: every window is a row of one matrix."""

from typing import Any

from convviz.lessons import groups
from convviz.lessons.controls import Choice, Group, Number, Random
from convviz.lessons.lesson import Lesson
from convviz.lessons.note import Note
from convviz.lessons.notes import feature_map_html, formula_html, library_calls_html, row_html
from convviz.lessons.picture import Picture
from convviz.lessons.states import MatrixState
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.convolution.correlate import Mode
from convviz.questions import next_cell, weight_count
from convviz.scenes import dense_layer, matrix_products


class Matrix(Lesson[MatrixState]):
    """Read one step in four views: a window, a row of the Toeplitz matrix, a column of im2col, and a neuron.

    Parameters
    ----------
    x, w : array-like, optional
        The input and the kernel to begin with; 1 2 3 4 and 5 6 7 if left out.
    mode : {'valid', 'same', 'full'}
        The mode to begin with.
    activation : str, optional
        'relu', 'sigmoid', 'tanh' or None.

    Examples
    --------
    >>> Matrix().traces["matrix"].toeplitz
    array([[5, 6, 7, 0],
           [0, 5, 6, 7]])
    """

    pictures = (
        Picture(name="matrix", trace=MatrixState.matrix, scene=matrix_products),
        Picture(name="neurons", trace=MatrixState.dense, scene=dense_layer, beside=True),
    )
    controls = (
        Group(
            title="Change the picture",
            controls=(
                Choice(field="axes", label="Dimensions", values=((1, "1D"), (2, "2D"))),
                Choice(field="mode", label="Mode", values=groups.MODES, hint="which windows count"),
                groups.ACTIVATION,
                Random(field="x", label="Random input", low=0, high=9),
                Random(field="w", label="Random kernel", low=-2, high=9),
            ),
        ),
        Group(
            title="Sizes",
            opened=False,
            controls=(
                Number(field="x", axis=-2, label="Input rows", least=1, most=4),
                Number(field="x", axis=-1, label="Input columns", least=1, most=8),
                Number(field="w", axis=-2, label="Kernel rows", least=1, most=3),
                Number(field="w", axis=-1, label="Kernel columns", least=1, most=5),
            ),
        ),
    )
    questions = (
        lambda traces, step: next_cell(traces["matrix"].layer, step),
        lambda traces, _: weight_count(traces["matrix"]),
    )
    notes = (
        Note(
            name="formula",
            text=lambda state, traces: formula_html(traces["matrix"], state.step),
            below=True,
            follows=True,
        ),
        Note(name="length", text=lambda _, traces: feature_map_html(traces["matrix"].layer, traces["neurons"])),
        Note(name="row", text=lambda state, traces: row_html(traces["matrix"], state.step), follows=True),
        Note(name="code", text=lambda _, traces: library_calls_html(traces["matrix"])),
    )
    hint = groups.EDIT_HINT
    wide = True

    def __init__(self, x: Any = None, w: Any = None, mode: Mode = "valid", activation: str | None = None) -> None:
        x = as_numbers("x", [1, 2, 3, 4] if x is None else x)
        w = as_numbers("w", [5, 6, 7] if w is None else w)
        super().__init__(MatrixState(x=x, w=w, mode=mode, activation=activation))
