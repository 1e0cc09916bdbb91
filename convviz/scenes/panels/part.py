"""What a panel is made from: a plan, values, and marks. A scene is a list of such parts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from matplotlib.artist import Artist

from convviz.scenes.layout.box import Plan
from convviz.terms import View
from convviz.trace import Array

if TYPE_CHECKING:
    from convviz.scenes.panels.panel import Panel


class Drawn(NamedTuple):
    """A mark on a panel: its artists, and what brings them to a step.

    ``draw(step, flipped)`` shows a step, or, where that is nothing, how far the kernel is flipped: from 0 to 1.
    """

    artists: tuple[Artist, ...]
    draw: Callable[[Any, float], None] | None = None


Mark = Callable[["Panel"], Drawn]
"""Draws something on a panel, once."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """A panel to be.

    Parameters
    ----------
    plan : Plan
        Its words and cells, for the layout.
    values : ndarray or callable
        What stands in its cells, slice by slice, row by row: at all steps, or a function of the step, which masks
        cells where nothing stands. Nothing for a panel without cells.
    limits : (float, float)
        What is black and what is white, where the values are shown as colours.
    known : callable, optional
        How many cells are known at a step, where they become known in order; all of them if left out.
    number : callable, optional
        What the title says is shown at a step, where several things take turns.
    interior : (slice, slice), optional
        Rows and columns that are no border; all of them if left out.
    view : View, optional
        What the cells stand for, in the indices of the trace's terms.
    edits : str
        The operand that is edited through this panel, if any.
    marks : tuple of Mark
        What is drawn on the cells.
    """

    plan: Plan
    values: Array | Callable[[Any], Array] | None = field(repr=False)
    limits: tuple[float, float] = (0.0, 1.0)
    known: Callable[[Any], int] | None = None
    number: Callable[[Any], int] | None = None
    interior: tuple[slice, slice] | None = None
    view: View | None = None
    edits: str = ""
    marks: tuple[Mark, ...] = ()
