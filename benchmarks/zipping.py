"""A web server that compresses texts and lets browsers keep files for ten minutes, as GitHub Pages does."""

import gzip
from functools import cache
from hashlib import sha256
from pathlib import Path

from tests.browser.static_server import Quiet

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


class Zipping(Quiet):
    """Compress texts, and let them be kept."""

    def do_GET(self) -> None:  # noqa: N802  # as its base has it
        """Answer with a file, or say that the browser's own is still right."""
        path = Path(self.translate_path(self.path))
        data, tag = _sent(path) if path.is_file() else (b"", "")
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


@cache
def _sent(path: Path) -> tuple[bytes, str]:
    data = path.read_bytes()
    return gzip.compress(data, 6, mtime=0) if path.suffix in TYPES else data, f'"{sha256(data).hexdigest()[:16]}"'
