"""The scene of template matching: a template at each place, and which place fits best."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np

from convviz.numerals import settle
from convviz.operations.matching.match_step import MatchStep
from convviz.operations.matching.match_template import MatchTrace, match_template
from convviz.operations.matching.metrics import pattern, terms
from convviz.scenes.layout.box import READABLE_CELLS
from convviz.scenes.panels.cells import bare
from convviz.scenes.panels.marks import Block, Frame
from convviz.scenes.panels.part import Part
from convviz.scenes.panels.ranked import Ranked
from convviz.scenes.panels.words import size
from convviz.scenes.parts.grid import grid_part, is_readable, marked, some_steps
from convviz.scenes.scene import Scene
from convviz.scenes.sums import sum_of_match
from convviz.theme import DESKTOP, Look
from convviz.trace import Array

_NEAREST = {"=": ", =: the template", "≈": ", ≈: nearest to it"}
_WITHIN = 2.0**-45
"""How far rounding can move a normalized score."""
_SUMS = {"ssd": "Σ→", "mse": "mean→", "correlation": "Σ→", "normalized": "Σ→"}
_SCORES = {"ssd": "small is good", "mse": "small is good", "correlation": "large wins", "normalized": "1 is perfect"}


def matching(trace: MatchTrace, look: Look = DESKTOP) -> Scene:
    """Show a template at each place: what the measure makes of the window and the template, and the map of the scores.

    Badges mark the best place so far (1) and the second (2), both on the image and on the map of scores. With the
    measure 'correlation', bright windows beat matching ones. So one more badge marks the window that is nearest to the
    template: = if it equals the template, ≈ if not.

    Parameters
    ----------
    trace : MatchTrace
        Made by `convviz.match_template`.
    look : Look
        The room at hand.

    Examples
    --------
    >>> from convviz import match_template
    >>> scene = matching(match_template([0, 1, 0, 9, 9, 9], [0, 1, 0], "ssd"))
    >>> [panel.name for panel in scene.panels]
    ['image', 'template', 'differences', 'squares', 'scores']
    """
    match = _Match(trace, look)
    image = match.image()
    compared = [] if is_readable(image, look) else [match.of_step("window", "input", "Window", "", _patch, sign="→")]
    compared += match.parts()
    return Scene(trace, look, [image, *compared, match.scores()], written=sum_of_match)


class _Match:
    """The parts of the picture."""

    def __init__(self, trace: MatchTrace, look: Look) -> None:
        self.trace, self.look, self.views = trace, look, trace.terms.views
        self.steps = some_steps(trace)
        self.shape: tuple[int, ...] = (1, *trace.template.shape)[-2:]
        self.note = size(trace.template.shape)

    def image(self) -> Part:
        """Show the image, the window of the step, and the places that fit best."""
        image = self.trace.image
        badges = ("1", "2", *self.nearest)
        note = size(image.shape) + "".join(_NEAREST[badge] for badge in self.nearest)
        view = self.views["input"]
        part = grid_part(self.look, "image", "input", "Image", note, values=_as_rows(image), view=view)
        window = Frame(block_of=lambda step: _block(step.window), colour=self.look.theme.kernel.strong)
        ranked = Ranked(badges=badges, blocks_of=lambda step: self.places(step) | self.nearest)
        return marked(part, window, ranked, edits="image" if is_readable(part, self.look) else "")

    def scores(self) -> Part:
        """Show the scores of the places that the template has been at."""
        output = _as_rows(self.trace.output)
        if self.trace.metric == "normalized" and max(output.shape) <= READABLE_CELLS:
            output = settle(output, _WITHIN)
        note = f"{_SCORES[self.trace.metric]}; 1: best so far, 2: second"
        what, sign, view = ("scores", "output", "Scores", note), _SUMS[self.trace.metric], self.views["output"]
        part = grid_part(self.look, *what, values=output, view=view, sign=sign)
        frame = Frame(block_of=lambda step: _cell(step.position), colour=self.look.theme.output.strong)
        ranked = Ranked(badges=("1", "2"), blocks_of=self.ranks)
        return marked(part, frame, ranked, known=lambda step: step.index + 1)

    def parts(self) -> list[Part]:
        """Show what the measure makes of the window and the template."""
        if self.trace.metric == "normalized":
            return self._patterns()
        if self.trace.metric == "correlation":
            products = self.of_step("products", "products", "Products", "cell by cell", _terms, sign="=")
            return [self.template("×"), products]
        differences = self.of_step(
            "differences", "products", "Differences", "", lambda step: step.differences, sign="="
        )
        squares = self.of_step("squares", "products", "Squares", "of differences", _squares, sign="→")
        return [self.template("−"), differences, squares]

    def template(self, sign: str = "") -> Part:
        """Show the template."""
        what, values = ("template", "kernel", "Template", self.note), _as_rows(self.trace.template)
        part = grid_part(self.look, *what, values=values, view=self.views["kernel"], sign=sign)
        return marked(part, edits="template")

    def _patterns(self) -> list[Part]:
        """Show both patterns, with their means subtracted and their lengths made 1; nothing where there is none."""
        note = "mean 0, length 1"
        window = self.of_step("pattern", "input", "Window's pattern", note, lambda step: step.pattern, begins=True)
        cells, view = _as_rows(pattern(self.trace.template)), self.views["kernel"]
        what, values = ("wanted", "kernel", "Template's pattern", note), np.ma.masked_array(cells, not cells.any())
        wanted = grid_part(self.look, *what, values=values, sample=cells, view=view, sign="×")
        products = self.of_step("products", "products", "Products", "cell by cell", _pattern_products, sign="=")
        return [self.template("and"), *(marked(part, bare) for part in (window, wanted, products))]

    def of_step(
        self, name: str, role: str, title: str, note: str, values_of: Callable[[MatchStep], Array], **plan: Any
    ) -> Part:
        """Show an array of the step that has the template's shape."""
        sample = np.stack([np.ma.filled(values_of(step), 0) for step in self.steps])
        view = self.views["window" if role == "input" else "products"]
        what = (name, role, title, note)
        return grid_part(self.look, *what, values=values_of, sample=sample, shape=self.shape, view=view, **plan)

    def ranks(self, step: MatchStep) -> dict[str, Block]:
        """Return the cells of the best score so far and of the second."""
        return {name: _cell(self.trace[number].position) for name, number in self._ranked(step.index).items()}

    def places(self, step: MatchStep) -> dict[str, Block]:
        """Return the windows of the best score so far and of the second."""
        return {name: _block(self.trace[number].window) for name, number in self._ranked(step.index).items()}

    def _ranked(self, index: int) -> dict[str, int]:
        """Return the steps with the best score so far and with the second, the earlier one of equals."""
        known = self.trace.output.reshape(-1)[: index + 1]
        pick = np.argmin if self.trace.smaller_is_better else np.argmax
        best = int(pick(known))
        if not index:
            return {"1": best}
        second = int(pick(np.delete(known, best)))
        return {"1": best, "2": second + (second >= best)}

    @cached_property
    def nearest(self) -> dict[str, Block]:
        """The window that is nearest to the template, where the measure does not look for it."""
        if self.trace.metric != "correlation":
            return {}
        differences = match_template(self.trace.image, self.trace.template, "mse")
        place = differences.best
        badge = "=" if np.array_equal(differences[differences.index_of(place)].patch, self.trace.template) else "≈"
        return {badge: _block(self.trace.geometry.window(place))}


def _patch(step: MatchStep) -> Array:
    return step.patch


def _terms(step: MatchStep) -> Array:
    return step.terms


def _squares(step: MatchStep) -> Array:
    return terms("ssd", step.patch, step.template)


def _pattern_products(step: MatchStep) -> Array:
    return np.ma.masked_array(step.terms, np.ma.getmaskarray(step.pattern))


def _as_rows(values: Array) -> Array:
    return np.atleast_2d(values)


def _block(window: tuple[slice, ...]) -> Block:
    rows, columns = (slice(0, 1), *window)[-2:]
    return slice(0, 1), rows, columns


def _cell(position: tuple[int, ...]) -> Block:
    return _block(tuple(slice(at, at + 1) for at in position))
