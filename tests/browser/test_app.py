"""The frame around the lessons: template, servers, JupyterLab. What is in a lesson has journeys of its own."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.servers import Server
from tests.browser.visits import LIMIT_MS, LabVisit, VoilaVisit

VisitVoila = Callable[..., VoilaVisit]
VisitLab = Callable[..., LabVisit]


def slide(page: Page) -> None:
    """Move the sample's slider by a key, and read off what the kernel makes of it."""
    handle = page.locator(".widget-slider").get_by_role("slider")
    handle.focus()
    handle.press("ArrowRight")
    handle.press("ArrowRight")
    handle.press("ArrowRight")
    expect(page.locator(".widget-label", has_text="squared")).to_have_text("3 squared is 9", timeout=LIMIT_MS)


def shows_the_player_alone(page: Page) -> None:
    """The still picture that an output holds as well is for those who cannot show the player."""
    expect(page.locator(".convviz-player")).to_have_count(1, timeout=LIMIT_MS)
    expect(page.locator(".jp-OutputArea-output img")).to_have_count(0)


def test_a_lesson_in_voila_needs_nobody_else(visit_voila: VisitVoila) -> None:
    page = visit_voila("sample").page
    expect(page).to_have_title("What does this page show?")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("math")).to_have_count(3)
    pictures = page.locator("img").evaluate_all("images => images.map(image => image.naturalWidth)")
    assert pictures == [40, 40]
    assert page.evaluate("getComputedStyle(document.querySelector('main')).width") == "1160px"
    slide(page)
    shows_the_player_alone(page)
    expect(page.get_by_text("Back to all lessons.")).to_be_visible()
    page.get_by_role("link", name="All lessons", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("See what a convolution does")


def test_nothing_jumps_while_a_lesson_opens(visit_voila: VisitVoila) -> None:
    visit = visit_voila()
    visit.page.add_init_script(
        """globalThis.shifts = [];
        new PerformanceObserver(list => shifts.push(...list.getEntries().map(entry => entry.value)))
            .observe({ type: "layout-shift" });"""
    )
    visit.open("sample")
    slide(visit.page)
    assert visit.page.evaluate("shifts.reduce((sum, shift) => sum + shift, 0)") < 0.002


def test_a_telephone_scrolls_down_only(visit_voila: VisitVoila) -> None:
    page = visit_voila("sample", viewport=(390, 844), density=3).page
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    # What is too wide for it, the table and the line of code, scrolls alone, and the prose around it stays.
    assert page.locator(".jp-MarkdownOutput").evaluate("text => text.scrollWidth === text.clientWidth")
    slide(page)


def test_the_page_is_dark_where_the_system_is(visit_voila: VisitVoila) -> None:
    page = visit_voila("sample", dark=True).page
    expect(page.locator("body")).to_have_attribute("data-jp-theme-light", "false")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(16, 18, 20)"
    page.emulate_media(color_scheme="light")
    expect(page.locator("body")).to_have_attribute("data-jp-theme-light", "true")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


@pytest.mark.parametrize("name", ["sample", "01_sliding_window"], ids=["Voila's program", "ours"])
def test_a_page_that_closes_ends_its_kernel(visit_voila: VisitVoila, name: str) -> None:
    visit = visit_voila(name)
    kernel = f"{visit.server.url}api/kernels/{visit.kernel_id}"
    assert visit.context.request.get(kernel).status == 200
    visit.page.goto("about:blank")
    limit = time.monotonic() + LIMIT_MS / 1000
    while visit.context.request.get(kernel).status != 404:
        assert time.monotonic() < limit, "the kernel is still there"


def test_a_notebook_in_jupyterlab_needs_nobody_else(visit_lab: VisitLab) -> None:
    visit = visit_lab("sample")
    expect(visit.page.locator("mjx-container")).to_have_count(3, timeout=LIMIT_MS)
    slide(visit.page)
    visit.page.get_by_text("convviz.show").scroll_into_view_if_needed()
    shows_the_player_alone(visit.page)
    expect(visit.page.locator(".jp-toast-button, .Toastify__toast")).to_have_count(0)


def test_a_taken_port_is_left_alone_and_ctrl_c_ends_the_app(voila_server: Server, tmp_path: Path) -> None:
    (tmp_path / "lonely.ipynb").write_text("{}")
    port = voila_server.host.rpartition(":")[2]
    command = ["-m", "convviz.app", "--no-browser", "--port", port, "--notebooks", str(tmp_path)]
    with Server(*command, home=tmp_path / "home") as server:
        assert server.host != voila_server.host
        # Without an index, the folder is listed.
        assert re.search(r'<a href="/voila/render/lonely.ipynb">', server.ask("GET", ""))
        assert server.interrupt() == 0
    assert len(server.output) == 1, server


SLOW_THREADS = """
import sys, threading, time
start = threading.Thread.start
def start_slowly(thread):
    start(thread)
    if thread.name.startswith("asyncio"):
        print("a thread starts", flush=True)
        time.sleep(1)
threading.Thread.start = start_slowly
from convviz.app.command import main
sys.exit(main(["--no-browser", "--notebooks", {!r}]))
"""


def test_ctrl_c_while_a_thread_starts_ends_the_app(tmp_path: Path) -> None:
    # An exception at that moment would leave a thread that nobody tells to end.
    with Server("-c", SLOW_THREADS.format(str(tmp_path)), home=tmp_path / "home") as server:
        server.wait_for("a thread starts")
        assert server.interrupt() == 0


def test_voila_typed_by_hand_shows_the_same_pages(tmp_path: Path) -> None:
    # In the root of a checkout where convviz is installed, `voila.json` and the template are found.
    with Server("-m", "voila", "notebooks", "--no-browser", home=tmp_path) as server:
        assert "convviz.css" in server.ask("GET", "")
        assert server.host.startswith("127.0.0.1:")
