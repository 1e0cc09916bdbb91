"""Each mistake's number follows from what its sentence says, and none is reported that leads to the right answer."""

import re

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from convviz import conv_layer, convolve, correlate
from convviz.numerals import typed
from convviz.operations.convolution.correlate import WindowTrace
from convviz.questions import Mistake, Question, next_cell
from convviz.questions.guess import read_guess
from tests.questions.dull import DullCell, close, follows
from tests.strategies import layer_calls, layer_traces, traces, window_calls


def leaky(numbers):
    return np.where(np.asarray(numbers) < 0, np.asarray(numbers) / 4, numbers)


def nothing(numbers):
    return numbers


ACTIVATIONS = {
    None: (nothing, ""),
    "relu": (lambda number: max(number, 0), "relu"),
    "sigmoid": (lambda number: 1 / (1 + np.exp(-float(number))) if number > -700 else 0.0, "sigmoid"),
    "tanh": (lambda number: float(np.tanh(float(number))), "tanh"),
    leaky: (lambda number: leaky(number).item(), "leaky"),
}


@st.composite
def asked(draw):
    """Draw a trace and a step but the last, with the same cell computed dully."""
    if draw(st.booleans()):
        trace, call = draw(window_calls())
        act, name, position = nothing, "", lambda at: str(list(at[1:]))
        output = trace.output[None]
    else:
        call = draw(layer_calls(most=4))
        activation = draw(st.sampled_from(list(ACTIVATIONS)))
        (act, name), position = ACTIVATIONS[activation], lambda at: str(list(at))
        trace = conv_layer(call.x, call.weight, call.bias, activation=activation, **call.parameters)
        output = trace.output
    assume(len(trace) > 1)
    index = draw(st.integers(0, len(trace) - 2))
    cell = tuple(map(int, np.unravel_index(index + 1, output.shape)))
    return next_cell(trace, index), DullCell(call, cell, output, act, name), position


@given(asked())
def test_every_number_follows_from_its_sentence(drawn):
    question, cell, name = drawn
    for mistake in question.mistakes():
        assert follows(mistake, cell, name), mistake
        assert not re.search(r"turned|180°|\blaid\b|[Tt]ell", mistake.told)


@given(asked(), st.data())
def test_a_guess_is_a_mistake_just_where_it_is_not_right(drawn, data):
    question, cell, _ = drawn
    assert close(question.truth, cell.act(cell.total + cell.bias))
    assert question.judge(typed(question.truth)).correct
    mistakes = [mistake for mistake in question.mistakes() if np.isfinite(mistake.value)]
    guess = read_guess(typed(data.draw(st.sampled_from(mistakes or [Mistake(1, "")])).value))
    alike = [mistake for mistake in mistakes if guess.equals(mistake.value)]
    judgement = question.judge(guess.text)
    assert judgement.correct == guess.stands_for(question.truth)
    if alike and not judgement.correct:
        least = min(alike, key=lambda mistake: len(mistake.missing))
        assert judgement.text.startswith(f"Not yet. {guess.text} is {least.told}.")


numbers = st.integers(-9, 9)


@given(st.lists(numbers, min_size=4, max_size=4), st.lists(numbers, min_size=3, max_size=3), st.integers(0, 2))
def test_a_forgotten_term_is_always_noticed(x, weights, forgotten):
    term = x[1 + forgotten] * weights[forgotten]
    assume(term)
    question = next_cell(correlate(x, weights), 0)
    sentences = [mistake.what for mistake in question.mistakes() if mistake.value == question.truth - term]
    assert any(said.startswith("the sum without") for said in sentences)


CHANNELS = [[[3, 1], [4, 1]], [[2, 7], [1, 8]], [[1, 4], [1, 4]]]
FILTERS = np.array([np.zeros((3, 2, 2)), [[[1, 0], [2, -1]], [[0, 1], [-3, 1]], [[-5, 1], [0, -9]]]], dtype=int)
"""The channels of the second filter give 10, 12 and -37."""


def layer(bias=None, activation=None, **parameters):
    return conv_layer(CHANNELS, FILTERS, bias, activation=activation, **parameters)


