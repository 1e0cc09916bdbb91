"""Compute a real layer of PyTorch or Keras step by step."""

from typing import Any

from convviz.operations.layers.chain import Chain
from convviz.operations.libraries.keras_layers import keras_layer
from convviz.operations.libraries.torch_layers import torch_layer
from convviz.trace import Step, Trace

_ACCEPTED = (
    "accepted: torch.nn.Conv1d to Conv3d, ConvTranspose1d to 3d, MaxPool1d to 3d, AvgPool1d to 3d, their Adaptive "
    "kinds, Linear, BatchNorm1d to 3d, ReLU and its relatives, Flatten, and a Sequential of these; Keras' Conv1D to "
    "Conv3D, their Transpose kinds, SeparableConv, DepthwiseConv, Dense and pooling layers"
)


def explain(layer: Any, x: Any) -> Trace[Step] | Chain:
    """Compute what a layer of PyTorch or Keras computes for one input, step by step.

    The layer itself is run too. If its output is not what its parameters give, up to rounding, it computes something
    else than its class says, and is refused.

    Parameters
    ----------
    layer : torch.nn.Module or keras.layers.Layer
        A layer of ``torch.nn``: Conv1d to Conv3d, ConvTranspose1d to ConvTranspose3d, MaxPool1d to MaxPool3d, AvgPool1d
        to AvgPool3d, AdaptiveMaxPool1d to AdaptiveMaxPool3d, AdaptiveAvgPool1d to AdaptiveAvgPool3d, Linear,
        BatchNorm1d to BatchNorm3d, Flatten, ReLU and its relatives (ReLU6, LeakyReLU, PReLU, RReLU, ELU, SELU, CELU,
        GELU, SiLU, Mish, Softplus, Softsign, LogSigmoid, Hardtanh, Hardsigmoid, Hardswish, Sigmoid, Tanh), or a
        Sequential of these, of Identity, and of Dropout. Or of Keras: Conv1D to Conv3D, Conv1DTranspose to
        Conv3DTranspose, DepthwiseConv1D, DepthwiseConv2D, SeparableConv1D, SeparableConv2D, Dense, and AveragePooling,
        MaxPooling, GlobalAveragePooling and GlobalMaxPooling, 1D to 3D. Neither library is imported here.
    x : array-like or tensor
        The input with which the layer would be called. Channels come first for PyTorch, and for Keras with
        ``data_format='channels_first'``; otherwise they come last. It has no batch axis, or is a batch of one.

    Returns
    -------
    Trace or Chain
        A trace of the operation: of `convviz.conv_layer`, `convviz.pool`, `convviz.dense` and so on. Its ``output`` is
        the layer's output, without a batch axis, with channels first, computed in float64. A Sequential is a `Chain` of
        traces. So are a separable convolution and a transposed convolution with an activation, which are two layers.

    Raises
    ------
    TypeError
        If ``layer`` is not one of these layers, or is a subclass with another computation.
    ValueError
        If an option of the layer is not supported, ``x`` does not fit the layer, or the layer's output differs from
        what is computed from its parameters.

    See Also
    --------
    convviz.operations.layers.chain.Chain.folded : batch normalisations folded into the convolutions before them.

    Notes
    -----
    The options of each layer are documented on the pages of `torch.nn` and `keras.layers`. Keras pads like TensorFlow
    ('same_tf'), and its weights have the shape (rows, columns, channels, filters). Keras' global pooling keeps its
    spatial axes here, of one cell each.

    Hooks of the layer are called when it is run: once, and three times for the layers of a Sequential. Batch
    normalisation and Dropout are accepted after ``layer.eval()`` only, so that running them changes nothing.

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
