"""Lesson 10, last part: transposed convolution, in which each input cell stamps the kernel into the output."""

from typing import Any

import numpy as np

from convviz.lessons import groups
from convviz.lessons.controls import Examples, Group, Number, Random
from convviz.lessons.lesson import Lesson
from convviz.lessons.note import Note
from convviz.lessons.notes import library_calls_html
from convviz.lessons.picture import Picture
from convviz.lessons.states import Stamping
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.questions import enlarged_size
from convviz.scenes import stamps


class Stamps(Lesson[Stamping]):
    """Enlarge a picture: each of its cells stamps the kernel, times its number, into the output.

    Parameters
    ----------
    x, w : array-like, shape (rows, columns), optional
        The picture and the kernel to begin with.
    **options
        ``stride``, ``padding`` and ``output_padding``, as for `convviz.conv_transpose`.

    Examples
    --------
    >>> Stamps([[1, 2]], [[1, 1]], stride=1).traces["stamps"].output.tolist()
    [[[1, 3, 2]]]
    """

    pictures = (Picture(name="stamps", trace=Stamping.trace, scene=stamps),)
    controls = (
        Group(
            title="Place the stamps",
            controls=(
                Number(field="side", label="Kernel size", least=1, most=4, fitting=True),
                Number(field="stride", label="Stride", least=1, most=3, fitting=True),
                Number(field="padding", label="Padding", least=0, most=3, fitting=True),
                Number(field="output_padding", label="Output padding", least=0, most=2, fitting=True),
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
    questions = (lambda traces, _: enlarged_size(traces["stamps"]),)
    notes = (Note(name="code", text=lambda _, traces: library_calls_html(traces["stamps"])),)
    hint = groups.EDIT_HINT
    wide = True

    def __init__(self, x: Any = None, w: Any = None, **options: Any) -> None:
        x = np.arange(1, 10).reshape(3, 3) if x is None else as_numbers("x", x, (2,))
        w = np.ones((3, 3), int) if w is None else as_numbers("w", w, (2,))
        super().__init__(Stamping(x=x[None], w=w[None, None], **options))
