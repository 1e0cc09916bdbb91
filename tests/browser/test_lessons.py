"""Each lesson from end to end, in Voila and in JupyterLab."""

import re

import pytest
from playwright.sync_api import expect

from convviz import correlate, samples
from convviz.scenes import sliding_window
from tests.browser.lesson_page import PlayerOnPage, fits_a_telephone, number_field, type_in
from tests.browser.visits import LIMIT_MS, VoilaVisit

X = samples.INPUTS["The classic 5×5"]()
W = samples.KERNELS["The classic ×"]()


@pytest.fixture(params=["voila", "lab"])
def visit(request):
    """Both places where lessons are opened."""
    return request.getfixturevalue(f"visit_{request.param}")


def test_sliding_window(visit):
    """All of the lesson on one page: opening one takes longer than what is done on it."""
    opened = visit("01_sliding_window")
    page = opened.page
    grids = PlayerOnPage(page)
    grids.shows(0)
    predict(page, grids)
    grids.slider.press("Home")
    step_and_point(page, grids, PlayerOnPage(page, 1))
    grids.slider.press("Home")
    type_own_numbers(page, grids)
    if isinstance(opened, VoilaVisit):
        fits_a_telephone(page)


def predict(page, player):
    task = page.locator(".convviz-prediction")
    expect(task).to_contain_text("[0, 1]")
    type_in(task.locator("input"), "2")
    task.get_by_role("button", name="Check").click()
    expect(task).to_contain_text("one term was forgotten", timeout=LIMIT_MS)
    type_in(task.locator("input"), "3")
    task.get_by_role("button", name="Check").click()
    expect(task).to_contain_text(f"Right! {correlate(X, W)[1].describe()}", timeout=LIMIT_MS)
    player.shows(1)
    expect(task).to_contain_text("[0, 2]")


def step_and_point(page, grids, vectors):
    trace = correlate(X, W)
    grids.shows(0)
    grids.says(trace[0].describe())

    grids.press("next step")
    grids.shows(1)
    vectors.shows(1)
    grids.says("= 3.")
    grids.slider.press("End")
    vectors.shows(8)
    grids.says("Output [2, 2] = ")
    grids.slider.fill("4")
    grids.shows(4)

    grids.point_at(sliding_window, trace, "output", 7)
    grids.shows(7)
    vectors.shows(7)
    grids.says(trace[7].describe())
    page.mouse.move(0, 0)
    grids.shows(4)
    grids.point_at(sliding_window, trace, "kernel", 4)
    expect(grids.outlined("input")).to_have_attribute("data-rows", "1 2 3")
    page.mouse.click(*grids.point_at(sliding_window, trace, "output", 2))
    page.mouse.move(0, 0)
    grids.shows(2)


def type_own_numbers(page, player):
    player.shows(0)
    type_in(number_field(page, 1, 4), "-2")
    changed = W.copy()
    changed[1, 1] = -2
    player.says(correlate(X, changed)[0].describe())

    type_in(number_field(page, 0, 0), "many")
    message = page.locator(".convviz-message").first
    expect(message).to_contain_text("Input, row 0, column 0: “many” is no number", timeout=LIMIT_MS)
    player.says(correlate(X, changed)[0].describe())
    type_in(number_field(page, 0, 0), "1/2")
    expect(message).to_have_text("", timeout=LIMIT_MS)
    player.says("0.5×1 + ")

    page.get_by_role("button", name="full").click()
    player.says("Output [0, 0] = 0×1 + ")
    expect(player.root.locator(".convviz-readout")).to_have_text("step 1 of 49", timeout=LIMIT_MS)


def test_flip(visit):
    page = visit("02_flip").page
    correlation, convolution, one_row = (PlayerOnPage(page, number) for number in range(3))
    verdict = page.locator(".convviz-verdict")
    correlation.shows(0)
    correlation.says("= 9.")
    expect(verdict).to_contain_text("differ in 8 of 9")
    correlation.slider.press("End")
    convolution.shows(8)
    convolution.says("= 9.")

    convolution.root.get_by_role("button", name="turn the kernel").click()
    expect(convolution.root).to_have_attribute("data-shown", re.compile("^-"), timeout=LIMIT_MS)
    convolution.shows(8)

    type_in(number_field(page, 1, 8), "1")
    convolution.says("×1 = 1.")
    page.locator(".convviz-grid").nth(1).locator("select").select_option("The classic ×")
    expect(verdict).to_contain_text("symmetric", timeout=LIMIT_MS)

    one_row.press("next step")
    one_row.says("= 16.")


def test_the_cards_lead_to_the_lessons_on_a_telephone(visit_voila):
    visit = visit_voila("index", viewport=(390, 844), density=2)
    page = visit.page
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    for picture in page.locator("main img").all():
        assert picture.evaluate("image => image.complete && image.naturalWidth") > 0
    page.get_by_role("link", name="2 · Is the kernel flipped?").click()
    page.wait_for_url("**/voila/render/02_flip.ipynb")
    visit.wait_until_shown()
    PlayerOnPage(page).shows(0)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
