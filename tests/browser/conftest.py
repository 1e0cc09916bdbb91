"""Whole journeys: a real browser on real servers.

What lives long here ends with this folder (`package`), not with the session: while playwright runs, no other test
could have an event loop of its own.
"""

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from convviz.app.opening.store import Store
from convviz.app.site.build import build
from tests.browser.browsers import NoBrowserError, browser_flags, find_browser
from tests.browser.profiles import ONE_PROCESS, Profiles
from tests.browser.pyodide import NoPyodideError, get_pyodide
from tests.browser.samples import write_sample
from tests.browser.servers import CACHE, FORKED, ROOT, Server
from tests.browser.static_server import StaticServer
from tests.browser.visits import LabVisit, SiteVisit, Visit, VoilaVisit

WRITTEN = ("index", "01_sliding_window", "02_flip")
BUILT = ("01_sliding_window", "questions")
FORKED_KERNEL = {
    "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
    "display_name": "Python that has imported convviz",
    "language": "python",
    "metadata": {"kernel_provisioner": {"provisioner_name": "convviz"}},
}
"""The app's kernels, for JupyterLab: they need not import convviz, which takes Jupyter's own 3 s of the processor."""


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One browser for all journeys."""
    with sync_playwright() as playwright:
        try:
            path = find_browser(playwright.chromium.executable_path)
        except NoBrowserError as error:
            pytest.fail(str(error), pytrace=False)
        with playwright.chromium.launch(executable_path=path, args=[*browser_flags(), ONE_PROCESS]) as browser:
            yield browser


@pytest.fixture(scope="package")
def profiles(browser: Browser) -> Iterator[Profiles]:
    """Profiles in which the pages' programs are loaded already."""
    profiles = Profiles(browser)
    yield profiles
    profiles.close()


@pytest.fixture(scope="package")
def notebooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our notebooks, where JupyterLab may write to them, and a sample with a bit of everything."""
    folder = tmp_path_factory.mktemp("served") / "notebooks"
    shutil.copytree(ROOT / "notebooks", folder, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    write_sample(folder)
    return folder


@pytest.fixture(scope="package")
def voila_server(notebooks: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The lessons, as `convviz` serves them; how the first ones look before their kernels has been written down."""
    store = Store(notebooks, CACHE / "convviz")
    with alone(CACHE / "writes"):
        store.write([name for name in WRITTEN if not store.has(name)])
    command = ["-m", "convviz.app", "--no-browser", "--notebooks", str(notebooks)]
    with Server(*command, home=tmp_path_factory.mktemp("voila")) as server:
        yield server


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Let one process of the tests after the other do something: who comes later finds it done."""
    import fcntl  # not on Windows, where there are no journeys

    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="package")
def lab_server(notebooks: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The notebooks, as `convviz lab` opens them."""
    home = tmp_path_factory.mktemp("lab")
    settings = home / "jupyter_config_dir" / "jupyter_server_config.json"
    settings.parent.mkdir()
    # The journeys call JupyterLab's commands by name; its menus change from version to version.
    settings.write_text(json.dumps({"LabApp": {"expose_app_in_browser": True}}))
    forked = home / "jupyter_data_dir" / "kernels" / FORKED / "kernel.json"
    forked.parent.mkdir(parents=True)
    forked.write_text(json.dumps(FORKED_KERNEL))
    command = ["-m", "convviz.app", "lab", "--no-browser", "--notebooks", str(notebooks)]
    with Server(*command, home=home) as server:
        yield server


@pytest.fixture(scope="package")
def site_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StaticServer]:
    """A few pages of the course, as `convviz build` writes them, with a Python for browsers where it can be had."""
    notebooks = tmp_path_factory.mktemp("course") / "notebooks"
    shutil.copytree(ROOT / "notebooks" / "pictures", notebooks / "pictures")
    for name in BUILT:
        shutil.copy(ROOT / "notebooks" / f"{name}.ipynb", notebooks)
    (notebooks / "gallery.ipynb").write_text(quoted(ROOT / "notebooks" / "gallery.ipynb"), encoding="utf-8")
    try:
        pyodide = str(get_pyodide())
    except NoPyodideError:
        pyodide = None
    folder = tmp_path_factory.mktemp("host") / "course"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(CACHE))
        build(notebooks, folder, pyodide=pyodide, compiles=False)
    with StaticServer(folder) as server:
        yield server


