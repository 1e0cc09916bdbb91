"""`explain` on layers of PyTorch, where it is installed: what it accepts, and what it refuses.

With ``CONVVIZ_REQUIRE_TORCH=1`` its absence fails these tests instead of skipping them.
"""

import os
import re
from importlib import import_module

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz.geometry import receptive_field
from convviz.operations.layers.chain import Chain
from convviz.operations.layers.dense import DenseTrace, dense
from convviz.operations.libraries.explain import explain
from tests.operations.libraries import stand_ins

if os.environ.get("CONVVIZ_REQUIRE_TORCH") != "1":
    pytest.importorskip("torch", reason="PyTorch is not installed; CONVVIZ_REQUIRE_TORCH=1 insists on it")
torch = import_module("torch")
prune = import_module("torch.nn.utils.prune")
nn = torch.nn


def normalised(kind, channels, **more):
    """Make a batch normalisation that has learned something."""
    layer = getattr(nn, kind)(channels, **more).eval()
    with torch.no_grad():
        layer.running_mean.normal_()
        layer.running_var.uniform_(0.1, 3)
        for parameter in layer.parameters():
            parameter.normal_()
    return layer


torch.manual_seed(0)
LAYERS = [
    (nn.Conv1d(2, 3, 3, stride=2, padding=1), (2, 9)),
    (nn.Conv2d(4, 6, (3, 2), stride=(2, 1), padding=(1, 0), groups=2), (4, 7, 8)),
    (nn.Conv2d(3, 3, 3, groups=3, bias=False, dilation=2, padding=2, padding_mode="reflect"), (3, 7, 7)),
    (nn.Conv2d(3, 2, 2, padding="same"), (3, 5, 5)),
    (nn.Conv2d(3, 2, 1, padding="valid"), (3, 5, 5)),
    (nn.Conv3d(1, 2, 2, padding=1, padding_mode="circular"), (1, 4, 3, 5)),
    (nn.ConvTranspose1d(2, 3, 3, stride=2, padding=1, output_padding=1), (2, 5)),
    (nn.ConvTranspose2d(4, 6, (3, 2), stride=2, groups=2, dilation=(1, 2)), (4, 3, 4)),
    (nn.ConvTranspose3d(1, 2, 2, bias=False), (1, 2, 3, 2)),
    (nn.MaxPool1d(3), (2, 8)),
    (nn.MaxPool2d(3, stride=2, padding=1, ceil_mode=True), (2, 8, 7)),
    (nn.MaxPool2d((2, 3), dilation=(2, 1)), (2, 8, 7)),
    (nn.MaxPool3d(2, 1), (1, 3, 4, 3)),
    (nn.AvgPool1d(3, padding=1, ceil_mode=True), (2, 7)),
    (nn.AvgPool2d(2, stride=(1, 2), padding=1, count_include_pad=False), (2, 4, 5)),
    (nn.AvgPool3d((1, 2, 2)), (1, 2, 4, 4)),
    (nn.AdaptiveAvgPool1d(3), (2, 7)),
    (nn.AdaptiveAvgPool2d((3, None)), (2, 5, 4)),
    (nn.AdaptiveAvgPool2d(1), (2, 5, 4)),
    (nn.AdaptiveAvgPool3d((5, 2, 3)), (1, 4, 4, 4)),
    (nn.AdaptiveMaxPool1d(2), (2, 7)),
    (nn.AdaptiveMaxPool2d((2, 3)), (2, 5, 4)),
    (nn.AdaptiveMaxPool3d(2), (1, 3, 4, 4)),
    (nn.Linear(5, 3), (5,)),
    (nn.Linear(5, 3, bias=False), (5,)),
    (nn.Linear(5, 3), (4, 5)),
    (nn.Linear(5, 3), (2, 4, 5)),
    (normalised("BatchNorm1d", 3), (3,)),
    (normalised("BatchNorm1d", 3), (3, 4)),
    (normalised("BatchNorm2d", 3), (3, 4, 5)),
    (normalised("BatchNorm2d", 3, affine=False), (3, 4, 5)),
    (normalised("BatchNorm3d", 2, eps=0.5), (2, 2, 4, 3)),
    (nn.PReLU(3), (3, 4, 5)),
]


