"""A task: predict what a picture will show, and learn from a wrong guess what went wrong."""

from html import escape
from typing import Any

import ipywidgets

from convviz.lessons.number_grid import read_number
from convviz.lessons.questions import NextCell, Question
from convviz.numerals import numeral
from convviz.player import Player


class Prediction(ipywidgets.VBox):
    """Ask a question about what a player shows, and answer a guess.

    Parameters
    ----------
    player : Player
        Shows what is asked about.
    question : Question, optional
        `NextCell()`, the default, `MapCount()`, or another one.

    Raises
    ------
    TypeError
        If the player shows a trace that the question is not about.

    Examples
    --------
    >>> from convviz import conv_layer
    >>> player = Player(conv_layer([[1, 2], [3, 4]], [[[5], [6]]], [7], activation="relu"))
    >>> Prediction(player).question.value
    '<p>What number will the <b>next</b> output cell, <code>[0, 1]</code>, hold, with bias 7, then relu?</p>'
    """

    def __init__(self, player: Player, question: Question | None = None) -> None:
        self._player, self._question = player, question or NextCell()
        self._subject: Any = None
        self.question = ipywidgets.HTML()
        self.guess = ipywidgets.Text(
            placeholder="your number", tooltip="Your prediction", continuous_update=False, layout={"width": "8rem"}
        )
        self.button = ipywidgets.Button(description="Check", layout={"width": "6rem"})
        self.answer = ipywidgets.HTML(_spoken("", ""))
        self._ask(None)
        line = ipywidgets.HBox([self.guess, self.button])
        super().__init__([self.question, line, self.answer])
        self.add_class("convviz-prediction")
        self.button.on_click(self._check)
        player.observe(self._ask, ["index", "picture"])

    def _ask(self, _: Any) -> None:
        """Ask anew if what is asked about has changed: a picture drawn wider still shows the same."""
        subject = self._question.subject(self._player)
        if subject != self._subject:
            self._subject = subject
            self.question.value = self._question.ask(self._player)
            self.answer.value = _spoken("", "")
            self.guess.value = ""

    def _check(self, _: Any) -> None:
        try:
            guess = read_number(self.guess.value)
        except ValueError as error:
            self.answer.value = _spoken("⚠", f"Your prediction: {error}")
            return
        diagnosis = self._question.diagnose(self._player, guess)
        if diagnosis.correct:
            explanation = self._question.explain(self._player)
            self._question.move_on(self._player)
            self.guess.value = ""
            self.answer.value = _spoken("✓", f"Right! {explanation}")
        else:
            reason = " ".join(diagnosis.mistakes[:2]) or (
                f"{numeral(guess)} matches none of the usual mistakes. {self._question.hint(self._player)}"
            )
            self.answer.value = _spoken("✗", f"Not yet. {reason}")


def _spoken(mark: str, text: str) -> str:
    return f'<div role="status" aria-live="polite" class="convviz-answer"><b>{mark}</b> {escape(text)}</div>'
