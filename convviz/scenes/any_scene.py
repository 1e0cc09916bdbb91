"""The picture that every trace has: its output, as far as it is known after each step."""

from functools import partial
from typing import Any

import numpy as np

from convviz.scenes.layout import Box, Plan
from convviz.scenes.panel import Panel, numerals, widest_em
from convviz.scenes.scene import Scene
from convviz.scenes.sheet import Sheet
from convviz.theme import DESKTOP, Look
from convviz.trace import Array, Step, Trace

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
    rows, columns = _flat(trace.output).shape
    sample = trace.output.reshape(-1)[:: max(1, trace.output.size // _SAMPLED_CELLS)]
    plan = Plan(
        role="output",
        title="Output",
        note="×".join(map(str, trace.output.shape)),
        colour=look.theme.output,
        rows=rows,
        columns=columns,
        number_em=widest_em(numerals(np.append(sample, [trace.output.min(), trace.output.max()]))),
    )
    return Scene(trace, look, [(plan, partial(PartialPanel, trace=trace))], equation=False)


class PartialPanel(Panel):
    """The numbers known so far; cells that are still to come stay empty."""

    def __init__(self, sheet: Sheet, plan: Plan, box: Box, *, trace: Trace[Any]) -> None:
        super().__init__(sheet, plan, box)
        self._trace = trace
        if box.readable:
            self._letters = sheet.lettering(box.centres(), self.number_px, sheet.theme.ink, moving=True)
        else:
            self._colours = sheet.colours(box.spot, moving=True)
        self.grid(moving=not box.readable)

    def draw(self, step: Step) -> None:
        """Show what is known after this step."""
        known = self._trace.partial(step.index)
        if self.box.readable:
            hidden = np.ma.getmaskarray(known).reshape(-1)
            texts = numerals(np.ma.getdata(known))
            self._letters.set_texts(["" if h else text for h, text in zip(hidden, texts, strict=True)])
        else:
            low, high = float(self._trace.output.min()), float(self._trace.output.max())
            self._colours.set_values(_flat(np.ma.filled(known, (low + high) / 2)), low, high)


def _flat(values: Array) -> Array:
    return values.reshape(-1, values.shape[-1]) if values.ndim else values.reshape(1, 1)
