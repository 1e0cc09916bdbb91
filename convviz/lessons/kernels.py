"""Lesson 07, first part: named kernels and the learner's own on a photograph."""

from typing import Any

from convviz import samples
from convviz.lessons.controls import Choice, Examples, Group, Number, Press, Random, Upload
from convviz.lessons.lesson import Lesson
from convviz.lessons.note import Note
from convviz.lessons.notes import formula_html, kernel_verdict, library_calls_html, separable_verdict, slopes_html
from convviz.lessons.picture import Picture
from convviz.lessons.states import Filtering
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.convolution.correlate import Mode, correlate
from convviz.questions import even_area
from convviz.scenes.whole_scene import filtered

_BORDERS: tuple[tuple[Mode, str], ...] = (("valid", "left out (valid)"), ("same", "zeros around (same)"))
_MOST_KERNEL = 9
_MOST_PIXELS = 64


class Kernels(Lesson[Filtering]):
    """A kernel on a photograph, with the whole output in sight.

    Parameters
    ----------
    x, w : array-like, shape (rows, columns), optional
        The picture and the kernel to begin with, instead of the lesson's own.
    mode : {'valid', 'same', 'full'}
        The mode to begin with.

    Examples
    --------
    >>> lesson = Kernels([[0, 0, 9, 9]] * 3)
    >>> lesson.traces["filtered"].output
    array([[36, 36]])
    """

    pictures = (Picture(name="filtered", trace=lambda s: correlate(s.x, s.w, s.mode), scene=filtered),)
    controls = (
        Group(
            title="Change the picture",
            controls=(
                Examples(field="w", label="Kernel"),
                Press(field="turned", label="Turn the kernel", change=Filtering.with_turned),
                Examples(field="x", label="Input"),
                Upload(field="x", label="Your own picture", side=_MOST_PIXELS, colour=False),
                Random(field="w", label="Random kernel", low=-2, high=2),
            ),
        ),
        Group(
            title="Sizes",
            opened=False,
            controls=(
                Choice(field="mode", label="Border", values=_BORDERS),
                Number(field="w", axis=-2, label="Kernel rows", least=1, most=_MOST_KERNEL, fitting=True),
                Number(field="w", axis=-1, label="Kernel columns", least=1, most=_MOST_KERNEL, fitting=True),
            ),
        ),
    )
    questions = (lambda traces, _: even_area(traces["filtered"]),)
    notes = (
        Note(name="kernel", text=lambda state, _: kernel_verdict(state.named), below=True),
        Note(
            name="formula",
            text=lambda state, traces: formula_html(traces["filtered"], state.step),
            below=True,
            follows=True,
        ),
        Note(name="separable", text=lambda _, traces: separable_verdict(traces["filtered"])),
        Note(name="slopes", text=lambda state, traces: slopes_html(traces["filtered"][state.step]), follows=True),
        Note(name="code", text=lambda _, traces: library_calls_html(traces["filtered"])),
    )
    hint = "Drag a weight of the kernel up and down, and watch the output; or click it and type."
    wide = True

    def __init__(self, x: Any = None, w: Any = None, mode: Mode = "valid") -> None:
        x = Filtering.ready_made["x"]["Photograph"]() if x is None else as_numbers("x", x, (2,))
        w = samples.kernel("sobel_x") if w is None else as_numbers("w", w, (2,))
        super().__init__(Filtering(x=x, w=w, mode=mode))
