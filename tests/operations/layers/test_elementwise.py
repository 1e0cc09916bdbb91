"""Functions applied to each number, against Python's own; and flattening."""

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz.operations.layers import rectifiers
from convviz.operations.layers.elementwise import elementwise
from convviz.operations.layers.flatten import flatten
from tests.strategies import filled


def sigmoid(z):
    return 1 / (1 + math.exp(-z)) if z > -700 else 0.0


FUNCTIONS = {
    "relu6": lambda z: min(max(z, 0), 6),
    "leaky_relu": lambda z: z if z > 0 else 0.01 * z,
    "elu": lambda z: z if z > 0 else math.exp(z) - 1,
    "celu": lambda z: max(z, 0) + min(0, math.exp(min(z, 0)) - 1),
    "selu": lambda z: 1.0507009873554805 * (z if z > 0 else 1.6732632423543772 * (math.exp(z) - 1)),
    "gelu": lambda z: z * (1 + math.erf(z / math.sqrt(2))) / 2,
    "gelu_tanh": lambda z: z * (1 + math.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3))) / 2,
    "silu": lambda z: z * sigmoid(z),
    "softplus": lambda z: z if z > 20 else math.log(1 + math.exp(z)),
    "log_sigmoid": lambda z: math.log(sigmoid(z)),
    "mish": lambda z: z * math.tanh(math.log(1 + math.exp(z))),
    "softsign": lambda z: z / (1 + abs(z)),
    "hardtanh": lambda z: min(max(z, -1), 1),
    "hard_sigmoid": lambda z: min(max(z + 3, 0), 6) / 6,
    "hard_swish": lambda z: z * min(max(z + 3, 0), 6) / 6,
}
shapes = st.lists(st.integers(1, 3), min_size=1, max_size=4).map(tuple)


@st.composite
def inputs(draw):
    return filled(draw, draw(shapes))


@pytest.mark.parametrize("name", FUNCTIONS)
@given(x=inputs())
def test_each_number_becomes_what_the_definition_says(name, x):
    trace = elementwise(x, getattr(rectifiers, name))
    assert (trace.output.shape, len(trace), trace.function) == (x.shape, x.size, name)
    for index, step in enumerate(trace):
        assert (step.index, trace.index_of(step.position)) == (index, index)
        assert step.number == x[step.position]
        assert step.value == trace.output[step.position]
        assert math.isclose(step.value, FUNCTIONS[name](float(step.number)), rel_tol=1e-9, abs_tol=1e-9)


def test_large_numbers_do_not_overflow():
    for name in FUNCTIONS:
        found = elementwise([-1e4, 1e4], getattr(rectifiers, name)).output
        assert np.isfinite(found).all(), name


def test_integers_stay_integers_where_the_function_keeps_them():
    assert elementwise([-1, 2], "relu").output.tolist() == [0, 2]
    assert elementwise([-1, 9], rectifiers.relu6).output.dtype == np.int64
    assert elementwise([-1, 9], "tanh").output.dtype == np.float64


def test_a_parameter_may_be_one_for_each_channel():
    trace = elementwise([[-1, -2], [-3, 4]], rectifiers.leaky_relu, {"slope": [0.5, 2]})
    assert trace.output.tolist() == [[-0.5, -1], [-6, 4]]
    assert trace[2].describe() == "Output [1, 0] = leaky_relu(-3, slope 2) = -6."
    assert trace[2].parameters == (("slope", 2),)
    single = elementwise([[-1, -2], [-3, 4]], rectifiers.elu, {"alpha": 2})
    assert single[0].describe() == "Output [0, 0] = elu(-1, alpha 2) ≈ -1.264."
    assert trace[2] != trace[3]
    assert trace[2] == elementwise([[-1, -2], [-3, 4]], rectifiers.leaky_relu, {"slope": [0.5, 2]})[2]


def test_arrays_are_read_only_and_the_callers_stay_the_callers():
    x, slope = np.array([-1.0, 2]), np.array([0.5, 2])
    trace = elementwise(x, rectifiers.leaky_relu, {"slope": slope})
    for array in (trace.output, trace.x, trace.parameters["slope"]):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 7
    x[...] = slope[...] = 7
    assert trace[0].describe() == "Output [0] = leaky_relu(-1, slope 0.5) = -0.5."


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((5, "relu"), ValueError, "x has 0 dimensions (shape ()); accepted: 1 or 2"),
        (([1], "gelu"), ValueError, "function is 'gelu'; accepted: 'relu', 'sigmoid', 'tanh', or a callable"),
        (([1], None), TypeError, "function is None; accepted: 'relu', 'sigmoid', 'tanh', or a callable"),
        (([1], np.sum), ValueError, "function sum's result has 0 dimensions (shape ()); accepted: 1"),
        (([0.0], np.log), ValueError, "function log's result[0] is -inf; accepted: finite numbers"),
        (
            ([1], np.cos, {"slope": 3}),
            ValueError,
            "function cos fails on x: ",
        ),
        (
            ([[1]], rectifiers.elu, {"alpha": [1, 2]}),
            ValueError,
            "alpha has 2 numbers, but x has 1 channels (shape (1, 1)); accepted: a number, or one for each channel",
        ),
        (([1], rectifiers.elu, {"alpha": "a"}), TypeError, "alpha holds text"),
    ],
)
def test_each_fault_is_named(arguments, error, message):
    with pytest.raises(error, match=re.escape(message)):
        elementwise(*arguments)


# --- flattening


@given(inputs(), st.data())
def test_flattening_keeps_the_order(x, data):
    first = data.draw(st.integers(0, x.ndim - 1))
    last = data.draw(st.integers(first, x.ndim - 1))
    trace = flatten(x, first - data.draw(st.sampled_from([0, x.ndim])), last - data.draw(st.sampled_from([0, x.ndim])))
    assert trace.output.ravel().tolist() == x.ravel().tolist()
    assert trace.output.shape == (*x.shape[:first], math.prod(x.shape[first : last + 1]), *x.shape[last + 1 :])
    assert len(trace) == x.size
    for index, step in enumerate(trace):
        assert trace.index_of(step.position) == index
        assert step.value == trace.output[step.position] == x[step.source]
        assert step.position[:first] == step.source[:first]


def test_flattening_says_where_a_number_comes_from():
    x = np.array([[1.5, 2], [3, 1 / 7]])
    trace = flatten(x)
    assert trace[2].describe() == "Output [2] = input [1, 0] = 3."
    assert trace[3].describe() == "Output [3] = input [1, 1] = 1/7."
    assert flatten([[2**0.5]])[0].describe() == "Output [0] = input [0, 0] ≈ 1.414."
    for array in (trace.output, trace.x):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 7
    x[...] = 7
    assert trace.output[0] == 1.5


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((5,), ValueError, "x has 0 dimensions"),
        (([1], 1), ValueError, "first is 1; accepted: an axis of x (shape (1,)), from -1 to 0"),
        (([[1]], 0, -3), ValueError, "last is -3; accepted: an axis of x (shape (1, 1)), from -2 to 1"),
        (([[1]], 1, 0), ValueError, "first is 1 and last is 0; accepted: a first axis that is not after the last"),
        (([[1]], 0.5), TypeError, "first is 0.5 (float); accepted: an axis"),
    ],
)
def test_each_fault_of_flattening_is_named(arguments, error, message):
    with pytest.raises(error, match=re.escape(message)):
        flatten(*arguments)
