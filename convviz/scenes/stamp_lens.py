"""What a picture must know of a transposed convolution: its slices, and which of them there is room to show."""

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from convviz.numerals import rounding, settle
from convviz.operations.layers.conv_transpose import StampTrace
from convviz.operations.layers.stamps import stamp
from convviz.scenes.layout.arrange import readable
from convviz.scenes.panels.marks import Block
from convviz.scenes.panels.part import Part
from convviz.scenes.parts.slices import MOST_ALIKE, a_few, plain_part
from convviz.theme import Look
from convviz.trace import Array


class StampLens:
    """A transposed convolution as its picture sees it: slices of rows and columns, and which of them are shown."""

    def __init__(self, trace: StampTrace, look: Look) -> None:
        self.trace, self.look, self.views = trace, look, trace.terms.views
        self.count = len(trace.output)
        self.is_deep = self.count > MOST_ALIKE
        first = min(max(look.channel, 0), self.count - 1) if self.is_deep else 0
        self.shown = slice(first, first + 1) if self.is_deep else slice(0, self.count)
        self.has_bias, self.is_cut = bool(trace.bias.any()), trace.full.shape != trace.output.shape
        self.steps = a_few(trace)

    @cached_property
    def within(self) -> Array:
        """How far rounding can have moved each cell."""
        x, weight = (np.abs(array.astype(float)) for array in (self.trace.x, self.trace.weight))
        with np.errstate(over="ignore", invalid="ignore"):
            most = stamp(x, weight, self.trace.groups, self.trace.geometry, self.trace.full.shape[1:])
        bias = np.abs(self.trace.bias.astype(float)).reshape(-1, *(1,) * (most.ndim - 1))
        return np.asarray(rounding(weight[:, 0].size + 1, most + bias))

    @property
    def captions(self) -> tuple[str, ...]:
        """What stands above each slice."""
        return () if self.count == 1 or self.is_deep else tuple(f"channel {number}" for number in range(self.count))

    def part(self, name: str, role: str, title: str, note: str, *, shape: Any, view: str = "", **more: Any) -> Part:
        """Plan a panel with a slice for each output channel that is shown."""
        seen = self.views[view or name]
        seen = seen if seen.shape[0] == self.shown.stop - self.shown.start else seen.only_slice(self.shown.start)
        shape, captions = (self.shown.stop - self.shown.start, *(1, 1, *shape)[-2:]), self.captions
        more |= {"first": self.shown.start, "captions": captions, "view": seen, "shape": shape}
        return plain_part(self.look, name, role, title, note, **more)

    def spread(self, values_of: Callable[[Any], Array]) -> Callable[[Any], Array]:
        """Put what a step has for the channels of its group beside nothing for the others, and cut out those shown."""

        def spread(step: Any) -> Array:
            values, group = values_of(step), step.window[0]
            if self.trace.groups == 1:
                return values[self.shown]
            every = np.ma.masked_array(np.zeros((self.count, *values.shape[1:]), values.dtype), mask=True)
            every[group] = values
            return np.ma.masked_array(every[self.shown])

        return spread

    def place_of(self, step: Any) -> Block:
        """Return where a step's stamp is."""
        channels, *along = step.window
        rows, columns = (slice(0, 1), *along)[-2:]
        return channels, rows, columns

    def in_place(self, part: Part, values: Callable[[Any], Array], marks: tuple[Any, ...]) -> Part:
        """Settle what a panel of sums shows, if it has room for numbers."""
        crop = self.trace.crop if part.plan.name == "output" else (slice(None),) * self.trace.full.ndim
        is_settled = self.trace.output.dtype.kind == "f" and readable(part.plan, self.look.width)

        def settled(step: Any) -> Array:
            sums = values(step)
            if not is_settled:
                return sums[self.shown]
            numbers = settle(np.ma.getdata(sums)[self.shown], self.within[crop][self.shown])
            return np.ma.masked_array(numbers, np.ma.getmaskarray(sums)[self.shown])

        return replace(part, values=settled, wait=True, marks=marks)
