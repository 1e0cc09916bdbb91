"""An operation in index notation."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from convviz.terms.solving import Asked, Shift, as_blocks, as_columns, solved
from convviz.terms.views import Block, Cell, Coordinate, View


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
    views : mapping of str to View
        The panels in which pictures show the operation, by name.
    """

    indices: Mapping[str, int]
    operands: Mapping[str, tuple[Coordinate, ...]]
    step: tuple[Coordinate, ...]
    bordered: tuple[str, ...] = ()
    views: Mapping[str, View] = field(default_factory=dict)

    def related(self, pointed: View, other: View, cell: Cell, step: int) -> list[Block]:
        """Find the cells of ``other`` that share a term with ``cell`` of ``pointed``.

        A view of an operation without any of these indices is related to nothing.
        A term that reads a zero of a border does not count between two views of which neither shows that zero, as
        between a kernel and the output.

        Parameters
        ----------
        pointed, other : View
            The panel that is pointed at, and the one to outline cells in.
        cell : (int, int, int)
            Slice, row and column of the cell that is pointed at.
        step : int
            The step on the screen, for the indices that a view fixes.
        """
        return as_blocks(self._shifts(pointed, other, cell, step))

    def step_of(self, pointed: View, cell: Cell, step: int) -> int | None:
        """Find the step to which a cell belongs; nothing where there is none, or more than one."""
        shifts = self._shifts(pointed, View(column=self.step), cell, step)
        return next(iter(as_columns(shifts))) if all(len(found) == 1 for found in shifts) else None

    def steps_of(self, pointed: View, cell: Cell, step: int) -> list[int]:
        """List all the steps to which a cell belongs; of a kernel's cell these may be as many as there are steps."""
        return sorted(as_columns(self._shifts(pointed, View(column=self.step), cell, step)))

    def cell_of(self, operand: str, view: View, cell: Cell, step: int) -> tuple[int, ...] | None:
        """Find the cell of an operand that a cell of a panel shows, or nothing where it shows none (a border, a sum).

        A cell that no window reads takes part in no term, and is found all the same, as long as a coordinate of the
        panel is that of the operand, moved.
        """
        digits = list(view.digits(cell))
        asked: list[Asked] = [*((shown, [at]) for shown, at in digits), *self._held(step, view)]
        found: list[int] = []
        for coordinate in self.operands[operand]:
            # What the border holds copies of is not changed there.
            axis = replace(coordinate, copies=()) if coordinate.copies else coordinate
            positions = {at - shown.offset + axis.offset for shown, at in digits if shown.of == axis.of}
            positions = positions or as_columns(solved([(2, 1, axis)], [*asked, (axis, axis.positions)], self.indices))
            found += positions if len(positions) == 1 and positions <= {*axis.positions} else [-1]
        return None if -1 in found else tuple(found)

    def as_json(self) -> dict[str, Any]:
        """Return the declaration as the browser reads it, without views: it gets these with the panels."""
        operands = {name: tuple(axis.as_json() for axis in axes) for name, axes in self.operands.items()}
        step = tuple(axis.as_json() for axis in self.step)
        return {"indices": dict(self.indices), "operands": operands, "step": step, "bordered": self.bordered}

    def _shifts(self, pointed: View, other: View, cell: Cell, step: int) -> list[set[Shift]]:
        """Find what each group of indices adds to the cells of ``other`` that are related."""
        if self._is_foreign(pointed):
            return [set()]
        asked: list[Asked] = [(coordinate, coordinate.alike(at)) for coordinate, at in pointed.digits(cell)]
        asked += [(coordinate, coordinate.positions) for *_, coordinate in other.coordinates()]
        asked += [*self._held(step, pointed), *self._held(step, other)]
        asked += [(coordinate, range(coordinate.size)) for coordinate in self._hidden_borders(pointed, other)]
        return solved(list(other.coordinates()), asked, self.indices)

    def _is_foreign(self, view: View) -> bool:
        """Whether a view is of an operation that has no index in common with this one."""
        names = view.indices
        return bool(names) and not names & self.indices.keys()

    def _held(self, step: int, view: View) -> list[Asked]:
        digits = View(column=self.step).digits((0, 0, step))
        fixed = [(coordinate, [at]) for coordinate, at in digits if coordinate.of.keys() & set(view.fixed)]
        return [*fixed, *((coordinate, [step]) for coordinate in view.held)]

    def _hidden_borders(self, *views: View) -> Iterator[Coordinate]:
        """Go through the coordinates with a border of zeros which the views settle together, but neither alone."""
        each = [view.indices for view in views]
        for coordinate in (axis for name in self.bordered for axis in self.operands[name]):
            if coordinate.of.keys() <= set().union(*each) and not any(coordinate.of.keys() <= seen for seen in each):
                yield coordinate
