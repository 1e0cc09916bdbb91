"""The scene of what is computed for each cell by itself: an activation, or a scale and a shift."""

from dataclasses import replace
from operator import attrgetter
from typing import Any

from convviz.operations.layers.elementwise import ElementwiseTrace
from convviz.operations.layers.scale_shift import ScaleTrace
from convviz.scenes.any_scene import growing_output
from convviz.scenes.panels.marks import Block
from convviz.scenes.panels.part import Part
from convviz.scenes.parts.slices import a_few, as_rows, number_part, slices_part
from convviz.scenes.scene import Scene
from convviz.terms import View
from convviz.theme import DESKTOP, Look

_SHOWN_AXES = (2, 3)


def cell_by_cell(trace: ElementwiseTrace | ScaleTrace, look: Look = DESKTOP) -> Scene:
    """Show the input cell of each step, what it becomes, and the output filling up.

    Up to four channels stand side by side. Of more, the one of the step is shown.

    Parameters
    ----------
    trace : ElementwiseTrace or ScaleTrace
        Made by `convviz.explain` of an activation or a batch normalisation. Without channels, or with three axes after
        them, the output alone is shown.
    look : Look
        The room at hand.

    Examples
    --------
    >>> from convviz.operations.layers.elementwise import elementwise
    >>> [panel.name for panel in cell_by_cell(elementwise([[1, -2], [3, -4]], "relu")).panels]
    ['input', 'number', 'value', 'output']
    """
    if trace.x.ndim not in _SHOWN_AXES:
        return growing_output(trace, look)
    views = trace.terms.views
    slices: dict[str, Any] = {"each": "channel", "held": ("g",), "cell_of": _cell_of}
    before = slices_part(
        look, "input", "input", "Input", values=as_rows(trace.x), view=views["input"], edits="x", **slices
    )
    after = slices_part(
        look, "output", "output", "Output", values=as_rows(trace.output), view=views["output"], sign="→", **slices
    )
    cells = after.plan.slices * after.plan.rows * after.plan.columns
    after = replace(after, known=lambda step: step.index % cells + 1)
    middle = [_number_part(trace, look, *what) for what in _numbers(trace)]
    return Scene(trace, look, [before, *middle, after], written=None)


def _numbers(trace: ElementwiseTrace | ScaleTrace) -> list[tuple[str, str, str, str]]:
    """Return what stands between input and output: the name in the step, the colours, the title and the sign."""
    first = ("number", "input", "Number", "→")
    if isinstance(trace, ElementwiseTrace):
        return [first, ("value", "output", "Value", f"{trace.function}→")]
    weights = [("scale", "kernel", "Scale", "×"), ("shift", "kernel", "Shift", "+")]
    return [first, *weights, ("value", "output", "Value", "=")]


def _number_part(trace: Any, look: Look, name: str, role: str, title: str, sign: str) -> Part:
    of_channel = View(fixed=("g",))
    view = of_channel if role == "kernel" else trace.terms.views["value"]
    number: dict[str, Any] = {"number_of": attrgetter(name), "steps": a_few(trace), "view": view, "sign": sign}
    return number_part(look, name, role, title, "", **number)


def _cell_of(step: Any) -> Block:
    """Return the step's own cell, of the input and of the output."""
    channel, *cells = step.position
    row, column = (0, *cells)[-2:]
    return slice(channel, channel + 1), slice(row, row + 1), slice(column, column + 1)
