"""What a mistake's sentence says, computed by dull loops from the arguments of the layer."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np

from convviz.numerals import numeral
from convviz.questions import Mistake
from tests.strategies import LayerCall

Cell = tuple[int, ...]


class DullCell:
    """One output cell of a layer, as plain Python numbers."""

    def __init__(
        self, call: LayerCall, position: Cell, output: np.ndarray, act: Callable[[Any], Any], name: str
    ) -> None:
        self.position, self.output, self.act, self.name = position, output, act, name
        self.given = {at: value.item() for at, value in np.ndenumerate(np.asarray(call.weight)[position[0]] * 1)}
        self.bias = 0 if call.bias is None else (np.asarray(call.bias)[position[0]] * 1).item()
        self.flips = call.parameters["flip"]
        self.size = np.shape(call.weight)[2:]
        self.first = position[0] // (len(call.weight) // call.parameters["groups"]) * np.shape(call.weight)[1]
        self.window = {}
        for cell, (_, channel, *given), met in call.terms():
            if cell == position:
                at = tuple(k - 1 - g for g, k in zip(given, self.size, strict=True)) if self.flips else tuple(given)
                self.window[(channel, *at)] = 0 if met is None else (np.asarray(call.x)[met] * 1).item()
        self.applied = {at: self.given[self.flipped(at) if self.flips else at] for at in self.window}
        self.channels = sorted({at[0] for at in self.window})

    def flipped(self, at: Cell, axes: tuple[int, ...] = (0, 1, 2)) -> Cell:
        """Count a kernel cell from the other end along some axes."""
        channel, *place = at
        return (channel, *(self.size[a] - 1 - p if a in axes else p for a, p in enumerate(place)))

    def term(self, at: Cell) -> Any:
        return self.window[at] * self.applied[at]

    def channel_sum(self, channel: int) -> Any:
        return sum(self.term(at) for at in self.window if at[0] == channel)

    @property
    def total(self) -> Any:
        return sum(self.channel_sum(channel) for channel in self.channels)

    def weighed(self, other: Callable[[Cell], Cell]) -> Any:
        """Add up the window times the kernel as given, each weight taken from another cell."""
        return sum(number * self.given[other(at)] for at, number in self.window.items())


def follows(mistake: Mistake, cell: DullCell, name: Callable[[Cell], str]) -> bool:
    """Whether a mistake's value is what its sentence says; other numbers in the sentence are asserted to be true.

    ``name`` writes an output cell.
    """
    claim, _, remedy = mistake.what.partition(": ")
    written = f"bias {numeral(cell.bias)}"
    plain = claim.removesuffix(f", with {cell.name} applied")
    applies = plain != claim
    bare = plain.removesuffix(f", plus {written}")
    adds = bare != plain
    for pattern, oracle in FINISHED.items():
        if found := re.fullmatch(pattern, bare):
            number = oracle(cell, remedy, *found.groups())
            assert (written in mistake.missing) + adds == bool(cell.bias and pattern != SEVERAL)
            number += cell.bias if adds else 0
            assert not (applies and cell.name in mistake.missing)
            if not applies and cell.name not in mistake.missing:
                assert close(cell.act(number), number)
            return close(mistake.value, cell.act(number) if applies else number)
    for pattern, oracle in OTHERS.items():
        if found := re.fullmatch(pattern, claim):
            return close(mistake.value, oracle(cell, mistake, name, *found.groups()))
    raise AssertionError(f"no oracle for “{claim}”")


def close(value: Any, other: Any) -> bool:
    """Whether two numbers agree: integers exactly, floats but for rounding."""
    if isinstance(value, int) and isinstance(other, int):
        return value == other
    return bool(abs(value - other) <= 1e-9 * max(1.0, abs(value), abs(other)))


def _mean(cell: DullCell, remedy: str, listed: str) -> Any:
    sums = [cell.channel_sum(channel) for channel in cell.channels]
    if listed:
        *most, last = map(numeral, sums)
        assert listed == f" {', '.join(most)} and {last}"
    return cell.total / len(sums)


def _alone(cell: DullCell, remedy: str, named: str) -> Any:
    value = _sum_of(cell, named, remedy, others=True)
    rest = cell.total - value
    assert remedy == f"add {numeral(rest)}, the sum of the other channel{'s' if len(cell.channels) > 2 else ''}"
    return value


def _without(cell: DullCell, remedy: str, named: str) -> Any:
    return cell.total - _sum_of(cell, named, remedy, others=False)


def _sum_of(cell: DullCell, named: str, remedy: str, others: bool) -> Any:
    """Look up the sum that the named channels share."""
    sums = {cell.first + channel: cell.channel_sum(channel) for channel in cell.channels}
    if named == "one channel":
        said = remedy.removeprefix("add ").split(",")[0]
        value = next(s for s in sums.values() if numeral(cell.total - s if others else s) == said)
        assert sum(close(s, value) for s in sums.values()) > 3
        return value
    numbers = [int(number) for number in re.findall(r"\d+", named)]
    assert {n for n, s in sums.items() if s == sums[numbers[0]]} == set(numbers)
    if not others:
        assert remedy == f"add {numeral(sums[numbers[0]])}, the sum of that channel"
    return sums[numbers[0]]


def _flipped(cell: DullCell, remedy: str, how: str) -> Any:
    axes = {
        "as it is": (),
        "flipped": (0, 1, 2),
        "flipped top to bottom only": (0,),
        "flipped left to right only": (1,),
    }
    assert cell.flips == (how != "flipped")
    missing = {"flipped top to bottom only": "left to right", "flipped left to right only": "top to bottom"}
    if how in missing:
        assert remedy == f"flip it {missing[how]} as well"
    return cell.weighed(lambda at: cell.flipped(at, axes[how]))


def _term(cell: DullCell, remedy: str, a: str, b: str, channel: str | None, place: str) -> Any:
    at = (int(channel) - cell.first if channel else 0, *(int(p) for p in place.split(", ")))
    assert bool(channel) == (len(cell.channels) > 1)
    assert _writes(a, cell.window[at])
    assert _writes(b, cell.applied[at])
    assert sum(cell.term(other) == cell.term(at) for other in cell.window) == 1
    return cell.total - cell.term(at)


def _alike_terms(cell: DullCell, remedy: str, count: str, value: str) -> Any:
    terms = [cell.term(at) for at in cell.window]
    shared = next(t for t in terms if numeral(t) == value and terms.count(t) == int(count) and t)
    return cell.total - shared


def _unsigned(cell: DullCell, remedy: str) -> Any:
    a, b, value = re.split("×| is ", remedy)
    alike = [at for at in cell.window if numeral(cell.term(at)) == value and cell.term(at) < 0]
    assert any(_writes(a, cell.window[at]) and _writes(b, cell.applied[at]) for at in alike)
    return sum(abs(cell.term(at)) for at in cell.window)


def _writes(text: str, number: Any) -> bool:
    """Whether a factor is written as this number, which may be rounded."""
    plain = text.strip("()")
    return {numeral(number), numeral(float(number))} & {plain, f"≈{plain}"} != set()


def _matrix(cell: DullCell, row: int, column: int) -> Any:
    return sum(cell.window[(0, row, k)] * cell.applied[(0, k, column)] for k in range(cell.size[0]))


def _matrix_sum(cell: DullCell, remedy: str) -> Any:
    return sum(_matrix(cell, row, column) for row in range(cell.size[0]) for column in range(cell.size[1]))


SEVERAL = r"the sum with bias \S+ added (\d+) times, once for each channel"
"""Contains the bias already."""

FINISHED: dict[str, Callable[..., Any]] = {
    SEVERAL: lambda cell, remedy, times: cell.total + int(times) * cell.bias,
    r"the mean of the channels' sums(.*)": _mean,
    r"the sum of (channel .*|one channel) alone": _alone,
    r"the sum without (channel .*|one channel)": _without,
    r"the result of the (?:kernel|filter) (as it is|flipped .* only)": _flipped,
    r"the result of the (flipped) (?:kernel|filter)": _flipped,
    r"the result of the transposed (?:kernel|filter), its rows written as columns": (
        lambda cell, remedy: cell.weighed(lambda at: (at[0], at[2], at[1]))
    ),
    r"the sum without the term (\S+)×(\S+)(?: of channel (\d+),)? in cell \[(.*)\] of the window": _term,
    r"the sum without one of the (\d+) terms that give (\S+)": _alike_terms,
    r"the sum of the window's numbers alone": lambda cell, remedy: sum(cell.window.values()),
    r"the sum of all products without their minus signs": _unsigned,
    r"the largest product alone": lambda cell, remedy: max(cell.term(at) for at in cell.window),
    r"the mean of the products": lambda cell, remedy: cell.total / len(cell.window),
    r"the top left number of the matrix product of window and kernel": lambda cell, remedy: _matrix(cell, 0, 0),
    r"the sum of all numbers in the matrix product of window and kernel": _matrix_sum,
}
"""Wrong sums, by the sentence that names them: bias and activation are still to come."""


def _without_bias(cell: DullCell, mistake: Mistake, name: Any) -> Any:
    assert close(cell.act(cell.total), cell.total)
    assert mistake.what.endswith(f": bias {numeral(cell.bias)} is added{f' before {cell.name}' if cell.name else ''}")
    return cell.total


def _activated(cell: DullCell, mistake: Mistake, name: Any, activation: str, total: str) -> Any:
    assert (activation, total) == (cell.name, numeral(cell.total))
    return cell.act(cell.total)


def _products_alone(cell: DullCell, mistake: Mistake, name: Any) -> Any:
    assert mistake.missing == (f"bias {numeral(cell.bias)}", cell.name)
    return cell.total


def _each_channel(cell: DullCell, mistake: Mistake, name: Any, bias: str | None) -> Any:
    assert bool(cell.bias) == bool(bias or mistake.missing)
    parts = sum(cell.act(cell.channel_sum(channel)) for channel in cell.channels)
    return parts + (cell.bias if bias else 0)


def _before(cell: DullCell, mistake: Mistake, name: Callable[[Cell], str], said: str) -> Any:
    at = next(at for at in np.ndindex(cell.output.shape) if name(at) == said)
    assert np.ravel_multi_index(at, cell.output.shape) == np.ravel_multi_index(cell.position, cell.output.shape) - 1
    begun = f"filter {cell.position[0]} has begun since"
    assert mistake.what.endswith("the window has moved on since" if at[0] == cell.position[0] else begun)
    return cell.output[at].item()


def _swapped(cell: DullCell, mistake: Mistake, name: Callable[[Cell], str], said: str) -> Any:
    number, row, column = cell.position
    assert said == name((number, column, row))
    return cell.output[number, column, row].item()


def _other_filter(cell: DullCell, mistake: Mistake, name: Any, said: str) -> Any:
    return cell.output[(int(said), *cell.position[1:])].item()


OTHERS: dict[str, Callable[..., Any]] = {
    r"the sum without the bias": _without_bias,
    r"what (.+) makes of (\S+), the sum without the bias": _activated,
    r"the sum of the products alone": _products_alone,
    r"what goes into .+": lambda cell, mistake, name: cell.total + cell.bias,
    r"the result of applying .+ to the sum of each channel( and then adding bias \S+)?": _each_channel,
    r"the result of applying .+ before bias \S+ is added": (
        lambda cell, mistake, name: cell.act(cell.total) + cell.bias
    ),
    r"what output (\[.*\]), the cell before, holds": _before,
    r"what output (\[.*\]) holds, with row and column swapped": _swapped,
    r"what filter (\d+) makes at the same place": _other_filter,
}
"""The rest, by the sentence that names them: values as they come out."""
