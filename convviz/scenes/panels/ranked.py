"""Frames with a badge: which cells are first, which are second, and so on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from convviz.scenes.drawing.sheet import Spot
from convviz.scenes.panels.marks import Block
from convviz.scenes.panels.part import Drawn

if TYPE_CHECKING:
    from convviz.scenes.panels.panel import Panel

_BADGE_PX, _LETTER_PX = 12.0, 9.5
_INSET_PX = 3.0
"""How far within its cells a frame is, so that it does not hide that of the step."""
_LEAST_INSET_CELL_PX = 14.0
_LINES = ("solid", (0, (4, 2)), (0, (1, 1.2)))


@dataclass(frozen=True, kw_only=True)
class Ranked:
    """Frames around some cells of the first slice, each told apart by its badge and by its line.

    ``blocks_of`` returns the badges of a step, and the cells that each of them frames. ``badges`` are all that there
    are, in the order of their lines: solid, dashed, dotted.
    """

    badges: tuple[str, ...]
    blocks_of: Callable[[Any], Mapping[str, Block]]

    def __call__(self, panel: "Panel") -> Drawn:
        """Frame nothing yet."""
        sheet, theme = panel.sheet, panel.sheet.theme
        style: dict[str, Any] = {"moving": True, "fill": False, "joinstyle": "miter"}
        halo = sheet.rectangles([], edgecolor=theme.paper, linewidth=3.4, **style)
        frames = [
            sheet.rectangles([], edgecolor=theme.ink, linewidth=1.5, linestyle=line, **style)
            for _, line in zip(self.badges, _LINES, strict=False)
        ]
        badge = sheet.rectangles([], moving=True, facecolor=theme.ink, edgecolor=theme.paper, linewidth=0.8)
        letters = sheet.lettering([], _LETTER_PX, theme.paper, moving=True, bold=True)

        def draw(step: Any, flipped: float) -> None:
            blocks = {} if step is None else self.blocks_of(step)
            spots = {name: _inset(panel, blocks[name]) for name in self.badges if name in blocks}
            halo.put(list(spots.values()))
            for name, frame in zip(self.badges, frames, strict=True):
                frame.put([spots[name]] if name in spots else [])
            corners = [_corner(spot, self.badges.index(name)) for name, spot in spots.items()]
            badge.put([(x - _BADGE_PX / 2, y - _BADGE_PX / 2, _BADGE_PX, _BADGE_PX) for x, y in corners])
            letters.put(corners, list(spots))

        return Drawn((letters, badge, *frames, halo), draw)


def _corner(spot: Spot, rank: int) -> tuple[float, float]:
    """Return where a badge is: at the top left of its frame, and that of the third one at the bottom right."""
    x, y, width, height = spot
    return (x, y) if rank < 2 else (x + width, y + height)


def _inset(panel: "Panel", block: Block) -> Spot:
    """Return where a frame is: within its cells, or around them where they are small."""
    x, y, width, height = panel.box.pieces[0].part(*block[1:])
    by = _INSET_PX if min(width, height) >= _LEAST_INSET_CELL_PX else -_INSET_PX
    return x + by, y + by, width - 2 * by, height - 2 * by
