"""A scale and a shift for each channel, against dull loops; and their folding into the layer before."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz.operations.convolution.correlate import correlate
from convviz.operations.layers.conv_layer import conv_layer
from convviz.operations.layers.conv_transpose import conv_transpose
from convviz.operations.layers.dense import dense
from convviz.operations.layers.dense_rows import dense_rows
from convviz.operations.layers.folding import fold_scale
from convviz.operations.layers.scale_shift import scale_shift
from tests import reference
from tests.operations.layers.test_conv_transpose import stamping
from tests.operations.layers.test_dense import calls as dense_calls
from tests.strategies import filled, layer_calls

INT64 = np.iinfo(np.int64)


@st.composite
def calls(draw):
    """Draw x, scale and shift."""
    shape = tuple(draw(st.lists(st.integers(1, 3), min_size=1, max_size=4)))
    shift = filled(draw, shape[:1]) if draw(st.booleans()) else None
    return filled(draw, shape), filled(draw, shape[:1]), shift


@given(calls())
def test_equal_to_dull_loops(call):
    x, scale, shift = call
    added = np.zeros(len(x), int) if shift is None else shift
    trace = scale_shift(x, scale, shift)
    floats = "f" in x.dtype.kind + scale.dtype.kind + added.dtype.kind
    assert trace.output.dtype == (np.float64 if floats else np.int64)
    assert (trace.output.shape, len(trace)) == (x.shape, x.size)
    for index, step in enumerate(trace):
        at = step.position
        expected = reference.exactly(x[at]) * reference.exactly(scale[at[0]]) + reference.exactly(added[at[0]])
        assert (step.index, trace.index_of(at)) == (index, index)
        assert step.value == trace.output[at] == pytest.approx(float(expected), rel=1e-14, abs=1e-12)
        assert (step.number, step.scale, step.shift) == (x[at], scale[at[0]], added[at[0]])
        assert floats or step.value == expected


@given(calls())
def test_equal_to_a_depthwise_convolution(call):
    x, scale, shift = call
    if x.ndim > 1:
        layer = conv_layer(x, scale.reshape(-1, *(1,) * x.ndim), shift, groups=len(x))
        trace = scale_shift(x, scale, shift)
        np.testing.assert_array_equal(trace.output, layer.output)
        assert trace.geometry == layer.geometry


def test_integers_are_exact_or_refused():
    assert scale_shift([INT64.max], [2], [INT64.min + 1]).output.tolist() == [INT64.max]
    with pytest.raises(
        ValueError, match=r"the output at \[1, 0\] would be 9223372036854775808, which does not fit int"
    ):
        scale_shift([[1], [INT64.max]], [1, 1], [0, 1])


@pytest.mark.parametrize(
    ("arguments", "index", "sentence"),
    [
        (([[3, -4]], [-2], [1]), 1, "Output [0, 1] = (-4)×(-2) + 1 = 9."),
        (([3], [0.5]), 0, "Output [0] = 3×0.5 = 1.5."),
        (([1.0], [2**0.5], [-1]), 0, "Output [0] = 1×1.4142 + (-1) ≈ 0.4142."),
    ],
)
def test_a_step_says_how_its_value_comes_to_be(arguments, index, sentence):
    assert scale_shift(*arguments)[index].describe() == sentence


def test_arrays_are_read_only_and_the_callers_stay_the_callers():
    x, scale, shift = np.ones((2, 2)), np.ones(2), np.ones(2)
    trace = scale_shift(x, scale, shift)
    for array in (trace.output, trace.x, trace.scale, trace.shift):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 7
    for array in (x, scale, shift):
        array[...] = 7
    assert trace[3].describe() == "Output [1, 1] = 1×1 + 1 = 2."


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"x": 5}, ValueError, "x has 0 dimensions (shape ()); accepted: 1 or 2 or 3 or 4"),
        ({"scale": 2}, ValueError, "scale has 0 dimensions (shape ()); accepted: 1"),
        (
            {"scale": [1, 2, 3]},
            ValueError,
            "scale has 3 numbers, but x has 2 channels (shape (2, 1)); accepted: one nu",
        ),
        (
            {"shift": [1]},
            ValueError,
            "shift has 1 numbers, but x has 2 channels (shape (2, 1)); accepted: one number f",
        ),
        ({"shift": ["a", "b"]}, TypeError, "shift holds text"),
        ({"x": [[1e308], [1]], "scale": [10, 1]}, ValueError, "do not fit float64"),
    ],
)
def test_each_fault_is_named(change, error, message):
    with pytest.raises(error, match=re.escape(message)):
        scale_shift(**{"x": [[1], [2]], "scale": [1, 2], **change})


# --- folding


def assert_folded(layer, scale, shift):
    """Compare a layer with its scale folded in with the two of them."""
    following = scale_shift(layer.output, scale, shift)
    folded = fold_scale(layer, following)
    assert type(folded) is type(layer)
    assert folded.output.shape == following.output.shape
    size = float(np.abs(layer.weight).sum()) * max(1, float(np.abs(layer.x).max()))
    size = (size + np.abs(layer.bias).max()) * max(1, np.abs(scale).max()) + np.abs(shift).max()
    np.testing.assert_allclose(folded.output, following.output, rtol=0, atol=1e-13 * size)
    if folded.output.dtype == np.int64:
        assert folded.output.tolist() == following.output.tolist()
    return folded


@given(layer_calls(), st.data())
def test_a_scale_is_folded_into_a_convolution(call, data):
    layer = conv_layer(call.x, call.weight, call.bias, **call.parameters)
    scale, shift = (filled(data.draw, (len(call.weight),)) for _ in "ab")
    folded = assert_folded(layer, scale, shift)
    following = scale_shift(layer.output, scale, shift)
    assert [step.position for step in folded] == [step.position for step in following]
    assert (folded.geometry, folded.padding_mode, folded.flip) == (layer.geometry, layer.padding_mode, layer.flip)


@given(stamping(), st.data())
def test_a_scale_is_folded_into_a_transposed_convolution(case, data):
    x, weight, bias, parameters = case
    layer = conv_transpose(x, weight, bias, **parameters)
    folded = assert_folded(layer, *(filled(data.draw, (len(layer.output),)) for _ in "ab"))
    assert (folded.crop, folded.full.shape) == (layer.crop, layer.full.shape)


@given(dense_calls(), st.data())
def test_a_scale_is_folded_into_a_dense_layer(call, data):
    layer = dense(*call)
    assert_folded(layer, *(filled(data.draw, (len(layer.output),)) for _ in "ab"))


LAYER = conv_layer([[1, 2]], [[[1]]])
FOLLOWING = scale_shift(LAYER.output, [2])


@pytest.mark.parametrize(
    ("layer", "following", "error", "message"),
    [
        (
            correlate([1], [1]),
            FOLLOWING,
            TypeError,
            "layer is a WindowTrace; accepted: a trace of conv_layer, conv_tra",
        ),
        (
            dense_rows([[1]], [[1]]),
            FOLLOWING,
            TypeError,
            "layer is a DenseRowsTrace; accepted: a trace of conv_layer, ",
        ),
        (LAYER, LAYER, TypeError, "following is a LayerTrace; accepted: a trace of scale_shift"),
        (
            conv_layer([[1, 2]], [[[1]]], activation="relu"),
            FOLLOWING,
            ValueError,
            "layer has the activation 'relu', which comes before the scale; accepted: a layer without an activation",
        ),
        (
            LAYER,
            scale_shift([[1, 3]], [2]),
            ValueError,
            "following.x (shape (1, 2)) is not layer.output (shape (1, 2)); accepted: a scale and shift of the layer's",
        ),
    ],
)
def test_what_cannot_be_folded_is_named(layer, following, error, message):
    with pytest.raises(error, match=re.escape(message)):
        fold_scale(layer, following)
