"""Pooling: each window of each channel becomes one number, its maximum or its mean."""

from collections.abc import Iterable
from functools import reduce
from typing import Any, Literal, get_args

import numpy as np

from convviz.faults import shown
from convviz.geometry import Geometry
from convviz.operations.arithmetic import exact
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.arithmetic.per_axis import PerAxis
from convviz.operations.layers.channels_first import picture_or_signals
from convviz.operations.layers.index_notation import pooled_windows
from convviz.operations.layers.padding import Padding, origins, unread
from convviz.operations.layers.pool_step import MaxStep, MeanStep, PoolStep
from convviz.operations.layers.pool_windows import cells_counted, count_cells, pool_geometry
from convviz.terms import Terms
from convviz.trace import Array, Trace

Kind = Literal["max", "mean"]


class PoolTrace(Trace[PoolStep]):
    """Windows that slide over each channel of an input; made by `pool`."""

    def __init__(self, x: Array, *, geometry: Geometry, kind: Kind, counted: tuple[Array, ...]) -> None:
        self._geometry, self._kind, self._counted = geometry, kind, counted
        self._padded = np.full((len(x), *geometry.padded_shape), _border(x.dtype, kind), dtype=x.dtype)
        self._padded[(slice(None), *geometry.interior)] = x
        self._padded.setflags(write=False)
        super().__init__(self._largest() if kind == "max" else self._means())

    @property
    def x(self) -> Array:
        """The input, shape (channels, ...)."""
        return self._padded[(slice(None), *self._geometry.interior)]

    @property
    def kind(self) -> Kind:
        """The number that a window becomes: its 'max' or its 'mean'."""
        return self._kind

    @property
    def padded(self) -> Array:
        """The input with its border: zeros for a mean; for a maximum −∞, or with int64 the smallest integer."""
        return self._padded

    @property
    def geometry(self) -> Geometry:
        """The positions of the windows along the spatial axes; ``after`` includes the cells that ``ceil_mode`` adds."""
        return self._geometry

    @property
    def unread(self) -> Array:
        """Which input cells no window reads; shaped like ``x``."""
        sources = [origins(axis, "zeros") for axis in self._geometry.axes]
        return np.broadcast_to(unread(self._geometry, sources), self.x.shape)

    @property
    def terms(self) -> Terms:
        """The windows in index notation: see `pooled_windows` for the views.

        Examples
        --------
        >>> terms = pool([[1, 4, 2, 3]], 2).terms
        >>> terms.related(terms.views["output"], terms.views["input"], (0, 0, 1), step=0)
        [Block(slices=(0,), rows=(0,), columns=(2, 3))]
        """
        return pooled_windows(self._geometry, len(self._padded))

    @property
    def counted(self) -> Array:
        """Which cells of a channel of ``padded`` count: those of the input, and in a mean its padding, if wanted."""
        counted: Array = reduce(np.logical_and.outer, self._counted)
        counted.setflags(write=False)
        return counted

    def _views(self) -> list[Array]:
        """Return, for each cell of a window, the numbers that all windows have in that cell."""
        offsets = np.ndindex(self._geometry.kernel_shape)
        return [self._padded[(slice(None), *self._geometry.reads(offset))] for offset in offsets]

    def _largest(self) -> Array:
        first, *others = self._views()
        largest = first.copy()
        for view in others:
            np.maximum(largest, view, out=largest)
        return largest

    def _means(self) -> Array:
        divisors, views = self._divisors(), self._views()
        bound = exact.magnitude(self._padded) * len(views)
        if not np.isfinite(bound):
            return _total((view / divisors for view in views), float)
        if exact.working_dtype(self._padded.dtype, bound).kind == "f":
            means = _total(views, float)
            means /= divisors
            return means
        # Python divides integers of any size, and rounds only once.
        return np.asarray(_total(views, object) / divisors.astype(object), dtype=float)

    def _divisors(self) -> Array:
        """Return the number of cells that count in each window; it is the same in every channel."""
        return reduce(np.multiply.outer, map(count_cells, self._geometry.axes, self._counted))

    def _step(self, index: int) -> PoolStep:
        position = self._position(index)
        channel, windows = position[0], self._geometry.window(position[1:])
        window: tuple[int | slice, ...] = (channel, *windows)
        patch, value = self._padded[window], self._output[position]
        along = [cells[part] for cells, part in zip(self._counted, windows, strict=True)]
        counted: Array = reduce(np.logical_and.outer, along)
        counted.setflags(write=False)
        if self._kind == "mean":
            divisor = int(counted.sum())
            parts = patch / divisor
            parts.setflags(write=False)
            return MeanStep(index, position, value, window, patch, counted, divisor, parts)
        place = tuple(map(int, np.unravel_index(np.argmax((patch == value) & counted), patch.shape)))
        cells = (
            part.start + at * axis.dilation - axis.before
            for part, at, axis in zip(windows, place, self._geometry.axes, strict=True)
        )
        return MaxStep(index, position, value, window, patch, counted, (channel, *cells), place)


