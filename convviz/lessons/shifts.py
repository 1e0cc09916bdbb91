"""Lesson 07, second part: what one output sees, and what becomes of a shift."""

from functools import partial
from typing import Any

from convviz import samples
from convviz.lessons.controls import Choice, Examples, Group, Number
from convviz.lessons.lesson import Lesson
from convviz.lessons.note import Note
from convviz.lessons.notes import formula_html, library_calls_html, shift_verdict
from convviz.lessons.picture import Picture
from convviz.lessons.states import Shifting
from convviz.lessons.states.shifting import MOST_SHIFT
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.layers.pool import PoolTrace
from convviz.questions import touched_outputs
from convviz.scenes.whole_scene import filtered
from convviz.trace import Trace

_LAYERS = (
    ("convolution", "Convolution"),
    ("stride", "Convolution, stride 2"),
    ("max", "Max pooling, 2×2"),
    ("mean", "Mean pooling, 2×2"),
)


def _formula(state: Shifting, trace: Trace[Any]) -> str:
    """Write the sum of a window of the first picture; what pooling does is no sum of products."""
    return "" if isinstance(trace, PoolTrace) else formula_html(trace, state.step)


class Shifts(Lesson[Shifting]):
    """A picture and the same picture shifted, through the same layer.

    Parameters
    ----------
    x, w : array-like, shape (rows, columns), optional
        The picture and the kernel to begin with, instead of the lesson's own.
    **options
        ``shift`` and ``layer``, as fields of the state.

    Examples
    --------
    >>> lesson = Shifts([[1, 2, 3]], [[1]])
    >>> [trace.output.tolist() for trace in lesson.traces.values()]
    [[[[1, 2, 3]]], [[[0, 1, 2]]]]
    """

    pictures = (
        Picture(name="before", trace=Shifting.trace, scene=partial(filtered, in_short=True), title="The picture"),
        Picture(
            name="after",
            trace=Shifting.shifted_trace,
            scene=partial(filtered, in_short=True, edited=False),
            title="The same, shifted to the right",
        ),
    )
    controls = (
        Group(
            title="Change the picture",
            controls=(
                Number(field="shift", label="Shift", least=0, most=MOST_SHIFT),
                Choice(field="layer", label="Layer", values=_LAYERS, fitting=True),
                Examples(field="x", label="Input"),
                Examples(field="w", label="Kernel"),
            ),
        ),
    )
    questions = (lambda traces, _: touched_outputs(traces["before"]),)
    notes = (
        Note(
            name="verdict",
            text=lambda state, traces: shift_verdict(traces["before"], traces["after"], state.shift),
            below=True,
        ),
        Note(name="formula", text=lambda state, traces: _formula(state, traces["before"]), below=True, follows=True),
        Note(name="code", text=lambda _, traces: library_calls_html(traces["after"])),
    )
    hint = "Every number of the first picture and its kernel is yours: click it and type, or drag it up and down."
    wide = True

    def __init__(self, x: Any = None, w: Any = None, **options: Any) -> None:
        x = samples.picture("digit_3") if x is None else as_numbers("x", x, (2,))
        w = samples.kernel("sobel_x") if w is None else as_numbers("w", w, (2,))
        super().__init__(Shifting(x=x[None], w=w[None, None], **options))
