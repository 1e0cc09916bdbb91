import ast
import importlib.util
import os
from itertools import groupby

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from convviz import conv_layer, convolve, correlate, outer_product
from convviz.lessons.notes import library_calls, library_calls_html
from convviz.lessons.notes.numbers_in_code import numbers_in_code
from tests.lessons.notes.page import Page
from tests.strategies import layer_calls, window_calls

NO_TORCH = importlib.util.find_spec("torch") is None and os.environ.get("CONVVIZ_REQUIRE_TORCH") != "1"
needs_torch = pytest.mark.skipif(NO_TORCH, reason="PyTorch is not installed; CONVVIZ_REQUIRE_TORCH=1 insists on it")

ACTIVATIONS = st.sampled_from([None, "relu", "sigmoid", "tanh"])
PLAIN = np.arange(18).reshape(2, 3, 3)
POINTWISE = conv_layer(PLAIN, [[[[3]], [[4]]]], activation="relu")


@st.composite
def layers(draw):
    """Draw a layer of any kind; every other one has kernels of a single cell."""
    call, activation = draw(layer_calls()), draw(ACTIVATIONS)
    if draw(st.booleans()):
        if draw(st.booleans()) and draw(st.booleans()):
            call.parameters["padding_mode"] = draw(st.sampled_from([3, -0.5]))
        return conv_layer(call.x, call.weight, call.bias, **call.parameters, activation=activation)
    single = call.weight[(..., *[slice(1)] * (call.weight.ndim - 2))]
    groups, stride = call.parameters["groups"], draw(st.sampled_from([1, 1, 2]))
    return conv_layer(call.x, single, call.bias, groups=groups, stride=stride, activation=activation)


TRACES = layers() | window_calls().map(lambda call: call[0])


def arrays_of(trace):
    """List the numbers that a trace is made of, by their names in the code."""
    if hasattr(trace, "weight"):
        return {"x": trace.x, "w": trace.weight, "b": trace.bias}
    return {"x": trace.x, "w": trace.w}


def run(trace, call):
    names = {"trace": trace}
    exec(f"{numbers_in_code(trace)}\n{call.code}", names)
    return np.asarray(names["result"])


def call_of(trace, library):
    [call] = [call for call in library_calls(trace) if call.library == library]
    return call


def assert_same(trace, result):
    assert result.shape == trace.output.shape
    if trace.output.dtype.kind == "i":
        np.testing.assert_array_equal(result, trace.output)
    else:
        x, weights, *bias = (np.abs(array).sum() for array in arrays_of(trace).values())
        np.testing.assert_allclose(result, trace.output, rtol=1e-14, atol=1e-14 * (1 + x * weights + sum(bias)))


@given(TRACES)
def test_numpy_and_scipy_compute_what_is_on_the_screen(trace):
    calls = [call for call in library_calls(trace) if call.library != "PyTorch"]
    assert [call.library for call in calls] == ["NumPy", "SciPy"]
    for call in calls:
        assert_same(trace, run(trace, call))


@needs_torch
@given(TRACES)
def test_torch_computes_what_is_on_the_screen(trace):
    calls = library_calls(trace)[2:]
    assert {call.library for call in calls} == {"PyTorch"}
    for call in calls:
        assert_same(trace, run(trace, call))


@given(TRACES)
def test_numbers_are_written_exactly(trace):
    names = {"trace": trace}
    exec(numbers_in_code(trace), names)
    for name, expected in arrays_of(trace).items():
        assert names[name].dtype == expected.dtype
        assert names[name].shape == expected.shape
        assert names[name].tobytes() == expected.tobytes()


@given(TRACES)
def test_the_code_is_short_and_defines_nothing(trace):
    for call in library_calls(trace):
        assert len(call.code.splitlines()) <= 14
        assert max(map(len, call.code.splitlines())) <= 100
        assert not [node for node in ast.walk(ast.parse(call.code)) if isinstance(node, ast.FunctionDef | ast.Lambda)]


@given(TRACES)
def test_kernels_are_flipped_once_where_they_should_be_and_the_text_says_who_does_it(trace):
    should = trace.flip and np.prod(trace.geometry.kernel_shape) > 1
    for call in library_calls(trace):
        by_hand = "::-1" in call.code or "torch.flip" in call.code
        assert by_hand == ("The code flips" in call.text)
        if call.function.endswith(".convolve"):
            assert trace.flip
            assert not by_hand
            assert "It flips the kernel" in call.text
        elif not call.function.endswith(".linear"):
            assert by_hand == should


@pytest.mark.parametrize(
    ("trace", "functions"),
    [
        (correlate([1, 2], [3]), "numpy.correlate scipy.signal.correlate torch.nn.functional.conv1d"),
        (convolve([1, 2], [3, 4]), "numpy.convolve scipy.signal.convolve torch.nn.functional.conv1d"),
        (convolve(PLAIN[0], [[1, 2]]), "numpy.einsum scipy.signal.convolve torch.nn.functional.conv2d"),
        (conv_layer([[1, 2]], [[[1, 2]]]), "numpy.einsum scipy.signal.correlate torch.nn.functional.conv1d"),
        (conv_layer(PLAIN[None], PLAIN[None, None]), "numpy.einsum scipy.signal.correlate torch.nn.functional.conv3d"),
        (POINTWISE, "numpy.einsum scipy.signal.correlate torch.nn.functional.conv2d torch.nn.functional.linear"),
        (
            conv_layer(PLAIN, [[[[3]], [[4]]]], stride=2),
            "numpy.einsum scipy.signal.correlate torch.nn.functional.conv2d",
        ),
    ],
)
def test_every_library_appears(trace, functions):
    assert [call.function for call in library_calls(trace)] == functions.split()


