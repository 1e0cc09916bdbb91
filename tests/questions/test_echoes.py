"""What the next echo completes, how many cells are whole, and what is taken for them."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz import convolve, echoes, samples
from convviz.questions import completed_cell, whole_cells
from convviz.questions.guess import same

LESSON = echoes(samples.SHORT_SIGNALS["1 2 3 4 5 6"](), samples.RESPONSES["Four paths"]())
BY_HAND = echoes([1, 2, 3, 4], [5, 6, 7])
SIGNALS = st.lists(st.integers(-9, 9), min_size=1, max_size=6)


def verdict(question, guess):
    judgement = question.judge(guess)
    return judgement.verdict, judgement.text


@pytest.mark.parametrize(
    ("guess", "mistake"),
    [
        ("4.6", "4.6 is the result of the response as it is: the newest sample meets the first number of the response"),
        ("3", "3 is what echo 2 alone brings to this cell: it is added to what the echoes before have left there."),
        ("2.6", "2.6 is what the echoes before have left in this cell: echo 2 is still to be added."),
        ("3.6", "3.6 is the sum with an echo that is not scaled: echo 2 is 3 times h."),
        ("6", "6 is the sum of the samples alone: multiply each by the strength of the path that it took."),
        ("2.9", "2.9 is what output [1] holds: echo 2 begins one cell further on."),
        ("4.8", "4.8 is the sum without the part of sample 1: one echo was forgotten."),
        ("123", "The total so far has 2.6 in this cell. Echo 2 begins there, with 3."),
    ],
)
def test_each_mistake_is_named(guess, mistake):
    kind, text = verdict(completed_cell(LESSON, 1), guess)
    assert kind == "wrong"
    assert text.startswith(f"Not yet. {mistake}")
    assert "also" not in text


@pytest.mark.parametrize("trace", [LESSON, BY_HAND], ids=["lesson", "by hand"])
def test_usual_mistakes_lead_to_different_answers(trace):
    for index in range(len(trace) - 1):
        question = completed_cell(trace, index)
        usual = [mistake for mistake in question.mistakes() if "was forgotten" not in mistake.what]
        values = [question.truth, *(mistake.value for mistake in usual)]
        assert len(usual) == 6
        assert not any(same(value, other) for at, value in enumerate(values) for other in values[:at]), question.prompt


@given(SIGNALS, SIGNALS)
def test_what_is_asked_is_the_cell_that_the_next_echo_completes(x, h):
    trace, full = echoes(x, h), convolve(x, h).output
    for index in range(len(x) - 1):
        question = completed_cell(trace, index)
        assert question.truth == full[index + 1]
        assert question.leads_to == index + 1
        assert question.judge(str(question.truth)).correct
        for mistake in question.mistakes():
            assert question.judge(str(mistake.value)).correct == (mistake.value == question.truth)
    assert completed_cell(trace, len(x) - 1) is None
    assert completed_cell(trace, len(x) + 2) is None


@given(SIGNALS, SIGNALS)
def test_a_mistake_is_what_its_sentence_says(x, h):
    trace = echoes(x, h)
    for index in range(len(x) - 1):
        cell = index + 1
        reached = [n for n in range(cell + 1) if cell - n < len(h)]
        expected = {
            "as it is": sum(x[n] * h[len(h) - 1 - cell + n] for n in reached),
            "alone brings": x[cell] * h[0],
            "have left": sum(x[n] * h[cell - n] for n in reached if n < cell),
            "not scaled": sum(x[n] * h[cell - n] for n in reached if n < cell) + h[0],
            "samples alone": sum(x[n] for n in reached),
            "one cell further": sum(x[n] * h[index - n] for n in range(cell) if index - n < len(h)),
        }
        mistakes = [one for one in completed_cell(trace, index).mistakes() if "forgotten" not in one.what]
        for mistake, (said, value) in zip(mistakes, expected.items(), strict=True):
            assert said in mistake.what
            assert mistake.value == value
        forgotten = [one.value for one in completed_cell(trace, index).mistakes() if "forgotten" in one.what]
        others = [trace.output[cell] - x[n] * h[cell - n] for n in reached if n < cell]
        assert forgotten == (others if len(others) > 1 else [])


def test_other_numbers_are_another_question():
    assert completed_cell(LESSON, 1).subject == completed_cell(echoes(LESSON.x, LESSON.h), 1).subject
    assert completed_cell(LESSON, 1).subject != completed_cell(LESSON, 2).subject
    assert completed_cell(LESSON, 1).subject != completed_cell(BY_HAND, 1).subject


@pytest.mark.parametrize(
    ("guess", "mistake"),
    [
        ("9", "9 is the number of all output cells, 6 + 4 − 1, as in mode 'full': at both ends fewer products are"),
        ("6", "6 is the number of samples, as in mode 'same': some of these cells lie at an end."),
        ("2", "2 is 6 − 4: the first place counts as well, so it is one more."),
        ("4", "4 is the number of products in such a cell, not how many of these cells there are."),
        ("24", "24 is the number of all products, 6·4."),
        ("7", "Slide the flipped response along the signal: where do all 4 of its numbers lie on a sample?"),
    ],
)
def test_each_mistake_about_whole_cells_is_named(guess, mistake):
    kind, text = verdict(whole_cells(LESSON), guess)
    assert kind == "wrong"
    assert text.startswith(f"Not yet. {mistake}")
    assert "also" not in text


@given(SIGNALS, SIGNALS)
def test_whole_cells_are_those_of_mode_valid(x, h):
    question = whole_cells(echoes(x, h))
    assert question.truth == (len(convolve(x, h, "valid").output) if len(x) >= len(h) else 0)
    assert question.leads_to is None
    assert question.judge(str(question.truth)).correct
    numbers = list(map(int, re.findall(r"\d+", question.explanation)))
    assert numbers[-1] == (question.truth if question.truth else len(x))
    assert numbers[0] in (len(x), len(h))


def test_other_numbers_of_as_many_samples_are_no_other_question():
    assert whole_cells(LESSON).subject == whole_cells(echoes(np.ones(6), np.ones(4))).subject
    assert whole_cells(LESSON).subject != whole_cells(BY_HAND).subject
