"""`explain` on layers of Keras, played by stand-ins, since tests do without Keras."""

import re
import subprocess
import sys
from itertools import product
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from convviz.operations.layers.chain import Chain
from convviz.operations.libraries.explain import explain
from tests.operations.libraries import stand_ins
from tests.operations.libraries.stand_ins import (
    POOLS,
    Conv1D,
    Conv2D,
    Conv2DTranspose,
    Dense,
    DepthwiseConv1D,
    DepthwiseConv2D,
    Doubled,
    Dropout,
    OldDepthwiseConv2D,
    SeparableConv1D,
    SeparableConv2D,
    Sequential,
    Standardised,
    convolved,
    relu,
    softmax,
)

random = np.random.default_rng(0)
SPATIAL = {1: (7,), 2: (5, 6), 3: (3, 4, 4)}
FORMATS = ("channels_last", "channels_first")


def expected(layer, x):
    """Run a layer, and move its channels to the front."""
    output = layer(np.asarray(x, dtype=float)[None])[0]
    return np.moveaxis(output, -1, 0) if layer.data_format == "channels_last" and output.ndim > 1 else output


def assert_explained(layer, x):
    """Compare what is explained with what the layer gives, for every form of the input, and return the trace."""
    wanted = expected(layer, x)
    traces = [explain(layer, given) for given in (x, x[None], x.tolist())]
    for trace in traces:
        np.testing.assert_allclose(trace.output, wanted, rtol=0, atol=1e-12)
    return traces[0]


def channels(x, layer):
    return np.moveaxis(x, -1, 0) if layer.data_format == "channels_first" else x


@pytest.mark.parametrize(("strides", "dilation"), [(1, 1), (2, 1), (1, 2)])
@pytest.mark.parametrize("axes", [1, 2, 3])
def test_channels_last_become_channels_first(axes, strides, dilation):
    x, kernel = random.normal(size=(*SPATIAL[axes], 2)), random.normal(size=(*(2, 1, 2)[:axes], 2, 3))
    for data_format, padding in product(FORMATS, ("valid", "same")):
        layer = getattr(stand_ins, f"Conv{axes}D")(
            kernel,
            random.normal(size=3),
            strides=(strides,) * axes,
            dilation_rate=(dilation,) * axes,
            padding=padding,
            data_format=data_format,
        )
        assert_explained(layer, channels(x, layer))


def test_same_pads_as_tensorflow_does():
    x, kernel = np.zeros((6, 6, 1)), np.ones((3, 3, 1, 1))
    geometry: Any = explain(Conv2D(kernel, strides=(2, 2), padding="same"), x)
    assert (geometry.geometry.before, geometry.geometry.after) == ((0, 0), (1, 1))


def test_causal_padding_looks_back():
    x = np.arange(5.0)[:, None]
    causal = Conv1D(np.array([1.0, 10.0]).reshape(2, 1, 1), padding="causal", dilation_rate=(2,), strides=(1,))
    assert explain(causal, x).output.tolist() == [[0, 10, 20 + 0, 30 + 1, 40 + 2]]


def test_groups():
    assert_explained(Conv2D(random.normal(size=(2, 2, 2, 6)), groups=2), random.normal(size=(4, 4, 4)))


@pytest.mark.parametrize("kind", [DepthwiseConv2D, OldDepthwiseConv2D])
def test_depthwise_filters_of_the_first_channel_come_first(kind):
    x, kernel = random.normal(size=(4, 5, 3)), random.normal(size=(2, 3, 3, 2))
    single = [convolved(x[..., c : c + 1], kernel[:, :, c : c + 1], (1, 1), (1, 1)) for c in range(3)]
    trace = assert_explained(kind(kernel, depth_multiplier=2), x)
    np.testing.assert_allclose(trace.output, np.moveaxis(np.concatenate(single, -1), -1, 0), rtol=0, atol=1e-12)


@pytest.mark.parametrize("data_format", FORMATS)
def test_depthwise_and_separable_layers_of_one_axis(data_format):
    x, kernel = random.normal(size=(7, 3)), random.normal(size=(3, 3, 2))
    depthwise = DepthwiseConv1D(kernel, padding="same", strides=2, data_format=data_format)
    assert_explained(depthwise, channels(x, depthwise))
    separable = SeparableConv1D(kernel, random.normal(size=(1, 6, 4)), padding="causal", data_format=data_format)
    assert_explained(separable, channels(x, separable))


