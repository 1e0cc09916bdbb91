"""Layers give what PyTorch's give, where it is installed; and `explain` takes PyTorch's own.

With ``CONVVIZ_REQUIRE_TORCH=1`` its absence fails these tests instead of skipping them.
"""

import os
import re
from importlib import import_module
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from convviz.operations.layers.conv_layer import conv_layer
from convviz.operations.layers.dense import dense
from convviz.operations.layers.pool import pool
from convviz.operations.libraries.explain import explain
from tests.operations.layers.test_dense import calls as dense_calls
from tests.operations.layers.test_pool import calls as pool_calls
from tests.operations.layers.test_pool import reads_input
from tests.strategies import layer_calls

if os.environ.get("CONVVIZ_REQUIRE_TORCH") != "1":
    pytest.importorskip("torch", reason="PyTorch is not installed; CONVVIZ_REQUIRE_TORCH=1 insists on it")
torch = import_module("torch")
nn = torch.nn
FUNCTIONS = torch.nn.functional


def tensor(array):
    return torch.tensor(np.asarray(array, dtype=np.float64))


def close(found, expected, size=1.0):
    """Compare with float64's rounding, for numbers of about this size."""
    np.testing.assert_allclose(found, expected.detach().numpy(), rtol=1e-12, atol=1e-12 * size)


# --- conv_layer


@given(layer_calls(flips=st.just(False)), st.sampled_from(["relu", "sigmoid", "tanh", None]))
def test_a_layer_is_pytorchs(call, activation):
    parameters, axes = call.parameters, call.x.ndim - 1
    mode = {"zeros": "constant"}.get(parameters["padding_mode"], parameters["padding_mode"])
    around = [cells for pair in reversed(parameters["padding"]) for cells in pair]
    padded = FUNCTIONS.pad(tensor(call.x)[None], around, mode)
    bias = None if call.bias is None else tensor(call.bias)
    names = ("stride", "dilation", "groups")
    convolve = getattr(FUNCTIONS, f"conv{axes}d")
    expected = convolve(padded, tensor(call.weight), bias, **{name: parameters[name] for name in names})
    trace = conv_layer(call.x, call.weight, call.bias, activation=activation, **parameters)
    size = np.abs(call.x.astype(float)).max() * np.abs(call.weight.astype(float)).sum() + 99
    close(trace.preactivation, expected[0], size)
    close(trace.output, getattr(torch, activation)(expected[0]) if activation else expected[0], size)


# Why PyTorch warns of it says itself: it is slower.
@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths:UserWarning")
@pytest.mark.parametrize("mode", ["zeros", "reflect", "replicate", "circular"])
@pytest.mark.parametrize(("kernel", "dilation"), list(product([1, 2, 3, 4, 5], [1, 2])))
def test_same_padding_is_pytorchs(mode, kernel, dilation):
    torch.manual_seed(kernel)
    for axes, size in ((1, (11,)), (2, (9, 11)), (3, (9, 10, 11))):
        layer = getattr(nn, f"Conv{axes}d")(2, 2, kernel, padding="same", padding_mode=mode, dilation=dilation)
        x = torch.randn(2, *size, dtype=torch.float64)
        close(explain(layer, x).output, layer.double()(x[None])[0])


@pytest.mark.parametrize(("mode", "most"), [("reflect", 4), ("circular", 5)])
def test_as_much_padding_is_refused_as_by_pytorch(mode, most):
    x, weight = np.ones((1, 5)), np.ones((1, 1, 3))
    for padding in (most, most + 1):
        layer = nn.Conv1d(1, 1, 3, padding=padding, padding_mode=mode, dtype=torch.float64)
        if padding == most:
            assert conv_layer(x, weight, padding=padding, padding_mode=mode).output.shape == layer(tensor(x)).shape
        else:
            with pytest.raises(RuntimeError):
                layer(tensor(x))
            with pytest.raises(ValueError, match=f"finds no more than {most} cells"):
                conv_layer(x, weight, padding=padding, padding_mode=mode)


# --- pool


def torchs_pool(x, parameters):
    """Let PyTorch pool, and tell where each maximum stands."""
    axes, shared = x.ndim - 1, {name: parameters[name] for name in ("stride", "padding", "ceil_mode")}
    if parameters["kind"] == "mean":
        function = getattr(FUNCTIONS, f"avg_pool{axes}d")
        return function(
            tensor(x), parameters["size"], count_include_pad=parameters["count_include_pad"], **shared
        ), None
    function = getattr(FUNCTIONS, f"max_pool{axes}d")
    return function(tensor(x), parameters["size"], dilation=parameters["dilation"], return_indices=True, **shared)


@given(pool_calls())
def test_a_pooling_is_pytorchs(call):
    x, parameters = call
    assume(reads_input(x, parameters))
    # Of three axes, PyTorch takes no mean of windows larger than the input, though with its padding they fit.
    too_large = any(k > n for k, n in zip(parameters["size"], x.shape[1:], strict=True))
    assume(not (x.ndim == 4 and parameters["kind"] == "mean" and too_large))
    trace, (expected, indices) = pool(x, **parameters), torchs_pool(x, parameters)
    close(trace.output, expected)
    if indices is not None:
        winners = [np.ravel_multi_index(step.winner[1:], x.shape[1:]) for step in trace]
        assert winners == indices.ravel().tolist()


@given(pool_calls())
def test_a_pooling_refused_is_no_pooling_in_pytorch(call):
    x, parameters = call
    assume(not reads_input(x, parameters))
    with pytest.raises(ValueError, match="accepted: windows"):
        pool(x, **parameters)
    try:
        output, _ = torchs_pool(x, parameters)
    except RuntimeError:
        return
    assert output.isinf().any()


