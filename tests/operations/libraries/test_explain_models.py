"""`explain` on whole models of PyTorch, where it is installed: what it sees of each layer, and what it leaves alone.

With ``CONVVIZ_REQUIRE_TORCH=1`` its absence fails these tests instead of skipping them.
"""

import os
from importlib import import_module
from itertools import product
from math import prod
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convviz import explain
from convviz.operations.layers.conv_layer import LayerTrace
from convviz.operations.layers.pool import PoolTrace
from convviz.operations.libraries import torch_parts
from convviz.operations.libraries.model_trace import INPUT, UNSEEN, ModelTrace

if os.environ.get("CONVVIZ_REQUIRE_TORCH") != "1":
    pytest.importorskip("torch", reason="PyTorch is not installed; CONVVIZ_REQUIRE_TORCH=1 insists on it")
torch = import_module("torch")
counter = import_module("torch.utils.flop_counter")
nets = import_module("tests.operations.libraries.torch_nets")
nn, Computed = torch.nn, nets.Computed
Module: Any = nn.Module
Conv1d: Any = nn.Conv1d


def single(tensor):
    return tensor[0].detach().numpy()


def flops(model, x):
    """Let PyTorch count the multiplications and additions of convolutions and matrix products."""
    with counter.FlopCounterMode(display=False) as counted, torch.no_grad():
        model.eval()(x)
    return counted.get_total_flops()


@pytest.fixture(scope="module")
def resnet():
    torch.manual_seed(0)
    model, x = nets.ResNet18(), torch.rand(1, 3, 224, 224)
    return model, x, explain(model, x)


# --- what is known of each layer


def test_each_layer_is_a_step_with_what_pytorch_says_of_it():
    torch.manual_seed(0)
    net, x = nets.chain(), torch.rand(1, 3, 16, 16)
    trace = explain(net, x)
    assert isinstance(trace, ModelTrace)
    assert trace.name == "Sequential"
    assert [step.name for step in trace] == ["0", "1", "2", "3", "4.0", "4.1", "5", "6", "7"]
    assert [step.reads for step in trace] == [INPUT, *range(len(trace) - 1)]
    current = x
    with torch.no_grad():
        for step in trace:
            layer = net.eval().get_submodule(step.name)
            assert step.kind == type(layer).__name__
            assert step.shape_in == tuple(current.shape[1:])
            current = layer(current)
            assert step.shape_out == tuple(current.shape[1:])
            assert step.value == prod(step.shape_out)
            assert step.parameters == sum(parameter.numel() for parameter in layer.parameters())
            assert step.notes == ()
    np.testing.assert_array_equal(trace.output, single(current))
    np.testing.assert_array_equal(trace.x, x[0])
    assert [step.macs for step in trace] == [8 * 8 * 8 * 27, 0, 0, 0, 16 * 8 * 2 * 6, 0, 0, 288 * 5, 0]
    assert trace.parameters == sum(step.parameters for step in trace)
    assert trace.parameters_outside == 0


def test_each_explained_layer_opens_on_the_numbers_that_it_reads():
    torch.manual_seed(0)
    net, x = nets.chain(), torch.rand(1, 3, 16, 16)
    trace, current = explain(net, x), x
    with torch.no_grad():
        for step in trace:
            before, current = current.clone(), net.eval().get_submodule(step.name)(current)
            if step.kind in ("Dropout", "Softmax"):
                assert step.trace is None
                assert step.reason == step.plain != ""
            else:
                assert step.plain == step.reason == ""
                np.testing.assert_array_equal(step.trace.x, single(before))
                np.testing.assert_allclose(step.trace.output, single(current), rtol=1e-4, atol=1e-6)
    assert [step.passes for step in trace] == [step.kind == "Dropout" for step in trace]
    assert trace[8].plain == "convviz does not explain layers of the kind Softmax."
    assert isinstance(trace[0].trace, LayerTrace)
    assert isinstance(trace[3].trace, PoolTrace)


