"""Lesson 01: the same step as two grids and as two vectors."""

from typing import Any

from convviz import samples
from convviz.lessons import groups
from convviz.lessons.lesson import Lesson
from convviz.lessons.note import Note
from convviz.lessons.notes import formula_html, library_calls_html
from convviz.lessons.picture import Picture
from convviz.lessons.states import OneKernel
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.convolution.correlate import Mode, WindowTrace, correlate
from convviz.questions import next_cell
from convviz.scenes import dot_product, sliding_window


def _correlated(state: OneKernel) -> WindowTrace:
    return correlate(state.x, state.w, state.mode)


class SlidingWindow(Lesson[OneKernel]):
    """Slide a kernel over an input: the grids, and elsewhere the dot product, in step.

    Parameters
    ----------
    x, w : array-like, optional
        The input and the kernel to begin with, instead of the lesson's own.
    mode : {'valid', 'same', 'full'}
        The mode to begin with.

    Examples
    --------
    >>> lesson = SlidingWindow([1, 2, 3, 4], [5, 6, 7])
    >>> lesson.traces["grids"].output
    array([38, 56])
    """

    pictures = (
        Picture(name="grids", trace=_correlated, scene=sliding_window),
        Picture(name="vectors", trace=_correlated, scene=dot_product, beside=True),
    )
    controls = groups.ONE_KERNEL
    questions = (lambda traces, step: next_cell(traces["grids"], step),)
    notes = (
        Note(
            name="formula",
            text=lambda state, traces: formula_html(traces["grids"], state.step),
            below=True,
            follows=True,
        ),
        Note(name="code", text=lambda _, traces: library_calls_html(traces["grids"])),
    )
    hint = groups.EDIT_HINT

    def __init__(self, x: Any = None, w: Any = None, mode: Mode = "valid") -> None:
        x = samples.picture("landscape") if x is None else as_numbers("x", x)
        w = samples.kernel("sobel_x") if w is None else as_numbers("w", w)
        super().__init__(OneKernel(x=x, w=w, mode=mode))