@pytest.mark.parametrize(("layer", "shape"), LAYERS, ids=[f"{layer} {shape}" for layer, shape in LAYERS])
def test_a_layer_explained_gives_what_it_gives(layer, shape):
    x = torch.randn(1, *shape, generator=torch.Generator().manual_seed(0))
    found = explain(layer, x).output
    expected = layer(x)[0].detach().numpy()
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)  # PyTorch's is float32
    for same in (x[0], x.numpy(), x.requires_grad_(), x.double(), x[0].tolist(), nn.Parameter(x)):
        np.testing.assert_array_equal(explain(layer, same).output, found)


ACTIVATIONS = [
    nn.ReLU(),
    nn.ReLU(inplace=True),
    nn.ReLU6(),
    nn.LeakyReLU(0.3),
    nn.PReLU(),
    nn.RReLU().eval(),
    nn.ELU(0.5),
    nn.SELU(),
    nn.CELU(2),
    nn.GELU(),
    nn.GELU(approximate="tanh"),
    nn.SiLU(),
    nn.Mish(),
    nn.Softplus(2, 3),
    nn.Softsign(),
    nn.LogSigmoid(),
    nn.Hardtanh(-0.5, 2),
    nn.Hardsigmoid(),
    nn.Hardswish(),
    nn.Sigmoid(),
    nn.Tanh(),
]


@pytest.mark.parametrize("layer", ACTIVATIONS, ids=str)
@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "bfloat16"])
def test_an_activation_is_pytorchs(layer, dtype):
    x = torch.linspace(-30, 30, 601, dtype=torch.float64).reshape(1, 1, 601)
    given = x.to(getattr(torch, dtype))
    trace = explain(layer.to(given.dtype), given)
    np.testing.assert_array_equal(trace.x, given.double())
    expected = layer.double()(given.double().clone()).detach().numpy()
    layer.float()
    tolerance = 1e-12 if dtype == "float64" or type(layer).__name__ != "PReLU" else 1e-2
    np.testing.assert_allclose(trace.output, expected, rtol=tolerance, atol=tolerance)
    assert trace[0].describe().startswith("Output [0, 0, 0] = ")


def test_an_activation_names_its_function_and_parameters():
    assert explain(nn.ReLU(), [-2])[0].describe() == "Output [0] = relu(-2) = 0."
    assert explain(nn.LeakyReLU(0.25), [-2])[0].describe() == "Output [0] = leaky_relu(-2, slope 0.25) = -0.5."
    assert explain(nn.Hardtanh(-1, 3), [5])[0].describe() == "Output [0] = hardtanh(5, low -1, high 3) = 3."
    prelu = explain(nn.PReLU(2, init=0.5), [[-2], [-4]])
    assert prelu[1].describe() == "Output [1, 0] = leaky_relu(-4, slope 0.5) = -2."


def test_flatten_is_pytorchs():
    x = torch.arange(24.0).reshape(1, 2, 3, 4)
    for layer in (nn.Flatten(), nn.Flatten(2), nn.Flatten(1, 2), nn.Flatten(-2), nn.Flatten(-3, -2)):
        np.testing.assert_array_equal(explain(layer, x).output, layer(x)[0])


@pytest.mark.parametrize("dtype", ["float64", "float16", "bfloat16"])
def test_layers_of_every_width_are_read(dtype):
    layer = nn.Conv2d(2, 2, 3, dtype=getattr(torch, dtype))
    x = torch.ones(2, 4, 4, dtype=getattr(torch, dtype))
    expected = nn.functional.conv2d(x.double()[None], layer.weight.double(), layer.bias.double())[0]
    np.testing.assert_allclose(explain(layer, x).output, expected.detach(), rtol=1e-12, atol=1e-12)


def test_integers_in_stay_integers():
    assert explain(nn.MaxPool1d(2), torch.tensor([[3, 1, 2, 2]])).output.dtype == np.int64


# --- honest layers are never refused, and what they do is left as it was


