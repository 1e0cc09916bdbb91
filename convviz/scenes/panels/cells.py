"""The marks that every panel with cells has: ground, numbers or colours, lines, and what hides cells."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.artist import Artist

from convviz.scenes.drawing.sheet import Spot
from convviz.scenes.layout.box import Box
from convviz.scenes.panels.part import Drawn
from convviz.scenes.panels.words import widest_em
from convviz.trace import Array

if TYPE_CHECKING:
    from convviz.scenes.panels.panel import Panel

_LEAST_GRID_PX = 8
"""Cells smaller than this cannot be told apart by lines."""
_LEAST_EM = 0.5


def ground(panel: "Panel") -> Drawn:
    """Fill the panel; what is a border, with another colour."""
    sheet, pieces, inner, border = panel.sheet, panel.box.pieces, panel.part.interior, panel.part.border
    pale: dict[str, Any] = {"facecolor": panel.plan.colour.pale, "edgecolor": "none"}
    grey = pale | {"facecolor": sheet.theme.border}
    if inner:
        sheet.rectangles([piece.spot for piece in pieces], moving=False, **grey)
    filled = sheet.rectangles([piece.part(*inner) if inner else piece.spot for piece in pieces], moving=False, **pale)
    if border is None:
        return Drawn((filled,))
    padding = sheet.rectangles([], moving=True, **grey)

    def draw(step: Any, flipped: float) -> None:
        masks: Sequence[Array] = [] if step is None else list(panel.in_slices(border(step)))
        padding.put([spot for piece, mask in zip(pieces, masks, strict=False) for spot in piece.spots(mask)])

    return Drawn((padding, filled), draw)


def numbers(panel: "Panel") -> Drawn:
    """Write a number in each cell, smaller where those of a step are wider than was to be expected."""
    box, theme, centres = panel.box, panel.sheet.theme, panel.box.centres()
    letters = panel.sheet.lettering(centres, panel.number_px, theme.ink, moving=not panel.is_still)
    if panel.is_still:
        muted = np.zeros((box.slices, box.rows, box.columns), dtype=bool)
        if panel.part.interior:
            muted[:] = True
            muted[:, *panel.part.interior] = False
        letters.set_texts(panel.numerals(None), [theme.muted if each else theme.ink for each in muted.flat])
        return Drawn((letters,))

    def draw(step: Any, flipped: float) -> None:
        texts = [""] * len(centres) if step is None else panel.numerals(step)
        letters.size_px = min(panel.number_px, box.number_px(max(_LEAST_EM, widest_em(texts))))
        letters.set_texts(texts)

    return Drawn((letters,), draw)


def colours(panel: "Panel") -> Drawn:
    """Show a grey for each cell, where there is no room for numbers."""
    shade = panel.part.shade or np.asarray
    low, high = shade(np.array(panel.part.limits))
    greys = panel.sheet.colours([piece.spot for piece in panel.box.pieces], moving=not panel.is_still)

    def draw(step: Any, flipped: float) -> None:
        greys.set_visible(panel.is_still or step is not None)
        if greys.get_visible():
            greys.set_values(shade(np.ma.filled(panel.values(step), 0)), low, high)

    if panel.is_still:
        draw(None, 1.0)
    return Drawn((greys,), None if panel.is_still else draw)


def cover(panel: "Panel") -> Drawn:
    """Hide the cells that are not known yet: all but the first few, in order."""
    rest = panel.sheet.rectangles([], moving=True, facecolor=panel.sheet.theme.unknown, edgecolor="none")

    def draw(step: Any, flipped: float) -> None:
        assert panel.part.known
        rest.put(cells_from(panel.box, 0 if step is None else panel.part.known(step)))

    return Drawn((rest,), draw)


def bare(panel: "Panel") -> Drawn:
    """Hide the cells in which nothing stands at a step, and the lines around them."""
    # Around rows of small cells there would be nothing but lines.
    return _emptied(panel, edgecolor=panel.sheet.theme.line if panel.box.readable else "none", linewidth=1.6)


def waiting(panel: "Panel") -> Drawn:
    """Hide the cells in which nothing stands yet."""
    return _emptied(panel, edgecolor="none")


def _emptied(panel: "Panel", **style: Any) -> Drawn:
    empty = panel.sheet.rectangles([], moving=True, facecolor=panel.sheet.theme.unknown, **style)

    def draw(step: Any, flipped: float) -> None:
        hidden: Sequence[Array] = [] if step is None else list(np.ma.getmaskarray(panel.values(step)))
        slices = zip(panel.box.pieces, hidden, strict=False)
        empty.put([spot for piece, cells in slices if cells.any() for spot in piece.spots(cells)])

    return Drawn((empty,), draw)


def grid(panel: "Panel") -> Drawn:
    """Draw the lines between cells, those of what can be edited as a field has them, and the outline."""
    box, plan, theme, sheet = panel.box, panel.plan, panel.sheet.theme, panel.sheet
    part = panel.part
    is_filled = part.known or part.wait or part.border or (part.tint and not panel.is_still)
    is_on_still = not is_filled and (panel.is_still or box.readable)
    style: dict[str, Any] = {"moving": not is_on_still}
    artists: list[Artist] = []
    if min(box.cell_width, box.cell_height) >= _LEAST_GRID_PX and not plan.thumb_px:
        whole = slice(0, box.rows), slice(0, box.columns)
        lines = lines_between(box, *whole)
        artists.append(sheet.lines(lines, edgecolor=theme.line, linewidth=0.8, **style))
        if panel.is_field:
            fields = lines_between(box, *part.interior) if part.interior else lines
            artists.append(sheet.lines(fields, edgecolor=theme.field, linewidth=0.8, **style))
    spots = [piece.spot for piece in box.pieces]
    artists.append(sheet.rectangles(spots, fill=False, edgecolor=plan.colour.strong, linewidth=1.2, **style))
    if plan.marked is not None:
        x, y, width, height = spots[plan.marked]
        around = [(x - 2, y - 2, width + 4, height + 4)]
        artists.append(sheet.rectangles(around, fill=False, edgecolor=theme.ink, linewidth=2.4, **style))
    return Drawn(tuple(artists))


def lines_between(box: Box, rows: slice, columns: slice) -> list[list[tuple[float, float]]]:
    """Return the lines between and around some cells of each slice."""
    lines = []
    for piece in box.pieces:
        left, top, width, height = piece.part(rows, columns)
        across = [left + number * box.cell_width for number in range(columns.stop - columns.start + 1)]
        down = [top + number * box.cell_height for number in range(rows.stop - rows.start + 1)]
        lines += [[(x, top), (x, top + height)] for x in across] + [[(left, y), (left + width, y)] for y in down]
    return lines


def cells_from(box: Box, index: int) -> Sequence[Spot]:
    """Return where the cells from number ``index`` on are, in order."""
    piece, rest = divmod(index, box.rows * box.columns)
    if piece >= box.slices:
        return []
    row, column = divmod(rest, box.columns)
    at = box.pieces[piece]
    rest_of_row = at.part(slice(row, row + 1), slice(column, box.columns))
    rows_below = at.part(slice(row + 1, box.rows), slice(0, box.columns))
    found = [spot for spot in (rest_of_row, rows_below) if spot[3] > 0]
    return found + [later.spot for later in box.pieces[piece + 1 :]]
