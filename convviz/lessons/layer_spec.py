"""What a layer on the screen is made of, and what becomes of the rest when one part of it changes."""

from dataclasses import dataclass, replace
from math import ceil

import numpy as np

from convviz import samples
from convviz.operations.layers.conv_layer import LayerTrace, conv_layer
from convviz.trace import Array

_BRIGHTEST = 9
"""In made-up channels."""
MOST_SLICES = 64
"""Of channels, and of filters."""


@dataclass(frozen=True, eq=False, kw_only=True)
class LayerSpec:
    """A layer and its input: always such that shapes go together.

    Parameters
    ----------
    x : ndarray, shape (channels, rows, columns)
        The input.
    weight : ndarray, shape (filters, channels / groups, rows, columns)
        The filters.
    bias : ndarray, shape (filters,)
        A number for each filter.
    stride, padding, groups : int
        As for `convviz.conv_layer`.
    activation : str or None
        'relu', 'sigmoid', 'tanh' or None.

    Examples
    --------
    >>> spec = LayerSpec(x=np.ones((3, 4, 4)), weight=np.ones((2, 3, 3, 3)), bias=np.zeros(2))
    >>> spec.with_channels(5).weight.shape, spec.with_filters(4).bias.shape
    ((2, 5, 3, 3), (4,))
    >>> spec.with_groups(3).weight.shape, spec.with_filters(6).with_groups(3).weight.shape
    ((3, 1, 3, 3), (6, 1, 3, 3))
    """

    x: Array
    weight: Array
    bias: Array
    stride: int = 1
    padding: int = 0
    groups: int = 1
    activation: str | None = None

    @property
    def channels(self) -> int:
        """How many the input has."""
        return len(self.x)

    @property
    def filters(self) -> int:
        """How many there are, and maps."""
        return len(self.weight)

    @property
    def possible_groups(self) -> list[int]:
        """Into how many groups the channels can be divided."""
        return [groups for groups in range(1, self.channels + 1) if self.channels % groups == 0]

    def trace(self) -> LayerTrace:
        """Compute the layer.

        Raises
        ------
        ValueError
            If the kernel is larger than the input with its border, or a result does not fit its number type.
        """
        kernel, picture = self.weight.shape[2:], self.x.shape[1:]
        if any(cells > side + 2 * self.padding for cells, side in zip(kernel, picture, strict=True)):
            border = f" with a border of {self.padding}" if self.padding else ""
            raise ValueError(
                f"a kernel of {_size(kernel)} does not fit into a picture of {_size(picture)}{border}; "
                "accepted: a smaller kernel, a larger picture, or more padding"
            )
        return conv_layer(
            self.x,
            self.weight,
            self.bias,
            stride=self.stride,
            padding=self.padding,
            groups=self.groups,
            activation=self.activation,
        )

    def with_input(self, x: Array) -> "LayerSpec":
        """Take another input; filters keep the slices that they have for its channels."""
        return self._fitted(x, self.weight, self.filters, self.groups)

    def with_weight(self, weight: Array) -> "LayerSpec":
        """Take other numbers for the filters, or other filters, each for all channels.

        Raises
        ------
        ValueError
            If the input has another number of channels.
        """
        if weight.shape == self.weight.shape:
            return replace(self, weight=weight)
        slices = weight.shape[1]
        if slices != self.channels:
            raise ValueError(
                f"these filters have {slices} slices each, and the input has {self.channels} channels; "
                f"accepted: an input of {slices} channels, one for each slice"
            )
        return self._fitted(self.x, weight, len(weight), 1)

    def with_matrix(self, matrix: Array) -> "LayerSpec":
        """Take filters of 1×1, given as a row for each; raises as `with_weight` does."""
        return self.with_weight(matrix[:, :, None, None])

    def with_bias(self, bias: Array) -> "LayerSpec":
        """Take another bias for the same filters."""
        return replace(self, bias=bias)

    def with_stride(self, stride: int) -> "LayerSpec":
        """Take another stride."""
        return replace(self, stride=stride)

    def with_padding(self, padding: int) -> "LayerSpec":
        """Take another padding."""
        return replace(self, padding=padding)

    def with_activation(self, activation: str | None) -> "LayerSpec":
        """Take another activation; 'none' will do for None."""
        return replace(self, activation=None if activation == "none" else activation)

    def with_channels(self, channels: int) -> "LayerSpec":
        """Take away the last channels, or add some, about as bright as the others."""
        rows, columns = self.x.shape[1:]
        brightness = max(1, round(min(float(self.x.max()), 255) / _BRIGHTEST))
        more = samples.feature_maps(channels, max(rows, columns))[:, :rows, :columns] * brightness
        x = np.concatenate([self.x[:channels], more[self.channels :]])
        return self._fitted(x, self.weight, self.filters, self.groups)

    def with_filters(self, filters: int) -> "LayerSpec":
        """Take away the last filters, or add some."""
        return self._fitted(self.x, self.weight, filters, self.groups)

    def with_kernel(self, side: int) -> "LayerSpec":
        """Take filters of another size."""
        return replace(self, weight=samples.filter_bank(self.filters, self.weight.shape[1], side))

    def with_groups(self, groups: int) -> "LayerSpec":
        """Divide channels and filters; there will be at least a filter for each group, and as many for each."""
        filters = min(ceil(self.filters / groups), MOST_SLICES // groups) * groups
        return self._fitted(self.x, self.weight, filters, groups)

    def _fitted(self, x: Array, weight: Array, filters: int, groups: int) -> "LayerSpec":
        """Keep of the filters what fits, and make up the rest; without groups where they do not divide any more."""
        groups = 1 if len(x) % groups or filters % groups else groups
        slices = len(x) // groups
        kept = fitted = weight[:filters, :slices]
        if kept.shape[:2] != (filters, slices):
            fitted = samples.filter_bank(filters, slices, *weight.shape[2:]).astype(np.result_type(int, kept))
            fitted[: kept.shape[0], : kept.shape[1]] = kept
        bias = np.concatenate([self.bias[:filters], np.zeros(max(0, filters - len(self.bias)), self.bias.dtype)])
        return replace(self, x=x, weight=fitted, bias=bias, groups=groups)


def _size(sides: tuple[int, ...]) -> str:
    return "×".join(map(str, sides))
