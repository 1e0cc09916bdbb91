"""What a panel asks for, and the place it gets: cells in slices, one below the other or as thumbnails in rows."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil

import numpy as np

from convviz.scenes.drawing.lettering import text_width
from convviz.scenes.drawing.sheet import Spot
from convviz.theme import NOTE_PX, NUMBER_PX, TITLE_PX, Role
from convviz.trace import Array

SIGN_PX = 20.0
"""Size of the sign between two panels."""
CAPTION_PX = NOTE_PX + 8
"""Room for a slice's caption, above it."""
_SIGN_MARGIN_PX = 8.0
BUTTON_PX = 28.0
"""A button of the page that adds or removes a row or a column, and the gap before it."""
_BELOW_PX = 14.0
"""What such buttons need below a panel, besides the gap between two lines of panels."""
_LARGE_ROWS = 5
READABLE_CELLS = 18
"""With more cells than this along a side, colours usually say more than numbers."""
_WORDS_MARGIN_PX = 7.0
"""Between the cells and the words above them."""
_ROUNDING_PX = 1.0
"""Glyphs are set at whole pixels of the screen."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a layout must know of a panel: its words, its cells, and the widest number they will hold.

    Cells come in ``slices`` of so many ``rows`` and ``columns`` each (the channels of an input, say), ``across`` of
    them in a row; ``first`` is the number of the first one, ``captions`` stand above them, and the one that is
    ``marked`` is shown large elsewhere. ``number_em`` is the width of the widest number, in sizes of its font.
    ``sign`` stands before the panel, also at the beginning of a line. A panel that ``follows`` belongs on the line of
    the one before it; one that ``begins`` begins a line. Where several things are shown in turn (``takes_turns`` of
    them), the title says the number of the one that is shown. ``thumb_px`` is the longest side of a slice that is
    drawn as a thumbnail, without numbers; 0 for one that is as large as fits. ``slice_px`` is the width and height of a
    slice that holds no numbers: words, or a curve. ``name`` is unique in a scene. Below a
    panel that ``is_resized`` there is room for the page's buttons that add and remove rows and columns. A panel that
    begins a line ``under`` the one before it has its left edge there. ``stems_px`` is the height of what is drawn above
    each slice. With more than ``most_cells`` along a side, a panel shows colours instead of numbers. One that is
    ``aligned`` with those above and below it has their width in colours, and, without a sign, is indented as if this
    were its sign. Where it begins a statement of its own amid a line, ``apart_px`` keeps it apart from the one before.
    Numbers that are rounded have so many ``decimals``, or, where that is nothing, two significant digits.
    """

    name: str
    title: str
    note: str
    colour: Role
    rows: int
    columns: int
    number_em: float
    sign: str = ""
    follows: bool = False
    begins: bool = False
    slices: int = 1
    across: int = 1
    first: int = 0
    takes_turns: int = 0
    captions: tuple[str, ...] = ()
    thumb_px: float = 0.0
    slice_px: tuple[float, float] | None = None
    marked: int | None = None
    is_resized: bool = False
    under: bool = False
    stems_px: float = 0.0
    aligned: str = ""
    apart_px: float = 0.0
    most_cells: int = READABLE_CELLS
    decimals: int | None = None

    def below_px(self, wide: float, beside_px: float) -> float:
        """Return the room for buttons below cells that are so wide, with so much room beside them.

        Those of a large panel stand beside it and above it, where they cover nothing: `edges.js` decides alike.
        """
        is_large = self.slices == 1 and not self.captions and self.rows >= _LARGE_ROWS
        fits = beside_px >= BUTTON_PX and wide >= self.words_px + 2 * BUTTON_PX
        return 0.0 if not self.is_resized or (is_large and fits) else _BELOW_PX

    @cached_property
    def sign_px(self) -> float:
        """Room for the sign at the beginning of a line: the same for nearly all signs, so that panels are aligned."""
        sign = self.sign or self.aligned
        widest = max(text_width(sign, SIGN_PX), text_width("=", SIGN_PX))
        return widest + _SIGN_MARGIN_PX if sign else 0.0

    @cached_property
    def gap_px(self) -> float:
        """Room between this panel and the one before it, for the sign."""
        return text_width(self.sign, SIGN_PX) + 2 * _SIGN_MARGIN_PX + self.apart_px

    @cached_property
    def caption_px(self) -> float:
        """Height of the captions above the slices, 0 without any."""
        return CAPTION_PX if self.captions else 0.0

    @cached_property
    def above_px(self) -> float:
        """Height of what stands above the cells of each slice."""
        return self.caption_px + self.stems_px

    @cached_property
    def widest_caption_px(self) -> float:
        """Width of the widest caption, 0 without any."""
        return max(map(note_px, self.captions), default=0.0)

    @cached_property
    def note_y(self) -> float:
        """Where the baseline of the note is, from the top of the cells."""
        return -_WORDS_MARGIN_PX - self.above_px

    @cached_property
    def title_y(self) -> float:
        """Where the baseline of the title is, from the top of the cells."""
        return self.note_y - (NOTE_PX + 5 if self.note else 0)

    @cached_property
    def header_px(self) -> float:
        """Height of what stands above the cells."""
        return TITLE_PX + 1 - self.title_y

    @cached_property
    def words_px(self) -> float:
        """Width of the title and the note."""
        title = text_width(self.titled(self.takes_turns - 1), TITLE_PX, bold=True) + _ROUNDING_PX
        return max(title, note_px(self.note))

    @property
    def what(self) -> str:
        """What the panel shows, whichever of several things it is: "Kernel" where the title is "Kernel, update 3"."""
        return self.title.partition(", ")[0] if self.takes_turns else self.title

    def titled(self, number: int) -> str:
        """Return the title, with the number of what is shown where several things take turns."""
        return f"{self.title} {number}" if self.takes_turns else self.title


