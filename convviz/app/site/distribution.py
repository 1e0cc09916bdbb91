"""The Python for browsers (Pyodide) that goes with a site, and the packages that a page imports."""

import json
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from importlib.metadata import distribution
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from convviz.app.opening.store import PACKAGE, home
from convviz.app.site.packing import pack

CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
LOCK = "pyodide-lock.json"
COMPILED = ("numpy", "matplotlib", "pillow")
"""Packages that the distribution has to bring, for they hold more than Python."""
PURE = ("anywidget", "comm", "ipywidgets", "psygnal", "traitlets", "typing_extensions")
"""Packages that are taken from where this convviz runs."""
UNUSED = frozenset({"fonttools", "pytz"})
"""What the distribution's list names, and no page imports."""
PACKAGES, OURS = "packages.bin", "convviz.bin"
"""The archives that a page unpacks: the packages above, and convviz with what it needs besides. A web server that knew
what they are might undo the compression on the way."""
_COMPILER = Path(__file__).parent / "compile.mjs"
_KEPT = (".py", ".js", ".css", ".html", ".json", ".typed", ".npz", ".png")
_LEFT_OUT = ("tests", "labextension", "nbextension", "__pycache__", "share", "site-packages")


class Distribution:
    """A Pyodide distribution.

    Parameters
    ----------
    source : str
        A folder, or the address of one.
    compiles : bool
        Whether the code is compiled, where node is there to do so.
    """

    def __init__(self, source: str, *, compiles: bool = True) -> None:
        self._source, self._compiles = source, compiles and can_compile()
        self._is_elsewhere = re.match(r"https?://", source) is not None

    def bring(self, site: Path, key: str) -> dict[str, Any]:
        """Put into a site what it needs of Python, and return where its pages find that.

        Parameters
        ----------
        site : Path
            The folder of the site.
        key : str
            The folder in it for what changes with each version of convviz.

        Raises
        ------
        ValueError
            If the folder holds no such distribution, or a file of it is not the one that its list names.
        """
        folder = site / key / "python"
        folder.mkdir(parents=True)
        archives = [f"{key}/python/{OURS}"]
        if self._is_elsewhere:
            write_archive(folder / OURS)
            return {"pyodide": self._source.rstrip("/") + "/", "archives": archives, "packages": list(COMPILED)}
        source = Path(self._source)
        _check(source)
        write_archive(folder / OURS, source if self._compiles else None)
        name = f"python-{_digest(source, self._compiles)}"
        shutil.copytree(_kept(source, self._compiles), site / name)
        return {"pyodide": f"{name}/", "archives": [f"{name}/{PACKAGES}", *archives], "packages": []}


def can_compile() -> bool:
    """Whether code can be compiled for the browser's Python, which halves the time until a page is live."""
    return shutil.which("node") is not None


def compile_in(folder: Path, pyodide: Path) -> None:
    """Compile the archives of a folder, by the distribution's own Python."""
    subprocess.run(["node", _COMPILER, pyodide, folder], check=True, stdout=subprocess.DEVNULL)


def _kept(source: Path, compiles: bool) -> Path:
    """Return a folder with what is needed of a distribution: written once for each, in a place for such things."""
    folder = home() / f"pyodide-{_digest(source, compiles)}"
    if not folder.is_dir():
        unfinished = folder.with_name(f".{folder.name}-{os.getpid()}")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        wheels = _copy(source, unfinished)
        if compiles:
            compile_in(unfinished, source)
        pack(wheels, unfinished / PACKAGES)
        for wheel in wheels:
            wheel.unlink()
        unfinished.rename(folder)
    return folder


def _digest(source: Path, is_compiled: bool) -> str:
    """Return a short text that changes with a distribution, and with what is done to it."""
    digest = sha256(str(is_compiled).encode())
    ours = (_COMPILER, *(_COMPILER.with_name(f"{name}.py") for name in ("compiling", "packing", "distribution")))
    for path in (source / LOCK, *ours):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _check(source: Path) -> None:
    missing = [name for name in (*CORE, LOCK) if not (source / name).is_file()]
    if missing:
        raise ValueError(f"pyodide is {str(source)!r}, without {missing[0]}; accepted: a Pyodide distribution")


def _copy(source: Path, python: Path) -> list[Path]:
    """Copy the core of a distribution, and of its packages those that are needed; return these."""
    for name in CORE:
        shutil.copy(source / name, python / name)
    lock = json.loads((source / LOCK).read_text(encoding="utf-8"))
    wheels = []
    for entry in needed(lock["packages"]).values():
        name = PurePosixPath(entry["file_name"]).name
        wheels.append(python / name)
        wheels[-1].write_bytes(_read(source / name, entry["sha256"]))
    # Pages unpack these themselves, so that the list is empty.
    (python / LOCK).write_text(json.dumps({**lock, "packages": {}}), encoding="utf-8")
    return sorted(wheels)


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


def write_archive(path: Path, compiler: Path | None = None) -> None:
    """Pack convviz, and what it needs besides the compiled packages.

    Parameters
    ----------
    path : Path
        The file to write.
    compiler : Path, optional
        The distribution whose Python compiles it.
    """
    with TemporaryDirectory() as folder:
        zipped = Path(folder) / "convviz.zip"
        with zipfile.ZipFile(zipped, "w") as archive:
            for name, file in sorted({**dict(_ours()), **dict(_theirs())}.items()):
                archive.write(file, name)
        if compiler:
            compile_in(Path(folder), compiler)
        pack([zipped], path)


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
