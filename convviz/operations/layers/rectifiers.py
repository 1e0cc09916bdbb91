"""ReLU and its relatives: functions of one number, applied to each number of an array, as PyTorch defines them."""

from math import erfc, pi, sqrt
from typing import Any

import numpy as np

from convviz.operations.layers.activation import sigmoid
from convviz.trace import Array

_SELU_SCALE, _SELU_ALPHA = 1.0507009873554804934193349852946, 1.6732632423543772848170429916717
_normal_tail = np.frompyfunc(erfc, 1, 1)


def relu6(z: Array) -> Array:
    """Replace negative numbers by 0 and numbers above 6 by 6. Integers stay integers.

    Examples
    --------
    >>> relu6(np.array([-2, 3, 8]))
    array([0, 3, 6])
    """
    return np.clip(z, 0, 6)


def leaky_relu(z: Array, slope: Any = 0.01) -> Array:
    """Multiply negative numbers by ``slope``. `torch.nn.PReLU` does the same with a learned slope for each channel.

    Examples
    --------
    >>> leaky_relu(np.array([-2, 3]), slope=0.25)
    array([-0.5,  3. ])
    """
    return np.where(z > 0, z, z * np.asarray(slope))


def elu(z: Array, alpha: Any = 1.0) -> Array:
    """Replace negative numbers by ``alpha`` · (eᶻ − 1).

    Examples
    --------
    >>> elu(np.array([-1000.0, 0.0, 2.0]))
    array([-1.,  0.,  2.])
    """
    return np.where(z > 0, z, np.asarray(alpha) * np.expm1(np.minimum(z, 0)))


def selu(z: Array) -> Array:
    """Multiply `elu` by a constant, with an alpha for which numbers keep mean 0 and variance 1 from layer to layer.

    Examples
    --------
    >>> selu(np.array([0.0, 1.0])).round(4)
    array([0.    , 1.0507])
    """
    return _SELU_SCALE * elu(z, _SELU_ALPHA)


def celu(z: Array, alpha: Any = 1.0) -> Array:
    """Replace negative numbers by ``alpha`` · (e^(z / alpha) − 1), whose slope at 0 is 1 for every alpha.

    Examples
    --------
    >>> celu(np.array([-1000.0, 3.0]), alpha=2.0)
    array([-2.,  3.])
    """
    alpha = np.asarray(alpha)
    return np.asarray(np.maximum(z, 0) + np.minimum(0, alpha * np.expm1(np.minimum(z / alpha, 0))))


def gelu(z: Array) -> Array:
    """Multiply numbers by the probability that a standard normal number is smaller.

    Examples
    --------
    >>> gelu(np.array([-1.0, 0.0, 1.0])).round(4)
    array([-0.1587,  0.    ,  0.8413])
    """
    return np.asarray(z * np.asarray(_normal_tail(-z / sqrt(2)), dtype=float) / 2)


def gelu_tanh(z: Array) -> Array:
    """Approximate `gelu` by means of tanh, as PyTorch does with ``approximate='tanh'``.

    Examples
    --------
    >>> gelu_tanh(np.array([-1.0, 0.0, 1.0])).round(4)
    array([-0.1588,  0.    ,  0.8412])
    """
    return z * sigmoid(2 * sqrt(2 / pi) * (z + 0.044715 * z**3.0))


def silu(z: Array) -> Array:
    """Multiply numbers by their sigmoid. The function is also called swish.

    Examples
    --------
    >>> silu(np.array([-1000.0, 0.0, 1000.0]))
    array([  -0.,    0., 1000.])
    """
    return z * sigmoid(z)


def softplus(z: Array, beta: Any = 1.0, threshold: Any = 20.0) -> Array:
    """Compute log(1 + e^(beta · z)) / beta, a smooth relu; where beta · z is above ``threshold``, z itself.

    Examples
    --------
    >>> softplus(np.array([-1000.0, 0.0, 1000.0])).round(4)
    array([0.000e+00, 6.931e-01, 1.000e+03])
    """
    scaled = np.asarray(beta) * z
    return np.where(scaled > threshold, z, np.logaddexp(0, scaled) / beta)


def log_sigmoid(z: Array) -> Array:
    """Compute the logarithm of the sigmoid.

    Examples
    --------
    >>> log_sigmoid(np.array([-1000.0, 0.0])).round(4)
    array([-1.000e+03, -6.931e-01])
    """
    return np.asarray(-np.logaddexp(0, -np.asarray(z, dtype=float)))


def mish(z: Array) -> Array:
    """Multiply numbers by the tanh of their `softplus`.

    Examples
    --------
    >>> mish(np.array([0.0, 1.0])).round(4)
    array([0.    , 0.8651])
    """
    return np.asarray(z * np.tanh(np.logaddexp(0, z)))


def softsign(z: Array) -> Array:
    """Compute z / (1 + |z|).

    Examples
    --------
    >>> softsign(np.array([-1, 0, 3]))
    array([-0.5 ,  0.  ,  0.75])
    """
    return np.asarray(z / (1 + np.abs(z, dtype=float)))


def hardtanh(z: Array, low: Any = -1.0, high: Any = 1.0) -> Array:
    """Replace numbers below ``low`` by it, and numbers above ``high`` by that.

    Examples
    --------
    >>> hardtanh(np.array([-2.0, 0.5, 3.0]))
    array([-1. ,  0.5,  1. ])
    """
    return np.clip(z, low, high)


def hard_sigmoid(z: Array) -> Array:
    """Approximate the sigmoid by three straight lines: z / 6 + 1/2, kept between 0 and 1.

    Examples
    --------
    >>> hard_sigmoid(np.array([-4, 0, 4]))
    array([0. , 0.5, 1. ])
    """
    return np.asarray(np.clip(z + 3, 0, 6) / 6)


def hard_swish(z: Array) -> Array:
    """Multiply numbers by their `hard_sigmoid`.

    Examples
    --------
    >>> hard_swish(np.array([-4, 1, 4]))
    array([0.        , 0.66666667, 4.        ])
    """
    return np.asarray(z * np.clip(z + 3, 0, 6) / 6)
