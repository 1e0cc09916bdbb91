"""The picture that every trace has: its output filling up, step by step."""

from dataclasses import replace
from math import prod
from typing import Any

import numpy as np

from convviz.scenes.panels.cells import bare
from convviz.scenes.panels.part import Part
from convviz.scenes.panels.words import explained, planned
from convviz.scenes.scene import Scene
from convviz.terms import View
from convviz.theme import DESKTOP, Look
from convviz.trace import Trace


def growing_output(trace: Trace[Any], look: Look = DESKTOP, title: str = "Output") -> Scene:
    """Show what is known of the output after each step, whatever the operation.

    Parameters
    ----------
    trace : Trace
        A run of any operation. Where the output has more than two axes, all but the last run down the rows.
    look : Look
        The room at hand.
    title : str
        What the output is called.

    Examples
    --------
    >>> from convviz import correlate
    >>> growing_output(correlate([1, 2, 3, 4], [5, 6])).panels[0].name
    'output'
    """
    is_complex = trace.output.dtype.kind == "c"
    output = (np.abs(trace.output) if is_complex else trace.output).reshape(-1, trace.output.shape[-1])
    note = "×".join(map(str, trace.output.shape)) + (", magnitudes" if is_complex else "")
    plan = planned("output", title, note, shape=output.shape, numbers=output, colour=look.theme.output)
    part = explained(Part(plan=plan, values=output, view=_view(trace)), output, look)
    if type(trace).partial is Trace.partial:  # fills cell by cell
        part = replace(part, known=lambda step: step.index + 1)
    else:
        part = replace(part, values=lambda step: trace.partial(step.index), marks=(bare,))
    return Scene(trace, look, [part], written=None)


def _view(trace: Trace[Any]) -> View | None:
    """Return what the cells of the output stand for, all axes but the last as rows: nothing if nobody says."""
    terms = getattr(trace, "terms", None)
    view: View | None = terms and terms.views.get("output")
    if view is None:
        return None
    *others, last = view.slice + view.row + view.column
    is_whole = last.size == trace.output.shape[-1] and prod(view.shape) == trace.output.size
    return View(row=tuple(others), column=(last,), fixed=view.fixed) if is_whole else None
