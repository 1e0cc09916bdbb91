"""Compute all sums of a layer's backward pass at once."""

from collections.abc import Callable
from typing import Any

import numpy as np

from convviz.faults import shown
from convviz.operations.arithmetic import exact
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.layers.as_layer import Layer
from convviz.operations.layers.stamps import stamp, stamp_bound
from convviz.trace import Array


def activation_slope(layer: Layer, derivative: Any, shape: tuple[int, ...]) -> Array | None:
    """Compute the activation's derivative at each preactivation; None if there is no activation."""
    if not callable(layer.activation):
        if derivative is not None:
            known = f"the activation is {shown(layer.activation)}, whose derivative is known"
            raise ValueError(f"derivative is {shown(derivative)}, but {known}; accepted: None")
        return _KNOWN[layer.activation](layer) if layer.activation else None
    if not callable(derivative):
        raise ValueError(
            f"derivative is {shown(derivative)}, but the activation is a callable; "
            "accepted: a callable that takes the preactivation and returns the activation's slope at each of its cells"
        )
    try:
        with np.errstate(all="ignore"):  # the result is checked below
            result = derivative(layer.preactivation)
    except Exception as error:
        raise ValueError(
            f"derivative fails on the layer's sums: {type(error).__name__}: {error}; accepted: a callable that takes "
            "the preactivation and returns the activation's slope at each of its cells"
        ) from error
    slope = as_numbers("derivative's result", result, dimensions=(len(shape),))
    if slope.shape != shape:
        raise ValueError(f"derivative's result has shape {slope.shape}; accepted: {shape}, the preactivation's")
    return slope.copy()


_KNOWN: dict[str, Callable[[Layer], Array]] = {
    "relu": lambda layer: (layer.preactivation > 0).astype(np.int64),
    "sigmoid": lambda layer: layer.output * (1 - layer.output),
    "tanh": lambda layer: 1 - layer.output**2,
}


def add_up_gradients(layer: Layer, local: Array, dtype: Any) -> tuple[Array, Array, Array]:
    """Add up the gradients of weight, padded input and bias, in a number type that holds the sums.

    Parameters
    ----------
    layer : Layer
        The layer.
    local : ndarray, shape (C_out, *out)
        ∂L/∂preactivation.
    dtype : dtype
        The final type of the gradients: int64 or float64.

    Returns
    -------
    weight : ndarray, shape (C_out, C_in/groups, *kernel)
        ∂L/∂weight, in the order of the weights as given.
    padded : ndarray, shape (C_in, *padded)
        The gradient of the padded input.
    bias : ndarray, shape (C_out,)
        ∂L/∂bias.
    """
    arithmetic = exact.working_dtype(dtype, _bound(layer, local))
    local, kernel = local.astype(arithmetic, copy=False), layer.kernel.astype(arithmetic, copy=False)
    with np.errstate(over="ignore", invalid="ignore"):
        weight = layer.flipped(_kernel_gradient(layer, local))
        padded = stamp(local, kernel, layer.groups, layer.geometry, layer.padded.shape[1:])
        return weight, padded, local.reshape(len(local), -1).sum(axis=1)


def _kernel_gradient(layer: Layer, local: Array) -> Array:
    """Add up, for each weight as applied, every input cell that it meets times the gradient of the window's sum."""
    groups, channels = layer.groups, layer.kernel.shape[1]
    grouped = local.reshape(groups, len(local) // groups, -1)
    weight = np.empty(layer.kernel.shape, dtype=local.dtype)
    for offset in np.ndindex(layer.kernel.shape[2:]):
        met = layer.padded[(slice(None), *layer.geometry.reads(offset))].astype(local.dtype)
        products = grouped @ met.reshape(groups, channels, -1).swapaxes(1, 2)
        weight[(slice(None), slice(None), *offset)] = products.reshape(len(local), channels)
    return weight


def _bound(layer: Layer, local: Array) -> float:
    """Return an upper bound of the absolute values of all gradients and intermediate sums."""
    with np.errstate(over="ignore"):
        of_weights = exact.magnitude(local) * max(exact.magnitude(layer.padded), 1.0) * layer.geometry.windows
        return max(of_weights, stamp_bound(local, layer.kernel, layer.groups) * layer.copies)
