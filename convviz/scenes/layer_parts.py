"""The parts of a layer's pictures: each panel's plan, and where its numbers come from."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from convviz.scenes.layer_view import MOST_STACKED, LayerView, lifted, window_of
from convviz.scenes.layout.arrange import READABLE_CELLS, SLICE_GAP_PX, readable, stackable
from convviz.scenes.layout.box import Plan
from convviz.scenes.panels.layer_panels import CurrentMap, Links
from convviz.scenes.panels.panel import ChangingNumbers
from convviz.scenes.panels.parts import PanelMaker, Part, count, explained, limits, plan_of, size, widest
from convviz.scenes.panels.window_panels import InputPanel, OutputPanel
from convviz.theme import CELL_PX, NUMBER_PX, Role
from convviz.trace import Array

THUMB_PX = 34.0
_BORDERS = {"zeros": "a zero border", "reflect": "a mirrored border", "replicate": "its edge cells again"}


def input_parts(view: LayerView, sign: str = "×") -> list[Part]:
    """Show the input; and the window by itself where the input is too large for numbers."""
    theme, rows, columns = view.look.theme, *(0, *view.trace.x.shape[1:])[-2:]
    shape = f"{rows}×{columns}" if view.trace.x.ndim > 2 else count(columns, "number")
    note = f"{count(view.channels, 'channel')}, {shape}" if view.stacked else shape
    if view.trace.padded.shape != view.trace.x.shape:
        note += f" in {_BORDERS.get(str(view.trace.padding_mode), 'a border')}"
    if any(view.unread):
        note = f"{size((view.channels, rows, columns))}, hatched: unread"
    title = "Input" if view.stacked else f"Channel {view.channel}"
    values = view.padded[view.shown]
    plan = plan_of("input", title, note, theme.input, values, sign=sign, first=view.shown.start)
    plan = replace(plan, keeps_next=not view.stacked, begins=not view.stacked)
    plan = replace(plan, captions=view.captions("channel") if view.stacked and view.channels > 1 else ())
    part = explained(plan, values, view.look), _input_panel(view, values)
    if readable(plan, view.look.width):
        return [part]
    return [(replace(part[0], sign="→"), part[1]), patch_part(view, sign)]


def patch_part(view: LayerView, sign: str = "×") -> Part:
    """Show the window by itview."""
    plan = plan_of("patch", "Window", "under the filter", view.look.theme.input, view.slots, sign=sign)
    plan = replace(plan, number_em=widest(view.trace.padded), first=view.shown.start, keeps_next=not view.stacked)
    return _changing(view, plan, "patch", view.trace.padded)


def filter_part(view: LayerView) -> Part:
    """Show the step's filter: a slice for each channel."""
    note = size(view.trace.weight.shape[1:]) if view.stacked else f"slice {view.channel}"
    note += ", turned by 180°" if view.trace.flip else ""
    title = f"Filter {view.filters - 1}" if view.filters > 1 else "Filter"
    plan = plan_of("kernel", title, note, view.look.theme.kernel, view.slots, sign="=", keeps_next=True)
    plan = replace(plan, number_em=widest(view.trace.kernel), first=view.shown.start)
    return _changing(view, plan, "kernel", view.trace.kernel, title_of=view.title("Filter"))


def products_part(view: LayerView) -> Part:
    """Show the products, slice by slice."""
    sample = np.stack([step.products for step in view.steps])
    plan = plan_of("products", "Products", "cell by cell", view.look.theme.products, view.slots, sign="Σ→")
    plan = replace(plan, number_em=widest(sample), first=view.shown.start, keeps_next=view.stacked)
    return _changing(view, plan, "products", sample)


def sums_part(view: LayerView) -> Part:
    """Show what the products of each channel add up to."""
    sample = np.stack([step.channel_sums for step in view.steps])
    note = "per channel" if view.channels > 1 else ""
    values = np.zeros((view.channels, 1, 1))
    plan = plan_of("sums", "Sums", note, view.look.theme.products, values, sign="Σ+" if view.channels > 1 else "+")
    plan = replace(plan, number_em=widest(sample))
    if not view.stacked:
        cell_px = max(CELL_PX[1], NUMBER_PX[1] * plan.number_em + 6) + SLICE_GAP_PX
        plan = replace(plan, across=view.fitting(cell_px), marked=view.channel, keeps_next=True, begins=True)
    part = view.spread(lambda step: step.channel_sums.reshape(-1, 1, 1), slice(0, view.channels))
    return plan, partial(ChangingNumbers, values_of=part, limits=(0.0, 1.0))


