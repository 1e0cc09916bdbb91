"""Where panels go: one beside the other while there is room, as large as they fit, on as many lines as it takes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from convviz.scenes.lettering import text_width
from convviz.scenes.sheet import Spot
from convviz.theme import CELL_PX, NOTE_PX, NUMBER_PX, TITLE_PX, Role

MARGIN_PX = 10.0
SIGN_PX = 20.0
"""Size of the sign between two panels."""
_SIGN_MARGIN_PX = 8.0
HEADER_PX = TITLE_PX + NOTE_PX + 14
LINE_GAP_PX = 16.0
PLEASANT_CELL_PX = 30
READABLE_CELLS = 18
"""With more cells than this along a side, colours say more than numbers."""
COLOUR_CELLS = 7.5
"""Longest side of a panel in colours, in cells of the panels with numbers."""
STRIP_PX = 28.0
"""Height of a single row in colours."""
_HINTED, _BOLD_HINTED = 1.12, 1.23
"""How much wider than its glyphs matplotlib sets a text, at worst: hinting moves them to whole pixels."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a layout must know of a panel: its words, its cells, and the widest number they will hold.

    ``number_em`` is the width of that number, in sizes of its font. ``sign`` stands between this panel and the next
    one on the line; ``keeps_next`` if the two belong on the same line.
    """

    role: str
    title: str
    note: str
    colour: Role
    rows: int
    columns: int
    number_em: float
    sign: str = ""
    keeps_next: bool = False

    @property
    def gap_px(self) -> float:
        """Room between this panel and the next one, for the sign."""
        return text_width(self.sign, SIGN_PX) + 2 * _SIGN_MARGIN_PX

    @property
    def words_px(self) -> float:
        """Width of the title and the note."""
        return max(text_width(self.title, TITLE_PX) * _BOLD_HINTED, note_px(self.note))


@dataclass(frozen=True, kw_only=True)
class Box:
    """Where a panel's cells are, in CSS pixels; ``readable`` if numbers fit into them."""

    x: float
    y: float
    rows: int
    columns: int
    cell_width: float
    cell_height: float
    readable: bool

    @property
    def width(self) -> float:
        """Width of all cells."""
        return self.columns * self.cell_width

    @property
    def height(self) -> float:
        """Height of all cells."""
        return self.rows * self.cell_height

    @property
    def spot(self) -> Spot:
        """The whole of it."""
        return self.x, self.y, self.width, self.height

    def part(self, rows: slice, columns: slice) -> Spot:
        """Tell where a block of cells is."""
        return (
            self.x + columns.start * self.cell_width,
            self.y + rows.start * self.cell_height,
            (columns.stop - columns.start) * self.cell_width,
            (rows.stop - rows.start) * self.cell_height,
        )

    def centres(self) -> list[tuple[float, float]]:
        """Give the centre of each cell, row by row."""
        return [
            (self.x + (column + 0.5) * self.cell_width, self.y + (row + 0.5) * self.cell_height)
            for row in range(self.rows)
            for column in range(self.columns)
        ]

    def number_px(self, number_em: float) -> float:
        """Choose the size at which a number of this width, in sizes of its font, fits a cell."""
        return min(_number_px(self.cell_height), (self.cell_width - 3) / number_em)


def arrange(plans: Sequence[Plan], width: float, height: float) -> tuple[list[Box], tuple[float, float]]:
    """Place panels on a sheet of at most ``width``, and of at most ``height`` if cells can be made small enough.

    Cells become smaller where that saves a line of panels, down to a size that is still pleasant to read.

    Returns
    -------
    boxes : list of Box
        One for each plan.
    size : (float, float)
        Width and height that they take.
    """
    largest, smallest = CELL_PX
    fewest = len(_lines(plans, PLEASANT_CELL_PX, width))
    for cell in range(largest, smallest - 1, -2):
        lines = _lines(plans, cell, width)
        if len(lines) <= fewest and _height(lines) <= height:
            break
    return _placed(lines)


