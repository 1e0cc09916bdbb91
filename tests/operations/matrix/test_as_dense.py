"""A convolution as a dense layer: the same outputs, with tied weights."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import convviz
from convviz.operations.matrix.as_dense import as_dense
from tests.strategies import layer_calls, window_calls

ACTIVATIONS = (None, "relu", "sigmoid", "tanh")


@given(window_calls(), st.sampled_from(ACTIVATIONS))
def test_a_kernel_becomes_neurons_with_the_same_outputs(run, activation):
    trace, _ = run
    neurons = as_dense(trace, activation)
    size = 1e-9 * (1 + np.abs(trace.x.astype(float)).sum() * np.abs(trace.w.astype(float)).max())
    np.testing.assert_allclose(neurons.preactivation.astype(float), trace.output.reshape(-1).astype(float), atol=size)
    np.testing.assert_array_equal(neurons.weight, convviz.toeplitz(trace))
    np.testing.assert_array_equal(neurons.tied, convviz.tied(trace))
    again = convviz.dense(neurons.x, neurons.weight, neurons.bias, activation)
    np.testing.assert_array_equal(neurons.output, again.output)


@given(layer_calls(most=3), st.sampled_from(ACTIVATIONS))
def test_a_layer_keeps_its_biases_and_its_activation(call, activation):
    layer = convviz.conv_layer(call.x, call.weight, call.bias, activation=activation, **call.parameters)
    neurons = as_dense(layer)
    reach = 1 + np.abs(layer.x.astype(float)).sum() * np.abs(layer.weight.astype(float)).sum()
    reach += np.abs(layer.bias.astype(float)).max()
    sums = layer.preactivation.reshape(-1).astype(float)
    np.testing.assert_allclose(neurons.preactivation.astype(float), sums, atol=1e-9 * reach)
    assert neurons.activation == activation


def test_a_dense_layer_of_its_own_has_no_tied_weights():
    assert convviz.dense([1, 2], [[3, 4]]).tied is None


def test_what_is_no_layer_is_refused():
    with pytest.raises(TypeError, match="accepted: a trace of conv_layer, correlate or convolve"):
        as_dense(convviz.dense([1, 2], [[3, 4]]))
