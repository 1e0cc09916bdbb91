"""(d) The numbers: whole outputs against SciPy, single steps against a dull loop."""

import numpy as np
from scipy.signal import correlate2d

from benchmarks.report import Table, Target, Times, number, take_turns, times_as_much
from convviz import correlate
from convviz.trace import Array

SIZES = (64, 128, 256, 512, 1024)
KERNELS = (3, 5, 7)
HUGE = 4096
STEPS = 2000
ABOUT, MICROSECONDS = 2, 100


def measure() -> Table:
    """Time outputs of many sizes, a huge one, and steps."""
    random = np.random.default_rng(0)
    rows, ratios = [], []
    for size in SIZES:
        for kind in ("int64", "float64"):
            found = [_outputs(*_numbers(random, kind, size, kernel)) for kernel in KERNELS]
            ratios += found
            rows.append([f"{size}×{size} {kind}", *map(times_as_much, found)])
    slowest, (whole, step) = min(ratios), _huge(random)
    return Table(
        title="(d) The numbers",
        method=(
            "How many times faster than `scipy.signal.correlate2d` a whole call of `convviz.correlate` is (checks, "
            "zero border and trace included), in mode 'valid', by the size of the input and of the kernel; medians."
        ),
        columns=["input", *(f"{k}×{k}" for k in KERNELS)],
        rows=rows,
        targets=[
            Target("at least as fast as SciPy", f"{number(slowest)} times as fast or faster", slowest >= 1),
            Target(
                f"a trace over {HUGE}×{HUGE} costs about what its output costs (3×3, int64; up to {ABOUT} times)",
                f"{number(whole['convviz'].median)} ms, and SciPy's output alone {number(whole['SciPy'].median)} ms",
                whole["convviz"].median <= ABOUT * whole["SciPy"].median,
            ),
            Target(
                f"a step costs microseconds, fewer than {MICROSECONDS} (on that trace, {STEPS} steps here and there)",
                f"{number(step['trace[i]'])} µs, with its window, products and value; "
                f"patch, products and sum in a dull loop {number(step['loop'])} µs",
                step["trace[i]"] < MICROSECONDS,
            ),
        ],
    )


def _numbers(random: np.random.Generator, kind: str, size: int, kernel: int) -> tuple[Array, Array]:
    if kind == "int64":
        return random.integers(-9, 10, (size, size)), random.integers(-9, 10, (kernel, kernel))
    return random.normal(size=(size, size)), random.normal(size=(kernel, kernel))


def _outputs(x: Array, w: Array) -> float:
    times = take_turns(
        {"convviz": lambda _: correlate(x, w), "SciPy": lambda _: correlate2d(x, w, "valid")},
        range(max(7, min(200, 8_000_000 // (x.size * w.size // 9)))),
    )
    return times["SciPy"].median / times["convviz"].median


def _huge(random: np.random.Generator) -> tuple[dict[str, Times], dict[str, float]]:
    x, w = _numbers(random, "int64", HUGE, 3)
    contenders = {"convviz": lambda _: correlate(x, w), "SciPy": lambda _: correlate2d(x, w, "valid")}
    whole = take_turns(contenders, range(3), warm_up=1)
    trace = correlate(x, w)
    indices = random.integers(0, len(trace), STEPS).tolist()

    def loop_step(index: int) -> None:
        row, column = divmod(index, trace.output.shape[1])
        patch = x[row : row + 3, column : column + 3]
        (patch * w).sum()

    steps = take_turns({"trace[i]": trace.__getitem__, "loop": loop_step}, indices)
    return whole, {name: times.median * 1000 for name, times in steps.items()}