def dull_macs(layer, shape_in, shape_out):
    """Count the products of weights and numbers, one by one."""
    if isinstance(layer, nn.Linear):
        return sum(1 for _ in product(*map(range, shape_out), range(layer.in_features)))
    is_transposed = isinstance(layer, nn.ConvTranspose1d | nn.ConvTranspose2d)
    # A transposed convolution multiplies each input cell by a kernel for each of its group's filters.
    places, others = (shape_in, layer.out_channels) if is_transposed else (shape_out, layer.in_channels)
    return sum(1 for _ in product(*map(range, places), range(others // layer.groups), *map(range, layer.kernel_size)))


@st.composite
def weighted(draw):
    """Draw a layer with weights, and the shape of an input."""
    groups, size, kernel = draw(st.integers(1, 2)), draw(st.integers(4, 6)), draw(st.integers(1, 3))
    channels, filters = groups * draw(st.integers(1, 2)), groups * draw(st.integers(1, 2))
    kind = draw(st.sampled_from(["Conv1d", "Conv2d", "ConvTranspose1d", "ConvTranspose2d", "Linear"]))
    if kind == "Linear":
        return nn.Linear(size, filters), draw(st.sampled_from([(size,), (3, size)]))
    parameters = {"stride": draw(st.integers(1, 2)), "padding": draw(st.integers(0, kernel - 1)), "groups": groups}
    layer = getattr(nn, kind)(channels, filters, kernel, bias=draw(st.booleans()), **parameters)
    return layer, (channels, *(size,) * int(kind[-2]))


@settings(max_examples=30)
@given(weighted())
def test_macs_are_counted_as_by_a_dull_loop_and_by_pytorch(case):
    layer, shape = case
    net, x = nn.Sequential(layer), torch.rand(1, *shape)
    step = explain(net, x)[0]
    assert (step.shape_in, step.shape_out) == (shape, tuple(layer(x).shape[1:]))
    assert step.macs == dull_macs(layer, step.shape_in, step.shape_out)
    if not isinstance(layer, nn.ConvTranspose1d | nn.ConvTranspose2d):
        assert 2 * step.macs == flops(net, x)


def test_the_network_of_18_layers_has_the_numbers_that_are_known_of_it(resnet):
    model, x, trace = resnet
    assert len(trace) == 60
    assert trace.parameters == 11_689_512
    assert trace.macs == 1_814_073_344
    assert 2 * trace.macs == flops(model, x)
    with torch.no_grad():
        np.testing.assert_array_equal(trace.output, single(model.eval()(x)))


def test_large_layers_open_on_the_real_numbers(resnet):
    trace = resnet[-1]
    for number in (0, 3, 4, 21, 58, 59):
        step = trace[number]
        assert step.reason == ""
        assert step.trace.output.shape == step.shape_out
    np.testing.assert_allclose(trace[59].trace.output, trace.output, rtol=1e-3, atol=1e-5)


# --- what reads what


def test_what_a_residual_block_adds_is_said_not_to_be_seen():
    torch.manual_seed(0)
    trace = explain(nets.Block(3, 4, 2), torch.rand(3, 8, 8))
    names = ["conv1", "bn1", "relu", "conv2", "bn2", "downsample.0", "downsample.1", "relu"]
    assert [step.name for step in trace] == names
    assert [step.reads for step in trace] == [INPUT, 0, 1, 2, 3, INPUT, 5, UNSEEN]
    assert trace[5].notes == ("It reads the model's input.",)
    assert trace[7].first == 2
    assert trace[7].describe() == (
        "relu (ReLU): 4×4×4 → 4×4×4. It has worked before. Its input is made between the layers, for example by an "
        "addition: that is not shown here."
    )
    np.testing.assert_array_equal(trace[7].trace.output, trace.output)


def test_a_layer_may_read_an_earlier_one(resnet):
    trace = resnet[-1]
    step = trace[21]
    assert step.name == "stages.1.0.downsample.0"
    assert trace[step.reads].name == "stages.0.1.relu"
    assert step.describe() == (
        "stages.1.0.downsample.0 (Conv2d): 64×56×56 → 128×28×28, 8192 parameters, 6\u202f422\u202f528 MACs. It reads "
        "the output of stages.0.1.relu, step 16 of 60."
    )
    assert trace[59].reads == 58, "what is only flattened is what the layer before gives"


def test_functions_between_layers_are_not_seen():
    nets = {
        "in place": lambda own, x: own.b(own.a(x).add_(1)),
        "new": lambda own, x: own.b(torch.relu(own.a(x) - 1)),
        "a part": lambda own, x: own.b(own.a(x)[..., :4]),
    }
    for forward in nets.values():
        trace = explain(Computed(forward, a=nn.Conv1d(1, 1, 2), b=nn.Conv1d(1, 2, 2)), torch.rand(1, 8))
        assert [step.reads for step in trace] == [INPUT, UNSEEN]
        assert trace[1].reason == ""
    trace = explain(Computed(lambda own, x: own.a(x) + 1, a=nn.Conv1d(1, 1, 2)), torch.rand(1, 8))
    assert trace[0].notes == ("The model's output is made after this layer, by operations that are not shown here.",)
    np.testing.assert_allclose(trace.output, trace[0].trace.output + 1, rtol=1e-5)
    trace = explain(Computed(lambda own, x: own.a(2 * x), a=nn.Conv1d(1, 1, 2)), torch.rand(1, 8))
    assert trace[0].reads == UNSEEN


def test_a_layer_that_works_twice_has_two_steps_and_counts_once():
    torch.manual_seed(0)
    shared = nn.Conv1d(2, 2, 3, padding=1)
    net, x = nn.Sequential(shared, nn.ReLU(), shared), torch.rand(2, 5)
    trace = explain(net, x)
    assert [step.name for step in trace] == ["0", "1", "0"]
    assert [step.first for step in trace] == [0, 1, 0]
    assert trace.parameters == trace[0].parameters == trace[2].parameters == 14
    assert trace.macs == 2 * trace[0].macs
    assert trace[2].notes == ("It has worked before: its parameters count once.",)
    np.testing.assert_allclose(trace[2].trace.output, trace.output, rtol=1e-5, atol=1e-6)
    assert (trace[0].trace.x != trace[2].trace.x).any()


def test_parameters_of_what_calls_layers_are_told_apart():
    model = Computed(lambda own, x: own.scale * own.a(x), a=nn.Conv1d(1, 1, 2, bias=False))
    model.scale = nn.Parameter(torch.ones(1, 7))
    trace = explain(model, torch.rand(1, 8))
    assert (trace.parameters, trace.parameters_outside) == (9, 7)


# --- layers that are not explained


def lying():
    layer = nn.Conv1d(2, 2, 1)
    layer.register_forward_hook(lambda module, inputs, output: output + 1)
    return layer


class Own(Module):  # type: ignore[misc]
    """A layer of one's own, that calls no other."""

    def forward(self, x):
        return 2 * x


class Doubled(Conv1d):  # type: ignore[misc]
    """A subclass that computes something else."""

    def forward(self, x):
        return 2 * super().forward(x)


PLAIN = {
    "own": (Own(), "convviz does not explain layers of the kind Own."),
    "norm": (nn.GroupNorm(1, 2), "convviz does not explain layers of the kind GroupNorm."),
    "lying": (lying(), "convviz does not explain it: layer.odd gives "),
    "doubled": (Doubled(2, 2, 1), "convviz does not explain it: layer.odd is a Doubled, whose forward is not that of"),
    "own statistics": (
        nn.BatchNorm1d(2, track_running_stats=False),
        "convviz does not explain it: layer.odd.track_running_stats is False",
    ),
    "dropout": (nn.Dropout(), "It passes its input on unchanged."),
}


@pytest.mark.parametrize("name", PLAIN)
def test_a_layer_that_is_not_explained_says_why_and_breaks_nothing(name):
    odd, reason = PLAIN[name]
    model = Computed(lambda own, x: own.last(own.odd(own.conv(x))), conv=nn.Conv1d(1, 2, 3), odd=odd, last=nn.ReLU())
    trace = explain(model, torch.rand(1, 8))
    assert [step.name for step in trace] == ["conv", "odd", "last"]
    assert trace[1].trace is None
    assert trace[1].reason.startswith(reason)
    assert bool(trace[1].plain) == (name != "lying"), "a lie shows when the layer is opened"
    macs = {"norm": None, "lying": 24, "doubled": None}
    assert trace[1].macs == macs.get(name, 0)
    assert trace[0].trace is not None
    assert trace[2].trace is not None


def test_layers_that_read_and_give_all_kinds_of_things_are_plain():
    lstm = Computed(lambda own, x: {"out": own.lstm(own.conv(x).mT)[0]}, conv=nn.Conv1d(2, 3, 1), lstm=nn.LSTM(3, 4))
    trace = explain(lstm, torch.rand(2, 5))
    assert [step.plain for step in trace] == ["", "convviz does not explain layers of the kind LSTM."]
    assert trace[1].macs is None
    assert trace.output.shape == (5, 4)
    attention = Computed(
        lambda own, x: own.attention(x, key=x, value=x), attention=nn.MultiheadAttention(4, 2, batch_first=True)
    )
    trace = explain(attention, torch.rand(1, 3, 4))
    assert [(step.name, step.kind) for step in trace] == [("attention", "MultiheadAttention")], (
        "one layer, not its parts"
    )
    words = nn.Sequential(nn.Embedding(7, 3), nn.Linear(3, 2))
    trace = explain(words, torch.tensor([[1, 6, 2]]))
    assert [step.shape_out for step in trace] == [(3, 3), (3, 2)]
    assert trace[1].trace.output.shape == (3, 2)


def test_a_batch_that_is_made_within_the_model_is_not_explained():
    model = Computed(lambda own, x: own.conv(x.reshape(4, 1, 2)), conv=nn.Conv1d(1, 1, 2))
    step = explain(model, torch.rand(1, 1, 8))[0]
    assert (step.shape_in, step.shape_out, step.macs) == ((4, 1, 2), (4, 1, 1), 8)
    assert step.reason == "It reads a batch of 4; convviz explains one input at a time."


def test_weights_that_are_computed_anew_belong_to_their_layer():
    wrapped = nn.utils.parametrizations.weight_norm(nn.Conv1d(1, 2, 2))
    trace = explain(nn.Sequential(wrapped, nn.ReLU()), torch.rand(1, 8))
    assert [step.name for step in trace] == ["0", "1"]
    assert trace[0].reason == ""


def test_a_layer_of_too_many_numbers_is_not_opened():
    layer = nn.Linear(2**13, 2**13, bias=False)
    trace = explain(nn.Sequential(layer), torch.ones(2**13))
    assert trace[0].reason == (
        "It has 67\u202f108\u202f864 numbers; convviz explains layers of up to 33\u202f554\u202f432."
    )


def test_a_layer_whose_weights_have_changed_since_is_not_explained():
    net = nn.Sequential(nn.Conv1d(1, 1, 2), nn.ReLU())
    trace = explain(net, torch.rand(1, 8))
    with torch.no_grad():
        net[0].weight += 1
    assert trace[0].trace is None
    assert trace[0].reason.startswith("convviz does not explain it: layer[0] gives ")
    assert "but torch.nn.Conv1d with its parameters gives" in trace[0].reason


# --- the model is left as it was


def hooks_of(model):
    return [len(layer._forward_hooks) + len(layer._forward_pre_hooks) for layer in model.modules()]


def test_a_model_is_left_as_it_was():
    net, x = nets.chain(), torch.rand(1, 3, 16, 16, requires_grad=True)
    net[1].eval()
    modes = [layer.training for layer in net.modules()]
    before = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    trace = explain(net, x)
    assert trace[1].trace is not None
    assert [layer.training for layer in net.modules()] == modes
    assert all((tensor == before[name]).all() for name, tensor in net.state_dict().items())
    assert all(parameter.grad is None and parameter.requires_grad for parameter in net.parameters())
    assert not any(hooks_of(net))
    assert torch.is_grad_enabled()
    assert x.grad is None


def test_a_model_that_raises_is_left_as_it_was():
    def fails(own, x):
        own.a(x)
        raise ZeroDivisionError("on purpose")

    model = Computed(fails, a=nn.Conv1d(1, 1, 2))
    with pytest.raises(ValueError, match="layer fails on x: on purpose; accepted: a model that runs on it") as raised:
        explain(model, torch.rand(1, 8))
    assert isinstance(raised.value.__cause__, ZeroDivisionError)
    assert model.training
    assert model.a.training
    assert not any(hooks_of(model))


def test_layers_run_once_and_are_computed_when_they_are_opened(monkeypatch):
    net, seen, opened = nn.Sequential(nn.Conv1d(1, 1, 2), nn.ReLU()), [], []
    conv_layer = torch_parts.conv_layer
    monkeypatch.setattr(torch_parts, "conv_layer", lambda *args, **more: opened.append(1) or conv_layer(*args, **more))
    net[0].register_forward_hook(lambda module, inputs, output: seen.append(module))
    trace = explain(net, torch.rand(1, 8))
    assert [step.describe() for step in trace]
    assert not opened
    assert trace[0].trace is trace[0].trace
    assert (len(seen), len(opened)) == (1, 1)


# --- the trace, and what is refused


def test_the_output_is_known_after_the_last_layer():
    trace = explain(nn.Sequential(nn.Conv1d(1, 1, 2), nn.ReLU()), torch.rand(1, 8))
    assert trace.partial(0).mask.all()
    assert not trace.partial(-1).mask.any()
    assert trace.index_of(1) == 1
    with pytest.raises(IndexError, match="position="):
        trace.index_of(2)


def test_an_input_may_lack_its_batch_axis_where_the_first_layer_shows_that():
    flat = nn.Sequential(nn.ReLU(), nn.Linear(9, 2))
    for net, shape in ((nets.chain(), (3, 16, 16)), (flat, (9,)), (nn.Sequential(nn.Flatten(), flat), (1, 3, 3))):
        x = torch.rand(shape)
        same = x if len(shape) == 3 and shape[0] == 1 else x[None]
        np.testing.assert_array_equal(explain(net, x).output, explain(net, same).output)


@pytest.mark.parametrize(
    ("net", "shape", "message"),
    [
        (
            nn.Sequential(nn.Conv2d(3, 1, 1)),
            (2, 3, 5, 5),
            r"x is a batch of 2 \(shape \(2, 3, 5, 5\)\); accepted: one in",
        ),
        (
            nn.Sequential(nn.Flatten()),
            (2, 3),
            r"x has shape \(2, 3\), whose first axis Sequential takes for the batch; ",
        ),
        (
            nn.Sequential(nn.LazyConv2d(2, 1)),
            (3, 5, 5),
            r"layer\[0\] has no weights yet; accepted: a lazy layer after its",
        ),
        (nn.Sequential(), (1, 3), "layer has no layers that compute anything; accepted: a model that calls its layers"),
        (nn.Sequential(nn.Conv2d(4, 1, 1)), (3, 5, 5), "layer fails on x: Given groups=1, weight of size"),
    ],
)
def test_what_cannot_be_run_is_named(net, shape, message):
    with pytest.raises(ValueError, match=message):
        explain(net, torch.ones(shape))
