"""Scenes of a layer: many channels, many filters, as many maps as filters."""

from collections.abc import Sequence

from convviz.operations.layers.conv_layer import LayerTrace
from convviz.scenes.layer_parts import (
    filter_part,
    input_parts,
    links_part,
    map_parts,
    products_part,
    sums_part,
    thumbnail_parts,
    total_parts,
)
from convviz.scenes.layer_sums import sum_of_channels
from convviz.scenes.layer_view import LayerView
from convviz.scenes.scene import Scene
from convviz.theme import DESKTOP, Look

_WIDE_PX = 700
_HEIGHT_PX, _NARROW_HEIGHT_PX = 560.0, 1100.0
_MOST_LINKED = 8
"""Lines between more channels and maps than this are a tangle."""


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
    layer = LayerView(trace, look, names)
    is_wide = look.width > _WIDE_PX
    depth = [*input_parts(layer), filter_part(layer), products_part(layer), sums_part(layer), *total_parts(layer)]
    parts = [*depth, *map_parts(layer, across=1 if is_wide else 2)]
    if not layer.stacked:
        parts = [*thumbnail_parts(layer), *parts]
    if 1 < max(layer.channels, layer.filters) <= _MOST_LINKED and layer.filters > 1:
        parts.append(links_part(layer))
    height = _HEIGHT_PX if is_wide else _NARROW_HEIGHT_PX
    large = 0 if layer.stacked else layer.channels
    return Scene(trace, look, parts, height=height, channels=large, written=sum_of_channels)
