"""The panels of a sliding window: the input it slides over, the kernel that turns, the output that fills up."""

from math import cos, pi, sin
from typing import Any

import numpy as np
from matplotlib.path import Path

from convviz.operations.convolution import WindowStep, WindowTrace
from convviz.scenes.layout import Box, Plan
from convviz.scenes.lettering import text_width
from convviz.scenes.panel import Numbers, numerals
from convviz.scenes.sheet import Sheet, Spot, greys
from convviz.trace import Array

_WEIGHTS_FROM_CELL_PX = 32.0
"""In cells from this size on there is room for the weight beside the number."""
_WEIGHT_PX = 10.0
_SMALLEST_FRAME_PX = 7.0


class InputPanel(Numbers):
    """The input with its zero border, and the window, in the kernel's colour, with the weights it multiplies by."""

    def __init__(self, sheet: Sheet, plan: Plan, box: Box, *, trace: WindowTrace) -> None:
        self._interior = trace.geometry.interior
        border = np.ones(trace.padded.shape, dtype=bool)
        border[self._interior] = False
        super().__init__(sheet, plan, box, values=np.atleast_2d(trace.padded), muted=np.atleast_2d(border))
        self.frame = _Frame(sheet, sheet.theme.kernel.strong)
        self._weights = sheet.lettering([], _WEIGHT_PX, sheet.theme.kernel.strong, moving=True, align=1)
        texts = [f"×{weight}" for weight in numerals(trace.kernel)]
        roomy = box.readable and min(box.cell_width, box.cell_height) >= _WEIGHTS_FROM_CELL_PX
        narrow = max(text_width(text, _WEIGHT_PX) for text in texts) <= box.cell_width / 2
        self._texts = texts if roomy and narrow else []

    def fill(self) -> None:
        """Lay the ground, a different one under the zero border."""
        self.sheet.rectangle(self.box.spot, moving=False, facecolor=self.sheet.theme.border, edgecolor="none")
        spot = self.box.part(*_lifted(self._interior))
        self.sheet.rectangle(spot, moving=False, facecolor=self.plan.colour.pale, edgecolor="none")

    def draw(self, step: WindowStep) -> None:
        """Lay the window where this step reads."""
        rows, columns = _lifted(step.window)
        self.frame.put(self.box.part(rows, columns))
        if self._texts:
            width, height = self.box.cell_width, self.box.cell_height
            centres = [
                (self.box.x + (column + 1) * width - 4, self.box.y + (row + 0.8) * height)
                for row in range(rows.start, rows.stop, rows.step or 1)
                for column in range(columns.start, columns.stop, columns.step or 1)
            ]
            self._weights.put(centres, self._texts)

    def draw_turn(self, done: float) -> None:
        """Lay no window: the kernel is still turning."""
        self.frame.put(None)
        self._weights.put([], [])


class KernelPanel(Numbers):
    """The kernel as laid on the input, and its way there from the kernel as given: a turn by 180°.

    Cells turn about the centre, numbers stay upright, and all shrinks a little on the way so as to keep its place.
    """

    def __init__(self, sheet: Sheet, plan: Plan, box: Box, *, given: Array, laid: Array) -> None:
        super().__init__(sheet, plan, box, values=laid)
        theme = sheet.theme
        self._cover = sheet.rectangle(box.spot, moving=True, facecolor=theme.paper, edgecolor=theme.paper, linewidth=3)
        self.turning_cells = sheet.cells(moving=True, edgecolors=plan.colour.strong, linewidths=0.8)
        shades = [str(grey) for grey in greys(given, given.min(), given.max()).flat]
        self.turning_cells.set_facecolor(plan.colour.pale if box.readable else shades)
        self.turning = sheet.lettering([], self.number_px, theme.ink, moving=True)
        self._texts = numerals(given) if box.readable else []
        self._hide()

    def draw(self, step: WindowStep) -> None:
        """Show the kernel as laid, whatever the step."""
        self._hide()

    def draw_turn(self, done: float) -> None:
        """Show the kernel turned by ``done`` times 180°."""
        centre = np.array([self.box.x + self.box.width / 2, self.box.y + self.box.height / 2])
        angle = pi * done
        shrink = 1 / (abs(cos(angle)) + abs(sin(angle)))
        turn = np.array([[cos(angle), sin(angle)], [-sin(angle), cos(angle)]]) * shrink
        # Turned as a square and stretched afterwards, so that wide cells stay within the panel too.
        unit = np.array([self.box.width, self.box.height]) / 2
        centres = (np.array(self.box.centres()) - centre) / unit @ turn * unit + centre
        half = np.array([1 / self.box.columns, 1 / self.box.rows])
        corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * half @ turn * unit
        self._cover.set_visible(True)
        self.turning_cells.set_visible(True)
        self.turning_cells.set_verts(centres[:, None, :] + corners)
        if self._texts:
            self.turning.put([(float(x), float(y)) for x, y in centres], self._texts)

    def _hide(self) -> None:
        self._cover.set_visible(False)
        self.turning_cells.set_visible(False)
        self.turning.put([], [])


