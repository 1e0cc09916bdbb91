"""A convolution as a matrix product, output cell by output cell: a row of the Toeplitz matrix, a column of im2col."""

from dataclasses import dataclass
from typing import Any, overload

import numpy as np

from convviz.geometry import Geometry
from convviz.numerals import rounding, settled
from convviz.operations.arithmetic import exact
from convviz.operations.convolution.correlate import WindowTrace
from convviz.operations.layers.activation import OfOneNumber, activation_name
from convviz.operations.layers.as_layer import as_layer
from convviz.operations.layers.conv_layer import LayerTrace
from convviz.operations.layers.layer_step import SumStep
from convviz.operations.learning.gradients import GradientTrace
from convviz.operations.learning.matrix_gradient import MatrixGradientTrace
from convviz.operations.matrix.im2col import im2col
from convviz.operations.matrix.index_notation import matrix_products
from convviz.operations.matrix.toeplitz import MAX_BYTES, tied, toeplitz
from convviz.terms import Terms
from convviz.trace import Array, Trace


@dataclass(frozen=True, eq=False, slots=True)
class MatrixStep(SumStep):
    """One output cell, computed twice: with a row of the Toeplitz matrix, and with a column of im2col.

    Parameters
    ----------
    window : tuple of slice
        The place of the window in the padded input of the layer.
    patch, kernel : ndarray
        The numbers within the window, and the filter as applied; ``products`` are ``patch * kernel``.
    row : ndarray, shape (input cells,)
        The row of the Toeplitz matrix; ``row_products`` are this row times the flattened input.
    row_products : ndarray, shape (input cells,)
        Their sum is that of ``products``.
    column : ndarray, shape (kernel cells,)
        The window as a column of im2col, in the order of the weights; of the channels that the filter reads.
    weights : ndarray, shape (kernel cells,)
        The filter as given, flattened; ``column_products`` are these times ``column``.
    column_products : ndarray, shape (kernel cells,)
        Their sum is that of ``products``.
    column_index : int
        Which column of im2col it is. The row of the Toeplitz matrix has the number of the step.
    """

    window: tuple[slice, ...]
    patch: Array
    kernel: Array
    row: Array
    row_products: Array
    column: Array
    weights: Array
    column_products: Array
    column_index: int

    @property
    def total(self) -> Any:
        """The sum of the products, without the bias."""
        size = float(np.abs(self.column_products).sum())
        return settled(self.column_products.sum(), float(rounding(self.column_products.size, size)))

    def describe(self) -> str:
        """Describe in plain sentences how ``value`` is computed, and where both matrices have the products.

        Examples
        --------
        >>> from convviz.operations.convolution.correlate import correlate
        >>> matrix_view(correlate([1, 2, 3, 4], [5, 6, 7]))[1].describe()
        'Output [1] = 2×5 + 3×6 + 4×7 = 56. The same products: row 1 of the Toeplitz matrix times the
        flattened input, and the kernel row times column 1 of im2col.'
        """
        row, column = f"row {self.index} of the Toeplitz matrix", f"column {self.column_index} of im2col"
        both = f"{row} times the flattened input, and the kernel row times {column}"
        return f"{self._sentence(self.column, self.weights)} The same products: {both}."


