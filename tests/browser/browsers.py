"""Which browser the journeys take."""

import os
import shutil
import subprocess
from pathlib import Path

SYSTEM_BROWSERS = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
"""The first is Debian's Chromium without the windows around a page, which takes a fifth less time."""
ANSWER_LIMIT_S = 60

NO_BROWSER = """The browser journeys need Chromium or Chrome, and there is none that runs. Any of these helps:
  apt-get install chromium               (Debian; most other systems have such a package too)
  .venv/bin/playwright install chromium  (playwright's own download)
  CONVVIZ_BROWSER=/path/to/chrome        (one that is somewhere else)"""


class NoBrowserError(Exception):
    """There is no browser for the journeys; the message says how to get one."""


def find_browser(downloaded: str) -> str:
    """Find the browser: the one that `CONVVIZ_BROWSER` names, else the system's, else playwright's own download.

    The first one that runs is taken: some systems have a `chromium-browser` that only says where to get it.
    """
    if named := os.environ.get("CONVVIZ_BROWSER"):
        if found := shutil.which(named):
            return found
        raise NoBrowserError(f"CONVVIZ_BROWSER is {named!r}: there is no such program")
    for path in [*map(shutil.which, SYSTEM_BROWSERS), downloaded]:
        if path and Path(path).exists() and _runs(path):
            return path
    raise NoBrowserError(NO_BROWSER)


def _runs(path: str) -> bool:
    command = [path, "--version"]
    try:
        answer = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=ANSWER_LIMIT_S)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0


def is_root() -> bool:
    """Whether the tests run with all rights, as in a container."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def browser_flags() -> list[str]:
    """Return the flags of a browser that keeps quiet; root cannot have its sandbox."""
    flags = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-gpu"]
    return [*flags, "--no-first-run", *(["--no-sandbox"] if is_root() else [])]
