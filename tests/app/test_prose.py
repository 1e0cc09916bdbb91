"""A notebook's Markdown as a page has it."""

import json
import re

import pytest

from convviz.app.prose import code, html, mathml, title
from tests.browser.servers import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def test_links_lead_to_pages_and_keep_what_they_ask_for():
    asked = "x=~classic&w=1,2;3,4"
    written = html(f"[a](01_sliding_window.ipynb?{asked})")
    assert f'<a href="01_sliding_window.html?{asked.replace("&", "&amp;")}">' in written
    assert '<a href="https://example.org/a.ipynb">' in html("[a](https://example.org/a.ipynb)")


def test_formulas_become_mathml_and_code_stays_as_it_is():
    written = html("Price `$5` and $x_i$:\n\n$$\\sum_{u=0}^{k-1} x_u$$\n\n```python\ncost = '$a$'\n```")
    assert written.count("<math") == 2
    assert 'display="block"' in written
    assert "<code>$5</code>" in written
    assert "$a$" in re.sub("<[^>]+>", "", written)


def test_a_formula_that_cannot_be_read_is_refused():
    with pytest.raises(ValueError, match=r"'\\\\nonsense\{x\}' holds a command that is not known"):
        mathml(r"\nonsense{x}", is_display=False)


@pytest.mark.parametrize("tex", ["x_1_2", r"\left( x", r"\begin{matrix}a", "x^", "{", "", r"\sqrt", r"\hline"])
def test_a_formula_with_a_mistake_is_refused(tex):
    with pytest.raises(ValueError, match="the formula"):
        mathml(tex, is_display=False)


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_all_prose_of_the_course_can_be_written(notebook):
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    written = [html("".join(cell["source"])) for cell in cells if cell["cell_type"] == "markdown"]
    text = re.sub(r"<pre.*?</pre>|<code.*?</code>", "", "".join(written), flags=re.DOTALL)
    assert "$" not in text
    assert ".ipynb" not in text
    assert "¶" not in text
    assert title(cells)


def test_code_is_coloured_and_escaped():
    assert '<span class="k">if</span>' in code("if a < b: pass")
    assert "&lt;" in code("if a < b: pass")
