"""The files that a browser needs to show a page before a kernel has started."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from convviz import correlate, lessons, player, samples, theme
from convviz.app.opening.notebook import shown
from convviz.app.opening.trees import PAGES, Page, tree
from convviz.javascript import joined
from convviz.lessons import notes
from convviz.player import Player

SCRIPT, STYLE = "preview.js", "preview.css"
_LESSONS = Path(lessons.__file__).parent / "browser"
_PLAYER = Path(player.__file__).parent / "browser"
_HERO_PX = 600
"""The room of the picture on the landing page."""


def written(name: str, notebook: Path | None) -> Iterator[tuple[str, str]]:
    """Write the files of a page, each with its name; those of the landing page if it is no notebook."""
    widgets = {1: _classic()} if notebook is None else shown(notebook)
    for page in PAGES if notebook else map(_landing, PAGES):
        trees = {number: tree(widget, page, all_frames=notebook is None) for number, widget in widgets.items()}
        yield f"{name}-{page.name}.json", json.dumps({number: made for number, made in trees.items() if made})


def shared() -> Iterator[tuple[str, str]]:
    """Write the files that all pages share."""
    yield SCRIPT, "(() => {\n" + joined(_LESSONS / "alone.js") + "\n})();\n"
    sheets = [_PLAYER / "player.css", _LESSONS / "desk.css", _LESSONS / "text.css"]
    yield STYLE, theme.css() + "".join(sheet.read_text(encoding="utf-8") for sheet in sheets) + notes.CSS


def _classic() -> Player:
    return Player(correlate(samples.INPUTS["The classic 5×5"](), samples.KERNELS["The classic ×"]()), index=4)


def _landing(page: Page) -> Page:
    return replace(page, whole=min(page.whole, _HERO_PX))
