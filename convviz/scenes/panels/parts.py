"""What the parts of a scene have in common: plans of panels for arrays, and the words on them."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from convviz.scenes.layout.arrange import readable, room
from convviz.scenes.layout.box import Plan, note_px
from convviz.scenes.panels.panel import Panel, numerals, widest_em
from convviz.theme import Look, Role
from convviz.trace import Array

PanelMaker = Callable[..., Panel]
Part = tuple[Plan, PanelMaker]
_SAMPLED_NUMBERS = 512


def plan_of(role: str, title: str, note: str, colour: Role, values: Array, **more: Any) -> Plan:
    """Plan a panel for values of shape (slices, rows, columns), or (rows, columns), or of fewer axes."""
    slices, rows, columns = (1, *np.atleast_2d(values).shape)[-3:]
    return Plan(
        role=role,
        title=title,
        note=note,
        colour=colour,
        rows=rows,
        columns=columns,
        slices=slices,
        number_em=widest(values),
        **more,
    )


def explained(plan: Plan, values: Array, look: Look) -> Plan:
    """Say what black and white mean where a panel is in colours."""
    if readable(plan, look.width):
        return plan
    low, high = values.min(), values.max()
    exact = "black {}, white {}".format(*numerals(np.array([low, high])))
    rounded = f"black ≈{low:.1e}, white ≈{high:.1e}".replace("-", "−")
    fitting = (note for note in (f"{plan.note}; {exact}", exact) if note_px(note) <= room(look.width))
    return replace(plan, note=next(fitting, rounded))


def widest(values: Array) -> float:
    """Estimate the width of the widest of some numbers, in sizes of its font, from a few hundred of them.

    Of integers, whose digits are all equally wide, the smallest or the largest is the widest.
    """
    ends = [values.min(), values.max()]
    whole = values.dtype.kind in "iu"
    sample = np.array([]) if whole else values.reshape(-1)[:: max(1, values.size // _SAMPLED_NUMBERS)]
    return widest_em([*numerals(np.array(ends)), *numerals(sample)])


def limits(values: Array) -> tuple[float, float]:
    """Tell what is black and what is white."""
    return float(values.min()), float(values.max())


def size(shape: Iterable[int]) -> str:
    """Write a shape.

    Examples
    --------
    >>> size((3, 4)), size((5,))
    ('3×4', '5 numbers')
    """
    numbers = tuple(shape)
    return "×".join(map(str, numbers)) if len(numbers) > 1 else count(numbers[0], "number")


def count(number: int, what: str) -> str:
    """Count things.

    Examples
    --------
    >>> count(1, "number"), count(3, "channel")
    ('1 number', '3 channels')
    """
    return f"{number} {what}{'' if number == 1 else 's'}"