@dataclass(frozen=True, kw_only=True)
class Box:
    """Where a panel's cells are, in CSS pixels; ``readable`` if numbers fit into them.

    ``pitch`` is the distance from one slice to the next, across and down.
    """

    x: float
    y: float
    rows: int
    columns: int
    cell_width: float
    cell_height: float
    readable: bool
    slices: int = 1
    across: int = 1
    pitch: tuple[float, float] = (0.0, 0.0)

    @property
    def width(self) -> float:
        """Width of all cells, and what is between slices."""
        return (min(self.slices, self.across) - 1) * self.pitch[0] + self.columns * self.cell_width

    @property
    def height(self) -> float:
        """Height of all cells, and what is between slices."""
        return (ceil(self.slices / self.across) - 1) * self.pitch[1] + self.rows * self.cell_height

    @property
    def spot(self) -> Spot:
        """The whole of it."""
        return self.x, self.y, self.width, self.height

    @cached_property
    def pieces(self) -> "list[Box]":
        """The slices, one by one."""
        places = (divmod(number, self.across) for number in range(self.slices))
        across, down = self.pitch
        return [replace(self, x=self.x + right * across, y=self.y + low * down, slices=1) for low, right in places]

    def part(self, rows: slice, columns: slice) -> Spot:
        """Return where a block of cells of the first slice is."""
        return (
            self.x + columns.start * self.cell_width,
            self.y + rows.start * self.cell_height,
            (columns.stop - columns.start) * self.cell_width,
            (rows.stop - rows.start) * self.cell_height,
        )

    def spots(self, cells: Array) -> list[Spot]:
        """Return where some cells of the first slice are, given as booleans; all of them are a single spot."""
        if cells.all():
            return [self.spot]
        return [
            self.part(slice(row, row + 1), run)
            for row, line in enumerate(cells)
            if line.any()
            for run in runs(np.flatnonzero(line))
        ]

    def centres(self) -> list[tuple[float, float]]:
        """Return the centre of each cell, slice by slice, row by row."""
        return [
            (piece.x + (column + 0.5) * self.cell_width, piece.y + (row + 0.5) * self.cell_height)
            for piece in self.pieces
            for row in range(self.rows)
            for column in range(self.columns)
        ]

    def number_px(self, number_em: float) -> float:
        """Choose the size at which a number of this width, in sizes of its font, fits a cell."""
        return min(readable_px(self.cell_height), (self.cell_width - 3) / number_em)


def readable_px(cell_height: float) -> float:
    """Choose the size of a number in a cell of this height."""
    largest, smallest = NUMBER_PX
    return max(smallest, min(largest, 0.46 * cell_height))


def note_px(note: str) -> float:
    """Return how wide a note comes out."""
    return text_width(note, NOTE_PX) + _ROUNDING_PX


def runs(numbers: Iterable[int]) -> list[slice]:
    """Group ascending numbers that follow each other.

    Examples
    --------
    >>> runs([1, 2, 5])
    [slice(1, 3, None), slice(5, 6, None)]
    """
    found: list[slice] = []
    for number in numbers:
        if found and found[-1].stop == number:
            found[-1] = slice(found[-1].start, number + 1)
        else:
            found.append(slice(number, number + 1))
    return found
