"""The index notation of an operation: which cells take part in which products.

An operation is a sum of products over indices, written as in einsum, with strides:

    output[f, i, j] = Σ  input[c, i·s + u·d, j·s + v·d] · kernel[f, c, u, v]

One choice of all the indices is a *term*. A `Terms` declares the indices and the operands; a `View` says what the cells
of a panel stand for. What belongs to a cell that is pointed at follows from the two: the terms that pass through the
cell, projected on every other view. Nothing is enumerated but the indices of one axis at a time, so that a photograph
and 64 channels are as quick as a small grid. `player/browser/terms.js` solves the same declaration in the browser.

>>> row = Coordinate(size=4, of={"i": 1, "u": 1})
>>> kernel, output = Coordinate(size=3, of={"u": 1}), Coordinate(size=2, of={"i": 1})
>>> terms = Terms(indices={"i": 2, "u": 3}, operands={"x": (row,), "w": (kernel,)}, step=(output,))
>>> x, y = View(column=(row,)), View(column=(output,))
>>> terms.related(y, x, (0, 0, 2), step=0)
[Block(slices=(0,), rows=(0,), columns=(0, 1, 2))]
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import product
from math import prod
from typing import Any

Cell = tuple[int, int, int]
"""Slice, row and column of a cell in a panel."""
Assignment = dict[str, int]
"""A number for each of some indices."""


@dataclass(frozen=True, kw_only=True)
class Coordinate:
    """A position along one axis: ``offset`` plus a multiple of each index, from 0 to ``size`` − 1.

    Parameters
    ----------
    size : int
        How many positions there are. Terms that lead elsewhere do not show here.
    of : mapping of str to int
        What each index is multiplied by.
    offset : int
        Where the axis begins to count.
    copies : tuple of int
        Where several positions hold copies of one cell, as in mirrored padding: the cell that each position is copied
        from, −1 for one that is no copy. Empty where all cells are different ones.
    """

    size: int
    of: Mapping[str, int] = field(default_factory=dict)
    offset: int = 0
    copies: tuple[int, ...] = ()

    def at(self, assignment: Mapping[str, int]) -> int:
        """Return the position to which some indices lead; indices that are missing count as 0."""
        return self.offset + sum(by * assignment.get(index, 0) for index, by in self.of.items())

    def alike(self, position: int) -> set[int]:
        """Return the positions that hold the same cell."""
        origin = self.copies[position] if self.copies else -1
        return {position} if origin < 0 else {at for at, other in enumerate(self.copies) if other == origin}


@dataclass(frozen=True, kw_only=True)
class View:
    """What the cells of a panel stand for.

    Parameters
    ----------
    slice, row, column : tuple of Coordinate
        The coordinates along each axis. An axis may hold several, flattened with the last one fastest, as the rows of a
        Toeplitz matrix do. An axis without any has a single position.
    fixed : tuple of str
        The indices that stand at those of the step on the screen: products are those of one window.
    """

    slice: tuple[Coordinate, ...] = ()
    row: tuple[Coordinate, ...] = ()
    column: tuple[Coordinate, ...] = ()
    fixed: tuple[str, ...] = ()

    def coordinates(self) -> Iterator[tuple[int, int, Coordinate]]:
        """Go through all coordinates: each with its axis, and how many cells one position is from the next."""
        for number, axis in enumerate((self.slice, self.row, self.column)):
            for place, coordinate in enumerate(axis):
                yield number, prod(later.size for later in axis[place + 1 :]), coordinate


@dataclass(frozen=True, kw_only=True)
class Block:
    """Cells of a panel: every row with every column in every slice."""

    slices: tuple[int, ...]
    rows: tuple[int, ...]
    columns: tuple[int, ...]

    def cells(self) -> Iterator[Cell]:
        """Go through the cells."""
        return product(self.slices, self.rows, self.columns)


Digit = tuple[Coordinate, int]
"""A coordinate and a position along it."""
Asked = tuple[Coordinate, set[int]]
"""A coordinate and the positions along it that are asked for."""
Shown = tuple[int, int, Coordinate]
"""The axis of a coordinate, how many cells one position is from the next, and the coordinate."""


@dataclass(frozen=True, kw_only=True)
class Terms:
    """An operation in index notation.

    Parameters
    ----------
    indices : mapping of str to int
        The range of each index: from 0 to one less.
    operands : mapping of str to tuple of Coordinate
        The arrays that the operation multiplies, a coordinate for each of their axes. Their names are those by which
        a picture edits them.
    step : tuple of Coordinate
        Which step a term belongs to, flattened with the last coordinate fastest.
    bordered : tuple of str
        The operands around which there are zeros: a term that reads one of these changes nothing.
    """

    indices: Mapping[str, int]
    operands: Mapping[str, tuple[Coordinate, ...]]
    step: tuple[Coordinate, ...]
    bordered: tuple[str, ...] = ()

    @property
    def steps(self) -> View:
        """The steps as a view: a single row, with a cell for each step."""
        return View(column=self.step)

    def related(self, pointed: View, other: View, cell: Cell, step: int) -> list[Block]:
        """Find the cells of ``other`` that share a term with ``cell`` of ``pointed``.

        A term that multiplies a zero of the border counts only where one of the two views shows that zero.

        Parameters
        ----------
        pointed, other : View
            The panel that is pointed at, and the one to outline cells in.
        cell : (int, int, int)
            Slice, row and column of the cell that is pointed at.
        step : int
            The step on the screen, for the indices that a view fixes.
        """
        at_step = self.at_step(step)
        held = {index: at_step.get(index, 0) for index in (*pointed.fixed, *other.fixed)}
        asked = [(coordinate, coordinate.alike(at)) for coordinate, at in _digits(pointed, cell)]
        asked += [(coordinate, set(range(coordinate.size))) for coordinate in self._hidden_borders(pointed, other)]
        shown = list(other.coordinates())
        parts = [[], *self._parts([c for c, _ in asked] + [c for *_, c in shown])]
        shifts = [self._shifts(part, shown, asked, held) for part in parts]
        return _blocks(shifts) if all(shifts) else []

    def steps_of(self, pointed: View, cell: Cell, step: int) -> list[int]:
        """List the steps that a cell takes part in."""
        return sorted(at for block in self.related(pointed, self.steps, cell, step) for at in block.columns)

    def at_step(self, step: int) -> Assignment:
        """Return the indices that a step settles."""
        found: Assignment = {}
        for coordinate, at in _digits(self.steps, (0, 0, step)):
            rest = at - coordinate.offset
            for index, by in sorted(self._free(coordinate).items(), key=lambda pair: -pair[1]):
                found[index], rest = divmod(rest, by)
        return found

    def cell_of(self, operand: str, view: View, cell: Cell, step: int) -> tuple[int, ...] | None:
        """Find the cell of an operand that a cell of a panel shows, or nothing where it shows none (a border, a sum).

        A cell that no window reads takes part in no term, and is found all the same: its coordinate in the operand is
        its coordinate in the panel, moved.
        """
        at_step, digits = self.at_step(step), list(_digits(view, cell))
        held = {index: at_step.get(index, 0) for index in view.fixed}
        for coordinate, at in digits:  # a coordinate of a single index settles that index
            for index, by in self._free(coordinate, held).items():
                if len(self._free(coordinate, held)) == 1 and (at - coordinate.at(held)) % by == 0:
                    held = {**held, index: (at - coordinate.at(held)) // by}
        found = [self._position(coordinate, digits, held) for coordinate in self.operands[operand]]
        return tuple(at for at in found if at is not None) if None not in found else None

    def as_json(self) -> dict[str, Any]:
        """Return the declaration as the browser reads it."""
        return asdict(self)

    def _position(self, coordinate: Coordinate, digits: Sequence[Digit], held: Assignment) -> int | None:
        free, base = self._free(coordinate, held), coordinate.at(held)
        position = base if not free else None
        for shown, at in digits if free else ():
            if self._free(shown, held) == free:
                position = at - shown.at(held) + base
        return position if position is not None and 0 <= position < coordinate.size else None

    def _free(self, coordinate: Coordinate, held: Mapping[str, int] | None = None) -> dict[str, int]:
        return {i: by for i, by in coordinate.of.items() if self.indices[i] > 1 and i not in (held or {})}

    def _hidden_borders(self, *views: View) -> Iterator[Coordinate]:
        """Go through the coordinates with a border of zeros that neither view shows."""
        for coordinate in (axis for name in self.bordered for axis in self.operands[name]):
            free = self._free(coordinate).keys()
            seen = (self._free(c).keys() >= free for view in views for *_, c in view.coordinates())
            settled = (free & set(view.fixed) for view in views)
            if free and not any(seen) and not any(settled):
                yield coordinate

    def _parts(self, coordinates: Iterable[Coordinate]) -> list[list[str]]:
        """Group the indices that some coordinate adds up: the groups do not depend on each other."""
        parts: list[set[str]] = [{index} for index, count in self.indices.items() if count > 1]
        for coordinate in coordinates:
            together = [part for part in parts if part & coordinate.of.keys()]
            if len(together) > 1:
                parts = [part for part in parts if part not in together] + [set().union(*together)]
        return [sorted(part) for part in parts]

    def _shifts(
        self, part: list[str], shown: Sequence[Shown], asked: Sequence[Asked], held: Assignment
    ) -> set[tuple[int, ...]]:
        """Find what a group of indices adds to slice, row and column, over all terms that are asked for."""
        mine = {*part} if part else set()
        asked = [(c, alike) for c, alike in asked if self._free(c).keys() & mine or not (part or self._free(c))]
        shown = [(axis, by, c) for axis, by, c in shown if self._free(c).keys() & mine or not (part or self._free(c))]
        found: set[tuple[int, ...]] = set()
        for numbers in product(*([held[i]] if i in held else range(self.indices[i]) for i in part)):
            term = dict(zip(part, numbers, strict=True))
            places = [(axis, by, coordinate.at(term), coordinate.size) for axis, by, coordinate in shown]
            is_there = all(0 <= position < size for *_, position, size in places)
            if is_there and all(coordinate.at(term) in alike for coordinate, alike in asked):
                found.add(tuple(sum(by * position for a, by, position, _ in places if a == axis) for axis in range(3)))
        return found


def _digits(view: View, cell: Cell) -> Iterator[Digit]:
    """Divide a cell's numbers into one position for each coordinate."""
    for axis, by, coordinate in view.coordinates():
        yield coordinate, cell[axis] // by % coordinate.size


def _blocks(shifts: Sequence[set[tuple[int, ...]]]) -> list[Block]:
    """Add up what the groups contribute: a group along several axes makes a block for each of its shifts."""
    alone: list[set[int]] = [{0}, {0}, {0}]
    several: list[set[tuple[int, ...]]] = []
    for found in shifts:
        axes = [axis for axis in range(3) if len({shift[axis] for shift in found}) > 1]
        if len(axes) > 1:
            several.append(found)
            continue
        for axis in range(3):
            alone[axis] = {at + shift[axis] for at in alone[axis] for shift in found}
    blocks = []
    for chosen in product(*several):
        base = [sum(shift[axis] for shift in chosen) for axis in range(3)]
        slices, rows, columns = (tuple(sorted(at + base[axis] for at in alone[axis])) for axis in range(3))
        blocks.append(Block(slices=slices, rows=rows, columns=columns))
    return blocks
