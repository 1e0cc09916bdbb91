"""What dense gives, against dull loops; and what it says of bad input."""

import re
import tracemalloc

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from convviz.operations.layers.conv_layer import conv_layer
from convviz.operations.layers.dense import dense
from tests import reference
from tests.strategies import filled

INT64 = np.iinfo(np.int64)


@st.composite
def calls(draw):
    """Draw x, weight and bias."""
    inputs, neurons = draw(st.integers(1, 6)), draw(st.integers(1, 4))
    bias = filled(draw, (neurons,)) if draw(st.booleans()) else None
    return filled(draw, (inputs,)), filled(draw, (neurons, inputs)), bias


@given(calls())
def test_equal_to_dull_loops(call):
    x, weight, bias = call
    offsets = np.zeros(len(weight), int) if bias is None else bias
    expected = [
        sum(reference.exactly(a) * reference.exactly(b) for a, b in zip(x, row, strict=True)) + reference.exactly(c)
        for row, c in zip(weight, offsets, strict=True)
    ]
    output = dense(x, weight, bias).output
    if "f" in x.dtype.kind + weight.dtype.kind + offsets.dtype.kind:
        assert output.dtype == np.float64
        np.testing.assert_allclose(
            output, np.array(expected, float), rtol=0, atol=reference.rounding(x, weight) + 1e-13
        )
    else:
        assert output.dtype == np.int64
        assert output.tolist() == expected


@given(calls(), st.sampled_from([None, "relu", "sigmoid", "tanh", np.square]))
def test_every_step_keeps_its_promises(call, activation):
    x, weight, bias = call
    trace = dense(x, weight, bias, activation)
    assert len(trace) == len(weight)
    assert trace.activation is activation
    np.testing.assert_array_equal(trace.preactivation, dense(x, weight, bias).output)
    for index, step in enumerate(trace):
        assert (step.index, step.position) == (index, (index,))
        assert step.value == trace.output[index]
        assert step.preactivation == trace.preactivation[index]
        np.testing.assert_array_equal(step.inputs, x)
        np.testing.assert_array_equal(step.weights, weight[index])
        np.testing.assert_array_equal(step.products, x * weight[index].astype(trace.x.dtype))
        assert step.bias == (0 if bias is None else bias[index])
        tolerance = 0 if trace.preactivation.dtype == np.int64 else reference.rounding(x, weight) + 1e-13
        assert abs(step.products.sum() + step.bias - step.preactivation) <= tolerance


def test_it_is_a_convolution_whose_kernel_covers_the_picture():
    random = np.random.default_rng(0)
    x, weight = random.integers(-9, 9, (2, 3, 4)), random.integers(-9, 9, (5, 2, 3, 4))
    np.testing.assert_array_equal(dense(x.ravel(), weight.reshape(5, -1)).output, conv_layer(x, weight).output.ravel())


wide = st.integers(-3, 3) | st.integers(INT64.min, INT64.max)


@given(st.tuples(wide, wide), st.tuples(wide, wide), wide)
@example((INT64.max, INT64.max), (2, -2), 1)
def test_integers_are_exact_or_refused(x, weights, bias):
    products = [a * b for a, b in zip(x, weights, strict=True)]
    total = sum(products) + bias
    if INT64.min <= total <= INT64.max:
        trace = dense(x, [weights], [bias])
        assert trace.output.tolist() == [total]
        assert trace[0].products.tolist() == products
    else:
        with pytest.raises(ValueError, match=rf"output at \[0\] would be {total}, which does not fit int64"):
            dense(x, [weights], [bias])


def test_integers_beside_floats_are_multiplied_as_floats():
    trace = dense([2**62], [[4]], [0.5])
    assert trace[0].products.tolist() == trace.output.tolist() == [2.0**64]


def test_arrays_are_read_only_and_the_callers_stay_the_callers():
    x, weight, bias = np.arange(3.0), np.ones((2, 3)), np.ones(2)
    trace = dense(x, weight, bias, "relu")
    step = trace[1]
    for array in (trace.output, trace.preactivation, trace.x, trace.weight, trace.bias, step.products, step.weights):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 7
    for array in (x, weight, bias):
        array[...] = 7
    assert trace[1] == step
    assert trace.x.tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (([1, 2], [[3, -4]]), "Output [0] = 1×3 + 2×(-4) = -5."),
        (([1, 2], [[3, -4]], [6], "relu"), "Output [0] = relu(1×3 + 2×(-4) + bias 6) = relu(1) = 1."),
        (([0.5], [[1]], [0.25], "tanh"), "Output [0] = tanh(0.5×1 + bias 0.25) = tanh(0.75) ≈ 0.6351."),
    ],
)
def test_a_step_says_how_its_value_comes_to_be(arguments, sentence):
    assert dense(*arguments)[0].describe() == sentence


