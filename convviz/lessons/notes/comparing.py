"""Sizes and counts in words."""

from collections.abc import Sequence
from fractions import Fraction
from math import prod
from operator import itemgetter

from convviz.operations.layers.parameters import Count, grouped

_DIGITS = 3
"""Significant digits of a ratio that is no short number."""


def shape(sides: Sequence[int]) -> str:
    """Write a shape, as in 3×6×6."""
    return "×".join(map(str, sides))


def several(number: int, thing: str) -> str:
    """Write a number of things.

    Examples
    --------
    >>> several(1, "channel"), several(3, "channel")
    ('1 channel', '3 channels')
    """
    return f"{grouped(number)} {thing}{'' if number == 1 else 's'}"


def size(sides: Sequence[int]) -> str:
    """Write how large a channel or feature map is."""
    return several(sides[0], "cell") if len(sides) == 1 else shape(sides)


def product(sides: Sequence[int], thing: str) -> str:
    """Write how many things the cells of a shape are.

    Examples
    --------
    >>> product((3, 3), "weight"), product((4,), "weight")
    ('3·3 = 9 weights', '4 weights')
    """
    total = several(prod(sides), thing)
    return total if len(sides) == 1 else f"{'·'.join(map(str, sides))} = {total}"


def more(names: tuple[str, str], counts: tuple[Count, Count], verb: str, what: str) -> str:
    """Write a sentence that compares two counts.

    Examples
    --------
    >>> small, large = Count(formula="2·2", number=4), Count(formula="3·3", number=9)
    >>> more(("one layer", "the other"), (small, large), "has", "weights")
    'The other has 2.25 times as many weights as one layer.'
    """
    (less, small), (most, large) = sorted(
        zip(names, (count.number for count in counts), strict=True), key=itemgetter(1)
    )
    often = "just" if small == large else f"{times(large, small)} times"
    return f"{most[0].upper()}{most[1:]} {verb} {often} as many {what} as {less}."


def times(large: int, small: int) -> str:
    """Write a ratio above 1: exactly if that is short, else rounded, and never as 1.

    Examples
    --------
    >>> times(9, 4), times(14, 3), times(3001, 3000)
    ('2.25', '≈4.67', '≈1.0003')
    """
    ratio, digits = Fraction(large, small), _DIGITS
    if ratio >= 10**_DIGITS:
        return ("" if ratio.denominator == 1 else "≈") + grouped(round(ratio))
    while (written := f"{float(ratio):.{digits}g}") == "1":
        digits += 1
    return written if Fraction(written) == ratio else f"≈{written}"
