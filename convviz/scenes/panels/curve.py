"""A curve on a panel without cells, with a dot where the step is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from convviz.scenes.drawing.lettering import Point, text_width
from convviz.scenes.drawing.sheet import Spot
from convviz.scenes.panels.part import Drawn
from convviz.scenes.panels.words import numerals
from convviz.theme import NOTE_PX
from convviz.trace import Array

if TYPE_CHECKING:
    from convviz.scenes.panels.panel import Panel

SHAPE, SIDE_PX = (5, 10), 230.0
"""Height and width of a curve, relative to each other, and its longest side."""
_DOT_PX, _POINT_PX = 9.0, 4.5
_MOST_POINTS = 40
"""More values than this are so close that points between them would be a thick line."""
_MOST_GROUPS = 250
"""Of more values than twice this, only the lowest and the highest of each group of neighbours are drawn."""


@dataclass(frozen=True, kw_only=True)
class Curve:
    """Values in order, joined by lines, between two limits that are written beside them.

    ``values_of`` returns the values at a step, masked where nothing is known; where there is no step, those that stay
    are returned for nothing. ``ends`` are written below the first and the last value, and ``dot_of`` returns which
    value the step is about. If ``is_logarithmic``, equal ratios are equally high; all values must be above 0.
    """

    values_of: Callable[[Any], Array] = field(repr=False)
    limits: tuple[float, float]
    ends: tuple[str, str]
    colour: str
    dot_of: Callable[[Any], int] | None = None
    is_logarithmic: bool = False

    def __call__(self, panel: "Panel") -> Drawn:
        """Draw the axes, and no curve yet."""
        sheet, theme = panel.sheet, panel.sheet.theme
        frame = self._frame(panel)
        self._write_axes(panel, frame)
        style: dict[str, Any] = {"moving": True, "edgecolor": self.colour, "capstyle": "round"}
        line = sheet.lines([], linewidth=1.4, **style)
        points = sheet.rectangles([], moving=True, facecolor=self.colour, edgecolor="none")
        drop = sheet.lines([], moving=True, edgecolor=theme.muted, linewidth=1.0, linestyle="dotted")
        dot = sheet.rectangles([], moving=True, facecolor=self.colour, edgecolor=theme.paper, linewidth=1.4)

        def draw(step: Any, flipped: float) -> None:
            values = np.ma.masked_array([]) if step is None else np.ma.masked_array(self.values_of(step))
            known = ~np.ma.getmaskarray(values)
            places = self._places(np.ma.getdata(values), frame)
            drawn = _thinned(np.ma.getdata(values))
            line.put([(places[a], places[b]) for a, b in pairwise(drawn) if known[a] and known[b]])
            few = len(values) <= _MOST_POINTS
            points.put([_square(places[at], _POINT_PX) for at in drawn if few and known[at]])
            at = None if step is None or self.dot_of is None else self.dot_of(step)
            here = [places[at]] if at is not None and known[at] else []
            drop.put([(place, (place[0], frame[1] + frame[3])) for place in here])
            dot.put([_square(place, _DOT_PX) for place in here])

        return Drawn((dot, drop, points, line), draw)

    def _frame(self, panel: "Panel") -> Spot:
        """Return where the curve is, with room for what is written beside and below it."""
        x, y, width, height = panel.box.spot
        beside = max(text_width(text, NOTE_PX) for text in self._written()) + 6
        return x + beside, y + 4, width - beside - 6, height - NOTE_PX - 10

    def _written(self) -> list[str]:
        return numerals(np.array(self.limits))

    def _write_axes(self, panel: "Panel", frame: Spot) -> None:
        sheet, theme, (x, y, width, height) = panel.sheet, panel.sheet.theme, frame
        low, high = self._written()
        corner = (x, y + height)
        axes = [((x, y), corner), (corner, (x + width, y + height))]
        if not self.is_logarithmic and self.limits[0] < 0 < self.limits[1]:
            middle = self._height(np.array([0.0]), frame)[0]
            axes.append(((x, middle), (x + width, middle)))
        sheet.lines(axes, moving=False, edgecolor=theme.field, linewidth=1.0)
        beside = sheet.lettering([(x - 4, y + 4), (x - 4, y + height - 3)], NOTE_PX, theme.muted, moving=False, align=1)
        beside.set_texts([high, low])
        below = y + height + NOTE_PX / 2 + 4
        for at, text, align in zip((x, x + width), self.ends, (0, 1), strict=True):
            sheet.lettering([(at, below)], NOTE_PX, theme.muted, moving=False, align=align).set_texts([text])

    def _height(self, values: Array, frame: Spot) -> Array:
        """Return how far down the sheet some values are."""
        scale = np.log10 if self.is_logarithmic else np.asarray
        low, high = (float(scale(limit)) for limit in self.limits)
        share = (scale(values) - low) / ((high - low) or 1.0)
        return np.asarray(frame[1] + frame[3] * (1 - np.clip(share, 0, 1)))

    def _places(self, values: Array, frame: Spot) -> list[Point]:
        """Return where the values are on the sheet."""
        across = frame[0] + frame[2] * np.arange(len(values)) / max(1, len(values) - 1)
        return list(zip(across.tolist(), self._height(values, frame).tolist(), strict=True))


def _square(place: Point, side: float) -> Spot:
    return place[0] - side / 2, place[1] - side / 2, side, side


def _thinned(values: Array) -> list[int]:
    """Choose which values to draw: all, or the lowest and the highest of each group where they are many."""
    if len(values) <= 2 * _MOST_GROUPS:
        return list(range(len(values)))
    return sorted({0, len(values) - 1, *_extremes(values)})


def _extremes(values: Array) -> Iterator[int]:
    for group in np.array_split(np.arange(len(values)), _MOST_GROUPS):
        yield int(group[values[group].argmin()])
        yield int(group[values[group].argmax()])
