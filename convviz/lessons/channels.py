"""Lesson 05: a layer along its depth, with everything about it to be changed."""

from functools import partial
from typing import Any

import ipywidgets
import numpy as np

from convviz import samples
from convviz.lessons.counts import parameters_html
from convviz.lessons.layer_form import LayerForm
from convviz.lessons.layer_lines import layer_lines_html
from convviz.lessons.layer_spec import LayerSpec
from convviz.lessons.prediction import Prediction
from convviz.lessons.questions import MapCount
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.layers.conv_layer import LayerTrace
from convviz.player import Player
from convviz.scenes import channels
from convviz.trace import Array

_RGB = ("red", "green", "blue")


class Channels(ipywidgets.VBox):
    """Follow one filter along the depth of its input, to one cell of one feature map.

    Parameters
    ----------
    x : array-like, shape (channels, rows, columns), optional
        Input to begin with; a small colour picture if left out.
    weight : array-like, shape (filters, channels / groups, rows, columns), optional
        Filters to begin with; a single one if left out, or one for each group.
    bias : array-like, shape (filters,), optional
        A number for each filter; 1 for the single one, else 0, if left out.
    stride, padding, groups : int
        As for `convviz.conv_layer`.
    activation : str, optional
        'relu', 'sigmoid', 'tanh' or None.

    Examples
    --------
    >>> lesson = Channels()
    >>> lesson.player.trace.output.shape
    (1, 4, 4)
    >>> lesson.form.numbers["filters"].value = 8
    >>> "3·3·3·8 + 8 = 224" in lesson.counts.value
    True
    """

    def __init__(
        self,
        x: Any = None,
        weight: Any = None,
        bias: Any = None,
        *,
        stride: int = 1,
        padding: int = 0,
        groups: int = 1,
        activation: str | None = "relu",
    ) -> None:
        x = next(iter(samples.COLOUR_INPUTS.values()))() if x is None else as_numbers("x", x, dimensions=(3,))
        weight = _filters(len(x), groups) if weight is None else as_numbers("weight", weight, dimensions=(4,))
        if bias is None:
            bias = np.ones(1, int) if len(weight) == 1 else np.zeros(len(weight), int)
        spec = LayerSpec(
            x=x,
            weight=weight,
            bias=as_numbers("bias", bias, dimensions=(1,)),
            stride=stride,
            padding=padding,
            groups=groups,
            activation=activation,
        )
        self.player = Player(spec.trace(), scene=partial(channels, names=_RGB))
        self.form = LayerForm(spec, self._changed)
        self.prediction = Prediction(self.player)
        self.map_count = Prediction(self.player, MapCount())
        self.counts = ipywidgets.HTML()
        self.libraries = ipywidgets.HTML()
        super().__init__([self.form, self.player, self.prediction, self.map_count])
        self.add_class("convviz-explorer")
        self._comment()

    def _changed(self, spec: LayerSpec) -> None:
        self.player.trace = spec.trace()
        self._comment()

    def _comment(self) -> None:
        trace = self.player.trace
        assert isinstance(trace, LayerTrace)
        self.counts.value = parameters_html(trace)
        self.libraries.value = layer_lines_html(trace)


def _filters(channels: int, groups: int) -> Array:
    """Choose filters to begin with: the one for colours, or as many as groups need."""
    if (channels, groups) == (len(_RGB), 1):
        return next(iter(samples.FILTERS.values()))()
    return samples.filter_bank(groups, max(1, channels // groups))