def test_a_1x1_layer_is_a_weighted_sum_at_each_pixel():
    assert call_of(POINTWISE, "NumPy").code.splitlines() == [
        'result = np.einsum("fc,cij->fij", w[:, :, 0, 0], x) + b[:, None, None]',
        "result = np.maximum(result, 0)",
    ]


def test_where_numpy_s_own_same_is_too_long_the_code_pads():
    call = call_of(convolve([1, 2], [3, 4, 5], "same"), "NumPy")
    assert "as long as the kernel" in call.text
    assert 'np.convolve(padded, w, mode="valid")' in call.code


@pytest.mark.parametrize(
    "trace",
    [
        convolve([-(2**62), 2**53 + 1, 0], [1, -1, 1], "full"),
        conv_layer([[2**53 + 1, 1, -(2**60)], [0, 1, 2]], [[[1, 1], [1, 0]]], [1]),
    ],
)
def test_integers_too_wide_for_floats_stay_exact(trace):
    for library in ("NumPy", "SciPy"):
        assert run(trace, call_of(trace, library)).tolist() == trace.output.tolist()


@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
def test_an_activation_at_its_ends_does_not_overflow(activation):
    trace = conv_layer([[-1000, -50, 0, 50, 1000]], [[[1]]], activation=activation)
    assert_same(trace, run(trace, call_of(trace, "NumPy")))


@pytest.mark.parametrize(
    ("trace", "line"),
    [
        (correlate(np.arange(400).reshape(20, 20), [[1, 2], [3, 4]], "same"), "x, w = trace.x, trace.w  # too many"),
        (
            conv_layer(np.arange(108).reshape(3, 6, 6), np.ones((8, 3, 3, 3), int)),
            "x, w, b = trace.x, trace.weight, trace.bias  # too many",
        ),
    ],
)
def test_large_arrays_are_taken_from_the_trace(trace, line):
    assert line in numbers_in_code(trace)
    assert len(numbers_in_code(trace)) < 120
    assert_same(trace, run(trace, call_of(trace, "SciPy")))


def test_small_arrays_are_nested_as_they_are_read():
    picture = [[0.125, 10.5, -3.25, 0.0625, 1234.5]] * 5
    trace = conv_layer([picture], [[[[1, 0], [0, -1]]], [[[1, 1], [1, 1]]]], [5, -6])
    assert numbers_in_code(trace).splitlines() == [
        "import numpy as np",
        "x = np.array([",
        "    [",
        *["        [ 0.125,   10.5,  -3.25, 0.0625, 1234.5],"] * 5,
        "    ],",
        "])",
        "w = np.array([",
        "    [[[ 1,  0], [ 0, -1]]],",
        "    [[[ 1,  1], [ 1,  1]]],",
        "])",
        "b = np.array([5, -6])",
    ]


def test_what_cannot_be_written_is_refused():
    with pytest.raises(ValueError, match=r"activation <ufunc 'square'>; accepted: None, 'relu', 'sigmoid', 'tanh'"):
        library_calls(conv_layer(PLAIN, PLAIN[None], activation=np.square))
    with pytest.raises(TypeError, match=r"accepted: a trace of conv_layer, correlate or convolve"):
        library_calls(outer_product([1, 2], [3, 4]))


@pytest.mark.parametrize("trace", [POINTWISE, correlate([[1.5, -2.0]], [[1, 2]], "full")])
def test_the_page_shows_every_call_as_it_is(trace):
    page, calls = Page(library_calls_html(trace)), library_calls(trace)
    assert [code.rstrip("\n") for code in page.codes] == [numbers_in_code(trace), *(call.code for call in calls)]
    assert all(call.text.replace("`", "") in page.text for call in calls)
    expected = ["The same in code: NumPy, SciPy, PyTorch"]
    for library, its_calls in groupby(calls, lambda call: call.library):
        expected += [library, *(call.function for call in its_calls)]
    assert page.headings == expected


def test_two_operations_stand_one_under_the_other_in_each_library():
    page = Page(library_calls_html(correlate([1, 2, 3], [1, 2]), convolve([1, 2, 3], [1, 2], "valid")))
    assert page.headings[1:4] == ["NumPy", "Cross-correlation: numpy.correlate", "Convolution: numpy.convolve"]
    assert page.headings[4] == "SciPy"
    assert len(page.codes) == 7


def test_one_page_is_about_one_input_and_one_kernel():
    with pytest.raises(ValueError, match="another input or kernel"):
        library_calls_html(convolve([1, 2], [1]), convolve([1, 3], [1]))
