"""Lines from channels to the maps that are made of them."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from convviz.scenes.drawing.sheet import Segment
from convviz.scenes.layout.box import Box
from convviz.scenes.panels.part import Drawn
from convviz.theme import NOTE_PX

if TYPE_CHECKING:
    from convviz.scenes.panels.panel import Panel


@dataclass(frozen=True, kw_only=True)
class Links:
    """A line from each channel to each map that is made of it; dotted where there is none, as in a layer in groups.

    ``channels_of`` are the channels that each map is made of, and ``map_of`` returns the map that a step fills.
    """

    channels: int
    channels_of: Sequence[Collection[int]]
    map_of: Callable[[Any], int]

    def __call__(self, panel: "Panel") -> Drawn:
        """Draw all lines, and number their ends."""
        sheet, box, theme = panel.sheet, panel.box, panel.sheet.theme
        apart = box.height / max(self.channels, len(self.channels_of))
        begin = _column(box, box.x + NOTE_PX, self.channels, apart)
        end = _column(box, box.x + box.width - NOTE_PX, len(self.channels_of), apart)
        every = [(channel, made) for made in range(len(end)) for channel in range(len(begin))]

        def lines(pairs: Sequence[tuple[int, int]]) -> list[Segment]:
            return [[begin[channel], end[made]] for channel, made in pairs]

        cut = lines([(channel, made) for channel, made in every if channel not in self.channels_of[made]])
        kept = lines([(channel, made) for channel, made in every if channel in self.channels_of[made]])
        style: dict[str, Any] = {"moving": False, "edgecolor": theme.line}
        dotted = sheet.lines(cut, linewidth=0.8, linestyle="dotted", **style)
        drawn = sheet.lines(kept, linewidth=1.2, **style)
        current = sheet.lines([], moving=True, edgecolor=theme.kernel.strong, linewidth=2.2)
        for places, role, side in ((begin, theme.input, -1), (end, theme.output, 1)):
            beside = [(x + side * NOTE_PX * 0.7, y) for x, y in places]
            sheet.lettering(beside, NOTE_PX, role.strong, moving=False).set_texts([str(n) for n in range(len(places))])

        def draw(step: Any, flipped: float) -> None:
            made = 0 if step is None else self.map_of(step)
            current.put([] if step is None else lines([(channel, made) for channel in self.channels_of[made]]))

        return Drawn((current, drawn, dotted), draw)


def _column(box: Box, x: float, count: int, apart: float) -> list[tuple[float, float]]:
    """Set so many points one below the other, as far apart as there is room for the most."""
    middle = box.y + box.height / 2
    return [(x, middle + (number - (count - 1) / 2) * apart) for number in range(count)]
