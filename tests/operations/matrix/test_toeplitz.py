"""The matrix of a sliding kernel: what stands where in it, and what it makes of the input."""

import builtins
import re
import tracemalloc
from typing import Any

import numpy as np
import pytest
import scipy.linalg
import scipy.sparse
from hypothesis import given
from hypothesis import strategies as st

from convviz.operations.convolution.correlate import convolve, correlate
from convviz.operations.layers.conv_layer import conv_layer
from convviz.operations.layers.conv_transpose import conv_transpose
from convviz.operations.matrix.toeplitz import sum_tied, tied, toeplitz
from tests.strategies import layer_calls, window_calls


@st.composite
def runs(draw):
    """Draw a trace that has a matrix, and the same as the arguments of a layer."""
    if draw(st.booleans()):
        return draw(window_calls())
    call = draw(layer_calls())
    return conv_layer(call.x, call.weight, call.bias, **call.parameters), call


def dull(call, shape):
    """Put every weight where it meets an input cell, and list which ones meet in each entry."""
    matrix, standing = np.zeros(shape), {}
    cells = sorted({cell for cell, _, _ in call.terms()})
    rows = {cell: row for row, cell in enumerate(cells)}
    for cell, at, met in call.terms():
        if met is not None:
            entry = rows[cell], int(np.ravel_multi_index(met, call.x.shape))
            matrix[entry] += float(call.weight[at])
            standing.setdefault(entry, []).append(int(np.ravel_multi_index(at, call.weight.shape)))
    return matrix, standing


@given(runs())
def test_the_matrix_is_what_dull_loops_make_it(run):
    trace, call = run
    matrix = toeplitz(trace)
    assert matrix.shape == (trace.output.size, trace.x.size)
    expected, standing = dull(call, matrix.shape)
    np.testing.assert_allclose(matrix, expected, rtol=1e-14, atol=0)
    which = tied(trace)
    assert which.shape == matrix.shape
    assert which.dtype == np.int64
    for entry, number in np.ndenumerate(which):
        weights = standing.get(entry, [])
        assert number == (weights[0] if len(weights) == 1 else -2 if weights else -1)
    if call.parameters["padding_mode"] == "zeros":
        assert which.min() >= -1


@given(runs())
def test_it_does_to_the_input_what_the_layer_does(run):
    trace, call = run
    sums = toeplitz(trace) @ trace.x.ravel()
    if call.bias is not None:
        sums = sums + np.repeat(trace.bias, trace.output[0].size)
    expected = getattr(trace, "preactivation", trace.output).ravel()
    if expected.dtype == np.int64:
        assert sums.dtype == np.int64
        assert sums.tolist() == expected.tolist()
    else:
        np.testing.assert_allclose(sums, expected, rtol=1e-12, atol=1e-12 * np.abs(call.x.astype(float)).max() * 999)


@given(runs())
def test_the_sparse_one_is_the_same(run):
    trace, _ = run
    matrix, which = toeplitz(trace, sparse=True), tied(trace)
    assert isinstance(matrix, scipy.sparse.csr_array)
    assert matrix.dtype == toeplitz(trace).dtype
    np.testing.assert_array_equal(matrix.toarray(), toeplitz(trace))
    assert matrix.nnz == (which != -1).sum()
    np.testing.assert_allclose(matrix @ trace.x.ravel(), toeplitz(trace) @ trace.x.ravel(), rtol=1e-12, atol=1e-9)


@given(runs(), st.randoms(use_true_random=False))
def test_sums_over_tied_entries_are_the_adjoint(run, random):
    """The inner product of two matrices, one of which is the kernel's, is that of the weights and the sums."""
    trace, call = run
    matrix = toeplitz(trace)
    other = np.array([[random.randint(-99, 99) for _ in row] for row in matrix])
    sums = sum_tied(other, trace)
    weight = getattr(trace, "weight", getattr(trace, "w", None))
    assert sums.shape == weight.shape
    assert sums.dtype == np.int64
    np.testing.assert_allclose((sums * weight).sum(), (other * matrix).sum(), rtol=1e-12, atol=1e-8)
    if call.parameters["padding_mode"] == "zeros":
        which = tied(trace)
        assert sums.ravel().tolist() == [other[which == number].sum() for number in range(weight.size)]


@pytest.mark.parametrize("mode", ["full", "same", "valid"])
def test_equal_to_scipys_in_one_dimension(mode):
    w = np.array([2, -3, 5, 7])
    expected = scipy.linalg.convolution_matrix(w, 6, mode)
    if mode != "same":  # SciPy cuts the other end off an even kernel
        np.testing.assert_array_equal(toeplitz(convolve(np.arange(6), w, mode)), expected)
    np.testing.assert_array_equal(
        toeplitz(convolve(np.arange(6), w[:3], mode)), scipy.linalg.convolution_matrix(w[:3], 6, mode)
    )


