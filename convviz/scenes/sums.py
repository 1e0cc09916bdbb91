"""What a layer's step adds up to, without what rounding left in it, and the sums written below its pictures."""

from dataclasses import replace
from typing import Any

import numpy as np

from convviz.numerals import Then, WrittenSum, rounding, settled, write_sum
from convviz.operations.layers.layer_step import LayerStep, NeuronStep, SumStep
from convviz.operations.matching.match_step import MatchStep
from convviz.operations.matching.metrics import pattern


def settled_sum(step: Any) -> Any:
    """Return what the products of a window add up to."""
    with np.errstate(over="ignore"):
        return settled(step.value, float(rounding(step.products.size, np.abs(step.products).sum())))


def sum_of_channels(step: LayerStep) -> WrittenSum:
    """Write a step as the sum of what its channels give and the bias, and what the activation makes of it.

    Examples
    --------
    >>> from convviz import conv_layer
    >>> step = conv_layer([[1, 2], [3, 4]], [[[1], [-2]]], [3], activation="relu")[0]
    >>> "".join(text for text, _ in sum_of_channels(step).tokens())
    '1 + (-6) + bias 3 = -2 → relu(-2) = 0'
    """
    return _with_activation(step.written(step.written_sums), step)


def sum_of_pixel(step: LayerStep) -> WrittenSum:
    """Write a step of a 1×1 convolution as a dot product."""
    return _with_activation(step.written(step.patch, step.kernel), step)


def sum_of_neuron(step: NeuronStep) -> WrittenSum:
    """Write a step of a dense layer as a dot product."""
    return _with_activation(step.written(step.inputs, step.weights), step)


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
        return write_sum(step.patch, step.template, step.value)
    if step.metric != "normalized":
        return _sum_of_squares(step)
    if np.ma.getmaskarray(step.pattern).any():
        return WrittenSum(factors=(("no pattern",),), sign="→", total="0")
    return write_sum(step.pattern, pattern(step.template), step.value)


def _sum_of_squares(step: MatchStep) -> WrittenSum:
    """Write the sum of squared differences, and their mean if that is the measure."""
    differences, count = step.differences.reshape(-1), step.differences.size
    total = step.value if step.metric == "ssd" else sum(each * each for each in differences.tolist())
    mean = None if step.metric == "ssd" else Then(value=step.value, compute=lambda total: total / count)
    written = write_sum(differences, differences, total, then=mean)
    written = replace(written, factors=tuple((f"{text}²",) for text, _ in written.factors))
    return _with_result(written, f"{written.total} ÷ {count}") if mean else written


def _with_activation(written: WrittenSum, step: SumStep) -> WrittenSum:
    """Add what the activation makes of the sum."""
    return _with_result(written, f"{step.activation}({written.total})") if step.activation else written


def _with_result(written: WrittenSum, computation: str) -> WrittenSum:
    """Add what is computed from a sum."""
    sign, result = written.result.split(" ")
    sign = "≈" if "≈" in (sign, written.sign) else "="
    return replace(written, then=((f" → {computation}", ""), (f" {sign} ", ""), (result, "sum")))
