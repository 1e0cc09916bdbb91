"""Questions about a kernel that is learned: what the next update makes of one of its weights."""

from collections.abc import Hashable, Iterator
from math import isfinite
from typing import NamedTuple

import numpy as np

from convviz.numerals import numeral
from convviz.operations.learning.descent import LearningTrace
from convviz.operations.learning.two_layers import NetworkTrace
from convviz.questions.question import Mistake, Question
from convviz.trace import Array, Step

_DIGITS = 5


def next_weight(trace: LearningTrace, index: int) -> Question | None:
    """Ask what a weight will be after the next update: the one that changes most.

    Parameters
    ----------
    trace : LearningTrace
        Of `convviz.learn_kernel`.
    index : int
        The step that is shown.

    Returns
    -------
    Question or None
        Nothing after the last update, nor where no weight changes any more.

    Raises
    ------
    IndexError
        If there is no such step.

    Examples
    --------
    >>> from convviz import learn_kernel
    >>> question = next_weight(learn_kernel([2, 0, 0], [2, 0], start=[-0.5, 0.5], rate=0.125, steps=2), 0)
    >>> question.prompt
    'Weight [0] is -0.5, its gradient is -6, and the learning rate is 0.125. What will the weight be after the next ...'
    >>> question.judge("-1.25").text
    'Not yet. -1.25 is the weight plus rate × gradient, which goes uphill: subtract it.'
    >>> question.judge("0.25").text
    'Right! Weight [0]: -0.5 − 0.125×(-6) = 0.25.'
    """
    step = trace[index]
    if step.index == len(trace) - 1 or not np.abs(step.gradient).max():
        return None
    at = _steepest(step.gradient)
    weight, gradient, after = (array[at].item() for array in (step.kernel, step.gradient, trace[step.index + 1].kernel))
    subject = (step.rate, trace.flip, step.kernel.tobytes(), step.gradient.tobytes())
    return _question(subject, step, at, Move(weight, gradient, step.rate, after, step.value.item()))


def next_filter_weight(trace: NetworkTrace, index: int) -> Question | None:
    """Ask what a weight of the last filter will be after the next update: the one that changes most.

    Parameters
    ----------
    trace : NetworkTrace
        Of `learn_two_layers`.
    index : int
        The step that is shown.

    Returns
    -------
    Question or None
        Nothing after the last update.

    Raises
    ------
    IndexError
        If there is no such step.

    Examples
    --------
    >>> from convviz.operations.learning.two_layers import learn_two_layers
    >>> question = next_filter_weight(learn_two_layers([1, 0, 2, 0], [1, 2], start="zeros"), 0)
    >>> question.prompt
    'Weight [1, 0] is 0, its gradient is 0, and the learning rate is 0.2. What will the weight be after the next ...'
    >>> question.judge("-0.2").text
    'Not yet. -0.2 is the weight minus the learning rate: multiply the rate by the gradient first.'
    """
    step = trace[index]
    if step.index == len(trace) - 1:
        return None
    last = len(step.w) - 1
    at = (last, *_steepest(step.w_gradient[last]))
    weight, gradient, after = (array[at].item() for array in (step.w, step.w_gradient, trace[step.index + 1].w))
    subject = (trace.rate, step.w.tobytes(), step.w_gradient.tobytes())
    return _question(subject, step, at, Move(weight, gradient, trace.rate, after, step.value.item()))


class Move(NamedTuple):
    """What happens to a weight in one update."""

    weight: float
    gradient: float
    rate: float
    after: float
    loss: float


def _steepest(gradient: Array) -> tuple[int, ...]:
    return tuple(map(int, np.unravel_index(int(np.abs(gradient).argmax()), gradient.shape)))


def _question(subject: tuple[Hashable, ...], step: Step, at: tuple[int, ...], move: Move) -> Question:
    name, texts = str(list(at)), [numeral(number, _DIGITS) for number in (move.weight, move.gradient, move.rate)]
    factor = f"({texts[1]})" if texts[1].strip("≈").startswith("-") else texts[1]
    after = numeral(move.after, _DIGITS)
    sign = "≈" if any(text.startswith("≈") for text in (*texts, after)) else "="
    return Question(
        subject=("next weight", step.index, *subject),
        prompt=f"Weight {name} is {texts[0]}, its gradient is {texts[1]}, and the learning rate is {texts[2]}. "
        "What will the weight be after the next update?",
        truth=move.after,
        mistakes=lambda: _mistakes(move),
        explanation=f"Weight {name}: {texts[0]} − {texts[2]}×{factor} {sign} {after.strip('≈')}.",
        hint="Multiply the gradient by the learning rate, and subtract the product from the weight.",
        leads_to=step.index + 1,
    )


def _mistakes(move: Move) -> Iterator[Mistake]:
    weight, gradient, rate, _, loss = move
    change = rate * gradient
    moves = "it moves, as its gradient is not 0"
    found = [
        Mistake(weight + change, "the weight plus rate × gradient, which goes uphill: subtract it"),
        Mistake(weight - gradient, "the weight minus the whole gradient: multiply it by the learning rate first"),
        Mistake(weight + gradient, "the weight plus the whole gradient: multiply it by the rate first, and subtract"),
        Mistake(weight, f"the weight as it is now: {moves}"),
        Mistake(weight - rate, "the weight minus the learning rate: multiply the rate by the gradient first"),
        Mistake(weight - rate * loss, "the weight minus rate × loss: the gradient counts, not the loss"),
    ]
    if weight:
        found += [
            Mistake(-change, "the change alone: add it to the weight"),
            Mistake(change, "rate × gradient alone: subtract it from the weight"),
            Mistake(gradient, "the gradient: it says how the loss changes, not what the weight becomes"),
        ]
    yield from (mistake for mistake in found if isfinite(mistake.value))
