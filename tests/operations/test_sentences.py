"""Every operation's sentences, computed again from the numbers that they show, give the numbers that they show."""

import re
from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import convviz
from convviz.geometry import Axis, Geometry
from convviz.operations.layers.adaptive_pool import adaptive_pool
from convviz.operations.layers.dense_rows import dense_rows
from convviz.operations.layers.elementwise import elementwise
from convviz.operations.layers.pointwise import pointwise_dense
from convviz.operations.layers.rectifiers import elu, leaky_relu
from convviz.operations.layers.scale_shift import scale_shift
from tests.sentences import (
    FUNCTIONS,
    check_equal,
    check_equation,
    check_layer,
    check_products,
    is_rounded,
    value_of,
)

NUMBERS = st.one_of(
    st.floats(-4, 4),
    st.floats(-30, 30),
    st.integers(-9, 9).map(float),
    st.builds(lambda a, b: a / b, st.integers(-40, 40), st.integers(1, 99)),
    st.decimals(-99, 99, places=2).map(float),
    st.floats(-1e5, 1e5),
    st.floats(-1e-5, 1e-5),
)


def softplus(z):
    """Compute a smooth relu: an activation that is not one of ours."""
    return np.logaddexp(0, z)


def stairs(z):
    """Round down: where rounding counts, this makes something quite different of a number beside."""
    return np.floor(z)


def softmax(z):
    """Look at all numbers: no reader can compute it from one of them."""
    powers = np.exp(z - z.max())
    return powers / powers.sum()


KNOWN = FUNCTIONS | {
    "softplus": lambda z: float(np.logaddexp(0, float(z))),
    "stairs": lambda z: float(np.floor(float(z))),
}
ACTIVATIONS = st.sampled_from([None, "relu", "sigmoid", "tanh", softplus, stairs])


@st.composite
def arrays(draw, *shape):
    """Draw an array of a shape: of floats as people have them, or of integers."""
    if draw(st.integers(0, 9)) == 0:
        return np.array(draw(st.lists(st.integers(-9, 9), min_size=prod(shape), max_size=prod(shape)))).reshape(shape)
    numbers = draw(st.lists(NUMBERS, min_size=1, max_size=12))
    seed = draw(st.integers(0, 99))
    return np.random.default_rng(seed).choice(numbers, shape)


def a_step(draw, trace):
    """Choose a step."""
    return trace[draw(st.integers(0, len(trace) - 1))]


def layers(draw, channels, size, **more):
    """Draw a layer with a bias."""
    x, weight = draw(arrays(channels, 4, 4)), draw(arrays(2, channels, size, size))
    return convviz.conv_layer(x, weight, draw(st.none() | arrays(2)), **more)


def check_layers(draw):
    """Layers of one channel, of some, and of many, with an activation."""
    channels, size = draw(st.sampled_from([(1, 2), (1, 1), (2, 2), (3, 1), (9, 1), (1, 4), (30, 1)]))
    trace = layers(draw, channels, size, activation=draw(ACTIVATIONS), flip=draw(st.booleans()))
    check_layer(a_step(draw, trace).describe(), KNOWN)


def check_dense(draw):
    """Neurons, also of each row and each pixel."""
    count, activation = draw(st.sampled_from([1, 3, 26])), draw(ACTIVATIONS)
    weight, bias = draw(arrays(2, count)), draw(st.none() | arrays(2))
    traces = [
        convviz.dense(draw(arrays(count)), weight, bias, activation),
        dense_rows(draw(arrays(2, count)), weight, bias, activation),
        pointwise_dense(draw(arrays(count, 1, 2)), weight, bias, activation),
    ]
    for trace in traces:
        check_layer(a_step(draw, trace).describe(), KNOWN)


def check_matrices(draw):
    """The views as products of matrices."""
    trace = convviz.matrix_view(layers(draw, 2, 2, activation=draw(ACTIVATIONS)))
    check_layer(a_step(draw, trace).describe(), KNOWN)


def check_windows(draw):
    """One kernel, in both ways."""
    operation = draw(st.sampled_from([convviz.correlate, convviz.convolve]))
    size = draw(st.sampled_from([1, 2, 3, 6]))
    check_layer(a_step(draw, operation(draw(arrays(4, 4)), draw(arrays(size, size)), "full")).describe())


