"""What usual mistakes make of a layer's output cell: channels, bias, activation and filters mixed up."""

from collections.abc import Iterator

import numpy as np

from convviz.numerals import numeral
from convviz.operations.layers.conv_layer import LayerTrace
from convviz.questions.guessed_cell import GuessedCell, guessed_cell, left_out
from convviz.questions.mistakes import Candidate, same

_MOST_LISTED = 4
"""More sums than these are not told one by one."""


def layer_candidates(trace: LayerTrace, index: int) -> Iterator[Candidate]:
    """Give usual mistakes at step ``index``, the most specific first, each with the number that it leads to.

    Numbers are Python's own, or nan where a mistake leads to none; `told` leaves out those that lead to the truth.

    Parameters
    ----------
    trace : LayerTrace
        Of `convviz.conv_layer`.
    index : int
        The step.

    Examples
    --------
    >>> from convviz.operations.layers.conv_layer import conv_layer
    >>> for value, said in layer_candidates(conv_layer([[2]], [[[3]]], [-7], activation="relu"), 0):
    ...     print(value, said)
    6 the sum without the bias: bias -7 is added before relu
    -1 what goes into relu: the output is what comes out of it
    """
    cell = guessed_cell(trace, trace[index])
    if len(cell.sums) > 1:
        yield from _averaged(cell)
        yield from _kept_apart(cell)
    yield from _unfinished(cell)
    yield from _too_early(cell)
    if len(cell.sums) > 1:
        yield from _bias_for_each_channel(cell)
    if len(cell.sums) > 2:  # of two channels, the one left over was kept apart
        yield from _without_a_channel(cell)
    yield from _turned(cell)
    yield from _other_cells(cell)


def _averaged(cell: GuessedCell) -> list[Candidate]:
    *most, last = map(numeral, cell.sums)
    listed = f" {', '.join(most)} and {last}" if len(cell.sums) <= _MOST_LISTED else ""
    mean = cell.total / len(cell.sums)
    return cell.finished(mean, f"the mean of the channels' sums{listed}", "the sums are added up, not averaged")


def _kept_apart(cell: GuessedCell) -> Iterator[Candidate]:
    others = "the other channel gives" if len(cell.sums) == 2 else "the other channels give"
    for value, channel in cell.alike().items():
        rest = numeral(cell.total - value)
        yield from cell.finished(value, f"the sum of {channel} alone", f"what {others}, {rest}, is added to it")


def _unfinished(cell: GuessedCell) -> Iterator[Candidate]:
    """Forget the bias, the activation or both."""
    if cell.bias:
        bias, activated = f"bias {numeral(cell.bias)}", cell.activated(cell.total)
        if same(activated, cell.total):
            before = f" before {cell.name}" if cell.name else ""
            yield cell.total, f"the sum without the bias: {bias} is added{before}"
        else:
            total = numeral(cell.total)
            yield activated, f"what {cell.name} makes of {total}, the sum without the bias: {bias} is added first"
            yield cell.total, f"the sum of the products alone{left_out((bias, cell.name))}"
    if cell.name:
        yield cell.step.preactivation.item(), f"what goes into {cell.name}: the output is what comes out of it"


def _too_early(cell: GuessedCell) -> Iterator[Candidate]:
    """Apply the activation before everything has been added up."""
    if not cell.name:
        return
    parts = sum(cell.activated(value) for value in cell.sums)
    if len(cell.sums) > 1 and not same(parts, cell.total):
        said = f"what comes of applying {cell.name} to the sum of each channel"
        remedy = f"add up all channels first, and apply {cell.name} once, at the end"
        bias = numeral(cell.bias)
        yield parts + cell.bias, f"{said}{f' and then adding bias {bias}' if cell.bias else ''}: {remedy}"
        if cell.bias:
            yield parts, f"{said}: {remedy}{left_out((f'bias {bias}',))}"
    activated = cell.activated(cell.total)
    if cell.bias and not same(activated, cell.total):
        said = f"what comes of applying {cell.name} before bias {numeral(cell.bias)} is added"
        yield activated + cell.bias, f"{said}: the bias comes first"


def _bias_for_each_channel(cell: GuessedCell) -> list[Candidate]:
    if not cell.bias:
        return []
    said = f"the sum with bias {numeral(cell.bias)} added {len(cell.sums)} times, once for each channel"
    return cell.through(cell.total + len(cell.sums) * cell.bias, said, "a filter adds its bias just once")


def _without_a_channel(cell: GuessedCell) -> Iterator[Candidate]:
    for value, channel in cell.alike().items():
        remedy = f"what that channel gives, {numeral(value)}, belongs to it as well"
        yield from cell.finished(cell.total - value, f"the sum without {channel}", remedy)


def _turned(cell: GuessedCell) -> list[Candidate]:
    turned = np.flip(cell.step.kernel, tuple(range(1, cell.step.kernel.ndim)))
    number = sum(a * b for a, b in zip(cell.step.patch.ravel().tolist(), turned.ravel().tolist(), strict=True))
    if cell.trace.flip:
        return cell.finished(number, "what the filter gives as it is", "a convolution turns it by 180° first")
    return cell.finished(number, "what the filter gives when turned by 180° first", "here it is laid on as it is")


def _other_cells(cell: GuessedCell) -> Iterator[Candidate]:
    """Take the cell before, or that of a neighbouring feature map."""
    step, (number, *place) = cell.step, cell.step.position
    if step.index:
        before = cell.trace[step.index - 1]
        moved = "the window has moved on since" if before.position[0] == number else f"filter {number} has begun since"
        yield before.value.item(), f"the value of the step before: {moved}"
    for other in (number - 1, number + 1):
        if 0 <= other < len(cell.trace.output):
            value = cell.trace.output[(other, *place)].item()
            yield value, f"what filter {other} gives at the same place: this cell is that of filter {number}"
