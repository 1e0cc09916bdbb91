"""Adaptive pooling: as many windows as are asked for, along each axis, which together cover the input."""

from collections.abc import Sequence
from functools import reduce
from itertools import pairwise
from math import prod
from typing import Any, get_args

import numpy as np

from convviz.faults import check_size, shown
from convviz.operations.arithmetic import exact
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.arithmetic.per_axis import PerAxis, as_per_axis
from convviz.operations.layers.cell_notation import uneven_windows
from convviz.operations.layers.pool import Kind, PoolTrace, pool
from convviz.operations.layers.pool_step import MaxStep, MeanStep, PoolStep
from convviz.terms import Terms
from convviz.trace import Array, Trace

_MOST_CELLS = 1 << 20
"""Each cell along an axis has a window of its own."""
Windows = tuple[tuple[slice, ...], ...]
"""For each axis, the cells that its windows read."""


class AdaptiveTrace(Trace[PoolStep]):
    """A pooling whose windows differ in size, or overlap unevenly; made by `adaptive_pool`."""

    def __init__(self, x: Array, *, windows: Windows, kind: Kind) -> None:
        self._x, self._windows, self._kind = x.copy(), windows, kind
        self._x.setflags(write=False)
        super().__init__(self._reduced(self._x, np.maximum) if kind == "max" else self._means())

    @property
    def x(self) -> Array:
        """The input, shape (channels, ...)."""
        return self._x

    @property
    def padded(self) -> Array:
        """The input: it has no border."""
        return self._x

    @property
    def kind(self) -> Kind:
        """The number that a window becomes: its 'max' or its 'mean'."""
        return self._kind

    @property
    def windows(self) -> Windows:
        """For each spatial axis, the cells that its windows read, as slices."""
        return self._windows

    @property
    def terms(self) -> Terms:
        """The windows in index notation: see `uneven_windows` for the views.

        Examples
        --------
        >>> terms = adaptive_pool([[1, 2, 3, 4, 5]], 3).terms
        >>> terms.related(terms.views["output"], terms.views["input"], (0, 0, 1), step=0)
        [Block(slices=(0,), rows=(0,), columns=(1, 2, 3))]
        """
        return uneven_windows(self._x.shape, self._windows)

    def _reduced(self, numbers: Array, function: np.ufunc) -> Array:
        """Combine the numbers of each window, along one axis after the other."""
        for axis, along in enumerate(self._windows, start=1):
            lines = np.moveaxis(numbers, axis, 0)
            numbers = np.moveaxis(np.stack([function.reduce(lines[cells]) for cells in along]), 0, axis)
        return np.ascontiguousarray(numbers)

    def _means(self) -> Array:
        sizes = [np.array([cells.stop - cells.start for cells in along]) for along in self._windows]
        divisors: Array = reduce(np.multiply.outer, sizes)
        bound = exact.magnitude(self._x) * float(divisors.max())
        if not np.isfinite(bound):
            largest = float(divisors.max())
            return np.asarray(self._reduced(self._x / largest, np.add) * (largest / divisors))
        working = exact.working_dtype(self._x.dtype, bound)
        sums = self._reduced(self._x.astype(object if working.kind != "f" else float), np.add)
        # Python divides integers of any size, and rounds only once.
        return np.asarray(sums / (divisors.astype(object) if working.kind != "f" else divisors), dtype=float)

    def _step(self, index: int) -> PoolStep:
        position = self._position(index)
        channel, cells = position[0], [along[at] for along, at in zip(self._windows, position[1:], strict=True)]
        window: tuple[int | slice, ...] = (channel, *cells)
        patch, value = self._x[window], self._output[position]
        counted = np.ones(patch.shape, dtype=bool)
        counted.setflags(write=False)
        if self._kind == "mean":
            parts = patch / patch.size
            parts.setflags(write=False)
            return MeanStep(index, position, value, window, patch, counted, patch.size, parts)
        place = tuple(map(int, np.unravel_index(np.argmax(patch == value), patch.shape)))
        winner = (channel, *(part.start + at for part, at in zip(cells, place, strict=True)))
        return MaxStep(index, position, value, window, patch, counted, winner, place)


def adaptive_pool(x: Any, output: PerAxis, kind: Kind = "mean") -> PoolTrace | AdaptiveTrace:
    """Turn each channel into a given number of cells: the mean or the maximum of as many windows.

    Along an axis with n cells, window i of m reaches from cell ⌊i·n/m⌋ to before cell ⌈(i+1)·n/m⌉. The windows cover
    all cells. Those next to each other may overlap by a cell.

    Parameters
    ----------
    x : array-like, shape (C, *spatial)
        The input, channels first, with one, two or three spatial axes: integers, floats or booleans.
    output : int or tuple of int
        The number of cells that each channel becomes: one number for all axes, or one for each. 1 is global pooling.
    kind : {'mean', 'max'}
        The number that a window becomes.

    Returns
    -------
    PoolTrace or AdaptiveTrace
        ``output`` has shape (C, *output). If all windows have the same size and the same distance, this is a trace of
        `convviz.pool`; otherwise its steps are of the same kinds.

    Raises
    ------
    TypeError, ValueError
        If an argument is not accepted.

    Notes
    -----
    Equal to `torch.nn.AdaptiveAvgPool1d` to `AdaptiveAvgPool3d` and `torch.nn.AdaptiveMaxPool1d` to
    `AdaptiveMaxPool3d`, without a batch axis.

    Examples
    --------
    >>> adaptive_pool([[1, 2, 3, 4, 5]], 2, "max").output
    array([[3, 5]])
    >>> adaptive_pool([[1, 2, 3, 4, 5]], 3).windows
    ((slice(0, 2, None), slice(1, 4, None), slice(3, 5, None)),)
    """
    x = as_numbers("x", x, dimensions=(2, 3, 4))
    if not isinstance(kind, str) or kind not in get_args(Kind):
        raise ValueError(f"kind is {shown(kind)}; accepted: 'max' or 'mean'")
    counts = as_per_axis("output", output, x.ndim - 1, least=1)
    check_size(len(x) * prod(counts), f"output is {shown(output)}", "the output")
    if max(counts) > _MOST_CELLS:
        raise ValueError(f"output is {shown(output)}; accepted: at most {_MOST_CELLS} cells along an axis")
    windows = tuple(
        tuple(slice(at * size // count, -(-(at + 1) * size // count)) for at in range(count))
        for size, count in zip(x.shape[1:], counts, strict=True)
    )
    if not all(map(_are_even, windows)):
        return AdaptiveTrace(x, windows=windows, kind=kind)
    sizes = [along[0].stop for along in windows]
    return pool(x, sizes, kind=kind, stride=[along[1].start if len(along) > 1 else along[0].stop for along in windows])


def _are_even(along: Sequence[slice]) -> bool:
    """Whether all windows have the same size, and the same distance from one to the next."""
    sizes = {cells.stop - cells.start for cells in along}
    steps = {after.start - before.start for before, after in pairwise(along)}
    return len(sizes) == 1 and len(steps) <= 1 and 0 not in steps
