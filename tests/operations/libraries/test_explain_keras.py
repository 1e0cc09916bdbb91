"""`explain` on layers of Keras, played by stand-ins with the attributes of Keras' own, since tests do without Keras."""

import re
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from convviz.operations.libraries.explain import explain


class Layer:
    """What Keras' layers share."""

    built, quantization_mode = True, None

    def __init__(self, kernel, bias=None, **more):
        self.kernel, self.bias = np.asarray(kernel), bias
        defaults = {"strides": 1, "padding": "valid", "dilation_rate": 1, "groups": 1, "activation": linear}
        for name, value in {**defaults, "data_format": "channels_last", **more}.items():
            setattr(self, name, value)

    def call(self, inputs):
        raise NotImplementedError


class Conv1D(Layer):
    pass


class Conv2D(Layer):
    pass


class DepthwiseConv2D(Layer):
    pass


class Dense(Layer):
    pass


class Conv2DTranspose(Layer):
    pass


class Dropout(Layer):
    pass


class Doubled(Conv2D):
    def call(self, inputs):
        return 2 * inputs


class OldDepthwiseConv2D(DepthwiseConv2D):
    """Keras 2 calls the kernel otherwise."""

    def __init__(self, kernel, **more):
        super().__init__(kernel, **more)
        self.depthwise_kernel = self.kernel
        del self.kernel


def linear(x):
    return x


def relu(x):
    return np.maximum(x, 0)


def softmax(x):
    powers = np.exp(x)
    return powers / powers.sum(axis=-1, keepdims=True)


for kind in (Conv1D, Conv2D, DepthwiseConv2D, Dense, Conv2DTranspose, Dropout):
    kind.__module__ = "keras.src.layers.stand_in"
for function in (linear, relu, softmax):
    function.__module__ = "keras.src.activations.activations"

random = np.random.default_rng(0)


