"""Questions about a template and the windows that it is compared with: the next score, and which window wins."""

from collections.abc import Hashable, Iterator
from math import sqrt

import numpy as np

from convviz.operations.matching.match_step import MatchStep
from convviz.operations.matching.match_template import MatchTrace, match_template
from convviz.operations.matching.metrics import Metric
from convviz.questions.match_mistakes import score_mistakes
from convviz.questions.question import Mistake, Question
from convviz.trace import Array

_MOST_WINDOWS = 100
"""Nobody goes through more of them to find the best."""
_HINTS = {
    "ssd": "Subtract the template from the window, cell by cell. Square each difference, then add up the squares.",
    "mse": "Subtract the template from the window, cell by cell. Square each difference, and take the mean of the "
    "squares.",
    "correlation": "Multiply window and template cell by cell, then add up the products.",
    "normalized": "Subtract from the window its mean, and from the template its own. Multiply the two cell by cell, "
    "add up, and divide by both lengths: a length is the square root of the sum of squares.",
}


def next_score(trace: MatchTrace, index: int) -> Question | None:
    """Ask for the score of the window after the one that is shown.

    Parameters
    ----------
    trace : MatchTrace
        Of `convviz.match_template`.
    index : int
        The step that is shown.

    Returns
    -------
    Question or None
        Nothing after the last step.

    Raises
    ------
    IndexError
        If there is no such step.

    Examples
    --------
    >>> question = next_score(match_template([1, 2, 3, 4], [3, 5], "ssd"), 0)
    >>> question.prompt
    'What will the next score [1] be? Add up the squared differences.'
    >>> question.judge("3").text
    "Not yet. 3 is the sum of the differences' sizes: square each difference first."
    >>> question.judge("5").text
    'Right! Window [1]: the squared differences (-1)×(-1) + (-2)×(-2) = 5.'
    """
    following = trace[index].index + 1
    if following == len(trace):
        return None
    step = trace[following]
    return Question(
        subject=("next score", following, *_subject(trace)),
        prompt=f"What will the next score {list(step.position)} be? {_ASKED[trace.metric]}",
        truth=step.value.item(),
        mistakes=lambda: _mistakes(trace, step),
        explanation=step.describe(),
        hint=_HINTS[trace.metric],
        leads_to=following,
    )


_ASKED = {
    "ssd": "Add up the squared differences.",
    "mse": "Take the mean of the squared differences.",
    "correlation": "Add up the products.",
    "normalized": "1 is a perfect match.",
}


def best_window(trace: MatchTrace, index: int) -> Question | None:
    """Ask which of all windows has the best score, by the number of its step: counted from 1, as a player counts.

    Parameters
    ----------
    trace : MatchTrace
        Of `convviz.match_template`.
    index : int
        The step that is shown.

    Returns
    -------
    Question or None
        Nothing after the last step, where all scores are on the screen; nor where there are more than 100 windows.

    Examples
    --------
    >>> question = best_window(match_template([0, 1, 0, 9, 9, 9], [0, 1, 0], "correlation"), 0)
    >>> question.prompt
    'Which of all 4 steps has the best score, the largest one? Type its number. If several are equal, ...'
    >>> question.judge("1").text
    'Not yet. 1 is the window that is nearest to the template, but larger numbers make larger products.'
    >>> question.judge("3").text
    'Right! Step 3 has the best score. Window [2]: the products 0×0 + 9×1 + 9×0 = 9.'
    """
    if trace[index].index == len(trace) - 1 or len(trace) > _MOST_WINDOWS:
        return None
    best, which = trace.index_of(trace.best), "smallest" if trace.smaller_is_better else "largest"
    shared = " If several are equal, the first of them." if len(_equals(trace)) > 1 else ""
    return Question(
        subject=("best window", *_subject(trace)),
        prompt=f"Which of all {len(trace)} steps has the best score, the {which} one? Type its number.{shared}",
        truth=best + 1,
        mistakes=lambda: _other_windows(trace),
        explanation=f"Step {best + 1} has the best score. {trace[best].describe()}",
        hint=f"Look for the window whose score is the {which}.",
        leads_to=best,
    )


def _subject(trace: MatchTrace) -> tuple[Hashable, ...]:
    arrays = ((a.shape, a.dtype.str, a.tobytes()) for a in (trace.image, trace.template))
    return trace.metric, *arrays


def _mistakes(trace: MatchTrace, step: MatchStep) -> Iterator[Mistake]:
    yield from score_mistakes(step)
    before = trace[step.index - 1]
    yield Mistake(
        before.value.item(), f"the score of window {list(before.position)}, the one before: the template has moved on"
    )


def _equals(trace: MatchTrace) -> list[int]:
    """Return the steps whose score is as good as the best, but for rounding."""
    scores = trace.output.reshape(-1)
    best = scores[trace.index_of(trace.best)]
    if trace.metric == "normalized":
        return [int(at) for at in np.flatnonzero(scores >= best - sqrt(np.finfo(float).eps))]
    return [int(at) for at in np.flatnonzero(scores == best)]


def _other_windows(trace: MatchTrace) -> Iterator[Mistake]:
    """Go through the windows that may be taken for the best one."""
    best = trace.index_of(trace.best)
    yield Mistake(best, f"the number of this step counted from 0: the player counts from 1, so it is step {best + 1}")
    nearest, brightest = _best(trace, trace.template, "ssd"), _best(trace, trace.template, "correlation")
    if trace.metric == "correlation":
        yield Mistake(
            nearest + 1, "the window that is nearest to the template, but larger numbers make larger products"
        )
    else:
        yield Mistake(
            brightest + 1, "the window with the largest products: here it counts how alike the two are, not how bright"
        )
    flipped = _best(trace, np.flip(trace.template), trace.metric)
    yield Mistake(flipped + 1, "the window where the flipped template fits best: it is compared as it is drawn")
    scores = trace.output.reshape(-1)
    worst = int(scores.argmax() if trace.smaller_is_better else scores.argmin())
    which = ("largest", "smallest") if trace.smaller_is_better else ("smallest", "largest")
    yield Mistake(worst + 1, f"the step with the {which[0]} score: here the {which[1]} is the best")
    for later in _equals(trace)[1:]:
        yield Mistake(later + 1, "a step with the same score, but not the first of them")
    if trace.runner_up:
        yield Mistake(trace.index_of(trace.runner_up) + 1, "the second-best step: another one has a better score")


def _best(trace: MatchTrace, template: Array, metric: Metric) -> int:
    """Return the step that another measure or another template would choose."""
    other = match_template(trace.image, template, metric)
    return other.index_of(other.best)
