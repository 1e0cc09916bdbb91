"""Waves: the spectrum of an array, and how frequencies and shifts are written."""

from collections.abc import Iterator
from math import isfinite, prod
from typing import Any

import numpy as np

from convviz.numerals import numeral
from convviz.trace import Array

_ROUNDING = 4 * float(np.finfo(np.float64).eps)
"""How much rounding may change a Fourier transform, as a fraction of the sum of its numbers' absolute values."""
_LEAST_DEGREES, _SAME_DEGREES = 0.05, 1e-9
"""Smaller angles are written as none; angles that differ by less are the same."""

_MANY = 1 << 14
"""The number of frequencies from which on it pays to compute half of a spectrum."""
_PART = 1 << 13
_SAFE_SQUARES = 1e-140, 1e140
"""The numbers between these have squares that fit float64."""


def transform(name: str, array: Array, shape: tuple[int, ...]) -> Array:
    """Compute the spectrum of an array, zero-padded to ``shape``; numbers within their rounding error become 0.

    Raises
    ------
    ValueError
        If the sum of the absolute values does not fit float64; the error calls the array ``name``.

    Examples
    --------
    >>> transform("x", np.array([0.1, 0.1, 0.1]), (3,)).round(3)
    array([0.3+0.j, 0. +0.j, 0. +0.j])
    """
    if prod(shape) >= _MANY:
        return whole(half_transform(name, array, shape), shape[-1])
    total = _total(name, array)
    return _without_rounding(np.fft.fftn(array, shape, axes=tuple(range(array.ndim))), total)


def half_transform(name: str, array: Array, shape: tuple[int, ...]) -> Array:
    """Compute the half of `transform` from which `whole` makes the rest.

    Examples
    --------
    >>> half_transform("x", np.array([1, 2, 3, 4]), (4,))
    array([10.+0.j, -2.+2.j, -2.+0.j])
    """
    total = _total(name, array)
    return _without_rounding(np.fft.rfftn(array, shape, axes=tuple(range(array.ndim))), total)


def _total(name: str, array: Array) -> float:
    """Return the sum of the absolute values, or raise an error if it does not fit float64."""
    with np.errstate(over="ignore"):
        total = sum(float(np.abs(part, dtype=np.float64).sum()) for part in _parts(array))
    if not isfinite(total):
        raise ValueError(f"{name} is too large: its sums do not fit float64; accepted: sums below 1.8e308")
    return total


def _without_rounding(spectrum: Any, total: float) -> Array:
    """Set numbers to 0 that are within their rounding error, in place."""
    found, least = np.asarray(spectrum), _ROUNDING * total
    if found.size < _MANY or not _SAFE_SQUARES[0] < least < _SAFE_SQUARES[1]:
        found[np.abs(found) <= least] = 0
        return found
    # This takes a fifth of the time that numpy.abs takes for complex numbers.
    with np.errstate(over="ignore", under="ignore"):
        for part in _parts(found):
            squares = np.square(part.real)
            squares += part.imag**2
            part[squares <= least * least] = 0
    return found


def _parts(array: Array) -> Iterator[Array]:
    """Go through the numbers of an array, so many at a time that what is computed of them stays in a cache."""
    if not array.flags.c_contiguous:
        yield array
        return
    flat = array.reshape(-1)
    for start in range(0, flat.size, _PART):
        yield flat[start : start + _PART]


def whole(half: Array, size: int) -> Array:
    """Return the whole spectrum of real numbers: the frequencies that are left out are conjugates of the others.

    Parameters
    ----------
    half : ndarray
        The first half along the last axis, as `numpy.fft.rfftn` gives it.
    size : int
        The size of the last axis.

    Examples
    --------
    >>> whole(np.array([10, -2 + 2j, -2]), 4)
    array([10.+0.j, -2.+2.j, -2.+0.j, -2.-2.j])
    """
    spectrum = np.empty((*half.shape[:-1], size), dtype=half.dtype)
    spectrum[..., : half.shape[-1]] = half
    return mirror(spectrum)


def mirror(spectrum: Array) -> Array:
    """Fill the second half of a spectrum of real numbers, in place: see `whole`.

    Examples
    --------
    >>> mirror(np.array([10, -2 + 2j, -2, 0]))
    array([10.+0.j, -2.+2.j, -2.+0.j, -2.-2.j])
    """
    size = spectrum.shape[-1]
    width = size // 2 + 1
    mirrored = spectrum[..., size - width : 0 : -1]
    for axis in range(spectrum.ndim - 1):
        mirrored = np.roll(np.flip(mirrored, axis), 1, axis)
    np.conj(mirrored, out=spectrum[..., width:])
    spectrum[..., width:] += 0  # no negative zeros
    return spectrum


def written(frequency: tuple[float, ...]) -> str:
    """Write a frequency, in brackets if it has several axes. −0.5 is written 0.5, which is the same wave.

    Examples
    --------
    >>> written((0.25,)), written((0.0, -0.5))
    ('0.25', '(0, 0.5)')
    """
    numbers = ", ".join(numeral(0.5 if each == -0.5 else each) for each in frequency)
    return numbers if len(frequency) == 1 else f"({numbers})"


def shift(number: complex) -> str:
    """Describe how a wave is shifted that is multiplied by a complex number.

    Examples
    --------
    >>> shift(2), shift(-1j), shift(2 + 1j)
    ('not shifted', 'shifted by -90°', 'shifted by ≈26.6°')
    """
    angle = float(np.degrees(np.angle(number)))
    if abs(angle) < _LEAST_DEGREES:
        return "not shifted"
    tenths = round(angle, 1)
    return f"shifted by {'' if abs(angle - tenths) < _SAME_DEGREES else '≈'}{numeral(tenths)}°"
