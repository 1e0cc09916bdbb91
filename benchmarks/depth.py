"""(g) Layers in lessons 05 and 06: a step while the kernel is busy, and a changed weight, under Voila in a browser."""

from time import monotonic

import ipywidgets
from IPython.display import display
from playwright.sync_api import Page

from benchmarks.pages import time_key, visit_by_turns
from benchmarks.report import Table, Target, Times, number
from convviz import samples
from convviz.lessons import Channels, Filters, OneByOne

IDLE, BUSY = "a step, the kernel idle", "a step, the kernel busy"
FEW, MANY, PAIR = (
    "a weight, 3 channels and 4 filters",
    "a weight, 64 channels and 64 filters",
    "a weight in lesson 06, both its pictures",
)
_STEPPING = "from benchmarks.depth import few, watched\n\nwatched(few())"
NOTEBOOKS = {
    IDLE: _STEPPING,
    BUSY: _STEPPING,
    FEW: "from benchmarks.depth import few\n\nfew()",
    MANY: "from benchmarks.depth import many\n\nmany()",
    PAIR: "from benchmarks.depth import pair\n\npair()",
}
ROUNDS, KEYS, PAUSE_MS, CHANGE_PAUSE_MS, BUSY_S = 3, 6, 100, 1500, 4.0
FRAME_MS, FEW_MS, MANY_MS = 1000 / 60, 100, 300
_AT_WORK, _AT_REST = "at work", "at rest"


def few() -> Filters:
    """Make the part of lesson 05 that has 3 channels and 4 filters."""
    return Filters()


def many() -> Channels:
    """Make lesson 05 with 64 channels and 64 filters."""
    return Channels(samples.feature_maps(64), samples.filter_bank(64, 64))


def pair() -> OneByOne:
    """Make lesson 06: 3 channels, 4 filters, two pictures."""
    return OneByOne()


def watched(lesson: ipywidgets.Widget) -> None:
    """Put a button under a lesson that keeps the kernel busy for a while, and a word on whether it is."""
    button, word = ipywidgets.Button(description="work"), ipywidgets.Label(_AT_REST)

    def work(_: ipywidgets.Button) -> None:
        word.value = _AT_WORK
        end = monotonic() + BUSY_S
        while monotonic() < end:
            pass
        word.value = _AT_REST

    button.on_click(work)
    display(ipywidgets.VBox([lesson, button, word]))


def measure() -> Table:
    """Step, and type weights, in each page by turns."""
    times, browser = visit_by_turns(NOTEBOOKS, _act, ROUNDS)
    return _table(times, browser)


def _act(page: Page, name: str, round_number: int) -> list[float]:
    if name in (IDLE, BUSY):
        return _step(page, round_number, busy=name == BUSY)
    weight = page.locator('[data-operand="w"]').first
    found = []
    for digit in range(KEYS + 1):
        weight.focus()
        page.keyboard.type(str(10 * (round_number + 1) + digit))
        found.append(time_key(page, "Enter", pause_ms=CHANGE_PAUSE_MS, pictures=2 if name == PAIR else 1))
    return found


def _step(page: Page, round_number: int, *, busy: bool) -> list[float]:
    page.locator(".convviz-player").scroll_into_view_if_needed()
    if not round_number:
        page.wait_for_timeout(2000)  # all frames are in the page by then: that is convviz's way
    if busy:
        page.get_by_role("button", name="work").click()
        page.get_by_text(_AT_WORK).wait_for()
    page.locator(".convviz-player input[type=range]").focus()
    key = "ArrowLeft" if round_number % 2 else "ArrowRight"
    found = [time_key(page, key, pause_ms=PAUSE_MS) for _ in range(KEYS + 1)]
    if busy:
        assert page.get_by_text(_AT_WORK).is_visible(), "the kernel was to be busy all the time"
        page.get_by_text(_AT_REST).wait_for()
    return found


def _table(times: dict[str, Times], browser: str) -> Table:
    return Table(
        title="(g) A layer: steps and changes",
        method=(
            "Milliseconds from a key to the new picture in the page, measured as in (a). Lesson 05 with a picture of "
            "3 channels of 6×6 and 4 filters of 3×3, whose 64 frames are in the page, and with 64 channels and 64 "
            "filters; lesson 06 with 3 channels and 4 filters, until both pictures are new. *The kernel busy*: it runs "
            f"a loop of {number(BUSY_S)} s all the while, and answers nothing. *A weight*: typed where it is drawn, "
            f"timed from Enter, {number(CHANGE_PAUSE_MS / 1000)} s after the picture before, when the kernel has drawn "
            "the other frames of the small layers; it is still at those of the large one. "
            f"{ROUNDS * KEYS} keys a row, the pages by turns."
        ),
        columns=["what", "median", "p95"],
        rows=[[name, number(found.median), number(found.p95)] for name, found in times.items()],
        targets=[
            _within(times[BUSY].p95, FRAME_MS, "a step never waits for the kernel: 95th percentile within 16.7 ms"),
            _within(times[FEW].median, FEW_MS, "a changed weight within 100 ms for 3 channels and 4 filters (median)"),
            _within(times[MANY].median, MANY_MS, "a changed weight within 300 ms for 64 channels (median)"),
        ],
        browser=browser,
    )


def _within(found: float, most: float, promise: str) -> Target:
    return Target(promise, f"{number(found)} ms", found <= most)
