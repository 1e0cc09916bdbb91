"""Check what layers accept: shapes that fit each other, a bias, and windows that fit the input."""

from math import prod
from typing import Any

import numpy as np

from convviz.faults import check_size, shown
from convviz.geometry import Axis, Geometry
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.arithmetic.per_axis import PerAxis, as_per_axis, as_whole
from convviz.operations.layers.padding import Padding, pad_axes
from convviz.trace import Array

_GROUPS = "accepted: an integer from 1 on that divides both the channels of x and the filters"


def check_channels(x: Array, weight: Array, groups: Any) -> None:
    """Check that input, filters and groups fit each other.

    Raises
    ------
    TypeError, ValueError
        If they do not.
    """
    groups = as_whole("groups", groups, _GROUPS)
    channels, filters = len(x), len(weight)
    if weight.ndim != x.ndim + 1:
        picked = "; x[0] is one input of a batch" if weight.ndim == x.ndim else ""
        raise ValueError(
            f"weight has {weight.ndim} dimensions (shape {weight.shape}) but x has {x.ndim} (shape {x.shape}); "
            f"accepted: x (channels, *spatial) and weight (filters, channels / groups, *kernel){picked}"
        )
    if groups < 1 or channels % groups or filters % groups:
        raise ValueError(f"groups is {groups}, with {channels} channels and {filters} filters; {_GROUPS}")
    if weight.shape[1] * groups != channels:
        raise ValueError(
            f"weight has shape {weight.shape}, whose filters read {weight.shape[1]} channels each, but x has shape "
            f"{x.shape}, with {channels} in {groups} groups; accepted: filters of {channels // groups} channels"
        )


def as_bias(bias: Any, weight: Array, *, each: str) -> Array:
    """Return a bias as an array with one number for each filter or neuron; zeros if there is none.

    Raises
    ------
    TypeError, ValueError
        If it is not such an array.

    Examples
    --------
    >>> as_bias(None, np.ones((2, 3)), each="neurons")
    array([0, 0])
    """
    if bias is None:
        return np.zeros(len(weight), dtype=np.int64)
    numbers = as_numbers("bias", bias, dimensions=(1,))
    if numbers.shape != weight.shape[:1]:
        raise ValueError(
            f"bias has shape {numbers.shape}, but weight has {weight.shape}; accepted: one number for each of the "
            f"{len(weight)} {each}, or None"
        )
    return numbers


def layer_geometry(x: Array, weight: Array, *, stride: PerAxis, padding: Padding, dilation: PerAxis) -> Geometry:
    """Compute the positions of a layer's windows.

    Raises
    ------
    TypeError, ValueError
        If a parameter is not accepted, or no window fits.

    Examples
    --------
    >>> layer_geometry(np.ones((1, 5)), np.ones((1, 1, 3)), stride=2, padding=1, dilation=1).output_shape
    (3,)
    """
    axes = x.ndim - 1
    strides = as_per_axis("stride", stride, axes, least=1)
    dilations = as_per_axis("dilation", dilation, axes, least=1)
    along = zip(x.shape[1:], weight.shape[2:], strides, dilations, strict=True)
    geometry = pad_axes(padding, [Axis(size=n, kernel=k, stride=s, dilation=d) for n, k, s, d in along])
    spans = tuple(axis.extent for axis in geometry.axes)
    if any(span > cells for span, cells in zip(spans, geometry.padded_shape, strict=True)):
        raise ValueError(
            f"weight has kernels of shape {geometry.kernel_shape}, so that with dilation {dilations} a window spans "
            f"{spans} cells, but x with its padding has {geometry.padded_shape}: no window fits; "
            "accepted: windows no larger than the padded input along any axis"
        )
    given = f"x has shape {x.shape} and padding is {shown(padding)}"
    check_size(len(x) * prod(geometry.padded_shape), given, "x with its padding")
    check_size(len(weight) * geometry.windows, f"{given}, and weight has shape {weight.shape}", "the output")
    return geometry
