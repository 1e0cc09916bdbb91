"""The gallery in a real browser: every picture is there, at the step that its code asks for."""

import nbformat
import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import check
from tests.browser.lesson_page import PlayerOnPage
from tests.browser.servers import ROOT
from tests.browser.visits import LIMIT_MS

CODE = [
    cell.source for cell in nbformat.read(ROOT / "notebooks" / "gallery.ipynb", 4).cells if cell.cell_type == "code"
]
STEPS = [int(code.rpartition("index=")[2].rstrip(")")) for code in CODE]


@pytest.mark.parametrize(("viewport", "dark"), [((390, 844), True)])
def test_every_picture_is_shown_with_its_code(visit_lesson, viewport, dark):
    page = visit_lesson("gallery", viewport=viewport, dark=dark).page
    expect(page.locator(".convviz-player")).to_have_count(len(CODE), timeout=LIMIT_MS)
    for number, step in enumerate(STEPS):
        PlayerOnPage(page, number).shows(step)
    expect(page.locator(".highlight:not(.jp-MarkdownOutput *)")).to_have_text([code.strip() for code in CODE])
    assert page.evaluate("document.documentElement.scrollWidth") == viewport[0]
    check(page)


def test_the_first_and_the_last_picture_are_shown_in_jupyterlab(visit_lab):
    page = visit_lab("gallery").page
    for picture, step in (
        (page.locator(".convviz-player").first, STEPS[0]),
        (page.locator(".convviz-player").last, STEPS[-1]),
    ):
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_attribute("data-shown", str(step), timeout=LIMIT_MS)
