"""The scene of three arrays with the brackets in both places."""

from dataclasses import replace
from typing import Any

import numpy as np

from convviz.operations.convolution.groupings import Groupings
from convviz.scenes.panels.marks import Block, Differ, Frame
from convviz.scenes.panels.part import Part
from convviz.scenes.panels.words import explained, planned
from convviz.scenes.scene import Scene
from convviz.theme import DESKTOP, Look
from convviz.trace import Array


def groupings(trace: Groupings, look: Look = DESKTOP) -> Scene:
    """Show three arrays with the brackets in both places, cell by cell, and where the two results differ.

    Parameters
    ----------
    trace : Groupings
        Made by `convviz.associativity`.
    look : Look
        The room at hand.

    Examples
    --------
    >>> from convviz import associativity
    >>> scene = groupings(associativity([1, 2], [3, 4], [5, 6], flip=True))
    >>> [panel.title for panel in scene.panels]
    ['a', 'b', 'a ∗ b', 'c', '(a ∗ b) ∗ c', 'a', 'b', 'c', 'b ∗ c', 'a ∗ (b ∗ c)', 'Difference']
    """
    parts = _Parts(trace, look)
    return Scene(trace, look, [*parts.left(), *parts.right(), parts.difference()], written=None)


class _Parts:
    """The parts of both groupings; in the names of the second, the arrays have a 2."""

    def __init__(self, trace: Groupings, look: Look) -> None:
        self.trace, self.look, self.views = trace, look, trace.terms.views

    def left(self) -> list[Part]:
        """Show (a∗b)∗c."""
        trace, sign = self.trace, self.trace.sign
        first = self._part("first", "products", f"a {sign} b", trace.first, sign="→")
        return [
            self._part("a", "input", "a", trace.a, sign="(", begins=True),
            self._part("b", "kernel", "b", trace.b, sign=sign),
            replace(first, marks=(self._frame(_window),)),
            self._part("c", "kernel", "c", trace.c, sign=f") {sign}"),
            self._result("left", trace.groupings[0], trace.left, "→"),
        ]

    def right(self) -> list[Part]:
        """Show a∗(b∗c)."""
        trace, sign = self.trace, self.trace.sign
        a = self._part("a2", "input", "a", trace.a, begins=True)
        right = np.where(trace.agree, trace.left, trace.right)  # what agrees but for rounding is written alike
        result = self._result("right", trace.groupings[1], right, ") →")
        result = replace(result, plan=replace(result.plan, note="dashed where it differs"))
        return [
            replace(a, marks=(self._frame(_right_window),)),
            self._part("b2", "kernel", "b", trace.b, sign=f"{sign} ("),
            self._part("c2", "kernel", "c", trace.c, sign=sign),
            self._part("second", "products", f"b {sign} c", trace.second, sign="→"),
            replace(result, marks=(*result.marks, Differ(cells=~trace.agree, known=_known))),
        ]

    def difference(self) -> Part:
        """Show by how much the results differ."""
        trace = self.trace
        difference = np.where(trace.agree, 0, trace.difference)
        part = self._part("difference", "products", "Difference", difference, begins=True)
        part = replace(part, plan=replace(part.plan, note="first result minus second"), known=_known)
        return replace(explained(part, difference, self.look), view=self.views["left"] if trace.flip else None)

    def _part(self, name: str, role: str, title: str, values: Array, **plan: Any) -> Part:
        colour, operand = getattr(self.look.theme, role), name.removesuffix("2")
        shape, follows = np.atleast_2d(values).shape, not plan.get("begins")
        made = planned(name, title, "", shape=shape, numbers=values, colour=colour, follows=follows, **plan)
        edits = operand if operand in ("a", "b", "c") else ""
        return explained(Part(plan=made, values=values, view=self.views.get(operand), edits=edits), values, self.look)

    def _result(self, name: str, title: str, values: Array, sign: str) -> Part:
        part = self._part(name, "output", title, values, sign=sign)
        frame = Frame(block_of=_cell, colour=self.look.theme.output.strong)
        return replace(part, known=_known, marks=(frame,))

    def _frame(self, block_of: Any) -> Frame:
        return Frame(block_of=block_of, colour=self.look.theme.kernel.strong)


def _known(step: Any) -> int:
    return int(step.index) + 1


def _window(step: Any) -> Block:
    return _block(step.window)


def _right_window(step: Any) -> Block:
    return _block(step.right_window)


def _cell(step: Any) -> Block:
    return _block(tuple(slice(at, at + 1) for at in step.position))


def _block(slices: tuple[slice, ...]) -> Block:
    """Return cells of a single slice; those of one axis are in a single row."""
    rows, columns = (slice(0, 1), *slices)[-2:]
    return slice(0, 1), rows, columns
