"""A wrong guess is told apart by what it gives away."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from convviz import conv_layer, convolve, correlate
from convviz.questions.diagnosis import Diagnosis, diagnose, diagnose_maps
from convviz.questions.layer_diagnosis import layer_candidates
from convviz.questions.mistakes import same
from tests.strategies import layer_calls

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


def test_a_rounded_half_is_right():
    assert diagnose(correlate([1.0], [0.0625]), 0, 0.063).correct


def test_a_guess_beyond_all_floats_is_wrong():
    assert diagnose(correlate([1.0], [0.5]), 0, 10**400) == Diagnosis(correct=False)


def test_other_traces_are_refused():
    with pytest.raises(TypeError, match=r"trace is 3 .*accepted: a trace of conv_layer, correlate or convolve"):
        diagnose(3, 0, 0)
    with pytest.raises(TypeError, match="accepted: a trace of conv_layer"):
        diagnose_maps(correlate(X, W), 1)


# --- layers

CHANNELS = [[[3, 1], [4, 1]], [[2, 7], [1, 8]], [[1, 4], [1, 4]]]
FILTERS = [[[[1, 0], [2, -1]], [[0, 1], [-3, 1]], [[-5, 1], [0, -9]]], np.ones((3, 2, 2))]
"""The first filter's channels give 10, 12 and -37, the second one's 9, 18 and 10."""


def layer(bias=None, activation=None, **parameters):
    return conv_layer(CHANNELS, np.array(FILTERS, dtype=np.int64), bias, activation=activation, **parameters)


def leaky(numbers):
    return np.where(numbers < 0, numbers / 5, numbers)


MEAN, LISTED = (10 + 12 - 37) / 3, "the mean of the channels' sums 10, 12 and -37"
TURNED = (3 * -1 + 1 * 2 + 1) + (2 - 7 * 3 + 8 * 0 + 1 * 1) + (-9 + 0 + 1 - 5 * 4)


@pytest.mark.parametrize(
    ("guess", "mistake"),
    [
        (MEAN + 40, f"{LISTED}, plus bias 40: the sums are added up, not averaged."),
        (MEAN, f"{LISTED}: the sums are added up, not averaged; bias 40 and relu were left out."),
        (0, f"{LISTED}, with relu applied: the sums are added up, not averaged; bias 40 was left out."),
        (50, "the sum of channel 0 alone, plus bias 40: what the other channels give, -25, is added to it."),
        (12, "the sum of channel 1 alone: what the other channels give, -27, is added to it; bias 40 was left out."),
        (0, "what relu makes of -15, the sum without the bias: bias 40 is added first."),
        (-15, "the sum of the products alone; bias 40 and relu were left out."),
        (22 + 40, "applying relu to the sum of each channel and then adding bias 40: add up all channels first"),
        (22, "applying relu to the sum of each channel: add up all channels first"),
        (40, "applying relu before bias 40 is added: the bias comes first."),
        (105, "the sum with bias 40 added 3 times, once for each channel: a filter adds its bias just once."),
        (22 + 40, "the sum without channel 2, plus bias 40: what that channel gives, -37, belongs to it as well."),
        (
            TURNED + 40,
            "turned by 180° first, plus bias 40: here it is laid on as it is; relu was left out.",
        ),
        (38, "what filter 1 gives at the same place: this cell is that of filter 0."),
    ],
)
def test_each_mistake_in_a_layer_is_named(guess, mistake):
    trace = layer([40, 1], "relu")
    assert trace[0].channel_sums.tolist() == [10, 12, -37]
    diagnosis = diagnose(trace, 0, guess)
    assert not diagnosis.correct
    assert any(mistake in said for said in diagnosis.mistakes), diagnosis.mistakes


@pytest.mark.parametrize(
    ("parameters", "index", "guess", "mistake"),
    [
        ({"bias": [3, 0]}, 0, -15, "the sum without the bias: bias 3 is added."),
        ({"activation": "relu"}, 0, -15, "what goes into relu: the output is what comes out of it."),
        ({"bias": [0, -50], "activation": "relu"}, 1, 37, "without the bias: bias -50 is added before relu."),
        ({"activation": leaky}, 0, 22 - 37 / 5, "applying leaky to the sum of each channel: add up"),
        ({"activation": lambda z: z * 2}, 0, -15, "what goes into the activation: the output"),
        ({"flip": True}, 0, -15, "what the filter gives as it is: a convolution turns it by 180° first."),
        ({}, 1, -15, "the value of the step before: filter 1 has begun since."),
        ({"padding": 1}, 1, 3 * -1 + 2 * 1 + 1 * -9, "the value of the step before: the window has moved on since."),
    ],
)
def test_mistakes_of_other_layers(parameters, index, guess, mistake):
    diagnosis = diagnose(layer(**parameters), index, guess)
    assert any(mistake in said for said in diagnosis.mistakes), diagnosis.mistakes


def test_channels_that_give_the_same_are_named_together():
    alone = diagnose(conv_layer([[2], [3], [2]], [[[1], [1], [1]]]), 0, 2).mistakes[0]
    assert alone == "2 is the sum of channel 0 or 2 alone: what the other channels give, 5, is added to it."
    assert "the sum of one channel alone" in diagnose(conv_layer([[2]] * 4, [[[1]] * 4]), 0, 2).mistakes[1]


def test_a_filter_of_the_second_group_names_its_own_channels():
    trace = conv_layer([[1], [2], [3], [4]], [[[1], [1]], [[1], [1]]], groups=2)
    assert diagnose(trace, 1, 4).mistakes == (
        "4 is the sum of channel 3 alone: what the other channel gives, 3, is added to it.",
    )


def test_one_channel_is_neither_averaged_nor_kept_apart():
    said = " ".join(text for _, text in layer_candidates(conv_layer([[3, 4]], [[[1, 2]]], [5], activation="relu"), 0))
    assert "channel" not in said
    assert "mean" not in said


def test_an_activation_that_changes_nothing_is_not_spoken_of():
    trace = conv_layer([[3], [4]], [[[1], [2]]], [5], activation="relu")
    assert diagnose(trace, 0, 3).mistakes == (
        "3 is the sum of channel 0 alone: what the other channel gives, 8, is added to it; bias 5 was left out.",
    )
    assert diagnose(trace, 0, 11).mistakes == ("11 is the sum without the bias: bias 5 is added before relu.",)


def test_an_activation_that_refuses_other_sums_hides_only_what_it_would_make_of_them():
    trace = conv_layer([[1.0], [-3.0]], [[[1], [1]]], [10], activation=np.log)
    assert "what goes into log" in diagnose(trace, 0, 8).mistakes[0]
    assert "the sum of the products alone" in diagnose(trace, 0, -2).mistakes[0]


ACTIVATIONS = st.sampled_from([None, "relu", "sigmoid", "tanh", leaky])


@st.composite
def guessed_layers(draw):
    call = draw(layer_calls(most=4))
    trace = conv_layer(call.x, call.weight, call.bias, activation=draw(ACTIVATIONS), **call.parameters)
    return trace, draw(st.integers(0, len(trace) - 1))


@given(guessed_layers())
def test_the_true_value_of_a_layer_is_right(guessed):
    trace, index = guessed
    value = trace[index].value.item()
    assert diagnose(trace, index, value) == Diagnosis(correct=True)
    assert diagnose(trace, index, round(value, 3)).correct


@given(guessed_layers(), st.data())
def test_a_mistake_is_named_just_where_it_leads_to_the_guess(guessed, data):
    trace, index = guessed
    candidates = list(layer_candidates(trace, index))
    leads = st.sampled_from([value for value, _ in candidates if np.isfinite(value)] or [0])
    guess = data.draw(leads | st.integers(-200, 200))
    truth = trace[index].value
    expected = {said for value, said in candidates if same(guess, value) and not same(value, truth)}
    diagnosis = diagnose(trace, index, guess)
    assert diagnosis.correct == same(guess, truth)
    assert {said.split(" is ", 1)[1] for said in diagnosis.mistakes} == (
        set() if diagnosis.correct else {f"{said}." for said in expected}
    )


@given(guessed_layers())
def test_a_forgotten_bias_and_a_forgotten_activation_are_always_noticed(guessed):
    trace, index = guessed
    step = trace[index]
    for number, mistake in [
        (step.preactivation.item(), "what goes into"),
        (sum(step.products.ravel().tolist()), "the sum without the bias|the sum of the products alone"),
    ]:
        diagnosis = diagnose(trace, index, number)
        applies = step.activation if mistake == "what goes into" else step.bias
        if applies and not diagnosis.correct:
            assert any(part in said for said in diagnosis.mistakes for part in mistake.split("|"))


# --- feature maps


def maps(channels, filters, groups=1, size=4):
    return conv_layer(np.ones((channels, size, size)), np.ones((filters, channels // groups, 3, 3)), groups=groups)


@pytest.mark.parametrize(
    ("guess", "mistake"),
    [
        (15, "15 is how many kernel slices there are, 5 filters of 3 slices each: each filter adds up"),
        (3, "3 is how many channels go in: each filter makes one map, however many channels it reads."),
        (1, "1 is what it would be if everything were added up into a single map"),
        (4, "4 is how many cells one map has, 2×2: that is its size, not how many maps."),
        (8, "8 is 3 channels plus 5 filters: maps come from filters alone, one from each."),
    ],
)
def test_each_mistake_about_feature_maps_is_named(guess, mistake):
    diagnosis = diagnose_maps(maps(3, 5), guess)
    assert not diagnosis.correct
    assert len(diagnosis.mistakes) == 1
    assert diagnosis.mistakes[0].startswith(mistake)


@pytest.mark.parametrize(
    ("trace", "guess", "mistakes"),
    [
        (maps(4, 4, groups=4, size=5), 16, ["4 channels times 4 filters: each filter reads only the one channel"]),
        (maps(4, 6, groups=2, size=5), 12, ["kernel slices there are, 6 filters of 2 slices each"]),
        (maps(4, 6, groups=2, size=5), 24, ["4 channels times 6 filters: each filter reads only the 2 channels"]),
        (maps(3, 1, size=5), 3, ["how many channels go in: the filter adds up"]),
        (maps(1, 3, size=5), 1, ["how many channels go in: each filter makes a map of its own"]),
        (maps(1, 3, size=5), 4, ["1 channel plus 3 filters"]),
        (maps(1, 1, size=3), 2, ["1 channel plus 1 filter:"]),
        (maps(3, 5, size=3), 1, ["added up into a single map"]),
        (maps(3, 3, size=5), 9, ["how many kernel slices", "how many cells one map has, 3×3"]),
        (maps(3, 5), 7.5, []),
    ],
)
def test_coincidences_do_not_misinform(trace, guess, mistakes):
    found = diagnose_maps(trace, guess).mistakes
    assert len(found) == len(mistakes)
    assert all(part in said for part, said in zip(mistakes, found, strict=True)), found


@given(layer_calls(most=3), st.integers(-1, 30))
def test_only_the_number_of_filters_is_right(call, guess):
    trace = conv_layer(call.x, call.weight, call.bias, **call.parameters)
    diagnosis = diagnose_maps(trace, guess)
    assert diagnosis.correct == (guess == len(trace.output))
    assert all(said.startswith(f"{guess} is ") for said in diagnosis.mistakes)