def convolved(x, kernel, strides, dilation):
    """Convolve, channels last, by the definition, without padding."""
    rows, columns, channels, filters = kernel.shape
    size = [(n - dilation * (k - 1) - 1) // strides + 1 for n, k in zip(x.shape, (rows, columns), strict=False)]
    output = np.zeros((*size, filters))
    for i, j, f in np.ndindex(output.shape):
        for a, b, c in np.ndindex(rows, columns, channels):
            output[i, j, f] += x[i * strides + a * dilation, j * strides + b * dilation, c] * kernel[a, b, c, f]
    return output


@pytest.mark.parametrize(("strides", "dilation"), [(1, 1), (2, 1), (1, 2)])
def test_channels_last_become_channels_first(strides, dilation):
    x, kernel, bias = random.normal(size=(6, 7, 2)), random.normal(size=(3, 2, 2, 4)), random.normal(size=4)
    layer = Conv2D(kernel, bias, strides=(strides, strides), dilation_rate=(dilation, dilation))
    expected = np.moveaxis(convolved(x, kernel, strides, dilation) + bias, -1, 0)
    for given in (x, x[None], x.tolist()):
        np.testing.assert_allclose(explain(layer, given).output, expected, rtol=0, atol=1e-12)
    layer.data_format = "channels_first"
    np.testing.assert_allclose(explain(layer, np.moveaxis(x, -1, 0)).output, expected, rtol=0, atol=1e-12)


def test_same_pads_as_tensorflow_does():
    x, kernel = np.zeros((6, 6, 1)), np.ones((3, 3, 1, 1))
    geometry: Any = explain(Conv2D(kernel, strides=(2, 2), padding="same"), x)
    assert (geometry.geometry.before, geometry.geometry.after) == ((0, 0), (1, 1))


def test_causal_padding_looks_back():
    x = np.arange(5.0)[:, None]
    causal = Conv1D(np.array([1.0, 10.0]).reshape(2, 1, 1), padding="causal", dilation_rate=(2,), strides=(1,))
    assert explain(causal, x).output.tolist() == [[0, 10, 20 + 0, 30 + 1, 40 + 2]]


def test_groups():
    x, kernel = random.normal(size=(4, 4, 4)), random.normal(size=(2, 2, 2, 6))
    halves = [convolved(x[..., :2], kernel[..., :3], 1, 1), convolved(x[..., 2:], kernel[..., 3:], 1, 1)]
    expected = np.moveaxis(np.concatenate(halves, axis=-1), -1, 0)
    np.testing.assert_allclose(explain(Conv2D(kernel, groups=2), x).output, expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("kind", [DepthwiseConv2D, OldDepthwiseConv2D])
def test_depthwise_filters_of_the_first_channel_come_first(kind):
    x, kernel = random.normal(size=(4, 5, 3)), random.normal(size=(2, 3, 3, 2))
    single = [convolved(x[..., c : c + 1], kernel[:, :, c : c + 1], 1, 1) for c in range(3)]
    expected = np.moveaxis(np.concatenate(single, axis=-1), -1, 0)
    np.testing.assert_allclose(explain(kind(kernel, depth_multiplier=2), x).output, expected, rtol=0, atol=1e-12)


def test_dense_has_a_column_for_each_neuron():
    trace: Any = explain(Dense([[1, 2], [3, 4], [5, 6]], np.array([0.5, -99])), [[1, 0, 2]])
    assert trace.preactivation.tolist() == [11.5, -85]
    trace = explain(Dense([[1, -2]], activation=relu), [3])
    assert trace.output.tolist() == [3, 0]
    assert trace.activation == "relu"


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_other_activations_meet_the_axes_that_keras_has(data_format):
    x, kernel = random.normal(size=(3, 3, 2)), random.normal(size=(1, 1, 2, 4))
    layer = Conv2D(kernel, activation=softmax, data_format=data_format)
    given = x if data_format == "channels_last" else np.moveaxis(x, -1, 0)
    sums = np.moveaxis(convolved(x, kernel, 1, 1), -1, 0)
    over = 0 if data_format == "channels_last" else -1
    expected = np.exp(sums) / np.exp(sums).sum(axis=over, keepdims=True)
    trace = explain(layer, given)
    np.testing.assert_allclose(trace.output, expected, rtol=1e-12)
    assert "= softmax(" in trace[0].describe()


K = np.ones((2, 2, 3, 1))
FAULTS = [
    (Dropout(K), TypeError, "layer is a keras.src.layers.stand_in.Dropout; accepted: torch.nn.Conv1d to Conv3d, "),
    (Conv2DTranspose(K), TypeError, "layer is a keras.src.layers.stand_in.Conv2DTranspose; accepted: "),
    (Doubled(K), TypeError, "layer is a Doubled, whose call is not that of Keras' Conv2D; accepted: layers with"),
    (
        Conv2D(K, data_format="NHWC"),
        ValueError,
        "layer.data_format is 'NHWC'; accepted: 'channels_last' or 'channels_f",
    ),
    (
        Conv2D(K, padding="full"),
        ValueError,
        "layer.padding is 'full'; accepted: 'valid', 'same', or for Conv1D 'causal'",
    ),
    (Conv2D(K, padding="causal"), ValueError, "layer.padding is 'causal'; accepted: 'valid', 'same', or for Conv1D '"),
    (
        Conv2D(K, built=False),
        ValueError,
        "layer has no weights yet (layer.built is False); accepted: a layer after its",
    ),
    (Conv2D(K, quantization_mode="int8"), ValueError, "layer.quantization_mode is 'int8'; accepted: None"),
    (Conv2D(K * 1j), TypeError, "weight holds complex numbers"),
    (
        Conv1D(K[0]),
        ValueError,
        "x has 4 dimensions (shape (1, 4, 4, 3)); accepted by Conv1D: (length, channels), or a b",
    ),
    (Dense(K[0, 0]), ValueError, "x has 4 dimensions (shape (1, 4, 4, 3)); accepted by Dense: (features,), or a batch"),
    (Conv2D(K[:, :, :2]), ValueError, "whose filters read 2 channels each, but x has shape (3, 4, 4), with 3 in 1 gr"),
]


@pytest.mark.parametrize(("layer", "error", "message"), FAULTS, ids=[message[:50] for *_, message in FAULTS])
def test_what_is_not_supported_is_named(layer, error, message):
    with pytest.raises(error, match=re.escape(message)):
        explain(layer, np.ones((1, 4, 4, 3)))


def test_a_batch_of_several_is_refused():
    with pytest.raises(ValueError, match=r"x is a batch of 2 \(shape \(2, 4, 4, 3\)\); accepted: a batch of one"):
        explain(Conv2D(K), np.ones((2, 4, 4, 3)))


def test_neither_library_is_imported():
    code = (
        "import sys\nfrom convviz.operations.libraries.explain import explain\n"
        "try:\n    explain(3, [1])\nexcept TypeError:\n    pass\n"
        "assert not {'torch', 'keras', 'tensorflow'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
