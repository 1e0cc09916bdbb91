"""Numbers for lessons to begin with, chosen so that usual mistakes lead to different wrong answers."""

import numpy as np
import pytest

from convviz import conv_layer, convolve, correlate, samples
from convviz.questions import flipped_cell, next_cell
from convviz.questions.guess import same

WINDOW = correlate(samples.picture("landscape"), samples.kernel("sobel_x"))
FLIP = convolve(
    [[0, 0, 0, 0, 0], [0, 0, 3, 0, 2], [0, 2, 1, 0, 3], [0, 0, 0, 0, 0], [0, 3, 1, 0, 0]],
    samples.kernel("counting"),
    "valid",
)
CHANNELS = conv_layer(
    samples.picture("apple"), samples.FILTERS["One 3×3 filter, three kernels"](), [1], activation="relu"
)
MIXER = conv_layer(samples.picture("mosaic"), samples.FILTERS["Four 1×1 filters"](), [1, 4, -2, 2])


def usual(question):
    """Return the mistakes of one slip each; of forgotten terms there are many, so they are looked at by themselves."""
    kept = [m for m in question.mistakes() if not m.missing and "term" not in m.what]
    # An activation that changes nothing cannot be forgotten.
    return [m for m in kept if not (m.what.startswith("what goes into") and same(m.value, question.truth))]


def forgotten_terms(question):
    return [m for m in question.mistakes() if not m.missing and "one term was forgotten" in m.what]


def is_distinct(question):
    values = [question.truth, *(mistake.value for mistake in usual(question))]
    return not any(same(value, other) for number, value in enumerate(values) for other in values[:number])


@pytest.mark.parametrize(
    ("trace", "ask", "least"),
    [(WINDOW, next_cell, 9), (FLIP, flipped_cell, 10), (CHANNELS, next_cell, 16), (MIXER, next_cell, 12)],
    ids=["window", "flip", "channels", "mixer"],
)
def test_usual_mistakes_lead_to_different_answers(trace, ask, least):
    questions = [ask(trace, index) for index in range(len(trace) - 1)]
    # Where relu cuts the sum off, most mistakes end at 0 as well.
    open_ones = [question for question in questions if trace.output.min() < 0 or question.truth]
    assert len(open_ones) >= 0.8 * len(questions)
    for question in open_ones:
        assert len(usual(question)) >= least
        assert is_distinct(question), question.prompt


@pytest.mark.parametrize(("trace", "most"), [(WINDOW, 0), (FLIP, 2)], ids=["window", "flip"])
def test_a_forgotten_term_is_not_taken_for_another_mistake(trace, most):
    shared = 0
    for question in (next_cell(trace, index) for index in range(len(trace) - 1)):
        others = [question.truth, *(mistake.value for mistake in usual(question))]
        shared += sum(mistake.value in others for mistake in forgotten_terms(question))
    assert shared <= most


@pytest.mark.parametrize("trace", [WINDOW, FLIP, CHANNELS, MIXER], ids=["window", "flip", "channels", "mixer"])
def test_numbers_are_small_and_no_kernel_is_symmetric(trace):
    assert np.abs(trace.x).max() <= 9
    weight = trace.w[None] if trace is WINDOW or trace is FLIP else trace.weight[0]
    assert np.abs(weight).max() <= 9
    assert (trace is MIXER) or not any(np.array_equal(kernel, np.flip(kernel)) for kernel in weight)


def test_an_impulse_shows_a_missing_flip_in_all_cells_but_the_middle_one():
    """It cannot show half a flip in the middle row and column: there the question has one mistake less."""
    trace = convolve(samples.picture("impulse"), samples.kernel("counting"), "valid")
    for index in range(len(trace) - 1):
        question = flipped_cell(trace, index)
        unflipped = [m.value for m in question.mistakes() if "as it is" in m.what]
        assert unflipped == ([] if question.truth == 5 else [10 - question.truth])
        assert question.judge(str(10 - question.truth)).correct == (question.truth == 5)
