"""Scenes of one kernel on one input: side by side as grids, or flattened to vectors."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from math import prod

import numpy as np

from convviz.operations.convolution.correlate import WindowStep, WindowTrace
from convviz.scenes.layout.arrange import readable
from convviz.scenes.panels.panel import ChangingNumbers, Numbers
from convviz.scenes.panels.parts import Part, count, explained, limits, plan_of, size, widest
from convviz.scenes.panels.window_panels import InputPanel, KernelPanel, OutputPanel, Window
from convviz.scenes.scene import TURNS, Scene
from convviz.theme import DESKTOP, Look
from convviz.trace import Array

_SAMPLED_STEPS = 64
_VECTORS_HEIGHT_PX = 330.0
"""So that two columns of nine numbers stand beside the grids without towering over them."""


def sliding_window(trace: WindowTrace, look: Look = DESKTOP) -> Scene:
    """Show input, kernel, products and output side by side, the window where the step is.

    Parameters
    ----------
    trace : WindowTrace
        Of `correlate` or `convolve`.
    look : Look
        The room at hand.

    Examples
    --------
    >>> from convviz import correlate
    >>> scene = sliding_window(correlate([1, 2, 3, 4], [5, 6, 7]))
    >>> [spot["role"] for spot in scene.hotspots()]
    ['input', 'kernel', 'products', 'output']
    """
    parts = [_input(trace, look), *_kernels(trace, look), _products(trace, look), _output(trace, look)]
    if not readable(parts[0][0], look.width):
        parts[:1] = [(replace(parts[0][0], sign="→"), parts[0][1]), _patch(trace, look)]
    return Scene(trace, look, parts, turns=TURNS if trace.flip else 0)


def dot_product(trace: WindowTrace, look: Look = DESKTOP) -> Scene:
    """Show the same step as the dot product of two vectors: window and kernel, each read row by row.

    Parameters
    ----------
    trace : WindowTrace
        Of `correlate` or `convolve`.
    look : Look
        The room at hand.

    Examples
    --------
    >>> from convviz import correlate
    >>> scene = dot_product(correlate([1, 2, 3, 4], [5, 6, 7]))
    >>> [spot["role"] for spot in scene.hotspots()]
    ['patch', 'kernel', 'products', 'sum']
    """
    long = (prod(trace.w.shape), 1)
    patch, kernel, products = _patch(trace, look), _kernels(trace, look)[-1], _products(trace, look)
    values = (trace.padded, trace.kernel, _sampled_products(trace))
    vectors = [
        (explained(replace(plan, rows=long[0], columns=long[1], note=count(long[0], "number")), shown, look), make)
        for (plan, make), shown in zip((patch, kernel, products), values, strict=True)
    ]
    turns = TURNS if trace.flip else 0
    return Scene(trace, look, [*vectors, _sum(trace, look)], turns=turns, height=_VECTORS_HEIGHT_PX)


def _input(trace: WindowTrace, look: Look) -> Part:
    bordered = trace.padded.shape != trace.x.shape
    note = size(trace.x.shape) + (" in a zero border" if bordered else "")
    plan = plan_of("input", "Input", note, look.theme.input, trace.padded, sign="×")
    rows, columns = (slice(0, 1), *trace.geometry.interior)[-2:]
    panel = partial(
        InputPanel,
        padded=trace.padded.reshape(1, plan.rows, plan.columns),
        interior=(rows, columns),
        window_of=_window_of,
        weights=trace.kernel,
    )
    return explained(plan, trace.padded, look), panel


def _patch(trace: WindowTrace, look: Look) -> Part:
    plan = plan_of("patch", "Window", "under the kernel", look.theme.input, trace.w, sign="×")
    plan = replace(plan, number_em=widest(trace.x[(slice(0, 64),) * trace.x.ndim]))
    panel = partial(ChangingNumbers, values_of=_patch_of, limits=limits(trace.padded))
    return explained(plan, trace.padded, look), panel


def _kernels(trace: WindowTrace, look: Look) -> list[Part]:
    given, laid = np.atleast_2d(trace.w), np.atleast_2d(trace.kernel)
    plan = plan_of("kernel", "Kernel", size(trace.w.shape), look.theme.kernel, laid, sign="=")
    if not trace.flip:
        return [(explained(plan, laid, look), partial(Numbers, values=laid))]
    before = replace(plan, role="given", note="as given", sign="↻", keeps_next=True)
    turned = replace(plan, title="Kernel, laid", note="turned by 180°")
    return [
        (explained(before, given, look), partial(Numbers, values=given)),
        (explained(turned, laid, look), partial(KernelPanel, given=given, laid=laid)),
    ]


def _products(trace: WindowTrace, look: Look) -> Part:
    sample = _sampled_products(trace)
    plan = plan_of("products", "Products", "cell by cell", look.theme.products, trace.w, sign="Σ→")
    plan = replace(plan, number_em=widest(sample))
    panel = partial(ChangingNumbers, values_of=_products_of, limits=limits(sample))
    return explained(plan, sample, look), panel


def _output(trace: WindowTrace, look: Look) -> Part:
    plan = plan_of("output", "Output", size(trace.output.shape), look.theme.output, trace.output)
    return explained(plan, trace.output, look), partial(OutputPanel, output=trace.output)


def _sum(trace: WindowTrace, look: Look) -> Part:
    plan = plan_of("sum", "Sum", "of products", look.theme.output, np.zeros((1, 1)))
    plan = replace(plan, number_em=widest(np.array([step.value for step in _sample(trace)])))
    return plan, partial(ChangingNumbers, values_of=_value_of, limits=(0.0, 1.0))


def _sample(trace: WindowTrace) -> Sequence[WindowStep]:
    return trace[:: max(1, len(trace) // _SAMPLED_STEPS)]


def _sampled_products(trace: WindowTrace) -> Array:
    return np.stack([step.products for step in _sample(trace)])


def _window_of(step: WindowStep) -> Window:
    rows, columns = (slice(0, 1), *step.window)[-2:]
    return slice(0, 1), rows, columns


def _patch_of(step: WindowStep) -> Array:
    return step.patch


def _products_of(step: WindowStep) -> Array:
    return step.products


def _value_of(step: WindowStep) -> Array:
    return np.asarray(step.value)
