"""The panels of a sliding window: the input it slides over, the kernel that turns, the output that fills up."""

from collections.abc import Callable, Sequence
from math import cos, pi, sin
from typing import Any

import numpy as np

from convviz.scenes.drawing.lettering import text_width
from convviz.scenes.drawing.sheet import Sheet, Spot, greys
from convviz.scenes.layout.box import Box, Plan, runs
from convviz.scenes.panels.panel import Numbers, numerals
from convviz.trace import Array, Step

_WEIGHTS_FROM_CELL_PX = 32.0
"""In cells from this size on there is room for the weight beside the number."""
_WEIGHT_PX = 10.0
_SMALLEST_FRAME_PX = 7.0

Window = tuple[slice, slice, slice]
"""Which slices, rows and columns of the bordered input a step reads."""


class InputPanel(Numbers):
    """The input with its border, and the window, in the kernel's colour, with the weights it multiplies by.

    Parameters
    ----------
    padded : ndarray, shape (slices, rows, columns)
        What is shown.
    interior : (slice, slice)
        Rows and columns that are no border.
    window_of : callable
        Gives the `Window` of a step. Slices outside of it are faded.
    weights : ndarray, optional
        What the cells of the window are multiplied by, if that is the same at each step.
    unread : (sequence of int, sequence of int)
        Rows and columns that no window ever reads: they are hatched.
    """

    def __init__(
        self,
        sheet: Sheet,
        plan: Plan,
        box: Box,
        *,
        padded: Array,
        interior: tuple[slice, slice],
        window_of: Callable[[Any], Window],
        weights: Array | None = None,
        unread: tuple[Sequence[int], Sequence[int]] = ((), ()),
    ) -> None:
        self._interior, self._window_of = interior, window_of
        border = np.ones(padded.shape, dtype=bool)
        border[:, interior[0], interior[1]] = False
        super().__init__(sheet, plan, box, values=padded, muted=border)
        theme = sheet.theme
        hatched = [piece.part(*band) for piece in box.pieces for band in _bands(box, *unread)]
        style: dict[str, Any] = {"moving": False, "hatch": "///", "edgecolor": theme.line, "linewidth": 0}
        self.hatching = sheet.rectangles(hatched, facecolor=theme.unknown if not box.readable else "none", **style)
        self.faded = sheet.rectangles([], moving=True, facecolor=theme.paper, edgecolor="none", alpha=0.72)
        self.frame = Frame(sheet, theme.kernel.strong, thin=plan.thumb_px > 0)
        self._weights = sheet.lettering([], _WEIGHT_PX, theme.kernel.strong, moving=True, align=1)
        self._texts = [] if weights is None else self._weights_that_fit(weights)

    def fill(self) -> None:
        """Lay the ground, a different one under the border."""
        pieces, theme = self.box.pieces, self.sheet.theme
        style: dict[str, Any] = {"moving": False, "edgecolor": "none"}
        self.sheet.rectangles([piece.spot for piece in pieces], facecolor=theme.border, **style)
        inner = [piece.part(*self._interior) for piece in pieces]
        self.sheet.rectangles(inner, facecolor=self.plan.colour.pale, **style)

    def draw(self, step: Step) -> None:
        """Lay the window where this step reads."""
        channels, rows, columns = self._window_of(step)
        numbered = list(enumerate(self.box.pieces, self.plan.first))
        self.frame.put([piece.part(rows, columns) for n, piece in numbered if channels.start <= n < channels.stop])
        self.faded.put([piece.spot for n, piece in numbered if not channels.start <= n < channels.stop])
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
        self.frame.put([])
        self._weights.put([], [])

    def _weights_that_fit(self, weights: Array) -> list[str]:
        box, texts = self.box, [f"×{weight}" for weight in numerals(weights)]
        roomy = box.readable and min(box.cell_width, box.cell_height) >= _WEIGHTS_FROM_CELL_PX
        narrow = max(text_width(text, _WEIGHT_PX) for text in texts) <= box.cell_width / 2
        return texts if roomy and narrow else []


