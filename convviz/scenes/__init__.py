"""How a step looks: panels, and scenes made of panels. The only home of matplotlib."""

from collections.abc import Callable
from typing import Any

from convviz.operations.convolution.correlate import WindowTrace
from convviz.operations.convolution.echoes import EchoTrace
from convviz.operations.convolution.outer_product import OuterProductTrace
from convviz.operations.layers.conv_layer import LayerTrace
from convviz.operations.layers.conv_transpose import StampTrace
from convviz.operations.layers.pointwise import PointwiseTrace
from convviz.operations.layers.pool import PoolTrace
from convviz.scenes.any_scene import growing_output
from convviz.scenes.echoes_scene import echo_sum
from convviz.scenes.layer_scenes import channels
from convviz.scenes.pixel_scenes import neurons, pixel_vector
from convviz.scenes.pooling_scene import pooling
from convviz.scenes.product_table_scene import product_table
from convviz.scenes.scene import Scene
from convviz.scenes.stamps_scene import stamps
from convviz.scenes.window_scenes import dot_product, sliding_window
from convviz.theme import DESKTOP, Look
from convviz.trace import Trace

__all__ = [
    "Scene",
    "channels",
    "default_scene",
    "dot_product",
    "echo_sum",
    "growing_output",
    "neurons",
    "pixel_vector",
    "pooling",
    "product_table",
    "sliding_window",
    "stamps",
]


_SCENES: dict[type[Trace[Any]], Callable[..., Scene]] = {
    WindowTrace: sliding_window,
    LayerTrace: channels,
    PointwiseTrace: neurons,
    StampTrace: stamps,
    PoolTrace: pooling,
    EchoTrace: echo_sum,
    OuterProductTrace: product_table,
}


def default_scene(trace: Trace[Any], look: Look = DESKTOP) -> Scene:
    """Show a trace in the way that suits its operation best; its growing output where there is no better one."""
    if isinstance(trace, LayerTrace | StampTrace | PoolTrace) and len(trace.geometry.axes) > 2:
        return growing_output(trace, look)
    return next((scene for kind, scene in _SCENES.items() if isinstance(trace, kind)), growing_output)(trace, look)
