"""Lesson 06: a 1×1 convolution, and a dense layer with the same weights at every pixel."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar

import numpy as np

from convviz import samples
from convviz.lessons import groups
from convviz.lessons.controls import Group
from convviz.lessons.lesson import Lesson
from convviz.lessons.note import Note
from convviz.lessons.notes import library_calls_html, pointwise_verdict, separable_html
from convviz.lessons.picture import Picture
from convviz.lessons.states import LayerState
from convviz.lessons.states.state import Samples
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.layers.pointwise import PointwiseTrace, pointwise_dense
from convviz.questions import map_count, next_cell
from convviz.scenes import neurons, pixel_vector

_SIDE = 12
"""Longest side of a loaded picture: the dense layer is computed again at each of its pixels."""
_BIAS = (1, 0, 2, -3)
"""A number for each of the mixers, so that there is one to be forgotten."""


@dataclass(frozen=True, eq=False, kw_only=True)
class PointwiseState(LayerState):
    """A layer whose kernels have a single cell."""

    ready_made: ClassVar[Mapping[str, Samples]] = MappingProxyType(
        {
            "x": samples.COLOUR_INPUTS,
            "w": {title: make for title, make in samples.FILTERS.items() if make().shape[2:] == (1, 1)},
        }
    )

    def dense(self) -> PointwiseTrace:
        """Compute the dense layer at each pixel."""
        return pointwise_dense(self.x, self.w[:, :, 0, 0], self.bias, self.activation)


class OneByOne(Lesson[PointwiseState]):
    """Compare a 1×1 convolution with the dense layer that does the same at each pixel.

    Parameters
    ----------
    x : array-like, shape (channels, rows, columns), optional
        The input to begin with; a small colour picture if left out.
    w : array-like, shape (filters, channels), optional
        The weight matrix to begin with; four mixers of colours if left out.
    bias : array-like, shape (filters,), optional
        A number for each filter; zeros if left out with a matrix of your own.
    activation : str, optional
        'relu', 'sigmoid', 'tanh' or None.

    Examples
    --------
    >>> lesson = OneByOne()
    >>> lesson.traces["convolution"].output.shape
    (4, 6, 6)
    """

    pictures = (
        Picture(name="convolution", trace=PointwiseState.trace, scene=pixel_vector, title="A 1×1 convolution"),
        Picture(name="dense", trace=PointwiseState.dense, scene=neurons, title="A dense layer at this pixel"),
    )
    controls = (
        Group(title="The layer", controls=(groups.CHANNELS, groups.FILTERS, groups.ACTIVATION)),
        Group(title="Change the numbers", controls=groups.numbers(_SIDE), opened=False),
    )
    questions = (
        lambda traces, step: next_cell(traces["convolution"], step + 1),
        lambda traces, _: map_count(traces["convolution"]),
    )
    notes = (
        Note(
            name="verdict", text=lambda _, traces: pointwise_verdict(traces["convolution"], traces["dense"]), below=True
        ),
        Note(name="savings", text=lambda _, traces: separable_html(traces["convolution"])),
        Note(name="code", text=lambda _, traces: library_calls_html(traces["convolution"])),
    )
    hint = groups.EDIT_HINT

    def __init__(self, x: Any = None, w: Any = None, bias: Any = None, *, activation: str | None = None) -> None:
        x = samples.picture("apple") if x is None else as_numbers("x", x, (3,))
        bias = _BIAS if bias is None and w is None and len(x) == len(_BIAS) - 1 else bias
        if w is None:
            w = samples.FILTERS["1×1 colour mixers"]() if len(x) == 3 else samples.filter_bank(4, len(x), 1)
        else:
            w = as_numbers("w", w, (2,))[:, :, None, None]
        bias = np.zeros(len(w), int) if bias is None else as_numbers("bias", bias, (1,))
        super().__init__(PointwiseState(x=x, w=w, bias=bias, activation=activation))
