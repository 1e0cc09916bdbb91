"""The positions of pooling windows, and the cells that count in them."""

from dataclasses import replace

import numpy as np

from convviz.geometry import Axis, Geometry
from convviz.operations.arithmetic.per_axis import PerAxis, as_per_axis
from convviz.trace import Array


def pool_geometry(
    x: Array, size: PerAxis, *, stride: PerAxis | None, padding: PerAxis, dilation: PerAxis, ceil_mode: bool
) -> Geometry:
    """Compute the positions of the windows. The cells that ``ceil_mode`` adds become padding after the input.

    Raises
    ------
    TypeError, ValueError
        If a parameter is not accepted, no window fits, or a window reads no cell of the input.

    Examples
    --------
    >>> pool_geometry(np.ones((1, 5)), 2, stride=None, padding=0, dilation=1, ceil_mode=True).after
    (1,)
    """
    axes = x.ndim - 1
    sizes = as_per_axis("size", size, axes, least=1)
    strides = sizes if stride is None else as_per_axis("stride", stride, axes, least=1)
    paddings = as_per_axis("padding", padding, axes, least=0)
    dilations = as_per_axis("dilation", dilation, axes, least=1)
    if any(p > k // 2 for p, k in zip(paddings, sizes, strict=True)):
        raise ValueError(f"padding is {padding!r}, with windows of size {size!r}; accepted: at most half of the size")
    bare = [
        Axis(size=n, kernel=k, before=p, after=p, stride=s, dilation=d)
        for n, k, p, s, d in zip(x.shape[1:], sizes, paddings, strides, dilations, strict=True)
    ]
    geometry = Geometry(tuple(map(_ceiled, bare) if ceil_mode else bare))
    _check_windows(geometry)
    return geometry


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
        read = count_cells(axis, cells_counted(axis, 0))
        if not read.all():
            at = int(read.argmin())
            raise ValueError(
                f"padding is {axis.before} along spatial axis {number} of x, where window {at} reads cells of the "
                "padding only; accepted: windows that each read a cell of x"
            )


def cells_counted(axis: Axis, padding: int) -> Array:
    """Return which cells of a padded axis belong to the input, or to the ``padding`` cells next to it on each side."""
    cells = np.arange(axis.padded) - axis.before
    return (cells >= -padding) & (cells < axis.size + padding)


def count_cells(axis: Axis, counted: Array) -> Array:
    """Return, for each window along an axis, the number of its cells that count."""
    return np.asarray(np.sum([counted[axis.reads(at)] for at in range(axis.kernel)], axis=0, dtype=np.int32))
