"""Cells that are left out at a step."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from convviz.scenes.panels.cells import lines_between
from convviz.scenes.panels.part import Drawn
from convviz.trace import Array

if TYPE_CHECKING:
    from convviz.scenes.panels.panel import Panel


def unseen(panel: "Panel") -> Drawn:
    """Blank the cells in which nothing stands at a step, and leave the lines between them."""
    box, theme, sheet = panel.box, panel.sheet.theme, panel.sheet
    empty = sheet.rectangles([], moving=True, facecolor=theme.unknown, edgecolor="none")
    whole = lines_between(box, slice(0, box.rows), slice(0, box.columns)) if box.readable else []
    lines = sheet.lines(whole, moving=True, edgecolor=theme.line, linewidth=0.8)
    style: dict[str, Any] = {"fill": False, "edgecolor": panel.plan.colour.strong, "linewidth": 1.2}
    outline = sheet.rectangles([piece.spot for piece in box.pieces], moving=True, **style)

    def draw(step: Any, flipped: float) -> None:
        hidden: Sequence[Array] = [] if step is None else list(np.ma.getmaskarray(panel.values(step)))
        slices = zip(box.pieces, hidden, strict=False)
        empty.put([spot for piece, cells in slices if cells.any() for spot in piece.spots(cells)])

    return Drawn((empty, lines, outline), draw)
