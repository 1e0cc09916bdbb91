"""How a lesson opens: its text and picture first, then the kernel's, in the same place; and little that travels."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from convviz.course import COURSE
from tests.browser.accessibility import check
from tests.browser.visits import LIMIT_MS, VoilaVisit

SHIFTS = """globalThis.shifts = [];
new PerformanceObserver(list => shifts.push(...list.getEntries().map(({ value, startTime, sources }) => ({
  value, startTime, moved: sources.map(({ node }) => node?.className ?? node?.nodeName),
})))).observe({ type: "layout-shift", buffered: true });"""

PLACES = """() => [...document.querySelectorAll(".lesson-part")].slice(0, 3).map((part) => {
  const { top, height } = part.getBoundingClientRect();
  return [Math.round(top + scrollY), Math.round(height)];
})"""

Visit = Callable[..., VoilaVisit]


class Held:
    """What the kernel of a page says, which waits until it is let go."""

    def __init__(self, page: Page) -> None:
        self._waiting: list[str | bytes] = []
        page.route_web_socket("**/channels*", self._connect)

    def _connect(self, socket: WebSocketRoute) -> None:
        self._socket, self._kernel = socket, socket.connect_to_server()
        self._kernel.on_message(lambda message: self._waiting.append(message))

    def let_go(self) -> None:
        """Hand all of it on."""
        self._kernel.on_message(lambda message: self._socket.send(message))
        for message in self._waiting:
            self._socket.send(message)


@pytest.mark.parametrize("size", [(1280, 720), (390, 844)], ids=["laptop", "telephone"])
def test_a_lesson_is_there_before_its_kernel_and_stays_in_its_place(visit_voila: Visit, size):
    visit = visit_voila(viewport=size)
    page = visit.page
    page.add_init_script(SHIFTS)
    kernel = Held(page)
    page.goto(f"{visit.server.url}voila/render/02_flip.ipynb", wait_until="commit")
    page.wait_for_selector("body.lesson-previewed", timeout=LIMIT_MS)
    expect(page.get_by_role("heading", level=1)).to_contain_text(COURSE[1].question)
    expect(page.locator(".lesson-preview .convviz-stage[data-shown] canvas").first).to_be_visible()
    expect(page.get_by_role("heading", name="Try it")).to_be_visible()
    before = page.evaluate(PLACES)
    check(page)
    kernel.let_go()
    visit.wait_until_shown()
    assert page.locator(".lesson-preview").count() == 0
    assert page.evaluate(PLACES) == before
    shifts = page.evaluate("shifts")
    assert sum(shift["value"] for shift in shifts) < 0.01, shifts


def test_a_link_with_a_state_shows_no_other_state_before(visit_voila: Visit):
    visit = visit_voila()
    page = visit.page
    Held(page)
    page.goto(f"{visit.server.url}voila/render/01_sliding_window.ipynb?step=3", wait_until="commit")
    page.wait_for_selector("body.lesson-previewed", timeout=LIMIT_MS)
    expect(page.locator(".lesson-preview").first).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_a_second_page_needs_few_bytes_and_its_files_are_kept_and_messages_travel_compressed(visit_voila: Visit):
    visit = visit_voila(profiles=None)
    page = visit.page
    session = visit.context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[int] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    handshakes: list[dict[str, Any]] = []
    session.on("Network.webSocketHandshakeResponseReceived", lambda event: handshakes.append(event["response"]))
    visit.open("01_sliding_window")
    assert [shake["headers"]["Sec-Websocket-Extensions"] for shake in handshakes] == ["permessage-deflate"]
    assert 50_000 < sum(sizes) < 300_000
    assert len(sizes) < 20
    sizes.clear()
    visit.open("02_flip")
    assert 0 < sum(sizes) < 60_000


def test_the_picture_of_the_landing_page_can_be_stepped_through_without_a_kernel(visit_voila: Visit):
    visit = visit_voila()
    page = visit.page
    page.goto(visit.server.url)
    player = page.locator(".landing-picture .convviz-player")
    expect(player).to_have_attribute("data-shown", "4", timeout=LIMIT_MS)
    player.get_by_role("button", name="next step").click()
    expect(player).to_have_attribute("data-shown", "5")
    expect(page.locator(".landing-picture img")).to_have_count(0)
    check(page)
