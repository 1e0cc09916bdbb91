"""The gradient of a layer's matrix, row by row: tied entries add up, and entries without a weight stay 0."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, SupportsIndex

import numpy as np

from convviz.geometry import Geometry
from convviz.numerals import result_of, write_products
from convviz.numerals.agreement import LEAST_DIGITS
from convviz.operations.convolution.correlate import WindowTrace
from convviz.operations.layers.as_layer import as_layer
from convviz.operations.layers.conv_layer import LayerTrace
from convviz.operations.learning.gradients import GradientTrace
from convviz.operations.matrix.toeplitz import MAX_BYTES, ZERO, sum_tied, tied, toeplitz
from convviz.terms import Terms, View
from convviz.trace import Array, Step, Trace

_MOST_WRITTEN = 9
"""A sentence lists the numbers of an array if there are no more than this."""


@dataclass(frozen=True, eq=False, slots=True)
class MatrixGradientStep(Step):
    """One row of the matrix: the gradient of an output cell times the input, where the row holds weights.

    ``position`` is the output cell, and ``value`` is ∂L/∂preactivation there.

    Parameters
    ----------
    vector : ndarray, shape (input cells,)
        The flattened input.
    held : ndarray of bool, shape (input cells,)
        Whether there is a weight in each entry of the row.
    row : ndarray, shape (input cells,)
        The row of ∂L/∂W: ``value * vector``, and 0 where the row of the matrix holds no weight.
    total : ndarray
        What the rows so far have added to ∂L/∂weight, shaped like the weights as given.
    is_tied : bool
        Whether some weight stands in more than one entry of the matrix.
    """

    vector: Array
    held: Array
    row: Array
    total: Array
    is_tied: bool

    def describe(self) -> str:
        """Describe in plain sentences what the row of ∂L/∂W is, and what has been added up.

        Examples
        --------
        >>> from convviz.operations.convolution.correlate import correlate
        >>> from convviz.operations.learning.gradients import gradients
        >>> MatrixGradientTrace(gradients(correlate([1, 2, 3, 4], [5, 6, 7]), [2, 3]))[1].describe()
        'Row 1 of ∂L/∂W is 3 × the input (1, 2, 3, 4), but 0 where no weight stands: (0, 6, 9, 12).
        Tied entries add up, so far to ∂L/∂w: (8, 13, 18).'
        """
        entries = [entry if held else None for entry, held in zip(self.row, self.held, strict=True)]
        is_listed = self.vector.size <= _MOST_WRITTEN
        written = write_products(self.value, *([(self.vector, entries)] if is_listed else []))
        vector, row = (f" {each}" for each in written.lists[0].split(" = ")) if is_listed else ("", "")
        total = self._total("≈" in written.factor + row) if self.total.size <= _MOST_WRITTEN else ""
        said = f"Row {self.index} of ∂L/∂W is {written.factor} × the input{vector}"
        blank = "" if self.held.all() else ", but 0 where no weight stands"
        sums = f" Tied entries add up{', so far to ∂L/∂w:' if total else ''}{total}." if self.is_tied else ""
        return f"{said}{blank}{':' if row else ''}{row}.{sums}"

    def _total(self, is_rounded: bool) -> str:
        """Write what has been added up; as fractions only where the entries beside them give just these."""
        results = (result_of(number, LEAST_DIGITS, decimal=is_rounded) for number in self.total.flat)
        return f" ({', '.join(result.marked for result in results)})"


class MatrixGradientTrace(Trace[MatrixGradientStep]):
    """A layer's backward pass on its `toeplitz` matrix; made by `convviz.matrix_view`.

    Steps run through the layer's output: each makes one row of ∂L/∂W. ``output`` is ∂L/∂weight, the sums of tied
    entries.

    Parameters
    ----------
    back : GradientTrace
        The backward pass.
    terms : Terms, optional
        In which index notation pictures show it, with the input and the weights as the first operands; in that of
        ``back`` if left out.
    max_bytes : int
        The limit of memory for making a matrix.
    """

    def __init__(
        self,
        back: GradientTrace,
        terms: Terms | None = None,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        self._back, self._layer, self._terms = back, as_layer(back.layer), terms or back.terms
        self._toeplitz: Array = toeplitz(back.layer, max_bytes=max_bytes)
        self._tied = tied(back.layer, max_bytes=max_bytes)
        self._matrix = back.matrix(max_bytes=max_bytes)
        held = self._tied[self._tied >= 0]
        self._is_tied = len(np.unique(held)) < int(np.count_nonzero(self._tied != ZERO))
        super().__init__(back.weight, steps=back.output.shape)

    @property
    def back(self) -> GradientTrace:
        """The backward pass, as given."""
        return self._back

    @property
    def layer(self) -> LayerTrace | WindowTrace:
        """The trace of the layer."""
        return self._back.layer

    @property
    def geometry(self) -> Geometry:
        """The positions of the windows."""
        return self.layer.geometry

    @property
    def x(self) -> Array:
        """The input of the layer."""
        return self.layer.x

    @property
    def w(self) -> Array:
        """The weights of the layer, as given."""
        return self._layer.bared(self._layer.weight)

    @property
    def local(self) -> Array:
        """∂L/∂preactivation, shaped like the layer's output."""
        return self._back.output

    @property
    def vector(self) -> Array:
        """The flattened input, shape (input cells,)."""
        return self._layer.x.reshape(-1)

    @property
    def sums(self) -> Array:
        """The matrix times the flattened input, shape (output cells,): the preactivations without the bias."""
        bias = self._layer.bias.reshape(-1, *(1,) * len(self.geometry.axes))
        return (self._layer.preactivation - bias).reshape(-1)

    @property
    def toeplitz(self) -> Array:
        """The matrix by which the flattened input is multiplied: see `convviz.toeplitz`."""
        return self._toeplitz

    @property
    def tied(self) -> Array:
        """The number of the weight in each entry of that matrix: see `convviz.tied`."""
        return self._tied

    @property
    def is_tied(self) -> bool:
        """Whether some weight stands in more than one entry."""
        return self._is_tied

    @property
    def matrix(self) -> Array:
        """∂L/∂W: the gradient of each entry, 0 where it holds no weight, shape (output cells, input cells)."""
        return self._matrix

    @property
    def terms(self) -> Terms:
        """The terms of the layer, with the views of its matrix.

        Returns
        -------
        Terms
            The same terms. More views: ``vector``, the flattened input as a column, and ``across``, as a row;
            ``cells``, all output cells as a column; ``output``, the weights as given.

        Examples
        --------
        >>> from convviz.operations.convolution.correlate import correlate
        >>> from convviz.operations.learning.gradients import gradients
        >>> terms = MatrixGradientTrace(gradients(correlate([1, 2, 3, 4], [5, 6, 7]))).terms
        >>> terms.related(terms.views["toeplitz"], terms.views["weights"], (0, 1, 2), step=0)
        [Block(slices=(0,), rows=(0,), columns=(1,))]
        """
        matrix = self._terms.views["toeplitz"]
        cells = matrix.column[1:] if self._layer.bare else matrix.column
        more = {
            "vector": View(row=cells),
            "across": View(column=cells),
            "cells": View(row=matrix.row),
            "output": self._terms.views["filters"],
        }
        return replace(self._terms, views={**self._terms.views, **more})

    def partial(self, index: SupportsIndex) -> "np.ma.MaskedArray[Any, Any]":
        """Return what the rows up to ``index`` have added to ∂L/∂weight; weights of later rows alone are masked."""
        rows = np.zeros(self._matrix.shape, dtype=np.int64)
        rows[: self._number(index) + 1] = 1
        mask = self._stands & (sum_tied(rows, self.layer) == 0)
        return np.ma.masked_array(self._back.running(index).weight, mask=mask)

    @cached_property
    def _stands(self) -> Array:
        """Whether a weight stands in the matrix at all."""
        stands: Array = sum_tied(np.ones(self._matrix.shape, dtype=np.int64), self.layer) > 0
        return stands

    def _step(self, index: int) -> MatrixGradientStep:
        position = self._position(index)
        total = self._back.running(index).weight
        held, row = self._tied[index] != ZERO, self._matrix[index]
        return MatrixGradientStep(index, position, self.local[position], self.vector, held, row, total, self._is_tied)
