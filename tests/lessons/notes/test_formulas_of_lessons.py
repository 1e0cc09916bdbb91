"""The formulas of lessons are true: the numbers of the cells that they name give the same on both sides."""

import html
import json
import re
from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convviz import correlate, echoes, gradients, learn_kernel, match_template, matrix_view, outer_product
from convviz.lessons import Echoes, Kernels, Learning, Matching, Matrix, Shifts, TiedAndFree
from convviz.lessons.notes import formula_html
from convviz.lessons.notes.spoken import in_words
from convviz.operations.matching.metrics import pattern

SYMBOL = re.compile(r'<button[^>]*data-points="([^"]*)"[^>]*>([^<\[]+)\[([^\]]*)\]</button>')
LINE = re.compile(r'<p class="convviz-formula">((?:<button|L = ).*?)</p>')
numbers = st.integers(-9, 9)


@st.composite
def pairs(draw, least=1, most=4):
    """A signal or a picture, and a kernel that is no larger."""
    sizes = draw(st.lists(st.integers(least, most), min_size=1, max_size=2))
    kernel = [draw(st.integers(1, min(size, 3))) for size in sizes]
    return tuple(
        np.reshape(draw(st.lists(numbers, min_size=prod(shape), max_size=prod(shape))), shape)
        for shape in (sizes, kernel)
    )


def arrays_of(trace, step):
    """The arrays that letters stand for."""
    match type(trace).__name__:
        case "EchoTrace" | "OuterProductTrace":
            return {"y": trace.output, "x": trace.x, "h": trace.h}
        case "MatrixTrace":
            return {"z": trace.output, "W": trace.toeplitz, "x": trace.x, "w": trace.w}
        case "MatrixGradientTrace":
            return {"∂L/∂w": trace.output, "g": trace.local, "x": trace.x}
        case "MatchTrace":
            patterns = {"P": np.ma.filled(trace[step].pattern, 0), "Q": pattern(trace.template)}
            return {"A": trace.image, "B": trace.template, **patterns, **dict.fromkeys("CRD", trace.output)}
        case "LayerTrace":
            return {"y": trace.output, "x": trace.x, "w": trace.weight}
        case "LearningTrace":
            at = trace[step]
            given = {"y": trace.layer(step).output, "t": trace.target, "x": trace.x}
            return {**given, "w": at.kernel, "∂L/∂w": at.gradient}
    return {"y": trace.output, "x": trace.x, "w": trace.w}


def number_in(array, indices):
    """The number at some indices, which may leave out axes with a single position, or count through all of them."""
    if len(indices) == array.ndim:
        return array[indices]
    squeezed = array.squeeze()
    return squeezed[indices] if len(indices) == squeezed.ndim else array.reshape(-1)[indices[0]]


def sides_of(line, arrays):
    """Put numbers in place of symbols, and compute both sides."""
    plain = SYMBOL.sub(lambda found: repr(float(number_in(arrays[found[2]], indices_of(found[3])))), line)
    plain = (
        re.sub(r"<[^>]*>", "", plain)
        .replace("·", "*")
        .replace("−", "-")
        .replace("²", "**2")
        .replace("\N{NO-BREAK SPACE}", " ")
    )
    left, right = re.split(" [=←] ", plain)
    return left if left == "L" else float(left), evaluated(right)


def evaluated(text):
    """Compute what is written; nothing in it is a name."""
    assert not set(text) - set("0123456789.e+-*/() ")
    return eval(text)


def indices_of(text):
    return tuple(map(int, text.split(", ")))


def points_where_it_says(found):
    """Whether the position at which a symbol points is that of its indices, flattened or not."""
    at = [(position, coordinate["size"]) for coordinate, position in json.loads(html.unescape(found[1]))["at"]]
    positions, indices = [position for position, size in at if size > 1], indices_of(found[3])
    if len(indices) == 1 and len(positions) > 1:
        assert indices[0] == np.ravel_multi_index(*zip(*at, strict=True))
    elif found[2] != "W":
        assert [index for index in indices if index] == [position for position in positions if position]