def check_scales(draw):
    """A scale and a shift."""
    check_layer(a_step(draw, scale_shift(draw(arrays(2, 2)), draw(arrays(2)), draw(arrays(2)))).describe())


def check_functions(draw):
    """A function of each number, some with a parameter."""
    slope = draw(NUMBERS)
    function, parameters, oracle = draw(
        st.sampled_from(
            [
                ("sigmoid", {}, KNOWN["sigmoid"]),
                ("tanh", {}, KNOWN["tanh"]),
                (softplus, {}, KNOWN["softplus"]),
                (leaky_relu, {"slope": slope}, lambda z, slope: z if z > 0 else slope * z),
                (elu, {"alpha": slope}, lambda z, a: z if z > 0 else float(a) * float(np.expm1(float(z)))),
            ]
        )
    )
    sentence = a_step(draw, elementwise(draw(arrays(2, 3)), function, parameters)).describe()
    numbers, sign, value = re.fullmatch(r"Output \[.*\] = \w+\((.*)\) ([=≈]) (\S+)\.", sentence).groups()
    computed = oracle(*(value_of(each.split()[-1]) for each in numbers.split(", ")))
    check_equal(computed, sign, value, sentence)


def check_pools(draw):
    """The largest number, and the mean."""
    x, kind = draw(arrays(1, 4, 4)), draw(st.sampled_from(["max", "mean"]))
    pooled = convviz.pool(x, draw(st.integers(1, 3)), kind=kind, padding=0)
    for trace in (pooled, adaptive_pool(x, 3, kind)):
        sentence = a_step(draw, trace).describe()
        text = re.fullmatch(r"Output \[.*?\] = (.*?)(?:, found .*|\.)", sentence)[1]
        if kind == "mean":
            check_equation(text)
        else:
            numbers, sign, value = re.fullmatch(r"max\((.*)\) ([=≈]) (\S+)", text).groups()
            largest = max(map(value_of, numbers.split(", ")))
            check_equal(largest, sign, value, sentence)


def check_stamps(draw):
    """Transposed convolution."""
    x, weight = draw(arrays(1, 2, 2)), draw(arrays(1, 2, 2, 2))
    sentence = a_step(draw, convviz.conv_transpose(x, weight, stride=2)).describe()
    value, factor, numbers, products = re.match(
        r"Input \[.*?\] = (\S+) adds (\S+) × \((.*?)\) = \((.*?)\) to ", sentence
    ).groups()
    assert value == factor
    check_products(factor, numbers, products)


def check_gradients(draw):
    """Gradients, with an activation and without."""
    trace = layers(draw, 1, 2, activation=draw(st.sampled_from([None, "relu", "sigmoid", "tanh"])))
    sentence = a_step(draw, convviz.gradients(trace, draw(arrays(*trace.output.shape)))).describe()
    start, _, rest = sentence.partition(": it adds ")
    found = re.fullmatch(r"Output \[.*?\] has gradient (\S+?)(?:, times the activation's slope (\S+) is (\S+))?", start)
    upstream, slope, value = found.groups()
    if slope:
        rounded = is_rounded(upstream, slope, value)
        check_equal(value_of(upstream) * value_of(slope), "≈" if rounded else "=", value, start)
    if rest.startswith("nothing"):
        return
    for factor, numbers, products in re.findall(r"(\S+) × [a-z ]+ \((.*?)\) = \((.*?)\) to", rest):
        assert factor == (value or upstream)
        check_products(factor, numbers, products)
    assert f"and {value or upstream} to ∂L/∂bias" in rest


def check_echoes(draw):
    """Echoes, and the table of products."""
    x, h = draw(arrays(draw(st.sampled_from([3, 30])))), draw(arrays(draw(st.sampled_from([3, 30]))))
    sentence = a_step(draw, convviz.echoes(x, h)).describe()
    scale, text = re.fullmatch(
        r"Echo \d+ is (\S+) times h, .*; it completes output \[\d+\] = (.*)\.", sentence
    ).groups()
    text = text.removesuffix(" and, as the last echo, all cells after it")
    check_equation(text)
    assert re.sub(r"[()]", "", re.split(r" [=≈] ", text)[0].split(" + ")[-1].split("×")[0]) == scale.strip("≈")
    sentence = a_step(draw, convviz.outer_product(x, h)).describe()
    check_equation(re.fullmatch(r"Anti-diagonal \d+ adds up to output \[\d+\] = (.*)\.", sentence)[1])


