"""Cross-correlation and convolution of one array with one kernel, window by window."""

from dataclasses import dataclass
from math import isfinite, prod
from typing import Any, Literal, get_args

import numpy as np

from convviz.faults import check_size, shown
from convviz.geometry import Axis, Geometry
from convviz.numerals import sum_of_products
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.arithmetic.correlation import correlated, row_by_row
from convviz.operations.arithmetic.exact import magnitude
from convviz.operations.arithmetic.index_notation import sliding_window
from convviz.terms import Terms
from convviz.trace import Array, Step, Trace

Mode = Literal["full", "same", "valid"]
_INT64_END = 2.0**63


@dataclass(frozen=True, eq=False, slots=True)
class WindowStep(Step):
    """One window: the numbers under the kernel, multiplied by the kernel cell by cell and added up.

    Parameters
    ----------
    window : tuple of slice
        The place of the window in ``trace.padded``.
    patch : ndarray
        The numbers within the window, shaped like the kernel.
    kernel : ndarray
        The kernel as applied: in a convolution it is flipped.
    products : ndarray
        ``patch * kernel``. Their sum is ``value``.
    """

    window: tuple[slice, ...]
    patch: Array
    kernel: Array
    products: Array

    def describe(self) -> str:
        """Describe in one plain sentence how ``value`` is computed.

        Examples
        --------
        >>> correlate([1, 2, 3], [4, 5])[1].describe()
        'Output [1] = 2×4 + 3×5 = 23.'
        """
        terms = sum_of_products(self.patch, self.kernel, self.value)
        return f"Output {list(self.position)} = {terms}."


class WindowTrace(Trace[WindowStep]):
    """A kernel that slides over an input; made by `correlate` and `convolve`."""

    def __init__(self, x: Array, w: Array, *, geometry: Geometry, flip: bool) -> None:
        self._geometry = geometry
        self._flip = flip
        self._w = w.copy()
        self._kernel = np.ascontiguousarray(np.flip(self._w)) if flip else self._w
        self._padded = _with_border(x, geometry, np.result_type(x, w))
        for array in (self._w, self._kernel, self._padded):
            array.setflags(write=False)
        output, largest_product = _sums(self._padded, self._kernel)
        self._wide = self._padded.dtype.kind == "i" and largest_product >= _INT64_END
        super().__init__(output)

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
        """The kernel as applied: ``w``, flipped if ``flip``."""
        return self._kernel

    @property
    def flip(self) -> bool:
        """Whether the kernel is flipped: true for a convolution."""
        return self._flip

    @property
    def padded(self) -> Array:
        """The input with its border of zeros."""
        return self._padded

    @property
    def geometry(self) -> Geometry:
        """The positions of the windows."""
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
        # Products may be too large for int64 even if their sum is not; Python's integers have no limit.
        products = (patch.astype(object) if self._wide else patch) * self._kernel
        products.setflags(write=False)
        return WindowStep(index, position, self._output[position], window, patch, self._kernel, products)


def correlate(x: Any, w: Any, mode: Mode = "valid") -> WindowTrace:
    """Slide a kernel over an input without flipping it: what deep learning calls convolution.

    Parameters
    ----------
    x : array-like, shape (columns,) or (rows, columns)
        The input: integers, floats or booleans (which count as 0 and 1).
    w : array-like, as many dimensions as ``x``
        The kernel.
    mode : {'valid', 'same', 'full'}
        Which windows are used. 'valid': those that lie within the input. 'same': one for each cell of the input,
        centred on that cell. 'full': all that touch the input.

    Returns
    -------
    WindowTrace
        ``output`` is int64 if both arrays hold integers or booleans, else float64.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If an argument is empty, ragged, not 1D or 2D, or holds NaN or infinity; if the two differ in dimensions;
        if the kernel is larger than the input in mode 'valid' (SciPy swaps the two); if the result does not fit.

    See Also
    --------
    convolve : the same with the kernel flipped.

    Notes
    -----
    Equal to `scipy.signal.correlate` and, in mode 'valid', to `torch.nn.functional.conv2d`.

    A kernel of even size k has no middle cell. Mode 'same' then centres its cell k // 2, counted from 0, as
    `scipy.signal.correlate`, `scipy.ndimage.correlate` and `numpy.correlate` do. `scipy.signal.correlate2d`, PyTorch's
    ``padding='same'`` and that of `convviz.conv_layer` centre cell k // 2 − 1: their output cell i is output cell i + 1
    here, along each axis of even size.

    Examples
    --------
    >>> correlate([0, 0, 1, 0, 0], [5, 6], "same").output
    array([0, 0, 6, 5, 0])
    >>> trace = correlate([1, 2, 3, 4], [5, 6, 7])
    >>> trace.output
    array([38, 56])
    >>> trace[0].products
    array([ 5, 12, 21])
    """
    return _slide(x, w, mode, flip=False)


