"""The picture of a table of products: what stands in its cells, and which of them light up."""

import numpy as np
import pytest

from convviz import outer_product
from convviz.scenes import default_scene, product_table
from convviz.scenes.panels.spots import Lit
from convviz.theme import Look
from tests.scenes.extents import panel_of
from tests.scenes.shown import MUCH, WIDTHS, check_frames, check_links, check_shown, reading_of
from tests.scenes.test_layout import check_room
from tests.scenes.test_statements import check_equation

RANDOM = np.random.default_rng(12)
TRACES = {
    "small": outer_product([1, 2, -3, 4], [4, -2, 1]),
    "floats": outer_product(RANDOM.normal(size=8), RANDOM.normal(size=6)),
    "rounding": outer_product([0.1, 0.2, -0.3], [1, 1, 1]),
    "wide": outer_product([2**31, -(2**31)], [2**30, 3]),
    "long": outer_product(RANDOM.normal(size=40), RANDOM.normal(size=30)),
    "many digits": outer_product([1, 2], RANDOM.integers(0, 9, 25)),
    "single": outer_product([3], [2]),
}
every_trace = pytest.mark.parametrize("trace", TRACES.values(), ids=TRACES.keys())


def a_few(trace):
    return sorted({0, len(trace) // 3, len(trace) // 2, len(trace) - 1})


def expected(trace, step):
    """Compute by dull loops what the panels show."""
    table = [[a * b for b in trace.h] for a in trace.x]
    sums = [0] * len(trace.output)
    for row, products in enumerate(table):
        for column, product in enumerate(products):
            sums[row + column] += product
    made = [number if at <= step.index else None for at, number in enumerate(sums)]
    return {"input": trace.x, "response": trace.h, "table": table, "output": made}


@pytest.mark.parametrize("width", [360, 1100])
@every_trace
def test_what_stands_in_the_cells_is_what_is_computed(trace, width):
    scene = product_table(trace, Look(width=width))
    for index in a_few(trace):
        check_shown(scene, trace[index], expected(trace, trace[index]))


@pytest.mark.parametrize("width", WIDTHS)
@every_trace
def test_every_row_reads_as_what_is_computed(trace, width):
    scene = product_table(trace, Look(width=width))
    assert reading_of(scene, {"input"}) == "input × response = table Σ→ output"
    check_room(scene, a_few(trace))
    for index in a_few(trace):
        scene.draw(index)
        check_equation(scene)


@every_trace
def test_the_anti_diagonal_lights_up(trace):
    scene = product_table(trace)
    panel = panel_of(scene, "table")
    for index in a_few(trace):
        scene.draw(index)
        lit = panel.drawn[Lit].artists[0].spots
        cells = [(row, index - row) for row in range(panel.rows) if 0 <= index - row < panel.columns]
        assert lit == [panel.box.part(slice(row, row + 1), slice(column, column + 1)) for row, column in cells]
        assert all(scene.terms.step_of(panel.view, (0, *cell), step=0) == index for cell in cells)


@pytest.mark.parametrize("look", [Look(width=360, dark=True), Look(width=1100, density=2)])
@every_trace
def test_a_frame_is_that_of_a_fresh_picture(trace, look):
    check_frames(product_table, trace, look, [len(trace) - 1, 0, len(trace) // 2, 0])


@pytest.mark.parametrize(("samples", "delays"), [(4, 3), (1, 2), (2, 20)])
def test_a_cell_is_linked_to_what_its_number_changes(samples, delays):
    operands = {"x": RANDOM.integers(1, 9, samples), "h": RANDOM.integers(1, 9, delays)}

    def again(operand, cell):
        larger = {name: array.copy() for name, array in operands.items()}
        larger[operand][cell] += MUCH
        return outer_product(**larger)

    check_links(product_table, outer_product(**operands), again, {"table", "output"}, 0)


def test_a_table_is_shown_so_by_default():
    assert default_scene(TRACES["small"]).panels[2].name == "table"
