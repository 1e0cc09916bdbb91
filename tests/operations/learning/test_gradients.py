"""Backpropagation through one layer: against dull loops, finite differences and, if installed, PyTorch."""

import os
import re
import tracemalloc
from dataclasses import FrozenInstanceError
from importlib import import_module
from math import exp, tanh
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convviz.operations.convolution.correlate import convolve, correlate
from convviz.operations.layers.conv_layer import conv_layer
from convviz.operations.layers.conv_transpose import conv_transpose
from convviz.operations.learning.gradients import gradients
from convviz.operations.matrix.toeplitz import sum_tied, tied
from tests.strategies import layer_calls, window_calls

ACTIVATIONS = (None, "relu", "sigmoid", "tanh")
SLOPES = {
    None: lambda z: 1,
    "relu": lambda z: int(z > 0),
    "sigmoid": lambda z: exp(-abs(z)) / (1 + exp(-abs(z))) ** 2,
    "tanh": lambda z: 1 - tanh(z) ** 2,
}
PARTS = ("weight", "x", "bias")


@st.composite
def layer_runs(draw):
    """Draw a layer with small numbers, where activations are not flat, and what reaches its output from the loss."""
    call = draw(layer_calls(most=4))
    activation = draw(st.sampled_from(ACTIVATIONS))
    scale = 1 if activation in (None, "relu") else 1 / 64
    x = call.x * scale
    layer = conv_layer(x, call.weight, call.bias, activation=activation, **call.parameters)
    return layer, call, draw_upstream(draw, layer)


@st.composite
def window_runs(draw):
    trace, call = draw(window_calls())
    return trace, call, draw_upstream(draw, trace)


def draw_upstream(draw, trace):
    values = draw(st.none() | st.lists(st.integers(-9, 9), min_size=1, max_size=9) | st.lists(st.just(0.5), min_size=1))
    return None if values is None else np.resize(np.array(values), trace.output.shape)


def runs():
    return layer_runs() | window_runs()


def weights_of(trace):
    return trace.w if hasattr(trace, "w") else trace.weight


def assert_close(ours, theirs, size):
    np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-13 * size)


def size_of(trace, upstream):
    """Bound what a gradient can reach, so that rounding is measured against it."""
    largest = 1 if upstream is None else 1 + np.abs(upstream).max()
    parts = (trace.x, weights_of(trace))
    return largest * trace.output.size * (1 + max(np.abs(part.astype(float)).max() for part in parts))


@given(runs())
def test_equal_to_dull_loops(run):
    trace, call, upstream = run
    activation = getattr(trace, "activation", None)
    preactivation = getattr(trace, "preactivation", trace.output)
    given_upstream = np.ones(trace.output.shape, int) if upstream is None else upstream
    local = np.array([u * SLOPES[activation](z) for u, z in zip(given_upstream.flat, preactivation.flat, strict=True)])
    cells = sorted({cell for cell, _, _ in call.terms()})
    handed = dict(zip(cells, local, strict=True))
    x = trace.x.reshape(call.x.shape)
    weight_gradient, x_gradient = np.zeros(call.weight.shape), np.zeros(call.x.shape)
    for cell, at, met in call.terms():
        if met is not None:
            weight_gradient[at] += handed[cell] * x[met]
            x_gradient[met] += handed[cell] * call.weight[at]
    back, size = gradients(trace, upstream), size_of(trace, upstream)
    assert_close(back.weight, weight_gradient.reshape(weights_of(trace).shape), size)
    assert_close(back.x, x_gradient.reshape(trace.x.shape), size)
    assert_close(back.bias, [sum(v for c, v in handed.items() if c[0] == f) for f in range(len(call.weight))], size)
    assert_close(back.output, local.reshape(trace.output.shape), size)
    integers = all(part.dtype.kind == "i" for part in (trace.padded, trace.kernel, trace.output, given_upstream))
    for name in PARTS:
        assert getattr(back, name).dtype == (np.int64 if integers else np.float64)


@pytest.fixture(scope="module")
def torch():
    if os.environ.get("CONVVIZ_REQUIRE_TORCH") != "1":
        pytest.importorskip("torch", reason="PyTorch is not installed; CONVVIZ_REQUIRE_TORCH=1 insists on it")
    return import_module("torch")


