"""Lesson 10, second part: pooling, which makes one number of each window without any weights."""

from typing import Any

import numpy as np

from convviz.lessons.controls import Choice, Examples, Group, Number, Random
from convviz.lessons.lesson import Lesson
from convviz.lessons.note import Note
from convviz.lessons.notes import library_calls_html
from convviz.lessons.picture import Picture
from convviz.lessons.states import Pooling
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.questions import pooled_cell
from convviz.scenes import pooling

_KINDS = (("max", "maximum"), ("mean", "mean"))
_START = """
2 1 7 3 0 1
4 3 5 8 2 2
1 8 0 2 6 4
6 5 3 4 5 1
0 2 9 1 3 8
7 3 4 6 2 5
"""


class Pools(Lesson[Pooling]):
    """Pool a picture: windows of which each becomes its maximum or its mean.

    Parameters
    ----------
    x : array-like, shape (rows, columns), optional
        The picture to begin with.
    **options
        ``size``, ``stride``, ``padding`` and ``kind``, as for `convviz.pool`.

    Examples
    --------
    >>> Pools([[1, 2], [3, 4]]).traces["pool"].output.tolist()
    [[[4]]]
    """

    pictures = (Picture(name="pool", trace=Pooling.trace, scene=pooling),)
    controls = (
        Group(
            title="Change the picture",
            controls=(
                Choice(field="kind", label="Takes the", values=_KINDS),
                Number(field="size", label="Window", least=1, most=4, fitting=True),
                Number(field="stride", label="Stride", least=1, most=4, fitting=True),
                Number(field="padding", label="Padding", least=0, most=2, fitting=True),
                Examples(field="x", label="Input"),
                Random(field="x", label="Random input", low=0, high=9),
            ),
        ),
    )
    questions = (lambda traces, step: pooled_cell(traces["pool"], step),)
    notes = (Note(name="code", text=lambda _, traces: library_calls_html(traces["pool"])),)
    hint = "Every number of the input is yours: click it and type, or drag it up and down."

    def __init__(self, x: Any = None, **options: Any) -> None:
        x = np.loadtxt(_START.strip().splitlines(), dtype=int) if x is None else as_numbers("x", x, (2,))
        super().__init__(Pooling(x=x[None], **options))
