"""Where it is kept how lessons look before their kernels have started: a folder for each version of convviz."""

import asyncio
import os
import shutil
import sys
from collections.abc import Iterable, Sequence
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from convviz.course import COURSE

PACKAGE = Path(__file__).parents[2]
LANDING = "index"
_VERSIONS = 3
"""So many are kept: several servers may run."""
_POLITE = 19
"""Whoever looks at a page at the same time comes first."""


class Store:
    """What is written down of a folder of notebooks.

    Parameters
    ----------
    notebooks : Path
        The folder.
    home : Path
        Where things are kept.
    """

    def __init__(self, notebooks: Path, home: Path) -> None:
        self.notebooks, self._home = notebooks, home
        self._writer: asyncio.subprocess.Process | None = None

    @cached_property
    def folder(self) -> Path:
        """The folder of this version: another one when a lesson or a part of convviz is another."""
        texts = sorted(path for path in PACKAGE.rglob("*.*") if path.suffix in (".py", ".js", ".css"))
        digest = sha256()
        for path in [*texts, *self.pages.values()]:
            digest.update(path.name.encode() + path.read_bytes())
        return self._home / digest.hexdigest()[:16]

    @cached_property
    def pages(self) -> dict[str, Path]:
        """The notebooks of the course that are there, by their names."""
        paths = {page.notebook: self.notebooks / f"{page.notebook}.ipynb" for page in COURSE}
        return {name: path for name, path in paths.items() if path.is_file()}

    def has(self, name: str) -> bool:
        """Whether a page is written, all of it."""
        return (self.folder / f"{name}.done").is_file()

    @property
    def missing(self) -> list[str]:
        """The pages that are not written yet."""
        return [name for name in (LANDING, *self.pages) if not self.has(name)] if self.pages else []

    def write(self, names: Sequence[str]) -> None:
        """Write some pages, and forget old versions."""
        from convviz.app.opening.writing import shared, written  # with all that draws: not in the server's process

        self.folder.mkdir(parents=True, exist_ok=True)
        others = sorted(self._home.iterdir(), key=lambda folder: folder.stat().st_mtime, reverse=True)
        for other in others[_VERSIONS:]:
            shutil.rmtree(other, ignore_errors=True)
        self._keep(shared())
        for name in names:
            self._keep(written(name, self.pages.get(name)))
            (self.folder / f"{name}.done").touch()

    def _keep(self, files: Iterable[tuple[str, str]]) -> None:
        """Write files, each at once: a server may be reading them."""
        for name, text in files:
            unfinished = self.folder / f".{name}-{os.getpid()}"
            unfinished.write_text(text, encoding="utf-8")
            unfinished.replace(self.folder / name)

    async def fill(self) -> None:
        """Have a process of its own write what is missing, without haste; not where `CONVVIZ_WRITES_AHEAD` is 'no'."""
        if os.environ.get("CONVVIZ_WRITES_AHEAD") == "no" or not self.missing:
            return
        command = ["-m", "convviz.app.opening.store", str(self.notebooks), str(self._home)]
        nowhere = asyncio.subprocess.DEVNULL
        self._writer = await asyncio.create_subprocess_exec(sys.executable, *command, stdout=nowhere, stderr=nowhere)
        await self._writer.wait()

    def stop(self) -> None:
        """Write nothing more."""
        if self._writer and self._writer.returncode is None:
            self._writer.terminate()


def home() -> Path:
    """Return where such things are kept on this computer."""
    kept = os.environ.get("XDG_CACHE_HOME")
    return (Path(kept) if kept else Path.home() / ".cache") / "convviz"


def main() -> None:
    """Write what is missing: `python -m convviz.app.opening.store NOTEBOOKS HOME`."""
    if hasattr(os, "nice"):
        os.nice(_POLITE)
    store = Store(*map(Path, sys.argv[1:]))
    store.write(store.missing)


if __name__ == "__main__":
    main()
