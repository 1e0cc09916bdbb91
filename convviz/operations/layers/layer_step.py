"""One step of a layer: products, the bias, their sum, and the result of the activation."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from convviz.numerals import WrittenSum, numeral, rounding, settle, settled, write_sum
from convviz.trace import Array, Step

_DIGITS = 4
_MOST_CHANNELS = 8
"""If there are more channels, a sentence leaves out those in the middle."""


@dataclass(frozen=True, eq=False, slots=True)
class SumStep(Step):
    """A sum of products and a bias, to which an activation is applied.

    Parameters
    ----------
    products : ndarray
        Each input number times its weight.
    bias : numpy scalar
        The number that is added to the sum of the products; 0 for a layer without bias.
    preactivation : numpy scalar
        The sum of ``products`` and ``bias``.
    activation : str
        The name of the function that turns the preactivation into ``value``; empty if there is none.
    """

    products: Array
    bias: Any
    preactivation: Any
    activation: str

    @property
    def within(self) -> float:
        """How far rounding can have moved the preactivation."""
        with np.errstate(over="ignore"):
            size = float(np.abs(self.products).sum()) + abs(float(self.bias))
        return float(rounding(self.products.size + 1, size))

    @property
    def settled_value(self) -> Any:
        """The value as it is written. An activation that changes the number does not pass its rounding on."""
        is_passed_on = abs(self.value) == abs(self.preactivation)
        return settled(self.value, self.within if is_passed_on else 0.0)

    def _sentence(self, left: Iterable[Any], right: Iterable[Any], channels: range = range(0)) -> str:
        """Write the sum of ``left`` times ``right`` and the bias. With ``channels``, each term is one channel's sum."""
        written = write_sum([*left, self.bias], [*right, 1], self.preactivation, within=self.within)
        products, bias = replace(written, factors=written.factors[:-1]), written.factors[-1][0]
        total = f" {written.sign} {written.total}{written.remark}"
        terms = _by_channel(channels, products) if channels else "".join(text for text, _ in products.tokens())
        terms = terms.removesuffix(total) + (f" + bias {bias}" if self.bias else "")
        if not self.activation:
            return f"Output {list(self.position)} = {terms}{total}."
        name, value = self.activation, numeral(self.settled_value, _DIGITS)
        sums = f"{written.sign} {name}({written.total}){written.remark}"
        result = value.replace("≈", "≈ ") if value[0] == "≈" else f"= {value}"
        return f"Output {list(self.position)} = {name}({terms}) {sums} {result}."


def _by_channel(channels: range, written: WrittenSum) -> str:
    terms = [f"{text} from channel {number}" for number, (text, _) in zip(channels, written.factors, strict=True)]
    if len(terms) > _MOST_CHANNELS:
        ends = _MOST_CHANNELS // 2
        terms[ends:-ends] = [f"… {len(terms) - 2 * ends} more …"]
    return " + ".join(terms)


@dataclass(frozen=True, eq=False, slots=True)
class LayerStep(SumStep):
    """One window and one filter: products cell by cell, their sums channel by channel, and the sum of these.

    Parameters
    ----------
    window : tuple of slice
        The place of the window in ``trace.padded``: the channels of the filter's group, then rows and columns.
    patch : ndarray, shape (channels / groups, ...)
        The numbers within the window.
    kernel : ndarray, shape (channels / groups, ...)
        The filter as applied, with one kernel for each channel; ``products`` are ``patch * kernel``.
    channel_sums : ndarray, shape (channels / groups,)
        The sum of the products in each channel.
    """

    window: tuple[slice, ...]
    patch: Array
    kernel: Array
    channel_sums: Array

    @property
    def settled_sums(self) -> Array:
        """The ``channel_sums`` as they are written: without what rounding left in them."""
        products = self.products.reshape(len(self.channel_sums), -1)
        with np.errstate(over="ignore"):
            return settle(self.channel_sums, rounding(products.shape[1], np.abs(products).sum(axis=1)))

    def describe(self) -> str:
        """Describe in one plain sentence how ``value`` is computed; with several channels, by the sum of each.

        Examples
        --------
        >>> from convviz.operations.layers.conv_layer import conv_layer
        >>> conv_layer([[1, 2, 3]], [[[4, 5]]], [6])[1].describe()
        'Output [0, 1] = 2×4 + 3×5 + bias 6 = 29.'
        >>> conv_layer([[1, 2], [3, 4]], [[[1], [-2]]], activation="relu")[0].describe()
        'Output [0, 0] = relu(1 from channel 0 + (-6) from channel 1) = relu(-5) = 0.'
        """
        if len(self.channel_sums) == 1:
            return self._sentence(self.patch.flat, self.kernel.flat)
        channels = range(self.window[0].start, self.window[0].stop)
        return self._sentence(self.settled_sums, [1] * len(channels), channels)


@dataclass(frozen=True, eq=False, slots=True)
class NeuronStep(SumStep):
    """One neuron: every input times its weight.

    Parameters
    ----------
    inputs : ndarray, shape (inputs,)
        The numbers that the neuron reads: all of ``trace.x``.
    weights : ndarray, shape (inputs,)
        The neuron's weights; ``products`` are ``inputs * weights``.
    """

    inputs: Array
    weights: Array

    def describe(self) -> str:
        """Describe in one plain sentence how ``value`` is computed.

        Examples
        --------
        >>> from convviz.operations.layers.dense import dense
        >>> dense([1, 2], [[3, 4], [5, -6]], [0, 1], "relu")[1].describe()
        'Output [1] = relu(1×5 + 2×(-6) + bias 1) = relu(-6) = 0.'
        """
        return self._sentence(self.inputs, self.weights)
