"""The question how many outputs one input cell can change."""

from collections.abc import Iterator
from math import prod

from convviz.operations.layers.conv_layer import LayerTrace
from convviz.operations.layers.pool import PoolTrace
from convviz.questions.question import Mistake, Question


def touched_outputs(trace: LayerTrace | PoolTrace) -> Question:
    """Ask how many output cells can change when one cell in the middle of the input changes.

    Parameters
    ----------
    trace : LayerTrace or PoolTrace
        Of one channel with rows and columns, and of one filter, without padding and dilation.

    Examples
    --------
    >>> from convviz import pool
    >>> question = touched_outputs(pool([[1, 2, 3, 4, 5, 6]] * 6, 2))
    >>> question.prompt
    'Input cell [3, 3] changes, and no other. How many output cells can change?'
    >>> question.judge("4").text
    'Not yet. 4 is how many cells a window has: ask how many windows hold this cell.'
    """
    axes = trace.geometry.axes
    cell = [axis.size // 2 for axis in axes]
    along = [
        sum(place * axis.stride <= at < place * axis.stride + axis.kernel for place in range(axis.output))
        for axis, at in zip(axes, cell, strict=True)
    ]
    return Question(
        subject=("touched outputs", tuple((axis.size, axis.kernel, axis.stride) for axis in axes)),
        prompt=f"Input cell {cell} changes, and no other. How many output cells can change?",
        truth=prod(along),
        mistakes=lambda: list(_mistakes(trace, along)),
        explanation=f"Those whose window holds the cell: {along[0]} rows of {along[1]} windows, "
        f"{along[0]}·{along[1]} = {prod(along)}.",
        hint="An output changes only if its window holds the cell. Count the places of the window that do.",
    )


def _mistakes(trace: LayerTrace | PoolTrace, along: list[int]) -> Iterator[Mistake]:
    axes, held = trace.geometry.axes, prod(along)
    kernel, outputs = [axis.kernel for axis in axes], [axis.output for axis in axes]
    yield Mistake(prod(outputs), "all output cells: most windows do not hold this cell")
    yield Mistake(prod(kernel), "how many cells a window has: ask how many windows hold this cell")
    yield Mistake(1, "a single output: every window that holds the cell counts, wherever it holds it")
    yield Mistake(held - 1, "one less: the window with the cell in its middle counts as well")
    yield Mistake(along[1], "those of one row: there are windows above and below as well")
    yield Mistake(2 * along[1], "two rows of windows: count those that hold the cell once more")
    yield Mistake(prod(axis.size for axis in axes), "how many input cells there are")
    yield Mistake(prod(2 * side - 1 for side in kernel), "how many input cells all these windows hold together")
    yield Mistake(0, "no output: a cell that is read by a window can change its output")