@st.composite
def honest(draw):
    """Draw a layer in any number type, and an input whose numbers may differ in size by much."""
    torch.manual_seed(draw(st.integers(0, 2**32)))
    kind = draw(st.sampled_from(["conv", "transposed", "linear", "norm", "mean"]))
    dtype = getattr(torch, draw(st.sampled_from(["float64", "float32", "float16", "bfloat16"])))
    channels, filters, axes = draw(st.integers(1, 40)), draw(st.integers(1, 9)), draw(st.integers(1, 2))
    size, kernel = draw(st.integers(5, 12)), draw(st.integers(1, 5))
    match kind:
        case "conv":
            layer = getattr(nn, f"Conv{axes}d")(channels, filters, kernel, padding=draw(st.integers(0, 2)))
        case "transposed":
            layer = getattr(nn, f"ConvTranspose{axes}d")(channels, filters, kernel, stride=draw(st.integers(1, 3)))
        case "linear":
            layer, axes, channels = nn.Linear(channels * 50, filters), 0, channels * 50
        case "norm":
            layer = normalised(f"BatchNorm{axes}d", channels)
        case "mean":
            layer = getattr(nn, f"AvgPool{axes}d")(kernel)
    x = torch.randn(channels, *(size,) * axes)
    match draw(st.sampled_from(["normal", "positive", "sparse", "spread"])):
        case "positive":
            x = x.abs() + 1
        case "sparse":
            x = x * (torch.rand_like(x) < 0.05)
        case "spread":
            x = x * 10 ** (torch.rand_like(x) * 3 - 2)
    return layer.to(dtype), x.to(dtype)


@given(honest())
def test_an_honest_layer_is_never_refused(case):
    layer, x = case
    assert explain(layer, x[None]).output.shape == layer(x[None])[0].shape


def test_two_dimensions_of_a_normalisation_are_a_batch_where_they_can_be():
    layer = normalised("BatchNorm1d", 3)
    for shape, output in (((3,), (3,)), ((1, 3), (3,)), ((3, 4), (3, 4)), ((3, 1), (3, 1)), ((1, 3, 3), (3, 3))):
        assert explain(layer, torch.rand(shape)).output.shape == output
    for shape in ((3, 3), (2, 3), (2, 3, 3)):
        with pytest.raises(ValueError, match="x is a batch of"):
            explain(layer, torch.rand(shape))


def test_weights_that_are_computed_anew_are_read_as_the_layer_has_them():
    x = torch.randn(2, 5)
    with pytest.deprecated_call():
        old = nn.utils.weight_norm(nn.Conv1d(2, 3, 2))
    pruned = prune.l1_unstructured(nn.Conv1d(2, 3, 2), "weight", 0.5)
    with torch.no_grad():
        pruned.weight_orig *= 3  # as a step of training does: layer.weight is out of date until the next call
    wrapped = nn.utils.parametrizations.weight_norm(nn.Conv1d(2, 3, 2))
    spectral = nn.utils.parametrizations.spectral_norm(nn.Conv1d(2, 3, 2))
    for layer in (old, pruned, wrapped, spectral):
        trace = explain(layer, x)
        with torch.no_grad():
            layer.eval()
            np.testing.assert_allclose(trace.output, layer(x), rtol=1e-5, atol=1e-6)


def test_hooks_that_only_look_are_fine():
    layer, seen = nn.Conv2d(1, 1, 2), []
    layer.register_forward_hook(lambda module, inputs, output: seen.append(output.shape))
    explain(layer, torch.ones(1, 3, 3))
    assert seen == [(1, 1, 2, 2)]


def test_a_layer_and_its_input_are_left_as_they_were():
    layer, x = nn.Sequential(nn.ReLU(inplace=True), nn.Conv2d(1, 1, 2)), -torch.ones(1, 3, 3)
    before = {name: tensor.clone() for name, tensor in layer.state_dict().items()}
    explain(layer, x)
    explain(layer[0], x)
    assert (x == -1).all()
    assert layer.training
    assert all((tensor == before[name]).all() for name, tensor in layer.state_dict().items())
    assert all(parameter.grad is None and parameter.requires_grad for parameter in layer.parameters())
    assert torch.is_grad_enabled()


