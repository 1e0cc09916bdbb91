import re

import hypothesis.strategies as st
import numpy as np
from hypothesis import given

from convviz.lessons.notes import CSS, colour_picture_html
from convviz.lessons.notes.markup import code_block, note, paragraphs, prose, table, verdict
from tests.lessons.notes.page import Page

TEXTS = st.text(st.sampled_from("ab<>&\"' ∗⋆\n"), max_size=12)


@given(TEXTS)
def test_every_text_is_escaped(text):
    for html in (note(text), paragraphs(text), verdict(text), table(text or "-", ["a", text], [["a", text]])):
        assert text.replace("\n", " ") in Page(html).text.replace("\n", " ")


@given(TEXTS)
def test_code_is_kept_to_the_letter(code):
    assert Page(code_block(code)).codes == ["".join(f"{line}\n" for line in code.splitlines())]


def test_bold_code_and_formulas():
    assert prose("**2 > 1** in `a[0]`, 2**3") == "<b>2 &gt; 1</b> in <code>a[0]</code>, 2**3"
    assert prose("A ∗ B") == "A\N{NO-BREAK SPACE}∗\N{NO-BREAK SPACE}B"


def test_only_notes_are_styled_and_every_colour_has_a_fallback():
    selectors = re.findall(r"^([^\s@/}-][^{]*)\{", CSS, re.M)
    assert selectors
    assert all(selector.startswith(".convviz-") for selector in selectors)
    assert not re.findall(r"var\(--(?:convviz|jp)[\w-]+\)", CSS)


def test_three_channels_are_a_colour_picture():
    html = colour_picture_html(np.full((3, 2, 400), 300))
    assert "300 is brightest" in Page(html).text
    assert 'width="132" height="1"' in html
    assert colour_picture_html(np.zeros((4, 2, 2))) == ""
