"""Parts of any operation: a grid of numbers, a single number, a curve."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from convviz.scenes.layout.arrange import readable
from convviz.scenes.panels.curve import SHAPE, SIDE_PX, Curve
from convviz.scenes.panels.part import Part
from convviz.scenes.panels.words import explained, planned
from convviz.terms import View
from convviz.theme import Look
from convviz.trace import Array

Values = Array | Callable[[Any], Array]


def grid_part(
    look: Look,
    *what: str,
    values: Values,
    sample: Array | None = None,
    shape: Sequence[int] | None = None,
    view: View | None = None,
    **plan: Any,
) -> Part:
    """Plan a panel of rows and columns; a signal is one row.

    ``what`` are its name, its part of the story, its title and its note. ``sample`` holds numbers as wide, as low and
    as high as those that are shown, and ``shape`` is that of the grid: both can be left out where ``values`` stay.
    """
    name, role, *words = what
    still = None if callable(values) else values
    sample = still if sample is None else sample
    shape = still.shape if shape is None and still is not None else shape
    assert sample is not None
    assert shape is not None
    made = planned(name, *words, shape=shape, numbers=sample, colour=getattr(look.theme, role), **plan)
    return explained(Part(plan=made, values=values, view=view), sample, look)


def number_part(look: Look, *what: str, value_of: Callable[[Any], Any], sample: Array, **plan: Any) -> Part:
    """Plan a panel of a single cell."""
    return grid_part(
        look, *what, values=lambda step: np.asanyarray(value_of(step)), sample=sample, shape=(1, 1), **plan
    )


def curve_part(look: Look, *what: str, curve: dict[str, Any], **plan: Any) -> Part:
    """Plan a panel that holds a curve alone. ``what`` are its name, its part of the story, its title and its note."""
    name, role, title, note = what
    colour, plan = getattr(look.theme, role), {"thumb_px": SIDE_PX, **plan}
    made = planned(name, title, note, shape=SHAPE, numbers=0, colour=colour, **plan)
    return Part(plan=made, values=None, marks=(Curve(colour=colour.strong, **curve),))


def is_readable(part: Part, look: Look) -> bool:
    """Whether there is room for the numbers of a part."""
    return readable(part.plan, look.width)


def marked(part: Part, *marks: Any, **more: Any) -> Part:
    """Put marks on a part, after those that it has."""
    return replace(part, marks=(*part.marks, *marks), **more)


def some_steps(trace: Sequence[Any], most: int = 32) -> list[Any]:
    """Return some steps, evenly spread, with the first and the last one: to learn how wide numbers get."""
    last = len(trace) - 1
    return [trace[number] for number in sorted({round(last * at / (most - 1)) for at in range(most)})]
