"""The index notation in the browser: JavaScript finds what Python finds, on many random declarations."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import convviz.player.browser
from convviz import associativity, conv_layer, matrix_view, receptive_field
from convviz.geometry import Axis, Geometry
from convviz.javascript import joined
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
    for case, (blocks, step_of, cells, window) in zip(
        cases, page.evaluate("(cases) => solved(cases)", told), strict=True
    ):
        terms, pointed, other, cell, step = case
        assert found(blocks) == plain(terms.related(pointed, other, cell, step))
        assert step_of == terms.step_of(pointed, cell, step)
        expected = [terms.cell_of(operand, pointed, cell, step) for operand in terms.operands]
        assert cells == [None if at is None else list(at) for at in expected]
        assert found(window) == plain(terms.related(View(column=terms.step), other, (0, 0, step), step))


THREE = Geometry((Axis(size=4, kernel=3, before=1, after=1),) * 2)
TRACES = {
    "a stack with padding in the middle": receptive_field([THREE, THREE]),
    "brackets": associativity([1, 2, 3], [4, 5], [6, 7], flip=False),
    "matrices": matrix_view(conv_layer([[[1, 2, 3]] * 3], [[[[1, 2]]]], padding=1, padding_mode="replicate")),
}


@pytest.mark.parametrize("name", TRACES)
def test_the_browser_solves_operations_of_many_indices_as_python_does(page, name):
    terms, step = TRACES[name].terms, len(TRACES[name]) // 2
    pairs = [(one, other) for one in terms.views.values() for other in terms.views.values()]
    cells = [tuple(size // 2 for size in pointed.shape) for pointed, _ in pairs]
    told = [
        [terms.as_json(), pointed.as_json(), other.as_json(), list(cell), step]
        for (pointed, other), cell in zip(pairs, cells, strict=True)
    ]
    answers = page.evaluate("(cases) => solved(cases)", told)
    for (pointed, other), cell, (blocks, step_of, *_) in zip(pairs, cells, answers, strict=True):
        assert found(blocks) == plain(terms.related(pointed, other, cell, step))
        assert step_of == terms.step_of(pointed, cell, step)
