"""Read Keras' layers without importing Keras, and move channels from the last axis to the first."""

from collections.abc import Callable
from typing import Any

import numpy as np

from convviz.operations.layers.activation import ACTIVATIONS, Activation
from convviz.operations.layers.conv_layer import conv_layer
from convviz.operations.layers.dense import dense
from convviz.operations.layers.padding import Padding
from convviz.operations.libraries.foreign import as_numpy, known_class, without_batch
from convviz.trace import Array, Step, Trace

_AXES = {"Conv1D": 1, "Conv2D": 2, "DepthwiseConv2D": 2, "Dense": 0}
_LIBRARIES = ("keras.", "tf_keras.", "tensorflow.python.keras.")
_FORMATS = ("channels_last", "channels_first")


def keras_layer(layer: Any, x: Any) -> Trace[Step] | None:
    """Return the trace of a Keras layer; None if the object is not such a layer."""
    kind = known_class(layer, _LIBRARIES, _AXES)
    if kind is None:
        return None
    _refuse_other_call(layer, kind)
    axes = _AXES[kind.__name__]
    if not axes:
        x = without_batch(x, 1, layer="Dense", meant="(features,)")
        kernel, bias = _parameters(layer, "kernel")
        return dense(x, kernel.T, bias, _activation(layer, last=False))
    if layer.data_format not in _FORMATS:
        raise ValueError(f"layer.data_format is {layer.data_format!r}; accepted: 'channels_last' or 'channels_first'")
    last = layer.data_format == "channels_last"
    cells = ", ".join(("rows", "columns")[-axes:] if axes > 1 else ("length",))
    meant = f"({cells}, channels)" if last else f"(channels, {cells})"
    x = without_batch(x, axes + 1, layer=kind.__name__, meant=meant)
    x = np.moveaxis(x, -1, 0) if last else x
    depthwise = kind.__name__ == "DepthwiseConv2D"
    kernel, bias = _parameters(layer, "depthwise_kernel" if hasattr(layer, "depthwise_kernel") else "kernel")
    weight = _depthwise(kernel) if depthwise else np.moveaxis(kernel, (-1, -2), (0, 1))
    return conv_layer(
        x,
        weight,
        bias,
        stride=layer.strides,
        padding=_padding(layer, kernel.shape[:axes]),
        dilation=layer.dilation_rate,
        groups=kernel.shape[-2] if depthwise else layer.groups,
        activation=_activation(layer, last=last),
    )


def _parameters(layer: Any, name: str) -> tuple[Array, Any]:
    if not getattr(layer, "built", True):
        raise ValueError("layer has no weights yet (layer.built is False); accepted: a layer after its first call")
    if getattr(layer, "quantization_mode", None):
        raise ValueError(f"layer.quantization_mode is {layer.quantization_mode!r}; accepted: None")
    kernel = as_numpy(f"layer.{name}", getattr(layer, name))
    return np.asarray(kernel), as_numpy("layer.bias", layer.bias)


def _depthwise(kernel: Array) -> Array:
    """Return filters for (rows, columns, channels, filters of a channel); those of the first channel come first."""
    filters = np.moveaxis(kernel, (-2, -1), (0, 1))
    return filters.reshape(-1, 1, *kernel.shape[:-2])


def _padding(layer: Any, kernel: tuple[int, ...]) -> Padding:
    match layer.padding:
        case "valid":
            return "valid"
        case "same":
            return "same_tf"
        case "causal" if len(kernel) == 1:
            (dilation,) = np.ravel(layer.dilation_rate).tolist()
            return [(dilation * (kernel[0] - 1), 0)]
    raise ValueError(f"layer.padding is {layer.padding!r}; accepted: 'valid', 'same', or for Conv1D 'causal'")


def _activation(layer: Any, *, last: bool) -> Activation:
    """Return convviz' own activation if it has one of that name, else Keras', called with the axes that it expects."""
    given = layer.activation
    name = getattr(given, "__name__", getattr(given, "name", type(given).__name__))
    if given is None or name == "linear":
        return None
    return name if name in ACTIVATIONS and _is_keras(given) else _with_keras_axes(given, name, last=last)


def _is_keras(given: Any) -> bool:
    return f"{getattr(given, '__module__', '')}.".startswith(_LIBRARIES)


def _with_keras_axes(given: Callable[[Any], Any], name: str, *, last: bool) -> Callable[[Array], Any]:
    def activation(sums: Array) -> Any:
        batch = (np.moveaxis(sums, 0, -1) if last else sums)[None]
        result = np.asarray(as_numpy("the activation's result", given(batch)))[0]
        return np.moveaxis(result, -1, 0) if last else result

    activation.__name__ = name
    return activation


def _refuse_other_call(layer: Any, kind: Any) -> None:
    """Refuse a subclass with its own ``call``, which may compute anything."""
    if getattr(type(layer), "call", None) is not getattr(kind, "call", None):
        raise TypeError(
            f"layer is a {type(layer).__qualname__}, whose call is not that of Keras' {kind.__name__}; "
            "accepted: layers with the call of Keras' own layers"
        )