def test_a_subclass_that_adds_nothing_is_read():
    class Named(nn.Linear):
        pass

    assert len(explain(Named(2, 3), [1, 2])) == 3


def test_layers_of_keras_that_compute_with_pytorch_are_layers_of_keras():
    def of_both(kind):
        """As in Keras, a layer is a module that has a module of its own, which knows its parameters."""

        def begin(self, *arguments):
            nn.Module.__init__(self)
            kind.__init__(self, *arguments)
            self.known = nn.ParameterList()

        names = {"__init__": begin, "__call__": kind.__call__, "__module__": "keras.src.layers.stand_in"}
        return type(kind.__name__, (kind, nn.Module), names)

    trace = explain(of_both(stand_ins.Dense)([[1, 2], [3, 4]]), [1, 1])
    assert isinstance(trace, DenseTrace)
    assert trace.output.tolist() == [4, 6]
    with pytest.raises(TypeError, match=r"Sequential; .* of a model of Keras its layers one by one"):
        explain(of_both(stand_ins.Sequential)([[1, 2], [3, 4]]), [1, 1])


# --- large linear layers, which are computed when they are first looked at


def large(**more):
    return nn.Linear(700, 600, **more), torch.randn(700)


@pytest.mark.parametrize("more", [{}, {"bias": False}, {"dtype": torch.float64}])
def test_a_large_linear_is_dense_with_its_weights(more):
    layer, x = large(**more)
    trace, expected = explain(layer, x.to(layer.weight.dtype)), dense(x, layer.weight, layer.bias)
    assert isinstance(trace, DenseTrace)
    assert len(trace) == 600
    np.testing.assert_array_equal(trace.output, expected.output)
    np.testing.assert_array_equal(trace.weight, expected.weight)
    assert trace[-1] == expected[-1]
    assert trace[7].describe() == expected[7].describe()
    assert not hasattr(trace, "filters")


def test_a_large_linear_whose_weights_are_alike_or_absent_is_read():
    for fill in (nn.init.zeros_, nn.init.ones_, lambda weight: nn.init.uniform_(weight, 0, 1)):
        layer, x = large()
        fill(layer.weight)
        x = x.abs()
        np.testing.assert_allclose(explain(layer, x).output, layer(x).detach(), rtol=1e-5)
    layer.weight.data[:, :100] = 0
    np.testing.assert_allclose(explain(layer, x).output, layer(x).detach(), rtol=1e-5)


def test_a_large_linear_that_computes_something_else_is_refused():
    layer, x = large()
    at = torch.zeros(600)
    at[5] = 1e-3
    layer.register_forward_hook(lambda module, inputs, output: output + at)
    with pytest.raises(ValueError, match=r"at \[5\], but torch.nn.Linear .* differ by 0\.001, and rounding in float32"):
        explain(layer, x)
    layer, _ = large()
    layer.weight.data[3, 5] = torch.nan
    with pytest.raises(ValueError, match=r"layer.weight\[3, 5\] is nan"):
        explain(layer, x)
    with pytest.raises(ValueError, match="x has 699 features"):
        explain(layer, x[1:])


def test_a_large_linear_stays_as_it_was_when_it_was_first_looked_at():
    layer, x = large()
    seen, unseen = explain(layer, x), explain(layer, x)
    before = seen.output.copy()
    layer.weight.data += 0.01
    np.testing.assert_array_equal(seen.output, before)
    assert seen[0].weights.tolist() == seen.weight[0].tolist()
    for _ in range(2):
        with pytest.raises(ValueError, match=r"the weights of layer have changed since it was explained, .*deepcopy"):
            unseen.output  # noqa: B018
    layer.weight.data -= 0.01
    np.testing.assert_allclose(unseen.output, before, atol=1e-4)


# --- layers that compute something else


def standardised(layer, x, weight, bias):
    """Compute with standardised weights, where no method's name shows it."""
    return nn.Conv2d._conv_forward(layer, x, (weight - weight.mean()) / weight.std(), bias)


