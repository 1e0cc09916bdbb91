"""`learn_kernel`: learn a kernel from an input and a target."""

from math import prod
from typing import Any, get_args

import numpy as np

from convviz.faults import shown
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.arithmetic.exact import magnitude
from convviz.operations.arithmetic.per_axis import PerAxis, as_per_axis, as_whole
from convviz.operations.convolution.correlate import Mode
from convviz.operations.learning.descent import LearningTrace
from convviz.operations.learning.initialisation import Start, starting_kernel
from convviz.trace import Array

_MOST_WEIGHTS = 4096
"""The time and memory of learning grow with the square of the number of weights, and faster."""
_MOST_STEPS = 10**7
_LARGEST = 1e75
"""Products of two such numbers can be squared and added up in float64."""


def learn_kernel(
    x: Any,
    target: Any,
    shape: PerAxis | None = None,
    *,
    start: Start | Any = "normal",
    seed: int = 0,
    rate: float | None = None,
    steps: int | None = None,
    flip: bool = False,
    mode: Mode = "valid",
) -> LearningTrace:
    """Learn the kernel that turns an input into a target, by gradient descent on the mean squared error.

    Parameters
    ----------
    x : array-like, shape (columns,) or (rows, columns)
        The input: integers, floats or booleans (which count as 0 and 1).
    target : array-like, as many dimensions as ``x``
        The output that the kernel should make from ``x``.
    shape : int or tuple of int, optional
        The shape of the kernel. In modes 'valid' and 'full', it follows from the target's shape and can be left out.
    start : {'normal', 'uniform', 'zeros', 'xavier', 'he'} or array-like
        The kernel at the start. 'normal': random numbers with mean 0 and standard deviation 1. 'uniform': random
        numbers from −1 to 1. 'xavier' (Glorot): uniform, from −a to a with a = √(6 / 2n) for n weights. 'he' (Kaiming):
        normal, with standard deviation √(2 / n). Random numbers are drawn for the kernel as applied: with ``flip``, the
        kernel at the start is these numbers flipped.
    seed : int
        An integer from 0 on. The same seed makes the same numbers.
    rate : float, optional
        The learning rate. If left out: 1 / the largest curvature of the loss (the Lipschitz constant of its gradient).
        At that rate, no update makes the loss larger.
    steps : int, optional
        The number of updates. If left out: enough to reduce the distance to the best kernel to a hundred-thousandth of
        the first distance, along every axis on which the loss depends; at most 100 000. Where that was not enough, the
        result's ``arrived`` is False, and ``describe()`` says so.
    flip : bool
        Whether the layer is a convolution, which flips its kernel, instead of a cross-correlation.
    mode : {'valid', 'same', 'full'}
        Which windows are used: see `convviz.correlate`.

    Returns
    -------
    LearningTrace
        It has ``steps`` + 1 steps, the first one before any update, each with ``kernel``, ``loss`` and ``gradient``.
        Of more than 10 000 updates (or fewer, of large kernels), only some are kept, at equal distances from the first
        to the last; ``updates`` has their numbers.
        ``output`` holds the losses, float64. ``kernel`` is the last kernel, and ``layer()`` runs the layer with it.

    Raises
    ------
    TypeError
        If an argument is of the wrong type.
    ValueError
        If an array is empty, ragged, not 1D or 2D, or holds NaN or infinity; if the shapes do not fit each other; if
        ``x`` is all zeros; if learning would diverge at ``rate``; if the kernel has more than 4096 weights.

    Notes
    -----
    Losses and gradients equal those of `torch.nn.functional.mse_loss` after `conv1d` or `conv2d`. Updates equal those
    of `torch.optim.SGD`.

    Examples
    --------
    >>> from convviz import correlate
    >>> picture = np.random.default_rng(1).integers(0, 10, (8, 8))
    >>> sobel = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
    >>> edges = correlate(picture, sobel).output
    >>> learn_kernel(picture, edges).kernel.round(2) + 0
    array([[-1.,  0.,  1.],
           [-2.,  0.,  2.],
           [-1.,  0.,  1.]])

    A layer that flips its kernel learns the same numbers, flipped. So it makes the same output: for deep learning, the
    flip makes no difference.

    >>> learn_kernel(picture, edges, flip=True).kernel.round(2) + 0
    array([[ 1.,  0., -1.],
           [ 2.,  0., -2.],
           [ 1.,  0., -1.]])
    """
    x, target = as_numbers("x", x), as_numbers("target", target)
    if not isinstance(mode, str) or mode not in get_args(Mode):
        raise ValueError(f"mode is {shown(mode)}; accepted: 'valid', 'same' or 'full'")
    if not isinstance(flip, bool | np.bool_):
        raise TypeError(f"flip is {shown(flip)} ({type(flip).__name__}); accepted: True or False")
    kernel_shape = _kernel_shape(x, target, shape, mode)
    if prod(kernel_shape) > _MOST_WEIGHTS:
        raise ValueError(
            f"target has shape {target.shape} and x {x.shape}, so that the kernel of shape {kernel_shape} has "
            f"{prod(kernel_shape)} weights; accepted: at most {_MOST_WEIGHTS}"
        )
    begin = starting_kernel(start, kernel_shape, seed)
    for name, array in (("x", x), ("target", target), ("start", begin)):
        if magnitude(array) > _LARGEST:
            raise ValueError(f"{name} holds {np.abs(array).max():.3g}; accepted: numbers up to 1e75, whose squares fit")
    if flip and isinstance(start, str):
        begin = np.flip(begin)
    if steps is not None:
        accepted = f"accepted: an integer from 0 to {_MOST_STEPS}, or None"
        steps = as_whole("steps", steps, accepted)
        if not 0 <= steps <= _MOST_STEPS:
            raise ValueError(f"steps is {shown(steps)}; {accepted}")
    return LearningTrace(x, target, begin, rate=_checked_rate(rate), steps=steps, flip=bool(flip), mode=mode)


