"""Pointing at a layer's cells, in a saved page: what belongs together is outlined in every slice where it is."""

from collections import defaultdict
from itertools import product

import numpy as np
import pytest

from convviz import conv_layer
from convviz.player import Player
from convviz.scenes import channels
from tests.browser.test_player import Reader

RANDOM = np.random.default_rng(4)


def integers(*shape):
    return RANDOM.integers(-5, 6, shape)


LAYERS = {
    "stride 2": conv_layer(integers(3, 5, 4), integers(2, 3, 3, 2), stride=2, padding=1),
    "groups": conv_layer(integers(4, 3, 3), integers(4, 2, 2, 2), groups=2),
    "one by one": conv_layer(integers(3, 2, 3), integers(2, 3, 1, 1)),
    "six channels": conv_layer(integers(6, 3, 3), integers(5, 6, 2, 2), dilation=(1, 2), flip=True),
}
BRIEFLY = 3
"""Of many cells of a slice, every third is pointed at."""


class LayerReader(Reader):
    """Somebody who looks at a layer's picture, whose panels hold slices; the window keeps its size."""

    def __init__(self, page, path):
        super().__init__(page, path)
        self.hotspots, self.size = self.picture["hotspots"], self.picture["size"]
        self.box = self.stage.bounding_box()

    def place_of(self, role, cell, shown_large=True):
        """Where a cell's centre is on the page: in the last panel that shows it, or the first."""
        spots = [spot for spot in self.spots(role) if cell in self.cells_of(spot)]
        spot = spots[-1 if shown_large else 0]
        row, column = divmod(cell - self.cells_of(spot).start, spot["columns"])
        scale = self.box["width"] / self.size[0]
        x = spot["x"] + (column + 0.5) * spot["width"] / spot["columns"]
        y = spot["y"] + (row + 0.5) * spot["height"] / spot["rows"]
        return self.box["x"] + scale * x, self.box["y"] + scale * y

    def point_at(self, role, cell, **where):
        self.page.mouse.move(*self.place_of(role, cell, **where))

    def spots(self, role):
        return [spot for spot in self.hotspots if spot["role"] == role]

    def cells_of(self, spot):
        """The numbers of a slice's cells; a panel that shows one map at a time shows that of the step."""
        count, first = spot["rows"] * spot["columns"], spot["first"]
        if first is None:
            first = int(self.root.get_attribute("data-shown")) // count * count
        return range(first, first + count)

    def outlined(self):
        """The cells outlined in each panel, by number; every panel that shows one of them must outline it."""
        groups = self.page.locator(".convviz-outlines g").evaluate_all("groups => groups.map((group) => group.dataset)")
        found = defaultdict(list)
        for group in groups:
            spot, number = self.spots(group["role"])[-1], group.get("slice")
            count = spot["rows"] * spot["columns"]
            first = self.cells_of(spot).start if number is None else int(number) * count
            own = product(map(int, group["rows"].split()), map(int, group["columns"].split()))
            found[group["role"]] += [first + row * spot["columns"] + column for row, column in own]
        for role, cells in found.items():
            shown = [cell for spot in self.spots(role) for cell in self.cells_of(spot) if cell in cells]
            assert sorted(cells) == sorted(shown), f"some of the {role} is not outlined"
        return {role: set(cells) for role, cells in found.items()}


@pytest.fixture(scope="module")
def opened(browser, tmp_path_factory):
    """Save each layer and open its page, once; there must be no complaint and no request but for the page."""
    folder, readers = tmp_path_factory.mktemp("layers"), {}

    def opened(name):
        if name not in readers:
            path = Player(LAYERS[name], scene=channels).save(folder / f"{name}.html", density=0.5, progress=False)
            context = browser.new_context(viewport={"width": 1100, "height": 1300}, reduced_motion="reduce")
            readers[name] = LayerReader(context.new_page(), path)
        return readers[name]

    yield opened
    for reader in readers.values():
        reader.page.context.close()
    for reader in readers.values():
        assert reader.trouble == []
        assert reader.requests == [reader.address]


@pytest.fixture(params=list(LAYERS))
def layer(request, opened):
    """A layer, its page open at a step of a later map, and every product of the layer."""
    trace, reader = LAYERS[request.param], opened(request.param)
    step = len(trace) * 3 // 4
    reader.page.mouse.click(*reader.place_of("output", step))
    reader.sees(step)
    reader.leave()
    return trace, reader, trace[step]


def products_of(trace, steps):
    """List every product of some steps, one by one: step, channel, number of the weight, number of the input's cell."""
    grid = np.arange(trace.padded.size).reshape(trace.padded.shape)
    each = trace.kernel[0, 0].size
    for step in steps:
        for number, cell in enumerate(grid[step.window].ravel().tolist()):
            channel = step.window[0].start + number // each
            yield step.index, channel, channel * each + number % each, cell


