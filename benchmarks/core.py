"""(i) The numeric core on one thread: each operation by turns with the library that computes the same."""

import importlib
import json
import os
import statistics
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import scipy.linalg
import scipy.signal

import convviz
from benchmarks.report import Table, Target, number, take_turns, times_as_much
from convviz.trace import Array

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
SECONDS, MOST_ROUNDS, LEAST_ROUNDS = 1.0, 300, 5
IMPORTS = 9
CALL_US, IMPORT_MS = 25, 60
WEIGHTS = 25088, 4096


@dataclass(frozen=True)
class Case:
    """What is computed, by convviz and by another library, and how many times the other's time it may take."""

    name: str
    peer: str
    goal: float | None
    ours: Callable[[], object]
    theirs: Callable[[], object]


def measure() -> Table:
    """Measure in a process of its own, whose libraries have one thread."""
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks.core"],
        env=os.environ | ONE_THREAD,
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(run.stdout)
    rows = [
        [name, number(ours), peer, number(theirs), times_as_much(ours / theirs), f"≤ {goal:g}" if goal else ""]
        for name, peer, goal, ours, theirs in found["cases"]
    ]
    missed = [name for name, _, goal, ours, theirs in found["cases"] if goal and ours > goal * theirs]
    call, beyond, memory = 1000 * found["cases"][0][3], found["import"], found["memory"]
    targets = [
        Target(
            "no ratio above its goal",
            f"{len(missed)} above: {'; '.join(missed)}" if missed else f"none of {len(rows)}",
            not missed,
        ),
        Target(f"a whole call in {CALL_US} µs, 5×5 with 3×3", f"{number(call)} µs", call <= CALL_US),
        Target(f"`import convviz` in {IMPORT_MS} ms beyond NumPy", f"{number(beyond)} ms", beyond <= IMPORT_MS),
    ]
    if memory:
        name = f"`explain(Linear{WEIGHTS}).output` in less than twice the memory of its weights"
        targets.append(Target(name, f"{number(memory)} times, beside the layer itself", memory < 2))
    return Table(
        title="(i) The numeric core, on one thread",
        method=(
            "Milliseconds for a whole call, checks and trace included; by turns, medians. float64 where nothing else "
            "is said. PyTorch computes a Linear in float32. `explain` runs it too, and compares it with sums "
            "of its own in float32; it copies the weights and computes in float64 when the output is first asked for."
        ),
        columns=["what", "convviz", "the other", "its time", "convviz / other", "goal"],
        rows=rows,
        targets=targets,
    )


def cases() -> Iterator[Case]:
    """Go through the cases; those with PyTorch only where it is installed."""
    random = np.random.default_rng(0)
    yield from _correlations(random)
    yield from _matches(random)
    yield from _matrices(random)
    try:
        torch = importlib.import_module("torch")
    except ModuleNotFoundError:
        return
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    yield from _layers(random, torch)


def _correlations(random: np.random.Generator) -> Iterator[Case]:
    correlate, other = convviz.correlate, scipy.signal.correlate
    x, w = random.integers(-9, 10, (5, 5)), random.integers(-9, 10, (3, 3))
    yield Case(
        "correlate 5×5, 3×3, int64", "signal.correlate", None, lambda: correlate(x, w), lambda: other(x, w, "valid")
    )
    for kind in ("float64", "int64"):
        picture = _numbers(random, (512, 512), kind)
        for size in (15, 31):
            kernel = _numbers(random, (size, size), kind)
            yield Case(
                f"correlate 512², {size}², {kind}",
                "signal.correlate",
                1.2,
                lambda x=picture, w=kernel: correlate(x, w),  # type: ignore[misc]
                lambda x=picture, w=kernel: other(x, w, "valid"),  # type: ignore[misc]
            )
        large, small = _numbers(random, (2048, 2048), kind), _numbers(random, (3, 3), kind)
        yield Case(
            f"correlate 2048², 3×3, {kind}",
            "signal.correlate2d",
            1,
            lambda x=large, w=small: correlate(x, w),  # type: ignore[misc]
            lambda x=large, w=small: scipy.signal.correlate2d(x, w, "valid"),  # type: ignore[misc]
        )


def _numbers(random: np.random.Generator, shape: tuple[int, ...], kind: str) -> Array:
    return random.integers(-255, 256, shape) if kind == "int64" else random.normal(size=shape)


def _matches(random: np.random.Generator) -> Iterator[Case]:
    try:
        other, peer = importlib.import_module("skimage.feature").match_template, "scikit-image"
    except ModuleNotFoundError:
        other, peer = _match_by_scipy, "SciPy, as scikit-image does it"
    for size, template in ((256, 16), (256, 32), (512, 64)):
        image = random.random((size, size))
        part = image[30 : 30 + template, 40 : 40 + template].copy()
        yield Case(
            f"match_template {size}², {template}²",
            peer,
            1.5,
            lambda x=image, w=part: convviz.match_template(x, w),  # type: ignore[misc]
            lambda x=image, w=part: other(x, w),  # type: ignore[misc]
        )


