"""`make load`: a class that opens lesson 01 on one server and works with it: how long it waits, what it takes.

Visitors are programs that ask for what a browser asks for, and say to the widgets what a page says. They draw nothing:
thirty real browsers would measure themselves.
"""

import argparse
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Barrier
from typing import Any
from urllib.parse import urlsplit

import psutil

from benchmarks.report import Times
from tests.app.attacks.stranger import KERNEL, Page, Stranger
from tests.browser.servers import Server

LESSON = "01_sliding_window"
EACH_S = 3.0
"""Between two changes of a visitor."""
WIDTHS = (640, 480)
"""Pixels of the lesson's pictures."""
FRAMES = 9
"""All steps of the picture: a page asks for them after each change, and gets them in the background."""
PATIENCE_S = 120
LOADED = re.compile(r'(?:src|href)="(/[^"]+\.(?:js|css|svg|png))"')
GOALS = "goals on 2 cores: open 3 / 5 s, change 150 / 400 ms, 45 MB"


@dataclass
class Found:
    """What visitors met.

    Parameters
    ----------
    opened_ms, changed_ms : list of float
        Milliseconds.
    faults : list of str
        What went wrong.
    """

    opened_ms: list[float] = field(default_factory=list)
    changed_ms: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


class Visitor:
    """Somebody who opens a lesson and changes its numbers.

    Parameters
    ----------
    stranger : Stranger
        How to reach the server.
    found : Found
        Where times are noted.
    """

    def __init__(self, stranger: Stranger, found: Found) -> None:
        self._stranger, self._found = stranger, found
        self._generation = 0
        self._changes = 0

    def open(self) -> None:
        """Open the lesson: the page, its files, its kernel's widgets, and a picture that is as wide as the page."""
        started = time.perf_counter()
        answer = self._stranger.ask(f"/voila/render/{LESSON}.ipynb", Accept_Encoding="identity")
        kernel = KERNEL.search(answer.text)
        if answer.status != 200 or not kernel:
            raise AssertionError(f"the page was answered with {answer.status}")
        prefix = urlsplit(self._stranger.url).path.rstrip("/")
        for address in sorted(set(LOADED.findall(answer.text))):
            self._stranger.ask(address.removeprefix(prefix), Accept_Encoding="gzip")
        self.page = Page(self._stranger, kernel[1], answer.text)
        self.page.socket.settimeout(PATIENCE_S)
        widgets = self.page.widgets()
        players = [name for name, state in widgets.items() if ".Player" in str(state.get("_anywidget_id"))]
        self._player = next(name for name in players if widgets[name]["editable"])
        for player, width in zip(players, WIDTHS, strict=True):
            look = {"width": width, "density": 1, "dark": False, "channel": 0}
            self.page.custom(player, {"type": "look", "picture": 0, **look})
        self._wait_for_picture()
        self._found.opened_ms.append(1000 * (time.perf_counter() - started))
        self._want_frames()

    def change(self) -> None:
        """Change a number of the kernel, and wait for the picture that shows it."""
        self._changes += 1
        cell, text = [random.randrange(3), random.randrange(3)], str(self._changes % 90 + 2)
        edit = {"type": "edit", "picture": 0, "operand": "w", "cell": cell, "text": text, "live": False}
        started = time.perf_counter()
        self.page.custom(self._player, {**edit, "number": self._changes})
        self._wait_for_picture()
        self._found.changed_ms.append(1000 * (time.perf_counter() - started))
        self._want_frames()

    def _wait_for_picture(self) -> None:
        self._generation = self.page.wait(self._newer, PATIENCE_S)

    def _newer(self, kind: str, said: dict[str, Any]) -> int:
        if kind != "comm_msg" or said["comm_id"] != self._player:
            return 0
        content = said["data"].get("content", {})
        if content.get("type") in ("refused", "dropped"):
            raise AssertionError(f"a change was refused: {content}")
        pictures = said["data"].get("state", {}).get("pictures") or [{}]
        newest = pictures[0].get("generation", 0)
        return newest if newest > self._generation else 0

    def _want_frames(self) -> None:
        want = {"type": "want", "picture": 0, "generation": self._generation, "keys": list(range(FRAMES))}
        self.page.custom(self._player, want)

    def close(self) -> None:
        """Close the page as a browser does."""
        self.page.close()
        self._stranger.ask(f"/voila/api/shutdown/{self.page.kernel_id}", "POST", Content_Length="0")


