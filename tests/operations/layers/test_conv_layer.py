"""What conv_layer gives, against dull loops and SciPy; and what it says of bad input."""

import re
import tracemalloc
from dataclasses import FrozenInstanceError
from fractions import Fraction
from math import ceil, exp

import numpy as np
import pytest
import scipy.signal
from hypothesis import example, given
from hypothesis import strategies as st

from convviz import convolve, correlate
from convviz.operations.layers import window_sums
from convviz.operations.layers.conv_layer import conv_layer
from convviz.operations.layers.conv_transpose import conv_transpose
from convviz.operations.layers.pool import pool
from tests import reference
from tests.strategies import INTEGERS, LayerCall, layer_calls

INT64 = np.iinfo(np.int64)


def dull(call):
    """Add up every product of a layer, one by one, in Python's own numbers."""
    sums: dict[tuple[int, ...], Fraction | int] = {}
    for cell, weight, met in call.terms():
        product = 0 if met is None else reference.exactly(call.x[met]) * reference.exactly(call.weight[weight])
        sums[cell] = sums.get(cell, 0) + product
    output = np.empty([max(cell[axis] for cell in sums) + 1 for axis in range(call.x.ndim)], object)
    for cell, total in sums.items():
        output[cell] = total + (0 if call.bias is None else reference.exactly(call.bias[cell[0]]))
    return output


def traced(call, **more):
    return conv_layer(call.x, call.weight, call.bias, **call.parameters, **more)


def rounding(call):
    bias = 0 if call.bias is None else np.abs(call.bias.astype(float)).max()
    return reference.rounding(call.x, call.weight) + 1e-14 * bias


# --- the numbers


@given(layer_calls())
def test_equal_to_dull_loops(call):
    trace, expected = traced(call), dull(call)
    if "f" in {array.dtype.kind for array in (call.x, call.weight, call.bias) if array is not None}:
        assert trace.output.dtype == np.float64
        np.testing.assert_allclose(trace.output, expected.astype(float), rtol=0, atol=rounding(call))
    else:
        assert trace.output.dtype == np.int64
        assert trace.output.tolist() == expected.tolist()


@pytest.mark.parametrize("axes", [1, 2, 3])
@pytest.mark.parametrize("dtype", [np.int64, np.float64])
def test_equal_to_scipy_summed_over_channels(axes, dtype):
    random = np.random.default_rng(axes)
    x = random.integers(-99, 99, (5, 9, 8, 7)[: axes + 1]).astype(dtype)
    weight = random.integers(-99, 99, (4, 5, 3, 2, 4)[: axes + 2]).astype(dtype)
    bias = np.array([1, -2, 3, 0])
    output = conv_layer(x, weight, bias).output
    for kernels, more, found in zip(weight, bias, output, strict=True):
        pairs = zip(x, kernels, strict=True)
        expected = sum(scipy.signal.correlate(channel, kernel, "valid", method="direct") for channel, kernel in pairs)
        np.testing.assert_array_equal(found, expected + more)


@pytest.mark.parametrize("block", [1, 50, 400, 3000])
@pytest.mark.parametrize("shape", [(2, 41), (2, 7, 9), (2, 5, 4, 6)])
def test_a_layer_worked_through_in_blocks_is_the_same(monkeypatch, block, shape):
    random = np.random.default_rng(0)
    x, weight = random.integers(-9, 9, shape), random.integers(-9, 9, (4, 1, 2, 3, 2)[: len(shape) + 1])
    parameters = {"stride": 2, "padding": 1, "groups": 2}
    whole = conv_layer(x, weight, **parameters).output
    for name in ("_BLOCK", "_SMALL_BLOCK"):
        monkeypatch.setattr(window_sums, name, block)
    np.testing.assert_array_equal(conv_layer(x, weight, **parameters).output, whole)