def test_the_transposed_matrix_is_a_transposed_convolution():
    random = np.random.default_rng(3)
    weight = random.integers(-9, 9, (4, 1, 3, 2))
    layer = conv_layer(random.integers(-9, 9, (2, 7, 6)), weight, stride=2, padding=1, groups=2, dilation=(1, 2))
    y = random.integers(-9, 9, layer.output.shape)
    back = conv_transpose(y, weight, stride=2, padding=1, groups=2, dilation=(1, 2), output_padding=(0, 1))
    assert back.output.shape == layer.x.shape
    np.testing.assert_array_equal(toeplitz(layer).T @ y.ravel(), back.output.ravel())


def test_a_border_of_copies_lets_weights_add_up():
    trace = conv_layer([[1, 2, 3]], [[[5, 6, 7]]], padding=1, padding_mode="replicate")
    assert toeplitz(trace).tolist() == [[11, 7, 0], [5, 6, 7], [0, 5, 13]]
    assert tied(trace).tolist() == [[-2, 2, -1], [0, 1, 2], [-1, 0, -2]]
    assert sum_tied([[1, 10, 99], [20, 2, 30], [99, 40, 3]], trace).tolist() == [[[61, 6, 43]]]


def test_a_flipped_kernel_keeps_the_numbers_of_the_weights_as_given():
    assert toeplitz(convolve([1, 2, 3], [5, 6])).tolist() == [[5, 0, 0], [6, 5, 0], [0, 6, 5], [0, 0, 6]]
    assert tied(convolve([1, 2, 3], [5, 6])).tolist() == [[0, -1, -1], [1, 0, -1], [-1, 1, 0], [-1, -1, 1]]


def test_a_weight_of_zero_is_no_structural_zero():
    trace = correlate([1, 2, 3], [0, 0])
    assert toeplitz(trace).tolist() == [[0, 0, 0], [0, 0, 0]]
    assert tied(trace).tolist() == [[0, 1, -1], [-1, 0, 1]]
    assert toeplitz(trace, sparse=True).nnz == 4


def test_matrices_are_read_only():
    trace = correlate([1, 2, 3], [4, 5])
    for matrix in (toeplitz(trace), tied(trace), sum_tied(np.ones((2, 3)), trace)):
        with pytest.raises(ValueError, match="read-only"):
            matrix[...] = 7


@pytest.mark.parametrize(
    ("x_shape", "w_shape"),
    [
        ((3, 30, 30), (4, 3, 3, 3)),
        ((1, 20, 20), (1, 1, 20, 20)),
        ((1, 1, 1), (50, 1, 1, 1)),
        ((64, 3, 3), (64, 64, 1, 1)),
        ((2, 60, 60), (1, 2, 1, 1)),
        ((1, 400), (1, 1, 200)),
        ((8, 40), (8, 8, 3)),
    ],
)
@pytest.mark.parametrize("make", [toeplitz, tied, lambda trace, **limit: toeplitz(trace, sparse=True, **limit)])
def test_no_more_memory_than_was_said(make, x_shape, w_shape):
    trace = conv_layer(np.ones(x_shape), np.ones(w_shape))
    with pytest.raises(ValueError, match="max_bytes is 9, but the matrix of") as refused:
        make(trace, max_bytes=9)
    needed = int(re.search(r"needs (\d+) bytes", str(refused.value))[1])
    make(conv_layer(np.ones((1, 4)), np.ones((1, 1, 2))))  # what is imported once
    tracemalloc.start()
    try:
        make(trace, max_bytes=needed)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak <= needed
    with pytest.raises(ValueError, match=f"max_bytes is {needed - 1}, but"):
        make(trace, max_bytes=needed - 1)


@pytest.fixture(scope="module")
def picture():
    return correlate(np.ones((300, 300)), np.ones((3, 3)), "same")


def test_a_matrix_too_large_is_refused_before_it_is_made(picture):
    message = "max_bytes is 268435456, but the matrix of 90000×90000 entries needs 648"
    for make in (toeplitz, tied):
        tracemalloc.start()
        try:
            with pytest.raises(ValueError, match=message):
                make(picture)
            assert tracemalloc.get_traced_memory()[1] < 100_000
        finally:
            tracemalloc.stop()
    sparse = toeplitz(picture, sparse=True)
    np.testing.assert_array_equal(sparse @ picture.x.ravel(), picture.output.ravel())


