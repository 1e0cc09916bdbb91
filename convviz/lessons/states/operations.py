"""The operations that a learner may pick for an input and a kernel, and what each takes of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from convviz.lessons.states import fitting
from convviz.operations.convolution.correlate import convolve, correlate
from convviz.operations.convolution.echoes import echoes
from convviz.operations.layers.conv_layer import conv_layer
from convviz.operations.layers.conv_transpose import conv_transpose
from convviz.operations.layers.dense import dense
from convviz.operations.layers.pool import PoolTrace, pool
from convviz.operations.matching.match_template import match_template
from convviz.trace import Array, Trace


@dataclass(frozen=True, kw_only=True)
class Operation:
    """An operation that a learner may pick.

    Parameters
    ----------
    title : str
        What the page calls it.
    call : callable
        Computes it, from the input, the kernel, the bias and the options.
    x : callable
        Fits the input.
    w : callable
        Fits the kernel, to the input.
    options : tuple of str
        The fields of the state that it uses besides.
    has_bias, has_kernel : bool
        Whether it adds a bias, and whether it uses the kernel.
    """

    title: str
    call: Callable[..., Trace[Any]]
    x: Callable[[Array], fitting.Fitted]
    w: Callable[[Array, Array], fitting.Fitted]
    options: tuple[str, ...] = ()
    has_bias: bool = False
    has_kernel: bool = True


def _pooled(x: Array, w: Array, bias: Array, size: int, **options: Any) -> PoolTrace:
    """Pool with a square window, or one that is as high or as wide as an input that is smaller."""
    return pool(x, tuple(min(size, cells) for cells in x.shape[1:]), **options)


_LAYER = ("stride", "padding")
OPERATIONS: Mapping[str, Operation] = MappingProxyType(
    {
        "correlate": Operation(
            title="correlate: slide",
            call=lambda x, w, _, **options: correlate(x, w, **options),
            x=fitting.a_grid,
            w=fitting.kernel_for,
            options=("mode",),
        ),
        "convolve": Operation(
            title="convolve: flip and slide",
            call=lambda x, w, _, **options: convolve(x, w, **options),
            x=fitting.a_grid,
            w=fitting.kernel_for,
            options=("mode",),
        ),
        "echoes": Operation(
            title="echoes: delayed copies",
            call=lambda x, w, _: echoes(x, w),
            x=fitting.a_row,
            w=fitting.row_for,
        ),
        "conv_layer": Operation(
            title="conv_layer: filters",
            call=conv_layer,
            x=fitting.planes,
            w=fitting.filters_for,
            options=(*_LAYER, "dilation", "activation"),
            has_bias=True,
        ),
        "pool": Operation(
            title="pool: windows",
            call=_pooled,
            x=fitting.planes,
            w=fitting.as_it_is,
            options=("size", *_LAYER, "kind"),
            has_kernel=False,
        ),
        "conv_transpose": Operation(
            title="conv_transpose: stamps",
            call=lambda x, w, _, **options: conv_transpose(x, w, **options),
            x=fitting.one_plane,
            w=fitting.one_kernel_for,
            options=(*_LAYER, "output_padding"),
        ),
        "dense": Operation(
            title="dense: neurons",
            call=dense,
            x=fitting.inputs,
            w=fitting.weights_for,
            options=("activation",),
            has_bias=True,
        ),
        "match_template": Operation(
            title="match_template: search",
            call=lambda x, w, _, metric: match_template(x, w, metric),
            x=fitting.a_grid,
            w=fitting.kernel_for,
            options=("metric",),
        ),
    }
)
