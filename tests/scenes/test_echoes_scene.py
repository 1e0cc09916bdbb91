"""The picture of a sum of echoes: copies, running total, stems, and the same cell by flipping and sliding."""

import numpy as np
import pytest

from convviz import echoes
from convviz.scenes import default_scene, echo_sum
from convviz.scenes.panels.spots import Lit, Stems
from convviz.theme import Look
from tests.scenes.extents import Extent, overlapping, panel_of, sheet_of, slices_of, words_of
from tests.scenes.shown import MUCH, WIDTHS, check_frames, check_links, check_shown, reading_of
from tests.scenes.test_layout import check_room
from tests.scenes.test_statements import check_equation

RANDOM = np.random.default_rng(11)
TRACES = {
    "lesson": echoes([1, 2, 3, 4, 5, 6], [1, 0.9, 0.8, 0.7]),
    "negative": echoes([1, 2, -3, 4], [4, -2, 1]),
    "below zero": echoes([-1, -2], [3, 1]),
    "short": echoes([2, 5], [1, 2, 3, 4]),
    "rows": echoes(RANDOM.integers(-9, 9, 10), RANDOM.integers(-9, 9, 4)),
    "rounding": echoes([0.1, 0.2, -0.3], [1, 1, 1]),
    "wide": echoes([2**31, -(2**31)], [2**30, 3]),
    "long": echoes(RANDOM.normal(size=60), RANDOM.normal(size=25)),
    "zeros": echoes([0, 0], [0]),
    "single": echoes([3], [2]),
}
every_trace = pytest.mark.parametrize("trace", TRACES.values(), ids=TRACES.keys())


