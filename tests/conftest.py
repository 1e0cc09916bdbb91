"""What every test shares: hypothesis without a clock, and in CI without chance; and what is committed."""

import gc
import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).parents[1]
SLOW_SERVERS = ("lab_server", "site_server")

settings.register_profile("local", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("local"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the lessons' journeys go to another host of the lessons."""
    words = "only journeys of lessons and the first page, on the site that `convviz build --pyodide` has written"
    parser.addoption("--on-site", type=Path, metavar="FOLDER", help=words)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the journeys for last: a quick test fails sooner, and playwright's event loop is in nobody's way.

    Those that need a server that takes long to start follow one another: fewer processes have to start one.
    """

    def place(item: pytest.Item) -> tuple[bool, ...]:
        needs = getattr(item, "fixturenames", ())
        return item.path.is_relative_to(ROOT / "tests" / "browser"), *(server not in needs for server in SLOW_SERVERS)

    items.sort(key=place)
    if config.getoption("--on-site"):
        on_site = [item for item in items if "visit_lesson" in getattr(item, "fixturenames", ())]
        config.hook.pytest_deselected(items=[item for item in items if item not in on_site])
        items[:] = on_site


def pytest_collection_finish() -> None:
    """Let the collector of garbage pass over what thousands of tests hold anyway: a tenth of the time went there."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@pytest.fixture(scope="session")
def committed_files() -> list[Path]:
    """Every file that is committed, or would be by `git add --all`, relative to the repository."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [Path(name) for name in listed.split("\0") if name and (ROOT / name).is_file()]
