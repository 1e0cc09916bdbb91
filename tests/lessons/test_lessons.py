"""The lessons' explorers, driven from the kernel."""

import numpy as np
import pytest

from convviz import convolve, correlate, samples
from convviz.lessons import Flip, SlidingWindow

X = samples.INPUTS["The classic 5×5"]()
W = samples.KERNELS["The classic ×"]()


def test_both_pictures_show_the_same_trace():
    lesson = SlidingWindow()
    assert lesson.grids.trace.output.tolist() == [[4, 3, 4], [2, 4, 3], [2, 3, 4]]
    assert lesson.vectors.trace is lesson.grids.trace
    lesson.form.mode.value = "full"
    assert lesson.grids.trace.output.shape == (7, 7)
    assert lesson.vectors.trace is lesson.grids.trace


@pytest.mark.parametrize("lesson_of", [SlidingWindow, Flip])
def test_what_cannot_be_computed_leaves_the_last_picture(lesson_of):
    lesson = lesson_of([1, 2, 3, 4], [5, 6, 7])
    player = lesson.grids if lesson_of is SlidingWindow else lesson.correlation
    before = player.picture
    lesson.form.kernel.picker.value = "Counting 1 to 9"
    assert "w has 2 dimensions (shape (3, 3)) but x has 1" in lesson.form.message.value
    assert player.picture is before
    lesson.form.kernel.cells[0].value = "99999999999999999999"
    assert player.picture is before
    lesson.form.input.picker.value = "Counting 1 to 25"
    lesson.form.kernel.picker.value = "Counting 1 to 9"
    assert "dimensions" not in lesson.form.message.value
    assert player.trace.output.shape == (3, 3)


def test_a_kernel_larger_than_the_input_is_refused_in_words():
    lesson = SlidingWindow([[1, 2], [3, 4]], [[1, 0], [0, 1]])
    lesson.form.kernel.picker.value = "Counting 1 to 9"
    assert "w has shape (3, 3), larger than x" in lesson.form.message.value
    assert lesson.grids.trace.output.tolist() == [[5]]
    lesson.form.mode.value = "full"
    assert lesson.grids.trace.output.shape == (4, 4)


def guess(lesson, text):
    lesson.prediction.guess.value = text
    lesson.prediction.button.click()
    return lesson.prediction.answer.value


def test_a_right_prediction_takes_one_step():
    lesson = SlidingWindow()
    assert "[0, 1]" in lesson.prediction.question.value
    answer = guess(lesson, "3")
    assert "Right!" in answer
    assert correlate(X, W)[1].describe() in answer
    assert lesson.grids.index == 1
    assert "[0, 2]" in lesson.prediction.question.value
    assert lesson.prediction.guess.value == ""


def test_a_wrong_prediction_is_diagnosed_and_stays():
    lesson = SlidingWindow()
    assert "one term was forgotten" in guess(lesson, "2")
    assert lesson.grids.index == 0
    assert "matches none of the usual mistakes" in guess(lesson, "1000")
    assert "“x” is no number" in guess(lesson, "x")


def test_stepping_on_forgets_the_answer():
    lesson = SlidingWindow()
    guess(lesson, "2")
    lesson.grids.index = 4
    assert "forgotten" not in lesson.prediction.answer.value
    assert "[1, 2]" in lesson.prediction.question.value
    lesson.grids.index = 8
    assert "[0, 0]" in lesson.prediction.question.value


def test_flip_gives_the_kernel_back_and_turns_it():
    lesson = Flip()
    assert lesson.convolution.trace.output.tolist() == np.arange(1, 10).reshape(3, 3).tolist()
    assert lesson.correlation.trace.output.tolist() == np.arange(9, 0, -1).reshape(3, 3).tolist()
    assert "differ</b> in 8 of 9" in lesson.verdict.value


def test_flip_says_when_nothing_can_be_told_apart():
    lesson = Flip()
    lesson.form.kernel.picker.value = "The classic ×"
    assert "symmetric" in lesson.verdict.value
    lesson.form.kernel.picker.value = "Sobel, left to right"
    lesson.form.input.cells[12].value = "0"
    assert "this input cannot tell them apart" in lesson.verdict.value


def test_flip_keeps_its_code_in_step():
    lesson = Flip()
    lesson.form.mode.value = "full"
    assert 'mode="full"' in lesson.libraries.value.replace("&quot;", '"')
    assert np.array_equal(
        lesson.convolution.trace.output, convolve(lesson.form.input.values, np.arange(1, 10).reshape(3, 3)).output
    )
