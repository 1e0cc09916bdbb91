"""The scene of a sliding window whose whole output is in sight from the first step on."""

from dataclasses import replace

from convviz.operations.convolution.correlate import WindowTrace
from convviz.operations.layers.conv_layer import LayerTrace
from convviz.operations.layers.pool import PoolTrace
from convviz.scenes.pooling_scene import pooled
from convviz.scenes.scene import FLIPS, Scene
from convviz.scenes.window_scenes import grids
from convviz.theme import DESKTOP, Look

_IN_SHORT = ("input", "kernel", "output")


def filtered(
    trace: WindowTrace | LayerTrace | PoolTrace, look: Look = DESKTOP, *, in_short: bool = False, edited: bool = True
) -> Scene:
    """Show the same as `sliding_window` or `pooling`, with the whole output in sight.

    Parameters
    ----------
    trace : WindowTrace, LayerTrace or PoolTrace
        As for these two.
    look : Look
        The room at hand.
    in_short : bool
        Whether to leave out all but input, kernel and output.
    edited : bool
        Whether numbers may be changed in the picture.

    Examples
    --------
    >>> from convviz import correlate
    >>> scene = filtered(correlate([1, 2, 3, 4], [5, 6, 7]))
    >>> scene.panels[-1].texts(scene.trace[0])
    ['38', '56']
    """
    *sources, output = pooled(trace, look) if isinstance(trace, PoolTrace) else grids(trace, look)
    parts = [*sources, replace(output, known=None)]
    if in_short:
        parts = [part for part in parts if part.plan.name in _IN_SHORT]
    if not edited:
        parts = [replace(part, edits="") for part in parts]
    if in_short or isinstance(trace, PoolTrace):
        return Scene(trace, look, parts, written=None)
    return Scene(trace, look, parts, flips=FLIPS if trace.flip else 0)
