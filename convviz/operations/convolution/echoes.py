"""Convolution as a sum of echoes: each input sample makes a copy of ``h``, scaled by it and delayed by its index."""

from dataclasses import dataclass
from typing import Any, SupportsIndex

import numpy as np

from convviz.numerals import numeral, rounding, write_sum
from convviz.operations.arithmetic import exact
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.convolution.index_notation import delayed_copies
from convviz.terms import Terms
from convviz.trace import Array, Step, Trace

_ARGUMENTS = "x and h"


@dataclass(frozen=True, eq=False, slots=True)
class EchoStep(Step):
    """One echo, ``x[k]·h`` shifted by k, and the sum of all echoes up to it.

    Later echoes do not reach output cell k, so this echo completes that cell: ``position`` is ``(k,)`` and ``value``
    is ``output[k]``. (The last echo also completes all cells after it.)

    Parameters
    ----------
    scale : numpy scalar
        ``x[k]``: the strength of this copy of ``h``.
    window : slice
        The output cells that the copy covers.
    echo : ndarray, shape of ``output``
        The copy at its place, with zeros around it.
    total : ndarray, shape of ``output``
        The sum of this echo and all echoes before it.
    patch, kernel : ndarray, shape (terms,)
        The factors of the products in cell k: the samples of ``x`` whose echoes reach the cell, and the sample of
        ``h`` that each of them brings there. ``h`` appears backwards: this is the flip of the sliding kernel.
    products : ndarray, shape (terms,)
        ``patch * kernel``. Their sum is ``value``.
    """

    scale: Any
    window: slice
    echo: Array
    total: Array
    patch: Array
    kernel: Array
    products: Array

    def describe(self) -> str:
        """Describe in one plain sentence what the echo is, and which cell it completes.

        Examples
        --------
        >>> echoes([1, 2, 3], [4, 5])[1].describe()
        'Echo 1 is 2 times h, delayed by 1; it completes output [1] = 1×5 + 2×4 = 13.'
        """
        delay = f"delayed by {self.index}" if self.index else "not delayed"
        written = write_sum(self.patch, self.kernel, self.value)
        cell = f"output [{self.index}] = {written}"
        is_last = self.window.stop == self.total.size > self.index + 1
        last = " and, as the last echo, all cells after it" if is_last else ""
        scale = numeral(self.scale, written.digits)
        return f"Echo {self.index} is {scale} times h, {delay}; it completes {cell}{last}."


class EchoTrace(Trace[EchoStep]):
    """A convolution as a sum of delayed, scaled copies of ``h``; made by `echoes`. Each sample of ``x`` is one step."""

    def __init__(self, x: Array, h: Array) -> None:
        self._x, self._h = x.copy(), h.copy()
        for array in (self._x, self._h):
            array.setflags(write=False)
        output, self._arithmetic = overlaid(self._x, self._h)
        super().__init__(output, len(x))

    @property
    def x(self) -> Array:
        """The signal: each sample is the strength of one echo."""
        return self._x

    @property
    def h(self) -> Array:
        """The impulse response: the output for a single 1. Each echo is a copy of it."""
        return self._h

    @property
    def within(self) -> Array:
        """How far rounding can have moved each cell of the output."""
        x, h = (np.abs(array.astype(float)) for array in (self._x, self._h))
        products = np.convolve(np.ones(len(x)), np.ones(len(h))).round()
        with np.errstate(over="ignore"):
            return np.asarray(rounding(products, np.convolve(x, h)))

    @property
    def terms(self) -> Terms:
        """The operation in index notation, in which a step is a sample of ``x``: see `delayed_copies`.

        Examples
        --------
        >>> terms = echoes([1, 2, 3], [4, 5]).terms
        >>> terms.steps_of(terms.views["output"], (0, 0, 1), step=0)
        [0, 1]
        """
        return delayed_copies(len(self._x), len(self._h))

    def _step(self, index: int) -> EchoStep:
        first = max(0, index + 1 - len(self._h))
        patch, kernel = self._x[first : index + 1], np.ascontiguousarray(self._h[: index + 1 - first][::-1])
        window = slice(index, index + len(self._h))
        echo = np.zeros(self._output.shape, dtype=self._arithmetic)
        echo[window] = self._x[index].astype(self._arithmetic) * self._h.astype(self._arithmetic)
        products = patch.astype(self._arithmetic) * kernel.astype(self._arithmetic)
        kernel.setflags(write=False)
        made = [exact.narrowed(array, self._output.dtype) for array in (echo, self._total(index), products)]
        for array in made:
            array.setflags(write=False)
        echo, total, products = made
        value = self._output[index]
        return EchoStep(index, (index,), value, self._x[index], window, echo, total, patch, kernel, products)

    def _total(self, index: int) -> Array:
        """Add up the echoes 0 to ``index``. Cells up to ``index`` are complete; few echoes reach the cells after it."""
        total = np.zeros(self._output.shape, dtype=self._arithmetic)
        total[: index + 1] = self._output[: index + 1]
        first = max(0, index + 2 - len(self._h))
        latest = (array.astype(self._arithmetic) for array in (self._x[first : index + 1], self._h))
        total[index + 1 : index + len(self._h)] = _overlay(*latest)[index + 1 - first :]
        return total

    def partial(self, index: SupportsIndex) -> "np.ma.MaskedArray[Any, Any]":
        """Return the sum of the echoes up to step ``index``; cells that no echo has reached yet are masked.

        Parameters
        ----------
        index : int
            A step; negative ones count from the end.

        Returns
        -------
        numpy.ma.MaskedArray
            The step's ``total``, in the shape of ``output``.
        """
        step = self[self._number(index)]
        mask = np.arange(step.total.size) >= step.window.stop
        return np.ma.masked_array(step.total, mask=mask)


