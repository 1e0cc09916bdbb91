"""A lesson's state in the address of its page: kept up to date, opened again, copied, and refused where it is bad."""

from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import expect

from convviz import conv_layer, correlate, samples
from convviz.samples import read_picture
from tests.browser.accessibility import check
from tests.browser.lesson_page import DeskOnPage, PlayerOnPage
from tests.browser.test_layer_lessons import picture_file
from tests.browser.visits import LIMIT_MS

X, W = samples.picture("landscape"), samples.kernel("sobel_x")
CHANGED = np.array([[-1, 0, 1], [-2, -2, 2], [-1, 0, 1]])
FULL = correlate(X, CHANGED, "full")


def address_is(page, **parts):
    """Wait until the address has just these parts."""
    wanted = sorted(f"{name}={text}" for name, text in parts.items())
    is_so = "wanted => location.search.slice(1).split('&').filter(Boolean).sort().join('&') === wanted.join('&')"
    page.wait_for_function(is_so, arg=wanted, timeout=LIMIT_MS)


def shows_the_change(page):
    """Wait until the page shows the numbers, mode and step that the first journey arrives at."""
    player, desk = PlayerOnPage(page), DeskOnPage(page)
    player.shows(16)
    player.says(FULL[16].describe())
    player.holds("kernel", CHANGED.ravel())
    expect(desk.root.get_by_role("button", name="full")).to_have_attribute("aria-pressed", "true")
    expect(desk.notice).to_be_hidden()


def test_the_address_holds_the_state(visit_lesson):
    """Change a number, the mode and the step; hand the address on, reload, and go away and come back."""
    visit = visit_lesson("01_sliding_window")
    page = visit.page
    player, desk = PlayerOnPage(page), DeskOnPage(page)
    player.shows(0)
    address_is(page)
    player.type_in(player.cell("kernel", 1, 1), "-2")
    address_is(page, w="-1,0,1;-2,-2,2;-1,0,1")
    desk.press("full")
    expect(player.readout).to_have_text("step 1 of 49", timeout=LIMIT_MS)
    player.slider.fill("16")
    address_is(page, w="-1,0,1;-2,-2,2;-1,0,1", mode="full", step="16")
    copy_the_link(visit, desk)

    page.reload()
    visit.wait_until_shown()
    shows_the_change(page)
    go_through_the_history(page, player, desk)
    page.goto("about:blank")
    page.go_back()
    visit.wait_until_shown()
    shows_the_change(page)

    desk.press("Reset")
    player.says(correlate(X, W)[0].describe())
    address_is(page)


