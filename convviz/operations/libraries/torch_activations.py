"""The activations of PyTorch that are layers of their own, as functions of one number and their parameters."""

from collections.abc import Callable
from typing import Any

from convviz.operations.layers import rectifiers
from convviz.operations.layers.elementwise import ElementwiseTrace, elementwise
from convviz.operations.libraries.foreign import numbers_of
from convviz.trace import Array

_FUNCTIONS: dict[str, tuple[str | Callable[..., Any], dict[str, str]]] = {
    "ReLU": ("relu", {}),
    "ReLU6": (rectifiers.relu6, {}),
    "LeakyReLU": (rectifiers.leaky_relu, {"slope": "negative_slope"}),
    "ELU": (rectifiers.elu, {"alpha": "alpha"}),
    "SELU": (rectifiers.selu, {}),
    "CELU": (rectifiers.celu, {"alpha": "alpha"}),
    "SiLU": (rectifiers.silu, {}),
    "Mish": (rectifiers.mish, {}),
    "Softplus": (rectifiers.softplus, {"beta": "beta", "threshold": "threshold"}),
    "Softsign": (rectifiers.softsign, {}),
    "LogSigmoid": (rectifiers.log_sigmoid, {}),
    "Hardtanh": (rectifiers.hardtanh, {"low": "min_val", "high": "max_val"}),
    "Hardsigmoid": (rectifiers.hard_sigmoid, {}),
    "Hardswish": (rectifiers.hard_swish, {}),
    "Sigmoid": ("sigmoid", {}),
    "Tanh": ("tanh", {}),
}
"""For each layer, the function, and for each parameter of the function the layer's attribute."""

ACTIVATION_LAYERS = frozenset({*_FUNCTIONS, "GELU", "PReLU", "RReLU"})
"""The names of all layers that are read here."""


def activation_layer(kind: str, layer: Any, x: Array, called: str) -> ElementwiseTrace:
    """Return the trace of an activation.

    Parameters
    ----------
    kind : str
        The name of PyTorch's class.
    layer : torch.nn.Module
        The layer.
    x : ndarray
        The input, without a batch axis.
    called : str
        What the user calls the layer, for errors.

    Raises
    ------
    ValueError
        If the layer is random, or has a slope for more or fewer channels than there are.
    """
    if kind == "GELU":
        return elementwise(x, rectifiers.gelu_tanh if layer.approximate == "tanh" else rectifiers.gelu)
    if kind == "PReLU":
        slopes = numbers_of(layer, "weight", called)
        assert slopes is not None  # PyTorch has no PReLU without weights
        return elementwise(x, rectifiers.leaky_relu, {"slope": slopes[0] if len(slopes) == 1 else slopes})
    if kind == "RReLU":
        if layer.training:
            raise ValueError(
                f"{called} is in training mode, with random slopes; accepted: a layer after {called}.eval()"
            )
        return elementwise(x, rectifiers.leaky_relu, {"slope": (layer.lower + layer.upper) / 2})
    function, parameters = _FUNCTIONS[kind]
    return elementwise(x, function, {name: getattr(layer, attribute) for name, attribute in parameters.items()})
