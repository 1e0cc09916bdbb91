"""A fully connected layer: each neuron reads every input, and has one weight for each."""

from typing import Any

from convviz.geometry import Geometry
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.layers.activation import Activation, check_activation
from convviz.operations.layers.connected_trace import ConnectedTrace
from convviz.operations.layers.index_notation import connected
from convviz.operations.layers.layer_arguments import as_bias
from convviz.operations.layers.neurons import as_weights
from convviz.terms import Terms
from convviz.trace import Array


class DenseTrace(ConnectedTrace):
    """Neurons that read the same inputs; made by `dense`."""

    @property
    def tied(self) -> Array | None:
        """Which weight stands in each entry of ``weight``, where several entries hold the same; None: all are free."""
        return None

    @property
    def terms(self) -> Terms:
        """The layer in index notation: see `connected` for its views.

        Examples
        --------
        >>> terms = dense([1, 2, 3], [[1, 0, -1], [2, 2, 2]]).terms
        >>> terms.related(terms.views["output"], terms.views["filters"], (0, 1, 0), step=0)
        [Block(slices=(0,), rows=(3, 4, 5), columns=(0,))]
        """
        return connected(Geometry(()), len(self._output), len(self._x))


def dense(x: Any, weight: Any, bias: Any = None, activation: Activation = None) -> DenseTrace:
    """Connect every input to every neuron: a fully connected layer, to compare with a convolutional layer.

    Parameters
    ----------
    x : array-like, shape (inputs,)
        The input: integers, floats or booleans. For a picture or feature maps, pass ``x.ravel()``.
    weight : array-like, shape (neurons, inputs)
        One row of weights for each neuron.
    bias : array-like, shape (neurons,), optional
        One number for each neuron, which is added to its sum.
    activation : {'relu', 'sigmoid', 'tanh'} or callable, optional
        The function that is applied to the sums. A callable takes an array, and returns finite numbers in its shape.

    Returns
    -------
    DenseTrace
        ``output`` has shape (neurons,). It is int64 if x, weight and bias hold integers or booleans and the activation
        keeps integers, else float64. Each neuron is one step.

    Raises
    ------
    TypeError
        If an argument is of the wrong type.
    ValueError
        If the shapes do not fit each other, or a result does not fit its number type.

    Notes
    -----
    Equal to `torch.nn.Linear` for a batch of one.

    Examples
    --------
    >>> trace = dense([1, 2, 3], [[1, 0, -1], [2, 2, 2]], [0, 5])
    >>> trace.output
    array([-2, 17])
    >>> trace[1].products
    array([2, 4, 6])
    """
    x, weight = as_numbers("x", x, dimensions=(1,)), as_weights("weight", weight)
    if weight.shape[1:] != x.shape:
        raise ValueError(
            f"weight has shape {weight.shape}, so that each neuron reads {weight.shape[1]} inputs, but x has "
            f"{len(x)}; accepted: one column of weight for each number in x"
        )
    bias = as_bias(bias, weight, each="neurons")
    check_activation(activation)
    return DenseTrace(x, weight, bias, activation)
