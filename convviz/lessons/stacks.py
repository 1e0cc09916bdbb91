"""Lesson 10, third part: layers one after the other, how far their outputs see, and what a linear layer expects."""

from functools import partial
from typing import Any

from convviz.lessons.controls import Choice, Group, Number, Press
from convviz.lessons.lesson import Lesson
from convviz.lessons.note import Note
from convviz.lessons.notes import linear_html, stack_code_html, stack_html
from convviz.lessons.picture import Picture
from convviz.lessons.states import Stack
from convviz.questions import further_sight
from convviz.scenes import receptive_field

_ADDED = (("c3", "+ 3×3"), ("c3s2", "+ 3×3, stride 2"), ("c3d2", "+ 3×3, dilation 2"), ("p2", "+ pooling 2×2"))


class Layers(Lesson[Stack]):
    """Build a stack of layers, and see what one output cell depends on.

    Parameters
    ----------
    **options
        ``layers``, ``size``, ``padding``, ``filters`` and ``features``, as fields of the state.

    Examples
    --------
    >>> Layers(layers="c3 c3 c3").traces["sight"].size
    (7,)
    """

    pictures = (Picture(name="sight", trace=Stack.trace, scene=receptive_field),)
    controls = (
        Group(
            title="Build the stack",
            controls=(
                *(
                    Press(field=f"added {w}", label=label, change=partial(Stack.with_added, word=w))
                    for w, label in _ADDED
                ),
                Press(field="fewer", label="− the last layer", change=Stack.with_fewer),
            ),
        ),
        Group(
            title="All layers",
            controls=(
                Number(field="size", label="Input size", least=4, most=32, fitting=True),
                Choice(field="padding", label="Padding", values=((0, "0"), (1, "1")), fitting=True),
                Number(field="filters", label="Filters", least=1, most=64),
                Press(field="fitted", label="Fit the linear layer", change=Stack.with_fitted),
            ),
        ),
    )
    questions = (lambda traces, _: further_sight(traces["sight"]),)
    notes = (
        Note(name="stack", text=lambda state, _: stack_html(state), below=True),
        Note(name="linear", text=lambda state, _: linear_html(state), below=True),
        Note(name="torch", text=lambda state, _: stack_code_html(state)),
    )
    hint = "Step through the output cells, or point at one: the cone shows what it depends on."
    wide = True

    def __init__(self, **options: Any) -> None:
        super().__init__(Stack(**options))
