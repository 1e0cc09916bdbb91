"""A layer and its input: the state of lessons 05 and 06. Shapes always go together."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import ceil
from types import MappingProxyType
from typing import Any, ClassVar

import numpy as np

from convviz import samples
from convviz.lessons.states.state import Samples, State
from convviz.operations.layers.conv_layer import LayerTrace, conv_layer
from convviz.trace import Array

MOST_CHANNELS = 64
"""Channels, and filters."""
_BRIGHTEST = 9
"""In made-up channels."""
_ACTIVATIONS = (None, "relu", "sigmoid", "tanh")


@dataclass(frozen=True, eq=False, kw_only=True)
class LayerState(State):
    """A layer and its input.

    Channels, filters and biases that are taken away are remembered, and come back when there is room for them again.

    Parameters
    ----------
    x : ndarray, shape (channels, rows, columns)
        The input.
    w : ndarray, shape (filters, channels / groups, rows, columns)
        The filters.
    bias : ndarray, shape (filters,)
        A number for each filter.
    stride, padding, groups : int
        As for `convviz.conv_layer`.
    activation : str or None
        'relu', 'sigmoid', 'tanh' or None.

    Examples
    --------
    >>> state = LayerState(x=np.ones((3, 4, 4)), w=np.ones((2, 3, 3, 3)), bias=np.zeros(2))
    >>> state.with_channels(5).w.shape, state.with_filters(4).bias.shape
    ((2, 5, 3, 3), (4,))
    >>> np.array_equal(state.with_channels(1).with_channels(3).x, state.x)
    True
    """

    x: Array
    w: Array
    bias: Array
    stride: int = 1
    padding: int = 0
    groups: int = 1
    activation: str | None = None
    _spare: tuple[Array, Array, Array] | None = None

    ready_made: ClassVar[Mapping[str, Samples]] = MappingProxyType({"x": samples.COLOUR_INPUTS, "w": samples.FILTERS})
    dimensions: ClassVar[Mapping[str, tuple[int, ...]]] = MappingProxyType({"x": (3,), "w": (4,), "bias": (1,)})
    sides: ClassVar[Mapping[str, tuple[int, ...]]] = MappingProxyType(
        {"x": (MOST_CHANNELS, 64, 64), "w": (MOST_CHANNELS, MOST_CHANNELS, 7, 7), "bias": (MOST_CHANNELS,)}
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        self.check_ranges({"stride": (1, 4), "padding": (0, 3), "groups": (1, MOST_CHANNELS)})
        if self.activation not in _ACTIVATIONS:
            raise ValueError(f"activation is {self.activation!r:.40}; accepted: none, relu, sigmoid, tanh")

    @property
    def channels(self) -> int:
        """The number of the input's channels."""
        return len(self.x)

    @property
    def filters(self) -> int:
        """The number of filters, and so of feature maps."""
        return len(self.w)

    @property
    def kernel(self) -> tuple[int, ...]:
        """Rows and columns of each kernel."""
        return self.w.shape[2:]

    @property
    def side(self) -> int | None:
        """Rows and columns of each kernel, where these are as many."""
        return self.kernel[0] if len(set(self.kernel)) == 1 else None

    @property
    def same_bias(self) -> Any:
        """The bias of every filter, where all have the same one."""
        return self.bias[0] if len(set(self.bias.tolist())) == 1 else None

    @property
    def possible_groups(self) -> list[int]:
        """The numbers of groups into which the channels can be divided."""
        return [groups for groups in range(1, self.channels + 1) if self.channels % groups == 0]

    @classmethod
    def made_up(cls, field: str, shape: tuple[int, ...]) -> Array | None:
        """Return filters or feature maps such as are added where there are too few."""
        if field == "w" and len(shape) == 4:
            return samples.filter_bank(*shape)
        if field == "x" and len(shape) == 3:
            return samples.feature_maps(shape[0], max(shape[1:]))[:, : shape[1], : shape[2]]
        return None

    def trace(self) -> LayerTrace:
        """Compute the layer.

        Raises
        ------
        ValueError
            If the kernel is larger than the input with its border, or a result does not fit its number type.
        """
        options: dict[str, Any] = {name: getattr(self, name) for name in ("stride", "padding", "groups", "activation")}
        return conv_layer(self.x, self.w, self.bias, **options)

    def with_x(self, x: Array) -> "LayerState":
        """Take another input; filters keep the kernels that they have for its channels."""
        if x.shape == self.x.shape:
            return replace(self, x=x)
        fresh = replace(self, x=x, _spare=(x, *self._kept[1:]))
        return fresh._fitted(len(x), self.filters, self.groups)

    def with_w(self, w: Array) -> "LayerState":
        """Take other numbers for the filters, or other filters, each for all channels.

        Raises
        ------
        ValueError
            If the input has another number of channels.
        """
        if w.shape[:2] == self.w.shape[:2]:
            return replace(self, w=w)
        kernels = w.shape[1]
        if kernels != self.channels:
            raise ValueError(
                f"these filters have {kernels} kernels each, and the input has {self.channels} channels; "
                f"accepted: an input of {kernels} channels, one for each kernel"
            )
        fresh = replace(self, w=w, _spare=(self._kept[0], w, self._kept[2]))
        return fresh._fitted(self.channels, len(w), 1)

    def with_channels(self, channels: int) -> "LayerState":
        """Take away the last channels, or add some: those taken away before, else made-up ones about as bright."""
        _check("channels", channels)
        return self._fitted(channels, self.filters, self.groups)

    def with_filters(self, filters: int) -> "LayerState":
        """Take away the last filters, or add some: those taken away before, else made-up ones."""
        _check("filters", filters)
        return self._fitted(self.channels, filters, self.groups)

    def with_same_bias(self, number: int) -> "LayerState":
        """Take one bias for all filters."""
        return replace(self, bias=np.full(self.filters, number))

    def with_side(self, side: int) -> "LayerState":
        """Take filters with kernels of another size."""
        w = samples.filter_bank(self.filters, self.w.shape[1], side)
        return replace(self, w=w, _spare=(self._kept[0], w, self._kept[2]))

    def with_groups(self, groups: int) -> "LayerState":
        """Divide channels and filters; there is at least one filter for each group, and as many for each."""
        if groups not in self.possible_groups:
            raise ValueError(f"groups is {groups}; accepted: {', '.join(map(str, self.possible_groups))}")
        filters = min(ceil(self.filters / groups), MOST_CHANNELS // groups) * groups
        return self._fitted(self.channels, filters, groups)

    @property
    def _kept(self) -> tuple[Array, Array, Array]:
        """What is remembered, brought up to date with what is on the screen."""
        x, w, bias = self._spare or (self.x, self.w, self.bias)
        filters, kernels = map(max, w.shape[:2], self.w.shape[:2])
        bank = samples.filter_bank(filters, kernels, *self.kernel)
        w = self.w if w.shape[2:] != self.kernel else _over(_over(bank, w), self.w)
        return _over(x, self.x), w, _over(bias, self.bias)

    def _fitted(self, channels: int, filters: int, groups: int) -> "LayerState":
        """Keep what fits, and make up the rest; without groups where they do not divide any more."""
        groups = 1 if channels % groups or filters % groups else groups
        kept = x, w, bias = self._kept
        rows, columns = x.shape[1:]
        brightness = max(1, round(min(float(x.max()), 255) / _BRIGHTEST))
        more = samples.feature_maps(channels, max(rows, columns))[:, :rows, :columns] * brightness
        bank = samples.filter_bank(filters, channels // groups, *self.kernel)
        return replace(
            self,
            x=_over(more, x[:channels]),
            w=_over(bank, w[:filters, : channels // groups]),
            bias=_over(np.zeros(filters, int), bias[:filters]),
            groups=groups,
            _spare=kept,
        )


def _over(under: Array, over: Array) -> Array:
    """Put an array over the beginning of one that is at least as large, or take it as it is."""
    if any(small > large for small, large in zip(over.shape, under.shape, strict=True)):
        return over
    merged = under.astype(np.result_type(under, over))
    merged[tuple(map(slice, over.shape))] = over
    return merged


def _check(name: str, count: int) -> None:
    if not 1 <= count <= MOST_CHANNELS:
        raise ValueError(f"{name} is {count}; accepted: 1 to {MOST_CHANNELS}")
