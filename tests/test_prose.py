"""Code that a lesson only quotes does what the lesson says it does, and its links lead somewhere."""

import contextlib
import io
import re
from pathlib import Path

import nbformat
import numpy as np
import pytest

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
PROSE = {
    path: "\n\n".join(cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "markdown")
    for path in sorted(NOTEBOOKS.glob("*.ipynb"))
}
BLOCK = re.compile(r"```python\n(.*?)```", re.S)
QUOTED = [
    pytest.param(code, said, id=f"{path.stem}-{number}")
    for path, prose in PROSE.items()
    for number, (code, said) in enumerate(re.findall(r"```python\n(.*?)```(?:\s+```text\n(.*?)```)?", prose, re.S))
]
LINKS = [(path, link) for path, prose in PROSE.items() for link in re.findall(r"\]\(([^)]+)\)", prose)]


@pytest.mark.parametrize(("code", "said"), QUOTED)
def test_quoted_code_prints_what_is_said(code, said):
    """Nothing is to be printed where nothing is said."""
    if "torch" in code:
        pytest.importorskip("torch")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "quoted", "exec"), {})
    assert printed.getvalue() == said


@pytest.mark.parametrize("code", [code for code in BLOCK.findall("".join(PROSE.values())) if "explain(" in code])
def test_three_lines_open_a_real_layer(code):
    torch = pytest.importorskip("torch")
    *lines, last = code.strip().splitlines()
    assert len(lines) == 2
    names = {}
    exec("\n".join(lines), names)
    torch.manual_seed(0)
    player = eval(last, names)
    torch.manual_seed(0)
    expected = names["layer"](eval(re.search(r"torch\.rand\(.*?\)", last)[0], names)).detach()
    np.testing.assert_allclose(player.trace.output, expected, atol=1e-5)


@pytest.mark.parametrize(("path", "link"), LINKS, ids=lambda value: getattr(value, "stem", value))
def test_links_lead_somewhere(path, link):
    assert (path.parent / link.partition("?")[0]).is_file()


def test_every_lesson_has_a_card():
    cards = {link for path, link in LINKS if path.stem == "index" and link.endswith(".ipynb")}
    assert cards == {path.name for path in PROSE if path.stem != "index"}


def test_every_code_block_is_tried():
    assert sum(prose.count("```python") for prose in PROSE.values()) == len(QUOTED) > 0
