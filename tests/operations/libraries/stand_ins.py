"""Layers of Keras, played by classes with the same attributes, which compute by the definitions what Keras computes."""

from itertools import product
from math import ceil
from typing import Any

import numpy as np


class Layer:
    """What Keras' layers share."""

    built, quantization_mode, compute_dtype = True, None, "float64"

    def __init__(self, kernel, bias=None, **more):
        self.kernel, self.bias = np.asarray(kernel), bias
        defaults = {"strides": 1, "padding": "valid", "dilation_rate": 1, "groups": 1, "activation": linear}
        for name, value in {**defaults, "data_format": "channels_last", **more}.items():
            setattr(self, name, value)

    def __call__(self, inputs):
        return self.call(inputs)

    def call(self, inputs):
        return np.stack([self.finished(self.sums(self.last(single))) for single in inputs])

    def last(self, single):
        return np.moveaxis(single, 0, -1) if self.data_format == "channels_first" else single

    def sums(self, single):
        raise NotImplementedError

    def finished(self, sums):
        """Add the bias, and apply the activation to a batch, as Keras does."""
        sums = sums if self.bias is None else sums + self.bias
        sums = np.moveaxis(sums, -1, 0) if self.data_format == "channels_first" else sums
        return sums if self.activation is None else np.asarray(self.activation(sums[None]))[0]


class Conv1D(Layer):
    def sums(self, single):
        return convolved(single, self.kernel, *self.window())

    def window(self):
        axes = self.kernel.ndim - 2
        return each(self.strides, axes), each(self.dilation_rate, axes), self.padding


class Conv2D(Conv1D):
    pass


class Conv3D(Conv1D):
    pass


class DepthwiseConv2D(Conv1D):
    def sums(self, single):
        return depthwise(single, getattr(self, "depthwise_kernel", self.kernel), *self.window())


class DepthwiseConv1D(DepthwiseConv2D):
    pass


class OldDepthwiseConv2D(DepthwiseConv2D):
    """Keras 2 calls the kernel otherwise."""

    def __init__(self, kernel, **more):
        super().__init__(kernel, **more)
        self.depthwise_kernel = self.kernel


class SeparableConv2D(Conv1D):
    def __init__(self, kernel, pointwise, bias=None, **more):
        super().__init__(kernel, bias, **more)
        self.depthwise_kernel, self.pointwise_kernel = self.kernel, np.asarray(pointwise)

    def sums(self, single):
        return depthwise(single, self.depthwise_kernel, *self.window()) @ self.pointwise_kernel.reshape(
            self.pointwise_kernel.shape[-2:]
        )


class SeparableConv1D(SeparableConv2D):
    pass


