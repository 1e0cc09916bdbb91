"""What a site holds of Python."""

import importlib.util
import io
import json
import subprocess
import sys
import tarfile
import zipfile
from hashlib import sha256
from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib.font_manager import FontProperties, findfont

from convviz import theme
from convviz.app.site import distribution
from convviz.app.site.compiling import compile_all, is_unused
from convviz.app.site.distribution import COMPILED, CORE, LOCK, OURS, PACKAGES, Distribution, needed, write_archive


@pytest.fixture
def pyodide(tmp_path, monkeypatch):
    """A folder that is laid out like a distribution, whose packages are a module each."""
    monkeypatch.setattr(distribution, "can_compile", lambda: False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "pyodide"
    folder.mkdir()
    for name in CORE:
        (folder / name).write_text(name)
    depends = {"matplotlib": ["numpy", "pytz", "cycler"], "scipy": ["numpy"]}
    packages = {}
    for name in (*COMPILED, "cycler", "pytz", "scipy"):
        data = wheel(f"{name}.py", name.encode())
        (folder / f"{name}.whl").write_bytes(data)
        about = {"depends": depends.get(name, []), "sha256": sha256(data).hexdigest()}
        packages[name] = {**about, "file_name": f"https://elsewhere.example/{name}.whl"}
    (folder / LOCK).write_text(json.dumps({"info": {}, "packages": packages}))
    return folder


def wheel(name, data):
    """Return an archive of one file, as bytes."""
    with zipfile.ZipFile(held := io.BytesIO(), "w") as archive:
        archive.writestr(name, data)
    return held.getvalue()


def test_what_is_needed_of_a_folder_is_copied_and_nothing_else(pyodide, tmp_path):
    about = Distribution(str(pyodide)).bring(tmp_path / "site", "key")
    copied = tmp_path / "site" / about["pyodide"]
    assert {path.name for path in copied.iterdir()} == {*CORE, LOCK, PACKAGES}
    assert json.loads((copied / LOCK).read_text())["packages"] == {}, "pages unpack the packages themselves"
    packages, ours = (tmp_path / "site" / archive for archive in about["archives"])
    with tarfile.open(packages) as packed:
        assert set(packed.getnames()) == {f"{name}.py" for name in (*COMPILED, "cycler")}
    assert ours.is_file()
    assert about["packages"] == []


def test_from_an_address_nothing_is_copied(tmp_path):
    about = Distribution("https://example.org/pyodide").bring(tmp_path, "key")
    assert about["pyodide"] == "https://example.org/pyodide/"
    assert set(about["packages"]) == set(COMPILED)
    assert {path.name for path in tmp_path.iterdir()} == {"key"}


def test_a_folder_that_holds_no_distribution_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"without pyodide\.mjs; accepted: a Pyodide distribution"):
        Distribution(str(tmp_path)).bring(tmp_path / "site", "key")


def test_a_package_that_is_not_the_one_listed_is_refused(pyodide, tmp_path):
    (pyodide / "cycler.whl").write_bytes(b"something else")
    with pytest.raises(ValueError, match=r"cycler\.whl is not the file that pyodide-lock\.json names"):
        Distribution(str(pyodide)).bring(tmp_path / "site", "key")


def test_a_core_without_packages_is_refused():
    with pytest.raises(ValueError, match="lists no numpy; accepted: a whole distribution"):
        needed({"micropip": {"depends": []}})


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """The archive that goes with a site."""
    path = tmp_path_factory.mktemp("archive") / OURS
    write_archive(path)
    return path


def test_the_archive_holds_all_that_a_lesson_imports(archive, tmp_path):
    with tarfile.open(archive) as packed:
        packed.extraction_filter = getattr(tarfile, "data_filter", None)  # Python 3.11.2, Debian 12's, has none
        packed.extractall(tmp_path)
        assert not [name for name in packed.getnames() if "__pycache__" in name or name.endswith(".so")]
    code = (
        "import sys; sys.path[:0] = [sys.argv[1]]; import convviz.app.site.waking as waking, ipywidgets, psygnal;"
        "print(*(module.__file__ for module in (waking, ipywidgets, psygnal)), sep='\\n')"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert all(line.startswith(str(tmp_path)) for line in done.stdout.split())


def test_what_lessons_draw_with_stays():
    data = Path(mpl.get_data_path())
    photograph = data / "sample_data" / "grace_hopper.jpg"
    for file in (photograph, *(Path(find_font(weight)) for weight in ("normal", "bold"))):
        assert not is_unused(f"matplotlib/mpl-data/{file.relative_to(data).as_posix()}")


def find_font(weight):
    return findfont(FontProperties(family=theme.FONT, weight=weight), fallback_to_default=False)


def test_compiled_archives_hold_no_source_and_can_be_imported(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.whl", "w") as archive:
        archive.writestr("parts/__init__.py", '"""Words."""\nANSWER = 6 * 7\n')
        archive.writestr("parts/tests/test_parts.py", "assert False")
        archive.writestr("parts/data.json", "{}")
        archive.writestr("parts-1.dist-info/METADATA", "Name: parts")
    compile_all(str(tmp_path))
    with zipfile.ZipFile(tmp_path / "a.whl") as archive:
        names = {"parts/__init__.pyc", "parts/data.json", "parts-1.dist-info/METADATA"}
        assert set(archive.namelist()) == names
        archive.extractall(tmp_path)
    spec = importlib.util.spec_from_file_location("parts", tmp_path / "parts" / "__init__.pyc")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (module.ANSWER, module.__doc__) == (42, None)
