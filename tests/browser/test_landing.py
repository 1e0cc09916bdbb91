"""The first page, and what leads from page to page."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from convviz.course import COURSE, heading
from tests.browser.accessibility import check
from tests.browser.lesson_page import PlayerOnPage
from tests.browser.visits import LIMIT_MS, SiteVisit, VoilaVisit

VisitLesson = Callable[..., VoilaVisit | SiteVisit]
LAPTOP, TELEPHONE, NARROWEST = (1280, 720), (390, 844), (320, 640)


def landing(visit_lesson: VisitLesson, **options: object) -> Page:
    """Open the first page."""
    visit = visit_lesson(**options)
    visit.page.goto(visit.server.url)
    return visit.page


@pytest.mark.parametrize("size", [LAPTOP, TELEPHONE])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_landing_page_can_be_used_by_everybody(visit_lesson, size, dark):
    page = landing(visit_lesson, viewport=size, dark=dark)
    check(page)
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(16, 18, 20)" if dark else "rgb(255, 255, 255)")
    for picture in page.locator(".landing-card img").all():
        picture.scroll_into_view_if_needed()
        page.wait_for_function("image => image.naturalWidth > 0", arg=picture.element_handle(), timeout=LIMIT_MS)
        assert picture.evaluate("image => image.currentSrc").endswith("-dark.png") is dark


def test_the_landing_page_shows_the_course_without_a_kernel_and_without_scrolling_sideways(visit_lesson):
    visit = visit_lesson(viewport=LAPTOP)
    page = visit.page
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(visit.address("index"))
    expect(page).to_have_url(re.compile(f"^{re.escape(visit.server.url)}(index.html)?$"))
    cards = page.locator(".landing-card h3")
    assert cards.all_inner_texts() == [each.question for each in COURSE]
    for card, each in zip(page.locator(".landing-time").all(), COURSE, strict=True):
        expect(card).to_contain_text(f"About {each.minutes} minutes")
    assert page.locator(".landing-card").first.bounding_box()["y"] < LAPTOP[1]
    page.set_viewport_size({"width": NARROWEST[0], "height": NARROWEST[1]})
    assert page.evaluate("document.documentElement.scrollWidth") == NARROWEST[0]
    assert not [url for url in asked if "/api/kernels" in url or url.startswith("ws")]


def test_a_card_leads_to_its_lesson_on_a_telephone(visit_lesson):
    visit = visit_lesson(viewport=TELEPHONE, density=2, touch=True)
    visit.page.goto(visit.server.url)
    visit.page.get_by_role("link", name="Is the kernel flipped?").tap()
    visit.page.wait_for_url(visit.address("02_flip"))
    visit.wait_until_shown()
    PlayerOnPage(visit.page).shows(0)


def test_what_was_predicted_right_is_kept_in_the_browser_unless_the_learner_says_no(visit_lesson):
    visit = visit_lesson("01_sliding_window")
    page = visit.page

    def predict(number: str) -> None:
        page.get_by_label("Your prediction").fill(number)
        page.get_by_label("Your prediction").press("Enter")
        expect(page.locator(".convviz-before")).to_contain_text("✓", timeout=LIMIT_MS)

    predict("-8")
    page.get_by_role("link", name="All lessons").first.click()
    card = page.locator(".landing-card").first
    expect(card).to_contain_text("✓ 1 right")
    expect(page.get_by_role("link", name="Go on with lesson 1")).to_be_visible()
    check(page)
    page.get_by_role("checkbox").uncheck()
    expect(card).not_to_contain_text("right")
    page.reload()
    expect(page.get_by_role("checkbox")).not_to_be_checked()
    card.get_by_role("link").click()
    visit.wait_until_shown()
    predict("-8")
    assert page.evaluate("localStorage.getItem('convviz-right')") is None


def test_a_lesson_says_where_it_is_and_leads_on(visit_lesson):
    visit = visit_lesson("05_filters")
    page = visit.page
    [at] = [number for number, each in enumerate(COURSE) if each.notebook == "05_filters"]
    expect(page.locator(".page-where")).to_have_text(re.compile(r"Lesson 5 of \d+, part 2 of 3"))
    assert page.locator("main").get_by_role("link", name="All lessons").count() == 1, "said twice"
    footer = page.get_by_role("navigation", name="Where to go next")
    for each in (COURSE[at - 1], COURSE[at + 1]):
        link = page.locator(".page-header").get_by_title(heading(each))
        for way in (link, footer.get_by_text(each.question)):
            assert way.evaluate("link => link.href") == visit.address(each.notebook)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "lesson"
    page.locator(".page-contents summary").click()
    for link in page.get_by_role("navigation", name="On this page").get_by_role("link").all():
        name = link.get_attribute("href").removeprefix("#")
        assert page.evaluate("name => document.getElementById(name).tagName", name) == "H2"
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.locator(".page-header").bounding_box()["height"] < 60, "one line on a narrow telephone"
