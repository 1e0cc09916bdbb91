"""The axis of channels, which comes first: inputs that leave it out, and what the other arguments say about them."""

from typing import Any

from convviz.operations.arithmetic.per_axis import is_several
from convviz.trace import Array


def picture_or_signals(x: Array, size: Any) -> Array:
    """Return the input of a pooling with its axis of channels: a 2D array is one picture.

    ``size`` can say otherwise: one number in a tuple means windows along a single axis, so that each row is a channel.
    An array of a single row, for which ``size`` is one number, is a signal. A 3D array is one volume if ``size`` is a
    tuple of three numbers, and otherwise several pictures.

    Parameters
    ----------
    x : ndarray
        The input, with or without an axis of channels.
    size : object
        The size of the windows, as given.

    Examples
    --------
    >>> import numpy as np
    >>> picture = np.ones((4, 6))
    >>> [picture_or_signals(picture, size).shape for size in (2, (2, 2), (2,))]
    [(1, 4, 6), (1, 4, 6), (4, 6)]
    >>> [picture_or_signals(np.ones((4, 5, 6)), size).shape for size in (2, (2, 2, 2))]
    [(4, 5, 6), (1, 4, 5, 6)]
    """
    if x.ndim != 2:
        is_volume = x.ndim == 3 and is_several(size) and len(size) == 3
        return x[None] if is_volume else x
    is_signal = len(size) == 1 if is_several(size) else len(x) == 1
    return x if is_signal else x[None]


def with_channels(x: Array, weight: Array, *, channels: int) -> Array:
    """Return the input of a layer with its axis of channels: a picture or volume is one channel, if kernels fit that.

    Parameters
    ----------
    x, weight : ndarray
        The input and the weights.
    channels : int
        The number of channels that the weights are for.

    Raises
    ------
    ValueError
        If the weights are a bare kernel.

    Examples
    --------
    >>> import numpy as np
    >>> with_channels(np.ones((4, 6)), np.ones((8, 1, 3, 3)), channels=1).shape
    (1, 4, 6)
    >>> with_channels(np.ones((4, 5, 6)), np.ones((8, 1, 3, 3, 3)), channels=1).shape
    (1, 4, 5, 6)
    """
    if weight.ndim == 2:
        raise ValueError(
            f"weight has 2 dimensions (shape {weight.shape}); accepted: 3 or 4 or 5. If it is one kernel for one "
            "picture, write weight[None, None]"
        )
    return x[None] if channels == 1 and x.ndim in (2, 3) and x.ndim == weight.ndim - 2 else x
