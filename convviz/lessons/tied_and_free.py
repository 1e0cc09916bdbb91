"""Lesson 04, second part: a convolution and a dense layer are trained side by side."""

from operator import attrgetter
from typing import Any

from convviz.lessons.controls import Choice, Group, Number, Press, Random, Typed
from convviz.lessons.lesson import Lesson
from convviz.lessons.note import Note
from convviz.lessons.notes import formula_html, library_calls_html, parameters_html, training_html
from convviz.lessons.picture import Picture
from convviz.lessons.states import Training
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.questions import tied_gradient
from convviz.scenes import backward, matrix_gradient

_RATES = ((0.001, "0.001"), (0.01, "0.01"), (0.02, "0.02"), (0.05, "0.05"))


class TiedAndFree(Lesson[Training]):
    """Train a convolution and a dense layer that begin with the same matrix, one step at a time.

    Parameters
    ----------
    x, w : array-like, optional
        The input and the kernel to begin with; 1 2 3 4 and 5 6 7 if left out.
    target : array-like, optional
        What both should compute; the lesson's own, or with numbers of your own, what the convolution computes.

    Examples
    --------
    >>> lesson = TiedAndFree()
    >>> lesson.use("press steps_ahead", True)
    >>> lesson.state.w
    array([4.84, 5.74, 6.64])
    """

    pictures = (
        Picture(
            name="tied",
            trace=attrgetter("tied"),
            scene=matrix_gradient,
            title="Convolution: tied weights, and zeros",
            share=1.25,
        ),
        Picture(name="free", trace=attrgetter("untied"), scene=matrix_gradient, title="Dense layer: all weights free"),
        Picture(name="backward", trace=lambda state: state.tied.back, scene=backward, beside=True),
    )
    controls = (
        Group(
            title="Train",
            controls=(
                Press(
                    field="steps_ahead",
                    label="Train one step",
                    change=lambda state: state.with_field("steps_ahead", state.steps_ahead + 1),
                ),
                Choice(field="rate", label="Learning rate", values=_RATES),
                Typed(field="target", label="Target", hint="a number for each output"),
            ),
        ),
        Group(
            title="Change the numbers",
            opened=False,
            controls=(
                Random(field="x", label="Random input", low=0, high=4),
                Random(field="w", label="Random kernel", low=-5, high=9),
                Number(field="x", axis=-1, label="Inputs", least=1, most=8),
                Number(field="w", axis=-1, label="Kernel", least=1, most=5),
            ),
        ),
    )
    questions = (lambda traces, step: tied_gradient(traces["tied"], step),)
    notes = (
        Note(
            name="training",
            text=lambda state, traces: training_html(traces["tied"], traces["free"], state.target),
            below=True,
        ),
        Note(
            name="formula",
            text=lambda state, traces: formula_html(traces["tied"], state.step),
            below=True,
            follows=True,
        ),
        Note(name="counts", text=lambda state, _: parameters_html(state.convolution)),
        Note(name="code", text=lambda _, traces: library_calls_html(traces["tied"])),
    )
    hint = "Change a weight of the convolution: all entries of its colour change. In the dense layer one changes alone."
    wide = True

    def __init__(self, x: Any = None, w: Any = None, target: Any = None) -> None:
        is_own = x is None and w is None
        x = as_numbers("x", [1, 2, 3, 4] if x is None else x, (1,))
        w = as_numbers("w", [5, 6, 7] if w is None else w, (1,))
        target = [36, 53] if target is None and is_own else target
        super().__init__(Training.of(x, w, None if target is None else as_numbers("target", target, (1,))))
