"""Where panels go: one beside the other while there is room, as large as they fit, on as many lines as it takes."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

from convviz.scenes.layout.box import Box, Plan, readable_px
from convviz.theme import CELL_PX

MARGIN_PX = 10.0
LINE_GAP_PX = 16.0
PLEASANT_CELL_PX = 30
READABLE_CELLS = 18
"""With more cells than this along a side, colours say more than numbers."""
STACKED_CELLS = 27
"""So many rows of numbers in slices one below the other can still be taken in."""
COLOUR_CELLS = 7.5
"""Longest side of a slice in colours, in cells of the panels with numbers."""
STRIP_PX = 28.0
"""Height of a single row in colours."""
SLICE_GAP_PX = 6.0


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

    def fits(cell: int) -> bool:
        lines = _lines(plans, cell, width)
        return len(lines) <= fewest and _height(lines) <= height

    larger_than_smallest = range(largest, smallest, -2)
    found = bisect_left(larger_than_smallest, True, key=fits)
    cell = larger_than_smallest[found] if found < len(larger_than_smallest) else smallest
    return _placed(_lines(plans, cell, width))


def readable(plan: Plan, width: float) -> bool:
    """Tell whether a panel can hold numbers on a sheet of this width, or must do with colours."""
    return _sized(plan, CELL_PX[1], width).readable


def stackable(slices: int, rows: int) -> bool:
    """Tell whether so many slices of so many rows can be taken in one below the other."""
    return slices == 1 or slices * rows <= STACKED_CELLS


def room(width: float) -> float:
    """Tell how wide a panel can be on a sheet of this width."""
    return width - 2 * MARGIN_PX


def _sized(plan: Plan, cell: float, width: float) -> Box:
    across = min(plan.slices, plan.across)
    widest = (room(width) - SLICE_GAP_PX * (across - 1)) / across
    most = widest / plan.columns
    smallest, wanted = (max(height, readable_px(height) * plan.number_em + 6) for height in (CELL_PX[1], cell))
    small = max(plan.rows, plan.columns) <= READABLE_CELLS and stackable(ceil(plan.slices / plan.across), plan.rows)
    if small and smallest <= most and not plan.thumb_px:
        return _box(plan, min(wanted, most), cell, readable=True)
    wide, high = _coloured(plan, plan.thumb_px or min(COLOUR_CELLS * cell, widest), widest)
    return _box(plan, wide / plan.columns, high / plan.rows, readable=False)


def _coloured(plan: Plan, side: float, widest: float) -> tuple[float, float]:
    """Give a slice in colours its width and height, the longer one of which is ``side``, or ``widest`` for a row."""
    if plan.thumb_px and min(plan.rows, plan.columns) == 1:
        return (side, side / 3) if plan.rows == 1 else (side / 3, side)
    if min(plan.rows, plan.columns) == 1:
        return (widest, STRIP_PX) if plan.rows == 1 else (STRIP_PX, side)
    if plan.rows > plan.columns:
        return side * plan.columns / plan.rows, side
    return side, side * plan.rows / plan.columns


def _box(plan: Plan, cell_width: float, cell_height: float, *, readable: bool) -> Box:
    pitch = (
        max(plan.columns * cell_width, plan.widest_caption_px) + SLICE_GAP_PX,
        plan.rows * cell_height + (plan.caption_px or SLICE_GAP_PX),
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


@dataclass(frozen=True, kw_only=True)
class _Block:
    """A box with its words, and the gap to the next one on the line."""

    box: Box
    header: float
    width: float
    gap: float


Line = list[_Block]


def _lines(plans: Sequence[Plan], cell: float, width: float) -> list[Line]:
    lines: list[Line] = [[]]
    for unit in _units(plans):
        blocks = [_block(plan, cell, width) for plan in unit]
        if lines[-1] and (unit[0].begins or _width(lines[-1] + blocks) > room(width)):
            lines.append([])
        for block in blocks:  # even what should stay together must break where there is no room at all
            if lines[-1] and _width([*lines[-1], block]) > room(width):
                lines.append([])
            lines[-1].append(block)
    return [_level(line) for line in lines]


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
    captioned = box.width + max(0.0, plan.widest_caption_px - box.columns * box.cell_width)
    return _Block(box=box, header=plan.header_px, width=max(captioned, plan.words_px), gap=plan.gap_px)


def _level(line: Line) -> Line:
    """Bring slices of the same number to the same height: those of the input, of the kernel and of the products."""
    down: dict[tuple[int, int], float] = {}
    for block in line:
        stack = (block.box.slices, block.box.across)
        down[stack] = max(down.get(stack, 0.0), block.box.pitch[1])
    return [
        replace(block, box=replace(block.box, pitch=(block.box.pitch[0], down[block.box.slices, block.box.across])))
        for block in line
    ]


def _width(line: Line) -> float:
    return sum(block.width + block.gap for block in line) - line[-1].gap


def _height(lines: list[Line]) -> float:
    taken = sum(max(block.header for block in line) + max(block.box.height for block in line) for line in lines)
    return taken + (len(lines) - 1) * LINE_GAP_PX


def _placed(lines: list[Line]) -> tuple[list[Box], tuple[float, float]]:
    boxes: list[Box] = []
    top = MARGIN_PX
    for line in lines:
        header = max(block.header for block in line)
        tallest = max(block.box.height for block in line)
        left = MARGIN_PX
        for block in line:
            box = block.box
            y = top + header + (tallest - box.height) / 2
            boxes.append(replace(box, x=left, y=y))
            left += block.width + block.gap
        top += header + tallest + LINE_GAP_PX
    return boxes, (max(map(_width, lines)) + 2 * MARGIN_PX, top - LINE_GAP_PX + MARGIN_PX)
