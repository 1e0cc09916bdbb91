"""One dense layer, applied to each pixel separately. A 1×1 convolution computes the same."""

from typing import Any

import numpy as np

from convviz.geometry import Axis, Geometry
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.layers.activation import Activation
from convviz.operations.layers.dense import DenseTrace, dense
from convviz.operations.layers.index_notation import connected
from convviz.operations.layers.layer_arguments import as_bias
from convviz.operations.layers.layer_step import NeuronStep
from convviz.terms import Terms
from convviz.trace import Array, Trace


class PointwiseTrace(Trace[NeuronStep]):
    """A dense layer that is applied to each pixel; made by `pointwise_dense`."""

    def __init__(self, x: Array, weight: Array, bias: Array, activation: Activation) -> None:
        self._x, self._layer = x.copy(), (weight.copy(), bias.copy(), activation)
        for array in (self._x, *self._layer[:2]):
            array.setflags(write=False)
        vectors = self._x.reshape(len(x), -1).T
        outputs = [dense(vector, *self._layer).output for vector in vectors]
        self._geometry = Geometry(tuple(Axis(size=size, kernel=1) for size in x.shape[1:]))
        super().__init__(np.stack(outputs, axis=-1).reshape(-1, *x.shape[1:]))

    @property
    def x(self) -> Array:
        """The input, shape (channels, rows, columns)."""
        return self._x

    @property
    def padded(self) -> Array:
        """The input: it has no border."""
        return self._x

    @property
    def weight(self) -> Array:
        """One row of weights for each neuron, shape (neurons, channels)."""
        return self._layer[0]

    @property
    def groups(self) -> int:
        """One: each neuron reads all channels."""
        return 1

    @property
    def geometry(self) -> Geometry:
        """The positions where the layer is applied: each pixel."""
        return self._geometry

    @property
    def terms(self) -> Terms:
        """The layer in index notation: see `connected` for its views.

        Examples
        --------
        >>> terms = pointwise_dense(np.ones((2, 1, 3)), [[1, 1], [0, -1]]).terms
        >>> terms.related(terms.views["neurons"], terms.views["input"], (0, 1, 0), step=2)
        [Block(slices=(0, 1), rows=(0,), columns=(2,))]
        """
        return connected(self._geometry, *self.weight.shape)

    def at(self, row: int, column: int) -> DenseTrace:
        """Return the trace of the dense layer at one pixel.

        Parameters
        ----------
        row, column : int
            The position of the pixel.
        """
        return dense(self._x[:, row, column], *self._layer)

    def _step(self, index: int) -> NeuronStep:
        neuron, row, column = position = self._position(index)
        step = self.at(row, column)[neuron]
        return NeuronStep(
            index,
            position,
            step.value,
            step.products,
            step.bias,
            step.preactivation,
            step.activation,
            step.inputs,
            step.weights,
            function=step.function,
        )


def pointwise_dense(x: Any, weight: Any, bias: Any = None, activation: Activation = None) -> PointwiseTrace:
    """Apply one dense layer to each pixel: the pixel's channels are the inputs, and each neuron fills one map.

    Parameters
    ----------
    x : array-like, shape (channels, rows, columns)
        The input: integers, floats or booleans.
    weight : array-like, shape (neurons, channels)
        One row of weights for each neuron.
    bias : array-like, shape (neurons,), optional
        One number for each neuron, which is added to its sums.
    activation : {'relu', 'sigmoid', 'tanh'} or callable, optional
        The function that is applied to the sums.

    Returns
    -------
    PointwiseTrace
        ``output`` has shape (neurons, rows, columns). Steps run neuron by neuron, row by row, like those of
        `convviz.conv_layer`. Each step is computed by `convviz.dense`.

    Raises
    ------
    TypeError, ValueError
        As in `convviz.dense`.

    See Also
    --------
    convviz.conv_layer : with 1×1 filters, it computes the same.

    Notes
    -----
    Equal to `torch.nn.Linear` for an input whose channels come last. Lin, Chen and Yan, "Network in network" (2013),
    https://arxiv.org/abs/1312.4400, slide several such layers over the input: a multilayer perceptron.

    Examples
    --------
    >>> x = np.arange(8).reshape(2, 2, 2)
    >>> trace = pointwise_dense(x, [[1, 1], [0, -1]])
    >>> trace.output[0]
    array([[ 4,  6],
           [ 8, 10]])
    >>> trace[0].describe()
    'Output [0, 0, 0] = 0×1 + 4×1 = 4.'
    """
    x, weight = as_numbers("x", x, dimensions=(3,)), as_numbers("weight", weight, dimensions=(2,))
    return PointwiseTrace(x, weight, as_bias(bias, weight, each="neurons"), activation)