def readable(plan: Plan, width: float) -> bool:
    """Tell whether a panel can hold numbers on a sheet of this width, or must do with colours."""
    return _sized(plan, CELL_PX[1], width).readable


def note_px(note: str) -> float:
    """Tell how wide a note may come out."""
    return text_width(note, NOTE_PX) * _HINTED


def room(width: float) -> float:
    """Tell how wide a panel can be on a sheet of this width."""
    return width - 2 * MARGIN_PX


def _sized(plan: Plan, cell: float, width: float) -> Box:
    cell_width = max(cell, _number_px(cell) * plan.number_em + 6)
    if max(plan.rows, plan.columns) <= READABLE_CELLS and cell_width * plan.columns <= room(width):
        return Box(
            x=0,
            y=0,
            rows=plan.rows,
            columns=plan.columns,
            cell_width=cell_width,
            cell_height=cell,
            readable=True,
        )
    side = min(COLOUR_CELLS * cell, room(width))
    wide, high = (side, side)
    if min(plan.rows, plan.columns) == 1:
        wide, high = (room(width), STRIP_PX) if plan.rows == 1 else (STRIP_PX, side)
    elif plan.rows > plan.columns:
        wide = side * plan.columns / plan.rows
    else:
        high = side * plan.rows / plan.columns
    return Box(
        x=0,
        y=0,
        rows=plan.rows,
        columns=plan.columns,
        cell_width=wide / plan.columns,
        cell_height=high / plan.rows,
        readable=False,
    )


def _number_px(cell: float) -> float:
    largest, smallest = NUMBER_PX
    return max(smallest, min(largest, 0.46 * cell))


@dataclass(frozen=True, kw_only=True)
class _Block:
    """A box with its words, and the gap to the next one on the line."""

    box: Box
    width: float
    gap: float


Line = list[_Block]


def _lines(plans: Sequence[Plan], cell: float, width: float) -> list[Line]:
    lines: list[Line] = [[]]
    for unit in _units(plans):
        blocks = [_block(plan, cell, width) for plan in unit]
        if lines[-1] and _width(lines[-1] + blocks) > room(width):
            lines.append([])
        for block in blocks:  # even what should stay together must break where there is no room at all
            if lines[-1] and _width([*lines[-1], block]) > room(width):
                lines.append([])
            lines[-1].append(block)
    return lines


def _units(plans: Sequence[Plan]) -> list[list[Plan]]:
    """Group panels that belong on one line."""
    units: list[list[Plan]] = [[]]
    for plan in plans:
        units[-1].append(plan)
        if not plan.keeps_next:
            units.append([])
    return units[:-1]


def _block(plan: Plan, cell: float, width: float) -> _Block:
    box = _sized(plan, cell, width)
    return _Block(box=box, width=max(box.width, plan.words_px), gap=plan.gap_px)


def _width(line: Line) -> float:
    return sum(block.width + block.gap for block in line) - line[-1].gap


def _height(lines: list[Line]) -> float:
    cells = sum(max(block.box.height for block in line) for line in lines)
    return cells + len(lines) * HEADER_PX + (len(lines) - 1) * LINE_GAP_PX


def _placed(lines: list[Line]) -> tuple[list[Box], tuple[float, float]]:
    boxes: list[Box] = []
    top = MARGIN_PX
    for line in lines:
        tallest = max(block.box.height for block in line)
        left = MARGIN_PX
        for block in line:
            box = block.box
            y = top + HEADER_PX + (tallest - box.height) / 2
            boxes.append(replace(box, x=left, y=y))
            left += block.width + block.gap
        top += HEADER_PX + tallest + LINE_GAP_PX
    return boxes, (max(map(_width, lines)) + 2 * MARGIN_PX, top - LINE_GAP_PX + MARGIN_PX)
