"""Every trace has a picture, also one of an operation that nobody has heard of."""

import json
from dataclasses import dataclass

import numpy as np
import pytest

import convviz
from convviz.player.frames.frames import Frames
from convviz.scenes import default_scene, growing_output
from convviz.scenes.panels.cells import cover, numbers
from convviz.theme import Look
from convviz.trace import Step, Trace
from tests.scenes.extents import drawn_by


@dataclass(frozen=True, eq=False, slots=True)
class SquareStep(Step):
    def describe(self):
        return f"{self.index} squared is {self.value}."


class Squares(Trace[SquareStep]):
    def _step(self, index):
        return SquareStep(index, self._position(index), self.output[self._position(index)])


def squares(*shape):
    return Squares((np.arange(np.prod(shape)) ** 2).reshape(shape))


@pytest.mark.parametrize("shape", [(1,), (4,), (2, 3), (2, 3, 4)])
def test_only_known_numbers_are_shown(shape):
    trace = squares(*shape)
    scene = growing_output(trace)
    [panel] = scene.panels
    last = len(trace) - 1
    for index in (last, 0, last // 2):
        scene.draw(index)
        rest = drawn_by(cover, panel)
        assert rest.get_visible() == (index < last)
        covered = [rest.get_path().contains_point(centre) for centre in panel.box.centres()]
        assert index == last or covered == [i > index for i in range(len(trace))]


def test_a_trace_that_nobody_has_heard_of_shows_its_output():
    [panel] = default_scene(squares(2, 3)).panels
    assert (panel.name, panel.view, panel.edits) == ("output", None, "")


def test_a_large_output_fills_up_in_colours():
    trace = squares(40, 40)
    frames = Frames(growing_output(trace, Look(width=400)))
    early, late = frames.pixels(0).copy(), frames.pixels(1599).copy()
    assert (early != late).any()
    assert np.array_equal(frames.pixels(0), early)


RUNS = {
    "layer": convviz.conv_layer(np.arange(18).reshape(2, 3, 3), np.ones((2, 2, 2, 2), int)),
    "transpose": convviz.conv_transpose(np.arange(4).reshape(1, 2, 2), np.ones((1, 1, 2, 2), int), stride=1),
    "pool": convviz.pool(np.arange(16).reshape(1, 4, 4), 2),
    "dense": convviz.dense([1, 2], [[3, 4], [5, 6]]),
    "echoes": convviz.echoes([1, 2, 3], [1, 1]),
    "outer product": convviz.outer_product([1, 2, 3], [1, 1]),
    "match": convviz.match_template([[1, 2, 3], [4, 5, 6]], [[1, 2]], "ssd"),
    "spectrum": convviz.spectrum([1, 2, 3], [1, 1]),
    "gradients": convviz.gradients(convviz.correlate([1, 2, 3], [1, 1])),
    "learning": convviz.learn_kernel([[1.0, 2, 3], [0, 1, 5]], [[2.0, 3]], (2, 2), steps=3),
}


@pytest.mark.parametrize("trace", RUNS.values(), ids=RUNS.keys())
def test_every_operation_can_be_shown(trace):
    scene = default_scene(trace)
    about = json.loads(json.dumps(scene.about()))
    assert {panel["name"] for panel in about["panels"]} == {panel.name for panel in scene.panels if panel.has_cells}
    assert (about["terms"] is None) == (scene.terms is None)
    Frames(scene).pixels(0)
    frames = Frames(growing_output(trace))
    last = frames.pixels(len(trace) - 1).copy()
    frames.pixels(0)
    assert np.array_equal(frames.pixels(len(trace) - 1), last)


def test_an_output_that_steps_add_to_shows_its_running_total():
    trace = convviz.echoes([1, 2, 3], [1, 1])
    scene = growing_output(trace)
    [panel] = scene.panels
    for index in (2, 0):
        scene.draw(index)
        known = trace.partial(index)
        shown = ["" if hidden else str(n) for n, hidden in zip(known.data, np.ma.getmaskarray(known), strict=True)]
        assert drawn_by(numbers, panel).texts == panel.texts(trace[index]) == shown


SUMS_OF_PRODUCTS = [name for name, trace in RUNS.items() if hasattr(trace, "terms") and name != "learning"]
"""The losses of a kernel that is learned are none: its terms are those of the layer."""


@pytest.mark.parametrize("name", SUMS_OF_PRODUCTS)
def test_each_cell_of_the_output_is_filled_by_the_steps_that_it_leads_to(name):
    trace = RUNS[name]
    scene = growing_output(trace)
    [panel] = scene.panels
    assert panel.view.shape == (1, panel.rows, panel.columns)
    for number, cell in enumerate(np.ndindex(panel.rows, panel.columns)):
        known = [panel.texts(step)[number] != "" for step in trace]
        assert scene.terms.steps_of(panel.view, (0, *cell), step=0)[0] == known.index(True)


def test_pointing_at_an_output_cell_of_a_transposed_convolution_leads_to_no_other_cell():
    trace = convviz.conv_transpose([[[1, 2], [3, 4]]], np.ones((1, 1, 2, 2), int), stride=2)
    scene = growing_output(trace)
    [panel] = scene.panels
    for row, column in np.ndindex(4, 4):
        step = scene.terms.step_of(panel.view, (0, row, column), step=0)
        assert trace[step].position == (0, row // 2, column // 2)
