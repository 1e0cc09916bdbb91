"""A convolution as a matrix product, step by step: both products are those of the window."""

import numpy as np
import pytest
from hypothesis import given

import convviz
from tests.strategies import layer_traces, traces


def check(trace):
    view = convviz.matrix_view(trace)
    assert view.layer is trace
    np.testing.assert_array_equal(view.output, trace.output)
    np.testing.assert_array_equal(view.toeplitz, convviz.toeplitz(trace))
    np.testing.assert_array_equal(view.im2col, convviz.im2col(trace))
    for index in sorted({0, len(trace) // 2, len(trace) - 1}):
        step, inner = view[index], trace[index]
        assert (step.index, step.position, step.value) == (inner.index, inner.position, inner.value)
        np.testing.assert_array_equal(step.row, view.toeplitz[index])
        bound = 1e-9 * (1 + float(np.abs(inner.products.astype(float)).sum()))
        whole = float(sum(inner.products.flat))
        for products in (step.row_products, step.column_products):
            assert abs(float(sum(products.flat)) - whole) <= bound
        assert sorted(step.column_products.tolist()) == sorted(inner.products.ravel().tolist())
        pairs = zip(step.row, view.vector, step.row_products, strict=True)
        assert all(int(a) * int(b) == p for a, b, p in pairs) or step.row_products.dtype.kind == "f"


@given(traces(most=6, largest_kernel=4))
def test_both_products_are_those_of_a_window(trace):
    check(trace)


@given(layer_traces(most=4))
def test_both_products_are_those_of_a_layer(trace):
    try:
        convviz.toeplitz(trace)
    except ValueError:  # copies of large weights that may not fit
        return
    check(trace)


def test_its_sentence_is_that_of_the_layer_and_says_where_the_products_are():
    layer = convviz.conv_layer([[1, 2, 3]], [[[4, 5]]], [6], activation="relu")
    assert convviz.matrix_view(layer)[1].describe() == (
        "Output [0, 1] = relu(2×4 + 3×5 + bias 6) = relu(29) = 29. The same products: row 1 of the Toeplitz matrix "
        "times the flattened input, and the kernel row times column 1 of im2col."
    )


def test_what_is_no_layer_and_what_is_too_large_is_refused():
    with pytest.raises(TypeError, match="accepted: a trace of conv_layer, correlate or convolve"):
        convviz.matrix_view(convviz.pool([[1, 2, 3, 4]], 2))
    with pytest.raises(ValueError, match="max_bytes"):
        convviz.matrix_view(convviz.correlate(np.ones((9, 9)), np.ones((2, 2))), max_bytes=1000)
