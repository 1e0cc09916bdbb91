"""Whether the brackets matter when three arrays are convolved or cross-correlated: a table of numbers, and why."""

import numpy as np

from convviz.lessons.notes.markup import note, paragraphs, prose, table
from convviz.numerals import numeral
from convviz.operations.convolution.groupings import Groupings
from convviz.trace import Array

_MATTERS = (
    "Why it matters: convolving with B and then with C is the same as convolving once, with the kernel B ∗ C. So a "
    "stack of convolutions computes nothing that a single one could not, unless something else comes between them, as "
    "in a neural network."
)
_FLIPPED_TWICE = (
    "Why not? Cross-correlation is convolution with a flipped kernel. In (A ⋆ B) ⋆ C, C is flipped once. "
    "In A ⋆ (B ⋆ C), C is flipped twice, the second time as a part of B ⋆ C, and two flips cancel. "
    "A stack of cross-correlations is a single one all the same, but with the kernel B ∗ C: "
    "(A ⋆ B) ⋆ C = A ⋆ (B ∗ C)."
)


def groupings_html(convolution: Groupings, correlation: Groupings) -> str:
    """Show both operations on the same three arrays A, B and C, grouped both ways, and why the groupings agree or not.

    Parameters
    ----------
    convolution, correlation : Groupings
        As made by `convviz.associativity` from the same arrays, with ``flip`` true and false.

    Examples
    --------
    >>> from convviz import associativity
    >>> html = groupings_html(*(associativity([1, 2], [3, 4], [5, 6], flip=flip) for flip in (True, False)))
    >>> "equal in every cell" in html, "4 of 4 cells differ" in html
    (True, True)
    """
    notes = _note("Convolution", convolution, _MATTERS) + _note("Cross-correlation", correlation, _reason(correlation))
    return f'<div class="convviz-side-by-side">{notes}</div>'


def _reason(correlation: Groupings) -> str:
    if not correlation.holds:
        return _FLIPPED_TWICE
    for name, array in zip("ABC", (correlation.a, correlation.b, correlation.c), strict=True):
        if not array.any():
            return f"They agree here because {name} holds nothing but zeros: so do both results."
    if np.array_equal(correlation.c, np.flip(correlation.c)):
        return (
            "They agree here only because C is symmetric: flipped, it is the same again. "
            "With a C that is not symmetric they would differ."
        )
    return (
        "They agree here only because floats are rounded: C is not symmetric, so with exact numbers they would differ."
    )


def _note(title: str, both: Groupings, why: str) -> str:
    sign = "∗" if both.flip else "⋆"
    left, right = f"(A {sign} B) {sign} C", f"A {sign} (B {sign} C)"
    marks = ["=" if agree else "**≠**" for agree in both.agree.flat]
    cells = [str(list(position)) for position in np.ndindex(both.left.shape)]
    rows = [
        (cell, one, other, mark) if mark == "=" else (cell, f"**{one}**", f"**{other}**", mark)
        for cell, one, other, mark in zip(cells, *_numerals(both), marks, strict=True)
    ]
    brackets = f"A {sign} B = {_listed(both.first)}, and B {sign} C = {_listed(both.second)}."
    return note(
        title,
        f'<p role="status">{prose(_verdict(both, left, right))}</p>',
        paragraphs(f"In the brackets: {brackets}"),
        table(f"{title}, grouped both ways", ["cell", left, right, "equal?"], rows),
        paragraphs(why),
    )


def _verdict(both: Groupings, left: str, right: str) -> str:
    if not both.holds:
        return f"**{left} ≠ {right}**: {np.count_nonzero(~both.agree)} of {both.agree.size} cells differ."
    rounded = ", except for the rounding of floats" if both.difference.any() else ""
    return f"**{left} = {right}**: equal in every cell{rounded}."


def _numerals(both: Groupings) -> tuple[list[str], list[str]]:
    """Write the two results with as many digits as it takes for cells that differ to look different."""
    # What agrees except for rounding is written alike, so that rounding is not taken for a difference.
    right = np.where(both.agree, both.left, both.right)
    for digits in range(3, 18):
        written = [_written(array, digits) for array in (both.left, right)]
        alike = [one.strip("≈") == other.strip("≈") for one, other in zip(*written, strict=True)]
        if alike == both.agree.ravel().tolist():
            break
    return written[0], written[1]


def _listed(array: Array) -> str:
    rows = [" ".join(_written(row)) for row in np.atleast_2d(array)]
    return f"[{'; '.join(rows)}]"


def _written(array: Array, digits: int = 3) -> list[str]:
    return [numeral(value, digits).replace("-", "−") for value in array.flat]
