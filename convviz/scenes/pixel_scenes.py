"""Scenes of a 1×1 convolution: a matrix times one pixel's channels, and the dense layer that does the same."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from convviz.operations.layers.conv_layer import LayerTrace
from convviz.operations.layers.dense import DenseTrace
from convviz.operations.layers.pointwise import PointwiseTrace
from convviz.operations.matrix.toeplitz import ZERO
from convviz.scenes.layout.box import READABLE_CELLS
from convviz.scenes.lens import Lens
from convviz.scenes.panels.links import Links
from convviz.scenes.panels.marks import Block, Frame
from convviz.scenes.panels.part import Part
from convviz.scenes.panels.words import explained, planned, size
from convviz.scenes.parts.results import output_parts, total_parts
from convviz.scenes.parts.sources import channel_thumbnails, input_parts
from convviz.scenes.scene import Scene
from convviz.scenes.sums import sum_of_neuron, sum_of_pixel
from convviz.theme import DESKTOP, Look
from convviz.trace import Array


def pixel_vector(trace: LayerTrace, look: Look = DESKTOP) -> Scene:
    """Show a 1×1 convolution: the channels of one pixel as a vector, and its dot product with a row of the weights.

    Parameters
    ----------
    trace : LayerTrace
        Made by `convviz.conv_layer` with two spatial axes, filters of 1×1, stride 1 and no groups.
    look : Look
        The room at hand.

    Raises
    ------
    ValueError
        If the filters have more than one cell a channel, or read not all channels.

    Examples
    --------
    >>> import numpy as np
    >>> from convviz import conv_layer
    >>> scene = pixel_vector(conv_layer(np.ones((2, 1, 3)), np.ones((4, 2, 1, 1))))
    >>> [panel.name for panel in scene.panels]
    ['input', 'pixel', 'weights', 'products', 'bias', 'total', 'output']
    """
    if trace.weight.shape[1:] != (len(trace.x), 1, 1):
        raise ValueError(
            f"trace has filters of shape {trace.weight.shape[1:]}; accepted: filters of shape {(len(trace.x), 1, 1)}"
        )
    lens = Lens(trace, look)
    source = channel_thumbnails(lens, marked=False) if lens.is_deep else input_parts(lens)[0]
    pixel = _column(lens, "pixel", "input", "Pixel", lens.padded, lambda step: step.patch, sign="→")
    products = _column(lens, "products", "products", "Products", lens.sample("products"), lambda step: step.products)
    vectors = [replace(pixel, edits="" if source.edits else "x"), _weights(lens), products]
    parts = [source, *vectors, *total_parts(lens, "Σ+"), *output_parts(lens, "→")]
    return Scene(trace, look, parts, written=sum_of_pixel, maps=lens.filters)


def neurons(trace: PointwiseTrace, look: Look = DESKTOP) -> Scene:
    """Show a dense layer at one pixel: its channels as inputs, a line for each weight, a neuron for each output.

    Parameters
    ----------
    trace : PointwiseTrace
        Made by `convviz.operations.layers.pointwise.pointwise_dense`.
    look : Look
        The room at hand.

    Examples
    --------
    >>> import numpy as np
    >>> from convviz.operations.layers.pointwise import pointwise_dense
    >>> scene = neurons(pointwise_dense(np.ones((2, 1, 3)), np.ones((4, 2))))
    >>> [panel.name for panel in scene.panels]
    ['inputs', 'links', 'neurons']
    """
    return Scene(trace, look, neuron_parts(trace, look), written=sum_of_neuron)


def neuron_parts(trace: PointwiseTrace | DenseTrace, look: Look) -> list[Part]:
    """Show the inputs, a line for each weight, and the neurons; no lines where they would be a tangle."""
    views, count, outputs = trace.terms.views, len(trace.x), len(trace.output)

    def column(name: str, role: str, values: Array, values_of: Callable[[Any], Array], **more: Any) -> Part:
        shape, colour = (len(values), 1), getattr(look.theme, role)
        plan = planned(name, name.capitalize(), "", shape=shape, numbers=values, colour=colour, follows=True)
        return explained(Part(plan=plan, values=values_of, view=views[name], **more), values, look)

    parts = [column("inputs", "input", trace.x, lambda step: step.inputs)]
    if max(count, outputs) <= READABLE_CELLS:
        shape, colour = (max(count, outputs), 3), look.theme.kernel
        tied = trace.tied if isinstance(trace, DenseTrace) else None
        note = "a line each" if tied is None else "dotted: always zero"
        plan = planned("links", "Weights", note, shape=shape, numbers=0, colour=colour, follows=True)
        read = [range(count)] * outputs if tied is None else [np.flatnonzero(row != ZERO).tolist() for row in tied]
        links = Links(channels=count, channels_of=read, map_of=_filter)
        parts.append(Part(plan=plan, values=None, marks=(links,)))
    frame = Frame(block_of=row_of(1), colour=look.theme.output.strong)
    more = {"known": lambda step: _filter(step) + 1, "marks": (frame,)}
    parts.append(column("neurons", "output", trace.output, lambda step: trace.output[:, *step.position[1:]], **more))
    return parts


def _weights(lens: Lens) -> Part:
    """Show the weights as a matrix; where it has too many rows, the one that the step uses."""
    matrix, view = lens.layer.kernel[:, :, 0, 0], lens.views["weights"]
    frame = Frame(block_of=row_of(lens.channels), colour=lens.look.theme.kernel.strong)
    what, note = ("weights", "kernel"), size(matrix.shape)
    plan: dict[str, Any] = {"sample": matrix, "sign": "×", "follows": True}
    if lens.filters <= READABLE_CELLS:
        whole = lens.part(*what, "Weights", note, shape=matrix.shape, values=matrix, **plan)
        return replace(whole, edits="w", marks=(frame,))
    as_column = lens.channels > READABLE_CELLS  # beside the pixel's, as a row would take the whole line
    shape, view = (lens.channels, 1) if as_column else (1, lens.channels), replace(view, row=(), fixed=("g", "f"))
    note, view = ("", replace(view, row=view.column, column=())) if as_column else (f"of {note} weights", view)
    row = lens.part(*what, "Row", note, shape=shape, values=lambda step: matrix[_filter(step)], **plan)
    return replace(lens.in_turn(row), view=view, edits="w")


def _column(
    lens: Lens, name: str, role: str, title: str, sample: Array, values_of: Callable[[Any], Array], sign: str = "="
) -> Part:
    """Show what a step has for all channels, one below the other."""
    plan: dict[str, Any] = {"shape": (lens.channels, 1), "sign": sign, "follows": sign == "="}
    part = lens.part(name, role, title, "", sample=sample, values=values_of, **plan)
    return replace(part, view=lens.views["window"].flattened())


def _filter(step: Any) -> int:
    return int(step.position[0])


def row_of(columns: int) -> Callable[[Any], Block]:
    """Return what gives the row of the step's filter."""
    return lambda step: (slice(0, 1), slice(_filter(step), _filter(step) + 1), slice(0, columns))
