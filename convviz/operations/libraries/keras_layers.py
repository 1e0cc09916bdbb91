"""Explain Keras' layers without importing Keras: run a layer, trace its parameters, and compare the two."""

import warnings
from typing import Any

import numpy as np

from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.arithmetic.foreign_arrays import readable
from convviz.operations.layers.chain import Chain
from convviz.operations.libraries.agreement import refuse_difference
from convviz.operations.libraries.foreign import ANY_DIMENSIONS, known_class, without_batch
from convviz.operations.libraries.keras_parts import AXES, single_layer
from convviz.trace import Array, Step, Trace

LIBRARIES = ("keras.", "tf_keras.", "tensorflow.python.keras.")
_FORMATS = ("channels_last", "channels_first")


def keras_layer(layer: Any, x: Any) -> Trace[Step] | Chain | None:
    """Return the trace of a Keras layer; None if the object is not such a layer."""
    kind = known_class(layer, LIBRARIES, AXES)
    if kind is None:
        return None
    _refuse_other_call(layer, kind)
    _check_ready(layer)
    axes, last = AXES[kind.__name__], _channels_last(layer)
    if axes:
        cells = ", ".join({1: ("length",), 2: ("rows", "columns"), 3: ("planes", "rows", "columns")}[axes])
        meant = f"({cells}, channels)" if last else f"(channels, {cells})"
        single = without_batch(x, (axes + 1,), layer=kind.__name__, meant=meant)
    else:
        meant, single = "(..., features)", as_numbers("x", x, dimensions=ANY_DIMENSIONS[1:])
        single = np.asarray(single[0]) if single.ndim > 1 and len(single) == 1 else single
    given = _run(layer, single)
    moved = np.moveaxis(single, -1, 0) if axes and last else single
    trace = single_layer(kind.__name__, layer, moved, last=last, shape=single.shape, meant=meant)
    if isinstance(given, Exception):
        raise ValueError(f"layer fails on x: {given}; accepted: a layer that runs on it") from given
    found, dtype = given
    if axes and found.ndim == 1:
        found = found.reshape(trace.output.shape)  # global pooling drops the axes of one cell
    elif axes and last:
        found = np.moveaxis(found, -1, 0)
    computes = f"Keras' {kind.__name__}"
    axes_remark = " (channels first)" if axes and last else ""
    refuse_difference(found, trace, dtype=dtype, layer="layer", computes=computes, axes=axes_remark)
    return trace


def _run(layer: Any, single: Array) -> tuple[Array, str] | Exception:
    """Run a layer on a batch of one; return its output without a batch axis, and the number type; or the exception."""
    narrow = getattr(layer, "compute_dtype", "float64") != "float64"
    batch = single.astype(np.float32 if narrow else np.float64)[None]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            output = layer(batch)
            return np.asarray(readable(output), dtype=float)[0], _dtype(output)
        except Exception as error:  # the user's layer may raise anything
            return error


def _dtype(output: Any) -> str:
    """Return the name of the number type whose rounding an output has."""
    name = getattr(output.dtype, "name", str(output.dtype)).rpartition(".")[2]
    device = str(getattr(output, "device", "cpu")).lower()
    return "tfloat32" if name == "float32" and "cpu" not in device else name


def _channels_last(layer: Any) -> bool:
    data_format = getattr(layer, "data_format", "channels_last")
    if data_format not in _FORMATS:
        raise ValueError(f"layer.data_format is {data_format!r}; accepted: 'channels_last' or 'channels_first'")
    return bool(data_format == "channels_last")


def _check_ready(layer: Any) -> None:
    if not getattr(layer, "built", True) and not hasattr(layer, "pool_size"):
        raise ValueError("layer has no weights yet (layer.built is False); accepted: a layer after its first call")
    if getattr(layer, "quantization_mode", None):
        raise ValueError(f"layer.quantization_mode is {layer.quantization_mode!r}; accepted: None")


def _refuse_other_call(layer: Any, kind: Any) -> None:
    """Refuse a subclass, or a layer, with its own ``call``. Other overrides show when the layer is run."""
    if getattr(type(layer), "call", None) is not getattr(kind, "call", None) or "call" in vars(layer):
        raise TypeError(
            f"layer is a {type(layer).__qualname__}, whose call is not that of Keras' {kind.__name__}; "
            "accepted: layers with the call of Keras' own layers"
        )
