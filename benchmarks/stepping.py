"""(a) From a key on the slider to the changed picture, under Voila in a browser."""

from playwright.sync_api import Page

from benchmarks.pages import time_key, visit_by_turns
from benchmarks.report import Table, Target, Times, number, times_as_much

CONVVIZ, IPYMPL, IMAGE, INTERACT = (
    "convviz Player",
    "ipympl, artists reused",
    "ipywidgets.Image, blitted PNG",
    "interact, new inline figure",
)
NOTEBOOKS = {
    CONVVIZ: "import convviz\nfrom benchmarks.figures import example\n\nconvviz.show(example())",
    IPYMPL: "%matplotlib widget\nfrom benchmarks.ways import step_with_ipympl\n\nstep_with_ipympl()",
    IMAGE: "from benchmarks.ways import step_with_image\n\nstep_with_image()",
    INTERACT: "%matplotlib inline\nfrom benchmarks.ways import step_with_interact\n\nstep_with_interact()",
}
SLIDER = ".convviz-player input[type=range], .widget-slider .noUi-handle"
ROUNDS, KEYS = 6, 8
FASTER, FRAME_MS = 20, 1000 / 60


def measure() -> Table:
    """Walk along the slider in each page by turns, forth and back."""
    times, browser = visit_by_turns(NOTEBOOKS, _walk, ROUNDS)
    return _table(times, browser)


def _walk(page: Page, _: str, round_number: int) -> list[float]:
    page.locator(SLIDER).focus()
    return [time_key(page, "ArrowLeft" if round_number % 2 else "ArrowRight") for _ in range(KEYS + 1)]


def _table(times: dict[str, Times], browser: str) -> Table:
    ours = times[CONVVIZ]
    faster = times[IPYMPL].median / ours.median
    return Table(
        title="(a) A step, from key to picture",
        method=(
            "Milliseconds from the arrow key going down on the slider (the event's own time stamp) to the new picture "
            "in the page: drawn onto its canvas, or loaded by its `img`; checked to look like nothing that was there "
            "before the key. The screen shows it with its next frame, which adds up to 16.7 ms to each way. Input "
            f"8×8, kernel 3×3, comparable pictures of four grids with numbers; {ROUNDS * KEYS} keys a page, a tenth of "
            "a second and more apart, the pages by turns. All 36 frames are in convviz's page by then: that is its way."
        ),
        columns=["way", "median", "p95", "median / convviz"],
        rows=[
            [name, number(found.median), number(found.p95), times_as_much(found.median / ours.median)]
            for name, found in times.items()
        ],
        targets=[
            Target(f"at least {FASTER} times faster than ipympl", f"{number(faster)} times", faster >= FASTER),
            Target(
                "95th percentile within one frame at 60 Hz (16.7 ms)", f"{number(ours.p95)} ms", ours.p95 <= FRAME_MS
            ),
        ],
        browser=browser,
    )
