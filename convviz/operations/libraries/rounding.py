"""How far the rounding of a narrow number type can move the output of a layer from the exact one."""

from functools import singledispatch
from typing import Any

import numpy as np

from convviz.operations.layers.activation import activate
from convviz.operations.layers.adaptive_pool import AdaptiveTrace
from convviz.operations.layers.chain import Chain
from convviz.operations.layers.connected_trace import ConnectedTrace
from convviz.operations.layers.conv_layer import LayerTrace
from convviz.operations.layers.conv_transpose import StampTrace
from convviz.operations.layers.elementwise import ElementwiseTrace
from convviz.operations.layers.flatten import FlattenTrace
from convviz.operations.layers.pool import PoolTrace
from convviz.operations.layers.scale_shift import ScaleTrace
from convviz.operations.layers.stamps import stamp
from convviz.operations.layers.window_sums import window_sums
from convviz.trace import Array

_UNITS = {"float64": 2.0**-53, "float32": 2.0**-24, "tfloat32": 2.0**-11, "float16": 2.0**-11, "bfloat16": 2.0**-8}
"""Half the distance from 1 to the next number. 'tfloat32' is how graphics cards multiply numbers of float32."""
_TINY = {"float64": 2.0**-1022, "float16": 2.0**-24}
"""Smaller numbers may become zero; 2⁻¹²⁶ for the other types."""
_ROUNDINGS = 16.0
"""How many roundings of the largest sum a cell may be off: six times what PyTorch was seen to be, at its worst."""


def unit(dtype: str) -> float:
    """Return half the distance from 1 to the next number of a type; that of bfloat16 for types that are not known.

    Examples
    --------
    >>> unit("float16")
    0.00048828125
    """
    return _UNITS.get(dtype, _UNITS["bfloat16"])


def rounding(trace: Any, dtype: str, *, slack: Any = 0.0) -> Array:
    """Return, for each number of a trace's output, by how much a library may differ that computes in ``dtype``.

    Parameters
    ----------
    trace : Trace or Chain
        A trace of a layer.
    dtype : str
        The name of the number type: 'float64', 'float32', 'tfloat32', 'float16' or 'bfloat16', which also stands for
        others.
    slack : array-like
        The size of numbers that cancel in the library's computation, but do not occur in the trace.

    Examples
    --------
    >>> from convviz.operations.layers.dense import dense
    >>> bool(rounding(dense([3, 4], [[1, 0]]), "float32")[0] < 1e-5)
    True
    """
    sizes, terms = size_of_sums(trace)
    most = moved(sizes + slack, terms, dtype)
    last: Any = trace[-1] if isinstance(trace, Chain) else trace
    if callable(getattr(last, "activation", None)):
        ends = [activate(last.activation, last.preactivation + way * most) for way in (-1, 1)]
        most = most + np.maximum(*(np.abs(end - last.output) for end in ends))
    return np.asarray(most + 4 * unit(dtype) * np.abs(last.output))


def moved(sizes: Any, terms: int, dtype: str) -> Any:
    """Return how far rounding in ``dtype`` may move sums of ``terms`` terms whose sizes are at most ``sizes``.

    Examples
    --------
    >>> float(moved(1.0, 64, "float64") / 2**-53)
    20.0
    """
    return unit(dtype) * (_ROUNDINGS + np.sqrt(terms) / 2) * sizes + terms * _TINY.get(dtype, 2.0**-126)


@singledispatch
def size_of_sums(trace: Any, x: Array | None = None) -> tuple[Any, int]:
    """Return an upper bound of the sizes of the sums that make each output cell, and the number of terms in each.

    Parameters
    ----------
    trace : Trace or Chain
        A trace of a layer.
    x : ndarray, optional
        The sizes of the input's numbers; those of the trace's own input if left out.

    Returns
    -------
    sizes : ndarray
        For sums of products, the product of the lengths of both vectors, at its largest over the places where the same
        weights are used: fast algorithms for convolutions mix neighbouring windows. Its shape broadcasts to the output.
    terms : int
        The number of terms.

    Raises
    ------
    TypeError
        If it is no trace of a layer.
    """
    raise TypeError(f"trace is a {type(trace).__name__}; accepted: a trace of a layer")


