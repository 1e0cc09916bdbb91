"""Windows as columns, and back: against dull loops and, where it is installed, PyTorch."""

import os
import re
from importlib import import_module

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convviz.operations.convolution.correlate import convolve, correlate
from convviz.operations.layers.conv_layer import conv_layer
from convviz.operations.matrix.im2col import col2im, im2col
from tests.strategies import layer_calls, window_calls


@st.composite
def layer_runs(draw, /, **restrictions):
    """Draw a trace, and the same as the arguments of a layer."""
    call = draw(layer_calls(**restrictions))
    return conv_layer(call.x, call.weight, call.bias, **call.parameters), call


def runs():
    """Draw a trace of any operation that has windows, and the same as the arguments of a layer."""
    return layer_runs() | window_calls()


@pytest.fixture(scope="module")
def torch():
    if os.environ.get("CONVVIZ_REQUIRE_TORCH") != "1":
        pytest.importorskip("torch", reason="PyTorch is not installed; CONVVIZ_REQUIRE_TORCH=1 insists on it")
    return import_module("torch")


def whole(values, call):
    """Draw whole numbers for every entry of the columns: a few, spread over them."""
    shape = (len(call.x) * int(np.prod(call.weight.shape[2:])), len({tuple(cell[1:]) for cell, _, _ in call.terms()}))
    return np.resize(np.array(values), shape)


@given(runs())
def test_each_window_is_a_column_in_the_order_of_the_weights(run):
    """Every product of the layer stands in its row, opposite its weight, and in the column of its window."""
    trace, call = run
    columns = im2col(trace)
    windows = sorted({tuple(cell[1:]) for cell, _, _ in call.terms()})
    assert columns.shape == (len(call.x) * np.prod(call.weight.shape[2:]), len(windows))
    assert columns.dtype == trace.padded.dtype
    of_window = {window: number for number, window in enumerate(windows)}
    each = len(call.weight) // call.parameters["groups"]
    for (filter_index, *window), (_, channel, *offset), met in call.terms():
        first = filter_index // each * call.weight.shape[1]
        row = np.ravel_multi_index((first + channel, *offset), (len(call.x), *call.weight.shape[2:]))
        assert columns[row, of_window[tuple(window)]] == (0 if met is None else call.x[met])


@given(runs())
def test_the_layer_is_one_matrix_product(run):
    trace, call = run
    groups = call.parameters["groups"]
    weights = np.split(call.weight.reshape(len(call.weight), -1).astype(trace.padded.dtype), groups)
    sums = np.concatenate([w @ part for w, part in zip(weights, np.split(im2col(trace), groups), strict=True)])
    if call.bias is not None:
        sums = sums + call.bias[:, None]
    expected = getattr(trace, "preactivation", trace.output).reshape(sums.shape)
    atol = 0 if expected.dtype == np.int64 else 1e-12 * (1 + np.abs(call.x.astype(float)).max() * 999)
    np.testing.assert_allclose(sums, expected, rtol=0, atol=atol)


def to_torch(torch, array):
    return torch.tensor(array.astype(float))[None]


@given(run=layer_runs(most_axes=2, flips=st.just(False)))
def test_equal_to_pytorchs_unfold_and_fold(torch, run):
    trace, call = run
    # PyTorch unfolds pictures alone: one dimension is a picture of one row.
    lift = (slice(None), None) if call.x.ndim == 2 else (slice(None),)
    ones, nothing = ((1,), (0,)) if call.x.ndim == 2 else ((), ())
    sizes = {
        "kernel_size": ones + call.weight.shape[2:],
        "stride": ones + call.parameters["stride"],
        "dilation": ones + call.parameters["dilation"],
    }
    padded = to_torch(torch, trace.padded[lift])
    columns = torch.nn.functional.unfold(padded, **sizes)[0].numpy()
    np.testing.assert_array_equal(im2col(trace), columns)
    if call.parameters["padding_mode"] == "zeros" and all(
        before == after for before, after in call.parameters["padding"]
    ):
        padding = nothing + tuple(before for before, _ in call.parameters["padding"])
        columns = torch.nn.functional.unfold(to_torch(torch, call.x[lift]), padding=padding, **sizes)
        np.testing.assert_array_equal(im2col(trace), columns[0].numpy())
        output_size = ones + call.x.shape[1:]
        back = torch.nn.functional.fold(columns, output_size=output_size, padding=padding, **sizes)[0].numpy()
        np.testing.assert_allclose(col2im(im2col(trace), trace), back.reshape(call.x.shape), rtol=1e-12, atol=1e-12)


