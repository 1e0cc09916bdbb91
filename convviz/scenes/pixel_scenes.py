"""Scenes of a 1×1 convolution: a matrix times one pixel's channels, and the dense layer that does the same."""

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from convviz.numerals import WrittenSum, write_sum
from convviz.operations.layers.conv_layer import LayerTrace
from convviz.operations.layers.layer_step import LayerStep, NeuronStep
from convviz.operations.layers.pointwise import PointwiseTrace
from convviz.scenes.layer_parts import input_parts, map_parts, thumbnail_parts, total_parts
from convviz.scenes.layer_sums import with_bias
from convviz.scenes.layer_view import LayerView
from convviz.scenes.layout.arrange import READABLE_CELLS
from convviz.scenes.panels.layer_panels import Links, Rows
from convviz.scenes.panels.panel import ChangingNumbers
from convviz.scenes.panels.parts import Part, count, explained, limits, plan_of, size, widest
from convviz.scenes.scene import Scene
from convviz.theme import DESKTOP, Look
from convviz.trace import Array

_SAMPLED_STEPS = 64
_HEIGHT_PX = 620.0
_WIDE_PX = 560


def pixel_vector(trace: LayerTrace, look: Look = DESKTOP) -> Scene:
    """Show a 1×1 convolution: the channels of one pixel as a vector, and its dot product with a row of the weights.

    Parameters
    ----------
    trace : LayerTrace
        Of `convviz.conv_layer` with two spatial axes, filters of 1×1, stride 1 and no groups.
    look : Look
        The room at hand.

    Raises
    ------
    ValueError
        If the filters have more than one cell a channel, or read not all channels.

    Examples
    --------
    >>> from convviz import conv_layer
    >>> scene = pixel_vector(conv_layer(np.ones((2, 1, 3)), np.ones((4, 2, 1, 1))))
    >>> list(dict.fromkeys(spot["role"] for spot in scene.hotspots()))
    ['input', 'weights', 'patch', 'products', 'bias', 'preactivation', 'output']
    """
    if trace.weight.shape[1:] != (len(trace.x), 1, 1):
        raise ValueError(
            f"trace has filters of shape {trace.weight.shape[1:]}; accepted: filters of shape {(len(trace.x), 1, 1)}"
        )
    layer = LayerView(trace, look)
    if layer.stacked:
        [channels, *_] = input_parts(layer, "→")
    else:
        [channels, _] = thumbnail_parts(layer, marks=False)
    products = np.stack([step.products for step in layer.steps])
    vectors = [
        _vector("patch", "Pixel", trace.padded, lambda step: step.patch, look, sign="="),
        _vector("products", "Products", products, lambda step: step.products, look, sign="Σ+"),
    ]
    parts = [
        channels,
        _weights(trace, look),
        *vectors,
        *total_parts(layer),
        *map_parts(layer, across=4 if look.width > _WIDE_PX else 2),
    ]
    return Scene(trace, look, parts, height=_HEIGHT_PX, written=_sum_of_pixel)


def neurons(trace: PointwiseTrace, look: Look = DESKTOP) -> Scene:
    """Show a dense layer at one pixel: its channels as inputs, a line for each weight, a neuron for each output.

    Parameters
    ----------
    trace : PointwiseTrace
        Of `convviz.operations.layers.pointwise.pointwise_dense`.
    look : Look
        The room at hand.

    Examples
    --------
    >>> from convviz.operations.layers.pointwise import pointwise_dense
    >>> scene = neurons(pointwise_dense(np.ones((2, 1, 3)), np.ones((4, 2))))
    >>> list(dict.fromkeys(spot["role"] for spot in scene.hotspots()))
    ['patch', 'neurons']
    """
    inputs, outputs = len(trace.x), len(trace.output)
    parts = [_vector("patch", "Inputs", trace.x, lambda step: step.inputs, look, keeps_next=True)]
    if max(inputs, outputs) <= READABLE_CELLS:
        plan = plan_of("links", "Weights", "a line each", look.theme.kernel, np.zeros((max(inputs, outputs), 3)))
        every = [range(inputs)] * outputs
        panel = partial(Links, channels=inputs, channels_of=every, map_of=_neuron)
        parts.append((replace(plan, keeps_next=True), panel))
    parts.append(_neurons(trace, look))
    return Scene(trace, look, parts, height=_HEIGHT_PX, written=_sum_of_neuron)


def _weights(trace: LayerTrace, look: Look) -> Part:
    matrix = trace.kernel[:, :, 0, 0]
    note = f"{size(matrix.shape)}, a row a map"
    plan = plan_of("weights", "Weights", note, look.theme.kernel, matrix, sign="·", keeps_next=True)
    return explained(plan, matrix, look), partial(Rows, values=matrix, row_of=_neuron)


def _vector(role: str, title: str, values: Array, values_of: Any, look: Look, **more: Any) -> Part:
    colour = look.theme.products if role == "products" else look.theme.input
    number = values.shape[0 if role == "patch" else 1]
    plan = plan_of(role, title, count(number, "channel"), colour, np.zeros((number, 1)), **{"keeps_next": True} | more)
    plan = replace(plan, number_em=widest(values))
    changing = partial(ChangingNumbers, values_of=lambda step: values_of(step).reshape(-1, 1), limits=limits(values))
    return explained(plan, values, look), changing


def _neurons(trace: PointwiseTrace, look: Look) -> Part:
    def known(step: NeuronStep) -> Array:
        neuron, row, column = step.position
        return np.ma.masked_array(trace.output[:, row, column], np.arange(len(trace.output)) > neuron)

    plan = plan_of("neurons", "Neurons", "", look.theme.output, np.zeros((len(trace.output), 1)))
    plan = replace(plan, number_em=widest(trace.output))
    return explained(plan, trace.output, look), partial(ChangingNumbers, values_of=known, limits=limits(trace.output))


def _neuron(step: Any) -> int:
    neuron: int = step.position[0]
    return neuron


def _sum_of_pixel(step: LayerStep) -> WrittenSum:
    return _dot_product(step, step.patch, step.kernel)


def _sum_of_neuron(step: NeuronStep) -> WrittenSum:
    return _dot_product(step, step.inputs, step.weights)


def _dot_product(step: Any, inputs: Array, weights: Array) -> WrittenSum:
    return with_bias(write_sum([*inputs.flat, step.bias], [*weights.flat, 1], step.preactivation), step)
