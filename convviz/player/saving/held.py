"""What a saved page or module holds for `recording.js`: a first state, what is said, and every frame as tiles."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from convviz.player.frames.film import Film
from convviz.player.saving.mosaic import MOST_FRAMES
from convviz.player.saving.recording import Recording
from convviz.player.saving.reels import reels, says

MOST_BYTES = 50 * 2**20
NARROW = 360
"""Beside each picture as wide as asked for, a file holds one for telephones."""


@dataclass(frozen=True, kw_only=True)
class _Version:
    """One picture, for pages of one width."""

    number: int
    generation: int
    film: Film
    recording: Recording

    @property
    def steps(self) -> list[int]:
        return [step for step in self.recording.steps if step < len(self.film.trace)] or [len(self.film.trace) - 1]

    @property
    def flips(self) -> list[int]:
        return [*range(-self.film.scene.flips, 0)]

    def picture(self) -> dict[str, Any]:
        picture = self.film.picture(self.steps[0])
        del picture["first"]["png"]
        counts = {"generation": self.generation, "revision": 1, "count": len(self.steps), "total": len(self.film.trace)}
        # Another channel would need another picture.
        return {**picture, **counts, "steps": self.steps, "channels": 0}

    def reels(self, keys: list[int]) -> Iterator[dict[str, Any]]:
        for reel in reels(self.film, keys, self.recording.look.density):
            yield {"generation": self.generation, **reel}


class Held:
    """What a file holds of a recording.

    Parameters
    ----------
    recording : Recording
        What to save.
    """

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._versions = list(_versions(recording))

    def state(self) -> dict[str, Any]:
        """Return what the player begins with."""
        versions: list[list[Any]] = [[] for _ in self._recording.pictures]
        for one in self._versions:
            versions[one.number].append(one.picture())
        return {
            "index": 0,
            "interval_ms": self._recording.interval_ms,
            "loop": False,
            "hover": "",
            "ghost": -1,
            "editable": False,
            "titles": list(self._recording.titles),
            "shares": list(self._recording.shares),
            "versions": versions,
        }

    def says(self) -> dict[int, str]:
        """Return what all frames of each version say, packed."""
        return {one.generation: says(one.film, [*one.flips, *one.steps]) for one in self._versions}

    def reels(self, written: Callable[[dict[str, Any]], str]) -> Iterator[str]:
        """Write the flips, then the steps, some of each version by turns: a file too large is soon known to be.

        Raises
        ------
        ValueError
            If the file would become too large to open.
        """
        recording, versions = self._recording, self._versions
        frames = recording.counted(_in_order(versions))
        flips, steps = 0, 0
        for first, turn in groupby(frames, key=lambda frame: frame[0]):
            for generation, some in groupby(turn, key=lambda frame: frame[1]):
                for reel in map(written, versions[generation - 1].reels([key for *_, key in some])):
                    flips, steps = (flips + len(reel), 0) if first < 0 else (flips, steps + len(reel))
                    yield reel
            if first >= 0:
                _check_size(flips, steps / min(len(recording.steps), first + MOST_FRAMES), len(recording.steps))


def as_script(value: Any) -> str:
    r"""Write a value so that it may stand in a script, and that in a page.

    Examples
    --------
    >>> print(as_script(["</script>"]))
    ["\u003c/script>"]
    """
    return json.dumps(value).replace("<", "\\u003c")


def _versions(recording: Recording) -> Iterator[_Version]:
    wide = recording.look.width
    looks = [replace(recording.look, width=width) for width in sorted({min(NARROW, wide), wide})]
    for number in range(len(recording.pictures)):
        for narrowness, look in enumerate(looks, start=1):
            film = recording.film(number, look)
            generation = number * len(looks) + narrowness
            yield _Version(number=number, generation=generation, film=film, recording=recording)


def _in_order(versions: list[_Version]) -> list[tuple[int, int, int]]:
    """List all frames: the first one of its turn, or −1 for a flip; its version, and its key."""
    flips = [(-1, version.generation, key) for version in versions for key in version.flips]
    most = max(len(version.steps) for version in versions)
    turns = range(0, most, MOST_FRAMES)
    return flips + [
        (first, version.generation, step)
        for first in turns
        for version in versions
        for step in version.steps[first : first + MOST_FRAMES]
    ]


def _check_size(flips: int, step: float, count: int) -> None:
    """Refuse a file that would become too large, judged by what its flips took, and a step on average."""
    whole = flips + step * count
    if whole <= MOST_BYTES:
        return
    fitting = max(1, int(0.8 * (MOST_BYTES - flips) / step))  # other steps may take more
    raise ValueError(
        f"steps: {count} steps would make a file of about {whole / 2**20:.0f} MB; "
        f"accepted: up to {MOST_BYTES / 2**20:.0f} MB, e.g. steps=slice(0, {fitting}), or a smaller width or density"
    )
