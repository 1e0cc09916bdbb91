"""The picture that every trace has: its output filling up, step by step."""

from functools import partial
from typing import Any

import numpy as np

from convviz.scenes.layout.box import Plan
from convviz.scenes.panels.panel import ChangingNumbers, numerals, widest_em
from convviz.scenes.panels.parts import explained
from convviz.scenes.panels.window_panels import OutputPanel
from convviz.scenes.scene import Scene
from convviz.theme import DESKTOP, Look
from convviz.trace import Trace

_SAMPLED_CELLS = 512


def growing_output(trace: Trace[Any], look: Look = DESKTOP) -> Scene:
    """Show what is known of the output after each step, whatever the operation.

    Parameters
    ----------
    trace : Trace
        Of any operation. With more than two axes, all but the last are laid one below the other.
    look : Look
        The room at hand.

    Examples
    --------
    >>> from convviz import correlate
    >>> growing_output(correlate([1, 2, 3, 4], [5, 6])).hotspots()[0]["role"]
    'output'
    """
    is_complex = trace.output.dtype.kind == "c"
    output = (np.abs(trace.output) if is_complex else trace.output).reshape(-1, trace.output.shape[-1])
    limits = (float(output.min()), float(output.max()))
    sample = output.reshape(-1)[:: max(1, output.size // _SAMPLED_CELLS)]
    plan = Plan(
        role="output",
        title="Output",
        note="×".join(map(str, trace.output.shape)) + (", magnitudes" if is_complex else ""),
        colour=look.theme.output,
        rows=output.shape[0],
        columns=output.shape[1],
        number_em=widest_em(numerals(np.append(sample, [output.min(), output.max()]))),
    )
    fills_cell_by_cell = type(trace).partial is Trace.partial
    total = partial(ChangingNumbers, values_of=lambda step: trace.partial(step.index), limits=limits)
    panel = partial(OutputPanel, output=output) if fills_cell_by_cell else total
    return Scene(trace, look, [(explained(plan, output, look), panel)], written=None)
