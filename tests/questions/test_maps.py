"""How many feature maps a layer makes, and what is taken for it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz import conv_layer, correlate, dense
from convviz.questions import map_count
from tests.strategies import layer_calls


def maps(channels, filters, groups=1, size=4):
    return conv_layer(np.ones((channels, size, size)), np.ones((filters, channels // groups, 3, 3)), groups=groups)


def told(trace, guess):
    return [mistake.what for mistake in map_count(trace).mistakes() if mistake.value == guess]


@pytest.mark.parametrize(
    ("guess", "mistake"),
    [
        ("15", "15 is the number of kernels, 5 filters of 3 kernels each: a filter adds up what its kernels make into"),
        ("3", "3 is the number of channels that go in: each filter makes one map, however many channels it reads."),
        ("1", "1 is what it would be if all results were added up to a single map: each filter keeps its own map."),
        ("4", "4 is the number of cells in one map, 2×2: that is its size, not how many maps there are."),
        ("8", "8 is 3 channels plus 5 filters: each filter makes one map, and channels make none."),
        ("7.5", "Count the filters: each one adds up the results of all channels that it reads, and makes one map."),
    ],
)
def test_each_mistake_is_named(guess, mistake):
    judgement = map_count(maps(3, 5)).judge(guess)
    assert judgement.verdict == "wrong"
    assert judgement.text.startswith(f"Not yet. {mistake}")
    assert "also" not in judgement.text


@pytest.mark.parametrize(
    ("trace", "guess", "mistakes"),
    [
        (maps(4, 4, groups=4, size=5), 16, ["4 channels times 4 filters: a filter reads only the one channel of its"]),
        (maps(4, 6, groups=2, size=5), 12, ["the number of kernels, 6 filters of 2 kernels each"]),
        (maps(4, 6, groups=2, size=5), 24, ["4 channels times 6 filters: a filter reads only the 2 channels of its"]),
        (maps(3, 1, size=5), 3, ["the number of channels that go in: the filter adds up"]),
        (maps(1, 3, size=5), 1, ["the number of channels that go in: each filter makes a map of its own"]),
        (maps(1, 3, size=5), 4, ["1 channel plus 3 filters"]),
        (maps(1, 1, size=3), 2, ["1 channel plus 1 filter:"]),
        (maps(3, 5, size=3), 1, ["added up to a single map"]),
        (maps(3, 3, size=5), 9, ["the number of kernels", "the number of cells in one map, 3×3"]),
        (maps(3, 5), 7.5, []),
    ],
)
def test_coincidences_do_not_misinform(trace, guess, mistakes):
    found = told(trace, guess)
    assert len(found) == len(mistakes)
    assert all(part in said for part, said in zip(mistakes, found, strict=True)), found


@given(layer_calls(most=3), st.integers(-1, 30))
def test_only_the_number_of_filters_is_right(call, guess):
    trace = conv_layer(call.x, call.weight, call.bias, **call.parameters)
    judgement = map_count(trace).judge(str(guess))
    assert judgement.correct == (guess == len(trace.output))
    assert judgement.correct or guess in counted(trace) or judgement.text.startswith("Not yet. Count the filters")


def counted(trace):
    """Count by hand what may be taken for the number of maps."""
    filters, read = trace.weight.shape[:2]
    cells = int(np.prod(trace.output.shape[1:]))
    return {1, len(trace.x), filters * read, filters * len(trace.x), cells, len(trace.x) + filters}


@pytest.mark.parametrize(
    ("trace", "explanation"),
    [
        (maps(2, 1), "There is one filter. It adds up the results of the 2 channels that it reads, and makes one map."),
        (maps(2, 2, groups=2), "There are 2 filters. Each one reads one channel, and makes one map."),
        (correlate([1, 2, 3], [4, 5]), "There is one filter. It reads one channel, and makes one map."),
    ],
)
def test_why_there_are_so_many_maps(trace, explanation):
    question = map_count(trace)
    assert question.judge(str(question.truth)).text == f"Right! {explanation}"
    assert question.leads_to is None


def test_other_weights_and_steps_are_no_other_question():
    one, other = maps(3, 5), conv_layer(np.zeros((3, 4, 4)), np.eye(3) * np.ones((5, 3, 1, 1)), np.arange(5))
    assert map_count(one).subject == map_count(other).subject
    assert map_count(one).subject != map_count(maps(3, 4)).subject
    assert map_count(one).subject != map_count(maps(3, 5, size=5)).subject


def test_other_traces_are_refused():
    with pytest.raises(TypeError, match="accepted: a trace of conv_layer, correlate or convolve"):
        map_count(dense([1, 2], [[3, 4]]))
