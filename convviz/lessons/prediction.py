"""What a lesson asks: questions follow the state, and praise stays with the question that it belongs to."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from convviz.questions import Question

Traces = Mapping[str, Any]
"""What the pictures show, by their names: each a Trace."""
Asker = Callable[[Traces, int], Question | None]
"""Makes the question about some traces at a step; none where everything that it could ask is on the screen."""


_MARKS = {"wrong": "✗", "unclear": "⚠"}
_MOST_CHARACTERS = 40


class Prediction:
    """One question on the page, with what was said of the last guess and of the question before.

    Parameters
    ----------
    asker : callable
        Makes the question.
    """

    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self.question: Question | None = None
        self._verdict = ("", "")
        self._before = ("", "", "")
        self._closed_at: int | None = None

    @property
    def leads_to(self) -> int | None:
        """The step that the open question asks about."""
        return self.question.leads_to if self.question else None

    def ask(self, traces: Traces, step: int) -> None:
        """Ask about some traces at a step; a question about the same thing stays as it is."""
        question = self._asker(traces, step)
        if question and self.question and question.subject == self.question.subject:
            return
        if step != self._closed_at:
            self._before = ("", "", "")
        self.question, self._verdict = question, ("", "")

    def judge(self, text: str) -> int | None:
        """Judge a guess; return the step that a right one leads to."""
        if not self.question:
            return None
        if not isinstance(text, str) or len(text) > _MOST_CHARACTERS:
            raise TypeError(f"text is {text!r:.60}; accepted: up to {_MOST_CHARACTERS} characters")
        judgement = self.question.judge(text)
        if judgement.correct:
            return self._close("✓", judgement.text)
        self._verdict = (_MARKS[judgement.verdict], judgement.text)
        return None

    def reveal(self) -> int | None:
        """Show the answer; return the step that it leads to."""
        return self._close("→", self.question.explanation) if self.question else None

    def about(self) -> dict[str, Any]:
        """Describe the question to the page."""
        prompt = self.question.prompt if self.question else ""
        return {"prompt": prompt, "verdict": self._verdict, "before": self._before}

    def _close(self, mark: str, sentence: str) -> int | None:
        assert self.question
        self._before, self._closed_at = (self.question.prompt, mark, sentence), self.question.leads_to
        self._verdict = ("", "")
        return self.question.leads_to


class Predictions(Sequence[Prediction]):
    """All questions of a lesson.

    Parameters
    ----------
    askers : sequence of callable
        Each makes one question.
    closed : callable
        Called after a guess or an answer, with the step that it leads to, if any.
    """

    def __init__(self, askers: Sequence[Asker], closed: Callable[[int | None], None]) -> None:
        self._all = [Prediction(asker) for asker in askers]
        self._closed = closed

    def __len__(self) -> int:
        return len(self._all)

    def __getitem__(self, number: Any) -> Any:
        return self._all[number]

    def guess(self, question: int, text: str) -> None:
        """Answer a question, by its number."""
        self._closed(self._all[question].judge(text))

    def reveal(self, question: int) -> None:
        """Show the answer to a question, by its number."""
        self._closed(self._all[question].reveal())

    def ask(self, traces: Traces, step: int) -> None:
        """Ask all of them about some traces at a step."""
        for prediction in self._all:
            prediction.ask(traces, step)

    @property
    def leads_to(self) -> int | None:
        """The step that the first open question asks about; None without any."""
        steps: list[int | None] = [one.leads_to for one in self._all if one.leads_to is not None]
        return steps[0] if steps else None
