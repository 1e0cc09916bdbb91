"""What the cells of a panel stand for, in indices."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from itertools import product
from math import prod
from typing import Any

Cell = tuple[int, int, int]
"""Slice, row and column of a cell in a panel."""


@dataclass(frozen=True, kw_only=True)
class Coordinate:
    """A position along one axis: ``offset`` plus a multiple of each index. Cells are at positions 0 to ``size`` − 1.

    Parameters
    ----------
    size : int
        How many cells there are. Terms that lead elsewhere do not show here.
    of : mapping of str to int
        What each index is multiplied by.
    offset : int
        Where the axis begins to count.
    copies : tuple of int
        For an input whose border holds copies of its cells, as in mirrored padding: which cell of the input each
        position holds, from position ``offset`` on; −1 for none. Empty where no two positions hold the same cell. An
        axis that shows the border has an ``offset`` of 0 and as many cells as ``copies``. On an axis that does not
        show it, terms that lead beyond its ends show at the cells that are copied there.
    """

    size: int
    of: Mapping[str, int] = field(default_factory=dict)
    offset: int = 0
    copies: tuple[int, ...] = ()

    @property
    def positions(self) -> Sequence[int]:
        """All positions that show at a cell, in order."""
        beyond = range(self.offset, self.offset + len(self.copies))
        return [at for at in beyond if 0 <= self.cell(at) < self.size] if self.copies else range(self.size)

    def cell(self, position: int) -> int:
        """Return the cell at which a position shows: beyond the ends, the one that is copied there."""
        is_copy = self.copies and not 0 <= position < self.size
        return self.copies[position - self.offset] if is_copy else position

    def alike(self, cell: int) -> Sequence[int]:
        """Return all positions that hold the same number as a cell, in order."""
        origin = self.copies[cell - self.offset] if self.copies else -1
        same = [at for at, other in enumerate(self.copies, self.offset) if other == origin]
        return [cell] if origin < 0 else same

    def as_json(self) -> dict[str, Any]:
        """Return the coordinate as the browser reads it: `dataclasses.asdict` takes ten times as long."""
        return {"size": self.size, "of": dict(self.of), "offset": self.offset, "copies": self.copies}


Shown = tuple[int, int, Coordinate]
"""The axis of a coordinate, how many cells one position is from the next, and the coordinate."""


@dataclass(frozen=True, kw_only=True)
class View:
    """What the cells of a panel stand for.

    Parameters
    ----------
    slice, row, column : tuple of Coordinate
        The coordinates along each axis. An axis may hold several, flattened with the last one fastest, as the rows of a
        Toeplitz matrix do. An axis without any has a single position.
    fixed : tuple of str
        The indices that stand where the step on the screen has them: products are those of one window. Coordinates of
        the step that contain one of these indices stay as they are in that step.
    held : tuple of Coordinate
        Coordinates that are at the number of the step: where a step is a sample and the cells are the products of one
        output cell, that of the output.
    """

    slice: tuple[Coordinate, ...] = ()
    row: tuple[Coordinate, ...] = ()
    column: tuple[Coordinate, ...] = ()
    fixed: tuple[str, ...] = ()
    held: tuple[Coordinate, ...] = ()

    @property
    def shape(self) -> tuple[int, ...]:
        """How many slices, rows and columns there are."""
        return tuple(prod(coordinate.size for coordinate in axis) for axis in (self.slice, self.row, self.column))

    @property
    def indices(self) -> AbstractSet[str]:
        """The indices on which the cells depend, and those that are fixed."""
        coordinates = [*self.held, *(coordinate for *_, coordinate in self.coordinates())]
        return {*self.fixed, *(index for coordinate in coordinates for index in coordinate.of)}

    def coordinates(self) -> Iterator[Shown]:
        """Go through all coordinates: each with its axis, and how many cells one position is from the next."""
        for number, axis in enumerate((self.slice, self.row, self.column)):
            for place, coordinate in enumerate(axis):
                yield number, prod(later.size for later in axis[place + 1 :]), coordinate

    def digits(self, cell: Cell) -> Iterator[tuple[Coordinate, int]]:
        """Divide a cell's numbers into a cell of each coordinate."""
        for axis, by, coordinate in self.coordinates():
            yield coordinate, cell[axis] // by % coordinate.size

    def flattened(self) -> "View":
        """Return the view of the same cells in one column: slice by slice, row by row."""
        return View(row=self.slice + self.row + self.column, fixed=self.fixed, held=self.held)

    def only_slice(self, number: int) -> "View":
        """Return the view of a panel that shows one slice alone.

        Examples
        --------
        >>> channels = View(slice=(Coordinate(size=8, of={"c": 1}),))
        >>> channels.only_slice(3).slice
        (Coordinate(size=1, of={'c': 1}, offset=-3, copies=()),)
        """
        digits = View(slice=self.slice).digits((number, 0, 0))
        return replace(self, slice=tuple(replace(c, size=1, offset=c.offset - at, copies=()) for c, at in digits))

    def as_json(self) -> dict[str, Any]:
        """Return the view as the browser reads it."""
        axes = {"slice": self.slice, "row": self.row, "column": self.column, "held": self.held}
        told = {name: tuple(coordinate.as_json() for coordinate in axis) for name, axis in axes.items()}
        return {**told, "fixed": self.fixed}


@dataclass(frozen=True, kw_only=True)
class Block:
    """Cells of a panel: every row with every column in every slice."""

    slices: tuple[int, ...]
    rows: tuple[int, ...]
    columns: tuple[int, ...]

    def cells(self) -> Iterator[Cell]:
        """Go through the cells."""
        return product(self.slices, self.rows, self.columns)