@pytest.mark.parametrize(
    ("guess", "said"),
    [
        ("35", "35 is the mean of the channels' sums 10, 12 and -37, plus bias 40: the sums are added, not averaged."),
        ("-5", "-5 is the mean of the channels' sums 10, 12 and -37: the sums are added, not averaged; bias 40 and"),
        ("50", "50 is the sum of channel 0 alone, plus bias 40: add -25, the sum of the other channels."),
        ("12", "12 is the sum of channel 1 alone: add -27, the sum of the other channels; bias 40 was left out."),
        ("-15", "-15 is the sum of the products alone; bias 40 and relu were left out."),
        ("62", "62 is the result of applying relu to the sum of each channel and then adding bias 40: add up all"),
        ("40", "40 is the result of applying relu before bias 40 is added: the bias comes first."),
        ("105", "105 is the sum with bias 40 added 3 times, once for each channel: a filter adds its bias just once."),
        ("62", "62 is also the sum without channel 2, plus bias 40: add -37, the sum of that channel."),
        ("22", "22 is the sum without the term 3×1 of channel 0, in cell [0, 0] of the window, plus bias 40: one term"),
        ("0", "0 is what relu makes of -15, the sum without the bias: bias 40 is added first."),
    ],
)
def test_mistakes_about_a_layer(guess, said):
    assert said in next_cell(layer([0, 40], "relu"), 0).judge(guess).text


@pytest.mark.parametrize(
    ("parameters", "guess", "said"),
    [
        ({"bias": [0, 3]}, "-15", "the sum without the bias: bias 3 is added."),
        ({"activation": "relu"}, "-15", "what goes into relu: the output is what comes out of it."),
        ({"bias": [0, 9], "activation": "relu"}, "22", "the result of applying relu to the sum of each channel: add"),
        ({"activation": leaky}, "12.75", "the result of applying leaky to the sum of each channel: add up"),
        ({"activation": lambda z: z * 2}, "-15", "what goes into the activation: the output"),
        ({"flip": True}, "-15", "the result of the filter as it is: a convolution flips it first."),
        ({"bias": [7, 0]}, "7", "what output [0, 0, 0], the cell before, holds: filter 1 has begun since."),
        ({"bias": [6, 0]}, "6", "what filter 0 makes at the same place: this cell belongs to filter 1."),
    ],
)
def test_mistakes_about_other_layers(parameters, guess, said):
    assert said in next_cell(layer(**parameters), 0).judge(guess).text or said in sentences(layer(**parameters), guess)


def sentences(trace, guess):
    return [f"{m.told}." for m in next_cell(trace, 0).mistakes() if m.value == float(guess)]


X = [[3, 1, 4], [1, 5, 9], [2, 6, 5]]
W = [[2, 7], [1, 8]]


@pytest.mark.parametrize(
    ("trace", "guess", "said"),
    [
        (correlate(X, W), "65", "65 is the result of the flipped kernel: here it is used as it is."),
        (correlate(X, W), "113", "113 is the result of the transposed kernel, its rows written as columns: here it"),
        (convolve(X, W, "valid"), "107", "107 is the result of the kernel as it is: a convolution flips it first."),
        (convolve(X, W, "valid"), "106", "106 is the result of the kernel flipped top to bottom only: flip it left"),
        (convolve(X, W, "valid"), "64", "64 is the result of the kernel flipped left to right only: flip it top"),
        (correlate(X, W), "79", "79 is the sum without the term 4×7 in cell [0, 1] of the window: one term was"),
        (correlate(X, W), "19", "19 is the sum of the window's numbers alone: multiply each by its weight first."),
        (correlate(X, W), "26.75", "26.75 is the mean of the products: they are added, not averaged."),
        (correlate(X, W), "72", "72 is the largest product alone: all products are added."),
        (correlate(X, W), "6", "6 is the top left number of the matrix product of window and kernel: multiply cell"),
        (correlate(X, W), "171", "171 is the sum of all numbers in the matrix product of window and kernel: multiply"),
        (correlate(X, W), "54", "54 is what output [0, 0], the cell before, holds: the window has moved on since."),
        (correlate(X, W), "87", "87 is what output [1, 0] holds, with row and column swapped: the row is named first."),
        (correlate([1, 2, 3, 4], [5, 1, -6]), "37", "the sum of all products without their minus signs: 4×(-6) is"),
    ],
)
def test_mistakes_about_a_window(trace, guess, said):
    assert said in next_cell(trace, 0).judge(guess).text


def test_a_kernel_of_one_row_is_not_flipped_halfway():
    told = " ".join(mistake.what for mistake in next_cell(convolve([[1, 2, 3]], [[4, 5]]), 0).mistakes())
    assert "as it is" in told
    assert "only" not in told
    assert "transposed" not in told


