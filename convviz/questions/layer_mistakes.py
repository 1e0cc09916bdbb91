"""Usual mistakes about what a layer adds to its windows: channels, bias, activation, and other filters."""

from collections.abc import Iterator

from convviz.numerals import numeral
from convviz.questions.cell import Cell
from convviz.questions.guess import same
from convviz.questions.question import Mistake

_MOST_LISTED = 4
"""More sums than these are not listed."""
_MOST_ALIKE = 3
"""If more channels than these have the same sum, they are not named."""


def layer_mistakes(cell: Cell) -> Iterator[Mistake]:
    """Go through the mistakes about channels, bias and activation, the most specific first.

    Examples
    --------
    >>> from convviz import conv_layer
    >>> from convviz.operations.layers.as_layer import as_layer
    >>> from convviz.questions.cell import cell_at
    >>> for mistake in layer_mistakes(cell_at(as_layer(conv_layer([[2]], [[[3]]], [-7], activation="relu")), 0)):
    ...     print(mistake.value, mistake.told)
    6 the sum without the bias: bias -7 is added before relu
    -1 what goes into relu: the output is what comes out of it
    """
    several = len(cell.sums) > 1
    if several:
        yield from _averaged(cell)
        yield from _kept_apart(cell)
    yield from _unfinished(cell)
    yield from _too_early(cell)
    if several:
        yield from _bias_for_each_channel(cell)
    if len(cell.sums) > 2:  # of two channels, the one left over was kept apart
        yield from _without_a_channel(cell)


def _averaged(cell: Cell) -> list[Mistake]:
    *most, last = map(numeral, cell.sums)
    listed = f" {', '.join(most)} and {last}" if len(cell.sums) <= _MOST_LISTED else ""
    mean = cell.total / len(cell.sums)
    return cell.finished(mean, f"the mean of the channels' sums{listed}", "the sums are added, not averaged")


def _kept_apart(cell: Cell) -> Iterator[Mistake]:
    others = "the sum of the other channel" if len(cell.sums) == 2 else "the sum of the other channels"
    for value, channel in _alike(cell).items():
        rest = numeral(cell.total - value)
        yield from cell.finished(value, f"the sum of {channel} alone", f"add {rest}, {others}")


def _without_a_channel(cell: Cell) -> Iterator[Mistake]:
    for value, channel in _alike(cell).items():
        remedy = f"add {numeral(value)}, the sum of that channel"
        yield from cell.finished(cell.total - value, f"the sum without {channel}", remedy)


def _alike(cell: Cell) -> dict[object, str]:
    """Name the channels by their sums."""
    first: int = cell.layer.channels_of(cell.position[0]).start
    channels: dict[object, list[int]] = {}
    for number, value in enumerate(cell.sums, start=first):
        channels.setdefault(value, []).append(number)
    return {
        value: f"channel {' or '.join(map(str, numbers))}" if len(numbers) <= _MOST_ALIKE else "one channel"
        for value, numbers in channels.items()
    }


def _unfinished(cell: Cell) -> Iterator[Mistake]:
    """Forget the bias, the activation or both."""
    if cell.bias:
        bias, activated = f"bias {numeral(cell.bias)}", cell.activated(cell.total)
        if same(activated, cell.total):
            before = f" before {cell.activation}" if cell.activation else ""
            yield Mistake(cell.total, f"the sum without the bias: {bias} is added{before}")
        else:
            without = f"{numeral(cell.total)}, the sum without the bias"
            yield Mistake(activated, f"what {cell.activation} makes of {without}: {bias} is added first")
            yield Mistake(cell.total, "the sum of the products alone", (bias, cell.activation))
    if cell.activation:
        preactivation = cell.layer.preactivation[cell.position].item()
        yield Mistake(preactivation, f"what goes into {cell.activation}: the output is what comes out of it")


def _too_early(cell: Cell) -> Iterator[Mistake]:
    """Apply the activation before everything is added up."""
    if not cell.activation:
        return
    name, bias = cell.activation, numeral(cell.bias)
    parts = sum(cell.activated(value) for value in cell.sums)
    if len(cell.sums) > 1 and not same(parts, cell.total):
        what = f"the result of applying {name} to the sum of each channel"
        remedy = f"add up all channels first, then apply {name} once"
        yield Mistake(parts + cell.bias, f"{what}{f' and then adding bias {bias}' if cell.bias else ''}: {remedy}")
        if cell.bias:
            yield Mistake(parts, f"{what}: {remedy}", (f"bias {bias}",))
    activated = cell.activated(cell.total)
    if cell.bias and not same(activated, cell.total):
        what = f"the result of applying {name} before bias {bias} is added"
        yield Mistake(activated + cell.bias, f"{what}: the bias comes first")


def _bias_for_each_channel(cell: Cell) -> list[Mistake]:
    if not cell.bias:
        return []
    what = f"the sum with bias {numeral(cell.bias)} added {len(cell.sums)} times, once for each channel"
    return cell.through(cell.total + len(cell.sums) * cell.bias, what, "a filter adds its bias just once")
