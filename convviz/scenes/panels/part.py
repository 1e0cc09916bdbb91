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
    """A panel to be: its plan, what stands in its cells, and the marks on them.

    ``values`` are those of all steps, or a function of the step, which masks cells where nothing stands; there are none
    in a panel without cells. As colours they run from black to white between ``limits``: evenly, or as ``shade`` of
    them does. Where cells become known in order, ``known`` is how many are at a step; where they ``wait`` in any order,
    those that are masked are covered. Where several things are shown in turn, ``number`` is the one that a step shows.
    Rows and columns in the ``interior`` are no border; in a panel that changes, ``border`` returns the cells that are
    one. ``view`` says what the cells stand for, in the indices of the trace's terms, and ``edits`` names the operand
    that is edited through them, if one is. A ``tint`` fills the cells with colours of its own: below numbers, and
    instead of greys where there is no room for numbers. Where cells hold ``words`` instead of numbers, these are what
    the page says of each.
    """

    plan: Plan
    values: Array | Callable[[Any], Array] | None = field(repr=False)
    limits: tuple[float, float] = (0.0, 1.0)
    shade: Callable[[Array], Array] | None = None
    known: Callable[[Any], int] | None = None
    wait: bool = False
    number: Callable[[Any], int] | None = None
    interior: tuple[slice, slice] | None = None
    border: Callable[[Any], Array] | None = None
    view: View | None = None
    edits: str = ""
    tint: Mark | None = None
    words: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
