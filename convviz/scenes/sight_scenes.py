"""The scene of a receptive field: one output cell, and what it sees of each layer down to the input."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from convviz.geometry import receptive_field as field_of
from convviz.operations.layers.receptive_field import SightTrace
from convviz.scenes.panels.marks import Block, Frame
from convviz.scenes.panels.part import Part
from convviz.scenes.panels.unseen import unseen
from convviz.scenes.panels.words import explained, planned, size
from convviz.scenes.scene import Scene
from convviz.theme import DESKTOP, Look
from convviz.trace import Array


def receptive_field(trace: SightTrace, look: Look = DESKTOP) -> Scene:
    """Show what an output cell sees of each layer, down to the input, and in how many ways it reads each cell.

    Parameters
    ----------
    trace : SightTrace
        Made by `convviz.receptive_field`.
    look : Look
        The room at hand.

    Examples
    --------
    >>> import convviz
    >>> trace = convviz.receptive_field([convviz.correlate([1, 2, 3, 4], [1, 1])] * 2)
    >>> [panel.title for panel in receptive_field(trace).panels]
    ['Input', 'After layer 1', 'After layer 2']
    """
    return Scene(trace, look, [_part(trace, level, look) for level in range(len(trace.layers) + 1)], written=None)


def _part(trace: SightTrace, level: int, look: Look) -> Part:
    """Show in how many ways the step's output cell reads the cells of the input, or of a layer's output."""
    shape = trace.layers[level - 1].output_shape if level else tuple(axis.size for axis in trace.layers[0].axes)
    colour = look.theme.output if level else look.theme.input
    title = f"After layer {level}" if level else "Input"
    middle = trace[len(trace) // 2]
    is_signal = len(shape) == 1
    plan = planned(
        f"layer {level}",
        title,
        _note(trace, level, shape),
        shape=shape if not is_signal else (1, *shape),
        numbers=middle.ways[0],
        colour=colour,
        sign="→" if level else "",
        aligned="→" if is_signal else "",
        begins=is_signal,
    )
    view = trace.terms.views[plan.name]
    frame = Frame(block_of=_seen(level), colour=colour.strong)
    part = explained(Part(plan=plan, values=_ways(level), view=view), middle.ways[level], look)
    return replace(part, marks=(unseen, frame))


def _note(trace: SightTrace, level: int, shape: tuple[int, ...]) -> str:
    """Return how large it is, and which part of the input a cell sees."""
    if not level:
        return f"{size(shape)}: in how many ways each is read"
    field = field_of(trace.layers[:level])
    sees = "×".join(map(str, field.size))
    jump = "×".join(map(str, field.jump if len(set(field.jump)) > 1 else field.jump[:1]))
    return f"{size(shape)}; sees {sees}, jump {jump}"


def _ways(level: int) -> Callable[[Any], Array]:
    return lambda step: np.ma.masked_equal(step.ways[level], 0)


def _seen(level: int) -> Callable[[Any], Block]:
    """Return what gives the cells that a step sees: all planes, or the only slice, of rows and columns."""

    def seen(step: Any) -> Block:
        slices, rows, columns = (slice(0, 1), slice(0, 1), *step.seen[level])[-3:]
        return slices, rows, columns

    return seen
