"""Brackets may be moved in a convolution, and in a cross-correlation they may not."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz import convolve, correlate
from convviz.operations.convolution.associativity import associativity
from tests import reference
from tests.strategies import arrays

A, B, C = [1, 2, 3], [1, 0, 2], [1, 3]
SMALL = ("bool", "int8", "uint8", "float16", "float64")
trios = st.integers(1, 2).flatmap(lambda n: st.tuples(*[arrays(n, 4, SMALL)] * 3))


def test_the_example_of_the_lesson():
    assert associativity(A, B, C, flip=True).left.tolist() == [1, 5, 11, 19, 18, 18]
    both = associativity(A, B, C, flip=False)
    assert both.left.tolist() == [6, 14, 25, 13, 11, 3]
    assert both.right.tolist() == [2, 10, 19, 23, 9, 9]
    assert both.difference.tolist() == [4, 4, 6, -10, 2, -6]
    assert both.agree.tolist() == [False] * 6
    assert not both.holds


@given(trios)
def test_convolution_is_always_associative(arrays):
    both = associativity(*arrays, flip=True)
    assert both.holds
    if both.left.dtype == np.int64:
        assert not both.difference.any()


@given(trios, st.booleans())
def test_both_groupings_are_equal_to_dull_loops(arrays, flip):
    both = associativity(*arrays, flip=flip)
    operation = reference.convolve if flip else reference.correlate
    scale = np.prod([np.abs(array.astype(float)).sum() for array in arrays]) + 1e-300
    for ours, loops in (
        (both.first, operation(*arrays[:2], "full")),
        (both.second, operation(*arrays[1:], "full")),
    ):
        np.testing.assert_allclose(ours, loops.astype(float), rtol=1e-12, atol=1e-13 * np.abs(ours).max())
    for ours, (x, w) in ((both.left, (both.first, arrays[2])), (both.right, (arrays[0], both.second))):
        np.testing.assert_allclose(ours, operation(x, w, "full").astype(float), rtol=0, atol=1e-13 * scale)
    np.testing.assert_array_equal(both.difference, both.left - both.right)
    assert both.flip is flip
    assert both.holds is bool(both.agree.all())


@given(*[st.lists(st.integers(-9, 9), min_size=1, max_size=5).filter(any)] * 3, st.booleans())
def test_cross_correlation_is_associative_exactly_where_c_is_symmetric(a, b, c, mirrored):
    c = c + c[::-1] if mirrored else c
    assert associativity(a, b, c, flip=False).holds == (c == c[::-1])


@given(trios)
def test_a_stack_of_cross_correlations_is_a_single_one(arrays):
    a, b, c = arrays
    single = correlate(a, convolve(b, c).output, "full").output
    scale = np.prod([np.abs(array.astype(float)).sum() for array in arrays])
    np.testing.assert_allclose(associativity(a, b, c, flip=False).left, single, rtol=0, atol=1e-12 * scale)


def test_differences_may_be_wider_than_results():
    both = associativity([2**62], [1], [1, -1], flip=False)
    assert both.difference.tolist() == [-(2**63), 2**63]
    assert not both.holds


@pytest.mark.parametrize(
    ("arrays", "flip", "sentence"),
    [
        ((A, B, C), True, "(a ∗ b) ∗ c is a ∗ (b ∗ c): equal in every cell."),
        ((A, B, C), False, "(a ⋆ b) ⋆ c is not a ⋆ (b ⋆ c): 6 of 6 cells differ, by up to 10."),
        ((A, B, [5, 2, 5]), False, "(a ⋆ b) ⋆ c is a ⋆ (b ⋆ c): equal in every cell."),
        (
            ([0.1, 0.7, 0.3], [0.3, 0.9], [0.7, 0.2]),
            True,
            "(a ∗ b) ∗ c is a ∗ (b ∗ c): equal in every cell, except for the rounding of floats.",
        ),
    ],
)
def test_it_says_whether_the_brackets_matter(arrays, flip, sentence):
    assert associativity(*arrays, flip=flip).describe() == sentence


def test_nothing_can_be_changed():
    both = associativity(A, B, C, flip=True)
    for array in (both.first, both.second, both.left, both.right, both.difference, both.agree):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 7
    with pytest.raises(AttributeError):
        both.left = None


FAULTS = [
    (
        ([[1]], [1], [1]),
        True,
        ValueError,
        "b has 1 dimensions (shape (1,)) but a has 2 (shape (1, 1)); accepted: the same number",
    ),
    (
        ([1], [1], [[1]]),
        True,
        ValueError,
        "c has 2 dimensions (shape (1, 1)) but a has 1 (shape (1,)); accepted: the same number",
    ),
    (([], [1], [1]), True, ValueError, "a is empty (shape (0,)); accepted: at least one number along each axis"),
    (([1], [np.inf], [1]), True, ValueError, "b[0] is inf; accepted: finite numbers"),
    (([1], [1], "c"), True, TypeError, "c holds text (dtype <U1); accepted: an array of integers, floats or booleans"),
    (([1], [1], [1]), None, TypeError, "flip is None (NoneType); accepted: True or False"),
    (([1], [1], [1]), "no", TypeError, "flip is 'no' (str); accepted: True or False"),
    (([2**62], [2], [1]), True, ValueError, "a, b and c are too large: in the result of a and b, the output at [0]"),
    (([1], [2**62], [2]), True, ValueError, "a, b and c are too large: in the result of b and c, the output at [0]"),
    (([1e200], [1.0], [1e200]), True, ValueError, "a, b and c are too large: in the result of (a, b) and c, their"),
    (([2**61], [2], [2]), False, ValueError, "a, b and c are too large: in the result of (a, b) and c, the output"),
]


@pytest.mark.parametrize(("arrays", "flip", "error", "message"), FAULTS, ids=[fault[-1][:40] for fault in FAULTS])
def test_each_fault_is_named(arrays, flip, error, message):
    with pytest.raises(error, match=re.escape(message)):
        associativity(*arrays, flip=flip)


def test_it_is_convolution_unless_the_other_is_asked_for():
    arrays = ([1, 2, 3], [1, 0, 2], [1, 3])
    both = associativity(*arrays)
    assert both.holds
    np.testing.assert_array_equal(both.left, associativity(*arrays, flip=True).left)
    assert not associativity(*arrays, flip=False).holds
