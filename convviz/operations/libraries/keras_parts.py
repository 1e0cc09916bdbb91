"""The traces of Keras' layers, from their attributes, with channels first."""

from typing import Any

import numpy as np

from convviz.operations.arithmetic.per_axis import is_several
from convviz.operations.layers.activation import Activation, activation_name
from convviz.operations.layers.chain import Chain
from convviz.operations.layers.conv_layer import conv_layer
from convviz.operations.layers.conv_transpose import conv_transpose
from convviz.operations.layers.dense import dense
from convviz.operations.layers.dense_rows import dense_rows
from convviz.operations.layers.elementwise import elementwise
from convviz.operations.layers.pool import Kind, pool
from convviz.operations.libraries.foreign import check_channels, numbers_of
from convviz.operations.libraries.keras_activations import keras_activation
from convviz.operations.libraries.wording import users_names
from convviz.trace import Array, Step, Trace

_WINDOWED = ("Conv", "AveragePooling", "MaxPooling", "GlobalAveragePooling", "GlobalMaxPooling")
AXES = (
    {f"{name}{axes}D": axes for name in _WINDOWED for axes in (1, 2, 3)}
    | {f"Conv{axes}DTranspose": axes for axes in (1, 2, 3)}
    | {f"{name}Conv{axes}D": axes for name in ("Depthwise", "Separable") for axes in (1, 2)}
    | {"Dense": 0}
)
"""The names of the classes of layers, and the number of spatial axes of each."""
_NAMES = {
    "bias": "layer.bias",
    "groups": "layer.groups",
    "padding": "layer.padding",
    "output_padding": "layer.output_padding",
    "stride": "layer.strides",
    "dilation": "layer.dilation_rate",
    "size": "layer.pool_size",
}
"""What Keras calls the arguments of the operations."""


def single_layer(
    kind: str, layer: Any, x: Array, *, last: bool, shape: tuple[int, ...], meant: str
) -> Trace[Step] | Chain:
    """Return the trace of a layer.

    Parameters
    ----------
    kind : str
        The name of Keras' class, one of `AXES`.
    layer : keras.layers.Layer
        The layer.
    x : ndarray
        The input, without a batch axis, channels first.
    last : bool
        Whether the layer has its channels last.
    shape, meant : tuple of int, str
        The input's shape as the user knows it, and its axes, for errors.

    Returns
    -------
    Trace or Chain
        A chain for separable convolutions, which are two layers.
    """
    kernel = "depthwise_kernel" if hasattr(layer, "depthwise_kernel") else "kernel"
    with users_names(**_NAMES, weight=f"layer.{kernel}"):
        if "Pooling" in kind:
            return _pool(kind, layer, x)
        weight = numbers_of(layer, kernel, "layer")
        assert weight is not None  # a layer that has been built has its weights
        check_channels(
            shape[-1] if last else shape[0],
            _channels_read(kind, layer, weight),
            shape,
            layer="layer",
            x="x",
            meant=f"x of shape {meant}",
        )
        # Neurons come last in the sums of rows too, as Keras has them.
        activation = keras_activation(layer, last=last and kind != "Dense")
        bias = numbers_of(layer, "bias", "layer")
        if kind == "Dense":
            return (dense if x.ndim == 1 else dense_rows)(x, weight.T, bias, activation)
        if "Transpose" in kind:
            return _transposed(layer, x, weight, bias, activation)
        if "Separable" in kind:
            return _separable(layer, x, weight, bias, activation)
        depthwise = "Depthwise" in kind
        return conv_layer(
            x,
            _depthwise(weight) if depthwise else np.moveaxis(weight, (-1, -2), (0, 1)),
            bias,
            groups=weight.shape[-2] if depthwise else layer.groups,
            activation=activation,
            **_window(layer, weight.shape[:-2]),
        )


def _channels_read(kind: str, layer: Any, weight: Array) -> int:
    if kind == "Dense":
        return len(weight)
    if "Transpose" in kind:
        return int(weight.shape[-1])
    groups = layer.groups if kind.startswith("Conv") else 1
    return int(weight.shape[-2] * groups)


