"""The question about the fastest stripes: its truth, and what wrong answers are told."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.signal import convolve2d

from convviz import frequency_response, samples
from convviz.questions import striped

shapes = st.tuples(st.integers(1, 4), st.integers(1, 4))


def asked(kernel, index=0):
    return striped(frequency_response(kernel, 8).centred, index)


@given(arrays(np.int64, shapes, elements=st.integers(-9, 9)), st.booleans())
def test_the_truth_is_what_a_convolution_leaves_of_stripes(w, is_float):
    w = w / 9 if is_float else w
    stripes = np.tile([1, -1], (12, 6))
    left = convolve2d(stripes, w, mode="valid")
    question = asked(w)
    assert question.truth == pytest.approx(np.abs(left).max(), abs=1e-9)
    trace = frequency_response(w, 8).centred
    assert question.truth == pytest.approx(abs(trace[question.leads_to].value), abs=1e-9)
    assert question.judge(f"{question.truth:.12g}").correct


@pytest.mark.parametrize(
    ("guess", "told"),
    [
        ("1", "the sum of the weights: every second column counts with the other sign."),
        ("1/9", "what is left of a checkerboard: these stripes alternate along the rows only."),
        ("0", "what is left by a kernel whose columns cancel: these do not."),
        ("2/3", "what every second column makes: the others count with the other sign."),
    ],
)
def test_each_mistake_is_named(guess, told):
    judgement = asked(samples.kernel("box_blur")).judge(guess)
    assert judgement.verdict == "wrong"
    assert judgement.text.startswith(f"Not yet. {guess} is {told}")


def test_default_numbers_tell_usual_mistakes_apart():
    question = asked(samples.kernel("box_blur"))
    wrong = Counter(round(mistake.value, 9) for mistake in question.mistakes() if mistake.value != question.truth)
    assert len(wrong) >= 4


def test_a_strength_is_never_below_0():
    question = asked([[1, 3, 1]])
    assert question.truth == 1
    assert question.judge("-1").text == "Not yet. -1 is what each wave is multiplied by: a strength is never below 0."
    assert question.judge("1").text.endswith("1 − 3 + 1 = -1. Its strength is 1.")


def test_nothing_is_asked_once_the_answer_was_on_the_screen():
    leads_to = asked(samples.kernel("sharpen")).leads_to
    assert asked(samples.kernel("sharpen"), leads_to - 1) is not None
    assert asked(samples.kernel("sharpen"), leads_to) is None
