"""Voila and JupyterLab as child processes, started the way a user starts them."""

import json
import os
import queue
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, Self
from urllib.error import HTTPError
from urllib.parse import SplitResult, parse_qs, urlsplit

ROOT = Path(__file__).parents[2]

FORKED = "forked"
"""The name of the quick kernels that our JupyterLab has besides the usual ones."""

CACHE = ROOT / "test-results" / "cache"

START_LIMIT_S = 60
STOP_LIMIT_S = 30
GONE = 404


class Server:
    """A server that says its address once it listens, as Voila and JupyterLab do.

    Parameters
    ----------
    command
        What follows `python`: `("-m", "convviz.app", "lab")`.
    home
        A folder of its own: no setting of the user who runs the tests is read, and none is changed.
    folder
        Where the server is started.
    python
        The interpreter; another one than that of the tests brings a convviz of its own.
    variables
        What the environment says otherwise.
    """

    def __init__(
        self,
        *command: str,
        home: Path,
        folder: Path = ROOT,
        python: str | Path = sys.executable,
        variables: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.output: list[str] = []
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        # A shell that runs the tests in the background lets them ignore Ctrl-C, and a child would inherit that.
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        self._process = subprocess.Popen(
            [python, *command],
            cwd=folder,
            env={**_environment(home), **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        signal.signal(signal.SIGINT, before)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        try:
            said = self.wait_for(r"http://(127\.0\.0\.1|localhost):\d+\S*")
            _wait_until_it_listens(urlsplit(said[0]))
        except BaseException:
            self.stop()
            raise
        address = urlsplit(said[0])
        self.host = address.netloc
        self.url = f"http://{address.netloc}/"
        self.token = parse_qs(address.query).get("token", [""])[0]

    @property
    def pid(self) -> int:
        """The number of its process."""
        return self._process.pid

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.output.append(line)
            self._lines.put(line)
        self._lines.put("")

    def wait_for(self, pattern: str, limit_s: float = START_LIMIT_S) -> re.Match[str]:
        """Wait until the server says something that matches."""
        while True:
            try:
                line = self._lines.get(timeout=limit_s)
            except queue.Empty:
                raise AssertionError(f"{limit_s} s without {pattern!r}; the server said:\n{self}") from None
            if not line:
                raise AssertionError(f"the server ended without saying {pattern!r}; it said:\n{self}")
            if match := re.search(pattern, line):
                return match

    def ask(self, method: str, path: str, said: Any = None) -> Any:
        """Ask the server itself, without a browser, and return what it answers, read as JSON where it is that."""
        headers = {"Authorization": f"token {self.token}"} if self.token else {}
        body = None if said is None else json.dumps(said).encode()
        request = urllib.request.Request(self.url + path, body, headers, method=method)
        with urllib.request.urlopen(request, timeout=START_LIMIT_S) as answer:
            text = answer.read().decode()
            return json.loads(text) if answer.headers.get_content_type() == "application/json" else text

    def end(self, kernel_id: str) -> None:
        """End a kernel, if nobody else has."""
        try:
            self.ask("POST", f"voila/api/shutdown/{kernel_id}")
        except HTTPError as error:
            error.close()
            if error.code != GONE:
                raise

    def interrupt(self) -> int:
        """Press Ctrl-C, and return the exit code."""
        self._process.send_signal(signal.SIGINT)
        return self._process.wait(STOP_LIMIT_S)

    def stop(self) -> None:
        """End the server, which ends its kernels."""
        self._process.terminate()
        try:
            self._process.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()  # kernels notice that their parent has gone
            self._process.wait()
        self._reader.join()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def __str__(self) -> str:
        return "".join(self.output)


def free_port() -> int:
    """Return a port of this computer on which nobody listens."""
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])


def _wait_until_it_listens(address: SplitResult) -> None:
    """Some say their address a moment before they listen there."""
    end = time.monotonic() + START_LIMIT_S
    while True:
        try:
            socket.create_connection((address.hostname, address.port), START_LIMIT_S).close()
            return
        except ConnectionRefusedError:
            assert time.monotonic() < end, "nobody listens where the server said"
            time.sleep(0.05)


def _environment(home: Path) -> dict[str, str]:
    home.mkdir(exist_ok=True)
    environment = {name: value for name, value in os.environ.items() if name != "JUPYTER_CONFIG_PATH"}
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        environment[name] = str(home / name.lower())
    # What the app writes down for each version of convviz is the same for all of its servers.
    environment["XDG_CACHE_HOME"] = str(CACHE)
    # The tests write down what they need: writing all of it would take the processor from them.
    environment["CONVVIZ_WRITES_AHEAD"] = "no"
    # The kernels run in the folder of the notebooks, and shall import this convviz.
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return environment
