"""Lesson 02: convolution and cross-correlation of the same numbers, side by side."""

from typing import Any

from convviz import samples
from convviz.lessons import groups
from convviz.lessons.lesson import Lesson
from convviz.lessons.note import Note
from convviz.lessons.notes import flip_verdict, formula_html, library_calls_html
from convviz.lessons.picture import Picture
from convviz.lessons.states import OneKernel
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.convolution.correlate import Mode, convolve, correlate
from convviz.questions import flipped_cell
from convviz.scenes import sliding_window


class Flip(Lesson[OneKernel]):
    """Slide the same kernel over the same input twice: as it is, and flipped.

    Parameters
    ----------
    x, w : array-like, optional
        The input and the kernel to begin with; an impulse and 1 … 9 if left out.
    mode : {'valid', 'same', 'full'}
        The mode to begin with.

    Examples
    --------
    >>> lesson = Flip([1, 2, 3, 4], [5, 6, 7])
    >>> lesson.traces["correlation"].output, lesson.traces["convolution"].output
    (array([38, 56]), array([34, 52]))
    """

    pictures = (
        Picture(
            name="correlation",
            trace=lambda state: correlate(state.x, state.w, state.mode),
            scene=sliding_window,
            title="Cross-correlation: the kernel as it is",
        ),
        Picture(
            name="convolution",
            trace=lambda state: convolve(state.x, state.w, state.mode),
            scene=sliding_window,
            title="Convolution: the kernel flipped",
        ),
    )
    controls = groups.ONE_KERNEL
    questions = (lambda traces, step: flipped_cell(traces["convolution"], step),)
    notes = (
        Note(
            name="formula",
            text=lambda state, traces: formula_html(traces["convolution"], state.step),
            below=True,
            follows=True,
        ),
        Note(
            name="verdict",
            text=lambda _, traces: flip_verdict(traces["correlation"], traces["convolution"]),
            below=True,
        ),
        Note(name="code", text=lambda _, traces: library_calls_html(traces["correlation"], traces["convolution"])),
    )
    hint = groups.EDIT_HINT
    wide = True

    def __init__(self, x: Any = None, w: Any = None, mode: Mode = "valid") -> None:
        x = samples.picture("impulse") if x is None else as_numbers("x", x)
        w = samples.kernel("counting") if w is None else as_numbers("w", w)
        super().__init__(OneKernel(x=x, w=w, mode=mode))