class MatrixTrace(Trace[MatrixStep]):
    """A layer as a product of matrices; made by `matrix_view`."""

    def __init__(self, trace: LayerTrace | WindowTrace, max_bytes: int) -> None:
        self._trace, self._layer = trace, as_layer(trace)
        self._toeplitz: Array = toeplitz(trace, max_bytes=max_bytes)
        self._tied = tied(trace, max_bytes=max_bytes)
        self._im2col = im2col(trace)
        largest = exact.magnitude(self._toeplitz) * exact.magnitude(self._layer.x)
        dtype = np.result_type(self._toeplitz, self._layer.x)
        self._wide = exact.working_dtype(dtype, largest * self._layer.x.size).kind == "O"
        super().__init__(trace.output)

    @property
    def layer(self) -> LayerTrace | WindowTrace:
        """The trace of the layer, as given."""
        return self._trace

    @property
    def geometry(self) -> Geometry:
        """The positions of the windows."""
        return self._trace.geometry

    @property
    def x(self) -> Array:
        """The input of the layer."""
        return self._trace.x

    @property
    def w(self) -> Array:
        """The weights of the layer, as given."""
        return self._layer.bared(self._layer.weight)

    @property
    def vector(self) -> Array:
        """The flattened input, shape (input cells,)."""
        return self._layer.x.reshape(-1)

    @property
    def toeplitz(self) -> Array:
        """The matrix by which the flattened input is multiplied: see `convviz.toeplitz`."""
        return self._toeplitz

    @property
    def tied(self) -> Array:
        """The number of the weight in each entry of that matrix: see `convviz.tied`."""
        return self._tied

    @property
    def im2col(self) -> Array:
        """The matrix that the flattened filters are multiplied by: see `convviz.im2col`."""
        return self._im2col

    @property
    def terms(self) -> Terms:
        """The terms of the layer, with the views of both products: see `matrix_products`.

        Examples
        --------
        >>> from convviz.operations.convolution.correlate import correlate
        >>> terms = matrix_view(correlate([1, 2, 3, 4], [5, 6, 7])).terms
        >>> terms.related(terms.views["toeplitz"], terms.views["kernel"], (0, 1, 2), step=0)
        [Block(slices=(0,), rows=(0,), columns=(1,))]
        """
        return matrix_products(self._trace.terms)

    def _step(self, index: int) -> MatrixStep:
        layer, position = self._layer, self._position(index)
        filter_index, column_index = divmod(index, layer.geometry.windows)
        channels = layer.channels_of(filter_index)
        cells = layer.kernel[0, 0].size
        inner: Any = self._trace[index]
        row, weights = self._toeplitz[index], layer.weight[filter_index].reshape(-1)
        column = self._im2col[channels.start * cells : channels.stop * cells, column_index]
        row_products, column_products = self._times(row, self.vector), self._times(weights, column)
        return MatrixStep(
            index,
            position,
            inner.value,
            inner.products,
            layer.bias[filter_index],
            layer.preactivation.reshape(-1)[index],
            activation_name(layer.activation),
            inner.window,
            inner.patch,
            inner.kernel,
            row,
            row_products,
            column,
            weights,
            column_products,
            column_index,
            function=OfOneNumber(layer.activation, layer.preactivation.ndim),
        )

    def _times(self, a: Array, b: Array) -> Array:
        # Products may be too large for int64 even if their sum is not; Python's integers have no limit.
        with np.errstate(over="ignore"):
            products: Array = (a.astype(object) if self._wide else a) * b
        products.setflags(write=False)
        return products


@overload
def matrix_view(trace: LayerTrace | WindowTrace, *, max_bytes: int = MAX_BYTES) -> MatrixTrace: ...
@overload
def matrix_view(trace: GradientTrace, *, max_bytes: int = MAX_BYTES) -> MatrixGradientTrace: ...
def matrix_view(
    trace: LayerTrace | WindowTrace | GradientTrace, *, max_bytes: int = MAX_BYTES
) -> MatrixTrace | MatrixGradientTrace:
    """View a convolution as a matrix product, in both ways, step by step: as a trace that can be shown.

    Each step has the row of the `toeplitz` matrix that is multiplied by the flattened input, and the column of `im2col`
    that the flattened filter is multiplied by. Both have the products of the sliding window. Of a backward pass, each
    step has a row of the gradient of the Toeplitz matrix.

    Parameters
    ----------
    trace : LayerTrace, WindowTrace or GradientTrace
        A trace of `conv_layer`, `correlate` or `convolve`, or of `gradients`.
    max_bytes : int
        The limit of memory for making the Toeplitz matrix: 256 MiB if left out.

    Returns
    -------
    MatrixTrace or MatrixGradientTrace
        The first has the ``output`` and the steps of ``trace``, and ``toeplitz``, ``tied`` and ``im2col``. The second
        has ``matrix``, ∂L/∂W, in which entries without a weight are 0; its ``output`` is ∂L/∂weight, the sums of the
        entries with the same weight.

    Raises
    ------
    TypeError, ValueError
        As in `toeplitz`.

    See Also
    --------
    toeplitz, tied, im2col : the matrices as arrays.

    Examples
    --------
    >>> from convviz.operations.convolution.correlate import correlate
    >>> step = matrix_view(correlate([1, 2, 3, 4], [5, 6, 7]))[1]
    >>> step.row, step.row_products
    (array([0, 5, 6, 7]), array([ 0, 10, 18, 28]))
    >>> step.weights, step.column
    (array([5, 6, 7]), array([2, 3, 4]))
    >>> from convviz.operations.learning.gradients import gradients
    >>> back = matrix_view(gradients(correlate([1, 2, 3, 4], [5, 6, 7]), [2, 3]))
    >>> back.matrix, back.output
    (array([[ 2,  4,  6,  0],
           [ 0,  6,  9, 12]]), array([ 8, 13, 18]))
    """
    if isinstance(trace, GradientTrace):
        return MatrixGradientTrace(trace, max_bytes=max_bytes)
    return MatrixTrace(trace, max_bytes)