def echoes(x: Any, h: Any) -> EchoTrace:
    """Convolve by adding up echoes: for each k, a copy of ``h``, scaled by ``x[k]`` and shifted by k.

    Parameters
    ----------
    x : array-like, shape (n,)
        The signal: integers, floats or booleans (which count as 0 and 1).
    h : array-like, shape (m,)
        The impulse response: the echo of a single 1.

    Returns
    -------
    EchoTrace
        It has n steps. ``output``, shape (n + m − 1,), is int64 if both arrays hold integers or booleans, else float64.
        The ``total`` of the last step is the ``output``.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If an argument is empty, not 1D, or holds NaN or infinity; if the result does not fit.

    See Also
    --------
    outer_product : the same products as a table, added up along its anti-diagonals.
    convolve : the same with a kernel that slides.

    Notes
    -----
    Equal to `numpy.convolve`. Echoes are added in order. So even with floats, each ``total`` is exactly the ``total``
    before it plus the ``echo``.

    Examples
    --------
    A signal that arrives four times, weaker each time, like radio waves between houses:

    >>> received = echoes([1, 2, 3, 4, 5, 6], [1, 0.9, 0.8, 0.7])
    >>> received.output.round(1)
    array([ 1. ,  2.9,  5.6,  9. , 12.4, 15.8, 12.2,  8.3,  4.2])
    >>> received[1].echo
    array([0. , 2. , 1.8, 1.6, 1.4, 0. , 0. , 0. , 0. ])
    >>> received[1].total
    array([1. , 2.9, 2.6, 2.3, 1.4, 0. , 0. , 0. , 0. ])
    """
    return EchoTrace(as_numbers("x", x, (1,)), as_numbers("h", h, (1,)))


def overlaid(x: Array, h: Array) -> tuple[Array, np.dtype[Any]]:
    """Add up all echoes; return the sum, and the number type that was needed for it.

    Raises
    ------
    ValueError
        If a sum or a product does not fit.
    """
    dtype = np.result_type(x, h)
    with np.errstate(over="ignore", invalid="ignore"):
        arithmetic = exact.working_dtype(dtype, exact.magnitude(x) * np.abs(h.astype(float)).sum() * (1 + 1e-9))
        sums = _overlay(x.astype(arithmetic), h.astype(arithmetic))
        if dtype.kind == "f" and not np.isfinite(np.abs(x).max() * np.abs(h).max()):
            raise exact.too_large_for_floats(_ARGUMENTS)
    return exact.settled(sums, dtype, arguments=_ARGUMENTS, result="the output"), arithmetic


def _overlay(x: Array, h: Array) -> Array:
    """Add up all echoes, cell by cell in the order of ``x``."""
    total = np.zeros(len(x) + len(h) - 1, dtype=np.result_type(x, h))
    if len(x) <= len(h):
        for k, scale in enumerate(x):
            total[k : k + len(h)] += scale * h
    else:
        # It begins with the last sample of h, so that each cell still adds its terms in the order of x.
        for delay in reversed(range(len(h))):
            total[delay : delay + len(x)] += x * h[delay]
    return total