def _pool(kind: str, layer: Any, x: Array) -> Trace[Step]:
    name: Kind = "max" if "Max" in kind else "mean"
    if kind.startswith("Global"):
        return pool(x, x.shape[1:], kind=name)
    padding = _named_padding(layer, causal=False)
    # One number alone leaves open whether an array of two axes has channels.
    size = _for_axes(layer.pool_size, x.ndim - 1)
    return pool(x, size, kind=name, stride=layer.strides, padding=padding, count_include_pad=False)


def _transposed(layer: Any, x: Array, weight: Array, bias: Any, activation: Activation) -> Trace[Step] | Chain:
    axes = len(weight.shape) - 2
    strides, dilations = (_for_axes(value, axes) for value in (layer.strides, layer.dilation_rate))
    added = (None,) * axes if layer.output_padding is None else _for_axes(layer.output_padding, axes)
    same = _named_padding(layer, causal=False) == "same_tf"
    crops = [
        _crop(size, stride, dilation * (cells - 1) + 1, more, same=same)
        for size, stride, dilation, cells, more in zip(
            x.shape[1:], strides, dilations, weight.shape, added, strict=False
        )
    ]
    trace = conv_transpose(
        x,
        np.moveaxis(weight, (-1, -2), (0, 1)),
        bias,
        stride=strides,
        dilation=dilations,
        padding=[(before, max(0, after)) for before, after in crops],
        output_padding=[max(0, -after) for _, after in crops],
    )
    if activation is None:
        return trace
    return Chain([trace, elementwise(trace.output, activation)], names=["sums", activation_name(activation)])


def _crop(size: int, stride: int, extent: int, added: int | None, *, same: bool) -> tuple[int, int]:
    """Return the numbers of cells that Keras cuts off before and after an axis; negative if it adds some."""
    full = (size - 1) * stride + extent
    if same:
        output = size * stride if added is None else (size - 1) * stride + extent % 2 + added
    else:
        output = full + (max(0, stride - extent) if added is None else added)
    before = max(0, full - output) // 2 if same else 0
    return before, full - output - before


def _separable(layer: Any, x: Array, depthwise: Array, bias: Any, activation: Activation) -> Chain:
    """Return two layers: one kernel for each channel, and then filters of 1×1."""
    pointwise = numbers_of(layer, "pointwise_kernel", "layer")
    assert pointwise is not None  # a layer that has been built has its weights
    window = _window(layer, depthwise.shape[:-2])
    first = conv_layer(x, _depthwise(depthwise), groups=depthwise.shape[-2], **window)
    second = conv_layer(first.output, np.moveaxis(pointwise, (-1, -2), (0, 1)), bias, activation=activation)
    return Chain([first, second], names=["depthwise", "pointwise"])


def _depthwise(kernel: Array) -> Array:
    """Return filters for (rows, columns, channels, filters of a channel); those of the first channel come first."""
    filters = np.moveaxis(kernel, (-2, -1), (0, 1))
    return filters.reshape(-1, 1, *kernel.shape[:-2])


def _window(layer: Any, kernel: tuple[int, ...]) -> dict[str, Any]:
    """Return the parameters of the windows of a convolution."""
    padding = _named_padding(layer, causal=len(kernel) == 1)
    if padding == "causal":
        (dilation,) = np.ravel(layer.dilation_rate).tolist()
        return {"stride": layer.strides, "dilation": dilation, "padding": [(dilation * (kernel[0] - 1), 0)]}
    return {"stride": layer.strides, "dilation": layer.dilation_rate, "padding": padding}


def _named_padding(layer: Any, *, causal: bool) -> str:
    names = {"valid": "valid", "same": "same_tf"} | ({"causal": "causal"} if causal else {})
    if layer.padding not in names:
        accepted = "'valid', 'same', or for convolutions with one axis 'causal'"
        raise ValueError(f"layer.padding is {layer.padding!r}; accepted: {accepted}")
    return names[layer.padding]


def _for_axes(value: Any, axes: int) -> tuple[int, ...]:
    return tuple(value) if is_several(value) else (value,) * axes
