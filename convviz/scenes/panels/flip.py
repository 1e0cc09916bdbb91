"""The kernel on its way from as given to flipped."""

from dataclasses import dataclass, field
from math import cos, pi, sin
from typing import TYPE_CHECKING, Any

import numpy as np

from convviz.scenes.drawing.sheet import greys
from convviz.scenes.panels.part import Drawn
from convviz.scenes.panels.words import numerals
from convviz.trace import Array

if TYPE_CHECKING:
    from convviz.scenes.panels.panel import Panel


@dataclass(frozen=True, kw_only=True)
class Flip:
    """The flip of a kernel, upside down and left to right, as one half turn.

    Cells move about the centre, numbers stay upright, and all shrinks a little on the way so as to keep its place.
    ``given`` is the kernel as it is before.
    """

    given: Array = field(repr=False)

    def __call__(self, panel: "Panel") -> Drawn:
        """Hide everything: the kernel is flipped already, but for the frames that show how."""
        sheet, box, paper = panel.sheet, panel.box, panel.sheet.theme.paper
        cover = sheet.rectangles([], moving=True, facecolor=paper, edgecolor=paper, linewidth=3)
        cells = sheet.cells(moving=True, edgecolors=panel.plan.colour.strong, linewidths=0.8)
        shades = [str(grey) for grey in greys(self.given, self.given.min(), self.given.max()).flat]
        cells.set_facecolor(panel.plan.colour.pale if box.readable else shades)
        letters = sheet.lettering([], panel.number_px, sheet.theme.ink, moving=True)
        texts = numerals(self.given) if box.readable else []

        def draw(step: Any, flipped: float) -> None:
            is_flipping = step is None
            cover.put([box.spot] if is_flipping else [])
            cells.set_visible(is_flipping)
            centres, corners = self._cells(panel, flipped) if is_flipping else (np.zeros((0, 2)), None)
            if corners is not None:
                cells.set_verts(list(corners))
            letters.put([(float(x), float(y)) for x, y in centres] if texts else [], texts if is_flipping else [])

        draw(panel, 1.0)
        return Drawn((cells, letters, cover), draw)

    def _cells(self, panel: "Panel", flipped: float) -> tuple[Array, Array]:
        """Return the centres of the cells and their corners."""
        box = panel.box
        centre = np.array([box.x + box.width / 2, box.y + box.height / 2])
        angle = pi * flipped
        shrink = 1 / (abs(cos(angle)) + abs(sin(angle)))
        turn = np.array([[cos(angle), sin(angle)], [-sin(angle), cos(angle)]]) * shrink
        # Turned as a square and stretched afterwards, so that wide cells stay within the panel too.
        unit = np.array([box.width, box.height]) / 2
        centres = (np.array(box.centres()) - centre) / unit @ turn * unit + centre
        half = np.array([1 / box.columns, 1 / box.rows])
        corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * half @ turn * unit
        return centres, centres[:, None, :] + corners
