"""A real layer of PyTorch or Keras, computed step by step."""

from typing import Any

from convviz.operations.libraries.keras_layers import keras_layer
from convviz.operations.libraries.torch_layers import torch_layer
from convviz.trace import Step, Trace

_ACCEPTED = (
    "accepted: torch.nn.Conv1d to Conv3d, ConvTranspose1d to 3d, MaxPool1d to 3d, AvgPool1d to 3d and Linear; "
    "Keras' Conv1D, Conv2D, DepthwiseConv2D and Dense"
)


def explain(layer: Any, x: Any) -> Trace[Step]:
    """Turn a layer of PyTorch or Keras, and an input to it, into the operation that computes the same, step by step.

    Parameters
    ----------
    layer : torch.nn.Module or keras.layers.Layer
        One of ``torch.nn``: Conv1d, Conv2d, Conv3d, ConvTranspose1d, ConvTranspose2d, ConvTranspose3d, MaxPool1d,
        MaxPool2d, MaxPool3d, AvgPool1d, AvgPool2d, AvgPool3d, Linear; or of Keras: Conv1D, Conv2D, DepthwiseConv2D,
        Dense. Neither library is imported here.
    x : array-like or tensor
        What the layer would be called with: for PyTorch, and for Keras with ``data_format='channels_first'``,
        channels first, otherwise channels last; without a batch, or a batch of one.

    Returns
    -------
    Trace
        Of `convviz.conv_layer`, `convviz.conv_transpose`, `convviz.pool` or `convviz.dense`. Its ``output`` is what
        the layer gives, without a batch and channels first, computed in float64.

    Raises
    ------
    TypeError
        If ``layer`` is none of these, or does not compute what these do.
    ValueError
        If something about the layer is not supported, or ``x`` does not fit it.

    Notes
    -----
    See the pages of `torch.nn` and of `keras.layers` for what each layer takes. Keras pads as TensorFlow does
    ('same_tf'), and has its kernels as (rows, columns, channels, filters).

    Examples
    --------
    Where PyTorch is installed, ``explain(torch.nn.Conv2d(3, 8, 3, padding=1), torch.rand(1, 3, 32, 32))`` is a trace
    whose output has shape (8, 32, 32). What is no such layer is named:

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