def check_groupings(draw):
    """Three arrays, with the brackets in both places."""
    trace = convviz.associativity(*(draw(arrays(3)) for _ in "abc"), flip=draw(st.booleans()))
    step = a_step(draw, trace)
    match = re.fullmatch(r"Cell \[\d+\]: \(.*?\) \S c = (.*), and a \S \(.*?\) = (.*): they (.*)\.", step.describe())
    left, right, verdict = match.groups()
    check_equation(left)
    check_equation(right)
    one, other = (re.split(r" [=≈] ", each.removesuffix(" (floating-point rounding)"))[-1] for each in (left, right))
    if verdict.startswith("differ by "):
        apart = verdict.removeprefix("differ by ")
        rounded = "≈" in left + right + apart
        check_equal(abs(value_of(one) - value_of(other)), "≈" if rounded else "=", apart, step.describe())
    else:
        assert one == other


def check_matches(draw):
    """Template matching in every measure, and the distance between two pictures."""
    image, template = draw(arrays(3, 3)), draw(arrays(2, 2))
    for metric, what in (("ssd", "the squared differences"), ("correlation", "the products")):
        sentence = a_step(draw, convviz.match_template(image, template, metric)).describe()
        check_equation(re.fullmatch(rf"Window \[.*?\]: {what} (.*)\.", sentence)[1])
    for metric in ("mse", "normalized"):
        assert a_step(draw, convviz.match_template(image, template, metric)).describe().startswith("Window [")
    sentence = convviz.image_distance(image, draw(arrays(3, 3))).describe()
    cells, total, mean = re.search(r"of (\d+) cells .* add up to (\S+), which is (\S+) per", sentence).groups()
    check_equal(value_of(total) / int(cells), "≈" if is_rounded(total, mean) else "=", mean, sentence)


def check_spectra(draw):
    """Spectra, whose strengths are multiplied."""
    sentence = a_step(draw, convviz.spectrum(draw(arrays(4)), draw(arrays(2)))).describe()
    if "removed" in sentence:
        return
    strength, text = re.search(r"strength (\S+) gets strength (.*), and is", sentence).groups()
    check_equation(text)
    assert strength.strip("≈") == text.split("×")[0].strip("()")


def check_sight(draw):
    """Receptive fields, whose cells are counted."""
    axes = tuple(
        Axis(size=9, kernel=draw(st.integers(1, 3)), before=1, after=1, dilation=draw(st.integers(1, 2)))
        for _ in range(2)
    )
    sentence = a_step(draw, convviz.receptive_field([Geometry(axes)] * draw(st.integers(1, 2)))).describe()
    seen = int(re.search(r"sees (\d+) of the", sentence)[1])
    ranges = re.findall(r"(?:rows?|columns?) (\d+)(?: to (\d+))?", sentence)
    cells = prod(int(last or first) - int(first) + 1 for first, last in ranges) if ranges else 0
    assert (seen < cells) == sentence.endswith("with gaps.")
    assert seen == cells or "with gaps" in sentence


def check_learning(draw):
    """Learning, and the response to waves: sentences in which one number stands alone."""
    trace = convviz.learn_kernel(np.arange(6) % 4, draw(arrays(4)), steps=2)
    assert re.search(r"the mean squared error is \S+; the next update", a_step(draw, trace).describe())
    assert "cycles per sample" in a_step(draw, convviz.frequency_response(draw(arrays(3)), 5)).describe()


OPERATIONS = [
    check_layers,
    check_dense,
    check_matrices,
    check_windows,
    check_scales,
    check_functions,
    check_pools,
    check_stamps,
    check_gradients,
    check_echoes,
    check_groupings,
    check_matches,
    check_spectra,
    check_sight,
    check_learning,
]


@pytest.mark.parametrize("check", OPERATIONS, ids=lambda check: check.__name__)
def test_what_a_sentence_says_is_what_its_numbers_give(check):
    @settings(max_examples=80)
    @given(st.data())
    def of_any_numbers(data):
        check(data.draw)

    of_any_numbers()
