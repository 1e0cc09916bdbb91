"""What a picture must know of a sliding kernel, of one or of many: every one is a layer, and every signal one row."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from convviz.numerals import rounding
from convviz.operations.convolution.correlate import WindowTrace
from convviz.operations.layers.as_layer import as_layer
from convviz.operations.layers.conv_layer import LayerTrace
from convviz.operations.layers.window_sums import window_sums
from convviz.scenes.layout.arrange import side_by_side
from convviz.scenes.panels.cells import bare
from convviz.scenes.panels.marks import Block
from convviz.scenes.panels.part import Part
from convviz.scenes.panels.words import explained, planned
from convviz.terms import View
from convviz.theme import Look
from convviz.trace import Array

MOST_ALIKE = 4
"""More channels or maps than this are shown as thumbnails, and one of them large."""
_SAMPLED_STEPS = 32
_VIEWS = {"channels": "input", "kernels": "kernel", "pixel": "window", "sum": "total", "value": "total"}
"""Panels whose cells stand for what others do."""


class Lens:
    """A trace as pictures see it: channels of rows and columns, filters, and which of them there is room to show large.

    One kernel on one input is seen as a layer of one channel and one filter. Where there are too many channels,
    ``look.channel`` is the one to show large; ``names`` is what they are called, where they have names. ``views`` say
    what panels show that are not among those of the trace's terms, by their names. A layer of one channel and one
    filter without a bias may be shown ``alone``, as a kernel is.
    """

    def __init__(
        self,
        trace: WindowTrace | LayerTrace,
        look: Look,
        names: Sequence[str] = (),
        views: Mapping[str, View] | None = None,
        *,
        alone: bool = False,
    ) -> None:
        self.trace, self.look, self.layer = trace, look, as_layer(trace)
        self.views = {**trace.terms.views, **(views or {})}
        self.is_alone = self.layer.bare or alone
        self.channels, self.filters = len(self.layer.x), len(self.layer.output)
        self.padded, self.output = _as_rows(self.layer.padded), _as_rows(self.layer.output)
        self.kernel_shape: tuple[int, ...] = (1, *self.layer.geometry.kernel_shape)[-2:]
        self.is_deep = self.channels > MOST_ALIKE
        self.channel = min(max(look.channel, 0), self.channels - 1)
        self.shown = slice(self.channel, self.channel + 1) if self.is_deep else slice(0, self.channels)
        self._names = names if len(names) == self.channels else ()

    @cached_property
    def steps(self) -> Sequence[Any]:
        """Some steps, to learn how wide numbers get."""
        return list(self.trace[:: max(1, len(self.trace) // _SAMPLED_STEPS)])

    @property
    def interior(self) -> tuple[slice, slice] | None:
        """Rows and columns of the input that are no border, if it has one."""
        rows, columns = (slice(0, 1), *self.layer.geometry.interior)[-2:]
        return (rows, columns) if self.layer.padded.shape != self.layer.x.shape else None

    @cached_property
    def unread(self) -> tuple[list[int], list[int]]:
        """The rows and columns of the bordered input that no window reads, nor a copy of them."""
        lines = []
        for axis, origin in zip(self.layer.geometry.axes, self.layer.origins, strict=True):
            read = np.zeros(axis.padded, dtype=bool)
            read[(np.arange(axis.output)[:, None] * axis.stride + np.arange(axis.kernel) * axis.dilation).ravel()] = (
                True
            )
            copies = np.isin(origin, origin[read]) & (origin >= 0)
            copies[: axis.before] = copies[axis.before + axis.size :] = False
            lines.append([int(line) for line in np.flatnonzero(~(read | copies))])
        rows, columns = ([], *lines)[-2:]
        return rows, columns

    @cached_property
    def within(self) -> Array:
        """How far rounding can have moved each output cell; no further than usual where an activation made it anew."""
        bias = getattr(self.trace, "bias", np.zeros(self.filters))
        padded, kernel, bias = (np.abs(a.astype(float)) for a in (self.layer.padded, self.layer.kernel, bias))
        with np.errstate(over="ignore", invalid="ignore"):
            size = _as_rows(window_sums(padded, kernel, bias, self.layer.geometry))
        is_passed_on = np.abs(self.output) == np.abs(_as_rows(self.layer.preactivation))
        return np.where(is_passed_on, rounding(kernel[0].size + (not self.is_alone), size), 0.0)

    def sample(self, name: str) -> Array:
        """Return an array of some steps, to learn how wide its numbers get."""
        return np.stack([getattr(step, name) for step in self.steps])

    def filter_of(self, step: Any) -> int:
        """Return the filter that a step applies."""
        return 0 if self.layer.bare else int(step.position[0])

    def group_of(self, step: Any) -> slice:
        """Return the channels that a step reads."""
        return self.layer.channels_of(self.filter_of(step))

    def window_of(self, step: Any) -> Block:
        """Return what a step reads of the bordered input."""
        rows, columns = (slice(0, 1), *step.window[0 if self.layer.bare else 1 :])[-2:]
        return self.group_of(step), rows, columns

    def border_of(self, step: Any) -> Array:
        """Return which cells of the window are padding, in the slices that are shown."""
        outside = [
            [not inner.start <= at < inner.stop for at in range(*along.indices(along.stop))]
            for along, inner in zip(self.window_of(step)[1:], self.interior or (), strict=True)
        ]
        return np.broadcast_to(np.logical_or.outer(*outside), (self.shown.stop - self.shown.start, *self.kernel_shape))

    def cell_of(self, step: Any) -> Block:
        """Return the output cell that a step fills."""
        made, (row, column) = self.filter_of(step), (0, *step.position[0 if self.layer.bare else 1 :])[-2:]
        return slice(made, made + 1), slice(row, row + 1), slice(column, column + 1)

    def spread(self, values_of: Callable[[Any], Array], shown: slice) -> Callable[[Any], Array]:
        """Put what a step has for the channels of its group beside nothing for the others, and cut out those shown."""

        def spread(step: Any) -> Array:
            values, group = values_of(step), self.group_of(step)
            if self.layer.groups == 1:
                return values[shown]
            every, unread = np.zeros((2, self.channels, *values.shape[1:]), values.dtype)
            every[group], unread[...], unread[group] = values, 1, 0
            return np.ma.masked_array(every, unread)[shown]

        return spread

    def part(self, *what: str, shape: Sequence[int], sample: Array, values: Any, **plan: Any) -> Part:
        """Plan a panel: its slices side by side, those of a signal, which are single rows, one below the other.

        ``what`` are its name, its part of the story, its title and its note; ``shape`` is that of its slices, rows and
        columns (or fewer), and ``sample`` holds numbers as wide, as low and as high as those that are shown.
        """
        name, role, *words = what
        colour = getattr(self.look.theme, role)
        made = planned(name, *words, shape=shape, numbers=sample, colour=colour, **plan)
        if made.slices > 1 and not made.thumb_px and self.padded.shape[1] > 1:
            made = side_by_side(made, self.look.width)
        view = self.views[_VIEWS.get(name, name)]
        view = view if view.shape[0] == made.slices else view.only_slice(self.channel)
        marks = (bare,) if callable(values) and self.layer.groups > 1 else ()
        return explained(Part(plan=made, values=values, view=view, marks=marks), sample, self.look)

    def of_step(self, array: str, *what: str, sample: Array, every: bool = False, **plan: Any) -> Part:
        """Plan a panel for an array of the step that has the shape of the filter, or of ``every`` channel of it."""
        shown = slice(0, self.channels) if every else self.shown
        values = self.spread(lambda step: getattr(step, array).reshape(-1, *self.kernel_shape), shown)
        shape, first = (shown.stop - shown.start, *self.kernel_shape), shown.start
        return self.part(*what, shape=shape, sample=sample, values=values, first=first, **plan)

    def in_turn(self, part: Part) -> Part:
        """Let the title of a panel say which filter the step applies, where there are several."""
        if self.filters == 1:
            return part
        return replace(part, plan=replace(part.plan, takes_turns=self.filters), number=self.filter_of)

    def captions(self, of: str = "") -> tuple[str, ...]:
        """Return what stands above each slice: 'channel 0, red' above the input's, in short 'red' above the others."""
        if self.channels == 1 or self.is_deep:
            return ()
        if of:
            return tuple(f"{of} {n}" + (f", {self._names[n]}" if self._names else "") for n in range(self.channels))
        if self.padded.shape[1] == 1:  # they stand one below the other, beside those of the input
            return ("",) * self.channels
        return tuple(self._names or map(str, range(self.channels)))


def _as_rows(values: Array) -> Array:
    """See slices of a signal as slices of a single row."""
    return values if values.ndim > 2 else values[:, None, :]
