"""Panels of cells: what stays, what changes with the step, and where the cells are."""

from collections.abc import Callable, Iterable
from typing import Any, TypedDict

import numpy as np

from convviz.numerals import numeral
from convviz.scenes.drawing.lettering import text_width
from convviz.scenes.drawing.sheet import Sheet
from convviz.scenes.layout.box import Box, Plan
from convviz.theme import NOTE_PX, TITLE_PX
from convviz.trace import Array, Step

_CELL_DIGITS = 2
"""Significant digits of a rounded number in a cell; equations give more."""


class Hotspot(TypedDict):
    """Where the cells of a slice are in the picture, in CSS pixels, and what they stand for.

    ``first`` is the number of its first cell among all cells of that role, or nothing if that changes with the step.
    """

    role: str
    first: int | None
    x: float
    y: float
    width: float
    height: float
    rows: int
    columns: int


def numerals(values: Array) -> list[str]:
    """Write the numbers of a panel, row by row, with a typographic minus; nothing where they are masked."""
    texts = [numeral(value, _CELL_DIGITS).replace("-", "−") for value in np.ma.getdata(values).flat]
    if isinstance(values, np.ma.MaskedArray):
        return ["" if hidden else text for text, hidden in zip(texts, np.ma.getmaskarray(values).flat, strict=True)]
    return texts


def widest_em(texts: Iterable[str]) -> float:
    """Measure the widest of some texts, in sizes of its font."""
    return max(text_width(text, 1) for text in texts)


class Panel:
    """Some cells under a title, in one slice or more. Subclasses fill them, once or anew at each step.

    Where the title changes with the step, ``title_of`` gives it; the plan's own is the longest then.
    """

    def __init__(self, sheet: Sheet, plan: Plan, box: Box, *, title_of: Callable[[Any], str] | None = None) -> None:
        self.sheet = sheet
        self.plan = plan
        self.box = box
        theme, note_y = sheet.theme, box.y - 8 - plan.caption_px
        title = (box.x, note_y - NOTE_PX - 5)
        self._title_of = title_of
        if title_of:
            self.title = sheet.text(*title, "", size_px=TITLE_PX, colour=plan.colour.strong, bold=True, moving=True)
        else:
            sheet.text(*title, plan.title, size_px=TITLE_PX, colour=plan.colour.strong, bold=True)
        sheet.text(box.x, note_y, plan.note, size_px=NOTE_PX, colour=theme.muted)
        for piece, caption in zip(box.pieces, plan.captions, strict=False):
            sheet.text(piece.x, piece.y - 5, caption, size_px=NOTE_PX, colour=theme.muted)
        self.fill()
        self.number_px = box.number_px(plan.number_em)

    @property
    def hotspots(self) -> list[Hotspot]:
        """Where this panel's cells are, slice by slice."""
        box, cells = self.box, self.box.rows * self.box.columns
        return [
            Hotspot(
                role=self.plan.role,
                first=(self.plan.first + number) * cells,
                x=piece.x,
                y=piece.y,
                width=piece.width,
                height=piece.height,
                rows=box.rows,
                columns=box.columns,
            )
            for number, piece in enumerate(box.pieces)
        ]

    def draw(self, step: Any) -> None:
        """Show ``step``; what is shown depends on it alone."""
        if self._title_of:
            self.title.set_texts([self._title_of(step)])

    def draw_turn(self, done: float) -> None:
        """Show the kernel on its way from as given (0) to as laid (1)."""

    def fill(self) -> None:
        """Lay the ground that the cells stand on."""
        spots = [piece.spot for piece in self.box.pieces]
        self.sheet.rectangles(spots, moving=False, facecolor=self.plan.colour.pale, edgecolor="none")

    def grid(self, *, moving: bool) -> None:
        """Draw the lines between the cells, if cells are large enough to be told apart."""
        box = self.box
        segments = [segment for piece in box.pieces for segment in _between_cells(piece)]
        if segments and min(box.cell_width, box.cell_height) >= 5 and not self.plan.thumb_px:
            self.sheet.lines(segments, moving=moving, edgecolor=self.sheet.theme.line, linewidth=0.8)
        spots = [piece.spot for piece in box.pieces]
        self.sheet.rectangles(spots, moving=moving, fill=False, edgecolor=self.plan.colour.strong, linewidth=1.2)
        if self.plan.marked is not None:
            x, y, width, height = spots[self.plan.marked]
            around = (x - 2, y - 2, width + 4, height + 4)
            self.sheet.rectangles([around], moving=moving, fill=False, edgecolor=self.sheet.theme.ink, linewidth=2.4)

    def in_slices(self, values: Array) -> Array:
        """Divide values into this panel's slices."""
        return values.reshape(self.box.slices, self.box.rows, self.box.columns)


