"""Lesson 05, first part: one filter along the depth."""

from functools import partial
from typing import Any, ClassVar

import numpy as np

from convviz import samples
from convviz.lessons import groups
from convviz.lessons.controls import Group
from convviz.lessons.lesson import Lesson
from convviz.lessons.note import Note
from convviz.lessons.notes import colour_picture_html, formula_html, library_calls_html, parameters_html
from convviz.lessons.picture import Picture
from convviz.lessons.prediction import Asker
from convviz.lessons.states import LayerState
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.questions import next_cell
from convviz.scenes import channels

_PICTURE = Picture(name="layer", trace=LayerState.trace, scene=partial(channels, names=("red", "green", "blue")))


class LayerLesson(Lesson[LayerState]):
    """What the parts of lesson 05 have in common: a layer, its next cell, its code and its counts."""

    pictures = (_PICTURE,)
    questions: ClassVar[tuple[Asker, ...]] = (lambda traces, step: next_cell(traces["layer"], step),)
    notes = (
        Note(name="colours", text=lambda state, _: colour_picture_html(state.x)),
        Note(name="counts", text=lambda _, traces: parameters_html(traces["layer"])),
        Note(
            name="formula",
            text=lambda state, traces: formula_html(traces["layer"], state.step),
            below=True,
            follows=True,
        ),
        Note(name="code", text=lambda _, traces: library_calls_html(traces["layer"])),
    )
    hint = groups.EDIT_HINT
    wide = True


class Channels(LayerLesson):
    """Follow one filter along the depth of its input, to one cell of one feature map.

    Parameters
    ----------
    x : array-like, shape (channels, rows, columns), optional
        The input to begin with; a small colour picture if left out.
    w : array-like, shape (filters, channels / groups, rows, columns), optional
        The filters to begin with.
    bias : array-like, shape (filters,), optional
        A number for each filter; zeros if left out with filters of your own.
    **options
        ``stride``, ``padding``, ``groups`` and ``activation``, as for `convviz.conv_layer`.

    Examples
    --------
    >>> lesson = Channels()
    >>> lesson.traces["layer"].output.shape
    (1, 4, 4)
    """

    controls = (
        Group(title="Change the numbers", controls=groups.numbers()),
        Group(title="The layer", controls=(groups.CHANNELS, groups.KERNEL, groups.ACTIVATION), opened=False),
    )

    def __init__(self, x: Any = None, w: Any = None, bias: Any = None, **options: Any) -> None:
        own = self._own()
        if x is not None or w is not None:
            x = own.x if x is None else as_numbers("x", x, (3,))
            count = options.get("groups", 1)
            w = samples.filter_bank(count, max(1, len(x) // count)) if w is None else as_numbers("w", w, (4,))
            bias = np.zeros(len(w), int) if bias is None else as_numbers("bias", bias, (1,))
            own = LayerState(x=x, w=w, bias=bias, **{"activation": "relu", **options})
        super().__init__(own)

    def _own(self) -> LayerState:
        """Return the lesson's own example."""
        return LayerState(
            x=samples.picture("apple"),
            w=samples.FILTERS["One 3×3 filter, three kernels"](),
            bias=np.array([1]),
            activation="relu",
        )
