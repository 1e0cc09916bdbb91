"""Kernels are split into a column and a row, if and only if their rank is 1."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.signal import convolve2d

from convviz.operations.convolution.separable import separated

shapes = st.tuples(st.integers(1, 5), st.integers(1, 5))
small = st.integers(-3, 3)


@given(arrays(np.int64, shapes, elements=small))
def test_a_kernel_of_integers_is_split_exactly_if_its_rank_is_at_most_1(w):
    both = separated(w)
    assert (both is not None) == (np.linalg.matrix_rank(w.astype(float)) <= 1)
    if both:
        assert np.array_equal(np.outer(*both), w)
        assert all(part.dtype == np.int64 for part in both)


@given(st.lists(small, min_size=1, max_size=5), st.lists(small, min_size=1, max_size=5), st.sampled_from([3, 7, 16]))
def test_a_kernel_of_floats_is_split_but_for_rounding(column, row, over):
    w = np.outer(column, row) / over
    found = separated(w)
    assert found is not None
    np.testing.assert_allclose(np.outer(*found), w, atol=1e-12)
    np.testing.assert_allclose(convolve2d(found[0][:, None], found[1][None]), w, atol=1e-12)
    if abs(w.sum()) > 1e-9:
        assert found[1].sum() == pytest.approx(1)


@given(arrays(np.int64, (3, 3), elements=small), st.sampled_from([3, 7]))
def test_floats_of_a_higher_rank_are_not_split(w, over):
    if np.linalg.matrix_rank(w.astype(float)) > 1:
        assert separated(w / over) is None


def test_other_arrays_are_refused():
    with pytest.raises(ValueError, match="w "):
        separated([1, 2, 3])
    with pytest.raises(TypeError, match="w "):
        separated([["a"]])