def overridden(**methods):
    return type("Overridden", (nn.Conv2d,), methods)(3, 2, 2)


def patched(method):
    layer = nn.Conv2d(3, 2, 2)
    layer._conv_forward = lambda x, weight, bias: method(x, weight, bias)
    return layer


def hooked(hook):
    layer = nn.Conv2d(3, 2, 2)
    layer.register_forward_hook(hook)
    return layer


def before():
    layer = nn.Conv2d(3, 2, 2)
    layer.register_forward_pre_hook(lambda module, inputs: (inputs[0] * 2,))
    return layer


LIES = {
    "overridden": overridden(_conv_forward=standardised),
    "called": overridden(__call__=lambda self, x: nn.Conv2d.__call__(self, x) + 0.01),
    "patched": patched(lambda x, weight, bias: nn.functional.conv2d(x, weight * 1.0001, bias)),
    "hooked": hooked(lambda module, inputs, output: output * 2),
    "before": before(),
    "one number": hooked(lambda module, inputs, output: output.index_fill(3, torch.tensor(1), 0.5)),
    "nothing": hooked(lambda module, inputs, output: output * torch.nan),
}


@pytest.mark.parametrize("name", LIES)
def test_a_layer_that_computes_something_else_is_refused(name):
    message = (
        r"layer gives \S+ at \[\d, \d, \d\], but torch.nn.Conv2d with its parameters gives \S+: they differ by \S+"
    )
    ending = r", and rounding in float32 explains no more than \S+; \d+ of 32 numbers differ; accepted: layers that com"
    with pytest.raises(ValueError, match=message + ending):
        explain(LIES[name], torch.rand(1, 3, 5, 5))


def test_a_global_hook_is_found():
    hook = nn.modules.module.register_module_forward_hook(lambda module, inputs, output: output * 2)
    try:
        with pytest.raises(ValueError, match=r"layer gives 0 at|layer gives \S+ at \[\d\], but torch.nn.Linear with"):
            explain(nn.Linear(3, 2), [1, 2, 3])
    finally:
        hook.remove()


def test_where_and_by_how_much_a_layer_differs():
    layer = nn.Linear(2, 3, bias=False, dtype=torch.float64)
    nn.init.ones_(layer.weight)
    layer.register_forward_hook(lambda module, inputs, output: output + torch.tensor([0, 4, 0.5]))
    message = (
        "layer gives 7 at [1], but torch.nn.Linear with its parameters gives 3: they differ by 4, and rounding in "
        "float64 explains no more than "
    )
    with pytest.raises(
        ValueError, match=re.escape(message) + r"\S+; 2 of 3 numbers differ; accepted: layers that comp"
    ):
        explain(layer, [1, 2])


def test_a_hook_may_not_change_what_kind_of_thing_comes_out():
    with pytest.raises(
        ValueError, match="layer fails on x: its output is a tuple, not a tensor; accepted: a layer that"
    ):
        explain(hooked(lambda module, inputs, output: (output, output)), torch.rand(3, 5, 5))
    with pytest.raises(
        ValueError, match=r"layer gives an output of shape \(2, 4\), but torch.nn.Conv2d .* \(2, 4, 4\); "
    ):
        explain(hooked(lambda module, inputs, output: output[..., 0]), torch.rand(3, 5, 5))


# --- the chain of a Sequential


def chain_of(net, x):
    return explain(net, x).chain()


def network():
    return nn.Sequential(
        nn.Conv2d(3, 8, 3, padding=1, bias=False),
        normalised("BatchNorm2d", 8),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(2),
        nn.Sequential(nn.Conv2d(8, 4, 3, groups=2), nn.LeakyReLU()),
        nn.Identity(),
        nn.AdaptiveAvgPool2d((3, 2)),
        nn.Flatten(),
        nn.Dropout(),
        nn.Linear(24, 10),
    ).eval()


