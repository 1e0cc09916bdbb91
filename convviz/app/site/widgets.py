"""The widgets of a page by number: whoever runs the cells of a notebook numbers them in the same way."""

from collections.abc import Iterator, Mapping
from typing import Any

import ipywidgets

from convviz.lessons.desk import Desk
from convviz.lessons.lesson import Lesson
from convviz.lessons.note import Text
from convviz.player import Player

STATES: dict[type, tuple[str, ...]] = {
    Player: ("index", "interval_ms", "loop", "controls", "ghost", "editable", "titles", "shares", "pictures"),
    Desk: ("content", "questions", "address", "names", "locked"),
    Text: ("value",),
}
"""What a page must know of each kind."""


def numbered(shown: Mapping[int, Any]) -> list[ipywidgets.Widget]:
    """List the parts of what the cells of a notebook show, each once, in the order of the page.

    Parameters
    ----------
    shown : mapping of int to object
        What each cell shows, by its number.
    """
    parts: list[ipywidgets.Widget] = []
    for value in shown.values():
        parts += [part for part in _parts(value) if part not in parts]
    return parts


def _parts(value: Any) -> Iterator[ipywidgets.Widget]:
    if isinstance(value, Lesson):
        for child in value.children:
            yield from _parts(child)
    elif isinstance(value, tuple(STATES)):
        yield value


def names_of(widget: ipywidgets.Widget) -> tuple[str, ...]:
    """Return the names of what a page must know of a widget."""
    return next(names for kind, names in STATES.items() if isinstance(widget, kind))
