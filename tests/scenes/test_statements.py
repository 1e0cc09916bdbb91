"""A picture is read as an equation, row by row: whatever its width, no row states what is false.

Signs and numbers are read from where they stand on the sheet. A row that continues the one above opens with its sign.
"""

import re
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from convviz import conv_layer, convolve, correlate
from convviz.operations.layers.pointwise import pointwise_dense
from convviz.scenes import channels, dot_product, neurons, pixel_vector, sliding_window
from convviz.scenes.panels.cells import numbers
from convviz.theme import Look
from tests.scenes.extents import drawn_by, letterings_of, panel_of
from tests.strategies import layer_traces, traces

RANDOM = np.random.default_rng(12)
WIDTHS = (320, 390, 480, 560, 640, 700, 768, 830, 960, 1160, 1280, 1400)
BEGINNINGS = {"input", "channels", "kernels", "window", "sums", "inputs", "map", "links", "neurons"}
"""What a row may begin with when it continues nothing."""
SIGNS = ("×", "=", "↻", "→", "Σ→", "Σ+", "+")
ACTIVATIONS = {
    "relu": lambda x: max(x, 0.0),
    "tanh": np.tanh,
    "sigmoid": expit,
    "absolute": abs,
}


class Number:
    """What a written number may stand for: from ``low`` to ``high``."""

    def __init__(self, low, high):
        self.low, self.high = low, high

    @classmethod
    @cache
    def read(cls, text):
        """Read a cell; a ≈ leaves half a unit of the last digit on both sides."""
        plain = text.replace("−", "-").lstrip("≈")
        value = Fraction(plain)
        slack = abs(value) / 10**13
        if text.startswith("≈"):
            digits, _, power = plain.partition("e")
            slack += Fraction(10) ** (int(power or 0) - len(digits.partition(".")[2])) * Fraction(501, 1000)
        return cls(value - slack, value + slack)

    def __add__(self, other):
        return Number(self.low + other.low, self.high + other.high)

    def __mul__(self, other):
        ends = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Number(min(ends), max(ends))

    def agrees_with(self, other):
        slack = (abs(self.high) + abs(other.high)) / 10**12 + Fraction(1, 10**300)  # below, floats are zero
        return self.low - slack <= other.high and other.low - slack <= self.high

    def __repr__(self):
        return f"{float(self.low)} … {float(self.high)}"


def rows_of(scene):
    """Read the picture from its artists: rows from top to bottom, with signs and panels from left to right."""
    middles = sorted({round(panel.box.y + panel.box.height / 2, 3) for panel in scene.panels})
    rows = {middle: [] for middle in middles}
    for panel in scene.panels:
        rows[round(panel.box.y + panel.box.height / 2, 3)].append((panel.box.x, panel))
    spans = {
        middle: (min(p.box.y for _, p in row), max(p.box.y + p.box.height for _, p in row))
        for middle, row in rows.items()
    }
    for (x, y), text in zip(scene.signs.centres, scene.signs.texts, strict=True):
        [middle] = [middle for middle, (top, bottom) in spans.items() if top <= y <= bottom]
        if (x, text) not in [(at, sign) for at, sign in rows[middle] if isinstance(sign, str)]:
            rows[middle].append((x, text))
    return [[what for _, what in sorted(rows[middle], key=lambda place: place[0])] for middle in middles]


def check_rows(scene, step):
    """Check each row: signs stand between panels or open the row, and what the rows say together is true."""
    said = []
    for row in rows_of(scene):
        opening = row[0]
        assert isinstance(opening, str) or opening.name in BEGINNINGS, (opening.name, "opens a row")
        assert not isinstance(row[-1], str), (row[-1], "ends a row")
        assert not any(isinstance(a, str) and isinstance(b, str) for a, b in pairwise(row))
        unsigned = [b.name for a, b in pairwise(row) if not isinstance(a, str) and not isinstance(b, str)]
        assert set(unsigned) <= BEGINNINGS, (unsigned, "have lost their sign")
        assert all(sign in SIGNS for sign in row if isinstance(sign, str))
        said += row
    reader = Reader(scene, step)
    for before, word in pairwise(["", *said]):
        if not isinstance(word, str):
            reader.go_on(before if isinstance(before, str) else "", word)


class Reader:
    """Whoever reads a picture from left to right, and compares what is said with what is shown."""

    def __init__(self, scene, step):
        self.step, self.places = step, {}
        for lettering in letterings_of(scene):
            centres = map(tuple, np.round(lettering.centres, 3).reshape(-1, 2))
            self.places |= dict(zip(centres, lettering.texts, strict=True))
        self.left = self.window = self.made = None

    def go_on(self, sign, panel):
        """Read a sign and the panel after it; colours say nothing."""
        shown = read(self.places, panel, self.step)
        left = self.left
        self.left = window_in(panel, shown, self.step) if panel.name == "input" else shown
        if not sign or shown is None or left is None:
            self.made = self.window = None
            return
        match sign:
            case "×":
                self.window, self.made = left, times(left, shown)
            case "↻":
                assert agree(left[::-1], shown)
                self.made = self.window and times(self.window, shown)
            case "=":
                assert self.made is None or agree(self.made, shown), (panel.name, self.made, shown)
            case "Σ→" if panel.name in ("sums", "sum"):
                assert agree(added(left, len(shown)), shown)
            case "Σ→":
                assert agree(added(left, 1), [current(panel, shown, self.step)])
            case "Σ+" | "+":
                assert sign == "Σ+" or len(left) == 1
                self.made = [sum(filter(None, left), Number(0, 0)) + shown[0]]
            case "→":
                if panel.name == "value":
                    left = [activated(self.step.activation, *left)]
                place = [current(panel, shown, self.step)] if panel.name in ("output", "map") else shown
                assert agree(left, place)