def test_a_sequential_is_a_chain_of_traces():
    net, x = network(), torch.rand(1, 3, 12, 12)
    chain = chain_of(net, x)
    assert isinstance(chain, Chain)
    assert chain.names == ("0", "1", "2", "3", "4.0", "4.1", "6", "7", "9")
    np.testing.assert_allclose(chain.output, net(x)[0].detach(), rtol=1e-4, atol=1e-5)
    np.testing.assert_array_equal(chain.x, x[0])
    for number, part in ((1, net[:1]), (2, net[:2]), (5, net[:5][:4] + nn.Sequential(net[4][0]))):
        np.testing.assert_allclose(chain[number].x, part(x)[0].detach(), rtol=1e-4, atol=1e-5)
    assert receptive_field(chain[:6]).size == (8, 8)
    for same in (x[0], x.numpy()):
        np.testing.assert_array_equal(chain_of(net, same).output, chain.output)


def test_a_normalisation_folded_into_its_convolution_is_an_equal_trace():
    chain = chain_of(network(), torch.rand(3, 12, 12))
    folded = chain.folded()
    assert folded.names == ("0+1", *chain.names[2:])
    np.testing.assert_allclose(folded[0].output, chain[1].output, rtol=0, atol=1e-12)
    assert [step.position for step in folded[0]] == [step.position for step in chain[1]]
    np.testing.assert_allclose(folded.output, chain.output, rtol=0, atol=1e-12)


def test_named_layers_keep_their_names():
    net = nn.Sequential()
    net.add_module("conv", nn.Conv1d(1, 2, 3))
    net.add_module("act", nn.Tanh())
    net.add_module("again", net.act)
    chain = chain_of(net, torch.rand(1, 5))
    assert chain.names == ("conv", "act", "again")
    net.again = nn.Sequential(nn.Conv1d(2, 1, 2))
    assert chain_of(net, torch.rand(1, 5)).names == ("conv", "act", "again.0")
    net.conv = nn.Conv1d(2, 2, 3)
    with pytest.raises(ValueError, match="layer fails on x: Given groups=1, weight of size"):
        chain_of(net, torch.rand(1, 5))


def test_a_sequential_may_start_with_any_layer():
    starts = [
        (nn.Sequential(nn.Flatten(), nn.Linear(9, 2)), (1, 3, 3)),
        (nn.Sequential(nn.ReLU(), nn.Linear(9, 2)), (9,)),
        (nn.Sequential(nn.ReLU(), nn.Linear(9, 2)), (1, 9)),
        (nn.Sequential(nn.Linear(3, 2), nn.Flatten()), (1, 4, 3)),
        (nn.Sequential(nn.PReLU(3), nn.Conv1d(3, 1, 1)), (1, 3, 4)),
        (nn.Sequential(normalised("BatchNorm1d", 3), nn.Conv1d(3, 1, 1)), (1, 3, 4)),
        (nn.Sequential(nn.Sequential(nn.Dropout().eval(), nn.MaxPool1d(2))), (3, 4)),
    ]
    for net, shape in starts:
        x = torch.rand(shape)
        output = chain_of(net, x).output
        np.testing.assert_allclose(output.ravel(), net(x).detach().ravel(), rtol=1e-5, atol=1e-6)


def test_a_sequential_that_computes_something_else_is_refused():
    net = nn.Sequential(nn.Conv1d(1, 2, 3), nn.ReLU())
    net.register_forward_hook(lambda module, inputs, output: output + 1)
    message = r"layer gives \S+ at \[\d, \d\], but its layers in order gives \S+: they differ by 1, and rounding in flo"
    with pytest.raises(ValueError, match=message):
        chain_of(net, torch.rand(1, 5))
    net = nn.Sequential(nn.Conv1d(1, 2, 3), nn.ReLU(), nn.Identity())
    net[1].register_forward_hook(lambda module, inputs, output: output + 1)
    with pytest.raises(ValueError, match=r"layer\[1\] gives \S+ at \[\d, \d\], but torch.nn.ReLU with its parameters "):
        chain_of(net, torch.rand(1, 5))
    net = nn.Sequential(nn.Conv1d(1, 2, 3), nn.Identity())
    net[1].register_forward_hook(lambda module, inputs, output: output + 1)
    with pytest.raises(
        ValueError, match=r"layer\[1\] gives \S+ at \[\d, \d\], but torch.nn.Identity gives \S+: they d"
    ):
        chain_of(net, torch.rand(1, 5))