# --- dense


@given(dense_calls())
def test_a_dense_layer_is_pytorchs(call):
    x, weight, bias = call
    expected = FUNCTIONS.linear(tensor(x), tensor(weight), None if bias is None else tensor(bias))
    close(dense(x, weight, bias).output, expected, 1e3)


# --- explain

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
    (nn.Linear(5, 3), (5,)),
    (nn.Linear(5, 3, bias=False), (5,)),
]


@pytest.mark.parametrize(("layer", "shape"), LAYERS, ids=[str(layer) for layer, _ in LAYERS])
def test_a_layer_explained_gives_what_it_gives(layer, shape):
    x = torch.randn(1, *shape, generator=torch.Generator().manual_seed(0))
    found = explain(layer, x).output
    expected = layer(x)[0].detach().numpy()
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)  # PyTorch's is float32
    for same in (x[0], x.numpy(), x.requires_grad_(), x.double(), x[0].tolist()):
        np.testing.assert_array_equal(explain(layer, same).output, found)


@pytest.mark.parametrize("dtype", ["float64", "float16", "bfloat16"])
def test_layers_of_every_width_are_read(dtype):
    layer = nn.Conv2d(2, 2, 3, dtype=getattr(torch, dtype))
    x = torch.ones(2, 4, 4, dtype=getattr(torch, dtype))
    expected = FUNCTIONS.conv2d(x.double()[None], layer.weight.double(), layer.bias.double())[0]
    close(explain(layer, x).output, expected)


def test_integers_in_stay_integers():
    assert explain(nn.MaxPool1d(2), torch.tensor([[3, 1, 2, 2]])).output.dtype == np.int64


def test_a_parametrized_layer_is_read_as_it_computes():
    layer = nn.utils.parametrizations.weight_norm(nn.Conv1d(2, 3, 2, dtype=torch.float64))
    x = torch.randn(2, 5, dtype=torch.float64)
    close(explain(layer, x).output, layer(x))


def test_a_subclass_that_adds_nothing_is_read():
    class Named(nn.Linear):
        pass

    assert len(explain(Named(2, 3), [1, 2])) == 3


def doubled():
    """A layer of a subclass that computes something else."""

    def forward(self, x):
        return 2 * nn.Conv2d.forward(self, x)

    return type("Doubled", (nn.Conv2d,), {"forward": forward})(3, 1, 1)


def hooked():
    layer = nn.Linear(3, 1)
    layer.register_forward_hook(lambda module, inputs, output: output * 2)
    return layer


def patched():
    layer = nn.Linear(3, 1)
    layer.forward = lambda x: x
    return layer


FAULTS = [
    (nn.BatchNorm2d(3), TypeError, "layer is a torch.nn.modules.batchnorm.BatchNorm2d; accepted: torch.nn.Conv1d to"),
    (nn.Dropout(), TypeError, "layer is a torch.nn.modules.dropout.Dropout; accepted: torch.nn.Conv1d to Conv3d, "),
    (nn.AdaptiveAvgPool2d(1), TypeError, "layer is a torch.nn.modules.pooling.AdaptiveAvgPool2d; accepted: "),
    (nn.Sequential(nn.Conv2d(3, 1, 1)), TypeError, "layer is a torch.nn.modules.container.Sequential; accepted: "),
    (nn.Conv2d, TypeError, "layer is a type; accepted: "),
    (nn.functional.relu, TypeError, "layer is a function; accepted: "),
    (nn.LazyConv2d(3, 1), ValueError, "layer has no weights yet; accepted: a lazy layer after its first call"),
    (nn.LazyLinear(3), ValueError, "layer has no weights yet; accepted: a lazy layer after its first call"),
    (doubled(), TypeError, "layer is a Doubled, whose forward is not that of torch.nn.Conv2d; accepted: layers"),
    (hooked(), ValueError, "layer has forward hooks, which may change anything; accepted: a layer without hooks"),
    (patched(), TypeError, "layer is a Linear, whose forward is not that of torch.nn.Linear; accepted: layers"),
    (nn.MaxPool2d(2, return_indices=True), ValueError, "layer.return_indices is True; accepted: False"),
    (nn.AvgPool2d(2, divisor_override=3), ValueError, "layer.divisor_override is 3; accepted: None"),
    (nn.Conv2d(3, 1, 1, device="meta"), TypeError, "layer.weight cannot be read: "),
    (nn.Conv2d(3, 1, 1, dtype=torch.complex64), TypeError, "weight holds complex numbers (dtype complex64)"),
    (nn.Conv2d(4, 1, 1), ValueError, "weight has shape (1, 4, 1, 1), whose filters read 4 channels each, but x has"),
    (nn.Conv1d(3, 1, 1), ValueError, "x has 4 dimensions (shape (1, 3, 5, 5)); accepted by Conv1d: (channels, length)"),
    (nn.Conv3d(3, 1, 1), ValueError, "weight has shape (1, 3, 1, 1, 1), whose filters read 3 channels each"),
    (nn.Linear(3, 1), ValueError, "x has 4 dimensions (shape (1, 3, 5, 5)); accepted by Linear: (features,), or a bat"),
]


@pytest.mark.parametrize(("layer", "error", "message"), FAULTS, ids=[message[:50] for *_, message in FAULTS])
def test_what_is_not_supported_is_named(layer, error, message):
    with pytest.raises(error, match=re.escape(message)):
        explain(layer, torch.ones(1, 3, 5, 5))


def test_a_batch_of_several_is_refused():
    with pytest.raises(ValueError, match=r"x is a batch of 2 \(shape \(2, 3, 5, 5\)\); accepted: a batch of one"):
        explain(nn.Conv2d(3, 1, 1), torch.ones(2, 3, 5, 5))
