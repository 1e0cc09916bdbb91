"""What the picture of two layers shows: their numbers at each update, and nothing false."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convviz.operations.learning.two_layers import learn_two_layers
from convviz.player.frames.frames import Frames
from convviz.scenes import default_scene, two_layers
from convviz.scenes.panels.curve import Curve
from convviz.scenes.panels.words import numerals
from convviz.theme import Look
from tests.scenes.extents import overlapping, panel_of, sheet_of, words_of
from tests.strategies import looks

X = [1, 1, 0, 0, 2, 2, 0, 1, 1, 1]
EDGES = np.abs(np.subtract(X[2:], X[:-2]))
RUNS = {start: learn_two_layers(X, EDGES, start=start, steps=30) for start in ("zeros", "constant", "he")}
runs = st.sampled_from(list(RUNS.values()))


@settings(max_examples=20)
@given(runs, looks, st.integers(0, 30))
def test_what_stands_in_the_cells_is_what_the_step_says(trace, look, index):
    scene = default_scene(trace, look)
    scene.draw(index)
    step = trace[index]
    hidden = np.maximum([np.correlate(trace.x, each) for each in step.w], 0)
    prediction = (step.v[:, None] * hidden).sum(axis=0)
    shown = {
        "signal": trace.x,
        "filters": step.w,
        "hidden": hidden,
        "second": step.v,
        "output": prediction,
        "goal": trace.target,
        "error": prediction - trace.target,
        "loss": np.array(((prediction - trace.target) ** 2).mean()),
        "gradient": step.w_gradient,
    }
    for panel in scene.panels:
        if panel.has_cells:
            np.testing.assert_allclose(panel.values(step).reshape(-1), shown[panel.name].reshape(-1), atol=1e-12)
            assert panel.texts(step) in (None, numerals(panel.values(step)))
    assert panel_of(scene, "filters").words.texts == [f"Filters, update {index}"]


@pytest.mark.parametrize("width", [320, 390, 830, 1094, 1400])
@pytest.mark.parametrize("start", RUNS)
def test_words_keep_apart_and_stay_on_the_sheet(start, width):
    scene = two_layers(RUNS[start], Look(width=width))
    scene.draw(30)
    words = [word for word in words_of(scene) if word.what.strip()]
    assert not overlapping(words)
    assert all(word.within(sheet_of(scene)) for word in words)


def test_a_loss_that_stays_is_a_level_line():
    scene = two_layers(RUNS["zeros"])
    dots = []
    for index in (0, 15, 30):
        scene.draw(index)
        [(x, y, _, _)] = panel_of(scene, "losses").drawn[Curve].artists[0].spots
        dots.append((x, y))
    assert len({y for _, y in dots}) == 1
    assert dots == sorted(dots)


def test_a_step_drawn_after_any_other_gives_the_pixels_of_a_fresh_one():
    for look in (Look(width=360, dark=True), Look(width=1100)):
        frames = Frames(two_layers(RUNS["he"], look))
        for index in (30, 0, 7):
            assert np.array_equal(frames.pixels(index), Frames(two_layers(RUNS["he"], look)).pixels(index))
