"""The scene of a transposed convolution: each input cell adds a scaled copy of its kernel to the output."""

from dataclasses import replace
from typing import Any

import numpy as np

from convviz.operations.layers.conv_transpose import StampTrace
from convviz.scenes.layout.arrange import readable
from convviz.scenes.panels.cells import bare
from convviz.scenes.panels.marks import Block, Frame
from convviz.scenes.panels.part import Part
from convviz.scenes.panels.spots import Tint
from convviz.scenes.panels.words import size
from convviz.scenes.parts.slices import as_rows, number_part, plain_part, size_of, slices_part
from convviz.scenes.scene import Scene
from convviz.scenes.stamp_lens import StampLens
from convviz.terms import View
from convviz.theme import DESKTOP, Look


def stamps(trace: StampTrace, look: Look = DESKTOP) -> Scene:
    """Show how an input cell stamps its kernel: the stamp, the sum of the stamps before it and with it, the output.

    Overlaps count the stamps that reach each cell: where they differ from cell to cell, a checkerboard appears. Of more
    than four output channels, ``look.channel`` is shown.

    Parameters
    ----------
    trace : StampTrace
        Made by `convviz.conv_transpose`, with one or two spatial axes.
    look : Look
        The room at hand.

    Examples
    --------
    >>> from convviz import conv_transpose
    >>> scene = stamps(conv_transpose([[1, 2]], [[[5, 6, 7]]], stride=2))
    >>> [panel.name for panel in scene.panels]
    ['input', 'kernel', 'stamp', 'before', 'output', 'overlaps']
    >>> scene = stamps(conv_transpose([[1, 2]], [[[5, 6, 7]]], [1], stride=2, padding=1))
    >>> [panel.name for panel in scene.panels][3:]
    ['before', 'full', 'bias', 'output', 'overlaps']
    """
    lens = StampLens(trace, look)
    parts = [*_input(lens), *_stamp(lens), *_sums(lens), _overlaps(lens)]
    return Scene(trace, look, parts, written=None, channels=lens.count if lens.is_deep else 0)


def _input(lens: StampLens) -> list[Part]:
    """Show the input with the step's cell framed, and the cell alone where it shows colours."""
    trace, of_cell = lens.trace, ("g", "c")
    more: dict[str, Any] = {"view": lens.views["input"], "held": of_cell, "cell_of": _cell_of, "framed": "kernel"}
    part = slices_part(lens.look, "input", "input", "Input", each="channel", values=as_rows(trace.x), **more)
    if readable(part.plan, lens.look.width):
        return [replace(part, edits="x")]
    alone: dict[str, Any] = {"view": lens.views["value"], "edits": "x", "steps": lens.steps, "sign": "→"}
    return [part, number_part(lens.look, "value", "input", "Cell", "", number_of=lambda step: step.value, **alone)]


def _stamp(lens: StampLens) -> list[Part]:
    """Show the kernel of the input cell's channel, and the kernel times the cell."""
    trace, shape = lens.trace, lens.trace.geometry.kernel_shape
    marks = (bare,) if trace.groups > 1 else ()
    sample = np.stack([step.stamp for step in lens.steps])
    more: dict[str, Any] = {"shape": shape, "sign": "×", "edits": "w", "sample": trace.weight}
    kernel = lens.part("kernel", "kernel", "Kernel", size(shape), values=lens.spread(lambda s: s.kernel), **more)
    if len(trace.x) > 1:
        plan = replace(kernel.plan, title="Kernel of channel", takes_turns=len(trace.x))
        kernel = replace(kernel, plan=plan, number=lambda step: step.position[0])
    more = {"shape": shape, "sign": "=", "sample": sample, "values": lens.spread(lambda step: step.stamp)}
    made = lens.part("stamp", "products", "Stamp", "cell × kernel", **more)
    return [replace(part, marks=marks) for part in (kernel, made)]


def _sums(lens: StampLens) -> list[Part]:
    """Show the sum of the stamps, before the step and with it; and what is left of it as the output, with the bias."""
    trace, full = lens.trace, as_rows(lens.trace.full)
    sample = np.concatenate([np.ma.getdata(trace.stamped(step.index + 1)).ravel() for step in lens.steps])
    frame = Frame(block_of=lens.place_of, colour=lens.look.theme.products.strong)
    what: dict[str, Any] = {"shape": full.shape[1:], "sample": sample, "values": None}
    is_output = not (lens.has_bias or lens.is_cut)
    note = size_of(full) + (", grey: cut off" if lens.is_cut else "")
    before = lens.part("before", "output", "Sum before", note, view="full", sign="+", **what)
    is_read = readable(before.plan, lens.look.width)
    words = ("output", "output", "Output so far") if is_output else ("full", "output", "Sum of stamps")
    after = lens.part(*words, note, view="full", sign="=" if is_read else "→", **what)
    rows, columns = (slice(0, 1), *trace.crop[1:])[-2:]
    sums = [
        lens.in_place(before, lambda step: trace.stamped(step.index), (frame,)),
        lens.in_place(after, lambda step: trace.stamped(step.index + 1), (frame,)),
    ]
    sums = [replace(part, interior=(rows, columns) if lens.is_cut else None) for part in sums]
    return (sums if is_read else sums[1:]) + ([] if is_output else _output(lens))


def _output(lens: StampLens) -> list[Part]:
    """Show the bias, if there is one, and the part of the sum that is kept, with the bias added."""
    trace, kept = lens.trace, as_rows(lens.trace.output)
    parts = []
    if lens.has_bias:
        channels = View(slice=lens.views["bias"].row)
        channels = channels.only_slice(lens.shown.start) if lens.is_deep else channels
        values = trace.bias[lens.shown].reshape(-1, 1, 1)
        bias: dict[str, Any] = {"shape": values.shape, "sample": trace.bias, "values": values, "sign": "+"}
        bias |= {"captions": lens.captions, "first": lens.shown.start, "view": channels, "edits": "bias"}
        parts.append(plain_part(lens.look, "bias", "kernel", "Bias", "", **bias))
    sample = np.concatenate([np.ma.getdata(trace.partial(step.index)).ravel() for step in lens.steps])
    sign = "=" if lens.has_bias else "→"
    more: dict[str, Any] = {"shape": kept.shape[1:], "sample": sample, "values": None, "sign": sign}
    note = size_of(kept) + (", what is kept" if lens.is_cut else "")
    part = lens.part("output", "output", "Output so far", note, follows=lens.has_bias, **more)
    return [*parts, lens.in_place(part, lambda step: trace.partial(step.index), ())]


def _overlaps(lens: StampLens) -> Part:
    """Count the stamps that reach each cell, in all."""
    counts, full = lens.trace.overlaps, lens.views["full"]
    counts = counts if counts.ndim > 1 else counts[None]
    view = View(row=full.row, column=full.column)
    more: dict[str, Any] = {"shape": counts.shape, "sample": counts, "values": counts, "view": view}
    part = plain_part(lens.look, "overlaps", "kernel", "Overlaps", "stamps on each cell", **more)
    rows, columns = (slice(0, 1), *lens.trace.crop[1:])[-2:]
    marks = (Tint(counts=counts, colour=lens.look.theme.kernel.strong),) if readable(part.plan, lens.look.width) else ()
    return replace(part, marks=marks, interior=(rows, columns) if lens.is_cut else None)


def _cell_of(step: Any) -> Block:
    channel, *cell = step.position
    row, column = (0, *cell)[-2:]
    return slice(channel, channel + 1), slice(row, row + 1), slice(column, column + 1)
