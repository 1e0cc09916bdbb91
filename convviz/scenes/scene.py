"""A scene: a sheet laid out from panels, which shows any step of a trace."""

from collections.abc import Callable, Sequence
from typing import Any

from matplotlib.artist import Artist
from matplotlib.figure import Figure

from convviz.scenes.equation import Equation
from convviz.scenes.layout import GAP_PX, Plan, arrange
from convviz.scenes.panel import Hotspot, Panel
from convviz.scenes.sheet import Sheet
from convviz.theme import Look
from convviz.trace import Trace

PanelMaker = Callable[..., Panel]
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
    """

    def __init__(
        self, trace: Trace[Any], look: Look, parts: Sequence[tuple[Plan, PanelMaker]], *, turns: int = 0
    ) -> None:
        self.trace = trace
        self.turns = turns
        plans = [plan for plan, _ in parts]
        boxes, (width, height) = arrange(plans, look.width, height=440 if look.width > 700 else 700)
        equation_lines = Equation.lines_for(trace, width)
        self.sheet = Sheet(look, width, height + Equation.height_px(equation_lines))
        self.panels = [make(self.sheet, plan, box) for (plan, make), box in zip(parts, boxes, strict=True)]
        for plan, box, after in zip(plans, boxes, boxes[1:], strict=False):
            if plan.sign and after.x > box.x:
                spot = (after.x - GAP_PX / 2, box.y + box.height / 2)
                signs = self.sheet.lettering([spot], 20, look.theme.muted, moving=False)
                signs.set_texts([plan.sign])
        self.equation = Equation(self.sheet, y=height, lines=equation_lines, width=width)

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
        return [panel.hotspot for panel in self.panels]

    def draw(self, index: int) -> None:
        """Show step ``index``; the picture depends on it alone."""
        step = self.trace[index]
        for panel in self.panels:
            panel.draw(step)
        self.equation.draw(step)

    def draw_turn(self, turn: int) -> None:
        """Show frame ``turn`` of the kernel's turn, before anything is computed."""
        done = turn / max(1, self.turns - 1)
        for panel in self.panels:
            panel.draw_turn(done)
        self.equation.clear()
