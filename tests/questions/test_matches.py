"""Questions about template matching: the right answers, and what wrong ones are told."""

from collections import Counter
from math import isclose, isfinite, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz import match_template, samples
from convviz.questions import best_window, next_score
from convviz.questions.guess import same

METRICS = ("ssd", "mse", "correlation", "normalized")
COUNTING = samples.NAMED_SEARCHES["counting"]


def counting(metric="ssd"):
    return match_template(COUNTING.image(), COUNTING.template(), metric)


@st.composite
def traces(draw):
    random = np.random.default_rng(draw(st.integers(0, 999)))
    dimensions = draw(st.integers(1, 2))
    size = [draw(st.integers(2, 6)) for _ in range(dimensions)]
    image = random.integers(-3, 9, size) / draw(st.sampled_from([1, 4]))
    template = image[tuple(slice(0, draw(st.integers(1, n))) for n in size)] + random.integers(0, 2)
    return match_template(image, template, draw(st.sampled_from(METRICS)))


def dull_score(metric, window, template):
    """Compute a score cell by cell, as the definition says."""
    pairs = list(zip(window.ravel().tolist(), template.ravel().tolist(), strict=True))
    if metric in ("ssd", "mse"):
        return sum((a - b) ** 2 for a, b in pairs) / (len(pairs) if metric == "mse" else 1)
    if metric == "correlation":
        return sum(a * b for a, b in pairs)
    means = [sum(pair[which] for pair in pairs) / len(pairs) for which in (0, 1)]
    centred = [(a - means[0], b - means[1]) for a, b in pairs]
    lengths = sqrt(sum(a * a for a, _ in centred) * sum(b * b for _, b in centred))
    return sum(a * b for a, b in centred) / lengths if lengths > 1e-12 else 0


@given(traces())
def test_the_truth_is_the_next_score(trace):
    for index in range(len(trace) - 1):
        question = next_score(trace, index)
        step = trace[index + 1]
        assert isclose(question.truth, dull_score(trace.metric, step.patch, step.template), abs_tol=1e-9)
        assert question.leads_to == index + 1
        assert str(list(step.position)) in question.prompt
    assert next_score(trace, len(trace) - 1) is None


@given(traces())
def test_the_truth_is_the_step_with_the_best_score(trace):
    scores = [dull_score(trace.metric, step.patch, step.template) for step in trace]
    best = min(scores) if trace.metric in ("ssd", "mse") else max(scores)
    for index in range(len(trace) - 1):
        question = best_window(trace, index)
        assert isclose(scores[question.truth - 1], best, abs_tol=1e-9)
        assert question.leads_to == question.truth - 1
        several = sum(isclose(score, best, abs_tol=1e-9) for score in scores) > 1
        assert ("If several are equal" in question.prompt) == several
    assert best_window(trace, len(trace) - 1) is None