@size_of_sums.register
def _(trace: LayerTrace, x: Array | None = None) -> tuple[Any, int]:
    if x is None:
        padded = trace.padded
    else:
        padded = np.pad(x, [(0, 0), *zip(trace.geometry.before, trace.geometry.after, strict=True)], mode="edge")
    squares, largest = _squares(padded)
    ones = np.ones((trace.groups, *trace.weight.shape[1:]))
    windows = window_sums(squares, ones, np.zeros(trace.groups), trace.geometry)
    longest = largest * np.sqrt(windows.reshape(trace.groups, -1).max(axis=1))
    each = np.repeat(longest, len(trace.weight) // trace.groups)
    sizes = each * _lengths(trace.weight.reshape(len(trace.weight), -1)) + np.abs(trace.bias)
    return _column(sizes, trace.output), trace.weight[0].size + 1


@size_of_sums.register
def _(trace: StampTrace, x: Array | None = None) -> tuple[Any, int]:
    squares, largest = _squares(trace.x if x is None else x)
    ones = np.ones((len(trace.x), 1, *trace.weight.shape[2:]))
    met = stamp(squares, ones, trace.groups, trace.geometry, trace.full.shape[1:])
    longest = largest * np.sqrt(met.reshape(trace.groups, -1).max(axis=1))
    grouped = np.square(trace.weight, dtype=float).reshape(trace.groups, -1, *trace.weight.shape[1:])
    lengths = np.sqrt(grouped.sum(axis=(1, *range(3, grouped.ndim))))
    sizes = (longest[:, None] * lengths).ravel() + np.abs(trace.bias)
    return _column(sizes, trace.output), grouped[0, :, 0].size + 1


@size_of_sums.register
def _(trace: ConnectedTrace, x: Array | None = None) -> tuple[Any, int]:
    lengths = _lengths(trace.x if x is None else x)[..., None]
    return lengths * trace.weight_lengths + np.abs(trace.bias), trace.x.shape[-1] + 1


@size_of_sums.register
def _(trace: ScaleTrace, x: Array | None = None) -> tuple[Any, int]:
    scale, shift = (_column(np.abs(part), trace.output) for part in (trace.scale, trace.shift))
    return np.abs(trace.x if x is None else x) * scale + shift, 2


@size_of_sums.register(PoolTrace)
@size_of_sums.register(AdaptiveTrace)
def _(trace: PoolTrace | AdaptiveTrace, x: Array | None = None) -> tuple[Any, int]:
    numbers = np.abs(trace.x if x is None else x).astype(float)
    if isinstance(trace, AdaptiveTrace):
        largest: Any = AdaptiveTrace(numbers, windows=trace.windows, kind="max")
        return largest.output, 1
    largest = PoolTrace(numbers, geometry=trace.geometry, kind="max", counted=())
    return largest.output, int(np.prod(trace.geometry.kernel_shape)) if trace.kind == "mean" else 1


@size_of_sums.register(ElementwiseTrace)
@size_of_sums.register(FlattenTrace)
def _(trace: ElementwiseTrace | FlattenTrace, x: Array | None = None) -> tuple[Any, int]:
    numbers = np.abs(trace.x if x is None else x).astype(float)
    return numbers.reshape(trace.output.shape) + np.abs(trace.output), 1


@size_of_sums.register
def _(trace: Chain, x: Array | None = None) -> tuple[Any, int]:
    terms = 0
    for part in trace:
        sizes, more = size_of_sums(part, x)
        x, terms = np.broadcast_to(sizes, part.output.shape), terms + more
    return x, terms


def _squares(numbers: Array) -> tuple[Array, float]:
    """Return the squares of numbers that are divided by the largest of them, and the largest: none overflows."""
    largest = float(np.abs(numbers).max()) or 1.0
    return np.square(numbers / largest), largest


def _lengths(rows: Array) -> Array:
    """Return the length of each row as a vector."""
    floats = rows.astype(float, copy=False)
    return np.asarray(np.sqrt(np.einsum("...i,...i->...", floats, floats)))


def _column(numbers: Array, output: Array) -> Array:
    return numbers.reshape(-1, *(1,) * (output.ndim - 1))