@given(st.integers(1, 12), st.integers(1, 4), st.integers(1, 4), st.integers(1, 3))
def test_same_as_tensorflow_says_it(size, kernel, stride, dilation):
    trace = conv_layer(np.ones((1, size)), np.ones((1, 1, kernel)), stride=stride, dilation=dilation, padding="same_tf")
    outputs = ceil(size / stride)
    total = max((outputs - 1) * stride + dilation * (kernel - 1) + 1 - size, 0)
    assert trace.output.shape == (1, outputs)
    assert trace.geometry.before == (total // 2,)
    assert trace.geometry.after == (total - total // 2,)


@given(st.integers(1, 9), st.integers(1, 4), st.integers(1, 3))
def test_same_as_pytorch_says_it(size, kernel, dilation):
    geometry = conv_layer(np.ones((1, size)), np.ones((1, 1, kernel)), dilation=dilation, padding="same").geometry
    total = dilation * (kernel - 1)
    assert geometry.output_shape == (size,)
    assert (geometry.before, geometry.after) == ((total // 2,), (total - total // 2,))


@pytest.mark.parametrize(
    ("padding", "axes", "before", "after"),
    [
        (2, 2, (2, 2), (2, 2)),
        (np.int64(1), 3, (1, 1, 1), (1, 1, 1)),
        ((1, 2), 2, (1, 2), (1, 2)),
        ([1, 2], 2, (1, 2), (1, 2)),
        (np.array([1, 2]), 2, (1, 2), (1, 2)),
        (((1, 2), (0, 3)), 2, (1, 0), (2, 3)),
        (np.array([[1, 2], [0, 3]]), 2, (1, 0), (2, 3)),
        ((1, (0, 3)), 2, (1, 0), (1, 3)),
        ((1,), 1, (1,), (1,)),
        ((1, 2), 1, (1,), (2,)),
        (((1, 2),), 1, (1,), (2,)),
        ("valid", 2, (0, 0), (0, 0)),
        ("same", 2, (1, 0), (1, 1)),
        ("same_tf", 2, (1, 0), (1, 1)),
    ],
)
def test_forms_of_padding(padding, axes, before, after):
    geometry = conv_layer(np.ones((1, *(5,) * axes)), np.ones((1, 1, 3, 2, 1)[: axes + 2]), padding=padding).geometry
    assert (geometry.before, geometry.after) == (before, after)


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("zeros", [[0, 0, 1, 2, 3, 0]]),
        ("reflect", [[3, 2, 1, 2, 3, 2]]),
        ("symmetric", [[2, 1, 1, 2, 3, 3]]),
        ("replicate", [[1, 1, 1, 2, 3, 3]]),
        ("circular", [[2, 3, 1, 2, 3, 1]]),
        (-7, [[-7, -7, 1, 2, 3, -7]]),
        (np.float32(0.5), [[0.5, 0.5, 1, 2, 3, 0.5]]),
        (0, [[0, 0, 1, 2, 3, 0]]),
    ],
)
def test_what_the_border_holds(mode, expected):
    trace = conv_layer([[1, 2, 3]], [[[1]]], padding=(2, 1), padding_mode=mode)
    assert trace.padded.tolist() == trace.output.tolist() == expected
    assert trace.x.tolist() == [[1, 2, 3]]
    assert trace.output.dtype == (np.float64 if mode == 0.5 else np.int64)
    assert trace.padding_mode == (mode or "zeros")


@given(layer_calls(), st.integers(-9, 9) | st.floats(-9, 9, width=16))
def test_a_border_of_a_number_is_an_input_with_that_border(call, number):
    parameters = {**call.parameters, "padding_mode": number}
    trace = conv_layer(call.x, call.weight, call.bias, **parameters)
    x = call.x if isinstance(number, int) else call.x.astype(float)
    padded = np.pad(x.astype(int) if x.dtype == bool else x, ((0, 0), *parameters["padding"]), constant_values=number)
    bare = conv_layer(padded, call.weight, call.bias, **{**parameters, "padding": 0})
    np.testing.assert_array_equal(trace.padded, padded)
    np.testing.assert_array_equal(trace.output, bare.output)
    assert [step.describe() for step in trace] == [step.describe() for step in bare]
    np.testing.assert_array_equal(
        trace.unread, traced(LayerCall(call.x, call.weight, None, {**parameters, "padding_mode": "zeros"})).unread
    )


def test_one_by_one_depthwise_and_grouped_are_parameters():
    x = np.arange(32).reshape(4, 2, 4)
    mixed = conv_layer(x, [[[[1]], [[2]], [[3]], [[4]]]])
    np.testing.assert_array_equal(mixed.output[0], x[0] + 2 * x[1] + 3 * x[2] + 4 * x[3])
    depthwise = conv_layer(x, np.array([1, 2, 3, 4]).reshape(4, 1, 1, 1), groups=4)
    np.testing.assert_array_equal(depthwise.output, x * np.array([1, 2, 3, 4])[:, None, None])
    grouped = conv_layer(x, np.ones((6, 2, 1, 1), int), groups=2)
    np.testing.assert_array_equal(grouped.output, [x[0] + x[1]] * 3 + [x[2] + x[3]] * 3)
    assert [grouped[number].window[0] for number in (0, 16, 24, 47)] == [slice(0, 2)] * 2 + [slice(2, 4)] * 2


@pytest.mark.parametrize("operation", [correlate, convolve])
def test_one_channel_and_one_filter_are_correlate_or_flipped_convolve(operation):
    x, w = np.arange(20).reshape(4, 5), np.arange(6).reshape(3, 2)
    trace, plain = conv_layer(x[None], w[None, None], flip=operation is convolve), operation(x, w, "valid")
    np.testing.assert_array_equal(trace.output[0], plain.output)
    np.testing.assert_array_equal(trace.kernel[0, 0], plain.kernel)
    np.testing.assert_array_equal(trace.weight[0, 0], w)


@pytest.mark.parametrize("x_dtype", [*INTEGERS, "float32"])
@pytest.mark.parametrize("bias_dtype", ["bool", "int64", "float16", None])
def test_integers_and_booleans_stay_integers(x_dtype, bias_dtype):
    bias = None if bias_dtype is None else np.ones(1, bias_dtype)
    trace = conv_layer(np.ones((1, 3), x_dtype), np.ones((1, 1, 2), "uint8"), bias)
    floats = "float" in x_dtype + str(bias_dtype)
    held = {trace.output.dtype, trace.preactivation.dtype, trace.padded.dtype}
    assert held == {np.dtype(np.float64 if floats else np.int64)}
    assert trace.output.tolist() == [[2 + (bias is not None)] * 2]


# --- exactness at the ends of the number types

wide = st.one_of(st.integers(-3, 3), st.integers(-(2**27), 2**27), st.integers(INT64.min, INT64.max))


@given(
    x=st.lists(wide, min_size=4, max_size=4),
    weight=st.lists(wide, min_size=4, max_size=4),
    bias=st.lists(wide, min_size=1, max_size=1),
)
@example([INT64.max, INT64.max, 1, 0], [2, -2, 1, 0], [0])
@example([2**62, 2**62, 0, 0], [1, 0, 1, 0], [0])
@example([2**31, 1, 2**31, 1], [2**30, 1, 2**30, 1], [5])
@example([2**31, 1, 2**31, 1], [2**21, 1, 2**21, 1], [5])
def test_integers_are_exact_or_refused(x, weight, bias):
    signal, filters = [x[:2], x[2:]], [[weight[:1], weight[1:2]], [weight[2:3], weight[3:]]]
    exact = [
        [a * kernels[0][0] + b * kernels[1][0] + bias[0] for a, b in zip(*signal, strict=True)] for kernels in filters
    ]
    misfits = [
        (at, row[at[1]])
        for f, row in enumerate(exact)
        for at in ((f, 0), (f, 1))
        if not INT64.min <= row[at[1]] <= INT64.max
    ]
    if misfits:
        at, value = misfits[0]
        with pytest.raises(ValueError, match=rf"output at \[{at[0]}, {at[1]}\] would be {value}, .* fit int64"):
            conv_layer(signal, filters, bias * 2)
        return
    trace = conv_layer(signal, filters, bias * 2)
    assert trace.output.dtype == np.int64
    assert trace.output.tolist() == exact
    for step in trace:
        pairs = zip(step.patch.ravel().tolist(), step.kernel.ravel().tolist(), strict=True)
        assert step.products.ravel().tolist() == [a * b for a, b in pairs]
        assert step.channel_sums.tolist() == step.products.ravel().tolist()
        assert sum(step.channel_sums.tolist()) + int(step.bias) == step.value


@pytest.mark.parametrize(
    ("x", "weight", "bias"),
    [
        ([[1e308, 1e308]], [[[1.0, 1.0]]], None),
        ([[1e200]], [[[1e200]]], None),
        ([[1e308], [1e308]], [[[1.0], [1.0]]], None),
        ([[1e308]], [[[1.0]]], [1e308]),
        ([[1e308], [-1e308]], [[[10.0], [10.0]]], None),
    ],
)
def test_floats_that_overflow_are_refused(x, weight, bias):
    with pytest.raises(ValueError, match=r"x, weight and bias are too large: .* accepted: .* below 1\.8e308"):
        conv_layer(x, weight, bias)


def test_huge_and_tiny_floats_are_taken_without_a_warning():
    assert conv_layer([[1e-10, 1e-10]], [[[1e308, 1e308]]]).output.tolist() == [[pytest.approx(2e298)]]
    assert conv_layer([[1.7e308]], [[[1.0]]]).output.tolist() == [[1.7e308]]
    assert conv_layer([[0.0]], [[[1e308]]], [1e308]).output.tolist() == [[1e308]]


# --- activations


def test_activations_by_name():
    x, weight = [[-800, -1, 0, 2, 800]], [[[1]]]
    relu, sigmoid, tanh = (conv_layer(x, weight, activation=name) for name in ("relu", "sigmoid", "tanh"))
    assert relu.output.dtype == np.int64
    assert relu.output.tolist() == [[0, 0, 0, 2, 800]]
    expected = [[exp(-800), 1 / (1 + exp(1)), 0.5, 1 / (1 + exp(-2)), 1.0]]
    np.testing.assert_allclose(sigmoid.output, expected, rtol=1e-15)
    np.testing.assert_allclose(tanh.output, np.tanh([[-800.0, -1, 0, 2, 800]]), rtol=1e-15)
    for trace in (relu, sigmoid, tanh):
        assert trace.preactivation.tolist() == x
        assert [step.value for step in trace] == trace.output[0].tolist()
        assert [step.preactivation for step in trace] == x[0]


@given(layer_calls(most=3, most_axes=2))
def test_an_activation_follows_the_sums(call):
    plain, squared = traced(call), traced(call, activation=np.square)
    np.testing.assert_array_equal(squared.preactivation, plain.output)
    np.testing.assert_array_equal(squared.output, plain.output**2)
    assert squared.activation is np.square
    assert plain.activation is None


def test_an_activation_may_return_truth_values_or_what_it_keeps():
    steps = conv_layer([[-1, 2]], [[[1]]], activation=lambda sums: sums > 0)
    assert steps.output.tolist() == [[0, 1]]
    kept = np.zeros((1, 2))
    trace = conv_layer([[-1, 2]], [[[1]]], activation=lambda _: kept)
    kept[...] = 7
    assert trace.output.tolist() == [[0, 0]]


# --- steps


@given(layer_calls(most=4))
def test_every_step_keeps_its_promises(call):
    trace = traced(call)
    assert len(trace) == trace.output.size
    per_group = len(call.weight) // call.parameters["groups"]
    for index, step in enumerate(trace):
        number = step.position[0]
        first = number // per_group * call.weight.shape[1]
        assert step.index == index
        assert step.position == np.unravel_index(index, trace.output.shape)
        assert trace.index_of(step.position) == index
        assert step.window[0] == slice(first, first + call.weight.shape[1])
        np.testing.assert_array_equal(step.patch, trace.padded[step.window])
        np.testing.assert_array_equal(step.kernel, trace.kernel[number])
        np.testing.assert_array_equal(step.products, step.patch * step.kernel)
        np.testing.assert_array_equal(step.channel_sums, step.products.reshape(len(step.products), -1).sum(axis=1))
        assert step.products.shape == step.patch.shape == step.kernel.shape == call.weight.shape[1:]
        assert step.bias == (0 if call.bias is None else call.bias[number])
        assert step.preactivation == step.value == trace.output[step.position]
        error = abs(step.products.sum() + step.bias - step.value)
        assert error <= (0 if trace.output.dtype == np.int64 else rounding(call))


@given(layer_calls(most=6))
def test_unread_cells_are_those_that_no_product_has(call):
    trace = traced(call)
    unread = np.ones(call.x.shape, bool)
    for _, _, met in call.terms():
        if met is not None:
            unread[met] = False
    assert trace.unread.dtype == bool
    np.testing.assert_array_equal(trace.unread, unread)


@given(layer_calls(most=4))
def test_origins_tell_where_the_border_comes_from(call):
    trace = traced(call)
    for position in np.ndindex(trace.padded.shape):
        cells = [int(origin[at]) for origin, at in zip(trace.origins, position[1:], strict=True)]
        assert trace.padded[position] == (0 if -1 in cells else call.x[(position[0], *cells)])


@given(layer_calls(most=4))
def test_a_trace_keeps_what_it_was_given(call):
    trace = traced(call)
    np.testing.assert_array_equal(trace.x, call.x)
    np.testing.assert_array_equal(trace.weight, call.weight)
    np.testing.assert_array_equal(trace.bias, np.zeros(len(call.weight)) if call.bias is None else call.bias)
    for name in ("groups", "padding_mode", "flip"):
        assert getattr(trace, name) == call.parameters[name]
    for name in ("stride", "dilation"):
        assert getattr(trace.geometry, name) == call.parameters[name]
    assert tuple(zip(trace.geometry.before, trace.geometry.after, strict=True)) == call.parameters["padding"]
    assert trace.geometry.output_shape == trace.output.shape[1:]


@pytest.mark.parametrize("activation", [None, "relu", np.abs])
def test_arrays_are_read_only_and_the_callers_stay_the_callers(activation):
    x, weight, bias = np.arange(12).reshape(1, 3, 4), np.arange(8).reshape(2, 1, 2, 2), np.array([1, 2])
    trace = conv_layer(x, weight, bias, activation=activation, flip=True)
    step = trace[1]
    held = (trace.output, trace.preactivation, trace.padded, trace.x, trace.weight, trace.kernel, trace.bias)
    held += (trace.unread, step.patch, step.kernel, step.products, step.channel_sums)
    before = [array.copy() for array in held]
    for array in held:
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 7
    for array in (x, weight, bias):
        array[...] = 7  # must neither be forbidden nor reach the trace
    for array, was in zip(held, before, strict=True):
        np.testing.assert_array_equal(array, was)
    assert trace[1] == step
    with pytest.raises(FrozenInstanceError):
        step.bias = 0


@pytest.mark.parametrize(
    ("trace", "index", "sentence"),
    [
        (conv_layer([[1, 2]], [[[3, 4]]]), 0, "Output [0, 0] = 1×3 + 2×4 = 11."),
        (conv_layer([[1, 2]], [[[3, -4]]], [5]), 0, "Output [0, 0] = 1×3 + 2×(-4) + bias 5 = 0."),
        (conv_layer([[1, 2]], [[[3, 4]]], [-5]), 0, "Output [0, 0] = 1×3 + 2×4 + bias (-5) = 6."),
        (
            conv_layer([[1, 2]], [[[3, -4]]], activation="relu"),
            0,
            "Output [0, 0] = relu(1×3 + 2×(-4)) = relu(-5) = 0.",
        ),
        (conv_layer([[0]], [[[1]]], activation="sigmoid"), 0, "Output [0, 0] = sigmoid(0×1) = sigmoid(0) = 0.5."),
        (
            conv_layer([[1], [2]], [[[3], [4]]], [0.5], activation="tanh"),
            0,
            "Output [0, 0] = tanh(3 from channel 0 + 8 from channel 1 + bias 0.5) = tanh(11.5) ≈ 1.",
        ),
        (
            conv_layer(np.ones((4, 1, 1), int), np.ones((2, 2, 1, 1), int), groups=2),
            1,
            "Output [1, 0, 0] = 1 from channel 2 + 1 from channel 3 = 2.",
        ),
        (
            conv_layer(np.ones((20, 1), int), np.ones((1, 20, 1), int)),
            0,
            "Output [0, 0] = 1 from channel 0 + 1 from channel 1 + 1 from channel 2 + 1 from channel 3 + … 12 more … + "
            "1 from channel 16 + 1 from channel 17 + 1 from channel 18 + 1 from channel 19 = 20.",
        ),
        (
            conv_layer([[1, 2]], [[[0.1, 0.2]]], activation=lambda sums: sums),
            0,
            "Output [0, 0] = activation(1×0.1 + 2×0.2) = activation(0.5) = 0.5.",
        ),
        (
            conv_layer([[0.1, 0.2, -0.3]], [[[1, 1, 1]]], activation="relu"),
            0,
            "Output [0, 0] = relu(0.1×1 + 0.2×1 + (-0.3)×1) = relu(0) = 0.",
        ),
    ],
)
def test_a_step_says_how_its_value_comes_to_be(trace, index, sentence):
    assert trace[index].describe() == sentence


# --- bad input

X, W = np.ones((4, 5, 6)), np.ones((2, 4, 3, 3))
INT_OR_TWO = "accepted: an integer from {} on, or a tuple of 2"
PADDINGS = "accepted: an integer from 0 on, or for each of the 2 axes an integer or a pair (before, after); 'valid', "
ACTIVATIONS = "accepted: None, 'relu', 'sigmoid', 'tanh', or a callable that takes an array and keeps its shape"
GROUPS = "accepted: an integer from 1 on that divides both the channels of x and the filters"


def in_place(sums):
    sums[...] = 0


FAULTS = [
    ({"x": [1, 2]}, ValueError, "x has 1 dimensions (shape (2,)); accepted: 2 or 3 or 4"),
    ({"x": np.ones((1, 1, 1, 1, 1))}, ValueError, "x has 5 dimensions (shape (1, 1, 1, 1, 1)); accepted: 2 or 3 or 4"),
    ({"x": [[1, 2], [3]]}, ValueError, "x is ragged"),
    ({"x": np.full(X.shape, np.nan)}, ValueError, "x[0, 0, 0] is nan; accepted: finite numbers"),
    ({"weight": np.ones((3, 3))}, ValueError, "weight has 2 dimensions (shape (3, 3)); accepted: 3 or 4 or 5"),
    ({"weight": np.full(W.shape, "a")}, TypeError, "weight holds text"),
    (
        {"weight": np.ones((2, 4, 3))},
        ValueError,
        "weight has 3 dimensions (shape (2, 4, 3)) but x has 3 (shape (4, 5, 6)); accepted: x (channels, *spatial)",
    ),
    ({"weight": np.ones((2, 4, 3))}, ValueError, "weight (filters, channels / groups, *kernel); x[0] is one input of"),
    (
        {"weight": np.ones((2, 3, 3, 3))},
        ValueError,
        "weight has shape (2, 3, 3, 3), whose filters read 3 channels each, but x has shape (4, 5, 6), with 4 in 1 "
        "groups; accepted: filters of 4 channels",
    ),
    ({"groups": 2}, ValueError, "whose filters read 4 channels each, but x has shape (4, 5, 6), with 4 in 2 groups"),
    ({"groups": 3}, ValueError, f"groups is 3, with 4 channels and 2 filters; {GROUPS}"),
    ({"groups": 4}, ValueError, f"groups is 4, with 4 channels and 2 filters; {GROUPS}"),
    ({"groups": 0}, ValueError, f"groups is 0, with 4 channels and 2 filters; {GROUPS}"),
    ({"groups": 1.0}, TypeError, f"groups is 1.0 (float); {GROUPS}"),
    ({"bias": [1, 2, 3]}, ValueError, "bias has shape (3,), but weight has (2, 4, 3, 3); accepted: one number for"),
    ({"bias": 1}, ValueError, "bias has 0 dimensions (shape ()); accepted: 1"),
    ({"stride": 0}, ValueError, "stride is 0; " + INT_OR_TWO.format(1)),
    ({"stride": (1, -1)}, ValueError, "stride is (1, -1); " + INT_OR_TWO.format(1)),
    ({"stride": (1, 2, 3)}, ValueError, "stride is (1, 2, 3), with 3 numbers for 2 axes; " + INT_OR_TWO.format(1)),
    ({"stride": 1.5}, TypeError, "stride is 1.5 (float); " + INT_OR_TWO.format(1)),
    ({"stride": "2"}, TypeError, "stride is '2' (str); " + INT_OR_TWO.format(1)),
    ({"stride": True}, TypeError, "stride is True (bool); " + INT_OR_TWO.format(1)),
    ({"dilation": 0}, ValueError, "dilation is 0; " + INT_OR_TWO.format(1)),
    ({"dilation": (1, None)}, TypeError, "dilation is None (NoneType); " + INT_OR_TWO.format(1)),
    (
        {"dilation": 3},
        ValueError,
        "weight has kernels of shape (3, 3), so that with dilation (3, 3) a window spans (7, 7) cells, but x with its "
        "padding has (5, 6): no window fits; accepted: windows no larger than the padded input along any axis",
    ),
    ({"padding": -1}, ValueError, "padding is -1; " + PADDINGS),
    ({"padding": (1, 2, 3)}, ValueError, "padding is (1, 2, 3), with 3 entries for 2 axes; " + PADDINGS),
    ({"padding": ((1, 2, 3), (1, 2))}, ValueError, "padding is ((1, 2, 3), (1, 2)); " + PADDINGS),
    ({"padding": ((1, -2), (1, 2))}, ValueError, "padding is ((1, -2), (1, 2)); " + PADDINGS),
    ({"padding": 0.5}, TypeError, "padding is 0.5 (float); " + PADDINGS),
    ({"padding": None}, TypeError, "padding is None (NoneType); " + PADDINGS),
    ({"padding": "full"}, ValueError, "padding is 'full'; " + PADDINGS + "'same' or 'same_tf'"),
    (
        {"padding": "same", "stride": (1, 2)},
        ValueError,
        "stride is (1, 2) with padding 'same', which PyTorch defines only for stride 1; accepted: stride 1, or "
        "padding 'same_tf'",
    ),
    (
        {"padding_mode": "wrap"},
        ValueError,
        "padding_mode is 'wrap'; accepted: 'zeros', 'reflect', 'symmetric', 'replicate', 'circular' or a number",
    ),
    ({"padding_mode": True}, ValueError, "padding_mode is True; accepted: 'zeros', "),
    ({"padding_mode": np.nan}, ValueError, "padding_mode is nan; accepted: finite numbers"),
    ({"padding_mode": 2**70}, ValueError, "padding_mode is 1180591620717411303424; accepted: integers that fit int64"),
    ({"padding_mode": None}, ValueError, "padding_mode is None; accepted: 'zeros'"),
    (
        {"padding_mode": "reflect", "padding": (0, (1, 6))},
        ValueError,
        "padding is 1 before and 6 after spatial axis 1 of x, where padding_mode 'reflect' finds no more than 5 cells "
        "to copy; accepted: at most 5",
    ),
    ({"padding_mode": "symmetric", "padding": (6, 0)}, ValueError, "padding_mode 'symmetric' finds no more than 5 c"),
    ({"padding_mode": "circular", "padding": (6, 0)}, ValueError, "padding_mode 'circular' finds no more than 5 ce"),
    ({"flip": 1}, TypeError, "flip is 1; accepted: True or False"),
    ({"activation": "gelu"}, ValueError, f"activation is 'gelu'; {ACTIVATIONS}"),
    ({"activation": 3}, TypeError, f"activation is 3; {ACTIVATIONS}"),
    ({"activation": np.sum}, ValueError, "activation sum's result has 0 dimensions (shape ()); accepted: 3"),
    (
        {"activation": lambda sums: sums[:1]},
        ValueError,
        "activation's result has shape (1, 3, 4), from shape (2, 3, 4); accepted: a callable that keeps the shape",
    ),
    ({"activation": lambda sums: np.log(sums - sums)}, ValueError, "activation's result[0, 0, 0] is -inf; accepted: "),
    ({"activation": lambda sums: sums * 1j}, TypeError, "activation's result holds complex numbers"),
    ({"activation": exp}, ValueError, "activation exp fails on the layer's sums: "),
    ({"activation": in_place}, ValueError, "activation in_place fails on the layer's sums: assignment destination is"),
    ({"activation": lambda sums: None}, TypeError, "activation's result is None (NoneType)"),
]


@pytest.mark.parametrize(("arguments", "error", "message"), FAULTS, ids=[message[:40] for *_, message in FAULTS])
def test_each_fault_is_named(arguments, error, message):
    with pytest.raises(error, match=re.escape(message)):
        conv_layer(**{"x": X, "weight": W, **arguments})


def test_faults_of_a_single_axis_speak_of_one_number():
    with pytest.raises(
        ValueError, match=r"stride is \(1, 2\), with 2 numbers for 1 axis; accepted: an integer from 1 on$"
    ):
        conv_layer([[1, 2]], [[[1]]], stride=(1, 2))


# --- cost


@pytest.mark.parametrize("dtype", [np.int64, np.float64])
def test_a_trace_over_a_large_picture_makes_no_steps(dtype):
    picture, weight = np.ones((1, 1024, 1024), dtype), np.ones((1, 1, 3, 3), dtype)
    tracemalloc.start()
    try:
        trace = conv_layer(picture, weight, padding=1)
        kept, peak = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        trace[500_000], trace[100:900_000:7], trace[-1]
        _, after = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 2.1 * picture.nbytes  # the padded input and the output
    assert peak < 3 * picture.nbytes
    assert after - kept < 20_000


# --- a picture without an axis of channels


def test_a_picture_is_one_channel_where_kernels_are_2d():
    picture, weight = np.arange(12).reshape(3, 4), np.ones((2, 1, 2, 2), int)
    trace = conv_layer(picture, weight)
    assert trace.output.tolist() == conv_layer(picture[None], weight).output.tolist()
    assert trace.x.shape == (1, 3, 4)
    with pytest.raises(
        ValueError, match=re.escape("weight has 4 dimensions (shape (2, 3, 2, 2)) but x has 2 (shape (")
    ):
        conv_layer(picture, np.ones((2, 3, 2, 2)))
    with pytest.raises(ValueError, match=re.escape("write weight[None, None]")):
        conv_layer(picture, np.ones((2, 2)))


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("weight", [0, 1, 0.0])
def test_a_number_that_is_not_finite_is_found_where_no_window_reads_it(wrong, weight):
    x = np.ones((2, 3, 4))
    x[1, 0, 3] = wrong
    for x_given, where in ((x, "[1, 0, 3]"), (x[1], "[0, 3]")):
        with pytest.raises(ValueError, match=re.escape(f"x{where} is {wrong}; accepted: finite numbers")):
            conv_layer(x_given, np.full((1, x_given.ndim - 1, 1, 1), weight), stride=2)


@pytest.mark.parametrize("shape", [(5, 6), (4, 5, 6)])
def test_a_picture_or_volume_without_channels_is_one_channel(shape):
    random = np.random.default_rng(0)
    x, weight = random.integers(-9, 9, shape), random.integers(-9, 9, (3, 1, *(2,) * len(shape)))
    for operation, kernels in ((conv_layer, weight), (conv_transpose, weight.swapaxes(0, 1))):
        np.testing.assert_array_equal(operation(x, kernels).output, operation(x[None], kernels).output)
    size = (2,) * len(shape)
    np.testing.assert_array_equal(pool(x, size).output, pool(x[None], size).output)


# --- groups, and kernels of one cell


@pytest.mark.parametrize(
    ("shape", "kernel", "dilation", "padding"),
    [
        ((3, 40, 30), (3, 3), 1, 1),
        ((2, 300, 250), (5, 2), (1, 3), 0),
        ((4, 9), (4,), 2, (1, 2)),
        ((2, 5, 6, 7), (2, 3, 2), 1, 1),
        ((70, 3, 4), (3, 1), 1, "same"),
        ((2, 1, 9000), (1, 7), 1, 0),
    ],
)
@pytest.mark.parametrize("end", [9, 2**30, 2**58])
def test_a_depthwise_layer_is_one_layer_for_each_channel(shape, kernel, dilation, padding, end):
    random = np.random.default_rng(0)
    x, weight = random.integers(-9, 10, shape), random.integers(-9, 10, (shape[0], 1, *kernel))
    x.flat[-1], bias = end, random.integers(-99, 100, shape[0])
    options = {"dilation": dilation, "padding": padding}
    for kind in (int, float) if end == 9 else (int,):
        trace = conv_layer(x.astype(kind), weight.astype(kind), bias.astype(kind), groups=shape[0], **options)
        for number, channel in enumerate(trace.output):
            # Two copies of a filter make a layer that is not depthwise.
            twice = conv_layer(
                x[[number]].astype(kind), weight[[number] * 2].astype(kind), bias[[number] * 2].astype(kind), **options
            )
            np.testing.assert_array_equal(channel, twice.output[0])
            assert channel.dtype == twice.output.dtype


@pytest.mark.parametrize("kind", [int, float])
@pytest.mark.parametrize("groups", [1, 2])
def test_a_one_by_one_layer_mixes_channels_cell_by_cell(kind, groups):
    random = np.random.default_rng(1)
    x, weight = random.integers(-99, 100, (6, 8, 9)).astype(kind), random.integers(-99, 100, (4, 6 // groups, 1, 1))
    output = conv_layer(x, weight, np.arange(4), groups=groups).output
    mixing = np.zeros((4, 6), dtype=int)
    for number in range(4):
        first = number // (4 // groups) * (6 // groups)
        mixing[number, first : first + 6 // groups] = weight[number, :, 0, 0]
    np.testing.assert_array_equal(output, np.einsum("fc,cij->fij", mixing, x) + np.arange(4)[:, None, None])
    assert output.dtype == kind
    np.testing.assert_array_equal(
        conv_layer(x, weight, np.arange(4), groups=groups, stride=2).output, output[:, ::2, ::2]
    )
