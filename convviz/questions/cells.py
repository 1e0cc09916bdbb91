"""Questions about the next output cell of a sliding kernel, whether one on one input or a whole layer's."""

from collections.abc import Hashable, Iterator
from math import isfinite

from convviz.numerals import numeral
from convviz.operations.convolution.correlate import WindowTrace
from convviz.operations.layers.as_layer import Layer, as_layer
from convviz.operations.layers.conv_layer import LayerTrace
from convviz.questions.cell import Cell, cell_at
from convviz.questions.guess import same
from convviz.questions.layer_mistakes import layer_mistakes
from convviz.questions.question import Mistake, Question
from convviz.questions.window_mistakes import flip_mistakes, other_cells, rule_mistakes, term_mistakes


def next_cell(trace: WindowTrace | LayerTrace, index: int) -> Question | None:
    """Ask for the number in the output cell after the one that is shown.

    Parameters
    ----------
    trace : WindowTrace or LayerTrace
        Of `convviz.correlate`, `convviz.convolve` or `convviz.conv_layer`.
    index : int
        The step that is shown.

    Returns
    -------
    Question or None
        Nothing after the last step: every cell is on the screen then.

    Raises
    ------
    TypeError
        If the trace is of another operation.
    IndexError
        If there is no such step.

    Examples
    --------
    >>> from convviz import conv_layer
    >>> question = next_cell(conv_layer([[3, 1], [5, 2]], [[[2], [4]]], [7], activation="relu"), 0)
    >>> question.prompt, question.leads_to
    ('What will the next output cell [0, 1] hold, after bias 7 and relu?', 1)
    >>> question.judge("12").text
    "Not yet. 12 is the mean of the channels' sums 2 and 8, plus bias 7: the sums are added, not averaged."
    >>> next_cell(conv_layer([[3, 1]], [[[2]]]), 1) is None
    True
    """
    layer, following = as_layer(trace), trace[index].index + 1
    if following == len(trace):
        return None
    cell = cell_at(layer, following)
    return Question(
        subject=_subject("next cell", layer, following),
        prompt=_prompt(cell),
        truth=cell.truth,
        mistakes=lambda: _mistakes(cell),
        explanation=trace[following].describe(),
        hint=_hint(cell),
        leads_to=following,
    )


def flipped_cell(trace: WindowTrace | LayerTrace, index: int) -> Question | None:
    """Ask for the next output cell of a convolution, where a cross-correlation of the same numbers is shown beside it.

    Parameters
    ----------
    trace : WindowTrace or LayerTrace
        The convolution: of `convviz.convolve`, or of `convviz.conv_layer` with ``flip=True``.
    index : int
        The step that is shown.

    Returns
    -------
    Question or None
        As `next_cell`. The explanation adds the result without the flip.

    Raises
    ------
    TypeError, IndexError
        As `next_cell`.
    ValueError
        If the trace does not flip its kernel.

    Examples
    --------
    >>> from convviz import convolve
    >>> question = flipped_cell(convolve([1, 2, 3, 4], [5, 6], "valid"), 0)
    >>> question.prompt
    'What will the next cell [1] hold in the convolution, where the kernel is flipped?'
    >>> question.judge("28").text
    'Not yet. 28 is the result of the kernel as it is: a convolution flips it first.'
    >>> question.explanation
    'Output [1] = 2×6 + 3×5 = 27. Without the flip it would be 28.'
    """
    layer, following = as_layer(trace), trace[index].index + 1
    if not layer.flip:
        raise ValueError("trace has flip=False; accepted: a trace of convolve, or of conv_layer with flip=True")
    if following == len(trace):
        return None
    cell = cell_at(layer, following)
    where = f"in the convolution, where the {cell.noun} is flipped"
    return Question(
        subject=_subject("flipped cell", layer, following),
        prompt=f"What will the next cell {cell.name(cell.position)} hold {where}{_after(cell)}?",
        truth=cell.truth,
        mistakes=lambda: _mistakes(cell),
        explanation=f"{trace[following].describe()}{_without_flip(cell)}",
        hint=_hint(cell),
        leads_to=following,
    )


def _mistakes(cell: Cell) -> Iterator[Mistake]:
    for mistakes in (layer_mistakes, flip_mistakes, term_mistakes, rule_mistakes, other_cells):
        yield from mistakes(cell)


def _subject(kind: str, layer: Layer, index: int) -> Hashable:
    """Return all that an answer may speak of, by value: the same numbers in a new trace make the same question."""
    arrays = ((a.shape, a.dtype.str, a.tobytes()) for a in (layer.padded, layer.weight, layer.bias))
    return (kind, index, layer.geometry, layer.groups, layer.flip, layer.activation, layer.bare, *arrays)


def _prompt(cell: Cell) -> str:
    name, ending = cell.name(cell.position), _after(cell)
    if cell.position[0] and not any(cell.position[1:]):
        return f"Map {cell.position[0]} begins. What will output cell {name} hold{ending}?"
    return f"What will the next output cell {name} hold{ending}?"


def _after(cell: Cell) -> str:
    return f", after {' and '.join(cell.endings)}" if cell.endings else ""


def _hint(cell: Cell) -> str:
    """Write how the cell is computed."""
    window = "multiply each number in the window by the weight that lies on it"
    parts = ["add up all products"]
    if len(cell.sums) > 1:
        window = f"in each channel that the filter reads, {window}"
    if cell.bias:
        parts.append(f"add bias {numeral(cell.bias)}")
    if cell.activation:
        parts.append(f"apply {cell.activation}")
    *most, last = [window, *parts]
    flip = f"Flip the {cell.noun} first{_both_ways(cell)}. " if cell.layer.flip else ""
    sentence = f"{', '.join(most)}, then {last}."
    return f"{flip}{sentence[0].upper()}{sentence[1:]}"


def _both_ways(cell: Cell) -> str:
    return ", top to bottom and left to right" if cell.weight.ndim == 3 else ""


def _without_flip(cell: Cell) -> str:
    unflipped = cell.activated(sum((cell.patch * cell.weight).ravel().tolist()) + cell.bias)
    if not isfinite(unflipped):
        return ""
    return f" Without the flip it would be {'the same' if same(unflipped, cell.truth) else numeral(unflipped)}."
