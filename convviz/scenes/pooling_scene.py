"""The scene of a pooling: the window, and the number that it becomes."""

from dataclasses import replace
from typing import Any

import numpy as np

from convviz.numerals import rounding, settled
from convviz.operations.layers.pool import PoolTrace
from convviz.scenes.layout.arrange import readable
from convviz.scenes.panels.marks import Block, Hatch
from convviz.scenes.panels.part import Mark, Part
from convviz.scenes.panels.spots import Flag
from convviz.scenes.parts.slices import a_few, as_rows, number_part, plain_part, size_of, slices_part
from convviz.scenes.scene import Scene
from convviz.theme import DESKTOP, Look
from convviz.trace import Array


def pooling(trace: PoolTrace, look: Look = DESKTOP) -> Scene:
    """Show the window of each step, and what it becomes: its largest number, which is flagged, or the mean.

    Cells that do not count, such as the padding of a maximum, are left blank.

    Parameters
    ----------
    trace : PoolTrace
        Made by `convviz.pool`, with one or two spatial axes.
    look : Look
        The room at hand.

    Examples
    --------
    >>> from convviz import pool
    >>> scene = pooling(pool([[1, 4, 2, 3], [0, 5, 1, 7]], 2))
    >>> [panel.name for panel in scene.panels]
    ['input', 'window', 'output']
    >>> scene = pooling(pool([[1, 4, 2, 3], [0, 5, 1, 7]], 2, kind="mean"))
    >>> [panel.name for panel in scene.panels]
    ['input', 'window', 'sum', 'count', 'mean', 'output']
    """
    return Scene(trace, look, pooled(trace, look), written=None)


def pooled(trace: PoolTrace, look: Look) -> list[Part]:
    """Return input, window and output, side by side, as `pooling` shows them."""
    parts = [_input(trace, look), _window(trace, look)]
    parts += _mean(trace, look) if trace.kind == "mean" else []
    return [*parts, _output(trace, look)]


def _input(trace: PoolTrace, look: Look) -> Part:
    """Show the input and its border, with the window framed and the winner flagged."""
    ignored = np.broadcast_to(~trace.counted, trace.padded.shape)
    padded = as_rows(_without(trace.padded, ignored))
    more: dict[str, Any] = {"view": trace.terms.views["input"], "held": ("g",), "framed": "kernel", "edits": "x"}
    rows, columns = (slice(0, 1), *trace.geometry.interior)[-2:]
    unread = as_rows(trace.unread)[0]
    lines = [np.flatnonzero(unread.all(axis=1)) + rows.start, np.flatnonzero(unread.all(axis=0)) + columns.start]
    note = size_of(as_rows(trace.x)) + (", hatched: unread" if any(map(len, lines)) else "")
    more |= {"sample": trace.x, "note": note, "cell_of": _window_of}
    part = slices_part(look, "input", "input", "Input", each="channel", values=padded, **more)
    marks: list[Mark] = [Hatch(rows=lines[0].tolist(), columns=lines[1].tolist())] if any(map(len, lines)) else []
    marks += part.marks
    interior = (rows, columns) if trace.padded.shape != trace.x.shape else None
    if trace.kind == "max":
        is_alone = bool(part.plan.takes_turns)
        marks.append(Flag(cell_of=lambda step: _winner(trace, step, is_alone), colour=look.theme.output.strong))
    is_blank = bool(ignored.any()) and not readable(part.plan, look.width)  # else, the border has its own ground
    return replace(part, interior=interior, wait=is_blank, marks=tuple(marks))


def _window(trace: PoolTrace, look: Look) -> Part:
    """Show the window by itself, with what does not count left out."""

    def values(step: Any) -> Array:
        return _without(step.patch, ~step.counted).reshape(shape[1:])

    shape = (1, 1, *trace.geometry.kernel_shape)[-3:]
    more = {"sign": "→", "view": trace.terms.views["window"]}
    part = plain_part(look, "window", "input", "Window", "", shape=shape, sample=trace.x, values=values, **more)
    border = None if trace.padded.shape == trace.x.shape else lambda step: _outside(trace, step)
    flag = Flag(cell_of=lambda step: _at(0, *step.place), colour=look.theme.output.strong)
    return replace(part, border=border, marks=(flag,) if trace.kind == "max" else ())


def _mean(trace: PoolTrace, look: Look) -> list[Part]:
    """Show what the numbers add up to, how many there are, and the one divided by the other."""
    steps, view = a_few(trace), trace.terms.views["total"]
    more: dict[str, Any] = {"steps": steps, "view": view}
    return [
        number_part(look, "sum", "products", "Sum", "", number_of=_sum, sign="Σ→", **more),
        number_part(look, "count", "kernel", "Cells", "", number_of=lambda s: s.divisor, sign="÷", **more),
        number_part(look, "mean", "output", "Mean", "", number_of=lambda s: s.value, sign="=", **more),
    ]


def _output(trace: PoolTrace, look: Look) -> Part:
    """Show the output filling up."""
    output, sign = as_rows(trace.output), "max→" if trace.kind == "max" else "→"
    more: dict[str, Any] = {"view": trace.terms.views["output"], "held": ("g",), "sign": sign}
    part = slices_part(
        look, "output", "output", "Output", each="channel", values=output, cell_of=lambda s: _at(*s.position), **more
    )
    cells = part.plan.slices * part.plan.rows * part.plan.columns
    return replace(part, known=lambda step: step.index % cells + 1)


def _without(numbers: Array, ignored: Array) -> Array:
    """Leave out the numbers that do not count; those of the padding of a maximum are infinite."""
    return np.ma.masked_array(np.where(ignored, 0, numbers), ignored) if ignored.any() else numbers


def _sum(step: Any) -> Any:
    """Return what the numbers that count add up to, without what rounding left in it."""
    numbers = step.patch[step.counted]
    if numbers.dtype.kind != "f":
        return sum(map(int, numbers))
    return settled(numbers.sum(), float(rounding(numbers.size, np.abs(numbers).sum())))


def _window_of(step: Any) -> Block:
    channel, *cells = step.window
    rows, columns = (slice(0, 1), *cells)[-2:]
    return slice(channel, channel + 1), rows, columns


def _winner(trace: PoolTrace, step: Any, is_alone: bool) -> Block:
    """Return where the winner is in the bordered input."""
    channel, *cells = step.winner
    padded = [at + before for at, before in zip(cells, trace.geometry.before, strict=True)]
    return _at(0 if is_alone else channel, *padded)


def _outside(trace: PoolTrace, step: Any) -> Array:
    """Return which cells of the window are padding."""
    outside = [
        [not axis.before <= at < axis.before + axis.size for at in range(part.start, part.stop, part.step or 1)]
        for axis, part in zip(trace.geometry.axes, step.window[1:], strict=True)
    ]
    return np.logical_or.outer(*([[False], *outside][-2:]))[None]


def _at(channel: int, *cells: int) -> Block:
    """Return a single cell as a block."""
    row, column = (0, *cells)[-2:]
    return slice(channel, channel + 1), slice(row, row + 1), slice(column, column + 1)
