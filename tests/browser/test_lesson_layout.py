"""What one sees of each lesson at first, on screens of all sizes, and what it is for those who do not see it."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import check, names
from tests.browser.lesson_page import PlayerOnPage
from tests.browser.visits import LIMIT_MS

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

BEYOND = """() => {
  const isHidden = (node) => node.checkVisibility({ visibilityProperty: true }) === false;
  const scrolls = (node) => ["auto", "scroll"].includes(getComputedStyle(node).overflowX);
  const isUnseen = (node) => node.closest("mjx-assistive-mml, [hidden], .convviz-captions, .convviz-hint");
  const isCut = (node) => node.clientWidth && node.scrollWidth > node.clientWidth + 1 && node.tagName !== "INPUT";
  const isAlone = (node) => {
    for (let at = node.parentElement; at && at.tagName !== "MAIN"; at = at.parentElement) if (scrolls(at)) return true;
    return false;
  };
  const beyond = [...document.querySelectorAll("main *")].filter((node) => {
    const { left, right, width } = node.getBoundingClientRect();
    return width && (left < -0.5 || right > innerWidth + 0.5) && !isHidden(node) && !isUnseen(node) && !isAlone(node);
  });
  const ours = [...document.querySelectorAll(".convviz-written :is(pre, table), .convviz-desk *")];
  const cut = ours.filter((node) => isCut(node) && !isHidden(node));
  return [...beyond, ...cut].map((node) => node.outerHTML.slice(0, 120));
}"""

LOOKED_AT = """() => [...document.querySelectorAll(".convviz-player")].map((player) => ({
  room: player.querySelector(".convviz-shelf").clientWidth, generation: player.dataset.generation,
}))"""

HAS_NEW_PICTURES = """([before, areAllNew]) => [...document.querySelectorAll(".convviz-player")].every((player, at) => {
  const isNew = areAllNew || Math.abs(player.querySelector(".convviz-shelf").clientWidth - before[at].room) >= 24;
  return player.ariaBusy !== "true" && !(isNew && player.dataset.generation === before[at].generation);
})"""

IN_SIGHT = """(share) => {
  const [picture, bar] = [".convviz-shelf", ".convviz-controls"].map((name) => document.querySelector(name));
  const { top, height } = picture.getBoundingClientRect();
  if (share) scrollTo(0, scrollY + top + share * height - innerHeight / 2);
  const { top: begins, bottom: ends } = bar.getBoundingClientRect();
  const isOnTop = bar.contains(document.elementFromPoint(innerWidth / 2, (begins + ends) / 2));
  return isOnTop && begins > 0 && ends <= innerHeight + 0.5;
}"""

COVERED = """() => {
  const parts = [...document.querySelectorAll("#lesson > .lesson-part")];
  const beside = document.querySelectorAll("#lesson .convviz-beside");
  const covered = [];
  for (let top = 0; top < document.documentElement.scrollHeight; top += innerHeight / 2) {
    scrollTo(0, top);
    for (const picture of beside) {
      const own = picture.getBoundingClientRect();
      for (const part of parts.filter((part) => !part.contains(picture))) {
        const { left, right, top, bottom } = part.getBoundingClientRect();
        const meets = left < own.right - 1 && right > own.left + 1 && top < own.bottom - 1 && bottom > own.top + 1;
        if (meets) covered.push(`${Math.round(scrollY)}: ${part.textContent.trim().slice(0, 60)}`);
      }
    }
  }
  scrollTo(0, 0);
  return covered;
}"""
"""What a picture that stays beside its text lies on, wherever the page is scrolled to."""
SEEN_TOGETHER = """() => {
  const [player, formula] = [".convviz-player", ".convviz-close details[open]"].map((at) => document.querySelector(at));
  const seen = [...player.querySelectorAll(".convviz-slice"), ...(formula?.querySelectorAll(".convviz-symbol") ?? [])];
  const isInSight = ({ top, bottom }) => top > -0.5 && bottom <= innerHeight + 0.5;
  return Boolean(formula) && seen.every((node) => isInSight(node.getBoundingClientRect()));
}"""
"""Whether the numbers of the first picture, and the symbols that light them, are in one screen."""

NAMED = {"button", "textbox", "combobox", "slider", "spinbutton", "grid", "gridcell", "link", "image", "img", "toolbar"}

ON_PAPER = """() => {
  const isSeen = (node) => node.checkVisibility({ visibilityProperty: true }) && node.getBoundingClientRect().width > 0;
  const seen = (selector) => [...document.querySelectorAll(selector)].filter(isSeen);
  const controls = "main :is(button:not(.convviz-symbol), select, textarea), input:not([aria-label='Your prediction'])";
  const solutions = document.querySelectorAll(".jp-MarkdownOutput details > :not(summary)");
  return {
    dead: seen(controls).map((node) => node.outerHTML.slice(0, 120)),
    unseen: [...solutions].filter((node) => !isSeen(node)).map((node) => node.outerHTML.slice(0, 120)),
    solutions: solutions.length, paper: getComputedStyle(document.body).backgroundColor,
    width: document.documentElement.scrollWidth,
  };
}"""
"""What only a screen can do, a formula's symbols aside, which are read on paper as well; and the solutions."""

