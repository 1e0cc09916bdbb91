"""A scene: a sheet laid out from panels, which shows any step of a trace."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from matplotlib.artist import Artist
from matplotlib.figure import Figure

from convviz.numerals import WrittenSum
from convviz.scenes.drawing.equation import Equation, sum_of_patch
from convviz.scenes.drawing.sheet import Sheet
from convviz.scenes.layout.arrange import arrange
from convviz.scenes.layout.box import SIGN_PX, Box
from convviz.scenes.panels.panel import Hotspot
from convviz.scenes.panels.parts import Part
from convviz.theme import Look
from convviz.trace import Trace

_WIDE_PX = 700
_LEAST_WIDTH_PX = 320
"""So that an equation below small panels need not be broken at every term."""
_WIDE_HEIGHT_PX, _NARROW_HEIGHT_PX = 440.0, 700.0
TURNS = 20
"""Frames of the kernel's turn."""


class Scene:
    """A picture of a trace: panels side by side, the signs between them, the equation below.

    Parameters
    ----------
    trace : Trace
        What is shown.
    look : Look
        The room at hand, the density, and the theme.
    parts : sequence of (Plan, callable)
        The panels, in reading order; the callable makes one from ``(sheet, plan, box)``.
    turns : int
        How many frames the kernel's turn has, 0 where nothing is turned.
    height : float, optional
        CSS pixels that the panels should not exceed if smaller cells can prevent it.
    channels : int
        Of how many channels the look's one is shown large, 0 where all are shown alike.
    written : callable, optional
        Gives the sum that is written out below at each step: of the products, unless told otherwise.
    """

    def __init__(
        self,
        trace: Trace[Any],
        look: Look,
        parts: Sequence[Part],
        *,
        turns: int = 0,
        height: float | None = None,
        channels: int = 0,
        written: Callable[[Any], WrittenSum] | None = sum_of_patch,
    ) -> None:
        self.trace = trace
        self.turns = turns
        self.channels = channels
        plans = [plan for plan, _ in parts]
        limit = height or (_WIDE_HEIGHT_PX if look.width > _WIDE_PX else _NARROW_HEIGHT_PX)
        boxes, (width, bottom) = arrange(plans, look.width, limit)
        width = max(width, min(look.width, _LEAST_WIDTH_PX))
        equation_lines = Equation.lines_for(trace, width, written) if written else 0
        self.sheet = Sheet(look, width, bottom + Equation.height_px(equation_lines))
        self.panels = [make(self.sheet, plan, box) for (plan, make), box in zip(parts, boxes, strict=True)]
        for plan, box, after in zip(plans, boxes, boxes[1:], strict=False):
            if plan.sign and after.x > box.x:
                level = box.pieces if len(box.pieces) == len(after.pieces) else [replace(box, slices=1, y=_middle(box))]
                spots = [(after.x - plan.gap_px / 2, piece.y + piece.height / 2) for piece in level]
                signs = self.sheet.lettering(spots, SIGN_PX, look.theme.muted, moving=False)
                signs.set_texts([plan.sign] * len(spots))
        self.equation = (
            Equation(self.sheet, y=bottom, lines=equation_lines, width=width, written=written) if written else None
        )

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

    def hotspots(self) -> list[Hotspot]:
        """Tell where the cells of each panel are."""
        return [spot for panel in self.panels for spot in panel.hotspots]

    def draw(self, index: int) -> None:
        """Show step ``index``; the picture depends on it alone."""
        step = self.trace[index]
        for panel in self.panels:
            panel.draw(step)
        if self.equation:
            self.equation.draw(step)

    def draw_turn(self, turn: int) -> None:
        """Show frame ``turn`` of the kernel's turn, before anything is computed."""
        if not 0 <= turn < self.turns:
            raise IndexError(f"turn={turn}, but there are {self.turns} frames of the kernel's turn, from 0")
        done = turn / max(1, self.turns - 1)
        for panel in self.panels:
            panel.draw_turn(done)
        if self.equation:
            self.equation.clear()


def _middle(box: Box) -> float:
    """Tell where a single slice of a box would be, amid the others."""
    return box.y + (box.height - box.rows * box.cell_height) / 2
