"""What is written about template matching: distances, winners, and code."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convviz import match_template, samples
from convviz.lessons.notes import distances_html, library_calls, winners_html
from convviz.lessons.notes.numbers_in_code import numbers_in_code
from tests.lessons.notes.page import Page

METRICS = ("ssd", "mse", "correlation", "normalized")


def results(image, template):
    [(_, rows)] = Page(distances_html(match_template(image, template)[0])).tables.items()
    return [row[-1] for name, row in rows.items() if name != "distance"]


def test_the_distance_of_0_25_is_a_coincidence():
    template = [[1, 20], [0, 5]]
    assert results([[2, 20], [0, 5]], template) == ["1", "0.25", "1", "0.25", "0.25"]
    assert results([[45, 87], [78, 3]], template) == ["12513", "3128.25", "≈111.862", "≈27.9654", "47.75"]


def test_distances_say_how_they_are_computed():
    text = Page(distances_html(match_template([1, 2, 3, 4], [3, 5])[1])).text
    assert "(-1)² + (-2)²" in text
    assert "√5 / 2" in text
    assert "How far window [1] is from the template" in text
    assert "… 10 more" in Page(distances_html(match_template(np.eye(4), np.ones((4, 4)))[0])).text


def winners(name):
    search = samples.NAMED_SEARCHES[name]
    page = Page(winners_html(match_template(search.image(), search.template())))
    return page.tables["Which window wins"], page.text


@pytest.mark.parametrize(
    ("name", "steps", "said"),
    [
        ("counting", ("5", "10", "1"), ["occurs once", "Correlation is fooled", "10 windows are perfect matches"]),
        ("glare", ("9", "21", "9"), ["occurs once", "Correlation is fooled"]),
        ("digit", ("21", "13", "21"), ["occurs once", "Correlation cannot decide"]),
        ("rising", ("3", "4", "1"), ["occurs once", "4 windows are perfect matches"]),
        ("falling", ("1", "3", "1"), ["does not occur", "no window is alike at all"]),
        ("near", ("1", "1", "1"), ["does not occur"]),
    ],
)
def test_winners_are_told(name, steps, said):
    rows, text = winners(name)
    assert tuple(rows[measure][0] for measure in ("squared differences", "correlation", "normalized")) == steps
    assert all(words in text for words in said), text


def test_a_perfect_match_of_another_brightness_is_told():
    html = winners_html(match_template([0, 10, 0, 7], [1, 2, 1]))
    assert "one window is a perfect match: it has the template’s pattern, in another brightness" in html


@st.composite
def calls(draw):
    random = np.random.default_rng(draw(st.integers(0, 999)))
    size = [draw(st.integers(1, 5)) for _ in range(draw(st.integers(1, 2)))]
    image = random.integers(-4, 9, size) / draw(st.sampled_from([1, 2, 3]))
    template = random.integers(-4, 9, [draw(st.integers(1, n)) for n in size])
    return match_template(image, template, draw(st.sampled_from(METRICS)))


@settings(max_examples=30)
@given(calls())
def test_the_code_gives_the_scores(trace):
    pytest.importorskip("torch")
    for call in library_calls(trace):
        names = {}
        exec(f"{numbers_in_code(trace)}\n{call.code}", names)
        # Flat windows are told from others by a threshold in each library: only what has a pattern is compared.
        np.testing.assert_allclose(np.asarray(names["result"]), trace.output, rtol=1e-6, atol=1e-6)