@pytest.fixture(scope="package")
def course_server(request: pytest.FixtureRequest) -> Iterator[StaticServer]:
    """The whole course, as `convviz build` has written it."""
    with StaticServer(request.config.getoption("--on-site").resolve()) as server:
        yield server


def quoted(gallery: Path) -> str:
    """Return the gallery with its code only quoted, so that none of its pictures is drawn."""
    notebook = json.loads(gallery.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"cell_type": "markdown", "source": ["```python\n", *cell["source"], "\n```"]}
    return json.dumps(notebook)


@pytest.fixture
def live() -> None:
    """A journey that needs Python in the browser: where that cannot be had, it says so, and in CI it fails."""
    try:
        get_pyodide()
    except NoPyodideError as error:
        if os.environ.get("CI"):
            pytest.fail(str(error), pytrace=False)
        pytest.skip(str(error))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """Remember whether a journey failed, for the fixtures that end after it."""
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


FAILED = pytest.StashKey[bool]()


@pytest.fixture
def visits(request: pytest.FixtureRequest) -> Iterator[list[Visit]]:
    """All visits of a journey. At its end they are closed, and nothing may have gone wrong in any of them."""
    visits: list[Visit] = []
    yield visits
    for number, visit in enumerate(visits):
        if visit.faults or FAILED in request.node.stash:
            visit.page.screenshot(path=ROOT / "test-results" / f"{request.node.name}-{number}.png", timeout=15_000)
        visit.close()
    for visit in visits:
        visit.check()


def visiting(visits: list[Visit], make: Callable[..., Any]) -> Callable[..., Any]:
    """Return what makes a visit, of a kind, and opens a place: `visit("02_flip", dark=True)`, with what `Visit` takes.

    Without a place, no page is opened yet.
    """

    def visit(place: str | None = None, **options: Any) -> Any:
        visits.append(made := make(**options))
        if place is not None:
            made.open(place)
        return made

    return visit


@pytest.fixture
def visit_voila(
    browser: Browser, voila_server: Server, profiles: Profiles, visits: list[Visit]
) -> Callable[..., VoilaVisit]:
    """Visit the lessons: `visit_voila("02_flip")`."""
    return visiting(visits, partial(VoilaVisit, browser, voila_server, profiles=profiles))


@pytest.fixture
def visit_site(
    browser: Browser, site_server: StaticServer, profiles: Profiles, visits: list[Visit]
) -> Callable[..., SiteVisit]:
    """Visit the static site, with or without its Python: `visit_site("01_sliding_window?step=3")`."""
    return visiting(visits, partial(SiteVisit, browser, site_server, profiles=profiles))


@pytest.fixture
def visit_course(
    browser: Browser, course_server: StaticServer, profiles: Profiles, visits: list[Visit]
) -> Callable[..., SiteVisit]:
    """Visit the whole course as a static site, always with its Python."""
    return visiting(visits, partial(SiteVisit, browser, course_server, profiles=profiles, live=True))


@pytest.fixture
def visit_lesson(request: pytest.FixtureRequest) -> Callable[..., VoilaVisit | SiteVisit]:
    """Visit the lessons where they are tried: as `convviz` serves them, or with `--on-site` as static pages."""
    where = "visit_course" if request.config.getoption("--on-site") else "visit_voila"
    visit: Callable[..., VoilaVisit | SiteVisit] = request.getfixturevalue(where)
    return visit


@pytest.fixture
def visit_lab(browser: Browser, lab_server: Server, profiles: Profiles, visits: list[Visit]) -> Callable[..., LabVisit]:
    """Visit JupyterLab: `visit_lab("02_flip")` opens the notebook and runs it."""
    return visiting(visits, partial(LabVisit, browser, lab_server, profiles=profiles))
