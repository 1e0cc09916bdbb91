"""The files around the code: dependencies stated twice agree, and nothing stray was committed."""

import ast
import re
import tomllib
from itertools import chain
from pathlib import Path

import nbformat
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONDA_NAMES = {
    "docstring-parser": "docstring_parser",
    "matplotlib": "matplotlib-base",
    "playwright": "playwright-python",
    "prometheus-client": "prometheus_client",
}
"""What conda-forge calls by another name than PyPI."""
NOT_CONDA = {"axe-playwright-python", "comrak", "readme-renderer"}
"""What only PyPI has, so that pip installs it into the conda environment."""

REGISTRIES = re.compile(
    r"\b(pypi|pythonhosted|npmjs|yarnpkg|anaconda|jsdelivr|unpkg|esm|cdnjs|crates|debian|ubuntu)"
    r"\.(org|com|net|sh|io)\b|\bcdn\."
)
MACHINE_PATHS = re.compile(r"(?<![\w.}/-])/(home|Users|root|work|mnt|tmp)/\w|\b[A-Z]:\\Users")
LARGEST_KIB = 600


def text_lines(path: Path) -> list[str]:
    try:
        return (ROOT / path).read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        return []


def find_lines(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    return [
        f"{path}:{number}: {line.strip()[:120]}"
        for path in paths
        for number, line in enumerate(text_lines(path), 1)
        if pattern.search(line)
    ]


def requirements_with_extras(lines: list[str]) -> dict[str, SpecifierSet]:
    """Read requirements by name, each extra of our own replaced by what it holds."""
    found: dict[str, SpecifierSet] = {}
    for line in lines:
        requirement = Requirement(line)
        if requirement.name == PROJECT["name"]:
            for extra in requirement.extras:
                found |= requirements_with_extras(PROJECT["optional-dependencies"][extra])
        else:
            found[requirement.name] = requirement.specifier
    return found


def test_conda_environment_holds_what_pyproject_asks_for():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    *packages, last = environment["dependencies"]
    conda = {requirement.name: requirement.specifier for requirement in map(Requirement, packages)}
    wanted = requirements_with_extras([*PROJECT["dependencies"], "convviz[test]"])
    assert conda.pop("python") == SpecifierSet(PROJECT["requires-python"])
    assert conda.pop("pip") == SpecifierSet()
    pip = [f"{name}{wanted.pop(name)}" for name in sorted(NOT_CONDA)]
    assert conda == {CONDA_NAMES.get(name, name): bounds for name, bounds in wanted.items()}
    assert last == {"pip": [*pip, "-e .[test]"]}
    assert environment["channels"][0] == "conda-forge"


def test_the_core_depends_on_five_packages_alone():
    assert set(requirements_with_extras(PROJECT["dependencies"])) == {
        "anywidget",
        "ipywidgets",
        "matplotlib",
        "numpy",
        "pillow",
    }


def test_every_requirement_states_a_lower_bound():
    stated = [*PROJECT["dependencies"], *chain(*PROJECT["optional-dependencies"].values())]
    unbounded = [line for line in stated if not line.startswith("convviz[") and ">=" not in line]
    assert not unbounded


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (REGISTRIES, "https://" + "pypi" + ".org/simple"),
        (REGISTRIES, "https://cdn" + ".example.net/font.css"),
        (MACHINE_PATHS, "open('/home" + "/someone/picture.png')"),
        (MACHINE_PATHS, "cd /work" + "/main"),
    ],
)
def test_the_patterns_find_what_they_are_for(pattern, line):
    assert pattern.search(line)


def test_no_file_names_a_package_registry(committed_files):
    assert find_lines(REGISTRIES, committed_files) == []


def test_no_file_names_a_path_of_one_machine(committed_files):
    assert find_lines(MACHINE_PATHS, committed_files) == []


def test_no_file_is_large(committed_files):
    assert [path for path in committed_files if (ROOT / path).stat().st_size > LARGEST_KIB * 1024] == []


def test_hooks_run_programs_that_the_tests_install():
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    programs = {Path(hook["entry"].split()[0]).name for repo in config["repos"] for hook in repo["hooks"]}
    assert programs == {"ruff", "nbstripout"}
    assert programs <= set(requirements_with_extras(["convviz[test]"]))


@pytest.fixture(params=sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def notebook(request):
    return nbformat.read(request.param, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_notebook_is_committed_without_outputs(notebook):
    ran = [cell for cell in code_cells(notebook) if cell.outputs or cell.execution_count is not None]
    assert ran == []


def test_notebook_tells_and_modules_compute(notebook):
    definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    for cell in code_cells(notebook):
        assert len(cell.source.splitlines()) <= 10, cell.source
        assert not [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, definitions)], cell.source


def test_notebook_starts_whatever_python_it_finds(notebook):
    assert notebook.metadata.kernelspec.name == "python3"
