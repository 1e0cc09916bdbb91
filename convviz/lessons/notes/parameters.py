"""How many numbers a layer learns, next to the layers that could stand in its place."""

from convviz.lessons.notes.comparing import more, several, shape, size, times
from convviz.lessons.notes.markup import note, paragraphs, table
from convviz.operations.convolution.correlate import WindowTrace
from convviz.operations.layers.as_layer import Layer, as_layer
from convviz.operations.layers.conv_layer import LayerTrace
from convviz.operations.layers.parameters import Count, conv_parameters, dense_parameters

_KERNEL_SIDES = {1: "length", 2: "height · kernel width", 3: "depth · kernel height · kernel width"}


def parameters_html(trace: LayerTrace | WindowTrace) -> str:
    """Count a layer's parameters, and compare them with those of a dense layer.

    Each filter is counted with a bias, even if that is zero.

    Parameters
    ----------
    trace : LayerTrace or WindowTrace
        As made by `convviz.conv_layer`; a single kernel is a layer of one filter on one channel.

    Examples
    --------
    >>> import numpy as np
    >>> from convviz import conv_layer
    >>> html = parameters_html(conv_layer(np.ones((3, 6, 6)), np.ones((8, 3, 3, 3))))
    >>> "3×6×6 → 8×4×4" in html, "3·3·3·8 + 8 = 224" in html
    (True, True)
    """
    layer = as_layer(trace)
    channels, filters, kernel = len(layer.x), len(layer.weight), layer.geometry.kernel_shape
    count = conv_parameters(channels, filters, kernel, groups=layer.groups)
    dense = dense_parameters(layer.x.size, layer.output.size)
    rows = [("This layer", count), ("A dense layer in its place", dense)]
    comparisons = [
        "A dense layer has a weight for each pair of an input number and an output number, and a bias for each output. "
        f"**{more(('this layer', 'the dense layer'), (count, dense), 'has', 'parameters')}**"
    ]
    if layer.groups > 1:
        ungrouped = conv_parameters(channels, filters, kernel)
        rows.insert(1, ("The same with groups = 1", ungrouped))
        comparisons.append(_ungrouped(layer, count, ungrouped))
    words = f"kernel {_KERNEL_SIDES[len(kernel)]} · channels that a filter reads · filters + one bias for each filter"
    return note(
        "Parameters",
        paragraphs(
            _shapes(layer),
            "Parameters are the numbers that a layer learns: its weights and its biases. "
            f"Their number is **{words}**, here **{count}**.",
        ),
        table(
            "Parameters of layers from the same input to the same output",
            ["layer", "how they are counted", "parameters"],
            [(name, each.formula, each.total) for name, each in rows],
        ),
        paragraphs(*comparisons),
    )


def _shapes(layer: Layer) -> str:
    (channels, *cells), (maps, *places) = layer.x.shape, layer.output.shape
    return (
        f"**{shape(layer.x.shape)} → {shape(layer.output.shape)}**: {several(channels, 'channel')} of {size(cells)} "
        f"in, {several(maps, 'feature map')} of {size(places)} out."
    )


def _ungrouped(layer: Layer, count: Count, ungrouped: Count) -> str:
    read, channels = int(layer.weight.shape[1]), len(layer.x)
    return (
        f"With groups = {layer.groups}, a filter reads {read} of the {channels} channels. With groups = 1 it would "
        f"read all of them: {layer.groups} times as many weights, and {times(ungrouped.number, count.number)} times as "
        "many parameters, because the number of biases stays the same."
    )
