"""A folder on a web server that compresses texts and lets browsers keep files for ten minutes, as GitHub Pages does."""

import gzip
import http.server
import threading
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

TYPES = {
    ".css": "text/css",
    ".html": "text/html; charset=utf-8",
    ".ipynb": "application/json",
    ".js": "text/javascript",
    ".json": "application/json",
    ".mjs": "text/javascript",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
}
"""Of files that are compressed; all others are sent as they are."""


class ZippedServer:
    """Serve a folder.

    Parameters
    ----------
    folder
        What is served.
    """

    def __init__(self, folder: Path) -> None:
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _handler(folder))
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"

    def __enter__(self) -> "ZippedServer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _handler(folder: Path) -> type[http.server.BaseHTTPRequestHandler]:
    @cache
    def sent(path: Path) -> tuple[bytes, str]:
        data = path.read_bytes()
        return gzip.compress(data, 6, mtime=0) if path.suffix in TYPES else data, f'"{sha256(data).hexdigest()[:16]}"'

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

        def do_GET(self) -> None:  # as its base has it
            path = folder / self.path.partition("?")[0].lstrip("/")
            data, tag = sent(path) if path.is_file() else (b"", "")
            is_known = bool(tag) and self.headers.get("If-None-Match") == tag
            self.send_response(304 if is_known else 200 if tag else 404)
            self.send_header("ETag", tag)
            self.send_header("Cache-Control", "max-age=600")
            self.send_header("Content-Type", TYPES.get(path.suffix, "application/octet-stream"))
            if path.suffix in TYPES:
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", "0" if is_known else str(len(data)))
            self.end_headers()
            if not is_known:
                self.wfile.write(data)

    return Handler
