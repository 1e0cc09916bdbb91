"""The formula of a step: every symbol lights its cell, and the products of its numbers add up to the output."""

import html
import json
import re
from math import prod

import numpy as np
import pytest

from convviz import conv_layer, convolve, correlate
from convviz.lessons.notes import formula_html

X, W = np.arange(1, 13).reshape(3, 4), np.array([[1, -2], [3, 5]])
TRACES = {
    "correlation": correlate(X, W),
    "convolution, full": convolve(X, W, "full"),
    "1D, same": correlate([1, 2, 3, 4], [1, 0, -1], "same"),
    "layer": conv_layer(np.stack([X, X + 1]), np.stack([[W, W + 1], [W, -W]]), [1, -2], stride=2, padding=1),
    "groups": conv_layer(np.stack([X, X + 1, -X, X]), np.stack([[W, W + 1], [W, -W]] * 2), [1, -2, 0, 4], groups=2),
    "depthwise": conv_layer(np.stack([X, X + 1]), np.stack([[W], [-W]]), [1, -2], groups=2),
    "dilated": conv_layer(X[None], W[None, None], dilation=2),
}
SYMBOL = re.compile(r'<button[^>]*data-points="([^"]*)"[^>]*>(\w)\[([^\]]*)\]</button>')


def symbols(text):
    """The letter of each symbol, its indices, and the positions that it points at."""
    for pointer, letter, numbers in SYMBOL.findall(text):
        at = [position for coordinate, position in json.loads(html.unescape(pointer))["at"] if coordinate["size"] > 1]
        yield letter, tuple(map(int, numbers.split(", "))), at


def arrays(trace):
    weight = trace.w if hasattr(trace, "w") else trace.weight
    shapes = {"x": trace.x, "w": weight, "y": trace.output}
    return {
        letter: array.reshape([size for size in array.shape if size > 1] or [1]) for letter, array in shapes.items()
    }


@pytest.mark.parametrize("name", TRACES)
def test_the_products_add_up_to_the_output(name):
    trace = TRACES[name]
    numbers = arrays(trace)
    for step in range(len(trace)):
        text = formula_html(trace, step)
        if "more" in text:
            continue
        found = list(symbols(text))
        [(_, place, _)] = [symbol for symbol in found if symbol[0] == "y"]
        factors = [numbers[letter][at].item() for letter, at, _ in found if letter != "y"]
        total = sum(prod(pair) for pair in zip(factors[::2], factors[1::2], strict=True))
        bias = getattr(trace, "bias", np.zeros(1))
        total += bias[trace[step].position[0]] if bias.any() else 0
        assert total == numbers["y"][place].item()


@pytest.mark.parametrize("name", TRACES)
def test_a_symbol_points_at_the_cell_that_it_names(name):
    trace = TRACES[name]
    for letter, indices, positions in symbols(formula_html(trace, len(trace) - 1)):
        if letter == "x":
            assert tuple(positions) == indices
        if letter == "y":
            assert tuple(positions) == indices or len(trace.output.shape) > len(indices)


def test_long_sums_are_cut_and_say_so():
    text = formula_html(correlate(np.ones((6, 6)), np.ones((4, 4))), 0)
    assert "… 6 more" in text
    assert text.count("convviz-term") == 10


def test_a_window_outside_adds_nothing():
    trace = conv_layer([[1, 2]], [[[3]]], padding=1)
    assert "= 0" in formula_html(trace, 0)


def test_an_activation_is_applied():
    assert "relu(" in formula_html(conv_layer([[1, 2]], [[[3]]], activation="relu"), 0)


def test_a_bias_is_that_of_its_filter():
    text = formula_html(TRACES["groups"], len(TRACES["groups"]) - 1).replace("\N{NO-BREAK SPACE}", " ")
    assert "+ b[2·g + f]" in text
    assert "+ b[3]" in text
