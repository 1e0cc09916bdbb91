"""Whatever an operation is given: it computes, or it names the argument, its value and what it accepts, at once."""

import tracemalloc
from functools import partial

import numpy as np
import pytest

import convviz
from convviz import samples
from convviz.geometry import Axis, Geometry
from convviz.operations.layers import parameters
from convviz.operations.layers.adaptive_pool import adaptive_pool
from convviz.operations.layers.chain import Chain
from convviz.operations.layers.dense_rows import dense_rows
from convviz.operations.layers.elementwise import elementwise
from convviz.operations.layers.flatten import flatten
from convviz.operations.layers.pointwise import pointwise_dense
from convviz.operations.layers.scale_shift import scale_shift


class Silent:
    """Neither describes itself nor becomes an array."""

    def __repr__(self):
        raise RuntimeError("no words")

    def __array__(self, *_, **__):
        raise KeyError("no numbers")


def fails(*_, **__):
    """Fail, as a user's function may."""
    raise ZeroDivisionError("division by zero")


def no_numbers(z):
    """Return no numbers."""
    return z * np.nan


X = np.arange(16.0).reshape(4, 4)
LAYER = convviz.conv_layer(X[None], np.ones((2, 1, 2, 2)))
WITH_TANH = convviz.conv_layer(X[None], np.ones((2, 1, 2, 2)), activation=np.tanh)
WINDOWS = convviz.correlate(X, np.ones((2, 2)))
STAMPS = convviz.conv_transpose(X[None], np.ones((1, 2, 2, 2)))
MATCH = convviz.match_template(X, np.eye(2))
LEARNT = convviz.learn_kernel(X, WINDOWS.output, steps=3)
HUGE = Geometry((Axis(size=10**12, kernel=2),))

ODD = [
    *(None, True, 0, -1, 3, 10**6, 10**9, 10**12, 10**18, -(10**18), 10**30, 10**5000),
    *(0.5, np.nan, np.inf, 1e308, 1j, "", "text", "same", b"x", "x" * 10**5),
    *((), (2,), (2, 2), (1, 2, 3), ((1, 2),), (10**6, 10**6), (10**9, 10**9), (10**5000,), [None], ["a"]),
    *([[1, 2], [3]], {}, {"a": 1}, np.array(2), np.array([[1.0, np.nan]]), np.zeros((2, 0, 3)), np.ones((1,) * 7)),
    *(np.full((3, 3), 1e308), np.full((3, 3), 2**62), np.ones((300, 1)), [10**400], range(10**12), slice(0, 1)),
    *(object(), Silent(), [Silent()], fails, no_numbers, np.ma.masked, WINDOWS, MATCH, HUGE, [MATCH], [HUGE]),
]


def one(operation, /, **arguments):
    """Say how an operation is called that accepts these arguments."""
    name = getattr(operation, "__qualname__", None) or operation.func.__qualname__
    return [pytest.param(operation, arguments, each, id=f"{name}-{each}") for each in arguments]


LAYER_ARGUMENTS = {"stride": 1, "padding": 1, "dilation": 1, "groups": 1}
POOLED = {"stride": None, "padding": 0, "dilation": 1, "ceil_mode": False, "count_include_pad": True}
LEARNING = {"shape": (2, 2), "start": "normal", "seed": 0, "rate": None, "flip": False, "mode": "valid"}
CALLS = [
    *one(convviz.correlate, x=X, w=np.ones((2, 2)), mode="valid"),
    *one(convviz.convolve, x=X, w=np.ones((2, 2)), mode="full"),
    *one(
        convviz.conv_layer,
        x=X[None],
        weight=np.ones((2, 1, 2, 2)),
        bias=[1, 2],
        **{**LAYER_ARGUMENTS, "padding_mode": "zeros", "flip": False, "activation": None},
    ),
    *one(
        convviz.conv_transpose,
        x=X[None],
        weight=np.ones((1, 2, 2, 2)),
        bias=[1, 2],
        **{**LAYER_ARGUMENTS, "output_padding": 0},
    ),
    *one(convviz.pool, x=X, size=2, kind="mean", **POOLED),
    *one(adaptive_pool, x=X[None], output=3, kind="mean"),
    *one(convviz.dense, x=[1, 2], weight=[[1, 2]], bias=[1], activation="relu"),
    *one(dense_rows, x=[[1, 2]], weight=[[1, 2]], bias=[1], activation="relu"),
    *one(pointwise_dense, x=np.ones((2, 2, 2)), weight=[[1, 2]], bias=[1], activation="relu"),
    *one(elementwise, x=[[1, 2]], function="relu", parameters=None),
    *one(flatten, x=[[1, 2]], first=0, last=-1),
    *one(scale_shift, x=[[1, 2]], scale=[2], shift=[1]),
    *one(convviz.echoes, x=[1, 2], h=[3, 4]),
    *one(convviz.outer_product, x=[1, 2], h=[3, 4]),
    *one(convviz.spectrum, x=X, w=np.ones((2, 2)), conjugate=False),
    *one(convviz.frequency_response, w=np.ones((2, 2)), n=8),
    *one(convviz.associativity, a=[1, 2], b=[2, 3], c=[3, 4], flip=True),
    *one(convviz.receptive_field, layers=[LAYER]),
    *one(convviz.gradients, trace=LAYER, upstream=None),
    *one(partial(convviz.gradients, WITH_TANH), derivative=lambda z: 1 - np.tanh(z) ** 2),
    *one(partial(convviz.learn_kernel, steps=2), x=X, target=WINDOWS.output, **LEARNING),
    *one(convviz.explain, layer=None, x=X),
    *one(convviz.image_distance, a=X, b=X + 1),
    *one(convviz.match_template, image=X, template=np.eye(2), metric="normalized"),
    *one(convviz.im2col, trace=LAYER),
    *one(convviz.col2im, columns=convviz.im2col(WINDOWS), trace=WINDOWS),
    *one(convviz.matrix_view, trace=LAYER, max_bytes=1 << 20),
    *one(convviz.toeplitz, trace=LAYER, sparse=False, max_bytes=1 << 20),
    *one(convviz.tied, trace=LAYER, max_bytes=1 << 20),
    *one(convviz.sum_tied, matrix=convviz.toeplitz(WINDOWS), trace=WINDOWS),
    *one(samples.kernel, name="sobel_x"),
    *one(samples.signal, name="step", size=6),
    *one(samples.picture, name="plus"),
    *one(samples.photograph, rows=4, colour=False),
    *one(partial(samples.read_picture, side=4), data=b"x"),
    *one(Chain, traces=[LAYER], names=()),
    *one(parameters.conv_parameters, channels=1, filters=2, kernel=(3, 3), groups=1, bias=True),
    *one(parameters.conv_multiplications, channels=1, filters=2, kernel=(3, 3), output=4, groups=1),
    *one(LAYER.__getitem__, index=0),
    *one(LAYER.partial, index=0),
    *one(LAYER.index_of, position=(0, 0, 0)),
    *one(STAMPS.partial, index=0),
    *one(STAMPS.stamped, count=0),
    *one(convviz.echoes([1, 2], [3]).partial, index=0),
    *one(convviz.gradients(LAYER).running, index=0),
    *one(LEARNT.layer, index=0),
    *one(convviz.spectrum(X, X).back_so_far, index=0),
]
ALSO_NAMED = {"parameters": ("function",), "trace": ("upstream", "matrix", "columns"), "traces": ("trace",)}
"""Arguments that are at fault together with others."""