class Numbers(Panel):
    """Cells whose numbers stay."""

    def __init__(self, sheet: Sheet, plan: Plan, box: Box, *, values: Array, muted: Array | None = None) -> None:
        super().__init__(sheet, plan, box)
        self.values = values
        if box.readable:
            letters = sheet.lettering(box.centres(), self.number_px, sheet.theme.ink, moving=False)
            colours = None if muted is None else [sheet.theme.muted if m else sheet.theme.ink for m in muted.flat]
            letters.set_texts(numerals(values), colours)
        else:
            colours_of = sheet.colours([piece.spot for piece in box.pieces], moving=False)
            colours_of.set_values(self.in_slices(values), values.min(), values.max())
        self.grid(moving=False)


class ChangingNumbers(Panel):
    """Cells whose numbers come from the step. Where they are masked there are none, and the ground is bare.

    ``values_of`` gives the numbers of a step, as many as there are cells; where there is no room for numbers,
    ``limits`` are what is black and what is white.
    """

    def __init__(
        self,
        sheet: Sheet,
        plan: Plan,
        box: Box,
        *,
        values_of: Callable[[Any], Array],
        limits: tuple[float, float],
        title_of: Callable[[Any], str] | None = None,
    ) -> None:
        super().__init__(sheet, plan, box, title_of=title_of)
        self.values_of = values_of
        self.limits = limits
        if box.readable:
            self.letters = sheet.lettering(box.centres(), self.number_px, sheet.theme.ink, moving=True)
        else:
            self.colours = sheet.colours([piece.spot for piece in box.pieces], moving=True)
        self.grid(moving=not box.readable)
        style: dict[str, Any] = {"edgecolor": sheet.theme.line, "linewidth": 1.6}
        self.bare = sheet.rectangles([], moving=True, facecolor=sheet.theme.unknown, **style)

    def draw(self, step: Step) -> None:
        """Show the numbers of this step."""
        super().draw(step)
        values = self.values_of(step)
        if self.box.readable:
            texts = numerals(values)
            self.letters.size_px = min(self.number_px, self.box.number_px(max(0.5, widest_em(texts))))
            self.letters.set_texts(texts)
        else:
            self.colours.set_visible(True)
            self.colours.set_values(self.in_slices(np.ma.filled(values, 0)), *self.limits)
        hidden = self.in_slices(np.ma.getmaskarray(values))
        slices = zip(self.box.pieces, hidden, strict=True)
        self.bare.put([spot for piece, cells in slices if cells.any() for spot in piece.spots(cells)])

    def draw_turn(self, done: float) -> None:
        """Show nothing: no step has been taken yet."""
        self.bare.put([])
        if self.box.readable:
            self.letters.set_texts([""] * self.box.slices * self.box.rows * self.box.columns)
        else:
            self.colours.set_visible(False)


def _between_cells(box: Box) -> list[list[tuple[float, float]]]:
    left, top, right, bottom = box.x, box.y, box.x + box.width, box.y + box.height
    columns = [left + i * box.cell_width for i in range(1, box.columns)]
    rows = [top + i * box.cell_height for i in range(1, box.rows)]
    return [[(x, top), (x, bottom)] for x in columns] + [[(left, y), (right, y)] for y in rows]