def copy_the_link(visit, desk):
    """Copy the address; where the browser does not let it, the address stands in a field, to be copied by hand."""
    page = visit.page
    visit.context.grant_permissions(["clipboard-read", "clipboard-write"])
    desk.press("Copy link")
    expect(desk.root.get_by_role("status").filter(has_text="Copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    page.evaluate("() => { navigator.clipboard.writeText = async () => { throw new Error('not allowed') } }")
    desk.press("Copy link")
    expect(desk.field("Link")).to_have_value(page.url)


def go_through_the_history(page, player, desk):
    """Within the page, Back and Forward show what was there."""
    page.evaluate("location.hash = 'further-down'")
    desk.press("valid")
    player.slider.press("Home")
    address_is(page, w="-1,0,1;-2,-2,2;-1,0,1")
    page.go_back()
    shows_the_change(page)
    address_is(page, w="-1,0,1;-2,-2,2;-1,0,1", mode="full", step="16")
    page.go_forward()
    player.says(correlate(X, CHANGED)[0].describe())
    page.go_back()
    shows_the_change(page)


def test_a_link_opens_elsewhere(visit_lesson):
    """What somebody else has sent is shown, in a browser that has never been here, and the theme's part is kept."""
    visit = visit_lesson()
    own = "w=-1,0,1;-2,-2,2;-1,0,1&step=16&mode=full"
    visit.open(f"01_sliding_window?theme=dark&{own}#further-down")
    shows_the_change(visit.page)
    check(visit.page)
    PlayerOnPage(visit.page).slider.press("Home")
    address_is(visit.page, theme="dark", w="-1,0,1;-2,-2,2;-1,0,1", mode="full")
    assert urlsplit(visit.page.url).fragment == "further-down"


def test_a_layer_with_a_picture_is_kept(visit_lesson, tmp_path):
    """An own picture, its layer and a weight are still there after a reload."""
    visit = visit_lesson("05_strides")
    page = visit.page
    player, desk = PlayerOnPage(page), DeskOnPage(page)
    (tmp_path / "own.png").write_bytes(picture_file("png", (20, 12)))
    own = read_picture((tmp_path / "own.png").read_bytes())
    desk.open("More")
    desk.root.get_by_label("Your own picture").set_input_files(tmp_path / "own.png")
    desk.type_in("Stride", "3")
    desk.type_in("Padding", "1")
    desk.press("none")
    w = samples.FILTERS["One 3×3 filter, three kernels"]()
    w[0, 0, 1, 1] = 3
    player.type_in(player.cell("kernel", 1, 1), "3")
    expected = conv_layer(own, w, [1], stride=3, padding=1)
    player.says(expected[0].describe())
    player.slider.fill("9")
    page.wait_for_function("location.search.includes('step=9')", timeout=LIMIT_MS)
    assert parse_qs(urlsplit(page.url).query).keys() == {"x", "w", "stride", "padding", "activation", "step"}
    page.reload()
    visit.wait_until_shown()
    player.shows(9)
    player.says(expected[9].describe())
    expect(desk.field("Stride")).to_have_value("3")


def test_two_lessons_of_a_page_share_its_address(visit_lesson):
    visit = visit_lesson("02_flip")
    page = visit.page
    player, flip, brackets = PlayerOnPage(page), DeskOnPage(page), DeskOnPage(page, 1)
    expect(page.locator(".convviz-teaching:visible")).to_have_count(1)
    player.press("last step")
    address_is(page, step="8")
    brackets.type_in("C", "2 0.5")
    address_is(page, step="8", c="2,0.5")
    flip.press("same")
    address_is(page, step="8", c="2,0.5", mode="same")
    page.reload()
    visit.wait_until_shown()
    player.shows(8)
    expect(brackets.field("C")).to_have_value("2 0.5")
    address_is(page, step="8", c="2,0.5", mode="same")


def test_a_teachers_link_hides_locks_and_enlarges(visit_lesson):
    """A teacher makes a link to what is on the screen; whoever opens it sees no more than that, and can step."""
    visit = visit_lesson("01_sliding_window")
    page = visit.page
    player, desk = PlayerOnPage(page), DeskOnPage(page)
    desk.press("full")
    expect(player.readout).to_have_text("step 1 of 49", timeout=LIMIT_MS)
    player.slider.fill("16")
    address_is(page, mode="full", step="16")
    width = player.root.bounding_box()["width"]
    link = make_a_link_for_a_class(page, desk)
    check(page)

    page.goto(link)
    visit.wait_until_shown()
    player.shows(16)
    player.says(correlate(X, W, "full")[16].describe())
    assert page.evaluate("document.querySelector('.convviz-player').currentCSSZoom") == pytest.approx(1.4)
    expect(desk.root.get_by_role("button", name="full")).to_be_hidden()
    expect(page.locator(".convviz-hint:visible")).to_have_count(0)
    expect(page.locator(".convviz-teaching")).to_be_hidden()
    assert page.locator("main pre").count() > 1
    expect(page.locator("main pre:visible")).to_have_count(0)
    expect(player.root.locator("[data-operand]")).to_have_count(0, timeout=LIMIT_MS)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert player.root.bounding_box()["width"] > 0.9 * width
    check(page)
    player.press("next step")
    player.shows(17)
    words = {"hide": "controls,hints,code", "lock": "all", "steps": "0,16", "theme": "projector"}
    address_is(page, mode="full", step="17", **words)
    expect(page.locator(".convviz-print [data-shown]")).to_have_count(2, timeout=LIMIT_MS)


def make_a_link_for_a_class(page, desk):
    """Tick all that there is, and return the link."""
    desk.open("Link for a class")
    link = desk.field("Link for a class")
    expect(link).to_have_value(page.url)
    for label in ("Hide the controls", "Hide the hints", "Hide the code", "Lock all numbers and settings"):
        desk.root.get_by_label(label).check()
    expect(link).to_have_value(f"{page.url}&hide=controls,hints,code&lock=all")
    desk.root.get_by_label("Large, for a projector").check()
    desk.field("Steps on paper").fill("1, 17")
    expect(link).to_have_value(f"{page.url}&hide=controls,hints,code&lock=all&steps=0,16&theme=projector")
    return link.input_value()


def test_a_link_may_lock_some_settings_alone(visit_lesson):
    visit = visit_lesson()
    page = visit.page
    visit.open("01_sliding_window?mode=full&lock=mode,w")
    player, desk = PlayerOnPage(page), DeskOnPage(page)
    expect(desk.root.locator("[data-control$=' mode'][inert]")).to_have_count(1, timeout=LIMIT_MS)
    player.type_in(player.cell("kernel", 1, 1), "-2")
    expect(player.alert).to_contain_text("w is locked by the link of this page", timeout=LIMIT_MS)
    player.type_in(player.cell("input", 2, 2), "7")  # within its border
    page.wait_for_function("location.search.includes('x=7,')", timeout=LIMIT_MS)


HOSTILE = [
    "w=%3Cimg%20src%20onerror%3Dalert(1)%3E",
    "x=many",
    "x=1,2;3",
    "x=1&x=2",
    "w=*AAAA",
    "w=~__class__",
    "step=-1",
    "mode=..%2F..",
    "w=%E0%A4%A",
    "x=1e400",
    "x=" + ",".join("1" * 65),
    "w=" + "9" * 20_000,
    "x=1&w=1,2,3,4&mode=valid",
]


@pytest.fixture(scope="module")
def search():
    """Each bad address without its question mark; the first one is opened as a page, the others as one goes back."""
    return HOSTILE


def test_a_bad_address_shows_the_lesson_and_says_so(visit_lesson, search):
    visit = visit_lesson()
    page = visit.page
    visit.open(f"01_sliding_window?{search[0]}")
    player, desk = PlayerOnPage(page), DeskOnPage(page)
    for bad in search:
        if bad != search[0]:
            page.evaluate(
                "bad => { history.pushState(null, '', `?${bad}`); dispatchEvent(new PopStateEvent('popstate')); }", bad
            )
        expect(desk.notice).to_contain_text("This link could not be opened: ", timeout=LIMIT_MS)
        expect(desk.notice).to_have_role("alert")
        expect(desk.notice).to_be_visible()
        player.says(correlate(X, W)[0].describe())
        address_is(page)
        desk.press("same")
        expect(desk.notice).to_be_hidden(timeout=LIMIT_MS)
        desk.press("Reset")
        address_is(page)
    # What is no name of the lesson's is left to others.
    page.evaluate(
        "history.pushState(null, '', '?__class__=1&x=~impulse'); dispatchEvent(new PopStateEvent('popstate'))"
    )
    player.holds("input", samples.picture("impulse").ravel())
    address_is(page, __class__="1", x="~impulse")