def total_parts(view: LayerView) -> list[Part]:
    """Show the bias, the total, and what the activation makes of it."""
    theme, steps = view.look.theme, view.steps
    activation = steps[0].activation
    cells = [
        _cell(view, "bias", "Bias", theme.kernel, "=", [step.bias for step in steps]),
        _cell(view, "preactivation", "Total", theme.output, "→", [step.preactivation for step in steps]),
    ]
    if activation:
        cells.append(_cell(view, "value", activation, theme.output, "→", [step.value for step in steps]))
    *others, (last, panel) = cells
    return [*others, (replace(last, keeps_next=False), panel)]


def map_parts(view: LayerView, across: int = 1) -> list[Part]:
    """Show the feature maps, so many in a row; of many, thumbnails and the one that is filling up."""
    theme, shape = view.look.theme, size(view.trace.output.shape[1:])
    title = "Feature maps" if view.filters > 1 else "Feature map"
    plan = plan_of("output", title, f"{view.filters} of {shape}", theme.output, view.output)
    if view.filters == 1:
        plan = replace(plan, note=shape)
    rows = view.output.shape[1]
    if view.filters <= MOST_STACKED and (rows > READABLE_CELLS or stackable(view.filters, rows)):
        if view.filters > 1:
            plan = replace(plan, captions=view.captions("map", view.filters))
            beside = replace(plan, across=across)
            # saves room, but not at the price of the numbers
            fits = readable(beside, view.look.width) or not readable(plan, view.look.width)
            plan = beside if fits else plan
        return [(explained(plan, view.output, view.look), partial(OutputPanel, output=view.output))]
    large = replace(plan, title=f"Map {view.filters - 1}", note=shape, slices=1)
    panel = partial(
        CurrentMap,
        values_of=lambda step: view.output[step.position[0]],
        limits=limits(view.output),
        title_of=view.title("Map"),
    )
    return [
        (
            replace(_thumbnails(view, plan, None), begins=True, keeps_next=True),
            partial(OutputPanel, output=view.output),
        ),
        (explained(large, view.output, view.look), panel),
    ]


def thumbnail_parts(view: LayerView, *, marks: bool = True) -> list[Part]:
    """Show all channels, and the filter's slices for them, as thumbnails; mark the channel that stands large."""
    theme = view.look.theme
    note = f"{view.channels} channels"
    channels = plan_of("input", "Input", note, theme.input, view.padded)
    title = f"Filter {view.filters - 1}" if view.filters > 1 else "Filter"
    values = view.slots.repeat(view.channels, axis=0)
    slices = plan_of("kernel", title, f"a slice for each of {note}", theme.kernel, values)
    whole = slice(0, view.channels)
    changing = partial(ChangingNumbers, limits=limits(view.trace.kernel), title_of=view.title("Filter"))
    marked = view.channel if marks else None
    return [
        (_thumbnails(view, channels, marked), _input_panel(view, view.padded)),
        (
            _thumbnails(view, slices, marked),
            partial(changing, values_of=view.spread(lambda step: lifted(step.kernel), whole)),
        ),
    ]


def links_part(view: LayerView) -> Part:
    """Show which channels each map is made of."""
    each, made = view.trace.weight.shape[1], view.filters // view.trace.groups
    channels_of = [range(n // made * each, n // made * each + each) for n in range(view.filters)]
    values = np.zeros((max(view.channels, view.filters), 3))
    note = f"{view.trace.groups} groups" if view.trace.groups > 1 else "to maps"
    plan = plan_of("links", "Links", note, view.look.theme.kernel, values)
    panel = partial(Links, channels=view.channels, channels_of=channels_of, map_of=lambda step: step.position[0])
    return plan, panel


def _input_panel(view: LayerView, values: Array) -> PanelMaker:
    rows, columns = (slice(0, 1), *view.trace.geometry.interior)[-2:]
    return partial(
        InputPanel,
        padded=values,
        interior=(rows, columns),
        window_of=window_of,
        unread=view.unread,
    )


def _changing(view: LayerView, plan: Plan, name: str, values: Array, **how: Any) -> Part:
    panel = partial(
        ChangingNumbers,
        values_of=view.spread(lambda step: lifted(getattr(step, name)), view.shown),
        limits=limits(values),
        **how,
    )
    return explained(plan, values, view.look), panel


def _cell(view: LayerView, name: str, title: str, colour: Role, sign: str, values: Sequence[Any]) -> Part:
    plan = plan_of(name, title, "", colour, np.array(values).reshape(-1, 1)[:1], sign=sign, keeps_next=True)
    plan = replace(plan, number_em=widest(np.array(values)))
    return plan, partial(
        ChangingNumbers, values_of=lambda step: np.asarray(getattr(step, name)).reshape(1, 1), limits=(0.0, 1.0)
    )


def _thumbnails(view: LayerView, plan: Plan, marked: int | None) -> Plan:
    return replace(plan, across=view.fitting(THUMB_PX + SLICE_GAP_PX), thumb_px=THUMB_PX, marked=marked, captions=())
