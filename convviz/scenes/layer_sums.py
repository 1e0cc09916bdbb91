"""What is written below the picture of a layer: a sum with a bias, and what the activation makes of it."""

from dataclasses import replace

from convviz.numerals import WrittenSum, numeral, write_sum
from convviz.operations.layers.layer_step import LayerStep, SumStep

_DIGITS = 4


def sum_of_channels(step: LayerStep) -> WrittenSum:
    """Write a step as the sum of what its channels give and the bias, and what the activation makes of it.

    Examples
    --------
    >>> from convviz import conv_layer
    >>> step = conv_layer([[1, 2], [3, 4]], [[[1], [-2]]], [3], activation="relu")[0]
    >>> "".join(text for text, _ in sum_of_channels(step).tokens())
    '1 + (-6) + bias 3 = -2 → relu(-2) = 0'
    """
    written = write_sum([*step.channel_sums, step.bias], [1] * (len(step.channel_sums) + 1), step.preactivation)
    return with_bias(replace(written, factors=tuple((text,) for text, _ in written.factors)), step)


def with_bias(written: WrittenSum, step: SumStep) -> WrittenSum:
    """Call the last term of a written sum the bias, and add what the activation makes of the sum."""
    factors = (*written.factors[:-1], (f"bias {written.factors[-1][0]}",))
    if not step.activation:
        return replace(written, factors=factors)
    value = numeral(step.value, _DIGITS)
    sign = "≈" if "≈" in (value[0], written.sign) else "="
    head = f" → {step.activation}({written.total}) {sign} "
    return replace(written, factors=factors, then=((head, ""), (value.strip("≈"), "sum")))
