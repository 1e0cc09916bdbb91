"""A lesson: one frozen state, and pictures, controls, questions and notes declared over it."""

from collections.abc import Mapping, Sequence
from threading import RLock
from typing import Any, ClassVar, Generic, TypeVar

import ipywidgets

from convviz.lessons import address
from convviz.lessons.controls import Group
from convviz.lessons.desk import Desk
from convviz.lessons.downloads import Downloads
from convviz.lessons.editing import edited
from convviz.lessons.history import History
from convviz.lessons.locks import Locks
from convviz.lessons.note import Note, Notes, Text
from convviz.lessons.picture import Picture, Players
from convviz.lessons.prediction import Asker, Predictions, Traces
from convviz.lessons.states import State
from convviz.player import Edit, Paste, Resize
from convviz.player.frames.still import beside

StateT = TypeVar("StateT", bound=State)
Refusal = (ValueError, TypeError, OverflowError)
"""What a state or an operation raises when numbers do not go together."""


class Lesson(ipywidgets.Box, Generic[StateT]):
    """Pictures with everything that changes them. One change makes one new state: shown everywhere, or refused.

    A lesson is a declaration: a subclass names its pictures, controls, questions and notes.

    Parameters
    ----------
    start : State
        What to begin with, and what *Reset* returns to.
    """

    pictures: ClassVar[tuple[Picture, ...]] = ()
    controls: ClassVar[tuple[Group, ...]] = ()
    questions: ClassVar[tuple[Asker, ...]] = ()
    notes: ClassVar[tuple[Note, ...]] = ()
    hint: ClassVar[str] = ""
    wide: ClassVar[bool] = False
    """Whether the pictures take the whole width, and the desk stands below them."""
    saves: ClassVar[bool] = False
    """Whether the page offers its pictures as files."""

    def __init__(self, start: StateT) -> None:
        self._lock = RLock()  # JupyterLab handles messages beside the thread that runs the cells
        self._start, self._history, self._locks = start, History(start), Locks()
        self._used: dict[str, Any] = {"name": "", "times": 0}
        self._traces = self._computed(start)
        self._players = Players(self.pictures, self._traces, start.step)
        self.predictions = Predictions(self.questions, self._close)
        self.player, self.beside = self._players.player, self._players.beside
        self._texts = Notes(self.notes, start, self._traces, self.player)
        guess, reveal = self.predictions.guess, self.predictions.reveal
        self._downloads = Downloads(self.player, self._hand_out) if self.saves and self.player else None
        handlers = (self.use, guess, reveal, self._players.start_over, self.undo, self.reset, self.visit, self.download)
        self.desk = Desk({handler.__name__: handler for handler in handlers}, address.names(start))
        self._players.follow(self.edit, self._stepped)
        self._refresh()
        super().__init__([*([self.player] if self.player else []), self.desk, *self._texts.below])
        self.add_class("convviz").add_class("convviz-lesson").add_class(
            "convviz-wide" if self.wide else "convviz-narrow"
        )

    @property
    def state(self) -> StateT:
        """What is on the screen."""
        return self._history.now

    @property
    def traces(self) -> Traces:
        """What the pictures show, by their names."""
        return self._traces

    def note(self, name: str) -> Text:
        """Return a text that follows the state, to be put anywhere on the page."""
        return self._texts[name]

    def change(self, state: StateT, *, live: bool = False) -> None:
        """Show another state; while a number is still being dragged (``live``), *Undo* returns to where that began.

        Raises
        ------
        ValueError, TypeError, OverflowError
            If its numbers do not go together.
        """
        with self._lock:
            self._locks.check(self.state, state)
            traces = self._computed(state)
            steps = min(map(len, traces.values()), default=1)
            self._history.move(state.with_field("step", min(state.step, steps - 1)), live=live)
            self._show(traces)

    def use(self, name: str, value: Any = None) -> None:
        """Use a control, as somebody does on the page; a KeyError if there is none of that name."""
        controls = {control.name: control for group in self.controls for control in group.controls}
        self._used = {"name": name, "times": self._used["times"] + 1}
        try:
            self.change(controls[name].changed(self.state, value))
        except Refusal as error:
            self._refresh(error={"name": name, "text": str(error)})

    def edit(self, edit: Edit | Paste | Resize) -> None:
        """Edit an array, as somebody does in a picture; raises as `change` does."""
        array = edited(edit, getattr(self.state, edit.operand))
        self.change(self.state.with_field(edit.operand, array), live=isinstance(edit, Edit) and edit.live)

    def undo(self) -> None:
        """Return to the state before the last change."""
        with self._lock:
            self._show(self._computed(self._history.back()))

    def reset(self) -> None:
        """Return to the start, or, where a link has locked something, to what that link shows."""
        self.change(self._history.start)

    def visit(self, search: str, lock: str = "") -> None:
        """Show the state that a page's address holds; the start, with a notice, where it cannot be read.

        Parameters
        ----------
        search : str
            What the address says of the state.
        lock : str
            Names of the state that stay as they are from then on, with commas between; or "all".
        """
        for name, text in {"search": search, "lock": lock}.items():
            if not isinstance(text, str):  # as a page may say
                raise TypeError(f"{name} is {text!r:.40}; accepted: a text")
        self._unlock()
        try:
            self.change(address.read(search, self._start))
            self._keep(Locks.read(lock, address.names(self._start)))
        except Refusal as error:
            self._refresh(notice=f"This link could not be opened: {error}. The lesson shows its own example instead.")
        self.desk.locked = lock[: address.MOST_CHARACTERS]
        self.desk.send({"type": "visited"})

    def download(self, ending: Any) -> None:
        """Send the picture to the page as a file, if the lesson offers that."""
        if self._downloads:
            self._downloads.download(ending)

    def _unlock(self) -> None:
        if self._locks.fields:
            state, self._locks, self._history = self.state, Locks(), History(self._start)
            self._history.move(state)
        if self.player:
            self.player.editable = True

    def _keep(self, locks: Locks) -> None:
        """Keep fields as they are now; *Reset* returns to what is shown now."""
        if not locks.fields:
            return
        self._locks, self._history = locks, History(self.state)
        if self.player:
            self.player.editable = not locks.all_of([*self._start.dimensions])
        self._refresh()

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        widget = super()._repr_mimebundle_(**kwargs)
        return beside(widget, self.player.still) if self.player else widget

    def _hand_out(self, message: Mapping[str, Any], buffers: Sequence[bytes] = ()) -> None:
        self.desk.send(dict(message), list(buffers))

    def _computed(self, state: StateT) -> Traces:
        return {picture.name: picture.trace(state) for picture in self.pictures}

    def _stepped(self, step: int) -> None:
        last = max(map(len, self._traces.values())) - 1
        self._history.step(min(step, last))  # a page may name any step
        self._texts.update(self.state, self._traces, is_step=True)
        self._ask()

    def _close(self, step: int | None) -> None:
        if step is not None:
            self._players.go(step)
        self._ask()

    def _show(self, traces: Traces) -> None:
        self._traces = traces
        self._players.show(traces, self.state.step)
        self._texts.update(self.state, traces)
        self._refresh()

    def _advice(self) -> str:
        """Return what the page says above the controls."""
        return self.hint

    def _refresh(self, error: Mapping[str, str] | None = None, notice: str = "") -> None:
        """Bring the desk up to date."""
        groups = [group.about(self.state, self._locks.fields) for group in self.controls]
        about = {"hint": self._advice(), "groups": groups, "error": error or {}, "notice": notice}
        saves = self._downloads.about() if self._downloads else None
        self.desk.content = {**about, "used": self._used, "saves": saves, **self._history.about()}
        self._ask()

    def _ask(self) -> None:
        self.predictions.ask(self._traces, self.state.step)
        self.desk.questions = [prediction.about() for prediction in self.predictions]
        self.desk.address = address.write(self.state, self._start)
        self._players.ask_about(self.predictions.leads_to)
