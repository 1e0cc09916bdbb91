"""Objects of other libraries, recognised and read without importing them: classes by their names, and tensors."""

import sys
from collections.abc import Collection
from typing import Any

import numpy as np

from convviz.operations.arithmetic.arguments import as_numbers
from convviz.trace import Array

ANY_DIMENSIONS = tuple(range(65))
"""All numbers of dimensions that a NumPy array can have."""


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


def library_of(kind: type) -> Any:
    """Return the library that defines a class, which has been imported by whoever made an object of the class.

    Returns
    -------
    module or None
        The outermost package; None if there is no such module, as for the stand-ins of tests.
    """
    return sys.modules.get(kind.__module__.partition(".")[0])


def numbers_of(layer: Any, name: str, called: str) -> Array | None:
    """Return an attribute of a layer as an array of numbers; None if it is None.

    Parameters
    ----------
    layer : object
        The layer.
    name, called : str
        The name of the attribute, and what the user calls the layer, for errors.

    Raises
    ------
    TypeError, ValueError
        If it does not hold finite numbers.
    """
    value = getattr(layer, name)
    return None if value is None else as_numbers(f"{called}.{name}", value, dimensions=ANY_DIMENSIONS)


def without_batch(x: Any, dimensions: Collection[int], *, layer: str, meant: str) -> Array:
    """Return an input without its batch axis, if it is a batch of one.

    Parameters
    ----------
    x : array-like or tensor
        The input.
    dimensions : collection of int
        The numbers of dimensions without a batch axis.
    layer, meant : str
        The name of the layer, and the axes of its input, for errors.

    Raises
    ------
    TypeError, ValueError
        If ``x`` is a larger batch, or is no input of the layer at all.
    """
    array = as_numbers("x", x, dimensions=ANY_DIMENSIONS)
    if array.ndim in dimensions:
        return array
    if array.ndim - 1 not in dimensions:
        raise ValueError(
            f"x has {array.ndim} dimensions (shape {array.shape}); accepted by {layer}: {meant}, or a batch of one"
        )
    if len(array) != 1:
        raise ValueError(f"x is a batch of {len(array)} (shape {array.shape}); accepted: one input of it, such as x[0]")
    return np.asarray(array[0])


def check_channels(found: int, expected: int, shape: tuple[int, ...], *, layer: str, x: str, meant: str) -> None:
    """Check that an input has as many channels, or features, as a layer reads.

    Parameters
    ----------
    found, expected : int
        The number that the input has, and the number that the layer reads.
    shape : tuple of int
        The shape of the input, as the user knows it.
    layer, x : str
        What the user calls the layer and the input.
    meant : str
        The axes of an input, for the error.
    """
    if found != expected:
        raise ValueError(
            f"{x} has {found} {'features' if 'features' in meant else 'channels'} (shape {shape}), but {layer} reads "
            f"{expected}; accepted: {meant}, with {expected} of them"
        )
