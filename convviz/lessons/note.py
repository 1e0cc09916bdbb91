"""A text of a lesson that is computed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets
import traitlets

from convviz import theme
from convviz.javascript import widget
from convviz.lessons import notes
from convviz.lessons.prediction import Traces
from convviz.player import Player

_BROWSER = Path(__file__).parent / "browser"


@dataclass(frozen=True, kw_only=True)
class Note:
    """A text that follows the state.

    Parameters
    ----------
    name : str
        What a page asks for it by.
    text : callable
        Writes it in HTML, from a state and its traces.
    below : bool
        Whether it stands below the pictures; else a page puts it where it belongs.
    follows : bool
        Whether it speaks of the step on the screen, and so is written again at each step. What stands below the
        pictures is close to them then, so that both are in sight together.
    """

    name: str
    text: Callable[[Any, Traces], str]
    below: bool = False
    follows: bool = False

    @property
    def is_close(self) -> bool:
        """Whether it stands right at the pictures."""
        return self.below and self.follows


class Text(anywidget.AnyWidget):
    """Show a text in HTML; what a reader has unfolded in it stays unfolded when it changes.

    Parameters
    ----------
    value : str
        The text, whose parts from elsewhere have been escaped.
    """

    _esm = widget(_BROWSER / "text.js")
    _css = theme.css() + (_BROWSER / "text.css").read_text(encoding="utf-8") + notes.CSS

    value = traitlets.Unicode("", help="The text in HTML.").tag(sync=True)
    hover = traitlets.Unicode("", help="The cell of the symbol that is pointed at, as a player has it.").tag(
        sync=True, echo_update=False
    )


class Notes:
    """The texts of a lesson, by their names.

    Parameters
    ----------
    declared : sequence of Note
        What the lesson declares.
    state, traces : State, mapping of str to Trace
        What they are about at first.
    player : Player, optional
        The pictures in which symbols light their cells.
    """

    def __init__(self, declared: Sequence[Note], state: Any, traces: Traces, player: Player | None) -> None:
        self._declared, self._player = {note.name: note for note in declared}, player
        self._about = (state, traces)
        self._shown: dict[str, Text] = {}
        self.below = [self[note.name] for note in declared if note.below]

    def __getitem__(self, name: str) -> Text:
        if name not in self._shown:
            text = Text(value=self._declared[name].text(*self._about))
            text.add_class("convviz-close" if self._declared[name].is_close else "convviz-below")
            if self._player and self._declared[name].follows:
                ipywidgets.jslink((text, "hover"), (self._player, "hover"))
            self._shown[name] = text
        return self._shown[name]

    def update(self, state: Any, traces: Traces, *, is_step: bool = False) -> None:
        """Write what is on the page again; where only the step has changed, what speaks of it."""
        self._about = (state, traces)
        for name, text in self._shown.items():
            if self._declared[name].follows or not is_step:
                text.value = self._declared[name].text(state, traces)
