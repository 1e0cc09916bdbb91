"""(e) From opening a page in Voila to its first picture."""

from pathlib import Path

from benchmarks.pages import Site, served
from benchmarks.report import Table, Target, Times, number, times_as_much
from tests.browser.servers import ROOT

LESSON, SLIDER = "lesson 01, its first picture", "a bare page, its one slider"
NOTEBOOKS: dict[str, str | Path] = {
    "lesson": ROOT / "notebooks" / "01_sliding_window.ipynb",
    "slider": "import ipywidgets\n\nipywidgets.IntSlider()",
}
SHOWN = {
    "lesson": "body:not(.lesson-loading) .convviz-player[data-shown]",
    "slider": "body:not(.lesson-loading) .noUi-handle",
}
TURNS, COLD_TURNS, WARM_UP = 6, 4, 1
SLOWER = 1.3


def measure() -> Table:
    """Open both pages by turns, with a kernel kept ready, and without."""
    with served(NOTEBOOKS) as site:
        warm = _take_turns(site, TURNS, has_spare=True)
        browser = site.browser.version
    with served(NOTEBOOKS, cold=True) as site:
        cold = _take_turns(site, COLD_TURNS, has_spare=False)
    ratio, cold_ratio = (times["lesson"].median / times["slider"].median for times in (warm, cold))
    return Table(
        title="(e) Opening a page",
        method=(
            "Milliseconds from the start of the navigation until the page is shown: for the lesson with its first "
            "picture on the canvas, for the bare page with its slider. Both come from the same server with the same "
            "settings and template, opened by turns by a browser that has nothing in its cache, each page with a "
            "kernel of its own. *A kernel is ready*: the app keeps a spare one, its imports done, and both pages get "
            "it. *None is ready*: the same server without that, as for visitors who come all at once; both pages wait "
            "for a kernel to start, and the lesson's then imports matplotlib and convviz."
        ),
        columns=["", LESSON, "p95", SLIDER, "p95", "lesson / slider"],
        rows=[_row("a kernel is ready", warm, ratio), _row("none is ready", cold, cold_ratio)],
        targets=[
            Target(f"at most {SLOWER} times a bare page, by the app", f"{number(ratio)} times", ratio <= SLOWER),
        ],
        browser=browser,
    )


def _row(name: str, times: dict[str, Times], ratio: float) -> list[str]:
    figures = (figure for page in SHOWN for figure in (times[page].median, times[page].p95))
    return [name, *map(number, figures), times_as_much(ratio)]


def _take_turns(site: Site, turns: int, *, has_spare: bool) -> dict[str, Times]:
    ms: dict[str, list[float]] = {page: [] for page in SHOWN}
    order = list(SHOWN)
    for _ in range(WARM_UP + turns):
        for page in order:
            if has_spare:
                site.rest()
            ms[page].append(_open(site, page))
        order.reverse()
    return {page: Times(found[WARM_UP:]) for page, found in ms.items()}


def _open(site: Site, page: str) -> float:
    visit = site.visit()
    visit.page.goto(f"{visit.server.url}voila/render/{page}.ipynb", wait_until="commit")
    clock = "selector => document.querySelector(selector) && performance.now()"
    ms: float = visit.page.wait_for_function(clock, arg=SHOWN[page], polling="raf").json_value()
    site.remember(visit)
    visit.close()
    return ms
