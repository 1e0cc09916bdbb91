"""The question about the next neuron: its answer, and the mistakes that it knows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz import dense, outer_product
from convviz.questions import next_neuron, next_number
from convviz.questions.guess import same

NUMBERS = st.integers(-9, 9)
NEURON = st.tuples(st.lists(NUMBERS, min_size=3, max_size=3), NUMBERS)


@given(st.lists(NUMBERS, min_size=3, max_size=3), st.lists(NEURON, min_size=2, max_size=4))
def test_the_answer_is_the_sum_of_the_products_and_the_bias(x, neurons):
    trace = dense(x, [weights for weights, _ in neurons], [bias for _, bias in neurons])
    for step, (weights, bias) in enumerate(neurons[1:]):
        total = bias
        for at in range(3):
            total += x[at] * weights[at]
        question = next_neuron(trace, step)
        assert question.truth == total
        assert question.leads_to == step + 1
        assert question.judge(str(total)).correct
    assert next_neuron(trace, len(neurons) - 1) is None


@pytest.mark.parametrize(
    ("guess", "says"),
    [
        ("-7", "the sum of the products: bias 7 was left out"),
        ("10", "the number of neuron 0"),
        ("12", "the sum of the inputs"),
        ("13", "the sum of the weights"),
        ("18", "adding instead of multiplying"),
        ("-14", "less bias 7"),
        ("8", "one term was forgotten"),
    ],
)
def test_a_mistake_is_named(guess, says):
    trace = dense([2, -1, 4], [[1, 0, 2], [3, 5, -2]], [0, 7])
    assert says in next_neuron(trace, 0).judge(guess).text


def test_a_forgotten_activation_is_named():
    trace = dense([2, -1, 4], [[1, 0, 2], [3, 5, -3]], [0, 7], "relu")
    question = next_neuron(trace, 0)
    assert question.prompt == "What will neuron 1 give, after bias 7 and relu?"
    assert question.judge("0").correct
    assert "the sum before relu" in question.judge("-4").text


def test_usual_mistakes_lead_to_different_answers():
    usual = [each.value for each in next_neuron(dense([2, -1, 4], [[1, 0, 2], [3, 5, -2]], [0, 7]), 0).mistakes()]
    assert not any(same(one, other) for at, one in enumerate(usual[:8]) for other in usual[:at])


def test_an_operation_without_such_a_question_asks_nothing():
    assert next_number(outer_product([1, 2], [3, 4]), 0) is None
