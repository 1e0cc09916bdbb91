import ast
import importlib.util
import os
from html.parser import HTMLParser

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra.numpy import arrays

from convviz import conv_layer
from convviz.lessons.layer_lines import layer_lines, layer_lines_html, layer_preamble

NO_TORCH = importlib.util.find_spec("torch") is None and os.environ.get("CONVVIZ_REQUIRE_TORCH") != "1"
needs_torch = pytest.mark.skipif(NO_TORCH, reason="PyTorch is not installed; CONVVIZ_REQUIRE_TORCH=1 insists on it")

NUMBERS = {np.int64: st.integers(-999, 999), np.float64: st.floats(-999, 999)}
PLAIN = np.arange(18).reshape(2, 3, 3)


@st.composite
def layers(draw, activations=(None, "relu", "sigmoid", "tanh"), pointwise=None):
    """Draw a layer of one or two spatial axes, in which at least one window fits; every other one is 1×1."""
    axes, alone = draw(st.integers(1, 2)), draw(st.booleans()) if pointwise is None else pointwise
    groups = 1 if alone else draw(st.integers(1, 3))
    padding = tuple((0, 0) if alone else draw(st.tuples(*[st.integers(0, 2)] * 2)) for _ in range(axes))
    kernel = tuple(1 if alone else draw(st.integers(1, 3)) for _ in range(axes))
    spatial = tuple(draw(st.integers(max(1, k - sum(around)), 5)) for k, around in zip(kernel, padding, strict=True))
    channels, filters = (draw(st.integers(1, 3)) for _ in range(2))

    def numbers(*shape):
        kind = draw(st.sampled_from(list(NUMBERS)))
        return draw(arrays(kind, shape, elements=NUMBERS[kind]))

    return conv_layer(
        numbers(groups * channels, *spatial),
        numbers(groups * filters, channels, *kernel),
        draw(st.none() | st.builds(lambda: numbers(groups * filters))),
        stride=1 if alone else tuple(draw(st.integers(1, 3)) for _ in range(axes)),
        padding=padding,
        groups=groups,
        flip=draw(st.booleans()),
        activation=draw(st.sampled_from(activations)),
    )


def run(trace, line):
    names = {"trace": trace}
    exec(f"{layer_preamble(trace)}\n{line.code}", names)
    return np.asarray(names["result"])


def line_of(trace, library):
    [line] = [line for line in layer_lines(trace) if line.library == library]
    return line


def assert_same(trace, result):
    assert result.shape == trace.output.shape
    if trace.output.dtype.kind == "i":
        np.testing.assert_array_equal(result, trace.output)
    else:
        atol = 1e-14 * (1 + np.abs(trace.x).sum() * np.abs(trace.weight).sum() + np.abs(trace.bias).sum())
        np.testing.assert_allclose(result, trace.output, rtol=1e-14, atol=atol)


@given(layers())
def test_numpy_and_scipy_give_what_is_on_the_screen(trace):
    lines = [line for line in layer_lines(trace) if "torch" not in line.library]
    assert len(lines) == 2
    for line in lines:
        assert line.same
        assert_same(trace, run(trace, line))


@needs_torch
@given(layers())
def test_torch_gives_what_is_on_the_screen(trace):
    lines = [line for line in layer_lines(trace) if "torch" in line.library]
    assert lines
    for line in lines:
        assert line.same
        assert_same(trace, run(trace, line))


@given(layers())
def test_the_preamble_holds_the_very_numbers(trace):
    names = {"trace": trace}
    exec(layer_preamble(trace), names)
    for name, expected in (("x", trace.x), ("w", trace.weight), ("b", trace.bias)):
        assert names[name].dtype == expected.dtype
        assert names[name].shape == expected.shape
        assert names[name].tobytes() == expected.tobytes()


@given(layers())
def test_the_code_is_short_and_defines_nothing(trace):
    for line in layer_lines(trace):
        assert len(line.code.splitlines()) <= 10
        assert max(map(len, line.code.splitlines())) <= 100
        assert not [node for node in ast.walk(ast.parse(line.code)) if isinstance(node, ast.FunctionDef | ast.Lambda)]


@given(layers(pointwise=False))
def test_kernels_are_turned_once_where_the_layer_turns_them(trace):
    turned = trace.flip and np.prod(trace.weight.shape[2:]) > 1
    for line in layer_lines(trace):
        if "linear" not in line.library:
            by_hand = "::-1" in line.code or "torch.flip" in line.code
            assert by_hand + line.turns == turned
            assert ("180°" in line.says) == turned


