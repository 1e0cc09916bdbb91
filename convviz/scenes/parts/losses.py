"""A part of all that is learned: the curve of the losses."""

from typing import Any

from convviz.scenes.panels.part import Part
from convviz.scenes.panels.words import count
from convviz.scenes.parts.grid import curve_part
from convviz.theme import Look
from convviz.trace import Array

_LARGE_RATIO = 100
"""Losses that are farther apart are drawn on a logarithmic scale."""


def loss_curve(look: Look, losses: Array, updates: int | None = None, **plan: Any) -> Part:
    """Show the losses as a curve, with a dot where the step is; of many ``updates``, only some may have been kept."""
    updates = len(losses) - 1 if updates is None else updates
    limits = float(losses.min()), float(losses.max())
    is_logarithmic = limits[0] > 0 and limits[1] / limits[0] > _LARGE_RATIO
    note = count(updates, "update") + (", logarithmic" if is_logarithmic else "")
    curve: dict[str, Any] = {
        "values_of": lambda step: losses,
        "limits": limits if is_logarithmic else (0.0, limits[1] or 1.0),
        "ends": ("0", str(updates)),
        "dot_of": lambda step: step.index,
        "is_logarithmic": is_logarithmic,
    }
    return curve_part(look, "losses", "products", "Loss curve", note, curve=curve, **plan)
