"""Whether an output moves as its input does."""

import numpy as np

from convviz.lessons.notes.comparing import several
from convviz.lessons.notes.markup import verdict
from convviz.lessons.notes.verdicts import unlike
from convviz.operations.layers.conv_layer import LayerTrace
from convviz.operations.layers.pool import PoolTrace


def shift_verdict(before: LayerTrace | PoolTrace, after: LayerTrace | PoolTrace, shift: int) -> str:
    """Compare the outputs of a picture, and of the same picture moved to the right.

    Parameters
    ----------
    before, after : LayerTrace or PoolTrace
        Of the same layer, with one channel and one filter.
    shift : int
        By how many cells the picture is moved.

    Examples
    --------
    >>> from convviz import pool
    >>> x = [[0, 1, 5, 2, 0, 0]] * 2
    >>> "The outputs differ by more than a shift" in shift_verdict(pool([x], 2), pool([np.roll(x, 1, 1)], 2), 1)
    True
    """
    if not shift:
        return verdict("**Nothing is shifted,** so both outputs are the same.")
    columns, stride = before.output.shape[-1], before.geometry.axes[-1].stride
    weights = before.weight if isinstance(before, LayerTrace) else np.ones(1)

    def agreeing(moved: int) -> int:
        one, other = before.output[..., : columns - moved], after.output[..., moved:]
        return one.size - int(np.count_nonzero(unlike(other, one, before.x, weights)))

    rows, moved = before.output.shape[-2], shift // stride
    if shift % stride == 0 and moved < columns and agreeing(moved) == rows * (columns - moved):
        by = several(moved, "cell")
        return verdict(
            f"**The output is shifted by {by}:** all {several(rows * (columns - moved), 'number')} that both outputs "
            "can hold are equal."
        )
    tried = {moved: agreeing(moved) for moved in range(max(1, columns - 1))}
    whole = [moved for moved, equal in tried.items() if equal == rows * (columns - moved)]
    if 0 in whole:
        return verdict("**Here the output does not move at all,** although the input does. Another picture may differ.")
    if whole:
        return verdict(
            f"**Here the output looks as if it were shifted by {several(whole[0], 'cell')}.** Another picture would "
            "show that it is not."
        )
    best = max(tried, key=lambda moved: (tried[moved] / (columns - moved), -moved))
    return verdict(
        f"**The outputs differ by more than a shift.** The best one is by {several(best, 'cell')}: then {tried[best]} "
        f"of {several(rows * (columns - best), 'number')} are equal."
    )