@pytest.mark.parametrize(
    ("metric", "guess", "mistake"),
    [
        ("ssd", "12", "12 is the sum of the differences' sizes: square each difference first."),
        ("ssd", "-12", "-12 is the sum of the differences, in which plus and minus cancel"),
        ("ssd", "144", "144 is the square of the differences' sum"),
        ("ssd", "9", "9 is the mean of the squares: this measure adds them up."),
        ("ssd", "6", "6 is the square root of the squares' sum: this measure takes no root."),
        ("ssd", "1.5", "1.5 is the square root of the squares' sum, divided by the 4 cells"),
        ("ssd", "224", "224 is the sum of the products: subtract, then square."),
        ("ssd", "27", "27 is the result without one square of 9."),
        ("ssd", "184", "184 is what the flipped template would score"),
        ("ssd", "64", "64 is the score of window [0, 0], the one before"),
        ("mse", "36", "36 is the sum of the squares: divide it by the 4 cells."),
        ("mse", "3", "3 is the mean of the differences' sizes"),
        ("correlation", "36", "36 is the sum of the squared differences: this measure multiplies."),
        ("correlation", "22", "22 is the sum of the window's numbers: multiply each by the template's number first."),
        ("correlation", "108", "108 is the largest product alone: all products are added."),
        ("correlation", "56", "56 is the mean of the products: they are added, not averaged."),
        ("correlation", "116", "116 is the result without one product of 108."),
        ("correlation", "150", "150 is what the flipped template would score"),
        ("normalized", "-1", "-1 is this score with the other sign. -1 is also what the flipped template would score"),
        ("normalized", "224", "224 is the sum of the products: subtract both means, and divide by both lengths."),
        ("normalized", "37", "37 is the sum of the products before dividing by both lengths."),
        ("normalized", "0.987", "0.987 is, rounded, the result without subtracting the means."),
        ("normalized", "36", "36 is the sum of the squared differences: 0 is perfect there."),
    ],
)
def test_each_mistake_is_named(metric, guess, mistake):
    judgement = next_score(counting(metric), 0).judge(guess)
    assert judgement.verdict == "wrong"
    assert judgement.text.startswith(f"Not yet. {mistake}"), judgement.text


@pytest.mark.parametrize(
    ("metric", "guess", "mistake"),
    [
        ("ssd", "4", "4 is the number of this step counted from 0: the player counts from 1, so it is step 5."),
        ("ssd", "10", "10 is the window with the largest products"),
        (
            "correlation",
            "5",
            "5 is the window that is nearest to the template, but larger numbers make",
        ),
        ("correlation", "9", "9 is the number of this step counted from 0"),
        ("correlation", "1", "1 is the step with the smallest score: here the largest is the best."),
        ("normalized", "7", "7 is a step with the same score, but not the first of them."),
    ],
)
def test_each_wrong_window_is_named(metric, guess, mistake):
    judgement = best_window(counting(metric), 0).judge(guess)
    assert judgement.verdict == "wrong"
    assert judgement.text.startswith(f"Not yet. {mistake}"), judgement.text


@pytest.mark.parametrize("metric", ["ssd", "correlation", "normalized"])
def test_default_numbers_tell_usual_mistakes_apart(metric):
    """At least four values at each step come from one mistake alone, and none of them is the right answer."""
    trace = counting(metric)
    for index in range(len(trace) - 1):
        question = next_score(trace, index)
        values = [mistake.value for mistake in question.mistakes() if isfinite(mistake.value)]
        wrong = [value for value in values if not same(value, question.truth)]
        alone = [value for value, often in Counter(wrong).items() if often == 1]
        # Where the window is the template, most ways of comparing it end at the right answer as well.
        is_template = np.array_equal(trace[index + 1].patch, trace.template)
        assert len(alone) >= (2 if is_template else 4), question.prompt


def test_the_second_best_is_named():
    trace = match_template([5, 1, 2, 0, 1, 3], [1, 2], "ssd")
    assert "2 is the second-best" not in best_window(trace, 0).judge("2").text
    assert (
        best_window(trace, 0).judge("5").text == "Not yet. 5 is the second-best step: another one has a better score."
    )


def test_a_flat_window_has_no_pattern():
    question = next_score(match_template([1, 5, 5, 2], [1, 2]), 0)
    assert question.truth == 0
    assert "which counts as 0" in question.judge("1").text
    assert question.judge("0").correct


def test_nobody_is_asked_to_compare_more_than_a_hundred_windows():
    assert best_window(match_template(np.arange(101), [1, 2]), 0) is not None
    assert best_window(match_template(np.arange(102), [1, 2]), 0) is None
    assert next_score(match_template(np.arange(102), [1, 2]), 0) is not None


def test_huge_numbers_are_asked_for_as_well():
    trace = match_template([2**31, 2**31, 3], [2**31, 1], "correlation")
    question = next_score(trace, 0)
    assert question.judge(str(question.truth)).correct
    assert question.judge("1").verdict == "wrong"
