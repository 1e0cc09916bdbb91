"""What a layer's step adds up to, without what rounding left in it, and the sums written below its pictures."""

from dataclasses import replace
from typing import Any

import numpy as np

from convviz.numerals import WrittenSum, numeral, rounding, settled, write_sum
from convviz.operations.layers.layer_step import LayerStep, NeuronStep, SumStep
from convviz.operations.matching.match_step import MatchStep
from convviz.operations.matching.metrics import pattern
from convviz.trace import Array

_DIGITS = 4


def settled_sum(step: Any) -> Any:
    """Return what the products of a window add up to."""
    with np.errstate(over="ignore"):
        return settled(step.value, float(rounding(step.products.size, np.abs(step.products).sum())))


def settled_total(step: SumStep) -> Any:
    """Return what all products and the bias add up to."""
    return settled(step.preactivation, step.within)


def sum_of_channels(step: LayerStep) -> WrittenSum:
    """Write a step as the sum of what its channels give and the bias, and what the activation makes of it.

    Examples
    --------
    >>> from convviz import conv_layer
    >>> step = conv_layer([[1, 2], [3, 4]], [[[1], [-2]]], [3], activation="relu")[0]
    >>> "".join(text for text, _ in sum_of_channels(step).tokens())
    '1 + (-6) + bias 3 = -2 → relu(-2) = 0'
    """
    terms = [*step.settled_sums, step.bias]
    written = write_sum(terms, [1] * len(terms), step.preactivation, within=step.within)
    return _with_bias(replace(written, factors=tuple((text,) for text, _ in written.factors)), step)


def sum_of_pixel(step: LayerStep) -> WrittenSum:
    """Write a step of a 1×1 convolution as a dot product."""
    return _dot_product(step, step.patch, step.kernel)


def sum_of_neuron(step: NeuronStep) -> WrittenSum:
    """Write a step of a dense layer as a dot product."""
    return _dot_product(step, step.inputs, step.weights)


def sum_of_match(step: MatchStep) -> WrittenSum:
    """Write how well a template fits a window.

    Examples
    --------
    >>> from convviz import match_template
    >>> step = match_template([1, 2, 3, 4], [3, 5], "mse")[1]
    >>> "".join(text for text, _ in sum_of_match(step).tokens())
    '(-1)² + (-2)² = 5 → 5 ÷ 2 = 2.5'
    """
    if step.metric == "correlation":
        return write_sum(step.patch.flat, step.template.flat, step.value)
    if step.metric != "normalized":
        return _sum_of_squares(step)
    if np.ma.getmaskarray(step.pattern).any():
        return WrittenSum(factors=(("no pattern",),), sign="→", total="0")
    return write_sum(step.pattern.flat, pattern(step.template).flat, step.value)


def _sum_of_squares(step: MatchStep) -> WrittenSum:
    """Write the sum of squared differences, and their mean if that is the measure."""
    differences, count = step.differences.ravel().tolist(), step.differences.size
    total = step.value if step.metric == "ssd" else sum(each * each for each in differences)
    written = write_sum(differences, differences, total)
    written = replace(written, factors=tuple((f"{text}²",) for text, _ in written.factors))
    if step.metric == "ssd":
        return written
    mean = numeral(step.value, _DIGITS)
    sign = "≈" if "≈" in (mean[0], written.sign) else "="
    return replace(written, then=((f" → {written.total} ÷ {count} {sign} ", ""), (mean.strip("≈"), "sum")))


def _dot_product(step: SumStep, inputs: Array, weights: Array) -> WrittenSum:
    return _with_bias(write_sum([*inputs.flat, step.bias], [*weights.flat, 1], step.preactivation), step)


def _with_bias(written: WrittenSum, step: SumStep) -> WrittenSum:
    """Call the last term of a written sum the bias, and add what the activation makes of the sum."""
    factors = (*written.factors[:-1], written.factors[-1][:1])
    written = replace(written, factors=factors, has_bias=True)
    if not step.activation:
        return written
    value = numeral(step.settled_value, _DIGITS)
    sign = "≈" if "≈" in (value[0], written.sign) else "="
    head = f" → {step.activation}({written.total}) {sign} "
    return replace(written, then=((head, ""), (value.strip("≈"), "sum")))