SMALL = """() => [...document.querySelectorAll("a, button, select, summary, input:not([type=file])")].filter((node) => {
  const { width, height } = node.getBoundingClientRect();
  const isLeft = node.closest(".convviz-handle, p, li, td"); // a sentence has its own lines, a picture its "Sizes"
  return width && node.checkVisibility({ visibilityProperty: true }) && !isLeft && Math.min(width, height) < 44;
}).map((node) => node.outerHTML.slice(0, 120))"""

CELLS = {
    "01_sliding_window": [
        "Input, row 3, column 2: 5",
        "Kernel, row 1, column 2: 0",
        "Kernel, row 2, column 1: −2",
        "Output, row 1, column 1: 11",
        "Output, row 1, column 2: not computed yet",
    ],
    "02_flip": ["Kernel, row 1, column 2: 2", "Flipped kernel, row 1, column 2: 8", "Output, row 1, column 1: 9"],
    "03_echoes": [
        "Signal, row 1, column 6: 6",
        "Response, row 1, column 2: 0.9",
        "Echoes so far, row 1, column 4: 0.7",
        "Echoes so far, row 2, column 2: not computed yet",
        "Total so far, row 1, column 4: 0.7",
        "Flip and slide, row 1, column 1: 0",
        "Products, row 6, column 4: 4.2",
        "Output, row 1, column 1: 1",
    ],
    "04_matrix": [
        "Input, row 1, column 3: 3",
        "Toeplitz matrix, row 2, column 4: 7",
        "im2col, row 3, column 2: 4",
        "Products, row 4, column 1: 0",
        "Output, row 1, column 2: not computed yet",
    ],
    "04_training": [
        "Toeplitz matrix W, row 2, column 2: 5",
        "Matrix W, row 2, column 1: 0",
        "∂L/∂output, row 2, column 1: 3",
        "∂L/∂W, row 1, column 4: 8",
        "∂L/∂W, row 2, column 4: not computed yet",
        "∂L/∂w, row 1, column 3: 6",
    ],
    "05_channels": [
        "Input, channel 1, green, row 1, column 2: 7",
        "Filter, red, row 1, column 3: −1",
        "Sums, blue, row 1, column 1: 16",
        "Bias, row 1, column 1: 1",
        "Feature map, row 1, column 1: 41",
    ],
    "05_filters": ["Feature maps, map 0, row 1, column 1: 8", "Feature maps, map 3, row 4, column 4: not computed yet"],
    "05_strides": ["Input, channel 2, blue, row 1, column 1: 1", "Feature map, row 1, column 1: 41"],
    "10_pooling": [
        "Input, row 2, column 1: 4",
        "Window, row 1, column 2: 1",
        "Output, row 1, column 2: not computed yet",
    ],
    "10_stack": ["Input, row 1, column 3: 3", "After layer 2, row 1, column 1: 1"],
    "10_transposed": [
        "Kernel, row 2, column 2: 1",
        "Output so far, row 3, column 3: 1",
        "Overlaps, row 3, column 3: 4",
    ],
    "11_own": ["Input, row 1, column 4: 9", "Kernel, row 2, column 2: −3", "Output, row 1, column 1: 24"],
    "10_geometry": ["Input, row 1, column 2: 12", "Kernel, row 1, column 2: 2", "Output, row 1, column 1: 48"],
    "06_one_by_one": ["Weights, row 1, column 2: 3", "Pixel, row 3, column 1: 7", "Neurons, row 1, column 1: 30"],
    "07_kernels": [
        "Window, row 1, column 1: 35",
        "Kernel, row 2, column 3: 2",
        "Products, row 2, column 1: −66",
    ],
    "07_shifts": [
        "Input, row 2, column 3: 1",
        "Kernel, row 2, column 3: 2",
        "Output, row 1, column 1: 2",
    ],
    "07_waves": [
        "Kernel, row 2, column 3: 1/9",
        "Frequency, row 1, column 2: 0.5",
        "Strength, row 1, column 1: 1/9",
    ],
    "08_matching": [
        "Image, row 1, column 1: 1",
        "Template, row 2, column 2: 12",
        "Differences, row 1, column 1: −4",
        "Scores, row 1, column 1: 64",
        "Scores, row 2, column 5: not computed yet",
    ],
    "09_learning": [
        "Input, row 2, column 2: 3",
        "Kernel, row 1, column 1: 0",
        "Target, row 1, column 2: −6",
        "Gradient, row 1, column 1: 1.5",
        "Loss, row 1, column 1: 8",
    ],
}


