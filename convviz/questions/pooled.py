"""The question what the next cell of a pooled picture holds."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from convviz.numerals import numeral
from convviz.operations.layers.pool import PoolTrace
from convviz.questions.question import Mistake, Question


def pooled_cell(trace: PoolTrace, step: int) -> Question | None:
    """Ask for the output cell after a step; None at the last one, where everything is on the screen.

    Examples
    --------
    >>> from convviz import pool
    >>> question = pooled_cell(pool([[1, 2, 3, 9], [4, 5, 6, 8]], 2), 0)
    >>> question.prompt
    'What will the next output cell [0, 0, 1] hold?'
    >>> question.judge("6.5").text
    'Not yet. 6.5 is the mean of the window: it keeps its maximum.'
    """
    if step + 1 >= len(trace):
        return None
    following: Any = trace[step + 1]
    counted = [number.item() for number in following.patch[following.counted]]
    takes_mean = trace.kind == "mean"
    return Question(
        subject=("pooled cell", trace.kind, following.position, tuple(counted), float(following.value)),
        prompt=f"What will the next output cell {list(map(int, following.position))} hold?",
        truth=following.value.item(),
        mistakes=lambda: list(_of_mean(counted) if takes_mean else _of_maximum(counted)),
        explanation=following.describe(),
        hint="Add up the window and divide by its cells."
        if takes_mean
        else "Look for the largest number of the window.",
        leads_to=step + 1,
    )


def _of_maximum(counted: list[Any]) -> Iterator[Mistake]:
    yield Mistake(sum(counted) / len(counted), "the mean of the window: it keeps its maximum")
    yield Mistake(sum(counted), "the sum of the window: it keeps the largest number, and adds nothing")
    yield Mistake(min(counted), "the smallest number of the window: it keeps the largest")
    yield Mistake(counted[0], "the first number of the window: it keeps the largest, wherever it stands")
    if len(counted) > 1:
        second = sorted(counted)[-2]
        yield Mistake(second, "the second largest number of the window: there is a larger one")
    yield Mistake(len(counted), "how many numbers the window has: look at the numbers themselves")


def _of_mean(counted: list[Any]) -> Iterator[Mistake]:
    cells = len(counted)
    yield Mistake(sum(counted), f"the sum of the window: divide it by {cells}, the number of its cells")
    yield Mistake(max(counted), "the maximum of the window: this one takes the mean")
    yield Mistake(min(counted), "the smallest number of the window: take the mean of all")
    yield Mistake(float(np.median(counted)), f"the number in the middle: add up all and divide by {cells}")
    yield Mistake(sum(counted) // cells, f"{numeral(sum(counted))}/{cells} rounded down: a mean keeps its decimals")
