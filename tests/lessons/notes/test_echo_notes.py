"""What is written about a sum of echoes: code that gives what is on the screen, and what each mode keeps."""

import ast
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convviz import convolve, echoes, samples
from convviz.lessons.notes import causal_html, library_calls, library_calls_html, modes_html
from convviz.lessons.notes.echo_code import causal_calls
from convviz.lessons.notes.modes import kept
from convviz.lessons.notes.numbers_in_code import numbers_in_code
from tests.lessons.notes.page import Page

LESSON = echoes(samples.SHORT_SIGNALS["1 2 3 4 5 6"](), samples.RESPONSES["Four paths"]())
NUMBERS = st.lists(st.integers(-9, 9), min_size=1, max_size=6) | st.lists(
    st.integers(-20, 20).map(lambda number: number / 4), min_size=1, max_size=6
)
TRACES = st.builds(echoes, NUMBERS, NUMBERS)


def run(trace, call):
    if call.library == "PyTorch":
        pytest.importorskip("torch")
    names = {}
    exec(f"{numbers_in_code(trace)}\n{call.code}", names)
    return np.asarray(names["result"])


@settings(max_examples=15)
@given(TRACES)
def test_every_library_adds_up_the_echoes(trace):
    calls = library_calls(trace)
    functions = "numpy.convolve numpy.outer scipy.signal.convolve torch.nn.functional.conv1d "
    functions += "torch.nn.functional.conv_transpose1d"
    assert [call.function for call in calls] == functions.split()
    for call in calls:
        np.testing.assert_allclose(run(trace, call), trace.output, atol=1e-12)


@settings(max_examples=15)
@given(TRACES)
def test_causal_code_never_looks_into_the_future(trace):
    later = echoes(np.append(trace.x, 7), trace.h)
    for call, with_one_more in zip(causal_calls(trace), causal_calls(later), strict=True):
        result = run(trace, call)
        np.testing.assert_allclose(result, trace.output[: len(trace.x)], atol=1e-12)
        np.testing.assert_allclose(run(later, with_one_more)[:-1], result, atol=1e-12)


@given(TRACES)
def test_the_code_is_short_and_the_text_says_who_flips(trace):
    for call in (*library_calls(trace), *causal_calls(trace)):
        assert len(call.code.splitlines()) <= 10
        assert max(map(len, call.code.splitlines())) <= 80
        assert not [node for node in ast.walk(ast.parse(call.code)) if isinstance(node, ast.FunctionDef | ast.Lambda)]
        if "flips the response first" in call.text:
            assert "torch.flip" in call.code
        if "Nothing is flipped" in call.text:
            assert "flip" not in call.code


@given(TRACES)
def test_modes_keep_what_the_libraries_return(trace):
    samples_, delays = len(trace.x), len(trace.h)
    ranges = kept(samples_, delays)
    assert trace.output[list(ranges["full"])].tolist() == trace.output.tolist()
    np.testing.assert_allclose(
        trace.output[list(ranges["same"])], convolve(trace.x, trace.h, "same").output, atol=1e-12
    )
    np.testing.assert_allclose(trace.output[list(ranges["causal"])], run(trace, causal_calls(trace)[0]), atol=1e-12)
    valid = convolve(trace.x, trace.h, "valid").output if samples_ >= delays else []
    np.testing.assert_allclose(trace.output[list(ranges["valid"])], valid, atol=1e-12)


def rows_of(html):
    return [re.sub(r"<[^>]+>", " ", row).split() for row in re.findall(r"<tr>(.*?)</tr>", html)]


def test_a_table_shows_cell_by_cell_what_is_kept():
    html = modes_html(LESSON)
    Page(html)
    head, *rows = rows_of(html)
    assert head == ["cell", "full", "same", "causal", "valid", "products"]
    assert rows[0] == ["[0]", "1", "✂", "1", "✂", "1", "of", "4"]
    assert rows[1] == ["[1]", "2.9", "2.9", "2.9", "✂", "2", "of", "4"]
    assert rows[5] == ["[5]", "15.8", "15.8", "15.8", "15.8", "4", "of", "4"]
    assert rows[8] == ["[8]", "4.2", "✂", "✂", "✂", "1", "of", "4"]
    for line in ("6 + 4 − 1 = 9 cells", "keep 6 cells", "6 − 4 + 1 = 3 cells"):
        assert line in html


@given(TRACES)
def test_products_are_counted_and_a_cell_is_valid_where_all_are_there(trace):
    html = modes_html(trace)
    reached = np.convolve(np.ones(len(trace.x)), np.ones(len(trace.h))).round().astype(int)
    for row, count in zip(rows_of(html)[1:], reached, strict=True):
        assert row[-3:] == [str(count), "of", str(len(trace.h))]
        assert (row[4] != "✂") == (count == len(trace.h))
    assert ("no cell" in html) == (len(trace.h) > len(trace.x))


def test_notes_are_pages_that_hold_the_numbers():
    for html in (library_calls_html(LESSON), causal_html(LESSON)):
        Page(html)
        assert "h = np.array([1.0, 0.9, 0.8, 0.7])" in html
        assert all(f"<h4>{library}</h4>" in html for library in ("NumPy", "SciPy", "PyTorch"))
