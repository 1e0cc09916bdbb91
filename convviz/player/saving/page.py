"""A page that works by itself: the Player's own script and style, and every frame, in one file."""

import json
from base64 import b64encode
from dataclasses import replace
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from convviz.player.frames.film import Film
from convviz.player.saving.recording import Recording
from convviz.player.saving.stills import Stills

MOST_BYTES = 50 * 2**20
NARROW = 360
"""Beside the picture as wide as asked for, the page holds one for telephones."""
_HERE = Path(__file__).parent
_BROWSER = _HERE.parent / "browser"


def write_html(path: Path, recording: Recording) -> None:
    """Write the page, one frame after another.

    Raises
    ------
    ValueError
        If the page would become too large to open.
    """
    wide = recording.look.width
    looks = [replace(recording.look, width=width) for width in sorted({min(NARROW, wide), wide})]
    films = [replace(recording, look=look).film() for look in looks]
    stills = [Stills(film, recording.steps) for film in films]
    _check_size(stills, films[0].scene.turns, recording)
    keys = [*range(-films[0].scene.turns, 0), *recording.steps]
    head, tail = _filled(films, recording).split("<!-- frames -->")
    with path.open("w", encoding="utf-8") as file:
        file.write(head)
        for number, key in recording.counted([(number, key) for number in range(len(films)) for key in keys]):
            file.write(_element(number, key, films[number].caption(key), stills[number].png(key)))
        file.write(tail)


def _filled(films: list[Film], recording: Recording) -> str:
    theme = recording.look.theme
    state = {
        "index": 0,
        "interval_ms": recording.interval_ms,
        "loop": False,
        "hover": "",
        "pictures": [_picture(number, film, recording) for number, film in enumerate(films)],
    }
    return Template((_HERE / "page.html").read_text(encoding="utf-8")).substitute(
        title=escape(Path(recording.name).stem),
        paper=theme.paper,
        ink=theme.ink,
        style=(_BROWSER / "player.css").read_text(encoding="utf-8"),
        player=(_BROWSER / "player.js").read_text(encoding="utf-8"),
        state=json.dumps(state).replace("<", "\\u003c"),
    )


def _picture(number: int, film: Film, recording: Recording) -> dict[str, Any]:
    picture = film.picture(number + 1, recording.steps[0])
    del picture["first"]["png"]
    # Another channel would need another picture.
    return {**picture, "count": len(recording.steps), "steps": list(recording.steps), "channels": 0}


def _element(number: int, key: int, caption: str, png: bytes) -> str:
    about = f'data-picture="{number}" data-key="{key}" data-caption="{escape(caption)}"'
    return f'<script type="image/png" {about}>{b64encode(png).decode("ascii")}</script>\n'


def _check_size(stills: list[Stills], turns: int, recording: Recording) -> None:
    count = len(recording.steps)
    frame_bytes = sum(len(still.png(recording.steps[count // 2])) for still in stills) * 4 / 3
    if frame_bytes * (turns + count) <= MOST_BYTES:
        return
    fitting = max(1, int(MOST_BYTES / frame_bytes) - turns)
    raise ValueError(
        f"steps: {count} steps would make a page of about {frame_bytes * (turns + count) / 2**20:.0f} MB; "
        f"accepted: up to {MOST_BYTES / 2**20:.0f} MB, e.g. steps=slice(0, {fitting}), or a smaller width or density"
    )