def resize(page: Page, size: tuple[int, int]) -> Any:
    """Look at the page in a window of another size, from its top, and return the places of what is there."""
    before = page.evaluate(LOOKED_AT)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.wait_for_function(HAS_NEW_PICTURES, arg=[before, False], timeout=LIMIT_MS)
    page.evaluate("scrollTo(0, 0)")
    return page.evaluate(PLACES)


def darken(page: Page, player: PlayerOnPage) -> None:
    """Look at the page in the dark."""
    before = page.evaluate(LOOKED_AT)
    page.emulate_media(color_scheme="dark")
    expect(player.root).to_have_attribute("data-dark", "true", timeout=LIMIT_MS)
    page.wait_for_function(HAS_NEW_PICTURES, arg=[before, True], timeout=LIMIT_MS)


def test_no_lesson_is_left_out():
    notebooks = Path(__file__).parents[2] / "notebooks"
    assert {path.stem for path in notebooks.glob("[0-9]*.ipynb")} == CELLS.keys()


@pytest.mark.parametrize("lesson", CELLS)
def test_a_lesson_at_first_sight_and_without_sight(lesson, visit_lesson):
    """All that holds for every lesson, on one page: to open one takes longer than to measure it."""
    page = visit_lesson(lesson, viewport=LAPTOPS[0]).page
    player = PlayerOnPage(page)
    player.shows(0)
    has_all_in_sight(LAPTOPS[0], page.evaluate(PLACES))
    is_not_too_long(page, lesson)
    assert page.evaluate(COVERED) == []
    names_all_that_can_be_used(page, lesson)
    is_played_with_the_keyboard(page, player)
    shows_its_formula_with_the_picture(page)
    is_accessible(page)
    darken(page, player)
    is_accessible(page, colours="only")
    has_all_in_sight(LAPTOPS[1], resize(page, LAPTOPS[1]))
    has_its_controls_in_sight_on_small_screens(page)
    is_accessible(page, colours="none")
    goes_not_beyond_the_edge(page)
    is_a_handout_on_paper(page)


def has_all_in_sight(size: tuple[int, int], places: Any) -> None:
    """The question and the beginning of the picture, its controls, and what is asked about it."""
    assert 0 < places["heading"]["top"] < places["picture"]["top"] <= 400
    assert places["controls"]["bottom"] <= size[1]
    assert places["question"]["bottom"] - places["player"]["top"] <= 620


def shows_its_formula_with_the_picture(page: Page) -> None:
    """Unfolded, it comes into sight while all cells are, and moves neither the controls nor the question."""
    summary = page.locator(".convviz-lesson").first.get_by_role("heading", name="The formula, with this step’s indices")
    assert page.get_by_role("heading", name="The formula, with this step’s indices").count() == summary.count()
    if not summary.count():
        return
    summary.click()
    page.wait_for_function(SEEN_TOGETHER, timeout=LIMIT_MS)
    has_all_in_sight(LAPTOPS[0], page.evaluate(PLACES))
    summary.click()
    page.evaluate("scrollTo(0, 0)")