# --- what is not supported


def doubled():
    """A layer of a subclass that computes something else, and says so."""

    def forward(self, x):
        return 2 * nn.Conv2d.forward(self, x)

    return type("Doubled", (nn.Conv2d,), {"forward": forward})(3, 1, 1)


def replaced():
    layer = nn.Linear(3, 1)
    layer.forward = lambda x: x
    return layer


def in_training(*layers):
    return nn.Sequential(nn.Conv2d(3, 2, 1), *layers)


FAULTS = [
    (nn.Dropout(), TypeError, "layer is a torch.nn.modules.dropout.Dropout; accepted: torch.nn.Conv1d to Conv3d, "),
    (nn.Softmax(1), TypeError, "layer is a torch.nn.modules.activation.Softmax; accepted: torch.nn.Conv1d to Conv3d,"),
    (nn.Conv2d, TypeError, "layer is a type; accepted: "),
    (nn.functional.relu, TypeError, "layer is a function; accepted: "),
    (nn.LazyConv2d(3, 1), ValueError, "layer has no weights yet; accepted: a lazy layer after its first call"),
    (nn.LazyLinear(3), ValueError, "layer has no weights yet; accepted: a lazy layer after its first call"),
    (doubled(), TypeError, "layer is a Doubled, whose forward is not that of torch.nn.Conv2d; accepted: layers"),
    (replaced(), TypeError, "layer is a Linear, whose forward is not that of torch.nn.Linear; accepted: layers"),
    (nn.MaxPool2d(2, return_indices=True), ValueError, "layer.return_indices is True; accepted: False"),
    (nn.AdaptiveMaxPool2d(2, return_indices=True), ValueError, "layer.return_indices is True; accepted: False"),
    (nn.AvgPool2d(2, divisor_override=3), ValueError, "layer.divisor_override is 3; accepted: None"),
    (nn.Conv2d(3, 1, 1, device="meta"), TypeError, "layer.weight cannot be read as an array: "),
    (nn.Conv2d(3, 1, 1, dtype=torch.complex64), TypeError, "layer.weight holds complex numbers (dtype complex64)"),
    (
        nn.Conv2d(4, 1, 1),
        ValueError,
        "x has 3 channels (shape (3, 5, 5)), but layer reads 4; accepted: x of shape (channels, rows, columns), with 4",
    ),
    (nn.Conv1d(3, 1, 1), ValueError, "x has 4 dimensions (shape (1, 3, 5, 5)); accepted by Conv1d: (channels, length)"),
    (nn.Conv3d(3, 1, 1), ValueError, "x has 1 channels (shape (1, 3, 5, 5)), but layer reads 3; accepted: x of shape "),
    (nn.ConvTranspose2d(4, 1, 1), ValueError, "x has 3 channels (shape (3, 5, 5)), but layer reads 4; accepted: x of"),
    (
        nn.Conv2d(3, 1, 7),
        ValueError,
        "layer.weight has kernels of shape (7, 7), so that with dilation (1, 1) a window spans (7, 7) cells, but x wi",
    ),
    (nn.MaxPool2d(7), ValueError, "layer.kernel_size is (7, 7), so that with dilation (1, 1) a window spans (7, 7) ce"),
    (nn.MaxPool2d(3, padding=2), ValueError, "layer.padding is 2, with windows of size (3, 3); accepted: at most half"),
    (
        nn.Conv2d(3, 1, 1, padding=5, padding_mode="reflect"),
        ValueError,
        "layer.padding is 5 before and 5 after spatial axis 0 of x, where padding_mode 'reflect' finds no more than 4",
    ),
    (nn.Linear(3, 1), ValueError, "x has 5 features (shape (3, 5, 5)), but layer reads 3; accepted: x of shape (..., "),
    (nn.BatchNorm2d(4).eval(), ValueError, "x has 3 channels (shape (3, 5, 5)), but layer reads 4; accepted: x of sha"),
    (nn.BatchNorm2d(3), ValueError, "layer is in training mode, in which it normalises by each batch's own mean, and "),
    (nn.BatchNorm2d(3, track_running_stats=False), ValueError, "layer.track_running_stats is False, so that it norma"),
    (nn.RReLU(), ValueError, "layer is in training mode, with random slopes; accepted: a layer after layer.eval()"),
    (nn.PReLU(4), ValueError, "layer.weight has 4 numbers, but x has 3 channels (shape (3, 5, 5)); accepted: a number"),
    (nn.Flatten(0), ValueError, "layer.start_dim is 0; accepted: 1 or more, which keep the batch axis"),
]