def times(left, right):
    """Multiply numbers cell by cell; nothing where there are none."""
    return [a * b if a and b else None for a, b in zip(left, right, strict=True)]


def activated(name, total):
    """Apply an activation to a written number."""
    made = [float(ACTIVATIONS[name](float(end))) for end in (total.low, total.high)]
    made += [0.0] if total.low < 0 < total.high else []
    return Number(Fraction(min(made)), Fraction(max(made)))


def added(cells, groups):
    """Add up the numbers of each slice; nothing where there are none."""
    each = len(cells) // groups
    slices = [cells[at * each : (at + 1) * each] for at in range(groups)]
    return [sum(each, Number(0, 0)) if all(each) else None for each in slices]


def agree(made, shown):
    """Whether numbers are those that are shown, and nothing stands where nothing is known."""
    assert len(made) == len(shown)
    return all((a is None) == (b is None) and (a is None or a.agrees_with(b)) for a, b in zip(made, shown, strict=True))


def read(places, panel, step):
    """Read the numbers on a panel, cell by cell; nothing at all where it shows colours."""
    if not panel.has_cells or not panel.box.readable:
        return None
    texts = [places.get(tuple(centre), "") for centre in np.round(panel.box.centres(), 3)]
    if panel.name == "weights" and not panel.part.number:
        row = step.position[0]
        texts = texts[row * panel.columns : (row + 1) * panel.columns]
    return [Number.read(text) if text else None for text in texts]


def window_in(panel, shown, step):
    """Cut the window out of the input, where its numbers are shown."""
    if shown is None:
        return None
    cells = np.array(shown, dtype=object).reshape(len(panel.slices), panel.rows, panel.columns)
    is_layer = hasattr(step, "bias")
    rows, columns = (slice(0, 1), *step.window[1 if is_layer else 0 :])[-2:]
    window = cells[:, rows, columns].copy()
    for number in range(len(cells)):
        if is_layer and not step.window[0].start <= panel.first + number < step.window[0].stop:
            window[number] = None
    return list(window.reshape(-1))


def current(panel, shown, step):
    """Find the number in the output cell that the step fills."""
    cells = np.array(shown, dtype=object).reshape(len(panel.slices), panel.rows, panel.columns)
    row, column = (0, *step.position)[-2:] if not hasattr(step, "bias") else (0, *step.position[1:])[-2:]
    number = step.position[0] if hasattr(step, "bias") and panel.name == "output" else 0
    return cells[number, row, column]


def check_equation(scene):
    """Check the equation below: lines open with their sign, and what it says is true."""
    lines = {}
    for (_, y), text in zip(scene.equation.letters.centres, scene.equation.letters.texts, strict=True):
        lines[y] = lines.get(y, "") + text
    first, *others = lines.values()
    assert all(re.match(r"[+=≈→×]|… \d+ more|\(floating", line.strip()) for line in others), lines
    text = " ".join([first, *others])
    if "…" in text or "floating" in text or "products" in text:
        return
    left, sign, total = re.match(r"(.*?) ([=≈]) ([^ ]+)", text.split("→")[0].strip()).groups()
    terms = [term.replace("bias", "").split("×") for term in left.split(" + ")]
    factors = [[Fraction(factor.strip(" ()").replace("−", "-")) for factor in term] for term in terms]
    products = [np.prod(each) for each in factors]
    value = sum(products)
    written = Fraction(total.replace("−", "-"))
    if sign == "=":
        assert value == written, text
    else:
        largest = max(abs(float(written)), *(abs(float(each)) for each in products))
        half_unit = 0 if "/" in total else 10.0 ** Decimal(total.replace("−", "-")).as_tuple().exponent / 2
        assert abs(float(value - written)) <= max(1e-3 * largest, 1.001 * half_unit), text


