"""Compute a real layer of PyTorch or Keras step by step."""

from typing import Any

from convviz.operations.libraries.keras_layers import keras_layer
from convviz.operations.libraries.torch_layers import torch_layer
from convviz.trace import Step, Trace

_ACCEPTED = (
    "accepted: torch.nn.Conv1d to Conv3d, ConvTranspose1d to 3d, MaxPool1d to 3d, AvgPool1d to 3d and Linear; "
    "Keras' Conv1D, Conv2D, DepthwiseConv2D and Dense"
)


def explain(layer: Any, x: Any) -> Trace[Step]:
    """Compute what a layer of PyTorch or Keras computes for one input, step by step.

    Parameters
    ----------
    layer : torch.nn.Module or keras.layers.Layer
        A layer of ``torch.nn``: Conv1d, Conv2d, Conv3d, ConvTranspose1d, ConvTranspose2d, ConvTranspose3d, MaxPool1d,
        MaxPool2d, MaxPool3d, AvgPool1d, AvgPool2d, AvgPool3d, Linear; or of Keras: Conv1D, Conv2D, DepthwiseConv2D,
        Dense. Neither library is imported here.
    x : array-like or tensor
        The input with which the layer would be called. Channels come first for PyTorch, and for Keras with
        ``data_format='channels_first'``; otherwise they come last. It has no batch axis, or is a batch of one.

    Returns
    -------
    Trace
        A trace of `convviz.conv_layer`, `convviz.conv_transpose`, `convviz.pool` or `convviz.dense`. Its ``output`` is
        the layer's output, without a batch axis, with channels first, computed in float64.

    Raises
    ------
    TypeError
        If ``layer`` is not one of these layers, or is a subclass with another computation.
    ValueError
        If an option of the layer is not supported, or ``x`` does not fit the layer.

    Notes
    -----
    The options of each layer are documented on the pages of `torch.nn` and `keras.layers`. Keras pads like TensorFlow
    ('same_tf'), and its weights have the shape (rows, columns, channels, filters).

    Examples
    --------
    If PyTorch is installed, ``explain(torch.nn.Conv2d(3, 8, 3, padding=1), torch.rand(1, 3, 32, 32))`` is a trace
    whose output has shape (8, 32, 32). For anything that is not such a layer, the error names its type:

    >>> explain("a layer", [[1, 2, 3]])
    Traceback (most recent call last):
    TypeError: layer is a str; accepted: torch.nn.Conv1d to Conv3d, ...
    """
    for of_library in (torch_layer, keras_layer):
        ours = of_library(layer, x)
        if ours is not None:
            return ours
    raise TypeError(f"layer is a {_qualified(type(layer))}; {_ACCEPTED}")


def _qualified(kind: type) -> str:
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