class KernelPanel(Numbers):
    """The kernel as laid on the input, and its way there from the kernel as given: a turn by 180°.

    Cells turn about the centre, numbers stay upright, and all shrinks a little on the way so as to keep its place.
    """

    def __init__(self, sheet: Sheet, plan: Plan, box: Box, *, given: Array, laid: Array) -> None:
        super().__init__(sheet, plan, box, values=laid)
        paper = sheet.theme.paper
        self._cover = sheet.rectangles([], moving=True, facecolor=paper, edgecolor=paper, linewidth=3)
        self.turning_cells = sheet.cells(moving=True, edgecolors=plan.colour.strong, linewidths=0.8)
        shades = [str(grey) for grey in greys(given, given.min(), given.max()).flat]
        self.turning_cells.set_facecolor(plan.colour.pale if box.readable else shades)
        self.turning = sheet.lettering([], self.number_px, sheet.theme.ink, moving=True)
        self._texts = numerals(given) if box.readable else []
        self._hide()

    def draw(self, step: Step) -> None:
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
        self._cover.put([self.box.spot])
        self.turning_cells.set_visible(True)
        self.turning_cells.set_verts(centres[:, None, :] + corners)
        if self._texts:
            self.turning.put([(float(x), float(y)) for x, y in centres], self._texts)

    def _hide(self) -> None:
        self._cover.put([])
        self.turning_cells.set_visible(False)
        self.turning.put([], [])


class OutputPanel(Numbers):
    """The output filling up: its numbers are all there, and what is not known yet is covered."""

    def __init__(self, sheet: Sheet, plan: Plan, box: Box, *, output: Array) -> None:
        super().__init__(sheet, plan, box, values=output)
        self.cover = sheet.rectangles([], moving=True, facecolor=sheet.theme.unknown, edgecolor="none")
        self.grid(moving=True)
        self.frame = Frame(sheet, plan.colour.strong)

    def draw(self, step: Step) -> None:
        """Uncover the cells up to the one that this step fills, and frame that one."""
        self.cover.put(cells_after(self.box, step.index))
        piece, row, column = place(self.box, step.index)
        at = self.box.pieces[piece]
        self.frame.put([at.spot if self.plan.thumb_px else at.part(slice(row, row + 1), slice(column, column + 1))])

    def draw_turn(self, done: float) -> None:
        """Cover everything: nothing has been computed yet."""
        self.cover.put(cells_after(self.box, -1))
        self.frame.put([])


class Frame:
    """A frame around some cells, with a halo so that it shows on any ground, and never too small to see."""

    def __init__(self, sheet: Sheet, colour: str, *, thin: bool = False) -> None:
        style: dict[str, Any] = {"moving": True, "fill": False, "joinstyle": "miter"}
        halo = sheet.rectangles([], edgecolor=sheet.theme.paper, linewidth=2.6 if thin else 4.2, **style)
        line = sheet.rectangles([], edgecolor=colour, linewidth=1.3 if thin else 2.2, **style)
        self._frames = (halo, line)

    @property
    def spots(self) -> list[Spot]:
        """What is framed."""
        return self._frames[-1].spots

    def put(self, spots: Sequence[Spot]) -> None:
        """Frame these spots, each by itself."""
        for frame in self._frames:
            frame.put([_at_least(spot, _SMALLEST_FRAME_PX) for spot in spots])


def place(box: Box, index: int) -> tuple[int, int, int]:
    """Tell in which slice, row and column cell ``index`` of a panel is."""
    piece, cell = divmod(index, box.rows * box.columns)
    return (piece, *divmod(cell, box.columns))


def cells_after(box: Box, index: int) -> list[Spot]:
    """Tell where the cells after cell ``index`` are."""
    piece, row, column = place(box, index + 1)
    if piece >= box.slices:
        return []
    at = box.pieces[piece]
    rest_of_row = at.part(slice(row, row + 1), slice(column, box.columns))
    rows_below = at.part(slice(row + 1, box.rows), slice(0, box.columns))
    rest = [spot for spot in (rest_of_row, rows_below) if spot[3] > 0]
    return rest + [later.spot for later in box.pieces[piece + 1 :]]


def _bands(box: Box, rows: Sequence[int], columns: Sequence[int]) -> list[tuple[slice, slice]]:
    every_row, every_column = slice(0, box.rows), slice(0, box.columns)
    return [(run, every_column) for run in runs(rows)] + [(every_row, run) for run in runs(columns)]


def _at_least(spot: Spot, side: float) -> Spot:
    x, y, width, height = spot
    wider, higher = max(width, side), max(height, side)
    return x - (wider - width) / 2, y - (higher - height) / 2, wider, higher
