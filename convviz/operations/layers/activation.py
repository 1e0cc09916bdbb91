"""Activations: the function that a layer applies to each of its sums. relu, sigmoid, tanh, or the user's own."""

from collections.abc import Callable
from math import nan
from typing import Any

import numpy as np

from convviz.faults import shown
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.trace import Array

Activation = str | Callable[[Array], Any] | None
_ACCEPTED = "accepted: None, 'relu', 'sigmoid', 'tanh', or a callable that takes an array and keeps its shape"


def relu(z: Array) -> Array:
    """Replace negative numbers by zero. Integers stay integers.

    Examples
    --------
    >>> relu(np.array([-2, 0, 3]))
    array([0, 0, 3])
    """
    return np.maximum(z, 0)


def sigmoid(z: Array) -> Array:
    """Map numbers to between 0 and 1, by 1 / (1 + e⁻ᶻ), without overflow for very large or small numbers.

    Examples
    --------
    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    squashed = np.abs(z, dtype=float)
    with np.errstate(over="ignore"):
        np.exp(squashed, out=squashed)
    squashed += 1
    np.reciprocal(squashed, out=squashed)
    # So far this is sigmoid(-|z|), accurate in all its digits. For z >= 0, 1 minus that is as accurate.
    return np.asarray(np.subtract(1, squashed, out=squashed, where=z >= 0))


def tanh(z: Array) -> Array:
    """Map numbers to between −1 and 1.

    Examples
    --------
    >>> tanh(np.array([0.0, 50.0]))
    array([0., 1.])
    """
    return np.asarray(np.tanh(z, dtype=float))


ACTIVATIONS: dict[str, Callable[[Array], Array]] = {"relu": relu, "sigmoid": sigmoid, "tanh": tanh}
"""The activations that have a name."""


def check_activation(activation: Any) -> None:
    """Check that an activation is a known name, a callable or None."""
    known = activation is None or (isinstance(activation, str) and activation in ACTIVATIONS)
    if not known and not callable(activation):
        kind = ValueError if isinstance(activation, str) else TypeError
        raise kind(f"activation is {shown(activation)}; {_ACCEPTED}")


def activation_name(activation: Activation) -> str:
    """Return the name of an activation; empty if there is no activation.

    Examples
    --------
    >>> activation_name("relu"), activation_name(np.cos), activation_name(lambda z: z)
    ('relu', 'cos', 'activation')
    """
    if activation is None or isinstance(activation, str):
        return activation or ""
    name = getattr(activation, "__name__", type(activation).__name__)
    return name if name.isidentifier() else "activation"


class OfOneNumber:
    """An activation as a function of one number, with which a sentence about a single cell is checked.

    Parameters
    ----------
    activation : str or callable
        The activation.
    dimensions : int
        The number of dimensions of the arrays that it takes.

    Examples
    --------
    >>> OfOneNumber("sigmoid", 3)(0.0)
    0.5
    """

    def __init__(self, activation: Activation, dimensions: int) -> None:
        self._activation, self._shape = activation, (1,) * dimensions

    def __call__(self, number: float) -> Any:
        """Return what the activation makes of an array of this number alone; NaN if it does not take such an array."""
        try:
            return activate(self._activation, np.full(self._shape, number)).item()
        except (TypeError, ValueError):
            return nan


def activate(activation: Activation, preactivation: Array, *, called: str = "activation") -> Array:
    """Apply an activation to all sums of a layer. Errors name it as the argument that it is ``called``.

    Raises
    ------
    TypeError, ValueError
        If a callable fails, changes the shape, or returns anything but finite numbers.
    """
    if activation is None:
        return preactivation
    if isinstance(activation, str):
        return ACTIVATIONS[activation](preactivation)
    name = activation_name(activation)
    label = f"{called} {name}" if name != "activation" else called
    try:
        with np.errstate(all="ignore"):  # the result is checked below
            result = activation(preactivation)
    except Exception as error:
        met = "the layer's sums" if called == "activation" else "x"
        raise ValueError(f"{label} fails on {met}: {error}; {_ACCEPTED}") from error
    numbers = as_numbers(f"{label}'s result", result, dimensions=(preactivation.ndim,))
    if numbers.shape != preactivation.shape:
        raise ValueError(
            f"{label}'s result has shape {numbers.shape}, from shape {preactivation.shape}; "
            "accepted: a callable that keeps the shape"
        )
    return numbers.copy()  # the callable may keep, and change, its own array
