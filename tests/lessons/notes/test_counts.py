import re
from fractions import Fraction

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import example, given

from convviz import conv_layer
from convviz.lessons.notes import parameters_html, separable_html
from tests.lessons.notes.page import Page


def layer(channels, size, filters, kernel, **parameters):
    groups = parameters.get("groups", 1)
    return conv_layer(
        np.ones((channels, *size), int), np.ones((filters, channels // groups, *kernel), int), **parameters
    )


def number(text):
    return int(text.replace("\u202f", ""))


def value(formula, **letters):
    """Work out a formula in numbers, or in the letters given, by Python's own arithmetic."""
    assert re.fullmatch(r"[0-9KCFP·+ ]+", formula)
    return eval(formula.replace("·", "*"), letters)


def assert_said(text, one, count, other, against, what):
    """Check the sentence that tells which of two has more, and how many times."""
    match = re.search(
        rf"((?:The|This) [\w ]*?) (?:has|takes) (just|(≈?)([\d.\u202f]+) times) as many {what} as ([\w ]+)\.", text
    )
    assert match, text
    who, times, rounded, ratio, whose = match.groups()
    if count == against:
        assert times == "just"
        return
    (more, large), (less, small) = sorted([(one, count), (other, against)], key=lambda pair: -pair[1])
    assert (who.lower(), whose) == (more, less)
    written, exact = Fraction(ratio.replace("\u202f", "")), Fraction(large, small)
    assert (written == exact) == (not rounded)
    assert written != 1
    assert abs(written - exact) <= exact * Fraction(5, 1000)


@st.composite
def layers(draw):
    axes, groups = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    channels, filters = (groups * draw(st.integers(1, 3)) for _ in range(2))
    size, kernel = (tuple(draw(st.integers(1, most)) for _ in range(axes)) for most in (5, 3))
    return layer(channels, size, filters, kernel, padding=draw(st.integers(1, 2)), groups=groups)


@given(layers())
@example(layer(1, (1, 1), 1, (3, 3), padding=1))
@example(layer(1, (1, 1), 1, (1, 1)))
@example(layer(1, (70, 70), 1, (1, 1)))
def test_a_layer_stands_beside_the_dense_one(trace):
    page = Page(parameters_html(trace))
    [table] = page.tables.values()
    kept, dense = trace.weight.size + trace.bias.size, (trace.x.size + 1) * trace.output.size
    counts = {"This layer": kept, "A dense layer in its place": dense}
    if trace.groups > 1:
        counts["The same with groups = 1"] = trace.weight.size * trace.groups + trace.bias.size
    assert {name: number(cells[-1]) for name, cells in table.items() if name != "layer"} == counts
    assert all(value(cells[0]) == number(cells[1]) for name, cells in table.items() if name != "layer")
    assert_said(page.text, "the dense layer", dense, "this layer", kept, "parameters")
    shapes = ["×".join(map(str, array.shape)) for array in (trace.x, trace.output)]
    assert " → ".join(shapes) in page.text


def test_the_table_reads_in_the_order_of_the_words():
    page = Page(parameters_html(layer(3, (6, 6), 8, (3, 3))))
    assert list(page.tables.values()) == [
        {
            "layer": ["how they are counted", "parameters"],
            "This layer": ["3·3·3·8 + 8", "224"],
            "A dense layer in its place": ["108·128 + 128", "13\u202f952"],
        }
    ]
    assert (
        "kernel height · kernel width · channels that a filter reads · filters + one bias for each filter, here"
        in page.text
    )
    assert "3×6×6 → 8×4×4: 3 channels of 6×6 in, 8 feature maps of 4×4 out." in page.text
    assert "The dense layer has ≈62.3 times as many parameters as this layer." in page.text


@pytest.mark.parametrize(
    ("axes", "words"),
    [
        (1, "kernel length · channels that a filter reads"),
        (2, "kernel height · kernel width · channels"),
        (3, "kernel depth · kernel height · kernel width · channels"),
    ],
)
def test_every_side_of_the_kernel_has_its_word(axes, words):
    assert words in Page(parameters_html(layer(1, (3,) * axes, 1, (2,) * axes))).text


def test_groups_are_set_against_one_group():
    page = Page(parameters_html(layer(4, (6,), 8, (3,), groups=2)))
    [table] = page.tables.values()
    assert table["This layer"] == ["3·2·8 + 8", "56"]
    assert table["The same with groups = 1"] == ["3·4·8 + 8", "104"]
    assert "a filter reads 2 of the 4 channels" in page.text
    assert "2 times as many weights, and ≈1.86 times as many parameters" in page.text


def test_a_single_thing_has_no_plural():
    page = Page(parameters_html(layer(1, (1,), 1, (1,))))
    assert "1 channel of 1 cell in, 1 feature map of 1 cell out" in page.text
    assert "The dense layer has just as many parameters as this layer." in page.text


@given(
    st.integers(1, 9),
    st.integers(1, 9),
    st.lists(st.integers(1, 4), min_size=1, max_size=3).map(tuple),
    st.integers(1, 2),
)
@example(1, 1, (3, 3), 1)
@example(2, 2, (1, 3), 1)
@example(2, 2, (2,), 1)
@example(9, 9, (1, 1), 1)
def test_an_ordinary_layer_stands_beside_the_pair(channels, filters, kernel, stride):
    axes = len(kernel)
    trace = layer(channels, (3,) * axes, filters, (1,) * axes, stride=stride)
    page = Page(separable_html(trace, kernel))
    cells, places = int(np.prod(kernel)), trace.output[0].size
    letters = {"K": cells, "C": channels, "F": filters, "P": places}
    ordinary, pair = list(page.tables["Parameters"])[1:]
    expected = {
        "parameters": ((cells * channels + 1) * filters, (cells + 1) * channels + (channels + 1) * filters),
        "multiplications": (cells * channels * filters * places, channels * places * (cells + filters)),
    }
    for table, (what, counts) in zip(page.tables.values(), expected.items(), strict=True):
        assert table["layer"] == ["in letters", "in numbers", what]
        assert tuple(number(table[name][-1]) for name in (ordinary, pair)) == counts
        for name in (ordinary, pair):
            written, counted, total = table[name]
            assert value(written, **letters) == value(counted) == number(total)
        assert_said(page.text, "the ordinary layer", counts[0], "the pair", counts[1], what)
    saved = [one > two for one, two in expected.values()]
    assert ("saves nothing" in page.text) == (not any(saved))
    assert ("saves little" in page.text) == (any(saved) and not all(saved))


def test_the_pair_is_counted_as_the_lesson_shows_it():
    page = Page(separable_html(layer(8, (6, 6), 16, (1, 1))))
    names = "Ordinary layer, kernel 3×3", "Depthwise, kernel 3×3, then the layer shown"
    assert page.tables == {
        "Parameters": {
            "layer": ["in letters", "in numbers", "parameters"],
            names[0]: ["K·C·F + F", "3·3·8·16 + 16", "1168"],
            names[1]: ["K·C + C + C·F + F", "3·3·8 + 8 + 8·16 + 16", "224"],
        },
        "Multiplications": {
            "layer": ["in letters", "in numbers", "multiplications"],
            names[0]: ["K·C·F·P", "3·3·8·16·6·6", "41\u202f472"],
            names[1]: ["K·C·P + C·F·P", "3·3·8·6·6 + 8·16·6·6", "7200"],
        },
    }
    assert "K = 3·3 = 9 weights in a kernel, C = 8 channels in, F = 16 filters, P = 6·6 = 36 cells" in page.text
    assert "The ordinary layer has ≈5.21 times as many parameters as the pair." in page.text
    assert "The ordinary layer takes 5.76 times as many multiplications as the pair." in page.text


@pytest.mark.parametrize(
    ("filters", "kernel", "reason"),
    [
        (1, (3, 3), "saves nothing: a single filter has one kernel for each channel"),
        (4, (1, 1), "saves nothing: a kernel of a single cell looks at no neighbours"),
        (2, (1, 2), "saves nothing: kernel and filters are so small"),
        (2, (1, 3), "saves little: kernel and filters are so small"),
    ],
)
def test_where_nothing_is_saved_a_sentence_says_why(filters, kernel, reason):
    assert reason in Page(separable_html(layer(3, (4, 4), filters, (1, 1)), kernel)).text


@pytest.mark.parametrize(("filters", "kernel"), [(1, (3, 3)), (4, (1, 1))])
def test_a_pair_that_can_do_the_same_is_not_said_to_do_less(filters, kernel):
    assert "cannot do all" not in Page(separable_html(layer(3, (4, 4), filters, (1, 1)), kernel)).text
    assert "cannot do all" in Page(separable_html(layer(3, (4, 4), 4, (1, 1)))).text


@pytest.mark.parametrize(
    ("trace", "kernel", "kind", "message"),
    [
        (
            layer(2, (4, 4), 2, (1, 2)),
            (3, 3),
            ValueError,
            "trace has weight of shape (2, 2, 1, 2) and groups 1; accepted",
        ),
        (layer(2, (4, 4), 2, (1, 1), groups=2), (3, 3), ValueError, "and groups 2; accepted: kernels of a single cell"),
        (layer(2, (4, 4), 2, (1, 1)), (3,), ValueError, "kernel is (3,); accepted: 2 integers"),
        (layer(2, (4, 4), 2, (1, 1)), (3, 0), ValueError, "kernel is (3, 0); accepted"),
        (layer(2, (4, 4), 2, (1, 1)), 3, TypeError, "kernel is 3 (int); accepted"),
    ],
)
def test_a_bad_argument_is_named(trace, kernel, kind, message):
    with pytest.raises(kind, match=re.escape(message)):
        separable_html(trace, kernel)
