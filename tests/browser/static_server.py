"""A folder on a web server that knows nothing of it, as any host has one."""

import functools
import http.server
import mimetypes
import threading
from pathlib import Path
from typing import Any

_TYPES = {".mjs": "text/javascript", ".wasm": "application/wasm", ".whl": "application/zip"}


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Answer without a word on the screen."""

    protocol_version = "HTTP/1.1"
    extensions_map = {**mimetypes.types_map, **_TYPES, "": "application/octet-stream"}  # noqa: RUF012  # as its base has it

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class StaticServer:
    """Serve a folder under an address that has a folder of its own before it, as many hosts give one.

    Parameters
    ----------
    folder
        What is served, as ``/course/``.
    handler
        What answers; as any host does, unless something else is said.
    """

    def __init__(self, folder: Path, handler: type[Quiet] = Quiet) -> None:
        answers = functools.partial(handler, directory=str(folder.parent))
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), answers)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self.host = f"127.0.0.1:{self._server.server_port}"
        self.url = f"http://{self.host}/{folder.name}/"

    def __enter__(self) -> "StaticServer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
