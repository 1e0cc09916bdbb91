"""Scenes of one kernel on one input: side by side as grids, or flattened to vectors."""

from dataclasses import replace

import numpy as np

from convviz.operations.convolution.correlate import WindowTrace
from convviz.operations.layers.conv_layer import LayerTrace
from convviz.scenes.lens import Lens
from convviz.scenes.panels.part import Part
from convviz.scenes.panels.words import count, explained
from convviz.scenes.parts.results import cell_part, output_parts
from convviz.scenes.parts.sources import input_parts, kernel_parts, products_part, window_part
from convviz.scenes.scene import FLIPS, WIDE_HEIGHT_PX, Scene
from convviz.scenes.sums import settled_sum
from convviz.theme import DESKTOP, Look


def sliding_window(trace: WindowTrace | LayerTrace, look: Look = DESKTOP) -> Scene:
    """Show input, kernel, products and output side by side, the window where the step is.

    Parameters
    ----------
    trace : WindowTrace or LayerTrace
        Made by `correlate` or `convolve`; or by `conv_layer`, of one channel and one filter, without bias and
        activation.
    look : Look
        The room at hand.

    Examples
    --------
    >>> from convviz import correlate
    >>> scene = sliding_window(correlate([1, 2, 3, 4], [5, 6, 7]))
    >>> [panel.name for panel in scene.panels]
    ['input', 'kernel', 'products', 'output']
    """
    lens = Lens(trace, look, alone=True)
    if lens.channels > 1 or lens.filters > 1 or lens.layer.bias.any() or lens.layer.activation is not None:
        accepted = "accepted: one channel and one filter, without bias and activation; convviz.show(trace) draws others"
        raise ValueError(f"trace has {count(lens.channels, 'channel')} and {count(lens.filters, 'filter')}; {accepted}")
    parts = [*input_parts(lens), *kernel_parts(lens), products_part(lens), *output_parts(lens, "Σ→")]
    return Scene(trace, look, parts, flips=FLIPS if trace.flip else 0)


def dot_product(trace: WindowTrace, look: Look = DESKTOP) -> Scene:
    """Show the same step as the dot product of two vectors: window and kernel, each read row by row.

    Parameters
    ----------
    trace : WindowTrace
        Made by `correlate` or `convolve`.
    look : Look
        The room at hand.

    Examples
    --------
    >>> from convviz import correlate
    >>> scene = dot_product(correlate([1, 2, 3, 4], [5, 6, 7]))
    >>> [panel.name for panel in scene.panels]
    ['window', 'kernel', 'products', 'sum']
    """
    lens = Lens(trace, look)
    window = replace(window_part(lens, sign=""), edits="x")
    columns = [_as_column(part, look) for part in (window, kernel_parts(lens)[-1], products_part(lens))]
    total = cell_part(lens, "sum", "output", "Sum", settled_sum, "Σ→")
    return Scene(trace, look, [*columns, total], flips=FLIPS if trace.flip else 0, height=WIDE_HEIGHT_PX)


def _as_column(part: Part, look: Look) -> Part:
    """Read the cells of a part row by row, as a vector."""
    cells, sign = part.plan.rows * part.plan.columns, part.plan.sign.replace("↻", "×")
    plan = replace(part.plan, rows=cells, columns=1, note=count(cells, "number"), sign=sign)
    vector = replace(part, plan=plan, view=part.view and part.view.flattened())
    return explained(vector, np.array(part.limits), look)
