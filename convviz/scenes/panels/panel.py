"""A panel: some cells under a title, and the marks on them."""

from typing import Any

import numpy as np

from convviz.scenes.drawing.sheet import Sheet
from convviz.scenes.layout.box import Box
from convviz.scenes.panels.cells import colours, cover, grid, ground, numbers, waiting
from convviz.scenes.panels.part import Drawn, Mark, Part
from convviz.scenes.panels.words import numerals
from convviz.theme import NOTE_PX, TITLE_PX
from convviz.trace import Array

_SLICES = {"f": "map", "c": "channel"}
"""What a slice is, by the index that counts it."""


class Panel:
    """A part, drawn on a sheet in its box. The page knows its attributes by the same names."""

    def __init__(self, sheet: Sheet, part: Part, box: Box) -> None:
        self.sheet, self.part, self.plan, self.box = sheet, part, part.plan, box
        self.name, self.title, self.view, self.edits = self.plan.name, self.plan.what, part.view, part.edits
        self.rows, self.columns, self.first = box.rows, box.columns, self.plan.first
        self.has_cells, self.is_still = part.values is not None, not callable(part.values)
        self.has_numbers = self.has_cells and box.readable
        self.is_field = bool(self.edits) and self.has_numbers
        self.changing = self.has_numbers and not (self.is_still and part.known is None)
        pieces = box.pieces if self.has_cells else []
        self.slices = [_place(each, self.plan.stems_px) for each in pieces]
        self.number_px = box.number_px(self.plan.number_em)
        self._texts: tuple[int | None, list[str]] = (None, [])
        self._write_words()
        self.drawn: dict[Any, Drawn] = {}
        for mark in (*self._basic_marks(), *part.marks):
            self.drawn[mark if mark.__class__.__name__ == "function" else type(mark)] = mark(self)

    def values(self, step: Any) -> Array:
        """Return what stands in the cells at a step, slice by slice; masked where nothing does."""
        values = self.part.values(step) if callable(self.part.values) else self.part.values
        assert values is not None
        return self.in_slices(values)

    def in_slices(self, values: Array) -> Array:
        """Divide an array into the panel's slices."""
        return values.reshape(self.box.slices, self.box.rows, self.box.columns)

    def numerals(self, step: Any) -> list[str]:
        """Write what stands in the cells, whether it is known yet or not."""
        key = -1 if self.is_still else step.index
        if self._texts[0] != key:
            self._texts = key, numerals(self.values(step), self.plan.decimals)
        return self._texts[1]

    def texts(self, step: Any) -> list[str] | None:
        """Return what the cells say at a step, slice by slice, row by row; nothing where they are colours."""
        if not self.has_numbers:
            return None
        texts = self.numerals(step)
        known = self.part.known(step) if self.part.known else len(texts)
        return texts[:known] + [""] * (len(texts) - known)

    def text(self, step: Any, cell: tuple[int, int, int]) -> str:
        """Return what a single cell (slice, row, column) says at a step, whether there is room to write it or not."""
        values = self.values(step)
        number = np.ravel_multi_index(cell, values.shape)
        if self.part.words:
            return self.part.words[number]
        is_known = self.part.known is None or number < self.part.known(step)
        return numerals(values[cell].reshape(1), self.plan.decimals)[0] if is_known else ""

    def draw(self, step: Any, flipped: float = 1.0) -> None:
        """Show a step, or, where there is none, how far the kernel is flipped; what is shown depends on it alone."""
        if self.part.number and step is not None:
            self.words.set_texts([self.plan.titled(self.part.number(step))])
        for drawn in self.drawn.values():
            if drawn.draw:
                drawn.draw(step, flipped)

    def about(self) -> dict[str, Any]:
        """Return what the page must know of the panel."""
        names = ("name", "title", "edits", "slices", "rows", "columns", "first", "changing")
        stays = self.has_numbers and not self.changing
        view = {"view": self.view and self.view.as_json(), "texts": self.texts(None) if stays else None}
        words = {"captions": list(self.plan.captions), "each": self.each, "heading": self.plan.words_px}
        return {name: getattr(self, name) for name in names} | words | view

    @property
    def each(self) -> str:
        """What one slice is called in the names of its cells, where no caption says it."""
        indices = {index for coordinate in self.view.slice for index in coordinate.of} if self.view else set()
        return next((word for index, word in _SLICES.items() if index in indices), "slice")

    def _write_words(self) -> None:
        plan, box, theme = self.plan, self.box, self.sheet.theme
        title, moving = "" if self.part.number else plan.title, self.part.number is not None
        style: dict[str, Any] = {"size_px": TITLE_PX, "colour": plan.colour.strong, "bold": True}
        self.words = self.sheet.text(box.x, box.y + plan.title_y, title, moving=moving, **style)
        if plan.note:
            self.sheet.text(box.x, box.y + plan.note_y, plan.note, size_px=NOTE_PX, colour=theme.muted)
        for piece, caption in zip(box.pieces, plan.captions, strict=False):
            self.sheet.text(piece.x, piece.y - 6 - plan.stems_px, caption, size_px=NOTE_PX, colour=theme.muted)

    def _basic_marks(self) -> list[Mark]:
        """Return what every panel with cells has; lines are drawn above the cover."""
        if not self.has_cells:
            return []
        covers: list[Mark] = [cover] if self.part.known else [waiting] if self.part.wait else []
        tints: list[Mark] = [self.part.tint] if self.part.tint else []
        values: list[Mark] = [numbers] if self.box.readable else [] if tints else [colours]
        return [ground, *tints, *values, *covers, grid]


def _place(piece: Box, above: float) -> dict[str, float]:
    """Return where a slice is on the page, and how much of what is above it belongs to its first row."""
    return {"x": piece.x, "y": piece.y, "width": piece.width, "height": piece.height, "above": above}
