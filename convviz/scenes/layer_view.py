"""What a picture must know of a layer: its numbers in slices, and which of them there is room to show large."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from convviz.operations.layers.conv_layer import LayerTrace
from convviz.operations.layers.layer_step import LayerStep
from convviz.scenes.layout.arrange import room
from convviz.scenes.panels.window_panels import Window
from convviz.theme import Look
from convviz.trace import Array

MOST_STACKED = 4
"""More channels or maps than this are shown as thumbnails, and one of them large."""
_SAMPLED_STEPS = 32


class LayerView:
    """What is to be known of a layer to lay out a picture of it, for one look. 1D is lifted to a single row.

    Parameters
    ----------
    trace : LayerTrace
        A layer with one or two spatial axes.
    look : Look
        The room at hand, and which channel to show large where there are too many.
    names : sequence of str
        What the channels are called, where they have names.
    """

    def __init__(self, trace: LayerTrace, look: Look, names: Sequence[str] = ()) -> None:
        self.trace, self.look, self.names = trace, look, names
        self.channels, self.filters = len(trace.x), len(trace.output)
        self.padded, self.output = lifted(trace.padded), lifted(trace.output)
        self.stacked = self.channels <= MOST_STACKED
        self.channel = min(max(look.channel, 0), self.channels - 1)
        self.shown = slice(0, self.channels) if self.stacked else slice(self.channel, self.channel + 1)

    @cached_property
    def steps(self) -> Sequence[LayerStep]:
        """Some steps, to learn how wide numbers get."""
        return list(self.trace[:: max(1, len(self.trace) // _SAMPLED_STEPS)])

    @property
    def slots(self) -> Array:
        """Nothing yet, in the shape of what is shown of a filter."""
        rows, columns = (1, *self.trace.geometry.kernel_shape)[-2:]
        return np.zeros((self.shown.stop - self.shown.start, rows, columns))

    @cached_property
    def unread(self) -> tuple[list[int], list[int]]:
        """Find the rows and columns of the bordered input that no window reads, nor a copy of them."""
        lines = []
        for axis, origin in zip(self.trace.geometry.axes, self.trace.origins, strict=True):
            windows = np.arange(axis.output) * axis.stride
            read = np.zeros(axis.padded, dtype=bool)
            read[(windows[:, None] + np.arange(axis.kernel) * axis.dilation).ravel()] = True
            copies = np.isin(origin, origin[read]) & (origin >= 0)
            copies[: axis.before] = copies[axis.before + axis.size :] = False
            lines.append([int(line) for line in np.flatnonzero(~(read | copies))])
        rows, columns = ([], *lines)[-2:]
        return rows, columns

    def spread(self, values_of: Any, shown: slice) -> Any:
        """Lay what a step has for the channels of its group beside nothing for the others, and cut out those shown."""
        if self.trace.groups == 1:
            return lambda step: values_of(step)[shown]

        def spread(step: LayerStep) -> Array:
            values = values_of(step)
            every = np.zeros((self.channels, *values.shape[1:]), values.dtype)
            unread = np.ones(every.shape, dtype=bool)
            every[step.window[0]], unread[step.window[0]] = values, False
            return np.ma.masked_array(every, unread)[shown]

        return spread

    def fitting(self, slice_px: float) -> int:
        """Tell how many slices of this width to set in a row."""
        return next((n for n in (16, 8, 4, 2) if n * slice_px <= room(self.look.width)), 1)

    def captions(self, what: str, number: int | None = None) -> tuple[str, ...]:
        """Say what stands above each slice: 'channel 0, red'; as many as there are channels, or ``number``."""
        numbers = range(self.channels if number is None else number)
        named = self.names if what == "channel" and len(self.names) == len(numbers) else ()
        return tuple(f"{what} {n}" + (f", {named[n]}" if named else "") for n in numbers)

    def title(self, what: str) -> Callable[[LayerStep], str] | None:
        """Give what makes a title of each step, 'Filter 3'; nothing where there is but one filter."""
        return (lambda step: f"{what} {step.position[0]}") if self.filters > 1 else None


def lifted(values: Array) -> Array:
    """See slices of a signal as slices of a single row."""
    return values if values.ndim > 2 else values[:, None, :]


def window_of(step: LayerStep) -> Window:
    """Tell which channels, rows and columns a step reads."""
    rows, columns = (slice(0, 1), *step.window[1:])[-2:]
    return step.window[0], rows, columns