def _kernel_shape(x: Array, target: Array, shape: PerAxis | None, mode: Mode) -> tuple[int, ...]:
    """Return the kernel's shape, and check that such a kernel makes an output of the target's shape."""
    if target.ndim != x.ndim:
        raise ValueError(
            f"target has {target.ndim} dimensions (shape {target.shape}) but x has {x.ndim} (shape {x.shape}); "
            "accepted: the same number in target as in x"
        )
    if shape is not None:
        kernel = as_per_axis("shape", shape, x.ndim, least=1)
    elif mode == "same":
        raise ValueError("shape is None; accepted in mode 'same', where target does not show it: the kernel's shape")
    else:
        sign = 1 if mode == "valid" else -1
        kernel = tuple(sign * (n - m) + 1 for n, m in zip(x.shape, target.shape, strict=True))
    made = tuple({"valid": n - k + 1, "same": n, "full": n + k - 1}[mode] for n, k in zip(x.shape, kernel, strict=True))
    if min(kernel) < 1 or min(made) < 1 or made != target.shape:
        of = "a kernel" if shape is None else f"a kernel of shape {kernel}"
        accepted = ("no larger than x" if mode == "valid" else "no smaller than x") if shape is None else str(made)
        raise ValueError(
            f"target has shape {target.shape}, which {of} cannot make from x's {x.shape} in mode {shown(mode)}; "
            f"accepted: {accepted}"
        )
    return kernel


def _checked_rate(rate: Any) -> float | None:
    if rate is None:
        return None
    accepted = "accepted: a number above 0, or None"
    if isinstance(rate, bool | np.bool_) or not isinstance(rate, int | float | np.integer | np.floating):
        raise TypeError(f"rate is {shown(rate)} ({type(rate).__name__}); {accepted}")
    if not 0 < rate < np.inf:
        raise ValueError(f"rate is {shown(rate)}; {accepted}")
    try:
        return float(rate)
    except OverflowError:
        raise ValueError(f"rate is {shown(rate)}; {accepted}") from None
