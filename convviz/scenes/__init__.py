"""How a step looks: panels, and scenes made of panels. The only home of matplotlib."""

from typing import Any

from convviz.operations.convolution.correlate import WindowTrace
from convviz.operations.convolution.groupings import Groupings
from convviz.operations.layers.conv_layer import LayerTrace
from convviz.operations.layers.dense import DenseTrace
from convviz.operations.layers.pointwise import PointwiseTrace
from convviz.operations.layers.receptive_field import SightTrace
from convviz.operations.learning.gradients import GradientTrace
from convviz.operations.matrix.matrix_view import MatrixTrace
from convviz.scenes.any_scene import growing_output
from convviz.scenes.dense_scenes import dense_layer
from convviz.scenes.gradient_scenes import backward
from convviz.scenes.grouping_scenes import groupings
from convviz.scenes.layer_scenes import channels
from convviz.scenes.matrix_scenes import matrix_products
from convviz.scenes.pixel_scenes import neurons, pixel_vector
from convviz.scenes.scene import Scene
from convviz.scenes.sight_scenes import receptive_field
from convviz.scenes.window_scenes import dot_product, sliding_window
from convviz.theme import DESKTOP, Look
from convviz.trace import Trace

__all__ = [
    "Scene",
    "backward",
    "channels",
    "default_scene",
    "dense_layer",
    "dot_product",
    "groupings",
    "growing_output",
    "matrix_products",
    "neurons",
    "pixel_vector",
    "receptive_field",
    "sliding_window",
]


def default_scene(trace: Trace[Any], look: Look = DESKTOP) -> Scene:
    """Show a trace in the way that suits its operation best; its growing output where there is no better one."""
    if isinstance(trace, WindowTrace):
        return sliding_window(trace, look)
    if isinstance(trace, LayerTrace) and len(trace.geometry.axes) <= 2:
        return channels(trace, look)
    if isinstance(trace, MatrixTrace) and len(trace.geometry.axes) <= 2:
        return matrix_products(trace, look)
    if isinstance(trace, GradientTrace):
        is_flat = len(trace.layer.geometry.axes) <= 2
        return backward(trace, look) if is_flat else growing_output(trace, look, "∂L/∂preactivation")
    if isinstance(trace, Groupings):
        return groupings(trace, look)
    if isinstance(trace, SightTrace):
        return receptive_field(trace, look)
    if isinstance(trace, DenseTrace):
        return dense_layer(trace, look)
    return neurons(trace, look) if isinstance(trace, PointwiseTrace) else growing_output(trace, look)
