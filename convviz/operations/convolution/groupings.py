"""Both groupings of three arrays, cell by cell."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from convviz.numerals import Result, WrittenSum, enough_digits, fraction, numeral, result_of, write_sum
from convviz.operations.arithmetic import exact
from convviz.operations.convolution.correlate import WindowStep, WindowTrace, convolve, correlate
from convviz.operations.convolution.index_notation import triple_products
from convviz.terms import Terms
from convviz.trace import Array, Step, Trace

_DIGITS, _SUM_DIGITS = 3, 4
_ROUNDING = 1e-12
"""How much the rounding of floats may change a sum, as a fraction of the sum of the terms' absolute values."""


@dataclass(frozen=True, eq=False, slots=True)
class GroupingStep(Step):
    """One cell of both results; ``value`` is that of (a∗b)∗c.

    Parameters
    ----------
    right : numpy scalar
        The number in the same cell of a∗(b∗c).
    difference : numpy scalar
        ``value - right``.
    agree : bool
        Whether the two are equal, except for the rounding of floats.
    window : tuple of slice
        The cells of ``first`` that the cell of (a∗b)∗c is made of.
    right_window : tuple of slice
        The cells of ``a`` that the cell of a∗(b∗c) is made of.
    sums : tuple of str
        Both numbers, written as sums of products.
    signs : tuple of str
        How both groupings are written.
    """

    right: Any
    difference: Any
    agree: bool
    window: tuple[slice, ...]
    right_window: tuple[slice, ...]
    sums: tuple[str, str]
    signs: tuple[str, str]

    def describe(self) -> str:
        """Describe in one plain sentence what both groupings have in this cell.

        Examples
        --------
        >>> from convviz.operations.convolution.associativity import associativity
        >>> associativity([1, 2], [3, 4], [5, 6], flip=False)[0].describe()
        'Cell [0]: (a ⋆ b) ⋆ c = 0×5 + 4×6 = 24, and a ⋆ (b ⋆ c) = 0×18 + 0×39 + 1×20 = 20: they differ by 4.'
        """
        both = ", and ".join(f"{sign} = {text}" for sign, text in zip(self.signs, self.sums, strict=True))
        rounded = ", except for the rounding of floats" if self.difference else ""
        apart = _apart_as_written(self.difference, self.sums)
        verdict = f"they are equal{rounded}" if self.agree else f"they differ by {apart.marked}"
        return f"Cell {list(self.position)}: {both}: {verdict}."


class Groupings(Trace[GroupingStep]):
    """One operation on three arrays, in mode 'full', with the brackets in both places; made by `associativity`.

    Steps run through the cells of the results. ``output`` is that of (a∗b)∗c.
    """

    def __init__(self, a: Array, b: Array, c: Array, flip: bool) -> None:
        self._arrays, self._flip = (a, b, c), flip
        self._first, self._second = _full(a, b, flip, "of a and b"), _full(b, c, flip, "of b and c")
        self._left = _full(self._first.output, c, flip, "of (a, b) and c")
        self._right = _full(a, self._second.output, flip, "of a and (b, c)")
        size = np.prod([np.abs(array.astype(np.float64)).sum() for array in (a, b, c)])
        self._difference, self._agree = _compare(self._left.output, self._right.output, size)
        for array in (self._difference, self._agree):
            array.setflags(write=False)
        super().__init__(self._left.output)

    @property
    def flip(self) -> bool:
        """True for convolution (∗), which flips its second array; False for cross-correlation (⋆)."""
        return self._flip

    @property
    def sign(self) -> str:
        """The sign of the operation."""
        return "∗" if self._flip else "⋆"

    @property
    def a(self) -> Array:
        """The first of the three arrays."""
        return self._arrays[0]

    @property
    def b(self) -> Array:
        """The second of the three arrays."""
        return self._arrays[1]

    @property
    def c(self) -> Array:
        """The third of the three arrays."""
        return self._arrays[2]

    @property
    def first(self) -> Array:
        """The result in the brackets of (a∗b)∗c. For cross-correlation, read ⋆ instead of ∗ here and below."""
        return self._first.output

    @property
    def second(self) -> Array:
        """The result in the brackets of a∗(b∗c)."""
        return self._second.output

    @property
    def left(self) -> Array:
        """The result of (a∗b)∗c."""
        return self._left.output

    @property
    def right(self) -> Array:
        """The result of a∗(b∗c), in the shape of ``left``."""
        return self._right.output

    @property
    def difference(self) -> Array:
        """``left - right``."""
        return self._difference

    @property
    def agree(self) -> Array:
        """Whether the two are equal, cell by cell, except for the rounding of floats."""
        return self._agree

    @property
    def holds(self) -> bool:
        """Whether the place of the brackets makes no difference for these arrays."""
        return bool(self._agree.all())

    @property
    def groupings(self) -> tuple[str, str]:
        """How the two are written: '(a ∗ b) ∗ c' and 'a ∗ (b ∗ c)'."""
        return f"(a {self.sign} b) {self.sign} c", f"a {self.sign} (b {self.sign} c)"

    @property
    def terms(self) -> Terms:
        """Both groupings in index notation: see `triple_products`."""
        return triple_products(self.a.shape, self.b.shape, self.c.shape, flip=self._flip)

    def describe(self) -> str:
        """Describe in one plain sentence whether the place of the brackets matters.

        Examples
        --------
        >>> from convviz.operations.convolution.associativity import associativity
        >>> associativity([1, 2], [3, 4], [5, 6], flip=False).describe()
        '(a ⋆ b) ⋆ c is not a ⋆ (b ⋆ c): 4 of 4 cells differ, by up to 7.'
        """
        left, right = self.groupings
        if not self.holds:
            differ = np.count_nonzero(~self.agree)
            largest = max(map(abs, self.difference.ravel().tolist()))
            return f"{left} is not {right}: {differ} of {self.agree.size} cells differ, by up to {numeral(largest)}."
        rounded = ", except for the rounding of floats" if self.difference.any() else ""
        return f"{left} is {right}: equal in every cell{rounded}."

    def _step(self, index: int) -> GroupingStep:
        left, right = self._left[index], self._right[index]
        at = left.position
        windows = _within(self._left, left), _within(self._right, right)
        agree = bool(self._agree[at])
        # What agrees except for rounding is written alike.
        sums = _written([(left, left.value), (right, left.value if agree else right.value)], self._difference[at])
        return GroupingStep(
            index,
            at,
            left.value,
            right.value,
            self._difference[at],
            agree,
            *windows,
            sums,
            self.groupings,
        )


