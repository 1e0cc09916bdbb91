"""The scene of a backward pass: what each output cell adds to the gradients of weights, input and bias."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from convviz.operations.learning.gradient_step import flip_axes
from convviz.operations.learning.gradients import GradientTrace
from convviz.scenes.lens import Lens
from convviz.scenes.panels.marks import Block, Frame
from convviz.scenes.panels.part import Part
from convviz.scenes.panels.words import size
from convviz.scenes.parts.full_gradient import full_gradient_parts
from convviz.scenes.parts.sources import channel_thumbnails, input_parts
from convviz.scenes.scene import Scene
from convviz.terms import View
from convviz.theme import DESKTOP, Look
from convviz.trace import Array

_SAMPLED_STEPS = 12
_ADDED = "+→"
"""Between what a step adds and what all steps so far have added up to."""


def backward(trace: GradientTrace, look: Look = DESKTOP) -> Scene:
    """Show how a loss is traced back: the step's gradient times the window and times the kernel, and their totals.

    For `convviz.correlate` and `convviz.convolve`, the gradient of the input is also shown as a full convolution of the
    upstream gradient: each step completes one of its cells.

    Parameters
    ----------
    trace : GradientTrace
        Made by `convviz.gradients`, of a layer with one or two spatial axes.
    look : Look
        The room at hand.

    Examples
    --------
    >>> from convviz import correlate, gradients
    >>> scene = backward(gradients(correlate([1, 2, 3, 4], [5, 6]), [1, 0, -1]))
    >>> [panel.name for panel in scene.panels][:6]
    ['input', 'upstream', 'window', 'local', 'weight_part', 'weight']
    """
    lens = Lens(trace.layer, look, views=_views(trace))
    parts = _Backward(lens, trace)
    sources = [channel_thumbnails(lens)] if lens.is_deep else []
    sources += [input_parts(lens)[0], *parts.upstream()]
    gradients = [*parts.of_weight(), *parts.of_input(), *([] if lens.is_alone else parts.of_bias())]
    full = full_gradient_parts(lens, trace) if lens.is_alone else []
    shown = lens.channels if lens.is_deep else 0
    return Scene(trace, look, [*sources, *gradients, *full], written=None, channels=shown)


class _Backward:
    """The parts of a backward pass."""

    def __init__(self, lens: Lens, trace: GradientTrace) -> None:
        self.lens, self.trace = lens, trace
        self.of = "∂L/∂output" if trace.slope is None else "∂L/∂z"
        self.running = lru_cache(maxsize=4)(trace.running)
        every = max(1, len(trace) // _SAMPLED_STEPS)
        self.steps = [*trace[::every], trace[-1]]
        self.totals = [trace.running(step.index) for step in self.steps]

    def upstream(self) -> list[Part]:
        """Show the gradient that comes from above; of an activation, also its slope, and the product of both."""
        if self.trace.slope is None:
            return [replace(self._map("upstream", "Upstream", self.of, self.trace.upstream), edits="upstream")]
        upstream = self._map("upstream", "Upstream", "∂L/∂output", self.trace.upstream)
        slope = self._map("slope", "Slope", "of the activation", self.trace.slope, sign="×")
        local = self._map("local_map", self.of, "before the activation", self.trace.output, sign="=")
        return [replace(upstream, edits="upstream"), slope, local]

    def of_weight(self) -> list[Part]:
        """Show the window, the step's gradient, their product, and what the products have added up to."""
        lens, flip = self.lens, self.lens.layer.flip
        title = "Flipped window" if flip else "Window"

        def window(step: Any) -> Array:
            patch = step.patch.reshape(-1, *lens.kernel_shape)
            return flip_axes(patch, 1) if flip else patch

        def total(step: Any) -> Array:
            weight = self.running(step.index).weight
            return (weight if lens.is_alone else weight[lens.filter_of(step)]).reshape(-1, *lens.kernel_shape)

        weights = np.stack([total.weight for total in self.totals])
        return [
            self._slices("window", "input", title, "", lens.padded, window, begins=True),
            self._cell("local"),
            self._slices("weight_part", "products", "Product", "cell by cell", self._sample("weight_part"), sign="="),
            lens.in_turn(self._slices("weight", "kernel", "∂L/∂w", "so far", weights, total, sign=_ADDED)),
        ]

    def of_input(self) -> list[Part]:
        """Show the kernel, the step's gradient, their product, and what the products have added up to."""
        lens = self.lens
        title, note = ("Kernel" if lens.is_alone else "Filter"), ("flipped, as applied" if lens.layer.flip else "")
        kernel = self._slices("kernel", "kernel", title, note, lens.layer.kernel, begins=True)
        padded = np.stack([total.padded for total in self.totals])
        shape, border = (lens.shown.stop - lens.shown.start, *lens.padded.shape[1:]), lens.interior is not None
        what, sign = ("padded", "input", "∂L/∂x", "so far, with its border" if border else "so far"), _ADDED
        more = {"first": lens.shown.start, "captions": lens.captions("channel")}
        total = lens.part(*what, shape=shape, sample=padded, values=self._padded, sign=sign, **more)
        frame = Frame(block_of=lens.window_of, colour=lens.look.theme.kernel.strong)
        return [
            replace(lens.in_turn(kernel), edits="w"),
            self._cell("local_x"),
            self._slices("x_part", "products", "Product", "cell by cell", self._sample("x_part"), sign="="),
            replace(total, interior=lens.interior, marks=(*total.marks, frame)),
        ]

    def of_bias(self) -> list[Part]:
        """Show the step's gradient, and the total of all of the same filter so far."""

        def total(step: Any) -> Array:
            return np.asarray(self.running(step.index).bias[self.lens.filter_of(step)])

        value = self._cell("local_b")
        sample = np.stack([total.bias for total in self.totals])
        what = ("bias", "kernel", "∂L/∂bias", "so far")
        bias = self.lens.part(*what, shape=(), sample=sample, values=total, sign=_ADDED, follows=True)
        return [replace(value, plan=replace(value.plan, sign="", follows=False, begins=True)), self.lens.in_turn(bias)]

    def _map(self, name: str, title: str, note: str, values: Array, **plan: Any) -> Part:
        """Show numbers that belong to the cells of the output, those of the step's filter."""
        lens, maps = self.lens, values.reshape(self.lens.output.shape)

        def current(step: Any) -> Array:
            chosen: Array = maps[lens.filter_of(step)]
            return chosen

        what = (name, "output", title, f"{note}, {size(lens.layer.output.shape[1:])}")
        source = maps[0] if lens.filters == 1 else current
        part = lens.part(*what, shape=maps.shape[1:], sample=maps, values=source, **plan)
        return replace(lens.in_turn(part), marks=(Frame(block_of=self._cell_of, colour=part.plan.colour.strong),))

    def _cell_of(self, step: Any) -> Block:
        return slice(0, 1), *self.lens.cell_of(step)[1:]

    def _cell(self, name: str) -> Part:
        """Show the step's gradient alone."""
        plan: dict[str, Any] = {"sign": "×", "follows": True}
        values = self.trace.output
        return self.lens.part(name, "output", self.of, "", shape=(), sample=values, values=_value, **plan)

    def _slices(
        self, name: str, role: str, title: str, note: str, sample: Array, values_of: Any = None, **plan: Any
    ) -> Part:
        """Show numbers of the step that belong to the cells of the kernel, a slice for each channel."""
        lens, shown = self.lens, self.lens.shown
        source = values_of or (lambda step: getattr(step, name).reshape(-1, *lens.kernel_shape))
        shape, captions = (shown.stop - shown.start, *lens.kernel_shape), lens.captions()
        plan |= {"first": shown.start, "captions": captions, "follows": not plan.get("begins")}
        values = lens.spread(source, shown)
        return lens.part(name, role, title, note, shape=shape, sample=sample, values=values, **plan)

    def _padded(self, step: Any) -> Array:
        padded = self.running(step.index).padded
        return padded.reshape(self.lens.padded.shape)[self.lens.shown]

    def _sample(self, name: str) -> Array:
        return np.stack([getattr(step, name) for step in self.steps])


def _value(step: Any) -> Array:
    return np.asarray(step.value)


def _views(trace: GradientTrace) -> dict[str, View]:
    """Return what the panels show: parts belong to the step, totals do not."""
    views = trace.terms.views
    of_step, given = views["window"].fixed, views["given"]
    part = replace(given, fixed=of_step)
    locals_ = dict.fromkeys(("local", "local_x", "local_b"), views["total"])
    maps = dict.fromkeys(("upstream", "slope", "local_map"), views["map"])
    totals = {"weight": given, "padded": views["input"]}
    return {**locals_, **maps, **totals, "window": part, "weight_part": part, "x_part": views["products"]}
