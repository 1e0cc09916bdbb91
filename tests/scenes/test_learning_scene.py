"""What the picture of learning shows: the kernel after each update, its output and error, and the loss on its curve."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convviz import convolve, correlate, learn_kernel, show
from convviz.lessons import Learning
from convviz.lessons.states import Learned
from convviz.player.frames.frames import Frames
from convviz.scenes import default_scene, learning
from convviz.scenes.panels.curve import Curve
from convviz.scenes.panels.words import numerals
from convviz.theme import Look
from tests.scenes.extents import letterings_of, overlapping, panel_of, sheet_of, words_of
from tests.scenes.test_statements import Number, agree, read, rows_of
from tests.strategies import looks

RANDOM = np.random.default_rng(3)
X = RANDOM.integers(0, 9, (5, 6))
RUNS = {
    "kept": learn_kernel(X, correlate(X, [[1, 2], [0, -1]]).output, steps=60),
    "flipped": learn_kernel(X, convolve(X, [[1, 2], [0, -1]], "valid").output, steps=60, flip=True),
    "signal": learn_kernel([1, 0, 2, 5], [1, 2, 2, 1], (3,), mode="same", steps=9),
    "exact": learn_kernel([2, 0, 0], [2, 0], start="zeros", rate=0.125, steps=1),
    "no update": learn_kernel([2, 0, 0], [2, 0], start="zeros", steps=0),
}
BEGINNINGS = {
    False: ("input", "gradient", "losses", "twin"),
    True: ("kernel", "losses", "input", "output", "gradient", "twin"),
}
"""What a row may begin with on a wide page, and on a narrow one."""
runs = st.sampled_from(list(RUNS.values()))


@settings(max_examples=25)
@given(runs, looks, st.data())
def test_what_stands_in_the_cells_is_what_the_step_says(trace, look, data):
    scene = learning(trace, look)
    index = data.draw(st.integers(0, len(trace) - 1))
    scene.draw(index)
    step = trace[index]
    output = (convolve if trace.flip else correlate)(trace.x, step.kernel, trace.mode).output
    error = output - trace.target
    shown = {
        "input": trace.x,
        "kernel": step.kernel,
        "output": output,
        "target": trace.target,
        "error": error,
        "gradient": step.gradient,
        "loss": np.array(step.loss),
    }
    for panel in scene.panels:
        if panel.has_cells:
            assert panel.texts(step) in (None, numerals(shown[panel.name], panel.plan.decimals))
    assert panel_of(scene, "kernel").words.texts == [f"Kernel, update {index}"]
    assert float((error**2).mean()) == pytest.approx(step.loss, abs=1e-12)


@settings(max_examples=25)
@given(runs, st.integers(320, 1400), st.data())
def test_no_row_says_what_is_false(trace, width, data):
    scene = learning(trace, Look(width=width))
    index = data.draw(st.integers(0, len(trace) - 1))
    scene.draw(index)
    said, places = [], {}
    for lettering in letterings_of(scene):
        places |= dict(zip(map(tuple, np.round(lettering.centres, 3).reshape(-1, 2)), lettering.texts, strict=True))
    for row in rows_of(scene):
        assert isinstance(row[0], str) or row[0].name in BEGINNINGS[width < 500]
        assert not isinstance(row[-1], str)
        said += row
    signs = {panel.name: sign for sign, panel in pairwise(said) if isinstance(sign, str)}
    applied = "∗" if trace.flip else "⋆"
    assert signs == ({} if width < 500 else {"kernel": applied, "output": "→"}) | {
        "target": "−",
        "error": "=",
        "loss": "→",
    }
    assert width >= 500 or f"input {applied} kernel" in [word.what for word in words_of(scene)]
    output, target, error, loss = (
        read(places, panel_of(scene, name), trace[index]) for name in ("output", "target", "error", "loss")
    )
    if output and target and error:
        assert agree([a + Number(-1, -1) * b for a, b in zip(output, target, strict=True)], error)
    if error and loss:
        squares = [Number(0, max(a.low**2, a.high**2)) if a.low <= 0 <= a.high else a * a for a in error]
        assert agree([sum(squares, Number(0, 0)) * Number.read(f"1/{len(error)}")], loss)


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("width", [320, 700, 1200])
def test_the_dot_goes_down_the_curve(name, width):
    trace = RUNS[name]
    scene = default_scene(trace, Look(width=width))
    panel = panel_of(scene, "losses")
    dot, _, _, line = panel.drawn[Curve].artists
    heights = []
    for index in range(len(trace)):
        scene.draw(index)
        [(x, y, side, _)] = dot.spots
        heights.append(y + side / 2)
        box = panel.box
        assert box.x <= x + side / 2 <= box.x + box.width
        assert box.y <= y + side / 2 <= box.y + box.height
        points = {tuple(point) for segment in line.spots for point in segment}
        assert not points or any(np.allclose(point, (x + side / 2, y + side / 2)) for point in points)
    losses = trace.output
    falls = [b >= a - 1e-9 for (a, b), (p, q) in zip(pairwise(heights), pairwise(losses), strict=True) if q <= p]
    assert all(falls)


def test_words_keep_apart_and_stay_on_the_sheet():
    for trace in RUNS.values():
        for width in (320, 390, 560, 830, 1400):
            scene = learning(trace, Look(width=width))
            scene.draw(len(trace) - 1)
            words = [word for word in words_of(scene) if word.what.strip()]
            assert not overlapping(words)
            assert all(word.within(sheet_of(scene)) for word in words)


def test_a_step_drawn_after_any_other_gives_the_pixels_of_a_fresh_one():
    trace = RUNS["kept"]
    for look in (Look(width=360, dark=True), Look(width=1100)):
        frames = Frames(learning(trace, look))
        for index in (60, 0, 17):
            assert np.array_equal(frames.pixels(index), Frames(learning(trace, look)).pixels(index))


def test_with_and_without_flip_stand_side_by_side():
    player = show(RUNS["kept"], RUNS["flipped"])
    assert [picture["count"] for picture in player.pictures] == [61, 61]
    player = show(learn_kernel(X, X[1:, 1:], steps=4), learn_kernel(X, X[1:, 1:], steps=4, flip=True))
    first, second = (trace.output for trace in player.traces)
    np.testing.assert_allclose(first, second)


def test_many_updates_are_drawn_quickly_and_end_at_the_last_loss():
    trace = learn_kernel(X, X[1:, 1:], (2, 2), steps=5000)
    scene = learning(trace)
    scene.draw(5000)
    _, _, points, line = panel_of(scene, "losses").drawn[Curve].artists
    assert len(line.spots) < 600
    assert not points.spots


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("width", [320, 390, 830, 1094])
def test_the_twin_is_the_flipped_kernel(name, width):
    trace = RUNS[name]
    scene = learning(trace, Look(width=width), twin=True)
    words = [word for word in words_of(scene) if word.what.strip()]
    assert not overlapping(words)
    for index in {0, len(trace) - 1}:
        scene.draw(index)
        twin, kernel = (panel_of(scene, name).values(trace[index]) for name in ("twin", "kernel"))
        np.testing.assert_allclose(np.flip(twin), kernel, atol=1e-9)
        title = "Without a flip" if trace.flip else "With a flip"
        assert panel_of(scene, "twin").title == title


@pytest.mark.parametrize("width", [1072, 349])
@pytest.mark.parametrize("maker", [name for name, _ in Learned.makers])
def test_the_lessons_digits_are_large_and_what_is_learned_comes_first(width, maker):
    lesson = Learning()
    trace = lesson.state.with_field("maker", maker).trace()
    scene = learning(trace, Look(width=width), twin=True)
    for panel in scene.panels:
        if panel.has_cells:
            assert panel.has_numbers
            assert panel.number_px >= 11, panel.name
    most, names = (360, ("output", "losses", "twin")) if width > 500 else (510, ("kernel", "losses", "output"))
    for name in names:
        assert panel_of(scene, name).box.y + panel_of(scene, name).box.height < most
    assert scene.size[1] <= (360 if width > 500 else 970)
