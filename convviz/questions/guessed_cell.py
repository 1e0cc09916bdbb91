"""One output cell of a layer, and what a wrong sum becomes on its way through bias and activation."""

from dataclasses import dataclass
from math import isfinite, nan
from typing import Any

import numpy as np

from convviz.numerals import numeral
from convviz.operations.layers.activation import activate
from convviz.operations.layers.conv_layer import LayerTrace
from convviz.operations.layers.layer_step import LayerStep
from convviz.questions.mistakes import Candidate, same

_MOST_ALIKE = 3
"""More channels than these that give the same are not named."""


@dataclass(frozen=True, kw_only=True)
class GuessedCell:
    """A layer's output cell, in Python's own numbers, whose integers have no end; made by `guessed_cell`.

    Parameters
    ----------
    trace : LayerTrace
    step : LayerStep
        Fills the cell.
    sums : list of number
        What each channel gives.
    total : number
        What they add up to, without the bias.
    bias : number
        0 for a layer without bias.
    name : str
        What to call the activation; empty if there is none.
    """

    trace: LayerTrace
    step: LayerStep
    sums: list[Any]
    total: Any
    bias: Any
    name: str

    def activated(self, number: Any) -> Any:
        """Apply the activation to one number, among the layer's others: a callable may look at all of them."""
        if not self.name:
            return number
        if not isfinite(number):
            return nan
        among = callable(self.trace.activation)
        at, others = (self.step.position, self.trace.preactivation) if among else ((0,), np.zeros(1, dtype=np.int64))
        fits = isinstance(number, int) and abs(number) < 2**63
        sums = others.astype(np.result_type(others, np.int64 if fits else np.float64))
        sums[at] = number
        try:
            return activate(self.trace.activation, sums)[at].item()
        except (TypeError, ValueError):  # a callable may refuse what the layer never gives it
            return nan

    def through(self, number: Any, what: str, remedy: str, missing: tuple[str, ...] = ()) -> list[Candidate]:
        """Take a sum through the activation, or past it."""
        value = self.activated(number)
        if same(value, number):
            return [(number, f"{what}: {remedy}{left_out(missing)}")]
        return [
            (value, f"{what}, with {self.name} applied: {remedy}{left_out(missing)}"),
            (number, f"{what}: {remedy}{left_out((*missing, self.name))}"),
        ]

    def finished(self, number: Any, what: str, remedy: str) -> list[Candidate]:
        """Take a wrong sum through bias and activation, or past them; a sum that is right after all gives nothing."""
        if same(number, self.total):
            return []
        if not self.bias:
            return self.through(number, what, remedy)
        bias = f"bias {numeral(self.bias)}"
        return _distinct(
            [
                *self.through(number + self.bias, f"{what}, plus {bias}", remedy),
                *self.through(number, what, remedy, (bias,)),
            ]
        )

    def alike(self) -> dict[Any, str]:
        """Name the channels by what they give."""
        first: int = self.step.window[0].start
        channels: dict[Any, list[int]] = {}
        for number, value in enumerate(self.sums, start=first):
            channels.setdefault(value, []).append(number)
        return {
            value: f"channel {' or '.join(map(str, numbers))}" if len(numbers) <= _MOST_ALIKE else "one channel"
            for value, numbers in channels.items()
        }


def guessed_cell(trace: LayerTrace, step: LayerStep) -> GuessedCell:
    """Read from a step what mistakes are made of.

    Examples
    --------
    >>> from convviz.operations.layers.conv_layer import conv_layer
    >>> trace = conv_layer([[3], [5]], [[[2]], [[4]]], [1, -30], groups=2, activation="relu")
    >>> guessed_cell(trace, trace[1]).finished(7, "seven", "think again")
    [(0, 'seven, plus bias -30, with relu applied: think again'), (-23, 'seven, plus bias -30: think again; relu was \
left out'), (7, 'seven: think again; bias -30 was left out')]
    """
    sums = step.channel_sums.tolist()
    name = "the activation" if step.activation == "activation" else step.activation
    return GuessedCell(trace=trace, step=step, sums=sums, total=sum(sums), bias=step.bias.item(), name=name)


def left_out(missing: tuple[str, ...]) -> str:
    """Say what a sum lacks.

    Examples
    --------
    >>> left_out(("bias 2", "relu"))
    '; bias 2 and relu were left out'
    """
    if not missing:
        return ""
    return f"; {' and '.join(missing)} {'was' if len(missing) == 1 else 'were'} left out"


def _distinct(candidates: list[Candidate]) -> list[Candidate]:
    """Keep the first of those that lead to the same number."""
    return [
        candidate
        for number, candidate in enumerate(candidates)
        if not any(same(candidate[0], earlier) for earlier, _ in candidates[:number])
    ]
