"""The lesson on learning from end to end, in Voila."""

import numpy as np
from playwright.sync_api import expect

from convviz.lessons import Learning, TwoLayers
from tests.browser.lesson_page import DeskOnPage, PlayerOnPage
from tests.browser.visits import LIMIT_MS


def test_learning(visit_lesson):
    page = visit_lesson("09_learning").page
    player, desk = PlayerOnPage(page), DeskOnPage(page)
    player.shows(0)
    player.says(Learning().traces["learning"][0].describe())
    predict(player, desk)
    point_at_symbols(page, player)
    aim_elsewhere(page, player, desk)
    choose_rates(page, player, desk)
    start_alike(page)


def predict(player, desk):
    """Go uphill, then downhill; at the end the kernel is Sobel's, and the other one is its flip."""
    trace = Learning().traces["learning"]
    desk.answers("-1.3125", "-1.3125 is the weight plus rate × gradient, which goes uphill: subtract it.")
    player.shows(0)
    desk.answers("1.3125", "✓ Right! Weight [1, 2]: 0 − 0.5×(-2.625) = 1.3125.")
    player.shows(1)
    player.says(trace[1].describe())
    player.holds(
        "kernel",
        np.char.replace(["-0.75", "0", "0.625", "-1.25", "-0.375", "≈1.31", "≈-0.69", "≈0.56", "≈0.81"], "-", "−"),
    )
    player.holds(
        "twin",
        np.char.replace(["≈0.81", "≈0.56", "≈-0.69", "≈1.31", "-0.375", "-1.25", "0.625", "0", "-0.75"], "-", "−"),
    )
    player.slider.press("End")
    player.shows(12)
    player.says(trace[12].describe())
    player.slider.press("Home")
    player.shows(0)


def point_at_symbols(page, player):
    """The formula of the gradient: the weight that changes most, and an input that its error is multiplied by."""
    page.get_by_role("heading", name="The formula, with this step’s indices").click()
    page.get_by_role("button", name="∂L/∂w[1, 2]", exact=True).first.focus()
    player.outlines("gradient", "1", "2")
    page.get_by_role("button", name="x[1, 2]", exact=True).focus()
    player.outlines("input", "1", "2")
    page.get_by_role("button", name="x[1, 2]", exact=True).blur()
    player.is_free()


def aim_elsewhere(page, player, desk):
    """Change a number of the target, which no kernel can make; then take another kernel's output."""
    player.type_in(player.cell("target", 2, 1), "4")
    expect(page.get_by_text("The target is not reached, or not yet.")).to_be_visible(timeout=LIMIT_MS)
    expect(desk.root.get_by_role("combobox", name="Target made by")).to_have_value("Your own numbers")
    desk.pick("Target made by", "Laplacian")
    expect(page.get_by_text("The target is as good as reached.")).to_be_visible(timeout=LIMIT_MS)
    player.cell("output", 0, 0).hover()
    player.outlines("input", "0 1 2", "0 1 2")
    player.is_free()
    desk.press("Reset")


def choose_rates(page, player, desk):
    """Learn slowly, and be refused where learning diverges; another input has other rates."""
    desk.press("0.05")
    expect(page.get_by_text("After 12 updates the loss is ≈1.47.")).to_be_visible(timeout=LIMIT_MS)
    desk.press("2")
    expect(desk.root.get_by_text("accepted for this input: below 1.03")).to_be_visible(timeout=LIMIT_MS)
    desk.pick("Input", "Impulse: a single one")
    expect(desk.root.get_by_role("button", name="0.4", exact=True)).to_have_attribute(
        "aria-pressed", "true", timeout=LIMIT_MS
    )
    desk.type_in("Updates", "20")
    expect(player.readout).to_have_text("step 1 of 21", timeout=LIMIT_MS)


def start_alike(page):
    """Start two layers with zeros, with equal numbers, and with random ones."""
    player, desk = PlayerOnPage(page, 1), DeskOnPage(page, 1)
    player.shows(0)
    player.says(TwoLayers().traces["network"][0].describe())
    desk.answers("-0.2", "-0.2 is the weight minus the learning rate: multiply the rate by the gradient first.")
    desk.answers("0", "✓ Right! Weight [1, 0]: 0 − 0.2×0 = 0.")
    player.shows(1)
    expect(page.get_by_text("Nothing has moved: all gradients are 0.")).to_be_visible()
    desk.pick("Start", "All 0.5")
    expect(page.get_by_text("together they can do no more than one.")).to_be_visible(timeout=LIMIT_MS)
    desk.pick("Start", "He")
    player.says(TwoLayers("he").traces["network"][1].describe())
    player.slider.press("End")
    player.shows(100)
