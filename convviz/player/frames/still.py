"""What a notebook keeps of a player for those who have no kernel: its pictures and its words in one PNG."""

from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from convviz.javascript import is_in_app
from convviz.player.frames.film import Film
from convviz.player.frames.frames import as_png, drawn
from convviz.scenes.drawing.lettering import text_width
from convviz.scenes.drawing.sheet import Sheet
from convviz.scenes.layout.arrange import MARGIN_PX
from convviz.theme import EQUATION_PX, TITLE_PX
from convviz.trace import Array

_LINE_PX = 22
_MOST_LINES = 6
_MOST_PIXELS = 2_000_000
_PACKING = 6
"""How hard the PNG is packed: a notebook keeps it."""


@dataclass(frozen=True, kw_only=True)
class Still:
    """The pictures of a player at one step.

    Parameters
    ----------
    png : bytes
        The pictures one below the other, each under its title, and above its caption unless it writes that itself.
    size : (int, int)
        Width and height in CSS pixels.
    text : str
        The captions, a line for each picture.
    """

    png: bytes
    size: tuple[int, int]
    text: str


def beside(widget: Any, still: Callable[[], Still]) -> Any:
    """Add a picture and its words to a widget's own MIME bundle: what a notebook keeps of it.

    Whoever can show the widget does, as JupyterLab and Voila prefer it to all else. The app's pages always can.

    Parameters
    ----------
    widget : dict or tuple
        The MIME bundle, with or without its metadata.
    still : callable
        Returns the picture.
    """
    if is_in_app():
        return widget
    data, metadata = widget if isinstance(widget, tuple) else (widget or {}, {})
    made = still()
    width, height = made.size
    about = {"width": width, "height": height, "alt": made.text}
    picture = {"text/plain": made.text, "image/png": b64encode(made.png).decode("ascii")}
    return {**data, **picture}, {**metadata, "image/png": about}


@dataclass(frozen=True, kw_only=True)
class _Shown:
    """One picture of a still, with the words above and below it."""

    film: Film
    key: int
    title: str
    width: int

    @property
    def caption(self) -> str:
        return self.film.trace[self.key].describe()

    @property
    def above(self) -> list[str]:
        return [self.title] if self.title else []

    @property
    def below(self) -> list[str]:
        return [] if self.film.scene.equation else _wrapped(self.caption, self.width)

    @property
    def heights(self) -> tuple[int, int, int]:
        return _LINE_PX * len(self.above), self.film.scene.size[1], _room(self.below)


def still(films: Sequence[Film], titles: Sequence[str], index: int) -> Still:
    """Put the pictures of some films together.

    Parameters
    ----------
    films : sequence of Film
        What to show, of one density and one theme.
    titles : sequence of str
        What stands above each of them, if anything.
    index : int
        The step; of a film that is shorter, its last one.
    """
    shown = _stacked(films, titles, index)
    width, height = shown[0].width, stacked_height(films, titles, index)
    lines = (f"{one.title}: {one.caption}" if one.title else one.caption for one in shown)
    png = as_png(_bounded(_painted(shown, width, height)), _PACKING)
    return Still(png=png, size=(width, height), text="\n".join(lines))


def stacked_height(films: Sequence[Film], titles: Sequence[str], index: int) -> int:
    """Return how many CSS pixels pictures take one below the other, with the words above and below them."""
    return sum(sum(one.heights) for one in _stacked(films, titles, index))


def _stacked(films: Sequence[Film], titles: Sequence[str], index: int) -> list[_Shown]:
    headings = [*titles, *[""] * len(films)]
    width = max(film.scene.size[0] for film in films)
    return [
        _Shown(film=film, key=min(index, len(film.trace) - 1), title=title, width=width)
        for film, title in zip(films, headings, strict=False)
    ]


def _painted(shown: Sequence[_Shown], width: int, height: int) -> Array:
    """Write the words, and lay the frames between them."""
    sheet = Sheet(shown[0].film.scene.sheet.look, width, height)
    places, top = [], 0
    for one in shown:
        above, middle, below = one.heights
        _write(sheet, one.above, top, size_px=TITLE_PX, bold=True)
        _write(sheet, one.below, top + above + middle, size_px=EQUATION_PX)
        places.append(round((top + above) * sheet.look.density))
        top += above + middle + below
    pixels = drawn(sheet.figure)
    for one, place in zip(shown, places, strict=True):
        frame = one.film.frames.pixels(one.key)
        room = pixels[place : place + frame.shape[0], : frame.shape[1]]
        room[...] = frame[: room.shape[0], : room.shape[1]]
    return pixels


def _bounded(pixels: Array) -> Array:
    """Scale a picture down that is finer than a notebook should keep."""
    height, width, _ = pixels.shape
    scale = (_MOST_PIXELS / (height * width)) ** 0.5
    if scale >= 1:
        return pixels
    size = (int(width * scale), int(height * scale))
    return np.array(Image.fromarray(pixels).resize(size, Image.Resampling.BOX))


def _write(sheet: Sheet, lines: Sequence[str], top: int, **style: Any) -> None:
    for number, line in enumerate(lines, start=1):
        sheet.text(MARGIN_PX, top + number * _LINE_PX - 4, line, colour=sheet.theme.ink, **style)


def _room(lines: Sequence[str]) -> int:
    return round(len(lines) * _LINE_PX + MARGIN_PX) if lines else 0


def _wrapped(text: str, width: float) -> list[str]:
    """Set words one after another, beginning a new line before a word that would not fit."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and text_width(longer, EQUATION_PX) > width - 2 * MARGIN_PX:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines if len(lines) <= _MOST_LINES else [*lines[: _MOST_LINES - 1], f"{lines[_MOST_LINES - 1]} …"]
