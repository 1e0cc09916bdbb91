"""Layers give what PyTorch's give, where it is installed.

With ``CONVVIZ_REQUIRE_TORCH=1`` its absence fails these tests instead of skipping them.
"""

import os
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
    if mode == "symmetric":  # PyTorch has no such mode
        padded = tensor(np.pad(call.x, ((0, 0), *parameters["padding"]), mode))[None]
    else:
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
