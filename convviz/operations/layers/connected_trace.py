"""What the traces of dense layers share: neurons, and the inputs that they read."""

import numpy as np

from convviz.operations.layers.activation import Activation, OfOneNumber, activate, activation_name
from convviz.operations.layers.layer_step import NeuronStep
from convviz.operations.layers.neurons import Neurons
from convviz.trace import Array, Trace


class ConnectedTrace(Trace[NeuronStep]):
    """Neurons that read the same inputs, or the same rows of inputs. Each output of a neuron is one step."""

    def __init__(self, x: Array, weight: Array, bias: Array, activation: Activation) -> None:
        self._x = x.astype(np.result_type(x, weight, bias))
        self._x.setflags(write=False)
        self._neurons = Neurons(self._x, weight, bias)
        self._activation, self._activation_name = activation, activation_name(activation)
        self._function = OfOneNumber(activation, x.ndim)
        super().__init__(activate(activation, self._neurons.sums))

    @property
    def x(self) -> Array:
        """The inputs, shape (..., inputs)."""
        return self._x

    @property
    def weight(self) -> Array:
        """One row of weights for each neuron, shape (neurons, inputs)."""
        return self._neurons.weight

    @property
    def weight_lengths(self) -> Array:
        """The length of each row of weights, as a vector: the square root of the sum of its squares."""
        return self._neurons.lengths

    @property
    def bias(self) -> Array:
        """The number that is added to each sum of a neuron, shape (neurons,); zeros if none was given."""
        return self._neurons.bias

    @property
    def activation(self) -> Activation:
        """The function that turns ``preactivation`` into ``output``, as given."""
        return self._activation

    @property
    def preactivation(self) -> Array:
        """The sums, including the bias, to which the activation is applied; shaped like ``output``."""
        return self._neurons.sums

    def _step(self, index: int) -> NeuronStep:
        position, neurons = self._position(index), self._neurons
        *row, neuron = position
        inputs, weights = self._x[tuple(row)], neurons.row(neuron)
        # Products may be too large for int64 even if their sum is not; Python's integers have no limit.
        products = (inputs.astype(object) if neurons.needs_objects else inputs) * weights
        products.setflags(write=False)
        bias, preactivation, value = neurons.bias[neuron], neurons.sums[position], self._output[position]
        name = self._activation_name
        return NeuronStep(
            index, position, value, products, bias, preactivation, name, inputs, weights, function=self._function
        )