def check(trace, steps=8):
    """Recompute every line that is not cut, at some steps; return how many there were."""
    checked = 0
    for step in range(0, len(trace), max(1, len(trace) // steps)):
        arrays = arrays_of(trace, step)
        for line in LINE.findall(formula_html(trace, step)):
            for found in SYMBOL.finditer(line):
                points_where_it_says(found)
            if "more" in line:
                continue
            left, right = sides_of(line, arrays)
            if left == "L":
                left = trace[step].loss
            if "←" in line:
                if step == len(trace) - 1:
                    continue
                [found, *_] = SYMBOL.finditer(line)
                left = number_in(trace[step + 1].kernel, indices_of(found[3]))
            assert left == pytest.approx(right, rel=1e-9, abs=1e-9)
            checked += 1
    return checked


@settings(max_examples=25)
@given(st.lists(numbers, min_size=1, max_size=6), st.lists(numbers, min_size=1, max_size=5))
def test_echoes(x, h):
    assert check(echoes(x, h)) >= min(8, len(x))
    assert check(outer_product(x, h), steps=20) == len(x) + len(h) - 1


@settings(max_examples=25)
@given(pairs(), st.sampled_from(["valid", "same", "full"]))
def test_a_row_times_the_flattened_input(pair, mode):
    assert check(matrix_view(correlate(*pair, mode)))


@settings(max_examples=25)
@given(pairs(most=3), st.sampled_from(["valid", "full"]))
def test_the_gradient_of_every_weight(pair, mode):
    layer = correlate(*pair, mode)
    upstream = np.arange(layer.output.size).reshape(layer.output.shape) - 2
    trace = matrix_view(gradients(layer, upstream))
    assert check(trace)
    assert len(LINE.findall(formula_html(trace, 0))) == pair[1].size


@settings(max_examples=40)
@given(pairs(), st.sampled_from(["ssd", "mse", "correlation", "normalized"]))
def test_scores(pair, metric):
    check(match_template(*pair, metric))


@settings(max_examples=25)
@given(pairs(least=2), st.booleans())
def test_loss_gradient_and_update(pair, flip):
    x, start = pair
    x = x + 10 * (x == 0)
    target = correlate(x, np.ones(start.shape)).output
    rate = float(f"{learn_kernel(x, target, steps=0).rate / 2:.1g}")
    trace = learn_kernel(x, target, start=start.astype(float), rate=rate, steps=3, flip=flip)
    assert check(trace) >= (9 if trace.target.size <= 5 else 3)


@pytest.mark.parametrize(
    ("lesson", "name"),
    [
        (Echoes(), "table"),
        (Matrix(), "matrix"),
        (Matrix([[1, 2, 3, 0], [4, 5, 6, 1], [7, 8, 9, 2]], [[1, 2], [3, -1]], "full"), "matrix"),
        (TiedAndFree(), "tied"),
        (Kernels(), "filtered"),
        (Shifts(), "before"),
        (Shifts(layer="stride"), "before"),
        (Matching(), "match"),
        (Matching(metric="normalized"), "match"),
        (Learning(), "learning"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_lessons_own_states_show_it(lesson, name):
    text = lesson.note("formula").value
    assert text == formula_html(lesson.traces[name], 0)
    assert check(lesson.traces[name])


@pytest.mark.parametrize("layer", ["max", "mean"])
def test_a_pooling_is_no_sum_of_products_and_has_no_formula(layer):
    assert Shifts(layer=layer).note("formula").value == ""


def test_products_of_the_row_on_the_screen_are_bold():
    text = formula_html(TiedAndFree().traces["tied"], 1)
    bold = [SYMBOL.findall(each)[0][2] for each in re.findall(r'convviz-now">(.*?)</span>', text)]
    assert bold == ["1"] * 3


def test_a_flat_window_has_no_pattern():
    trace = match_template([1, 1, 1, 5], [1, 2], "normalized")
    assert "The window is flat and has none" in formula_html(trace, 0)
    assert "The template is flat" in formula_html(match_template([1, 2, 3], [4, 4], "normalized"), 0)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("y[n] = Σ<sub>k</sub> x[k] · h[n − k]", "y at n is the sum over k of x at k, times h at n minus k"),
        (
            "L = 1/n · Σ<sub>j</sub> (y[j] − t[j])²",
            "L is 1 divided by n times the sum over j of (y at j, minus t at j) squared",
        ),
        ("w[u] ← w[u] − η · ∂L/∂w[u]", "w at u becomes w at u, minus η times the gradient of w at u"),
    ],
)
def test_a_formula_is_said_in_words(written, said):
    assert in_words(written) == said


def test_every_general_formula_has_words_and_no_signs_in_them():
    for lesson, name in ((Learning(), "learning"), (Matching(), "match"), (Kernels(), "filtered")):
        for words in re.findall(r'convviz-spoken">(.*?)</span>', formula_html(lesson.traces[name], 0)):
            assert not set(words) & set("[]=Σ·<>←²√∂")
