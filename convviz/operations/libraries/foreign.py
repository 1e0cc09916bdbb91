"""What belongs to another library, told and read without importing it: its classes by their names, its tensors."""

from collections.abc import Collection
from typing import Any

import numpy as np

from convviz.operations.arithmetic.arguments import as_numbers
from convviz.trace import Array

_MOST_DIMENSIONS = 65
"""More than NumPy has."""


def known_class(layer: Any, libraries: tuple[str, ...], names: Collection[str]) -> type | None:
    """Find the nearest class of a layer that one of the libraries has defined under one of these names.

    Parameters
    ----------
    layer : object
        What may be a layer.
    libraries : tuple of str
        How the modules that define such layers begin.
    names : collection of str
        What such classes are called.
    """
    for kind in type(layer).__mro__:
        if kind.__name__ in names and f"{kind.__module__}.".startswith(libraries):
            return kind
    return None


def as_array(name: str, tensor: Any) -> Array | Any:
    """Take a tensor of any of these libraries to NumPy; what is no tensor stays as it is.

    Raises
    ------
    TypeError
        If its numbers cannot be had.
    """
    if not hasattr(tensor, "shape") or isinstance(tensor, np.ndarray):
        return tensor
    try:
        if hasattr(tensor, "detach"):
            tensor = tensor.detach().cpu()
            tensor = tensor.double() if tensor.is_floating_point() else tensor
        return np.asarray(tensor)
    except Exception as error:
        raise TypeError(f"{name} cannot be read: {error}; accepted: tensors whose numbers NumPy can have") from error


def without_batch(x: Any, dimensions: int, *, layer: str, meant: str) -> Array:
    """Take the batch off an input, which may be a batch of one.

    Parameters
    ----------
    x : array-like or tensor
        The input.
    dimensions : int
        How many dimensions it has without a batch.
    layer, meant : str
        What the layer is, and what its input's axes are, for errors.
    """
    array = as_numbers("x", as_array("x", x), dimensions=tuple(range(_MOST_DIMENSIONS)))
    if array.ndim == dimensions:
        return array
    if array.ndim != dimensions + 1:
        raise ValueError(
            f"x has {array.ndim} dimensions (shape {array.shape}); accepted by {layer}: {meant}, or a batch of one"
        )
    if len(array) != 1:
        raise ValueError(f"x is a batch of {len(array)} (shape {array.shape}); accepted: a batch of one")
    return array[0]  # type: ignore[no-any-return]
