"""Panels of cells: what stays, what changes with the step, and where the cells are."""

from collections.abc import Callable, Iterable
from typing import Any, TypedDict

from convviz.numerals import numeral
from convviz.scenes.layout import Box, Plan
from convviz.scenes.lettering import text_width
from convviz.scenes.sheet import Sheet
from convviz.theme import NOTE_PX, TITLE_PX
from convviz.trace import Array, Step

_CELL_DIGITS = 2
"""Significant digits of a rounded number in a cell; equations give more."""


class Hotspot(TypedDict):
    """Where the cells of a panel are in the picture, in CSS pixels, and what they stand for."""

    role: str
    x: float
    y: float
    width: float
    height: float
    rows: int
    columns: int


def numerals(values: Array) -> list[str]:
    """Write the numbers of a panel, row by row, with a typographic minus."""
    return [numeral(value, _CELL_DIGITS).replace("-", "−") for value in values.flat]


def widest_em(texts: Iterable[str]) -> float:
    """Measure the widest of some texts, in sizes of its font."""
    return max(text_width(text, 1) for text in texts)


class Panel:
    """Some cells under a title. Subclasses fill them, once or anew at each step."""

    def __init__(self, sheet: Sheet, plan: Plan, box: Box) -> None:
        self.sheet = sheet
        self.plan = plan
        self.box = box
        theme = sheet.theme
        title_y = box.y - NOTE_PX - 13
        sheet.text(box.x, title_y, plan.title, size_px=TITLE_PX, colour=plan.colour.strong, bold=True)
        sheet.text(box.x, box.y - 8, plan.note, size_px=NOTE_PX, colour=theme.muted)
        self.fill()
        self.number_px = box.number_px(plan.number_em)

    @property
    def hotspot(self) -> Hotspot:
        """Where this panel's cells are."""
        x, y, width, height = self.box.spot
        return Hotspot(
            role=self.plan.role,
            x=x,
            y=y,
            width=width,
            height=height,
            rows=self.box.rows,
            columns=self.box.columns,
        )

    def draw(self, step: Any) -> None:
        """Show ``step``; what is shown depends on it alone."""

    def draw_turn(self, done: float) -> None:
        """Show the kernel on its way from as given (0) to as laid (1)."""

    def fill(self) -> None:
        """Lay the ground that the cells stand on."""
        self.sheet.rectangle(self.box.spot, moving=False, facecolor=self.plan.colour.pale, edgecolor="none")

    def grid(self, *, moving: bool) -> None:
        """Draw the lines between the cells, if cells are large enough to be told apart."""
        box, colour = self.box, self.plan.colour.strong
        left, top, right, bottom = box.x, box.y, box.x + box.width, box.y + box.height
        if min(box.cell_width, box.cell_height) >= 5:
            columns = [left + i * box.cell_width for i in range(1, box.columns)]
            rows = [top + i * box.cell_height for i in range(1, box.rows)]
            segments = [[(x, top), (x, bottom)] for x in columns] + [[(left, y), (right, y)] for y in rows]
            if segments:
                self.sheet.lines(segments, moving=moving, colors=self.sheet.theme.line, linewidths=0.8)
        self.sheet.rectangle(box.spot, moving=moving, fill=False, edgecolor=colour, linewidth=1.2)


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
            cells = values.reshape(box.rows, box.columns)
            sheet.colours(box.spot, moving=False).set_values(cells, values.min(), values.max())
        self.grid(moving=False)


class ChangingNumbers(Panel):
    """Cells whose numbers come from the step."""

    def __init__(
        self,
        sheet: Sheet,
        plan: Plan,
        box: Box,
        *,
        values_of: Callable[[Any], Array],
        limits: tuple[float, float],
    ) -> None:
        super().__init__(sheet, plan, box)
        self.values_of = values_of
        self.limits = limits
        if box.readable:
            self.letters = sheet.lettering(box.centres(), self.number_px, sheet.theme.ink, moving=True)
        else:
            self.colours = sheet.colours(box.spot, moving=True)
        self.grid(moving=not box.readable)

    def draw(self, step: Step) -> None:
        """Show the numbers of this step."""
        values = self.values_of(step)
        if self.box.readable:
            texts = numerals(values)
            self.letters.size_px = min(self.number_px, self.box.number_px(widest_em(texts)))
            self.letters.set_texts(texts)
        else:
            self.colours.set_visible(True)
            self.colours.set_values(values.reshape(self.box.rows, self.box.columns), *self.limits)

    def draw_turn(self, done: float) -> None:
        """Show nothing: no step has been taken yet."""
        if self.box.readable:
            self.letters.set_texts([""] * self.box.rows * self.box.columns)
        else:
            self.colours.set_visible(False)
