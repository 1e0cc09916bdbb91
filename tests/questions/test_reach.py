"""The question how many outputs one input cell can change: its truth, and what wrong answers are told."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz import conv_layer, pool, samples
from convviz.questions import touched_outputs

DIGIT = samples.picture("digit_3")[None]
SOBEL = conv_layer(DIGIT, samples.kernel("sobel_x")[None, None])


@given(st.integers(3, 9), st.integers(3, 9), st.integers(1, 3), st.integers(1, 3), st.booleans())
def test_the_truth_is_what_changes(rows, columns, kernel, stride, is_pool):
    x = np.arange(rows * columns).reshape(1, rows, columns)
    other = x.copy()
    other[0, rows // 2, columns // 2] += 1000

    def through(picture):
        weights = np.ones((1, 1, kernel, kernel), int)
        return pool(picture, kernel, stride=stride) if is_pool else conv_layer(picture, weights, stride=stride)

    changed = np.count_nonzero(through(x).output != through(other).output)
    question = touched_outputs(through(x))
    assert question.truth == changed
    assert question.judge(str(changed)).correct


@pytest.mark.parametrize(
    ("guess", "told"),
    [
        ("36", "all output cells: most windows do not hold this cell."),
        ("1", "a single output: every window that holds the cell counts, wherever it holds it."),
        ("8", "one less: the window with the cell in its middle counts as well."),
        ("3", "those of one row: there are windows above and below as well."),
        ("64", "how many input cells there are."),
        ("25", "how many input cells all these windows hold together."),
    ],
)
def test_each_mistake_is_named(guess, told):
    judgement = touched_outputs(SOBEL).judge(guess)
    assert (judgement.verdict, judgement.text) == ("wrong", f"Not yet. {guess} is {told}")


def test_default_numbers_tell_usual_mistakes_apart():
    question = touched_outputs(SOBEL)
    wrong = Counter(mistake.value for mistake in question.mistakes() if mistake.value != question.truth)
    assert sum(often == 1 for often in wrong.values()) >= 6
