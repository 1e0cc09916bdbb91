"""Compute a real layer of PyTorch or Keras step by step."""

from typing import Any

from convviz.operations.layers.chain import Chain
from convviz.operations.libraries.foreign import known_class
from convviz.operations.libraries.keras_layers import LIBRARIES as KERAS
from convviz.operations.libraries.keras_layers import keras_layer
from convviz.operations.libraries.torch_layers import torch_layer
from convviz.operations.libraries.torch_models import torch_model
from convviz.trace import Trace

_ACCEPTED = (
    "accepted: torch.nn.Conv1d to Conv3d, ConvTranspose1d to 3d, MaxPool1d to 3d, AvgPool1d to 3d, their Adaptive "
    "kinds, Linear, BatchNorm1d to 3d, ReLU and its relatives, Flatten, and any model of PyTorch that has layers; "
    "Keras' Conv1D to Conv3D, their Transpose kinds, SeparableConv, DepthwiseConv, Dense and pooling layers; of a "
    "model of Keras its layers one by one, such as model.layers[0]"
)


def explain(layer: Any, x: Any) -> Trace[Any] | Chain:
    """Compute what a layer of PyTorch or Keras computes for one input, step by step; or watch a whole model at work.

    A layer itself is run too. If its output is not what its parameters give, up to rounding, it computes something
    else than its class says, and is refused. A model of PyTorch is run once, in evaluation mode and without gradients,
    and each of its layers becomes a step: ``convviz.show(explain(model, x))`` draws all of them with their shapes,
    parameters and costs, and opens the one that is picked, on the numbers that it reads in the model.

    Parameters
    ----------
    layer : torch.nn.Module or keras.layers.Layer
        A layer of ``torch.nn``: Conv1d to Conv3d, ConvTranspose1d to ConvTranspose3d, MaxPool1d to MaxPool3d, AvgPool1d
        to AvgPool3d, AdaptiveMaxPool1d to AdaptiveMaxPool3d, AdaptiveAvgPool1d to AdaptiveAvgPool3d, Linear,
        BatchNorm1d to BatchNorm3d, Flatten, ReLU and its relatives (ReLU6, LeakyReLU, PReLU, RReLU, ELU, SELU, CELU,
        GELU, SiLU, Mish, Softplus, Softsign, LogSigmoid, Hardtanh, Hardsigmoid, Hardswish, Sigmoid, Tanh). Or any model
        of PyTorch that calls layers: a Sequential, or a module of your own. Its other layers are shown as well, but not
        explained. Or a layer of Keras: Conv1D to Conv3D, Conv1DTranspose to Conv3DTranspose, DepthwiseConv1D,
        DepthwiseConv2D, SeparableConv1D, SeparableConv2D, Dense, and AveragePooling, MaxPooling, GlobalAveragePooling
        and GlobalMaxPooling, 1D to 3D. Neither library is imported here.
    x : array-like or tensor
        The input with which the layer would be called. Channels come first for PyTorch, and for Keras with
        ``data_format='channels_first'``; otherwise they come last. It is a batch of one. A layer takes it without
        the batch axis too, and so does a model whose first layer shows how many axes there are.

    Returns
    -------
    Trace or Chain
        Of a layer, a trace of the operation: of `convviz.conv_layer`, `convviz.pool`, `convviz.dense` and so on. Its
        ``output`` is the layer's output, without a batch axis, with channels first, computed in float64. A separable
        convolution, and a transposed convolution with an activation, are two layers: a `Chain` of two traces.
        Of a model, a `ModelTrace`: ``trace[3]`` is the fourth layer at work, ``trace[3].trace`` its own trace, which is
        computed when asked for, or None for a layer that is not explained; ``trace[3].reason`` says why. The ``output``
        is the model's own. For a Sequential, ``trace.chain()`` is the chain of all layers, computed in float64.

    Raises
    ------
    TypeError
        If ``layer`` is not one of these layers, nor a model of PyTorch, or is a subclass with another computation.
    ValueError
        If an option of the layer is not supported, ``x`` does not fit the layer, or the layer's output differs from
        what is computed from its parameters. Of a model: if it fails on ``x``, or calls no layer. Layers of a model
        that are not explained raise no error.

    See Also
    --------
    convviz.operations.libraries.model_trace.ModelTrace : what is known of a model.
    convviz.operations.layers.chain.Chain.folded : batch normalisations folded into the convolutions before them.

    Notes
    -----
    The options of each layer are documented on the pages of `torch.nn` and `keras.layers`. Keras pads like TensorFlow
    ('same_tf'), and its weights have the shape (rows, columns, channels, filters). Keras' global pooling keeps its
    spatial axes here, of one cell each.

    Hooks of the layer are called when it is run: once. Batch normalisation and Dropout by themselves are accepted after
    ``layer.eval()`` only, so that running them changes nothing; the layers of a model are in evaluation mode while it
    is run, and have their own modes again afterwards.

    A large Linear (of 262,144 weights or more, in float32 or float64) is compared with PyTorch in its own number type.
    Its weights are copied, and its sums computed in float64, when something of its trace is first asked for. If the
    weights have changed by then, that raises a ValueError; those of ``copy.deepcopy(layer)`` stay as they are.

    A model is watched by forward hooks, which see the layers that it calls: modules that call no other module. What it
    computes between them, such as an addition or ``torch.relu(x)``, is not seen; the step of the layer that reads the
    result says so. The numbers of all layers are kept until the trace is deleted. A layer is opened with the weights
    that it has then: one whose weights have changed since the model was run is not explained.

    Examples
    --------
    If PyTorch is installed, ``explain(torch.nn.Conv2d(3, 8, 3, padding=1), torch.rand(1, 3, 32, 32))`` is a trace
    whose output has shape (8, 32, 32). For anything that is not such a layer, the error names its type:

    >>> explain("a layer", [[1, 2, 3]])
    Traceback (most recent call last):
    TypeError: layer is a str; accepted: torch.nn.Conv1d to Conv3d, ...
    """
    # Where Keras computes with PyTorch, its layers and models are modules of PyTorch too.
    models = () if known_class(layer, KERAS, {"Layer"}) else (torch_model,)
    for of_library in (torch_layer, keras_layer, *models):
        ours: Trace[Any] | Chain | None = of_library(layer, x)
        if ours is not None:
            return ours
    raise TypeError(f"layer is a {_qualified(type(layer))}; {_ACCEPTED}")


def _qualified(kind: type) -> str:
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
