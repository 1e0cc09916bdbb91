"""The player of a model in a real browser: a layer is picked in the strip, and opens below it."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.visits import LIMIT_MS, VoilaVisit
from tests.model_traces import CONVOLUTION, NET, POOLING


def test_the_layer_that_is_picked_opens_below_the_strip(visit_voila: Callable[..., VoilaVisit]) -> None:
    page = visit_voila("model").page
    players = page.locator(".convviz-player")
    strip, layer = players.first, players.nth(1)
    expect(layer.locator(".convviz-caption")).to_contain_text(CONVOLUTION[0].describe(), timeout=LIMIT_MS)
    box = strip.get_by_role("gridcell")
    box.focus()
    page.keyboard.press("ArrowDown")
    expect(box).to_have_accessible_name(f"Net, layer by layer, layer1, row 1, column 1: {NET[1].describe()}")
    page.keyboard.press("Enter")
    expect(page.get_by_text("layer1 (MaxPool2d), on the numbers that it reads in the model:")).to_be_visible()
    expect(layer.locator(".convviz-caption")).to_contain_text(POOLING[0].describe())
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_text("layer2 (ReLU) has no picture of its own. It broke when it was opened.")).to_be_visible()
    expect(players).to_have_count(1)


def test_the_step_stays_in_sight_where_the_strip_scrolls(visit_voila: Callable[..., VoilaVisit]) -> None:
    page = visit_voila("model", viewport=(390, 844)).page
    shelf = page.locator(".convviz-strip .convviz-shelf")
    expect(shelf).to_be_visible()
    shelf.evaluate("shelf => (shelf.style.maxHeight = '100px')")
    first_box = page.locator(".convviz-strip").get_by_role("gridcell")
    for index, name in ((3, "next step"), (0, "previous step")):
        for _ in range(3):
            page.locator(".convviz-strip").get_by_role("button", name=name).click()
        page.wait_for_selector(f".convviz-strip .convviz-stage[data-shown='{index}']")
        seen, box = shelf.bounding_box(), first_box.bounding_box()
        assert seen is not None
        assert box is not None
        assert (seen["y"] - 1 <= box["y"] <= seen["y"] + seen["height"] - box["height"] + 1) == (index == 0)