@pytest.mark.parametrize(("layer", "error", "message"), FAULTS, ids=[message[:70] for *_, message in FAULTS])
def test_what_is_not_supported_is_named(layer, error, message):
    with pytest.raises(error, match=re.escape(message)):
        explain(layer, torch.ones(1, 3, 5, 5))


CHAIN_FAULTS = [
    (
        nn.Sequential(),
        ValueError,
        "layer has no layers that compute anything; accepted: a model that calls its layers",
    ),
    (nn.Sequential(nn.Identity()), ValueError, "layer has no layers that compute anything; accepted: a Sequential wi"),
    (
        in_training(nn.Softmax(1)),
        TypeError,
        "layer[1] is a torch.nn.modules.activation.Softmax; accepted in a Sequential: the layers that explain accepts",
    ),
    (in_training(nn.Dropout()), ValueError, "layer[1] is in training mode, in which it is random; accepted: a layer a"),
    (
        in_training(nn.BatchNorm2d(2)),
        ValueError,
        "layer[1] is in training mode, in which it normalises by each batch's",
    ),
    (nn.Sequential(doubled()), TypeError, "layer[0] is a Doubled, whose forward is not that of torch.nn.Conv2d; accep"),
    (in_training(nn.Sequential(nn.LazyConv2d(2, 1))), ValueError, "layer[1][0] has no weights yet; accepted: a lazy"),
    (in_training(nn.Conv2d(5, 2, 1)), ValueError, "layer fails on x: Given groups=1, weight of size [2, 5, 1, 1], exp"),
    (
        in_training(nn.MaxPool2d(2), nn.Conv2d(2, 1, 3)),
        ValueError,
        "layer fails on x: Calculated padded input size per ",
    ),
]


@pytest.mark.parametrize(("net", "error", "message"), CHAIN_FAULTS, ids=[message[:70] for *_, message in CHAIN_FAULTS])
def test_what_makes_no_chain_is_named(net, error, message):
    with pytest.raises(error, match=re.escape(message)):
        chain_of(net, torch.ones(1, 3, 5, 5))


def test_a_model_of_ones_own_is_no_chain():
    class Own(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(3, 1, 1)

        def forward(self, x):
            return self.conv(x)

    with pytest.raises(TypeError, match=r"layer is a \S+Own, which is no chain of layers; accepted: a Sequential"):
        chain_of(Own(), torch.ones(1, 3, 5, 5))


@pytest.mark.parametrize("layer", [nn.Conv2d(3, 1, 1), nn.MaxPool2d(2), nn.Sequential(nn.ReLU(), nn.Conv2d(3, 1, 1))])
def test_a_batch_of_several_is_refused(layer):
    message = r"x is a batch of 2 \(shape \(2, 3, 5, 5\)\); accepted: one input of it, such as x\[0\]"
    with pytest.raises(ValueError, match=message):
        explain(layer, torch.ones(2, 3, 5, 5))


def test_flatten_takes_the_first_axis_for_the_batch():
    for layer, name in (
        (nn.Flatten(), r"layer \(Flatten\)"),
        (nn.Sequential(nn.Flatten(), nn.Linear(3, 1)), "Sequential"),
    ):
        with pytest.raises(ValueError, match=rf"x has shape \(2, 3\), whose first axis {name} takes for the batch"):
            explain(layer, torch.ones(2, 3))
