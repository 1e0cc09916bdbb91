"""JupyterHub and its proxy, for tests alone: the first from this Python, the second from npm, fetched once."""

import importlib.util
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.browser.servers import CACHE

PROXY = "configurable-http-proxy@5.3.0"
LIMIT_S = 100


class NoHubError(Exception):
    """It could not be had; the message says why."""


def get_proxy() -> list[str]:
    """Return the command of JupyterHub's proxy: the one that is installed, else one that is fetched once.

    Nothing of it is kept in the repository or handed on.
    """
    missing = [name for name in ("jupyterhub", "jupyterhub_idle_culler") if not importlib.util.find_spec(name)]
    if missing:
        raise NoHubError(f"{' and '.join(missing)} is not installed; the extra `test` brings it")
    if installed := shutil.which("configurable-http-proxy"):
        return [installed]
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        raise NoHubError("node and npm are not installed, which JupyterHub's proxy needs")
    folder = CACHE / PROXY.replace("@", "-")
    if not folder.is_dir():
        _fetch(npm, folder)
    return [node, str(folder / "node_modules" / "configurable-http-proxy" / "bin" / "configurable-http-proxy")]


def _fetch(npm: str, folder: Path) -> None:
    CACHE.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=CACHE) as unfinished:
        options = ["--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix=parts"]
        command = [npm, "install", *options, PROXY]
        (Path(unfinished) / "parts").mkdir()
        try:
            done = subprocess.run(command, cwd=unfinished, capture_output=True, text=True, check=False, timeout=LIMIT_S)
        except subprocess.TimeoutExpired:
            raise NoHubError(f"{PROXY} could not be fetched within {LIMIT_S} s") from None
        if done.returncode:
            raise NoHubError(f"{PROXY} could not be fetched: {done.stderr.strip() or done.stdout.strip()}")
        with suppress(OSError):  # another process of the tests was quicker
            (Path(unfinished) / "parts").rename(folder)
