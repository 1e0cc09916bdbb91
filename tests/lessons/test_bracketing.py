from html.parser import HTMLParser

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from convviz import convolve, correlate
from convviz.lessons.bracketing import bracket, bracketings_html

A, B, C = np.array([1, 2, 3]), np.array([1, 0, 2]), np.array([1, 3])
NUMBERS = st.integers(-999, 999) | st.floats(0.001, 999)
INTEGERS = st.lists(st.integers(-9, 9), min_size=1, max_size=8).filter(any)
ARRAYS = st.tuples(*[st.lists(NUMBERS, min_size=1, max_size=8).map(np.array)] * 3)


def both(*arrays):
    return bracket(convolve, "∗", arrays), bracket(correlate, "⋆", arrays)


class Tables(HTMLParser):
    """Reads each table as rows by their heading; ``text`` is everything; ``boxed`` counts cells marked as different."""

    def __init__(self, page):
        super().__init__()
        self.tables, self.text, self.boxed, self.row = [], "", 0, []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag == "table":
            self.tables.append({})
        if tag == "tr":
            self.row = []
        if tag in {"th", "td"}:
            self.row.append("")
        self.boxed += ("class", "convviz-differs") in attrs

    def handle_endtag(self, tag):
        if tag == "tr":
            self.tables[-1][self.row[0]] = self.row[1:]

    def handle_data(self, data):
        data = data.replace("\xa0", " ")
        self.text += data
        if self.row:
            self.row[-1] += data


def page(*arrays):
    return Tables(bracketings_html(*both(*arrays)))


@given(ARRAYS)
def test_convolution_is_always_associative(arrays):
    assert both(*arrays)[0].associative


@given(INTEGERS, INTEGERS, INTEGERS, st.booleans())
def test_cross_correlation_is_associative_exactly_if_c_is_symmetric(a, b, c, mirrored):
    c = c + c[::-1] if mirrored else c
    assert both(*map(np.array, (a, b, c)))[1].associative == (c == c[::-1])


@given(ARRAYS)
def test_a_stack_of_cross_correlations_is_one_with_the_convolved_kernels(arrays):
    a, b, c = arrays
    stacked = both(*arrays)[1].left
    single = correlate(a, convolve(b, c).output, "full").output
    size = np.abs(a).sum() * np.abs(b).sum() * np.abs(c).sum()
    np.testing.assert_allclose(single, stacked, rtol=0, atol=1e-12 * size)


def test_the_tables_show_the_numbers_cell_under_cell():
    convolution, correlation = (
        {head: " ".join(cells) for head, cells in table.items()} for table in page(A, B, C).tables
    )
    assert convolution == {
        "A ∗ B": "1 2 5 4 6",
        "B ∗ C": "1 3 2 6",
        "(A ∗ B) ∗ C": "1 5 11 19 18 18",
        "A ∗ (B ∗ C)": "1 5 11 19 18 18",
        "equal?": "= = = = = =",
    }
    assert correlation == {
        "A ⋆ B": "2 4 7 2 3",
        "B ⋆ C": "3 1 6 2",
        "(A ⋆ B) ⋆ C": "6 14 25 13 11 3",
        "A ⋆ (B ⋆ C)": "2 10 19 23 9 9",
        "equal?": "≠ ≠ ≠ ≠ ≠ ≠",
    }


def test_cells_that_differ_are_boxed_and_counted():
    shown = page(np.array([1, 0, 0]), np.array([1]), np.array([1, 5, 2]))
    assert shown.tables[1]["equal?"] == ["≠", "=", "≠", "=", "="]
    assert shown.boxed == 4
    assert "2 of 5 cells differ" in shown.text


@pytest.mark.parametrize(
    ("arrays", "reason"),
    [
        ((A, B, C), "turned twice"),
        ((A, B, np.array([5, 2, 5])), "C is symmetric"),
        ((A, B, np.array([4])), "C is symmetric"),
        ((A, np.array([0, 0]), C), "B holds nothing but zeros"),
        ((A, B, np.array([1.0, 1 + 1e-14])), "almost the same backwards"),
    ],
)
def test_a_sentence_says_why(arrays, reason):
    assert reason in page(*arrays).text


def test_rounding_is_no_difference_and_is_owned_up_to():
    shown = page(np.array([0.1, 0.7, 0.3]), np.array([0.3, 0.9]), np.array([0.7, 0.2]))
    convolution = shown.tables[0]
    assert convolution["(A ∗ B) ∗ C"] == convolution["A ∗ (B ∗ C)"]
    assert "but for the rounding of floats" in shown.text


def test_cells_that_differ_never_look_alike():
    correlation = page(np.array([1.0]), np.array([1.0]), np.array([1.234561234, 1.234569876])).tables[1]
    pairs = zip(correlation["(A ⋆ B) ⋆ C"], correlation["A ⋆ (B ⋆ C)"], correlation["equal?"], strict=True)
    assert [(left != right, mark) for left, right, mark in pairs] == [(True, "≠"), (True, "≠")]
