"""Compare what a layer gives with what its parameters give: a layer may compute anything, whatever it is called."""

from typing import Any

import numpy as np

from convviz.operations.libraries.rounding import rounding, unit
from convviz.trace import Array


def refuse_difference(
    found: Any, trace: Any, *, dtype: str, layer: str, computes: str, slack: Any = 0.0, axes: str = ""
) -> None:
    """Check that a layer's output is the trace's, up to the rounding of the layer's number type.

    Parameters
    ----------
    found : ndarray
        What the layer gives, without a batch axis.
    trace : Trace or Chain
        What is computed from the layer's parameters.
    dtype : str
        The name of the number type in which the layer computes.
    layer, computes : str
        What the user calls the layer, and the name of the library's own layer, for errors.
    slack : array-like
        As in `rounding`.
    axes : str
        A remark on the order of the axes, for errors.

    Raises
    ------
    ValueError
        If the outputs differ. The error says by how much, and where.

    Examples
    --------
    >>> from convviz.operations.layers.dense import dense
    >>> trace = dense([1, 2], [[3, 4], [5, 6]])
    >>> refuse_difference(np.array([11.0, 34.0]), trace, dtype="float32", layer="layer", computes="Linear")
    Traceback (most recent call last):
    ValueError: layer gives 34 at [1], but Linear with its parameters gives 17: they differ by 17, and rounding in ...
    """
    allowed = rounding(trace, dtype, slack=slack)
    _compare(
        found, trace.output, allowed, dtype=dtype, layer=layer, computes=f"{computes} with its parameters", axes=axes
    )


def refuse_change(found: Any, expected: Array, *, dtype: str, layer: str, computes: str) -> None:
    """Check that two outputs of a library are the same, up to a few roundings.

    Parameters
    ----------
    found, expected : ndarray
        What the layer gives, and what it would give if it computed nothing else than ``computes``.
    dtype, layer, computes : str
        As in `refuse_difference`.

    Raises
    ------
    ValueError
        If they differ.
    """
    size = float(np.abs(expected).max()) if expected.size else 0.0
    allowed = np.asarray(64 * unit(dtype) * size)
    _compare(found, expected, allowed, dtype=dtype, layer=layer, computes=computes)


def _compare(
    found: Any, expected: Array, allowed: Array, *, dtype: str, layer: str, computes: str, axes: str = ""
) -> None:
    accepted = "accepted: layers that compute nothing else, with no override or hook that changes their output"
    if np.shape(found) != expected.shape:
        raise ValueError(
            f"{layer} gives an output of shape {np.shape(found)}, but {computes} gives {expected.shape}; {accepted}"
        )
    with np.errstate(invalid="ignore"):
        difference = np.abs(np.asarray(found, dtype=float) - expected)
    allowed = np.broadcast_to(allowed, expected.shape)
    wrong = ~(difference <= allowed)  # also where the layer gives NaN
    if not wrong.any():
        return
    at = np.unravel_index(int(np.argmax(np.where(wrong, np.nan_to_num(difference, nan=np.inf), -1))), expected.shape)
    count = f"; {wrong.sum()} of {wrong.size} numbers differ" if wrong.size > 1 else ""
    raise ValueError(
        f"{layer} gives {found[at]:.7g} at {list(map(int, at))}{axes}, but {computes} gives {expected[at]:.7g}: they "
        f"differ by {difference[at]:.3g}, and rounding in {dtype} explains no more than {allowed[at]:.1g}{count}; "
        f"{accepted}"
    )