@given(run=runs())
def test_equal_to_pytorchs_autograd(torch, run):
    trace, call, upstream = run
    parameters = call.parameters
    bias = np.zeros(len(call.weight)) if call.bias is None else call.bias
    arrays = trace.x.reshape(call.x.shape), call.weight, bias
    x, weight, bias = (torch.tensor(array.astype(float), requires_grad=True) for array in arrays)
    axes = x.ndim - 1
    mode = {"zeros": "constant"}.get(parameters["padding_mode"], parameters["padding_mode"])
    around = [cells for pair in reversed(parameters["padding"]) for cells in pair]
    if mode == "symmetric":  # PyTorch has no such mode
        numbers = np.pad(np.arange(call.x.size).reshape(call.x.shape), ((0, 0), *parameters["padding"]), mode)
        padded = x.reshape(-1)[torch.tensor(numbers)][None]
    else:
        padded = torch.nn.functional.pad(x[None], around, mode) if any(around) else x[None]
    applied = torch.flip(weight, tuple(range(2, 2 + axes))) if parameters["flip"] else weight
    function = getattr(torch.nn.functional, f"conv{axes}d")
    rest = {name: parameters[name] for name in ("stride", "dilation", "groups")}
    output = function(padded, applied, bias, **rest)[0]
    activation = getattr(trace, "activation", None)
    output = getattr(torch, activation)(output) if activation else output
    assert_close(trace.output.reshape(output.shape), output.detach().numpy(), size_of(trace, upstream))
    start = np.ones(output.shape) if upstream is None else upstream.reshape(output.shape).astype(float)
    output.backward(torch.tensor(start))
    back, size = gradients(trace, upstream), size_of(trace, upstream)
    for name, theirs in zip(PARTS, (weight, x, bias), strict=True):
        assert_close(getattr(back, name).ravel(), theirs.grad.numpy().ravel(), size)


