"""Marks on single cells: a flag in the cell that won, cells that light up, a tint that grows with a count."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from convviz.scenes.panels.cells import ground
from convviz.scenes.panels.marks import Block, visible
from convviz.scenes.panels.part import Drawn
from convviz.trace import Array

if TYPE_CHECKING:
    from convviz.scenes.panels.panel import Panel

_JUST_ABOVE = 0.5 / 10_000
"""Half of what one artist is above the one before it."""
_DARKEST = 0.45


@dataclass(frozen=True, kw_only=True)
class Flag:
    """A frame within a cell of each step, with a corner filled, so that it differs from other frames without colour."""

    cell_of: Callable[[Any], Block]
    colour: str

    def __call__(self, panel: "Panel") -> Drawn:
        """Flag nothing yet."""
        style: dict[str, Any] = {"moving": True, "edgecolor": self.colour, "joinstyle": "miter"}
        frame = panel.sheet.rectangles([], fill=False, linewidth=2.2, **style)
        corner = panel.sheet.triangles([], facecolor=self.colour, linewidth=0, **style)

        def draw(step: Any, flipped: float) -> None:
            spots = []
            if step is not None:
                slices, rows, columns = self.cell_of(step)
                pieces = enumerate(panel.box.pieces, panel.first)
                spots = [piece.part(rows, columns) for n, piece in pieces if slices.start <= n < slices.stop]
            inset = 3.0 if panel.box.readable else 0.0
            frame.put([(x + inset, y + inset, w - 2 * inset, h - 2 * inset) for x, y, w, h in map(visible, spots)])
            corner.put([(x, y, min(9.0, w / 2)) for x, y, w, _ in frame.spots])

        return Drawn((frame, corner), draw)


@dataclass(frozen=True, kw_only=True)
class Lit:
    """Cells that light up at a step, each framed; ``cells_of`` returns their rows and columns."""

    cells_of: Callable[[Any], tuple[Array, Array]]
    colour: str

    def __call__(self, panel: "Panel") -> Drawn:
        """Light nothing up yet."""
        glow = panel.sheet.rectangles([], moving=True, facecolor=self.colour, edgecolor="none", alpha=0.2)
        lines = panel.sheet.rectangles([], moving=True, fill=False, edgecolor=self.colour, linewidth=2.0)

        def draw(step: Any, flipped: float) -> None:
            cells = [] if step is None else zip(*self.cells_of(step), strict=True)
            spots = [panel.box.part(slice(row, row + 1), slice(column, column + 1)) for row, column in cells]
            glow.put(spots)
            lines.put(spots)

        return Drawn((lines, glow), draw)


@dataclass(frozen=True, kw_only=True)
class Tint:
    """Cells of the first slice under their numbers, the darker the higher a count is."""

    counts: Array = field(repr=False)
    colour: str

    def __call__(self, panel: "Panel") -> Drawn:
        """Tint the cells."""
        low, high = int(self.counts.min()), int(self.counts.max())
        beneath = panel.drawn[ground].artists[-1].get_zorder()
        artists = []
        for number in range(low + 1, high + 1):
            spots = panel.box.spots(self.counts == number) if (self.counts == number).any() else []
            alpha = _DARKEST * (number - low) / (high - low)
            style: dict[str, Any] = {"facecolor": self.colour, "edgecolor": "none", "alpha": alpha}
            artists.append(panel.sheet.rectangles(spots, moving=False, **style))
            artists[-1].set_zorder(beneath + _JUST_ABOVE)
        return Drawn(tuple(artists))


@dataclass(frozen=True, kw_only=True)
class Stems:
    """A stem above each cell of a single row, as long as its number is large, from a line at zero.

    ``limits`` are the lowest and the highest number that is shown.
    """

    limits: tuple[float, float]

    def __call__(self, panel: "Panel") -> Drawn:
        """Draw the lines at zero."""
        sheet, strong, moving = panel.sheet, panel.plan.colour.strong, not panel.is_still
        bottoms = [piece.y - _ROOM_PX for piece in panel.box.pieces]
        zeros = [bottom - self._height(panel, 0.0) for bottom in bottoms]
        ends = panel.box.x, panel.box.x + panel.box.width
        sheet.lines([[(x, y) for x in ends] for y in zeros], moving=False, edgecolor=sheet.theme.line, linewidth=0.8)
        width = min(2.5, max(0.8, panel.box.cell_width / 4))
        stems = sheet.lines([], moving=moving, edgecolor=strong, linewidth=width)
        heads = sheet.rectangles([], moving=moving, facecolor=strong, edgecolor="none")

        def draw(step: Any, flipped: float) -> None:
            tops = [] if step is None and moving else self._tops(panel, step, bottoms)
            stems.put([[(x, zeros[number]), (x, y)] for number, x, y in tops])
            half = min(3.0, panel.box.cell_width / 4)
            heads.put([(x - half, y - half, 2 * half, 2 * half) for _, x, y in tops])

        if not moving:
            draw(None, 1.0)
        return Drawn((stems, heads), draw if moving else None)

    def _tops(self, panel: "Panel", step: Any, bottoms: Sequence[float]) -> list[tuple[int, float, float]]:
        """Return where stems end: the slice, and the place."""
        values, left, wide = panel.values(step)[:, 0], panel.box.x, panel.box.cell_width
        cells = np.argwhere(~np.ma.getmaskarray(values))
        data = np.ma.getdata(values)
        return [
            (int(at), left + (column + 0.5) * wide, bottoms[at] - self._height(panel, float(data[at, column])))
            for at, column in cells
        ]

    def _height(self, panel: "Panel", number: float) -> float:
        """Return how far above the lowest place a number is."""
        low, high = min(0.0, self.limits[0]), max(0.0, self.limits[1])
        share = (number - low) / ((high - low) or 1.0)
        return (panel.plan.stems_px - 2 * _ROOM_PX) * min(max(share, 0.0), 1.0)


_ROOM_PX = 4.0
"""Between the stems and what is above and below them."""
