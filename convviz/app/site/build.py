"""Write the course as a folder of static pages."""

import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from convviz.app import prose
from convviz.app.opening.notebook import shown
from convviz.app.opening.store import Store, home
from convviz.app.opening.trees import PAGES
from convviz.app.opening.writing import shared, written
from convviz.app.site import pages
from convviz.app.site.baking import Baked, heard
from convviz.app.site.distribution import Distribution
from convviz.app.site.pages import Site
from convviz.course import COURSE
from convviz.javascript import joined

_BROWSER = Path(__file__).parent / "browser"
_MARK = ".convviz-site"
"""A file that says that a folder is a site of ours, which may be replaced."""
_INDEX = "index"
_FEW = 2
"""So many pages are written sooner than other processes have started."""


def build(
    notebooks: Path,
    folder: Path,
    *,
    pyodide: str | None = None,
    compiles: bool = True,
    told: Callable[[str], None] | None = None,
) -> None:
    """Write the pages of a folder of notebooks, and all that they need.

    Parameters
    ----------
    notebooks : Path
        The notebooks of the course, or some of them.
    folder : Path
        Where to: a new folder, an empty one, or a site that was written before, which is replaced.
    pyodide : str, optional
        Where the Python for browsers comes from: a folder, whose parts are copied, or the address of one, from which
        the pages then load it. Without it, pages can be looked at and stepped through, but nothing can be changed.
    compiles : bool
        Whether the code is compiled for that Python, where node is there to do so. That takes half a minute, and pages
        are live in half the time.
    told : callable, optional
        Called with the name of each page that is written.

    Raises
    ------
    FileExistsError
        If the folder holds anything else.
    ValueError
        If ``pyodide`` holds no Python for browsers.
    """
    _check(folder)
    unfinished = folder.with_name(f".{folder.name}-{os.getpid()}")
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        unfinished.mkdir()
        (unfinished / _MARK).touch()
        (unfinished / ".nojekyll").touch()  # GitHub Pages shall take the files as they are
        key = Store(notebooks, home()).folder.name
        python = Distribution(pyodide, compiles=compiles).bring(unfinished, key) if pyodide else {}
        site = Site(key=key, python=python)
        _write_shared(notebooks, unfinished, key)
        _write_pages(notebooks, unfinished, site, told)
        shutil.rmtree(folder, ignore_errors=True)
        unfinished.rename(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _check(folder: Path) -> None:
    if folder.exists() and not (folder / _MARK).is_file() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileExistsError(f"{folder} holds other things; accepted: a new folder, or one that convviz has written")
    folder.parent.mkdir(parents=True, exist_ok=True)


def _write_pages(notebooks: Path, folder: Path, site: Site, told: Callable[[str], None] | None) -> None:
    names = [page.notebook for page in COURSE] + list(pages.NO_LESSON)
    there = [path for path in (notebooks / f"{name}.ipynb" for name in names) if path.is_file()]
    _write(folder / "index.html", site.landing(notebooks))
    _write(folder / f"{pages.API}.html", site.api(notebooks))
    # Lesson after lesson, each core has one: most of the work is drawing.
    for name in _written(there, folder, site):
        if told:
            told(name)


def _written(notebooks: Sequence[Path], folder: Path, site: Site) -> Iterator[str]:
    """Write pages, several at a time where there are several, and name each."""
    if len(notebooks) <= _FEW:
        for notebook in notebooks:
            write_page(notebook, folder, site)
            yield notebook.stem
        return
    with ProcessPoolExecutor(min(len(notebooks), os.cpu_count() or 1), mp_context=get_context("spawn")) as pool:
        for notebook, done in [(each, pool.submit(write_page, each, folder, site)) for each in notebooks]:
            done.result()
            yield notebook.stem


def write_page(notebook: Path, folder: Path, site: Site) -> None:
    """Write one page: its HTML, and what it shows without Python."""
    with heard() as links:
        values = shown(notebook)
    baked = Baked(values, links)
    opening = folder / site.key / pages.OPENING
    awaited: set[int] = set()
    for page in PAGES:
        trees, frames = baked.opening(page)
        awaited |= set(map(int, trees))
        _write(opening / f"{notebook.stem}-{page.name}.json", json.dumps(trees))
        for number, films in frames.items():
            _write(opening / f"{notebook.stem}-{page.name}-{number}.json", json.dumps(films))
    _write(opening / f"{notebook.stem}-steps.json", json.dumps(baked.steps()))
    _write(folder / f"{notebook.stem}.html", site.lesson(notebook, awaited))
    shutil.copy(notebook, folder / notebook.name)


def _write_shared(notebooks: Path, folder: Path, key: str) -> None:
    """Write what all pages share: styles, scripts, the pictures of the cards, the player of the first page."""
    opening, static = folder / key / pages.OPENING, folder / key / pages.STATIC
    opening.mkdir(parents=True)
    for name, text in [*shared(), *written(_INDEX, None)]:
        _write(opening / name, text)
    shutil.copytree(pages.TEMPLATE / "static", static)
    for name, path in pages.jupyter_styles().items():
        shutil.copy(path, static / name)
    _write(static / "code.css", prose.code_style())
    _write(static / "site.js", joined(_BROWSER / "site.js"))
    _write(static / "worker.js", joined(_BROWSER / "worker.js"))
    if (notebooks / pages.PICTURES).is_dir():
        shutil.copytree(notebooks / pages.PICTURES, folder / pages.PICTURES)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