def _written(sums: Sequence[tuple[WindowStep, Any]], difference: Any) -> tuple[str, str]:
    """Write both sums of products, with as many digits as it takes to give the difference shown."""
    within = max(write_sum(step.patch, step.kernel, step.value).within for step, _ in sums)

    def written(digits: int = _SUM_DIGITS, decimal: bool = False) -> list[WrittenSum]:
        more: dict[str, Any] = {"within": within, "digits": digits, "decimal": decimal}
        return [write_sum(step.patch, step.kernel, value, **more) for step, value in sums]

    both = written()
    decimal = len({"/" in each.total for each in both}) > 1 and sums[0][1] == sums[1][1]
    apart = _apart_as_written(difference, [str(each) for each in both])
    digits = enough_digits(lambda digits: apart.agrees(_apart(written(digits))), _SUM_DIGITS) if not decimal else None
    one, other = written(digits or _SUM_DIGITS, decimal)
    return str(one), str(other)


def _apart(sums: Sequence[WrittenSum]) -> Fraction:
    one, other = (fraction(each.total) for each in sums)
    return abs(one - other)


def _apart_as_written(difference: Any, sums: Sequence[str]) -> Result:
    """Write how far two sums are apart: as a fraction only if both are written exactly."""
    return result_of(abs(difference), _DIGITS, decimal=any("≈" in text for text in sums))


def _full(x: Array, w: Array, flip: bool, which: str) -> WindowTrace:
    try:
        return (convolve if flip else correlate)(x, w, "full")
    except ValueError as error:
        reason = str(error).removeprefix("x and w are too large: ")
        raise ValueError(f"a, b and c are too large: in the result {which}, {reason}") from None


def _within(trace: WindowTrace, step: WindowStep) -> tuple[slice, ...]:
    """Return the cells of the input that a window reads, without those of the border."""
    along = zip(trace.geometry.axes, step.window, strict=True)
    return tuple(slice(max(0, w.start - axis.before), min(axis.size, w.stop - axis.before)) for axis, w in along)


def _compare(left: Array, right: Array, size: float) -> tuple[Array, Array]:
    """Subtract, and find the cells that are equal: integers exactly, floats within their rounding."""
    arithmetic = exact.working_dtype(left.dtype, exact.magnitude(left) + exact.magnitude(right))
    with np.errstate(over="ignore"):
        difference = exact.narrowed(left.astype(arithmetic) - right.astype(arithmetic), left.dtype)
        allowed = 0 if left.dtype.kind == "i" else _ROUNDING * size
    return difference, np.abs(difference) <= allowed
