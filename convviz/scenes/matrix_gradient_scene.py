"""The scene of a backward pass on a layer's matrix: zeros stay zero, and entries with the same weight add up."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from convviz.numerals import rounding, settle
from convviz.operations.learning.matrix_gradient import MatrixGradientTrace
from convviz.operations.matrix.toeplitz import ZERO
from convviz.scenes.layout.arrange import readable
from convviz.scenes.panels.marks import Block, Frame
from convviz.scenes.panels.part import Part
from convviz.scenes.panels.ties import Ties
from convviz.scenes.panels.words import count, explained, planned, size
from convviz.scenes.scene import WIDE_HEIGHT_PX, Scene
from convviz.theme import DESKTOP, Look
from convviz.trace import Array

_MOST_CELLS = 40
"""So many columns of a matrix can still be read as numbers."""
_PHONE_PX = 400
"""A wider picture stands beside another one, on a screen that is not high."""
_SAMPLED_STEPS = 12
_ADDED = "Σ→"
"""Between the entries of a matrix and the sums of those that are tied."""


def matrix_gradient(trace: MatrixGradientTrace, look: Look = DESKTOP) -> Scene:
    """Show a layer's matrix with what it makes of the input, and below it, its gradient row by row.

    A weight has the same colour and pattern wherever it is, and so has its gradient. Entries that hold no weight are
    blank in both matrices. The gradients of tied entries are added up.

    Parameters
    ----------
    trace : MatrixGradientTrace
        Made by `convviz.matrix_view` of `convviz.gradients`.
    look : Look
        The room at hand.

    Examples
    --------
    >>> from convviz import correlate, gradients, matrix_view
    >>> scene = matrix_gradient(matrix_view(gradients(correlate([1, 2, 3, 4], [5, 6, 7]), [2, 3])))
    >>> [panel.name for panel in scene.panels]
    ['toeplitz', 'vector', 'sums', 'local', 'across', 'gradient', 'weight']
    """
    parts = _Parts(trace, look)
    height = WIDE_HEIGHT_PX if look.width > _PHONE_PX else None
    return Scene(trace, look, [*parts.forward(), *parts.backward()], written=None, height=height)


class _Parts:
    """The parts of a product with a matrix, and of the product of two vectors that is its gradient."""

    def __init__(self, trace: MatrixGradientTrace, look: Look) -> None:
        self.trace, self.look, self.views = trace, look, trace.terms.views
        self.input, self.weights, *_ = self.operands = list(trace.terms.operands)
        self.structure = trace.tied == ZERO
        self.totals = lru_cache(maxsize=4)(trace.partial)

    def forward(self) -> list[Part]:
        """Show the matrix times the flattened input."""
        trace, strong = self.trace, self.look.theme.kernel.strong
        title, matrix = "Toeplitz matrix W" if trace.is_tied else "Matrix W", self._blank(trace.toeplitz)
        whole = self._part("toeplitz", "kernel", title, self._counted(), matrix, begins=True)
        vector = self._part("vector", "input", "Input x", "", trace.vector[:, None], sign="×", follows=True)
        sums = settle(trace.sums, self._within())[:, None]
        made = self._part("sums", "output", "W·x", "", sums, sign="=", follows=True)
        return [
            self._tinted(replace(whole, edits=self.weights, marks=(self._frame(strong),))),
            replace(vector, edits=self.input),
            replace(made, view=self.views["cells"], marks=(Frame(block_of=_cell, colour=made.plan.colour.strong),)),
        ]

    def backward(self) -> list[Part]:
        """Show the output's gradient times the input, and the sums of its tied entries."""
        trace, of = self.trace, "∂L/∂output" if self.trace.back.slope is None else "∂L/∂z"
        is_edited = trace.back.slope is None and "upstream" in self.operands
        local = self._part("local", "output", of, "", trace.local.reshape(-1, 1), begins=True)
        frame = Frame(block_of=_cell, colour=local.plan.colour.strong)
        across = self._part("across", "input", "Input x", "as a row", trace.vector, sign="×", follows=True)
        note = "blank: no weight" if self.structure.any() else "an entry for each weight"
        matrix = self._part("gradient", "kernel", "∂L/∂W", note, self._blank(trace.matrix), sign="=")
        columns = len(trace.vector)
        known = replace(matrix, view=self.views["toeplitz"], known=lambda step: (step.index + 1) * columns)
        return [
            replace(local, view=self.views["cells"], marks=(frame,), edits="upstream" if is_edited else ""),
            across,
            self._tinted(replace(known, marks=(self._frame(self.look.theme.kernel.strong),))),
            *([self._sums()] if trace.is_tied else []),
        ]

    def _sums(self) -> Part:
        """Show what the tied entries of the rows so far add up to, one row of weights for each filter."""
        trace, shape = self.trace, self.views["weights"].shape[1:]
        steps = [*range(0, len(trace), max(1, len(trace) // _SAMPLED_STEPS)), len(trace) - 1]
        sample = np.stack([trace.back.running(index).weight for index in steps])
        plan = planned(
            "weight",
            "∂L/∂w",
            "so far",
            shape=shape,
            numbers=sample,
            colour=self.look.theme.kernel,
            sign=_ADDED,
        )
        part = Part(plan=plan, values=lambda step: self.totals(step.index).reshape(shape), view=self.views["weights"])
        ties = Ties(weights=np.arange(trace.w.size), count=trace.w.size)
        tinted = replace(part, tint=ties if readable(plan, self.look.width) else None, wait=True)
        return explained(tinted, sample, self.look)

    def _part(self, name: str, role: str, title: str, note: str, values: Array, **plan: Any) -> Part:
        """Plan a panel for numbers that stay."""
        data, colour = np.ma.getdata(values), getattr(self.look.theme, role)
        shape, plan = np.atleast_2d(data).shape, {"most_cells": _MOST_CELLS, **plan}
        made = planned(name, title, note, shape=shape, numbers=data, colour=colour, **plan)
        return explained(Part(plan=made, values=values, view=self.views.get(name)), data, self.look)

    def _tinted(self, part: Part) -> Part:
        """Give entries the fills of their weights, where the numbers can be read as well."""
        ties = Ties(weights=self.trace.tied, count=self.trace.w.size)
        return replace(part, tint=ties) if readable(part.plan, self.look.width) else part

    def _blank(self, matrix: Array) -> Array:
        """Leave the entries blank that hold no weight."""
        blank: Array = np.ma.masked_array(matrix, self.structure)
        return blank

    def _counted(self) -> str:
        """Write how large the matrix is, and how many weights it is made of."""
        return f"{size(self.trace.toeplitz.shape)}, {count(self.trace.w.size, 'weight')}"

    def _frame(self, colour: str) -> Frame:
        columns = slice(0, len(self.trace.vector))
        return Frame(block_of=lambda step: (slice(0, 1), slice(step.index, step.index + 1), columns), colour=colour)

    def _within(self) -> Array:
        """Bound how far rounding can have moved the sums."""
        terms = np.abs(self.trace.toeplitz.astype(float)) @ np.abs(self.trace.vector.astype(float))
        within: Array = rounding(self.trace.vector.size, terms)
        return within


def _cell(step: Any) -> Block:
    return slice(0, 1), slice(step.index, step.index + 1), slice(0, 1)
