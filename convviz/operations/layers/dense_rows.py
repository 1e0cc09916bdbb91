"""One dense layer, applied to each row of an input separately: to each word of a text, or each moment of a signal."""

from typing import Any

from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.layers.activation import Activation, check_activation
from convviz.operations.layers.cell_notation import connected_rows
from convviz.operations.layers.connected_trace import ConnectedTrace
from convviz.operations.layers.layer_arguments import as_bias
from convviz.operations.layers.neurons import as_weights
from convviz.terms import Terms

_MOST_DIMENSIONS = 8


class DenseRowsTrace(ConnectedTrace):
    """A dense layer that is applied to each row; made by `dense_rows`."""

    @property
    def terms(self) -> Terms:
        """The layer in index notation: see `connected_rows` for its views.

        Examples
        --------
        >>> terms = dense_rows([[1, 2], [3, 4]], [[1, 0], [0, 1], [1, 1]]).terms
        >>> terms.related(terms.views["weights"], terms.views["output"], (0, 2, 1), step=0)
        [Block(slices=(0,), rows=(0, 1), columns=(2,))]
        """
        return connected_rows(self._x.shape, self._output.shape[-1])


def dense_rows(x: Any, weight: Any, bias: Any = None, activation: Activation = None) -> DenseRowsTrace:
    """Apply one dense layer to each row of an input: the last axis holds the inputs of the neurons.

    Parameters
    ----------
    x : array-like, shape (..., inputs)
        The input, with at least two dimensions: integers, floats or booleans.
    weight : array-like, shape (neurons, inputs)
        One row of weights for each neuron.
    bias : array-like, shape (neurons,), optional
        One number for each neuron, which is added to its sums.
    activation : {'relu', 'sigmoid', 'tanh'} or callable, optional
        The function that is applied to the sums. A callable takes an array, and returns finite numbers in its shape.

    Returns
    -------
    DenseRowsTrace
        ``output`` has shape (..., neurons). It is int64 if x, weight and bias hold integers or booleans and the
        activation keeps integers, else float64. Steps run row by row, neuron by neuron.

    Raises
    ------
    TypeError, ValueError
        As in `convviz.dense`.

    See Also
    --------
    convviz.dense : the same for a single row.

    Notes
    -----
    Equal to `torch.nn.Linear` and Keras' Dense, which both read the last axis and keep those before it.

    Examples
    --------
    >>> trace = dense_rows([[1, 2], [3, 4]], [[1, 0], [0, 1], [1, 1]])
    >>> trace.output
    array([[1, 2, 3],
           [3, 4, 7]])
    >>> trace[5].describe()
    'Output [1, 2] = 3×1 + 4×1 = 7.'
    """
    x = as_numbers("x", x, dimensions=tuple(range(2, _MOST_DIMENSIONS + 1)))
    weight = as_weights("weight", weight)
    if weight.shape[1] != x.shape[-1]:
        raise ValueError(
            f"weight has shape {weight.shape}, so that each neuron reads {weight.shape[1]} inputs, but the rows of x "
            f"(shape {x.shape}) have {x.shape[-1]}; accepted: one column of weight for each number in a row of x"
        )
    bias = as_bias(bias, weight, each="neurons")
    check_activation(activation)
    return DenseRowsTrace(x, weight, bias, activation)
