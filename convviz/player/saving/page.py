"""A page that works by itself: the Player's own script and style, and every frame, in one file."""

import json
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from convviz import theme
from convviz.player.browser import joined
from convviz.player.frames.film import Film
from convviz.player.saving.recording import Recording
from convviz.player.saving.stills import Stills

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

    @cached_property
    def stills(self) -> Stills:
        return Stills(self.film, self.steps)

    @property
    def steps(self) -> list[int]:
        return [step for step in self.recording.steps if step < len(self.film.trace)] or [len(self.film.trace) - 1]

    @property
    def keys(self) -> list[int]:
        return [*range(-self.film.scene.flips, 0), *self.steps]

    def picture(self) -> dict[str, Any]:
        picture = self.film.picture(self.steps[0])
        del picture["first"]["png"]
        counts = {"generation": self.generation, "revision": 1, "count": len(self.steps), "total": len(self.film.trace)}
        # Another channel would need another picture.
        return {**picture, **counts, "steps": self.steps, "channels": 0}

    def element(self, key: int) -> str:
        said = escape(json.dumps(self.film.says(key)))
        about = f'data-generation="{self.generation}" data-key="{key}" data-says="{said}"'
        png = b64encode(self.stills.png(key)).decode("ascii")
        return f'<script type="image/png" {about}>{png}</script>\n'


def write_html(path: Path, recording: Recording) -> None:
    """Write the page, one frame after another.

    Raises
    ------
    ValueError
        If the page would become too large to open.
    """
    versions = list(_versions(recording))
    _check_size(versions, recording)
    head, tail = _filled(versions, recording).split("<!-- frames -->")
    frames = [(version, key) for version in versions for key in version.keys]
    with path.open("w", encoding="utf-8") as file:
        file.write(head)
        for version, key in recording.counted(frames):
            file.write(version.element(key))
        file.write(tail)


def _versions(recording: Recording) -> Iterator[_Version]:
    wide = recording.look.width
    looks = [replace(recording.look, width=width) for width in sorted({min(NARROW, wide), wide})]
    for number in range(len(recording.pictures)):
        for narrowness, look in enumerate(looks, start=1):
            film = recording.film(number, look)
            generation = number * len(looks) + narrowness
            yield _Version(number=number, generation=generation, film=film, recording=recording)


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


def _check_size(versions: list[_Version], recording: Recording) -> None:
    count, flips = len(recording.steps), max(version.film.scene.flips for version in versions)
    frame_bytes = sum(len(version.element(version.steps[len(version.steps) // 2])) for version in versions)
    if frame_bytes * (flips + count) <= MOST_BYTES:
        return
    fitting = max(1, int(MOST_BYTES / frame_bytes) - flips)
    raise ValueError(
        f"steps: {count} steps would make a page of about {frame_bytes * (flips + count) / 2**20:.0f} MB; "
        f"accepted: up to {MOST_BYTES / 2**20:.0f} MB, e.g. steps=slice(0, {fitting}), or a smaller width or density"
    )
