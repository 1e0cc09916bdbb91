"""The picture of a pooling: what stands in its cells, which cell is flagged, and what it says when it is read."""

from fractions import Fraction

import numpy as np
import pytest

from convviz import pool
from convviz.scenes import default_scene, pooling
from convviz.scenes.panels.spots import Flag
from convviz.theme import Look
from tests.scenes.extents import panel_of
from tests.scenes.shown import WIDTHS, check_frames, check_links, check_shown, reading_of
from tests.scenes.test_layout import check_room

RANDOM = np.random.default_rng(9)


def integers(*shape):
    return RANDOM.integers(-9, 10, shape)


TRACES = {
    "picture": pool(integers(4, 6), 2),
    "padded": pool(integers(5, 7), 3, stride=2, padding=1),
    "dilated": pool(integers(2, 6, 6), 2, stride=1, dilation=2),
    "mean": pool(integers(3, 5, 5), 2, kind="mean"),
    "thirds": pool(integers(1, 7), 3, kind="mean", stride=2, padding=1, ceil_mode=True),
    "only the input": pool(RANDOM.normal(size=(2, 9)), (2,), kind="mean", stride=3, padding=1, count_include_pad=False),
    "many": pool(RANDOM.normal(size=(6, 5, 5)), 2, stride=1),
    "large": pool(RANDOM.normal(size=(5, 40, 40)), 3, stride=2, padding=1),
    "single": pool([[[3]]], 1),
}
every_trace = pytest.mark.parametrize("trace", TRACES.values(), ids=TRACES.keys())


def a_few(trace):
    return sorted({0, len(trace) // 3, len(trace) // 2, len(trace) - 1})


def cells_of_window(trace, step):
    """List the cells of a step's window, counted from the first one of the input."""
    axes = trace.geometry.axes
    starts = [at * axis.stride - axis.before for at, axis in zip(step.position[1:], axes, strict=True)]
    for offset in np.ndindex(trace.geometry.kernel_shape):
        yield tuple(s + o * axis.dilation for s, o, axis in zip(starts, offset, axes, strict=True))


def expected(trace, step):
    """Compute by dull loops what the panels show."""
    channel, is_max = step.position[0], trace.kind == "max"
    few = len(trace.x) <= 4
    shown = range(len(trace.x)) if few else [channel]
    counted = trace.counted
    before, sizes = trace.geometry.before, trace.x.shape[1:]

    def number(number, cell):
        inside = all(0 <= at < size for at, size in zip(cell, sizes, strict=True))
        padded = tuple(at + b for at, b in zip(cell, before, strict=True))
        if inside:
            return trace.x[(number, *cell)]
        return None if is_max or not counted[padded] else 0

    every = [tuple(a - b for a, b in zip(at, before, strict=True)) for at in np.ndindex(trace.geometry.padded_shape)]
    window = [number(channel, cell) for cell in cells_of_window(trace, step)]
    numbers = [Fraction(float(each)) for each in window if each is not None]
    made = np.full(trace.output.shape, None, object)
    for index in range(step.index + 1):
        made.reshape(-1)[index] = trace.output.reshape(-1)[index]
    return {
        "input": [number(each, cell) for each in shown for cell in every],
        "window": window,
        "sum": [float(sum(numbers))],
        "count": [len(numbers)],
        "mean": [float(sum(numbers) / len(numbers))],
        "output": made[list(shown)],
    }


@pytest.mark.parametrize("width", [360, 1100])
@every_trace
def test_what_stands_in_the_cells_is_what_is_computed(trace, width):
    scene = pooling(trace, Look(width=width))
    for index in a_few(trace):
        check_shown(scene, trace[index], expected(trace, trace[index]))


@every_trace
def test_the_winner_is_flagged_where_it_stands(trace):
    scene = pooling(trace)
    for index in a_few(trace):
        scene.draw(index)
        step = trace[index]
        for panel in (panel_of(scene, name) for name in ("input", "window")):
            if trace.kind == "mean":
                assert Flag not in panel.drawn
                continue
            [(x, y, width, height)] = panel.drawn[Flag].artists[0].spots
            [at] = [
                (number, row, column)
                for number, piece in enumerate(panel.box.pieces)
                for row in range(panel.rows)
                for column in range(panel.columns)
                if piece.x + column * piece.cell_width <= x + width / 2 < piece.x + (column + 1) * piece.cell_width
                and piece.y + row * piece.cell_height <= y + height / 2 < piece.y + (row + 1) * piece.cell_height
            ]
            assert panel.values(step)[at] == step.value
            if panel.name == "input":
                place = [a + b for a, b in zip(step.winner[1:], trace.geometry.before, strict=True)]
                assert at[1:] == (0, *place)[-2:]


@pytest.mark.parametrize("width", WIDTHS)
@every_trace
def test_every_row_reads_as_what_is_computed(trace, width):
    scene = pooling(trace, Look(width=width))
    reading = {"max": "input → window max→ output", "mean": "input → window Σ→ sum ÷ count = mean → output"}
    assert reading_of(scene, {"input"}) == reading[trace.kind]
    check_room(scene, a_few(trace))


@pytest.mark.parametrize("look", [Look(width=360, dark=True), Look(width=1100, density=2)])
@every_trace
def test_a_frame_is_that_of_a_fresh_picture(trace, look):
    check_frames(pooling, trace, look, [len(trace) - 1, 0, len(trace) // 2, 0])


LINKED = {
    "picture": ((4, 6), {"size": 2, "stride": 1}),
    "channels": ((2, 5, 5), {"size": 2}),
    "many": ((5, 1, 6), {"size": (1, 2)}),
    "signal": ((2, 7), {"size": (3,), "stride": 2, "padding": 1}),
}


@pytest.mark.parametrize(("shape", "more"), LINKED.values(), ids=LINKED.keys())
@pytest.mark.parametrize("kind", ["max", "mean"])
def test_a_cell_is_linked_to_what_its_number_changes(shape, more, kind):
    x = RANDOM.integers(1, 9, shape)
    trace = pool(x, kind=kind, **more)

    def again(_, cell):
        larger = trace.x.copy()
        larger[cell] += 1000
        return pool(larger, kind=kind, **({**more, "size": trace.geometry.kernel_shape}))

    for index in (0, len(trace) - 1):
        check_links(pooling, trace, again, {"sum", "mean"}, index)
    check_links(pooling, trace, again, {"output"}, len(trace) - 1)


def test_a_trace_with_three_axes_shows_its_output():
    scene = default_scene(pool(integers(1, 2, 4, 4), (1, 2, 2)))
    assert [panel.name for panel in scene.panels] == ["output"]
    assert [panel.name for panel in default_scene(TRACES["picture"]).panels] == ["input", "window", "output"]
