"""(b) From a changed parameter to the first new picture, under Voila in a browser."""

from playwright.sync_api import Page

from benchmarks.pages import time_key, visit_by_turns
from benchmarks.report import Table, Times, number, times_as_much

PLAYER, LESSON, IMAGE, FIGURE = (
    "convviz Player",
    "lesson 01, both its pictures",
    "ipywidgets.Image, artists reused",
    "ipywidgets.Image, figure made anew",
)
NOTEBOOKS = {
    PLAYER: "from benchmarks.ways import change_with_player\n\nchange_with_player()",
    LESSON: "from benchmarks.ways import lesson_01\n\nlesson_01()",
    IMAGE: "from benchmarks.ways import change_with_image\n\nchange_with_image()",
    FIGURE: "from benchmarks.ways import change_with_new_figure\n\nchange_with_new_figure()",
}
PICTURES = {LESSON: 2}
ROUNDS, CHANGES, PAUSE_MS = 4, 6, 300


def measure() -> Table:
    """Type numbers into a field in each page by turns."""
    times, browser = visit_by_turns(NOTEBOOKS, _type, ROUNDS)
    return _table(times, browser)


def _type(page: Page, name: str, _: int) -> list[float]:
    return [_change(page, str(digit), PICTURES.get(name, 1)) for digit in range(1, CHANGES + 2)]


def _change(page: Page, text: str, pictures: int) -> float:
    """Type a number into the field, or, in the lesson, over the picture's first cell."""
    field, cell = page.locator(".widget-text input"), page.locator('[data-operand="x"][data-cell="0 0"]').first
    field.or_(cell).first.wait_for()
    if field.count():
        field.fill(text)
    else:
        cell.focus()
        page.keyboard.type(text)
    return time_key(page, "Enter", pause_ms=PAUSE_MS, pictures=pictures)


def _table(times: dict[str, Times], browser: str) -> Table:
    image = times[IMAGE].median
    return Table(
        title="(b) A changed number, from key to picture",
        method=(
            "Milliseconds from Enter in a field to the first new picture in the page, measured as in (a); the "
            f"kernel computes and draws it. Input 8×8, kernel 3×3; {ROUNDS * CHANGES} changes a page, each "
            f"{PAUSE_MS} ms after the picture before, the pages by turns. The rivals draw the ordinary figure of (c) "
            "with `savefig`. In lesson 01 the number is typed where it is drawn; two pictures, a question and code "
            "follow, and it is timed until both pictures are new. There is no target."
        ),
        columns=["way", "median", "p95", "median / Image"],
        rows=[
            [name, number(found.median), number(found.p95), times_as_much(found.median / image)]
            for name, found in times.items()
        ],
        browser=browser,
    )
