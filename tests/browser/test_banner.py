"""What a page says when what computes it is gone, and how it comes back."""

from collections.abc import Callable

from playwright.sync_api import Browser, expect

from tests.browser.accessibility import check
from tests.browser.cable import Cable
from tests.browser.lesson_page import PlayerOnPage
from tests.browser.servers import Server
from tests.browser.visits import LIMIT_MS, VoilaVisit
from tests.browser.visits import Visit as AnyVisit

AT_ONCE_MS = 10_000
"""Long before a page would look by itself."""
Visit = Callable[..., VoilaVisit]


def test_a_kernel_that_has_ended_is_started_again_with_the_same_state(visit_voila: Visit) -> None:
    visit = visit_voila("01_sliding_window")
    page = visit.page
    player = PlayerOnPage(page)
    banner = page.locator(".page-banner")
    page.get_by_role("button", name="full").click()
    page.wait_for_url("**?mode=full")
    visit.server.ask("DELETE", f"api/kernels/{visit.kernel_id}")
    # Nobody has changed anything: the page is told at once.
    expect(banner).to_contain_text("has ended", timeout=AT_ONCE_MS)
    expect(banner).not_to_contain_text("last change")
    check(page)
    player.root.get_by_role("button", name="next step").click()
    player.shows(1)
    page.get_by_role("button", name="same").click()
    expect(banner).to_contain_text("Your last change is not computed")
    banner.get_by_role("button", name="Start it again").click()
    page.wait_for_url("**?mode=full&step=1")
    visit.wait_until_shown()
    PlayerOnPage(page).shows(1)
    expect(page.get_by_role("button", name="full")).to_have_attribute("aria-pressed", "true")
    expect(banner).to_be_hidden()
    page.get_by_role("button", name="same").click()
    page.wait_for_url("**?step=1&mode=same")
    # What the browser says of the kernel that is gone is no fault of the page.
    gone = ("/api/kernels/", "/voila/api/shutdown/", "Connection lost, reconnecting")
    visit.faults[:] = [fault for fault in visit.faults if not any(address in fault for address in gone)]


def test_a_connection_that_comes_back_needs_nothing(
    browser: Browser, voila_server: Server, visits: list[AnyVisit]
) -> None:
    cable = Cable(voila_server)
    visits.append(visit := VoilaVisit(browser, cable))
    visit.open("01_sliding_window")
    page, kernel_id = visit.page, visit.kernel_id
    banner = page.locator(".page-banner")
    cable.cut()
    expect(banner).to_contain_text("no connection", timeout=LIMIT_MS)
    banner.get_by_role("button", name="Try again").click()
    expect(banner).to_contain_text("no answer yet")
    cable.mend()
    expect(banner).to_be_hidden(timeout=LIMIT_MS)
    # A change is computed by the same kernel as before.
    page.get_by_role("button", name="full").click()
    expect(PlayerOnPage(page).readout).to_contain_text("49", timeout=LIMIT_MS)
    expect(page.get_by_role("button", name="full")).to_have_attribute("aria-pressed", "true")
    assert visit.kernel_id == kernel_id
    cut = ("ERR_CONNECTION_", "WebSocket connection to", "Connection lost, reconnecting")
    visit.faults[:] = [fault for fault in visit.faults if not any(words in fault for words in cut)]
