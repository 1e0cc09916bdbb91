"""Pointing at cells in a saved page: in each panel what Python says belongs together is outlined, and nothing else."""

from itertools import product

import numpy as np
import pytest

from convviz import conv_layer, conv_transpose, convolve, correlate
from convviz.player import Player
from convviz.scenes import channels, default_scene, dot_product, sliding_window
from convviz.terms import Coordinate, View
from tests.browser.test_player import Reader

RANDOM = np.random.default_rng(4)


def integers(*shape):
    return RANDOM.integers(-5, 6, shape)


X, W = integers(5, 5), integers(3, 3)
CASES = {
    "valid": (correlate(X, W), sliding_window),
    "flipped, with a border": (convolve(X[:3, :4], W[:2]), sliding_window),
    "in one dimension": (convolve([1, 2, 3, 4], [5, 6, 7]), sliding_window),
    "as vectors": (correlate(X, W), dot_product),
    "stride 2": (conv_layer(integers(3, 5, 4), integers(2, 3, 3, 2), stride=2, padding=1), channels),
    "groups": (conv_layer(integers(4, 3, 3), integers(4, 2, 2, 2), groups=2), channels),
    "one by one": (conv_layer(integers(3, 2, 3), integers(2, 3, 1, 1)), channels),
    "six channels": (conv_layer(integers(6, 3, 3), integers(5, 6, 2, 2), dilation=(1, 2), flip=True), channels),
    "transposed": (conv_transpose(integers(1, 3, 3), integers(1, 1, 2, 2)), default_scene),
}
STEPS_ARE_CELLS_OF = {"output", "map"}
"""Panels each of whose cells stands for a step; in a transposed convolution, it is the input's cells that do."""
BRIEFLY = 3
"""Of many cells of a panel, every third is pointed at."""
MANY = 40


class Case:
    """A trace, its page open at a later step, and what Python knows of its panels."""

    def __init__(self, trace, reader):
        self.trace, self.terms, self.reader = trace, trace.terms, reader
        self.panels = {panel["name"]: panel for panel in reader.picture["panels"]}
        self.views = {name: view_of(panel["view"]) for name, panel in self.panels.items()}
        self.step = len(trace) * 3 // 4
        reader.page.get_by_label("step", exact=True).fill(str(self.step))
        reader.sees(self.step)

    @property
    def own(self):
        """The panels each of whose cells stands for a step."""
        return {"input"} if self.trace is CASES["transposed"][0] else STEPS_ARE_CELLS_OF & self.panels.keys()

    def cells(self, name):
        panel = self.panels[name]
        every = list(product(range(len(panel["slices"])), range(panel["rows"]), range(panel["columns"])))
        return every if len(every) <= MANY else every[::BRIEFLY]

    def belongs(self, name, cell):
        """List the cells of each panel that share a term with a cell; of whole panels none, for that says nothing."""
        found = {other: self.related(self.views[name], view, cell) for other, view in self.views.items()}
        if not found[name] and not self.views[name].fixed and not self.views[name].held:
            found[name] = {cell}
        at_step = View(column=self.terms.step)
        if found == {other: self.related(at_step, view, (0, 0, self.step)) for other, view in self.views.items()}:
            return {}
        return {other: cells for other, cells in found.items() if cells and not 1 < len(cells) == self.size(other)}

    def related(self, pointed, view, cell):
        return {one for block in self.terms.related(pointed, view, cell, self.step) for one in block.cells()}

    def size(self, name):
        panel = self.panels[name]
        return len(panel["slices"]) * panel["rows"] * panel["columns"]


def view_of(plain):
    names = ("slice", "row", "column", "held")
    coordinates = {name: tuple(Coordinate(**coordinate) for coordinate in plain[name]) for name in names}
    return View(**coordinates, fixed=tuple(plain["fixed"]))


@pytest.fixture(scope="module")
def opened(browser, tmp_path_factory):
    """Save each trace and open its page, once; there must be no complaint and no request but for the page."""
    folder, cases = tmp_path_factory.mktemp("hover"), {}
    context = browser.new_context(viewport={"width": 1100, "height": 1300}, reduced_motion="reduce")

    def opened(name):
        if name not in cases:
            trace, scene = CASES[name]
            path = Player(trace, scene=scene).save(folder / f"{name}.html", density=0.5, progress=False)
            cases[name] = Case(trace, Reader(context.new_page(), path))
        return cases[name]

    yield opened
    context.close()
    for case in cases.values():
        assert case.reader.trouble == []
        assert case.reader.requests == [case.reader.address]


@pytest.fixture(params=list(CASES))
def case(request, opened):
    return opened(request.param)


def test_pointing_at_a_cell_outlines_what_belongs_to_it_in_every_panel(case):
    reader = case.reader
    before = len(reader.history)
    for name in case.panels.keys() - case.own:
        for cell in case.cells(name):
            reader.point_at(name, *cell)
            assert reader.outlined() == case.belongs(name, cell), f"at {name} {cell}"
    reader.leave()
    assert reader.outlined() == {}
    assert len(reader.history) == before, "the step shown stayed"


def test_pointing_at_a_cell_that_stands_for_a_step_shows_it_until_one_leaves(case):
    reader = case.reader
    for name in case.own:
        for cell in case.cells(name)[::BRIEFLY]:
            reader.point_at(name, *cell)
            step = case.terms.step_of(case.views[name], cell, case.step)
            reader.sees(step)
            assert reader.caption == case.trace[step].describe()
            assert reader.outlined() == {}, "the picture itself shows the window, in every slice"
    reader.leave()
    reader.sees(case.step)


def test_the_output_of_a_transposed_convolution_shows_which_input_cells_write_there(opened):
    case = opened("transposed")
    case.reader.point_at("output", 0, 1)
    assert case.reader.root.get_attribute("data-shown") == str(case.step), "a step is an input cell"
    assert case.reader.outlined()["output"] == {(0, 0, 1)}


def test_the_list_of_maps_jumps_to_the_same_cell_of_another_map(opened):
    case = opened("six channels")
    reader, cells = case.reader, case.trace.output[0].size
    maps = reader.page.get_by_label("map", exact=True)
    assert maps.locator("option").all_text_contents() == [f"map {number}" for number in range(len(case.trace.output))]
    assert maps.input_value() == str(case.step // cells)
    for number in (0, 4):
        maps.select_option(f"map {number}")
        reader.sees(number * cells + case.step % cells)
    reader.page.get_by_label("step", exact=True).fill(str(case.step))
    assert not reader.page.locator("select[aria-label=channel]").is_visible(), "a page has one picture, of one channel"
