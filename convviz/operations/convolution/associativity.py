"""Associativity: one operation on three arrays, with the brackets in both places."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from convviz.numerals import numeral
from convviz.operations.arithmetic import exact
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.convolution.correlate import convolve, correlate
from convviz.trace import Array

_ROUNDING = 1e-12
"""How much the rounding of floats may change a sum, as a fraction of the sum of the terms' absolute values."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Groupings:
    """One operation on three arrays, in mode 'full', with the brackets in both places; made by `associativity`.

    Parameters
    ----------
    flip : bool
        True for convolution (∗), which flips its second array; False for cross-correlation (⋆).
    a, b, c : ndarray
        The three arrays.
    first, second : ndarray
        a∗b and b∗c, the results in the brackets. (For cross-correlation, read ⋆ instead of ∗ here and below.)
    left, right : ndarray, of equal shape
        (a∗b)∗c and a∗(b∗c).
    difference : ndarray
        ``left - right``.
    agree : ndarray of bool
        Whether the two are equal, cell by cell, except for the rounding of floats.
    """

    flip: bool
    a: Array
    b: Array
    c: Array
    first: Array
    second: Array
    left: Array
    right: Array
    difference: Array
    agree: Array

    @property
    def holds(self) -> bool:
        """Whether the place of the brackets makes no difference for these arrays."""
        return bool(self.agree.all())

    def describe(self) -> str:
        """Describe in one plain sentence whether the place of the brackets matters.

        Examples
        --------
        >>> associativity([1, 2], [3, 4], [5, 6], flip=False).describe()
        '(a ⋆ b) ⋆ c is not a ⋆ (b ⋆ c): 4 of 4 cells differ, by up to 7.'
        """
        sign = "∗" if self.flip else "⋆"
        left, right = f"(a {sign} b) {sign} c", f"a {sign} (b {sign} c)"
        if not self.holds:
            differ = np.count_nonzero(~self.agree)
            largest = max(map(abs, self.difference.ravel().tolist()))
            return f"{left} is not {right}: {differ} of {self.agree.size} cells differ, by up to {numeral(largest)}."
        rounded = ", except for the rounding of floats" if self.difference.any() else ""
        return f"{left} is {right}: equal in every cell{rounded}."


def associativity(a: Any, b: Any, c: Any, *, flip: bool) -> Groupings:
    """Convolve or cross-correlate three arrays, with the brackets in both places, and compare the two results.

    Parameters
    ----------
    a, b, c : array-like, all of shape (columns,) or all of shape (rows, columns)
        Integers, floats or booleans (which count as 0 and 1).
    flip : bool
        True for convolution, False for cross-correlation.

    Returns
    -------
    Groupings
        Both results in mode 'full', int64 if all three arrays are integers or booleans, else float64; their
        ``difference``; and whether associativity ``holds``.

    Raises
    ------
    TypeError
        If an array does not hold real numbers, or ``flip`` is not True or False.
    ValueError
        If an array is empty, ragged, not 1D or 2D, or holds NaN or infinity; if the three differ in dimensions; if a
        result does not fit.

    Notes
    -----
    Equal to `scipy.signal.convolve` or `scipy.signal.correlate` in mode 'full', applied twice.

    Convolution is associative. Cross-correlation is convolution with a flipped kernel. In (a ⋆ b) ⋆ c, the array c is
    flipped once. In a ⋆ (b ⋆ c), it is flipped twice, the second time as a part of b ⋆ c. So cross-correlation is
    associative only if c is symmetric (equal to itself flipped), or one of the three is all zeros. In general,
    (a ⋆ b) ⋆ c = a ⋆ (b ∗ c).

    Examples
    --------
    >>> associativity([1, 2, 3], [1, 0, 2], [1, 3], flip=True).holds
    True
    >>> both = associativity([1, 2, 3], [1, 0, 2], [1, 3], flip=False)
    >>> both.left, both.right
    (array([ 6, 14, 25, 13, 11,  3]), array([ 2, 10, 19, 23,  9,  9]))
    >>> both.difference, both.holds
    (array([  4,   4,   6, -10,   2,  -6]), False)
    """
    a, b, c = as_numbers("a", a), as_numbers("b", b), as_numbers("c", c)
    if not isinstance(flip, bool | np.bool_):
        raise TypeError(f"flip is {flip!r:.60} ({type(flip).__name__}); accepted: True or False")
    for name, array in (("b", b), ("c", c)):
        if array.ndim != a.ndim:
            raise ValueError(
                f"{name} has {array.ndim} dimensions (shape {array.shape}) but a has {a.ndim} (shape {a.shape}); "
                "accepted: the same number in all three"
            )
    first, second = _full(a, b, flip, "of a and b"), _full(b, c, flip, "of b and c")
    left, right = _full(first, c, flip, "of (a, b) and c"), _full(a, second, flip, "of a and (b, c)")
    difference, agree = _compare(left, right, np.prod([np.abs(array.astype(np.float64)).sum() for array in (a, b, c)]))
    for array in (difference, agree):
        array.setflags(write=False)
    return Groupings(
        flip=bool(flip),
        a=a,
        b=b,
        c=c,
        first=first,
        second=second,
        left=left,
        right=right,
        difference=difference,
        agree=agree,
    )


def _full(x: Array, w: Array, flip: bool, which: str) -> Array:
    try:
        return (convolve if flip else correlate)(x, w, "full").output
    except ValueError as error:
        reason = str(error).removeprefix("x and w are too large: ")
        raise ValueError(f"a, b and c are too large: in the result {which}, {reason}") from None


def _compare(left: Array, right: Array, size: float) -> tuple[Array, Array]:
    """Subtract, and find the cells that are equal: integers exactly, floats within their rounding."""
    arithmetic = exact.working_dtype(left.dtype, exact.magnitude(left) + exact.magnitude(right))
    with np.errstate(over="ignore"):
        difference = exact.narrowed(left.astype(arithmetic) - right.astype(arithmetic), left.dtype)
        allowed = 0 if left.dtype.kind == "i" else _ROUNDING * size
    return difference, np.abs(difference) <= allowed
