"""Archives of Python code with the code compiled. Run by the Python that will import it: its bytecode is its own."""

import zipfile
from importlib._bootstrap_external import _code_to_hash_pyc
from pathlib import Path

UNUSED = (
    "/tests/",
    "/testing/",
    "/f2py/",
    "/mpl-data/images/",
    "/mpl-data/sample_data/",
    "/fonts/afm/",
    "/fonts/pdfcorefonts/",
    "/fonts/ttf/DejaVuSerif",
    "/fonts/ttf/STIX",
    "mpl_toolkits/",
)
"""Parts of archives that no page imports or draws with."""
_HASH_BYTES = 8


def compile_all(folder: str) -> None:
    """Compile all archives of a folder."""
    for path in sorted([*Path(folder).glob("*.whl"), *Path(folder).glob("*.zip")]):
        compile_archive(path)


def compile_archive(path: Path) -> None:
    """Replace an archive by the same with its code compiled.

    The compiled code is marked as one that is not to be compared with its source: there is none beside it. It has no
    docstrings, which a page does not show either.
    """
    unfinished = path.with_name(f".{path.name}")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
        for entry in old.infolist():
            if entry.is_dir() or is_unused(entry.filename):
                continue
            data = old.read(entry)
            if entry.filename.endswith(".py") and ".dist-info/" not in entry.filename:
                code = compile(data, entry.filename, "exec", dont_inherit=True, optimize=2)
                data, name = bytes(_code_to_hash_pyc(code, bytes(_HASH_BYTES), False)), f"{entry.filename}c"
            else:
                name = entry.filename
            new.writestr(name, data)
    unfinished.replace(path)


def is_unused(name: str) -> bool:
    """Whether a file of an archive is left out.

    Examples
    --------
    >>> is_unused("numpy/tests/test_ctypeslib.py"), is_unused("numpy/__init__.py")
    (True, False)
    """
    return any(part in f"/{name}" for part in UNUSED) and not name.endswith("testing/__init__.py")
