"""What a layer's step adds up to, without what rounding left in it, and the sums written below its pictures."""

from dataclasses import replace
from typing import Any

import numpy as np

from convviz.numerals import WrittenSum, numeral, rounding, settle, settled, write_sum
from convviz.operations.layers.layer_step import LayerStep, NeuronStep, SumStep
from convviz.trace import Array

_DIGITS = 4


def settled_sum(step: Any) -> Any:
    """Return what the products of a window add up to."""
    return settled(step.value, float(rounding(step.products.size, np.abs(step.products).sum())))


def sums_of(step: LayerStep) -> Array:
    """Return what the products of each channel add up to."""
    products = step.products.reshape(len(step.channel_sums), -1)
    return settle(step.channel_sums, rounding(products.shape[1], np.abs(products).sum(axis=1)))


def total_of(step: SumStep) -> Any:
    """Return what all products and the bias add up to."""
    return settled(step.preactivation, _within(step))


def value_of(step: SumStep) -> Any:
    """Return what the activation makes of that; what it has not passed on as it was, rounding has not moved so far."""
    is_passed_on = abs(step.value) == abs(step.preactivation)
    return settled(step.value, _within(step) if is_passed_on else 0.0)


def sum_of_channels(step: LayerStep) -> WrittenSum:
    """Write a step as the sum of what its channels give and the bias, and what the activation makes of it.

    Examples
    --------
    >>> from convviz import conv_layer
    >>> step = conv_layer([[1, 2], [3, 4]], [[[1], [-2]]], [3], activation="relu")[0]
    >>> "".join(text for text, _ in sum_of_channels(step).tokens())
    '1 + (-6) + bias 3 = -2 → relu(-2) = 0'
    """
    terms = [*sums_of(step), step.bias]
    written = write_sum(terms, [1] * len(terms), step.preactivation, within=_within(step))
    return _with_bias(replace(written, factors=tuple((text,) for text, _ in written.factors)), step)


def sum_of_pixel(step: LayerStep) -> WrittenSum:
    """Write a step of a 1×1 convolution as a dot product."""
    return _dot_product(step, step.patch, step.kernel)


def sum_of_neuron(step: NeuronStep) -> WrittenSum:
    """Write a step of a dense layer as a dot product."""
    return _dot_product(step, step.inputs, step.weights)


def _dot_product(step: SumStep, inputs: Array, weights: Array) -> WrittenSum:
    return _with_bias(write_sum([*inputs.flat, step.bias], [*weights.flat, 1], step.preactivation), step)


def _with_bias(written: WrittenSum, step: SumStep) -> WrittenSum:
    """Call the last term of a written sum the bias, and add what the activation makes of the sum."""
    factors = (*written.factors[:-1], written.factors[-1][:1])
    written = replace(written, factors=factors, has_bias=True)
    if not step.activation:
        return written
    value = numeral(value_of(step), _DIGITS)
    sign = "≈" if "≈" in (value[0], written.sign) else "="
    head = f" → {step.activation}({written.total}) {sign} "
    return replace(written, then=((head, ""), (value.strip("≈"), "sum")))


def _within(step: SumStep) -> float:
    """Return how far rounding can have moved the total."""
    size = float(np.abs(step.products).sum()) + abs(float(step.bias))
    return float(rounding(step.products.size + 1, size))