class Conv2DTranspose(Conv1D):
    output_padding: Any = None

    def sums(self, single):
        """Stamp the kernels, and keep the cells that the gradient of a convolution with this padding has."""
        axes = self.kernel.ndim - 2
        strides, dilations, _ = self.window()
        added = each(self.output_padding, axes)
        extents = [d * (k - 1) + 1 for d, k in zip(dilations, self.kernel.shape, strict=False)]
        along = list(zip(single.shape, strides, extents, added, strict=False))
        full = [(n - 1) * s + e for n, s, e, _ in along]
        if self.padding == "same":
            sizes = [n * s if o is None else (n - 1) * s + e % 2 + o for n, s, e, o in along]
            cuts = [max(0, f - n) // 2 for f, n in zip(full, sizes, strict=True)]
        else:
            sizes = [f + (max(0, s - e) if o is None else o) for f, (_, s, e, o) in zip(full, along, strict=True)]
            cuts = [0] * axes
        spare = [max(0, cut + n - f) for cut, n, f in zip(cuts, sizes, full, strict=True)]
        stamped = np.zeros((*(f + more for f, more in zip(full, spare, strict=True)), self.kernel.shape[-2]))
        for offset in np.ndindex(self.kernel.shape[:-2]):
            reached = (
                slice(o * d, o * d + (n - 1) * s + 1, s)
                for o, d, (n, s, *_) in zip(offset, dilations, along, strict=True)
            )
            stamped[tuple(reached)] += np.einsum("...c,fc->...f", single, self.kernel[offset])
        return stamped[tuple(slice(cut, cut + n) for cut, n in zip(cuts, sizes, strict=True))]


class Conv1DTranspose(Conv2DTranspose):
    pass


class Conv3DTranspose(Conv2DTranspose):
    pass


class Dense(Layer):
    def sums(self, single):
        return single @ self.kernel


class Pooling(Layer):
    """Windows that become one number each; cells of the padding do not count."""

    built = False

    def __init__(self, pool_size=None, **more):
        super().__init__(0, **more)
        self.pool_size = pool_size

    def sums(self, single):
        axes, name = single.ndim - 1, type(self).__name__
        sizes = single.shape[:-1] if name.startswith("Global") else each(self.pool_size, axes)
        strides = sizes if self.strides is None or name.startswith("Global") else each(self.strides, axes)
        padded = pad(single, sizes, strides, (1,) * axes, self.padding, np.nan)
        counts = [(n - k) // s + 1 for n, k, s in zip(padded.shape, sizes, strides, strict=False)]
        steps = tuple(slice(None, n * s, s) for n, s in zip(counts, strides, strict=True))
        windows = np.lib.stride_tricks.sliding_window_view(padded, sizes, tuple(range(axes)))[steps]
        inside = tuple(range(-axes, 0))
        output = np.nanmax(windows, inside) if "Max" in name else np.nanmean(windows, inside)
        return output.reshape(-1) if name.startswith("Global") and not getattr(self, "keepdims", False) else output

    def finished(self, sums):
        return np.moveaxis(sums, -1, 0) if self.data_format == "channels_first" and sums.ndim > 1 else sums


POOLS = {
    f"{name}{axes}D": type(f"{name}{axes}D", (Pooling,), {})
    for name, axes in product(("AveragePooling", "MaxPooling", "GlobalAveragePooling", "GlobalMaxPooling"), (1, 2, 3))
}


class Dropout(Layer):
    pass


class Sequential(Layer):
    """A whole model."""


class Doubled(Conv2D):
    """A subclass with its own computation, which says so."""

    def call(self, inputs):
        return 2 * inputs


class Standardised(Conv2D):
    """A subclass that changes its weights where it does not show: weight standardisation."""

    def sums(self, single):
        return convolved(single, (self.kernel - self.kernel.mean()) / self.kernel.std(), *self.window())


def linear(x):
    return x


def relu(x):
    return np.maximum(x, 0)


def softmax(x):
    powers = np.exp(x)
    return powers / powers.sum(axis=-1, keepdims=True)


OWN = (
    Conv1D,
    Conv2D,
    Conv3D,
    DepthwiseConv1D,
    DepthwiseConv2D,
    SeparableConv1D,
    SeparableConv2D,
    Dense,
    Dropout,
    Sequential,
)
for kind in (Layer, *OWN, Conv1DTranspose, Conv2DTranspose, Conv3DTranspose, *POOLS.values()):
    kind.__module__ = "keras.src.layers.stand_in"
for function in (linear, relu, softmax):
    function.__module__ = "keras.src.activations.activations"


def each(value, axes):
    return tuple(value) if isinstance(value, tuple | list) else (value,) * axes


def pad(single, kernel, strides, dilation, padding, number=0.0):
    """Add cells before and after each axis, as TensorFlow says it; causal padding only before."""
    around = []
    for size, k, s, d in zip(single.shape, kernel, strides, dilation, strict=False):
        spare = d * (k - 1)
        total = {"valid": 0, "causal": spare}.get(padding, max(0, (ceil(size / s) - 1) * s + spare + 1 - size))
        around.append((total, 0) if padding == "causal" else (total // 2, total - total // 2))
    return np.pad(single.astype(float), [*around, (0, 0)], constant_values=number)


def convolved(single, kernel, strides, dilation, padding="valid"):
    """Convolve by the definition, channels last; as many groups as the kernel has too few channels."""
    *cells, channels, filters = kernel.shape
    padded = pad(single, cells, strides, dilation, padding)
    along = list(zip(padded.shape, cells, strides, dilation, strict=False))
    output = np.zeros((*((n - d * (k - 1) - 1) // s + 1 for n, k, s, d in along), filters))
    groups = single.shape[-1] // channels
    for number in range(filters):
        first = number // (filters // groups) * channels
        for offset in np.ndindex(*cells):
            met = tuple(
                slice(o * d, o * d + (n - 1) * s + 1, s)
                for o, n, (_, _, s, d) in zip(offset, output.shape, along, strict=False)
            )
            output[..., number] += padded[(*met, slice(first, first + channels))] @ kernel[(*offset, ..., number)]
    return output


def depthwise(single, kernel, *window):
    """Convolve each channel with its own kernels; the results of the first channel come first."""
    parts = [convolved(single[..., c : c + 1], kernel[..., c : c + 1, :], *window) for c in range(kernel.shape[-2])]
    return np.concatenate(parts, axis=-1)