def a_few(trace):
    return sorted({0, len(trace) // 3, len(trace) // 2, len(trace) - 1})


def expected(trace, step):
    """Compute by dull loops what the panels show."""
    x, h, k = trace.x, trace.h, step.index
    samples, delays, cells = len(x), len(h), len(trace.output)
    copies = np.full((samples, cells), None, object)
    for sample in range(k + 1):
        for delay in range(delays):
            copies[sample, sample + delay] = x[sample] * h[delay]
    reaching = [[copy for copy in copies[: k + 1, cell] if copy is not None] for cell in range(cells)]
    window = [x[k - delay] if k >= delay else 0 for delay in reversed(range(delays))]
    return {
        "input": x,
        "response": h,
        "echoes": copies,
        "echo": copies[k],
        "total": [sum(each) if each else None for each in reaching],
        "window": window,
        "flipped": h[::-1],
        "products": [a * b for a, b in zip(window, h[::-1], strict=True)],
        "cell": [sum(reaching[k])],
    }


@pytest.mark.parametrize("width", [360, 1100])
@every_trace
def test_what_stands_in_the_cells_is_what_is_computed(trace, width):
    scene = echo_sum(trace, Look(width=width))
    for index in a_few(trace):
        check_shown(scene, trace[index], expected(trace, trace[index]))


@every_trace
def test_the_same_cell_is_written_alike_in_both_ways(trace):
    scene = echo_sum(trace)
    if panel_of(scene, "total").has_numbers:
        for step in trace:
            assert panel_of(scene, "total").texts(step)[step.index] == panel_of(scene, "cell").texts(step)[0]


@pytest.mark.parametrize("width", WIDTHS)
@every_trace
def test_every_row_reads_as_what_is_computed(trace, width):
    scene = echo_sum(trace, Look(width=width))
    copies = "echoes Σ" if "echoes" in {panel.name for panel in scene.panels} else "echo →"
    reading = f"input × response = {copies} total window × flipped = products Σ→ cell"
    assert reading_of(scene, {"input", "window"}) == reading
    check_room(scene, a_few(trace))
    for index in a_few(trace):
        scene.draw(index)
        check_equation(scene)


@every_trace
def test_what_is_flipped_and_slid_lights_up_in_the_echoes(trace):
    scene = echo_sum(trace)
    if {panel.name for panel in scene.panels} >= {"echoes"}:
        panel = panel_of(scene, "echoes")
        for index in a_few(trace):
            scene.draw(index)
            cells = [(row, index) for row in range(index + 1) if row + len(trace.h) > index]
            spots = [panel.box.part(slice(row, row + 1), slice(column, column + 1)) for row, column in cells]
            assert panel.drawn[Lit].artists[0].spots == spots
            signal = panel_of(scene, "input")
            window = [signal.box.part(slice(0, 1), slice(row, row + 1)) for row, _ in cells]
            assert signal.drawn[Lit].artists[0].spots == window


def test_zeros_before_the_signal_are_a_border():
    scene = echo_sum(TRACES["lesson"])
    border = panel_of(scene, "window").part.border
    assert [int(border(step).sum()) for step in scene.trace] == [3, 2, 1, 0, 0, 0]
    assert all(border(step)[: border(step).sum()].all() for step in scene.trace)


@pytest.mark.parametrize("width", WIDTHS)
@every_trace
def test_the_total_stands_column_by_column_below_the_echoes(trace, width):
    scene = echo_sum(trace, Look(width=width))
    above, below = scene.panels[2].box, panel_of(scene, "total").box
    assert below.y > above.y + above.height
    assert above.x == below.x
    assert above.cell_width == pytest.approx(below.cell_width)


@pytest.mark.parametrize("width", [360, 1100])
@every_trace
def test_stems_are_as_long_as_numbers_are_large_and_have_their_place(trace, width):
    scene = echo_sum(trace, Look(width=width))
    stemmed = {panel.name for panel in scene.panels if Stems in panel.drawn}
    assert stemmed >= {"input", "response", "total"}
    for index in a_few(trace):
        scene.draw(index)
        spots = [*slices_of(scene), *words_of(scene)]
        for name in stemmed:
            panel = panel_of(scene, name)
            values = panel.values(trace[index])
            stems = panel.drawn[Stems].artists[0].spots
            numbers = [float(value) for value in values[~np.ma.getmaskarray(values)]]
            assert len(stems) == len(numbers)
            lengths = [zero - top for (_, zero), (_, top) in stems]
            longest = max(range(len(stems)), key=lambda at: abs(numbers[at]))
            scale = lengths[longest] / (numbers[longest] or 1)
            assert scale >= 0
            assert lengths == pytest.approx([number * scale for number in numbers], abs=1e-6)
            ends = [Extent(x - 1, min(top, zero), x + 1, max(top, zero) + 1, name) for (x, zero), (_, top) in stems]
            assert all(extent.within(sheet_of(scene)) for extent in ends)
            for extent in ends:
                assert overlapping([extent, *spots]) == []


@pytest.mark.parametrize("look", [Look(width=360, dark=True), Look(width=1100, density=2)])
@every_trace
def test_a_frame_is_that_of_a_fresh_picture(trace, look):
    check_frames(echo_sum, trace, look, [len(trace) - 1, 0, len(trace) // 2, 0])


@pytest.mark.parametrize(("samples", "delays"), [(4, 3), (8, 2), (1, 3)])
def test_a_cell_is_linked_to_what_its_number_changes(samples, delays):
    operands = {"x": RANDOM.integers(1, 9, samples), "h": RANDOM.integers(1, 9, delays)}

    def again(operand, cell):
        larger = {name: array.copy() for name, array in operands.items()}
        larger[operand][cell] += MUCH
        return echoes(**larger)

    check_links(echo_sum, echoes(**operands), again, {"echoes", "total"}, samples - 1)
    for index in range(samples):
        check_links(echo_sum, echoes(**operands), again, {"products", "cell"}, index)


def test_a_cell_of_the_window_is_its_sample_and_a_zero_before_the_signal_is_none():
    scene = echo_sum(TRACES["lesson"])
    terms, views = scene.terms, {panel.name: panel.view for panel in scene.panels}
    for step, cell in [(1, 2), (1, 3), (5, 0)]:
        [sample] = terms.related(views["window"], views["input"], (0, 0, cell), step)
        assert sample.columns == (step - 3 + cell,)
        [copy] = terms.related(views["window"], views["echoes"], (0, 0, cell), step)
        assert (copy.rows, copy.columns) == (sample.columns, (step,))
        [path] = terms.related(views["window"], views["response"], (0, 0, cell), step)
        assert path.columns == (3 - cell,)
    assert terms.related(views["window"], views["echoes"], (0, 0, 0), 1) == []


def test_what_stands_above_a_number_belongs_to_it_on_the_page():
    scene = echo_sum(TRACES["lesson"])
    above = {panel.name: panel.about()["slices"][0]["above"] for panel in scene.panels}
    assert {name for name, height in above.items() if height} == {"input", "response", "total"}
    for name in ("input", "response"):
        panel = panel_of(scene, name)
        tops = [top for _, (_, top) in panel.drawn[Stems].artists[0].spots]
        assert panel.box.y - above[name] <= min(tops)


def test_a_long_signal_shows_the_echo_of_the_step_alone():
    scene = echo_sum(TRACES["long"])
    assert [panel.name for panel in scene.panels][2] == "echo"
    assert panel_of(scene, "echo").view == scene.terms.views["echo"]


def test_echoes_are_shown_so_by_default():
    assert default_scene(TRACES["lesson"]).panels[2].name == "echoes"
