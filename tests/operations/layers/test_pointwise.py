"""A dense layer at every pixel, against dull loops, a 1×1 convolution and PyTorch; and what it says of bad input."""

import os
import re
from importlib import import_module

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz.operations.layers.conv_layer import conv_layer
from convviz.operations.layers.dense import dense
from convviz.operations.layers.pointwise import pointwise_dense
from tests import reference
from tests.strategies import filled

ACTIVATIONS = [None, "relu", "sigmoid", "tanh", np.square]


@pytest.fixture(scope="module")
def torch():
    """PyTorch, where it is installed; with ``CONVVIZ_REQUIRE_TORCH=1`` its absence fails the test."""
    if os.environ.get("CONVVIZ_REQUIRE_TORCH") != "1":
        pytest.importorskip("torch", reason="PyTorch is not installed; CONVVIZ_REQUIRE_TORCH=1 insists on it")
    return import_module("torch")


@st.composite
def calls(draw):
    """Draw x, weight and bias."""
    channels, neurons, rows, columns = (draw(st.integers(1, 4)) for _ in range(4))
    bias = filled(draw, (neurons,)) if draw(st.booleans()) else None
    return filled(draw, (channels, rows, columns)), filled(draw, (neurons, channels)), bias


def rounding(x, weight):
    """Bound what float64's rounding can do, and nothing where all numbers are whole."""
    return reference.rounding(x, weight) + 1e-13


@given(calls())
def test_equal_to_dull_loops(call):
    x, weight, bias = call
    offsets = np.zeros(len(weight), int) if bias is None else bias
    expected = np.empty((len(weight), *x.shape[1:]), dtype=object)
    for neuron, row, column in np.ndindex(expected.shape):
        expected[neuron, row, column] = reference.exactly(offsets[neuron])
        for channel in range(len(x)):
            product = reference.exactly(x[channel, row, column]) * reference.exactly(weight[neuron, channel])
            expected[neuron, row, column] += product
    output = pointwise_dense(x, weight, bias).output
    if "f" in x.dtype.kind + weight.dtype.kind + offsets.dtype.kind:
        np.testing.assert_allclose(output, expected.astype(float), rtol=0, atol=rounding(x, weight))
    else:
        assert output.dtype == np.int64
        assert output.tolist() == expected.tolist()


@given(calls(), st.sampled_from(ACTIVATIONS))
def test_equal_to_a_convolution_of_one_by_one(call, activation):
    x, weight, bias = call
    trace = pointwise_dense(x, weight, bias, activation)
    layer = conv_layer(x, weight[:, :, None, None], bias, activation=activation)
    assert trace.output.dtype == layer.output.dtype
    assert [step.position for step in trace] == [step.position for step in layer]
    if layer.preactivation.dtype == np.int64:
        assert np.array_equal(trace.output, layer.output)
        assert [step.preactivation for step in trace] == [step.preactivation for step in layer]
    else:
        np.testing.assert_allclose(trace.output, layer.output, rtol=1e-9, atol=1e3 * rounding(x, weight))


@given(calls(), st.sampled_from([None, "relu", "sigmoid", "tanh"]))
def test_equal_to_pytorchs_linear_with_channels_last(torch, call, activation):
    x, weight, bias = call
    linear = torch.nn.Linear(weight.shape[1], len(weight), dtype=torch.float64)
    with torch.no_grad():
        linear.weight.copy_(torch.tensor(weight.astype(float)))
        linear.bias.copy_(torch.tensor(np.zeros(len(weight)) if bias is None else bias.astype(float)))
        found = linear(torch.tensor(np.moveaxis(x.astype(float), 0, -1)))
    expected = getattr(torch, activation)(found) if activation else found
    output = np.moveaxis(pointwise_dense(x, weight, bias, activation).output, 0, -1)
    np.testing.assert_allclose(output, expected.numpy(), rtol=0, atol=rounding(x, weight))


