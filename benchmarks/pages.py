"""Notebooks served as the lessons are, looked at in a real browser, with a stopwatch in the page."""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep

import nbformat
from jupyter_client.blocking.client import BlockingKernelClient
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.report import Times
from tests.browser.browsers import browser_flags, find_browser
from tests.browser.servers import Server
from tests.browser.visits import VoilaVisit

LIMIT_S = 60.0


class Site:
    """A folder of notebooks on a server, and a browser that visits it.

    Parameters
    ----------
    browser
        The browser.
    server
        Voila over the notebooks.
    kernels
        Where the server's kernels write down how to reach them.
    notebooks
        The folder.
    """

    def __init__(self, browser: Browser, server: Server, kernels: Path, notebooks: Path) -> None:
        self.browser = browser
        self.notebooks = notebooks
        self._server = server
        self._kernels = kernels
        self._visited: set[str] = set()

    def visit(self) -> VoilaVisit:
        """Get ready to open a page, with nothing in the browser's cache."""
        visit = VoilaVisit(self.browser, self._server)
        visit.page.add_init_script(path=Path(__file__).with_name("stopwatch.js"))
        return visit

    def open(self, name: str) -> VoilaVisit:
        """Open a page and wait until all of it is shown."""
        visit = self.visit()
        visit.open(name)
        self.remember(visit)
        return visit

    def remember(self, visit: VoilaVisit) -> None:
        """Note that a page took a kernel, so that it is not mistaken for the spare one."""
        self._visited.add(visit.kernel_id)

    def rest(self) -> None:
        """Wait until the server has a spare kernel ready, so that nothing goes on in the background."""
        limit = monotonic() + LIMIT_S
        while monotonic() < limit:
            files = {path.stem.removeprefix("kernel-"): path for path in self._kernels.glob("*/kernel-*.json")}
            spares = [files[kernel] for kernel in files.keys() - self._visited]
            if spares and spares[0].stat().st_size:
                return _wait_for_kernel(spares[0])
            sleep(0.05)
        raise TimeoutError(f"after {LIMIT_S} s the server has no spare kernel")


def _wait_for_kernel(connection: Path) -> None:
    """Wait until a kernel answers, which it does once its imports are done."""
    client = BlockingKernelClient(connection_file=str(connection))
    client.load_connection_file()
    client.start_channels(iopub=False, stdin=False, hb=False, control=False)
    try:
        client.kernel_info(reply=True, timeout=LIMIT_S)
    finally:
        client.stop_channels()


@contextmanager
def served(notebooks: Mapping[str, str | Path], *, cold: bool = False) -> Iterator[Site]:
    """Serve some notebooks as the app does.

    Parameters
    ----------
    notebooks : mapping of str to str or Path
        By the page's name: a notebook's file, or the code of one, an empty line between two cells.
    cold : bool
        Without the spare kernel that the app keeps ready.
    """
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        home, pages, kernels = (Path(folder, name) for name in ("home", "notebooks", "kernels"))
        pages.mkdir()
        kernels.mkdir()
        for name, notebook in notebooks.items():
            _write(notebook, pages / f"{name}.ipynb")
        path = find_browser(playwright.chromium.executable_path)
        browser = playwright.chromium.launch(executable_path=path, args=browser_flags())
        command = ["-m", "benchmarks.server", str(pages), str(kernels), *(["--cold"] if cold else [])]
        with Server(*command, home=home) as server, browser:
            yield Site(browser, server, kernels, pages)


def _write(notebook: str | Path, path: Path) -> None:
    if isinstance(notebook, Path):
        shutil.copy(notebook, path)
        return
    python = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    cells = [nbformat.v4.new_code_cell(code) for code in notebook.split("\n\n")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": python}), path)


def time_key(page: Page, key: str, *, pause_ms: float, pictures: int = 1) -> float:
    """Press a key after a pause, and return after how many milliseconds the page shows so many new pictures."""
    page.wait_for_timeout(pause_ms)
    page.evaluate("pictures => stopwatch.arm('keydown', pictures, 'body')", pictures)
    page.keyboard.press(key)
    ms: float = page.evaluate("stopwatch.reading")[0]
    return ms


def time_move(page: Page, to: tuple[float, float], *, pause_ms: float, within: str) -> tuple[float, int]:
    """Move the pointer after a pause, and time it until a picture within an element is new.

    Returns
    -------
    float, int
        Milliseconds, and what the picture looks like.
    """
    page.wait_for_timeout(pause_ms)
    page.evaluate("where => stopwatch.arm('pointermove', 1, where)", within)
    page.mouse.move(*to)
    ms, look = page.evaluate("stopwatch.reading")
    return ms, look


def visit_by_turns(
    notebooks: Mapping[str, str], act: Callable[[Page, str, int], Sequence[float]], rounds: int
) -> tuple[dict[str, Times], str]:
    """Open all pages, and then act on one after the other, round by round.

    Parameters
    ----------
    notebooks : mapping of str to str
        The code of each page, by the contender's name.
    act : callable
        Called with the page, the contender's name and the number of the round; gives milliseconds. The first of
        each round are not counted: the page was in the background before.
    rounds : int
        How many rounds to take.

    Returns
    -------
    dict of str to Times, str
        What was counted, by the contender's name; and the browser's version.
    """
    paths = {name: f"page-{number}" for number, name in enumerate(notebooks)}
    ms: dict[str, list[float]] = {name: [] for name in notebooks}
    with served({paths[name]: code for name, code in notebooks.items()}) as site:
        pages = {name: site.open(path).page for name, path in paths.items()}
        site.rest()
        order = list(pages)
        for number in range(rounds):
            for name in order:
                pages[name].bring_to_front()
                ms[name] += act(pages[name], name, number)[1:]
            order.reverse()
        return {name: Times(found) for name, found in ms.items()}, site.browser.version
