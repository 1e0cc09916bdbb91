"""One step of a layer: products, the bias, their sum, and the result of the activation."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from math import isclose
from typing import Any

import numpy as np

from convviz.numerals import MOST_TERMS, Then, WrittenSum, rounding, settle, settled, write_sum
from convviz.trace import Array, Step

_MOST_CHANNELS = 8
"""If there are more channels, a sentence leaves out those in the middle."""
_ALIKE = 1e-9
"""Two results of an activation that are as close as this are written alike."""


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
    function : callable, optional
        The same function for one number, with which a sentence is checked.
    """

    products: Array
    bias: Any
    preactivation: Any
    activation: str
    function: Callable[[Any], Any] | None = field(default=None, kw_only=True, compare=False, repr=False)

    @property
    def within(self) -> float:
        """How far rounding can have moved the preactivation."""
        with np.errstate(over="ignore"):
            size = float(np.abs(self.products).sum()) + abs(float(self.bias))
        return float(rounding(self.products.size + 1, size))

    @property
    def settled_preactivation(self) -> Any:
        """The preactivation as it is written: without what rounding left in it, if that leads to the same value."""
        number = settled(self.preactivation, self.within)
        then = None if number == self.preactivation else self._then
        if then is None or then.compute is None:
            return number
        leads_on = isclose(then.compute(number), then.value, rel_tol=_ALIKE, abs_tol=_ALIKE)
        return number if leads_on else self.preactivation

    @property
    def settled_value(self) -> Any:
        """The value as it is written. An activation that changes the number does not pass its rounding on."""
        is_passed_on = abs(self.value) == abs(self.preactivation)
        return settled(self.value, self.within if is_passed_on else 0.0)

    def written(self, left: Array, right: Array | None = None) -> WrittenSum:
        """Write the sum of ``left`` times ``right`` and the bias, or of ``left`` alone, and what becomes of the sum."""
        return write_sum(left, right, self.preactivation, bias=self.bias, within=self.within, then=self._then)

    @property
    def _then(self) -> Then | None:
        if not self.activation:
            return None
        # A function that looks at all numbers, such as softmax, makes something else of one number alone.
        of_one = self.function is not None and self.function(self.preactivation.item()) == self.value
        return Then(value=self.settled_value, compute=self.function if of_one else None)

    def _sentence(self, left: Array, right: Array | None = None, channels: range = range(0)) -> str:
        """Write the sum as a sentence. With ``channels``, each term is one channel's sum."""
        written = self.written(left, right)
        terms = _by_channel(channels, written) if channels else _products(written)
        terms += f" + bias {written.factors[-1][0]}" if self.bias else ""
        if not self.activation:
            return f"Output {list(self.position)} = {terms} {written.sign} {written.total}{written.remark}."
        name = self.activation
        sums = f"{written.sign} {name}({written.total}){written.remark}"
        return f"Output {list(self.position)} = {name}({terms}) {sums} {written.result}."


def _products(written: WrittenSum) -> str:
    """Write the products, without the bias."""
    bare = replace(written, factors=written.factors[:-1], has_bias=False)
    end = f" {written.sign} {written.total}{written.remark}"
    return str(bare).removesuffix(end)


def _by_channel(channels: range, written: WrittenSum) -> str:
    sums = [text for text, *_ in written.factors[:-1]]
    ends = len(channels) if len(channels) <= _MOST_CHANNELS else _MOST_CHANNELS // 2
    terms = [f"{sums[at]} from channel {channels[at]}" for at in range(ends)]
    if len(channels) > ends:
        terms.append(f"… {len(channels) - 2 * ends} more …")
        terms += [f"{sums[at]} from channel {channels[at]}" for at in range(-ends, 0)]
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
        return self._settled(slice(None))

    @property
    def written_sums(self) -> Array:
        """The same for those sums that are written; of many channels, only the first and the last are."""
        if len(self.channel_sums) <= 2 * MOST_TERMS:
            return self.settled_sums
        sums = self.channel_sums.copy()
        for part in (slice(None, MOST_TERMS), slice(-MOST_TERMS, None)):
            sums[part] = self._settled(part)
        return sums

    def _settled(self, part: slice) -> Array:
        products = self.products.reshape(len(self.channel_sums), -1)[part]
        with np.errstate(over="ignore"):
            return settle(self.channel_sums[part], rounding(products.shape[1], np.abs(products).sum(axis=1)))

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
            return self._sentence(self.patch, self.kernel)
        channels = range(self.window[0].start, self.window[0].stop)
        return self._sentence(self.written_sums, channels=channels)


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