@pytest.mark.parametrize("data_format", FORMATS)
def test_a_separable_layer_is_two_layers(data_format):
    x, kernel, pointwise = random.normal(size=(5, 6, 3)), random.normal(size=(2, 3, 3, 2)), random.normal(size=(6, 4))
    layer = SeparableConv2D(
        kernel,
        pointwise[None, None],
        random.normal(size=4),
        padding="same",
        strides=(2, 2),
        activation=softmax,
        data_format=data_format,
    )
    chain = assert_explained(layer, channels(x, layer))
    assert isinstance(chain, Chain)
    assert chain.names == ("depthwise", "pointwise")
    assert [trace.geometry.kernel_shape for trace in chain] == [(2, 3), (1, 1)]
    assert (chain[0].groups, chain[1].groups) == (3, 1)


@pytest.mark.parametrize(("padding", "strides"), list(product(["valid", "same"], [1, 2, 3])))
@pytest.mark.parametrize("cells", [1, 2, 3])
def test_transposed_layers(padding, strides, cells):
    for axes, added in product((1, 2, 3), (None, *range(strides))):
        if padding == "same" and added is not None and cells % 2 == 0 and added == 0:
            continue  # TensorFlow has no such output
        x = random.normal(size=(*SPATIAL[axes][:-1], 2, 2) if axes < 3 else (2, 2, 3, 2))
        layer = getattr(stand_ins, f"Conv{axes}DTranspose")(
            random.normal(size=(*(cells,) * axes, 3, 2)),
            random.normal(size=3),
            strides=(strides,) * axes,
            padding=padding,
            output_padding=added,
        )
        assert_explained(layer, x)
        layer.data_format = "channels_first"
        assert_explained(layer, np.moveaxis(x, -1, 0))


def test_a_transposed_layer_with_an_activation_is_two_layers():
    layer = Conv2DTranspose(random.normal(size=(2, 2, 3, 2)), strides=2, dilation_rate=(1, 1), activation=relu)
    chain = assert_explained(layer, random.normal(size=(2, 3, 2)))
    assert chain.names == ("sums", "relu")
    assert chain[1][0].describe().startswith("Output [0, 0, 0] = relu(")
    layer.activation = softmax
    assert assert_explained(layer, random.normal(size=(2, 3, 2))).names == ("sums", "softmax")


@pytest.mark.parametrize("name", POOLS)
@pytest.mark.parametrize("data_format", FORMATS)
def test_pools(name, data_format):
    axes = int(name[-2])
    x = random.normal(size=(*SPATIAL[axes], 2))
    for padding, strides, size in product(("valid", "same"), (None, 1, 2, 3), (1, 2, 3)):
        layer = POOLS[name](size, strides=strides, padding=padding, data_format=data_format)
        if name.startswith("Global"):
            found = explain(layer, channels(x, layer)).output
            np.testing.assert_allclose(found.ravel(), expected(layer, channels(x, layer)), rtol=0, atol=1e-12)
            layer.keepdims = True
        assert_explained(layer, channels(x, layer))


def test_dense_has_a_column_for_each_neuron():
    trace: Any = explain(Dense([[1, 2], [3, 4], [5, 6]], np.array([0.5, -99])), [[1, 0, 2]])
    assert trace.preactivation.tolist() == [11.5, -85]
    trace = explain(Dense([[1, -2]], activation=relu), [3])
    assert trace.output.tolist() == [3, 0]
    assert trace.activation == "relu"


@pytest.mark.parametrize("shape", [(3,), (2, 3), (2, 4, 3)])
@pytest.mark.parametrize("activation", [None, relu, softmax])
def test_dense_reads_the_last_axis(shape, activation):
    layer = Dense(random.normal(size=(3, 4)), random.normal(size=4), activation=activation)
    x = random.normal(size=shape)
    trace = explain(layer, x)
    np.testing.assert_allclose(trace.output, layer(x[None])[0], rtol=0, atol=1e-12)
    assert trace.output.shape == (*shape[:-1], 4)


