"""The Python for browsers (Pyodide) that goes with a site, and the packages that a page imports."""

import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from importlib.metadata import distribution
from pathlib import Path, PurePosixPath
from typing import Any

from convviz.app.opening.store import PACKAGE

CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
LOCK = "pyodide-lock.json"
COMPILED = ("numpy", "matplotlib", "pillow")
"""Packages that the distribution has to bring, for they hold more than Python."""
PURE = ("anywidget", "comm", "ipywidgets", "psygnal", "traitlets", "typing_extensions")
"""Packages that are taken from where this convviz runs."""
UNUSED = frozenset({"pytz"})
"""What the distribution's list names, and nothing imports."""
ARCHIVE = "convviz.zip"
_KEPT = (".py", ".js", ".css", ".html", ".json", ".typed", ".npz", ".png")
_LEFT_OUT = ("tests", "labextension", "nbextension", "__pycache__", "share", "site-packages")


class Distribution:
    """A Pyodide distribution.

    Parameters
    ----------
    source : str
        A folder, or the address of one.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._is_elsewhere = re.match(r"https?://", source) is not None

    def bring(self, site: Path) -> dict[str, Any]:
        """Put into a site what it needs of Python, and return where its pages find that.

        Raises
        ------
        ValueError
            If the folder holds no such distribution, or a file of it is not the one that its list names.
        """
        python = site / "python"
        python.mkdir()
        write_archive(python / ARCHIVE)
        about = {"archive": f"python/{ARCHIVE}", "packages": list(COMPILED)}
        if self._is_elsewhere:
            return {**about, "pyodide": self._source.rstrip("/") + "/"}
        self._copy(Path(self._source), python)
        return {**about, "pyodide": "python/"}

    def _copy(self, source: Path, python: Path) -> None:
        missing = [name for name in (*CORE, LOCK) if not (source / name).is_file()]
        if missing:
            raise ValueError(f"pyodide is {self._source!r}, without {missing[0]}; accepted: a Pyodide distribution")
        for name in CORE:
            shutil.copy(source / name, python / name)
        lock = json.loads((source / LOCK).read_text(encoding="utf-8"))
        lock["packages"] = needed(lock["packages"])
        for entry in lock["packages"].values():
            name = PurePosixPath(entry["file_name"]).name
            data = _read(source / name, entry["sha256"])
            (python / name).write_bytes(data)
            entry["file_name"] = name
        (python / LOCK).write_text(json.dumps(lock), encoding="utf-8")


def needed(packages: dict[str, Any]) -> dict[str, Any]:
    """Return the entries of a distribution's list for what is imported, and for what that needs in turn.

    Examples
    --------
    >>> listed = {name: {"depends": []} for name in ("matplotlib", "pillow", "pytz", "six", "scipy")}
    >>> listed["numpy"] = {"depends": ["six", "pytz"]}
    >>> sorted(needed(listed))
    ['matplotlib', 'numpy', 'pillow', 'six']
    """
    missing = [name for name in COMPILED if name not in packages]
    if missing:
        raise ValueError(f"pyodide lists no {missing[0]}; accepted: a whole distribution, not its core alone")
    found: dict[str, Any] = {}
    waiting = list(COMPILED)
    while waiting:
        name = waiting.pop()
        if name in found or name in UNUSED:
            continue
        depends = [other for other in packages[name]["depends"] if other not in UNUSED]
        found[name] = {**packages[name], "depends": depends}
        waiting += depends
    return found


def _read(path: Path, digest: str) -> bytes:
    data = path.read_bytes() if path.is_file() else b""
    if sha256(data).hexdigest() != digest:
        raise ValueError(f"{path} is not the file that {LOCK} names; accepted: one of sha256 {digest}")
    return data


def write_archive(path: Path) -> None:
    """Pack convviz, and what it needs besides the compiled packages."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, file in sorted({**dict(_ours()), **dict(_theirs())}.items()):
            archive.write(file, name)


def _ours() -> Iterator[tuple[str, Path]]:
    for file in PACKAGE.rglob("*"):
        inside = file.relative_to(PACKAGE)
        if file.suffix in _KEPT and not set(inside.parts) & {*_LEFT_OUT, "notebooks"}:
            yield f"convviz/{inside.as_posix()}", file


def _theirs() -> Iterator[tuple[str, Path]]:
    for package in PURE:
        for file in distribution(package).files or ():
            is_inside = not file.is_absolute() and ".." not in file.parts
            if is_inside and not set(file.parts) & set(_LEFT_OUT) and (file.suffix in _KEPT or file.name == "METADATA"):
                yield file.as_posix(), Path(str(file.locate()))
