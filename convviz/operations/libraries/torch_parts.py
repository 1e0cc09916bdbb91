"""The traces of PyTorch's layers, from their attributes."""

from typing import Any

import numpy as np

from convviz.operations.layers.adaptive_pool import adaptive_pool
from convviz.operations.layers.conv_layer import conv_layer
from convviz.operations.layers.conv_transpose import conv_transpose
from convviz.operations.layers.dense import dense
from convviz.operations.layers.dense_rows import dense_rows
from convviz.operations.layers.flatten import flatten
from convviz.operations.layers.pool import pool
from convviz.operations.layers.scale_shift import scale_shift
from convviz.operations.libraries.foreign import check_channels, numbers_of
from convviz.operations.libraries.torch_activations import ACTIVATION_LAYERS, activation_layer
from convviz.operations.libraries.wording import users_names
from convviz.trace import Array, Step, Trace

AXES = {"1d": 1, "2d": 2, "3d": 3}
MEANT = {1: "(channels, length)", 2: "(channels, rows, columns)", 3: "(channels, *three axes)"}
_WINDOWED = ("Conv", "ConvTranspose", "MaxPool", "AvgPool", "AdaptiveMaxPool", "AdaptiveAvgPool", "BatchNorm")
KINDS = frozenset({f"{name}{axes}" for name in _WINDOWED for axes in AXES} | {"Linear", "Flatten"} | ACTIVATION_LAYERS)
"""The names of the classes of single layers."""


def single_layer(kind: str, layer: Any, x: Array, *, called: str = "layer", x_called: str = "x") -> Trace[Step]:
    """Return the trace of a single layer.

    Parameters
    ----------
    kind : str
        The name of PyTorch's class, one of `KINDS`.
    layer : torch.nn.Module
        The layer.
    x : ndarray
        The input, without a batch axis.
    called, x_called : str
        What the user calls the layer and its input, for errors.
    """
    attributes = ("weight", "bias", "stride", "padding", "dilation", "groups", "output_padding", "padding_mode")
    names = {name: f"{called}.{name}" for name in attributes}
    names |= {"size": f"{called}.kernel_size", "output": f"{called}.output_size", "slope": f"{called}.weight"}
    with users_names(**names, x=x_called):
        if kind in ACTIVATION_LAYERS:
            return activation_layer(kind, layer, x, called)
        if kind == "Linear":
            return _linear(layer, x, called, x_called)
        if kind == "Flatten":
            first, last = flattened_axes(layer, x, called)
            return flatten(x, first, last)
        if kind.startswith("BatchNorm"):
            check_channels(
                len(x), layer.num_features, x.shape, layer=called, x=x_called, meant="x of shape (channels, ...)"
            )
            scale, shift, _ = normalisation(layer, called)
            return scale_shift(x, scale, shift)
        if "Pool" in kind:
            return _pool(kind[:-2], layer, x, called)
        return _convolution(kind[:-2], layer, x, called, x_called)


def _convolution(kind: str, layer: Any, x: Array, called: str, x_called: str) -> Trace[Step]:
    weight, bias = numbers_of(layer, "weight", called), numbers_of(layer, "bias", called)
    meant = MEANT[x.ndim - 1]
    check_channels(len(x), layer.in_channels, x.shape, layer=called, x=x_called, meant=f"x of shape {meant}")
    shared = {name: getattr(layer, name) for name in ("stride", "padding", "dilation", "groups")}
    if kind == "Conv":
        return conv_layer(x, weight, bias, padding_mode=layer.padding_mode, **shared)
    return conv_transpose(x, weight, bias, output_padding=layer.output_padding, **shared)


def _pool(kind: str, layer: Any, x: Array, called: str) -> Trace[Step]:
    if "Max" in kind:
        _refuse(layer, "return_indices", False, called)
    if kind.startswith("Adaptive"):
        sizes = layer.output_size if isinstance(layer.output_size, tuple) else (layer.output_size,) * (x.ndim - 1)
        output = [size if wanted is None else wanted for size, wanted in zip(x.shape[1:], sizes, strict=True)]
        return adaptive_pool(x, output, "max" if "Max" in kind else "mean")
    shared = {name: getattr(layer, name) for name in ("stride", "padding", "ceil_mode")}
    # One number alone leaves open whether an array of two axes has channels.
    size = layer.kernel_size if isinstance(layer.kernel_size, tuple) else (layer.kernel_size,) * (x.ndim - 1)
    if kind == "MaxPool":
        return pool(x, size, dilation=layer.dilation, **shared)
    _refuse(layer, "divisor_override", None, called)
    return pool(x, size, kind="mean", count_include_pad=layer.count_include_pad, **shared)


def _linear(layer: Any, x: Array, called: str, x_called: str) -> Trace[Step]:
    bias = numbers_of(layer, "bias", called)
    meant = "x of shape (..., features)"
    check_channels(x.shape[-1], layer.in_features, x.shape, layer=called, x=x_called, meant=meant)
    return dense(x, layer.weight, bias) if x.ndim == 1 else dense_rows(x, layer.weight, bias)


def normalisation(layer: Any, called: str) -> tuple[Array, Array, Array]:
    """Return the scale and shift of a batch normalisation, and the size of the numbers that the shift is made of."""
    mean, variance = (numbers_of(layer, f"running_{name}", called) for name in ("mean", "var"))
    weight, bias = numbers_of(layer, "weight", called), numbers_of(layer, "bias", called)
    assert mean is not None
    assert variance is not None  # `check_ready` has refused layers without them
    scale = (1 if weight is None else weight) / np.sqrt(variance + layer.eps)
    moved, bias = mean * scale, np.zeros(len(mean)) if bias is None else bias
    return scale, bias - moved, np.abs(bias) + np.abs(moved)


def flattened_axes(layer: Any, x: Array, called: str) -> tuple[int, int]:
    """Return the axes that a Flatten makes one, of an input without its batch axis."""
    first, last = (axis % (x.ndim + 1) for axis in (layer.start_dim, layer.end_dim))
    if first < 1:
        raise ValueError(f"{called}.start_dim is {layer.start_dim}; accepted: 1 or more, which keep the batch axis")
    return first - 1, last - 1


def check_ready(kind: str, layer: Any, called: str) -> None:
    """Refuse layers that have no weights yet, and those that depend on more than one input.

    Raises
    ------
    ValueError
        If the layer is one of these.
    """
    if getattr(layer, "has_uninitialized_params", bool)():
        raise ValueError(f"{called} has no weights yet; accepted: a lazy layer after its first call")
    if not kind.startswith("BatchNorm"):
        return
    if layer.running_mean is None:
        raise ValueError(
            f"{called}.track_running_stats is False, so that it normalises by each batch's own mean; accepted: True"
        )
    if layer.training:
        raise ValueError(
            f"{called} is in training mode, in which it normalises by each batch's own mean, and changes its running "
            f"mean; accepted: a layer after {called}.eval()"
        )


def _refuse(layer: Any, name: str, accepted: Any, called: str) -> None:
    value = getattr(layer, name, accepted)
    if value != accepted:
        raise ValueError(f"{called}.{name} is {value!r}; accepted: {accepted}")
