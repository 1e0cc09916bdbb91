"""A page that works by itself: the Player's own script and style, and every frame as tiles, in one file."""

import json
import zlib
from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from html import escape
from itertools import groupby
from pathlib import Path
from string import Template
from typing import Any

from convviz import theme
from convviz.player.browser import joined
from convviz.player.frames.film import Film
from convviz.player.saving.mosaic import MOST_FRAMES, Mosaic
from convviz.player.saving.recording import Recording

MOST_BYTES = 50 * 2**20
NARROW = 360
"""Beside each picture as wide as asked for, the page holds one for telephones."""
_HERE = Path(__file__).parent
_BROWSER = _HERE.parent / "browser"


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

    def says(self) -> str:
        said = {key: self.film.says(key) for key in (*self.flips, *self.steps)}
        packed = _packed(zlib.compress(json.dumps(said).encode(), 9))
        return f'<script type="text/plain" data-says="{self.generation}">{packed}</script>\n'

    def reels(self, keys: Iterable[int]) -> Iterator[str]:
        """Put frames into mosaics, and write one after another."""
        mosaic = Mosaic(self.recording.look.density)
        for key in keys:
            if mosaic.is_full:
                yield self._reel(mosaic)
                mosaic = Mosaic(self.recording.look.density)
            mosaic.add(key, self.film.frames.pixels(key))
        if mosaic.keys:
            yield self._reel(mosaic)

    def _reel(self, mosaic: Mosaic) -> str:
        keys = " ".join(map(str, mosaic.keys))
        packed = {"maps": _packed(mosaic.maps()), "tiles": _packed(mosaic.sheet())}
        held = json.dumps({"size": mosaic.size, "side": mosaic.side, **packed})
        about = f'data-generation="{self.generation}" data-keys="{keys}"'
        return f'<script type="application/json" {about}>{held}</script>\n'


def write_html(path: Path, recording: Recording) -> None:
    """Write the page, some frames after another.

    Raises
    ------
    ValueError
        If the page would become too large to open.
    """
    versions = list(_versions(recording))
    head, tail = _filled(versions, recording).split("<!-- frames -->")
    with path.open("w", encoding="utf-8") as file:
        file.write(head)
        file.writelines(_reels(versions, recording))
        file.writelines(version.says() for version in versions)
        file.write(tail)


def _versions(recording: Recording) -> Iterator[_Version]:
    wide = recording.look.width
    looks = [replace(recording.look, width=width) for width in sorted({min(NARROW, wide), wide})]
    for number in range(len(recording.pictures)):
        for narrowness, look in enumerate(looks, start=1):
            film = recording.film(number, look)
            generation = number * len(looks) + narrowness
            yield _Version(number=number, generation=generation, film=film, recording=recording)


def _reels(versions: list[_Version], recording: Recording) -> Iterator[str]:
    """Write the flips, then the steps, some of each version by turns: a page too large is soon known to be."""
    frames = recording.counted(_in_order(versions))
    flips, steps = 0, 0
    for first, turn in groupby(frames, key=lambda frame: frame[0]):
        for generation, some in groupby(turn, key=lambda frame: frame[1]):
            for reel in versions[generation - 1].reels(key for *_, key in some):
                flips, steps = (flips + len(reel), 0) if first < 0 else (flips, steps + len(reel))
                yield reel
        if first >= 0:
            _check_size(flips, steps / min(len(recording.steps), first + MOST_FRAMES), len(recording.steps))


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
    """Refuse a page that would become too large, judged by what its flips took, and a step on average."""
    whole = flips + step * count
    if whole <= MOST_BYTES:
        return
    fitting = max(1, int(0.8 * (MOST_BYTES - flips) / step))  # other steps may take more
    raise ValueError(
        f"steps: {count} steps would make a page of about {whole / 2**20:.0f} MB; "
        f"accepted: up to {MOST_BYTES / 2**20:.0f} MB, e.g. steps=slice(0, {fitting}), or a smaller width or density"
    )


def _packed(data: bytes) -> str:
    return b64encode(data).decode("ascii")


def _filled(versions: list[_Version], recording: Recording) -> str:
    look_theme = recording.look.theme
    count = len(recording.pictures)
    state = {
        "index": 0,
        "interval_ms": recording.interval_ms,
        "loop": False,
        "hover": "",
        "ghost": -1,
        "editable": False,
        "titles": list(recording.titles),
        "shares": list(recording.shares),
        "versions": [[one.picture() for one in versions if one.number == number] for number in range(count)],
    }
    return Template((_HERE / "page.html").read_text(encoding="utf-8")).substitute(
        title=escape(Path(recording.name).stem),
        paper=look_theme.paper,
        ink=look_theme.ink,
        style=theme.css() + (_BROWSER / "player.css").read_text(encoding="utf-8"),
        script=joined(_BROWSER / "saved.js"),
        state=json.dumps(state).replace("<", "\\u003c"),
    )
