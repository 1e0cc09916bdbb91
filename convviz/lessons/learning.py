"""Lesson 09: a kernel is learned from pictures before and after, in a layer that flips it and in one that does not."""

from functools import partial
from typing import Any

from convviz import samples
from convviz.lessons.controls import Choice, Examples, Group, Number
from convviz.lessons.lesson import Lesson
from convviz.lessons.note import Note
from convviz.lessons.notes import formula_html, library_calls_html, twins_verdict
from convviz.lessons.picture import Picture
from convviz.lessons.states import Learned
from convviz.lessons.states.learned import MOST_UPDATES
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.convolution.correlate import correlate
from convviz.questions import next_weight
from convviz.scenes import learning

STARTS = (("zeros", "Zeros"), ("constant", "All 0.5"), ("normal", "Normal"), ("xavier", "Xavier"), ("he", "He"))
MOST_SEED = 99


class Learning(Lesson[Learned]):
    """Learn a kernel by gradient descent, in a layer that does not flip it, and beside it in one that does.

    Parameters
    ----------
    x, target : array-like, shape (columns,) or (rows, columns), optional
        The input, and the output that the kernel should make of it. If both are left out: a few stars, and what a Sobel
        kernel makes of them.
    updates : int
        How many, 1 to 200.

    Examples
    --------
    >>> Learning().traces["learning"].kernel.round(1) + 0
    array([[-1.,  0.,  1.],
           [-2.,  0.,  2.],
           [-1.,  0.,  1.]])
    """

    pictures = (Picture(name="learning", trace=Learned.trace, scene=partial(learning, twin=True)),)
    controls = (
        Group(
            title="How to learn",
            controls=(
                Choice(field="pace", label="Learning rate", values=Learned.rates),
                Choice(field="start", label="First weights", values=STARTS),
                Number(field="seed", label="Random seed", least=0, most=MOST_SEED),
                Number(field="updates", label="Updates", least=1, most=MOST_UPDATES),
            ),
        ),
        Group(
            title="What to learn",
            controls=(
                Choice(field="maker", label="Target made by", values=Learned.makers),
                Examples(field="x", label="Input"),
            ),
        ),
    )
    questions = (lambda traces, step: next_weight(traces["learning"], step),)
    notes = (
        Note(name="verdict", text=lambda _, traces: twins_verdict(traces["learning"]), below=True),
        Note(
            name="formula",
            text=lambda state, traces: formula_html(traces["learning"], state.step),
            below=True,
            follows=True,
        ),
        Note(name="code", text=lambda _, traces: library_calls_html(traces["learning"])),
    )
    hint = "Input and target are yours: click a number and type, or drag it up and down."
    wide = True

    def __init__(self, x: Any = None, target: Any = None, updates: int = 12) -> None:
        if x is None and target is None:
            x = samples.picture("stars")
            target = correlate(x, samples.kernel("sobel_x")).output
        super().__init__(Learned(x=as_numbers("x", x), target=as_numbers("target", target), updates=updates))
