"""Questions about a convolution's matrix."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import convviz
from convviz.lessons import Matrix, TiedAndFree
from convviz.numerals import typed
from convviz.questions import tied_gradient, weight_count
from convviz.questions.guess import same

SIZES = st.tuples(st.integers(1, 6), st.integers(1, 6)).filter(lambda sizes: sizes[0] >= sizes[1])


def is_distinct(question):
    values = [question.truth, *(mistake.value for mistake in question.mistakes())]
    return not any(same(value, other) for number, value in enumerate(values) for other in values[:number])


@pytest.mark.parametrize("axes", [1, 2])
def test_usual_mistakes_about_the_number_of_weights_lead_to_different_answers(axes):
    lesson = Matrix()
    lesson.use("choice axes", axes - 1)
    question = weight_count(lesson.traces["matrix"])
    assert len(list(question.mistakes())) >= 4
    assert is_distinct(question)


def test_usual_mistakes_about_a_gradient_lead_to_different_answers():
    question = tied_gradient(TiedAndFree().traces["tied"], 0)
    assert len(question.mistakes()) >= 8
    assert is_distinct(question)
    told = {
        "2": "first row alone",
        "6": "last row alone",
        "4": "mean",
        "5": "sum of ∂L/∂output",
        "3": "sum of the inputs",
    }
    for guess, said in told.items():
        assert said in question.judge(guess).text
    assert question.judge("8").correct


@given(SIZES, st.data())
def test_the_gradient_asked_for_is_that_of_the_first_weight(sizes, data):
    draw = st.integers(-9, 9)
    x, w = (data.draw(st.lists(draw, min_size=size, max_size=size)) for size in sizes)
    outputs = sizes[0] - sizes[1] + 1
    upstream = data.draw(st.lists(draw, min_size=outputs, max_size=outputs))
    trace = convviz.matrix_view(convviz.gradients(convviz.correlate(x, w), upstream))
    expected = sum(g * each for g, each in zip(upstream, x, strict=False))
    for index in range(outputs):
        question = tied_gradient(trace, index)
        if index == outputs - 1:
            assert question is None
            continue
        assert (question.truth, question.leads_to) == (expected, outputs - 1)
        assert question.judge(typed(expected)).correct
        for mistake in question.mistakes():
            if not same(mistake.value, expected):
                judged = question.judge(typed(mistake.value))
                assert not judged.correct


def test_the_number_of_weights_does_not_depend_on_their_values():
    one, other = (convviz.matrix_view(convviz.correlate(np.arange(6), w)) for w in ([1, 2], [0, 0]))
    assert weight_count(one) == weight_count(other)
    assert weight_count(one).truth == 2
