"""What to save of a trace, and how: chosen and checked once, before any work."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from convviz.player.frames.film import Film, SceneMaker
from convviz.player.saving.progress import counted, told
from convviz.theme import Look
from convviz.trace import Step, Trace

FLIP_MS = 40
PAUSE_MS = 700
END_MS = 2000
MOST_STEPS = 10_000


@dataclass(frozen=True, kw_only=True)
class Recording:
    """What a file is to hold.

    Parameters
    ----------
    name : str
        What the file is called.
    pictures : sequence of (Trace, callable)
        What is shown in each picture, and what draws it.
    look : Look
        How large, how fine, and on which ground.
    steps : sequence of int
        Which steps, in which order.
    titles : sequence of str
        Headings of the pictures, if they have any.
    shares : sequence of float
        How pictures side by side share the width; equally if empty.
    interval_ms : int
        How long each step stays.
    progress : bool or callable
        Whether to show a bar while working; or a function that is called with how many frames are done, and of how
        many.
    """

    name: str
    pictures: Sequence[tuple[Trace[Step], SceneMaker]]
    look: Look
    steps: Sequence[int]
    titles: Sequence[str]
    shares: Sequence[float]
    interval_ms: int
    progress: bool | Callable[[int, int], None]

    def film(self, picture: int = 0, look: Look | None = None) -> Film:
        """Lay a picture out."""
        trace, scene = self.pictures[picture]
        return Film(scene(trace, look or self.look))

    def counted(self, keys: Sequence[Any]) -> Iterator[Any]:
        """Go through ``keys``, showing how far it has come."""
        if callable(self.progress):
            return told(keys, self.progress)
        return counted(keys, self.name) if self.progress else iter(keys)

    def schedule(self, flips: int) -> list[tuple[int, int]]:
        """List what an animation shows: keys of frames, and for how many milliseconds.

        The kernel's flip comes first, with a rest at both ends; the last step stays a little longer.

        Raises
        ------
        ValueError
            If nobody would watch it to the end.
        """
        if len(self.steps) > MOST_STEPS:
            hours = len(self.steps) * self.interval_ms / 3_600_000
            raise ValueError(
                f"steps: {len(self.steps)} steps would play for {hours:.1f} hours; "
                f"accepted: up to {MOST_STEPS}, e.g. steps=slice(0, 100)"
            )
        flip = [(key, PAUSE_MS if key in (-flips, -1) else FLIP_MS) for key in range(-flips, 0)]
        steps = [(step, self.interval_ms) for step in self.steps]
        return [*flip, *steps[:-1], (steps[-1][0], max(END_MS, self.interval_ms))]
