"""The question about an even area: its truth, and what wrong answers are told."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from convviz import correlate, samples
from convviz.questions import even_area

SOBEL = correlate(samples.photograph(20), samples.kernel("sobel_x"))


@given(arrays(np.int64, st.tuples(st.integers(1, 4), st.integers(1, 4)), elements=st.integers(-9, 9)), st.booleans())
def test_the_truth_is_what_the_kernel_makes_of_a_hundreds(w, is_float):
    w = w / 9 if is_float else w
    question = even_area(correlate(samples.photograph(20), w))
    made = correlate(np.full(w.shape, 100), w).output.item()
    assert question.truth == pytest.approx(made, abs=1e-9)
    assert question.judge(f"{question.truth:.12g}").correct


@pytest.mark.parametrize(
    ("guess", "told"),
    [
        ("100", "the brightness of the area: a kernel keeps it only if its weights add up to 1."),
        ("800", "what comes out if all signs are dropped: weights below 0 take brightness away."),
        ("400", "what the weights above 0 make alone: those below 0 count as well."),
        ("900", "the sum of the pixels: multiply each by its weight first."),
        ("200", "what the largest weight makes alone: all products are added up."),
    ],
)
def test_each_mistake_is_named(guess, told):
    judgement = even_area(SOBEL).judge(guess)
    assert (judgement.verdict, judgement.text) == ("wrong", f"Not yet. {guess} is {told}")


def test_default_numbers_tell_usual_mistakes_apart():
    question = even_area(SOBEL)
    wrong = [mistake.value for mistake in question.mistakes() if mistake.value != question.truth]
    assert len([value for value, often in Counter(wrong).items() if often == 1]) >= 5


def test_a_blur_keeps_the_brightness():
    question = even_area(correlate(samples.photograph(20), samples.kernel("box_blur")))
    assert question.truth == 100
    assert question.judge("0").text == "Not yet. 0 is what a kernel makes whose weights add up to 0: these do not."
    assert question.judge("100").correct
