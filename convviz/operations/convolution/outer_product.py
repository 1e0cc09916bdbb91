"""Convolution as a multiplication table: it holds every product, and each anti-diagonal adds up to one output cell."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from convviz.faults import check_size
from convviz.numerals import sum_of_products
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.convolution.echoes import overlaid
from convviz.operations.convolution.index_notation import multiplication_table
from convviz.terms import Terms
from convviz.trace import Array, Step, Trace


@dataclass(frozen=True, eq=False, slots=True)
class AntidiagonalStep(Step):
    """One anti-diagonal of the table: the cells whose row and column add up to the position of the output cell.

    Parameters
    ----------
    cells : (ndarray, ndarray)
        Rows and columns of the anti-diagonal: ``trace.table[step.cells]`` are its products.
    patch, kernel : ndarray, shape (terms,)
        The samples of ``x`` and of ``h`` that are multiplied there.
    products : ndarray, shape (terms,)
        ``patch * kernel``. Their sum is ``value``.
    """

    cells: tuple[Array, Array]
    patch: Array
    kernel: Array
    products: Array

    def describe(self) -> str:
        """Describe in one plain sentence what the anti-diagonal adds up to.

        Examples
        --------
        >>> outer_product([1, 2, 3], [4, 5])[1].describe()
        'Anti-diagonal 1 adds up to output [1] = 1×5 + 2×4 = 13.'
        """
        terms = sum_of_products(self.patch, self.kernel, self.value)
        return f"Anti-diagonal {self.index} adds up to output [{self.index}] = {terms}."


class OuterProductTrace(Trace[AntidiagonalStep]):
    """A convolution as a table of products; made by `outer_product`. Each anti-diagonal is one step."""

    def __init__(self, x: Array, h: Array) -> None:
        self._x, self._h = x.copy(), h.copy()
        output, arithmetic = overlaid(self._x, self._h)
        # Products may be too large for int64 even if their sum is not; Python's integers have no limit.
        self._products = arithmetic if arithmetic.kind == "O" else output.dtype
        for array in (self._x, self._h):
            array.setflags(write=False)
        super().__init__(output)

    @property
    def x(self) -> Array:
        """The signal: each sample has a row of the table."""
        return self._x

    @property
    def h(self) -> Array:
        """The impulse response: each sample has a column of the table."""
        return self._h

    @property
    def table(self) -> Array:
        """All products, shape (n, m): ``table[k]`` is echo k before it is shifted. Each access makes a new array."""
        given = f"x has {len(self._x)} numbers and h {len(self._h)}"
        check_size(len(self._x) * len(self._h), given, "the table")
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
    """Convolve with a multiplication table: row k, column j holds ``x[k]·h[j]``; anti-diagonals are added up.

    Parameters
    ----------
    x, h : array-like, shapes (n,) and (m,)
        Integers, floats or booleans (which count as 0 and 1).

    Returns
    -------
    OuterProductTrace
        It has n + m − 1 steps, one for each anti-diagonal. ``table`` has shape (n, m). ``output``, shape (n + m − 1,),
        is int64 if both arrays hold integers or booleans, else float64.

    Raises
    ------
    TypeError, ValueError
        As in `echoes`.

    See Also
    --------
    echoes : the rows of the table, each shifted by its index, added up one after the other.

    Notes
    -----
    ``table`` equals `numpy.outer`, and ``output`` equals `numpy.convolve`. Polynomials are multiplied in this way, and
    so are numbers on paper.

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
