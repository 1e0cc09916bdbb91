"""The parts of the gradient of an input, computed as one full convolution of the upstream gradient."""

from dataclasses import replace
from typing import Any

import numpy as np

from convviz.operations.learning.gradients import GradientTrace
from convviz.scenes.lens import Lens
from convviz.scenes.panels.marks import Block, Frame
from convviz.scenes.panels.part import Part
from convviz.scenes.panels.words import explained, planned
from convviz.terms import Coordinate, View
from convviz.trace import Array


def full_gradient_parts(lens: Lens, trace: GradientTrace) -> list[Part]:
    """Show the upstream gradient in a border of zeros, the kernel flipped, the products, and the cell that they fill.

    The step at position (i, j) is the last one whose window reads cell (i, j) of the padded input, so this cell of the
    gradient is complete.
    """
    return _Full(lens, trace).parts()


class _Full:
    def __init__(self, lens: Lens, trace: GradientTrace) -> None:
        self.lens, self.look, self.flip = lens, lens.look, trace.layer.flip
        self.kernel = np.flip(lens.layer.kernel[0, 0]).reshape(lens.kernel_shape)
        rows, columns = lens.kernel_shape
        high, wide = lens.output.shape[1:]
        local = trace.output.reshape(high, wide)
        self.bordered = np.pad(local, [(rows - 1, rows - 1), (columns - 1, columns - 1)])
        self.interior = slice(rows - 1, rows - 1 + high), slice(columns - 1, columns - 1 + wide)
        self.padded = trace.padded.reshape(lens.padded.shape[1:])

    def parts(self) -> list[Part]:
        frame = Frame(block_of=self._window, colour=self.look.theme.kernel.strong)
        # The kernel as given is the one that was applied, flipped back.
        words = ("Kernel", "as given") if self.flip else ("Flipped kernel", "")
        bordered = self._part("bordered", "output", "Upstream", "in a border of zeros", self.bordered, begins=True)
        products = self._part("full_products", "products", "Products", "", self.bordered, self._products, sign="=")
        cell = ("full", "input", "∂L/∂x", "at the window's first cell")
        return [
            replace(bordered, interior=self.interior, marks=(frame,), view=self._view("map", 1)),
            replace(self._part("back", "kernel", *words, self.kernel, sign="×"), view=self._view("kernel", -1)),
            products,
            self._part(*cell, self.padded, lambda step: self.padded[self._first(step)], sign="Σ→"),
        ]

    def _part(
        self, name: str, role: str, title: str, note: str, sample: Array, values_of: Any = None, **plan: Any
    ) -> Part:
        shape = {"full": (), "full_products": self.lens.kernel_shape}.get(name, sample.shape)
        colour, follows = getattr(self.look.theme, role), not plan.get("begins")
        widest = sample if name != "full_products" else np.multiply.outer(sample, self.kernel)
        made = planned(name, title, note, shape=shape, numbers=widest, colour=colour, follows=follows, **plan)
        return explained(Part(plan=made, values=values_of or sample), widest, self.look)

    def _first(self, step: Any) -> tuple[int, int]:
        row, column = (0, *step.position)[-2:]
        return row, column

    def _window(self, step: Any) -> Block:
        (row, column), (rows, columns) = self._first(step), self.lens.kernel_shape
        return slice(0, 1), slice(row, row + rows), slice(column, column + columns)

    def _products(self, step: Any) -> Array:
        window: Array = self.bordered[self._window(step)[1:]]
        # Products may be too large for int64 even if their sum is not; Python's integers have no limit.
        products: Array = (window.astype(object) if window.dtype.kind == "i" else window) * self.kernel
        return products

    def _view(self, name: str, by: int) -> View:
        """Return the view of the output within a border, or of the kernel flipped."""
        view, (rows, columns) = self.lens.views[name], self.lens.kernel_shape

        def moved(axis: Coordinate, cells: int) -> Coordinate:
            border = 2 * (cells - 1) if by > 0 else 0
            return replace(axis, size=axis.size + border, of=dict.fromkeys(axis.of, by), offset=cells - 1)

        row = tuple(moved(axis, rows) for axis in view.row)
        return View(row=row, column=tuple(moved(axis, columns) for axis in view.column))