@pytest.mark.parametrize("data_format", FORMATS)
def test_other_activations_meet_the_axes_that_keras_has(data_format):
    x, kernel = random.normal(size=(3, 3, 2)), random.normal(size=(1, 1, 2, 4))
    layer = Conv2D(kernel, activation=softmax, data_format=data_format)
    sums = np.moveaxis(convolved(x, kernel, (1, 1), (1, 1)), -1, 0)
    over = 0 if data_format == "channels_last" else -1
    trace = explain(layer, channels(x, layer))
    np.testing.assert_allclose(trace.output, np.exp(sums) / np.exp(sums).sum(axis=over, keepdims=True), rtol=1e-12)
    assert "= softmax(" in trace[0].describe()


@pytest.mark.parametrize("library", ["keras", "tf_keras"])
def test_activations_are_called_with_tensors_of_the_library(monkeypatch, library):
    """The older Keras' softmax asks its argument for its rank, which NumPy's arrays do not have."""

    class Tensor(np.ndarray):
        rank = 4

    def square(sums):
        met.append(getattr(sums, "rank", None))
        return np.asarray(sums) ** 2

    met: list[Any] = []
    converting = SimpleNamespace(convert_to_tensor=lambda array: array.view(Tensor))
    monkeypatch.setitem(sys.modules, "tensorflow", converting)
    monkeypatch.setitem(sys.modules, library, SimpleNamespace(ops=converting) if library == "keras" else object())
    kind = type("Conv2D", (stand_ins.Conv1D,), {"__module__": f"{library}.src.layers"})
    layer = kind(np.ones((1, 1, 1, 1)), activation=square)
    assert explain(layer, np.full((1, 1, 1), 3.0)).output.tolist() == [[[9]]]
    assert met.count(None) == 1  # the stand-in's own call
    assert set(met) == {None, 4}


# --- layers that compute something else


def differing():
    """Make layers that do not compute what their class and their weights say, each in another way."""
    kernel = random.normal(size=(2, 2, 3, 1))
    yield "standardised", Standardised(kernel)
    patched = Conv2D(kernel)
    patched.sums = lambda single: 1.001 * Conv2D.sums(patched, single)
    yield "patched", patched
    called = type("Conv2D", (Conv2D,), {"__call__": lambda self, inputs: Conv2D.call(self, inputs) + 1})
    yield "called", called(kernel)
    nothing = Conv2D(kernel)
    nothing.sums = lambda single: Conv2D.sums(nothing, single) * np.nan
    yield "nothing", nothing


@pytest.mark.parametrize("layer", [pytest.param(layer, id=name) for name, layer in differing()])
def test_a_layer_that_computes_something_else_is_refused(layer):
    x = random.normal(size=(4, 4, 3))
    message = r"layer gives \S+ at \[0, \d, \d\] \(channels first\), but Keras' Conv2D with its parameters gives \S+: "
    with pytest.raises(ValueError, match=message + r"they differ by \S+, .* numbers differ; accepted: layers that com"):
        explain(layer, x)


def test_the_largest_difference_is_named():
    layer = Dense(np.eye(3))
    layer.sums = lambda single: single + np.array([0, 5, 1])
    message = (
        "layer gives 7 at [1], but Keras' Dense with its parameters gives 2: they differ by 5, and rounding in float64 "
        "explains no more than "
    )
    with pytest.raises(ValueError, match=re.escape(message) + r".*; 2 of 3 numbers differ; accepted: layers that"):
        explain(layer, [1, 2, 3])


def test_another_shape_is_refused():
    layer = Dense(np.eye(3))
    layer.sums = lambda single: single[:2]
    with pytest.raises(
        ValueError, match=r"layer gives an output of shape \(2,\), but Keras' Dense .* gives \(3,\); acc"
    ):
        explain(layer, [1, 2, 3])


def test_a_layer_that_fails_is_refused():
    layer = Dense(np.eye(3))

    def failing(single):
        raise KeyError("no such thing")

    layer.sums = failing
    with pytest.raises(ValueError, match=r"layer fails on x: 'no such thing'; accepted: a layer that runs on it"):
        explain(layer, [1, 2, 3])


def test_what_float32_rounds_is_no_difference():
    x, kernel = random.normal(size=(8, 8, 16)), random.normal(size=(3, 3, 16, 4)).astype(np.float32)
    layer = Conv2D(kernel)
    layer.compute_dtype = "float32"
    layer.sums = lambda single: Conv2D.sums(layer, single).astype(np.float32)
    layer.finished = lambda sums: sums
    assert explain(layer, x).output.dtype == np.float64
    layer.sums = lambda single: (Conv2D.sums(layer, single) * (1 + 1e-4)).astype(np.float32)
    with pytest.raises(ValueError, match="and rounding in float32 explains no more than"):
        explain(layer, x)