def is_not_too_long(page: Page, lesson: str) -> None:
    """A page that is long is two pages."""
    places = page.evaluate(PLACES)
    if lesson.startswith(("04", "05", "08")):
        assert places["height"] <= 4500


def names_all_that_can_be_used(page: Page, lesson: str) -> None:
    """Ask the browser what it tells a screen reader."""
    told = names(page)
    assert [role for role, name in told if not name and role in NAMED] == []
    for cell in CELLS[lesson]:
        assert ("gridcell", cell) in told


def is_played_with_the_keyboard(page: Page, player: PlayerOnPage) -> None:
    """The Tab key reaches what plays within twelve stops, and the space bar plays."""
    play = player.root.get_by_role("button", name="play", exact=True)
    page.locator("body").press("Tab")
    expect(page.get_by_role("link", name="Skip to the lesson")).to_be_focused()
    player.root.get_by_label("speed").select_option("4×")
    stop = play.element_handle()
    for _ in range(11):
        if not stop.evaluate("node => node === document.activeElement"):
            page.keyboard.press("Tab")
    expect(play).to_be_focused()
    page.keyboard.press("Space")
    player.root.and_(page.locator(":not([data-shown='0'])")).wait_for(timeout=LIMIT_MS)
    player.slider.press("Home")
    player.shows(0)


def is_accessible(page: Page, colours: str = "too") -> None:
    """Have axe check the page."""
    page.evaluate("scrollTo(0, document.body.scrollHeight)")  # controls that are in sight all the time cover others
    check(page, colours=colours)


def has_its_controls_in_sight_on_small_screens(page: Page) -> None:
    """The picture begins in the first screen, and its controls stay at the lower edge until it is gone."""
    for size in (TABLET, TELEPHONE):
        places = resize(page, size)
        assert places["picture"]["top"] <= 400
        for share in (0, 0.25, 0.5, 0.75):
            assert page.evaluate(IN_SIGHT, share), f"the controls, at {share} of the picture"


def goes_not_beyond_the_edge(page: Page) -> None:
    """Nothing is cut off, nor makes the page scroll sideways, with all unfolded that is folded away at first."""
    page.evaluate("document.querySelectorAll('details').forEach((node) => (node.open = true))")
    for size in (TELEPHONE, NARROWEST):
        resize(page, size)
        assert page.evaluate("document.documentElement.scrollWidth") == size[0]
        assert page.evaluate(BEYOND) == []


def is_a_handout_on_paper(page: Page) -> None:
    """Text, pictures and solutions, nothing cut off, and nothing that only a screen can do."""
    page.evaluate("document.querySelectorAll('details').forEach((node) => (node.open = false))")
    page.emulate_media(media="print", color_scheme="dark")
    try:
        page.set_viewport_size({"width": 690, "height": 980})
        paper = page.evaluate(ON_PAPER)
        assert paper["dead"] == []
        assert paper["solutions"] > 0
        assert paper["unseen"] == []
        assert paper["paper"] == "rgb(255, 255, 255)"
        assert paper["width"] <= 690
        assert page.evaluate(BEYOND) == []
    finally:
        page.emulate_media(media="screen", color_scheme="light")


def test_fingers_find_targets_of_44_pixels(visit_lesson):
    visit = visit_lesson("01_sliding_window", viewport=TELEPHONE, touch=True)
    assert visit.page.evaluate(SMALL) == []
    visit.page.goto(visit.server.url)
    assert visit.page.evaluate(SMALL) == []


def test_forced_colours_keep_what_is_chosen_and_what_is_a_button(visit_lesson):
    visit = visit_lesson()
    visit.page.emulate_media(forced_colors="active")
    visit.open("01_sliding_window")
    chosen = visit.page.locator("[aria-pressed=true]").first
    assert chosen.evaluate("node => getComputedStyle(node).outlineStyle") == "solid"
    for button in visit.page.locator("main button:visible").all():
        assert button.evaluate("node => getComputedStyle(node).borderTopStyle") == "solid"
    check(visit.page)
