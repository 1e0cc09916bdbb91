"""(h) From a move of the pointer that drags a number to the new picture, under Voila in a browser."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from playwright.sync_api import Page

from benchmarks.pages import time_move, visit_by_turns
from benchmarks.report import Table, Target, Times, number, times_as_much
from benchmarks.ways import LAST, MOST

PLAYER, LESSON, IMAGE, IPYMPL = (
    "convviz Player",
    "lesson 01, both pictures drawn",
    "FloatSlider and Image, artists reused",
    "FloatSlider and ipympl, artists reused",
)
NOTEBOOKS = {
    PLAYER: "from benchmarks.ways import drag_with_player\n\ndrag_with_player()",
    LESSON: f"from benchmarks.ways import lesson_01\n\nlesson_01(middle={MOST})",
    IMAGE: "from benchmarks.ways import drag_with_image\n\ndrag_with_image()",
    IPYMPL: "%matplotlib widget\nfrom benchmarks.ways import drag_with_ipympl\n\ndrag_with_ipympl()",
}
WATCHED = {LESSON: ".convviz-lesson"}
"""Where the picture is, on pages that have others."""
CELL, TICK_PX = '[data-panel="kernel"] [data-operand="w"][data-cell="1 1"]', 8
HANDLE, TRACK = ".widget-slider .noUi-handle", ".widget-slider .noUi-base"
ROUNDS, PAUSE_MS, PACE_MS = 3, 100, 33
PROMPT_MS = 100

Place = tuple[float, float]


@dataclass
class GoingOn:
    """What was found while the pointer moved on without waiting, for one way."""

    ages: list[float] = field(default_factory=list)
    """Of each picture that came, in milliseconds."""
    seen: int = 0
    """How many values got a picture."""
    disorder: int = 0
    """How many pictures showed an older value than the one before."""


def measure() -> Table:
    """Drag a number in each page by turns."""
    going_on = {name: GoingOn() for name in NOTEBOOKS}

    def drag(page: Page, name: str, _: int) -> list[float]:
        return _drag(page, WATCHED.get(name, "body"), going_on[name])

    times, browser = visit_by_turns(NOTEBOOKS, drag, ROUNDS)
    return _table(times, going_on, browser)


def _drag(page: Page, within: str, going_on: GoingOn) -> list[float]:
    """Drag the number down to 0, waiting for each picture; then up again without waiting."""
    _go_to_last_step(page)
    places, values = _places(page), range(MOST - 1, -1, -1)
    page.mouse.move(*places[MOST])
    page.mouse.down()
    timed = [time_move(page, places[value], pause_ms=PAUSE_MS, within=within) for value in values]
    looks = {look: value for value, (_, look) in zip(values, timed, strict=True)}
    _go_on(page, within, places[1:MOST], looks, going_on)
    page.mouse.move(*places[MOST])
    page.mouse.up()
    return [ms for ms, _ in timed]


def _go_on(page: Page, within: str, places: Sequence[Place], looks: Mapping[int, int], going_on: GoingOn) -> None:
    """Move to the places of values 1, 2, …, and take down how old each picture is: its value was known before."""
    last = next(look for look, value in looks.items() if value == len(places))
    page.evaluate("([last, where]) => stopwatch.follow(last, where)", [last, within])
    for place in places:
        page.wait_for_timeout(PACE_MS)
        page.mouse.move(*place)
    moves, shows = page.evaluate("stopwatch.reading")
    moved = {value: at for at, x, y in moves for value, place in enumerate(places, 1) if _is_near((x, y), place)}
    shown = [(looks[look], at) for at, look in shows if looks.get(look) in moved]
    values = [value for value, _ in shown]
    going_on.ages += [at - moved[value] for value, at in shown]
    going_on.seen += len(set(values))
    going_on.disorder += sum(later < earlier for earlier, later in pairwise(values))


def _go_to_last_step(page: Page) -> None:
    """Go there in a player; rivals are there already."""
    page.locator(f"{CELL}, {HANDLE}").first.wait_for()
    slider = page.locator(".convviz-player input[type=range]")
    if slider.count():
        slider.first.press("End")
        page.locator(f'.convviz-player[data-shown="{LAST}"]').first.wait_for()


def _places(page: Page) -> list[Place]:
    """Return where the pointer must be for each value."""
    cell = page.locator(CELL)
    grip = (cell if cell.count() else page.locator(HANDLE)).first.bounding_box()
    assert grip
    x, y = grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2
    if cell.count():
        return [(x, y + TICK_PX * (MOST - value)) for value in range(MOST + 1)]
    track = page.locator(TRACK).bounding_box()
    assert track
    return [(x - track["width"] * (1 - value / MOST), y) for value in range(MOST + 1)]


def _is_near(one: Place, other: Place) -> bool:
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) < 1


def _table(times: dict[str, Times], going_on: dict[str, GoingOn], browser: str) -> Table:
    total, ours = ROUNDS * (MOST - 1), (PLAYER, LESSON)
    on = {name: Times(found.ages) for name, found in going_on.items()}
    slowest = max(found[name].median for found in (times, on) for name in ours)
    older = sum(going_on[name].disorder for name in ours)
    return Table(
        title="(h) A number dragged, from the pointer's move to the picture",
        method=(
            "Milliseconds from a move of the pointer (the event's own time stamp) to the picture with the new number "
            f"and the new output, as in (a). Input 8×8, kernel 3×3, whose middle number is dragged from {MOST} to 0 "
            "and back; the last step, so that all of the output changes. In convviz the number itself is dragged, in "
            f"the rivals a slider. *One move*: on by one value, {PAUSE_MS} ms after the picture before. *Going on*: a "
            f"value each {PACE_MS} ms without waiting, and how old each picture is when it comes: the time since the "
            "pointer was where the number says. *Shown*: how many of these values got a picture; newer ones overtook "
            "the others. Lesson 01 draws its other picture and its code meanwhile. "
            f"{total} moves of each kind a page, the pages by turns."
        ),
        columns=["way", "one move", "p95", "going on", "p95", "shown", "one move / convviz"],
        rows=[
            [
                name,
                *map(number, (one.median, one.p95, on[name].median, on[name].p95)),
                f"{going_on[name].seen} of {total}",
                times_as_much(one.median / times[PLAYER].median),
            ]
            for name, one in times.items()
        ],
        targets=[
            Target(
                f"live while dragging: medians within {PROMPT_MS} ms, in the Player and in lesson 01",
                f"{number(slowest)} ms or less",
                slowest <= PROMPT_MS,
            ),
            Target("in convviz, no picture of an older value after a newer one", f"{older}", not older),
        ],
        browser=browser,
    )
