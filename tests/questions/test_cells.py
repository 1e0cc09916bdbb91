"""Questions about the next cell: what is asked, when it is asked anew, and what is said about the answer."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from convviz import conv_layer, convolve, correlate, dense
from convviz.numerals import typed
from convviz.questions import flipped_cell, next_cell
from tests.strategies import layer_calls, traces

X = [[1, 2, 3], [4, 5, 6]]
FILTERS = [[[1, 0], [0, -2]], [[1, 1], [1, 1]]]


def layer(bias=None, activation=None, **parameters):
    return conv_layer(X, FILTERS, bias, activation=activation, **parameters)


@pytest.mark.parametrize(
    ("trace", "index", "asked"),
    [
        (correlate([1, 2, 3], [1, 1]), 0, "What will the next output cell [1] hold?"),
        (correlate(np.eye(3), [[1, 1]]), 3, "What will the next output cell [2, 0] hold?"),
        (layer(), 0, "What will the next output cell [0, 1] hold?"),
        (layer([2, 0]), 0, "What will the next output cell [0, 1] hold, after bias 2?"),
        (layer([2, 0], "relu"), 0, "What will the next output cell [0, 1] hold, after bias 2 and relu?"),
        (layer(activation="relu"), 0, "What will the next output cell [0, 1] hold, after relu?"),
        (layer(activation=lambda z: z), 0, "What will the next output cell [0, 1] hold, after the activation?"),
        (layer([2, -3]), 1, "Map 1 begins. What will output cell [1, 0] hold, after bias -3?"),
    ],
)
def test_the_next_cell_is_asked_for_with_all_it_takes(trace, index, asked):
    question = next_cell(trace, index)
    assert question.prompt == asked
    assert question.leads_to == index + 1


@pytest.mark.parametrize(
    ("trace", "hint"),
    [
        (
            correlate([1, 2, 3], [1, 1]),
            "Multiply each number in the window by the weight that lies on it, then add up all products.",
        ),
        (
            convolve([1, 2, 3], [1, 1]),
            "Flip the kernel first. Multiply each number in the window by the weight that lies on it, then add up all "
            "products.",
        ),
        (
            layer([20, 0], "relu", flip=True),
            "Flip the filter first. In each channel that the filter reads, multiply each number in the window by the "
            "weight that lies on it, add up all products, add bias 20, then apply relu.",
        ),
        (
            conv_layer([X], [[X]], padding=1, flip=True, bias=[-4]),
            "Flip the kernel first, top to bottom and left to right. Multiply each number in the window by the weight "
            "that lies on it, add up all products, then add bias -4.",
        ),
    ],
)
def test_what_is_no_usual_mistake_gets_a_hint_that_fits(trace, hint):
    question = next_cell(trace, 0)
    assert question.hint == hint
    assert question.judge("1000").text == f"Not yet. {hint}"


@pytest.mark.parametrize("ask", [next_cell, flipped_cell])
@given(trace=traces(most=5, largest_kernel=3), data=st.data())
def test_every_cell_but_the_first_is_asked_for_and_the_right_answer_leads_there(ask, trace, data):
    assume(ask is next_cell or trace.flip)
    assert ask(trace, len(trace) - 1) is None
    assert ask(trace, -1) is None
    assume(len(trace) > 1)
    index = data.draw(st.integers(0, len(trace) - 2))
    question = ask(trace, index)
    assert question.leads_to == index + 1
    assert str(list(trace[index + 1].position)) in question.prompt
    judgement = question.judge(typed(trace[index + 1].value.item()))
    assert judgement.correct
    assert judgement.text.startswith(f"Right! {trace[index + 1].describe()}")


def test_after_the_last_cell_nothing_is_asked():
    trace = layer()
    assert next_cell(trace, len(trace) - 1) is None
    assert next_cell(conv_layer([[3]], [[[2]]]), 0) is None


@given(layer_calls(most=3), st.data())
def test_the_same_numbers_make_the_same_question(call, data):
    trace, again = (conv_layer(call.x, call.weight, call.bias, **call.parameters) for _ in range(2))
    assume(len(trace) > 1)
    index = data.draw(st.integers(0, len(trace) - 2))
    assert next_cell(trace, index) == next_cell(again, index)
    assert hash(next_cell(trace, index).subject) == hash(next_cell(again, index).subject)


@pytest.mark.parametrize(
    ("other", "index"),
    [
        (layer([1, 1]), 1),
        (layer(activation="relu"), 0),
        (layer([1, 2]), 0),
        (layer([1, 1], flip=True), 0),
        (layer([1, 1], padding=1), 0),
        (conv_layer(np.array(X) + np.eye(2, 3, dtype=int), FILTERS, [1, 1]), 0),
        (conv_layer(X, np.array(FILTERS) + 1, [1, 1]), 0),
        (conv_layer(np.array(X, dtype=float), FILTERS, [1, 1]), 0),
    ],
)
def test_other_numbers_make_another_question(other, index):
    assert next_cell(layer([1, 1]), 0).subject != next_cell(other, index).subject


def test_a_flipped_cell_is_another_question():
    trace = convolve([1, 2, 3], [4, 5])
    assert next_cell(trace, 0).subject != flipped_cell(trace, 0).subject


@pytest.mark.parametrize("ask", [next_cell, flipped_cell])
def test_other_traces_are_refused(ask):
    with pytest.raises(TypeError, match="accepted: a trace of conv_layer, correlate or convolve"):
        ask(dense([1, 2], [[3, 4]]), 0)
    with pytest.raises(IndexError, match="index=9, but there are 4 steps"):
        ask(convolve([1, 2, 3], [4, 5]), 9)


# --- the flip


KERNEL = [[1, 2], [3, 4]]
PICTURE = [[5, 0, 1], [2, 7, 0], [0, 3, 6]]


def test_the_cell_of_the_convolution_is_asked_for():
    question = flipped_cell(convolve(PICTURE, KERNEL, "valid"), 0)
    assert question.prompt == "What will the next cell [0, 1] hold in the convolution, where the kernel is flipped?"
    value = 0 * 4 + 1 * 3 + 7 * 2 + 0 * 1
    assert question.truth == value
    unflipped = 0 * 1 + 1 * 2 + 7 * 3 + 0 * 4
    assert question.explanation.endswith(f" = {value}. Without the flip it would be {unflipped}.")


@pytest.mark.parametrize(
    ("guess", "said"),
    [
        (0 * 1 + 1 * 2 + 7 * 3 + 0 * 4, "the result of the kernel as it is: a convolution flips it first."),
        (0 * 3 + 1 * 4 + 7 * 1 + 0 * 2, "the result of the kernel flipped top to bottom only: flip it left to right"),
        (0 * 2 + 1 * 1 + 7 * 4 + 0 * 3, "the result of the kernel flipped left to right only: flip it top to bottom"),
        (0 * 1 + 1 * 3 + 7 * 2 + 0 * 4, None),
        (14, "the sum without the term 1×3 in cell [0, 1] of the window: one term was forgotten."),
    ],
)
def test_what_was_flipped_wrongly_is_named(guess, said):
    judgement = flipped_cell(convolve(PICTURE, KERNEL, "valid"), 0).judge(str(guess))
    assert judgement.correct == (said is None)
    assert f"{guess} is {said}" in judgement.text or judgement.correct


def test_a_symmetric_kernel_says_that_the_flip_changes_nothing():
    question = flipped_cell(convolve([1, 2, 3], [1, 5, 1]), 0)
    assert question.explanation.endswith("= 7. Without the flip it would be the same.")


def test_a_layer_that_flips_is_asked_about_too():
    trace = conv_layer(X, FILTERS, [20, 0], activation="relu", flip=True)
    question = flipped_cell(trace, 0)
    assert question.prompt == (
        "What will the next cell [0, 1] hold in the convolution, where the filter is flipped, after bias 20 and relu?"
    )
    assert question.explanation == f"{trace[1].describe()} Without the flip it would be 10."


def test_an_activation_that_refuses_the_result_without_the_flip_leaves_it_unsaid():
    trace = conv_layer([[1.0, 1.0, 2.0]], [[[3.0, -2.0]]], [1], activation=np.log, flip=True)
    assert flipped_cell(trace, 0).explanation == trace[1].describe()


def test_what_does_not_flip_is_refused():
    with pytest.raises(ValueError, match="trace has flip=False; accepted: a trace of convolve"):
        flipped_cell(correlate([1, 2, 3], [4, 5]), 0)
