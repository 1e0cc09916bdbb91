"""What is timed, how contenders take turns, and how a table of results reads."""

import os
import platform
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from time import perf_counter

import numpy as np

PACKAGES = ("numpy", "scipy", "matplotlib", "ipywidgets", "ipympl", "voila", "jupyterlab")


@dataclass(frozen=True)
class Times:
    """How long one contender took, once for each call, in milliseconds."""

    ms: Sequence[float]

    @property
    def median(self) -> float:
        """The one in the middle."""
        return statistics.median(self.ms)

    @property
    def p95(self) -> float:
        """The 95th percentile: all but one call in twenty were at least as fast."""
        return float(np.percentile(self.ms, 95))


@dataclass(frozen=True)
class Target:
    """What was promised, and whether this run kept it."""

    promise: str
    found: str
    met: bool

    def __str__(self) -> str:
        return f"Target: {self.promise}. This run: {self.found}; **{'meets' if self.met else 'misses'}**."


@dataclass(frozen=True, kw_only=True)
class Table:
    """Results of one comparison.

    Parameters
    ----------
    title : str
        What is compared.
    method : str
        What is measured, from when to when, in which unit.
    columns, rows
        The figures as texts.
    targets : sequence of Target
        What was promised of them.
    browser : str
        The version of Chromium, if one took part.
    """

    title: str
    method: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    targets: Sequence[Target] = ()
    browser: str = ""

    def __str__(self) -> str:
        lines = [self.columns, *self.rows]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
        aligned = [[first.ljust(widths[0]), *map(str.rjust, rest, widths[1:])] for first, *rest in lines]
        table = [f"| {' | '.join(line)} |" for line in (aligned[0], rule, *aligned[1:])]
        targets = [f"- {target}" for target in self.targets]
        return "\n\n".join(filter(None, [f"## {self.title}", self.method, "\n".join(table), "\n".join(targets)]))


def take_turns(
    contenders: Mapping[str, Callable[[int], object]], calls: Sequence[int], *, in_a_row: int = 1, warm_up: int = 2
) -> dict[str, Times]:
    """Time contenders one after the other, turn by turn, so that what slows the machine down slows them all.

    Parameters
    ----------
    contenders : mapping of str to callable
        What to time, by name.
    calls : sequence of int
        What to call each of them with. Every other turn goes through the contenders backwards.
    in_a_row : int
        How many calls make a turn.
    warm_up : int
        How many calls to make beforehand without counting them.
    """
    for call in calls[:warm_up]:
        for act in contenders.values():
            act(call)
    found: dict[str, list[float]] = {name: [] for name in contenders}
    order = list(contenders)
    for begin in range(0, len(calls), in_a_row):
        for name in order:
            found[name] += [_time(contenders[name], call) for call in calls[begin : begin + in_a_row]]
        order.reverse()
    return {name: Times(ms) for name, ms in found.items()}


def _time(act: Callable[[int], object], call: int) -> float:
    start = perf_counter()
    act(call)
    return (perf_counter() - start) * 1000


def number(value: float) -> str:
    """Write a figure with as many digits as say something.

    Examples
    --------
    >>> number(1.234), number(12.34), number(1234.5)
    ('1.23', '12.3', '1234')
    """
    return f"{value:.{2 if value < 10 else 1 if value < 100 else 0}f}"


def times_as_much(value: float) -> str:
    """Write a ratio."""
    return f"{number(value)} ×"


def circumstances(browser: str) -> str:
    """Say when and with what all this was measured; of the machine, how many cores it has."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    software = [f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in PACKAGES)]
    if browser:
        software.append(f"Chromium {browser}")
    return f"Measured on {date.today().isoformat()} with {cores} cores: {', '.join(software)}."
