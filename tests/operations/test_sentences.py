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
from convviz.operations.layers.chain import Chain
from convviz.operations.layers.dense_rows import dense_rows
from convviz.operations.layers.elementwise import elementwise
from convviz.operations.layers.flatten import flatten
from convviz.operations.layers.pointwise import pointwise_dense
from convviz.operations.layers.rectifiers import elu, leaky_relu
from convviz.operations.layers.scale_shift import scale_shift
from convviz.operations.learning.two_layers import learn_two_layers
from tests.sentences import (
    FUNCTIONS,
    check_equal,
    check_equation,
    check_function,
    check_layer,
    check_matrix_row,
    check_pool,
    check_products,
    check_shapes,
    is_rounded,
    parts,
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
    check_function(a_step(draw, elementwise(draw(arrays(2, 3)), function, parameters)).describe(), oracle)


def check_pools(draw):
    """The largest number, and the mean."""
    x, kind = draw(arrays(1, 4, 4)), draw(st.sampled_from(["max", "mean"]))
    pooled = convviz.pool(x, draw(st.integers(1, 3)), kind=kind, padding=0)
    for trace in (pooled, adaptive_pool(x, 3, kind)):
        check_pool(a_step(draw, trace).describe())


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


def check_matrix_gradients(draw):
    """The gradients of a layer's matrix, row by row; weights that a border repeats stand twice in a row."""
    layer = convviz.conv_layer(draw(arrays(1, 4)), draw(arrays(2, 1, 2)), padding=1)
    trace = convviz.matrix_view(convviz.gradients(layer, draw(arrays(2, 5))))
    step = a_step(draw, trace)
    check_matrix_row(step.describe(), step.held, first=False)
    one = convviz.matrix_view(convviz.gradients(convviz.correlate(draw(arrays(5)), draw(arrays(3))), draw(arrays(3))))
    step = a_step(draw, one)
    check_matrix_row(step.describe(), step.held, first=not step.index)


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


def check_two_layers(draw):
    """A network of two layers that learns."""
    start = draw(st.sampled_from(["zeros", "constant", "normal", "xavier", "he"]))
    x, target, filters = draw(arrays(5)) % 3, draw(arrays(3)) % 3, draw(st.integers(1, 2))
    step = a_step(draw, learn_two_layers(x, target, filters, start=start, rate=1e-3, steps=3))
    loss, rest = parts(
        r"(?:After \d updates?|Before any update) the mean squared error is (\S+); (.*)\.", step.describe()
    )
    squares = [(float(made) - wanted) ** 2 for made, wanted in zip(step.prediction, target, strict=True)]
    check_equal(sum(squares) / len(squares), "≈" if is_rounded(loss) else "=", loss, step.describe())
    moves = any(gradient.any() for gradient in (step.w_gradient, step.v_gradient))
    assert moves != rest.startswith("all gradients are 0")
    alike = filters > 1 and start == "constant"
    assert not moves or alike == rest.startswith("all filters are alike")


def check_chains(draw):
    """Layers one after the other, each of which writes what the one before has written, and folded ones."""
    layer = layers(draw, 1, 2)
    scaled = scale_shift(layer.output, draw(arrays(2)), draw(arrays(2)))
    chain = [scaled, elementwise(scaled.output, "relu")]
    chain.append(convviz.pool(chain[-1].output, 3, kind=draw(st.sampled_from(["max", "mean"]))))
    chain.append(flatten(chain[-1].output))
    chain.append(convviz.dense(chain[-1].output, draw(arrays(2, 2)), activation=draw(ACTIVATIONS)))
    whole = Chain([layer, *chain])
    for trace in (*whole, *whole.folded()):
        sentence = a_step(draw, trace).describe()
        if "max" in sentence or " / " in sentence:
            check_pool(sentence)
        elif "input" in sentence:
            number, sign, written = parts(r"Output \[(\d+)\] = input \[.*\] ([=≈]) (\S+)\.", sentence)
            check_equal(trace.output[int(number)], sign, written, sentence)
        else:
            check_layer(sentence, KNOWN)


def check_models(draw):
    """A model of PyTorch: the captions of its layers, and what it says of their shapes and costs."""
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    filters, groups = draw(st.sampled_from([(1, 1), (2, 1), (4, 2)]))
    net = torch.nn.Sequential(
        torch.nn.Conv2d(2, filters, draw(st.integers(1, 3)), padding=1, groups=groups, bias=draw(st.booleans())),
        torch.nn.BatchNorm2d(filters),
        torch.nn.Tanh(),
        torch.nn.AdaptiveAvgPool2d((1, draw(st.integers(1, 2)))),
        torch.nn.Flatten(),
        torch.nn.LazyLinear(draw(st.integers(1, 3))),
    ).eval()
    x = torch.tensor(draw(arrays(1, 2, 4, 4)), dtype=torch.float64)
    net.double()(x)
    with torch.no_grad():
        for values in (*net.parameters(), net[1].running_mean):
            values.copy_(torch.tensor(draw(arrays(*values.shape))))
    for step in convviz.explain(net, x):
        layer = net[step.index]
        is_convolution, is_linear = "Conv" in step.kind, step.kind == "Linear"
        each = layer.weight[0].numel() if is_convolution or is_linear else 0
        check_shapes(
            step.describe(), sum(map(torch.numel, layer.parameters())), lambda _, made, each=each: each * prod(made)
        )
        sentence = a_step(draw, step.trace).describe()
        if "Pool" in step.kind:
            check_pool(sentence)
        elif step.kind != "Flatten":
            check_layer(sentence, KNOWN)


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
    check_matrix_gradients,
    check_two_layers,
    check_chains,
    check_models,
]


@pytest.mark.parametrize("check", OPERATIONS, ids=lambda check: check.__name__)
def test_what_a_sentence_says_is_what_its_numbers_give(check):
    @settings(max_examples=20 if check is check_models else 80)  # running a model takes a while
    @given(st.data())
    def of_any_numbers(data):
        check(data.draw)

    of_any_numbers()
