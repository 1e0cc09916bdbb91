"""The scene of a convolution as a matrix product: sliding window, Toeplitz matrix and im2col, one below the other."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from convviz.operations.matrix.matrix_view import MatrixTrace
from convviz.operations.matrix.toeplitz import ZERO
from convviz.scenes.layout.arrange import readable
from convviz.scenes.lens import Lens
from convviz.scenes.panels.marks import Block, Frame
from convviz.scenes.panels.part import Part
from convviz.scenes.panels.ties import Ties
from convviz.scenes.panels.words import count, explained, planned, size
from convviz.scenes.parts.results import output_parts, total_parts
from convviz.scenes.parts.sources import input_parts, kernel_parts
from convviz.scenes.scene import Scene
from convviz.theme import DESKTOP, Look
from convviz.trace import Array

_MOST_CELLS = 40
"""So many columns of a matrix can still be read as numbers."""
_MOST_UPRIGHT = 8
"""An input of so few cells stands upright beside the matrix, and everything on one line."""
_APART_PX = 32.0
"""Between two products on one line."""
_SAMPLED_STEPS = 32


def matrix_products(trace: MatrixTrace, look: Look = DESKTOP) -> Scene:
    """Show the window on the input, and the same products with the Toeplitz matrix and with im2col.

    A weight has the same colour and pattern wherever it is. Entries that are zero whatever the weights are, are blank.

    Parameters
    ----------
    trace : MatrixTrace
        Made by `convviz.matrix_view`, of a layer with one or two spatial axes.
    look : Look
        The room at hand.

    Examples
    --------
    >>> from convviz import correlate, matrix_view
    >>> scene = matrix_products(matrix_view(correlate([1, 2, 3, 4], [5, 6, 7])))
    >>> [panel.name for panel in scene.panels][3:]
    ['toeplitz', 'vector', 'row_products', 'row_sum', 'kernel_row', 'im2col', 'column_products', 'column_sum']
    """
    lens = Lens(trace.layer, look, views=trace.terms.views)
    parts = [*input_parts(lens), *(_tied(lens, part) for part in kernel_parts(lens))]
    parts += output_parts(lens, "Σ→") if lens.is_alone else [*total_parts(lens, "Σ+"), *output_parts(lens, "→")]
    rows = _Rows(lens, trace)
    is_small = len(trace.vector) <= _MOST_UPRIGHT
    products = [*rows.upright_parts(), *rows.im2col_parts()] if is_small else [*rows.im2col_parts(), *rows.flat_parts()]
    return Scene(trace, look, [*parts, *products], written=None)


class _Rows:
    """The parts of both matrix products: rows of numbers, a sum at the end."""

    def __init__(self, lens: Lens, trace: MatrixTrace) -> None:
        self.lens, self.trace, self.look = lens, trace, lens.look
        self.steps = list(trace[:: max(1, len(trace) // _SAMPLED_STEPS)])
        self.frame = self.look.theme.kernel.strong

    def upright_parts(self) -> list[Part]:
        """Show the matrix, the flattened input upright beside it, and the products beside both."""
        vector, sample = self.trace.vector, self._sample("row_products")
        title = "Input" if self.lens.layer.x.size == self.lens.layer.x.shape[-1] else "Flattened input"
        products = self._of_step("row_products", "products", "Products", "of the row", sample, sign="=", follows=True)
        return [
            self._matrix(begins=True),
            _upright(self._part("vector", "input", title, "", vector, sign="×", follows=True)),
            _upright(products),
            self._sum("row_sum"),
        ]

    def flat_parts(self) -> list[Part]:
        """Show the flattened input, the matrix below it, and the products below both, cell below cell."""
        vector, products = self.trace.vector, self._sample("row_products")
        arrays = (vector, self.trace.toeplitz, products)
        widest = np.concatenate([array.reshape(-1).astype(object) for array in arrays])  # integers stay integers
        alike: dict[str, Any] = {"widest": widest, "begins": True, "aligned": "×", "most_cells": _MOST_CELLS}
        return [
            self._part("vector", "input", "Flattened input", count(len(vector), "number"), vector, **alike),
            self._matrix(sign="×", **alike),
            self._of_step("row_products", "products", "Products", "of the row", products, sign="=", **alike),
            self._sum("row_sum"),
        ]

    def im2col_parts(self) -> list[Part]:
        """Show the flattened filter, the table of all windows, and their products."""
        weights, table = self._sample("weights"), self.trace.im2col
        note = f"{size(table.shape)}, a column for each window"
        what = ("kernel_row", "kernel", "Kernel row", "as given")
        row = self._of_step(*what, weights, of="weights", apart_px=_APART_PX)
        ties = Ties(weights=self._weights_of, count=self.lens.layer.weight.size)
        columns = self._part("im2col", "input", "im2col", note, table, sign="×", follows=True, most_cells=_MOST_CELLS)
        products = self._sample("column_products")
        return [
            replace(self.lens.in_turn(row), tint=ties if readable(row.plan, self.look.width) else None),
            replace(columns, marks=(Frame(block_of=self._column, colour=self.frame),)),
            self._of_step("column_products", "products", "Products", "of the column", products, sign="=", follows=True),
            self._sum("column_sum"),
        ]

    def _matrix(self, **plan: Any) -> Part:
        """Show the Toeplitz matrix, with a fill for each weight."""
        matrix = np.ma.masked_array(self.trace.toeplitz, self.trace.tied == ZERO)
        note = f"{size(matrix.shape)}, a row for each output cell"
        part = self._bare("toeplitz", "kernel", "Toeplitz matrix", note, matrix, **plan)
        if not readable(part.plan, self.look.width):
            part = replace(part, plan=replace(part.plan, note=f"{size(matrix.shape)}, a colour for each weight"))
        ties = Ties(weights=self.trace.tied, count=self.lens.layer.weight.size)
        return replace(part, tint=ties, marks=(Frame(block_of=self._row, colour=self.frame),))

    def _sum(self, name: str) -> Part:
        """Show what products add up to."""
        return self._of_step(name, "output", "Sum", "", self._sample("total"), sign="Σ→", of="total", follows=True)

    def _part(self, name: str, role: str, title: str, note: str, values: Array, **plan: Any) -> Part:
        """Plan a panel for numbers that stay."""
        return explained(self._bare(name, role, title, note, values, **plan), values, self.look)

    def _of_step(self, name: str, role: str, title: str, note: str, sample: Array, of: str = "", **plan: Any) -> Part:
        """Plan a panel for a row of numbers of the step; ``sample`` holds those of some steps."""
        part = self._bare(name, role, title, note, np.atleast_1d(sample[0]), **{"widest": sample, **plan})
        return explained(replace(part, values=_rows_of(of or name)), sample, self.look)

    def _bare(self, name: str, role: str, title: str, note: str, values: Array, **plan: Any) -> Part:
        widest, colour = plan.pop("widest", values), getattr(self.look.theme, role)
        made = planned(name, title, note, shape=np.atleast_2d(values).shape, numbers=widest, colour=colour, **plan)
        return Part(plan=made, values=values, view=self.lens.views[name])

    def _sample(self, name: str) -> Array:
        return np.stack([getattr(step, name) for step in self.steps])

    def _row(self, step: Any) -> Block:
        return slice(0, 1), slice(step.index, step.index + 1), slice(0, len(self.trace.vector))

    def _column(self, step: Any) -> Block:
        channels, cells = self.lens.group_of(step), self.lens.layer.kernel[0, 0].size
        at = step.column_index
        return slice(0, 1), slice(channels.start * cells, channels.stop * cells), slice(at, at + 1)

    def _weights_of(self, step: Any) -> Array:
        filters = self.lens.layer.weight
        numbers: Array = np.arange(filters.size).reshape(len(filters), -1)[self.lens.filter_of(step)]
        return numbers


def _upright(part: Part) -> Part:
    """Set a row of numbers upright."""
    plan, view = replace(part.plan, rows=part.plan.columns, columns=1), part.view
    return replace(part, plan=plan, view=view and replace(view, row=view.column, column=()))


def _rows_of(name: str) -> Callable[[Any], Array]:
    """Return what gives an array of a step, or one of its numbers."""
    return lambda step: np.asarray(getattr(step, name))


def _tied(lens: Lens, part: Part) -> Part:
    """Give the step's filter the fills of its weights, where their numbers can be read as well."""
    if not readable(part.plan, lens.look.width):
        return part
    numbers = np.arange(lens.layer.weight.size).reshape(lens.layer.weight.shape)
    placed = numbers if part.plan.name == "given" else lens.layer.flipped(numbers)
    if lens.is_alone:
        return replace(part, tint=Ties(weights=placed, count=numbers.size))
    spread = lens.spread(lambda step: placed[lens.filter_of(step)].reshape(-1, *lens.kernel_shape), lens.shown)
    return replace(part, tint=Ties(weights=lambda step: np.ma.filled(spread(step), ZERO), count=numbers.size))
