"""What is written about learning: verdicts, and code."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convviz import correlate, learn_kernel
from convviz.lessons.notes import library_calls, likeness_verdict, twins_verdict
from convviz.lessons.notes.numbers_in_code import numbers_in_code
from convviz.operations.learning.two_layers import learn_two_layers
from tests.lessons.notes.page import Page

X = np.arange(20).reshape(4, 5) % 7
SIGNAL = [1, 1, 0, 0, 2, 2, 0, 1, 1, 1]
EDGES = np.abs(np.subtract(SIGNAL[2:], SIGNAL[:-2]))


def test_the_twins_agree_and_the_target_is_reached_or_not():
    reached = learn_kernel(X, correlate(X, [[1, 2], [0, -1]]).output, start="zeros", steps=3000)
    text = Page(twins_verdict(reached)).text
    assert "After 3000 updates the loss is" in text
    assert "the output is the same, and one kernel is the other, flipped. The target is as good as reached." in text
    early = learn_kernel(X, correlate(X, [[1, 2], [0, -1]]).output, start="zeros", steps=1)
    assert "After 1 update the loss is" in Page(twins_verdict(early)).text
    assert "The target is not reached, or not yet." in Page(twins_verdict(early)).text


@pytest.mark.parametrize(
    ("start", "seed", "said"),
    [
        ("zeros", 0, "the loss is 2, as at the start. Nothing has moved"),
        ("constant", 0, "The filters started alike, and they still are"),
        ("he", 0, "The filters differ. The target is as good as reached."),
        ("he", 2, "The filters differ, and relu cuts off all that 1 of 2 filters makes."),
        ("he", 3, "The filters differ, and relu cuts off all that 2 of 2 filters make."),
        ("he", 4, "The filters differ. The target is not reached, or not yet."),
    ],
)
def test_what_became_of_the_filters(start, seed, said):
    assert said in Page(likeness_verdict(learn_two_layers(SIGNAL, EDGES, start=start, seed=seed))).text


@settings(max_examples=10)
@given(st.integers(0, 99), st.booleans(), st.integers(1, 2))
def test_the_code_gives_the_losses(seed, flip, dimensions):
    pytest.importorskip("torch").set_num_threads(1)
    random = np.random.default_rng(seed)
    x, target = random.integers(-3, 4, (4, 5)[-dimensions:]), random.integers(-3, 4, (2, 4)[-dimensions:])
    x.flat[0] = 1
    trace = learn_kernel(x, target, start="he", seed=seed, steps=4, flip=flip)
    for call in library_calls(trace):
        names = {}
        exec(f"{numbers_in_code(trace)}\n{call.code}", names)
        np.testing.assert_allclose(names["result"], trace.output, rtol=1e-9, atol=1e-12)


def test_code_for_another_mode_is_refused():
    with pytest.raises(ValueError, match="trace has mode 'same'; accepted: 'valid'"):
        library_calls(learn_kernel([1, 0, 2, 5], [1, 2, 2, 1], (3,), mode="same", steps=2))
