"""What a player shows in one of its pictures: a trace, what draws it, and how it is looked at."""

import math
from dataclasses import dataclass, field, replace
from math import sqrt
from typing import Any

from convviz.player.edits import is_cell
from convviz.player.frames.film import Film, SceneMaker
from convviz.player.refusing import refuse
from convviz.player.saving.save import DENSITIES, WIDTHS
from convviz.theme import DESKTOP, Look
from convviz.trace import Step, Trace

MOST_PIXELS = 3_000_000
"""A picture that would have more is drawn less finely: two pixels for each of a picture of 1400×535."""


@dataclass(frozen=True, kw_only=True)
class Showing:
    """One picture of a player; another trace or another look makes another one.

    Parameters
    ----------
    trace : Trace
        What is shown.
    maker : callable
        What draws it.
    look : Look
        How it is looked at.
    generation : int
        Counts the pictures of a player: a newer one has a larger number.
    revision : int
        Counts the traces: pictures that differ only in their look have the same number.
    """

    trace: Trace[Step]
    maker: SceneMaker
    look: Look = DESKTOP
    generation: int = 1
    revision: int = 1
    film: Film = field(init=False, repr=False)

    def __post_init__(self) -> None:
        refuse(self.trace)
        scene = self.maker(self.trace, self.look)
        finest = sqrt(MOST_PIXELS / (scene.size[0] * scene.size[1]))
        if self.look.density > finest:
            scene.release()
            scene = self.maker(self.trace, replace(self.look, density=max(finest, DENSITIES[0])))
        object.__setattr__(self, "film", Film(scene))

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shapes of the arrays that can be edited through it."""
        terms = getattr(self.trace, "terms", None)
        edited = {panel.edits for panel in self.film.scene.panels} - {""}
        return {name: tuple(axis.size for axis in terms.operands[name]) for name in edited} if terms else {}

    def picture(self, index: int) -> dict[str, Any]:
        """Put together what the browser must know, and the frame of a step."""
        counts = {"generation": self.generation, "revision": self.revision}
        return {**counts, **self.film.picture(min(index, len(self.trace) - 1))}

    def frame(self, key: int) -> tuple[dict[str, Any], bytes]:
        """Return a frame as it travels to the browser: what it says, and its pixels."""
        return {"type": "frame", "generation": self.generation, "key": key, **self.film.says(key)}, self.film.png(key)

    def read(self, name: Any, cell: Any, key: Any) -> str | None:
        """Return what a cell says, of a panel in colours as well; nothing if there is no such cell."""
        if type(key) is not int or key not in self.film.keys or not isinstance(cell, list):
            return None
        for panel in self.film.scene.panels:
            shape = (len(panel.slices), panel.rows, panel.columns)
            if panel.name == name and is_cell(cell, shape):
                return panel.text(self.trace[key], tuple(cell)) if key >= 0 else ""
        return None

    def looked_at(self, seen: dict[str, Any], generation: int) -> "Showing":
        """Return the same for another look, as the browser describes it; itself where that changes nothing."""
        match seen:
            case {"width": width, "density": density, "dark": bool(dark), "channel": int(channel)} if (
                _is_number(width) and _is_number(density) and not isinstance(channel, bool) and channel >= 0
            ):
                width, density = round(_within(width, WIDTHS)), _within(density, DENSITIES)
                look = Look(width=width, density=density, dark=dark, channel=channel)
                return self if look == self.look else replace(self, look=look, generation=generation)
        return self


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _within(value: float, limits: tuple[float, float]) -> float:
    return min(max(value, limits[0]), limits[1])
