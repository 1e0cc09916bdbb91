"""Which browser the journeys take."""

import os
import shutil
from pathlib import Path

import pytest

SYSTEM_BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]

NO_BROWSER = """The browser journeys need Chromium or Chrome, and there is none. Any of these helps:
  apt-get install chromium               (Debian, Ubuntu; other systems have it too)
  .venv/bin/playwright install chromium  (playwright's own download)
  CONVVIZ_BROWSER=/path/to/chrome        (one that is somewhere else)"""


def find_browser(downloaded: str) -> str:
    """Find the browser: the one that `CONVVIZ_BROWSER` names, else the system's, else playwright's own download."""
    if named := os.environ.get("CONVVIZ_BROWSER"):
        if found := shutil.which(named):
            return found
        pytest.fail(f"CONVVIZ_BROWSER is {named!r}: there is no such program", pytrace=False)
    for path in [*map(shutil.which, SYSTEM_BROWSERS), downloaded]:
        if path and Path(path).exists():
            return path
    pytest.fail(NO_BROWSER, pytrace=False)


def browser_flags() -> list[str]:
    """Give the flags of a browser that keeps quiet; root cannot have its sandbox."""
    flags = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-gpu"]
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return [*flags, "--no-first-run", *(["--no-sandbox"] if root else [])]
