"""What one sees of each lesson at first, on screens of all sizes, and what it is for those who do not see it."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import check, names
from tests.browser.lesson_page import PlayerOnPage
from tests.browser.visits import LIMIT_MS

LESSONS = ["01_sliding_window", "02_flip", "05_channels", "05_filters", "05_strides", "06_one_by_one"]
LAPTOPS, TABLET, TELEPHONE, NARROWEST = [(1280, 720), (1440, 900)], (768, 1024), (390, 844), (320, 640)

PLACES = """() => {
  const place = (node) => {
    const { left, right, top, bottom } = node.getBoundingClientRect();
    return { left, right, top: top + scrollY, bottom: bottom + scrollY };
  };
  const first = (selector) => place(document.querySelector(selector));
  return {
    heading: first("h1"), player: first(".convviz-player"), picture: first(".convviz-stage"),
    controls: first(".convviz-controls"), question: first(".convviz-question"),
    height: document.documentElement.scrollHeight,
  };
}"""

SIDEWAYS = """() => {
  const isHidden = (node) => node.checkVisibility({ visibilityProperty: true }) === false;
  const scrolls = (node) => ["auto", "scroll"].includes(getComputedStyle(node).overflowX);
  const isUnseen = (node) => node.closest("mjx-assistive-mml, [hidden], .convviz-captions, .convviz-hint");
  const isAlone = (node) => {
    for (let at = node.parentElement; at && at.tagName !== "MAIN"; at = at.parentElement) if (scrolls(at)) return true;
    return false;
  };
  const beyond = [...document.querySelectorAll("main *")].filter((node) => {
    const { left, right, width } = node.getBoundingClientRect();
    return width && (left < -0.5 || right > innerWidth + 0.5) && !isHidden(node) && !isUnseen(node) && !isAlone(node);
  });
  const cut = [...document.querySelectorAll(".convviz-written pre, .convviz-written table, .convviz-desk *")].filter(
    (node) => node.scrollWidth > node.clientWidth + 1 && node.clientWidth && !isHidden(node) && node.tagName !== "INPUT",
  );
  return [...beyond, ...cut].map((node) => node.outerHTML.slice(0, 120));
}"""

NEW_PICTURES = """([room, generations]) => [...document.querySelectorAll(".convviz-player")].every((player, at) => {
  const changed = Math.abs(player.querySelector(".convviz-shelf").clientWidth - room[at]) >= 24;
  return player.ariaBusy !== "true" && (!changed || player.dataset.generation !== generations[at]);
})"""


def resize(page: Page, size: tuple[int, int]) -> dict[str, Any]:
    """Look at the page in a window of another size, from its top, and return the places of what is there."""
    players = page.locator(".convviz-player")
    room = players.evaluate_all("nodes => nodes.map((node) => node.querySelector('.convviz-shelf').clientWidth)")
    generations = players.evaluate_all("nodes => nodes.map((node) => node.dataset.generation)")
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.wait_for_function(NEW_PICTURES, arg=[room, generations], timeout=LIMIT_MS)
    page.evaluate("scrollTo(0, 0)")
    places: dict[str, Any] = page.evaluate(PLACES)
    return places


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_on_screens_of_all_sizes(lesson, visit_voila):
    """What one sees first, what stays in sight, and nothing that goes beyond the edge."""
    page = visit_voila(lesson, viewport=LAPTOPS[0]).page
    PlayerOnPage(page).shows(0)
    places = page.evaluate(PLACES)
    assert places["question"]["bottom"] - places["player"]["top"] <= 620, "picture, controls and question in one sight"
    if lesson.startswith("05"):
        assert places["height"] <= 4500
    for size in LAPTOPS:
        places = resize(page, size)
        assert 0 < places["heading"]["top"] < places["picture"]["top"] <= 400
        assert places["controls"]["bottom"] <= size[1]
    for size in (TABLET, TELEPHONE):
        places = resize(page, size)
        assert places["picture"]["top"] <= 400
        assert places["controls"]["bottom"] <= size[1], "the controls are in sight"
        assert page.evaluate("document.documentElement.scrollWidth") == size[0]
    controls_stay_in_sight(page)
    for size in (TELEPHONE, NARROWEST):
        resize(page, size)
        assert page.evaluate("document.documentElement.scrollWidth") == size[0]
        assert page.evaluate(SIDEWAYS) == []


def controls_stay_in_sight(page: Page) -> None:
    """Scroll through the picture: its controls stay at the lower edge until it is gone."""
    for share in (0.25, 0.5, 0.75):
        seen = page.evaluate(
            """(share) => {
              const [picture, bar] = [".convviz-shelf", ".convviz-controls"].map((name) => document.querySelector(name));
              const { top, height } = picture.getBoundingClientRect();
              scrollTo(0, scrollY + top + share * height - innerHeight / 2);
              const { top: begins, bottom: ends } = bar.getBoundingClientRect();
              const hit = document.elementFromPoint(innerWidth / 2, (begins + ends) / 2);
              return ends <= innerHeight + 0.5 && begins > 0 && bar.contains(hit);
            }""",
            share,
        )
        assert seen, f"at {share} of the picture"


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_for_those_who_do_not_see_it(lesson, visit_voila):
    page = visit_voila(lesson, viewport=LAPTOPS[0]).page
    player = PlayerOnPage(page)
    player.shows(0)
    told = names(page)
    nameless = [role for role, name in told if not name and role in NAMED]
    assert nameless == []
    for cell in CELLS[lesson]:
        assert ("gridcell", cell) in told
    reach_the_picture_by_keyboard(page, player)
    for width, height in (LAPTOPS[0], TELEPHONE):
        resize(page, (width, height))
        page.evaluate("scrollTo(0, document.body.scrollHeight)")  # controls that are in sight all the time cover others
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            expect(player.root).to_have_attribute("data-dark", str(scheme == "dark").lower(), timeout=LIMIT_MS)
            check(page)


NAMED = {"button", "textbox", "combobox", "slider", "spinbutton", "grid", "gridcell", "link", "image", "img", "toolbar"}

CELLS = {
    "01_sliding_window": [
        "Input, row 3, column 2: 5",
        "Kernel, row 1, column 2: 0",
        "Kernel, row 2, column 1: −2",
        "Output, row 1, column 1: 11",
        "Output, row 1, column 2: not computed yet",
    ],
    "02_flip": ["Kernel, row 1, column 2: 2", "Flipped kernel, row 1, column 2: 8", "Output, row 1, column 1: 9"],
    "05_channels": [
        "Input, channel 1, green, row 1, column 2: 7",
        "Filter, red, row 1, column 3: −1",
        "Sums, blue, row 1, column 1: 16",
        "Bias, row 1, column 1: 1",
        "Feature map, row 1, column 1: 41",
    ],
    "05_filters": ["Feature maps, map 0, row 1, column 1: 8", "Feature maps, map 3, row 4, column 4: not computed yet"],
    "05_strides": ["Input, channel 2, blue, row 1, column 1: 1", "Feature map, row 1, column 1: 41"],
    "06_one_by_one": ["Weights, row 1, column 2: 3", "Pixel, row 3, column 1: 7", "Neurons, row 1, column 1: 30"],
}


def reach_the_picture_by_keyboard(page: Page, player: PlayerOnPage) -> None:
    """The picture is the second stop of the Tab key; there, the space bar plays."""
    page.evaluate("scrollTo(0, 0)")
    page.locator("body").press("Tab")
    expect(page.get_by_role("link", name="All lessons").first).to_be_focused()
    page.keyboard.press("Tab")
    expect(player.root.locator("canvas").first).to_be_focused()
    page.keyboard.press("Space")
    expect(player.root).not_to_have_attribute("data-shown", "0", timeout=LIMIT_MS)
    player.slider.press("Home")
    player.shows(0)


def test_code_wraps_and_scrolls(visit_voila):
    """All that is folded away at first fits a narrow screen, too."""
    page = visit_voila("02_flip", viewport=NARROWEST).page
    PlayerOnPage(page).shows(0)
    page.evaluate("document.querySelectorAll('details').forEach((node) => (node.open = true))")
    expect(page.get_by_text(re.compile("import numpy as np")).first).to_be_visible()
    assert page.evaluate(SIDEWAYS) == []