def convolve(x: Any, w: Any, mode: Mode = "full") -> WindowTrace:
    """Flip a kernel and slide it over an input: convolution as mathematics defines it.

    To flip a kernel is to reverse it along every axis; in 2D, that is a rotation by 180°.

    Parameters
    ----------
    x : array-like, shape (columns,) or (rows, columns)
        The input: integers, floats or booleans (which count as 0 and 1).
    w : array-like, as many dimensions as ``x``
        The kernel as given; ``trace.kernel`` is the flipped one.
    mode : {'full', 'same', 'valid'}
        Which windows are used. 'full': all that touch the input. 'same': one for each cell of the input, centred on
        that cell. 'valid': those that lie within the input.

    Returns
    -------
    WindowTrace
        ``output`` is int64 if both arrays hold integers or booleans, else float64.

    Raises
    ------
    TypeError, ValueError
        As in `correlate`.

    See Also
    --------
    correlate : the same without the flip. It also says what mode 'same' does with kernels of even size.

    Notes
    -----
    Equal to `scipy.signal.convolve` and `scipy.signal.convolve2d`, also in mode 'same' with kernels of even size, and
    in 1D to `numpy.convolve` (in mode 'same' only if the kernel is not longer than the input).

    Examples
    --------
    >>> convolve([1, 2, 3, 4], [5, 6, 7]).output
    array([ 5, 16, 34, 52, 45, 28])
    """
    return _slide(x, w, mode, flip=True)


def _slide(x: Any, w: Any, mode: Mode, *, flip: bool) -> WindowTrace:
    x, w = as_numbers("x", x), as_numbers("w", w)
    if not isinstance(mode, str) or mode not in get_args(Mode):
        raise ValueError(f"mode is {shown(mode)}; accepted: 'full', 'same' or 'valid'")
    if x.ndim != w.ndim:
        raise ValueError(
            f"w has {w.ndim} dimensions (shape {w.shape}) but x has {x.ndim} (shape {x.shape}); "
            "accepted: the same number in w as in x"
        )
    if mode == "valid" and any(k > n for n, k in zip(x.shape, w.shape, strict=True)):
        raise ValueError(
            f"w has shape {w.shape}, larger than x's {x.shape}, so that no window fits; "
            "accepted: a kernel no larger than x along any axis, or mode 'same' or 'full'"
        )
    geometry = Geometry(tuple(_axis(n, k, mode) for n, k in zip(x.shape, w.shape, strict=True)))
    given = f"x has shape {x.shape} and w has {w.shape}, in mode {mode!r}"
    check_size(prod(geometry.padded_shape), given, "x with its border")
    return WindowTrace(x, w, geometry=geometry, flip=flip)


def _axis(size: int, kernel: int, mode: Mode) -> Axis:
    """Return one axis with SciPy's padding. For an even kernel, the border before the input is one cell wider."""
    spare = kernel - 1
    before = {"full": spare, "same": kernel // 2, "valid": 0}[mode]
    after = {"full": spare, "same": spare - before, "valid": 0}[mode]
    return Axis(size=size, kernel=kernel, before=before, after=after)


def _with_border(x: Array, geometry: Geometry, dtype: np.dtype[Any]) -> Array:
    """Return a copy of an input, with its border of zeros."""
    shape = geometry.padded_shape
    if shape == x.shape:
        return x.astype(dtype, order="C")
    padded = np.zeros(shape, dtype=dtype)
    padded[geometry.interior] = x
    return padded


def _sums(padded: Array, kernel: Array) -> tuple[Array, float]:
    """Compute the whole output, and an upper bound of the products; raise an error if a number does not fit."""
    largest = magnitude(padded)
    product = largest * magnitude(kernel)
    limit = product * kernel.size
    if limit < _INT64_END if padded.dtype.kind == "i" else isfinite(limit):
        return correlated(padded, kernel, limit), product
    with np.errstate(over="ignore", invalid="ignore"):
        limit = largest * float(np.abs(kernel.astype(float)).sum())
        if padded.dtype.kind == "i" and limit >= _INT64_END:
            return _fitting(row_by_row(padded.astype(object), kernel.astype(object))), product
        output = row_by_row(padded, kernel)
        if not isfinite(limit) and not (np.isfinite(output).all() and _products_fit(padded, kernel)):
            raise ValueError(
                "x and w are too large: their products, or sums of these, do not fit float64; "
                "accepted: numbers with which all of them stay below 1.8e308"
            )
    return output, product


def _products_fit(padded: Array, kernel: Array) -> bool:
    """Whether each product is finite. A sum can be finite even if they are not: processors may round only once."""
    windows = np.lib.stride_tricks.sliding_window_view(padded, kernel.shape)
    return all(np.isfinite(windows[(..., *offset)] * weight).all() for offset, weight in np.ndenumerate(kernel))


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