def test_channels_that_have_the_same_sum_are_named_together():
    three = conv_layer([[1, 2], [1, 3], [1, 2]], [[[1], [1], [1]]])
    assert (
        next_cell(three, 0)
        .judge("2")
        .text.startswith("Not yet. 2 is the sum of channel 0 or 2 alone: add 5, the sum of the other channels.")
    )
    four = conv_layer([[1, 2]] * 4, [[[1]] * 4])
    assert "2 is also the sum of one channel alone: add 6" in next_cell(four, 0).judge("2").text


def test_a_filter_of_the_second_group_names_its_own_channels():
    trace = conv_layer([[1], [2], [3], [4]], [[[1], [1]], [[1], [1]]], groups=2)
    assert (
        "4 is the sum of channel 3 alone: add 3, the sum of the other channel." in next_cell(trace, 0).judge("4").text
    )


def test_one_channel_is_neither_averaged_nor_kept_apart():
    trace = conv_layer([[3, 4, 2]], [[[1, 2]]], [5], activation="relu")
    told = " ".join(mistake.told for mistake in next_cell(trace, 0).mistakes())
    assert "channel" not in told


def test_an_activation_that_changes_nothing_is_not_spoken_of():
    trace = conv_layer([[1, 3], [1, 4]], [[[1], [2]]], [5], activation="relu")
    question = next_cell(trace, 0)
    assert question.judge("3").text == (
        "Not yet. 3 is the sum of channel 0 alone: add 8, the sum of the other channel; bias 5 was left out."
    )
    assert question.judge("11").text.startswith("Not yet. 11 is the sum without the bias: bias 5 is added before relu.")


def test_an_activation_that_refuses_other_sums_hides_only_what_it_would_make_of_them():
    trace = conv_layer([[1.0, 1.0], [-3.0, -3.0]], [[[1], [1]]], [10], activation=np.log)
    question = next_cell(trace, 0)
    assert "what goes into log" in question.judge("8").text
    assert "the sum of the products alone" in question.judge("-2").text


def test_an_activation_may_look_at_all_sums():
    def softmax(z):
        return np.exp(z) / np.exp(z).sum()

    question = next_cell(conv_layer([[2.0, 1.0], [0.0, -1.0]], [[[1], [1]]], activation=softmax), 0)
    value = next(m.value for m in question.mistakes() if m.what.startswith("the sum of channel 0 alone, with softmax"))
    assert value == pytest.approx(1 / (1 + np.e))


@given(traces(most=6, largest_kernel=3) | layer_traces(most=5), st.data())
def test_a_wrong_guess_about_any_numbers_gets_an_answer(trace, data):
    assume(len(trace) > 1)
    question = next_cell(trace, data.draw(st.integers(0, len(trace) - 2)))
    mistakes = [mistake for mistake in question.mistakes() if np.isfinite(mistake.value)]
    guesses = st.sampled_from([typed(mistake.value) for mistake in mistakes] or ["1"]) | st.sampled_from(
        ["1", "0", "9"]
    )
    assert question.judge(data.draw(guesses)).text.startswith(("Right! ", "Not yet. ", "0 is", "1 is", "9 is"))


def test_integers_have_no_end():
    question = next_cell(correlate([0, 2**62, 2**62 - 1], [3, -2]), 0)
    assert question.truth == 2**62 + 2
    assert question.judge(str(3 * 2**62)).text.startswith(f"Not yet. {3 * 2**62} is the sum without the term")
    rectified = next_cell(conv_layer([[0, 2**62, 2**62 - 1]], [[[3, -2]]], activation="relu"), 0)
    assert 5 * 2**62 - 2 in [mistake.value for mistake in rectified.mistakes()]


def test_mistakes_are_worked_out_only_when_a_guess_is_wrong():
    def never():
        raise AssertionError

    question = Question(subject=0, prompt="", truth=7, mistakes=never, explanation="Why.", hint="How.")
    assert question.judge("7").correct
    assert question.judge("seven").verdict == "unclear"
    with pytest.raises(AssertionError):
        question.judge("8")


def test_a_trace_of_a_window_is_a_layer_of_one_channel():
    trace = correlate(X, W)
    assert isinstance(trace, WindowTrace)
    as_layer = conv_layer([X], [[W]])
    for index in range(len(trace) - 1):
        of_window, of_layer = next_cell(trace, index), next_cell(as_layer, index)
        values = [[mistake.value for mistake in question.mistakes()] for question in (of_window, of_layer)]
        assert values[0] == values[1]
        assert of_window.hint == of_layer.hint


def test_a_mistake_that_leads_to_no_number_is_passed_over():
    question = Question(
        subject=0, prompt="", truth=7, mistakes=lambda: [Mistake(float("nan"), "x")], explanation="", hint="How."
    )
    assert question.judge("8").text == "Not yet. How."
