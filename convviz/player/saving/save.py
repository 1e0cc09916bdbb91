"""Save a picture to a file: check what is asked for, write beside the old file, replace it in the end."""

from collections.abc import Callable, Sequence
from operator import index as as_index
from pathlib import Path
from secrets import token_hex
from typing import Any

from PIL import Image

from convviz.player.frames.film import SceneMaker
from convviz.player.saving.animation import write_gif, write_mp4
from convviz.player.saving.module import write_mjs
from convviz.player.saving.page import write_html
from convviz.player.saving.recording import Recording
from convviz.theme import Look
from convviz.trace import Step, Trace

WIDTHS = (320, 1400)
DENSITIES = (0.5, 4)


def save(
    path: str | Path,
    pictures: Sequence[tuple[Trace[Step], SceneMaker]],
    *,
    picture: int,
    shown: int,
    index: int | None,
    steps: slice | range | None,
    width: int,
    density: float,
    dark: bool,
    titles: Sequence[str],
    shares: Sequence[float],
    interval_ms: int,
    progress: bool | Callable[[int, int], None],
) -> Path:
    """Write traces as scenes draw them to ``path``; see `Player.save`."""
    path = _checked_path(path)
    if picture not in range(len(pictures)):
        raise IndexError(f"picture is {picture!r}; accepted: 0 to {len(pictures) - 1}")
    chosen = pictures if path.suffix.lower() in _WHOLE else pictures[picture : picture + 1]
    count = max(len(trace) for trace, _ in chosen)
    recording = Recording(
        name=path.name,
        pictures=chosen,
        look=checked_look(width, density, dark),
        steps=_chosen(path.suffix, count, min(shown, count - 1), index, steps),
        titles=titles,
        shares=shares,
        interval_ms=interval_ms,
        progress=progress,
    )
    unfinished = path.with_name(f".{path.stem}-{token_hex(4)}{path.suffix}")
    try:
        _WRITERS[path.suffix.lower()](unfinished, recording)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return path


def write_png(path: Path, recording: Recording) -> None:
    """Write one step as a still picture."""
    Image.fromarray(recording.film().frames.pixels(recording.steps[0])).convert("RGB").save(path, optimize=True)


_WRITERS: dict[str, Callable[[Path, Recording], None]] = {
    ".gif": write_gif,
    ".mp4": write_mp4,
    ".png": write_png,
    ".html": write_html,
    ".mjs": write_mjs,
}
_WHOLE = (".html", ".mjs")
"""What holds all pictures of a player, with its controls."""


def _checked_path(path: str | Path) -> Path:
    if not isinstance(path, str | Path):
        raise TypeError(f"path is of type {type(path).__name__}; accepted: text or a pathlib.Path")
    path = Path(path).expanduser()
    if path.suffix.lower() not in _WRITERS:
        raise ValueError(f"path is {str(path)!r}; accepted: a name that ends in {', '.join(_WRITERS)}")
    if not path.parent.is_dir():
        raise FileNotFoundError(f"path is {str(path)!r}, but there is no folder {str(path.parent)!r}; make it first")
    if path.is_dir():
        raise IsADirectoryError(f"path is {str(path)!r}, which is a folder; accepted: the name of a file")
    return path


def checked_look(width: int, density: float, dark: bool) -> Look:
    """Return how pictures are to look, or say what of it is not accepted."""
    for name, value, (low, high) in (("width", width, WIDTHS), ("density", density, DENSITIES)):
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not low <= value <= high:
            raise ValueError(f"{name} is {value!r}; accepted: a number from {low} to {high}")
    if not isinstance(dark, bool):
        raise ValueError(f"dark is {dark!r}; accepted: True, False, or None for what the player looks like")
    return Look(width=int(width), density=float(density), dark=dark)


def _chosen(suffix: str, count: int, shown: int, index: int | None, steps: Any) -> Sequence[int]:
    if suffix.lower() == ".png":
        if steps is not None:
            raise ValueError(f"steps is {steps!r}, but a .png shows one step; accepted: index, or another kind of file")
        return [_checked_index(shown if index is None else index, count)]
    if index is not None:
        raise ValueError(f"index is {index!r}, but only a .png shows a single step; accepted: steps, or .png")
    if not isinstance(steps, slice | range | None):
        raise TypeError(f"steps is {steps!r}; accepted: a slice or a range, e.g. slice(0, 50)")
    chosen = steps if isinstance(steps, range) else range(count)[steps or slice(None)]
    if not chosen:
        raise ValueError(f"steps is {steps!r}, which chooses none of the {count} steps; accepted: one at least")
    for end in (chosen[0], chosen[-1]):
        if not 0 <= end < count:
            raise IndexError(f"steps holds {end}; accepted: 0 to {count - 1}")
    return chosen


def _checked_index(index: Any, count: int) -> int:
    try:
        at = as_index(index)
    except TypeError:
        raise TypeError(f"index is {index!r}; accepted: a whole number") from None
    if not -count <= at < count:
        raise IndexError(f"index is {at}; accepted: 0 to {count - 1}, or -1 to {-count} counted from the end")
    return at % count
