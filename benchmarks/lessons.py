"""(j) Every lesson: opened beside a bare page, and one of its numbers changed."""

from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Page

from benchmarks.opening import EARLY, LIVE, SLIDER, SLOWER, address, when, write_pictures
from benchmarks.pages import Site, served, time_key
from benchmarks.report import Table, Target, Times, number, times_as_much
from convviz.course import COURSE
from tests.browser.servers import ROOT

LESSONS = [page.notebook for page in COURSE]
ROUNDS, CHANGES, PAUSE_MS = 3, 4, 300
SOON_MS, PHOTOGRAPH_MS = 100, 250
PHOTOGRAPHS = {"07_kernels"}
"""The lessons that open on a photograph."""


@dataclass(frozen=True)
class Visits:
    """What was measured of one lesson, in milliseconds."""

    picture: list[float] = field(default_factory=list)
    live: list[float] = field(default_factory=list)
    change: list[float] = field(default_factory=list)

    def row(self, name: str, bare: float) -> list[str]:
        """Return the lesson's row in the table."""
        picture, live = Times(self.picture), Times(self.live)
        opened = [number(picture.median), number(live.median), times_as_much(live.median / bare)]
        change = Times(self.change) if self.change else None
        return [name, *opened, *((number(change.median), number(change.p95)) if change else ("–", "–"))]


def measure() -> Table:
    """Open all lessons round by round, a bare page before each round, and change a number in each."""
    visits = {name: Visits() for name in LESSONS}
    bare: list[float] = []
    notebooks = {name: ROOT / "notebooks" / f"{name}.ipynb" for name in LESSONS}
    with served({**notebooks, SLIDER: "import ipywidgets\n\nipywidgets.IntSlider()"}) as site:
        write_pictures(site)
        for _ in range(ROUNDS):
            bare.append(_open_bare(site))
            for name, found in visits.items():
                _open(site, name, found)
        browser = site.browser.version
    return _table(visits, Times(bare).median, browser)


def _open_bare(site: Site) -> float:
    site.rest()
    visit = site.visit()
    visit.page.goto(address(visit, SLIDER), wait_until="commit")
    ms = when(visit, LIVE[SLIDER])
    site.remember(visit)
    visit.close()
    return ms


def _open(site: Site, name: str, found: Visits) -> None:
    site.rest()
    visit = site.visit()
    visit.page.goto(address(visit, name), wait_until="commit")
    found.picture.append(when(visit, EARLY))
    found.live.append(when(visit, LIVE["lesson"]))
    visit.wait_until_shown()
    site.remember(visit)
    found.change.extend(_change(visit.page))
    visit.close()


def _change(page: Page) -> list[float]:
    """Turn the first number that can be changed up, or the lesson's first choice on, some times."""
    cell, choice = page.locator("[data-operand][data-cell]").first, page.locator(".convviz-desk select").first
    has_numbers, has_choice = bool(cell.count()), bool(choice.count())
    if not has_numbers and not has_choice:
        return []
    (cell if has_numbers else choice).focus()
    key = "Alt+ArrowUp" if has_numbers else "ArrowDown"
    return [time_key(page, key, pause_ms=PAUSE_MS) for _ in range(CHANGES)][1:]


def _table(visits: dict[str, Visits], bare: float, browser: str) -> Table:
    live = {name: Times(found.live).median / bare for name, found in visits.items()}
    change = {name: Times(found.change).median for name, found in visits.items() if found.change}
    return Table(
        title="(j) Every lesson",
        method=(
            f"Milliseconds, medians of {ROUNDS} visits by a browser that has nothing in its cache, while a spare "
            "kernel is ready: until the first picture is shown; until the lesson is live, beside a bare page that is "
            f"opened before each round, whose slider is live after {number(bare)} ms; and from a key that turns the "
            "first number of the picture up, or the first choice on where there is no such number (– where there is "
            "neither), to the first new "
            f"picture, {CHANGES - 1} changes a visit."
        ),
        columns=["lesson", "first picture", "live", "live / bare page", "a change", "p95"],
        rows=[found.row(name, bare) for name, found in visits.items()],
        targets=[
            _largest("live in at most", live, SLOWER, times_as_much),
            _largest("a change within", {k: ms for k, ms in change.items() if k not in PHOTOGRAPHS}, SOON_MS, _ms),
            _largest(
                "beside a photograph within", {k: change[k] for k in PHOTOGRAPHS & change.keys()}, PHOTOGRAPH_MS, _ms
            ),
        ],
        browser=browser,
    )


def _ms(figure: float) -> str:
    return f"{number(figure)} ms"


def _largest(promise: str, found: dict[str, float], limit: float, say: Callable[[float], str]) -> Target:
    """Return what was promised of all lessons, and the one that comes nearest to breaking it."""
    name = max(found, key=found.__getitem__)
    return Target(f"{promise} {say(limit)}", f"{say(found[name])} ({name})", found[name] <= limit)
