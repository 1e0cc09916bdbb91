"""A Python for browsers (Pyodide), for tests alone: the parts of it that a package on PyPI brings along."""

import os
import subprocess
import sys
import zipfile
from contextlib import suppress
from hashlib import sha256
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from tests.browser.servers import CACHE

BRINGS = "open-webui==0.12.4"
SHA256 = "02e9caba96234db3fa17a92e56163b3f7f2b8ca8227fa886b85c178d696483f6"
INSIDE = "open_webui/frontend/pyodide/"


class NoPyodideError(Exception):
    """It could not be had; the message says why."""


def get_pyodide() -> Path:
    """Return a folder with a distribution: the one that `CONVVIZ_PYODIDE` names, else one that is fetched once.

    Nothing of it is kept in the repository or handed on.
    """
    if named := os.environ.get("CONVVIZ_PYODIDE"):
        return Path(named)
    folder = CACHE / f"pyodide-{SHA256[:16]}"
    if not folder.is_dir():
        CACHE.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=CACHE) as unfinished:
            parts = Path(unfinished) / "parts"
            _unpack(_fetch(Path(unfinished)), parts)
            with suppress(OSError):  # another process of the tests was quicker
                parts.rename(folder)
    return folder


def main() -> int:
    """Get it, print where it is, and return the exit code."""
    try:
        print(get_pyodide())
    except NoPyodideError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _fetch(folder: Path) -> Path:
    options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:", "--python-version=3.12"]
    command = [sys.executable, "-m", "pip", "download", *options, f"--dest={folder}", BRINGS]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wheel = next(folder.glob("open_webui-*.whl"), None)
    if done.returncode or wheel is None:
        raise NoPyodideError(f"{BRINGS} could not be fetched: {done.stderr.strip() or done.stdout.strip()}")
    if sha256(wheel.read_bytes()).hexdigest() != SHA256:
        raise NoPyodideError(f"{wheel.name} is not the file that these tests know")
    return wheel


def _unpack(wheel: Path, folder: Path) -> None:
    folder.mkdir()
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if name.startswith(INSIDE):
                (folder / PurePosixPath(name).name).write_bytes(archive.read(name))


if __name__ == "__main__":
    sys.exit(main())
