"""One output cell, and what a wrong sum becomes on its way through bias and activation."""

from dataclasses import dataclass
from functools import cached_property
from math import isfinite, nan
from typing import Any

import numpy as np

from convviz.numerals import numeral
from convviz.operations.layers.activation import activate, activation_name
from convviz.operations.layers.as_layer import Layer
from convviz.questions.guess import same
from convviz.questions.question import Mistake
from convviz.trace import Array


@dataclass(frozen=True, kw_only=True, eq=False)
class Cell:
    """An output cell in Python's own numbers, whose integers have no end; made by `cell_at`.

    Parameters
    ----------
    layer : Layer
        The trace, seen through the one lens for all sliding kernels.
    index : int
        The step that fills the cell.
    position : tuple of int
        The filter, then rows and columns.
    patch : ndarray of object, shape (channels / groups, *kernel)
        The numbers within the window.
    weight, kernel : ndarray of object, shape (channels / groups, *kernel)
        The filter as given, and as it is applied: flipped in a convolution.
    bias : int or float
        0 for a layer without bias.
    """

    layer: Layer
    index: int
    position: tuple[int, ...]
    patch: Array
    weight: Array
    kernel: Array
    bias: Any

    @cached_property
    def products(self) -> Array:
        """The products, cell by cell."""
        return self.patch * self.kernel

    @cached_property
    def sums(self) -> list[Any]:
        """The sum of each channel."""
        return [sum(channel.ravel().tolist()) for channel in self.products]

    @cached_property
    def total(self) -> Any:
        """The sum of all channels, without the bias."""
        return sum(self.sums)

    @property
    def truth(self) -> Any:
        """The number in the cell."""
        return self.layer.output[self.position].item()

    @property
    def noun(self) -> str:
        """What to call the weights: a filter has a kernel for each channel."""
        return "kernel" if len(self.weight) == 1 else "filter"

    @property
    def activation(self) -> str:
        """What to call the activation; empty if there is none."""
        name = activation_name(self.layer.activation)
        return "the activation" if name == "activation" else name

    @property
    def endings(self) -> list[str]:
        """What comes after the sum: bias and activation, where there are any."""
        return [*([f"bias {numeral(self.bias)}"] if self.bias else []), *([self.activation] if self.activation else [])]

    def name(self, position: tuple[int, ...]) -> str:
        """Write an output cell as the picture does: without a filter where the trace's own output has none."""
        return str(list(position[1:] if self.layer.bare else position))

    def activated(self, number: Any) -> Any:
        """Apply the activation to one number, in its place among the others: a callable may look at all of them."""
        if not self.activation:
            return number
        if not isfinite(number):
            return nan
        looks_around = callable(self.layer.activation)
        others = self.layer.preactivation if looks_around else np.zeros(1, dtype=np.int64)
        at = self.position if looks_around else (0,)
        fits = isinstance(number, int) and abs(number) < 2**63
        sums = others.astype(np.result_type(others, np.int64 if fits else np.float64))
        sums[at] = number
        try:
            return activate(self.layer.activation, sums)[at].item()
        except (TypeError, ValueError):  # a callable may refuse what the layer never passes to it
            return nan

    def through(self, number: Any, what: str, remedy: str, missing: tuple[str, ...] = ()) -> list[Mistake]:
        """Apply the activation to a wrong sum, or leave it out."""
        value = self.activated(number)
        if same(value, number):
            return [Mistake(number, f"{what}: {remedy}", missing)]
        return [
            Mistake(value, f"{what}, with {self.activation} applied: {remedy}", missing),
            Mistake(number, f"{what}: {remedy}", (*missing, self.activation)),
        ]

    def finished(self, number: Any, what: str, remedy: str) -> list[Mistake]:
        """Add the bias to a wrong sum and apply the activation, or leave these out.

        Parameters
        ----------
        number : int or float
            A sum, without the bias. One that is right after all is no mistake.
        what : str
            What the number is.
        remedy : str
            What to do instead.
        """
        if same(number, self.total):
            return []
        if not self.bias:
            return self.through(number, what, remedy)
        bias = f"bias {numeral(self.bias)}"
        with_bias = self.through(number + self.bias, f"{what}, plus {bias}", remedy)
        values = [mistake.value for mistake in with_bias]
        without = self.through(number, what, remedy, (bias,))
        return with_bias + [m for m in without if not any(same(m.value, value) for value in values)]

    def completed(self, number: Any, what: str, remedy: str) -> list[Mistake]:
        """Add the bias to a wrong sum and apply the activation; leave nothing out."""
        return self.finished(number, what, remedy)[:1]


def cell_at(layer: Layer, index: int) -> Cell:
    """Read from a layer what an output cell, and the mistakes about it, are made of.

    Examples
    --------
    >>> from convviz import conv_layer
    >>> from convviz.operations.layers.as_layer import as_layer
    >>> layer = as_layer(conv_layer([[3], [5]], [[[2]], [[4]]], [1, -30], groups=2, activation="relu"))
    >>> for mistake in cell_at(layer, 1).finished(7, "seven", "think again"):
    ...     print(mistake.value, mistake.told)
    0 seven, plus bias -30, with relu applied: think again
    -23 seven, plus bias -30: think again; relu was left out
    7 seven: think again; bias -30 was left out
    """
    number, *place = map(int, np.unravel_index(index, layer.output.shape))
    window = (layer.channels_of(number), *layer.geometry.window(tuple(place)))
    return Cell(
        layer=layer,
        index=index,
        position=(number, *place),
        patch=layer.padded[window].astype(object),
        weight=layer.weight[number].astype(object),
        kernel=layer.kernel[number].astype(object),
        bias=layer.bias[number].item(),
    )
