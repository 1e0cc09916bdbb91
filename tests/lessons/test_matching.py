"""Lesson 08: what its text claims, done on the lesson."""

import numpy as np
import pytest

from convviz import match_template, samples
from convviz.lessons import Matching
from convviz.lessons.controls import Choice
from convviz.lessons.states import Search
from convviz.player import Paste, Resize


@pytest.fixture
def lesson():
    return Matching()


def use(lesson, label, option=True):
    """Use a control by its label, and an option by its own."""
    control = next(each for group in lesson.controls for each in group.controls if each.label == label)
    if isinstance(control, Choice):
        [option] = [at for at, (_, text) in enumerate(control.options(lesson.state)) if text.startswith(option)]
    lesson.use(control.name, option)
    assert not lesson.desk.content["error"]
    return lesson.traces["match"]


def test_three_measures_have_three_winners(lesson):
    trace = lesson.traces["match"]
    assert (trace.index_of(trace.best) + 1, trace.output.min()) == (5, 0)
    trace = use(lesson, "Measure", "Correlation")
    assert (trace.best, trace.output.max()) == ((1, 4), 530)
    trace = use(lesson, "Measure", "Normalized")
    np.testing.assert_allclose(trace.output, np.ones((2, 5)))


def test_task_1_how_bright_the_patch_may_be(lesson):
    use(lesson, "Search for", "A plus")
    trace = use(lesson, "Measure", "Correlation")
    assert (trace.best, trace.output.max(), trace.output[1, 1]) == ((2, 6), 72, 20)
    for brightness, winner, score in ((2, (1, 1), 20), (3, (2, 6), 24)):
        block = "\n".join(["\t".join([str(brightness)] * 2)] * 3)
        lesson.edit(Paste(operand="image", cell=(2, 7), text=block))
        trace = lesson.traces["match"]
        assert (trace.best, trace.output.max()) == (winner, score)
        assert trace.output[:, 5:].max() == 8 * brightness
    for measure in ("Squares", "Normalized"):
        for brightness in (2, 9):
            lesson.edit(Paste(operand="image", cell=(2, 7), text="\n".join([f"{brightness} {brightness}"] * 3)))
            assert use(lesson, "Measure", measure).best == (1, 1)


def test_task_2_the_flipped_template_finds_the_e(lesson):
    trace = use(lesson, "Search for", "A 3")
    assert trace.index_of(trace.best) + 1 == 21
    trace = use(lesson, "Flip the template")
    assert (trace.index_of(trace.best) + 1, trace.output.min()) == (17, 0)
    assert trace[16].patch.tolist() == [[1, 1, 1], [1, 0, 0], [1, 1, 1], [1, 0, 0], [1, 1, 1]]
    trace = use(lesson, "Flip the template")
    assert trace.index_of(trace.best) + 1 == 21


def test_task_3_signals(lesson):
    trace = use(lesson, "Search for", "3 4 5")
    assert np.flatnonzero(trace.output == 0).tolist() == [2]
    np.testing.assert_allclose(use(lesson, "Measure", "Normalized").output, 1)
    np.testing.assert_allclose(use(lesson, "Search for", "1 0.9").output, -1)


def test_the_photograph_is_found_in_any_brightness():
    photograph = samples.photograph(32)
    eye = photograph[8:12, 9:13]
    found = match_template(photograph / 3, eye, "normalized")
    assert found.best == (8, 9)
    assert found.output.max() == pytest.approx(1)
    squares = match_template(photograph / 3, eye, "ssd").output
    assert squares.min() > 10_000


def test_the_notes_follow_the_step(lesson):
    distances, winners = lesson.note("distances"), lesson.note("winners")
    before = winners.value
    assert "window [0, 0]" in distances.value
    lesson.player.index = 4
    assert "window [0, 4]" in distances.value
    assert winners.value is before


def test_a_template_larger_than_the_image_is_refused(lesson):
    lesson.edit(Resize(operand="template", axis=0, by=1))
    before = lesson.state
    with pytest.raises(ValueError, match="larger than image's"):
        lesson.edit(Resize(operand="template", axis=0, by=1))
    assert lesson.state is before


def test_other_measures_are_refused():
    with pytest.raises(ValueError, match="metric is 'cosine'; accepted: "):
        Search(image=np.ones(2), template=np.ones(1), metric="cosine")
    assert Matching([1, 2, 3], [2], metric="mse").traces["match"].best == (1,)