FAULTS = [
    ({"x": np.ones((2, 2))}, ValueError, "x has 2 dimensions (shape (2, 2)); accepted: 1"),
    ({"x": 5}, ValueError, "x has 0 dimensions (shape ()); accepted: 1"),
    ({"x": [1, None, 2]}, TypeError, "x[1] is None (NoneType); accepted: an array of integers, floats or booleans"),
    ({"weight": [1, 2, 3]}, ValueError, "weight has 1 dimensions (shape (3,)); accepted: 2"),
    (
        {"weight": [[1, 2]]},
        ValueError,
        "weight has shape (1, 2), so that each neuron reads 2 inputs, but x has 3; accepted: one column of weight for "
        "each number in x",
    ),
    ({"weight": [[1, 2, np.nan]]}, ValueError, "weight[0, 2] is nan; accepted: finite numbers"),
    (
        {"bias": [1]},
        ValueError,
        "bias has shape (1,), but weight has (2, 3); accepted: one number for each of the 2 neurons",
    ),
    ({"activation": "softmax"}, ValueError, "activation is 'softmax'; accepted: None, 'relu', 'sigmoid', 'tanh', or a"),
    ({"activation": np.max}, ValueError, "activation max's result has 0 dimensions (shape ()); accepted: 1"),
    ({"x": [1e200] * 3, "weight": [[1e200] * 3] * 2}, ValueError, "x, weight and bias are too large: their products, "),
]


@pytest.mark.parametrize(("arguments", "error", "message"), FAULTS, ids=[message[:40] for *_, message in FAULTS])
def test_each_fault_is_named(arguments, error, message):
    with pytest.raises(error, match=re.escape(message)):
        dense(**{"x": [1, 2, 3], "weight": np.ones((2, 3)), **arguments})


# --- large weights


@pytest.fixture(scope="module")
def large():
    random = np.random.default_rng(12)
    return random.normal(size=700), random.normal(size=(600, 700)).astype(np.float32), random.normal(size=600)


def test_large_weights_of_float32_are_computed_as_floats_are(large):
    x, weight, bias = large
    trace, wide = dense(x, weight, bias, "tanh"), dense(x, weight.astype(float), bias, "tanh")
    np.testing.assert_allclose(trace.output, wide.output, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(trace.weight_lengths, wide.weight_lengths, rtol=1e-14)
    np.testing.assert_allclose(
        trace.preactivation, np.array([row @ x for row in weight.astype(float)]) + bias, atol=1e-12
    )
    for array in (trace.weight, trace.preactivation, trace[7].weights):
        assert array.dtype == np.float64
        assert not array.flags.writeable
    np.testing.assert_array_equal(trace.weight, weight)
    np.testing.assert_array_equal(trace[7].products, x * weight[7])
    assert trace[7].describe() == wide[7].describe()
    assert dense(np.arange(700), weight, np.zeros(600, int)).output.dtype == np.float64


def test_a_trace_does_not_follow_large_weights_that_change(large):
    x, weight, bias = large
    weight = weight.copy()
    trace = dense(x, weight, bias)
    before = trace[0].value, trace[0].weights.copy()
    weight[:] = 0
    assert trace[0].value == before[0]
    np.testing.assert_array_equal(trace[0].weights, before[1])


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_large_weights_that_are_not_finite_are_named(large, wrong):
    x, weight, bias = large
    weight = weight.copy()
    weight[3, 5] = wrong
    with pytest.raises(ValueError, match=rf"^weight\[3, 5\] is {wrong}; accepted: finite numbers"):
        dense(x, weight, bias)
    weight[3, 5] = 3e38
    with pytest.raises(ValueError, match="x, weight and bias are too large"):
        dense(x * 1e300, weight, bias)
    assert np.isfinite(dense(x, weight, bias).output).all()


def test_large_weights_of_float32_take_little_more_memory_than_a_copy():
    x, weight = np.ones(1000), np.ones((4000, 1000), np.float32)
    tracemalloc.start()
    try:
        dense(x, weight)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 1.5 * weight.nbytes
