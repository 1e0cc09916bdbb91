"""A page that works by itself: the Player's own script and style, and every frame as tiles, in one file."""

from html import escape
from pathlib import Path
from string import Template
from typing import Any

from convviz.javascript import joined
from convviz.player.browser import style
from convviz.player.saving.held import Held, as_script
from convviz.player.saving.recording import Recording

_TEMPLATE = Path(__file__).parent / "page.html"
_SCRIPT = Path(__file__).parents[1] / "browser" / "saved.js"


def write_html(path: Path, recording: Recording) -> None:
    """Write the page, some frames after another.

    Raises
    ------
    ValueError
        If the page would become too large to open.
    """
    held, theme = Held(recording), recording.look.theme
    head, tail = _TEMPLATE.read_text(encoding="utf-8").split("<!-- frames -->")
    words = {"title": escape(Path(recording.name).stem), "paper": theme.paper, "ink": theme.ink, "style": style()}
    with path.open("w", encoding="utf-8") as file:
        file.write(Template(head).substitute(words, state=as_script(held.state())))
        file.writelines(held.reels(_reel))
        for generation, packed in held.says().items():
            file.write(f'<script type="text/plain" data-says="{generation}">{packed}</script>\n')
        file.write(Template(tail).substitute(script=joined(_SCRIPT)))


def _reel(reel: dict[str, Any]) -> str:
    about = f'data-generation="{reel["generation"]}" data-keys="{" ".join(map(str, reel["keys"]))}"'
    return f'<script type="application/json" {about}>{as_script(reel)}</script>\n'
