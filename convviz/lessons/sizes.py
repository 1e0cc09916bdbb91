"""Lesson 10, first part: stride, padding and dilation along one row, and how large the output is."""

from typing import Any

import numpy as np

from convviz.lessons import groups
from convviz.lessons.controls import Choice, Examples, Group, Number, Random
from convviz.lessons.lesson import Lesson
from convviz.lessons.note import Note
from convviz.lessons.notes import formula_html, library_calls_html, output_size_html
from convviz.lessons.picture import Picture
from convviz.lessons.states import OneRow
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.questions import output_size
from convviz.scenes import sliding_window

_PADDINGS = (("own", "by hand"), ("same", "same: PyTorch"), ("same_tf", "same: TensorFlow"))
_MODES = (("zeros", "zeros"), ("reflect", "reflect"), ("replicate", "replicate"), ("circular", "circular"))


class Sizes(Lesson[OneRow]):
    """A kernel on a row of numbers, with all that decides how many places it has.

    Parameters
    ----------
    x, w : array-like, optional
        The input and the kernel to begin with.
    **options
        ``stride``, ``dilation``, ``padding``, ``before``, ``after`` and ``padding_mode``, as fields of the state.

    Examples
    --------
    >>> lesson = Sizes([1, 2, 3, 4, 5], [1, 1], stride=2)
    >>> lesson.traces["row"].output
    array([[3, 7]])
    """

    pictures = (Picture(name="row", trace=OneRow.trace, scene=sliding_window),)
    controls = (
        Group(
            title="The window",
            controls=(
                Number(field="cells", label="Input size", least=1, most=12, fitting=True),
                Number(field="side", label="Kernel size", least=1, most=5, fitting=True),
                Number(field="stride", label="Stride", least=1, most=4, fitting=True),
                Number(field="dilation", label="Dilation", least=1, most=3, fitting=True),
            ),
        ),
        Group(
            title="The border",
            controls=(
                Choice(field="padding", label="Padding", values=_PADDINGS, fitting=True),
                Number(field="before", label="Before", least=0, most=12, fitting=True),
                Number(field="after", label="After", least=0, most=12, fitting=True),
                Choice(field="padding_mode", label="Fill", values=_MODES, fitting=True),
            ),
        ),
        Group(
            title="Numbers",
            opened=False,
            controls=(
                Examples(field="x", label="Input"),
                Random(field="x", label="Random input", low=0, high=9),
                Random(field="w", label="Random kernel", low=-2, high=2),
            ),
        ),
    )
    questions = (lambda traces, _: output_size(traces["row"]),)
    notes = (
        Note(name="size", text=lambda _, traces: output_size_html(traces["row"]), below=True),
        Note(
            name="formula", text=lambda state, traces: formula_html(traces["row"], state.step), below=True, follows=True
        ),
        Note(name="code", text=lambda _, traces: library_calls_html(traces["row"])),
    )
    hint = groups.EDIT_HINT
    wide = True

    def __init__(self, x: Any = None, w: Any = None, **options: Any) -> None:
        x = OneRow.ready_made["x"]["8 numbers: 11, 12, …"]()[0] if x is None else as_numbers("x", x, (1,))
        w = np.array([1, 2, 1]) if w is None else as_numbers("w", w, (1,))
        super().__init__(OneRow(x=x[None], w=w[None, None], **options))
