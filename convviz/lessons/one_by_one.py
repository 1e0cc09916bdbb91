"""Lesson 06: a 1×1 convolution, and a dense layer with the same weights at every pixel."""

from typing import Any

import ipywidgets
import numpy as np

from convviz import samples
from convviz.lessons.counts import separable_html
from convviz.lessons.layer_form import LayerForm
from convviz.lessons.layer_lines import layer_lines_html
from convviz.lessons.layer_spec import LayerSpec
from convviz.lessons.prediction import Prediction
from convviz.lessons.questions import MapCount
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.layers.conv_layer import LayerTrace
from convviz.operations.layers.pointwise import PointwiseTrace, pointwise_dense
from convviz.player import Player
from convviz.scenes import neurons, pixel_vector

_SIDE = 12
"""Longest side of a loaded picture: the dense layer is worked out anew at each of its pixels."""

_BIAS = (1, 0, 2, -3)
"""One for each of the mixers, so that there is one to be forgotten."""


class OneByOne(ipywidgets.VBox):
    """Set a 1×1 convolution beside the dense layer that does the same at each pixel.

    Parameters
    ----------
    x : array-like, shape (channels, rows, columns), optional
        Input to begin with; a small colour picture if left out.
    weight : array-like, shape (filters, channels), optional
        The weight matrix to begin with; four mixers of colours if left out.
    bias : array-like, shape (filters,), optional
        A number for each filter; 0 if left out with a matrix of your own.
    activation : str, optional
        'relu', 'sigmoid', 'tanh' or None.

    Examples
    --------
    >>> lesson = OneByOne()
    >>> lesson.convolution.trace.output.shape
    (4, 6, 6)
    >>> "equal" in lesson.verdict.value
    True
    """

    def __init__(self, x: Any = None, weight: Any = None, bias: Any = None, *, activation: str | None = None) -> None:
        x = next(iter(samples.COLOUR_INPUTS.values()))() if x is None else as_numbers("x", x, dimensions=(3,))
        if weight is None:
            bias = _BIAS if bias is None else bias
            weight = samples.FILTERS["1×1 colour mixers"]() if len(x) == 3 else samples.filter_bank(4, len(x), 1)
        else:
            weight = _filters(weight)
        spec = LayerSpec(
            x=x,
            weight=weight,
            bias=np.zeros(len(weight), int) if bias is None else as_numbers("bias", bias, dimensions=(1,)),
            activation=activation,
        )
        self.convolution = Player(spec.trace(), scene=pixel_vector)
        self.dense = Player(_dense(spec), scene=neurons, controls=False)
        self.convolution.add_class("convviz-main")
        self.dense.add_class("convviz-aside")
        for trait in ("index", "hover"):
            ipywidgets.jslink((self.convolution, trait), (self.dense, trait))
        self.form = LayerForm(spec, self._changed, pointwise=True, side=_SIDE)
        self.prediction = Prediction(self.convolution)
        self.map_count = Prediction(self.convolution, MapCount())
        self.verdict, self.savings, self.libraries = (ipywidgets.HTML() for _ in range(3))
        self.verdict.add_class("convviz-verdict")
        pictures = ipywidgets.HBox([self.convolution, self.dense])
        pictures.add_class("convviz-pictures")
        super().__init__([self.form, pictures, self.verdict, self.prediction, self.map_count])
        self.add_class("convviz-explorer")
        self._comment()

    def _changed(self, spec: LayerSpec) -> None:
        trace, dense = spec.trace(), _dense(spec)
        self.convolution.trace = trace
        self.dense.trace = dense
        self._comment()

    def _comment(self) -> None:
        trace, dense = self.convolution.trace, self.dense.trace
        assert isinstance(trace, LayerTrace)
        assert isinstance(dense, PointwiseTrace)
        self.verdict.value = _verdict(trace, dense)
        self.savings.value = separable_html(trace)
        self.libraries.value = layer_lines_html(trace)


def _filters(weight: Any) -> Any:
    return as_numbers("weight", weight, dimensions=(2,))[:, :, None, None]


def _dense(spec: LayerSpec) -> PointwiseTrace:
    return pointwise_dense(spec.x, spec.weight[:, :, 0, 0], spec.bias, spec.activation)


def _verdict(trace: LayerTrace, dense: PointwiseTrace) -> str:
    pixels, numbers = trace.output[0].size, trace.output.size
    shapes = " → ".join("×".join(map(str, shape)) for shape in (trace.x.shape, trace.output.shape))
    if np.array_equal(trace.output, dense.output):
        equal = "equal in every one"
    elif np.allclose(trace.output, dense.output, rtol=1e-12):
        equal = "equal in every one, but for the rounding of floats"
    else:
        differ = int((trace.output != dense.output).sum())
        equal = f"different in {differ}"
    return (
        f"<b>The 1×1 convolution, and the dense layer at each of the {pixels} pixels:</b> {numbers} numbers, {equal}. "
        f"Shape {shapes}: the depth goes from {len(trace.x)} to {len(trace.output)}; height and width stay."
    )
