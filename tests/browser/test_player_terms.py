"""The index notation in the browser: JavaScript finds what Python finds, on many random declarations."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import convviz.player.browser
from convviz.player.browser import joined
from convviz.terms import View
from tests.test_terms import pointed_at

SOLVER = joined(Path(convviz.player.browser.__file__).parent / "terms.js")
PAGE = f"""<!doctype html><script type="module">
{SOLVER}
window.solved = (cases) => cases.map(([terms, pointed, other, cell, step]) => {{
  const pointer = pointerAt(pointed, cell);
  const operands = Object.keys(terms.operands);
  return [
    related(terms, pointer, other, step),
    stepOf(terms, pointer, step),
    operands.map((operand) => cellOf(terms, operand, pointed, cell, step)),
    related(terms, pointerAtStep(terms, step), other, step),
  ];
}});
</script>"""


@pytest.fixture(scope="module")
def page(browser):
    page = browser.new_page()
    page.set_content(PAGE)
    page.wait_for_function("window.solved !== undefined")
    yield page
    page.close()


def plain(blocks):
    """Write blocks as the page does, in an order of their own."""
    return sorted((list(block.slices), list(block.rows), list(block.columns)) for block in blocks)


def found(blocks):
    return sorted((block["slices"], block["rows"], block["columns"]) for block in blocks)


@settings(max_examples=25)
@given(cases=st.lists(pointed_at(), min_size=20, max_size=20))
def test_the_browser_solves_as_python_does(page, cases):
    told = [[case[0].as_json(), case[1].as_json(), case[2].as_json(), list(case[3]), case[4]] for case in cases]
    for case, (blocks, step_of, cells, window) in zip(cases, page.evaluate("(cases) => solved(cases)", told), strict=True):
        terms, pointed, other, cell, step = case
        assert found(blocks) == plain(terms.related(pointed, other, cell, step))
        assert step_of == terms.step_of(pointed, cell, step)
        expected = [terms.cell_of(operand, pointed, cell, step) for operand in terms.operands]
        assert cells == [None if at is None else list(at) for at in expected]
        assert found(window) == plain(terms.related(View(column=terms.step), other, (0, 0, step), step))
