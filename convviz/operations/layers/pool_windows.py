"""The positions of pooling windows, and the cells that count in them."""

from dataclasses import replace
from math import prod
from typing import Any

import numpy as np

from convviz.faults import check_size, shown
from convviz.geometry import Axis, Geometry
from convviz.operations.arithmetic.per_axis import PerAxis, as_per_axis, is_several
from convviz.operations.layers.padding import Padding, pad_axes
from convviz.trace import Array


def pool_geometry(
    x: Array, size: PerAxis, *, stride: PerAxis | None, padding: Padding, dilation: PerAxis, ceil_mode: bool
) -> tuple[Geometry, Geometry]:
    """Compute the positions of the windows.

    Returns
    -------
    geometry : Geometry
        The windows. The cells that ``ceil_mode`` adds are part of the padding after the input.
    bare : Geometry
        The same without these cells.

    Raises
    ------
    TypeError, ValueError
        If a parameter is not accepted, no window fits, or a window reads no cell of the input.

    Examples
    --------
    >>> geometry, bare = pool_geometry(np.ones((1, 5)), 2, stride=None, padding=0, dilation=1, ceil_mode=True)
    >>> geometry.after, bare.after
    ((1,), (0,))
    """
    axes = x.ndim - 1
    sizes = as_per_axis("size", size, axes, least=1)
    strides = sizes if stride is None else as_per_axis("stride", stride, axes, least=1)
    dilations = as_per_axis("dilation", dilation, axes, least=1)
    along = zip(x.shape[1:], sizes, strides, dilations, strict=True)
    bare = pad_axes(padding, [Axis(size=n, kernel=k, stride=s, dilation=d) for n, k, s, d in along])
    for axis, single in zip(bare.axes, _single(padding, axes), strict=True):
        if single and axis.before > axis.kernel // 2:
            raise ValueError(
                f"padding is {shown(padding)}, with windows of size {shown(size)}; accepted: at most half of the size, "
                "or a pair (before, after) for each axis"
            )
    geometry = Geometry(tuple(map(_ceiled, bare.axes))) if ceil_mode else bare
    given = f"x has shape {x.shape}, size is {shown(size)}, padding {shown(padding)} and stride {shown(stride)}"
    check_size(len(x) * prod(geometry.padded_shape), given, "x with its padding")
    _check_windows(geometry)
    return geometry, bare


def _single(padding: Any, axes: int) -> list[bool]:
    """Return, for each axis, whether its padding is one number, which PyTorch limits, and not a pair or a name."""
    if not is_several(padding):
        return [not isinstance(padding, str)] * axes
    return [not is_several(part) for part in padding] if len(padding) == axes else [False]


def _ceiled(axis: Axis) -> Axis:
    """Add padding until one more window fits, if that window starts in the input or in the padding before it."""
    windows = -((axis.extent - axis.padded) // axis.stride) + 1
    if (windows - 1) * axis.stride >= axis.before + axis.size:
        windows -= 1
    missing = (windows - 1) * axis.stride + axis.extent - axis.padded
    return replace(axis, after=axis.after + max(0, missing))


def _check_windows(geometry: Geometry) -> None:
    spans = tuple(axis.extent for axis in geometry.axes)
    if any(axis.output < 1 for axis in geometry.axes):
        raise ValueError(
            f"size is {geometry.kernel_shape}, so that with dilation {geometry.dilation} a window spans {spans} cells, "
            f"but x with its padding has {geometry.padded_shape}: no window fits; "
            "accepted: windows no larger than the padded input along any axis"
        )
    for number, axis in enumerate(geometry.axes):
        read = count_cells(axis, cells_counted(axis, 0, 0))
        if not read.all():
            at = int(read.argmin())
            raise ValueError(
                f"padding is {axis.before} before and {axis.after} after spatial axis {number} of x, where window {at} "
                "reads cells of the padding only; accepted: windows that each read a cell of x"
            )


def cells_counted(axis: Axis, before: int, after: int) -> Array:
    """Return which cells of a padded axis belong to the input, or are that close to it before and after it."""
    cells = np.arange(axis.padded) - axis.before
    return (cells >= -before) & (cells < axis.size + after)


def count_cells(axis: Axis, counted: Array) -> Array:
    """Return, for each window along an axis, the number of its cells that count."""
    return np.asarray(np.sum([counted[axis.reads(at)] for at in range(axis.kernel)], axis=0, dtype=np.int32))
