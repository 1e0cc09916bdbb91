"""Lesson 11: a learner's own numbers, under any operation."""

from collections.abc import Callable
from typing import Any

from convviz.lessons.controls import Choice, Control, Examples, Group, Loaded, Number, Pasted
from convviz.lessons.groups import ACTIVATIONS, EDIT_HINT, MODES
from convviz.lessons.lesson import Lesson
from convviz.lessons.note import Note
from convviz.lessons.notes import library_calls_html
from convviz.lessons.picture import Picture
from convviz.lessons.states import OPERATIONS, Own
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.questions import next_number
from convviz.scenes import default_scene

_X = ((2, 5, 0, 9), (3, 7, 6, 6), (8, 4, 2, 4), (2, 5, 3, 9))
_W = ((1, 5), (6, -3))
"""With these numbers, every usual mistake about every cell leads to an answer of its own."""
_KINDS = (("max", "maximum"), ("mean", "mean"))
_MEASURES = (("ssd", "Squares"), ("correlation", "Correlation"), ("normalized", "Normalized"))


def _uses(name: str) -> Callable[[Own], bool]:
    return lambda state: state.uses(name)


def _choice(field: str, label: str, values: Any) -> Control:
    return Choice(field=field, label=label, values=values, where=_uses(field))


def _number(field: str, label: str, least: int, most: int) -> Control:
    return Number(field=field, label=label, least=least, most=most, fitting=True, where=_uses(field))


class OwnNumbers(Lesson[Own]):
    """Any input and any kernel under any operation.

    Parameters
    ----------
    x, w : array-like, optional
        The input and the kernel to begin with; the lesson's own where left out.
    operation : str
        The name of the operation to begin with.

    Examples
    --------
    >>> OwnNumbers([1, 2, 3, 4], [5, 6, 7], "convolve").traces["own"].output
    array([34, 52])
    """

    pictures = (Picture(name="own", trace=Own.trace, scene=default_scene),)
    controls = (
        Group(
            title="What to do",
            controls=(
                Choice(
                    field="operation",
                    label="Operation",
                    values=tuple((name, operation.title) for name, operation in OPERATIONS.items()),
                ),
                _choice("mode", "Mode", MODES),
                _choice("metric", "Measure", _MEASURES),
                _choice("kind", "Takes the", _KINDS),
                _number("size", "Window", 1, 4),
                _number("stride", "Stride", 1, 4),
                _number("padding", "Padding", 0, 3),
                _number("dilation", "Dilation", 1, 3),
                _number("output_padding", "Output padding", 0, 2),
                _choice("activation", "Activation", ACTIVATIONS),
            ),
        ),
        Group(
            title="Your input",
            controls=(
                Pasted(field="x", label="Paste the input"),
                Loaded(field="x", label="Load the input from a file"),
                Examples(field="x", label="Example input"),
            ),
        ),
        Group(
            title="Your kernel",
            controls=(
                Pasted(field="w", label="Paste the kernel"),
                Loaded(field="w", label="Load the kernel from a file", side=16),
                Examples(field="w", label="Example kernel"),
            ),
        ),
    )
    questions = (lambda traces, step: next_number(traces["own"], step),)
    notes = (Note(name="code", text=lambda _, traces: library_calls_html(traces["own"])),)
    hint = EDIT_HINT
    wide = True
    saves = True

    def __init__(self, x: Any = _X, w: Any = _W, operation: str = "correlate") -> None:
        x, w = as_numbers("x", x, (1, 2, 3)), as_numbers("w", w, (1, 2, 3, 4))
        super().__init__(Own(x=x, w=w, operation=operation))

    def _advice(self) -> str:
        """Say what the operation takes of the learner's arrays, where it cannot take them as they are."""
        x, w = self.state.taken()
        said = [f"Of your input this takes {x}."] if x else []
        said += [f"Your kernel: {w}."] if w else []
        return " ".join([*said, self.hint])
