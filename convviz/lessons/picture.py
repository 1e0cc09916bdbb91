"""The pictures of a lesson: what each shows of a state, and the players that show them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ipywidgets

from convviz.player import Player
from convviz.player.frames.film import SceneMaker
from convviz.trace import Trace


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A function of the state, and what draws it.

    Parameters
    ----------
    name : str
        What the lesson's questions and notes call its trace.
    trace : callable
        Computes the trace of a state.
    scene : callable
        Draws the trace.
    title : str
        A heading, where several pictures stand side by side.
    beside : bool
        Whether the picture stands elsewhere on the page, beside the text that speaks of it, and moves with the others.
    share : float
        How much of the width it takes, where several pictures stand side by side.
    """

    name: str
    trace: Callable[[Any], Trace[Any]]
    scene: SceneMaker
    title: str = ""
    beside: bool = False
    share: float = 1.0


class Players:
    """The players of a lesson: one for the pictures side by side, and one for each that stands elsewhere.

    Parameters
    ----------
    pictures : sequence of Picture
        What the lesson declares; without any there is no player.
    traces : mapping of str to Trace
        What they show first, by their names.
    step : int
        Which step they show first.
    """

    def __init__(self, pictures: Sequence[Picture], traces: Mapping[str, Trace[Any]], step: int) -> None:
        self._together = [picture for picture in pictures if not picture.beside]
        self.player = self._player(traces, step) if pictures else None
        self.beside = {picture.name: self._linked(picture, traces, step) for picture in pictures if picture.beside}

    def show(self, traces: Mapping[str, Trace[Any]], step: int) -> None:
        """Show other traces, at a step."""
        shown = {name: [traces[name]] for name in self.beside}
        players = {**self.beside, **({"": self.player} if self.player else {})}
        for name, player in players.items():
            with player.hold_sync():
                player.index = step
                player.show(shown.get(name) or [traces[picture.name] for picture in self._together])

    def go(self, step: int) -> None:
        """Show another step."""
        if self.player:
            self.player.index = step

    def start_over(self) -> None:
        """Show the first step."""
        self.go(0)

    def ask_about(self, step: int | None) -> None:
        """Outline the step that a question asks about, or none."""
        if self.player:
            self.player.ghost = -1 if step is None else step

    def follow(self, edit: Callable[[Any], None], stepped: Callable[[int], None]) -> None:
        """Call ``edit`` at each edit in the picture, and ``stepped`` with each new step."""
        if self.player:
            self.player.on_edit(edit)
            self.player.observe(lambda change: stepped(change["new"]), "index")

    def _player(self, traces: Mapping[str, Trace[Any]], step: int) -> Player:
        return Player(
            *(traces[picture.name] for picture in self._together),
            scene=[picture.scene for picture in self._together],
            titles=[picture.title for picture in self._together],
            shares=[picture.share for picture in self._together],
            index=step,
        )

    def _linked(self, picture: Picture, traces: Mapping[str, Trace[Any]], step: int) -> Player:
        player = Player(traces[picture.name], scene=picture.scene, index=step, controls=False)
        player.add_class("convviz-beside")
        for trait in ("index", "hover"):
            ipywidgets.jslink((self.player, trait), (player, trait))
        return player
