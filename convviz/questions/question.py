"""A question with its right answer, and the judgement of a guess."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from convviz.questions.guess import Guess, read_guess, same

_MOST_TOLD = 2
"""A guess that comes from more mistakes than these says little about any of them."""


class Mistake(NamedTuple):
    """A usual mistake: the value that it leads to, and what this value really is.

    Parameters
    ----------
    value : int or float
        Python's own number; not finite where the mistake leads to no number.
    what : str
        Continues "7 is …".
    missing : tuple of str
        What was left out besides: a bias, an activation.
    """

    value: Any
    what: str
    missing: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """What the value is, with what is missing.

        Examples
        --------
        >>> Mistake(7, "the sum of channel 0 alone: add 3", ("bias 2", "relu")).told
        'the sum of channel 0 alone: add 3; bias 2 and relu were left out'
        """
        if not self.missing:
            return self.what
        return f"{self.what}; {' and '.join(self.missing)} {'was' if len(self.missing) == 1 else 'were'} left out"


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What a guess is answered.

    Parameters
    ----------
    verdict : {'right', 'wrong', 'unclear'}
        It is unclear if the guess is no number, or right but rounded too far.
    text : str
        What to show: plain text, in which the guess may be quoted as it was typed.
    """

    verdict: Literal["right", "wrong", "unclear"]
    text: str

    @property
    def correct(self) -> bool:
        """Whether the guess is right."""
        return self.verdict == "right"


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question about a picture, whose answer is a number.

    Parameters
    ----------
    subject : hashable
        What is asked about. While it stays the same, so does the question, and an answer to it remains true.
    prompt : str
        The question in words, as plain text.
    truth : int or float
        The right answer.
    mistakes : callable
        Returns the usual mistakes, the most specific first. It is called only when a guess is wrong.
    explanation : str
        Why the right answer is right: whole sentences.
    hint : str
        How to find the answer, for a learner whose guess is no usual mistake.
    leads_to : int or None
        The step that a right answer leads to, if any.

    Examples
    --------
    >>> question = Question(
    ...     subject="sum",
    ...     prompt="What is 3 + 4?",
    ...     truth=7,
    ...     mistakes=lambda: [Mistake(12, "3 times 4: add the two instead")],
    ...     explanation="3 + 4 = 7.",
    ...     hint="Count on from 3.",
    ... )
    >>> for guess in ("7", "12", "5", "1,5"):
    ...     print(question.judge(guess).text)
    Right! 3 + 4 = 7.
    Not yet. 12 is 3 times 4: add the two instead.
    Not yet. Count on from 3.
    “1,5” is no number; write 1.5 with a point.
    """

    subject: Hashable = field(repr=False)
    prompt: str
    truth: int | float
    mistakes: Callable[[], Iterable[Mistake]] = field(compare=False)
    explanation: str
    hint: str
    leads_to: int | None = None

    def judge(self, text: str) -> Judgement:
        """Judge a guess as it was typed.

        Integers must be right exactly. Any other answer may be rounded to the digits that are typed, as long as these
        are at least two, zeros in front not counted, with at least one decimal: 0.78 is 7/9, but 0.8 or 1 is not.
        """
        try:
            guess = read_guess(text)
        except ValueError as error:
            said = str(error)
            return Judgement(verdict="unclear", text=f"{said[:1].upper()}{said[1:]}.")
        if guess.stands_for(self.truth):
            return Judgement(verdict="right", text=f"Right! {self.explanation}")
        told = self._told(guess)
        if guess.is_too_coarse_for(self.truth) and not any(guess.equals(mistake.value) for mistake in told):
            said = f"{guess.text} is rounded too far. Type more decimals, or a fraction such as 1/4."
            return Judgement(verdict="unclear", text=said)
        return Judgement(verdict="wrong", text=f"Not yet. {_sentences(guess, told) or self.hint}")

    def _told(self, guess: Guess) -> list[Mistake]:
        """Return the mistakes that lead to a guess exactly, or else when rounded; first where least is missing."""
        others = [mistake for mistake in self.mistakes() if not same(mistake.value, self.truth)]
        others.sort(key=lambda mistake: len(mistake.missing))
        exact = [mistake for mistake in others if guess.equals(mistake.value)]
        return exact or [mistake for mistake in others if guess.stands_for(mistake.value)]


def _sentences(guess: Guess, mistakes: list[Mistake]) -> str:
    distinct = dict.fromkeys((guess.equals(mistake.value), mistake.told) for mistake in mistakes)
    first = list(distinct)[:_MOST_TOLD]
    return " ".join(
        f"{guess.text} is{' also' if number else ''}{'' if exact else ', rounded,'} {said}."
        for number, (exact, said) in enumerate(first)
    )
