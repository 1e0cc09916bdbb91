"""Counts of parameters and multiplications, against PyTorch's layers and dull loops; and what is said of bad input."""

import os
import re
from importlib import import_module

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz.operations.layers.parameters import (
    Count,
    conv_multiplications,
    conv_parameters,
    dense_parameters,
    separable_multiplications,
    separable_parameters,
)
from tests import reference

FEW = st.integers(1, 5)


@pytest.fixture(scope="module")
def torch():
    if os.environ.get("CONVVIZ_REQUIRE_TORCH") != "1":
        pytest.importorskip("torch", reason="PyTorch is not installed; CONVVIZ_REQUIRE_TORCH=1 insists on it")
    return import_module("torch")


@st.composite
def layers(draw):
    """Draw channels, filters, kernel, groups."""
    groups = draw(st.integers(1, 3))
    channels, filters = (groups * draw(st.integers(1, 4)) for _ in range(2))
    return channels, filters, tuple(draw(st.lists(FEW, min_size=1, max_size=3))), groups


def parameters_of(*modules):
    return sum(parameter.numel() for module in modules for parameter in module.parameters())


def products(channels, filters, kernel, output, groups=1):
    """Count a layer's products by listing every one; it reads a border, so that the output is as asked for."""
    axes = len(kernel)
    padding = [(0, k - 1) for k in kernel]
    shape, ones = (filters, channels // groups, *kernel), (1,) * axes
    return len(reference.layer_terms((channels, *output), shape, ones, padding, ones, groups, mode="zeros", flip=False))


def value(formula):
    """Work out a formula, by Python's own arithmetic."""
    assert re.fullmatch(r"[0-9]+(( \+ |·)[0-9]+)*", formula)
    return eval(formula.replace("·", "*"))


@given(layers(), st.booleans())
def test_a_convolutional_layer_has_as_many_parameters_as_pytorch_s(torch, layer, bias):
    channels, filters, kernel, groups = layer
    count = conv_parameters(channels, filters, kernel, groups=groups, bias=bias)
    kind = getattr(torch.nn, f"Conv{len(kernel)}d")
    assert count.number == parameters_of(kind(channels, filters, kernel, groups=groups, bias=bias))
    assert value(count.formula) == count.number


@given(FEW, FEW, st.booleans())
def test_a_dense_layer_has_as_many_parameters_as_pytorch_s(torch, inputs, neurons, bias):
    count = dense_parameters(inputs, neurons, bias=bias)
    assert count.number == parameters_of(torch.nn.Linear(inputs, neurons, bias=bias))
    assert value(count.formula) == count.number


@given(layers(), st.booleans())
def test_a_separable_layer_has_as_many_parameters_as_two_of_pytorch_s(torch, layer, bias):
    channels, filters, kernel, _ = layer
    count = separable_parameters(channels, filters, kernel, bias=bias)
    kind = getattr(torch.nn, f"Conv{len(kernel)}d")
    depthwise = kind(channels, channels, kernel, groups=channels, bias=bias)
    assert count.number == parameters_of(depthwise, kind(channels, filters, 1, bias=bias))
    assert value(count.formula) == count.number


@st.composite
def small_layers(draw):
    """Draw channels, filters, kernel, output and groups of a layer whose products can be listed."""
    axes, groups = draw(st.integers(1, 3)), draw(st.integers(1, 2))
    most = {1: 5, 2: 3, 3: 2}[axes]
    kernel, output = (tuple(draw(st.integers(1, most)) for _ in range(axes)) for _ in range(2))
    return groups * draw(st.integers(1, 2)), groups * draw(st.integers(1, 2)), kernel, output, groups


@given(small_layers())
def test_multiplications_are_the_products_one_by_one(layer):
    channels, filters, kernel, output, groups = layer
    count = conv_multiplications(channels, filters, kernel, output, groups=groups)
    assert count.number == value(count.formula) == products(*layer)


@given(small_layers())
def test_multiplications_of_a_separable_layer_are_those_of_its_two_layers(layer):
    channels, filters, kernel, output, _ = layer
    count = separable_multiplications(channels, filters, kernel, output)
    first = products(channels, channels, kernel, output, groups=channels)
    second = products(channels, filters, (1,) * len(kernel), output)
    assert count.number == value(count.formula) == first + second


@pytest.mark.parametrize(
    ("count", "written"),
    [
        (conv_parameters(3, 8), "3·3·3·8 + 8 = 224"),
        (conv_parameters(3, 8, (5,), bias=False), "5·3·8 = 120"),
        (conv_parameters(4, 8, (1, 2, 3), groups=4), "1·2·3·1·8 + 8 = 56"),
        (dense_parameters(108, 128), "108·128 + 128 = 13\u202f952"),
        (separable_parameters(8, 16, (3, 3)), "3·3·8 + 8 + 8·16 + 16 = 224"),
        (conv_multiplications(3, 8, (3, 3), (4, 4)), "3·3·3·8·4·4 = 3456"),
        (conv_multiplications(3, 8, (3, 3), 4), "3·3·3·8·4·4 = 3456"),
        (separable_multiplications(8, 16, (3, 3), (4, 5)), "3·3·8·4·5 + 8·16·4·5 = 4000"),
    ],
)
def test_the_formula_reads_kernel_channels_filters(count, written):
    assert str(count) == written


@pytest.mark.parametrize(
    ("number", "total"), [(0, "0"), (9999, "9999"), (10000, "10\u202f000"), (1234567, "1\u202f234\u202f567")]
)
def test_long_totals_are_grouped_and_formulas_are_not(number, total):
    assert str(Count(formula=f"1·{number}", number=number)) == f"1·{number} = {total}"


def test_numbers_without_end_stay_exact():
    assert dense_parameters(10**12, np.int64(10**12)).number == 10**24 + 10**12


@pytest.mark.parametrize(
    ("count", "arguments", "kind", "message"),
    [
        (conv_parameters, {"channels": 0, "filters": 8}, ValueError, "channels is 0; accepted: an integer from 1 on"),
        (conv_parameters, {"channels": 3, "filters": -1}, ValueError, "filters is -1; accepted: an integer from 1 on"),
        (
            conv_parameters,
            {"channels": 3.0, "filters": 8},
            TypeError,
            "channels is 3.0 (float); accepted: an integer from 1 on",
        ),
        (
            conv_parameters,
            {"channels": 3, "filters": True},
            TypeError,
            "filters is True (bool); accepted: an integer from 1 on",
        ),
        (
            conv_parameters,
            {"channels": 3, "filters": 8, "kernel": 3},
            TypeError,
            "kernel is 3 (int); accepted: a tuple of one to 3 integers",
        ),
        (
            conv_parameters,
            {"channels": 3, "filters": 8, "kernel": ()},
            ValueError,
            "kernel is (); accepted: a tuple of one to 3 integers",
        ),
        (
            conv_parameters,
            {"channels": 3, "filters": 8, "kernel": (3, 0)},
            ValueError,
            "kernel is (3, 0); accepted: a tuple of one to 3",
        ),
        (
            conv_parameters,
            {"channels": 3, "filters": 8, "kernel": (1,) * 4},
            ValueError,
            "kernel is (1, 1, 1, 1); accepted: a tuple of one to 3",
        ),
        (
            conv_parameters,
            {"channels": 3, "filters": 8, "kernel": "33"},
            TypeError,
            "kernel is '33' (str); accepted: a tuple",
        ),
        (
            conv_parameters,
            {"channels": 4, "filters": 6, "groups": 4},
            ValueError,
            "groups is 4, with 4 channels and 6 filters; accepted",
        ),
        (
            conv_parameters,
            {"channels": 3, "filters": 6, "groups": 2},
            ValueError,
            "groups is 2, with 3 channels and 6 filters; accepted",
        ),
        (conv_parameters, {"channels": 4, "filters": 6, "groups": 0}, ValueError, "groups is 0, with 4 channels"),
        (
            conv_parameters,
            {"channels": 4, "filters": 6, "groups": 1.5},
            TypeError,
            "groups is 1.5 (float); accepted: an integer from 1",
        ),
        (
            conv_parameters,
            {"channels": 4, "filters": 6, "bias": None},
            TypeError,
            "bias is None (NoneType); accepted: True or False",
        ),
        (dense_parameters, {"inputs": 0, "neurons": 1}, ValueError, "inputs is 0; accepted: an integer from 1 on"),
        (
            dense_parameters,
            {"inputs": 1, "neurons": "2"},
            TypeError,
            "neurons is '2' (str); accepted: an integer from 1 on",
        ),
        (separable_parameters, {"channels": 2, "filters": 0}, ValueError, "filters is 0; accepted"),
        (
            conv_multiplications,
            {"channels": 1, "filters": 1, "kernel": (3, 3), "output": (4,)},
            ValueError,
            "output is (4,), with 1 number for 2 axes",
        ),
        (
            conv_multiplications,
            {"channels": 1, "filters": 1, "kernel": (3, 3), "output": 0},
            ValueError,
            "output is 0; accepted: an integer from 1 on",
        ),
        (
            separable_multiplications,
            {"channels": 1, "filters": 1, "kernel": (3,), "output": (2.5,)},
            TypeError,
            "output is 2.5 (float); accepted",
        ),
    ],
)
def test_a_bad_argument_is_named(count, arguments, kind, message):
    with pytest.raises(kind, match=re.escape(message)):
        count(**arguments)
