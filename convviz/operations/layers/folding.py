"""Fold a scale and a shift for each channel, such as a batch normalisation, into the layer before them."""

from typing import Any

import numpy as np

from convviz.faults import shown
from convviz.operations.layers.conv_layer import LayerTrace, conv_layer
from convviz.operations.layers.conv_transpose import StampTrace, conv_transpose
from convviz.operations.layers.dense import DenseTrace, dense
from convviz.operations.layers.dense_rows import DenseRowsTrace
from convviz.operations.layers.scale_shift import ScaleTrace
from convviz.trace import Array

Foldable = LayerTrace | StampTrace | DenseTrace


def can_fold(layer: Any, following: Any) -> bool:
    """Whether a trace is a layer without an activation, followed by a scale and a shift of its output."""
    linear = isinstance(layer, Foldable) and getattr(layer, "activation", None) is None
    return linear and isinstance(following, ScaleTrace) and follows(layer, following)


def follows(layer: Any, following: Any) -> bool:
    """Whether the input of one trace is the output of another, up to rounding.

    Examples
    --------
    >>> from convviz.operations.layers.elementwise import elementwise
    >>> first = elementwise([-1, 2], "relu")
    >>> follows(first, elementwise([0, 2], "tanh")), follows(first, elementwise([0, 3], "tanh"))
    (True, False)
    """
    if layer.output.shape != following.x.shape:
        return False
    largest = float(np.abs(layer.output.astype(float)).max())
    return bool(np.allclose(layer.output, following.x, rtol=0, atol=1e-9 * largest))


def fold_scale(layer: Foldable, following: ScaleTrace) -> Foldable:
    """Return one layer that computes what a layer and a scale and shift compute, one after the other.

    The weights of each filter are multiplied by the scale of the channel that the filter makes. Its bias is multiplied
    too, and the shift added. Networks are folded like this before they are used: the scale and shift then cost nothing.

    Parameters
    ----------
    layer : LayerTrace, StampTrace or DenseTrace
        A trace of `convviz.conv_layer`, `convviz.conv_transpose` or `convviz.dense`, without an activation.
    following : ScaleTrace
        The scale and shift of the layer's output.

    Returns
    -------
    LayerTrace, StampTrace or DenseTrace
        A trace of the same operation. Its ``output`` is that of ``following``, up to rounding, with the same steps.

    Raises
    ------
    TypeError
        If ``layer`` or ``following`` is a trace of another operation.
    ValueError
        If ``layer`` has an activation, or ``following`` does not read the layer's output.

    Examples
    --------
    >>> from convviz.operations.layers.scale_shift import scale_shift
    >>> layer = conv_layer([[1, 2, 3]], [[[1, 1]]], [4])
    >>> following = scale_shift(layer.output, [10], [-5])
    >>> folded = fold_scale(layer, following)
    >>> folded.weight, folded.bias
    (array([[[10, 10]]]), array([35]))
    >>> following.output, folded.output
    (array([[65, 85]]), array([[65, 85]]))
    """
    _check(layer, following)
    bias = layer.bias * following.scale + following.shift
    if isinstance(layer, DenseTrace):
        return dense(layer.x, layer.weight * following.scale[:, None], bias)
    geometry = layer.geometry
    shared: dict[str, Any] = {"stride": geometry.stride, "dilation": geometry.dilation, "groups": layer.groups}
    if isinstance(layer, StampTrace):
        return conv_transpose(layer.x, _scaled_stamps(layer, following.scale), bias, **_cropping(layer), **shared)
    return conv_layer(
        layer.x,
        layer.weight * following.scale.reshape(-1, *(1,) * (layer.weight.ndim - 1)),
        bias,
        padding=tuple(zip(geometry.before, geometry.after, strict=True)),
        padding_mode=layer.padding_mode,
        flip=layer.flip,
        **shared,
    )


def _scaled_stamps(layer: StampTrace, scale: Array) -> Array:
    """Multiply the weights of a transposed convolution, whose second axis holds the channels out of each group."""
    of_groups = scale.reshape(layer.groups, -1)
    of_channels = np.repeat(of_groups, len(layer.x) // layer.groups, axis=0)
    return np.asarray(layer.weight * of_channels.reshape(*of_channels.shape, *(1,) * (layer.weight.ndim - 2)))


def _cropping(layer: StampTrace) -> dict[str, Any]:
    """Return the parameters with which a transposed convolution keeps the same part of its stamps."""
    sizes, kept = layer.full.shape[1:], layer.crop[1:]
    return {
        "padding": tuple((cells.start, size - cells.stop) for size, cells in zip(sizes, kept, strict=True)),
        "output_padding": tuple(size - axis.size for size, axis in zip(sizes, layer.geometry.axes, strict=True)),
    }


def _check(layer: Any, following: Any) -> None:
    if not isinstance(layer, Foldable):
        accepted = "accepted: a trace of conv_layer, conv_transpose or dense"
        rows = ", one row at a time" if isinstance(layer, DenseRowsTrace) else ""
        raise TypeError(f"layer is a {type(layer).__name__}; {accepted}{rows}")
    if not isinstance(following, ScaleTrace):
        raise TypeError(f"following is a {type(following).__name__}; accepted: a trace of scale_shift")
    activation = getattr(layer, "activation", None)
    if activation is not None:
        raise ValueError(
            f"layer has the activation {shown(activation)}, which comes before the scale; "
            "accepted: a layer without an activation"
        )
    if not follows(layer, following):
        raise ValueError(
            f"following.x (shape {following.x.shape}) is not layer.output (shape {layer.output.shape}); "
            "accepted: a scale and shift of the layer's output"
        )
