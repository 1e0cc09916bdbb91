"""The activations of Keras' layers, called with the axes and the tensors that they expect."""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from convviz.operations.arithmetic.foreign_arrays import readable
from convviz.operations.layers.activation import ACTIVATIONS, Activation
from convviz.operations.libraries.foreign import library_of
from convviz.trace import Array

_LIBRARIES = ("keras.", "tf_keras.", "tensorflow.python.keras.")


def keras_activation(layer: Any, *, last: bool) -> Activation:
    """Return convviz' own activation if it has one of that name, else the layer's.

    Parameters
    ----------
    layer : keras.layers.Layer
        The layer.
    last : bool
        Whether the layer's channels come last, so that the axes of its sums are moved for the activation.
    """
    given = layer.activation
    name = getattr(given, "__name__", getattr(given, "name", type(given).__name__))
    if given is None or name == "linear":
        return None
    of_keras = f"{getattr(given, '__module__', '')}.".startswith(_LIBRARIES)
    return name if name in ACTIVATIONS and of_keras else _with_keras_axes(given, name, type(layer), last=last)


def _with_keras_axes(given: Callable[[Any], Any], name: str, kind: type, *, last: bool) -> Callable[[Array], Any]:
    def activation(sums: Array) -> Any:
        batch = (np.moveaxis(sums, 0, -1) if last else sums)[None]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # JAX warns that it has no float64
            result = np.asarray(readable(given(_as_tensor(batch, kind))))[0]
        return np.moveaxis(result, -1, 0) if last else result

    activation.__name__ = name
    return activation


def _as_tensor(batch: Array, kind: type) -> Any:
    """Return an array as a tensor of the library that Keras computes with; as it is for layers without a library."""
    bases = [base for base in kind.__mro__ if f"{base.__module__}.".startswith(_LIBRARIES)]
    library: Any = library_of(bases[0]) if bases else None
    if hasattr(library, "ops"):
        return library.ops.convert_to_tensor(batch)
    tensorflow = library_of(_TensorFlow) if library is not None else None
    return batch if tensorflow is None else tensorflow.convert_to_tensor(batch)


class _TensorFlow:
    """Stands for TensorFlow, which computes for the older Keras."""

    __module__ = "tensorflow"
