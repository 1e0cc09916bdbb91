"""(c) What a frame costs in the kernel: convviz's frames against `savefig`."""

import numpy as np

from benchmarks.figures import FourGrids, agg_figure, example, savefig, size_in_inches
from benchmarks.report import Table, Target, Times, number, take_turns, times_as_much
from convviz.player.frames.frames import Frames
from convviz.scenes import sliding_window
from convviz.theme import Look

SIZES = (5, 16, 64)
LOOK = Look(width=960, density=1)
FRAMES, ORDINARY, OWN = "convviz", "ordinary figure", "convviz's figure"
CALLS, IN_A_ROW = 24, 6
CHEAPER, GROWTH = 8, 2


def measure() -> Table:
    """Time single frames for inputs of several sizes."""
    rows, cheapest, medians = [], float("inf"), []
    for size in SIZES:
        times = _times(size)
        ratios = [times[rival].median / times[FRAMES].median for rival in (ORDINARY, OWN)]
        cheapest = min(cheapest, ratios[0])
        medians.append(times[FRAMES].median)
        figures = [times[FRAMES].median, times[FRAMES].p95, times[ORDINARY].median, times[OWN].median]
        rows.append([f"{size}×{size}", *map(number, figures), *map(times_as_much, ratios)])
    growth = medians[-1] / medians[0]
    return Table(
        title="(c) A frame in the kernel",
        method=(
            "Milliseconds from “draw step *i*” to the bytes of a PNG, at a width of 960 pixels and a density of 1, "
            f"kernel 3×3, {CALLS} steps spread over the run, the ways by turns with {IN_A_ROW} steps in a row. "
            "*Ordinary figure*: `savefig` of four axes with `imshow`, a text in each cell, and the equation, artists "
            "reused; beyond 18×18 it shows colours instead of numbers, as convviz does, which adds a zoom of the "
            "window. *convviz's figure*: `savefig` of the very figure that convviz draws by parts, which its glyphs "
            "from a cache make quick already. Ratios are of medians: how many times cheaper convviz's frame is."
        ),
        columns=["input", FRAMES, "p95", ORDINARY, OWN, "ordinary / convviz", "own / convviz"],
        rows=rows,
        targets=[
            Target(
                f"at least {CHEAPER} times cheaper than `savefig` of the ordinary figure",
                f"{number(cheapest)} times or more",
                cheapest >= CHEAPER,
            ),
            Target(f"growing less than {GROWTH} times from 5×5 to 64×64", f"{number(growth)} times", growth < GROWTH),
        ],
    )


def _times(size: int) -> dict[str, Times]:
    trace = example(size)
    frames, scene = Frames(sliding_window(trace, LOOK)), sliding_window(trace, LOOK)
    grids = FourGrids(agg_figure(size_in_inches(trace)), trace)

    def draw_ordinary(index: int) -> bytes:
        grids.draw(index)
        return grids.savefig()

    def draw_own(index: int) -> bytes:
        scene.draw(index)
        return savefig(scene.figure)

    spread = np.linspace(0, len(trace) - 1, CALLS).round().astype(int).tolist()
    return take_turns({FRAMES: frames.png, ORDINARY: draw_ordinary, OWN: draw_own}, spread, in_a_row=IN_A_ROW)
