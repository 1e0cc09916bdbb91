"""Waves: the spectrum of an array, and how frequencies and shifts are written."""

import numpy as np

from convviz.numerals import numeral
from convviz.trace import Array

_ROUNDING = 4 * float(np.finfo(np.float64).eps)
"""How much rounding may change a Fourier transform, as a fraction of the sum of its numbers' absolute values."""
_LEAST_DEGREES, _SAME_DEGREES = 0.05, 1e-9
"""Smaller angles are written as none; angles that differ by less are the same."""

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
    return whole(half_transform(name, array, shape), shape[-1])


def half_transform(name: str, array: Array, shape: tuple[int, ...]) -> Array:
    """Compute the half of `transform` from which `whole` makes the rest.

    Examples
    --------
    >>> half_transform("x", np.array([1, 2, 3, 4]), (4,))
    array([10.+0.j, -2.+2.j, -2.+0.j])
    """
    with np.errstate(over="ignore"):
        total = np.abs(array, dtype=np.float64).sum()
    if not np.isfinite(total):
        raise ValueError(f"{name} is too large: its sums do not fit float64; accepted: sums below 1.8e308")
    found = np.asarray(np.fft.rfftn(array, shape, axes=tuple(range(array.ndim))))
    least = _ROUNDING * total
    if _SAFE_SQUARES[0] < least < _SAFE_SQUARES[1]:
        # This takes a fifth of the time that numpy.abs takes for complex numbers.
        with np.errstate(over="ignore", under="ignore"):
            squares = np.square(found.real)
            squares += found.imag**2
            found[squares <= least * least] = 0
    else:
        found[np.abs(found) <= least] = 0
    return found


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
