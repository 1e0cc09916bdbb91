"""An operation on three arrays, bracketed both ways: the numbers, and a table of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from convviz.numerals import numeral
from convviz.operations.convolution.associativity import associativity
from convviz.operations.convolution.correlate import Mode, WindowTrace, convolve
from convviz.trace import Array

_CSS = (Path(__file__).parent / "bracketing.css").read_text(encoding="utf-8")
NAMES = ("A", "B", "C")
"""What the three arrays are called."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Bracketing:
    """One operation on three arrays, bracketed both ways, in mode 'full'.

    Parameters
    ----------
    sign : str
        How the operation is written.
    arrays : sequence of ndarray
        A, B and C.
    first, second : ndarray
        A∗B and B∗C: what the brackets hold.
    left, right : ndarray, of one shape
        (A∗B)∗C and A∗(B∗C).
    agree : ndarray of bool
        Cell by cell, whether the two are equal, but for the rounding of floats.
    """

    sign: str
    arrays: Sequence[Array]
    first: Array
    second: Array
    left: Array
    right: Array
    agree: Array

    @property
    def associative(self) -> bool:
        """Whether the brackets make no difference to these numbers."""
        return bool(self.agree.all())


def bracket(operation: Callable[[Array, Array, Mode], WindowTrace], sign: str, arrays: Sequence[Array]) -> Bracketing:
    """Apply `convolve` or `correlate` to three 1D arrays, bracketed both ways.

    Examples
    --------
    >>> from convviz import correlate
    >>> both = bracket(correlate, "⋆", [np.array([1, 2, 3]), np.array([1, 0, 2]), np.array([1, 3])])
    >>> both.left, both.right
    (array([ 6, 14, 25, 13, 11,  3]), array([ 2, 10, 19, 23,  9,  9]))
    """
    both = associativity(*arrays, flip=operation is convolve)
    return Bracketing(
        sign=sign,
        arrays=arrays,
        first=both.first,
        second=both.second,
        left=both.left,
        right=both.right,
        agree=both.agree,
    )


def bracketings_html(convolution: Bracketing, correlation: Bracketing) -> str:
    """Lay out both operations' results cell under cell, and say why they agree or do not."""
    sections = _section("Convolution", convolution, _WHY_IT_MATTERS)
    sections += _section("Cross-correlation", correlation, _reason(correlation))
    # Formulas stay on one line, and the star, which fonts draw tiny, can be told from a dot.
    sections = sections.replace(" ∗ ", "&nbsp;∗&nbsp;").replace(" ⋆ ", "&nbsp;<i>⋆</i>&nbsp;")
    return f'<div class="convviz-bracketings"><style>{_CSS}</style>{sections}</div>'


def _section(title: str, both: Bracketing, why: str) -> str:
    left, right = _numerals(both)
    unlike = [not agree for agree in both.agree]
    rows = [
        _row(_letters("A ∗ B", both), _numerals_of(both.first), "convviz-between"),
        _row(_letters("B ∗ C", both), _numerals_of(both.second), "convviz-between"),
        _row(_letters("(A ∗ B) ∗ C", both), left, "", unlike),
        _row(_letters("A ∗ (B ∗ C)", both), right, "", unlike),
        _row("equal?", ["≠" if differs else "=" for differs in unlike], "convviz-marks"),
    ]
    return (
        f'<section><h3>{title}</h3><p role="status" aria-live="polite"><b>{_verdict(both)}</b></p>'
        f'<div class="convviz-scroll"><table aria-label="{title}, bracketed both ways">{"".join(rows)}</table></div>'
        f"<p>{why}</p></section>"
    )


def _row(head: str, numerals: list[str], kind: str, boxed: Sequence[bool] = ()) -> str:
    boxes = [" class='convviz-differs'" if box else "" for box in boxed] or [""] * len(numerals)
    cells = "".join(f"<td{box}>{text}</td>" for box, text in zip(boxes, numerals, strict=True))
    return f'<tr class="{kind}"><th scope="row">{head}</th>{cells}</tr>'


def _numerals(both: Bracketing) -> tuple[list[str], list[str]]:
    """Write the two results with as many digits as it takes for cells that differ to look different."""
    # What agrees but for rounding is written once, lest the rounding be taken for a difference.
    right = np.where(both.agree, both.left, both.right)
    for digits in range(3, 18):
        written = _numerals_of(both.left, digits), _numerals_of(right, digits)
        alike = [one.strip("≈") == other.strip("≈") for one, other in zip(*written, strict=True)]
        if alike == both.agree.tolist():
            break
    return written


def _numerals_of(array: Array, digits: int = 3) -> list[str]:
    return [numeral(value, digits) for value in array]


def _letters(formula: str, both: Bracketing) -> str:
    return formula.replace("∗", both.sign)


def _verdict(both: Bracketing) -> str:
    if not both.associative:
        differ = np.count_nonzero(~both.agree)
        return f"{_letters('(A ∗ B) ∗ C ≠ A ∗ (B ∗ C)', both)}: {differ} of {both.agree.size} cells differ."
    rounded = "" if np.array_equal(both.left, both.right) else ", but for the rounding of floats"
    return f"{_letters('(A ∗ B) ∗ C = A ∗ (B ∗ C)', both)}: equal in every cell{rounded}."


_WHY_IT_MATTERS = (
    "Why it matters: convolving with B and then with C is convolving once, with the kernel B ∗ C, so a stack of "
    "convolutions computes nothing that a single one could not, unless something else comes in between, as in a "
    "neural network."
)


def _reason(correlation: Bracketing) -> str:
    empty = next((name for name, array in zip(NAMES, correlation.arrays, strict=True) if not array.any()), None)
    c = correlation.arrays[-1]
    if not correlation.associative:
        return (
            "Why not? Cross-correlation is convolution with a turned kernel. In (A ⋆ B) ⋆ C, C is turned once. "
            "In A ⋆ (B ⋆ C) it is turned twice, the second time as a part of B ⋆ C, and two turns leave it as it was. "
            "A stack of cross-correlations is a single one all the same, but with the kernel B ∗ C: "
            "(A ⋆ B) ⋆ C = A ⋆ (B ∗ C)."
        )
    if empty:
        return f"They agree here only because {empty} holds nothing but zeros."
    if np.array_equal(c, c[::-1]):
        return (
            "They agree here only because C is symmetric: it reads the same backwards, so turning it changes nothing. "
            "Make C lopsided, and they part."
        )
    return "They agree here only as far as floats can tell: C reads almost the same backwards."
