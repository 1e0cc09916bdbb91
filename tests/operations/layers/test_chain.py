"""Chains of traces: what they hold, how scales are folded in, and what is no chain."""

import re

import numpy as np
import pytest

from convviz.geometry import receptive_field
from convviz.operations.layers.chain import Chain
from convviz.operations.layers.conv_layer import conv_layer
from convviz.operations.layers.elementwise import elementwise
from convviz.operations.layers.flatten import flatten
from convviz.operations.layers.pool import pool
from convviz.operations.layers.scale_shift import scale_shift

random = np.random.default_rng(0)
X = random.normal(size=(2, 8, 8))


def network():
    """Make a convolution, a scale, a relu, a pooling and a flattening."""
    traces = [conv_layer(X, random.normal(size=(3, 2, 3, 3)), padding=1)]
    traces.append(scale_shift(traces[-1].output, [0.5, -2, 3], [1, 0, -1]))
    traces.append(elementwise(traces[-1].output, "relu"))
    traces.append(pool(traces[-1].output, 2))
    return [*traces, flatten(traces[-1].output)]


def test_a_chain_is_a_sequence_of_traces():
    traces = network()
    chain = Chain(traces, names=["conv", "norm", "relu", "pool", "flat"])
    assert len(chain) == 5
    assert list(chain) == traces
    assert (chain[0], chain[-1]) == (traces[0], traces[-1])
    assert chain.names == ("conv", "norm", "relu", "pool", "flat")
    assert chain.output is traces[-1].output
    np.testing.assert_array_equal(chain.x, X)
    part = chain[1:3]
    assert isinstance(part, Chain)
    assert (part.names, list(part)) == (("norm", "relu"), traces[1:3])
    assert Chain(traces[:2]).names == ("0", "1")


def test_the_receptive_field_of_a_chain_is_that_of_its_windows():
    chain = Chain(network()[:-1])
    assert receptive_field(chain) == receptive_field([chain[0], chain[3]])
    assert receptive_field(chain).size == (4, 4)


def test_a_scale_is_folded_and_the_rest_stays():
    chain = Chain(network())
    folded = chain.folded()
    assert folded.names == ("0+1", "2", "3", "4")
    np.testing.assert_allclose(folded[0].output, chain[1].output, rtol=0, atol=1e-12)
    assert list(folded)[1:] == list(chain)[2:]
    assert list(folded.folded()) == list(folded)


def test_two_scales_are_folded_one_after_the_other():
    layer = conv_layer([[1, 2]], [[[1]]], [1])
    first = scale_shift(layer.output, [2])
    second = scale_shift(first.output, [5], [1])
    folded = Chain([layer, first, second]).folded()
    assert folded.names == ("0+1+2",)
    assert folded.output.tolist() == second.output.tolist() == [[21, 31]]


def test_a_scale_after_an_activation_is_not_folded():
    layer = conv_layer([[1, 2]], [[[1]]], activation="relu")
    assert len(Chain([layer, scale_shift(layer.output, [2])]).folded()) == 2


LAYER = conv_layer([[1, 2]], [[[1]]])


@pytest.mark.parametrize(
    ("traces", "names", "error", "message"),
    [
        ([], (), ValueError, "traces is empty; accepted: at least one trace"),
        ([3], (), TypeError, "traces[0] is a int; accepted: a trace of a layer, with its input x"),
        ([LAYER, LAYER], ("a",), ValueError, "names has 1 names for 2 traces; accepted: one for each"),
        (
            [LAYER, elementwise([[1, 3]], "relu")],
            (),
            ValueError,
            "traces[1].x (shape (1, 2)) is not the output of traces[0] (shape (1, 2)); accepted: traces that each read",
        ),
        (
            [LAYER, elementwise([[1, 2, 3]], "relu")],
            (),
            ValueError,
            "traces[1].x (shape (1, 3)) is not the output of t",
        ),
    ],
)
def test_what_is_no_chain_is_named(traces, names, error, message):
    with pytest.raises(error, match=re.escape(message)):
        Chain(traces, names)
