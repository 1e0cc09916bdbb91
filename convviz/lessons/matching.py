"""Lesson 08: a small picture is searched for in a large one, and every measure has its own idea of the best place."""

from typing import Any

from convviz import samples
from convviz.lessons.controls import Choice, Group, Number, Press, Random
from convviz.lessons.lesson import Lesson
from convviz.lessons.note import Note
from convviz.lessons.notes import distances_html, formula_html, library_calls_html, winners_html
from convviz.lessons.picture import Picture
from convviz.lessons.states import Search
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.matching.metrics import Metric
from convviz.questions import best_window, next_score
from convviz.scenes import matching

_MEASURES = (("ssd", "Squares"), ("correlation", "Correlation"), ("normalized", "Normalized"))
_MOST_CELLS = 18
"""Along a side: with more, there is no room for the numbers that a learner draws."""


class Matching(Lesson[Search]):
    """Slide a template over a picture, and score each window by how well it fits.

    Parameters
    ----------
    image, template : array-like, shape (columns,) or (rows, columns), optional
        The picture to begin with, and what is searched for in it; the lesson's own where both are left out.
    metric : {'ssd', 'correlation', 'normalized', 'mse'}
        The measure to begin with.

    Examples
    --------
    >>> Matching([0, 1, 2, 4, 0], [1, 2, 4]).traces["match"].best
    (1,)
    """

    pictures = (Picture(name="match", trace=Search.trace, scene=matching),)
    controls = (
        Group(
            title="What to find",
            controls=(
                Choice(field="example", label="Search for", values=tuple((title, title) for title in samples.SEARCHES)),
                Choice(field="metric", label="Measure", values=_MEASURES),
                Press(field="flipped", label="Flip the template", change=Search.with_flipped),
            ),
        ),
        Group(
            title="Draw your own",
            opened=False,
            controls=(
                Number(field="image", axis=-2, label="Image rows", least=1, most=_MOST_CELLS),
                Number(field="image", axis=-1, label="Image columns", least=1, most=_MOST_CELLS),
                Number(field="template", axis=-2, label="Template rows", least=1, most=_MOST_CELLS),
                Number(field="template", axis=-1, label="Template columns", least=1, most=_MOST_CELLS),
                Random(field="image", label="Random image", low=0, high=9),
            ),
        ),
    )
    questions = (
        lambda traces, step: next_score(traces["match"], step),
        lambda traces, step: best_window(traces["match"], step),
    )
    notes = (
        Note(
            name="formula",
            text=lambda state, traces: formula_html(traces["match"], state.step),
            below=True,
            follows=True,
        ),
        Note(name="winners", text=lambda _, traces: winners_html(traces["match"])),
        Note(name="distances", text=lambda state, traces: distances_html(traces["match"][state.step]), follows=True),
        Note(name="code", text=lambda _, traces: library_calls_html(traces["match"])),
    )
    hint = "Draw in the image and in the template: click a number and type, drag it, or paste a block."
    wide = True

    def __init__(self, image: Any = None, template: Any = None, metric: Metric = "ssd") -> None:
        own = samples.NAMED_SEARCHES["counting"]
        if image is None and template is None:
            image, template = own.image(), own.template()
        super().__init__(
            Search(image=as_numbers("image", image), template=as_numbers("template", template), metric=metric)
        )
