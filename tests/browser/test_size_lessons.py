"""Lesson 10 from end to end, in Voila."""

from playwright.sync_api import expect

from tests.browser.lesson_page import DeskOnPage, PlayerOnPage
from tests.browser.visits import LIMIT_MS


def test_geometry(visit_voila):
    """Predict, change the stride and the border; what does not go together cannot be chosen."""
    page = visit_voila("10_geometry").page
    player, desk = PlayerOnPage(page), DeskOnPage(page)
    player.shows(0)
    desk.answers("2", "the number of moves")
    desk.answers("3", "Right!")
    more = desk.root.get_by_role("button", name="Stride: one more")
    more.click()
    expect(player.readout).to_have_text("step 1 of 3", timeout=LIMIT_MS)
    expect(page.get_by_text("⌊(8 − 3) / 2⌋ + 1")).to_be_visible()
    padding = desk.root.get_by_role("combobox", name="Padding")
    expect(padding.locator("option", has_text="same: PyTorch")).to_be_disabled()
    desk.pick("Padding", "same: TensorFlow")
    expect(player.readout).to_have_text("step 1 of 4", timeout=LIMIT_MS)
    expect(desk.field("After")).to_have_value("1")
    player.type_in(player.cell("kernel", 0, 1), "5")
    player.says("Output [0, 0] = 11×1 + 12×5 + 13×1 = 84.")