@settings(max_examples=50)
@given(runs())
def test_the_steps_add_up(run):
    trace, call, upstream = run
    back, size = gradients(trace, upstream), size_of(trace, upstream)
    bare = hasattr(trace, "w")
    dtype = back.weight.dtype
    weight, padded, bias = (np.zeros(part.shape, dtype) for part in (back.weight, back.padded, back.bias))
    assert len(back) == trace.output.size
    for index, (step, forward) in enumerate(zip(back, trace, strict=True)):
        assert step.index == index == back.index_of(step.position)
        assert step.position == forward.position
        assert step.value == back.output[step.position] == step.upstream * step.slope
        assert step.upstream == back.upstream[step.position]
        assert step.window == forward.window
        np.testing.assert_array_equal(step.patch, forward.patch)
        np.testing.assert_array_equal(step.kernel, forward.kernel)
        filter_index = 0 if bare else step.position[0]
        weight[... if bare else filter_index] += step.weight_part
        padded[step.window] += step.x_part
        bias[filter_index] += step.value
        if index in (0, len(back) // 2, len(back) - 1):
            running = back.running(index)
            for ours, theirs in ((weight, running.weight), (padded, running.padded), (bias, running.bias)):
                assert_close(ours, theirs, size)
        assert step.describe().startswith(f"Output {list(step.position)} has gradient ")
    for ours, theirs in ((weight, back.weight), (padded, back.padded), (bias, back.bias)):
        assert_close(ours, theirs, size)
        if dtype == np.int64:
            assert ours.tolist() == theirs.tolist()
    for name in PARTS:
        np.testing.assert_array_equal(getattr(back.running(-1), name), getattr(back, name))
    if call.parameters["padding_mode"] == "zeros":
        np.testing.assert_array_equal(padded[(..., *trace.geometry.interior)].shape, back.x.shape)
        assert_close(padded[(..., *trace.geometry.interior)], back.x, size)


@settings(max_examples=50)
@given(runs())
def test_on_the_matrix_structural_zeros_get_nothing_and_tied_entries_add_up(run):
    trace, call, upstream = run
    back, which = gradients(trace, upstream), tied(trace)
    matrix = back.matrix()
    assert matrix.shape == which.shape
    assert not matrix[which == -1].any()
    outer = np.outer(back.output.ravel(), trace.x.ravel())
    np.testing.assert_array_equal(matrix[which != -1], outer[which != -1])
    assert_close(sum_tied(matrix, trace), back.weight, size_of(trace, upstream))
    if call.parameters["padding_mode"] == "zeros":
        sums = [matrix[which == number].sum() for number in range(call.weight.size)]
        assert_close(sums, back.weight.ravel(), size_of(trace, upstream))


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", np.sin])
@pytest.mark.parametrize("mode", ["zeros", "reflect", "replicate", "circular"])
def test_equal_to_finite_differences(activation, mode):
    random = np.random.default_rng(5)
    numbers = [random.normal(size=shape) for shape in ((4, 5, 6), (2, 2, 3, 2), (2,))]
    options = {"stride": (1, 2), "padding": 2, "padding_mode": mode, "groups": 2, "flip": True}
    trace = conv_layer(*numbers, **options, activation=activation)
    upstream = random.normal(size=trace.output.shape)
    back = gradients(trace, upstream, derivative=np.cos if callable(activation) else None)
    for number, found in enumerate((back.x, back.weight, back.bias)):
        at = tuple(random.integers(size) for size in found.shape)
        losses = []
        for nudge in (1e-5, -1e-5):
            nudged = [array.copy() for array in numbers]
            nudged[number][at] += nudge
            losses.append((conv_layer(*nudged, **options, activation=activation).output * upstream).sum())
        assert (losses[0] - losses[1]) / 2e-5 == pytest.approx(found[at], rel=1e-6, abs=1e-8)


def test_the_gradient_of_the_input_is_a_transposed_convolution():
    random = np.random.default_rng(6)
    weight = random.integers(-9, 9, (4, 2, 3, 3))
    trace = conv_layer(random.integers(-9, 9, (4, 7, 7)), weight, groups=2, stride=2, padding=1)
    upstream = random.integers(-9, 9, trace.output.shape)
    expected = conv_transpose(upstream, weight, groups=2, stride=2, padding=1).output
    np.testing.assert_array_equal(gradients(trace, upstream).x, expected)


def test_left_out_the_loss_is_the_sum_of_the_output():
    back = gradients(correlate([1, 2, 3, 4], [5, 6, 7]))
    assert back.weight.tolist() == [3, 5, 7]
    assert back.x.tolist() == [5, 11, 13, 7]
    assert back.bias.tolist() == [2]
    assert back.output.tolist() == back.upstream.tolist() == [1, 1]
    assert back.slope is None
    assert back.layer.output.tolist() == [38, 56]


def test_relu_has_slope_zero_at_zero():
    trace = conv_layer([[-1, 0, 1]], [[[1]]], activation="relu")
    back = gradients(trace)
    assert back.output.tolist() == [[0, 0, 1]]
    assert back.weight.dtype == back.output.dtype == np.int64
    assert back.x.tolist() == [[0, 0, 1]]


def test_cells_that_no_window_reads_get_nothing():
    trace = conv_layer([[1, 2, 3, 4, 5, 6]], [[[1, 1, 1]]], stride=2)
    assert gradients(trace).x[trace.unread].tolist() == [0]
    assert gradients(trace).x.tolist() == [[1, 1, 2, 1, 1, 0]]


def test_a_border_of_copies_hands_its_share_to_what_it_was_copied_from():
    trace = conv_layer([[1, 2, 3]], [[[5, 6, 7]]], padding=1, padding_mode="replicate")
    back = gradients(trace)
    assert back.padded.tolist() == [[5, 11, 18, 13, 7]]
    assert back.x.tolist() == [[16, 18, 20]]
    assert back.running(0).x.tolist() == [[11, 7, 0]]
    assert [step.x_part.tolist() for step in back] == [[[5, 6, 7]]] * 3


def test_an_activation_of_ones_own_needs_its_derivative():
    trace = conv_layer([[1, 2, 3]], [[[1.0]]], activation=np.square)
    back = gradients(trace, [[1, 1, 2]], derivative=lambda z: 2 * z)
    assert back.output.tolist() == [[2, 4, 12]]
    assert back.x.tolist() == [[2, 4, 12]]
    assert back.weight.tolist() == [[[1 * 2 + 2 * 4 + 3 * 12]]]


def test_integers_stay_exact_beyond_what_floats_hold():
    trace = correlate([2**53, 1, 3], [1, 1])
    back = gradients(trace, [1, 1])
    assert back.weight.tolist() == [2**53 + 1, 4]
    trace = correlate([2**62, 2**62, 2**62], [1, -1])
    back = gradients(trace, [2, -2])
    assert back.weight.tolist() == [0, 0]
    assert back[0].weight_part.tolist() == [2**63, 2**63]
    assert back.running(0).weight.tolist() == [2**63, 2**63]
    assert back[0].x_part.tolist() == [2, -2]
    trace = conv_layer([[1]], [[[1001]]], padding=1, padding_mode="circular")
    assert gradients(trace, [[6004799503161] * 3]).x.tolist() == [[3 * 1001 * 6004799503161]]


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        (
            gradients(correlate([1, 2, 3], [5, 6]), [2, 1])[0],
            "Output [0] has gradient 2: it adds 2 × the window (1, 2) = (2, 4) to ∂L/∂weight, "
            "2 × the kernel (5, 6) = (10, 12) to ∂L/∂x under the window, and 2 to ∂L/∂bias.",
        ),
        (
            gradients(convolve([1, 2, 3], [5, 6], "valid"))[1],
            "Output [1] has gradient 1: it adds 1 × the flipped window (3, 2) = (3, 2) to ∂L/∂weight, "
            "1 × the kernel (6, 5) = (6, 5) to ∂L/∂x under the window, and 1 to ∂L/∂bias.",
        ),
        (
            gradients(conv_layer([[1, -2]], [[[1]], [[3]]], activation="relu"), [[1, 1], [0.5, 1]])[2],
            "Output [1, 0] has gradient 0.5, times the activation's slope 1 is 0.5: it adds 0.5 × the window (1) = "
            "(0.5) to ∂L/∂weight of filter 1, 0.5 × the kernel (3) = (1.5) to ∂L/∂x under the window, "
            "and 0.5 to ∂L/∂bias of filter 1.",
        ),
        (
            gradients(conv_layer([[1, -2]], [[[1]], [[3]]], activation="relu"))[3],
            "Output [1, 1] has gradient 1, times the activation's slope 0 is 0: it adds nothing to any gradient.",
        ),
        (
            gradients(conv_layer(np.ones((3, 2, 2), int), np.ones((1, 3, 2, 2), int)))[0],
            "Output [0, 0, 0] has gradient 1: it adds 1 × the window to ∂L/∂weight of filter 0, "
            "1 × the kernel to ∂L/∂x under the window, and 1 to ∂L/∂bias of filter 0.",
        ),
    ],
)
def test_a_step_says_what_it_adds_to_which_gradient(step, sentence):
    assert step.describe() == sentence


