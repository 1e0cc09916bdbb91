"""A wrong guess is told apart by what it gives away."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from convviz import convolve, correlate
from convviz.operations.diagnosis import diagnose

X = [[3, 1, 4], [1, 5, 9], [2, 6, 5]]
W = [[2, 7], [1, 8]]


@pytest.mark.parametrize(
    ("guess", "mistake"),
    [
        (3 * 8 + 1 * 1 + 1 * 7 + 5 * 2, "turned by 180° first, and here it is laid on as it is"),
        (48 - 6 + 6 - 7, "without the term 1×7 at row 0, column 1 of the window"),
        (3 * 2 + 1 * 1, "matrix product of window and kernel gives at row 0, column 0"),
        (7 + 29 + 7 + 47, "matrix product of window and kernel gives, all its entries added"),
        (3 + 1 + 1 + 5, "the window's numbers alone"),
        (54 / 4, "mean of the products"),
        (40, "the largest product"),
    ],
)
def test_each_mistake_is_named(guess, mistake):
    trace = correlate(X, W)
    if "forgotten" in mistake or "without" in mistake:
        guess = trace[0].value - 7
    diagnosis = diagnose(trace, 0, guess)
    assert not diagnosis.correct
    assert any(mistake in said for said in diagnosis.mistakes), diagnosis.mistakes


def test_a_convolution_laid_on_unturned():
    trace = convolve(X, W, "valid")
    guess = int(correlate(X, W).output[0, 0])
    assert "as it is, and a convolution turns it" in diagnose(trace, 0, guess).mistakes[0]


def test_the_window_that_did_not_move():
    trace = correlate(X, W)
    assert any("the step before" in said for said in diagnose(trace, 1, int(trace[0].value)).mistakes)


def test_what_matches_nothing_says_nothing():
    assert diagnose(correlate(X, W), 0, 10**6).mistakes == ()


@pytest.mark.parametrize(("guess", "correct"), [(0.3333, True), (1 / 3, True), (0.33, False)])
def test_three_decimals_will_do(guess, correct):
    assert diagnose(correlate([1.0], [1 / 3]), 0, guess).correct is correct


numbers = st.integers(-9, 9)


@given(st.lists(numbers, min_size=4, max_size=4), st.lists(numbers, min_size=4, max_size=4), st.integers(-500, 500))
def test_only_the_value_itself_is_right(patch, weights, guess):
    trace = correlate(np.reshape(patch, (2, 2)), np.reshape(weights, (2, 2)))
    assert diagnose(trace, 0, guess).correct == (guess == sum(np.multiply(patch, weights)))


@given(st.lists(numbers, min_size=3, max_size=3), st.lists(numbers, min_size=3, max_size=3), st.integers(0, 2))
def test_a_forgotten_term_is_always_noticed(patch, weights, forgotten):
    assume(patch[forgotten] * weights[forgotten])
    trace = correlate(patch, weights)
    guess = int(trace[0].value) - patch[forgotten] * weights[forgotten]
    assert any("forgotten" in said for said in diagnose(trace, 0, guess).mistakes)
