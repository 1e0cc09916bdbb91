"""(k) The static site: from a link to a lesson that computes, at the first visit and at the second."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import BrowserContext, BrowserType, Page, ViewportSize, sync_playwright

from benchmarks.pages import time_key
from benchmarks.report import Table, Target, Times, number
from benchmarks.zipping import Zipping
from convviz.app.site.build import build
from tests.browser.browsers import browser_flags, find_browser
from tests.browser.pyodide import NoPyodideError, get_pyodide
from tests.browser.servers import ROOT
from tests.browser.static_server import StaticServer

LESSON = "01_sliding_window"
ASKING = f"{LESSON}.html?mode=same"
"""A link whose numbers are not in the page, so that Python is loaded at once."""
ROUNDS, CHANGES, PAUSE_MS, SETTLED_MS = 4, 6, 300, 3000
LIMIT_MS = 120_000
SOON_S = {"text": 0.3, "picture": 1.0, "live, first visit": 6.0, "live, second visit": 3.0}
FEW_BYTES = 1_000_000
TITLE = "(k) The static site"


def measure() -> Table:
    """Visit the first lesson of the site twice in each round, each round in a browser that was never there."""
    try:
        pyodide = get_pyodide()
    except NoPyodideError as error:
        return Table(title=TITLE, method=f"Not measured: {error}.", columns=["what"], rows=[])
    ms: dict[str, list[float]] = {what: [] for what in (*SOON_S, "a change")}
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = _build(Path(folder), pyodide)
        with StaticServer(site, Zipping) as server:
            for _ in range(ROUNDS):
                with _new_browser(playwright.chromium) as context:
                    _visit(context, server.url, ms)
            with _new_browser(playwright.chromium) as context:
                size = _bytes_before_python(context, server.url)
                version = context.browser.version if context.browser else ""
    return _table({what: Times(found) for what, found in ms.items()}, size, version)


def _build(folder: Path, pyodide: Path) -> Path:
    notebooks, site = folder / "notebooks", folder / "site"
    notebooks.mkdir()
    shutil.copy(ROOT / "notebooks" / f"{LESSON}.ipynb", notebooks)
    build(notebooks, site, pyodide=str(pyodide))
    return site


@contextmanager
def _new_browser(chromium: BrowserType) -> Iterator[BrowserContext]:
    """Start a browser with a profile on disk, where it keeps what it has loaded and compiled."""
    path = find_browser(chromium.executable_path)
    with TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        viewport = ViewportSize(width=1280, height=720)
        flags = browser_flags()
        context = chromium.launch_persistent_context(profile, executable_path=path, args=flags, viewport=viewport)
        context.add_init_script(path=Path(__file__).with_name("stopwatch.js"))
        try:
            yield context
        finally:
            context.close()


def _visit(context: BrowserContext, url: str, ms: dict[str, list[float]]) -> None:
    for visit in ("live, first visit", "live, second visit"):
        page = context.new_page()
        page.goto(f"{url}{ASKING}", wait_until="commit")
        picture = _when(page, ".convviz-player[data-shown]")
        ms[visit].append(_when(page, "body[data-site=live]"))
        if visit == "live, first visit":  # by a browser that has nothing
            ms["picture"].append(picture)
            ms["text"].append(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))
        ms["a change"] += _changes(page)
        page.wait_for_timeout(SETTLED_MS)  # it keeps what it has compiled a little later
        page.close()


def _when(page: Page, selector: str) -> float:
    clock = "selector => document.querySelector(selector) && performance.now()"
    ms: float = page.wait_for_function(clock, arg=selector, polling="raf", timeout=LIMIT_MS).json_value()
    return ms


def _changes(page: Page) -> list[float]:
    """Turn the first number of the kernel up, some times; the first time, the page is still being computed."""
    page.locator('[data-operand="w"][data-cell="0 0"]').first.focus()
    return [time_key(page, "Alt+ArrowUp", pause_ms=PAUSE_MS) for _ in range(CHANGES + 1)][1:]


def _bytes_before_python(context: BrowserContext, url: str) -> int:
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[int] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.route("**/worker.js", lambda route: route.abort())
    page.goto(f"{url}{LESSON}.html")
    _when(page, "body[data-site]")
    page.wait_for_load_state("networkidle")
    return sum(sizes)


def _table(times: dict[str, Times], size: int, browser: str) -> Table:
    promises = [
        Target(f"{what} within {limit} s", f"{number(times[what].median / 1000)} s", times[what].median <= 1000 * limit)
        for what, limit in SOON_S.items()
    ]
    light = Target(f"at most {FEW_BYTES // 1000} kB before Python", f"{size / 1000:.0f} kB", size <= FEW_BYTES)
    return Table(
        title=TITLE,
        method=(
            "Milliseconds from the start of the navigation, lesson 01 as `convviz build` writes it, on this machine's "
            "own network, texts compressed, files kept for ten minutes as GitHub Pages lets them be: until the text "
            "is painted; until the first picture is shown; and until a link whose numbers are not in the page "
            f"(`?mode=same`) is shown by the page's own Python. {ROUNDS} browsers that were never there, two visits "
            "each. *A change*: from the key that turns a number of the kernel up to the first new picture."
        ),
        columns=["what", "median", "p95"],
        rows=[[what, number(found.median), number(found.p95)] for what, found in times.items()],
        targets=[*promises, light],
        browser=browser,
    )