def test_arrays_are_read_only_and_the_callers_stay_the_callers():
    upstream = np.array([[1.0, 2.0]])
    back = gradients(conv_layer([[1.0, 2.0]], [[[3.0]]], activation="tanh"), upstream)
    step, running = back[1], back.running(0)
    held = (back.output, back.weight, back.x, back.bias, back.padded, back.upstream, back.slope, back.matrix())
    for array in (*held, step.weight_part, step.x_part, running.weight, running.x, running.bias, running.padded):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 7
    upstream[...] = 7
    assert back[1] == step
    with pytest.raises(FrozenInstanceError):
        step.value = 3
    with pytest.raises(FrozenInstanceError):
        running.x = 3


def test_a_large_layer_takes_little_more_than_its_arrays():
    trace = conv_layer(np.ones((4, 128, 128)), np.ones((8, 4, 3, 3)), padding=1)
    tracemalloc.start()
    try:
        back = gradients(trace)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        back[60_000], back[-1]
        after = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 6 * (trace.padded.nbytes + trace.output.nbytes)
    assert after - before < 20_000


PLAIN, CURVED = correlate([1, 2, 3], [4, 5]), conv_layer([[1.0]], [[[1.0]]], activation=np.cos)
NUMBER: Any = 5


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: gradients(NUMBER),
            TypeError,
            "trace is 5 (int); accepted: a trace of conv_layer, correlate or convol",
        ),
        (
            lambda: gradients(PLAIN, [1, 2, 3]),
            ValueError,
            "upstream has shape (3,); accepted: (2,), that of the output",
        ),
        (lambda: gradients(PLAIN, [[1, 2]]), ValueError, "upstream has 2 dimensions (shape (1, 2)); accepted: 1"),
        (lambda: gradients(PLAIN, 1), ValueError, "upstream has 0 dimensions (shape ()); accepted: 1"),
        (lambda: gradients(PLAIN, ["a", "b"]), TypeError, "upstream holds text"),
        (lambda: gradients(PLAIN, [1.0, np.inf]), ValueError, "upstream[1] is inf; accepted: finite numbers"),
        (
            lambda: gradients(PLAIN, derivative=np.sin),
            ValueError,
            "derivative is <ufunc 'sin'>, but the activation is None, whose derivative is known; accepted: None",
        ),
        (
            lambda: gradients(CURVED),
            ValueError,
            "derivative is None, but the activation is a callable; accepted: a callable that takes the preactivation",
        ),
        (
            lambda: gradients(CURVED, derivative=NUMBER),
            ValueError,
            "derivative is 5, but the activation is a callable; accepted: a callable that takes the preactivation",
        ),
        (
            lambda: gradients(CURVED, derivative=lambda z: z[0]),
            ValueError,
            "derivative's result has 1 dimensions (shape (1,)); accepted: 2",
        ),
        (
            lambda: gradients(CURVED, derivative=lambda z: [[1, 2]]),
            ValueError,
            "derivative's result has shape (1, 2); accepted: (1, 1), the preactivation's",
        ),
        (
            lambda: gradients(CURVED, derivative=lambda z: z * np.nan),
            ValueError,
            "derivative's result[0, 0] is nan; accepted: finite numbers",
        ),
        (
            lambda: gradients(correlate([2**62, 0], [1]), [2, 1]),
            ValueError,
            "the layer's numbers and upstream are too large: the gradient of w at [0] would be 92233720368547758",
        ),
        (
            lambda: gradients(correlate([1, 1], [2**61]), [4, 1]),
            ValueError,
            "the layer's numbers and upstream are too large: the gradient of x at [0] would be 9223372036854775808, wh",
        ),
        (
            lambda: gradients(correlate([0, 0], [0]), [2**62, 2**62]),
            ValueError,
            "the layer's numbers and upstream are too large: the gradient of bias at [0] would be 9223372036854775808",
        ),
        (
            lambda: gradients(correlate([1e300], [1.0]), [1e300]),
            ValueError,
            "the layer's numbers and upstream are too large: their products, or sums of these, do not fit float64",
        ),
        (
            lambda: gradients(correlate([2**62, 2**62], [0]), [2, -2]).matrix(),
            ValueError,
            "the layer's numbers and upstream are too large: the matrix' gradient at [0, 0] would be 922337203685477",
        ),
        (
            lambda: gradients(PLAIN).matrix(max_bytes=8),
            ValueError,
            "max_bytes is 8, but the matrix of 2×3 entries needs ",
        ),
    ],
)
def test_each_fault_is_named(call, error, message):
    with pytest.raises(error, match=re.escape(message)):
        call()


def test_a_border_of_a_number_belongs_to_the_weights_gradient_alone():
    trace = conv_layer([[1, 2]], [[[3, 4]]], padding=1, padding_mode=5)
    back = gradients(trace)
    assert back.weight.tolist() == [[[5 + 1 + 2, 1 + 2 + 5]]]
    assert back.x.tolist() == [[7, 7]]


def test_errors_name_the_arrays_as_the_operation_does():
    bare, layer = correlate([2**40, 0], [2**20, 0]), conv_layer([[2**40, 0]], [[[2**20, 0]]])
    with pytest.raises(ValueError, match=r"the gradient of w at \[0\] would be"):
        gradients(bare, [2**40])
    with pytest.raises(ValueError, match=r"the gradient of weight at \[0, 0, 0\] would be"):
        gradients(layer, [[2**40]])