def a_few(trace):
    """Choose some steps, of the first map and of later ones."""
    return sorted({0, len(trace) // 3, len(trace) // 2 + 1, len(trace) - 1} & set(range(len(trace))))


def check(make, trace, widths, indices):
    """Check a picture at some widths."""
    for width in widths:
        scene = make(trace, Look(width=width, channel=1))
        for index in indices:
            scene.draw(index)
            check_rows(scene, trace[index])
            check_equation(scene)


@settings(max_examples=60)
@given(st.sampled_from([sliding_window, dot_product]), traces(), st.integers(320, 1400), st.data())
def test_no_row_of_one_kernel_says_what_is_false(make, trace, width, data):
    check(make, trace, [width], [data.draw(st.integers(0, len(trace) - 1))])


@settings(max_examples=60)
@given(layer_traces(), st.integers(320, 1400), st.data())
def test_no_row_of_a_layer_says_what_is_false(trace, width, data):
    check(channels, trace, [width], [data.draw(st.integers(0, len(trace) - 1))])


def test_a_number_stays_with_its_sign_where_its_product_is_wider_than_the_picture():
    check(sliding_window, correlate([1.3283239189695384e16], [0, -1, 0.08770616622919358, 0], "full"), [320], [1])


X, W = RANDOM.integers(0, 9, (5, 5)), RANDOM.integers(-4, 5, (3, 3))


@pytest.mark.parametrize("mode", ["valid", "same", "full"])
@pytest.mark.parametrize("operation", [correlate, convolve])
@pytest.mark.parametrize(("x", "w"), [(X, W), (X / 7, W / 9), (X[0], W[0]), (X, np.full((3, 3), 1 / 9)), (X, W[:1])])
@pytest.mark.parametrize("make", [sliding_window, dot_product])
def test_one_kernel_at_every_width(make, operation, mode, x, w):
    trace = operation(x, w, mode)
    check(make, trace, WIDTHS, a_few(trace))


def integers(*shape):
    return RANDOM.integers(-4, 9, shape)


def floats(*shape):
    return RANDOM.normal(size=shape)


LAYERS = {
    "one channel, one filter": conv_layer(X[None], W[None, None]),
    "lesson 05": conv_layer(integers(3, 6, 6), integers(1, 3, 3, 3), [1]),
    "a layer of PyTorch's": conv_layer(floats(3, 8, 8), floats(8, 3, 3, 3), floats(8), padding=1),
    "relu": conv_layer(integers(3, 5, 5), integers(4, 3, 3, 3), activation="relu"),
    "relu of a long number": conv_layer([[[10**12]]], [[[[1]]]], activation="relu"),
    "groups": conv_layer(integers(4, 6, 6), integers(8, 2, 3, 3), groups=2, stride=2),
    "depthwise": conv_layer(integers(3, 5, 5), integers(3, 1, 3, 3), groups=3, flip=True),
    "64 channels": conv_layer(integers(64, 5, 5), integers(2, 64, 3, 3), [1, 2]),
    "64 filters": conv_layer(integers(2, 5, 5), integers(64, 2, 3, 3), activation="tanh"),
    "64 of both": conv_layer(integers(64, 3, 3), integers(64, 64, 2, 2), integers(64)),
    "signal": conv_layer(integers(3, 9), integers(2, 3, 3), [1, -1], padding=1),
    "large": conv_layer(floats(3, 40, 40), floats(2, 3, 5, 5), padding=2),
    "sigmoid of what may be rounding": conv_layer([[[2.0**62]]], [[[[1.0]]]], [4096 - 2.0**62], activation="sigmoid"),
    "rounding": conv_layer(np.full((2, 3, 3), 0.1), np.array([[[[1]], [[-1]]], [[[3]], [[-3]]]]), [0.2, 0.1]),
}


@pytest.mark.parametrize("trace", LAYERS.values(), ids=LAYERS.keys())
def test_a_layer_at_every_width(trace):
    check(channels, trace, WIDTHS, a_few(trace))


@pytest.mark.parametrize(("count", "filters"), [(1, 1), (3, 4), (3, 6), (5, 4), (3, 64), (64, 4), (64, 64)])
@pytest.mark.parametrize("activation", [None, "relu"])
def test_a_pixel_at_every_width(count, filters, activation):
    x, w = RANDOM.integers(0, 9, (count, 4, 4)), RANDOM.integers(-2, 3, (filters, count, 1, 1))
    bias = RANDOM.integers(-3, 4, filters)
    trace = conv_layer(x, w, bias, activation=activation)
    check(pixel_vector, trace, WIDTHS, a_few(trace))
    dense = pointwise_dense(x, w[:, :, 0, 0], bias, activation)
    for width in WIDTHS:
        scene = neurons(dense, Look(width=width))
        for index in a_few(dense):
            scene.draw(index)
            check_equation(scene)


def test_a_false_statement_would_be_found():
    trace = LAYERS["lesson 05"]
    scene = channels(trace, Look(width=390))
    scene.draw(0)
    check_rows(scene, trace[0])
    scene.signs.set_texts([text.replace("Σ+", " ") for text in scene.signs.texts])
    with pytest.raises(AssertionError):
        check_rows(scene, trace[0])


@pytest.mark.parametrize("name", ["products", "sums", "bias", "total"])
def test_a_false_number_would_be_found(name):
    trace = LAYERS["lesson 05"]
    scene = channels(trace, Look(width=390))
    scene.draw(0)
    letters = drawn_by(numbers, panel_of(scene, name))
    letters.set_texts(["77", *letters.texts[1:]])
    with pytest.raises(AssertionError):
        check_rows(scene, trace[0])
