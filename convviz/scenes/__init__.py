"""How a step looks: panels, and scenes made of panels. The only home of matplotlib."""

from collections.abc import Callable
from typing import Any

from convviz.operations.convolution.correlate import WindowTrace
from convviz.operations.convolution.frequency_response import FrequencyResponse
from convviz.operations.convolution.spectrum import SpectrumTrace
from convviz.operations.layers.conv_layer import LayerTrace
from convviz.operations.layers.pointwise import PointwiseTrace
from convviz.operations.learning.descent import LearningTrace
from convviz.operations.matching.match_template import MatchTrace
from convviz.scenes.any_scene import growing_output
from convviz.scenes.layer_scenes import channels
from convviz.scenes.learning_scene import learning
from convviz.scenes.match_scene import matching
from convviz.scenes.pixel_scenes import neurons, pixel_vector
from convviz.scenes.scene import Scene
from convviz.scenes.spectrum_scenes import response, spectra
from convviz.scenes.window_scenes import dot_product, sliding_window
from convviz.theme import DESKTOP, Look
from convviz.trace import Trace

__all__ = [
    "Scene",
    "channels",
    "default_scene",
    "dot_product",
    "growing_output",
    "learning",
    "matching",
    "neurons",
    "pixel_vector",
    "response",
    "sliding_window",
    "spectra",
]


_SCENES: dict[type[Trace[Any]], Callable[[Any, Look], Scene]] = {
    FrequencyResponse: response,
    LearningTrace: learning,
    MatchTrace: matching,
    SpectrumTrace: spectra,
}
"""What shows a trace best, for traces of which there is one kind alone."""


def default_scene(trace: Trace[Any], look: Look = DESKTOP) -> Scene:
    """Show a trace in the way that suits its operation best; its growing output where there is no better one."""
    if isinstance(trace, WindowTrace):
        return sliding_window(trace, look)
    if isinstance(trace, LayerTrace) and len(trace.geometry.axes) <= 2:
        return channels(trace, look)
    for kind, scene in _SCENES.items():
        if isinstance(trace, kind):
            return scene(trace, look)
    return neurons(trace, look) if isinstance(trace, PointwiseTrace) else growing_output(trace, look)
