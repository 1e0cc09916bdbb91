"""Cross-correlation with large kernels by Fourier transforms: exact for integers, for floats as near as direct sums.

If the result of a transform is an integer, and the error is below 1/4 (see `convviz.operations.arithmetic.tiles`),
rounding to the nearest integer makes it exact. So every array is split into parts that hold integers of few bits, for
which that is true, and for floats a small rest. Each result is also checked to be within 1/4 of an integer.
"""

from collections.abc import Callable, Iterator
from math import ceil, frexp, log2, sqrt

import numpy as np

from convviz.operations.arithmetic.exact import magnitude
from convviz.operations.arithmetic.tiles import NEAR, Tiling
from convviz.trace import Array

_SPLITS = ((1, 1), (2, 1), (1, 2), (3, 1), (1, 3), (2, 2), (3, 2), (2, 3), (3, 3))
"""The numbers of parts of the input and of the kernel, the fastest first."""
_INT64_HALF = 2.0**62
_SAFE_EXPONENT = 1000
"""The largest exponent e for which 2ᵉ and 2⁻ᵉ are floats of full accuracy, rounded down."""


def correlate_by_transforms(x: Array, w: Array) -> Array | None:
    """Slide a kernel over an input, in mode 'valid'. The results must fit their dtype, which is not checked here.

    Parameters
    ----------
    x, w : ndarray, both of shape (columns,) or both of shape (rows, columns)
        The input with its border, and the kernel as applied, which is not larger: both int64 or both float64.

    Returns
    -------
    ndarray or None
        The sums of products. For int64, they are exact. For float64, a sum differs from the exact one by at most its
        own rounding, 2⁻⁵³ of it, and `error_bound` of ``x`` and ``w``; a window of zeros has the sum 0. None if the
        integers are so large that it would take too many transforms.

    Notes
    -----
    The input is divided into tiles that overlap (the overlap-save method). Floats are written as x = (h + r)·2ᵉ, where
    h is an integer of so few bits that its sums are exact, and r, from −1/2 to 1/2, is the rest. Only the sums of rests
    have an error; where those of h are 0 and those of rests are not larger than their error, the sum is 0. Integers are
    written as x = Σ hᵢ·2ᵇⁱ, and the results are added up modulo 2⁶⁴, which is exact if the sum fits int64.

    Examples
    --------
    >>> correlate_by_transforms(np.array([1, 2, 3, 4]), np.array([5, 6, 7]))
    array([38, 56])
    """
    tiling = Tiling(x.shape, w.shape)
    sums: Callable[[Array], Array | None] | None
    sums = _integer_sums(x, w, tiling) if x.dtype.kind == "i" else _FloatSums(x, w, tiling)
    if sums is None:
        return None
    output = np.empty(tiling.output, dtype=x.dtype)
    for cells, place in tiling:
        found = sums(x[cells])
        if found is None:
            return None
        output[place] = tiling.of_place(found, place)
    return output


def error_bound(x: Array, w: Array) -> float:
    """Return by how much `correlate_by_transforms` of floats may be wrong at most, apart from a sum's own rounding.

    Examples
    --------
    >>> error_bound(np.ones((100, 100)), np.full((20, 20), 0.1)) < 2.0**-53 * 40
    True
    """
    return _FloatSums(x, w, Tiling(x.shape, w.shape)).bound


def _integer_sums(x: Array, w: Array, tiling: Tiling) -> "_IntegerSums | None":
    parts = integer_parts(x, w, tiling)
    return None if parts is None else _IntegerSums(x, w, tiling, parts)


def integer_parts(x: Array, w: Array, tiling: Tiling) -> tuple[int, int] | None:
    """Return the smallest numbers of parts of integers that make sums exact; None if it takes too many."""
    if max(magnitude(x), magnitude(w)) >= _INT64_HALF:
        return None
    room = log2(NEAR / tiling.error) - log2(tiling.cells * w.size) / 2
    return next((parts for parts in _SPLITS if sum(_bits(x, w, parts)) - 2 <= room), None)


def _bits(x: Array, w: Array, parts: tuple[int, int]) -> list[int]:
    """Return the number of bits of the parts of both arrays, with their sign."""
    widths = (frexp(magnitude(array))[1] + 1 for array in (x, w))
    return [ceil(width / count) + (count > 1) for width, count in zip(widths, parts, strict=True)]