K = np.ones((2, 2, 3, 1))


def patched():
    layer = Conv2D(K)
    layer.call = lambda inputs: inputs
    return layer


def test_the_layers_of_a_model_are_explained_one_by_one():
    with pytest.raises(
        TypeError, match=r"Sequential; .* of a model of Keras its layers one by one, such as model.layers"
    ):
        explain(Sequential(K), np.ones((4, 4, 3)))


FAULTS = [
    (Dropout(K), TypeError, "layer is a keras.src.layers.stand_in.Dropout; accepted: torch.nn.Conv1d to Conv3d, "),
    (Doubled(K), TypeError, "layer is a Doubled, whose call is not that of Keras' Conv2D; accepted: layers with"),
    (
        patched(),
        TypeError,
        "layer is a Conv2D, whose call is not that of Keras' Conv2D; accepted: layers with the call",
    ),
    (
        Conv2D(K, data_format="NHWC"),
        ValueError,
        "layer.data_format is 'NHWC'; accepted: 'channels_last' or 'channels_f",
    ),
    (
        Conv2D(K, padding="full"),
        ValueError,
        "layer.padding is 'full'; accepted: 'valid', 'same', or for convolutions with one axis 'causal'",
    ),
    (Conv2D(K, padding="causal"), ValueError, "layer.padding is 'causal'; accepted: 'valid', 'same', or for convolu"),
    (
        Conv2D(K, built=False),
        ValueError,
        "layer has no weights yet (layer.built is False); accepted: a layer after its",
    ),
    (Conv2D(K, quantization_mode="int8"), ValueError, "layer.quantization_mode is 'int8'; accepted: None"),
    (Conv2D(K * 1j), TypeError, "layer.kernel holds complex numbers"),
    (OldDepthwiseConv2D(K * 1j), TypeError, "layer.depthwise_kernel holds complex numbers"),
    (Conv2D(K, np.ones(2)), ValueError, "layer.bias has shape (2,), but layer.kernel has (1, 3, 2, 2); accepted: one"),
    (
        Conv1D(K[0]),
        ValueError,
        "x has 4 dimensions (shape (1, 4, 4, 3)); accepted by Conv1D: (length, channels), or a b",
    ),
    (
        Dense(np.ones((5, 1))),
        ValueError,
        "x has 3 features (shape (4, 4, 3)), but layer reads 5; accepted: x of shape (..., features), with 5 of them",
    ),
    (
        Conv2D(K[:, :, :2]),
        ValueError,
        "x has 3 channels (shape (4, 4, 3)), but layer reads 2; accepted: x of shape (rows, columns, channels), with 2",
    ),
    (
        Conv2D(np.ones((5, 2, 3, 1))),
        ValueError,
        "layer.kernel has kernels of shape (5, 2), so that with dilation (1, 1) a window spans (5, 2) cells, but x wi",
    ),
    (
        POOLS["MaxPooling2D"](5, strides=1),
        ValueError,
        "layer.pool_size is (5, 5), so that with dilation (1, 1) a window spans (5, 5) cells, but x with its padding",
    ),
    (POOLS["MaxPooling2D"](2, padding="full"), ValueError, "layer.padding is 'full'; accepted: 'valid', 'same', or fo"),
]


@pytest.mark.parametrize(("layer", "error", "message"), FAULTS, ids=[message[:50] for *_, message in FAULTS])
def test_what_is_not_supported_is_named(layer, error, message):
    with pytest.raises(error, match=re.escape(message)):
        explain(layer, np.ones((1, 4, 4, 3)))


def test_a_batch_of_several_is_refused():
    message = r"x is a batch of 2 \(shape \(2, 4, 4, 3\)\); accepted: one input of it, such as x\[0\]"
    with pytest.raises(ValueError, match=message):
        explain(Conv2D(K), np.ones((2, 4, 4, 3)))


def test_neither_library_is_imported():
    code = (
        "import sys\nfrom convviz.operations.libraries.explain import explain\n"
        "try:\n    explain(3, [1])\nexcept TypeError:\n    pass\n"
        "assert not {'torch', 'keras', 'tensorflow'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