def of_map(trace, step):
    """List the steps that fill the same map."""
    return [other for other in trace if other.position[0] == step.position[0]]


def large_cells(reader, role):
    """List the cells of what is shown large, or of all where nothing is."""
    spots = reader.spots(role)
    widest = max(spot["width"] / spot["columns"] for spot in spots)
    return [cell for spot in spots if spot["width"] / spot["columns"] > 0.99 * widest for cell in reader.cells_of(spot)]


def test_pointing_at_an_input_cell_outlines_the_outputs_that_read_it_in_every_map(layer):
    trace, reader, step = layer
    readers = defaultdict(set)
    for index, _, _, cell in products_of(trace, trace):
        readers[cell].add(index)
    maps = {cell for spot in reader.spots("output") for cell in reader.cells_of(spot)}
    assert maps == set(range(len(trace)))
    for cell in large_cells(reader, "input")[::BRIEFLY]:
        reader.point_at("input", cell)
        expected = {"input": {cell}, "output": readers[cell]}
        assert reader.outlined() == {role: cells for role, cells in expected.items() if cells}, f"at input cell {cell}"
    assert reader.history[-1] == step.index, "the step shown stayed"


def test_pointing_at_a_weight_outlines_all_that_it_multiplies_in_its_channel(layer):
    trace, reader, step = layer
    met, channel_of = defaultdict(set), {}
    for _, channel, weight, cell in products_of(trace, of_map(trace, step)):
        met[weight].add(cell)
        channel_of[weight] = channel
    for weight in large_cells(reader, "kernel"):
        reader.point_at("kernel", weight)
        expected = {"input": met[weight], "kernel": {weight}, "products": {weight}, "sums": {channel_of.get(weight)}}
        assert visible(reader, reader.outlined()) == (visible(reader, expected) if weight in channel_of else {})


def test_pointing_at_a_product_outlines_its_two_factors(layer):
    trace, reader, step = layer
    factors = {weight: (channel, cell) for _, channel, weight, cell in products_of(trace, [step])}
    for number in large_cells(reader, "products"):
        reader.point_at("products", number)
        expected = {}
        if number in factors:
            channel, cell = factors[number]
            expected = {"input": {cell}, "kernel": {number}, "products": {number}, "sums": {channel}}
        assert reader.outlined() == expected, f"at product {number}"


def test_pointing_at_a_channels_sum_lights_its_slice_in_every_panel(layer):
    trace, reader, step = layer
    weights, window = defaultdict(set), defaultdict(set)
    for _, channel, weight, cell in products_of(trace, [step]):
        weights[channel].add(weight)
        window[channel].add(cell)
    for channel in range(len(trace.x)):
        reader.point_at("sums", channel)
        expected = {}
        if channel in window:
            alike = {"kernel": weights[channel], "products": weights[channel]}
            expected = visible(reader, {"sums": {channel}, "input": window[channel], **alike})
        assert reader.outlined() == expected, f"at channel {channel}"


def visible(reader, cells):
    """Leave out what is in no panel: of many channels, only one has its products shown."""
    shown = {role: {cell for spot in reader.spots(role) for cell in reader.cells_of(spot)} for role in cells}
    return {role: numbers & shown[role] for role, numbers in cells.items() if numbers & shown[role]}


def test_pointing_at_an_output_cell_shows_its_step_until_one_leaves(layer):
    trace, reader, step = layer
    for cell in range(0, len(trace), BRIEFLY):
        reader.point_at("output", cell, shown_large=False)
        reader.sees(cell)
        assert reader.caption == trace[cell].describe()
        assert reader.page.get_by_label("map", exact=True).input_value() == str(trace[cell].position[0])
        assert reader.outlined() == {}, "the picture itself shows the window, in every slice"
    reader.leave()
    reader.sees(step.index)


def test_a_thumbnail_is_pointed_at_like_the_large_one(opened):
    reader = opened("six channels")
    for role, cell in (("input", 4), ("kernel", 3)):
        reader.point_at(role, cell)
        outlined = reader.outlined()
        assert cell in outlined[role]
        reader.leave()
        reader.point_at(role, cell, shown_large=False)
        assert reader.outlined() == outlined
    other = LAYERS["six channels"].padded[0].size * 4
    reader.point_at("input", other)
    assert reader.outlined()["input"] == {other}


def test_the_list_of_maps_jumps_to_the_same_cell_of_another_map(layer):
    trace, reader, step = layer
    cells = trace.output[0].size
    maps = reader.page.get_by_label("map", exact=True)
    assert maps.locator("option").all_text_contents() == [f"map {number}" for number in range(len(trace.output))]
    assert maps.input_value() == str(step.position[0])
    for number in (0, len(trace.output) - 1):
        maps.select_option(f"map {number}")
        reader.sees(number * cells + step.index % cells)
    large = reader.page.locator("select[aria-label=channel]")
    assert not large.is_visible(), "a page has one picture only, of one channel"