def test_without_scipy_the_sparse_one_says_what_to_do(monkeypatch):
    imported = builtins.__import__

    def missing(name, *args, **kwargs):
        if name.startswith("scipy"):
            raise ModuleNotFoundError(f"No module named {name!r}")
        return imported(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", missing)
    trace = correlate([1, 2, 3], [4, 5])
    with pytest.raises(ImportError, match="sparse=True needs SciPy, which is not installed; get it with: pip install"):
        toeplitz(trace, sparse=True)
    assert toeplitz(trace).tolist() == [[4, 5, 0], [0, 4, 5]]


TRACE = correlate([1, 2, 3], [4, 5])
TEXT: Any = "1 GB"
FLOAT: Any = 1e9
COPIES: Any = {"padding": 1, "padding_mode": "replicate"}


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: toeplitz([1, 2]), TypeError, "trace is [1, 2] (list); accepted: a trace of conv_layer, correlate or"),
        (lambda: tied(None), TypeError, "trace is None (NoneType); accepted: a trace of conv_layer, correlate or conv"),
        (
            lambda: toeplitz(TRACE.output),
            TypeError,
            "(ndarray); accepted: a trace of conv_layer, correlate or convolve",
        ),
        (lambda: toeplitz(conv_transpose([[1]], [[[1]]])), TypeError, "(StampTrace); accepted: a trace of conv_layer"),
        (lambda: toeplitz(TRACE, max_bytes=TEXT), TypeError, "max_bytes is '1 GB' (str); accepted: an integer"),
        (lambda: tied(TRACE, max_bytes=FLOAT), TypeError, "max_bytes is 1000000000.0 (float); accepted: an integer"),
        (lambda: toeplitz(TRACE, max_bytes=0), ValueError, "max_bytes is 0, but the matrix of 2×3 entries needs "),
        (lambda: sum_tied([[1, 2, 3]], TRACE), ValueError, "matrix has shape (1, 3); accepted: (2, 3), (output cells"),
        (lambda: sum_tied([1, 2, 3], TRACE), ValueError, "matrix has 1 dimensions (shape (3,)); accepted: 2"),
        (lambda: sum_tied([["a"]], TRACE), TypeError, "matrix holds text"),
        (lambda: sum_tied([[1]], 5), TypeError, "trace is 5 (int); accepted: a trace of conv_layer, correlate or"),
        (
            lambda: sum_tied(np.full((2, 3), 2**62), TRACE),
            ValueError,
            "matrix's entries are too large: the sum at [0] would be 9223372036854775808, which does not fit int64",
        ),
        (
            lambda: toeplitz(conv_layer([[0, 0]], [[[2**62, 2**62, 0]]], **COPIES)),
            ValueError,
            "weight is too large: in a border of copies 2 weights may add up in one entry; accepted: weights below 4.6",
        ),
        (
            lambda: toeplitz(conv_layer([[0, 0]], [[[1e308, 1e308, 0]]], **COPIES), sparse=True),
            ValueError,
            "weight is too large: in a border of copies 2 weights may add up in one entry; accepted: weights below 8.9",
        ),
    ],
)
def test_each_fault_is_named(call, error, message):
    with pytest.raises(error, match=re.escape(message)):
        call()


def test_sums_beyond_what_floats_hold_are_exact():
    assert sum_tied([[2**53, 1, 0], [0, 1, 2**62]], TRACE).tolist() == [2**53 + 1, 2**62 + 1]
    assert sum_tied([[2**62, 0, 0], [0, 2**62 - 1, 0]], TRACE).tolist() == [2**63 - 1, 0]


def test_a_border_of_a_number_has_no_matrix():
    trace = conv_layer([[1, 2]], [[[3, 4]]], padding=1, padding_mode=5)
    for function in (toeplitz, tied, lambda trace: sum_tied(np.ones((3, 2)), trace)):
        with pytest.raises(ValueError, match=r"trace has padding_mode 5, whose products .* accepted: a trace with a"):
            function(trace)
    assert toeplitz(conv_layer([[1, 2]], [[[3, 4]]], padding_mode=5)).tolist() == [[3, 4]]


@pytest.mark.parametrize("size", [1, 2, 5, 9])
@pytest.mark.parametrize("weights", [1, 2, 4])
@pytest.mark.parametrize(
    ("stride", "dilation", "padding"), [(1, 1, 0), (2, 1, 3), (3, 2, (0, 5)), (1, 3, (9, 1)), (5, 1, 4)]
)
def test_one_kernel_in_one_dimension_is_the_same_as_two(size, weights, stride, dilation, padding):
    if size + np.sum(np.broadcast_to(padding, 2)) < dilation * (weights - 1) + 1:
        return
    x, weight = np.arange(1, size + 1)[None], np.arange(1, weights + 1)[None, None]
    for flip in (False, True):
        one, two = (
            conv_layer(x, kernels, stride=stride, dilation=dilation, padding=padding, flip=flip)
            for kernels in (weight, np.repeat(weight, 2, axis=0))
        )
        matrix = toeplitz(one)
        np.testing.assert_array_equal(matrix, toeplitz(two)[: len(matrix)])
        np.testing.assert_array_equal(matrix @ x[0], one.output[0])
        assert not matrix.flags.writeable
