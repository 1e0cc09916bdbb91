"""The parts that a step makes: sums, bias and total, the output, and which channels a map is made of."""

from collections.abc import Callable
from dataclasses import replace
from math import ceil
from operator import attrgetter
from typing import Any

import numpy as np

from convviz.numerals import settle
from convviz.scenes.layout.arrange import readable
from convviz.scenes.lens import MOST_ALIKE, Lens
from convviz.scenes.panels.links import Links
from convviz.scenes.panels.marks import Frame
from convviz.scenes.panels.part import Part
from convviz.scenes.panels.words import count, planned, size
from convviz.scenes.parts.sources import thumbnails
from convviz.trace import Array

_MOST_ROWS = 14
"""So many rows of maps one below the other can be taken in together with what they are made of."""
_LINK_ROWS = 0.7
"""Height of a line's end, in cells of the smallest size: that of its number."""


def sums_part(lens: Lens) -> Part:
    """Show what the products of each channel add up to; of many channels, the products of one alone are shown."""
    what = ("sums", "products", "Sums", "per channel") if lens.channels > 1 else ("sums", "products", "Sum", "")
    plan: dict[str, Any] = {"begins": True, "marked": lens.channel} if lens.is_deep else {"sign": "Σ→"}
    values = lens.spread(lambda step: step.settled_sums.reshape(-1, 1, 1), slice(0, lens.channels))
    sample, shape = lens.sample("channel_sums"), (lens.channels, 1, 1)
    part = lens.part(*what, shape=shape, sample=sample, values=values, captions=lens.captions(), **plan)
    if not lens.is_deep or readable(part.plan, lens.look.width):
        return part
    tiles = thumbnails(lens)
    size_px = (tiles["thumb_px"], tiles["thumb_px"])
    return replace(part, plan=replace(part.plan, across=tiles["across"], slice_px=size_px))


def total_parts(lens: Lens, sign: str) -> list[Part]:
    """Show the bias, the total, and what the activation makes of it; ``sign`` stands before the bias."""
    parts = [
        replace(cell_part(lens, "bias", "kernel", "Bias", attrgetter("bias"), sign), edits="bias"),
        cell_part(lens, "total", "output", "Total", attrgetter("settled_preactivation"), "="),
    ]
    activation = lens.steps[0].activation
    if activation:
        parts.append(cell_part(lens, "value", "output", activation, attrgetter("settled_value"), "→"))
    return parts


def cell_part(lens: Lens, name: str, role: str, title: str, number_of: Callable[[Any], Any], sign: str) -> Part:
    """Show a single number of the step."""
    sample, plan = np.array([number_of(step) for step in lens.steps]), {"sign": sign, "follows": True}
    return lens.part(name, role, title, "", shape=(), sample=sample, values=lambda s: np.asarray(number_of(s)), **plan)


def output_parts(lens: Lens, sign: str) -> list[Part]:
    """Show the output, or the feature maps: of many, thumbnails and the one that is filling up."""
    shape, several = size(lens.layer.output.shape[1:]), lens.filters > 1
    title = "Output" if lens.is_alone else "Feature maps" if several else "Feature map"
    what = ("output", "output", title, f"{lens.filters} of {shape}" if several else shape)
    captions = tuple(f"map {number}" for number in range(lens.filters)) if several else ()
    alike = _output(lens, *what, sign=sign, captions=captions)
    rows = ceil(lens.filters / alike.plan.across) * alike.plan.rows if several else 0
    if lens.filters <= MOST_ALIKE and rows <= _MOST_ROWS:
        return [alike]
    return [_output(lens, *what, sign=sign, **thumbnails(lens, alike.plan.sign_px)), _current_map(lens, shape)]


def links_part(lens: Lens) -> Part:
    """Show which channels each map is made of."""
    groups, rows = lens.layer.groups, ceil(max(lens.channels, lens.filters) * _LINK_ROWS)
    channels_of = [lens.layer.channels_of(number) for number in range(lens.filters)]
    ranges = [range(channels.start, channels.stop) for channels in channels_of]
    note, colour = count(groups, "group") if groups > 1 else "to maps", lens.look.theme.kernel
    plan = planned("links", "Links", note, shape=(rows, 3), numbers=0, colour=colour)
    links = Links(channels=lens.channels, channels_of=ranges, map_of=lens.filter_of)
    return Part(plan=plan, values=None, marks=(links,))


def _output(lens: Lens, *what: str, **plan: Any) -> Part:
    """Show the output filling up."""
    values, rows, columns = lens.output, slice(0, lens.output.shape[1]), slice(0, lens.output.shape[2])
    part = lens.part(*what, shape=values.shape, sample=values, values=values, **plan)
    if values.dtype.kind == "f" and readable(part.plan, lens.look.width):
        part = replace(part, values=settle(values, lens.within))
    block_of = (lambda step: (lens.cell_of(step)[0], rows, columns)) if part.plan.thumb_px else lens.cell_of
    frame = Frame(block_of=block_of, colour=part.plan.colour.strong)
    return replace(part, known=lambda step: step.index + 1, marks=(frame,))


def _current_map(lens: Lens, note: str) -> Part:
    """Show the map that is filling up."""

    def values(step: Any) -> Array:
        made = lens.filter_of(step)
        return settle(lens.output[made], lens.within[made]) if settles else lens.output[made]

    sample, shape = lens.output, lens.output.shape[1:]
    part = lens.part("map", "output", "Map", note, shape=shape, sample=sample, values=values)
    settles = lens.output.dtype.kind == "f" and readable(part.plan, lens.look.width)
    frame = Frame(block_of=lambda step: (slice(0, 1), *lens.cell_of(step)[1:]), colour=part.plan.colour.strong)
    cells = part.plan.rows * part.plan.columns
    return replace(lens.in_turn(part), known=lambda step: step.index % cells + 1, marks=(frame,))
