import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from convviz import associativity, convolve, correlate
from convviz.lessons.notes import groupings_html
from tests.lessons.notes.page import Page

A, B, C = [1, 2, 3], [1, 0, 2], [1, 3]
NUMBERS = st.integers(-999, 999) | st.floats(0.001, 999)
ARRAYS = st.tuples(*[st.lists(NUMBERS, min_size=1, max_size=8)] * 3)
SMALL = st.lists(st.integers(-2, 2), min_size=1, max_size=4)
CAPTIONS = ["Convolution, grouped both ways", "Cross-correlation, grouped both ways"]


def page(*arrays):
    return Page(groupings_html(*(associativity(*arrays, flip=flip) for flip in (True, False))))


def rows(shown, caption):
    """List the rows of a table below its heads: left, right, mark."""
    return list(shown.tables[caption].values())[1:]


def size(arrays):
    return np.prod([np.abs(np.array(array, float)).sum() for array in arrays])


def test_the_tables_show_the_numbers_side_by_side():
    shown = page(A, B, C)
    assert list(shown.tables) == CAPTIONS
    convolution, correlation = shown.tables.values()
    assert list(convolution) == ["cell", "[0]", "[1]", "[2]", "[3]", "[4]", "[5]"]
    assert convolution["cell"] == ["(A ∗ B) ∗ C", "A ∗ (B ∗ C)", "equal?"]
    assert correlation["cell"] == ["(A ⋆ B) ⋆ C", "A ⋆ (B ⋆ C)", "equal?"]
    assert rows(shown, CAPTIONS[0]) == [[number, number, "="] for number in ["1", "5", "11", "19", "18", "18"]]
    assert [" ".join(row) for row in rows(shown, CAPTIONS[1])] == [
        "6 2 ≠",
        "14 10 ≠",
        "25 19 ≠",
        "13 23 ≠",
        "11 9 ≠",
        "3 9 ≠",
    ]
    assert "A ∗ B = [1 2 5 4 6], and B ∗ C = [1 3 2 6]." in shown.text
    assert "A ⋆ B = [2 4 7 2 3], and B ⋆ C = [3 1 6 2]." in shown.text


def test_two_dimensions_are_shown_as_well():
    shown = page([[1, -2], [3, 4]], [[1]], [[0, 1]])
    assert "A ∗ B = [1 −2; 3 4]" in shown.text
    assert shown.tables[CAPTIONS[1]]["[0, 0]"] == ["1", "0", "≠"]


def test_cells_that_differ_are_counted():
    shown = page([1, 0, 0], [1], [1, 5, 2])
    assert [mark for *_, mark in rows(shown, CAPTIONS[1])] == ["≠", "=", "≠", "=", "="]
    assert "2 of 5 cells differ" in shown.text


@given(ARRAYS)
def test_every_mark_and_verdict_is_true(arrays):
    a, b, c = arrays
    shown = page(*arrays)
    for operation, caption in zip((convolve, correlate), CAPTIONS, strict=True):
        left = operation(operation(a, b, "full").output, c, "full").output
        right = operation(a, operation(b, c, "full").output, "full").output
        equal = np.abs(left - right) <= 1e-12 * size(arrays)
        written = rows(shown, caption)
        assert [mark == "=" for *_, mark in written] == equal.tolist()
        assert [one == other for one, other, _ in written] == equal.tolist()
    assert "equal in every cell" in shown.text.split("Cross-correlation")[0]


@given(SMALL, SMALL, SMALL, st.booleans())
def test_the_reason_is_the_reason(a, b, c, mirrored):
    c = c + c[::-1] if mirrored else c
    text = page(a, b, c).text
    zeros = [name for name, array in zip("ABC", (a, b, c), strict=True) if not any(array)]
    if "cells differ" in text:
        assert "two flips cancel" in text
        assert "They agree" not in text
    elif zeros:
        assert f"because {zeros[0]} holds nothing but zeros: so do both results" in text
        assert not associativity(a, b, c, flip=False).left.any()
    else:
        assert "They agree here only because C is symmetric" in text
        assert c == c[::-1]
        assert associativity([3, 1, 2], [1, 5], c, flip=False).holds, "whatever A and B are"
        assert not associativity(a, b, [*c, 7], flip=False).holds, "only because of C"


@given(ARRAYS)
def test_a_stack_of_cross_correlations_is_one_with_the_convolved_kernels(arrays):
    a, b, c = arrays
    stacked = correlate(correlate(a, b, "full").output, c, "full").output
    single = correlate(a, convolve(b, c).output, "full").output
    np.testing.assert_allclose(single, stacked, rtol=0, atol=1e-12 * size(arrays))


def test_rounding_is_no_difference_and_is_said():
    shown = page([0.1, 0.7, 0.3], [0.3, 0.9], [0.7, 0.2])
    assert all(left == right for left, right, _ in rows(shown, CAPTIONS[0]))
    assert "except for the rounding of floats" in shown.text


def test_an_agreement_that_is_only_rounding_is_said():
    assert "only because floats are rounded: C is not symmetric" in page(A, B, [1.0, 1 + 1e-14]).text


def test_cells_that_differ_never_look_alike():
    shown = page([1.0], [1.0], [1.234561234, 1.234569876])
    assert [(left != right, mark) for left, right, mark in rows(shown, CAPTIONS[1])] == [(True, "≠"), (True, "≠")]


@pytest.mark.parametrize("c", [[5, 2, 5], [4], [0, 0]])
def test_nothing_differs_where_flipping_changes_nothing(c):
    assert "≠" not in page(A, B, c).text
