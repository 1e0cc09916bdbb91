"""What to write into a page so that a saved player is shown in it."""

from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from convviz.player.frames.film import Film, SceneMaker
from convviz.player.frames.still import stacked_height
from convviz.player.saving.save import checked_look
from convviz.trace import Step, Trace

_BESIDE_PX = 26
"""What the page has beside its pictures: their margins and its border."""
_AROUND_PX = 67
"""What it has above and below them, the bar of controls included."""
_SECOND_ROW_PX, _ONE_ROW_FROM_PX = 42, 740
"""The bar has a second row where the button that flips a kernel does not fit into the first."""
_ACCEPTED = "accepted: the address of a saved page (.html) or module (.mjs), or none, for a page within the line"


def embed(
    address: str | Path | None,
    pictures: Sequence[tuple[Trace[Step], SceneMaker]],
    *,
    title: str | None,
    titles: Sequence[str],
    width: int,
    save: Callable[[Path], Path],
) -> str:
    """Return what to write into a page; see `Player.embed`.

    Parameters
    ----------
    address : str or Path, optional
        Where the saved file is, seen from the page.
    pictures : sequence of (Trace, callable)
        What each picture shows, and what draws it.
    title : str, optional
        What the frame is called; the headings if left out, or how the file is called.
    titles : sequence of str
        Headings of the pictures, if they have any.
    width : int
        CSS pixels of the pictures.
    save : callable
        Saves the player to a file.
    """
    address = address.as_posix() if isinstance(address, Path) else address
    kind, stem = _kind(address)
    if kind == ".mjs":
        return f"```{{anywidget}} {address}\n```"
    source = f'srcdoc="{escape(_saved(save))}"' if address is None else f'src="{escape(address)}"'
    name = title or ", ".join(titles) or f"{stem}, step by step".strip(", ")
    return _frame(source, name, *_size(pictures, titles, width))


def _kind(address: Any) -> tuple[str, str]:
    """Return how the name of the file ends, and what it is called in words."""
    if address is None:
        return ".html", ""
    if not isinstance(address, str):
        raise TypeError(f"address is of type {type(address).__name__}; {_ACCEPTED}")
    name = PurePosixPath(urlsplit(address).path)
    if name.suffix.lower() not in (".html", ".mjs"):
        raise ValueError(f"address is {address!r}; {_ACCEPTED}")
    return name.suffix.lower(), name.stem.replace("_", " ").replace("-", " ")


def _saved(save: Callable[[Path], Path]) -> str:
    with TemporaryDirectory() as folder:
        return save(Path(folder) / "player.html").read_text(encoding="utf-8")


def _size(pictures: Sequence[tuple[Trace[Step], SceneMaker]], titles: Sequence[str], width: int) -> tuple[int, int]:
    look = checked_look(width, 1, dark=False)
    films = [Film(draw(trace, look)) for trace, draw in pictures]
    height = stacked_height(films, titles, 0) + _AROUND_PX
    if width < _ONE_ROW_FROM_PX and any(film.scene.flips for film in films):
        height += _SECOND_ROW_PX
    for film in films:
        film.release()
    return look.width + _BESIDE_PX, height


def _frame(source: str, name: str, width: int, height: int) -> str:
    # Where sizes of a style are not let through, those of the attributes hold.
    about = f'class="convviz-frame" title="{escape(name)}" width="100%" height="{height}" loading="lazy"'
    return f'<iframe {about} style="border: 0; border-radius: 12px; max-width: {width}px" {source}></iframe>'