def _match_by_scipy(image: Array, template: Array) -> Array:
    """Subtract running sums, and convolve by transforms: fast, but with the rounding errors of large sums."""
    count, shape = template.size, template.shape
    sums, squares = (_running(image**power, shape) for power in (1, 2))
    pattern = template - template.mean()
    products = scipy.signal.fftconvolve(image, pattern[::-1, ::-1], "valid")
    lengths = np.sqrt(np.maximum(squares - sums**2 / count, 0) * (pattern**2).sum())
    return np.asarray(np.divide(products, lengths, out=np.zeros(lengths.shape), where=lengths > np.finfo(float).eps))


def _running(numbers: Array, shape: tuple[int, ...]) -> Array:
    for axis, size in enumerate(shape):
        numbers = np.pad(np.cumsum(numbers, axis=axis), [(int(axis == 0), 0), (int(axis == 1), 0)])
        lines = np.moveaxis(numbers, axis, 0)
        numbers = np.moveaxis(lines[size:] - lines[:-size], 0, axis)
    return numbers


def _matrices(random: np.random.Generator) -> Iterator[Case]:
    x, w = random.normal(size=1000), random.normal(size=5)
    trace = convviz.convolve(x, w)
    yield Case(
        "toeplitz, 1000 samples, 5 weights",
        "linalg.convolution_matrix",
        1.5,
        lambda: convviz.toeplitz(trace),
        lambda: scipy.linalg.convolution_matrix(w, 1000),
    )
    # n + k − 1 frequencies. SciPy may take more, for which its transforms are faster; convviz has exactly these.
    for name, samples, weights in (("131072", 130_073, 1000), ("262143 = 3³·7·19·73", 131_072, 131_072)):
        signal, kernel = random.normal(size=samples), random.normal(size=weights)
        theirs = partial(scipy.signal.fftconvolve, signal, kernel)
        both = partial(convviz.spectrum, signal, kernel)
        yield Case(f"spectrum, {name} frequencies", "signal.fftconvolve", 1.5, both, theirs)
        yield Case("the same, and back", "signal.fftconvolve", None, lambda both=both: both().back, theirs)  # type: ignore[misc]


def _layers(random: np.random.Generator, torch: Any) -> Iterator[Case]:
    shapes = {
        "conv_layer 512 → 512, 7², 3×3": ((512, 7, 7), (512, 512, 3, 3), 1, 1),
        "conv_layer 256 → 64, 56², 1×1": ((256, 56, 56), (64, 256, 1, 1), 0, 1),
        "conv_layer depthwise 64, 112², 3×3": ((64, 112, 112), (64, 1, 3, 3), 1, 64),
    }
    for name, (of_x, of_weight, padding, groups) in shapes.items():
        x, weight = random.normal(size=of_x), random.normal(size=of_weight)
        tensors = torch.from_numpy(x)[None], torch.from_numpy(weight)
        options = {"padding": padding, "groups": groups}
        yield Case(
            name,
            "torch conv2d",
            1.3,
            lambda x=x, w=weight, o=options: convviz.conv_layer(x, w, **o),  # type: ignore[misc]
            lambda t=tensors, o=options: torch.nn.functional.conv2d(*t, **o),  # type: ignore[misc]
        )
    layer, inputs = torch.nn.Linear(9216, 4096), torch.rand(9216)
    yield Case(
        "explain(Linear(9216, 4096))",
        "torch, float32",
        2,
        lambda: convviz.explain(layer, inputs),
        lambda: layer(inputs),
    )
    yield Case(
        "explain(Linear(9216, 4096)).output",
        "torch, float32",
        None,
        lambda: convviz.explain(layer, inputs).output,
        lambda: layer(inputs),
    )


def _time(case: Case) -> tuple[str, str, float | None, float, float]:
    once = statistics.median(take_turns({"": lambda _: case.ours()}, range(3))[""].ms) / 1000
    rounds = int(min(MOST_ROUNDS, max(LEAST_ROUNDS, SECONDS / 3 / once)))
    times = take_turns({"ours": lambda _: case.ours(), "theirs": lambda _: case.theirs()}, range(rounds))
    return case.name, case.peer, case.goal, times["ours"].median, times["theirs"].median


def _import_ms() -> float:
    """Return how long `import convviz` takes after NumPy, each time in a new process."""
    code = (
        "import numpy\nfrom time import perf_counter\nstart = perf_counter()\nimport convviz\n"
        "print(1000 * (perf_counter() - start))"
    )
    return float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)


def _memory() -> float | None:
    """Return the memory that NumPy takes to explain a large Linear, as a multiple of its weights'."""
    try:
        torch = importlib.import_module("torch")
    except ModuleNotFoundError:
        return None
    layer, inputs = torch.nn.Linear(*WEIGHTS), torch.rand(WEIGHTS[0])
    tracemalloc.start()
    assert convviz.explain(layer, inputs).output.size == WEIGHTS[1]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return float(peak / (4 * WEIGHTS[0] * WEIGHTS[1]))


def main() -> None:
    """Print all that was found, as JSON."""
    found = {"cases": [_time(case) for case in cases()], "memory": _memory()}
    found["import"] = statistics.median(_import_ms() for _ in range(IMPORTS))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
