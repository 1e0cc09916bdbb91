"""Questions about what a player shows: how they are put, and what a guess is answered."""

from html import unescape

import numpy as np
import pytest

from convviz import Player, conv_layer, correlate, dense
from convviz.lessons.prediction import Prediction
from convviz.lessons.questions import MapCount, NextCell

X = [[1, 2, 3], [4, 5, 6]]
FILTERS = [[[1, 0], [0, -2]], [[1, 1], [1, 1]]]


def layer(bias=None, activation=None):
    return conv_layer(X, FILTERS, bias, activation=activation)


def answer(prediction, text):
    prediction.guess.value = text
    prediction.button.click()
    return unescape(prediction.answer.value)


@pytest.mark.parametrize(
    ("trace", "index", "asked"),
    [
        (correlate([1, 2, 3], [1, 1]), 0, "<code>[1]</code>, hold?"),
        (layer(), 0, "<code>[0, 1]</code>, hold?"),
        (layer([2, 0]), 0, "<code>[0, 1]</code>, hold, with bias 2?"),
        (layer([2, 0]), 1, "<code>[1, 0]</code>, hold?"),
        (layer([2, 0], "relu"), 0, "hold, with bias 2, then relu?"),
        (layer(activation="relu"), 0, "hold, then relu?"),
        (layer(activation=lambda z: z), 0, "hold, then the activation?"),
        (layer(), 3, "<code>[0, 0]</code>, hold?"),
    ],
)
def test_the_next_cell_is_asked_for_with_all_it_takes(trace, index, asked):
    assert asked in Prediction(Player(trace, index=index)).question.value


def test_a_right_guess_at_a_layer_takes_one_step():
    player = Player(layer([20, 0], "relu"))
    prediction = Prediction(player)
    assert f"Right! {player.trace[1].describe()}" in answer(prediction, "10")
    assert player.index == 1
    assert prediction.guess.value == ""
    assert "[1, 0]" in prediction.question.value


def test_a_wrong_guess_at_a_layer_is_diagnosed():
    player = Player(layer([20, 0], "relu"))
    assert "Not yet. 2 is the sum of channel 0 alone" in answer(Prediction(player), "2")
    assert player.index == 0


@pytest.mark.parametrize(
    ("trace", "hint"),
    [
        (
            correlate([1, 2, 3], [1, 1]),
            "Multiply each number in the window by the weight in its corner, then add everything up.",
        ),
        (
            layer([20, 0], "relu"),
            "In every channel that the filter reads, multiply each number in the window by its weight, "
            "add all these channels up, add bias 20, then apply relu.",
        ),
        (
            layer(),
            "In every channel that the filter reads, multiply each number in the window by its weight, "
            "then add all these channels up.",
        ),
        (
            conv_layer([[1, 2, 3]], [[[1, 1]]], [4]),
            "Multiply each number in the window by its weight, add everything up, then add bias 4.",
        ),
    ],
)
def test_what_matches_nothing_gets_a_hint_that_fits(trace, hint):
    said = answer(Prediction(Player(trace)), "1000")
    assert f"Not yet. 1000 matches none of the usual mistakes. {hint}" in said


def test_the_last_step_is_followed_by_the_first_however_far_the_index_goes():
    player = Player(layer())
    prediction = Prediction(player)
    player.index = 100
    assert "[0, 0]" in prediction.question.value


def test_a_trace_of_one_step_can_be_guessed_again():
    prediction = Prediction(Player(conv_layer([[3]], [[[2]]])))
    assert "Right!" in answer(prediction, "6")
    assert prediction.guess.value == ""
    assert "Not yet." in answer(prediction, "5")


@pytest.mark.parametrize("question", [NextCell, MapCount])
def test_a_picture_drawn_wider_keeps_the_answer(question):
    player = Player(layer())
    prediction = Prediction(player, question())
    said = answer(prediction, "1000")
    before = player.picture
    player.trace = player.trace
    assert player.picture is not before
    assert unescape(prediction.answer.value) == said
    assert prediction.guess.value == "1000"


@pytest.mark.parametrize("question", [NextCell, MapCount])
def test_another_trace_is_asked_about_anew(question):
    player = Player(layer())
    prediction = Prediction(player, question())
    answer(prediction, "1000")
    player.trace = layer([1, 1])
    assert "Not yet" not in prediction.answer.value
    assert prediction.guess.value == ""


def test_counting_maps():
    player = Player(layer())
    prediction = Prediction(player, MapCount())
    assert "How many <b>feature maps</b> does this layer make?" in prediction.question.value
    assert "4 is how many kernel slices there are" in answer(prediction, "4")
    assert "100 matches none of the usual mistakes. Count the filters: each one adds up" in answer(prediction, "100")
    assert "“many” is no number" in answer(prediction, "many")
    said = answer(prediction, "2")
    assert "Right! There are 2 filters: each one adds up what the 2 channels that it reads give, and" in said
    assert player.index == 0


def test_stepping_on_keeps_the_count():
    player = Player(layer())
    prediction = Prediction(player, MapCount())
    said = answer(prediction, "2")
    player.index = 3
    assert unescape(prediction.answer.value) == said


@pytest.mark.parametrize(
    ("trace", "explanation"),
    [
        (conv_layer(X, np.ones((1, 2, 1))), "There is one filter: it adds up what the 2 channels that it reads give"),
        (conv_layer(X, np.ones((2, 1, 1)), groups=2), "There are 2 filters: each one reads one channel, and makes"),
    ],
)
def test_why_there_are_so_many_maps(trace, explanation):
    assert f"Right! {explanation}" in answer(Prediction(Player(trace), MapCount()), str(len(trace.output)))


@pytest.mark.parametrize(("question", "accepted"), [(NextCell, "conv_layer, correlate or"), (MapCount, "conv_layer")])
def test_other_traces_are_refused(question, accepted):
    player = Player(dense([1, 2], [[3, 4]]))
    with pytest.raises(TypeError, match=f"player shows a DenseTrace; accepted: a trace of {accepted}"):
        Prediction(player, question())
