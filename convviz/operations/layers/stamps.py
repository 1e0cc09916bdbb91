"""Stamping: every cell adds its number times a kernel to a window, where a convolution reads the window instead.

Transposed convolutions consist of stamps, and so does the gradient of a convolution with respect to its input.
"""

from dataclasses import dataclass

import numpy as np

from convviz.geometry import Geometry
from convviz.numerals import write_products
from convviz.operations.arithmetic import exact
from convviz.trace import Array, Step

_AXES = {1: ("cell",), 2: ("row", "column"), 3: ("plane", "row", "column")}
_MOST_WRITTEN, _MOST_CELLS = 9, 5
"""The largest numbers of weights in a stamp, and of cells along an axis, that a sentence lists one by one."""


@dataclass(frozen=True, eq=False, slots=True)
class StampStep(Step):
    """One input cell: its number times every weight of its channel, added to the output as a stamp.

    ``position`` is the input cell, channel first, and ``value`` is its number: ``trace.x[position]``.

    Parameters
    ----------
    window : tuple of slice
        The place of the stamp in ``trace.full``: the output channels of its group, then one slice for each axis.
    kernel : ndarray, shape (C_out/groups, *kernel)
        The weights of the input cell's channel.
    stamp : ndarray, shape (C_out/groups, *kernel)
        ``value * kernel``: the numbers that are added at ``window``.
    cropped : bool
        Whether padding cuts cells off ``trace.full`` afterwards.
    """

    window: tuple[slice, ...]
    kernel: Array
    stamp: Array
    cropped: bool

    def describe(self) -> str:
        """Describe in one plain sentence what the step adds, and where.

        Examples
        --------
        >>> from convviz.operations.layers.conv_transpose import conv_transpose
        >>> conv_transpose([[1, 2]], [[[5, 6, 7]]])[1].describe()
        'Input [0, 1] = 2 adds 2 × (5, 6, 7) = (10, 12, 14) to cells 1, 2, 3 of output channel 0.'
        """
        start, stop = self.window[0].start, self.window[0].stop
        channels = f"output channel {start}" if stop == start + 1 else f"output channels {start} to {stop - 1}"
        where = ", ".join(
            _cells(name, cells) for name, cells in zip(_AXES[self.stamp.ndim - 1], self.window[1:], strict=True)
        )
        uncropped = ", before cropping" if self.cropped else ""
        is_listed = self.stamp.size <= _MOST_WRITTEN
        lists = [(self.kernel.flat, self.stamp.flat)] if is_listed else []
        written = write_products(self.value, *lists)
        value = written.factor
        whole = f"each of its channel's {self.stamp.size} weights"
        stamped = f"{value} × {written.lists[0] if is_listed else whole}"
        return f"Input {list(self.position)} = {value} adds {stamped} to {where} of {channels}{uncropped}."


def stamp(values: Array, weight: Array, groups: int, geometry: Geometry, shape: tuple[int, ...]) -> Array:
    """Add up the stamps of all cells.

    Parameters
    ----------
    values : ndarray, shape (C, *windows)
        One number for each window of ``geometry``.
    weight : ndarray, shape (C, D/groups, *kernel)
        The weights, in the dtype of ``values``. This dtype must hold every sum.
    groups : int
        The number of groups into which the channels are divided.
    geometry : Geometry
        The positions of the windows.
    shape : tuple of int
        The spatial shape of the result. All windows lie within it.

    Returns
    -------
    ndarray, shape (D, *shape)
        The sum of all stamps.

    Examples
    --------
    >>> from convviz.geometry import Axis
    >>> stamp(np.array([[1, 2]]), np.array([[[5, 6, 7]]]), 1, Geometry((Axis(size=4, kernel=3),)), (4,))
    array([[ 5, 16, 19, 14]])
    """
    each, kernel = weight.shape[1], weight.shape[2:]
    grouped = values.reshape(groups, len(values) // groups, -1)
    weights = weight.reshape(groups, len(values) // groups, each, *kernel).swapaxes(1, 2)
    into = np.zeros((groups, each, *shape), dtype=values.dtype)
    for offset in np.ndindex(kernel):
        stamps = weights[(..., *offset)] @ grouped
        into[(slice(None), slice(None), *geometry.reads(offset))] += stamps.reshape(groups, each, *values.shape[1:])
    return into.reshape(groups * each, *shape)


def stamp_bound(values: Array, weight: Array, groups: int) -> float:
    """Return an upper bound of the absolute values of the sums that `stamp` makes, and of their parts.

    Examples
    --------
    >>> 36 < stamp_bound(np.array([[1, 2]]), np.array([[[5, 6, 7]]]), 1) < 36.1
    True
    """
    sizes = np.abs(weight.astype(float)).reshape(groups, -1, *weight.shape[1:])
    with np.errstate(over="ignore"):
        return exact.magnitude(values) * float(sizes.sum(axis=(1, *range(3, sizes.ndim))).max())


def refuse_infinite_products(values: Array, weight: Array, arguments: str) -> None:
    """Check that every product of a cell and a weight of its channel fits float64.

    Raises
    ------
    ValueError
        If a product does not fit. (The sum can still be finite: processors may round only once.)
    """
    largest = [np.abs(array.astype(float)).reshape(len(array), -1).max(axis=1) for array in (values, weight)]
    with np.errstate(over="ignore"):
        if not np.isfinite(largest[0] * largest[1]).all():
            raise exact.too_large_for_floats(arguments)


def _cells(name: str, cells: slice) -> str:
    """Write the cells that a stamp covers along one axis; a dilated stamp has gaps."""
    numbers = range(cells.start, cells.stop, cells.step)
    if len(numbers) == 1:
        return f"{name} {numbers[0]}"
    if len(numbers) > _MOST_CELLS:
        return f"{name}s {numbers[0]}, {numbers[1]}, … {numbers[-1]}"
    return f"{name}s {', '.join(map(str, numbers))}"