class OutputPanel(Numbers):
    """The output filling up: its numbers are all there, and what is not known yet is covered."""

    def __init__(self, sheet: Sheet, plan: Plan, box: Box, *, output: Array) -> None:
        super().__init__(sheet, plan, box, values=np.atleast_2d(output))
        self.cover = sheet.area(moving=True, facecolor=sheet.theme.unknown, edgecolor="none")
        self.grid(moving=True)
        self.frame = _Frame(sheet, plan.colour.strong)

    def draw(self, step: WindowStep) -> None:
        """Uncover the cells up to the one that this step fills, and frame that one."""
        self._cover_after(step.index)
        row, column = divmod(step.index, self.box.columns)
        self.frame.put(self.box.part(slice(row, row + 1), slice(column, column + 1)))

    def draw_turn(self, done: float) -> None:
        """Cover everything: nothing has been computed yet."""
        self._cover_after(-1)
        self.frame.put(None)

    def _cover_after(self, index: int) -> None:
        row, column = divmod(index + 1, self.box.columns)
        rest_of_row = self.box.part(slice(row, row + 1), slice(column, self.box.columns))
        rows_below = self.box.part(slice(row + 1, self.box.rows), slice(0, self.box.columns))
        spots = [spot for spot in (rest_of_row, rows_below) if row < self.box.rows and spot[3] > 0]
        self.cover.set_visible(bool(spots))
        if spots:
            self.cover.set_path(Path.make_compound_path(*map(_rectangle, spots)))


class _Frame:
    """A frame around some cells, with a halo so that it shows on any ground, and never too small to see."""

    def __init__(self, sheet: Sheet, colour: str) -> None:
        style: dict[str, Any] = {"moving": True, "fill": False, "joinstyle": "miter"}
        halo = sheet.rectangle((0, 0, 1, 1), edgecolor=sheet.theme.paper, linewidth=4.2, **style)
        line = sheet.rectangle((0, 0, 1, 1), edgecolor=colour, linewidth=2.2, **style)
        self._frames = (halo, line)

    @property
    def spot(self) -> Spot | None:
        """What is framed, or nothing."""
        line = self._frames[-1]
        return (line.get_x(), line.get_y(), line.get_width(), line.get_height()) if line.get_visible() else None

    def put(self, spot: Spot | None) -> None:
        """Frame this spot, or nothing."""
        for frame in self._frames:
            frame.set_visible(spot is not None)
            if spot is not None:
                frame.set_bounds(*_at_least(spot, _SMALLEST_FRAME_PX))


def _lifted(window: tuple[slice, ...]) -> tuple[slice, slice]:
    """See a 1D window as one of a single row."""
    rows, columns = (slice(0, 1), *window)[-2:]
    return rows, columns


def _at_least(spot: Spot, side: float) -> Spot:
    x, y, width, height = spot
    wider, higher = max(width, side), max(height, side)
    return x - (wider - width) / 2, y - (higher - height) / 2, wider, higher


def _rectangle(spot: Spot) -> Path:
    x, y, width, height = spot
    return Path([(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)], closed=True)