@given(calls(), st.sampled_from(ACTIVATIONS))
def test_every_step_is_a_neuron_of_the_dense_layer_at_its_pixel(call, activation):
    x, weight, bias = call
    trace = pointwise_dense(x, weight, bias, activation)
    assert len(trace) == trace.output.size
    for index, step in enumerate(trace):
        neuron, row, column = step.position
        assert (step.index, step.position) == (index, np.unravel_index(index, trace.output.shape))
        alone = dense(x[:, row, column], weight, bias, activation)
        expected = alone[neuron]
        assert trace.at(row, column).output.tolist() == alone.output.tolist() == trace.output[:, row, column].tolist()
        assert step.value == expected.value == trace.output[step.position]
        assert (step.bias, step.preactivation, step.activation) == (
            expected.bias,
            expected.preactivation,
            expected.activation,
        )
        assert step.inputs.tolist() == x[:, row, column].astype(step.inputs.dtype).tolist()
        assert step.weights.tolist() == weight[neuron].tolist()
        assert step.products.tolist() == expected.products.tolist()


def test_what_it_is_made_of_can_be_asked_for():
    x, weight = np.arange(12).reshape(2, 2, 3), np.array([[1, 1], [0, -1], [2, 0]])
    trace = pointwise_dense(x, weight, [0, 5, 0], "relu")
    assert trace.x.tolist() == trace.padded.tolist() == x.tolist()
    assert trace.weight.tolist() == weight.tolist()
    assert trace.groups == 1
    assert (trace.geometry.kernel_shape, trace.geometry.output_shape) == ((1, 1), (2, 3))
    assert trace[6].describe() == "Output [1, 0, 0] = relu(0×0 + 6×(-1) + bias 5) = relu(-1) = 0."


def test_later_changes_of_the_arrays_change_nothing():
    x, weight, bias = np.ones((2, 2, 2), int), np.ones((1, 2), int), np.ones(1, int)
    trace = pointwise_dense(x, weight, bias)
    for array in (x, weight, bias):
        array[...] = 100
    assert trace.output.tolist() == [[[3, 3], [3, 3]]]
    assert trace[0].describe() == "Output [0, 0, 0] = 1×1 + 1×1 + bias 1 = 3."
    for array in (trace.x, trace.weight, trace.output):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 5


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"x": [[1, 2], [3, 4]]}, ValueError, "x has 2 dimensions (shape (2, 2)); accepted: 3"),
        ({"x": np.zeros((2, 0, 2))}, ValueError, "x is empty (shape (2, 0, 2))"),
        ({"x": [[[float("nan")]], [[1]]]}, ValueError, "x[0, 0, 0] is nan; accepted: finite numbers"),
        ({"x": [[["a"]], [["b"]]]}, TypeError, "x holds text"),
        ({"weight": [1, 2]}, ValueError, "weight has 1 dimensions (shape (2,)); accepted: 2"),
        ({"weight": np.ones((3, 2, 1, 1))}, ValueError, "weight has 4 dimensions (shape (3, 2, 1, 1)); accepted: 2"),
        (
            {"weight": [[1, 2, 3]]},
            ValueError,
            "weight has shape (1, 3), so that each neuron reads 3 inputs, but x has 2; accepted: one column of weight",
        ),
        ({"bias": [1, 2, 3]}, ValueError, "bias has shape (3,), but weight has (2, 2); accepted: one number for each"),
        ({"bias": 1}, ValueError, "bias has 0 dimensions"),
        ({"activation": "swish"}, ValueError, "activation is 'swish'; accepted: None, 'relu', 'sigmoid', 'tanh'"),
        ({"x": [[[2**62]], [[2**62]]]}, ValueError, "which does not fit int64"),
        ({"x": [[[1e308]], [[1e308]]]}, ValueError, "do not fit float64"),
    ],
)
def test_what_makes_no_sense_is_refused(change, error, message):
    arguments = {"x": [[[1]], [[2]]], "weight": [[1, 1], [2, 2]], **change}
    with pytest.raises(error, match=re.escape(message)):
        pointwise_dense(**arguments)
