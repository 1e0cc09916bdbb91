"""A dense layer at every row, against dull loops and the dense layer itself; and what it says of bad input."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz.operations.layers.dense import dense
from convviz.operations.layers.dense_rows import dense_rows
from tests import reference
from tests.strategies import filled

INT64 = np.iinfo(np.int64)


@st.composite
def calls(draw):
    """Draw x, weight and bias."""
    rows = draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))
    inputs, neurons = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    bias = filled(draw, (neurons,)) if draw(st.booleans()) else None
    return filled(draw, (*rows, inputs)), filled(draw, (neurons, inputs)), bias


def rounding(x, weight):
    return reference.rounding(x, weight) + 1e-13


@given(calls())
def test_equal_to_dull_loops(call):
    x, weight, bias = call
    offsets = np.zeros(len(weight), int) if bias is None else bias
    expected = np.empty((*x.shape[:-1], len(weight)), dtype=object)
    for *row, neuron in np.ndindex(expected.shape):
        total = reference.exactly(offsets[neuron])
        for a, b in zip(x[tuple(row)], weight[neuron], strict=True):
            total += reference.exactly(a) * reference.exactly(b)
        expected[(*row, neuron)] = total
    output = dense_rows(x, weight, bias).output
    if "f" in x.dtype.kind + weight.dtype.kind + offsets.dtype.kind:
        assert output.dtype == np.float64
        np.testing.assert_allclose(output, expected.astype(float), rtol=0, atol=rounding(x, weight))
    else:
        assert output.dtype == np.int64
        assert output.tolist() == expected.tolist()


@given(calls(), st.sampled_from([None, "relu", "sigmoid", "tanh", np.square]))
def test_every_step_is_that_of_a_dense_layer_on_its_row(call, activation):
    x, weight, bias = call
    trace = dense_rows(x, weight, bias, activation)
    assert len(trace) == trace.output.size
    assert trace.activation is activation
    for index, step in enumerate(trace):
        *row, neuron = step.position
        assert (step.index, trace.index_of(step.position)) == (index, index)
        alone = dense(x[tuple(row)], weight, bias, activation)[neuron]
        assert step.value == trace.output[step.position]
        np.testing.assert_allclose(float(step.value), float(alone.value), rtol=1e-9, atol=1e3 * rounding(x, weight))
        assert (step.bias, step.activation) == (alone.bias, alone.activation)
        np.testing.assert_array_equal(step.inputs, x[tuple(row)])
        np.testing.assert_array_equal(step.weights, weight[neuron])
        np.testing.assert_array_equal(step.products, step.inputs * step.weights.astype(trace.x.dtype))
        assert not step.products.flags.writeable


wide = st.integers(-3, 3) | st.integers(INT64.min, INT64.max)


@given(st.tuples(wide, wide), st.tuples(wide, wide), wide)
def test_integers_are_exact_or_refused(x, weights, bias):
    products = [a * b for a, b in zip(x, weights, strict=True)]
    total = sum(products) + bias
    if INT64.min <= total <= INT64.max:
        trace = dense_rows([x, x], [weights], [bias])
        assert trace.output.tolist() == [[total], [total]]
        assert trace[1].products.tolist() == products
    else:
        with pytest.raises(ValueError, match=rf"output at \[0, 0\] would be {total}, which does not fit int64"):
            dense_rows([x, x], [weights], [bias])


def test_arrays_are_read_only_and_the_callers_stay_the_callers():
    x, weight, bias = np.ones((2, 3)), np.ones((2, 3)), np.ones(2)
    trace = dense_rows(x, weight, bias, "relu")
    step = trace[1]
    for array in (trace.output, trace.preactivation, trace.x, trace.weight, trace.bias, step.products, step.weights):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 7
    for array in (x, weight, bias):
        array[...] = 7
    assert trace[1] == step


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"x": [1, 2]}, ValueError, "x has 1 dimensions (shape (2,)); accepted: 2 or 3 or "),
        ({"x": [["a", "b"]]}, TypeError, "x holds text"),
        (
            {"weight": [[1, 2, 3]]},
            ValueError,
            "weight has shape (1, 3), so that each neuron reads 3 inputs, but the rows of x (shape (2, 2)) have 2; "
            "accepted: one column of weight for each number in a row of x",
        ),
        ({"bias": [1, 2]}, ValueError, "bias has shape (2,), but weight has (1, 2); accepted: one number for each of "),
        ({"activation": "softmax"}, ValueError, "activation is 'softmax'; accepted: None, 'relu'"),
        ({"x": [[1e200, 1]], "weight": [[1e200, 1]]}, ValueError, "do not fit float64"),
    ],
)
def test_each_fault_is_named(arguments, error, message):
    with pytest.raises(error, match=re.escape(message)):
        dense_rows(**{"x": [[1, 2], [3, 4]], "weight": [[1, 1]], **arguments})


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_large_weights_are_computed_as_small_ones_are(dtype):
    random = np.random.default_rng(3)
    x, weight, bias = random.normal(size=(2, 3, 700)), random.normal(size=(600, 700)).astype(dtype), np.arange(600)
    trace = dense_rows(x, weight, bias)
    for row in np.ndindex(2, 3):
        each = dense(x[row], weight, bias)
        np.testing.assert_allclose(trace.output[row], each.output, rtol=0, atol=1e-11)
        np.testing.assert_array_equal(trace[trace.index_of((*row, 9))].products, each[9].products)
    np.testing.assert_allclose(trace.weight_lengths, np.linalg.norm(weight.astype(float), axis=1), rtol=1e-14)
    assert trace.weight.dtype == np.float64
    weight[3, 5] = np.inf
    with pytest.raises(ValueError, match=r"^weight\[3, 5\] is inf; accepted: finite numbers"):
        dense_rows(x, weight)
