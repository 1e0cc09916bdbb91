"""Code that a lesson only quotes does what the lesson says it does, and its links lead somewhere."""

import contextlib
import io
import re
from pathlib import Path

import nbformat
import pytest

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
PROSE = {
    path: "\n\n".join(cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "markdown")
    for path in sorted(NOTEBOOKS.glob("*.ipynb"))
}
QUOTED = [
    pytest.param(code, said, id=f"{path.stem}-{number}")
    for path, prose in PROSE.items()
    for number, (code, said) in enumerate(re.findall(r"```python\n(.*?)```\s+```text\n(.*?)```", prose, re.S))
]
LINKS = [(path, link) for path, prose in PROSE.items() for link in re.findall(r"\]\(([^)]+)\)", prose)]


@pytest.mark.parametrize(("code", "said"), QUOTED)
def test_quoted_code_prints_what_is_said(code, said):
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "quoted", "exec"), {})
    assert printed.getvalue() == said


@pytest.mark.parametrize(("path", "link"), LINKS, ids=lambda value: getattr(value, "stem", value))
def test_links_lead_somewhere(path, link):
    assert (path.parent / link).is_file()


def test_every_lesson_has_a_card():
    cards = {link for path, link in LINKS if path.stem == "index" and link.endswith(".ipynb")}
    assert cards == {path.name for path in PROSE if path.stem != "index"}


def test_every_code_block_says_what_it_prints():
    blocks = sum(prose.count("```python") for prose in PROSE.values())
    assert blocks == len(QUOTED) > 0
