"""Archives of Python code with the code compiled. Run by the Python that will import it: its bytecode is its own."""

import marshal
import zipfile
from importlib.util import MAGIC_NUMBER
from pathlib import Path

UNUSED = (
    "/tests/",
    "/testing/",
    "/f2py/",
    "/mpl-data/images/",
    "/fonts/afm/",
    "/fonts/pdfcorefonts/",
    "/fonts/ttf/DejaVuSerif",
    "/fonts/ttf/STIX",
    "mpl_toolkits/",
    "/include/",
    "/zoneinfo/dateutil-zoneinfo",
    "/_tkagg.",
    "/_imagingtk.",
)
_UNREAD = (".pyi", ".pxd", ".h", ".a")
"""Ends of names of files that only other tools read."""
"""Parts of archives that no page imports or draws with."""
_UNCHECKED, _NO_HASH = (1).to_bytes(4, "little"), bytes(8)
"""That compiled code is not compared with its source (PEP 552): there is none beside it."""


def compile_all(folder: str) -> None:
    """Compile all archives of a folder."""
    for path in sorted([*Path(folder).glob("*.whl"), *Path(folder).glob("*.zip")]):
        compile_archive(path)


def compile_archive(path: Path) -> None:
    """Replace an archive by the same with its code compiled, without docstrings, which no page shows."""
    unfinished = path.with_name(f".{path.name}")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
        for name in (entry.filename for entry in old.infolist() if not entry.is_dir()):
            if is_unused(name):
                continue
            is_code = name.endswith(".py") and ".dist-info/" not in name
            data = old.read(name)
            new.writestr(f"{name}c" if is_code else name, compiled(data, name) if is_code else data)
    unfinished.replace(path)


def compiled(source: bytes, name: str) -> bytes:
    """Return a module as this Python's bytecode."""
    code = compile(source, name, "exec", dont_inherit=True, optimize=2)
    return MAGIC_NUMBER + _UNCHECKED + _NO_HASH + marshal.dumps(code)


def is_unused(name: str) -> bool:
    """Whether a file of an archive is left out.

    Examples
    --------
    >>> is_unused("numpy/tests/test_ctypeslib.py"), is_unused("numpy/__init__.py")
    (True, False)
    """
    is_part = any(part in f"/{name}" for part in UNUSED) and not name.endswith("testing/__init__.py")
    return is_part or name.endswith(_UNREAD)
