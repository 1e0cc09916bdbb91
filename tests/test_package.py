"""What people install: the wheel, as it is built, in an environment that knows nothing of this checkout."""

import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
from email import message_from_string
from pathlib import Path
from zipfile import ZipFile

import pytest
import yaml
from readme_renderer import markdown

import convviz
from tests.browser.servers import Server

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
SOURCE = PROJECT["urls"]["Source"]
FILES = (f"{SOURCE}/blob/main/", f"{SOURCE.replace('github.com', 'raw.githubusercontent.com')}/main/")
"""Where the files of the repository are: to read, and as they are."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    [wheel] = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def metadata(wheel):
    with ZipFile(wheel) as files:
        [name] = [name for name in files.namelist() if name.endswith(".dist-info/METADATA")]
        return message_from_string(files.read(name).decode())


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Return the scripts of a new environment: convviz from the wheel, the rest from the environment of the tests."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home, symlinks=os.name != "nt")
    scripts = home / ("Scripts" if os.name == "nt" else "bin")
    pip = [sys.executable, "-m", "pip", "--python", str(home), "--disable-pip-version-check", "install", "--quiet"]
    subprocess.run([*pip, "--no-deps", "--no-index", f"{wheel}[app]"], check=True)
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    ask = [scripts / "python", "-c", where]
    own = subprocess.run(ask, check=True, capture_output=True, text=True).stdout.strip()
    # Added to the path as a folder, so that an editable install in it is not found.
    rest = dict.fromkeys(sysconfig.get_path(kind) for kind in ("purelib", "platlib"))
    Path(own, "rest.pth").write_text("\n".join(rest), encoding="utf-8")
    return scripts


def said_by(*command, folder):
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    run = subprocess.run(command, check=True, capture_output=True, text=True, cwd=folder, env=environment)
    return run.stdout.strip()


@pytest.mark.parametrize("command", [["convviz"], ["python", "-m", "convviz"]], ids=" ".join)
def test_the_command_says_its_version(command, installed, tmp_path):
    program, *words = command
    assert said_by(installed / program, *words, "--version", folder=tmp_path) == f"convviz {convviz.__version__}"


def test_the_lessons_open_from_what_is_installed(installed, tmp_path):
    where = said_by(installed / "python", "-c", "import convviz; print(convviz.__file__)", folder=tmp_path)
    assert Path(where).is_relative_to(installed.parent)
    # Voila and its templates are with the rest.
    share = Path(sysconfig.get_path("data"), "share", "jupyter")
    with Server(
        *("-m", "convviz", "--no-browser"),
        home=tmp_path / "home",
        folder=tmp_path,
        python=installed / "python",
        variables={"PYTHONPATH": "", "JUPYTER_PATH": str(share)},
    ) as server:
        assert "<h1>See what a convolution does</h1>" in server.ask("GET", "")
        lesson = server.ask("GET", "voila/render/01_sliding_window.ipynb")
        assert "Dot product, or element-wise multiplication and sum?" in lesson
        assert "application/vnd.jupyter.widget-view+json" in lesson


def test_the_readme_says_how_to_start_without_a_checkout(metadata):
    name = PROJECT["name"]
    assert f'uvx --from "{name}[app]" {name}' in README
    assert f'pip install "{name}[app]"' in README
    assert "app" in metadata.get_all("Provides-Extra")
    assert name in PROJECT["scripts"]


def test_the_version_is_stated_once(metadata):
    assert metadata["Version"] == convviz.__version__
    assert "version" in PROJECT["dynamic"]


def test_the_page_of_the_package_shows_the_readme(metadata, committed_files):
    assert metadata["Description-Content-Type"] == "text/markdown"
    shown = markdown.render(metadata.get_payload())
    assert shown is not None
    targets = re.findall(r'<(?:a|img)[^>]* (?:href|src)="([^"]+)"', shown)
    assert [target for target in targets if not target.startswith(("https://", "#"))] == []
    ours = [target.removeprefix(start) for target in targets for start in FILES if target.startswith(start)]
    assert {"docs/picture.png", "CONTRIBUTING.md", "LICENSE"} <= set(ours)
    assert [path for path in ours if Path(path) not in committed_files] == []
    assert f'src="{FILES[1]}docs/picture.png"' in shown


def test_every_address_of_the_project_is_in_one_place():
    stated = PROJECT["urls"].values()
    assert all(address.startswith(SOURCE) for address in stated)
    assert yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))["repository-code"] == SOURCE


def test_what_to_cite_is_what_is_published():
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= set(cited)
    assert cited["license"] == PROJECT["license"]
    assert [author["name"] for author in cited["authors"]] == [author["name"] for author in PROJECT["authors"]]


@pytest.mark.parametrize("path", sorted((ROOT / ".github" / "workflows").glob("*.yml")), ids=lambda path: path.stem)
def test_workflows_take_only_the_rights_and_the_programs_that_they_name(path):
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert workflow["permissions"] == {}
    assert "concurrency" in workflow
    for job in workflow["jobs"].values():
        assert job["permissions"]
        assert job["timeout-minutes"] <= 60
        used = [step["uses"] for step in job["steps"] if "uses" in step]
        assert [name for name in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", name)] == []
