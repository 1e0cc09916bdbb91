"""(e) From opening a page in Voila to its first picture."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.pages import Site, served
from benchmarks.report import Table, Target, Times, number, times_as_much
from convviz.app.opening.store import Store
from tests.browser.servers import CACHE, ROOT
from tests.browser.visits import VoilaVisit

LESSON, SLIDER = "01_sliding_window", "slider"
NOTEBOOKS: dict[str, str | Path] = {
    LESSON: ROOT / "notebooks" / f"{LESSON}.ipynb",
    SLIDER: "import ipywidgets\n\nipywidgets.IntSlider()",
}
EARLY = "body:is(.lesson-previewed, :not(.lesson-loading)) .convviz-player[data-shown]"
LIVE = {
    "lesson": "body:not(.lesson-loading) .convviz-player[data-shown]",
    SLIDER: "body:not(.lesson-loading) .noUi-handle",
}
TURNS, COLD_TURNS, WARM_UP = 8, 4, 1
SLOWER, SOON_MS, FEW_BYTES = 1.3, 1000, 100_000

Found = dict[str, list[float]]
WHAT = {
    "text": "lesson 01, its text",
    "picture": "lesson 01, its first picture",
    "live": "lesson 01, live",
    SLIDER: "a bare page, its slider live",
}


def measure() -> Table:
    """Open both pages by turns, with a kernel kept ready, and without; and count what travels."""
    with served(NOTEBOOKS) as site:
        write_pictures(site)
        warm = _take_turns(site, TURNS, has_spare=True)
        first, second = _transfers(site)
        browser = site.browser.version
    with served(NOTEBOOKS, cold=True) as site:
        write_pictures(site)
        cold = _take_turns(site, COLD_TURNS, has_spare=False)
    latest = max(times["picture"].median for times in (warm, cold))
    ratio = warm["live"].median / warm[SLIDER].median
    return Table(
        title="(e) Opening a page",
        method=(
            "Milliseconds from the start of the navigation: until the lesson's text and its first picture are shown, "
            "which were written down before and need no kernel; until it is live, its picture the kernel's own; and "
            "until a bare page shows its slider. Both pages come from the same server with the same settings and "
            "template, opened by turns by a browser that has nothing in its cache, each page with a kernel of its own; "
            "the lesson has the app's program, the bare page Voila's. "
            "*A kernel is ready*: the app keeps a spare one, its imports done, and both pages get it. *None is ready*: "
            "the same server without that, as for visitors who come all at once; both pages wait for a kernel to be "
            "forked. What travels to the browser, without the kernel's "
            f"messages: {_bytes(first)} for the first page, {_bytes(second)} for a second one."
        ),
        columns=["", *(column for what in WHAT.values() for column in (what, "p95"))],
        rows=[_row("a kernel is ready", warm), _row("none is ready", cold)],
        targets=[
            Target(f"the picture within {SOON_MS} ms, kernel ready or not", f"{number(latest)} ms", latest <= SOON_MS),
            Target(f"live in at most {SLOWER} times a bare page, by the app", times_as_much(ratio), ratio <= SLOWER),
            Target(f"fewer than {FEW_BYTES // 1000} kB for a second page", _bytes(second), second[1] < FEW_BYTES),
        ],
        browser=browser,
    )


def _bytes(requests: tuple[int, int]) -> str:
    count, size = requests
    return f"{size / 1000:.0f} kB in {count} requests"


def _row(name: str, times: Mapping[str, Times]) -> list[str]:
    return [name, *(number(figure) for what in WHAT for figure in (times[what].median, times[what].p95))]


def write_pictures(site: Site) -> None:
    """Write down how the lessons look, which the app does in the background, once for each version of convviz."""
    store = Store(site.notebooks, CACHE / "convviz")
    store.write(store.missing)


def _take_turns(site: Site, turns: int, *, has_spare: bool) -> dict[str, Times]:
    ms: Found = {what: [] for what in WHAT}
    order = [LESSON, SLIDER]
    for _ in range(WARM_UP + turns):
        for page in order:
            if has_spare:
                site.rest()
            for what, found in _open(site, page).items():
                ms[what].append(found)
        order.reverse()
    return {what: Times(found[WARM_UP:]) for what, found in ms.items()}


def _open(site: Site, page: str) -> dict[str, float]:
    visit = site.visit()
    visit.page.goto(address(visit, page), wait_until="commit")
    found = {} if page == SLIDER else {"picture": when(visit, EARLY)}
    found["live" if page == LESSON else page] = when(visit, LIVE[SLIDER if page == SLIDER else "lesson"])
    if page == LESSON:
        found["text"] = visit.page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    site.remember(visit)
    visit.close()
    return found


def address(visit: VoilaVisit, page: str) -> str:
    return f"{visit.server.url}voila/render/{page}.ipynb"


def when(visit: VoilaVisit, selector: str) -> float:
    clock = "selector => document.querySelector(selector) && performance.now()"
    ms: float = visit.page.wait_for_function(clock, arg=selector, polling="raf").json_value()
    return ms


def _transfers(site: Site) -> list[tuple[int, int]]:
    """Count requests and bytes of the lesson, opened twice by a browser that had nothing."""
    visit = site.visit()
    session = visit.context.new_cdp_session(visit.page)
    session.send("Network.enable")
    sizes: list[int] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    found: list[Any] = []
    for _ in range(2):
        sizes.clear()
        visit.page.goto(address(visit, LESSON))
        visit.wait_until_shown()
        site.remember(visit)
        visit.page.wait_for_load_state("networkidle")
        found.append((len(sizes), sum(sizes)))
    visit.close()
    return found
