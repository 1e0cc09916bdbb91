import importlib.util
import os
from html.parser import HTMLParser

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra.numpy import arrays

from convviz import convolve, correlate
from convviz.lessons.library_lines import library_lines, lines_html, preamble

NO_TORCH = importlib.util.find_spec("torch") is None and os.environ.get("CONVVIZ_REQUIRE_TORCH") != "1"
needs_torch = pytest.mark.skipif(NO_TORCH, reason="PyTorch is not installed; CONVVIZ_REQUIRE_TORCH=1 insists on it")

NUMBERS = {np.int64: st.integers(-1000, 1000), np.float64: st.floats(-1e6, 1e6)}
CLASSIC = [[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]]


@st.composite
def traces(draw, dimensions=(1, 2), longest=5):
    ndim = draw(st.sampled_from(dimensions))
    mode = draw(st.sampled_from(["valid", "same", "full"]))
    kernel = draw(st.tuples(*[st.integers(1, longest)] * ndim))
    size = tuple(draw(st.integers(k if mode == "valid" else 1, longest + 2)) for k in kernel)
    x, w = (
        draw(arrays(t, n, elements=NUMBERS[t])) for n in (size, kernel) for t in [draw(st.sampled_from([*NUMBERS]))]
    )
    return draw(st.sampled_from([correlate, convolve]))(x, w, mode)


def run(trace, line):
    names = {"trace": trace}
    exec(f"{preamble(trace)}\n{line.code}", names)
    return np.asarray(names["result"])


def line_of(trace, library):
    [line] = [line for line in library_lines(trace) if line.library == library]
    return line


def assert_same(trace, result):
    if trace.output.dtype.kind == "i":
        np.testing.assert_array_equal(result, trace.output, strict=False)
    else:
        scale = np.abs(trace.x).sum() * np.abs(trace.w).sum()
        np.testing.assert_allclose(result, trace.output, rtol=0, atol=1e-12 * scale)
    assert result.shape == trace.output.shape


@given(traces())
def test_numpy_and_scipy_give_what_is_on_the_screen(trace):
    lines = [line for line in library_lines(trace) if line.same and "torch" not in line.library]
    assert len(lines) == (4 if trace.x.ndim == 1 else 2)
    for line in lines:
        assert_same(trace, run(trace, line))


@needs_torch
@given(traces())
def test_torch_gives_what_is_on_the_screen(trace):
    line = line_of(trace, f"torch.nn.functional.conv{trace.x.ndim}d")
    assert line.same
    assert_same(trace, run(trace, line))


@given(traces(dimensions=(2,)))
def test_numpy_convolve_in_2d_convolves_one_row_with_one_row(trace):
    line = line_of(trace, "numpy.convolve")
    assert not line.same
    assert "1D arrays only" in line.says
    row = convolve(trace.x[len(trace.x) // 2], trace.w[len(trace.w) // 2], "full")
    assert_same(row, run(trace, line))


@pytest.mark.parametrize(
    ("ndim", "libraries"),
    [
        (
            1,
            "numpy.convolve numpy.correlate scipy.signal.convolve scipy.signal.correlate torch.nn.functional.conv1d",
        ),
        (2, "numpy.convolve scipy.signal.convolve2d scipy.signal.correlate2d torch.nn.functional.conv2d"),
    ],
)
@pytest.mark.parametrize("operation", [correlate, convolve])
def test_every_library_appears(ndim, libraries, operation):
    trace = operation(np.ones((3,) * ndim), np.ones((2,) * ndim))
    assert [line.library for line in library_lines(trace)] == libraries.split()


@given(traces())
def test_the_kernel_is_handed_over_turned_where_the_library_does_the_other_thing(trace):
    for line in library_lines(trace):
        turned = "::-1" in line.code or "torch.flip" in line.code
        assert turned == (line.same and line.turns != trace.flip)
        assert not line.same or ("turn it first" in line.says) == turned


@given(traces())
def test_the_preamble_holds_the_very_numbers(trace):
    names: dict[str, np.ndarray] = {}
    exec(preamble(trace), names)
    for name in ("x", "w"):
        expected = getattr(trace, name)
        assert names[name].dtype == expected.dtype
        assert names[name].tobytes() == expected.tobytes()


def test_large_arrays_are_taken_from_the_trace():
    trace = correlate(np.arange(120).reshape(10, 12), [[1, 2], [3, 4]], "same")
    assert "x, w = trace.x, trace.w" in preamble(trace)
    assert len(preamble(trace)) < 100
    assert_same(trace, run(trace, line_of(trace, "scipy.signal.correlate2d")))


def test_integers_too_wide_for_floats_stay_exact():
    trace = convolve([-(2**62), 2**53 + 1, 0], [1, -1, 1], "full")
    for line in library_lines(trace):
        if "torch" not in line.library:
            assert run(trace, line).tolist() == trace.output.tolist()


def test_where_a_library_s_own_same_differs_the_code_says_so_and_cuts_it_out_of_full():
    even = line_of(correlate(CLASSIC, [[1, 2], [3, 4]], "same"), "scipy.signal.correlate2d")
    odd = line_of(correlate(CLASSIC, np.eye(3), "same"), "scipy.signal.correlate2d")
    long = line_of(convolve([1, 2], [3, 4, 5], "same"), "numpy.convolve")
    assert "one cell later" in even.says
    assert even.code.endswith('mode="full")[0:5, 0:5]')
    assert odd.code.endswith('correlate2d(x, w, mode="same")')
    assert "as long as the longer" in long.says
    assert long.code.endswith('mode="full")[1:3]')


def test_the_page_shows_every_line_as_it_is():
    traces = [operation([[1.5, -2.0]], [[1, 2]], "full") for operation in (correlate, convolve)]
    lines = [line for trace in traces for line in library_lines(trace)]
    read = Page()
    read.feed(lines_html(*traces))
    assert read.codes == [preamble(traces[0]), *(line.code for line in lines)]
    assert all(line.says in read.text and line.library in read.text for line in lines)
    assert read.text.index("Cross-correlation") < read.text.index("Convolution")


def test_one_page_is_about_one_input_and_one_kernel():
    with pytest.raises(ValueError, match="another input or kernel"):
        lines_html(convolve([1, 2], [1]), convolve([1, 3], [1]))


class Page(HTMLParser):
    """Collects a page's text, and apart the text of each <pre>."""

    def __init__(self):
        super().__init__()
        self.text = ""
        self.codes = []
        self.within = []

    def handle_starttag(self, tag, attrs):
        self.within.append(tag)
        if tag == "pre":
            self.codes.append("")

    def handle_endtag(self, tag):
        assert self.within.pop() == tag

    def handle_data(self, data):
        self.text += data
        if "pre" in self.within:
            self.codes[-1] += data
