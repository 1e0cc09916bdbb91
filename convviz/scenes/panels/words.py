"""The words on panels: numbers in cells, sizes and counts in notes."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from math import floor, log10
from typing import Any

import numpy as np

from convviz.numerals import complex_numeral, decimal_numeral, numeral
from convviz.scenes.drawing.lettering import text_width
from convviz.scenes.layout.arrange import readable, room
from convviz.scenes.layout.box import Plan, note_px
from convviz.scenes.panels.part import Part
from convviz.theme import Look
from convviz.trace import Array

_CELL_DIGITS = 2
"""Significant digits of a rounded number in a cell; equations give more."""
_SAMPLED_NUMBERS = 512
_LEAST_SCALE = 0.01
"""Smaller numbers are shorter with a power of ten."""


def numerals(values: Array, decimals: int | None = None) -> list[str]:
    """Write the numbers of a panel, row by row, with a typographic minus; nothing where they are masked."""
    texts = [_written(value, decimals) for value in np.ma.getdata(values).reshape(-1).tolist()]
    if isinstance(values, np.ma.MaskedArray):
        return ["" if hidden else text for text, hidden in zip(texts, np.ma.getmaskarray(values).flat, strict=True)]
    return texts


@lru_cache(maxsize=8192, typed=True)  # the same numbers stand in the cells of every step; integers are written in full
def _written(value: Any, decimals: int | None) -> str:
    if isinstance(value, complex):
        text = complex_numeral(value, _CELL_DIGITS)
    else:
        text = numeral(value, _CELL_DIGITS) if decimals is None else decimal_numeral(value, decimals)
    return text.replace("-", "−")


def widest_em(texts: Iterable[str]) -> float:
    """Measure the widest of some texts, in sizes of its font."""
    return max(text_width(text, 1) for text in texts)


def planned(name: str, title: str, note: str, *, shape: Sequence[int], numbers: Any, **more: Any) -> Plan:
    """Plan a panel for values of a shape (slices, rows, columns), or of fewer axes, as wide as some numbers are."""
    slices, rows, columns = (1, 1, 1, *shape)[-3:]
    em = widest(np.asarray(numbers), more.get("decimals"))
    return Plan(name=name, title=title, note=note, slices=slices, rows=rows, columns=columns, number_em=em, **more)


def explained(part: Part, sample: Array, look: Look) -> Part:
    """Show values from the lowest to the highest of a sample as black to white, and say so where they are colours."""
    plan, limits = part.plan, (sample.min(), sample.max())
    if readable(plan, look.width) or plan.thumb_px:
        return replace(part, limits=limits)
    exact = "black {}, white {}".format(*numerals(np.array(limits)))
    rounded = "black ≈{:.1e}, white ≈{:.1e}".format(*limits).replace("-", "−")
    fitting = (note for note in (f"{plan.note}; {exact}", exact) if note_px(note) <= room(look.width) - plan.sign_px)
    return replace(part, limits=limits, plan=replace(plan, note=next(fitting, rounded).removeprefix("; ")))


def widest(values: Array, decimals: int | None = None) -> float:
    """Estimate the width of the widest of some numbers, in sizes of its font, from a few hundred of them.

    Where they are integers, whose digits are all equally wide, the lowest or the highest is the widest.
    """
    whole = values.dtype.kind in "iu"
    sample = np.array([]) if whole else values.reshape(-1)[:: max(1, values.size // _SAMPLED_NUMBERS)]
    ends = np.array([values.min(), values.max()])
    return widest_em([*numerals(ends, decimals), *numerals(sample, decimals)])


def decimals_of(scale: float, digits: int = 3) -> int | None:
    """Return how many decimals show numbers up to a size with so many digits; nothing where that is none, or many.

    Examples
    --------
    >>> decimals_of(6), decimals_of(45), decimals_of(0.3), decimals_of(1e-5)
    (2, 1, 3, None)
    """
    if not _LEAST_SCALE <= scale < 10**digits:
        return None
    return digits - 1 - floor(log10(scale))


def size(shape: Iterable[int]) -> str:
    """Write a shape.

    Examples
    --------
    >>> size((3, 4)), size((5,))
    ('3×4', '5 numbers')
    """
    numbers = tuple(shape)
    return "×".join(map(str, numbers)) if len(numbers) > 1 else count(numbers[0], "number")


def count(number: int, what: str) -> str:
    """Count things.

    Examples
    --------
    >>> count(1, "number"), count(3, "channel")
    ('1 number', '3 channels')
    """
    return f"{number} {what}{'' if number == 1 else 's'}"
