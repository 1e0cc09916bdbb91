"""The question about the next number of whatever is shown."""

from functools import singledispatch
from typing import Any

from convviz.operations.convolution.correlate import WindowTrace
from convviz.operations.convolution.echoes import EchoTrace
from convviz.operations.layers.conv_layer import LayerTrace
from convviz.operations.layers.conv_transpose import StampTrace
from convviz.operations.layers.dense import DenseTrace
from convviz.operations.layers.pool import PoolTrace
from convviz.operations.matching.match_template import MatchTrace
from convviz.questions.cells import next_cell
from convviz.questions.echoes import completed_cell
from convviz.questions.matches import next_score
from convviz.questions.neurons import next_neuron
from convviz.questions.pooled import pooled_cell
from convviz.questions.question import Question
from convviz.questions.sizes import enlarged_size


@singledispatch
def next_number(trace: Any, step: int) -> Question | None:
    """Ask what comes after a step, in the way that suits the operation; of a transposed convolution, how large it is.

    Parameters
    ----------
    trace : Trace
        Of any operation.
    step : int
        The step that is shown.

    Returns
    -------
    Question or None
        Nothing after the last step, nor about an operation that has no such question.

    Examples
    --------
    >>> from convviz import convolve, pool
    >>> next_number(pool([[1, 2, 3, 4]], 2), 0).truth, next_number(convolve([1, 2], [3, 4]), 0).truth
    (4, 10)
    """
    return None


next_number.register(WindowTrace, next_cell)
next_number.register(LayerTrace, next_cell)
next_number.register(EchoTrace, completed_cell)
next_number.register(PoolTrace, pooled_cell)
next_number.register(DenseTrace, next_neuron)
next_number.register(MatchTrace, next_score)


@next_number.register
def _(trace: StampTrace, step: int) -> Question | None:
    return enlarged_size(trace)
