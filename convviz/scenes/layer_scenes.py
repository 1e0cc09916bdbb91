"""Scenes of a layer: many channels, many filters, as many maps as filters."""

from collections.abc import Sequence
from dataclasses import replace

from convviz.numerals import WrittenSum, numeral, write_sum
from convviz.operations.layer import LayerTrace
from convviz.operations.layer_step import LayerStep
from convviz.scenes.layer_parts import LayerParts
from convviz.scenes.scene import Scene
from convviz.theme import DESKTOP, Look

_WIDE_PX = 700
_HEIGHT_PX, _NARROW_HEIGHT_PX = 560.0, 1100.0
_MOST_LINKED = 8
"""Lines between more channels and maps than this are a tangle."""
_DIGITS = 4


def channels(trace: LayerTrace, look: Look = DESKTOP, names: Sequence[str] = ()) -> Scene:
    """Show a layer along its depth: window, filter slice, products and sum of each channel, and what they add up to.

    Up to four channels stand one below the other. Of more, thumbnails show all and ``look.channel`` stands beside
    them, large. With several filters, lines tell which channels each map is made of.

    Parameters
    ----------
    trace : LayerTrace
        Of `convviz.conv_layer`, with one or two spatial axes.
    look : Look
        The room at hand.
    names : sequence of str
        What the channels are called, one name each, if they have names.

    Examples
    --------
    >>> from convviz import conv_layer
    >>> scene = channels(conv_layer([[1, 2, 3], [4, 5, 6]], [[[1, 1], [1, -1]]]))
    >>> [(spot["role"], spot["first"]) for spot in scene.hotspots()][:4]
    [('input', 0), ('input', 3), ('kernel', 0), ('kernel', 2)]
    """
    layer = LayerParts(trace, look, names)
    parts = [*layer.input(), layer.filter(), layer.products(), layer.sums(), *layer.total(), *layer.maps()]
    if not layer.stacked:
        parts = [*layer.thumbnails(), *parts]
    if 1 < max(layer.channels, layer.filters) <= _MOST_LINKED and layer.filters > 1:
        parts.append(layer.links())
    height = _HEIGHT_PX if look.width > _WIDE_PX else _NARROW_HEIGHT_PX
    large = 0 if layer.stacked else layer.channels
    return Scene(trace, look, parts, height=height, channels=large, written=sum_of_channels)


def sum_of_channels(step: LayerStep) -> WrittenSum:
    """Write a step as the sum of what its channels give and the bias, and what the activation makes of it.

    Examples
    --------
    >>> from convviz import conv_layer
    >>> step = conv_layer([[1, 2], [3, 4]], [[[1], [-2]]], [3], activation="relu")[0]
    >>> "".join(text for text, _ in sum_of_channels(step).tokens())
    '1 + (-6) + bias 3 = -2 → relu(-2) = 0'
    """
    written = write_sum([*step.channel_sums, step.bias], [1] * (len(step.channel_sums) + 1), step.preactivation)
    terms = [(text,) for text, _ in written.factors]
    terms[-1] = (f"bias {terms[-1][0]}",)
    if not step.activation:
        return replace(written, factors=tuple(terms))
    value = numeral(step.value, _DIGITS)
    sign = "≈" if value.startswith("≈") or written.sign == "≈" else "="
    head = f" → {step.activation}({written.total}) {sign} "
    return replace(written, factors=tuple(terms), then=((head, ""), (value.strip("≈"), "sum")))
