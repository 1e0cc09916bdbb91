"""A task: predict the next output cell, and learn from a wrong guess what went wrong."""

from html import escape
from typing import Any

import ipywidgets

from convviz.explorers.number_grid import read_number
from convviz.numerals import numeral
from convviz.operations.convolution import WindowTrace
from convviz.operations.diagnosis import diagnose
from convviz.player import Player


class Prediction(ipywidgets.VBox):
    """Ask for the output cell after the one that a player shows, and answer a guess.

    Parameters
    ----------
    player : Player
        Shows a trace of `convviz.correlate` or `convviz.convolve`; a right guess takes it one step on.
    """

    def __init__(self, player: Player) -> None:
        self._player = player
        self.question = ipywidgets.HTML()
        self.guess = ipywidgets.Text(
            placeholder="your number", tooltip="Your prediction", continuous_update=False, layout={"width": "8rem"}
        )
        self.button = ipywidgets.Button(description="Check", layout={"width": "6rem"})
        self.answer = ipywidgets.HTML(_spoken("", ""))
        line = ipywidgets.HBox([self.guess, self.button])
        super().__init__([self.question, line, self.answer])
        self.add_class("convviz-prediction")
        self.button.on_click(self._check)
        player.observe(self._ask, ["index", "picture"])
        self._ask(None)

    @property
    def index(self) -> int:
        """The step that is asked for: the one after the step on the screen, or the first after the last."""
        return (self._player.index + 1) % len(self._trace)

    @property
    def _trace(self) -> WindowTrace:
        trace = self._player.trace
        assert isinstance(trace, WindowTrace)
        return trace

    def _ask(self, change: Any) -> None:
        position = list(self._trace[self.index].position)
        self.question.value = f"<p>What number will the <b>next</b> output cell, <code>{position}</code>, hold?</p>"
        if change is not None and not self._taking:
            self.answer.value = _spoken("", "")
            self.guess.value = ""

    _taking = False
    """Whether the player is being taken to the cell that was guessed right."""

    def _check(self, _: Any) -> None:
        try:
            guess = read_number(self.guess.value)
        except ValueError as error:
            self.answer.value = _spoken("⚠", f"Your prediction: {error}")
            return
        index, trace = self.index, self._trace
        diagnosis = diagnose(trace, index, guess)
        if diagnosis.correct:
            self.answer.value = _spoken("✓", f"Right! {trace[index].describe()}")
            self._taking = True
            self._player.index = index
            self._taking = False
            self.guess.value = ""
        else:
            reason = " ".join(diagnosis.mistakes[:2]) or (
                f"{numeral(guess)} matches none of the usual mistakes. Multiply each number in the window "
                "by the weight in its corner, then add everything up."
            )
            self.answer.value = _spoken("✗", f"Not yet. {reason}")


def _spoken(mark: str, text: str) -> str:
    return f'<div role="status" aria-live="polite" class="convviz-answer"><b>{mark}</b> {escape(text)}</div>'
