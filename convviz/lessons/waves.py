"""Lesson 07, last part: what a kernel does to waves, from the slowest to the fastest."""

from typing import Any

from convviz import samples
from convviz.lessons.controls import Examples, Group, Number, Random
from convviz.lessons.lesson import Lesson
from convviz.lessons.note import Note
from convviz.lessons.notes import library_calls_html
from convviz.lessons.picture import Picture
from convviz.lessons.states import KernelAlone
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.questions import striped
from convviz.scenes import response

_MOST_KERNEL = 9


class Waves(Lesson[KernelAlone]):
    """The frequency response of a kernel, and a wave before and after it.

    Parameters
    ----------
    w : array-like, shape (rows, columns), optional
        The kernel to begin with, instead of the lesson's own.

    Examples
    --------
    >>> Waves([[0.5, 0.5]]).traces["response"].magnitude[12, [0, 12]]
    array([0., 1.])
    """

    pictures = (Picture(name="response", trace=KernelAlone.trace, scene=response),)
    controls = (
        Group(
            title="Change the kernel",
            controls=(
                Examples(field="w", label="Kernel"),
                Number(field="w", axis=-2, label="Kernel rows", least=1, most=_MOST_KERNEL),
                Number(field="w", axis=-1, label="Kernel columns", least=1, most=_MOST_KERNEL),
                Random(field="w", label="Random kernel", low=-2, high=2),
            ),
        ),
    )
    questions = (lambda traces, step: striped(traces["response"], step),)
    notes = (Note(name="code", text=lambda _, traces: library_calls_html(traces["response"])),)
    hint = "Point at the response to see another wave. Drag a weight of the kernel, or click it and type."
    wide = True

    def __init__(self, w: Any = None) -> None:
        super().__init__(KernelAlone(w=samples.kernel("box_blur") if w is None else as_numbers("w", w, (2,))))
