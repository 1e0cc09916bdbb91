"""Cross-correlation and convolution of one array with one kernel, window by window."""

from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np

from convviz.geometry import Axis, Geometry
from convviz.numerals import sum_of_products
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.arithmetic.index_notation import sliding_window
from convviz.terms import Terms
from convviz.trace import Array, Step, Trace

Mode = Literal["full", "same", "valid"]
_INT64_END = 2.0**63
_BLOCK = 1 << 14
"""Output cells summed at a time: few enough to stay in a processor's cache."""


@dataclass(frozen=True, eq=False, slots=True)
class WindowStep(Step):
    """One window: what lies under the kernel, multiplied cell by cell and summed.

    Parameters
    ----------
    window : tuple of slice
        Where the window lies in ``trace.padded``.
    patch : ndarray
        The numbers within the window, shaped as the kernel.
    kernel : ndarray
        The kernel as laid on the input: turned by 180° in a convolution.
    products : ndarray
        ``patch * kernel``; they add up to ``value``.
    """

    window: tuple[slice, ...]
    patch: Array
    kernel: Array
    products: Array

    def describe(self) -> str:
        """Say in one plain sentence how ``value`` comes to be.

        Examples
        --------
        >>> correlate([1, 2, 3], [4, 5])[1].describe()
        'Output [1] = 2×4 + 3×5 = 23.'
        """
        terms = sum_of_products(self.patch.flat, self.kernel.flat, self.value)
        return f"Output {list(self.position)} = {terms}."


class WindowTrace(Trace[WindowStep]):
    """A kernel sliding over an input; made by `correlate` and `convolve`."""

    def __init__(self, x: Array, w: Array, *, geometry: Geometry, flip: bool) -> None:
        self._geometry = geometry
        self._flip = flip
        self._w = w.copy()
        self._kernel = np.flip(self._w) if flip else self._w
        self._padded = np.zeros(geometry.padded_shape, dtype=np.result_type(x, w))
        self._padded[geometry.interior] = x
        for array in (self._w, self._kernel, self._padded):
            array.setflags(write=False)
        self._wide = _bound(x, np.abs(self._w.astype(float)).max()) >= _INT64_END and self._padded.dtype.kind == "i"
        super().__init__(_sums(self._padded, self._kernel))

    @property
    def x(self) -> Array:
        """The input."""
        return self._padded[self._geometry.interior]

    @property
    def w(self) -> Array:
        """The kernel as given."""
        return self._w

    @property
    def kernel(self) -> Array:
        """The kernel as laid on the input: ``w``, turned by 180° if ``flip``."""
        return self._kernel

    @property
    def flip(self) -> bool:
        """Whether the kernel is turned by 180°: true in a convolution."""
        return self._flip

    @property
    def padded(self) -> Array:
        """The input with its zero border."""
        return self._padded

    @property
    def geometry(self) -> Geometry:
        """Where the windows land."""
        return self._geometry

    @property
    def terms(self) -> Terms:
        """The operation in index notation, as a layer of one filter and one channel: see `sliding_window`.

        Examples
        --------
        >>> terms = convolve([1, 2, 3, 4], [5, 6]).terms
        >>> terms.related(terms.views["given"], terms.views["output"], (0, 0, 1), step=0)
        [Block(slices=(0,), rows=(0,), columns=(1, 2, 3, 4))]
        """
        return sliding_window(self._geometry, flip=self._flip, bare=True)

    def _step(self, index: int) -> WindowStep:
        position = self._position(index)
        window = self._geometry.window(position)
        patch = self._padded[window]
        # Products may need more than int64 even where their sum does not; Python's integers have no end.
        products = (patch.astype(object) if self._wide else patch) * self._kernel
        products.setflags(write=False)
        return WindowStep(index, position, self._output[position], window, patch, self._kernel, products)


def correlate(x: Any, w: Any, mode: Mode = "valid") -> WindowTrace:
    """Slide a kernel over an input without turning it: what deep learning calls convolution.

    Parameters
    ----------
    x : array-like, shape (columns,) or (rows, columns)
        The input: integers, floats or booleans (which count as 0 and 1).
    w : array-like, as many dimensions as ``x``
        The kernel.
    mode : {'valid', 'same', 'full'}
        Which windows count: those within the input; as many as the input has cells, centred; or all that touch
        the input.

    Returns
    -------
    WindowTrace
        ``output`` is int64 if both are integers or booleans, else float64.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If an argument is empty, ragged, not 1D or 2D, or holds NaN or infinity; if the two differ in dimensions;
        if the kernel is larger than the input in mode 'valid' (SciPy swaps the two); if the result does not fit.

    See Also
    --------
    convolve : the same with the kernel turned by 180°.

    Notes
    -----
    Equal to `scipy.signal.correlate` and, in mode 'valid', to `torch.nn.functional.conv2d`.

    Examples
    --------
    >>> trace = correlate([1, 2, 3, 4], [5, 6, 7])
    >>> trace.output
    array([38, 56])
    >>> trace[0].products
    array([ 5, 12, 21])
    """
    return _slide(x, w, mode, flip=False)


