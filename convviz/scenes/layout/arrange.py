"""Where panels go: one beside the other while there is room, as large as they fit, on as many lines as it takes."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil

from convviz.scenes.layout.box import Box, Plan, readable_px
from convviz.theme import CELL_PX

MARGIN_PX = 10.0
LINE_GAP_PX = 16.0
PLEASANT_CELL_PX = 30
STACKED_CELLS = 27
"""So many rows of numbers in slices one below the other can still be taken in."""
COLOUR_CELLS = 7.5
"""Longest side of a slice in colours, in cells of the panels with numbers."""
STRIP_PX = 28.0
"""Height of a single row in colours, and width of a single column."""
SLICE_GAP_PX = 6.0
_LEAST_COLOURED_PX = 90.0
"""A slice in colours that is no thumbnail is at least so wide, where there is room."""
_CELL_MARGINS_PX = 6.0
_NARROW_PX = 500
_TOUCHED_CELL_PX = 24
"""Smallest cell on a narrow page, which may be a telephone's: source: WCAG 2.2, "target size (minimum)"."""


def arrange(plans: Sequence[Plan], width: float, height: float) -> tuple[list[Box], tuple[float, float]]:
    """Place panels on a sheet of at most ``width``, and of at most ``height`` if cells can be made small enough.

    Cells become smaller where that saves a line of panels, down to a size that is still pleasant to read. Return a box
    for each plan, and the width and height that they take.
    """
    largest, smallest = CELL_PX[0], CELL_PX[1] if width > _NARROW_PX else _TOUCHED_CELL_PX
    fewest = len(_lines(plans, PLEASANT_CELL_PX, width))

    def fits(cell: int) -> bool:
        lines = _lines(plans, cell, width)
        return len(lines) <= fewest and _middles(lines)[1] <= height

    larger_than_smallest = range(largest, smallest, -2)
    found = bisect_left(larger_than_smallest, True, key=fits)
    cell = larger_than_smallest[found] if found < len(larger_than_smallest) else smallest
    return _placed(_lines(plans, cell, width))


def readable(plan: Plan, width: float) -> bool:
    """Whether a panel can hold numbers on a sheet of this width, rather than colours."""
    return _sized(plan, CELL_PX[1], width).readable