def visit(url: str, found: Found, come_s: float, stay_s: float, all_there: Barrier) -> None:
    """Come at some time, work for some time, and leave when all others do."""
    time.sleep(come_s)
    visitor = Visitor(Stranger(url), found)
    try:
        visitor.open()
        end, due = time.monotonic() + stay_s, time.monotonic()
        while (due := due + EACH_S) < end:
            time.sleep(max(0, due - time.monotonic()))
            visitor.change()
    except Exception as error:
        found.faults.append(f"{type(error).__name__}: {error}")
    all_there.wait()
    all_there.wait()
    if hasattr(visitor, "page"):
        visitor.close()


def memory_mb(pids: list[int]) -> float:
    """Return the memory of all processes together, what they share counted once (PSS)."""
    total = 0
    for pid in pids:
        found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
        total += int(found[1]) if found else 0
    return total / 1024


def family(pid: int) -> list[psutil.Process]:
    """List a process and all that it has started."""
    process = psutil.Process(pid)
    return [process, *process.children(recursive=True)]


@contextmanager
def served(urls: list[str]) -> Iterator[tuple[list[str], int]]:
    """Start the app, or take those that run; their addresses, and the process of the one that was started."""
    if urls:
        yield urls, 0
        return
    with Server("-m", "convviz.app", "--no-browser", home=Path(tempfile.mkdtemp())) as server:
        wait_until(lambda: len(family(server.pid)) >= 4)
        yield [server.url], server.pid


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait for a condition."""
    while not is_so():
        time.sleep(0.1)


def main() -> None:
    """Let a class come, and say what it met."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--visitors", type=int, default=30)
    parser.add_argument("--arriving", type=float, default=30, metavar="SECONDS", help="in which all of them come")
    parser.add_argument("--staying", type=float, default=60, metavar="SECONDS", help="for which each of them works")
    parser.add_argument("--url", nargs="*", help="apps that run, by turns; else one is started")
    options = parser.parse_args()
    found, count = Found(), options.visitors
    with served(options.url) as (urls, pid), ThreadPoolExecutor(count) as pool:
        all_there = Barrier(count + 1)
        before, others = psutil.cpu_times(), 0.0
        for number in range(count):
            come_s = number * options.arriving / count
            pool.submit(visit, urls[number % len(urls)], found, come_s, options.staying, all_there)
        all_there.wait()
        after = psutil.cpu_times()
        _say(found, count)
        if pid:
            processes = family(pid)
            used = sum(sum(process.cpu_times()[:2]) for process in processes)
            others = (sum(after) - after.idle - after.iowait) - (sum(before) - before.idle - before.iowait) - used
            memory = memory_mb([process.pid for process in processes])
            print(
                f"memory a visitor (PSS): {memory / count:.1f} MB; the server itself: {memory_mb([pid]):.0f} MB in all"
            )
            print(f"open files of the server: {processes[0].num_fds()}, {processes[0].num_fds() / count:.1f} a visitor")
            print(f"processor: {used:.0f} s by the app, {others:.0f} s by the visitors and by whatever else ran here")
        all_there.wait()
    sys.exit(1 if found.faults else 0)


def _say(found: Found, count: int) -> None:
    for name, ms in (("open", found.opened_ms), ("change", found.changed_ms)):
        times = Times(ms or [float("nan")])
        print(f"{name}: median {times.median:.0f} ms, p95 {times.p95:.0f} ms ({len(ms)} times, {count} visitors)")
    print(GOALS)
    print(f"faults: {len(found.faults)}", *found.faults[:5], sep="\n  ")


if __name__ == "__main__":
    main()
