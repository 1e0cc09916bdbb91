"""Scenes of a layer: many channels, many filters, as many maps as filters."""

from collections.abc import Sequence

from convviz.operations.layers.conv_layer import LayerTrace
from convviz.scenes.lens import Lens
from convviz.scenes.parts.results import links_part, output_parts, sums_part, total_parts
from convviz.scenes.parts.sources import channel_thumbnails, input_parts, kernel_parts, kernel_thumbnails, products_part
from convviz.scenes.scene import Scene
from convviz.scenes.sums import sum_of_channels
from convviz.theme import DESKTOP, Look

_MOST_LINKED = 8
"""Lines between more channels and maps than this are a tangle."""


def channels(trace: LayerTrace, look: Look = DESKTOP, names: Sequence[str] = ()) -> Scene:
    """Show a layer along its depth: window, kernel, products and sum of each channel, and what they add up to.

    Up to four channels stand side by side. Where there are more, thumbnails show all of them, and ``look.channel``
    stands below, large. With several filters, lines show which channels each map is made of.

    Parameters
    ----------
    trace : LayerTrace
        Made by `convviz.conv_layer`, with one or two spatial axes.
    look : Look
        The room at hand.
    names : sequence of str
        What the channels are called, one name each, if they have names.

    Examples
    --------
    >>> from convviz import conv_layer
    >>> scene = channels(conv_layer([[1, 2, 3], [4, 5, 6]], [[[1, 1], [1, -1]]]))
    >>> [panel.name for panel in scene.panels]
    ['input', 'kernel', 'products', 'sums', 'bias', 'total', 'output']
    """
    lens = Lens(trace, look, names)
    parts = [channel_thumbnails(lens), kernel_thumbnails(lens)] if lens.is_deep else []
    parts += [*input_parts(lens), *kernel_parts(lens), products_part(lens), sums_part(lens)]
    parts += [*total_parts(lens, "Σ+" if lens.channels > 1 else "+"), *output_parts(lens, "→")]
    if 1 < max(lens.channels, lens.filters) <= _MOST_LINKED and lens.filters > 1:
        parts.append(links_part(lens))
    channels_to_pick = lens.channels if lens.is_deep else 0
    return Scene(trace, look, parts, written=sum_of_channels, channels=channels_to_pick, maps=lens.filters)
