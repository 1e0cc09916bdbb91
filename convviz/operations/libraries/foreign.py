"""Objects of other libraries, recognised and read without importing them: classes by their names, and tensors."""

from collections.abc import Collection
from typing import Any

import numpy as np

from convviz.operations.arithmetic.arguments import as_numbers
from convviz.trace import Array

_MOST_DIMENSIONS = 65
"""More dimensions than a NumPy array can have."""


def known_class(layer: Any, libraries: tuple[str, ...], names: Collection[str]) -> type | None:
    """Find the first class of an object, or of its base classes, that a library defines under one of these names.

    Parameters
    ----------
    layer : object
        The object, which may be a layer.
    libraries : tuple of str
        The beginnings of the names of modules that define such classes.
    names : collection of str
        The names of such classes.

    Returns
    -------
    type or None
        The class; None if there is none.
    """
    for kind in type(layer).__mro__:
        if kind.__name__ in names and f"{kind.__module__}.".startswith(libraries):
            return kind
    return None


def as_numpy(name: str, tensor: Any) -> Array | Any:
    """Return a tensor of any of these libraries as a NumPy array; return other objects as they are.

    Raises
    ------
    TypeError
        If NumPy cannot read the tensor.
    """
    if not hasattr(tensor, "shape") or isinstance(tensor, np.ndarray):
        return tensor
    try:
        if hasattr(tensor, "detach"):
            tensor = tensor.detach().cpu()
            tensor = tensor.double() if tensor.is_floating_point() else tensor
        return np.asarray(tensor)
    except Exception as error:
        raise TypeError(f"{name} cannot be read: {error}; accepted: tensors that NumPy can read") from error


def without_batch(x: Any, dimensions: int, *, layer: str, meant: str) -> Array:
    """Return an input without its batch axis, if it is a batch of one.

    Parameters
    ----------
    x : array-like or tensor
        The input.
    dimensions : int
        The number of dimensions without a batch axis.
    layer, meant : str
        The name of the layer, and the axes of its input, for errors.
    """
    array = as_numbers("x", as_numpy("x", x), dimensions=tuple(range(_MOST_DIMENSIONS)))
    if array.ndim == dimensions:
        return array
    if array.ndim != dimensions + 1:
        raise ValueError(
            f"x has {array.ndim} dimensions (shape {array.shape}); accepted by {layer}: {meant}, or a batch of one"
        )
    if len(array) != 1:
        raise ValueError(f"x is a batch of {len(array)} (shape {array.shape}); accepted: a batch of one")
    return array[0]  # type: ignore[no-any-return]
