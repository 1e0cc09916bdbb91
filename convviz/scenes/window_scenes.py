"""Scenes of one kernel on one input: side by side as grids, or flattened to vectors."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from math import prod

import numpy as np

from convviz.operations.convolution import WindowStep, WindowTrace
from convviz.scenes.layout import Plan, note_px, readable, room
from convviz.scenes.panel import ChangingNumbers, Numbers, numerals, widest_em
from convviz.scenes.scene import TURNS, PanelMaker, Scene
from convviz.scenes.window_panels import InputPanel, KernelPanel, OutputPanel
from convviz.theme import DESKTOP, Look, Role
from convviz.trace import Array

Part = tuple[Plan, PanelMaker]
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
        (explained(replace(plan, rows=long[0], columns=long[1], note=_count(long[0])), shown, look), make)
        for (plan, make), shown in zip((patch, kernel, products), values, strict=True)
    ]
    turns = TURNS if trace.flip else 0
    return Scene(trace, look, [*vectors, _sum(trace, look)], turns=turns, height=_VECTORS_HEIGHT_PX)


def _input(trace: WindowTrace, look: Look) -> Part:
    bordered = trace.padded.shape != trace.x.shape
    note = _size(trace.x) + (" in a zero border" if bordered else "")
    plan = _plan("input", "Input", note, look.theme.input, np.atleast_2d(trace.padded), sign="×")
    return explained(plan, trace.padded, look), partial(InputPanel, trace=trace)


def _patch(trace: WindowTrace, look: Look) -> Part:
    values = np.atleast_2d(trace.w)
    plan = _plan("patch", "Window", "under the kernel", look.theme.input, values, sign="×")
    plan = replace(plan, number_em=_widest(trace.x[(slice(0, 64),) * trace.x.ndim]))
    limits = (float(trace.padded.min()), float(trace.padded.max()))
    return explained(plan, trace.padded, look), partial(ChangingNumbers, values_of=_patch_of, limits=limits)


def _kernels(trace: WindowTrace, look: Look) -> list[Part]:
    given, laid = np.atleast_2d(trace.w), np.atleast_2d(trace.kernel)
    plan = _plan("kernel", "Kernel", _size(trace.w), look.theme.kernel, laid, sign="=")
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
    plan = _plan("products", "Products", "cell by cell", look.theme.products, np.atleast_2d(trace.w), sign="Σ→")
    plan = replace(plan, number_em=_widest(sample))
    limits = (float(sample.min()), float(sample.max()))
    return explained(plan, sample, look), partial(ChangingNumbers, values_of=_products_of, limits=limits)


def _output(trace: WindowTrace, look: Look) -> Part:
    plan = _plan("output", "Output", _size(trace.output), look.theme.output, np.atleast_2d(trace.output))
    return explained(plan, trace.output, look), partial(OutputPanel, output=trace.output)


def _sum(trace: WindowTrace, look: Look) -> Part:
    plan = _plan("sum", "Sum", "of products", look.theme.output, np.zeros((1, 1)))
    plan = replace(plan, number_em=_widest(np.array([step.value for step in _sample(trace)])))
    return plan, partial(ChangingNumbers, values_of=_value_of, limits=(0.0, 1.0))


def _plan(role: str, title: str, note: str, colour: Role, values: Array, sign: str = "") -> Plan:
    rows, columns = values.shape
    return Plan(
        role=role,
        title=title,
        note=note,
        colour=colour,
        rows=rows,
        columns=columns,
        number_em=_widest(values),
        sign=sign,
    )


def explained(plan: Plan, values: Array, look: Look) -> Plan:
    """Say what black and white mean where a panel is in colours."""
    if readable(plan, look.width):
        return plan
    low, high = values.min(), values.max()
    exact = "black {}, white {}".format(*numerals(np.array([low, high])))
    rounded = f"black ≈{low:.1e}, white ≈{high:.1e}".replace("-", "−")
    fitting = (note for note in (f"{plan.note}; {exact}", exact) if note_px(note) <= room(look.width))
    return replace(plan, note=next(fitting, rounded))


def _size(values: Array) -> str:
    return "×".join(map(str, values.shape)) if values.ndim > 1 else _count(values.size)


def _count(numbers: int) -> str:
    return f"{numbers} numbers" if numbers > 1 else "1 number"


def _widest(values: Array) -> float:
    sample = values.reshape(-1)[:: max(1, values.size // 512)]
    return widest_em(numerals(np.append(sample, [values.min(), values.max()])))


def _sample(trace: WindowTrace) -> Sequence[WindowStep]:
    return trace[:: max(1, len(trace) // _SAMPLED_STEPS)]


def _sampled_products(trace: WindowTrace) -> Array:
    return np.stack([step.products for step in _sample(trace)])


def _patch_of(step: WindowStep) -> Array:
    return step.patch


def _products_of(step: WindowStep) -> Array:
    return step.products


def _value_of(step: WindowStep) -> Array:
    return np.asarray(step.value)
