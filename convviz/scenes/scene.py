"""A scene: panels on a sheet, which show any step of a trace."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from matplotlib.artist import Artist
from matplotlib.figure import Figure

from convviz.numerals import WrittenSum
from convviz.scenes.drawing.equation import Equation, lines_for, longest_sums, sum_of_patch, width_of
from convviz.scenes.drawing.sheet import Sheet
from convviz.scenes.layout.arrange import arrange
from convviz.scenes.layout.box import SIGN_PX, Box, Plan
from convviz.scenes.panels.panel import Panel
from convviz.scenes.panels.part import Part
from convviz.terms import Terms
from convviz.theme import Look
from convviz.trace import Trace

_RESIZED = ("x", "w", "h", "image", "template")
"""The operands to which a page adds rows and columns."""
_WIDE_PX = 500
_LEAST_WIDTH_PX = 320
"""So that an equation below small panels need not be broken at every term."""
WIDE_HEIGHT_PX, _NARROW_HEIGHT_PX = 400.0, 700.0
FLIPS = 20
"""Frames of the flip animation."""


class Scene:
    """A picture of a trace: panels side by side, the signs between them, the equation below.

    Parameters
    ----------
    trace : Trace
        What is shown.
    look : Look
        The room at hand, the density, and the theme.
    parts : sequence of Part
        The panels, in reading order.
    flips : int
        Frames of the kernel's flip animation, 0 where nothing is flipped.
    height : float, optional
        CSS pixels that the picture should not exceed if smaller cells can prevent it.
    channels : int
        How many there are where one of them is shown large, 0 where all are shown alike.
    maps : int
        How many feature maps the steps fill, one after the other; 0 where steps fill no map.
    written : callable, optional
        Returns the sum that is written below at each step.
    """

    def __init__(
        self,
        trace: Trace[Any],
        look: Look,
        parts: Sequence[Part],
        *,
        flips: int = 0,
        height: float | None = None,
        channels: int = 0,
        maps: int = 0,
        written: Callable[[Any], WrittenSum] | None = sum_of_patch,
    ) -> None:
        self.trace, self.flips, self.channels, self.maps = trace, flips, channels, maps
        plans = [replace(part.plan, is_resized=_is_resized(part)) for part in parts]
        limit = height or (WIDE_HEIGHT_PX if look.width > _WIDE_PX else _NARROW_HEIGHT_PX)
        longest = longest_sums(trace, written) if written else []
        most = limit - Equation.height_px(lines_for(longest, look.width))
        boxes, (width, bottom) = arrange(plans, look.width, most)
        width = max(width, min(look.width, max(_LEAST_WIDTH_PX, width_of(longest))))
        lines = lines_for(longest, width)
        self.sheet = Sheet(look, width, bottom + Equation.height_px(lines))
        self.panels = [Panel(self.sheet, part, box) for part, box in zip(parts, boxes, strict=True)]
        self.signs = self.sheet.lettering([], SIGN_PX, look.theme.muted, moving=False)
        self._put_signs(plans, boxes)
        self.equation = Equation(self.sheet, y=bottom, lines=lines, width=width, written=written) if written else None

    @property
    def figure(self) -> Figure:
        """The figure, sized for the look."""
        return self.sheet.figure

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in CSS pixels."""
        return self.sheet.size

    @property
    def moving(self) -> list[Artist]:
        """The artists that change from step to step, in drawing order."""
        return sorted(self.sheet.moving, key=lambda artist: artist.get_zorder())

    @property
    def terms(self) -> Terms | None:
        """The trace in index notation, if it is a sum of products."""
        return getattr(self.trace, "terms", None)

    def about(self) -> dict[str, Any]:
        """Return what the page must know of the picture: what its cells stand for, and where they are."""
        return {
            "terms": self.terms and self.terms.as_json(),
            "panels": [panel.about() for panel in self.panels if panel.has_cells],
            "channels": self.channels,
            "maps": self.maps,
        }

    def draw(self, index: int) -> None:
        """Show step ``index``; the picture depends on it alone."""
        step = self.trace[index]
        for panel in self.panels:
            panel.draw(step)
        if self.equation:
            self.equation.draw(step)

    def draw_flip(self, number: int) -> None:
        """Show frame ``number`` of the kernel's flip animation, before anything is computed."""
        if not 0 <= number < self.flips:
            raise IndexError(f"number={number}, but the flip animation has {self.flips} frames, counted from 0")
        for panel in self.panels:
            panel.draw(None, number / max(1, self.flips - 1))
        if self.equation:
            self.equation.clear()

    def release(self) -> None:
        """Let go of all that was drawn, of which nothing can be shown afterwards.

        matplotlib's figures and artists refer to each other, and so do panels and their marks. Left alone, they would
        stay in memory until Python looks for such circles.
        """
        for panel in self.panels:
            panel.drawn.clear()
        self.sheet.release()

    def _put_signs(self, plans: Sequence[Plan], boxes: Sequence[Box]) -> None:
        """Put the sign before each panel: once for each slice where slices stand one below the other."""
        spots, texts = [], []
        for before, plan, box in zip([None, *plans], plans, boxes, strict=False):
            if plan.sign:
                slicewise = before and before.slices == plan.slices and before.across == plan.across == 1
                middles = (
                    [piece.y + piece.height / 2 for piece in box.pieces] if slicewise else [box.y + box.height / 2]
                )
                spots += [(box.x - plan.gap_px / 2, middle) for middle in middles]
                texts += [plan.sign] * len(middles)
        self.signs.put(spots, texts)


def _is_resized(part: Part) -> bool:
    """Whether a page adds rows or columns to what a panel shows; not where its cells are set out as a vector."""
    if part.edits not in _RESIZED or part.view is None or part.view.held:
        return False
    return any(len(axis) == 1 for axis in (part.view.row, part.view.column))
