"""The parts of a layer's pictures: each panel's plan, and where its numbers come from."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import Any

import numpy as np

from convviz.operations.layer import LayerTrace
from convviz.operations.layer_step import LayerStep
from convviz.scenes.layer_panels import CurrentMap, Links
from convviz.scenes.layout import READABLE_CELLS, SLICE_GAP_PX, readable, room, stackable
from convviz.scenes.panel import ChangingNumbers
from convviz.scenes.parts import Part, count, explained, limits, plan_of, size, widest
from convviz.scenes.window_panels import InputPanel, OutputPanel, Window
from convviz.theme import CELL_PX, NUMBER_PX, Look, Role
from convviz.trace import Array

MOST_STACKED = 4
"""More channels or maps than this are shown as thumbnails, and one of them large."""
THUMB_PX = 34.0
_SAMPLED_STEPS = 32
_BORDERS = {"zeros": "a zero border", "reflect": "a mirrored border", "replicate": "its edge cells again"}


class LayerParts:
    """Makes the parts of the pictures of one layer, for one look. 1D is lifted to a single row.

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
        self.padded, self.output = _lifted(trace.padded), _lifted(trace.output)
        self.kernels = np.expand_dims(trace.kernel, -2) if trace.kernel.ndim == 3 else trace.kernel
        self.stacked = self.channels <= MOST_STACKED
        self.channel = min(max(look.channel, 0), self.channels - 1)
        self.shown = slice(0, self.channels) if self.stacked else slice(self.channel, self.channel + 1)

    @cached_property
    def steps(self) -> Sequence[LayerStep]:
        """Some steps, to learn how wide numbers get."""
        return list(self.trace[:: max(1, len(self.trace) // _SAMPLED_STEPS)])

    @property
    def _slots(self) -> Array:
        """Nothing yet, in the shape of what is shown of a filter."""
        rows, columns = (1, *self.trace.geometry.kernel_shape)[-2:]
        return np.zeros((self.shown.stop - self.shown.start, rows, columns))

    def input(self, sign: str = "×") -> list[Part]:
        """Show the input; and the window by itself where the input is too large for numbers."""
        theme, rows, columns = self.look.theme, *(0, *self.trace.x.shape[1:])[-2:]
        shape = f"{rows}×{columns}" if self.trace.x.ndim > 2 else count(columns, "number")
        note = f"{count(self.channels, 'channel')}, {shape}" if self.stacked else shape
        if self.trace.padded.shape != self.trace.x.shape:
            note += f" in {_BORDERS.get(self.trace.padding_mode, 'a border')}"
        if any(self._unread):
            note = f"{size((self.channels, rows, columns))}, hatched: unread"
        title = "Input" if self.stacked else f"Channel {self.channel}"
        values = self.padded[self.shown]
        plan = plan_of("input", title, note, theme.input, values, sign=sign, first=self.shown.start)
        plan = replace(plan, keeps_next=not self.stacked, begins=not self.stacked)
        plan = replace(plan, captions=self._captions("channel") if self.stacked and self.channels > 1 else ())
        part = explained(plan, values, self.look), self._input_panel(values)
        if readable(plan, self.look.width):
            return [part]
        return [(replace(part[0], sign="→"), part[1]), self.patch(sign)]

    def patch(self, sign: str = "×") -> Part:
        """Show the window by itself."""
        plan = plan_of("patch", "Window", "under the filter", self.look.theme.input, self._slots, sign=sign)
        plan = replace(plan, number_em=widest(self.trace.padded), first=self.shown.start, keeps_next=not self.stacked)
        return self._changing(plan, "patch", self.trace.padded)

    def filter(self) -> Part:
        """Show the step's filter: a slice for each channel."""
        note = size(self.trace.weight.shape[1:]) if self.stacked else f"slice {self.channel}"
        note += ", turned by 180°" if self.trace.flip else ""
        title = f"Filter {self.filters - 1}" if self.filters > 1 else "Filter"
        plan = plan_of("kernel", title, note, self.look.theme.kernel, self._slots, sign="=", keeps_next=True)
        plan = replace(plan, number_em=widest(self.trace.kernel), first=self.shown.start)
        return self._changing(plan, "kernel", self.trace.kernel, title_of=self._title("Filter"))

    def products(self) -> Part:
        """Show the products, slice by slice."""
        sample = np.stack([step.products for step in self.steps])
        plan = plan_of("products", "Products", "cell by cell", self.look.theme.products, self._slots, sign="Σ→")
        plan = replace(plan, number_em=widest(sample), first=self.shown.start, keeps_next=self.stacked)
        return self._changing(plan, "products", sample)

    def sums(self) -> Part:
        """Show what the products of each channel add up to."""
        sample = np.stack([step.channel_sums for step in self.steps])
        note = "per channel" if self.channels > 1 else ""
        values = np.zeros((self.channels, 1, 1))
        plan = plan_of("sums", "Sums", note, self.look.theme.products, values, sign="Σ+" if self.channels > 1 else "+")
        plan = replace(plan, number_em=widest(sample))
        if not self.stacked:
            cell_px = max(CELL_PX[1], NUMBER_PX[1] * plan.number_em + 6) + SLICE_GAP_PX
            plan = replace(plan, across=self._fitting(cell_px), marked=self.channel, keeps_next=True, begins=True)
        part = self._spread(lambda step: step.channel_sums.reshape(-1, 1, 1), slice(0, self.channels))
        return plan, partial(ChangingNumbers, values_of=part, limits=(0.0, 1.0))

    def total(self) -> list[Part]:
        """Show the bias, the total, and what the activation makes of it."""
        theme, steps = self.look.theme, self.steps
        activation = steps[0].activation
        cells = [
            self._cell("bias", "Bias", theme.kernel, "=", [step.bias for step in steps]),
            self._cell("preactivation", "Total", theme.output, "→", [step.preactivation for step in steps]),
        ]
        if activation:
            cells.append(self._cell("value", activation, theme.output, "→", [step.value for step in steps]))
        *others, (last, panel) = cells
        return [*others, (replace(last, keeps_next=False), panel)]

    def maps(self, across: int = 1) -> list[Part]:
        """Show the feature maps, so many in a row; of many, thumbnails and the one that is filling up."""
        theme, shape = self.look.theme, size(self.trace.output.shape[1:])
        title = "Feature maps" if self.filters > 1 else "Feature map"
        plan = plan_of("output", title, f"{self.filters} of {shape}", theme.output, self.output)
        if self.filters == 1:
            plan = replace(plan, note=shape)
        rows = self.output.shape[1]
        if self.filters <= MOST_STACKED and (rows > READABLE_CELLS or stackable(self.filters, rows)):
            if self.filters > 1:
                plan = replace(plan, captions=self._captions("map", self.filters))
                beside = replace(plan, across=across)
                # saves room, but not at the price of the numbers
                fits = readable(beside, self.look.width) or not readable(plan, self.look.width)
                plan = beside if fits else plan
            return [(explained(plan, self.output, self.look), partial(OutputPanel, output=self.output))]
        large = replace(plan, title=f"Map {self.filters - 1}", note=shape, slices=1)
        panel = partial(
            CurrentMap,
            values_of=lambda step: self.output[step.position[0]],
            limits=limits(self.output),
            title_of=self._title("Map"),
        )
        return [
            (
                replace(self._thumbnails(plan, None), begins=True, keeps_next=True),
                partial(OutputPanel, output=self.output),
            ),
            (explained(large, self.output, self.look), panel),
        ]

    def thumbnails(self, *, marks: bool = True) -> list[Part]:
        """Show all channels, and the filter's slices for them, as thumbnails; mark the channel that stands large."""
        theme = self.look.theme
        note = f"{self.channels} channels"
        channels = plan_of("input", "Input", note, theme.input, self.padded)
        title = f"Filter {self.filters - 1}" if self.filters > 1 else "Filter"
        values = self._slots.repeat(self.channels, axis=0)
        slices = plan_of("kernel", title, f"a slice for each of {note}", theme.kernel, values)
        whole = slice(0, self.channels)
        changing = partial(ChangingNumbers, limits=limits(self.trace.kernel), title_of=self._title("Filter"))
        marked = self.channel if marks else None
        return [
            (self._thumbnails(channels, marked), self._input_panel(self.padded)),
            (
                self._thumbnails(slices, marked),
                partial(changing, values_of=self._spread(lambda step: _lifted(step.kernel), whole)),
            ),
        ]

    def links(self) -> Part:
        """Show which channels each map is made of."""
        each, made = self.trace.weight.shape[1], self.filters // self.trace.groups
        channels_of = [range(n // made * each, n // made * each + each) for n in range(self.filters)]
        values = np.zeros((max(self.channels, self.filters), 3))
        note = f"{self.trace.groups} groups" if self.trace.groups > 1 else "to maps"
        plan = plan_of("links", "Links", note, self.look.theme.kernel, values)
        panel = partial(Links, channels=self.channels, channels_of=channels_of, map_of=lambda step: step.position[0])
        return plan, panel

    def _input_panel(self, values: Array) -> Any:
        rows, columns = (slice(0, 1), *self.trace.geometry.interior)[-2:]
        return partial(
            InputPanel,
            padded=values,
            interior=(rows, columns),
            window_of=_window_of,
            unread=self._unread,
        )

    @cached_property
    def _unread(self) -> tuple[list[int], list[int]]:
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

    def _changing(self, plan: Any, name: str, values: Array, **how: Any) -> Part:
        panel = partial(
            ChangingNumbers,
            values_of=self._spread(lambda step: _lifted(getattr(step, name)), self.shown),
            limits=limits(values),
            **how,
        )
        return explained(plan, values, self.look), panel

    def _spread(self, values_of: Any, shown: slice) -> Any:
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

    def _cell(self, name: str, title: str, colour: Role, sign: str, values: Sequence[Any]) -> Part:
        plan = plan_of(name, title, "", colour, np.array(values).reshape(-1, 1)[:1], sign=sign, keeps_next=True)
        plan = replace(plan, number_em=widest(np.array(values)))
        return plan, partial(
            ChangingNumbers, values_of=lambda step: np.asarray(getattr(step, name)).reshape(1, 1), limits=(0.0, 1.0)
        )

    def _thumbnails(self, plan: Any, marked: int | None) -> Any:
        return replace(
            plan, across=self._fitting(THUMB_PX + SLICE_GAP_PX), thumb_px=THUMB_PX, marked=marked, captions=()
        )

    def _fitting(self, slice_px: float) -> int:
        """Tell how many slices of this width to set in a row."""
        return next((n for n in (16, 8, 4, 2) if n * slice_px <= room(self.look.width)), 1)

    def _captions(self, what: str, number: int | None = None) -> tuple[str, ...]:
        numbers = range(self.channels if number is None else number)
        named = self.names if what == "channel" and len(self.names) == len(numbers) else ()
        return tuple(f"{what} {n}" + (f", {named[n]}" if named else "") for n in numbers)

    def _title(self, what: str) -> Any:
        return (lambda step: f"{what} {step.position[0]}") if self.filters > 1 else None


def _lifted(values: Array) -> Array:
    """See slices of a signal as slices of a single row."""
    return values if values.ndim > 2 else values[:, None, :]


def _window_of(step: LayerStep) -> Window:
    rows, columns = (slice(0, 1), *step.window[1:])[-2:]
    return step.window[0], rows, columns