@pytest.mark.parametrize(("operation", "arguments", "name"), CALLS)
def test_what_is_not_accepted_is_named_with_what_is(operation, arguments, name):
    for value in ODD:
        try:
            if operation == LAYER.__getitem__:
                operation(value)
            else:
                operation(**{**arguments, name: value})
        except (TypeError, ValueError, IndexError) as error:
            message = str(error)
            assert any(each in message for each in (name, *ALSO_NAMED.get(name, ()))), (type(value), message)
            assert "accepted" in message, (type(value), message)
            assert len(message) < 1000
            if isinstance(error, IndexError):
                assert name in ("index", "position")


LARGE = [
    (lambda: convviz.conv_layer(X[None], np.ones((1, 1, 2, 2)), padding=10**6), "padding is 1000000"),
    (lambda: convviz.conv_layer(X[None], np.ones((1, 1, 2, 2)), stride=10**18), "stride is 1000000000000000000"),
    (lambda: convviz.conv_layer(np.ones((1, 999, 999)), np.ones((999, 1, 1, 1))), r"weight has shape \(999, "),
    (lambda: convviz.conv_transpose(X[None], np.ones((1, 1, 2, 2)), stride=10**6), "stride is 1000000"),
    (lambda: convviz.conv_transpose(X[None], np.ones((1, 1, 2, 2)), dilation=10**6), "dilation 1000000"),
    (lambda: convviz.pool(X[None], 2, padding=((10**6, 0), (0, 10**9))), r"padding \(\(1000000, 0\)"),
    (lambda: adaptive_pool(X[None], 10**6), "output is 1000000"),
    (lambda: convviz.correlate(np.ones((10**5, 1)), np.ones((1, 10**5)), "full"), r"w has \(1, 100000\)"),
    (lambda: convviz.associativity(np.ones((10**5, 1)), np.ones((1, 10**5)), [[1]], flip=True), r"\(1, 100000\)"),
    (lambda: convviz.spectrum(np.ones((10**5, 1)), np.ones((1, 10**5))), r"w has \(1, 100000\)"),
    (lambda: convviz.outer_product(np.ones(12000), np.ones(12000)).table, "x has 12000 numbers"),
    (lambda: convviz.frequency_response([1, 2], n=10**12), "n is 1000000000000"),
    (lambda: convviz.im2col(convviz.correlate(np.ones((600, 600)), np.ones((50, 50)))), "trace has 303601 windows"),
    (lambda: samples.signal("step", 10**12), "size is 1000000000000"),
    (lambda: convviz.receptive_field([HUGE]), "layers make an input of"),
    (lambda: convviz.learn_kernel(np.ones((300, 300)), [[1.0]]), "has 90000 weights"),
]


@pytest.mark.parametrize(("call", "message"), LARGE)
def test_what_would_not_fit_is_refused_before_memory_is_taken(call, message):
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match=f"{message}.*accepted: "):
            call()
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 100 * 2**20


def test_a_large_stride_that_fits_is_accepted():
    assert convviz.conv_layer(X[None], np.ones((1, 1, 2, 2)), stride=2**31 - 1).output.tolist() == [[[10]]]