class _IntegerSums:
    """Exact sums for one tile after another. A part of b bits is at most 2^(b−1)·√cells long."""

    def __init__(self, x: Array, w: Array, tiling: Tiling, parts: tuple[int, int]) -> None:
        self._tiling, self._parts, self._bits = tiling, parts[0], _bits(x, w, parts)
        self._weights = [tiling.kernel_spectrum(part) for part in _digits(w, parts[1], self._bits[1])]
        self._numbers = tiling.numbers(), tiling.numbers()
        self._spectra = tiling.spectrum(), tiling.spectrum()

    def __call__(self, cells: Array) -> Array | None:
        tiling, (a, b), (spectrum, room) = self._tiling, self._numbers, self._spectra
        total = None
        for i, digits in enumerate(_digits(cells, self._parts, self._bits[0])):
            spectrum = tiling.transformed(tiling.filled(digits, a), spectrum)
            for j, weights in enumerate(self._weights):
                found = tiling.rounded(np.multiply(spectrum, weights, out=room), a, b)
                if found is None:
                    return None
                integers = found.astype(np.int64)
                integers *= np.uint64(2 ** (i * self._bits[0] + j * self._bits[1]) % 2**64).astype(np.int64)
                total = integers if total is None else np.add(total, integers, out=total)
        return total


def _digits(array: Array, count: int, bits: int) -> Iterator[Array]:
    """Split integers into digits in base 2^``bits``, from −2^(bits−1) to 2^(bits−1), the lowest first."""
    half = 1 << (bits - 1)
    for _ in range(count - 1):
        digit = ((array + half) & (2 * half - 1)) - half
        array = (array - digit) >> bits
        yield digit
    yield array


class _FloatSums:
    """Sums for one tile after another: exact ones of integers of few bits, and those of the rests."""

    def __init__(self, x: Array, w: Array, tiling: Tiling) -> None:
        self._tiling = tiling
        self._scale, scale = (frexp(magnitude(array))[1] for array in (x, w))
        coarse, rest = tiling.filled(w, tiling.numbers()), tiling.numbers()
        _scaled(coarse, -scale)
        exponent = _split(coarse, rest, sqrt(NEAR / tiling.error))
        self._exponent = self._scale + scale + exponent
        self._lengths = _length(coarse), _length(rest)
        self._most = NEAR / tiling.error / max(self._lengths[0], 1.0)
        self._coarse = tiling.transformed(coarse, tiling.spectrum()).conj()
        self._rest = tiling.transformed(rest, tiling.spectrum()).conj() if self._lengths[1] else None
        self._whole = self._coarse if self._rest is None else self._coarse + self._rest
        self._numbers = tiling.numbers(), tiling.numbers(), coarse
        self._spectra = tiling.spectrum(), tiling.spectrum(), tiling.spectrum()

    def __call__(self, cells: Array) -> Array | None:
        tiling, (coarse, rest, sums), (spectrum, small, room) = self._tiling, self._numbers, self._spectra
        exponent = _split(_scaled(tiling.filled(cells, coarse), -self._scale), rest, self._most)
        lengths = _length(coarse), _length(rest)
        spectrum = tiling.transformed(coarse, spectrum)
        np.multiply(spectrum, self._coarse, out=room)
        exact = lengths[1] == 0 and self._rest is None
        if not exact:
            small = tiling.transformed(rest, small)
            small *= self._whole
            if self._rest is not None:
                small += np.multiply(spectrum, self._rest, out=spectrum)
        found = tiling.rounded(room, sums, coarse)
        if found is None:
            return None
        if not exact:
            rests = tiling.back(small, rest)
            if not found.all():
                rests[(found == 0) & (np.abs(rests) <= self._error(*lengths))] = 0
            found += rests
        return _scaled(found, exponent + self._exponent)

    def _error(self, coarse: float, rest: float) -> float:
        """Return the bound of the error of the rests' sums, from the lengths of a tile's parts."""
        of_coarse, of_rest = self._lengths
        return self._tiling.error * (rest * (of_coarse + of_rest) + coarse * of_rest)

    @property
    def bound(self) -> float:
        """The bound of the error for any tile."""
        cells = sqrt(self._tiling.cells)
        unit = _exponent(cells, self._most) + self._exponent
        return float(np.ldexp(self._error(self._most, cells / 2), unit))


def _split(array: Array, rest: Array, most: float) -> int:
    """Split floats up to 1 into integers, which replace them, and rests. Both times 2^exponent are the floats.

    Parameters
    ----------
    array, rest : ndarray
        The floats, and the place for the rests.
    most : float
        The length that the vector of the integers may have.

    Returns
    -------
    int
        The exponent.
    """
    exponent = _exponent(_length(array), most)
    _scaled(array, -exponent)
    np.copyto(rest, array)
    np.rint(array, out=array)
    rest -= array
    return exponent


def _exponent(length: float, most: float) -> int:
    """Return the exponent e for which length · 2⁻ᵉ is below ``most`` / 2, so that rounding leaves it below ``most``."""
    return frexp(length)[1] - frexp(most)[1] + 2


def _scaled(array: Array, exponent: int) -> Array:
    """Multiply an array by a power of two, in place."""
    if abs(exponent) > _SAFE_EXPONENT:
        return np.asarray(np.ldexp(array, exponent, out=array))
    array *= 2.0**exponent
    return array


def _length(array: Array) -> float:
    """Return an upper bound of the length of a vector of numbers that are far from overflow."""
    flat = array.reshape(-1)
    return sqrt(float(np.dot(flat, flat))) * (1 + 1e-9)