def pool(
    x: Any,
    size: PerAxis,
    *,
    kind: Kind = "max",
    stride: PerAxis | None = None,
    padding: Padding = 0,
    dilation: PerAxis = 1,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> PoolTrace:
    """Turn each window of each channel into one number: its maximum or its mean.

    Parameters
    ----------
    x : array-like, shape (C, *spatial)
        The input, channels first, with one, two or three spatial axes: integers, floats or booleans. A 2D array is one
        channel of rows and columns, unless ``size`` is a tuple of one number: then each row is a channel. A single row
        is a signal. A 3D array is one channel if ``size`` is a tuple of three numbers.
    size : int or tuple of int
        The number of cells of a window: one number for all axes, or one for each. The same holds for ``stride`` and
        ``dilation``.
    kind : {'max', 'mean'}
        The number that a window becomes: its maximum or its mean.
    stride : int or tuple of int, optional
        The number of cells from one window to the next; ``size`` if left out.
    padding : int, str, or tuple of int or (int, int)
        The number of cells put before and after the input. They hold −∞ for a maximum, so that they never win, and
        zeros for a mean. One number, for all axes or for each, is at most half of ``size``, as in PyTorch. A pair
        (before, after) for an axis may be larger, and the names 'valid', 'same' and 'same_tf' are accepted too: see
        `convviz.conv_layer`.
    dilation : int or tuple of int
        The number of cells from one window cell to the next; for a mean only 1, as in PyTorch.
    ceil_mode : bool
        Whether to add a last window that reaches past the padding, if it starts in the input or in the padding before
        it.
    count_include_pad : bool
        Whether a mean counts the zeros of the padding. Cells that ``ceil_mode`` adds never count.

    Returns
    -------
    PoolTrace
        ``output`` has shape (C, *spatial). A maximum has the type of the input, int64 or float64; a mean is float64.
        Steps run channel by channel, row by row. They hold the cell that won (`MaxStep`), or the part that each cell
        adds to the mean (`MeanStep`).

    Raises
    ------
    TypeError
        If an argument is of the wrong type.
    ValueError
        If no window fits, a window reads no cell of the input, or ``padding`` is not accepted.

    Notes
    -----
    Equal to `torch.nn.MaxPool1d` to `MaxPool3d` and `torch.nn.AvgPool1d` to `AvgPool3d` for a batch of one of floats.
    With 'same_tf' and without the zeros in the mean, equal to TensorFlow's and Keras' pooling with padding 'SAME'.
    With integers, PyTorch's means lose their decimals (2.5 becomes 2, and −2.5 becomes −2), and some of its layers
    refuse them; here, a mean of integers is a float.

    Examples
    --------
    >>> pool([[1, 4, 2, 3]], 2).output
    array([[4, 3]])
    >>> pool([[1, 4, 2, 3]], 2, kind="mean").output
    array([[2.5, 2.5]])
    >>> pool([[1, 4, 2, 3]], 2)[0].winner
    (0, 1)
    >>> pool([[1, 4, 2, 3], [0, 5, 1, 7]], 2).output
    array([[[5, 7]]])
    >>> pool([[1, 4, 2, 3], [0, 5, 1, 7]], (2,)).output
    array([[4, 3],
           [5, 7]])
    """
    x = picture_or_signals(as_numbers("x", x, dimensions=(2, 3, 4)), size)
    if not isinstance(kind, str) or kind not in get_args(Kind):
        raise ValueError(f"kind is {shown(kind)}; accepted: 'max' or 'mean'")
    for name, value in (("ceil_mode", ceil_mode), ("count_include_pad", count_include_pad)):
        if not isinstance(value, bool | np.bool_):
            raise TypeError(f"{name} is {shown(value)}; accepted: True or False")
    geometry, bare = pool_geometry(
        x, size, stride=stride, padding=padding, dilation=dilation, ceil_mode=bool(ceil_mode)
    )
    if kind == "mean" and max(geometry.dilation) > 1:
        raise ValueError(f"dilation is {shown(dilation)}, with kind 'mean'; accepted: 1, or kind 'max'")
    widths = [(a.before, a.after) if kind == "mean" and count_include_pad else (0, 0) for a in bare.axes]
    counted = tuple(cells_counted(axis, *width) for axis, width in zip(geometry.axes, widths, strict=True))
    return PoolTrace(x, geometry=geometry, kind=kind, counted=counted)


def _border(dtype: Any, kind: Kind) -> Any:
    if kind == "mean":
        return 0
    return -np.inf if dtype.kind == "f" else np.iinfo(dtype).min


def _total(parts: Iterable[Array], dtype: Any) -> Array:
    first, *others = parts
    total = first.astype(dtype)
    for part in others:
        total += part
    return total
