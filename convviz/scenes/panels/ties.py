"""Cells that hold one and the same weight, told by colour and by pattern."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from convviz.operations.matrix.toeplitz import SEVERAL, ZERO
from convviz.scenes.drawing.sheet import Rectangles, Spot
from convviz.scenes.panels.part import Drawn
from convviz.trace import Array

if TYPE_CHECKING:
    from convviz.scenes.panels.panel import Panel

PATTERNS = ("", "//", "\\\\", "--", "||", "xx", "..", "++", "oo")
_LEAST_PATTERN_PX = 9
"""In smaller cells a pattern is a smear."""


@dataclass(frozen=True, kw_only=True)
class Ties:
    """A fill for each weight: cells that hold the same weight have the same colour and pattern, the others are blank.

    ``weights`` are the numbers of the weights in the cells, or a function of the step; −1 stands for cells that hold
    none, and −2 for cells in which several weights add up, which are grey. The first nine weights differ in colour and
    in pattern, and the first 81 in one of the two.
    """

    weights: Array | Callable[[Any], Array] = field(repr=False)
    count: int

    def __call__(self, panel: "Panel") -> Drawn:
        """Fill the cells, or those that hold weights at a step."""
        moving = callable(self.weights)
        blank = panel.sheet.rectangles(
            [piece.spot for piece in panel.box.pieces], moving=False, **_plain(panel.sheet.theme.paper)
        )
        fills = [self._fill(panel, number, moving) for number in range(min(self.count, self._kinds(panel)))]
        several = panel.sheet.rectangles([], moving=moving, **_plain(panel.sheet.theme.border))

        def draw(step: Any, flipped: float) -> None:
            nothing = np.full((panel.box.slices, panel.box.rows, panel.box.columns), ZERO)
            weights = self.weights(step) if callable(self.weights) and step is not None else self.weights
            kinds = panel.in_slices(nothing if callable(weights) else weights)
            several.put(_spots(panel, kinds == SEVERAL))
            for number, fill in enumerate(fills):
                fill.put(_spots(panel, (kinds >= 0) & (kinds % self._kinds(panel) == number)))

        if moving:
            return Drawn((*fills, several, blank), draw)
        draw(None, 1.0)
        return Drawn((*fills, several, blank))

    def _kinds(self, panel: "Panel") -> int:
        return len(panel.sheet.look.ties) * len(PATTERNS)

    def _fill(self, panel: "Panel", number: int, moving: bool) -> Rectangles:
        """Make the fill of a weight; numbers are written on it, so its pattern is faint."""
        colour, theme = panel.sheet.look.ties[number % len(panel.sheet.look.ties)], panel.sheet.theme
        style = _plain(colour)
        if min(panel.box.cell_width, panel.box.cell_height) >= _LEAST_PATTERN_PX:
            pattern = PATTERNS[(number + number // len(PATTERNS)) % len(PATTERNS)]
            style |= {"edgecolor": (*_rgb(theme.paper), 0.5), "hatch": pattern}
        return panel.sheet.rectangles([], moving=moving, **style)


def _plain(colour: str) -> dict[str, Any]:
    return {"facecolor": colour, "edgecolor": "none", "linewidth": 0}


def _rgb(colour: str) -> tuple[float, ...]:
    return tuple(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))


def _spots(panel: "Panel", cells: Array) -> list[Spot]:
    """Return where some cells are."""
    slices = zip(panel.box.pieces, cells, strict=True)
    return [spot for piece, chosen in slices if chosen.any() for spot in piece.spots(chosen)]
