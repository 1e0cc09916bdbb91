"""Files that a browser may keep for ever: their addresses change when they do, and they are compressed once."""

import gzip
import mimetypes
from asyncio import get_running_loop
from collections.abc import Callable, Iterable
from functools import cache, partial
from hashlib import sha256
from pathlib import Path

from tornado.web import HTTPError, RequestHandler

from convviz.app.guard import Guarded

Find = Callable[[str], Path | None]
"""Finds the file that an address names."""

_LEAST_BYTES = 1024
"""Smaller ones are not worth the work."""
_GZIP = b"\x1f\x8b"
_DENSE = (".png", ".woff", ".woff2", ".jpg", ".gz")


def find_in(folders: Iterable[str | Path], path: str) -> Path | None:
    """Find a file in the first folder that has it, and in none outside of them."""
    for folder in map(Path, folders):
        found = (folder / path).resolve()
        if found.is_relative_to(folder.resolve()) and found.is_file():
            return found
    return None


def key_of(folders: Iterable[str | Path]) -> str:
    """Return a short text that changes when a file in one of some folders does."""
    about = sorted(
        (str(path.relative_to(folder)), path.stat().st_size, path.stat().st_mtime_ns)
        for folder in map(Path, folders)
        for path in folder.rglob("*")
        if path.is_file()
    )
    return sha256(repr(about).encode()).hexdigest()[:16]


class KeptFiles(Guarded):
    """Serve files under addresses that hold the key of their version."""

    def initialize(self, find: Find) -> None:
        """Take what finds a file."""
        self._find = find

    async def get(self, path: str) -> None:
        """Send a file, compressed if the browser understands that."""
        found = self._find(path)
        if found is None:
            raise HTTPError(404)
        accepts = "gzip" in self.request.headers.get("Accept-Encoding", "")
        packs = found.suffix not in _DENSE and accepts
        try:
            read = partial(_read, found, packs, found.stat().st_mtime_ns)
            data = await get_running_loop().run_in_executor(None, read)
        except FileNotFoundError:  # it was there
            raise HTTPError(404) from None
        if packs and data[:2] == _GZIP:
            self.set_header("Content-Encoding", "gzip")
        keep(self, found.name)
        self.set_header("Vary", "Accept-Encoding")
        self.finish(data)

    head = get


def keep(handler: RequestHandler, name: str) -> None:
    """Let the browser keep an answer for ever, which is the file of a name."""
    handler.set_header("Content-Type", mimetypes.guess_type(name)[0] or "application/octet-stream")
    handler.set_header("Cache-Control", "public, max-age=31536000, immutable")


@cache
def _read(path: Path, packs: bool, _: int) -> bytes:
    data = path.read_bytes()
    return gzip.compress(data, 6) if packs and len(data) >= _LEAST_BYTES else data
