"""Questions about the next update: the right weight, and what wrong ones are told."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convviz import learn_kernel
from convviz.lessons import Learning
from convviz.numerals import typed
from convviz.operations.learning.two_layers import learn_two_layers
from convviz.questions import next_filter_weight, next_weight
from convviz.questions.guess import same


@settings(max_examples=25)
@given(st.integers(0, 99), st.integers(0, 5), st.booleans())
def test_the_truth_is_the_weight_after_the_next_update(seed, index, flip):
    random = np.random.default_rng(seed)
    trace = learn_kernel(random.integers(-3, 4, (4, 5)), random.integers(-3, 4, (2, 4)), steps=6, flip=flip, seed=seed)
    question = next_weight(trace, index)
    at = eval(question.prompt.split("]")[0].removeprefix("Weight ") + "]")
    moves = np.abs(trace[index + 1].kernel - trace[index].kernel)
    assert moves[tuple(at)] == moves.max()
    assert question.truth == trace[index + 1].kernel[tuple(at)]
    assert question.judge(typed(question.truth)).correct
    assert question.leads_to == index + 1
    assert next_weight(trace, 6) is None


@pytest.mark.parametrize(
    ("guess", "mistake"),
    [
        ("-1.25", "-1.25 is the weight plus rate × gradient, which goes uphill: subtract it."),
        ("5.5", "5.5 is the weight minus the whole gradient: multiply it by the learning rate first."),
        ("-6.5", "-6.5 is the weight plus the whole gradient: multiply it by the rate first, and subtract."),
        ("-0.5", "-0.5 is the weight as it is now: it moves, as its gradient is not 0."),
        ("-0.625", "-0.625 is the weight minus the learning rate: multiply the rate by the gradient first."),
        ("-1.0625", "-1.0625 is the weight minus rate × loss: the gradient counts, not the loss."),
        ("0.75", "0.75 is the change alone: add it to the weight."),
        ("-0.75", "-0.75 is rate × gradient alone: subtract it from the weight."),
        ("-6", "-6 is the gradient: it says how the loss changes, not what the weight becomes."),
        ("7", "Multiply the gradient by the learning rate, and subtract the product from the weight."),
    ],
)
def test_each_mistake_is_named(guess, mistake):
    question = next_weight(learn_kernel([2, 0, 0], [2, 0], start=[-0.5, 0.5], rate=0.125, steps=2), 0)
    judgement = question.judge(guess)
    assert judgement.verdict == "wrong"
    assert judgement.text == f"Not yet. {mistake}"


def test_default_numbers_tell_usual_mistakes_apart():
    trace = Learning().traces["learning"]
    for index in range(len(trace) - 1):
        question = next_weight(trace, index)
        wrong = [mistake.value for mistake in question.mistakes() if not same(mistake.value, question.truth)]
        alone = [value for value, often in Counter(wrong).items() if often == 1]
        assert len(alone) >= 4


def test_what_no_longer_moves_is_not_asked_about():
    assert next_weight(learn_kernel([2, 0, 0], [2, 0], start=[1, 0], rate=0.25, steps=2), 0) is None


def test_of_filters_that_start_with_zeros_nothing_moves():
    question = next_filter_weight(learn_two_layers([1, 0, 2, 0], [1, 2], start="zeros", steps=2), 0)
    assert question.judge("0").text == "Right! Weight [1, 0]: 0 − 0.2×0 = 0."
    assert question.judge("-0.4").verdict == "wrong"


@pytest.mark.parametrize("start", ["constant", "he"])
def test_the_last_filter_is_asked_about(start):
    trace = learn_two_layers([1, 0, 2, 2, 1], [1, 2, 0], start=start, steps=3)
    for index in range(3):
        question = next_filter_weight(trace, index)
        assert question.prompt.startswith("Weight [1, ")
        assert question.truth in trace[index + 1].w[1]
    assert next_filter_weight(trace, 3) is None
