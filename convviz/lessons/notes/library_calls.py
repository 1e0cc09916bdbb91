"""What is on the screen in the field's libraries: code that returns the very same numbers."""

from collections.abc import Iterable
from functools import singledispatch
from itertools import pairwise
from typing import Any

import numpy as np

from convviz.lessons.notes.array_code import numpy_call, scipy_call
from convviz.lessons.notes.layer_code import LibraryCall, is_pointwise
from convviz.lessons.notes.learning_code import learning_calls, network_calls
from convviz.lessons.notes.markup import code_block, folded, paragraphs, prose
from convviz.lessons.notes.match_code import match_calls
from convviz.lessons.notes.matrix_code import gradient_calls, matrix_calls
from convviz.lessons.notes.numbers_in_code import numbers_in_code
from convviz.lessons.notes.resizing_code import pool_calls, stamp_calls
from convviz.lessons.notes.torch_code import torch_call, torch_linear
from convviz.operations.convolution.correlate import WindowTrace
from convviz.operations.layers.activation import ACTIVATIONS
from convviz.operations.layers.as_layer import as_layer
from convviz.operations.layers.conv_transpose import StampTrace
from convviz.operations.layers.pool import PoolTrace
from convviz.operations.learning.descent import LearningTrace
from convviz.operations.learning.matrix_gradient import MatrixGradientTrace
from convviz.operations.learning.two_layers import NetworkTrace
from convviz.operations.matching.match_template import MatchTrace
from convviz.operations.matrix.matrix_view import MatrixTrace


@singledispatch
def library_calls(trace: Any) -> list[LibraryCall]:
    """Write how NumPy, SciPy and PyTorch compute what a trace shows.

    Further kinds of traces have functions of their own, which are registered below.

    Parameters
    ----------
    trace : WindowTrace or LayerTrace
        As made by `convviz.correlate`, `convviz.convolve` or `convviz.conv_layer`.

    Returns
    -------
    list of LibraryCall
        One for each library; for a 1×1 layer one more, PyTorch's dense layer. Their code runs after `numbers_in_code`.

    Raises
    ------
    TypeError
        If it is no such trace.
    ValueError
        If the activation is a callable, which has no code to show.

    Notes
    -----
    Sources: the reference pages of `numpy.convolve`, `numpy.einsum`, `scipy.signal.correlate` and
    `torch.nn.functional.conv2d`.

    Examples
    --------
    >>> from convviz import convolve
    >>> for call in library_calls(convolve([1, 2], [3, 4]))[:2]:
    ...     print(call.code)
    result = np.convolve(x, w, mode="full")
    from scipy.signal import convolve
    result = convolve(x, w, mode="full", method="direct")
    """
    layer = as_layer(trace)
    if layer.activation is not None and not isinstance(layer.activation, str):
        named = ", ".join(map(repr, ACTIVATIONS))
        raise ValueError(f"trace has the activation {layer.activation!r:.60}; accepted: None, {named}")
    calls = [numpy_call(layer), scipy_call(layer), torch_call(layer)]
    return [*calls, torch_linear(layer)] if is_pointwise(layer) else calls


library_calls.register(LearningTrace, learning_calls)
library_calls.register(MatchTrace, match_calls)
library_calls.register(MatrixGradientTrace, gradient_calls)
library_calls.register(MatrixTrace, matrix_calls)
library_calls.register(NetworkTrace, network_calls)
library_calls.register(PoolTrace, pool_calls)
library_calls.register(StampTrace, stamp_calls)


def library_calls_html(trace: Any, *others: WindowTrace) -> str:
    """Write `library_calls` as HTML: the numbers first, then a section for each library.

    Parameters
    ----------
    trace : WindowTrace or LayerTrace
        As for `library_calls`.
    *others : WindowTrace
        More traces of the same input and kernel, to compare with it.

    Raises
    ------
    TypeError, ValueError
        As `library_calls` does, and if inputs or kernels differ.
    """
    _check_alike(trace, others)
    calls = [
        (f"{_operation(each)}: `{call.function}`" if others else f"`{call.function}`", call)
        for each in (trace, *others)
        for call in library_calls(each)
    ]
    return code_html("The same in code: NumPy, SciPy, PyTorch", trace, calls)


def code_html(title: str, trace: Any, calls: Iterable[tuple[str, LibraryCall]]) -> str:
    """Write calls as HTML, folded: the numbers of the trace first, then a section for each library.

    Parameters
    ----------
    title : str
        The heading that unfolds them.
    trace : Trace
        What they compute; `numbers_in_code` writes its numbers.
    calls : iterable of (str, LibraryCall)
        Each call under a heading, marked up as in `markup.prose`.
    """
    sections: dict[str, str] = {}
    for heading, call in calls:
        html = f"<h5>{prose(heading)}</h5>{paragraphs(call.text)}{code_block(call.code)}"
        sections[call.library] = sections.get(call.library, "") + html
    body = "".join(f"<section><h4>{library}</h4>{html}</section>" for library, html in sections.items())
    start = paragraphs("Start with the numbers, then add any one of the pieces below.")
    pieces = f'<div class="convviz-side-by-side">{body}</div>'
    return folded(title, start, code_block(numbers_in_code(trace)), pieces)


def _check_alike(trace: Any, others: tuple[Any, ...]) -> None:
    layers = [as_layer(each) for each in (trace, *others)] if others else []
    numbers = [(layer.x, layer.weight) for layer in layers]
    if not all(np.array_equal(*arrays) for pair in pairwise(numbers) for arrays in zip(*pair, strict=True)):
        raise ValueError("others have another input or kernel than trace; accepted: traces of the same x and w")


def _operation(trace: Any) -> str:
    return "Convolution" if as_layer(trace).flip else "Cross-correlation"