def convolve(x: Any, w: Any, mode: Mode = "full") -> WindowTrace:
    """Slide a kernel, turned by 180°, over an input: convolution as mathematics defines it.

    Parameters
    ----------
    x : array-like, shape (columns,) or (rows, columns)
        The input: integers, floats or booleans (which count as 0 and 1).
    w : array-like, as many dimensions as ``x``
        The kernel as given; ``trace.kernel`` is the turned one.
    mode : {'full', 'same', 'valid'}
        Which windows count: all that touch the input; as many as the input has cells, centred; or those within
        the input.

    Returns
    -------
    WindowTrace
        ``output`` is int64 if both are integers or booleans, else float64.

    Raises
    ------
    TypeError, ValueError
        As `correlate`.

    See Also
    --------
    correlate : the same with the kernel as it is.

    Notes
    -----
    Equal to `scipy.signal.convolve`, and to `numpy.convolve` in 1D (where, in mode 'same', the kernel is no longer
    than the input).

    Examples
    --------
    >>> convolve([1, 2, 3, 4], [5, 6, 7]).output
    array([ 5, 16, 34, 52, 45, 28])
    """
    return _slide(x, w, mode, flip=True)


def _slide(x: Any, w: Any, mode: Mode, *, flip: bool) -> WindowTrace:
    x, w = as_numbers("x", x), as_numbers("w", w)
    if not isinstance(mode, str) or mode not in get_args(Mode):
        raise ValueError(f"mode is {mode!r}; accepted: 'full', 'same' or 'valid'")
    if x.ndim != w.ndim:
        raise ValueError(
            f"w has {w.ndim} dimensions (shape {w.shape}) but x has {x.ndim} (shape {x.shape}); "
            "accepted: as many in w as in x"
        )
    if mode == "valid" and any(k > n for n, k in zip(x.shape, w.shape, strict=True)):
        raise ValueError(
            f"w has shape {w.shape}, larger than x's {x.shape}, so that no window fits; "
            "accepted: a kernel no larger than x along any axis, or mode 'same' or 'full'"
        )
    axes = (_axis(n, k, mode) for n, k in zip(x.shape, w.shape, strict=True))
    return WindowTrace(x, w, geometry=Geometry(tuple(axes)), flip=flip)


def _axis(size: int, kernel: int, mode: Mode) -> Axis:
    """Lay out one axis as SciPy does, which puts the odd cell of an even kernel's border before the input."""
    spare = kernel - 1
    before = {"full": spare, "same": kernel // 2, "valid": 0}[mode]
    after = {"full": spare, "same": spare - before, "valid": 0}[mode]
    return Axis(size=size, kernel=kernel, before=before, after=after)


def _sums(padded: Array, kernel: Array) -> Array:
    """Compute the whole output, or say that it does not fit."""
    with np.errstate(over="ignore", invalid="ignore"):
        total = _bound(padded, np.abs(kernel.astype(float)).sum())
        if padded.dtype.kind == "i" and total >= _INT64_END:
            return _fitting(_row_by_row(padded.astype(object), kernel.astype(object)))
        output = _row_by_row(padded, kernel)
        if not np.isfinite(total) and not (np.isfinite(output).all() and _products_fit(padded, kernel)):
            raise ValueError(
                "x and w are too large: their products, or sums of these, do not fit float64; "
                "accepted: numbers with which all stays below 1.8e308"
            )
    return output


def _products_fit(padded: Array, kernel: Array) -> bool:
    """Tell whether each product is finite, as a sum can be while they are not: processors may round only once."""
    windows = np.lib.stride_tricks.sliding_window_view(padded, kernel.shape)
    return all(np.isfinite(windows[(..., *offset)] * weight).all() for offset, weight in np.ndenumerate(kernel))


def _row_by_row(padded: Array, kernel: Array) -> Array:
    """Add up 1D cross-correlations, one for each row of the kernel, over the input's rows laid end to end.

    NumPy's 1D loop is the fastest there is; what it finds where one row runs into the next is cut off.
    """
    grid, weights = np.atleast_2d(padded), np.atleast_2d(kernel)
    width, flat = grid.shape[1], grid.reshape(-1)
    shape = (len(grid) - len(weights) + 1, width - weights.shape[1] + 1)
    output = np.empty(shape, dtype=padded.dtype)
    rows = max(1, _BLOCK // width)
    sums = np.empty((rows, width), dtype=padded.dtype)
    for start in range(0, shape[0], rows):
        end = min(start + rows, shape[0])
        into = sums.reshape(-1)[: (end - start) * width - weights.shape[1] + 1]
        for number, row in enumerate(weights):
            found = np.correlate(flat[(start + number) * width : (end + number) * width], row, "valid")
            np.add(into, found, out=into) if number else np.copyto(into, found)
        output[start:end] = sums[: end - start, : shape[1]]
    return output.reshape(shape[2 - padded.ndim :])


def _fitting(exact: Array) -> Array:
    limits = np.iinfo(np.int64)
    wide = np.argwhere((exact > limits.max) | (exact < limits.min))
    if wide.size:
        where = tuple(map(int, wide[0]))
        raise ValueError(
            f"x and w are too large: the output at {list(where)} would be {exact[where]}, which does not fit int64; "
            f"accepted: results from {limits.min} to {limits.max}, or floats"
        )
    return exact.astype(np.int64)


def _bound(x: Array, weight: float) -> float:
    """Bound what sums over ``x`` can reach, a little above the truth so that rounding cannot hide an overflow."""
    return max(abs(float(x.max())), abs(float(x.min()))) * float(weight) * (1 + 1e-9)
