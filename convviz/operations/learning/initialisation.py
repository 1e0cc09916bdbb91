"""The kernel before anything is learned: seeded random numbers, drawn as deep learning draws its weights."""

from typing import Any, Literal, get_args

import numpy as np

from convviz.faults import shown
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.arithmetic.per_axis import as_whole
from convviz.trace import Array

Start = Literal["normal", "uniform", "zeros", "xavier", "he"]


def starting_kernel(start: Any, shape: tuple[int, ...], seed: Any) -> Array:
    """Return the kernel with which learning starts.

    Parameters
    ----------
    start : str or array-like
        'normal': random numbers with mean 0 and standard deviation 1. 'uniform': random numbers from −1 to 1. 'zeros'.
        'xavier': uniform, from −a to a with a = √(6 / (inputs + outputs)); for a kernel, both numbers are the number of
        its cells. 'he': normal, with standard deviation √(2 / inputs). Or the numbers themselves.
    shape : tuple of int
        The shape of the kernel.
    seed : int
        An integer from 0 on. The same seed makes the same numbers.

    Raises
    ------
    TypeError, ValueError
        If an argument is not accepted.

    Notes
    -----
    'xavier' and 'he' are `torch.nn.init.xavier_uniform_` and `torch.nn.init.kaiming_normal_` for one channel and one
    filter.

    Examples
    --------
    >>> starting_kernel("zeros", (2,), 0)
    array([0., 0.])
    """
    number = as_whole("seed", seed, "accepted: an integer from 0 on")
    if number < 0:
        raise ValueError(f"seed is {shown(seed)}; accepted: an integer from 0 on")
    if not isinstance(start, str):
        return _given(start, shape)
    random, cells = np.random.default_rng(number), int(np.prod(shape))
    match start:
        case "normal":
            return random.normal(0, 1, shape)
        case "uniform":
            return random.uniform(-1, 1, shape)
        case "zeros":
            return np.zeros(shape)
        case "xavier":
            most = np.sqrt(6 / (cells + cells))
            return random.uniform(-most, most, shape)
        case "he":
            return random.normal(0, np.sqrt(2 / cells), shape)
    names = ", ".join(map(repr, get_args(Start)))
    raise ValueError(f"start is {shown(start)}; accepted: {names}, or an array of shape {shape}")


def _given(start: Any, shape: tuple[int, ...]) -> Array:
    kernel = as_numbers("start", start)
    if kernel.shape != shape:
        raise ValueError(f"start has shape {kernel.shape}; accepted: the kernel's shape, {shape}, or a name")
    return kernel.astype(np.float64)
