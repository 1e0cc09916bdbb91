"""The picture that every trace has: its output filling up, step by step."""

from functools import partial
from typing import Any

import numpy as np

from convviz.scenes.layout import Plan
from convviz.scenes.panel import numerals, widest_em
from convviz.scenes.scene import Scene
from convviz.scenes.window_panels import OutputPanel
from convviz.scenes.window_scenes import explained
from convviz.theme import DESKTOP, Look
from convviz.trace import Trace

_SAMPLED_CELLS = 512


def growing_output(trace: Trace[Any], look: Look = DESKTOP) -> Scene:
    """Show the output of any operation whose steps fill it cell by cell.

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
    output = trace.output.reshape(-1, trace.output.shape[-1])
    ends = np.array([output.min(), output.max()])
    sample = output.reshape(-1)[:: max(1, output.size // _SAMPLED_CELLS)]
    plan = Plan(
        role="output",
        title="Output",
        note="×".join(map(str, trace.output.shape)),
        colour=look.theme.output,
        rows=output.shape[0],
        columns=output.shape[1],
        number_em=widest_em(numerals(np.append(sample, ends))),
    )
    return Scene(trace, look, [(explained(plan, output, look), partial(OutputPanel, output=output))], equation=False)
