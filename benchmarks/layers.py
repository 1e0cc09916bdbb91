"""(f) A layer: its output against PyTorch and SciPy, its steps, its memory."""

import importlib
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.signal import correlate as scipy_correlate

from benchmarks.report import Table, Target, Times, number, take_turns
from convviz import conv_layer
from convviz.trace import Array

CHANNELS, FILTERS, SIZE, KERNEL = 16, 32, 64, 3
THREADS = 2
ROUNDS, STEPS = 60, 2000
HUGE = 4096


def measure() -> Table:
    """Time the layer's whole output, its steps, and weigh a trace over a huge picture."""
    random = np.random.default_rng(0)
    x = random.normal(size=(CHANNELS, SIZE, SIZE))
    weight = random.normal(size=(FILTERS, CHANNELS, KERNEL, KERNEL))
    ways = {"convviz.conv_layer": lambda _: conv_layer(x, weight), "SciPy, summed": lambda _: _by_scipy(x, weight)}
    # No turns: PyTorch must be last, for once its threads are there, they and NumPy's wait for each other on few cores;
    # and so that all find the numbers as near, in the processor's caches, as it does.
    times = take_turns(ways, range(ROUNDS), in_a_row=ROUNDS)
    if by_torch := _torch(x, weight):
        times |= take_turns(by_torch, range(ROUNDS), in_a_row=ROUNDS)
    ours = times["convviz.conv_layer"].median
    trace = conv_layer(x, weight)
    step = take_turns({"trace[i]": trace.__getitem__}, random.integers(0, len(trace), STEPS).tolist())["trace[i]"]
    return Table(
        title="(f) A layer",
        method=(
            f"Milliseconds for the whole output of a layer, {CHANNELS} → {FILTERS} channels, {KERNEL}×{KERNEL}, "
            f"{SIZE}×{SIZE}, float64: `torch.nn.functional.conv2d` on {THREADS} threads where PyTorch is installed, "
            "`scipy.signal.correlate` filter by filter, summed over the channels. Each way by itself, "
            f"{ROUNDS} calls in a row, PyTorch last: on few cores its threads and NumPy's are in each other's way."
        ),
        columns=["way", "median", "p95", "median / convviz"],
        rows=[[way, number(t.median), number(t.p95), f"{number(t.median / ours)} ×"] for way, t in times.items()],
        targets=[*_promises(times, ours), _step_promise(step), _memory_promise(random)],
    )


def _promises(times: dict[str, Times], ours: float) -> list[Target]:
    scipy = times["SciPy, summed"].median / ours
    promises = [Target("no slower than SciPy", f"{number(scipy)} times as fast", scipy >= 1)]
    if "PyTorch" in times:
        ratio = ours / times["PyTorch"].median
        promises.append(Target("within 2 times of PyTorch", f"{number(ratio)} times its time", ratio <= 2))
    return promises


def _step_promise(step: Times) -> Target:
    return Target("a step in under 50 µs", f"{number(1000 * step.median)} µs", step.median < 0.05)


def _memory_promise(random: np.random.Generator) -> Target:
    x = random.normal(size=(1, HUGE, HUGE))
    tracemalloc.start()
    trace = conv_layer(x, np.ones((1, 1, KERNEL, KERNEL)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    times_as_much = (peak + x.nbytes) / (x.nbytes + trace.output.nbytes)
    return Target(
        f"a trace over {HUGE}×{HUGE} in less memory than 3 times input plus output",
        f"{number(times_as_much)} times, at its peak, the input included",
        times_as_much < 3,
    )


def _by_scipy(x: Array, weight: Array) -> Array:
    return np.stack([sum(scipy_correlate(x[c], w[c], "valid", method="direct") for c in range(len(x))) for w in weight])


def _torch(x: Array, weight: Array) -> dict[str, Callable[[int], Any]]:
    try:
        torch = importlib.import_module("torch")
    except ModuleNotFoundError:
        return {}
    torch.set_num_threads(THREADS)
    picture, kernels = torch.from_numpy(x)[None], torch.from_numpy(weight)
    return {"PyTorch": lambda _: torch.nn.functional.conv2d(picture, kernels)}
