"""`python -m benchmarks`: what is compared with what, in one run, side by side."""

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from benchmarks import arithmetic, changing, core, depth, dragging, frames, layers, lessons, opening, site, stepping
from benchmarks.report import Table, circumstances

TABLES = {
    "a": stepping.measure,
    "b": changing.measure,
    "c": frames.measure,
    "d": arithmetic.measure,
    "e": opening.measure,
    "f": layers.measure,
    "g": depth.measure,
    "h": dragging.measure,
    "i": core.measure,
    "j": lessons.measure,
    "k": site.measure,
}
PAGE = Path(__file__).with_name("README.md")
FOREWORD = """# How fast is convviz?

`make bench` measures all of this in one run and prints it; `make bench ARGS=--write` puts it here, and
`make bench ARGS="a c"` measures two of the tables alone. Contenders take turns, so that whatever slows the machine down
for a while slows them all. Compare the ratios: the milliseconds are this machine's. *p95* is the 95th percentile. These
are no tests: nothing fails because of a time."""


def main() -> None:
    """Measure the tables that are asked for, and print them, or write them down."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("tables", nargs="*", help="a to k; all of them if left out")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name} as well; needs all tables")
    options = parser.parse_args()
    wanted = sorted(set(options.tables)) or list(TABLES)
    if not TABLES.keys() >= set(wanted):
        parser.error(f"tables are {' '.join(wanted)}; accepted: {' '.join(TABLES)}")
    if options.write and wanted != list(TABLES):
        parser.error("--write replaces the whole page, so it needs all tables: name none")
    report(wanted, write=options.write)


def report(wanted: list[str], *, write: bool) -> None:
    """Measure these tables one by one."""
    said, browser = [FOREWORD], ""
    for letter in wanted:
        print(f"measuring ({letter}) …", file=sys.stderr, flush=True)
        table = _measured(letter)
        browser = browser or table.browser
        print(f"{table}\n", flush=True)
        said.append(str(table))
    said.insert(1, circumstances(browser))
    print(said[1])
    if write:
        PAGE.write_text("\n\n".join(said) + "\n", encoding="utf-8")


def _measured(letter: str) -> Table:
    """Measure a table in a process of its own: NumPy's threads are slow in one that has started servers before."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(TABLES[letter]).result()


if __name__ == "__main__":
    main()
