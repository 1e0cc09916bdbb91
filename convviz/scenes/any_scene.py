"""The picture that every trace has: its output filling up, step by step."""

from functools import partial
from typing import Any

import numpy as np

from convviz.scenes.layout import Box, Plan
from convviz.scenes.panel import Panel, numerals, widest_em
from convviz.scenes.scene import Scene
from convviz.scenes.sheet import Sheet
from convviz.scenes.window_panels import OutputPanel
from convviz.scenes.window_scenes import explained
from convviz.theme import DESKTOP, Look
from convviz.trace import Step, Trace

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
    ends = np.array([output.min(), output.max()])
    sample = output.reshape(-1)[:: max(1, output.size // _SAMPLED_CELLS)]
    plan = Plan(
        role="output",
        title="Output",
        note="×".join(map(str, trace.output.shape)) + (", magnitudes" if is_complex else ""),
        colour=look.theme.output,
        rows=output.shape[0],
        columns=output.shape[1],
        number_em=widest_em(numerals(np.append(sample, ends))),
    )
    fills_cell_by_cell = type(trace).partial is Trace.partial
    panel = partial(OutputPanel, output=output) if fills_cell_by_cell else partial(RunningTotal, trace=trace)
    return Scene(trace, look, [(explained(plan, output, look), panel)], equation=False)


class RunningTotal(Panel):
    """An output to which every step adds: its numbers so far, and nothing where nothing has been added yet."""

    def __init__(self, sheet: Sheet, plan: Plan, box: Box, *, trace: Trace[Any]) -> None:
        super().__init__(sheet, plan, box)
        self._trace = trace
        if box.readable:
            self.letters = sheet.lettering(box.centres(), self.number_px, sheet.theme.ink, moving=True)
        else:
            self._colours = sheet.colours(box.spot, moving=True)
        self.grid(moving=not box.readable)

    def draw(self, step: Step) -> None:
        """Show the total after this step."""
        known = self._trace.partial(step.index)
        if self.box.readable:
            hidden, texts = np.ma.getmaskarray(known).reshape(-1), numerals(np.ma.getdata(known))
            texts = ["" if h else text for h, text in zip(hidden, texts, strict=True)]
            self.letters.size_px = min(self.number_px, self.box.number_px(max(0.5, widest_em(texts))))
            self.letters.set_texts(texts)
        else:
            output = self._trace.output
            totals = np.ma.filled(known, 0).reshape(self.box.rows, self.box.columns)
            self._colours.set_values(totals, float(output.min()), float(output.max()))