def side_by_side(plan: Plan, width: float) -> Plan:
    """Set as many slices of a panel side by side as there is room for, each large enough to be seen well."""
    few_cells = max(plan.rows, plan.columns) <= plan.most_cells
    least = plan.columns * _least_px(plan) if few_cells else _LEAST_COLOURED_PX
    wide = max(least, plan.widest_caption_px) + SLICE_GAP_PX
    across = int((room(width) - plan.sign_px + SLICE_GAP_PX) // wide)
    return replace(plan, across=min(max(across, 1), plan.slices))


def room(width: float) -> float:
    """Return how wide a panel can be on a sheet of this width."""
    return width - 2 * MARGIN_PX


def _sized(plan: Plan, cell: float, width: float) -> Box:
    if plan.slice_px:
        wide, high = plan.slice_px
        return _box(plan, wide / plan.columns, high / plan.rows, readable=False)
    across = min(plan.slices, plan.across)
    widest = (room(width) - plan.sign_px - SLICE_GAP_PX * (across - 1)) / across
    most, least = widest / plan.columns, _least_px(plan)
    fits = max(plan.rows, plan.columns) <= plan.most_cells
    fits &= plan.slices == 1 or ceil(plan.slices / plan.across) * plan.rows <= STACKED_CELLS
    if fits and least <= most and not plan.thumb_px:
        wanted = max(cell, readable_px(cell) * plan.number_em + _CELL_MARGINS_PX)
        return _box(plan, min(wanted, most), cell, readable=True)
    wide, high = _coloured(plan, plan.thumb_px or min(COLOUR_CELLS * cell, widest), widest)
    return _box(plan, wide / plan.columns, high / plan.rows, readable=False)


def _least_px(plan: Plan) -> float:
    """Return the least width of a cell that holds a panel's numbers."""
    return max(CELL_PX[1], readable_px(CELL_PX[1]) * plan.number_em + _CELL_MARGINS_PX)


def _coloured(plan: Plan, side: float, widest: float) -> tuple[float, float]:
    """Return width and height of a slice in colours, the longer one of which is ``side``, or ``widest`` for a row."""
    if plan.thumb_px and min(plan.rows, plan.columns) == 1:
        return (side, side / 3) if plan.rows == 1 else (side / 3, side)
    if min(plan.rows, plan.columns) == 1:
        return (widest, STRIP_PX) if plan.rows == 1 else (STRIP_PX, side)
    if plan.aligned:
        return widest, min(widest * plan.rows / plan.columns, side)
    least = 0.0 if plan.thumb_px else min(STRIP_PX, side)
    longest = max(plan.rows, plan.columns)
    return max(least, side * plan.columns / longest), max(least, side * plan.rows / longest)


def _box(plan: Plan, cell_width: float, cell_height: float, *, readable: bool) -> Box:
    pitch = (
        max(plan.columns * cell_width, plan.widest_caption_px) + SLICE_GAP_PX,
        plan.rows * cell_height + (plan.above_px or SLICE_GAP_PX),
    )
    return Box(
        x=0,
        y=0,
        rows=plan.rows,
        columns=plan.columns,
        cell_width=cell_width,
        cell_height=cell_height,
        readable=readable,
        slices=plan.slices,
        across=plan.across,
        pitch=pitch,
    )


@dataclass(frozen=True)
class _Block:
    """A plan and the box it gets."""

    plan: Plan
    box: Box

    @cached_property
    def width(self) -> float:
        """Width of the cells, or of the words above them."""
        beyond = max(0.0, self.plan.widest_caption_px - self.box.columns * self.box.cell_width)
        return max(self.box.width + beyond, self.plan.words_px)

    @property
    def above(self) -> float:
        """How far it reaches above the middle of its line."""
        return self.box.height / 2 + self.plan.header_px

    def below(self, room_px: float) -> float:
        """Return how far it reaches below the middle of its line, where there is so much room from its left edge on."""
        wide = self.box.columns * self.box.cell_width
        return self.box.height / 2 + self.plan.below_px(wide, beside_px=room_px - self.box.width)


Line = list[_Block]


def _lines(plans: Sequence[Plan], cell: float, width: float) -> list[Line]:
    lines: list[Line] = [[]]
    for unit in _units(plans):
        blocks = [_Block(plan, _sized(plan, cell, width)) for plan in unit]
        if lines[-1] and (unit[0].begins or _indent(lines) + _width(lines[-1] + blocks) > room(width)):
            lines.append([])
        for block in blocks:  # even what should stay together must break where there is no room at all
            if lines[-1] and _indent(lines) + _width([*lines[-1], block]) > room(width):
                lines.append([])
            lines[-1].append(block)
    return lines


def _units(plans: Sequence[Plan]) -> list[list[Plan]]:
    """Group panels that belong on one line."""
    units: list[list[Plan]] = []
    for plan in plans:
        if units and plan.follows:
            units[-1].append(plan)
        else:
            units.append([plan])
    return units


def _width(line: Line) -> float:
    first = line[0].plan
    return first.sign_px - first.gap_px + sum(block.width + block.plan.gap_px for block in line)


def _indent(lines: list[Line]) -> float:
    """Return how far right the last line begins, if it stands under the last panel of the line before it."""
    first = lines[-1][0].plan
    return _width(lines[-2]) - lines[-2][-1].width - first.sign_px if first.under and len(lines) > 1 else 0.0


def _placed(lines: list[Line]) -> tuple[list[Box], tuple[float, float]]:
    lefts, across = _lefts(lines)
    middles, bottom = _middles(lines)
    boxes = [
        replace(block.box, x=left, y=middle - block.box.height / 2)
        for line, places, middle in zip(lines, lefts, middles, strict=True)
        for block, left in zip(line, places, strict=True)
    ]
    return boxes, (across, bottom)


def _lefts(lines: list[Line]) -> tuple[list[list[float]], float]:
    """Return where each panel begins, line by line, and how wide the sheet is."""
    lefts: list[list[float]] = []
    right = 0.0
    for line in lines:
        first = line[0].plan
        left = (lefts[-1][-1] if first.under and lefts else MARGIN_PX + first.sign_px) - first.gap_px
        lefts.append([])
        for block in line:
            left += block.plan.gap_px
            lefts[-1].append(left)
            left += block.width
        right = max(right, left)
    return lefts, right + MARGIN_PX


def _middles(lines: list[Line]) -> tuple[list[float], float]:
    """Return where the middle of each line is, and how high the sheet is."""
    middles: list[float] = []
    lefts, across = _lefts(lines)
    top = MARGIN_PX
    for line, places in zip(lines, lefts, strict=True):
        middles.append(top + max(block.above for block in line))
        reach = max(block.below(across - left) for block, left in zip(line, places, strict=True))
        top = middles[-1] + reach + LINE_GAP_PX
    return middles, top - LINE_GAP_PX + MARGIN_PX