@pytest.mark.parametrize(
    ("trace", "libraries"),
    [
        (conv_layer([[1, 2]], [[[1, 2]]]), "numpy.einsum scipy.signal.correlate torch.nn.functional.conv1d"),
        (
            conv_layer([[1, 2]], [[[3]]]),
            "numpy.einsum scipy.signal.correlate torch.nn.functional.conv1d torch.nn.functional.linear",
        ),
        (
            conv_layer(PLAIN, PLAIN[None, :, :2, :2]),
            "numpy.einsum scipy.signal.correlate2d torch.nn.functional.conv2d",
        ),
        (
            conv_layer(PLAIN, PLAIN[None, :, :2, :2], flip=True),
            "numpy.einsum scipy.signal.convolve2d torch.nn.functional.conv2d",
        ),
        (
            conv_layer(PLAIN, [[[[3]], [[4]]]], flip=True),
            "numpy.einsum scipy.signal.correlate2d torch.nn.functional.conv2d torch.nn.functional.linear",
        ),
        (
            conv_layer(PLAIN, [[[[3]], [[4]]]], stride=2),
            "numpy.einsum scipy.signal.correlate2d torch.nn.functional.conv2d",
        ),
    ],
)
def test_every_library_appears(trace, libraries):
    assert [line.library for line in layer_lines(trace)] == libraries.split()


def test_a_1x1_layer_is_a_weighted_sum_at_each_pixel():
    code = line_of(conv_layer(PLAIN, [[[[3]], [[4]]]], activation="relu"), "numpy.einsum").code
    assert (
        code == 'result = np.einsum("oc,cij->oij", w[:, :, 0, 0], x) + b[:, None, None]\nresult = np.maximum(result, 0)'
    )


def test_scipy_sums_over_the_channels_and_says_so():
    line = line_of(conv_layer(PLAIN, PLAIN[None, :, :2, :2], stride=2), "scipy.signal.correlate2d")
    assert "summed over the channels" in line.says
    assert "left out afterwards" in line.says
    assert "maps.append(sum(" in line.code


def test_integers_too_wide_for_floats_stay_exact():
    trace = conv_layer([[2**53 + 1, 1, -(2**60)], [0, 1, 2]], [[[1, 1], [1, 0]]], [1])
    for line in layer_lines(trace):
        if "torch" not in line.library:
            assert run(trace, line).tolist() == trace.output.tolist()


@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
def test_an_activation_at_its_ends_does_not_overflow(activation):
    trace = conv_layer([[-1000, -50, 0, 50, 1000]], [[[1]]], activation=activation)
    assert_same(trace, run(trace, line_of(trace, "numpy.einsum")))


def test_large_arrays_are_taken_from_the_trace():
    trace = conv_layer(np.arange(108).reshape(3, 6, 6), np.ones((8, 3, 3, 3), int))
    assert "x, w, b = trace.x, trace.weight, trace.bias" in layer_preamble(trace)
    assert len(layer_preamble(trace)) < 120
    assert_same(trace, run(trace, line_of(trace, "scipy.signal.correlate2d")))


@needs_torch
def test_torch_takes_large_arrays_from_the_trace():
    trace = conv_layer(np.arange(108).reshape(3, 6, 6), np.ones((8, 3, 3, 3), int))
    assert_same(trace, run(trace, line_of(trace, "torch.nn.functional.conv2d")))


def test_small_arrays_are_nested_as_they_are_read():
    picture = [[0.125, 10.5, -3.25, 0.0625, 1234.5]] * 5
    assert layer_preamble(conv_layer([picture], [[[[1, 0], [0, -1]]], [[[1, 1], [1, 1]]]], [5, -6])).splitlines() == [
        "import numpy as np",
        "x = np.array([",
        "    [",
        *["        [ 0.125,   10.5,  -3.25, 0.0625, 1234.5],"] * 5,
        "    ],",
        "])",
        "w = np.array([",
        "    [[[ 1,  0], [ 0, -1]]],",
        "    [[[ 1,  1], [ 1,  1]]],",
        "])",
        "b = np.array([5, -6])",
    ]


@pytest.mark.parametrize(
    ("trace", "message"),
    [
        (conv_layer(np.ones((1, 2, 2, 2)), np.ones((1, 1, 1, 1, 1))), "3 spatial axes; accepted: one or two"),
        (conv_layer(PLAIN, PLAIN[None, :, :2, :2], dilation=(1, 2)), r"dilation \(1, 2\); accepted: dilation 1"),
        (
            conv_layer(PLAIN, PLAIN[None], padding=1, padding_mode="reflect"),
            "padding_mode 'reflect'; accepted: 'zeros', or no padding",
        ),
        (
            conv_layer(PLAIN, PLAIN[None], activation=np.square),
            "activation <ufunc 'square'>; accepted: None, 'relu', 'sigmoid', 'tanh'",
        ),
    ],
)
def test_what_is_not_written_is_said(trace, message):
    with pytest.raises(ValueError, match=message):
        layer_lines(trace)


def test_a_mode_of_padding_without_padding_makes_no_difference():
    assert len(layer_lines(conv_layer(PLAIN, PLAIN[None], padding_mode="circular"))) == 3


def test_the_page_shows_every_line_as_it_is():
    trace = conv_layer(PLAIN, [[[[3]], [[4]]]], activation="tanh")
    read = Page()
    read.feed(layer_lines_html(trace))
    assert read.codes == [layer_preamble(trace), *(line.code for line in layer_lines(trace))]
    assert all(line.says in read.text and line.library in read.text for line in layer_lines(trace))
    assert "The same in code" in read.text


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
