"""Panels that only a layer needs: one map of many, a matrix by rows, and lines from channels to maps."""

from collections.abc import Callable, Sequence
from typing import Any

from convviz.scenes.drawing.sheet import Sheet
from convviz.scenes.layout.box import Box, Plan
from convviz.scenes.panels.panel import ChangingNumbers, Hotspot, Numbers, Panel
from convviz.scenes.panels.window_panels import Frame, cells_after, place
from convviz.theme import NOTE_PX
from convviz.trace import Array, Step

Segment = list[tuple[float, float]]


class CurrentMap(ChangingNumbers):
    """The feature map that is filling up, of more than there is room for."""

    def __init__(self, sheet: Sheet, plan: Plan, box: Box, **how: Any) -> None:
        super().__init__(sheet, plan, box, **how)
        self.cover = sheet.rectangles([], moving=True, facecolor=sheet.theme.unknown, edgecolor="none")
        self.grid(moving=True)
        self.frame = Frame(sheet, plan.colour.strong)

    @property
    def hotspots(self) -> list[Hotspot]:
        """Where the cells are; which ones they are depends on the step."""
        [spot] = super().hotspots
        return [{**spot, "first": None}]

    def draw(self, step: Step) -> None:
        """Show the map of this step, as far as it is known."""
        super().draw(step)
        cell = step.index % (self.box.rows * self.box.columns)
        self.cover.put(cells_after(self.box, cell))
        _, row, column = place(self.box, cell)
        self.frame.put([self.box.part(slice(row, row + 1), slice(column, column + 1))])


class Links(Panel):
    """A line from each channel to each map that is made of it; dotted where a layer in groups has cut it.

    Parameters
    ----------
    channels, maps : int
        How many there are.
    channels_of : sequence of range
        Which channels each map is made of.
    map_of : callable
        Tells which map a step fills.
    """

    def __init__(
        self,
        sheet: Sheet,
        plan: Plan,
        box: Box,
        *,
        channels: int,
        channels_of: Sequence[range],
        map_of: Callable[[Any], int],
    ) -> None:
        super().__init__(sheet, plan, box)
        self._map_of = map_of
        theme, maps = sheet.theme, len(channels_of)
        self._from = _column(box, box.x + NOTE_PX, channels)
        self._to = _column(box, box.x + box.width - NOTE_PX, maps)
        every = [(channel, made) for made in range(maps) for channel in range(channels)]
        kept = [self._line(channel, made) for channel, made in every if channel in channels_of[made]]
        cut = [self._line(channel, made) for channel, made in every if channel not in channels_of[made]]
        style: dict[str, Any] = {"moving": False, "edgecolor": theme.line}
        sheet.lines(cut, linewidth=0.8, linestyle="dotted", **style)
        sheet.lines(kept, linewidth=1.2, **style)
        self._channels_of = channels_of
        self.current = sheet.lines([], moving=True, edgecolor=theme.kernel.strong, linewidth=2.2)
        for places, role, side in ((self._from, theme.input, -1), (self._to, theme.output, 1)):
            beside = [(x + side * NOTE_PX * 0.7, y) for x, y in places]
            sheet.lettering(beside, NOTE_PX, role.strong, moving=False).set_texts([str(n) for n in range(len(places))])

    @property
    def hotspots(self) -> list[Hotspot]:
        """Nothing to point at: a line is no cell."""
        return []

    def fill(self) -> None:
        """Lay no ground: lines stand on the paper."""

    def draw(self, step: Step) -> None:
        """Show what the map of this step is made of."""
        made = self._map_of(step)
        self.current.put([self._line(channel, made) for channel in self._channels_of[made]])

    def _line(self, channel: int, made: int) -> Segment:
        return [self._from[channel], self._to[made]]


class Rows(Numbers):
    """A matrix, with the row that the step uses in a frame."""

    def __init__(self, sheet: Sheet, plan: Plan, box: Box, *, values: Array, row_of: Callable[[Any], int]) -> None:
        super().__init__(sheet, plan, box, values=values)
        self._row_of = row_of
        self.frame = Frame(sheet, plan.colour.strong)

    def draw(self, step: Step) -> None:
        """Frame the row of this step."""
        row = self._row_of(step)
        self.frame.put([self.box.part(slice(row, row + 1), slice(0, self.box.columns))])


def _column(box: Box, x: float, count: int) -> list[tuple[float, float]]:
    """Set so many points one below the other, as far apart as the cells of a panel beside it are."""
    middle = box.y + box.height / 2
    return [(x, middle + (number - (count - 1) / 2) * box.cell_height) for number in range(count)]
