"""What has been learned, in words."""

import numpy as np

from convviz.lessons.notes.comparing import several
from convviz.lessons.notes.markup import verdict
from convviz.numerals import numeral
from convviz.operations.learning.descent import LearningTrace
from convviz.operations.learning.two_layers import NetworkTrace

_ALIKE = 1e-9
_LEARNED = 1e-3
"""A loss below this share of the target's mean square is next to nothing."""


def twins_verdict(trace: LearningTrace) -> str:
    """Compare a kernel with the one that is learned in a layer that flips it, and say how far learning has come.

    Parameters
    ----------
    trace : LearningTrace
        As made by `convviz.learn_kernel`.

    Examples
    --------
    >>> from convviz import learn_kernel
    >>> "one kernel is the other, flipped" in twins_verdict(learn_kernel([2, 0, 1], [4, 1]))
    True
    """
    twin = trace.twin
    outputs, kernels = (trace.layer().output, twin.layer().output), (trace.kernel, np.flip(twin.kernel))
    agree = all(np.allclose(*pair, rtol=_ALIKE, atol=_ALIKE) for pair in (outputs, kernels))
    updates, loss = several(len(trace) - 1, "update"), float(trace.output[-1])
    text = f"**After {updates} the loss is {numeral(loss)}.** "
    if agree:
        text += "With a flip and without, the output is the same, and one kernel is the other, flipped. "
    else:
        text += "The two layers differ. "
    scale = float(np.square(trace.target).mean())
    if loss <= _LEARNED * scale:
        text += "The target is as good as reached."
    else:
        text += "The target is not reached, or not yet."
    return verdict(text)


def likeness_verdict(trace: NetworkTrace) -> str:
    """Say whether the filters of a network still are alike after the last update, and whether the target is reached.

    Examples
    --------
    >>> from convviz.operations.learning.two_layers import learn_two_layers
    >>> html = likeness_verdict(learn_two_layers([1, 0, 2, 0], [1, 2], start="constant"))
    >>> "started alike, and they still are" in html
    True
    """
    first, last = trace[0], trace[len(trace) - 1]
    updates, loss = several(len(trace) - 1, "update"), float(last.value)
    text = f"**After {updates} the loss is {numeral(loss)}"
    if np.array_equal(first.w, last.w) and np.array_equal(first.v, last.v):
        text += ", as at the start.** Nothing has moved: all gradients are 0."
    elif len(last.w) > 1 and np.allclose(last.w, last.w[0], rtol=_ALIKE, atol=_ALIKE):
        text += ".** The filters started alike, and they still are: together they can do no more than one."
    else:
        text += ".** The filters differ"
        reached = loss <= _LEARNED * float(np.square(trace.target).mean())
        silent = int((~last.hidden.any(axis=1)).sum())
        if silent:
            text += f", and relu cuts off all that {silent} of {len(last.w)} filters make{'s' if silent == 1 else ''}."
        else:
            text += ". The target is as good as reached." if reached else ". The target is not reached, or not yet."
    return verdict(text)
