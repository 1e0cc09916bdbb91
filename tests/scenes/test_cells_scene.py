"""The scene of what is computed for each cell by itself: what stands in the cells, and what is linked."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convviz.operations.layers.elementwise import elementwise
from convviz.operations.layers.scale_shift import scale_shift
from convviz.scenes import cell_by_cell, default_scene
from convviz.theme import Look
from tests.scenes.reading import check_room
from tests.scenes.shown import WIDTHS, check_frames, check_links, check_shown, reading_of

X = np.array([[[1, -2, 3], [0, 5, -6]], [[-7, 8, 9], [4, -1, 2]]])
TRACES = {
    "relu": elementwise(X, "relu"),
    "signal": elementwise(X[0], "relu"),
    "scale": scale_shift(X, [2, -1], [10, 0]),
    "many channels": scale_shift(np.arange(40.0).reshape(10, 2, 2) / 7, np.arange(10) / 3, np.ones(10)),
    "large": elementwise(np.random.default_rng(0).normal(size=(2, 40, 30)), "tanh"),
}
every_trace = pytest.mark.parametrize("trace", TRACES.values(), ids=TRACES.keys())
NAMES = ("number", "scale", "shift", "value")


def many(trace):
    return len(trace.x) > 4


@settings(max_examples=30)
@given(st.sampled_from(sorted(TRACES)), st.integers(320, 1400), st.data())
def test_what_stands_in_the_cells_is_what_the_step_says(name, width, data):
    trace = TRACES[name]
    step = trace[data.draw(st.integers(0, len(trace) - 1))]
    channel = step.position[0] if many(trace) else slice(None)
    known = np.arange(trace.output.size).reshape(trace.output.shape) <= step.index
    output = np.where(known, trace.output, None)[channel]
    shown = {"input": trace.x[channel], "output": output, **{name: getattr(step, name, 0) for name in NAMES}}
    check_shown(cell_by_cell(trace, Look(width=width)), step, shown)


@pytest.mark.parametrize("width", WIDTHS)
@every_trace
def test_everything_has_its_place_and_is_read_as_an_equation(trace, width):
    scene = default_scene(trace, Look(width=width))
    scene.draw(len(trace) - 1)
    check_room(scene, [0, len(trace) - 1])
    what = "× scale + shift =" if hasattr(trace, "scale") else f"{trace.function}→"
    assert reading_of(scene, {"input"}) == f"input → number {what} value → output"


@pytest.mark.parametrize(
    ("trace", "again"),
    [
        (TRACES["relu"], lambda operand, x: elementwise(x, "relu")),
        (TRACES["scale"], lambda operand, x: scale_shift(x, [2, -1], [10, 0])),
    ],
)
def test_what_is_linked_is_what_changes(trace, again):
    def changed(operand, cell):
        x = X.copy()
        x[cell] = 1000
        return again(operand, x)

    check_links(cell_by_cell, trace, changed, {"number", "value", "output"}, 4)


def test_layers_without_channels_or_of_three_axes_show_their_output():
    for shape in ((5,), (2, 2, 2, 2)):
        [panel] = default_scene(elementwise(np.ones(shape), "relu")).panels
        assert panel.name == "output"


@every_trace
def test_a_step_drawn_after_any_other_gives_the_pixels_of_a_fresh_one(trace):
    check_frames(cell_by_cell, trace, Look(width=500, dark=True), (len(trace) - 1, 0, 3, 0))
