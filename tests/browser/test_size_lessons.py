"""Lesson 10 from end to end, in Voila."""

from playwright.sync_api import expect

from tests.browser.lesson_page import DeskOnPage, PlayerOnPage
from tests.browser.visits import LIMIT_MS


def test_geometry(visit_lesson):
    """Predict, change the stride and the border; what does not go together cannot be chosen."""
    page = visit_lesson("10_geometry").page
    player, desk = PlayerOnPage(page), DeskOnPage(page)
    player.shows(0)
    desk.answers("2", "the number of moves")
    desk.answers("3", "Right!")
    more = desk.root.get_by_role("button", name="Stride: one more")
    more.click()
    expect(player.readout).to_have_text("step 1 of 3", timeout=LIMIT_MS)
    expect(page.get_by_text("⌊(8 − 3) / 2⌋ + 1")).to_be_visible()
    padding = desk.root.get_by_role("combobox", name="Padding")
    expect(padding.locator("option", has_text="same: PyTorch")).to_have_js_property("disabled", True)
    desk.pick("Padding", "same: TensorFlow")
    expect(player.readout).to_have_text("step 1 of 4", timeout=LIMIT_MS)
    expect(desk.field("After")).to_have_value("1")
    player.type_in(player.cell("kernel", 0, 1), "5")
    player.says("Output [0, 0] = 11×1 + 12×5 + 13×1 = 84.")


def test_pooling_stack_and_transposed(visit_lesson):
    """One page after the other: predict, change, and see what follows."""
    visit = visit_lesson("10_pooling")
    player, desk = PlayerOnPage(visit.page), DeskOnPage(visit.page)
    desk.answers("5.75", "the mean of the window")
    desk.answers("8", "Right!")
    player.shows(1)
    desk.press("mean")
    player.says("Output [0, 0, 1] = (7 + 3 + 5 + 8) / 4 = 5.75.")

    visit.open("10_stack")
    player, desk = PlayerOnPage(visit.page), DeskOnPage(visit.page)
    desk.answers("15", "three times as many")
    desk.answers("7", "Right!")
    desk.press("+ pooling 2×2")
    expect(player.readout).to_have_text("step 1 of 4", timeout=LIMIT_MS)
    expect(visit.page.get_by_text("mat1 and mat2 shapes cannot be multiplied (1x128 and 512x10)")).to_be_visible()
    desk.press("Fit the linear layer")
    expect(visit.page.get_by_text("Linear(128, 10)", exact=True)).to_be_visible()

    visit.open("10_transposed")
    player, desk = PlayerOnPage(visit.page), DeskOnPage(visit.page)
    desk.answers("9", "Right!")
    desk.root.get_by_role("button", name="Padding: one more", exact=True).click()
    expect(player.grid("output").get_by_role("gridcell")).to_have_count(25, timeout=LIMIT_MS)
