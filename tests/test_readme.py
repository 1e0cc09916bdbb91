"""The README's example, its map, its commands and its links are true."""

import ast
import contextlib
import io
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def code_blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, flags=re.DOTALL | re.MULTILINE)


def mapped_paths() -> list[str]:
    """Read the map of the folders: one path a line, indented below its folder."""
    paths: list[str] = []
    folders: list[str] = []
    for line in next(block for block in code_blocks("text") if "├──" in block).splitlines():
        name = line.lstrip("│├└─ ").split()[0]
        folders[(len(line) - len(line.lstrip("│├└─ "))) // 4 :] = [name]
        paths.append("".join(folders))
    return paths


def test_the_example_prints_what_it_says(monkeypatch, tmp_path):
    [example] = code_blocks("python")
    said = next(block for block in code_blocks("text") if "├──" not in block)
    monkeypatch.chdir(tmp_path)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(ast.parse(example), "README.md", "exec"), {})
    assert printed.getvalue() == said


def test_the_example_has_six_lines():
    [example] = code_blocks("python")
    assert len([line for line in example.splitlines() if line.strip()]) == 6


def test_the_map_names_what_exists():
    paths = mapped_paths()
    assert len(paths) > 10
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_the_map_leaves_nothing_out(committed_files):
    folders = {f"{path.parts[0]}/" for path in committed_files if len(path.parts) > 1}
    package = {
        "/".join(path.parts[:2]) + "/" * (len(path.parts) > 2)
        for path in committed_files
        if path.parts[0] == "convviz" and (len(path.parts) > 2 or path.suffix == ".py")
    }
    shown = {path for path in folders | package if not path.startswith(".")}
    assert shown <= set(mapped_paths())


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_the_commands_are_those_of_the_makefile(name):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    commands = set(re.findall(r"\bmake ([a-z-]+)", "\n".join(code_in(name))))
    assert {"app", "test"} <= commands <= targets


def code_in(name: str) -> list[str]:
    """Find what a page sets as code: its fenced blocks and what stands between backticks."""
    page = (ROOT / name).read_text(encoding="utf-8")
    return re.findall(r"```.*?```|`[^`\n]+`", page, flags=re.DOTALL)


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/embedding.md"])
def test_links_and_pictures_lead_somewhere(name):
    page = (ROOT / name).read_text(encoding="utf-8")
    targets = [t for t in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page) if "://" not in t]
    assert [target for target in targets if not (ROOT / name).parent.joinpath(target).exists()] == []
