"""Lesson 03: the same convolution as a sum of echoes, by flipping and sliding, and as a table of products."""

from typing import Any

from convviz import samples
from convviz.lessons.controls import Examples, Group, Number, Random
from convviz.lessons.lesson import Lesson
from convviz.lessons.note import Note
from convviz.lessons.notes import causal_html, formula_html, library_calls_html, modes_html
from convviz.lessons.picture import Picture
from convviz.lessons.states import SignalState
from convviz.lessons.states.signal import MOST_PATHS, MOST_SAMPLES
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.convolution.echoes import echoes
from convviz.operations.convolution.outer_product import outer_product
from convviz.questions import completed_cell, whole_cells
from convviz.scenes import echo_sum, product_table


class Echoes(Lesson[SignalState]):
    """Add up delayed and scaled copies of a response, and get the same by flipping and sliding it.

    Parameters
    ----------
    x : array-like, shape (samples,), optional
        The signal to begin with; 1 to 6 if left out.
    h : array-like, shape (paths,), optional
        The impulse response to begin with: the strengths of four paths if left out.

    Examples
    --------
    >>> lesson = Echoes([1, 2, 3, 4], [5, 6, 7])
    >>> lesson.traces["echoes"].output
    array([ 5, 16, 34, 52, 45, 28])
    """

    pictures = (
        Picture(name="echoes", trace=lambda state: echoes(state.x, state.h), scene=echo_sum),
        Picture(name="table", trace=lambda state: outer_product(state.x, state.h), scene=product_table, beside=True),
    )
    controls = (
        Group(
            title="Change the picture",
            controls=(
                Examples(field="x", label="Signal"),
                Examples(field="h", label="Response"),
                Random(field="x", label="Random signal", low=0, high=9),
                Random(field="h", label="Random response", low=-2, high=2),
            ),
        ),
        Group(
            title="Sizes",
            opened=False,
            controls=(
                Number(field="x", axis=-1, label="Samples", least=1, most=MOST_SAMPLES),
                Number(field="h", axis=-1, label="Paths", least=1, most=MOST_PATHS),
            ),
        ),
    )
    questions = (
        lambda traces, step: completed_cell(traces["echoes"], step),
        lambda traces, _: whole_cells(traces["echoes"]),
    )
    notes = (
        Note(
            name="formula",
            text=lambda state, traces: formula_html(traces["table"], state.step),
            below=True,
            follows=True,
        ),
        Note(name="modes", text=lambda _, traces: modes_html(traces["echoes"])),
        Note(name="causal", text=lambda _, traces: causal_html(traces["echoes"])),
        Note(name="code", text=lambda _, traces: library_calls_html(traces["echoes"])),
    )
    hint = (
        "Every number of the signal and the response is yours: click it and type, or drag it or its stem up and down."
    )

    def __init__(self, x: Any = None, h: Any = None) -> None:
        x = samples.SHORT_SIGNALS["1 2 3 4 5 6"]() if x is None else as_numbers("x", x, (1,))
        h = samples.RESPONSES["Four paths"]() if h is None else as_numbers("h", h, (1,))
        super().__init__(SignalState(x=x, h=h))
