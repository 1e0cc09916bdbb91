"""How a step looks: panels, and scenes made of panels. The only home of matplotlib.

A scene is a function ``scene(trace, look)`` that lays out a picture of a trace. `default_scene` picks the one that
suits a trace best. ``docs/scenes.md`` shows them all, and the code that makes each picture.
"""

from collections.abc import Callable
from typing import Any

from convviz.operations.convolution.correlate import WindowTrace
from convviz.operations.convolution.echoes import EchoTrace
from convviz.operations.convolution.frequency_response import FrequencyResponse
from convviz.operations.convolution.groupings import Groupings
from convviz.operations.convolution.outer_product import OuterProductTrace
from convviz.operations.convolution.spectrum import SpectrumTrace
from convviz.operations.layers.conv_layer import LayerTrace
from convviz.operations.layers.conv_transpose import StampTrace
from convviz.operations.layers.dense import DenseTrace
from convviz.operations.layers.elementwise import ElementwiseTrace
from convviz.operations.layers.pointwise import PointwiseTrace
from convviz.operations.layers.pool import PoolTrace
from convviz.operations.layers.receptive_field import SightTrace
from convviz.operations.layers.scale_shift import ScaleTrace
from convviz.operations.learning.descent import LearningTrace
from convviz.operations.learning.gradients import GradientTrace
from convviz.operations.learning.matrix_gradient import MatrixGradientTrace
from convviz.operations.learning.two_layers import NetworkTrace
from convviz.operations.libraries.model_trace import ModelTrace
from convviz.operations.matching.match_template import MatchTrace
from convviz.operations.matrix.matrix_view import MatrixTrace
from convviz.scenes.any_scene import growing_output
from convviz.scenes.cells_scene import cell_by_cell
from convviz.scenes.dense_scenes import dense_layer
from convviz.scenes.echoes_scene import echo_sum
from convviz.scenes.gradient_scenes import backward
from convviz.scenes.grouping_scenes import groupings
from convviz.scenes.layer_scenes import channels
from convviz.scenes.learning_scene import learning
from convviz.scenes.match_scene import matching
from convviz.scenes.matrix_gradient_scene import matrix_gradient
from convviz.scenes.matrix_scenes import matrix_products
from convviz.scenes.network_scene import two_layers
from convviz.scenes.pixel_scenes import neurons, pixel_vector
from convviz.scenes.pooling_scene import pooling
from convviz.scenes.product_table_scene import product_table
from convviz.scenes.scene import Scene
from convviz.scenes.sight_scenes import receptive_field
from convviz.scenes.spectrum_scenes import response, spectra
from convviz.scenes.stamps_scene import stamps
from convviz.scenes.strip_scene import layer_strip
from convviz.scenes.window_scenes import dot_product, sliding_window
from convviz.theme import DESKTOP, Look
from convviz.trace import Trace

__all__ = [
    "Scene",
    "backward",
    "cell_by_cell",
    "channels",
    "default_scene",
    "dense_layer",
    "dot_product",
    "echo_sum",
    "groupings",
    "growing_output",
    "layer_strip",
    "learning",
    "matching",
    "matrix_gradient",
    "matrix_products",
    "neurons",
    "pixel_vector",
    "pooling",
    "product_table",
    "receptive_field",
    "response",
    "sliding_window",
    "spectra",
    "stamps",
    "two_layers",
]


_SCENES: dict[type[Trace[Any]], Callable[..., Scene]] = {
    WindowTrace: sliding_window,
    LayerTrace: channels,
    PointwiseTrace: neurons,
    StampTrace: stamps,
    PoolTrace: pooling,
    EchoTrace: echo_sum,
    OuterProductTrace: product_table,
    MatrixTrace: matrix_products,
    GradientTrace: backward,
    MatrixGradientTrace: matrix_gradient,
    Groupings: groupings,
    SightTrace: receptive_field,
    DenseTrace: dense_layer,
    MatchTrace: matching,
    LearningTrace: learning,
    NetworkTrace: two_layers,
    SpectrumTrace: spectra,
    FrequencyResponse: response,
    ModelTrace: layer_strip,
    ElementwiseTrace: cell_by_cell,
    ScaleTrace: cell_by_cell,
}

_TITLES: dict[type[Trace[Any]], str] = {
    GradientTrace: "∂L/∂preactivation",
    MatrixGradientTrace: "∂L/∂weight, so far",
}
"""What the output of a trace is called where it is no layer's output."""


def default_scene(trace: Trace[Any], look: Look = DESKTOP) -> Scene:
    """Show a trace in the way that suits its operation best; its growing output where there is no better one."""
    geometry = getattr(trace.layer if isinstance(trace, GradientTrace) else trace, "geometry", None)
    if geometry is not None and len(geometry.axes) > 2:
        return growing_output(trace, look, _TITLES.get(type(trace), "Output"))
    return next((scene for kind, scene in _SCENES.items() if isinstance(trace, kind)), growing_output)(trace, look)
