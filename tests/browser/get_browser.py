"""Get a browser for the journeys where there is none: `python -m tests.browser.get_browser`.

`make test` does so before the tests. Where there is a browser already, nothing is changed and nothing is said.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.browsers import NoBrowserError, find_browser, is_root

Command = list[str]

PACKAGES = ["chromium", "chromium-headless-shell"]
"""The second is quicker, and not everywhere."""


def main() -> int:
    """Find a browser, or get one, and return the exit code."""
    with sync_playwright() as playwright:
        downloaded = playwright.chromium.executable_path
    try:
        get_browser(downloaded)
    except NoBrowserError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def get_browser(downloaded: str) -> str:
    """Find the browser of the journeys. Where there is none, try each way to get one until one has worked.

    Parameters
    ----------
    downloaded
        Where playwright puts what it downloads, whether or not it has done so.
    """
    ways = iter([]) if os.environ.get("CONVVIZ_BROWSER") else ways_to_get_one(downloaded)
    while True:
        try:
            return find_browser(downloaded)
        except NoBrowserError:
            way = next(ways, None)
            if way is None:
                raise
        what, commands = way
        print(f"The browser journeys need a browser, and there is none that runs. Trying {what}.", flush=True)
        for command in commands:
            _run(command)


def ways_to_get_one(downloaded: str) -> Iterator[tuple[str, list[Command]]]:
    """Yield what can be tried on this machine, in words and as commands. Whether it worked is for the caller to see."""
    rights = rights_to_install()
    may_apt = rights is not None and shutil.which("apt-get") is not None
    playwright = str(Path(sys.executable).with_name("playwright"))
    if may_apt:
        apt = [*(rights or []), "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet", "--yes"]
        # An update that fails, for one list of many perhaps, need not keep the package from being found.
        yield "the package chromium", [[*apt, "update"], *([*apt, "install", name] for name in PACKAGES)]
    yield "playwright's own download", [[playwright, "install", "chromium"]]
    if may_apt and Path(downloaded).exists():
        yield "the libraries that playwright's download needs", [[playwright, "install-deps", "chromium"]]


def rights_to_install() -> Command | None:
    """Return what has to stand before a command that installs packages; None where that would need a password."""
    if is_root():
        return []
    as_root = ["sudo", "--non-interactive"]
    return as_root if shutil.which("sudo") and _run([*as_root, "true"], quiet=True) else None


def _run(command: Command, *, quiet: bool = False) -> bool:
    """Run a command that cannot ask anything, and return whether it worked."""
    said = subprocess.DEVNULL if quiet else None
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said).returncode == 0
    except OSError as error:
        print(error, file=sys.stderr)
        return False


if __name__ == "__main__":
    sys.exit(main())
