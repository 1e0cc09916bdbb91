"""What a page shows without Python: its first pictures, the frames of all steps, and what is said at each of them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import comm
import ipywidgets
from comm.base_comm import BaseComm, CommManager

from convviz.app.opening.trees import Page, tree
from convviz.app.site.widgets import names_of, numbered
from convviz.lessons.lesson import Lesson
from convviz.player import Player
from convviz.player.frames.film import Film
from convviz.player.saving.reels import reels, says

MOST_STEPS = 64
"""Of a picture; those nearest to the one that it shows at first. The others are drawn by the reader's own Python."""
_BY_STEP = ("ghost", "questions", "address", "value", "content")
"""What of a state may be another at another step."""


class Baked:
    """What the cells of a notebook show, as files for its page.

    Parameters
    ----------
    shown : mapping of int to object
        What each cell shows, by its number.
    links : sequence of list
        What `heard` heard while the cells were run.
    """

    def __init__(self, shown: Mapping[int, Any], links: Sequence[list[Any]]) -> None:
        self._shown, self._widgets = shown, numbered(shown)
        self._links = links

    def opening(self, page: Page) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return what a page shows first, and what it shows as soon as somebody steps: frames by widget."""
        frames: dict[str, Any] = {}

        def also(widget: ipywidgets.Widget, films: Sequence[Film]) -> dict[str, Any]:
            number = self._widgets.index(widget)
            if not films:
                return {"id": number}
            frames[str(number)] = [_frames(film, widget.index, page.density) for film in films]
            return {"id": number, "flips": [film.scene.flips for film in films]}

        trees = {str(cell): tree(value, page, also=also) for cell, value in self._shown.items()}
        return {cell: made for cell, made in trees.items() if made}, frames

    def steps(self) -> dict[str, Any]:
        """Return what is said at each step of each lesson, where that is not what is said at first; and all links."""
        players = [value.player for value in self._shown.values() if isinstance(value, Lesson) and value.player]
        said = {str(self._widgets.index(player)): self._said(player) for player in players}
        return {"links": self._known_links(), "said": {player: steps for player, steps in said.items() if steps}}

    def _said(self, player: Player) -> dict[str, Any]:
        first, start = player.index, self._states()
        said = {}
        for step in steps_near(first, max(map(len, player.traces))):
            player.index = step
            now = self._states()
            said[str(step)] = [[*name, now[name]] for name in now if now[name] != start[name]]
        player.index = first
        return said if any(said.values()) else {}

    def _states(self) -> dict[tuple[int, str], Any]:
        return {
            (number, name): json.loads(json.dumps(getattr(widget, name)))
            for number, widget in enumerate(self._widgets)
            for name in names_of(widget)
            if name in _BY_STEP
        }

    def _known_links(self) -> list[list[Any]]:
        numbers = {widget.model_id: number for number, widget in enumerate(self._widgets)}
        ends = ([[numbers.get(model), name] for model, name in link] for link in self._links)
        return [[*source, *target] for source, target in ends if source[0] is not None and target[0] is not None]


@contextmanager
def heard() -> Iterator[list[list[Any]]]:
    """Hear which widgets are linked in the browser, from what is sent to open them."""
    links: list[list[Any]] = []

    class Heard(BaseComm):
        def publish_msg(self, msg_type: str, data: Any = None, *_: Any, **__: Any) -> None:
            state = (data or {}).get("state", {})
            if msg_type == "comm_open" and state.get("_model_name") == "LinkModel":
                ends = (state["source"], state["target"])
                links.append([(model.removeprefix("IPY_MODEL_"), name) for model, name in ends])

    manager, before = CommManager(), (comm.create_comm, comm.get_comm_manager)
    comm.create_comm, comm.get_comm_manager = Heard, lambda: manager
    try:
        yield links
    finally:
        comm.create_comm, comm.get_comm_manager = before


def steps_near(first: int, count: int) -> list[int]:
    """List the steps whose frames are baked.

    Examples
    --------
    >>> steps_near(4, 9)
    [0, 1, 2, 3, 4, 5, 6, 7, 8]
    >>> len(steps_near(1000, 5000))
    64
    """
    start = max(0, min(first - MOST_STEPS // 2, count - MOST_STEPS))
    return [*range(start, min(count, start + MOST_STEPS))]


def _frames(film: Film, index: int, density: float) -> dict[str, Any]:
    """Write the frames of a picture, as a saved page holds them."""
    keys = [*range(-film.scene.flips, 0), *steps_near(min(index, len(film.trace) - 1), len(film.trace))]
    return {"says": says(film, keys), "reels": list(reels(film, keys, density))}
