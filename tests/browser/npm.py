"""Packages from npm, for tests alone: what builds the pages in which teachers show a saved player."""

import shutil
import subprocess
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.browser.servers import CACHE

OPTIONS = ("--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", "--loglevel=error")
LIMIT_S = 100


class NoPackagesError(Exception):
    """They could not be had; the message says why."""


def get_packages(*wanted: str) -> Path:
    """Return the folder `node_modules` with packages, each named with its version, which are fetched once."""
    folder = CACHE / f"packages-{sha256(' '.join(wanted).encode()).hexdigest()[:16]}"
    if not folder.is_dir():
        CACHE.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=CACHE) as unfinished:
            parts = Path(unfinished) / "parts"
            _fetch(parts, wanted)
            with suppress(OSError):  # another process of the tests was quicker
                parts.rename(folder)
    return folder / "node_modules"  # by that name packages find each other


def _fetch(folder: Path, wanted: tuple[str, ...]) -> None:
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise NoPackagesError("there is no npm, which comes with node")
    command = [npm, "install", *OPTIONS, f"--prefix={folder}", *wanted]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LIMIT_S)
    except subprocess.TimeoutExpired:
        raise NoPackagesError(f"{', '.join(wanted)} could not be fetched in {LIMIT_S} seconds") from None
    if done.returncode:
        raise NoPackagesError(f"{', '.join(wanted)} could not be fetched: {done.stderr.strip()}")
