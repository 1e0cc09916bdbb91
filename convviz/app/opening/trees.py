"""A widget and what is inside of it, as data from which the browser builds the same thing without a kernel."""

from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

from PIL import Image

from convviz.lessons.desk import Desk
from convviz.lessons.lesson import Lesson
from convviz.lessons.note import Text
from convviz.player import Player
from convviz.player.frames.film import Film
from convviz.player.saving.stills import Stills
from convviz.theme import Look

_GAP_PX, _LEAST_PX = 24, 480
"""Pictures stand side by side where each gets so many pixels; as in the browser's `surroundings.js`."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """How much room a page gives to pictures, in CSS pixels, and what it looks like.

    Parameters
    ----------
    name : str
        What the browser asks for it by.
    whole, lesson, beside : int
        The room of a player that has the width of the page, that has a desk beside it, and that stands beside a text.
    density : float
        Pixels of the picture for each CSS pixel.
    dark : bool
        Whether it is dark.
    """

    name: str
    whole: int
    lesson: int
    beside: int
    density: float
    dark: bool


_LAPTOP = Page(name="wide-light", whole=1070, lesson=762, beside=494, density=1, dark=False)
_TABLET = Page(name="middle-light", whole=681, lesson=681, beside=681, density=2, dark=False)
_TELEPHONE = Page(name="narrow-light", whole=349, lesson=349, beside=349, density=2, dark=False)
PAGES = tuple(
    replace(page, name=page.name.replace("light", "dark"), dark=True) if dark else page
    for page in (_LAPTOP, _TABLET, _TELEPHONE)
    for dark in (False, True)
)
"""Windows of 901 pixels or more, of 601 or more, and of telephones, each light and dark."""


Also = Callable[[Any, Sequence[Film]], dict[str, Any]]
"""Returns what else is to be written of a widget, whose pictures are these films."""


def tree(
    widget: Any, page: Page, room: int | None = None, *, all_frames: bool = False, also: Also | None = None
) -> dict[str, Any] | None:
    """Write a widget down; nothing where it is none of ours.

    Parameters
    ----------
    widget : Widget
        A lesson, a player, or a part of a lesson.
    page : Page
        Where it will be shown.
    room : int, optional
        The room that it has; what its kind has by default if left out.
    all_frames : bool
        Whether all steps of a player are written, and not just the one that it shows.
    also : callable, optional
        Returns what else is written of each part.
    """
    classes = list(getattr(widget, "_dom_classes", ()))
    if isinstance(widget, Lesson):
        room = page.whole if widget.wide else page.lesson
        children = [tree(child, page, room, also=also) for child in widget.children]
        return {"classes": classes, "children": [child for child in children if child]}
    if isinstance(widget, Player):
        room = room or (page.beside if "convviz-beside" in classes else page.whole)
        films = _films(widget, page, room)
        more = also(widget, films) if also else {}
        return {"kind": "player", "classes": classes, "state": _player(widget, films, all_frames), **more}
    for kind, names in ((Desk, ("content", "questions", "address", "names", "locked")), (Text, ("value",))):
        if isinstance(widget, kind):
            state = {name: getattr(widget, name) for name in names}
            more = also(widget, ()) if also else {}
            return {"kind": kind.__name__.lower(), "classes": classes, "state": state, **more}
    return None


def _films(player: Player, page: Page, room: int) -> list[Film]:
    """Lay out the pictures of a player for the room that it has."""
    shown = player.shown
    across = min(len(shown), max(1, (room + _GAP_PX) // (_LEAST_PX + _GAP_PX)))
    shares = player.shares if across == len(player.shares) else [1 / across] * len(shown)
    widths = [int((room - _GAP_PX * (across - 1)) * share / sum(shares[:across])) for share in shares]
    looks = [Look(width=max(width, 320), density=page.density, dark=page.dark) for width in widths]
    return [Film(maker(trace, look)) for (trace, maker), look in zip(shown, looks, strict=True)]


def _player(player: Player, films: Sequence[Film], all_frames: bool) -> dict[str, Any]:
    names = ("index", "interval_ms", "loop", "controls", "ghost", "editable", "titles", "shares")
    pictures = [_picture(film, number, player.index, all_frames) for number, film in enumerate(films)]
    return {**{name: getattr(player, name) for name in names}, "pictures": pictures}


def _picture(film: Film, number: int, index: int, all_frames: bool) -> dict[str, Any]:
    index = min(index, len(film.trace) - 1)
    picture = film.picture(index)
    del picture["first"]
    steps = [index, *(step for step in range(len(film.trace)) if all_frames and step != index)]
    stills = Stills(film, steps)
    frames = [{"key": step, **film.says(step), "png": _png(stills.image(step))} for step in steps]
    # Its own flip is not shown: the picture that replaces it begins with that.
    return {**picture, "flips": 0 if not all_frames else picture["flips"], "generation": number + 1, "frames": frames}


def _png(image: Image.Image) -> str:
    file = BytesIO()
    image.save(file, "png", compress_level=6)
    return b64encode(file.getvalue()).decode("ascii")
