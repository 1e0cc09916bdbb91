"""Convolution as a multiplication table: every product once, and each anti-diagonal adds up to one output cell."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from convviz.numerals import sum_of_products
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.convolution.echoes import overlaid
from convviz.operations.convolution.index_notation import multiplication_table
from convviz.terms import Terms
from convviz.trace import Array, Step, Trace


@dataclass(frozen=True, eq=False, slots=True)
class AntidiagonalStep(Step):
    """One anti-diagonal of the table: all cells whose row and column add up to the output's position.

    Parameters
    ----------
    cells : (ndarray, ndarray)
        Rows and columns of the anti-diagonal: ``trace.table[step.cells]`` are its products.
    patch, kernel : ndarray, shape (terms,)
        The samples of ``x`` and of ``h`` that meet there.
    products : ndarray, shape (terms,)
        ``patch * kernel``; they add up to ``value``.
    """

    cells: tuple[Array, Array]
    patch: Array
    kernel: Array
    products: Array

    def describe(self) -> str:
        """Say in one plain sentence what the anti-diagonal adds up to.

        Examples
        --------
        >>> outer_product([1, 2, 3], [4, 5])[1].describe()
        'Anti-diagonal 1 adds up to output [1] = 1×5 + 2×4 = 13.'
        """
        terms = sum_of_products(self.patch, self.kernel, self.value)
        return f"Anti-diagonal {self.index} adds up to output [{self.index}] = {terms}."


class OuterProductTrace(Trace[AntidiagonalStep]):
    """A convolution as a table of products; made by `outer_product`. One step an anti-diagonal."""

    def __init__(self, x: Array, h: Array) -> None:
        self._x, self._h = x.copy(), h.copy()
        output, arithmetic = overlaid(self._x, self._h)
        # Products may need more than int64 even where their sum does not; Python's integers have no end.
        self._products = arithmetic if arithmetic.kind == "O" else output.dtype
        for array in (self._x, self._h):
            array.setflags(write=False)
        super().__init__(output)

    @property
    def x(self) -> Array:
        """The signal: one row of the table each."""
        return self._x

    @property
    def h(self) -> Array:
        """The impulse response: one column of the table each."""
        return self._h

    @property
    def table(self) -> Array:
        """Every product, shape (n, m): ``table[k]`` is echo k before it is shifted. Made anew at each call."""
        table: Array = np.multiply.outer(self._x.astype(self._products), self._h.astype(self._products))
        table.setflags(write=False)
        return table

    @property
    def terms(self) -> Terms:
        """The operation in index notation, in which a step is an output cell: see `multiplication_table`.

        Examples
        --------
        >>> terms = outer_product([1, 2, 3], [4, 5]).terms
        >>> terms.step_of(terms.views["table"], (0, 2, 1), step=0)
        3
        """
        return multiplication_table(len(self._x), len(self._h))

    def _step(self, index: int) -> AntidiagonalStep:
        rows = np.arange(max(0, index + 1 - len(self._h)), min(index + 1, len(self._x)))
        columns = index - rows
        patch, kernel = self._x[rows], self._h[columns]
        products = patch.astype(self._products) * kernel.astype(self._products)
        for array in (rows, columns, patch, kernel, products):
            array.setflags(write=False)
        return AntidiagonalStep(index, (index,), self._output[index], (rows, columns), patch, kernel, products)


def outer_product(x: Any, h: Any) -> OuterProductTrace:
    """Convolve by a multiplication table: row k, column j holds ``x[k]·h[j]``, and anti-diagonals are added up.

    Parameters
    ----------
    x, h : array-like, shapes (n,) and (m,)
        Integers, floats or booleans (which count as 0 and 1).

    Returns
    -------
    OuterProductTrace
        n + m − 1 steps, one an anti-diagonal; ``table`` has shape (n, m); ``output``, shape (n + m − 1,), is int64
        if both are integers or booleans, else float64.

    Raises
    ------
    TypeError, ValueError
        As `echoes`.

    See Also
    --------
    echoes : the table's rows, each shifted by its number, added up one after the other.

    Notes
    -----
    Equal to `numpy.outer`, summed, and so to `numpy.convolve`. It is how polynomials are multiplied, and numbers
    on paper.

    Examples
    --------
    >>> product = outer_product([1, 2, 3], [4, 5])
    >>> product.table
    array([[ 4,  5],
           [ 8, 10],
           [12, 15]])
    >>> product.output
    array([ 4, 13, 22, 15])
    """
    return OuterProductTrace(as_numbers("x", x, (1,)), as_numbers("h", h, (1,)))