@settings(max_examples=50)
@given(runs(), st.lists(st.integers(-99, 99), min_size=1, max_size=7))
def test_col2im_is_the_adjoint(run, values):
    trace, call = run
    other = whole(values, call)
    back = col2im(other, trace)
    assert back.shape == trace.x.shape
    assert back.dtype == np.int64
    np.testing.assert_allclose((other * im2col(trace)).sum(), (back * trace.x).sum(), rtol=1e-12, atol=1e-6)


@settings(max_examples=50)
@given(runs(), st.lists(st.integers(-99, 99), min_size=1, max_size=7))
def test_col2im_is_what_dull_loops_make_it(run, values):
    trace, call = run
    other = whole(values, call)
    windows = sorted({tuple(cell[1:]) for cell, _, _ in call.terms()})
    each = len(call.weight) // call.parameters["groups"]
    expected = np.zeros(call.x.shape, int)
    for (filter_index, *window), (_, channel, *offset), met in call.terms():
        if met is not None and filter_index % each == 0:
            first = filter_index // each * call.weight.shape[1]
            row = np.ravel_multi_index((first + channel, *offset), (len(call.x), *call.weight.shape[2:]))
            expected[met] += other[row, windows.index(tuple(window))]
    assert col2im(other, trace).tolist() == expected.reshape(trace.x.shape).tolist()


def test_a_flipped_kernel_meets_its_window_from_the_end():
    assert im2col(correlate([1, 2, 3, 4], [5, 6, 7])).tolist() == [[1, 2], [2, 3], [3, 4]]
    assert im2col(convolve([1, 2, 3, 4], [5, 6, 7], "valid")).tolist() == [[3, 4], [2, 3], [1, 2]]


def test_a_border_of_copies_is_added_to_what_it_was_copied_from():
    trace = conv_layer([[1, 2, 3]], [[[5, 6, 7]]], padding=1, padding_mode="circular")
    assert im2col(trace).tolist() == [[3, 1, 2], [1, 2, 3], [2, 3, 1]]
    assert col2im([[1, 0, 0], [0, 0, 0], [0, 0, 10]], trace).tolist() == [[10, 0, 1]]
    trace = conv_layer([[1, 2, 3]], [[[5, 6, 7]]], padding=1)
    assert col2im([[1, 0, 0], [0, 0, 0], [0, 0, 10]], trace).tolist() == [[0, 0, 0]]


def test_arrays_are_read_only():
    trace = correlate([1, 2, 3], [4, 5])
    for array in (im2col(trace), col2im([[1, 2], [3, 4]], trace), col2im([[1.5, 2], [3, 4]], trace)):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 7


def test_sums_stay_exact_beyond_what_floats_hold():
    trace = correlate([1, 2, 3], [4, 5])
    assert col2im([[0, 2**53], [1, 0]], trace).tolist() == [0, 2**53 + 1, 0]
    assert col2im([[0, 2**62], [2**62 - 1, 0]], trace).tolist() == [0, 2**63 - 1, 0]
    copies = conv_layer([[1]], [[[1]]], padding=1, padding_mode="circular")
    assert col2im([[2**53 - 2**25 + 1] * 3], copies).tolist() == [[3 * (2**53 - 2**25 + 1)]]


TRACE = correlate([1, 2, 3, 4], [5, 6, 7])


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: im2col([[1]]),
            TypeError,
            "trace is [[1]] (list); accepted: a trace of conv_layer, correlate or convol",
        ),
        (lambda: im2col(TRACE[0]), TypeError, "(WindowStep); accepted: a trace of conv_layer, correlate or convolve"),
        (lambda: col2im([[1]], "trace"), TypeError, "trace is 'trace' (str); accepted: a trace of conv_layer"),
        (
            lambda: col2im([[1, 2]], TRACE),
            ValueError,
            "columns has shape (1, 2); accepted: (3, 2), the shape of im2col's result",
        ),
        (lambda: col2im([1, 2], TRACE), ValueError, "columns has 1 dimensions (shape (2,)); accepted: 2"),
        (lambda: col2im([[1, np.nan]] * 3, TRACE), ValueError, "columns[0, 1] is nan; accepted: finite numbers"),
        (
            lambda: col2im(np.full((3, 2), 2**62), TRACE),
            ValueError,
            "columns are too large: the sum at [1] would be 9223372036854775808, which does not fit int64; accepted: ",
        ),
        (lambda: col2im(np.full((3, 2), 1e308), TRACE), ValueError, "columns are too large: their products, or sums"),
    ],
)
def test_each_fault_is_named(call, error, message):
    with pytest.raises(error, match=re.escape(message)):
        call()
